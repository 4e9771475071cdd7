"""The stepper: a procedure one command at a time, over a real connection."""

from __future__ import annotations

import asyncio
from smtplib import SMTPDataError, SMTPSenderRefused

import pytest
from heloscope.session import Session
from heloscope.session.errors import ConnectionLost, ReplyTimedOut
from heloscope.session.events import CLIENT, Cause
from heloscope.session.stepping.breakpoints import parse_breakpoint
from heloscope.session.stepping.stepper import Stepper
from heloscope.session.target import Target
from heloscope.session.timeouts import Timeouts
from support.servers import VerbServer, connected, serving

A, B, C = "a@example.org", "b@example.org", "c@example.org"


async def step_all(stepper: Stepper) -> list[bytes]:
    """Take all steps, check that each was forecast, and return what was sent."""
    await stepper.begin()
    went: list[bytes] = []
    while not stepper.over:
        foreseen = stepper.foreseen()
        assert foreseen[0] == stepper.next
        assert stepper.next is not None
        went.append(stepper.next.data)
        await stepper.send()
        left = stepper.foreseen()
        if stepper.next is not None and stepper.error is None:
            assert [p.verb for p in left] == [p.verb for p in foreseen[1:]]
    return went


SENDMAIL = ["MAIL", "RCPT", "RCPT", "DATA", "."]


# What comes next


async def test_each_step_is_seen_before_it_is_sent_and_nothing_is_sent_unasked():
    server = VerbServer()
    async with connected(server) as session:
        stepper = Stepper(session, "sendmail", A, [B, C], b".dot\n")
        await stepper.begin()
        seen = []
        while stepper.next is not None:
            assert session.transcript.joined(CLIENT) == b"".join(seen)
            seen.append(stepper.next.data)
            if stepper.next.verb == ".":
                seen[-1] += b".\r\n"
            assert stepper.next.words
            await stepper.send()
        assert session.transcript.joined(CLIENT) == b"".join(seen)
        assert seen == [
            b"EHLO me.example\r\n",
            b"MAIL FROM:<a@example.org>\r\n",
            b"RCPT TO:<b@example.org>\r\n",
            b"RCPT TO:<c@example.org>\r\n",
            b"DATA\r\n",
            b"..dot\r\n.\r\n",
        ]
        assert stepper.over
        assert stepper.result == {}
        assert stepper.error is None
        assert [done.reply.code for done in stepper.done if done.reply] == [250] * 4 + [354, 250]
        assert all(done.seconds >= 0 for done in stepper.done)


@pytest.mark.parametrize("keywords", [(), ("PIPELINING", "SIZE", "CHUNKING")])
@pytest.mark.parametrize("chunking", [False, True])
async def test_what_is_foreseen_is_what_then_happens(keywords: tuple[str, ...], chunking: bool):
    if chunking and not keywords:
        return
    server = VerbServer(*keywords)
    async with connected(server) as session:
        await session.ehlo()
        stepper = Stepper(session, "sendmail", A, [B, C], b"text\n.\n", chunking=chunking)
        await stepper.begin()
        foreseen = stepper.foreseen()
        ends = ["BDAT LAST"] if chunking else ["DATA", "."]
        assert [planned.verb for planned in foreseen] == ["MAIL", "RCPT", "RCPT", *ends]
        went = await step_all(Stepper(session, "sendmail", A, [B, C], b"text\n.\n",
                                      chunking=chunking))  # fmt: skip
        assert went == [planned.data for planned in foreseen]


async def test_after_a_refusal_the_steps_foreseen_are_others():
    server = VerbServer(MAIL="550 no")
    async with connected(server) as session:
        await session.ehlo()
        stepper = Stepper(session, "sendmail", A, B, b"text")
        await stepper.begin()
        assert [planned.verb for planned in stepper.foreseen()] == ["MAIL", "RCPT", "DATA", "."]
        await stepper.send()
        assert [planned.verb for planned in stepper.foreseen()] == ["RSET"]
        await stepper.send()
        assert stepper.over
        assert isinstance(stepper.error, SMTPSenderRefused)
        assert stepper.done[-1].error
        assert stepper.foreseen() == []


