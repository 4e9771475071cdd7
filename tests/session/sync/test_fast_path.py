"""`SMTP` reads usual replies the short way, and returns what smtplib returns."""

from __future__ import annotations

import smtplib
import socket

import pytest
from heloscope.session import SMTP
from heloscope.session.sync import connection
from hypothesis import given
from hypothesis import strategies as st

GREETING = b"220 mail.example.org ESMTP\r\n"
REPLIES = (
    b"250 2.0.0 Ok\r\n", b"250 Ok\r\n", b"250 Ok \r\n", b"250  Ok\r\n", b"250\r\n", b"250 Ok\n",
    b"250-two\r\n250 lines\r\n", b"550 5.1.1 no\r\n", b"354 go on\r\n", b"nonsense\r\n",
    b"250 8-bit \xe4\r\n", b"250 " + b"x" * 200 + b"\r\n",
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
        """What the client makes of replies that come in one segment, each to a NOOP."""
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


@pytest.mark.parametrize("reply", REPLIES)
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


def test_what_is_sent_without_a_line_end_is_a_row():
    talk = Talk(SMTP)
    assert isinstance(talk.client, SMTP)
    for data in (b"NOOP", b"", b"\r\n"):
        talk.client.send(data)
    assert [row.data for row in talk.client.transcript if row.sent] == [b"NOOP", b"\r\n"]
    talk.close()
