"""Lessons: their files, the learner's progress, and the engine that follows a lesson.

Knows no screen. A lesson is read (`reader`), checked (`check`), followed (`run`) and resumed
(`library`, `progress`); `robot` plays its examples on the practice server. `guide` leads a learner
through one, on a Ui. The pane that shows a lesson is elsewhere: app/main/lesson.py.
"""
