"""`BlockingStepper`: a procedure on a blocking `SMTP`, one command at a time."""

from __future__ import annotations

import contextlib
import inspect
import smtplib
from collections.abc import Iterator
from typing import Any

import pytest
from heloscope.session import (
    LMTP,
    SMTP,
    BlockingStepper,
    CannotRepeat,
    CannotSkip,
    Stepper,
    parse_breakpoint,
)
from heloscope.session.events import CLIENT
from support.smtplib_oracle import HANG_UP, Says, TableServer

A, B, C = "a@example.org", "b@example.org", "c@example.org"
AUTH = b"250-server\r\n250 AUTH LOGIN\r\n"


@contextlib.contextmanager
def connected(cls: type[SMTP] = SMTP, **says: Any) -> Iterator[SMTP]:
    """Start a server, and yield an `SMTP` that is connected to it."""
    server = TableServer()
    try:
        with server.playing(Says(**says)):
            smtp = cls(local_hostname="me.example", timeout=10)
            smtp.connect("127.0.0.1", server.port)
            try:
                yield smtp
            finally:
                smtp.close()
    finally:
        server.close()


def begun(smtp: SMTP, name: str, *arguments: Any, **keywords: Any) -> BlockingStepper:
    stepper = BlockingStepper(smtp, name, *arguments, **keywords)
    stepper.begin()
    return stepper


def said(smtp: SMTP) -> list[bytes]:
    return smtp.transcript.joined(CLIENT).splitlines()


def test_it_has_the_methods_of_the_asyncio_stepper_with_the_same_arguments():
    for name, member in inspect.getmembers(Stepper, inspect.isfunction):
        if not name.startswith("_"):
            ours = inspect.signature(getattr(BlockingStepper, name))
            assert list(ours.parameters) == list(inspect.signature(member).parameters), name
            assert not inspect.iscoroutinefunction(getattr(BlockingStepper, name))
    with connected() as smtp:
        stepper = begun(smtp, "noop")
        for name in ("next", "done", "over", "error", "stop", "edits", "likely", "waiting", "cut"):
            getattr(stepper, name)


def test_each_step_is_seen_before_it_is_sent_and_nothing_is_sent_unasked():
    with connected() as smtp:
        stepper = begun(smtp, "sendmail", A, [B, C], b".dot")
        foreseen = [step.verb for step in stepper.foreseen()]
        assert foreseen == ["EHLO", "MAIL", "RCPT", "RCPT", "DATA", "."]
        went: list[str] = []
        while stepper.next is not None:
            went.append(stepper.next.verb)
            before = len(said(smtp))
            assert stepper.next.words
            stepper.send()
            assert len(said(smtp)) > before
        assert went == foreseen
        assert stepper.over
        assert stepper.error is None
        assert stepper.result == {}
        assert stepper.result is not None
        assert stepper.result.accepted == (B, C)
        assert [done.reply.code for done in stepper.done if done.reply] == [250] * 4 + [354, 250]


def test_what_is_sent_is_what_the_method_would_send():
    with connected() as smtp:
        smtp.sendmail(A, [B, C], b".dot\nwithout an end")
        by_method = smtp.transcript.joined(CLIENT)
    with connected() as smtp:
        begun(smtp, "sendmail", A, [B, C], b".dot\nwithout an end").run_to()
        assert smtp.transcript.joined(CLIENT) == by_method
        assert [row.data for row in smtp.transcript if row.piece] == []


def test_what_is_known_of_the_server_is_kept_up_to_date():
    ehlo = b"250-server\r\n250-SIZE 1000\r\n250 SMTPUTF8\r\n"
    with connected(EHLO=ehlo) as smtp:
        stepper = begun(smtp, "sendmail", A, ["б@example.org"], b"x", ["SMTPUTF8"])
        stepper.send()
        assert smtp.does_esmtp
        assert smtp.ehlo_resp == b"server\nSIZE 1000\nSMTPUTF8"
        assert smtp.esmtp_features == {"size": "1000", "smtputf8": ""}
        stepper.run_to()
        assert stepper.error is None
        assert smtp.command_encoding == "utf-8"
        assert "<б@example.org>".encode() in smtp.transcript.joined(CLIENT)
        assert begun(smtp, "quit").run_to() is None
        assert (smtp.ehlo_resp, smtp.does_esmtp, smtp.sock) == (None, False, None)


def test_helo_is_tried_where_ehlo_is_refused():
    with connected(EHLO=b"502 what\r\n") as smtp:
        stepper = begun(smtp, "sendmail", A, B, b"x")
        stepper.run_to()
        assert said(smtp)[:2] == [b"ehlo me.example", b"helo me.example"]
        assert smtp.helo_resp == b"ok"


def test_a_breakpoint_an_edit_and_a_skipped_step():
    with connected(RCPT=[b"550 5.1.1 no\r\n", b"250 ok\r\n"]) as smtp:
        smtp.ehlo()
        stepper = begun(smtp, "sendmail", A, [B, C], b"x")
        stepper.edit(b"MAIL FROM:<edited@example.org>\r\n")
        on_5xx = parse_breakpoint("on 5xx")
        assert stepper.run_to(on_5xx) == on_5xx
        assert stepper.stop is not None
        assert stepper.done[-1].reply == (550, b"5.1.1 no")
        assert stepper.stop is not None and stepper.done[-1].reply is not None
        assert stepper.done[-1].reply.enhanced == "5.1.1"
        with pytest.raises(CannotSkip, match="DATA cannot be skipped"):
            stepper.run_to(parse_breakpoint("before DATA"))
            stepper.skip()
        stepper.run_to()
        assert stepper.result == {B: (550, b"5.1.1 no")}
        assert said(smtp)[1] == b"MAIL FROM:<edited@example.org>"


