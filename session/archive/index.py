"""The index of recordings: it is kept up to date from their files, and can be searched.

A recording is indexed as far as it has been written; the next update continues from there. A file
counts as the same file if its inode and the octets just before the place where reading stopped are
unchanged; otherwise it is indexed again from the start. All lines are indexed as recorded, with
secrets masked; lines of base64 in messages, as in attachments, are omitted. Every transaction is
short, so that two programs can update the index at the same time. If one program finds that the
other has read further, it continues from there.
"""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
import threading
import zlib
from collections.abc import Callable, Generator, Iterator
from itertools import islice
from pathlib import Path

import msgspec

from ..events import Note
from ..private_file import UnsafeFile, check_folder, reason
from ..record.journal import folder as journal_folder
from ..record.label import label_of
from ..record.reader import RecordedRow, Recording, RecordingError
from ..target import without_password
from ..visible import visible_text
from . import index_file
from .query import Query, excerpt_of
from .recordings import Kept, files_in
from .summary import Summary

BATCH = 2000  # entries of a transaction
OCTETS = 1024 * 1024  # octets of a transaction, approximately
TAIL = 64  # octets before the place where reading stopped that are compared
LONGEST = 256 * 1024  # octets of one entry that are indexed
_SHIFT = 32  # a row of the full text is (id of the recording << 32) + number of the entry
_BASE64 = re.compile(rb"^[A-Za-z0-9+/]{60,}={0,2}\r?$", re.MULTILINE)
_json = msgspec.json.Encoder().encode
_read = msgspec.json.Decoder(Summary).decode


def _encode(summary: Summary, file: str, began: float) -> bytes:
    """Return a summary in its stored form, with a checksum, since SQLite does not add one."""
    data = _json(summary)
    return zlib.crc32(data + f"{file} {began}".encode("utf-8", "surrogateescape")).to_bytes(
        4, "big"
    ) + data  # fmt: skip


def _decode(kept: bytes, file: str, began: float) -> Summary:
    """Return a stored summary. Raises sqlite3.DatabaseError if it is damaged."""
    try:
        summary = _read(kept[4:])
    except (msgspec.DecodeError, TypeError) as error:
        raise sqlite3.DatabaseError("a summary is damaged") from error
    if _encode(summary, file, began) != kept:
        raise sqlite3.DatabaseError("a summary is damaged")
    return summary


Progress = Callable[[int, int], object]
"""A function called with the number of octets read so far, and the total number to read."""


class Place(msgspec.Struct):
    """The place up to which a recording has been indexed."""

    id: int
    read_to: int
    entries: int
    summary: Summary


