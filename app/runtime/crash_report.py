"""Reports an internal error, with one sentence on the screen and a report in a file.

A traceback on the screen does not help the user, and Textual's shows the values of variables,
including passwords. The report contains the error and where it occurred, frame by frame, without
values. The message of an error is masked, and omitted once a secret has been sent.
"""

from __future__ import annotations

import logging
import os
import platform
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import FrameType, TracebackType
from typing import cast

from ...session.events import SECRET
from ...session.private_file import create_with, make_folder, reason
from ...session.record.transcript import Transcript
from ...session.version import VERSION
from ...session.visible import visible_text

Mask = Callable[[str], str]
LEFT_OUT = "(message omitted, because a secret was sent)"
_OURS = "heloscope."
_LONGEST = 500  # characters of a message
_FRAMES = 20  # frames at each end of a traceback, which a recursion can make very long
_CAUSES = 10  # chained errors

log = logging.getLogger("heloscope.app")


def masker(transcripts: Iterable[Transcript], secret: bool = False) -> Mask:
    """Return a function that masks known secrets in an error message, or omits the message.

    `secret` is true if a secret that no transcript contains yet may have been typed.
    """
    known = list(transcripts)
    said = secret or any(
        transcript.flags(row) & SECRET for transcript in known for row in range(len(transcript))
    )

    def mask(text: str) -> str:
        if said:
            return LEFT_OUT
        data = text.encode("utf-8", "surrogateescape")
        for transcript in known:
            data = transcript.secrets.mask(data)
        return data.decode("utf-8", "surrogateescape")

    return mask


def described(error: BaseException, mask: Mask) -> list[str]:
    """Describe an error and its causes in lines: type, masked message, frames without values."""
    lines: list[str] = []
    told: set[int] = set()
    behind: list[tuple[str, BaseException]] = [("", error)]
    while behind and len(told) < _CAUSES:
        how, present = behind.pop(0)
        if id(present) in told:
            continue
        told.add(id(present))
        if how:
            lines += ["", how]
        lines.append(f"{type(present).__qualname__}: {_message(present, mask)}")
        lines += _frames(present.__traceback__)
        if isinstance(present, BaseExceptionGroup):
            group = cast(BaseExceptionGroup[BaseException], present)
            behind += [("an error of the group:", inner) for inner in group.exceptions]
        if present.__cause__ is not None:
            behind.append(("caused by:", present.__cause__))
        elif present.__context__ is not None and not present.__suppress_context__:
            behind.append(("during the handling of:", present.__context__))
    return lines


def place(error: BaseException) -> str:
    """Return where an error occurred, in heloscope's own code if possible: "app/app.py, line 7"."""
    where = ours = ""
    for frame, number in traceback.walk_tb(error.__traceback__):
        where = f"{_file(frame)}, line {number}"
        if frame.f_globals.get("__name__", "").startswith(_OURS):
            ours = where
    return ours or where


def stopped(error: BaseException, folder: Path, mask: Mask) -> str:
    """Write the report, and return a sentence for the screen. Never raises an exception."""
    where = place(error)
    what = type(error).__qualname__ + (f" in {where}" if where else "")
    sentence = f"heloscope stopped because of an internal error ({what}); "
    file = folder / time.strftime(f"crash-%Y%m%d-%H%M%S-{os.getpid()}.log")
    try:
        make_folder(folder)
        text = "\n".join([*_about(), *described(error, mask), ""])
        create_with(file, text.encode("utf-8", "backslashreplace"))
    except OSError as trouble:
        return f"{sentence}no report could be written: {reason(trouble, folder)}."
    return f"{sentence}a report, with secrets masked, is in {visible_text(str(file))}"


class MaskedFormatter(logging.Formatter):
    """Formats log lines without secrets or invisible characters.

    `mask` returns the mask for error messages; `known` masks known secrets.
    """

    def __init__(self, mask: Callable[[], Mask], known: Mask = lambda text: text) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._mask = mask
        self._known = known

    def format(self, record: logging.LogRecord) -> str:
        error = record.exc_info[1] if record.exc_info else None
        record.exc_text = "\n".join(described(error, self._mask())) if error is not None else None
        record.exc_info = None
        lines = self._known(super().format(record)).split("\n")
        return "\n".join(visible_text(line) for line in lines)


def _message(error: BaseException, mask: Mask) -> str:
    try:
        text = str(error)
    except Exception:
        return "(no message)"
    return visible_text(mask(text))[:_LONGEST]


def _frames(at: TracebackType | None) -> Iterator[str]:
    frames = list(traceback.walk_tb(at))
    left_out = len(frames) - 2 * _FRAMES
    for index, (frame, number) in enumerate(frames):
        if left_out > 0 and _FRAMES <= index < len(frames) - _FRAMES:
            if index == _FRAMES:
                yield f"  ... {left_out} more"
            continue
        code = frame.f_code
        yield f"  {_file(frame)}, line {number}, in {code.co_qualname}"


def _file(frame: FrameType) -> str:
    """Return the source file relative to its package, so that no user's folders are revealed."""
    name = str(frame.f_globals.get("__name__", ""))
    file = Path(frame.f_code.co_filename)
    if name in ("", "__main__"):
        return file.name
    parts = name.removeprefix(_OURS).split(".")
    return "/".join([*(parts if file.stem == "__init__" else parts[:-1]), file.name])


def _about() -> list[str]:
    import textual

    versions = f"heloscope {VERSION}, textual {textual.__version__}"
    system = f"Python {platform.python_version()}, {platform.system()}"
    terminal = f"TERM={visible_text(os.environ.get('TERM', ''))}"
    return [f"{versions}, {system}, {terminal}", time.strftime("%Y-%m-%d %H:%M:%S"), ""]
