"""A secret that becomes known late is masked in the recordings and notes of this run."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from heloscope.session.protocol.conversation import Conversation
from heloscope.session.record.masked_again import mask_file
from heloscope.session.record.masking import KnownSecrets
from heloscope.session.record.notes import Notes, notes_file
from heloscope.session.record.running import is_finished, lock
from support.journals import begin, lines_of
from support.scripts import observe

SLIP = 'S: 220 ready\nC: wonder"land\nS: 500 unknown: wonder"land\nC: NOOP\nS: 250 ok'
SECRET = b'wonder"land'


def content(path: Path | None) -> str:
    assert path is not None
    return path.read_text()


def said(path: Path | None) -> list[str]:
    return [line["text"] for line in lines_of(path)[1:]]


def test_a_password_typed_as_a_command_is_masked_once_a_login_makes_it_known(tmp_path: Path):
    talk = Conversation()
    journal = begin(talk, tmp_path)
    observe(SLIP, talk)
    talk.transcript.secrets.add(SECRET)
    journal.flush()
    masked = [
        "220 ready\r\n",
        "********\r\n",
        "500 unknown: ********\r\n",
        "NOOP\r\n",
        "250 ok\r\n",
    ]
    assert said(journal.path) == masked
    assert journal.path is not None and not is_finished(journal.path)
    assert journal.path.stat().st_mode & 0o777 == 0o600
    observe("C: QUIT\nS: 221 bye", talk)
    journal.close()
    assert said(journal.path) == [*masked, "QUIT\r\n", "221 bye\r\n"]
    assert is_finished(journal.path)
    assert len(os.listdir(tmp_path)) == 1


def test_without_a_further_line_it_is_masked_at_the_end(tmp_path: Path):
    talk = Conversation()
    journal = begin(talk, tmp_path)
    observe(SLIP, talk)
    talk.transcript.secrets.add(SECRET)
    journal.close()
    assert "land" not in content(journal.path)


def test_recordings_of_earlier_connections_and_their_notes_are_masked_too(tmp_path: Path):
    first, second = Conversation(), Conversation()
    secrets = second.transcript.secrets = first.transcript.secrets
    before = begin(first, tmp_path)
    observe(SLIP, first)
    before.close()
    assert before.path is not None
    notes = Notes(notes_file(before.path), secrets.mask_text)
    notes.put(1, 'typed by mistake: wonder"land')
    notes.save()
    now = begin(second, tmp_path)
    secrets.add(SECRET)
    now.flush()
    assert "land" not in content(before.path)
    assert json.loads(notes_file(before.path).read_bytes()) == {
        "row": 1,
        "text": "typed by mistake: ********",
    }
    notes.put(2, "another")
    notes.save()
    assert "land" not in notes_file(before.path).read_text()
    assert notes.at(1) == "typed by mistake: ********"
    now.close()


def test_a_recording_that_another_connection_writes_is_left_to_it(tmp_path: Path):
    first, second = Conversation(), Conversation()
    second.transcript.secrets = first.transcript.secrets
    other, own = begin(first, tmp_path), begin(second, tmp_path)
    observe(SLIP, first)
    first.transcript.secrets.add(SECRET)
    own.flush()
    observe("C: QUIT", first)
    other.flush()
    assert said(other.path)[-1] == "QUIT\r\n"
    assert "land" not in content(other.path)
    own.close()
    other.close()


@pytest.mark.parametrize(
    ("line", "masked"),
    [
        (b'{"text":"Pa\\"ss\\\\word"}\n', b'{"text":"********"}\n'),
        (b'{"base64":"/1BhInNzXHdvcmQ="}\n', b'{"base64":"/yoqKioqKioq"}\n'),
        (b'{"octets":3,"text":"other"}\n', b'{"octets":3,"text":"other"}\n'),
        (b'{"base64":"/1Bh"}\n', b'{"base64":"/1Bh"}\n'),
        (b'{"text":"UGEic3Ncd29yZA=="}\n', b'{"text":"********"}\n'),
    ],
    ids=["escaped", "no UTF-8", "another text", "other octets", "base64 of it"],
)
def test_what_is_masked_in_a_line(tmp_path: Path, line: bytes, masked: bytes):
    secrets = KnownSecrets()
    secrets.add(b'Pa"ss\\word')
    file = tmp_path / "x.jsonl"
    file.write_bytes(line)
    file.chmod(0o600)
    fd = mask_file(str(file), secrets)
    if fd >= 0:
        os.close(fd)
    assert file.read_bytes() == masked
    assert os.listdir(tmp_path) == ["x.jsonl"]


def test_a_line_that_was_cut_by_a_crash_is_masked_as_it_is(tmp_path: Path):
    secrets = KnownSecrets()
    secrets.add(b"wonderland")
    file = tmp_path / "x.jsonl"
    file.write_bytes(b'{"text":"wonderland')
    os.close(mask_file(str(file), secrets))
    assert file.read_bytes() == b'{"text":"********'


def test_a_copy_that_a_kill_has_left_is_removed_at_the_next_start(tmp_path: Path):
    first = begin(Conversation(), tmp_path)
    assert first.path is not None
    names = ["left", "young", "written", "linked", "mine.txt"]
    copies = {name: tmp_path / f"{name}.jsonl-a1b2_c3d" for name in names[:4]}
    copies |= {
        "mine.txt": tmp_path / "mine.txt",
        "notes": tmp_path / "x.jsonl.notes.jsonl-0123abcd",
    }
    for name, path in copies.items():
        if name == "linked":
            path.symlink_to(copies["mine.txt"])
        else:
            path.write_text("x")
            path.chmod(0o600)
        if name != "young":
            os.utime(path, (0, 0), follow_symlinks=False)
    with copies["written"].open("rb") as file:
        lock(file.fileno())
        begin(Conversation(), tmp_path)
    assert {name for name, path in copies.items() if path.is_symlink() or path.exists()} == {
        *("young", "written", "linked", "mine.txt")
    }
    assert first.path.exists()