async def test_the_reset_after_a_refused_message_is_foreseen_too():
    server = VerbServer(**{".": "554 spam"})
    async with connected(server) as session:
        await session.ehlo()
        stepper = Stepper(session, "sendmail", A, B, b"x\n" * 200_000)
        await stepper.begin()
        await stepper.run_to(parse_breakpoint("on 5xx"))
        assert [planned.verb for planned in stepper.foreseen()] == ["RSET"]
        await stepper.run_to()
        assert isinstance(stepper.error, SMTPDataError)
        assert server.heard[-1] == b"RSET\r\n"


async def test_an_old_server_changes_the_plan():
    server = VerbServer(EHLO="502 what")
    async with connected(server) as session:
        stepper = Stepper(session, "sendmail", A, B, b"text", ["BODY=8BITMIME"])
        await stepper.begin()
        assert [p.verb for p in stepper.foreseen()] == ["EHLO", "MAIL", "RCPT", "DATA", "."]
        await stepper.send()
        verbs = [planned.verb for planned in stepper.foreseen()]
        assert verbs == ["HELO", "MAIL", "RCPT", "DATA", "."]
        await stepper.send()
        assert stepper.next is not None
        assert stepper.next.data == b"MAIL FROM:<a@example.org>\r\n"


@pytest.mark.parametrize(
    ("mechanism", "foreseen"),
    [
        ("PLAIN", ["AUTH"]),
        ("LOGIN", ["AUTH", "(auth)", "(auth)"]),
        ("CRAM-MD5", ["AUTH", "(auth)"]),
        ("SCRAM-SHA-256", ["AUTH", "(auth)", "(auth)"]),
        ("XOAUTH2", ["AUTH"]),
    ],
)
async def test_the_rounds_of_auth_are_foreseen(mechanism: str, foreseen: list[str]):
    server = VerbServer(f"AUTH {mechanism}")
    async with connected(server) as session:
        await session.ehlo()
        name, arguments = session.login_procedure(
            "alice", "wonderland", mechanism=mechanism, in_clear=True
        )
        stepper = Stepper(session, name, *arguments)
        await stepper.begin()
        plan = stepper.foreseen()
        assert [planned.verb for planned in plan] == foreseen
        assert all(b"wonderland" not in planned.shown for planned in plan)
        assert plan[0].shown.startswith(f"AUTH {mechanism}".encode())


# Breakpoints, in a run of several steps (the forms are in test_breakpoints.py)


@pytest.mark.parametrize(
    ("breakpoint", "taken", "next_verb"),
    [
        ("before RCPT", 2, "RCPT"),
        ("before message", 5, "."),
        ("to c@", 3, "RCPT"),
        ("on 550", 4, "DATA"),
        ("on 5xx", 4, "DATA"),
        ("on 3xx", 5, "."),
        ("on 5.1.1", 4, "DATA"),
        ("violation", 4, "DATA"),
        ("tls", 6, None),
        ("on 421", 6, None),
    ],
)
async def test_a_run_ends_at_its_breakpoint(breakpoint: str, taken: int, next_verb: str | None):
    server = VerbServer(**{"RCPT TO:<c@example.org>": "550-5.1.1 un\r\n551 known\r\n550 5.1.1 no"})
    server.says["RCPT TO:<c@example.org>"] = "550-5.1.1 unknown\r\n550 5.1.1 no"
    if breakpoint == "violation":
        server.says["RCPT TO:<c@example.org>"] = "550 4.1.1 odd"
    async with connected(server) as session:
        stepper = Stepper(session, "sendmail", A, [B, C], b"text")
        await stepper.begin()
        found = await stepper.run_to(parse_breakpoint(breakpoint))
        assert (str(found) == breakpoint) if next_verb else (found is None)
        assert len(stepper.done) == taken
        assert (stepper.next.verb if stepper.next else None) == next_verb
        await stepper.run_to()
        assert stepper.over
        assert len(stepper.done) == 6


# Restarting, giving up


