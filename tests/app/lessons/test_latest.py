"""The newest run of a lesson has one recording for each connection, all from one process."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from heloscope.app.lessons.facts import Began
from heloscope.app.lessons.latest import latest
from heloscope.app.lessons.marks import note_of
from heloscope.session.events import Connected
from heloscope.session.protocol.conversation import Conversation

BEGUN, NEXT = Began(1.0, "ehlo/one", anew=True), Began(1.0, "ehlo/two")


def recorded(folder: Path, *files: tuple[str, Began | None]) -> None:
    """Write recordings with one mark each, oldest first."""
    for at, (name, mark) in enumerate(files):
        conversation = Conversation()
        conversation.note(Connected(0.0, "practice", "127.0.0.1"))
        if mark is not None:
            conversation.note(note_of(mark))
        path = folder / f"20261129-12000{at}-practice-{name}.jsonl"
        path.write_text(conversation.transcript.to_jsonl())
        os.utime(path, (1_790_000_000 + at, 1_790_000_000 + at))


def found(folder: Path, lesson: str = "") -> list[str]:
    """Return the recordings of the newest run, oldest first, by the names given to `recorded`."""
    run = latest(folder, lesson)
    return [] if run is None else [p.stem.split("practice-")[1] for p in reversed(run.all)]


@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        ([("7", BEGUN), ("7-1", NEXT)], ["7", "7-1"]),
        ([("7", BEGUN), ("7-1", NEXT), ("7-2", BEGUN), ("7-3", NEXT)], ["7-2", "7-3"]),
        ([("7", BEGUN), ("8", BEGUN), ("8-1", NEXT)], ["8", "8-1"]),
        ([("7", BEGUN), ("8", BEGUN), ("7-1", NEXT)], ["7", "7-1"]),
        ([("7", BEGUN), ("7-1", None), ("7-2", NEXT), ("7-3", None)], ["7", "7-1", "7-2", "7-3"]),
        ([("7", None)], []),
    ],
    ids=["a run", "begun again", "another process", "two at once", "connected again", "no lesson"],
)
def test_a_run_has_the_recordings_since_its_lesson_was_begun(
    tmp_path: Path, files: list[tuple[str, Began | None]], wanted: list[str]
) -> None:
    recorded(tmp_path, *files)
    assert found(tmp_path) == wanted == found(tmp_path, "ehlo")
    assert found(tmp_path, "greeting") == []
