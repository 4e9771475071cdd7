"""The journal loses nothing that happened, and keeps nothing that is secret."""

from __future__ import annotations

import asyncio
import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from heloscope.session.events import CLIENT, SERVER, Cause, Connected, Disconnected, Note
from heloscope.session.protocol.conversation import Conversation
from heloscope.session.record import journal as module
from heloscope.session.record.journal import Journal
from heloscope.session.record.transcript import Transcript
from support.journals import Told, begin, lines_of, text_of
from support.scripts import OPENED, READY_FOR_DATA, observe
from support.servers import serving


def test_the_file_and_its_folder_are_the_users_alone(tmp_path: Path):
    before = os.umask(0)
    try:
        journal = begin(Conversation(), tmp_path / "state" / "journal")
    finally:
        os.umask(before)
    assert journal.path is not None
    assert journal.path.stat().st_mode & 0o777 == 0o600
    assert journal.path.parent.stat().st_mode & 0o777 == 0o700
    journal.close()


def test_every_row_and_fact_is_there_as_it_happens(tmp_path: Path):
    talk = Conversation()
    talk.note(Connected(1.0, "mail.example:25", "192.0.2.1:25", "192.0.2.2:4000"))
    journal = begin(talk, tmp_path)
    observe("S: 220 ready\nC: NOOP\nS: 250 ok", talk)
    talk.note(Note(5.0, "edited", "changed by hand"))
    talk.note(Disconnected(6.0, Cause.RESET, "the server reset the connection"))
    header, *rest = lines_of(journal.path)
    assert header["heloscope"] == 1
    assert header["target"] == "mail.example:25"
    assert header["began"] == talk.transcript.anchor[0]
    assert [(line.get("from") or line["fact"], line.get("text")) for line in rest] == [
        ("connected", None),
        ("S", "220 ready\r\n"),
        ("C", "NOOP\r\n"),
        ("S", "250 ok\r\n"),
        ("note", "changed by hand"),
        ("disconnected", None),
    ]
    assert rest[0]["address"] == "192.0.2.1:25"
    assert rest[-1]["cause"] == "reset"
    journal.close()


def test_writing_can_be_postponed_until_the_events_are_processed(tmp_path: Path):
    due: list[Any] = []
    talk = Conversation()
    journal = begin(talk, tmp_path, soon=due.append)
    due.clear()
    observe("S: 220 ready\nC: NOOP", talk)
    assert len(lines_of(journal.path)) == 1
    assert len(due) == 1
    due.pop()()
    assert len(lines_of(journal.path)) == 3
    talk.feed(SERVER, b"250 " + b"x" * 60_000 + b"\r\n250 " + b"x" * 9000 + b"\r\n", 9.0)
    assert len(lines_of(journal.path)) == 5  # too much to wait with
    journal.close()


def test_nothing_waits_when_there_is_much_to_write(tmp_path: Path):
    due: list[Any] = []
    talk = Conversation()
    journal = begin(talk, tmp_path, soon=due.append)
    due.clear()
    talk.feed(SERVER, b"250 one of the many lines that come at once\r\n" * 1600, 9.0)
    assert len(lines_of(journal.path)) == 1601
    journal.close()


def collecting(talk: Conversation, where: Path) -> tuple[Journal, list[Any]]:
    due: list[Any] = []
    journal = begin(talk, where, soon=due.append)
    due.clear()
    return journal, due


def test_what_is_collected_is_what_would_be_written_at_once(tmp_path: Path):
    talk = Conversation()
    (tmp_path / "at once").mkdir()
    (tmp_path / "later").mkdir()
    at_once = begin(talk, tmp_path / "at once")
    later, _ = collecting(talk, tmp_path / "later")
    talk.note(Connected(0.5, "mail.example", "192.0.2.1"))
    observe(f"{OPENED}\n{READY_FOR_DATA}", talk)
    talk.feed(CLIENT, b"\xff\xfe\r\n" + b"a line of it\r\n" * 50_000 + b".\r\n", 8.0)
    talk.feed(SERVER, b"250 o", 8.5)
    talk.feed(SERVER, b"k\r\n", 9.0)
    talk.note(Disconnected(9.5, Cause.CLOSED_BY_SERVER))
    at_once.close()
    later.close()
    assert at_once.path is not None
    assert later.path is not None
    lines = at_once.path.read_bytes().splitlines()
    assert later.path.read_bytes().splitlines() == lines
    assert len(lines) > 20