async def test_a_procedure_can_start_again():
    server = VerbServer(MAIL=["450 later", "250 ok"])
    async with connected(server) as session:
        await session.ehlo()
        stepper = Stepper(session, "sendmail", A, B, b"text")
        await stepper.begin()
        await stepper.run_to()
        assert isinstance(stepper.error, SMTPSenderRefused)
        again = Stepper(session, "sendmail", A, B, b"text")
        await again.begin()
        await again.run_to()
        assert again.result == {}


async def test_abandoning_sends_nothing_and_leaves_the_session_usable():
    server = VerbServer()
    async with connected(server) as session:
        await session.ehlo()
        stepper = Stepper(session, "sendmail", A, B, b"text")
        await stepper.begin()
        await stepper.send()
        await stepper.abandon()
        assert stepper.over
        assert stepper.next is None
        assert stepper.foreseen() == []
        assert (await session.rset())[0] == 250
        assert server.heard[-2:] == [b"MAIL FROM:<a@example.org>\r\n", b"RSET\r\n"]


async def test_abandoning_auth_cancels_it():
    server = VerbServer("AUTH LOGIN", AUTH="334 VXNlcm5hbWU6", answer=["501 cancelled"])
    async with connected(server) as session:
        await session.ehlo()
        name, arguments = session.login_procedure("alice", "wonderland", in_clear=True)
        stepper = Stepper(session, name, *arguments, initial_response_ok=False)
        await stepper.begin()
        await stepper.send()
        assert stepper.next is not None
        assert stepper.next.verb == "(auth)"
        await stepper.abandon()
        assert server.heard[-1] == b"*\r\n"
        assert session.conversation.unanswered == ()
        assert (await session.noop())[0] == 250


# Late replies, commands in between, cancelling


async def test_a_reply_that_comes_late_is_waited_for_once_more():
    late = asyncio.Event()
    server = VerbServer(MAIL=(late, "250 at last"))
    async with connected(server, timeouts=Timeouts(mail=0.05)) as session:
        await session.ehlo()
        stepper = Stepper(session, "sendmail", A, B, b"text")
        await stepper.begin()
        with pytest.raises(ReplyTimedOut) as error:
            await stepper.send()
        assert error.value.verb == "MAIL"
        assert stepper.waiting
        assert not stepper.over
        assert stepper.next is None
        with pytest.raises(ReplyTimedOut):
            await stepper.wait()
        late.set()
        assert await stepper.wait() == (250, b"at last")
        assert stepper.done[0].reply == (250, b"at last")
        await stepper.run_to()
        assert stepper.result == {}
        assert server.heard.count(b"MAIL FROM:<a@example.org>\r\n") == 1


async def test_run_to_first_waits_for_a_reply_that_is_due():
    late = asyncio.Event()
    server = VerbServer(MAIL=(late, "250 at last"))
    async with connected(server, timeouts=Timeouts(mail=0.05)) as session:
        await session.ehlo()
        stepper = Stepper(session, "sendmail", A, B, b"text")
        await stepper.begin()
        with pytest.raises(ReplyTimedOut):
            await stepper.run_to()
        late.set()
        assert await stepper.run_to(parse_breakpoint("before DATA")) is not None
        assert [done.planned.verb for done in stepper.done] == ["MAIL", "RCPT"]


async def test_a_command_typed_in_between_finds_its_own_reply():
    server = VerbServer(NOOP="250 noop", MAIL="250 mail", RCPT="250 rcpt")
    async with connected(server) as session:
        await session.ehlo()
        stepper = Stepper(session, "sendmail", A, B, b"text")
        await stepper.begin()
        session.send_line(b"NOOP")
        assert await stepper.send() == (250, b"mail")
        step = asyncio.ensure_future(stepper.send())
        await asyncio.sleep(0)
        assert await session.noop() == (250, b"noop")
        assert await step == (250, b"rcpt")
        await stepper.run_to()
        assert stepper.result == {}


async def test_a_cancelled_step_has_been_sent_and_its_reply_can_be_waited_for():
    late = asyncio.Event()
    server = VerbServer(MAIL=(late, "250 mail"), NOOP="250 noop")
    async with connected(server) as session:
        await session.ehlo()
        stepper = Stepper(session, "sendmail", A, B, b"text")
        await stepper.begin()
        task = asyncio.ensure_future(stepper.send())
        await session.news()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert stepper.waiting
        noop = asyncio.ensure_future(session.noop())
        late.set()
        assert await stepper.wait() == (250, b"mail")
        assert await noop == (250, b"noop")
        await stepper.run_to()
        assert stepper.result == {}


