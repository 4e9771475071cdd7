"""Lessons: their files, how far a learner has come, and what follows from it.

Independent of the screen. A lesson is read (`reader`), checked (`check`), followed (`run`) and
resumed (`library`, `progress`); `robot` plays its examples on the practice server. `guide` leads a
learner through one, on a Ui. The pane that shows a lesson is elsewhere: app/main/lesson.py.
"""
