"""Saving what is on the screen as text: masked, a slice at a time, so that it can be given up."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from ...session.private_file import create
from ...session.visible import visible_text

SLICE = 4000  # lines between two looks at the rest of the program


def default_file() -> Path:
    """Where a transcript goes when no file is named."""
    return Path(time.strftime("heloscope-%Y%m%d-%H%M%S.txt"))


async def save_lines(lines: Iterator[str], file: Path, progress: Callable[[int], object]) -> int:
    """Write `lines` to a new file. Returns how many; raises OSError.

    A file that is there already is left alone (FileExistsError); one that is given up half way
    is removed.
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
    """One sentence on why a file could not be written, and what to try: `order` and another."""
    name = visible_text(str(file))
    if isinstance(error, FileExistsError):
        return f"{name} is there already, and was left alone. :{order} and another name saves."
    if isinstance(error, FileNotFoundError):
        return f"The folder of {name} does not exist. :{order} and another name saves."
    reason = visible_text(error.strerror or str(error))
    return f"{name} could not be written: {reason}. :{order} and another name may."
