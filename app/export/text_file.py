"""Saves lines of text to a new file, in slices, so that saving can be cancelled."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from ...session.private_file import create
from ...session.visible import visible_text
from ..actions import ACTIONS

SLICE = 4000  # lines written before the event loop runs again


def default_file() -> Path:
    """Return the name of the file in which a transcript is saved if the user gives none."""
    return Path(time.strftime("heloscope-%Y%m%d-%H%M%S.txt", time.localtime(time.time())))


async def save_lines(lines: Iterator[str], file: Path, progress: Callable[[int], object]) -> int:
    """Write `lines` to a new file and return their number.

    Raises FileExistsError if the file exists, and OSError if it cannot be written. An incomplete
    file is removed.
    """
    fd = create(file)
    count = 0
    try:
        with os.fdopen(fd, "wb") as out:
            while part := list(islice(lines, SLICE)):
                out.write(("\n".join(part) + "\n").encode("utf-8", "backslashreplace"))
                count += len(part)
                progress(count)
                await asyncio.sleep(0)
    except BaseException:
        os.unlink(file)
        raise
    return count


def why_not_saved(error: OSError, file: Path, order: str = "save") -> str:
    """Explain in a sentence why a file could not be written, and suggest another file name.

    `order` is the order that the suggestion names.
    """
    name = visible_text(str(file))
    another = f"Choose another name: :{ACTIONS[order].name} FILE."
    if isinstance(error, FileExistsError):
        return f"{name} already exists and was not overwritten. {another}"
    if isinstance(error, FileNotFoundError):
        return f"The folder for {name} does not exist. {another}"
    reason = visible_text(error.strerror or str(error))
    return f"{name} could not be written: {reason}. {another}"
