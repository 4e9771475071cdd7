"""The colours of exports: those of the screen's dark and light themes, adjusted for contrast.

Text has a contrast of at least 4.5:1 against its background (WCAG 2.1, 1.4.3).
"""

from __future__ import annotations

DARK = {
    "ground": "#121212",
    "box": "#1e1e1e",
    "text": "#e0e0e0",
    "dim": "#9a9a9a",
    "edge": "#4a4a4a",
    "client": "#57a5e2",
    "2yz": "#8ad4a1",
    "3yz": "#57a5e2",
    "4yz": "#ffc473",
    "5yz": "#e08a9e",
    "tls": "#fea62b",
}
LIGHT = {
    "ground": "#f4f4f4",
    "box": "#ffffff",
    "text": "#1f1f1f",
    "dim": "#5c5c5c",
    "edge": "#bdbdbd",
    "client": "#004578",
    "2yz": "#1f6b38",
    "3yz": "#00508c",
    "4yz": "#7d4d05",
    "5yz": "#9b1c31",
    "tls": "#8a5300",
}
STYLES = {
    "sent": "text",
    "body": "dim",
    "2yz": "2yz",
    "3yz": "3yz",
    "4yz": "4yz",
    "5yz": "5yz",
    "odd": "5yz",
    "rule": "dim",
    "trouble": "4yz",
    "tls": "tls",
    "fold": "dim",
}
"""The name of the colour of each style of line (see lines.py), keyed by the style."""
GROUNDS = ("ground", "box")
"""The names of the background colours on which text is shown."""
EDGES = ("edge",)
"""The names of the colours used for everything but text."""
