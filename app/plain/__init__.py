"""`heloscope --plain`: the line-by-line interface for screen readers, pipes and dumb terminals.

This package implements `Ui` (app/ui.py) a second time, for the commands and controllers of the main
screen. Each event is written on a new line, without boxes, colours or cursor movement. Textual is
not imported.
"""
