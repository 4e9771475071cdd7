"""`Reply`: what a driver hands to its caller, (code, text) as in smtplib, and a little more."""

from __future__ import annotations

from typing import NamedTuple

from .events import ReplyReceived


class _Pair(NamedTuple):
    code: int
    text: bytes


class Reply(_Pair):
    """A reply: unpacks as `(code, text)`, and equals that pair.

    `text` is bytes, the lines of a multi-line reply joined by LF, without their codes; `event`
    is the ReplyReceived, which leads to the rows; `enhanced` its enhanced status code or None.
    """

    event: ReplyReceived

    def __new__(cls, code: int, text: bytes, event: ReplyReceived) -> Reply:
        self = super().__new__(cls, code, text)
        self.event = event
        return self

    @property
    def enhanced(self) -> str | None:
        return self.event.enhanced
