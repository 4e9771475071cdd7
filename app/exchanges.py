"""What was said within AUTH, found in the transcript and decoded: for the meaning of its lines,
and for who is logged in. Secrets stay masked."""

from __future__ import annotations

from typing import NamedTuple

from ..session.events import Kind, Line
from ..session.facts.auth_steps import Part, decode
from ..session.transcript import Transcript

MOST = 64  # rows of one exchange


class _Said(NamedTuple):
    """A message of one side: `number` counts that side's, `asked` is the challenge before it."""

    number: int
    sent: bool
    data: bytes
    asked: bytes | None = None


def parts_at(transcript: Transcript, row: int) -> tuple[Part, ...]:
    """The parts of the message in row `row`; none when it is not one of an exchange."""
    mechanism, said = _message(transcript, row)
    if said is None:
        return ()
    return decode(
        mechanism,
        said.number,
        said.sent,
        said.data,
        asked=said.asked,
        known=transcript.secrets.mask,
    )


def user_at(transcript: Transcript, row: int) -> str:
    """Who logged in by the exchange that ends before row `row`; empty where it does not say."""
    for before in range(row - 1, max(-1, row - MOST), -1):
        line = transcript[before]
        if line.sent:
            for part in parts_at(transcript, before):
                if part.label == "user" and not part.secret:
                    return part.text
            if line.kind is Kind.COMMAND:
                return ""
    return ""


def _message(transcript: Transcript, row: int) -> tuple[str, _Said | None]:
    """(mechanism, the message in `row`)."""
    first = row
    while first >= 0 and row - first < MOST:
        line = transcript[first]
        if line.sent and line.kind is Kind.COMMAND:
            break
        first -= 1
    else:
        return "", None
    words = transcript[first].data.split()
    if len(words) < 2 or words[0].upper() != b"AUTH":
        return "", None
    mechanism = words[1].decode("ascii", "replace").upper()
    ours = theirs = 0
    asked: bytes | None = None
    for at in range(first, row + 1):
        found = _text(transcript[at], at == first)
        if found is None:
            continue
        sent, text = found
        said = _Said(ours if sent else theirs, sent, text, asked if sent else None)
        if at == row:
            return mechanism, said
        ours, theirs = ours + sent, theirs + (not sent)
        asked = None if sent else text
    return mechanism, None


def _text(line: Line, begins: bool) -> tuple[bool, bytes] | None:
    """(sent, the base64 of a message of AUTH); None when the line holds none."""
    if begins:
        words = line.data.split(None, 2)
        return (True, words[2]) if len(words) > 2 else None
    if line.sent:
        return (True, line.data) if line.kind is Kind.AUTH else None
    return (False, line.data[4:]) if line.data.startswith(b"334") else None
