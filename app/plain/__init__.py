"""`heloscope --plain`: the line-by-line interface for screen readers, pipes and dumb terminals.

Another implementation of `Ui` (app/ui.py) for the commands and controllers of the main screen. Each
event is written on a new line: no boxes, no colours, no cursor movement. Does not import Textual.
"""
