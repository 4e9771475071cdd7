"""Runs a script against a session: carries out its lines and orders, and judges its expectations.

The language is parsed in session/script; `heloscope run` (app/cli/run.py) connects and prints.
Nothing here prints, and no order here needs a screen.
"""
