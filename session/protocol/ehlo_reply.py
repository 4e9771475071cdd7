"""Reads the keyword lines of a reply to EHLO or LHLO, and checks the keywords."""

from __future__ import annotations

from collections.abc import Iterator

from ..events import Kind
from ..record.transcript import Transcript
from ..visible import visible
from .connection_state import ConnectionState
from .ehlo_keywords import MOST_KEYWORDS, MOST_OCTETS, Keywords

_SHOWN = 40  # octets of a keyword that a violation names


def keyword_lines(
    transcript: Transcript, row: int, last: int
) -> tuple[list[tuple[int, bytes]], bool]:
    """Return the row and text of each keyword line, and whether some lines were omitted."""
    listed: list[tuple[int, bytes]] = []
    octets = 0
    for number, text in _texts(transcript, row, last):
        octets += len(text)
        if len(listed) >= MOST_KEYWORDS or octets > MOST_OCTETS:
            return listed, True
        listed.append((number, text))
    return listed, False


def check_keywords(
    known: ConnectionState, listed: list[tuple[int, bytes]], keywords: Keywords, at: float
) -> None:
    """Report keywords that are listed twice or were overwritten in transit."""
    seen: set[bytes] = set()
    for row, text in listed:
        word = (text.upper().split(None, 1) or [b""])[0]
        if word and word in seen:
            known.violation("repeated-keyword", row, at, detail=_shown(word))
        seen.add(word)
        if b"X" in word and _is_overwritten(_shown(word)):
            hidden = "STARTTLS" not in keywords and not known.tls
            more = "; STARTTLS is not listed, so it was probably hidden here" if hidden else ""
            known.violation("overwritten-keyword", row, at, detail=f"{_shown(word)}{more}")


def _texts(transcript: Transcript, row: int, last: int) -> Iterator[tuple[int, bytes]]:
    """Yield the row and text of each line of a reply after the first. Long lines are truncated."""
    begins = not transcript[row].piece
    for number in range(row + 1, last + 1):
        line = transcript[number]
        if not line.sent and line.kind is Kind.REPLY:
            if begins:
                yield number, line.data[4:]
            begins = not line.piece


def _shown(word: bytes) -> str:
    return visible(word[:_SHOWN])


def _is_overwritten(keyword: str) -> bool:
    from ..facts.extensions import is_overwritten  # a large table, for a rare letter

    return is_overwritten(keyword)
