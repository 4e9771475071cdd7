"""The label that a user gives a recording: a name, and whether it is pinned.

It is kept in a small file next to the recording, `NAME.label.json`, so that it survives the loss of
the index and can be copied with the recording. It is separate from the notes, which belong to the
conversation and go into handouts. A pinned recording is not removed to make room for others.

    {"name": "greylisting at example.org", "pinned": true}
"""

from __future__ import annotations

import contextlib
import os
import re
from typing import TYPE_CHECKING

import msgspec

from ..private_file import read_all, replace

if TYPE_CHECKING:
    from pathlib import Path

SUFFIX = ".label.json"
NOTES = ".notes.jsonl"  # the end of the name of a file of teacher's notes (notes.py)
LONGEST = 60  # characters of a name
_FILE = 4096  # octets of the file
_UNFIT = r"[\x00-\x1f\x7f/]"


class Label(msgspec.Struct, frozen=True, omit_defaults=True):
    """The name and the pin of a recording; "" means no name."""

    name: str = ""
    pinned: bool = False


NO_LABEL = Label()
_decode = msgspec.json.Decoder(Label).decode


def label_file(recording: Path) -> Path:
    """The file next to a recording that contains its label."""
    return recording.with_name(recording.name + SUFFIX)


def label_of(recording: str | Path) -> Label:
    """The label of a recording; an empty one if there is none, or it cannot be read."""
    try:
        label = _decode(read_all(f"{recording}{SUFFIX}", _FILE))
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return NO_LABEL
    return label if not unfit(label.name) else Label("", label.pinned)


def unfit(name: str) -> str:
    """Why a recording cannot have this name, as a sentence; "" if it can (or has none)."""
    if len(name) > LONGEST:
        return f"A name may have {LONGEST} characters at most; this one has {len(name)}."
    if name.isdigit():
        return "A name of digits only would be a number in the list: add a letter or a word."
    if re.search(_UNFIT, name) or name != name.strip() or not name.isprintable():
        return "A name must not contain / or control characters, or begin or end with a space."
    return ""


def put_label(recording: Path, label: Label) -> None:
    """Save the label of a recording; an empty one removes the file. Raises OSError."""
    if label == NO_LABEL:
        label_file(recording).unlink(missing_ok=True)
    else:
        replace(label_file(recording), msgspec.json.encode(label) + b"\n")


def is_recording(name: str) -> bool:
    """Whether a file in the journal folder has the name of a recording, not of its notes."""
    return name.endswith(".jsonl") and not name.endswith(NOTES)


def remove_recording(recording: Path) -> None:
    """Remove a recording, then its notes and its label. Raises OSError if it cannot be removed."""
    os.unlink(recording)
    for suffix in (NOTES, SUFFIX):
        with contextlib.suppress(OSError):
            os.unlink(recording.with_name(recording.name + suffix))
