"""Lessons: their files, what a learner has done of one, and what follows from it.

Knows no screen and no socket. A lesson is read (`reader`), checked (`check`) and followed (`run`);
the pane that shows it, and the server it is played on, are the business of others.
"""
