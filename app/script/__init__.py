"""Runs a script on a session: its orders, what is expected, and what became of it.

The language is parsed in session/script; `heloscope run` (app/cli/run.py) connects and prints.
Nothing in here prints, and no order here needs a screen.
"""
