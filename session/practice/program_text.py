r"""Recognises lines in which a program sent b'...' or a literal \r\n instead of the octets."""

from __future__ import annotations

import re

_PYTHON_BYTES = re.compile(rb"""\s*b(?:'[^']*'|"[^"]*")""")
_ESCAPE = re.compile(rb"(?:\\r\\n|\\n|\\r)['\"]?\s*\Z")

WRITTEN = {
    "python-bytes": "a bytes object was sent as text",
    "escape-sent": "the line ending was sent as text",
}
"""The rules of diagnosis.py that are recognised here, with the observation for each."""


def written_by_program(line: bytes) -> str:
    """Return the rule that a command line breaks, or "". The line ending may be missing."""
    if _PYTHON_BYTES.match(line):
        return "python-bytes"
    return "escape-sent" if _ESCAPE.search(line) else ""
