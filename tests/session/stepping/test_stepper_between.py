"""Commands typed between the steps of a plan, pausing, and plans that start by connecting."""

from __future__ import annotations

import asyncio
from smtplib import SMTPConnectError

import pytest
from heloscope.session import Session
from heloscope.session.errors import ConnectionLost
from heloscope.session.events import ReplyReceived, TlsStarted
from heloscope.session.stepping.breakpoints import Breakpoint, Stop, parse_breakpoint
from heloscope.session.stepping.stepper import Stepper
from heloscope.session.target import Target
from support.rows import for_each
from support.servers import VerbServer, connected, serving
from support.steppers import begun, verbs

A, B, C = "a@example.org", "b@example.org", "c@example.org"
MAIL = b"MAIL FROM:<a@example.org>\r\n"
TO_C = b"RCPT TO:<c@example.org>\r\n"


# What was typed in between


TYPED: list[tuple[int, tuple[str, ...], str]] = [
    (1, ("NOOP", "VRFY b"), ""),
    (1, ("RSET",), "RSET"),
    (1, ("RSET", "MAIL FROM:<x@example.org>"), "MAIL"),
    (1, ("EHLO me",), "EHLO"),
    (1, ("HELO me",), "HELO"),
    (1, ("MAIL FROM:<x@example.org>",), "MAIL"),
    (1, ("AUTH PLAIN AGEAYg==",), "AUTH"),
    (1, ("RCPT TO:<d@example.org>",), ""),
    (2, ("DATA", "."), "."),
    (2, ("QUIT",), "closed"),
    (0, ("NOOP", "EHLO me", "RSET"), ""),
    (0, ("AUTH PLAIN AGEAYg==",), ""),
    (0, ("MAIL FROM:<x@example.org>",), "MAIL"),
    (0, ("MAIL FROM:<x@example.org>", "RSET"), ""),
    (4, ("MAIL FROM:<x@example.org>",), ""),
]


@for_each(TYPED)
async def test_which_typed_commands_affect_the_plan(taken: int, lines: tuple[str, ...], found: str):
    server = VerbServer(AUTH="235 ok", QUIT="221 bye")
    async with connected(server) as session:
        stepper = await begun(session)
        for _ in range(taken):
            await stepper.send()
        assert stepper.typed() == ""
        for line in lines:
            await session.docmd(line)
        if lines == ("QUIT",):
            await session.close()
        assert stepper.typed() == found


async def test_what_the_server_refused_has_changed_nothing():
    async with connected(VerbServer(EHLO=["250 me", "503 no"])) as session:
        stepper = await begun(session)
        await stepper.send()
        await session.docmd("EHLO me")
        assert stepper.typed() == ""


async def test_the_user_may_continue_despite_the_warning():
    async with connected(VerbServer()) as session:
        stepper = await begun(session)
        await stepper.send()
        await session.docmd("RSET")
        assert stepper.typed() == "RSET"
        await stepper.send()
        assert stepper.typed() == ""


async def test_a_plan_that_is_started_again_fits():
    server = VerbServer()
    async with connected(server) as session:
        stepper = await begun(session)
        await stepper.send()
        await session.docmd("RSET")
        stepper = Stepper(session, "sendmail", A, [B], b"text", pipelining=False)
        await stepper.begin()
        assert stepper.typed() == ""
        await stepper.run_to()
        assert stepper.result == {}


async def test_a_run_stops_where_a_typed_command_has_changed_the_transaction():
    go = asyncio.Event()
    server = VerbServer(**{"RCPT TO:<c@example.org>": (go, "250 ok")})
    async with connected(server) as session:
        stepper = await begun(session, B, C, "d@example.org")
        run = asyncio.ensure_future(stepper.run_to())
        while len(stepper.done) < 3:
            await session.news()
        reset = asyncio.ensure_future(session.docmd("RSET"))
        go.set()
        await reset
        await run
        assert stepper.typed() == "RSET" or len(stepper.done) == 4
        assert not stepper.over


async def test_a_command_of_another_task_does_not_get_into_the_message():
    server = VerbServer()
    async with connected(server) as session:
        stepper = await begun(session)
        await stepper.run_to(parse_breakpoint("before ."))
        other = asyncio.ensure_future(session.noop())
        await asyncio.sleep(0)
        await stepper.send()
        assert await other == (250, b"ok")
        assert server.heard[-3:] == [b"text\r\n", b".\r\n", b"NOOP\r\n"]


