"""A recording is read as far as possible, with its notes, and the user is told what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest
from heloscope.app.recordings.opened import OpenedRecording, OpenError, read_recording
from heloscope.session.record.masking import KnownSecrets
from heloscope.session.record.notes import Notes, notes_file
from support.recorded import NOTES, REFUSED, TALK, a_talk, recorded


async def read(path: Path) -> OpenedRecording:
    return await read_recording(str(path), KnownSecrets())


async def test_it_is_the_conversation_that_was_recorded(tmp_path: Path):
    opened = await read(recorded(tmp_path))
    assert opened.target == "mail.example.org"
    assert list(opened.conversation.transcript.events()) == list(a_talk().transcript.events())
    assert list(opened.notes) == list(NOTES)
    assert opened.missing == ""


async def test_the_notes_beside_it_replace_those_in_it(tmp_path: Path):
    path = recorded(tmp_path)
    beside = Notes(notes_file(path))
    beside.put(REFUSED, "Another word on it")
    beside.save()
    opened = await read(path)
    assert opened.notes.at(REFUSED) == "Another word on it"
    assert len(opened.notes) == 2


@pytest.mark.parametrize("cut", [7, 40, 200])
async def test_a_torn_file_is_read_up_to_there(tmp_path: Path, cut: int):
    path = recorded(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[:-cut])
    opened = await read(path)
    lines = whole[:-cut].count(b"\n") + 1
    assert opened.missing == f"The last line, {lines}, is incomplete."
    assert len(opened.conversation.transcript) >= len(TALK) - 2


async def test_many_damaged_lines_are_told_in_few_words(tmp_path: Path):
    path = recorded(tmp_path)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([lines[0], *[b"{damaged}\n"] * 9, *lines[1:]]))
    opened = await read(path)
    assert "Line 2 cannot be read and was skipped." in opened.missing
    assert opened.missing.endswith("6 more parts could not be read.")
    assert len(opened.conversation.transcript) == len(a_talk().transcript)


async def test_what_is_no_recording_gets_a_sentence(tmp_path: Path):
    path = tmp_path / "log"
    path.write_text("hello\n")
    with pytest.raises(OpenError, match="log cannot be opened: it is not a heloscope recording"):
        await read(path)
    with pytest.raises(OpenError, match=r"Cannot read .*No such file or directory"):
        await read(tmp_path / "missing")
    with pytest.raises(OpenError, match=r"Cannot read "):
        await read(tmp_path)


SAMPLES = Path(__file__).parents[2] / "session" / "foreign" / "samples"


async def test_the_log_of_another_tool_is_a_conversation_with_unknown_times():
    opened = await read(SAMPLES / "swaks.txt")
    assert (opened.format, opened.timed) == ("swaks", False)
    assert opened.target == "mx.example.org:25"
    assert opened.missing.startswith(
        "Read as a log from swaks. It does not show line endings and times."
    )
    rows = [line.data for line in opened.conversation.transcript]
    assert rows[0] == b"220 mx.example.org ESMTP ready\r\n"
    assert rows[-1] == b"221 2.0.0 Bye\r\n"


async def test_a_conversation_of_several_is_chosen_by_number():
    first = await read(SAMPLES / "capture-any-two.pcap")
    second = await read(Path(f"{SAMPLES}/capture-any-two.pcap#2"))
    assert (first.target, second.target) == ("127.0.0.25:587", "127.0.0.25:25")
    assert first.timed
    with pytest.raises(OpenError, match="has no conversation 3; it contains 2 conversations"):
        await read(Path(f"{SAMPLES}/capture-any-two.pcap#3"))


async def test_a_text_that_is_no_file_is_read():
    data = (SAMPLES / "telnet.txt").read_bytes()
    opened = await read_recording("-", KnownSecrets(), data)
    assert (opened.format, opened.target) == ("terminal", "mx.example.org")
