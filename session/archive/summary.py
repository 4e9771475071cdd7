"""The summary of a recording for the list: server, times, envelope, codes, and the end.

It is computed from the lines of the recording, without replaying the conversation, so that a
million lines take only seconds. Each of the client's lines outside a message awaits a final reply;
a reply that no line awaits is the greeting, or unsolicited (RFC 5321 section 4.2).
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from ..events import CLIENT, Connected, Disconnected, Event
from ..plural import plural
from ..record.reader import RecordedRow
from ..visible import beginning, visible, visible_text

RECIPIENTS = 20  # that are listed for a recording
WAITING = 1000  # commands without a reply that are remembered
LONGEST = 300  # octets of a line that are kept
_REPLY = re.compile(rb"([2-5][0-9][0-9])(?:([ -])|\r?\n|\Z)")
_PATH = re.compile(rb"(MAIL FROM|RCPT TO):\s*<([^>\r\n]*)>", re.IGNORECASE)
_LAST = re.compile(rb"BDAT\s+\d+\s+LAST\s*\Z", re.IGNORECASE)
_END = "."


class Summary(msgspec.Struct):
    """What is known about a recording. `began` and `ended` are in seconds since the epoch."""

    target: str = ""
    began: float = 0.0
    ended: float = 0.0
    peer: str = ""
    """The address of the server, or its name if the address is unknown."""
    cause: str = ""
    """Why the connection ended, or "" if it is not known to have ended."""
    rows: int = 0
    sender: str | None = None
    """The first reverse-path; None without MAIL, "" for <>."""
    recipients: list[str] = []
    accepted: int = 0
    """The number of messages that the server accepted, judging by the replies to their end."""
    refusal: str = ""
    """The last reply with a 4yz or 5yz code, or ""."""
    codes: dict[int, int] = {}
    """The number of times that each reply code occurred."""
    waiting: list[str] = []
    """The client's lines that await a reply: "." for the end of a message, "" for any other."""
    ends: bool = False
    """Whether the last reply was to the end of a message. In LMTP, more such replies may follow."""

    def take(self, entry: RecordedRow | Event) -> None:
        """Add the next entry of the recording."""
        self.ended = max(self.ended, self.began + entry.at)
        match entry:
            case RecordedRow():
                self.rows += entry.rows
                if entry.direction is CLIENT:
                    if not entry.body and not entry.piece:
                        self._said(entry.data)
                elif not entry.piece:
                    self._replied(entry.data)
            case Connected():
                self.peer = entry.address or entry.peer
            case Disconnected():
                self.cause = entry.cause.value
            case _:
                pass

    def _said(self, data: bytes) -> None:
        line = data.rstrip(b"\r\n")
        found = _PATH.match(line)
        if found is not None:
            path = visible(beginning(found[2], LONGEST))
            if found[1][:1] in b"mM":
                self.sender = path if self.sender is None else self.sender
            elif len(self.recipients) < RECIPIENTS and path not in self.recipients:
                self.recipients.append(path)
        if len(self.waiting) < WAITING:
            self.waiting.append(_END if line == b"." or _LAST.match(line) else "")

    def _replied(self, data: bytes) -> None:
        found = _REPLY.match(data)
        if found is None or found[2] == b"-":
            return
        code = int(found[1])
        self.codes[code] = self.codes.get(code, 0) + 1
        if self.waiting:
            self.ends = self.waiting.pop(0) == _END
        if self.ends and code < 300:
            self.accepted += 1
        if code >= 400:
            self.refusal = visible(beginning(data.rstrip(b"\r\n"), LONGEST))

    @property
    def envelope(self) -> str:
        """The sender and recipients as a list shows them, or "" without MAIL."""
        if self.sender is None:
            return ""
        if not self.recipients:
            return f"{self.sender or '<>'}, no recipients"
        to = ", ".join(self.recipients[:2])
        more = len(self.recipients) - 2
        return f"{self.sender or '<>'} to {to}{f' and {more} more' if more > 0 else ''}"

    @property
    def outcome(self) -> str:
        """The outcome in a few words: accepted messages and the last refusal, or why it ended."""
        words: list[str] = []
        if self.accepted:
            words.append(plural(self.accepted, "1 message accepted", "{} messages accepted"))
        if self.refusal:
            words.append(self.refusal)
        if not words:
            words.append(visible_text(self.cause) or "recording incomplete")
        return "; ".join(words)

    def as_json(self) -> dict[str, Any]:
        """Return the fields that `heloscope history --json` prints."""
        return {
            "target": self.target,
            "peer": self.peer,
            "began": self.began,
            "ended": self.ended,
            "cause": self.cause,
            "rows": self.rows,
            "from": self.sender,
            "to": self.recipients,
            "accepted": self.accepted,
            "refusal": self.refusal,
            "codes": sorted(self.codes),
        }
