"""The statements of a script as values, each with its place in the file.

A line to send is written as a user would type it into the composer. An order of the program that
runs the script is an `OrderStatement`, whose `action` that program creates.
"""

from __future__ import annotations

import msgspec

from ..secret import Secret
from ..visible import visible_text
from .expectation import Expectation

STANDARD_INPUT = "-"


class Place(msgspec.Struct, frozen=True, gc=False):
    """A line of a file, shown as FILE:LINE; lines are counted from 1."""

    file: str
    line: int

    def __str__(self) -> str:
        name = "standard input" if self.file == STANDARD_INPUT else visible_text(self.file)
        return f"{name}:{self.line}"


class Statement(msgspec.Struct, frozen=True):
    """One statement, and its place in the file."""

    place: Place


class FaultyLine(Statement, frozen=True):
    """A line that cannot be run: `text` is a sentence that explains why, and what to write."""

    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


class SendLine(Statement, frozen=True, gc=False):
    """A line for the wire, without its CRLF."""

    data: bytes


class SendRaw(Statement, frozen=True):
    """Bytes for the wire (`:raw`)."""

    data: bytes


class BeginMessage(Statement, frozen=True):
    """The command DATA, which opens a message block; `data` is the line as it was written."""

    data: bytes


class MessageContent(Statement, frozen=True):
    """The message after DATA: complete lines with CRLF, whose dots are not doubled yet.

    It is sent after the 354 reply.
    """

    content: bytes


class TextAnswer(Statement, frozen=True):
    """An answer to AUTH that is not secret (`:answer`)."""

    text: str


class SecretAnswer(Statement, frozen=True):
    """An answer to AUTH from the environment variable `name` (`:secret`)."""

    name: str
    secret: Secret


class Expect(Statement, frozen=True, gc=False):
    """An expectation about the last reply (`:expect`)."""

    wanted: Expectation


class Wait(Statement, frozen=True):
    """A pause of `seconds` before the next statement (`:wait`)."""

    seconds: float


class OrderStatement(Statement, frozen=True):
    """An order of the program that runs the script."""

    name: str
    action: object
