"""A teacher's notes: next to a recording, and within a handout."""

from __future__ import annotations

import os
from pathlib import Path

from heloscope.session.events import TlsStarted
from heloscope.session.protocol.conversation import Conversation
from heloscope.session.protocol.replay import replaying
from heloscope.session.record.masked_events import MaskedEvents
from heloscope.session.record.masks import Masking
from heloscope.session.record.notes import LONGEST, Notes, handout, notes_file
from heloscope.session.record.reader import Recording
from heloscope.session.record.stand_ins import StandIns
from support.scripts import observe

TALK = """
    S: 220 mail.example.org ready
    C: EHLO me
    S: 250-mail.example.org
    S: 250 SIZE
    C: QUIT
    S: 221 bye
"""


def test_a_named_pipe_next_to_the_recording_is_reported_and_not_waited_for(tmp_path: Path):
    path = notes_file(tmp_path / "talk.jsonl")
    os.mkfifo(path)
    notes = Notes(path)
    notes.load()
    assert list(notes) == []
    assert notes.problem == (f"Cannot read the notes: it is a named pipe, not a file ({path}).")


def test_notes_are_kept_in_a_file_next_to_the_recording(tmp_path: Path):
    path = notes_file(tmp_path / "talk.jsonl")
    assert path.name == "talk.jsonl.notes.jsonl"
    notes = Notes(path)
    notes.load()
    notes.put(2, "What does it offer?")
    notes.put(0, "The greeting")
    notes.put(1, "gone")
    notes.put(1, "")
    notes.save()
    again = Notes(path)
    again.load()
    assert list(again) == [(0, "The greeting"), (2, "What does it offer?")]
    assert again.at(2) == "What does it offer?"
    assert again.at(0, 2) == "The greeting\nWhat does it offer?"
    assert again.at(1) == ""
    assert again.problem == ""


def test_a_damaged_file_of_notes_is_read_as_far_as_it_goes(tmp_path: Path):
    path = tmp_path / "notes"
    path.write_bytes(b'{"row": 1, "text": "good"}\n{"row": "x"}\n\xff\n{"row": 3, "te')
    notes = Notes(path)
    notes.load()
    assert list(notes) == [(1, "good")]
    assert notes.problem == "3 of the notes cannot be read and were skipped."


def test_a_note_that_is_too_long_is_refused():
    notes = Notes()
    assert "at most 2,000 characters; this one has 2,001" in notes.put(0, "x" * (LONGEST + 1))
    assert list(notes) == []


def test_a_handout_contains_the_conversation_and_the_notes(tmp_path: Path):
    conversation = observe(TALK)
    notes = Notes()
    notes.put(0, "The greeting")
    notes.put(3, "One keyword")
    file = tmp_path / "handout.jsonl"
    file.write_bytes(b"".join(handout(conversation.transcript, "mail.example.org", notes)))
    again = Conversation()
    with Recording(file) as recording:
        found = [
            (len(again.transcript) - 1, note.text)
            for note in replaying(recording, again)
            if note is not None
        ]
        assert recording.problems == []
        assert recording.header.target == "mail.example.org"
    assert found == [(0, "The greeting"), (3, "One keyword")]
    assert [row.data for row in again.transcript] == [row.data for row in conversation.transcript]


def test_a_handout_with_masked_names_contains_no_certificate():
    talk = observe(TALK)
    talk.note(TlsStarted(9.0, "TLSv1.3", "X", (b"CN=mail.example.org",)))
    names = StandIns()
    masked = MaskedEvents(talk.transcript, Masking(addresses=True), "mail.example.org", names)
    file = b"".join(
        handout(talk.transcript, "mail.example.org", Notes(), names.mask_text, masked)
    ).decode()
    assert '"chain":[]' in file
    assert "example.org" not in file
    assert "220 host1.example ready" in file
