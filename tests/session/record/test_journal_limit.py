"""The limit on recordings: which ones are removed, and what a recording that is too long omits."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from heloscope.session.events import CLIENT, SERVER, Cause, Disconnected
from heloscope.session.protocol.conversation import Conversation
from heloscope.session.record import journal as module
from heloscope.session.record.label import Label, put_label
from heloscope.session.record.notes import notes_file
from support.journals import Told, begin, lines_of, text_of
from support.scripts import READY_FOR_DATA, observe

# The limit


def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CHECK", 100)


def finished(where: Path, name: str, octets: int, age: int) -> Path:
    path = where / f"{name}.jsonl"
    path.write_bytes(b"x" * octets)
    os.utime(path, (1_000_000_000 - age, 1_000_000_000 - age))
    return path


def test_the_oldest_finished_journals_go_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    small(monkeypatch)
    oldest = finished(tmp_path, "b", 4000, age=3)
    older = finished(tmp_path, "c", 4000, age=2)
    old = finished(tmp_path, "a", 4000, age=1)
    other = tmp_path / "notes.txt"
    other.write_bytes(b"x" * 9000)
    journal = begin(Conversation(), tmp_path, limit=9000)
    assert [path.exists() for path in (oldest, older, old, other)] == [False, True, True, True]
    journal.close()


def test_a_journal_that_is_being_written_is_never_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    small(monkeypatch)
    running = begin(Conversation(), tmp_path)
    other = begin(Conversation(), tmp_path, limit=10)
    assert running.path is not None
    assert running.path.exists()
    assert running.path != other.path
    running.close()
    third = begin(Conversation(), tmp_path, limit=10)
    assert not running.path.exists()
    third.close()
    other.close()


def test_room_is_made_while_a_journal_grows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    small(monkeypatch)
    old = finished(tmp_path, "old", 5000, age=1)
    talk = Conversation()
    journal = begin(talk, tmp_path, limit=8000)
    assert old.exists()
    for _ in range(60):
        talk.feed(SERVER, b"250 a reply that nobody asked for\r\n", 1.0)
    assert not old.exists()
    journal.close()


def test_beyond_the_limit_a_message_leaves_its_length_and_digest_and_that_is_reported_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    small(monkeypatch)
    talk = observe(READY_FOR_DATA + "C: DATA\nS: 354 go")
    told = Told()
    journal = begin(talk, tmp_path, told, limit=4_000_000)
    kept = b"kept\r\n" * 500
    message = b"a line of the message\r\n" * 200_000
    talk.feed(CLIENT, kept, 8.0)
    for start in range(0, len(message), 100_000):
        talk.feed(CLIENT, message[start : start + 100_000], 9.0)
    talk.feed(CLIENT, b".\r\n", 10.0)
    observe("S: 250 ok\nC: NOOP\nS: 250 ok", talk)
    journal.close()
    [sentence] = told
    assert sentence.startswith("The journals have reached 4 MB, so only the length ")
    body = [line for line in lines_of(journal.path) if line.get("kind") == "body"]
    *whole, last = body
    said = "".join(line["text"] for line in whole).encode()
    assert said.startswith(kept)
    rest = (kept + message)[len(said) :]
    assert last["octets"] == len(rest)
    assert last["sha256"] == hashlib.sha256(rest).hexdigest()
    assert last["rows"] + sum(line.get("rows", 1) for line in whole) == 200_500
    assert "text" not in last
    assert [line["text"] for line in lines_of(journal.path)[-4:]] == [
        ".\r\n", "250 ok\r\n", "NOOP\r\n", "250 ok\r\n",
    ]  # fmt: skip


def test_a_message_that_is_cut_off_while_it_is_omitted_has_its_line_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    small(monkeypatch)
    talk = observe(READY_FOR_DATA + "C: DATA\nS: 354 go")
    journal = begin(talk, tmp_path, limit=10)
    talk.feed(CLIENT, b"a line\r\n", 9.0)
    journal.close()
    assert lines_of(journal.path)[-1]["sha256"] == hashlib.sha256(b"a line\r\n").hexdigest()


def test_beyond_the_limit_no_row_of_either_side_makes_the_journal_grow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    small(monkeypatch)
    monkeypatch.setattr(module, "BEYOND", 5_000)
    talk = observe("S: 220 hi")
    told = Told()
    journal = begin(talk, tmp_path, told, limit=50_000)
    said = b"250-" + b"x" * 60_000 + b"\r\n"
    for _ in range(20):
        talk.feed(SERVER, said, 1.0)
    talk.feed(SERVER, b"250 end\r\n", 1.0)
    for _ in range(500):
        talk.feed(CLIENT, b"NOOP\r\n", 2.0)
        talk.feed(SERVER, b"250 ok\r\n", 2.0)
    talk.note(Disconnected(3.0, Cause.CLOSED_BY_SERVER, "the end"))
    journal.close()
    assert journal.path is not None
    assert journal.path.stat().st_size < 60_000
    assert len(told) == 1
    lines = lines_of(journal.path)
    assert next(line["octets"] for line in lines if "sha256" in line) == 20 * len(said)
    assert lines[-1]["fact"] == "disconnected"
    heard = sum(line.get("rows", 1) for line in lines if line.get("from") == "S")
    typed = sum(line.get("rows", 1) for line in lines if line.get("from") == "C")
    assert (heard, typed) == (1 + 20 + 1 + 500, 500)
    whole = b"220 hi\r\n" + said * 20 + b"250 end\r\n" + b"250 ok\r\n" * 500
    octets = sum(
        line["octets"] if "octets" in line else len(text_of(line))
        for line in lines
        if line.get("from") == "S"
    )
    assert octets == len(whole)


def test_the_digest_of_omitted_text_is_not_that_of_a_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    small(monkeypatch)
    monkeypatch.setattr(module, "BEYOND", 0)
    talk = observe("S: 220 hi")
    journal = begin(talk, tmp_path, limit=10)
    observe("C: AUTH PLAIN AGFsaWNlAHNlY3JldC13b3Jk\nS: 235 in", talk)
    journal.close()
    [line] = [line for line in lines_of(journal.path) if line.get("from") == "C"]
    secret = b"AUTH PLAIN AGFsaWNlAHNlY3JldC13b3Jk\r\n"
    masked = talk.transcript.masked(1)
    assert secret not in masked
    assert line["sha256"] == hashlib.sha256(masked).hexdigest()


def test_a_pinned_journal_is_never_removed_and_takes_no_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    small(monkeypatch)
    pinned = finished(tmp_path, "a", 8000, age=9)
    put_label(pinned, Label("the one with the fault", pinned=True))
    older = finished(tmp_path, "b", 4000, age=2)
    old = finished(tmp_path, "c", 4000, age=1)
    journal = begin(Conversation(), tmp_path, limit=13_000)
    assert [path.exists() for path in (pinned, older, old)] == [True, True, True]
    journal.close()


def test_removing_a_journal_removes_its_notes_and_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    small(monkeypatch)
    old = finished(tmp_path, "a", 8000, age=9)
    put_label(old, Label("old"))
    notes_file(old).write_bytes(b"{}")
    journal = begin(Conversation(), tmp_path, limit=8000)
    assert [path for path in tmp_path.iterdir() if path.name.startswith(old.name)] == []
    journal.close()
