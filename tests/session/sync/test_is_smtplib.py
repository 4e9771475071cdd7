"""What a program can check of the drop-in: its classes, `sock`, `file`, and its own sockets."""

from __future__ import annotations

import inspect
import io
import smtplib
import socket
import threading
from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest
from heloscope.session import LMTP, SMTP, SMTP_SSL, PracticeServer
from heloscope.session.events import CLIENT, SERVER

PAIRS = [(SMTP, smtplib.SMTP), (SMTP_SSL, smtplib.SMTP_SSL), (LMTP, smtplib.LMTP)]
GREETING = b"220 mail.example.org ESMTP\r\n"


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
def test_each_class_is_a_subclass_of_its_counterpart(ours: type, theirs: type):
    assert issubclass(ours, theirs)
    assert issubclass(ours, smtplib.SMTP)
    assert isinstance(ours(), theirs)


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
def test_no_method_of_smtplib_runs_in_place_of_ours(ours: type, theirs: type):
    """A method that a later Python adds would be inherited, and so not be observed."""
    inherited = [
        name
        for name, member in inspect.getmembers(ours)
        if callable(member) and getattr(member, "__module__", "") == "smtplib"
    ]
    assert inherited == []
    assert [name for name in dir(theirs) if not hasattr(ours, name)] == []


class Acting:
    """An object that is not a socket, but acts as one as far as smtplib needs it."""

    def __init__(self, *replies: bytes) -> None:
        self.sent: list[bytes] = []
        self.file = io.BytesIO(b"".join(replies))
        self.closed = False

    def makefile(self, mode: str) -> io.BytesIO:
        assert mode == "rb"
        return self.file

    def sendall(self, data: bytes) -> None:
        self.sent.append(data)

    def close(self) -> None:
        self.closed = True


class Given(SMTP):
    """An SMTP that connects to an object given beforehand."""

    acting: Any = None

    def _get_socket(self, host: str, port: Any, timeout: Any) -> Any:
        return self.acting


def connected_to(acting: Any) -> Given:
    smtp = Given(local_hostname="me.example")
    smtp.acting = acting
    smtp.connect("mail.example.org", 25)
    return smtp


def test_an_object_with_sendall_and_makefile_will_do():
    acting = Acting(GREETING, b"250-hi\r\n250 SIZE 1000\r\n")
    smtp = connected_to(acting)
    assert smtp.ehlo() == (250, b"hi\nSIZE 1000")
    assert smtp.sock is acting
    assert smtp.file is acting.file
    assert acting.sent == [b"ehlo me.example\r\n"]


def test_what_such_an_object_sends_and_receives_is_recorded():
    smtp = connected_to(Acting(GREETING, b"250 ok\r\n", b"221 bye\r\n"))
    smtp.noop()
    smtp.quit()
    assert smtp.transcript.joined(CLIENT) == b"noop\r\nquit\r\n"
    assert smtp.transcript.joined(SERVER) == GREETING + b"250 ok\r\n221 bye\r\n"
    assert smtp.acting.closed
    assert smtp.acting.file.closed
    assert smtp.file is None


def test_a_message_is_sent_by_one_sendall():
    replies = (b"250 ok\r\n",) * 3 + (b"354 go\r\n", b"250 ok\r\n")
    smtp = connected_to(Acting(GREETING, *replies))
    assert smtp.sendmail("a@example.org", "b@example.org", b"Subject: x\r\n\r\n.\r\n") == {}
    assert smtp.acting.sent[-1] == b"Subject: x\r\n\r\n..\r\n.\r\n"


def test_a_mock_in_place_of_the_socket_module_will_do():
    with mock.patch("heloscope.session.sync.connection.socket") as module:
        sock = module.create_connection.return_value
        sock.makefile.return_value.readline.side_effect = [GREETING, b"250 ok\r\n"]
        smtp = SMTP("mail.example.org", local_hostname="me.example")
        assert smtp.noop() == (250, b"ok")
    sock.sendall.assert_called_once_with(b"noop\r\n")


def test_the_end_of_such_an_objects_data_is_the_end_of_the_connection():
    smtp = connected_to(Acting(GREETING))
    with pytest.raises(smtplib.SMTPServerDisconnected, match="unexpectedly closed"):
        smtp.noop()
    assert smtp.sock is None
    assert smtp.acting.closed


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    near, far = socket.socketpair()
    near.settimeout(5)
    far.sendall(GREETING)
    yield near, far
    near.close()
    far.close()


def test_file_can_be_read_like_that_of_smtplib(pair: tuple[socket.socket, socket.socket]):
    near, far = pair
    smtp = connected_to(near)
    far.sendall(b"250 one\r\n250 two\r\n")
    assert smtp.file.readline() == b"250 one\r\n"
    assert smtp.getreply() == (250, b"two")
    assert smtp.transcript.joined(SERVER) == GREETING + b"250 one\r\n250 two\r\n"
    smtp.close()
    assert smtp.file is None


def test_a_file_put_in_its_place_is_read(pair: tuple[socket.socket, socket.socket]):
    smtp = connected_to(pair[0])
    smtp.file = io.BytesIO(b"250 from a file\r\n")
    assert smtp.noop() == (250, b"from a file")
    assert smtp.transcript.joined(SERVER) == GREETING + b"250 from a file\r\n"


def test_a_replaced_socket_is_used(pair: tuple[socket.socket, socket.socket]):
    smtp = connected_to(Acting(GREETING))
    smtp.sock, smtp.file = pair[0], None
    assert smtp.getreply() == (220, b"mail.example.org ESMTP")


class Counting(socket.socket):
    """A program's own socket, which sees what is sent."""

    calls = 0

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        self.calls += 1
        super().sendall(data, flags)


def test_a_socket_with_a_sendall_of_its_own_is_asked_to_send():
    near, far = socket.socketpair()
    counting = Counting(fileno=near.detach())
    counting.settimeout(5)
    threading.Thread(target=far.sendall, args=(GREETING + b"250 ok\r\n",)).start()
    smtp = connected_to(counting)
    smtp.noop()
    assert counting.calls == 1
    smtp.close()
    far.close()


class Renamed(SMTP):
    pass


def test_it_says_where_it_is_connected():
    assert repr(SMTP()) == "<SMTP: no host, not connected>"
    with PracticeServer() as server:
        with Renamed(server.host, server.port) as smtp:
            place = f"{server.host}:{server.port}"
            assert repr(smtp) == f"<Renamed: {place}, greeted>"
            smtp.ehlo()
            assert repr(smtp) == f"<Renamed: {place}, ready>"
        assert repr(smtp) == f"<Renamed: {place}, not connected>"
