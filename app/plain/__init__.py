"""`heloscope --plain`: the line-by-line interface for screen readers, pipes and dumb terminals.

It is another implementation of `Ui` (app/ui.py) for the commands and controllers of the main
screen. Each event is written on a new line, without boxes, colours or cursor movement. It does not
import Textual.
"""
