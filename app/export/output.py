"""Writes an export to a new file, possibly in a thread, or returns its beginning as a preview.

If a file cannot be written completely, or if writing it is stopped, the file is removed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from pathlib import Path

from ...session.plural import plural
from ...session.private_file import create
from ...session.visible import visible
from .formats import EXPORTS
from .source import ExportSource

PREVIEWED = 8_000  # octets of the preview
_AS_TEXT = ("html", "svg", "pcapng")
"""Formats that are not readable as text. The preview shows the text export instead."""
_EVERY = 200  # parts after which progress is reported


class Stopped(Exception):
    """Raised when the writing of an export has been stopped."""


class NoMessage(ValueError):
    """Raised when there is no message to write. The text of the exception is one sentence."""


def files_of(
    sources: Sequence[ExportSource], form: str, path: Path
) -> list[tuple[Path, Callable[[], Iterator[bytes]]]]:
    """Return the paths of an export's files, each with a function that yields the file's content.

    There is one file in all, or one per message (.eml) or conversation. Raises NoMessage if there
    is no message to export.
    """
    chosen = EXPORTS[form]
    parts: list[Callable[[], Iterator[bytes]]] = []
    if form == "eml":
        from .eml import eml, messages

        for source in sources:
            count = len(messages(source.conversation.transcript))
            parts += [partial(eml, source, number) for number in range(1, count + 1)]
        if not parts:
            raise NoMessage("No message was sent, so there is nothing to export.")
    elif len(sources) > 1 and chosen.together is not None:
        parts = [partial(chosen.together, sources)]
    else:
        parts = [partial(chosen.render, source) for source in sources]
    if len(parts) == 1:
        return [(path, parts[0])]
    return [
        (path.with_name(f"{path.stem}-{number}{path.suffix}"), part)
        for number, part in enumerate(parts, 1)
    ]


def write_parts(
    parts: Iterable[bytes],
    path: Path,
    progress: Callable[[int], object] = lambda octets: None,
    stopped: Callable[[], bool] = lambda: False,
) -> int:
    """Write the parts to a new file and return its size in octets.

    `progress` is called from time to time with the number of octets written. Raises FileExistsError
    if the file exists, OSError if it cannot be written, and Stopped once `stopped` returns true.
    """
    fd = create(path)
    size = 0
    try:
        with os.fdopen(fd, "wb") as out:
            for number, part in enumerate(parts, 1):
                out.write(part)
                size += len(part)
                if number % _EVERY == 0:
                    if stopped():
                        raise Stopped
                    progress(size)
    except BaseException:
        os.unlink(path)
        raise
    return size


def preview(
    sources: Sequence[ExportSource], form: str, stopped: Callable[[], bool]
) -> tuple[str, str]:
    """Return a summary ("" if none is needed) and the beginning of the export, as safe text.

    Raises Stopped once `stopped` returns true.
    """
    about = ""
    shown = "text" if form in _AS_TEXT else form
    if form in _AS_TEXT:
        about = f"The {EXPORTS[form].suffix[1:]} file will show these lines:"
    if form == "eml":
        from .eml import messages

        having = [each for each in sources if messages(each.conversation.transcript)]
        count = sum(len(messages(each.conversation.transcript)) for each in having)
        if not count:
            return "No message was sent.", ""
        sources = having
        if count > 1:
            about = f"{plural(count, '{} message')}, each in its own file. The first:"
    elif len(sources) > 1 and EXPORTS[form].together is None:
        about = f"{plural(len(sources), '{} connection')}, each in its own file. The first:"
        sources = sources[:1]
    found = bytearray()
    for part in chain.from_iterable(map(EXPORTS[shown].render, sources)):
        if stopped():
            raise Stopped
        found += part
        if len(found) > PREVIEWED:
            break
    lines = bytes(found[:PREVIEWED]).split(b"\n")
    cut = len(found) > PREVIEWED
    texts = [visible(line.removesuffix(b"\r")) for line in lines]
    if cut:
        texts[-1] = "…"
    return about, "\n".join(texts).rstrip("\n")
