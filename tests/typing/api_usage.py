"""The public interface as programs use it. This file is never run, but must pass type checking."""

from __future__ import annotations

import datetime
import smtplib
import socket
import ssl
from collections import deque
from email.message import EmailMessage
from typing import Any, assert_type

from heloscope.session import (
    LMTP,
    SMTP,
    SMTP_SSL,
    AnswersNotSent,
    BlockingStepper,
    Breakpoint,
    BreakpointError,
    CannotRepeat,
    CannotSkip,
    ConnectionLost,
    Conversation,
    DialError,
    Done,
    Mailboxes,
    Manual,
    Message,
    MessageArrived,
    PinMismatch,
    Planned,
    PracticeEvent,
    PracticeServer,
    Reply,
    ReplyTimedOut,
    Rule,
    SaslError,
    Scenario,
    Secret,
    SendResult,
    Session,
    SMTPException,
    State,
    Stepper,
    Stop,
    Target,
    TargetError,
    Timeouts,
    TlsSettings,
    TlsSettingsError,
    Transcript,
    __version__,
    events,
    parse_breakpoint,
    parse_target,
    send,
    send_blocking,
    shown_on_failure,
)

VERSION: str = __version__


async def a_session() -> None:
    async with Session("127.0.0.1", 2525, timeout=30) as session:
        assert_type(session, Session)
        code, text = await session.ehlo("me.example")
        assert_type(code, int)
        assert_type(text, bytes)
        for reply in (
            await session.ehlo(),
            await session.helo(),
            await session.noop(),
            await session.rset(),
            await session.starttls(context=ssl.create_default_context()),
            await session.login("alice", Secret("wonderland"), mechanism="PLAIN"),
            await session.docmd("VRFY", "alice"),
            await session.mail("a@example.org", ["BODY=8BITMIME"]),
            await session.rcpt("b@example.org"),
            await session.data(b"Subject: hello\r\n"),
            await session.quit(),
        ):
            assert_type(reply, Reply)
            assert_type(reply.code, int)
            assert_type(reply.text, bytes)
            assert_type(reply.enhanced, str | None)
            assert_type(reply.event, events.ReplyReceived)
        refused = await session.sendmail("a@example.org", ["b@example.org"], "Subject: x\n\n")
        assert_type(refused, SendResult)
        as_smtplib: dict[str, tuple[int, bytes]] = refused
        assert_type(as_smtplib.get("b@example.org"), tuple[int, bytes] | None)
        assert_type(await session.send_message(EmailMessage()), SendResult)
        offers = await session.probe()
        assert_type(offers.refusal, tuple[int, bytes] | None)
        assert_type(session.connected, bool)
        assert_type(session.target, Target | None)
        assert_type(session.state, State)
        assert_type(session.conversation, Conversation)
        assert_type(session.waiting, tuple[str, float] | None)
        assert_type(session.has_extn("SIZE"), bool)
        await session.send_raw(b"NOOP\r\n")
        assert_type(await session.run("noop"), Reply)
        assert_type(await session.run("sendmail", "a@example.org", [], b""), SendResult)
        session.timeouts = Timeouts(data=10.0)


async def of_any_name(session: Session, name: str) -> None:
    assert_type(await session.run(name), Any)


async def what_is_told(session: Session) -> None:
    unsubscribe = session.subscribe(print)
    async for event in session.events():
        assert_type(event, events.Event)
        match event:
            case events.Line():
                assert_type(event.data, bytes)
            case events.ReplyReceived():
                assert_type(event.enhanced, str | None)
            case events.Disconnected():
                assert_type(event.cause, events.Cause)
            case _:
                pass
    assert_type(unsubscribe(), None)
    assert_type(session.transcript, Transcript)
    for row in session.transcript:
        assert_type(row, events.Line)
        assert_type(row.sent, bool)
        assert_type(row.time, float)
        assert_type(row.data, bytes)
        assert_type(row.tls, bool)
        assert_type(row.piece, bool)
    assert_type(len(session.transcript), int)


async def step_by_step(session: Session) -> None:
    stepper = Stepper(session, "sendmail", "a@example.org", ["b@example.org"], b"Subject: x\r\n")
    await stepper.begin()
    assert_type(stepper.next, Planned | None)
    assert_type(stepper.foreseen(), list[Planned])
    stepper.edit(b"MAIL FROM:<c@example.org>\r\n")
    assert_type(await stepper.send(), Reply | None)
    assert_type(await stepper.wait(), Reply | None)
    assert_type(stepper.result, SendResult | None)
    assert_type(Stepper(session, "noop").result, Reply | None)
    assert_type(Stepper(session, "check", "a@b.example", ["c@d.example"]).result,
                dict[str, tuple[int, bytes]] | None)  # fmt: skip
    any_name: str = "noop"
    untold: Stepper = Stepper(session, any_name)
    assert_type(untold.result, Any | None)
    try:
        await stepper.skip()
        await stepper.again(0)
    except (CannotSkip, CannotRepeat) as error:
        assert_type(error, CannotSkip | CannotRepeat)
    try:
        stop = parse_breakpoint("on 5xx")
    except BreakpointError:
        return
    assert_type(stop, Breakpoint)
    assert_type(await stepper.run_to(stop), Breakpoint | None)
    assert_type(stepper.done, list[Done])


