"""Long messages are moved from memory to a private file, and are read back from it."""

from __future__ import annotations

import os
import stat

import pytest
from heloscope.session.events import CLIENT, SERVER
from heloscope.session.protocol.conversation import Conversation
from heloscope.session.record import arena, spill
from heloscope.session.record.transcript import Transcript
from support.scripts import READY_FOR_DATA, observe


@pytest.fixture
def little_memory(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setattr(arena, "MEMORY", 64 * 1024)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


TRANSACTION = """
    C: MAIL FROM:<a@example.org>
    S: 250 ok
    C: RCPT TO:<b@example.org>
    S: 250 ok
    C: DATA
    S: 354 go
"""


def message(lines: int) -> bytes:
    return b"".join(b"line %06d %s\r\n" % (n, b"x" * 60) for n in range(lines))


def sending(content: bytes) -> Conversation:
    talk = observe(READY_FOR_DATA + "C: DATA\nS: 354 go")
    for start in range(0, len(content), 20_000):
        talk.feed(CLIENT, content[start : start + 20_000], 99.0)
    return talk


@pytest.mark.usefixtures("little_memory")
def test_every_line_of_a_message_moved_to_a_file_can_be_read():
    content = message(5000)
    talk = sending(content + b".\r\n")
    transcript = talk.transcript
    assert transcript._arena._spill is not None
    body = transcript.bodies[-1]
    for number in (0, 1, 777, 4999):
        assert transcript[body.first + number].data == content.splitlines(keepends=True)[number]
    assert transcript.joined(CLIENT).endswith(content + b".\r\n")
    assert transcript.find(b"line 000123 ", 0) == body.first + 123
    assert transcript.find(b"line 000123 ", len(transcript) - 1, backwards=True) == body.first + 123


@pytest.mark.usefixtures("little_memory")
def test_the_file_belongs_to_the_user_alone_and_has_no_name(tmp_path):
    transcript = sending(message(5000)).transcript
    put_away = transcript._arena._spill
    assert put_away is not None and put_away._fd is not None
    status = os.fstat(put_away._fd)
    assert stat.S_IMODE(status.st_mode) == 0o600
    assert status.st_nlink == 0
    assert list(tmp_path.rglob("message-*")) == []


@pytest.mark.usefixtures("little_memory")
def test_rows_of_auth_never_go_to_the_file():
    talk = observe("S: 220 hi\nC: AUTH PLAIN c2VjcmV0LXdvcmQ=\nS: 235 in")
    put_away = bytearray()
    original = spill.Spill.add

    def add(self: spill.Spill, data: bytes) -> int | None:
        put_away.extend(data)
        return original(self, data)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spill.Spill, "add", add)
        observe(
            "C: MAIL FROM:<a@b>\nS: 250 ok\nC: RCPT TO:<c@d>\nS: 250 ok\nC: DATA\nS: 354 go", talk
        )
        talk.feed(CLIENT, message(5000), 99.0)
    assert put_away
    assert b"c2VjcmV0" not in put_away and b"AUTH" not in put_away


def test_what_a_server_sends_endlessly_is_moved_out_of_memory_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path
):
    monkeypatch.setattr(arena, "ROWS_MEMORY", 4 << 20)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    talk = observe("S: 220 hi\nC: AUTH PLAIN c2VjcmV0LXdvcmQ=\nS: 235 in\nC: NOOP")
    said = b"".join(b"250-%06d %s\r\n" % (n, b"x" * 1000) for n in range(10_000))
    for start in range(0, len(said), 60_000):
        talk.feed(SERVER, said[start : start + 60_000], 9.0)
    kept = talk.transcript._arena
    in_memory = [segment for segment in kept._sealed if isinstance(segment, bytes)]
    assert sum(map(len, in_memory)) < 5 << 20
    assert b"AUTH PLAIN c2VjcmV0" in in_memory[0]  # a secret stays where it is
    assert talk.transcript.joined(SERVER) == b"220 hi\r\n235 in\r\n" + said
    assert talk.transcript[4 + 9_999].data == said[-1013:]


@pytest.mark.usefixtures("little_memory")
def test_where_no_file_can_be_made_everything_stays_in_memory(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(spill, "_open", lambda: None)
    content = message(5000)
    assert sending(content).transcript.joined(CLIENT).endswith(content)


@pytest.mark.usefixtures("little_memory")
def test_a_full_disk_loses_nothing(monkeypatch: pytest.MonkeyPatch):
    room = 100_000
    original = os.pwrite

    def pwrite(fd: int, data: bytes, place: int) -> int:
        if place + len(data) > room:
            raise OSError(28, "No space left on device")
        return original(fd, data, place)

    monkeypatch.setattr(os, "pwrite", pwrite)
    content = message(5000)
    assert sending(content).transcript.joined(CLIENT).endswith(content)


def test_a_block_is_read_as_what_stands_around_it_is():
    transcript = Transcript()
    transcript.append(b"before", 0, 0.0)
    transcript.append_block(b"block of a message", 1, 0, 0.0)
    transcript.append(b"end", 0, 0.0)
    found, ends = transcript._arena, (6, 24, 27)
    assert found.read(0, ends[0]) == b"before"
    assert found.read(ends[0], ends[1]) == b"block of a message"
    assert found.span(3, ends[2]) == b"oreblock of a messageend"
