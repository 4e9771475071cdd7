"""Runs a script in a session: carries out its lines and orders, and checks its expectations.

The language is parsed in session/script; `heloscope run` (app/cli/run.py) connects and prints.
Nothing here prints, and no order here needs a screen.
"""
