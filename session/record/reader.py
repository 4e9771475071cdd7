"""Reads recordings in the format of format.py: a header, then rows and facts in order.

A file that ends in the middle of a line, as after a crash, is read up to that line. Lines that
cannot be read are reported and skipped, never guessed. Lines are read one at a time, because a
recording may be large.
"""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from ..events import (
    CLIENT,
    SERVER,
    Cause,
    Connected,
    Direction,
    Disconnected,
    Event,
    Note,
    TlsFailed,
    TlsStarted,
)
from ..facts.tls_failures import REASONS
from ..private_file import open_regular
from ..wall_time import within_calendar
from .format import FORMAT

LONGEST = 64 * 1024 * 1024  # octets of a line
PROBLEMS = 100  # that are reported one by one


class RecordingError(ValueError):
    """Raised when a file is not a recording that can be read; the message is one sentence."""


class NoHeader(RecordingError):
    """Raised when a file does not begin like a recording. It may be another tool's log."""


class RecordingHeader(msgspec.Struct, frozen=True):
    """The first line of a recording.

    `heloscope` is the version of the format, `version` that of heloscope, `began` the start time in
    seconds since the epoch, and `target` the TARGET as it was typed.
    """

    heloscope: int
    version: str = ""
    began: float = 0.0
    target: str = ""

    def __post_init__(self) -> None:
        msgspec.structs.force_setattr(self, "began", within_calendar(self.began))


class RecordedRow(msgspec.Struct, frozen=True):
    """One row, or several rows of a message. `data` is as recorded, with secrets masked.

    `at` and `first` are the times of the last and first octet, in seconds since the start. If bytes
    were omitted, `data` is empty, and `octets` and `sha256` describe the bytes. `direction` tells
    which side sent them. `piece` is true for a part of a line, or a line cut at its limit, and
    `body` for a part of a message. `rows` is the number of transcript rows that this entry
    represents.
    """

    at: float
    first: float
    direction: Direction
    data: bytes
    piece: bool = False
    octets: int = 0
    sha256: str = ""
    rows: int = 1
    body: bool = False


class _Line(msgspec.Struct):
    """A line of a recording, with all fields that it may have."""

    at: float
    sender: str = msgspec.field(name="from", default="")
    fact: str = ""
    first: float | None = None
    text: str | None = None
    data: str | None = msgspec.field(name="base64", default=None)
    rows: int = 1
    octets: int = 0
    sha256: str = ""
    piece: bool = False
    kind: str = ""
    # of facts
    peer: str = ""
    address: str = ""
    local: str = ""
    version: str = ""
    cipher: str = ""
    chain: list[str] = []
    alpn: str = ""
    server_name: str = ""
    resumed: bool = False
    verified: bool = False
    pinned: bool = False
    problem: str = ""
    reason: str = ""
    detail: str = ""
    verify_code: int = 0
    said: str = ""
    received: str = ""
    cause: str = ""


_decode = msgspec.json.Decoder(_Line).decode
_CAUSES = {cause.value: cause for cause in Cause}