def test_what_was_collected_is_written_before_it_is_shown(tmp_path: Path):
    talk = Conversation()
    journal, due = collecting(talk, tmp_path)
    observe("S: 220 ready\nC: NOOP", talk)
    assert len(lines_of(journal.path)) == 1
    journal.flush()
    assert [text_of(line) for line in lines_of(journal.path)[1:]] == [b"220 ready\r\n", b"NOOP\r\n"]
    for callback in due:  # it was asked for before
        callback()
    assert len(lines_of(journal.path)) == 3
    journal.close()


def test_the_end_of_a_journal_writes_what_was_collected(tmp_path: Path):
    talk = Conversation()
    journal, _ = collecting(talk, tmp_path)
    observe("S: 220 ready\nC: NOOP", talk)
    journal.close()
    assert len(lines_of(journal.path)) == 3


def test_a_secret_that_is_learnt_before_it_is_written_is_masked(tmp_path: Path):
    talk = Conversation()
    journal, _ = collecting(talk, tmp_path)
    observe("S: 220 ready\nC: VRFY swordfish", talk)
    talk.transcript.secrets.add(b"swordfish")
    observe("S: 252 swordfish", talk)
    journal.close()
    assert journal.path is not None
    assert b"swordfish" not in journal.path.read_bytes()
    assert text_of(lines_of(journal.path)[2]).startswith(b"VRFY *")


def test_bytes_that_are_not_utf_8_survive(tmp_path: Path):
    talk = Conversation()
    journal = begin(talk, tmp_path)
    said = bytes(range(256)) + b"\n"
    talk.feed(SERVER, said, 1.0)
    talk.feed(CLIENT, "NOOP \u00e9\u2028\x00\r\n".encode(), 2.0)
    journal.close()
    _, *rest = lines_of(journal.path)
    assert b"".join(text_of(line) for line in rest if line["from"] == "S") == said
    assert b"".join(text_of(line) for line in rest if line["from"] == "C") == (
        "NOOP \u00e9\u2028\x00\r\n".encode()
    )


@pytest.mark.parametrize(
    "script",
    [
        "C: AUTH PLAIN AGFsaWNlAHdvbmRlcmxhbmQ=\nS: 535 AGFsaWNlAHdvbmRlcmxhbmQ= wonderland",
        "C: AUTH PLAIN\nC: AGFsaWNlAHdvbmRlcmxhbmQ=\nS: 334 \nS: 535 wonderland",
        (
            "C: AUTH LOGIN\nS: 334 VXNl\nC: YWxpY2U=\nS: 334 UGFz\nC: d29uZGVybGFuZA==\nS: 535 "
            "d29uZGVybGFuZA==\nC: NOOP wonderland\nS: 250 wonderland"
        ),
    ],
)
def test_no_secret_gets_into_the_file(tmp_path: Path, script: str):
    talk = Conversation()
    journal = begin(talk, tmp_path)
    observe("S: 220 hi\nC: EHLO me\nS: 250 AUTH PLAIN LOGIN\n" + script, talk)
    journal.close()
    assert journal.path is not None
    kept = journal.path.read_text()
    for secret in ("wonderland", "AGFsaWNlAHdvbmRlcmxhbmQ", "d29uZGVybGFuZA", "YWxpY2U"):
        assert secret not in kept
    assert kept.count('"secret":true') == script.count("C: ") - script.count("NOOP")


def test_a_long_message_is_one_line_of_many_rows(tmp_path: Path):
    talk = observe(READY_FOR_DATA + "C: DATA\nS: 354 go")
    journal = begin(talk, tmp_path)
    message = b"a line of the message\r\n" * 1000
    talk.feed(CLIENT, message + b".\r\n", 9.0)
    journal.close()
    block, dot = lines_of(journal.path)[-2:]
    assert (block["rows"], block["kind"], block["text"]) == (1000, "body", message.decode())
    assert dot["text"] == ".\r\n"
    assert "kind" not in dot


# A disk that is full, a folder that cannot be written


