"""Checks the form of a client's AUTH responses: base64, the PLAIN message, and line endings.

See RFC 4954 section 4 and RFC 4616 section 2. No responses are stored, and the results quote none.
"""

from __future__ import annotations

import binascii
import re

from ..events import Kind, Line
from ..plural import plural
from ..protocol.states import KNOWN_VERBS
from ..verbs import AUTH_VERBS, auth_parts, verb_of

_BASE64 = re.compile(rb"[A-Za-z0-9+/]+={0,2}\Z")
_FOLDED = 76  # characters of a line of base64 in MIME (RFC 2045 section 6.8)
_EMPTY = (b"", b"=", b"*")  # no answer, an empty one, and the end of the exchange
Found = list[tuple[str, str]]  # rules of diagnosis.py, with the observation


class AuthAnswers:
    """Checks the client's lines from AUTH to the final reply."""

    def __init__(self) -> None:
        self._mechanism = b""
        self._size = 0  # of the last answer; 0 if the last line was not one

    def read(self, line: Line) -> Found:
        """Check a line that the conversation marks as secret, and return the faults found."""
        verb = verb_of(line.data)
        text = line.data.rstrip(b"\r\n")
        if line.kind is Kind.COMMAND:
            if verb not in AUTH_VERBS:
                return []
            parts = auth_parts(text) or (b"", b"", b"", b"")
            self._mechanism = parts[1].upper()
            return self._answer(parts[3].strip())
        if line.kind is Kind.AUTH:
            return self._answer(text)
        if verb in KNOWN_VERBS:
            return []
        return self._ahead(text.strip())

    def _answer(self, answer: bytes) -> Found:
        self._size = len(answer)
        if answer in _EMPTY:
            return []
        size = plural(len(answer), "{} octet")
        try:
            message = binascii.a2b_base64(answer, strict_mode=True)
        except binascii.Error:
            return [("bad-base64", f"an AUTH response ({size}) is not valid base64{_why(answer)}")]
        if self._mechanism == b"PLAIN" and message.count(0) != 2:
            found = plural(message.count(0), "{} NUL octet")
            return [("plain-message", f"the decoded PLAIN message has {found}")]
        return []

    def _ahead(self, text: bytes) -> Found:
        """Check a line sent before the reply to the previous line, and return the faults found."""
        folded = self._size >= _FOLDED or self._mechanism == b"PLAIN"
        if self._size and (not text or (folded and _BASE64.match(text))):
            size = plural(self._size, "{} octet")
            return [("base64-newline", f"a line ending within an AUTH response, after {size}")]
        self._size = len(text)
        return [
            (
                "answer-before-334",
                f"a response of {plural(len(text), '{} octet')} was sent before the 334",
            )
        ]


def _why(answer: bytes) -> str:
    """Return a clause on why a response is not valid base64, or "" if this is not obvious."""
    if b" " in answer or b"\t" in answer:
        return ": it contains spaces"
    if (b"-" in answer or b"_" in answer) and not (b"+" in answer or b"/" in answer):
        return ": it contains - or _, which belong to the URL-safe alphabet"
    if _BASE64.match(answer) and len(answer) % 4:
        return f": its length ({len(answer)}) is not a multiple of 4"
    return ""