async def test_nor_if_the_stepper_is_abandoned_within_the_message():
    async with connected(VerbServer()) as session:
        stepper = await begun(session)
        await stepper.run_to(parse_breakpoint("before ."))
        other = asyncio.ensure_future(session.noop())
        await asyncio.sleep(0)
        await stepper.abandon()
        with pytest.raises(ConnectionLost, match="a message was aborted before its end"):
            await other


@pytest.mark.parametrize("command", ["noop", "verify"])
async def test_a_command_of_the_same_task_within_the_message_is_refused_at_once(command: str):
    server = VerbServer()
    async with connected(server) as session:
        stepper = await begun(session)
        await stepper.run_to(parse_breakpoint("before ."))
        arguments = () if command == "noop" else (B,)
        with pytest.raises(
            RuntimeError, match=r"sendmail is being stepped through and has stopped"
        ):
            await getattr(session, command)(*arguments)
        await stepper.run_to()
        assert stepper.result == {}
        assert server.heard[-2:] == [b"text\r\n", b".\r\n"]


@pytest.mark.parametrize("chunking", [False, True], ids=["DATA", "BDAT"])
@pytest.mark.parametrize("first", [False, True], ids=["in between", "first"])
async def test_the_reply_for_a_typed_recipient_is_not_that_for_one_of_the_plan(
    chunking: bool, first: bool
):
    typed, b, c = "550 5.1.1 typed", "250 2.1.5 b", "452 4.2.2 c"
    replies = "\r\n".join([typed, b, c] if first else [b, typed, c])
    server = VerbServer(LHLO="250-server\r\n250 CHUNKING", **{".": replies, "BDAT": replies})
    async with serving(server) as port:
        target = Target("127.0.0.1", port, lmtp=True)
        session = Session(target, local_hostname="me.example", timeout=20)
        await session.connect()
        await session.ehlo()
        stepper = Stepper(
            session, "sendmail", A, [B, C], b"text", pipelining=False, chunking=chunking
        )
        await stepper.begin()
        for _ in range(1 if first else 2):
            await stepper.send()
        await session.docmd("RCPT TO:<typed@example.org>")
        await stepper.run_to()
        result = stepper.result
        assert result == {C: (452, b"4.2.2 c")}
        assert result is not None and result.accepted == (B,)
        assert result.replies == {B: (250, b"2.1.5 b"), C: (452, b"4.2.2 c")}
        await session.close()


async def test_which_rows_belong_to_the_plan():
    async with connected(VerbServer()) as session:
        stepper = await begun(session)
        await stepper.send()
        await session.noop()
        *_, mail, noop = [row.row for row in session.transcript if row.sent]
        assert stepper.sent(mail)
        assert not stepper.sent(noop)


# Pausing, and why it stopped


async def test_a_run_that_is_paused_stops_at_the_next_step():
    go = asyncio.Event()
    server = VerbServer(RCPT=(go, "250 ok"))
    async with connected(server) as session:
        stepper = await begun(session, B, C)
        run = asyncio.ensure_future(stepper.run_to())
        while len(stepper.done) < 2:
            await session.news()
        stepper.pause()
        go.set()
        assert await run is None
        assert stepper.next is not None
        assert stepper.next.data == TO_C
        await stepper.run_to()
        assert stepper.result == {}


@pytest.mark.parametrize(
    ("text", "event"),
    [("before RCPT", None), ("on 250", ReplyReceived), ("on 5.1.1", ReplyReceived)],
)
async def test_the_reason_for_stopping_is_known(text: str, event: type | None):
    server = VerbServer(**{"RCPT TO:<c@example.org>": "550 5.1.1 nobody"})
    async with connected(server) as session:
        stepper = await begun(session, B, C)
        found = await stepper.run_to(parse_breakpoint(text))
        assert stepper.stop is not None
        assert stepper.stop.breakpoint is found
        assert type(stepper.stop.event) is (event or type(None))
        await stepper.send()
        assert stepper.stop is None


async def test_breakpoints_that_are_set_while_it_runs_count():
    go = asyncio.Event()
    server = VerbServer(MAIL=(go, "250 ok"))
    points: list[Breakpoint] = []
    async with connected(server) as session:
        stepper = await begun(session, B, C)
        run = asyncio.ensure_future(stepper.run_to(among=points))
        while not stepper.done:
            await session.news()
        points.append(parse_breakpoint("to c@"))
        go.set()
        assert await run == points[0]
        assert stepper.stop == Stop(points[0])
        assert stepper.next is not None
        assert stepper.next.data == TO_C


