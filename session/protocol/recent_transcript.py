"""A transcript of limited size, for an observer that does not need to keep a conversation.

A `Conversation` must not grow without limit, even if its connection lasts for days and its peer
sends endlessly. This transcript numbers rows like any other, but keeps only the last `KEPT` of them
(and only the beginning of a long row). `take` returns each event once. The readers of a
conversation look back no further than the current reply, which is shorter than `KEPT` rows. A row
that is no longer kept is empty and flagged as secret.
"""

from __future__ import annotations

from collections import deque

from msgspec import structs

from ..events import KIND_BITS, KIND_MASK, SECRET, Block, Event, Kind, Line
from ..record.marks import Marks
from ..record.masking import KnownSecrets
from ..record.transcript import Transcript

KEPT = 64  # rows
KEPT_OCTETS = 2048  # of each of them
SECRETS = 400  # forms of secrets (masking.py), enough for a few logins


class FewSecrets(KnownSecrets):
    """The secrets of the first logins. Secrets of later logins are masked only by their position.

    Learning a secret takes as long as processing many commands, and a client may try any number of
    passwords.
    """

    def add(self, value: bytes, *, begun: bool = False) -> None:
        """Remember a secret, unless SECRETS forms are known already."""
        if self.known < SECRETS:
            super().add(value, begun=begun)


class CountedMarks(Marks):
    """Counts the events that are not rows instead of keeping them."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0


class RecentTranscript(Transcript):
    """The last rows of a conversation. `take` returns the events since its last call."""

    def __init__(self) -> None:
        super().__init__()
        self.secrets = FewSecrets()
        self._recent: deque[Line] = deque(maxlen=KEPT)
        self.marks: CountedMarks = CountedMarks()
        self.untold = True  # `fresh` is never empty for long

    def take(self) -> list[Event]:
        """Return the new events, including rows, in order."""
        fresh, self.fresh = self.fresh, []
        del self.bodies[:-1]
        return fresh

    def _row(self, row: int) -> Line:
        line = self.kept(row)
        return Line(0.0, row, b"", 0, 0.0) if line is None else line

    def kept(self, row: int) -> Line | None:
        """Return a row with at most KEPT_OCTETS of its bytes, or None if it is forgotten."""
        recent = self._recent
        if not recent or row > recent[-1].row:
            return None
        for line in reversed(recent):
            if line.row <= row:
                return line if line.row == row else None
        return None

    def flags(self, row: int) -> int:
        """Return the flags of a row. A row that is no longer kept counts as secret."""
        line = self.kept(row)
        return SECRET if line is None else line.flags

    def time(self, row: int) -> float:
        """Return the time of a row's last byte in monotonic seconds, or 0 if it is forgotten."""
        return self._row(row).at

    @property
    def mark_count(self) -> int:
        """The number of events other than rows so far."""
        return self.marks.count

    def append(
        self, data: bytes, flags: int, at: float, began: float | None = None, shape: int = -1
    ) -> int:
        """Add a row and return its number.

        If `shape` is not negative, the row is a usual reply, and its event is counted too.
        """
        row = self._rows
        self._rows = row + 1
        first = at if began is None else began
        line = Line(at, row, data, flags, first, self._epoch, self.secrets)
        self.fresh.append(line)
        if len(data) > KEPT_OCTETS:
            line = Line(at, row, data[:KEPT_OCTETS], flags, first, self._epoch, self.secrets)
        self._recent.append(line)
        if shape >= 0:
            self.marks.count += 1
        return row

    def append_block(self, data: bytes, count: int, flags: int, at: float) -> int:
        """Add `count` rows that are passed on but not kept. Return the number of the first."""
        row = self._rows
        self._rows = row + count
        self.fresh.append(Block(at, row, count, data, flags))
        return row

    def set_kind(self, row: int, kind: Kind) -> None:
        """Change the kind of a row once its meaning is known, if the row is still kept."""
        self._set_flags(row, KIND_MASK, KIND_BITS[kind])

    def set_secret(self, row: int, secret: bool) -> None:
        """Set whether a row is masked from now on, if the row is still kept."""
        self._set_flags(row, SECRET, SECRET if secret else 0)

    def _set_flags(self, row: int, mask: int, flags: int) -> None:
        """Replace the bits in `mask` of a row's flags with `flags`, if the row is still kept."""
        for place in range(len(self._recent) - 1, -1, -1):
            line = self._recent[place]
            if line.row <= row:
                if line.row == row:
                    changed = structs.replace(line, flags=line.flags & ~mask | flags)
                    self._recent[place] = changed
                return

    def add(self, event: Event) -> None:
        """Add an event other than a row."""
        self.marks.count += 1
        self.fresh.append(event)

    def deliver(self) -> None:
        """Do nothing: this transcript has no subscribers, and the events wait for `take`."""