class Recording:
    """A recording open for reading. Call `close` when done, or use it in a `with` statement.

    `header` is the recording's first line. `problems` describes the lines that could not be read,
    and is complete once `entries` is exhausted. `read_to` is the offset of the end of the last
    complete line read.
    """

    def __init__(self, path: str | Path) -> None:
        """Open a file and read its header.

        Raises RecordingError if the file is not a recording, or OSError if the file cannot be read.
        """
        self.path = Path(path)
        self.problems: list[str] = []
        self.read_to = 0
        """The offset of the end of the last complete line read."""
        self._file: BinaryIO = os.fdopen(open_regular(path), "rb")
        try:
            self.header = self._read_header()
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Recording:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _read_header(self) -> RecordingHeader:
        line = self._file.readline(64 * 1024)
        try:
            header = msgspec.json.decode(line, type=RecordingHeader)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise NoHeader("it is not a heloscope recording: it has no header.") from None
        self.read_to = len(line)
        if header.heloscope != FORMAT:
            raise RecordingError(
                f"it is a recording in format {header.heloscope}; this version of heloscope reads "
                f"only format {FORMAT}."
            )
        return header

    def go_to(self, offset: int) -> None:
        """Continue reading at `offset`, a value of `read_to` from an earlier reading."""
        self._file.seek(offset)
        self.read_to = offset

    def before(self, end: int, most: int) -> bytes:
        """Return at most `most` octets before offset `end`, without moving the reading position.

        Raises OSError if the file cannot be read.
        """
        start = max(0, end - most)
        return os.pread(self._file.fileno(), max(0, end - start), start)

    def entries(self) -> Iterator[RecordedRow | Event]:
        """Yield the rows and the facts (events), in order. Times start at 0."""
        number = 1
        while line := self._file.readline(LONGEST):
            number += 1
            whole = line.endswith(b"\n")
            if whole:
                self.read_to += len(line)
            if not line.strip():
                continue
            try:
                entry = _entry(_decode(line))
                if not whole:
                    self.read_to += len(line)
                yield entry
            except (msgspec.DecodeError, ValueError, RecursionError):
                if not whole and len(line) < LONGEST:
                    self._problem(f"The last line, {number}, is incomplete.")
                else:
                    self._problem(f"Line {number} cannot be read and was skipped.")
                    end = self.read_to + len(line)
                    while not whole and (rest := self._file.readline(LONGEST)):
                        whole = rest.endswith(b"\n")
                        end += len(rest)
                        if whole:
                            self.read_to = end

    def _problem(self, text: str) -> None:
        if len(self.problems) < PROBLEMS:
            self.problems.append(text)
        elif len(self.problems) == PROBLEMS:
            self.problems.append("More lines cannot be read.")


def _entry(line: _Line) -> RecordedRow | Event:
    """Return the row or fact in a line. Raises ValueError if no recording could contain it."""
    for at in (line.at, line.first):
        if at is not None and at != within_calendar(at):
            raise ValueError("an impossible time")
    if line.fact:
        return _fact(line)
    if line.sender not in ("C", "S"):
        raise ValueError("neither a row nor a fact")
    data = b""
    if line.text is not None:
        data = line.text.encode()
    elif line.data is not None:
        data = _base64(line.data)
    elif not line.octets:
        raise ValueError("a row without bytes")
    return RecordedRow(
        at=line.at,
        first=line.at if line.first is None else min(line.first, line.at),
        direction=CLIENT if line.sender == "C" else SERVER,
        data=data,
        piece=line.piece,
        octets=line.octets,
        sha256=line.sha256,
        rows=max(1, line.rows),
        body=line.kind == "body",
    )


def _fact(line: _Line) -> Event:
    match line.fact:
        case "connected":
            return Connected(line.at, line.peer, line.address, line.local)
        case "tls":
            return TlsStarted(
                line.at, line.version, line.cipher, _chain(line), line.alpn, line.server_name,
                line.resumed, line.verified, line.pinned, line.problem,
            )  # fmt: skip
        case "tls failed":
            return TlsFailed(
                line.at, _known_reason(line.reason), line.detail, _chain(line), line.server_name,
                line.verify_code, line.said, _base64(line.received),
            )  # fmt: skip
        case "disconnected":
            return Disconnected(line.at, _CAUSES.get(line.cause, Cause.OTHER), line.detail)
        case "note":
            return Note(line.at, line.kind, line.text or "")
        case _:
            raise ValueError("an unknown fact")


def _chain(line: _Line) -> tuple[bytes, ...]:
    return tuple(map(_base64, line.chain))


def _known_reason(reason: str) -> str:
    """Return why a handshake failed, or "other" for a reason that this version does not know."""
    return reason if reason in REASONS else "other"


def _base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("not base64") from None