async def test_the_handshake_takes_time_and_a_breakpoint_may_follow_it(monkeypatch):
    server = VerbServer("STARTTLS", STARTTLS="220 go ahead")
    async with connected(server) as session:
        now = [session.clock()]

        async def handshake(context: object) -> None:
            now[0] += 0.25
            session.note(TlsStarted(now[0], "TLSv1.3", "X"))

        await session.ehlo()
        monkeypatch.setattr(session.connection, "handshake", handshake)
        stepper = Stepper(session, "starttls", clock=lambda: now[0])
        await stepper.begin()
        found = await stepper.run_to(parse_breakpoint("tls"))
        assert found is not None
        assert [done.planned.verb for done in stepper.done] == ["STARTTLS", "TLS"]
        assert stepper.done[1].seconds == pytest.approx(0.25)


# From the very beginning


async def test_a_procedure_from_the_start_begins_with_connecting():
    server = VerbServer()
    async with serving(server) as port:
        session = Session(local_hostname="me.example", timeout=20)
        target = Target("127.0.0.1", port)
        stepper = Stepper(
            session, "from_the_start", target, "sendmail", (A, [B], b"text"), {"pipelining": False}
        )
        await stepper.begin()
        ahead = ["connect", "EHLO", "MAIL", "RCPT", "DATA", "."]
        assert [planned.verb for planned in stepper.foreseen()] == ahead
        assert stepper.typed() == ""
        await stepper.run_to()
        assert verbs(stepper) == ahead
        assert stepper.result == {}
        await session.close()


async def test_a_whole_delivery_is_one_plan_foreseen_by_what_the_server_offered_before():
    server = VerbServer(EHLO="250-server\n250 AUTH PLAIN", AUTH="235 welcome")
    async with serving(server) as port:
        session = Session(local_hostname="me.example", timeout=20)
        target = Target("127.0.0.1", port)
        login = session.login_procedure("alice", "wonderland", in_clear=True)
        stepper = Stepper(
            session, "from_the_start", target, "sendmail", (A, [B], b"text"),
            before=[login], leave=True,
        )  # fmt: skip
        stepper.likely = {False: {"auth": "PLAIN"}}
        await stepper.begin()
        ahead = ["connect", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", ".", "QUIT"]
        assert [planned.verb for planned in stepper.foreseen()] == ahead
        await stepper.run_to()
        assert verbs(stepper) == ahead
        assert stepper.result == {}
        assert not session.connected


async def test_skipping_the_login_continues_without_it():
    server = VerbServer(EHLO="250-server\n250 AUTH PLAIN", AUTH="235 welcome")
    async with serving(server) as port:
        session = Session(local_hostname="me.example", timeout=20)
        login = session.login_procedure("alice", "wonderland", in_clear=True)
        stepper = Stepper(
            session, "from_the_start", Target("127.0.0.1", port), "noop", before=[login], leave=True
        )
        await stepper.begin()
        await stepper.run_to(parse_breakpoint("before AUTH"))
        await stepper.skip()
        await stepper.run_to()
        assert verbs(stepper) == ["connect", "EHLO", "AUTH", "NOOP", "QUIT"]
        assert not any(line.startswith(b"AUTH") for line in server.heard)
        assert stepper.error is None


async def test_connecting_alone_is_a_plan_too():
    server = VerbServer()
    async with serving(server) as port:
        session = Session(local_hostname="me.example", timeout=20)
        stepper = Stepper(session, "from_the_start", Target("127.0.0.1", port))
        await stepper.begin()
        await stepper.run_to()
        assert verbs(stepper) == ["connect"]
        assert stepper.result is not None
        assert stepper.result[0] == 220
        await session.close()


async def test_a_greeting_that_refuses_ends_it():
    server = VerbServer(greeting="554 no")
    async with serving(server) as port:
        session = Session(local_hostname="me.example", timeout=20)
        stepper = Stepper(session, "from_the_start", Target("127.0.0.1", port), "noop")
        await stepper.begin()
        await stepper.run_to()
        assert isinstance(stepper.error, SMTPConnectError)
        assert server.heard == []
        await session.close()
