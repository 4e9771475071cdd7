"""The stored recordings, for commands that accept a recording's number, name or file."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ...session.visible import visible_text
from .progress import progress
from .sentence import leave

if TYPE_CHECKING:
    from ...session.archive.index import Index
    from ...session.archive.recordings import Kept


@contextmanager
def open_index() -> Generator[Index]:
    """Open the index and update it, reporting unusable files on standard error."""
    from ...session.archive.index import Index

    with doing("history"):
        index = Index()
    with index:
        with doing("history"), progress("history", "reading the recordings") as far:
            index.update(far.of)
        if index.trouble:
            print(f"heloscope: {index.trouble}", file=sys.stderr)
        yield index


def listed() -> list[Kept]:
    """Update the index and return all stored recordings, newest first."""
    with open_index() as index:
        return index.recordings()


@contextmanager
def doing(what: str) -> Generator[None]:
    """End the program with one sentence if the block fails. This is a context manager.

    The status is 2 if the input is at fault, and 1 otherwise. The sentence begins with `what`.
    """
    from ...session.archive.recordings import NotDone
    from ...session.private_file import reason

    try:
        yield
    except NotDone as error:
        leave(f"{what}: {error}", 2)
    except OSError as error:
        leave(f"{what}: {reason(error)}.", 1)


def find_kept(what: str, word: str) -> tuple[list[Kept], Kept]:
    """Return all recordings and the one that `word` names. Ends the program if there is none."""
    from ...session.archive.recordings import NotFound, find

    with open_index() as index:
        kept = index.recordings()
    try:
        return kept, find(kept, word)
    except NotFound as error:
        path = Path(word).expanduser()
        own = next((each for each in kept if each.path == path.absolute()), None)
        if own is not None:
            return kept, own
        if path.is_file():
            leave(
                f"{what}: {visible_text(word)} is not a recording in the history. "
                "heloscope open FILE and heloscope export FILE --to text show any recording or "
                "log.",
                2,
            )
        leave(f"{what}: {error}", 2)


def kept_path(command: str, word: str) -> str:
    """Return the path of the recording with this number or name. Ends the program if there is none.

    Commands that also accept a file call this if `word` does not name a file.
    """
    from ...session.archive.index import Index
    from ...session.archive.recordings import NotFound, find
    from ...session.private_file import reason

    try:
        with Index() as index:
            with progress(command, "reading the recordings") as far:
                index.update(far.of)
            return str(find(index.recordings(), word).path)
    except NotFound:
        leave(
            f"{command}: no file or recording is called {visible_text(word)[:80]}; "
            "heloscope history lists the recordings.",
            2,
        )
    except OSError as error:
        leave(f"{command}: cannot read the recordings: {reason(error)}.", 1)
