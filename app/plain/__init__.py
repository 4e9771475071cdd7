"""`heloscope --plain`: the debugger by lines, for screen readers, pipes and dumb terminals.

Another implementation of `Ui` (app/ui.py) for the same commands and controllers as the main
screen's. What happens is written below what happened before, one line an event: no box, no colour,
no cursor that moves. Imports no Textual.
"""