def test_a_full_disk_is_reported_tried_again_and_reported_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    talk, told = Conversation(), Told()
    journal = begin(talk, tmp_path, told)
    write = os.write
    tries = []

    def full(fd: int, data: bytes) -> int:
        tries.append(fd)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    observe("S: 220 ready\nC: NOOP\nS: 250 one", talk)
    assert len(tries) == 3
    assert told == [
        (
            f"This conversation is not being recorded: No space left on device ({journal.path}). "
            "Writing will be tried again."
        )
    ]
    monkeypatch.setattr(os, "write", write)
    observe("C: NOOP", talk)
    assert told[1:] == ["The conversation is being recorded again; nothing is missing."]
    assert [line["text"] for line in lines_of(journal.path)[1:]] == [
        "220 ready\r\n", "NOOP\r\n", "250 one\r\n", "NOOP\r\n",
    ]  # fmt: skip
    journal.close()
    assert len(told) == 2


def test_what_a_full_disk_loses_is_counted_and_noted_in_the_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(module, "UNWRITTEN", 200)
    talk, told = Conversation(), Told()
    journal = begin(talk, tmp_path, told)

    def full(fd: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        observe("S: 220 ready\nC: NOOP\nS: 250 one\nC: NOOP two\nS: 250 two\nC: NOOP 3", talk)
    observe("S: 250 three", talk)
    journal.close()
    kept = lines_of(journal.path)[1:]
    [gap] = [line for line in kept if line.get("fact") == "note"]
    missing = 7 - (len(kept) - 1)
    assert missing > 0
    assert gap["kind"] == "missing"
    assert gap["text"] == f"{missing} lines are missing here, because the disk accepted no data"
    assert told[1] == f"The conversation is being recorded again; {missing} lines are missing."
    assert kept[-1]["text"] == "250 three\r\n"


def test_an_end_that_could_not_be_written_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    talk, told = Conversation(), Told()
    journal = begin(talk, tmp_path, told)

    def full(fd: int, data: bytes) -> int:
        raise OSError(errno.EDQUOT, "Disk quota exceeded")

    monkeypatch.setattr(os, "write", full)
    observe("S: 220 ready", talk)
    journal.close()
    assert told[-1] == "The end of this conversation was not recorded: the disk accepted no data."


def test_a_partial_write_is_continued(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: write(fd, data[:7]))
    talk, told = Conversation(), Told()
    journal = begin(talk, tmp_path, told)
    observe("S: 220 ready\nC: NOOP", talk)
    journal.close()
    assert [line["text"] for line in lines_of(journal.path)[1:]] == ["220 ready\r\n", "NOOP\r\n"]
    assert told == []


def test_a_folder_that_cannot_be_made_is_reported_and_the_conversation_continues(tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    talk, told = Conversation(), Told()
    journal = begin(talk, tmp_path / "file" / "journal", told)
    observe("S: 220 ready\nC: NOOP", talk)
    journal.close()
    assert journal.path is None
    [sentence] = told
    assert sentence.startswith("This conversation is not being recorded: Not a directory (")
    assert str(tmp_path) in sentence


def test_a_folder_that_may_not_be_written_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def denied(path: object, *_: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(os, "open", denied)
    told = Told()
    assert begin(Conversation(), tmp_path, told).path is None
    assert "Permission denied" in told[0]


def test_recordings_are_made_on_a_file_system_without_locks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def no_locks(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", no_locks)
    talk, told = Conversation(), Told()
    journal = begin(talk, tmp_path, told)
    observe("S: 220 ready", talk)
    journal.close()
    assert told == []
    assert len(lines_of(journal.path)) == 2


@pytest.mark.parametrize("target", ["../../etc/passwd", "", "\x00\x1b[2J", "a" * 300, "-rf *"])
def test_any_target_makes_a_name_of_a_file_in_the_folder(tmp_path: Path, target: str):
    journal = Journal.begin(Conversation().transcript, target, Told(), where=tmp_path)
    assert journal.path is not None
    assert journal.path.parent == tmp_path
    assert journal.path.name.isascii()
    assert " " not in journal.path.name
    assert [path.name for path in tmp_path.iterdir()] == [journal.path.name]
    journal.close()


# Processes

RECORDS = """
import asyncio, sys
from collections.abc import Callable
from pathlib import Path
from heloscope.session import Session
from heloscope.session.record.journal import Journal
from heloscope.session.record.label import Label, put_label
from heloscope.session.record.notes import notes_file

async def main(port, where, name):
    session = Session("127.0.0.1", port)
    loop = asyncio.get_running_loop()
    Journal.begin(session.transcript, f"127.0.0.1:{port}", print, where=where, soon=loop.call_soon)
    await session.connect()
    for number in range(1000):
        await session.docmd(f"NOOP {name} {number}")

asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]))
"""


async def test_two_processes_record_at_once_and_a_kill_loses_nothing_that_was_answered(
    tmp_path: Path,
):
    heard: dict[bytes, list[bytes]] = {}
    enough = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        while line := await reader.readline():
            lines = heard.setdefault(line.split()[1], [])
            lines.append(line)
            if len(lines) == 50:  # it waits for an answer now, and will be killed in its wait
                if [len(lines) for lines in heard.values()] == [50, 50]:
                    enough.set()
                await asyncio.Event().wait()
            writer.write(b"250 " + line)

    async with serving(serve) as port:
        processes = [
            await asyncio.create_subprocess_exec(
                sys.executable, "-c", RECORDS, str(port), str(tmp_path), name
            )
            for name in ("one", "two")
        ]
        try:
            await asyncio.wait_for(enough.wait(), 30)
        finally:
            for process in processes:
                process.kill()
                await process.wait()
    recorded: dict[bytes, list[dict[str, Any]]] = {}
    for name in os.listdir(tmp_path):
        rows = [line for line in lines_of(tmp_path / name) if "from" in line]
        recorded[text_of(rows[1]).split()[1]] = rows
    assert set(recorded) == {b"one", b"two"}
    for who, rows in recorded.items():
        answers = [text_of(row) for row in rows if row["from"] == "S"]
        commands = [text_of(row) for row in rows if row["from"] == "C"]
        assert answers == [b"220 ready\r\n", *(b"250 " + line for line in heard[who][:49])]
        assert commands in (heard[who], heard[who][:49])  # the last one was on its way


def test_a_full_disk_is_tried_once_a_batch_and_with_little(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    talk, told = Conversation(), Told()
    due: list[Callable[[], object]] = []
    journal = Journal.begin(talk.transcript, "x", told, where=tmp_path, soon=due.append)
    tries: list[int] = []

    def full(fd: int, data: bytes) -> int:
        tries.append(len(data))
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        for _ in range(3):
            talk.feed(SERVER, b"250-" + b"x" * 900 + b"\r\n", 1)
            talk.feed(SERVER, (b"250-" + b"x" * 900 + b"\r\n") * 500, 1)
            while due:
                due.pop()()
    assert 3 <= len(tries) <= 9  # of 1,503 lines
    assert all(size <= 4096 for size in tries[1:])
    journal.close()
    assert len(lines_of(journal.path)) == 1 + 3 * 501


def test_a_password_in_the_target_or_in_what_ended_it_is_not_recorded(tmp_path: Path):
    talk = observe(OPENED)
    talk.transcript.secrets.add(b"wonderland")
    journal = Journal.begin(
        talk.transcript, "smtp://alice:wonderland@host", lambda _: None, where=tmp_path
    )
    talk.note(Disconnected(9.0, Cause.RESET, "reset by wonderland"))
    journal.close()
    assert journal.path is not None
    assert "wonderland" not in journal.path.name
    text = journal.path.read_text()
    assert '"target":"smtp://alice:********@host"' in text
    assert "reset by ********" in text
    assert "wonderland" not in text


def test_a_journal_continues_with_the_connections_that_follow(tmp_path: Path):
    first = Conversation()
    journal, due = collecting(first, tmp_path)
    observe("S: 220 one", first)
    second = Conversation(Transcript(heard_by=first.transcript))
    observe("S: 220 two\nC: NOOP", second)
    first.note(Disconnected(9.5, Cause.CLOSED_BY_SERVER))
    assert len(due) == 1
    due.pop()()
    observe("S: 250 ok", second)
    journal.close()
    texts = [line.get("text", line.get("fact")) for line in lines_of(journal.path)[1:]]
    assert texts == ["220 one\r\n", "disconnected", "220 two\r\n", "NOOP\r\n", "250 ok\r\n"]
