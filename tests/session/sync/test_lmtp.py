"""The drop-in `LMTP` reads a reply to the message for each recipient (RFC 2033 section 4.2)."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from smtplib import SMTPDataError

import pytest
from heloscope.session import LMTP, BlockingStepper
from support.smtplib_oracle import Says, TableServer

A, B, C = "a@example.org", "b@example.org", "c@example.org"
TEXT = "Subject: x\n\nhello\n"


@contextlib.contextmanager
def connected(dot: bytes) -> Iterator[LMTP]:
    server = TableServer()
    try:
        with (
            server.playing(Says(dot=dot, NOOP=b"250 noop\r\n")),
            LMTP("127.0.0.1", server.port, local_hostname="me.example", timeout=20) as lmtp,
        ):
            yield lmtp
    finally:
        server.close()


def test_each_recipient_has_its_reply_and_the_next_command_its_own():
    with connected(b"250 one\r\n452 full\r\n") as lmtp:
        result = lmtp.sendmail(A, [B, C], TEXT)
        assert result == {C: (452, b"full")}
        assert result.accepted == (B,)
        assert result.replies == {B: (250, b"one"), C: (452, b"full")}
        assert lmtp.noop() == (250, b"noop")


def test_a_refusal_for_every_recipient_is_an_error_and_leaves_nothing_to_read():
    with connected(b"452 one\r\n452 full\r\n") as lmtp:
        with pytest.raises(SMTPDataError) as error:
            lmtp.sendmail(A, [B, C], TEXT)
        assert (error.value.smtp_code, error.value.smtp_error) == (452, b"one")
        assert lmtp.noop() == (250, b"noop")


def test_a_stepper_reads_all_replies():
    with connected(b"250 one\r\n250 two\r\n") as lmtp:
        stepper = BlockingStepper(lmtp, "sendmail", A, [B, C], TEXT)
        stepper.run_to()
        assert stepper.result is not None
        assert stepper.result.accepted == (B, C)
        assert lmtp.noop() == (250, b"noop")
