"""A recording with a cut, garbage or an endless line is read as far as possible."""

from __future__ import annotations

import tempfile
from pathlib import Path

from heloscope.session.protocol.replay import replay
from heloscope.session.record.notes import Notes, handout
from heloscope.session.record.reader import LONGEST, Recording, RecordingError
from hypothesis import given, settings
from hypothesis import strategies as st
from support.recorded import a_talk

LINES = list(handout(a_talk().transcript, "mail.example.org", Notes()))
DATA = b"".join(LINES)
HEADER = len(LINES[0])


def rows(data: bytes) -> tuple[list[bytes], list[str]]:
    """Return the rows that are read from a file, and what is reported about the rest.

    Raises RecordingError if the file has no valid header.
    """
    with tempfile.NamedTemporaryFile(suffix=".jsonl") as file:
        Path(file.name).write_bytes(data)
        with Recording(file.name) as recording:
            talk = replay(recording)
            return [row.data for row in talk.transcript], recording.problems


WHOLE, _ = rows(DATA)


@settings(max_examples=200, deadline=None)
@given(st.integers(HEADER, len(DATA)))
def test_cut_at_any_octet_all_whole_lines_are_there(end: int):
    found, problems = rows(DATA[:end])
    assert found == WHOLE[: len(found)]
    lines = DATA[:end].count(b"\n")
    whole, _ = rows(b"".join(LINES[:lines]))
    assert len(found) >= len(whole)
    at_end = DATA[:end].endswith(b"\n") or len(found) > len(whole)
    torn = DATA[:end].rsplit(b"\n", 1)[1]
    if torn and not at_end and b'"from"' in torn:
        assert problems == [f"The last line, {lines + 1}, is incomplete."]


@settings(max_examples=200, deadline=None)
@given(st.integers(HEADER, len(DATA) - 1), st.binary(min_size=1, max_size=40))
def test_garbage_between_lines_leaves_out_itself_alone(at: int, garbage: bytes):
    start = DATA.rfind(b"\n", 0, at) + 1
    found, problems = rows(
        DATA[:start] + b"\x00" + garbage.replace(b"\n", b"") + b"\n" + DATA[start:]
    )
    assert found == WHOLE
    assert len(problems) == 1
    assert problems[0].endswith("cannot be read and was skipped.")


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_changed_octets_never_raise_anything_else(data: st.DataObject):
    changed = bytearray(DATA)
    for _ in range(data.draw(st.integers(1, 12))):
        changed[data.draw(st.integers(0, len(DATA) - 1))] = data.draw(st.integers(0, 255))
    try:
        rows(bytes(changed))
    except RecordingError as error:
        assert str(error).endswith(".")


def test_an_endless_line_is_omitted_and_the_next_one_is_read(tmp_path: Path):
    path = tmp_path / "long.jsonl"
    with path.open("wb") as file:
        file.write(LINES[0])
        file.write(b'{"at": 0.1, "from": "S", "text": "')
        for _ in range(LONGEST // (1 << 20)):
            file.write(b"x" * (1 << 20))
        file.write(b'"}\n' + b"".join(LINES[1:]))
    with Recording(path) as recording:
        found = [row.data for row in replay(recording).transcript]
        problems = recording.problems
    assert found == WHOLE
    assert problems == ["Line 2 cannot be read and was skipped."]
