"""The journal: a recording of every conversation, written as it happens.

Without `soon`, every event is passed to the operating system immediately, so none is lost if the
process crashes or is killed. With `soon`, new events are read from the transcript when `soon` calls
back, and are lost if the process is killed first. `Paced` (pace.py) calls back within 10 ms, and
code that shows events calls `flush` first, so nothing that was shown is ever lost.

The files are readable only by the user (mode 0600), masked, and kept in the platform's state
folder. At most 140 MB of them are kept, not counting pinned ones (label.py), which are never
removed; the oldest finished ones are removed first. A running journal beyond the limit stores
lengths and SHA-256 digests instead of bytes: first for messages and long rows, and a little later
for all rows.

Disk errors are never raised. They are reported, writing is tried again, and success is reported
too.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from ..events import INJECTED, KIND_MASK, SENT, TLS, Block, Event, Line, Note
from ..plural import plural
from ..private_file import create, make_folder, reason
from ..target import without_password
from . import format as recording
from .follower import Follower
from .label import SUFFIX as LABEL
from .label import is_recording, label_of, remove_recording
from .rows import Stretch
from .running import is_finished, lock, remove_copies
from .transcript import Transcript

if TYPE_CHECKING:
    from pathlib import Path
    from weakref import WeakKeyDictionary

JOURNALS_LIMIT = 140 * 1000 * 1000  # octets of all journals together
UNWRITTEN = 64 * 1024 * 1024  # octets that are buffered while the disk accepts none
CHECK = 4 * 1024 * 1024  # octets after which the limit is checked again
SHORT = 2048  # octets of a row that is still recorded a little beyond the limit ...
BEYOND = 2 * 1024 * 1024  # ... by this many octets, so that the rows around the limit can be read
_IN_NAMES = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-"  # of files
WRITE = 64 * 1024  # octets that may wait to be read
WRITTEN_AT_ONCE = 1024 * 1024  # octets per write ...
RETRIED_AT_ONCE = 4096  # ... and while the disk accepts none

Tell = Callable[[str], object]
Soon = Callable[[Callable[[], object]], object]


def folder() -> Path:
    """Return the folder of journals on this platform."""
    from pathlib import Path

    return Path(folder_name())


def folder_name() -> str:
    """Return the path of `folder` as a string, on Linux without importing anything."""
    if sys.platform != "linux":
        from platformdirs import user_state_path

        return str(user_state_path("heloscope") / "journal")
    # As platformdirs computes it, whose import would slow down a command for one server.
    state = os.environ.get("XDG_STATE_HOME", "").strip() or os.path.expanduser("~/.local/state")
    return os.path.join(state, "heloscope", "journal")


class LeftOut:
    """Rows of one kind that are not recorded, with their number, length and SHA-256.

    The digest is of their masked form, so that secrets cannot be guessed from it.
    """

    __slots__ = ("_at", "_count", "_flags", "_hash", "_octets")

    def __init__(self, flags: int) -> None:
        import hashlib  # which loads all of OpenSSL

        self._flags = flags
        self._count = self._octets = 0
        self._at = 0.0
        self._hash = hashlib.sha256()

    def add(self, masked: bytes, count: int, at: float) -> None:
        self._count += count
        self._octets += len(masked)
        self._at = at
        self._hash.update(masked)

    def line(self, transcript: Transcript) -> bytes:
        """Return the line that replaces these rows."""
        return recording.left_out(
            transcript, self._flags, self._at, self._count, self._octets, self._hash.hexdigest()
        )


class Journal:
    """Records one transcript, from `begin` to `close`.

    `tell(sentence)` is called when recording stops, resumes or omits something.
    """

    def __init__(
        self,
        transcript: Transcript,
        tell: Tell,
        limit: int = JOURNALS_LIMIT,
        soon: Soon | None = None,
    ) -> None:
        self._path = ""  # "" if there is none
        self._transcript = transcript
        self._tell = tell
        self._limit = limit
        self._soon = soon
        self._due = False
        self._fd = -1
        self._known = transcript.secrets.known  # as of the last masking of the files of this run
        # Without `soon`, nothing is followed. The position in each transcript ...
        self._followers: WeakKeyDictionary[Transcript, Follower] | None = None
        self._grown: list[Transcript] = []  # ... and those that have more to read
        self._buffer = bytearray()
        self._written = 0
        self._checked = 0
        self._room = 0  # octets that this file may grow to
        self._failing = False
        self._lost = 0  # lines that the buffer had no room for
        self._full = False
        self._unsubscribe: Callable[[], None] | None = None
        # The rows that are being left out, by their flags and by whether they are a message.
        self._left: dict[tuple[int, bool], LeftOut] = {}
        self._left_octets = 0  # since room was last made

    @property
    def path(self) -> Path | None:
        """The path of the file, or None if it could not be created."""
        from pathlib import Path

        return Path(self._path) if self._path else None

    @classmethod
    def begin(
        cls,
        transcript: Transcript,
        target: str,
        tell: Tell,
        *,
        where: Path | None = None,
        limit: int = JOURNALS_LIMIT,
        soon: Soon | None = None,
    ) -> Journal:
        """Start recording `transcript`, including what it already contains. Never raises.

        `soon(callback)` calls back once the current batch of events has been processed, as
        `loop.call_soon` does; writing is postponed until then. Without it, every event is written
        immediately.
        """
        target = without_password(target)
        journal = cls(transcript, tell, limit, soon)
        try:
            directory = folder_name() if where is None else os.fspath(where)
            if where is None:
                make_folder(os.path.dirname(directory))  # the state folder has to be safe, too
            make_folder(directory)
            journal._open(directory, target)
        except OSError as error:
            tell(_cannot(where, error))
            return journal
        remove_copies(directory)
        journal._make_room()
        journal._put(recording.header(transcript, target))
        if soon is None:
            for event in transcript.events():
                journal._take(event)
            journal._unsubscribe = transcript.subscribe(journal._take, blocks=True)
        else:
            journal._grown.append(transcript)
            journal._unsubscribe = transcript.follow(journal._hear)
        journal.flush()
        return journal

    def _open(self, directory: str, target: str) -> None:
        kept = (char if char in _IN_NAMES else " " for char in target)
        name = "-".join("".join(kept).split()).strip("-.")[:60] or "target"
        stem = f"{time.strftime('%Y%m%d-%H%M%S')}-{name}-{os.getpid()}"
        for number in range(1000):
            path = os.path.join(directory, f"{stem}{f'-{number}' if number else ''}.jsonl")
            try:
                self._fd = create(path)
            except FileExistsError:
                continue
            lock(self._fd)
            self._path = path
            self._transcript.secrets.recordings.append(path)
            return
        raise FileExistsError(f"{stem}.jsonl")

    # Taking in

    def _hear(self, transcript: Transcript) -> None:
        """Schedule reading the new rows, or read them now if many are waiting."""
        if transcript not in self._grown:
            self._grown.append(transcript)
        if transcript.octets - self._follower(transcript).octets >= WRITE:
            self._take_news()
            if not self._failing:
                self._write()
        if not self._due and (self._grown or self._buffer):
            self._flush_soon()

    def _follower(self, transcript: Transcript) -> Follower:
        if self._followers is None:
            from weakref import WeakKeyDictionary

            self._followers = WeakKeyDictionary()
        return self._followers.setdefault(transcript, Follower())

    def _take_news(self) -> None:
        grown, self._grown = self._grown, []
        for transcript in grown:
            follower = self._follower(transcript)
            for news in follower.news(transcript):
                if isinstance(news, Stretch):
                    self._take_rows(transcript, follower.row - len(news.at), news)
                else:
                    self._take(news)
                if len(self._buffer) >= WRITE and not self._failing:
                    self._write()

    def _take_rows(self, transcript: Transcript, row: int, stretch: Stretch) -> None:
        """Record the rows of a stretch that begins with row `row`."""
        if not stretch.has_secret() and self._is_plain(len(stretch.data)):
            self._buffer += recording.plain_rows(self._transcript, stretch)
            return
        for number, (at, flags, data) in enumerate(stretch.each(), row):
            line = Line(at, number, data, flags, at)
            self._rows(transcript.mask_secrets(line), flags, at, 1)

    def _is_plain(self, octets: int) -> bool:
        """Return whether rows with this many octets need no masking and fit within the limit."""
        return not (
            self._transcript.secrets.known
            or self._left
            or self._full
            or self._failing
            or self._fd < 0
            or not self._fits(b"", -octets)
        )

    def _take(self, event: Event) -> None:
        if type(event) is Line:
            masked = self._transcript.mask_secrets(event)
            self._rows(masked, event.flags, event.at, 1, event.began)
        elif type(event) is Block:
            masked = self._transcript.secrets.mask(event.data)
            self._rows(masked, event.flags, event.at, event.count)
        else:
            line = recording.fact(self._transcript, event)
            if line:
                if self._left:
                    self._end_left_out()
                self._put(self._transcript.secrets.mask(line))

    def _rows(
        self, masked: bytes, flags: int, at: float, count: int, first: float | None = None
    ) -> None:
        """Record rows, or a placeholder for them if there is no room."""
        body = recording.is_body(flags)
        sort = flags & (SENT | TLS | INJECTED), body
        if not (body and sort in self._left) and self._has_room(masked, body=body):
            if self._left:
                self._end_left_out()
            self._put(recording.rows(self._transcript, masked, flags, at, count, first))
            return
        if not self._full:
            self._full = True
            self._tell(
                f"The journals have reached {self._limit // 1_000_000} MB, so only the length and "
                "SHA-256 of messages and floods are recorded from now on."
            )
        self._left_octets += len(masked)
        left = self._left.get(sort)
        if left is None:
            left = self._left[sort] = LeftOut(flags & (SENT | TLS | INJECTED | KIND_MASK))
        left.add(masked, count, at)

    def _has_room(self, masked: bytes, *, body: bool) -> bool:
        """Return whether rows may be recorded, after removing old journals if necessary.

        Short rows that are not part of a message may be recorded even a little beyond the limit.
        """
        if self._lost or self._fd < 0:
            return True  # there is no file that could grow
        if self._fits(masked):
            return True
        if not self._full or self._left_octets > CHECK:
            self._left_octets = 0
            self._make_room()
            if self._fits(masked):
                return True
        return not body and len(masked) <= SHORT and self._fits(masked, BEYOND)

    def _fits(self, masked: bytes, beyond: int = 0) -> bool:
        # JSON may make it six times as long: written octets are counted, not predicted.
        return self._written + len(self._buffer) + len(masked) <= self._room + beyond

    def _end_left_out(self) -> None:
        left, self._left = self._left, {}
        for rows in left.values():
            self._put(rows.line(self._transcript))

    def _put(self, line: bytes) -> None:
        if self._fd < 0:
            return
        # While the disk accepts nothing, each attempt costs time: one per batch is enough.
        at_once = self._soon is None or not self._failing
        if len(self._buffer) + len(line) > UNWRITTEN and at_once:
            self._write()
        if len(self._buffer) + len(line) > UNWRITTEN:
            self._lost += 1
            self._flush_soon()
            return
        self._buffer += line
        if self._soon is None or (len(self._buffer) >= WRITE and at_once):
            self._write()
        else:
            self._flush_soon()

    def _flush_soon(self) -> None:
        """Flush once the current batch has been processed."""
        if self._soon is not None and not self._due:
            self._due = True
            self._soon(self.flush)

    # Writing

    def flush(self) -> None:
        """Write everything that has happened so far to the file. Never raises."""
        self._due = True  # lines put into the buffer from here on are written below
        self._take_news()
        self._due = False
        self._write()
        if self._known != self._transcript.secrets.known:
            self._mask_again()

    def _write(self) -> None:
        """Write the buffer to the file."""
        if self._fd < 0:
            return
        try:
            while self._buffer:
                piece = RETRIED_AT_ONCE if self._failing else WRITTEN_AT_ONCE
                done = os.write(self._fd, bytes(memoryview(self._buffer)[:piece]))
                del self._buffer[:done]
                self._written += done
        except OSError as error:
            if not self._failing:
                self._failing = True
                self._tell(f"{_cannot(self._path, error)} Writing will be tried again.")
            return
        if self._failing:
            self._failing = False
            lost, self._lost = self._lost, 0
            missing = plural(lost, "one line is missing", "{} lines are missing")
            again = missing if lost else "nothing is missing"
            self._tell(f"The conversation is being recorded again; {again}.")
            if lost:
                note = Note(
                    time.monotonic(),
                    "missing",
                    f"{missing} here, because the disk accepted no data",
                )
                self._put(recording.fact(self._transcript, note))
        if self._written - self._checked > CHECK:
            self._make_room()

    def _mask_again(self) -> None:
        """Mask newly known secrets in the files that this run has already written."""
        from .masked_again import mask_recordings

        secrets = self._transcript.secrets
        self._known = secrets.known
        fresh = mask_recordings(secrets, self._path, self._tell)
        if fresh >= 0:
            os.close(self._fd)
            self._fd = fresh
            self._written = os.lseek(fresh, 0, os.SEEK_END)

    def _make_room(self) -> None:
        """Remove the oldest finished journals beyond the limit, and compute the room left."""
        self._checked = self._written
        others = _others(self._path)
        total = sum(size for _, size, _ in others)
        for path, size, _ in sorted(others, key=lambda other: other[2]):
            if total + self._written + CHECK <= self._limit:
                break
            if is_finished(path):
                from pathlib import Path

                with contextlib.suppress(OSError):
                    remove_recording(Path(path))
                    total -= size
        self._room = self._limit - total

    def close(self) -> None:
        """Write buffered data and end the recording. Never raises."""
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None
        self._take_news()
        self._end_left_out()
        self._write()
        if self._known != self._transcript.secrets.known:
            self._mask_again()
        if self._fd >= 0:
            if self._buffer:
                self._tell(
                    "The end of this conversation was not recorded: the disk accepted no data."
                )
            fd, self._fd = self._fd, -1
            with contextlib.suppress(OSError):
                os.close(fd)


def _others(own: str) -> list[tuple[str, int, float]]:
    """Return the path, size and time of change of each other journal that is not pinned."""
    found: list[tuple[str, int, float]] = []
    if not own:
        return found
    with contextlib.suppress(OSError), os.scandir(os.path.dirname(own)) as listed:
        entries = {entry.name: entry for entry in listed}
        for name, entry in entries.items():
            if entry.path == own or not is_recording(name):
                continue
            if name + LABEL in entries and label_of(entry.path).pinned:
                continue
            with contextlib.suppress(OSError):
                status = entry.stat(follow_symlinks=False)
                found.append((entry.path, status.st_size, status.st_mtime))
    return found


def _cannot(where: str | Path | None, error: OSError) -> str:
    return f"This conversation is not being recorded: {reason(error, where or folder_name())}."