async def by_hand(session: Session) -> None:
    failures: list[Exception] = []

    def respond(challenge: bytes, answers: deque[Secret]) -> bytes | None:
        return answers.popleft().reveal() if challenge else None

    manual = Manual(session, failures.append, respond=respond)
    manual.answer("YWxpY2U=")
    manual.message(b"Subject: x\r\n")
    session.send_line(b"STARTTLS")
    await manual.settled()
    assert_type(manual.progress, tuple[int, int] | None)
    manual.close()


def blocking() -> None:
    with SMTP("127.0.0.1", 2525) as smtp:
        assert_type(smtp, SMTP)
        code, text = smtp.ehlo()
        assert_type(code, int)
        assert_type(text, bytes)
        refused = smtp.sendmail("a@example.org", ["b@example.org"], "Subject: x\n\n")
        assert_type(refused, SendResult)
        assert_type(smtp.send_message(EmailMessage()), SendResult)
        assert_type(smtp.transcript, Transcript)
        assert_type(smtp.conversation, Conversation)
        assert_type(smtp.sock, socket.socket | None)
        assert_type(smtp.timeout, float)
        assert_type(smtp.starttls(context=ssl.create_default_context()), tuple[int, bytes])
        assert_type(SMTP("127.0.0.1", timeout=None), SMTP)
        as_ever: smtplib.SMTP = smtp
        assert_type(as_ever.noop(), tuple[int, bytes])
    with SMTP_SSL("127.0.0.1", 4650, context=ssl.create_default_context()) as tls:
        assert_type(tls, SMTP_SSL)
        with_tls: smtplib.SMTP_SSL = tls
        assert_type(with_tls.context, ssl.SSLContext)
    with LMTP("/run/lmtp") as lmtp:
        assert_type(lmtp, LMTP)
        local: smtplib.LMTP = lmtp
        assert_type(local.ehlo(), tuple[int, bytes])


async def in_one_call(message: EmailMessage) -> None:
    result = await send("smtps://mail.example.org", message)
    assert_type(result, SendResult)
    assert_type(result.accepted, tuple[str, ...])
    assert_type(result.reply, tuple[int, bytes])
    assert_type(result.replies, dict[str, tuple[int, bytes]])
    assert_type(result.enhanced, str | None)
    assert_type(result.queue_id, str | None)
    await send(
        Target("mail.example.org", 587),
        b"Subject: hello\r\n\r\nHello.\r\n",
        sender="a@example.org",
        recipients=["b@example.org"],
        login=("alice", Secret("wonderland")),
        starttls=True,
        tls=TlsSettings(ca_file="ca.pem"),
        timeout=30,
        subscriber=print,
    )
    blocking = send_blocking("mail.example.org", message, port=587, login=("alice", "wonderland"))
    assert_type(blocking, SendResult)


def blocking_step_by_step(smtp: SMTP) -> None:
    stepper = BlockingStepper(smtp, "sendmail", "a@example.org", ["b@example.org"], b"x\r\n")
    stepper.begin()
    assert_type(stepper.next, Planned | None)
    assert_type(stepper.foreseen(), list[Planned])
    stepper.edit(b"MAIL FROM:<c@example.org>\r\n")
    assert_type(stepper.send(), Reply | None)
    stepper.skip()
    stepper.again(0)
    assert_type(stepper.run_to(parse_breakpoint("on 5xx")), Breakpoint | None)
    assert_type(stepper.stop, Stop | None)
    assert_type(stepper.done, list[Done])
    assert_type(stepper.result, SendResult | None)
    assert_type(BlockingStepper(smtp, "noop").result, Reply | None)
    name, arguments = smtp.login_procedure("alice", "wonderland")
    BlockingStepper(smtp, name, *arguments).begin()


async def to_be_read(session: Session, smtp: SMTP) -> None:
    assert_type(smtp.transcript.to_text(times=True), str)
    assert_type(session.transcript.to_jsonl(), str)
    assert_type(session.transcript[0].when, datetime.datetime)
    with shown_on_failure(smtp, session.transcript):
        smtp.noop()
    async with shown_on_failure(session) as shown:
        assert_type(shown.watch(SMTP()), SMTP)


def of_a_server(server: PracticeServer) -> Mailboxes:
    with server as running:
        assert_type(running, PracticeServer)
        assert_type(running.port, int)
    assert_type(server.mailboxes.of["alice"], list[Message])

    def heard(event: PracticeEvent) -> None:
        if isinstance(event, MessageArrived):
            assert_type(event.message, Message)

    server.subscribe(heard)
    rule = Rule(on=("RCPT",), reply=("451 4.7.1 Come back later",))
    server.use(Scenario(rules=(rule,)))
    return server.mailboxes


async def what_goes_wrong() -> None:
    try:
        target = parse_target("smtps://mail.example.org")
    except TargetError as error:
        raise SystemExit(str(error)) from None
    assert_type(target, Target)
    session = Session(target, tls=TlsSettings(ca_file="ca.pem"))
    try:
        await session.connect()
        await session.login("alice", "wonderland")
    except DialError as error:
        assert_type(error.cause, events.Cause)
        assert_type(error.detail, str)
    except PinMismatch as error:
        assert_type(error.reason, str)
    except TlsSettingsError as error:
        assert_type(error, TlsSettingsError)
    except ConnectionLost as error:
        assert_type(error.cause, events.Cause)
        assert_type(error.detail, str)
    except ReplyTimedOut as error:
        assert_type(error.verb, str)
        assert_type(error.seconds, float)
    except (SaslError, AnswersNotSent) as error:
        assert_type(error, SaslError | AnswersNotSent)
    except SMTPException as error:
        assert_type(error, SMTPException)
