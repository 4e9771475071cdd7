"""A challenge to answer manually, and the result of a typed line."""

from __future__ import annotations

from typing import NamedTuple

from ...session.sasl.in_transcript import OpenExchange
from ...session.sasl.mechanisms import SaslError, decoded

PARTS, TEXT, RAW, ALONE = "parts", "text", "raw", "alone"
"""The modes of answering: in parts, as one text to be encoded, as typed, and AUTH alone."""


class Taken(NamedTuple):
    """The result of a typed line: a notice for the user, and whether the line is kept for editing.

    `line` is the answer to send, which the typed line completed, or None if more must be typed.
    """

    told: str = ""
    keep: bool = False
    line: bytes | None = None


class AuthQuestion(NamedTuple):
    """A challenge to answer with the client's message `number`, counted from 0.

    `challenge` is the challenge as on the wire, or None if the answer is part of the AUTH command;
    that command is then `line`. `challenges` are all challenges so far, decoded, from which the
    answer is computed.
    """

    mechanism: str
    number: int
    challenge: bytes | None
    challenges: tuple[bytes | None, ...] = ()
    line: str = ""
    row: int = -1


def question_of(found: OpenExchange) -> AuthQuestion:
    """Return the challenge that awaits an answer in an exchange, as a question."""
    return AuthQuestion(
        found.mechanism, found.ours, found.challenge, _challenges(found), row=found.row
    )


def _challenges(found: OpenExchange) -> tuple[bytes | None, ...]:
    """Return the decoded challenges of an exchange.

    They are preceded by None if AUTH had an initial response.
    """
    first: tuple[bytes | None, ...] = (None,) if found.said and found.said[0][0] else ()
    return first + tuple(decoded_or_none(text) or b"" for sent, text in found.said if not sent)


def decoded_or_none(text: bytes) -> bytes | None:
    """Decode a text from base64, or return None if it is not valid base64."""
    try:
        return decoded(text)
    except SaslError:
        return None