async def test_a_message_that_is_cancelled_halfway_continues_where_it_was():
    """The server reads nothing until it is told to; then the rest of the message follows."""
    go = asyncio.Event()
    heard = bytearray()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        for reply in (b"250 server", b"250 ok", b"250 ok", b"354 go on"):
            await reader.readline()
            writer.write(reply + b"\r\n")
        await go.wait()
        while not heard.endswith(b"\r\n.\r\n"):
            heard.extend(await reader.read(1 << 20))
        writer.write(b"250 queued\r\n")

    message = b"".join(b"%070d\r\n" % number for number in range(200_000))
    async with serving(serve) as port:
        session = Session("127.0.0.1", port, local_hostname="me.example", timeout=20)
        await session.connect()
        stepper = Stepper(session, "sendmail", A, B, message)
        await stepper.begin()
        await stepper.run_to(parse_breakpoint("before ."))
        task = asyncio.ensure_future(stepper.send())
        while not session.connection._protocol.paused:
            await session.news()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert stepper.waiting
        go.set()
        assert await stepper.wait() == (250, b"queued")
        assert stepper.result == {}
        assert bytes(heard) == message + b".\r\n"
        await session.close()


async def test_a_server_that_disconnects_ends_the_procedure():
    server = VerbServer(RCPT="")
    async with connected(server) as session:
        await session.ehlo()
        stepper = Stepper(session, "sendmail", A, B, b"text")
        await stepper.begin()
        await stepper.run_to()
        assert stepper.over
        assert isinstance(stepper.error, ConnectionLost)
        assert stepper.error.cause is Cause.CLOSED_BY_SERVER
        assert stepper.done[-1].error


async def test_a_result_asked_for_after_the_connection_closed_between_two_steps_says_so():
    async with connected(VerbServer()) as session:
        await session.ehlo()
        stepper = Stepper(session, "sendmail", A, B, b"text")
        await stepper.send()
        await session.close()
        with pytest.raises(RuntimeError, match="the connection has closed, and RCPT comes next"):
            _ = stepper.result


async def test_a_procedure_that_cannot_begin_is_over_at_once():
    async with connected(VerbServer()) as session:
        stepper = Stepper(session, "docmd", "NOOP\r\nNOOP")
        await stepper.begin()
        assert stepper.over
        assert isinstance(stepper.error, ValueError)
        assert not stepper.waiting


async def test_the_replies_of_lmtp_belong_to_the_message():
    server = VerbServer(LHLO="250 server", **{".": "250 2.1.5 one\r\n452 4.2.2 two"})
    async with serving(server) as port:
        session = Session(Target("127.0.0.1", port, lmtp=True), local_hostname="me.example",
                          timeout=20)  # fmt: skip
        await session.connect()
        stepper = Stepper(session, "sendmail", A, [B, C], b"text")
        await stepper.begin()
        await stepper.run_to()
        assert stepper.result == {C: (452, b"4.2.2 two")}
        assert stepper.done[-1].reply == (250, b"2.1.5 one")
        assert stepper.done[-1].further == ((452, b"4.2.2 two"),)
        await session.close()


async def test_in_a_group_each_command_is_sent_alone_and_has_its_own_reply():
    server = VerbServer("PIPELINING", **{"RCPT TO:<b@example.org>": "550 no"})
    async with connected(server) as session:
        await session.ehlo()
        stepper = Stepper(session, "sendmail", A, [B, C], b"text")
        await stepper.begin()
        assert await stepper.send() is None
        assert session.transcript.joined(CLIENT).endswith(b"MAIL FROM:<a@example.org>\r\n")
        await stepper.run_to()
        codes = [done.reply.code for done in stepper.done if done.reply]
        assert codes == [250, 550, 250, 354, 250]
        assert stepper.result == {B: (550, b"no")}
