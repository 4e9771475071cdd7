"""An interrupted command of the drop-in leaves nothing that could affect the next one."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from itertools import product
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from heloscope.session import LMTP, SMTP, BlockingStepper
from heloscope.session.events import Disconnected
from support.rows import for_each
from support.smtplib_oracle import Says, TableServer

A, B, C = "a@example.org", "b@example.org", "c@example.org"
TEXT = "Subject: x\n\nhello\n"


class TimeLimit(Exception):
    """Raised by a worker in a task that takes too long."""


@contextlib.contextmanager
def connected(make: type[SMTP] = SMTP, **says: Any) -> Iterator[SMTP]:
    server = TableServer()
    try:
        with server.playing(Says(**says)):
            smtp = make("127.0.0.1", server.port, local_hostname="me.example", timeout=20)
            yield smtp
            smtp.close()
    finally:
        server.close()


class Interrupted(SMTP):
    """An SMTP that a signal interrupts while it waits for the reply to `verb`."""

    verb = ""
    error: BaseException

    def getreply(self) -> tuple[int, bytes]:
        sent = [row.data for row in self.transcript if row.sent]
        if self.verb and sent and sent[-1].lower().startswith(self.verb.encode()):
            raise self.error
        return super().getreply()


@contextlib.contextmanager
def interrupted(verb: str, error: BaseException) -> Iterator[Interrupted]:
    with connected(Interrupted) as smtp:
        assert isinstance(smtp, Interrupted)
        smtp.verb, smtp.error = verb, error
        with pytest.raises(type(error)):
            yield smtp
        assert smtp.sock is None


ERRORS = [KeyboardInterrupt(), TimeLimit(), SystemExit(1)]


@for_each(product(["mail", "rcpt", "data", ".", "noop"], ERRORS))
def test_what_is_interrupted_leaves_the_connection_closed(verb: str, error: BaseException):
    with interrupted(verb, error) as smtp:
        smtp.noop() if verb == "noop" else smtp.sendmail(A, [B], TEXT)
    ends = [event for event in smtp.transcript.events() if isinstance(event, Disconnected)]
    words = f"interrupted by {type(error).__name__}, so the connection was closed"
    assert [event.detail for event in ends] == [words]
    with pytest.raises(SMTPServerDisconnected, match="please run connect"):
        smtp.sendmail(A, [C], TEXT)


def test_an_interrupted_step_leaves_nothing_either():
    with interrupted("rcpt", KeyboardInterrupt()) as smtp:
        BlockingStepper(smtp, "sendmail", A, [B], TEXT).run_to()


def test_what_interrupts_an_authobject_leaves_no_server_that_waits_for_an_answer():
    def answer(challenge: bytes | None = None) -> str | None:
        if challenge is None:
            return None
        raise TimeLimit("no password")

    with connected(AUTH=b"334 \r\n") as smtp:
        smtp.ehlo()
        with pytest.raises(TimeLimit):
            smtp.auth("LOGIN", answer)
        assert smtp.sock is None


def test_a_line_that_cannot_be_sent_leaves_it_open():
    with connected() as smtp:
        with pytest.raises(ValueError, match="prohibited newline"):
            smtp.docmd("NOOP\r\nNOOP")
        assert smtp.noop()[0] == 250


def by_stepper(smtp: SMTP) -> None:
    stepper = BlockingStepper(smtp, "sendmail", A, [B], TEXT)
    stepper.begin()
    while stepper.next is not None and stepper.next.verb != ".":
        stepper.send()
    stepper.abandon()


def by_hand(smtp: SMTP) -> None:
    smtp.ehlo()
    smtp.mail(A)
    smtp.rcpt(B)
    smtp.docmd("DATA")


@pytest.mark.parametrize("begin", [by_stepper, by_hand])
def test_where_the_server_waits_for_text_no_message_is_sent_as_that(
    begin: Callable[[SMTP], None],
):
    with connected() as smtp:
        begin(smtp)
        with pytest.raises(SMTPServerDisconnected, match="waiting for the text of a message"):
            smtp.sendmail(A, [C], TEXT)
        assert smtp.sock is None
        assert b"mail FROM" not in smtp.transcript.joined(smtp.transcript[-1].direction)[-12:]


def to_both(lmtp: SMTP) -> tuple[int, bytes]:
    lmtp.ehlo()
    lmtp.mail(A)
    lmtp.rcpt(B)
    lmtp.rcpt(C)
    return lmtp.data(TEXT)


def test_lmtp_replies_that_data_leaves_are_there_to_be_read():
    with connected(LMTP, dot=b"250 one\r\n452 full\r\n", NOOP=b"250 noop\r\n") as lmtp:
        assert to_both(lmtp) == (250, b"one")
        assert lmtp.getreply() == (452, b"full")
        assert lmtp.noop() == (250, b"noop")


@pytest.mark.parametrize("stepped", [False, True])
def test_unread_lmtp_replies_do_not_answer_the_next_command(stepped: bool):
    with connected(LMTP, dot=b"250 one\r\n452 full\r\n", NOOP=b"250 noop\r\n") as lmtp:
        assert to_both(lmtp) == (250, b"one")
        if stepped:
            stepper = BlockingStepper(lmtp, "noop")
            stepper.run_to()
            assert stepper.result == (250, b"noop")
        else:
            assert lmtp.noop() == (250, b"noop")
