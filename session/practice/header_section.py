"""Checks that a message has a header section with From and Date, followed by an empty line.

See RFC 5322 sections 2.1 and 3.6. The lines of a message are checked as they arrive, and are not
kept.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:")
_REQUIRED = {b"from": "From", b"date": "Date"}


class HeaderFault(NamedTuple):
    """A rule of `diagnosis.py` that the beginning of a message breaks.

    `line` is the number of the line in the message, counted from 1, or 0 if the message is empty.
    `text` is the content of the line if it is worth quoting. `field` is the name of the missing
    field, if any.
    """

    rule: str
    line: int
    text: bytes = b""
    field: str = ""

    def seen(self, quoted: str) -> str:
        """Describe the fault; `quoted` is `text` in a form that is safe to show."""
        if self.field:
            return f"the message has no {self.field} field"
        if not self.line:
            return "the message is empty"
        if not self.text:
            return "the message begins with an empty line, which ends the header section"
        what = "no header field" if self.line == 1 else "neither a field nor empty"
        return f"line {self.line} of the message is {what}: {quoted}"


class HeaderSection:
    """Reads the lines of one message up to the end of its header section."""

    def __init__(self) -> None:
        self._line = 0
        self._missing = dict(_REQUIRED)
        self.open = True
        """Whether more lines of the header section may follow."""

    def add(self, lines: bytes) -> list[HeaderFault]:
        """Read one or more lines with their line endings, and return the faults found."""
        found: list[HeaderFault] = []
        pos = 0
        while self.open and pos < len(lines):
            end = lines.find(b"\n", pos) + 1 or len(lines)
            found += self._add(lines[pos:end].rstrip(b"\r\n"))
            pos = end
        return found

    def end(self) -> list[HeaderFault]:
        """Record the end of the message, and return the faults found.

        A message may consist of header fields only, but must not be empty.
        """
        if not self.open:
            return []
        self.open = False
        if not self._line:
            return [HeaderFault("no-header", 0)]
        return self._fields()

    def _add(self, line: bytes) -> list[HeaderFault]:
        self._line += 1
        if line[:1] in (b" ", b"\t") and self._line > 1 and line.strip():
            return []  # continues the field before it
        match = _FIELD.match(line)
        if match is not None:
            self._missing.pop(match[1].lower(), None)
            return []
        self.open = False
        if self._line == 1:
            return [HeaderFault("no-header", 1, line)]
        if line:
            return [HeaderFault("no-empty-line", self._line, line), *self._fields()]
        return self._fields()

    def _fields(self) -> list[HeaderFault]:
        return [
            HeaderFault("field-missing", self._line, b"", name) for name in self._missing.values()
        ]