def test_a_skipped_recipient_is_not_sent():
    with connected() as smtp:
        smtp.ehlo()
        stepper = begun(smtp, "sendmail", A, [B, C], b"x")
        stepper.run_to(parse_breakpoint("to b@"))
        stepper.skip()
        stepper.run_to()
        assert stepper.result is not None
        assert stepper.result.accepted == (C,)
        assert b"<b@example.org>" not in smtp.transcript.joined(CLIENT)


def test_an_edited_message_is_sent_as_it_is():
    with connected() as smtp:
        stepper = begun(smtp, "sendmail", A, B, b"x")
        stepper.run_to(parse_breakpoint("before message"))
        stepper.edit(b"bare\nends\r\n.\r\n")
        stepper.run_to()
        assert stepper.error is None
        assert smtp.transcript.joined(CLIENT).endswith(b"data\r\nbare\nends\r\n.\r\n")


def test_a_step_is_repeated():
    with connected(RCPT=[b"451 later\r\n", b"250 ok\r\n"]) as smtp:
        smtp.ehlo()
        stepper = begun(smtp, "sendmail", A, B, b"x")
        stepper.run_to(parse_breakpoint("on 4xx"))
        stepper.again(1)
        assert stepper.next is not None
        assert stepper.next.verb == "RCPT"
        stepper.run_to()
        assert stepper.result is not None
        assert stepper.result.accepted == (B,)
        assert said(smtp).count(b"rcpt TO:<b@example.org>") + said(smtp).count(
            b"rcpt to:<b@example.org>"
        ) == 2  # fmt: skip
        with pytest.raises(CannotRepeat):
            stepper.again(len(stepper.done) - 1)


def test_a_command_sent_in_between_has_its_own_reply():
    with connected(NOOP=b"250 that was yours\r\n") as smtp:
        smtp.ehlo()
        stepper = begun(smtp, "sendmail", A, B, b"x")
        stepper.send()
        assert smtp.noop() == (250, b"that was yours")
        assert not stepper.typed()
        smtp.rset()
        assert stepper.typed() == "RSET"


def test_a_refusal_ends_it_with_the_error_that_the_method_raises():
    with connected(MAIL=b"550 no\r\n") as smtp:
        smtp.ehlo()
        stepper = begun(smtp, "sendmail", A, B, b"x")
        stepper.run_to()
        assert isinstance(stepper.error, smtplib.SMTPSenderRefused)
        assert said(smtp)[-1] == b"rset" or said(smtp)[-1] == b"RSET"


def test_a_connection_that_ends_is_an_error_and_the_socket_is_closed():
    with connected(MAIL=HANG_UP) as smtp:
        smtp.ehlo()
        stepper = begun(smtp, "sendmail", A, B, b"x")
        stepper.run_to()
        assert isinstance(stepper.error, smtplib.SMTPServerDisconnected)
        assert smtp.sock is None
        assert stepper.over


def test_a_login_step_by_step_shows_no_secret():
    prompts: dict[str, Any] = {"AUTH": b"334 UGFzc3dvcmQ6\r\n", "answer": b"235 welcome\r\n"}
    with connected(EHLO=AUTH, **prompts) as smtp:
        smtp.ehlo()
        name, arguments = smtp.login_procedure("alice", "wonderland")
        stepper = begun(smtp, name, *arguments)
        shown: list[str] = []
        while stepper.next is not None:
            shown.append(f"{stepper.next.verb} {stepper.next.shown!r}")
            stepper.send()
        assert stepper.result == (235, b"welcome")
        assert [each.split()[0] for each in shown] == ["AUTH", "(auth)"]
        assert "d29uZGVybGFuZA" not in "".join(shown)
        assert said(smtp)[-1] == b"d29uZGVybGFuZA=="


def test_an_abandoned_login_is_cancelled():
    with connected(EHLO=AUTH, AUTH=b"334 UGFzc3dvcmQ6\r\n", answer=b"501 cancelled\r\n") as smtp:
        smtp.ehlo()
        name, arguments = smtp.login_procedure("alice", "wonderland")
        stepper = begun(smtp, name, *arguments)
        stepper.send()
        stepper.abandon()
        assert stepper.over
        assert said(smtp)[-1] == b"*"


def test_a_plan_may_start_by_connecting():
    server = TableServer()
    with server.playing(Says()):
        smtp = SMTP(local_hostname="me.example", timeout=10)
        from heloscope.session import parse_target

        stepper = begun(smtp, "from_the_start", parse_target(f"127.0.0.1:{server.port}"), "noop")
        assert stepper.next is not None
        assert stepper.next.verb == "connect"
        stepper.run_to()
        assert stepper.error is None
        assert stepper.result == (250, b"ok")
        assert stepper.done[0].reply is not None
        smtp.close()
    server.close()


def test_lmtp_greets_with_lhlo():
    with connected(LMTP) as lmtp:
        stepper = begun(lmtp, "ehlo")
        stepper.send()
        assert said(lmtp) == [b"lhlo me.example"]
