"""A conversation from another tool's log, in the form of a recording: rows and facts.

`ForeignConversation` has `header` and `entries` like a `Recording`, so it is replayed like one. A
line whose ending is not in the log is assumed to end with CR LF.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import NamedTuple

from ..events import CLIENT as CLIENT_SIDE
from ..events import SERVER as SERVER_SIDE
from ..events import Cause, Connected, Disconnected, Event, Note, TlsStarted
from ..record.reader import RecordedRow, RecordingHeader
from ..secret import MASK
from .cut_logins import without_responses
from .entries import (
    CLIENT,
    CONNECTED,
    CUT,
    DECODED,
    INFERRED,
    INFO,
    JOINED,
    MASKED,
    NOTE,
    OMITTED,
    SERVER,
    TEXTLESS,
    WRAPPED,
    Entry,
)  # fmt: skip
from .logged_errors import masked
from .unseen import unseen

_TIME = re.compile(r"(?:.*?[T ])?(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?")
_EPOCH = re.compile(r"\d{9,16}(?:\.\d{1,9})?\Z", re.ASCII)
_DATE = re.compile(r"(\d{4})[-/](\d\d)[-/](\d\d)[T ]")
_DAY = 86400.0
_NOT_DOUBLED = ("Net::SMTP (Perl)",)  # formats that show a message before its dots are doubled
# The text of the Note for a line with a mark.
_NOTE_TEXTS = {
    MASKED: "the log shows a placeholder instead of a secret",
    CUT: "the line is incomplete in the log",
    TEXTLESS: "the reply's text is not in the log",
    INFERRED: "the line is not in the log, but what follows proves that it was sent",
    JOINED: "the log joined several lines, losing their codes",
    DECODED: "the log shows the line decoded, but it was sent as base64",
    WRAPPED: "the line was wrapped in the log, and has been rejoined",
}


class ForeignConversation(NamedTuple):
    """One conversation from a log, after `settle` has completed its entries."""

    talk: list[Entry]
    format: str

    @property
    def peer(self) -> str:
        """The other end of the connection, as named in the log; "" if the log does not name it."""
        return next((entry.text for entry in self.talk if entry.what == CONNECTED), "")

    @property
    def timed(self) -> bool:
        """Whether at least two entries have a time."""
        return sum(bool(entry.at) for entry in self.talk) > 1

    @property
    def header(self) -> RecordingHeader:
        """The header that a recording of this conversation would have."""
        first = next((entry.at for entry in self.talk if entry.at), "")
        return RecordingHeader(1, began=_wall(first), target=self.peer)

    @property
    def marks(self) -> dict[str, int]:
        """The number of lines that carry each mark, keyed by mark."""
        found: dict[str, int] = {}
        for entry in self.talk:
            for mark in entry.marks:
                found[mark] = found.get(mark, 0) + 1
        return found

    @property
    def problems(self) -> list[str]:
        """Always empty, since the problems of a log are reported by `ForeignLog`."""
        return []

    def _with_notes(self) -> Iterator[Entry]:
        """Yield the entries. Notes about parts that the log omits come before the first line."""
        notes = unseen(self.talk, doubled=self.format not in _NOT_DOUBLED)
        for entry in without_responses(self.talk):
            if entry.said:
                yield from notes
                notes = []
            yield entry

    def entries(self) -> Iterator[RecordedRow | Event]:
        """Yield the rows and facts in order. Times start at 0, and are all 0 if the log has none.

        A Note after a line explains how the line differs from what was sent. Client lines that the
        log omits are added if the next reply proves them: the end of a message, and an AUTH
        response (masked).
        """
        began: float | None = None
        at, day = 0.0, 0.0
        gaps = _Gaps()
        reached = any(entry.said for entry in self.talk)
        for entry in self._with_notes():
            if entry.at and (seconds := _seconds(entry.at)) is not None:
                began = seconds if began is None else began
                moment = seconds - began + day
                if moment < at - _DAY / 2:  # past midnight, without a date
                    day += _DAY
                    moment += _DAY
                at = max(at, moment)
            line, words = gaps.before(entry)
            if line:
                yield RecordedRow(at, at, CLIENT_SIDE, line)
                yield Note(at, INFERRED, words)
            if entry.what == CONNECTED and not reached:
                yield Note(at, INFO, f"connecting to {entry.text}")
                continue
            yield _entry(entry, at)
            if entry.marks and entry.said and not gaps.in_message:
                for mark in _NOTE_TEXTS:
                    if mark in entry.marks:
                        yield Note(at, mark, _NOTE_TEXTS[mark])


class _Gaps:
    """Infers client lines that a log omits from the replies to them."""

    def __init__(self) -> None:
        self._last: Entry | None = None  # the preceding line
        self._waits = False  # whether 354 was seen, but not yet the end of the message
        self._shown = False  # whether part of the message was seen
        self._omitted = False

    @property
    def in_message(self) -> bool:
        """Whether the log is within a message."""
        return self._waits and self._shown

    def before(self, entry: Entry) -> tuple[bytes, str]:
        """Return the line that the log omits before this entry, and how it was inferred.

        Return (b"", "") if no line was omitted.
        """
        if entry.what == NOTE and entry.kind == OMITTED:
            self._omitted = True
        if not entry.said:
            return b"", ""
        last, self._last = self._last, entry
        code = entry.text[:3]
        if entry.what == CLIENT:
            if self._waits:
                self._shown = True
                if entry.text.rstrip("\r\n") == ".":
                    self._waits = False
            return b"", ""
        waits, self._waits = self._waits, False
        if code == "354":
            self._waits, self._shown, self._omitted = True, False, False
            return b"", ""
        if waits and code.isdigit() and (self._omitted or not self._shown):
            words = (
                "the end of the message is not in the log, but the reply proves that it was sent"
            )
            return b".\r\n", words
        again = last is not None and last.what == SERVER and last.text[:3] == "334"
        if again and code in ("334", "235", "535") and entry.text[3:4] != "-":
            hidden = f"{MASK}\r\n".encode()
            return (
                hidden,
                "an AUTH response is not in the log, but the reply proves that it was sent",
            )
        return b"", ""


def _entry(entry: Entry, at: float) -> RecordedRow | Event:
    match entry.what:
        case "connected":
            return Connected(at, entry.text, entry.text)
        case "tls":
            return TlsStarted(at, entry.version, entry.cipher)
        case "disconnected":
            causes = {CLIENT: Cause.CLOSED_BY_CLIENT, SERVER: Cause.CLOSED_BY_SERVER}
            cause = causes.get(entry.kind, Cause.NOT_TOLD)
            return Disconnected(at, cause, "the connection ended, according to the log")
        case "note":
            return Note(at, entry.kind, masked(entry.text[:2000]))
        case _:
            side = CLIENT_SIDE if entry.what == CLIENT else SERVER_SIDE
            return RecordedRow(at, at, side, line_of(entry.text))


def line_of(text: str) -> bytes:
    """Return the octets of a line, ending with CR LF if the log does not show its line ending."""
    try:
        data = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        data = text.encode("utf-8", "replace")
    if data.endswith(b"\n"):
        return data
    return data.removesuffix(b"\r") + b"\r\n"


def _seconds(at: str) -> float | None:
    """Convert a time as written in a log to seconds, or return None if it cannot be read."""
    if _EPOCH.match(at):
        return float(at) / (1000.0 if at.isdigit() and len(at) > 11 else 1.0)
    found = _TIME.match(at[:80])
    if found is None:
        return None
    fraction = float(f"0.{found[4]}") if found[4] else 0.0
    seconds = int(found[1]) * 3600.0 + int(found[2]) * 60 + int(found[3]) + fraction
    try:
        if date := _DATE.match(at):
            day = datetime.date(int(date[1]), int(date[2]), int(date[3]))
            seconds += (day.toordinal() - 719163) * _DAY
    except ValueError:
        return None
    return seconds


def _wall(at: str) -> float:
    """Return the start time of a conversation, in seconds since the epoch, read as UTC.

    Return 0 if the log has no date.
    """
    seconds = _seconds(at) if at else None
    return seconds if seconds is not None and seconds > _DAY * 366 else 0.0