class Index:
    """The index of the recordings in `where`. Call `close` when done.

    Only one thread may use it at a time. `trouble` is a sentence that describes what could not be
    used, or "". Raises OSError if the folder of the recordings cannot be read.
    """

    def __init__(self, where: Path | None = None) -> None:
        self.folder = where or journal_folder()
        self.trouble = ""
        self._lock = threading.RLock()
        self._path: Path | None = self.folder.parent / index_file.NAME
        self._connection = self._connect()
        with contextlib.suppress(FileNotFoundError):
            try:
                check_folder(self.folder)
            except UnsafeFile as error:
                self.trouble = f"Sessions are not being recorded: {reason(error, self.folder)}."

    def _connect(self) -> sqlite3.Connection:
        path = self._path
        if path is not None:
            try:
                try:
                    return index_file.connect(path)
                except index_file.DamagedIndex:
                    index_file.remove(path)
                    self.trouble = (
                        "The index of the recordings could not be used and was rebuilt from the "
                        "files. Names and pins are kept: they are stored next to the files."
                    )
                    return index_file.connect(path)
            except (OSError, index_file.DamagedIndex, sqlite3.Error) as error:
                self._no_file(error)
        return index_file.connect(None)

    def _no_file(self, error: Exception) -> None:
        why = reason(error, self._path or "") if isinstance(error, OSError) else str(error)
        self.trouble = (
            f"The index of the recordings cannot be saved: {visible_text(why)}. "
            "The recordings are read again each time, which takes longer."
        )
        self._path = None

    def close(self) -> None:
        """Close the index."""
        with self._lock:
            self._connection.close()

    def __enter__(self) -> Index:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Bringing it up to date

    def update(
        self,
        progress: Progress = lambda _done, _all: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        """Index everything written since the last update, and remove recordings that are gone.

        Returns early once `cancelled` returns true; the index keeps what has been read by then.
        Raises OSError if the folder cannot be read.
        """
        with self._lock:
            try:
                self._update(progress, cancelled)
            except sqlite3.Error as error:
                self._begin_again(error)
                self._update(progress, cancelled)

    def _begin_again(self, error: sqlite3.Error) -> None:
        """Rebuild a damaged index after an SQLite error, or continue in memory."""
        with contextlib.suppress(sqlite3.Error):
            self._connection.close()
        path = self._path
        if path is not None and not isinstance(error, sqlite3.OperationalError):
            with contextlib.suppress(OSError):
                index_file.remove(path)
            self.trouble = "The index of the recordings was damaged and has been rebuilt."
        elif path is not None:  # locked for long, a full disk, read-only
            self._no_file(error)
        self._connection = self._connect()

    def _update(self, progress: Progress, cancelled: Callable[[], bool]) -> None:
        files = files_in(self.folder)
        self._forget(files)
        known = {
            name: (inode, mtime, size, read_to)
            for name, inode, mtime, size, read_to in self._connection.execute(
                "SELECT file, inode, mtime, size, read_to FROM recordings"
            )
        }
        changed = [
            name
            for name, status in files.items()
            if known.get(name, ())[:3] != (status.st_ino, status.st_mtime_ns, status.st_size)
        ]
        changed.sort(key=lambda name: files[name].st_mtime_ns, reverse=True)
        total = sum(files[name].st_size for name in changed)
        before = 0
        for name in changed:
            for read in self._take(name, files[name]):
                progress(before + read, total)
                if cancelled():
                    return
            before += files[name].st_size
        progress(total, total)

    def _forget(self, files: dict[str, os.stat_result]) -> None:
        gone = [
            (number, name)
            for number, name in self._connection.execute("SELECT id, file FROM recordings")
            if name not in files
        ]
        for number, name in gone:
            with self._transaction():
                self._drop(number, name)

    def _drop(self, number: int, name: str) -> None:
        first = number << _SHIFT
        last = first + (1 << _SHIFT) - 1
        execute = self._connection.execute
        execute("DELETE FROM said WHERE rowid BETWEEN ? AND ?", (first, last))
        execute("DELETE FROM recordings WHERE id = ? AND file = ?", (number, name))

    @contextlib.contextmanager
    def _transaction(self) -> Generator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def _take(self, name: str, status: os.stat_result) -> Iterator[int]:
        """Index the rest of a recording, yielding the offset after each transaction."""
        path = self.folder / name
        try:
            recording = Recording(path)
        except (OSError, RecordingError):
            return  # not listed: it is not a recording, or is gone
        with recording:
            start = recording.read_to
            read = _Batches(recording)
            while True:
                with self._transaction():
                    place = self._place(path, status, recording, start)
                    if place.read_to != recording.read_to:
                        recording.go_to(place.read_to)
                        read = _Batches(recording)
                    more = self._put(place, read.next())
                    self._keep(path, status, recording, place, done=not more)
                yield recording.read_to
                if not more:
                    return

    def _place(self, path: Path, status: os.stat_result, recording: Recording, start: int) -> Place:
        """Return how far a recording has been indexed, creating its entry if there is none."""
        found = self._connection.execute(
            "SELECT id, inode, read_to, tail, entries, summary, began FROM recordings"
            " WHERE file = ?",
            (path.name,),
        ).fetchone()
        if found is not None:
            number, inode, read_to, tail, entries, summary, began = found
            if inode == status.st_ino and tail == _tail(recording, read_to):
                return Place(number, read_to, entries, _decode(summary, path.name, began))
            self._drop(number, path.name)
        header = recording.header
        target = visible_text(without_password(header.target))
        summary = Summary(target, header.began, header.began)
        cursor = self._connection.execute(
            "INSERT INTO recordings (file, inode, mtime, size, read_to, tail, entries, began,"
            " server, summary) VALUES (?, ?, 0, 0, ?, ?, 0, ?, ?, ?)",
            (path.name, status.st_ino, start, _tail(recording, start), header.began,
             target.lower(), _encode(summary, path.name, header.began)),
        )  # fmt: skip
        return Place(cursor.lastrowid or 0, start, 0, summary)

    def _put(self, place: Place, entries: list[RecordedRow | Note | object]) -> bool:
        """Index entries, and return whether there were any."""
        said: list[tuple[int, str]] = []
        first = place.id << _SHIFT
        for entry in entries:
            place.entries += 1
            text = ""
            if isinstance(entry, RecordedRow):
                place.summary.take(entry)
                data = entry.data[:LONGEST]
                text = (_BASE64.sub(b"", data) if entry.body else data).decode("utf-8", "replace")
            elif isinstance(entry, Note):
                place.summary.take(entry)
                text = entry.text
            else:
                place.summary.take(entry)  # pyright: ignore[reportArgumentType]: an event
            if text.strip():
                said.append((first + place.entries, text.replace("\0", " ")))
        self._connection.executemany("INSERT INTO said (rowid, line) VALUES (?, ?)", said)
        return bool(entries)

    def _keep(
        self,
        path: Path,
        status: os.stat_result,
        recording: Recording,
        place: Place,
        *,
        done: bool,
    ) -> None:
        """Store how far a recording has been indexed.

        If `done` is true, the next update skips the recording unless its file has changed.
        """
        seen = (status.st_mtime_ns, status.st_size) if done else (0, 0)
        self._connection.execute(
            "UPDATE recordings SET inode = ?, mtime = ?, size = ?, read_to = ?, tail = ?,"
            " entries = ?, server = ?, summary = ? WHERE id = ?",
            (status.st_ino, *seen, recording.read_to, _tail(recording, recording.read_to),
             place.entries, f"{place.summary.target} {place.summary.peer}".lower(),
             _encode(place.summary, path.name, recording.header.began), place.id),
        )  # fmt: skip

    # Asking it

    def recordings(self, query: Query | None = None) -> list[Kept]:
        """Return the recordings that match a query, or all recordings, newest first.

        Each recording has the number that it has in the whole list.
        """
        with self._lock:
            try:
                return self._recordings(query)
            except sqlite3.Error as error:
                self._begin_again(error)
                self._update(lambda _done, _all: None, lambda: False)
                return self._recordings(query)

    def _recordings(self, query: Query | None) -> list[Kept]:
        listed = self._connection.execute(
            "SELECT id, file, size, began, summary FROM recordings ORDER BY began DESC, file DESC"
        ).fetchall()
        found = self._found(query) if query is not None else None
        kept: list[Kept] = []
        number = 0
        for recording, file, size, began, kept_summary in listed:
            number += 1
            summary = _decode(kept_summary, file, began)
            if query is not None and not _fits(query, began, summary):
                continue
            if found is not None and recording not in found:
                continue
            path = self.folder / file
            label = label_of(path)
            line = ""
            if query is not None and query.words:
                line = self._excerpt(recording, query)
            each = Kept(number, path, size, summary, label, line)
            kept.append(each)
        return kept

    def _found(self, query: Query) -> set[int] | None:
        """Return the recordings that contain every word of the query, or None if it has none."""
        found: set[int] | None = None
        for phrase in query.phrases:
            rows = self._connection.execute(
                f"SELECT DISTINCT rowid >> {_SHIFT} FROM said WHERE said MATCH ?", (phrase,)
            )
            having = {row[0] for row in rows} | self._named(query, phrase)
            found = having if found is None else found & having
        return found

    def _named(self, query: Query, phrase: str) -> set[int]:
        """Return the recordings whose name or server contains the word of `phrase`."""
        word = query.words[query.phrases.index(phrase)].lower()
        return {
            number
            for number, file, server in self._connection.execute(
                "SELECT id, file, server FROM recordings"
            )
            if word in server or word in label_of(self.folder / file).name.lower()
        }

    def _excerpt(self, recording: int, query: Query) -> str:
        """Return the first line that contains all words of the query or, failing that, one of them.

        Returns "" if there is no such line.
        """
        first = recording << _SHIFT
        last = first + (1 << _SHIFT) - 1
        for phrase in (" AND ".join(query.phrases), *query.phrases):
            row = self._connection.execute(
                "SELECT line FROM said WHERE said MATCH ? AND rowid BETWEEN ? AND ?"
                " ORDER BY rowid LIMIT 1",
                (phrase, first, last),
            ).fetchone()
            if row is not None:
                return excerpt_of(row[0], query.words)
        return ""


class _Batches:
    """The entries of a recording, in batches of one transaction each."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._entries = recording.entries()

    def next(self) -> list[RecordedRow | Note | object]:
        """Return the next entries, or an empty list at the end."""
        taken: list[RecordedRow | Note | object] = []
        start = self._recording.read_to
        for entry in islice(self._entries, BATCH):
            taken.append(entry)
            if self._recording.read_to - start > OCTETS:
                break
        return taken


def _tail(recording: Recording, end: int) -> int:
    """Return a checksum of the octets before `end`, or -1 if the file is shorter."""
    try:
        data = recording.before(end, TAIL)
    except OSError:
        return -1
    return zlib.crc32(data) if len(data) == min(TAIL, end) else -1


def _fits(query: Query, began: float, summary: Summary) -> bool:
    """Return whether a recording matches the time, server and codes of a query."""
    server = f"{summary.target} {summary.peer}".lower()
    return query.fits(began, server) and all(
        any(first <= code <= last for code in summary.codes) for first, last in query.codes
    )
