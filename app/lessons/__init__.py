"""Lessons: their files, their steps, and a learner's progress.

Nothing here depends on the screen. A lesson is read (`reader`), checked (`check`), followed (`run`)
and resumed (`library`, `progress`); `robot` plays its examples on the practice server. `guide`
leads a learner through a lesson, on a Ui. The pane that shows a lesson is elsewhere:
app/main/lesson.py.
"""
