"""Checks that a message has a header section, an empty line after it, and the two required fields.

RFC 5322 sections 2.1 and 3.6. It is given the lines of a message as they arrive, and keeps none.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:")
_REQUIRED = {b"from": "From", b"date": "Date"}


class HeaderFault(NamedTuple):
    """A rule of `diagnosis.py` that the beginning of a message breaks.

    `line` is the number of the line in the message, from 1, `text` the line if it is informative,
    `field` the field that is missing.
    """

    rule: str
    line: int
    text: bytes = b""
    field: str = ""

    def seen(self, quoted: str) -> str:
        """The fault in words; `quoted` is `text`, safe to show."""
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
        """Whether the header section has not ended yet."""

    def add(self, lines: bytes) -> list[HeaderFault]:
        """Read one line or more, with their line ends."""
        found: list[HeaderFault] = []
        pos = 0
        while self.open and pos < len(lines):
            end = lines.find(b"\n", pos) + 1 or len(lines)
            found += self._add(lines[pos:end].rstrip(b"\r\n"))
            pos = end
        return found

    def end(self) -> list[HeaderFault]:
        """End the message: header fields alone make a valid one, an empty one is not valid."""
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
