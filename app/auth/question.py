"""A challenge to answer by hand, and the result of a typed line."""

from __future__ import annotations

from typing import NamedTuple

from ...session.sasl.in_transcript import OpenExchange
from ...session.sasl.mechanisms import SaslError, decoded

PARTS, TEXT, RAW, ALONE = "parts", "text", "raw", "alone"
"""Modes: part by part; one text, which is encoded; as typed; AUTH without an initial response."""


class Taken(NamedTuple):
    """The result of a typed line: a notification, and whether the line is kept for editing.

    `line` is the answer to send, which it completed; None if more has to be typed.
    """

    told: str = ""
    keep: bool = False
    line: bytes | None = None


class AuthQuestion(NamedTuple):
    """A challenge to be answered: the answer is the client's message `number` (from 0).

    `challenge` is as on the wire; None if the answer is part of the AUTH line itself, which is
    `line`. `challenges` are all challenges so far, decoded, from which the answer is computed.
    """

    mechanism: str
    number: int
    challenge: bytes | None
    challenges: tuple[bytes | None, ...] = ()
    line: str = ""
    row: int = -1


def question_of(found: OpenExchange) -> AuthQuestion:
    """The challenge that the server of an exchange waits for an answer to."""
    return AuthQuestion(
        found.mechanism, found.ours, found.challenge, _challenges(found), row=found.row
    )


def _challenges(found: OpenExchange) -> tuple[bytes | None, ...]:
    """The challenges of an exchange, decoded; None comes first if it had an initial response."""
    first: tuple[bytes | None, ...] = (None,) if found.said and found.said[0][0] else ()
    return first + tuple(decoded_or_none(text) or b"" for sent, text in found.said if not sent)


def decoded_or_none(text: bytes) -> bytes | None:
    """Decode a text from base64; None if it is not valid base64."""
    try:
        return decoded(text)
    except SaslError:
        return None
