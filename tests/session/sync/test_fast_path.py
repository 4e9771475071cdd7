"""`SMTP` reads usual replies by a fast path, and returns what smtplib returns."""

from __future__ import annotations

import smtplib
import socket
from typing import Any

import pytest
from heloscope.session import SMTP
from heloscope.session.sync import connection
from heloscope.session.sync.socket_reader import REPLY
from hypothesis import given
from hypothesis import strategies as st
from support.rows import for_each

GREETING = b"220 mail.example.org ESMTP\r\n"
REPLIES = (
    b"250 2.0.0 Ok\r\n", b"250 Ok\r\n", b"250 Ok \r\n", b"250  Ok\r\n", b"250\r\n", b"250 Ok\n",
    b"250-two\r\n250 lines\r\n", b"550 5.1.1 no\r\n", b"354 go on\r\n", b"nonsense\r\n",
    b"250 8-bit \xe4\r\n", b"250-" + b"x" * 600 + b"\r\n250 end\r\n",
    b"250 " + b"x" * (REPLY - 6) + b"\r\n", b"250 " + b"x" * 200 + b"\r\n",
)  # fmt: skip
SEGMENTS = st.lists(st.lists(st.sampled_from(REPLIES), min_size=1, max_size=3), max_size=6)


class Talk:
    """A client, either SMTP or smtplib's, and the server's end of its connection."""

    def __init__(self, kind: type[smtplib.SMTP]) -> None:
        near, self.far = socket.socketpair()
        near.settimeout(5)
        self.client = kind(local_hostname="me.example")
        self.client.sock = near
        self.far.sendall(GREETING)
        self.client.getreply()

    def answers(self, replies: list[bytes]) -> list[tuple[int, bytes]]:
        """Return the client's results for replies that arrive in one segment, each to a NOOP."""
        for _ in replies:
            self.client.putcmd("noop")
        self.far.sendall(b"".join(replies))
        return [self.client.getreply() for _ in replies]

    def close(self) -> None:
        self.client.close()
        self.far.close()


@given(SEGMENTS)
def test_replies_are_read_as_smtplib_reads_them(segments: list[list[bytes]]):
    ours, theirs = Talk(SMTP), Talk(smtplib.SMTP)
    for replies in segments:
        assert ours.answers(replies) == theirs.answers(replies)
    ours.close()
    theirs.close()


@for_each(REPLIES)
def test_a_reply_that_was_read_before_can_be_read_in_parts(reply: bytes):
    talk = Talk(SMTP)
    talk.answers([reply])
    talk.client.putcmd("noop")
    talk.far.sendall(reply)
    file = talk.client.file
    assert file is not None
    assert file.readline(4) == reply[:4]
    assert reply[4:].startswith(file.readline(500))
    talk.close()


def test_no_more_replies_are_remembered_than_are_worth_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(connection, "REMEMBERED", 3)
    talk = Talk(SMTP)
    for number in range(9):
        assert talk.answers([b"250 Ok %d\r\n" % number]) == [(250, b"Ok %d" % number)]
    assert len(connection._ANSWERS) <= 3
    talk.answers([REPLIES[-1]])
    assert REPLIES[-1] not in connection._ANSWERS
    talk.close()


@pytest.mark.parametrize("size", [REPLY - 1, REPLY, REPLY + 1, 5000])
def test_a_reply_of_any_length_that_comes_at_once_has_one_time(size: int):
    talk = Talk(SMTP)
    assert isinstance(talk.client, SMTP)
    text = b"x" * (size - 13)
    reply = b"250-" + text + b"\r\n250 b\r\n"
    assert len(reply) == size
    assert talk.answers([reply]) == [(250, text + b"\nb")]
    first, last = talk.client.transcript[-2:]
    assert first.began == first.at == last.began == last.at
    assert talk.client.sock is not None and talk.client.sock.gettimeout() == 5
    talk.close()


def test_the_end_after_a_reply_is_noticed_when_it_is_read():
    talk = Talk(SMTP)
    reply = b"250 " + b"x" * (REPLY - 6) + b"\r\n"
    talk.client.putcmd("noop")
    talk.far.sendall(reply)
    talk.far.close()
    assert talk.client.getreply() == (250, reply[4:-2])
    with pytest.raises(smtplib.SMTPServerDisconnected):
        talk.client.getreply()
    talk.close()


@pytest.mark.parametrize("arguments", [("noop",), ("noop", ""), ("noop", None), ("noop", "a")])
def test_a_command_is_written_as_smtplib_writes_it(arguments: tuple[Any, ...]):
    written: list[bytes] = []
    for kind in (SMTP, smtplib.SMTP):
        talk = Talk(kind)
        talk.client.putcmd(*arguments)
        written.append(talk.far.recv(99))
        talk.close()
    assert written[0] == written[1]


def test_a_class_may_have_a_debuglevel_of_its_own(capsys: pytest.CaptureFixture[str]):
    class Loud(SMTP):
        debuglevel = 1

    talk = Talk(Loud)
    talk.answers([REPLIES[0]])
    assert "send: 'noop\\r\\n'" in capsys.readouterr().err
    talk.close()


def test_what_is_sent_without_a_line_ending_is_a_row():
    talk = Talk(SMTP)
    assert isinstance(talk.client, SMTP)
    for data in (b"NOOP", b"", b"\r\n"):
        talk.client.send(data)
    assert [row.data for row in talk.client.transcript if row.sent] == [b"NOOP", b"\r\n"]
    talk.close()
