"""Lessons: their files, what a learner has done of one, and what follows from it.

Knows no screen. A lesson is read (`reader`), checked (`check`), followed (`run`) and found again
(`library`, `progress`); `robot` plays its examples on the practice server. `guide` leads a learner
through one, on a Ui. The pane that shows a lesson is elsewhere: app/main/lesson.py.
"""
