"""`shown_on_failure` prints the conversation if a block fails, to show why a test failed.

with SMTP("127.0.0.1", 2525) as smtp, shown_on_failure(smtp):
    smtp.sendmail(...)
"""

from __future__ import annotations

import contextlib
import sys
from collections import deque
from itertools import islice
from typing import Protocol, TextIO, TypeVar

from ..plural import plural
from . import text
from .transcript import Transcript

FIRST, LAST = 100, 400  # lines of a long conversation that are printed


class HasTranscript(Protocol):
    """A `Session`, an `SMTP`, or any other object that has a transcript."""

    @property
    def transcript(self) -> Transcript:
        """The transcript of the current connection, or of the last one."""
        ...


_Watched = TypeVar("_Watched", bound="HasTranscript | Transcript")


class ShownOnFailure:
    """A context manager, also asynchronous, that prints conversations if its block raises."""

    def __init__(
        self, watched: tuple[HasTranscript | Transcript, ...], file: TextIO | None
    ) -> None:
        self._watched = list(watched)
        self._file = file

    def watch(self, one: _Watched) -> _Watched:
        """Add `one` to the objects whose conversations are printed, and return `one`."""
        _check(one)
        self._watched.append(one)
        return one

    def __enter__(self) -> ShownOnFailure:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None and not issubclass(kind, (GeneratorExit, SystemExit)):
            self.show()

    async def __aenter__(self) -> ShownOnFailure:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *error: object) -> None:
        self.__exit__(kind, *error)

    def show(self) -> None:
        """Print the conversations now. Never raises, so that it cannot hide the failure."""
        file = sys.stderr if self._file is None else self._file
        for one in self._watched:
            transcript = one if isinstance(one, Transcript) else one.transcript
            shown = "".join(f"{line}\n" for line in _lines(transcript))
            with contextlib.suppress(OSError, ValueError):
                encoding = getattr(file, "encoding", None) or "utf-8"
                file.write(shown.encode(encoding, "backslashreplace").decode(encoding))
                file.flush()


def _check_file(file: object) -> None:
    if file is not None and not callable(getattr(file, "write", None)):
        raise TypeError(f"file must be a text file open for writing, not {type(file).__name__}")


def _check(one: object) -> None:
    if not isinstance(one, Transcript) and not hasattr(one, "transcript"):
        raise TypeError(f"a {type(one).__name__} has no transcript to show")


def _lines(transcript: Transcript) -> list[str]:
    lines = text.lines(transcript.events(), transcript.mask, None)
    shown = [repr(transcript), *islice(lines, FIRST)]
    last: deque[str] = deque(maxlen=LAST)
    count = 0
    for line in lines:
        last.append(line)
        count += 1
    if count > LAST:
        shown.append(plural(count - LAST, "... one line omitted ...", "... {} lines omitted ..."))
    return [*shown, *last]


def shown_on_failure(
    *watched: HasTranscript | Transcript, file: TextIO | None = None
) -> ShownOnFailure:
    """Return a context manager that prints the conversations of `watched` if its block raises.

    It is for `with` and `async with`. `watched` holds `Session`, `SMTP` or `Transcript` objects.
    Secrets are masked, and unprintable bytes are escaped. The text goes to standard error, or to
    `file`. A long conversation is shortened to its beginning and end. For an object that has
    connected more than once, the last conversation is printed. Raises TypeError for any other
    object.

    The block has to be in the test itself, because pytest does not raise the error of a test in its
    fixtures. A fixture can call `show()` of this context manager after the test has failed.
    """
    for one in watched:
        _check(one)
    _check_file(file)
    return ShownOnFailure(watched, file)
