"""The label that a user gives a recording: a name, and whether it is pinned.

It is stored in a small file next to the recording, `NAME.label.json`, so that it survives the loss
of the index and can be copied with the recording. It is separate from the notes, which belong to
the conversation and are part of handouts. A pinned recording is not removed to make room for
others.

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
    """The name of a recording, or "" if it has none, and whether the recording is pinned."""

    name: str = ""
    pinned: bool = False


NO_LABEL = Label()
_decode = msgspec.json.Decoder(Label).decode


def label_file(recording: Path) -> Path:
    """Return the path of the file next to a recording that contains its label."""
    return recording.with_name(recording.name + SUFFIX)


def label_of(recording: str | Path) -> Label:
    """Return the label of a recording, or an empty label if there is none that can be read."""
    try:
        label = _decode(read_all(f"{recording}{SUFFIX}", _FILE))
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return NO_LABEL
    return label if not unfit(label.name) else Label("", label.pinned)


def unfit(name: str) -> str:
    """Return a sentence that explains why a recording cannot have this name, or "" if it may."""
    if len(name) > LONGEST:
        return f"A name can have at most {LONGEST} characters; this one has {len(name)}."
    if name.isdigit():
        return "A name of digits only would be taken for a number: add a letter or a word."
    if re.search(_UNFIT, name) or name != name.strip() or not name.isprintable():
        return "A name must not contain / or control characters, or begin or end with a space."
    return ""


def put_label(recording: Path, label: Label) -> None:
    """Save the label of a recording; an empty label removes the file.

    Raises OSError if the file cannot be written or removed.
    """
    if label == NO_LABEL:
        label_file(recording).unlink(missing_ok=True)
    else:
        replace(label_file(recording), msgspec.json.encode(label) + b"\n")


def is_recording(name: str) -> bool:
    """Return whether a file in the journal folder is a recording, judging by its name."""
    return name.endswith(".jsonl") and not name.endswith(NOTES)


def remove_recording(recording: Path) -> None:
    """Remove a recording, then its notes and its label.

    Raises OSError if the recording cannot be removed.
    """
    os.unlink(recording)
    for suffix in (NOTES, SUFFIX):
        with contextlib.suppress(OSError):
            os.unlink(recording.with_name(recording.name + suffix))
