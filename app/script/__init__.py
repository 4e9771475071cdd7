"""Runs a script on a session: its orders, its expectations, and its verdicts.

The language is parsed in session/script; `heloscope run` (app/cli/run.py) connects and prints.
Nothing here prints, and no order here needs a screen.
"""
