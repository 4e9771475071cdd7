"""The stepper in the middle of a plan: a step once more, what was typed in between, pausing."""

from __future__ import annotations

import asyncio
from smtplib import SMTPConnectError, SMTPSenderRefused
from typing import Any

import pytest
from heloscope.session import Session
from heloscope.session.errors import CannotRepeat, ReplyTimedOut
from heloscope.session.events import CLIENT, ReplyReceived, TlsStarted
from heloscope.session.procedures.execution import Execution
from heloscope.session.stepping.breakpoints import Breakpoint, Stop, parse_breakpoint
from heloscope.session.stepping.stepper import Stepper
from heloscope.session.target import Target
from heloscope.session.timeouts import Timeouts
from support.servers import VerbServer, connected, serving

A, B, C = "a@example.org", "b@example.org", "c@example.org"
MAIL = b"MAIL FROM:<a@example.org>\r\n"
OTHER = b"MAIL FROM:<other@example.org>\r\n"
TO_B = b"RCPT TO:<b@example.org>\r\n"
TO_C = b"RCPT TO:<c@example.org>\r\n"


async def begun(session: Session, *recipients: str, text: bytes = b"text") -> Stepper:
    """A delivery, at its first step: MAIL."""
    await session.ehlo()
    stepper = Stepper(session, "sendmail", A, recipients or [B], text, pipelining=False)
    await stepper.begin()
    return stepper


def verbs(stepper: Stepper) -> list[str]:
    return [done.planned.verb for done in stepper.done]


# A step once more


async def test_a_refused_sender_is_changed_and_the_delivery_goes_on():
    server = VerbServer(**{"MAIL FROM:<a@example.org>": "550 5.7.1 not you"})
    async with connected(server) as session:
        stepper = await begun(session)
        await stepper.send()
        assert stepper.done[0].refused
        await stepper.again(0)
        assert stepper.next is not None
        assert stepper.next.data == MAIL
        stepper.edit(OTHER)
        assert [planned.verb for planned in stepper.foreseen()] == ["MAIL", "RCPT", "DATA", "."]
        await stepper.run_to()
        assert stepper.result == {}
        assert stepper.error is None
        assert server.heard[1:] == [MAIL, OTHER, TO_B, b"DATA\r\n", b"text\r\n", b".\r\n"]
        assert [done.edited for done in stepper.done] == [False, True, False, False, False]


async def test_it_can_be_changed_too_when_the_procedure_is_over_already():
    server = VerbServer(**{"MAIL FROM:<a@example.org>": "550 5.7.1 not you"})
    async with connected(server) as session:
        stepper = await begun(session)
        await stepper.run_to()
        assert isinstance(stepper.error, SMTPSenderRefused)
        assert stepper.over
        await stepper.again(0)
        assert not stepper.over
        assert stepper.error is None
        stepper.edit(OTHER)
        await stepper.run_to()
        assert stepper.result == {}


async def test_a_refused_recipient_is_changed_and_counts_as_if_the_first_had_not_been():
    server = VerbServer(**{"RCPT TO:<b@example.org>": "550 5.1.1 nobody"})
    async with connected(server) as session:
        stepper = await begun(session, B, C)
        await stepper.run_to(parse_breakpoint("on 5xx"))
        await stepper.again(1)
        stepper.edit(b"RCPT TO:<d@example.org>\r\n")
        await stepper.run_to()
        assert stepper.result == {}
        assert server.heard.count(MAIL) == 1
        assert b"RSET\r\n" not in server.heard


async def test_the_same_again_may_be_taken_where_it_was_refused_for_now():
    server = VerbServer(RCPT=["450 later", "250 ok"], STARTTLS="454 later")
    async with connected(server) as session:
        stepper = await begun(session)
        await stepper.run_to(parse_breakpoint("on 450"))
        await stepper.again(1)
        await stepper.run_to()
        assert stepper.result == {}


async def test_back_to_mail_gives_up_the_transaction_that_is_open():
    async with connected(VerbServer()) as session:
        stepper = await begun(session, B, C)
        await stepper.run_to(parse_breakpoint("before DATA"))
        await stepper.again(0)
        ahead = [planned.verb for planned in stepper.foreseen()]
        assert ahead == ["RSET", "MAIL", "RCPT", "RCPT", "DATA", "."]
        await stepper.run_to()
        assert stepper.result == {}
        said = session.transcript.joined(CLIENT).splitlines(keepends=True)
        assert said[1:7] == [MAIL, TO_B, TO_C, b"RSET\r\n", MAIL, TO_B]
        assert verbs(stepper)[3:5] == ["RSET", "MAIL"]
        assert all(done.reply is not None for done in stepper.done)


async def test_the_rset_before_it_can_be_left_out():
    async with connected(VerbServer()) as session:
        stepper = await begun(session)
        await stepper.send()
        await stepper.again(0)
        await stepper.skip()
        assert stepper.next is not None
        assert stepper.next.data == MAIL
        assert stepper.done[-1].skipped


async def test_a_rset_whose_reply_is_late_is_waited_for_and_sent_once():
    late = asyncio.Event()
    server = VerbServer(RSET=(late, "250 reset"))
    async with connected(server) as session:
        stepper = await begun(session)
        await stepper.send()
        await stepper.again(0)
        session.timeouts = Timeouts.all(0.05)
        with pytest.raises(ReplyTimedOut):
            await stepper.send()
        assert stepper.waiting
        session.timeouts = Timeouts()
        late.set()
        assert await stepper.send() == (250, b"reset")
        assert stepper.next is not None
        assert stepper.next.verb == "MAIL"
        await stepper.run_to()
        assert stepper.result == {}
        assert server.heard.count(b"RSET\r\n") == 1


async def test_after_a_refused_message_the_whole_transaction_comes_again():
    server = VerbServer(**{".": ["554 5.6.0 bad", "250 queued"]})
    async with connected(server) as session:
        stepper = await begun(session, text=b".dot\n" * 100_000)
        await stepper.run_to(parse_breakpoint("on 5xx"))
        with pytest.raises(CannotRepeat, match="is sent again after MAIL"):
            await stepper.again(3)
        await stepper.again(0)
        assert stepper.next is not None
        assert stepper.next.verb == "MAIL"  # the server has given the transaction up itself
        await stepper.run_to()
        assert stepper.result == {}
        assert server.heard.count(b"..dot\r\n") == 200_000


async def test_a_mechanism_is_asked_anew_for_what_it_says():
    server = VerbServer("AUTH PLAIN", AUTH=["454 later", "235 welcome"])
    said: list[bytes] = []

    def answer(*challenge: bytes) -> bytes:
        said.append(b"secret %d" % len(said))
        return said[-1]

    async with connected(server) as session:
        await session.ehlo()
        stepper = Stepper(session, "auth", "PLAIN", answer)
        await stepper.begin()
        await stepper.send()
        await stepper.again(0)
        await stepper.send()
        assert said == [b"secret 0", b"secret 1"]
        assert stepper.result == (235, b"welcome")
        with pytest.raises(CannotRepeat, match="server is past it"):
            await stepper.again(1)


@pytest.mark.parametrize(
    ("place", "why"),
    [
        (1, "sent twice"),
        (3, "MAIL cannot be sent again: it belongs to what was done before"),
        (4, "sent twice"),
        (5, "sent twice"),
        (6, "its reply"),
    ],
)
async def test_what_cannot_be_sent_again_says_why(place: int, why: str):
    """MAIL, RCPT, RSET, and all of it again; of the first MAIL and the second either may do."""
    async with connected(VerbServer()) as session:
        stepper = await begun(session)
        await stepper.send()
        await stepper.send()
        await stepper.again(0)
        await stepper.run_to()
        assert verbs(stepper) == ["MAIL", "RCPT", "RSET", "MAIL", "RCPT", "DATA", "."]
        if place == 3:
            stepper._history.places[3] = None
        elif place == 1:
            assert "before" in stepper.why_not_again(1)
            assert "before" in stepper.why_not_again(2)
            return
        heard = len(session.transcript)
        with pytest.raises(CannotRepeat, match=why):
            await stepper.again(place)
        assert len(session.transcript) == heard
        assert stepper.why_not_again(0) == ""


async def test_while_the_server_waits_for_the_message_no_command_is_sent_again():
    async with connected(VerbServer()) as session:
        stepper = await begun(session)
        await stepper.run_to(parse_breakpoint("before message"))
        with pytest.raises(CannotRepeat, match="waits for the message"):
            await stepper.again(0)
        await stepper.run_to()
        assert stepper.result == {}


async def test_nothing_is_sent_again_over_a_connection_that_is_gone():
    async with connected(VerbServer(RCPT="")) as session:
        stepper = await begun(session)
        await stepper.run_to()
        assert stepper.error is not None
        with pytest.raises(CannotRepeat, match="the connection is over"):
            await stepper.again(0)


# Edits stay


async def test_an_edit_holds_when_the_plan_is_begun_anew_and_can_be_taken_back():
    async with connected(VerbServer()) as session:
        stepper = await begun(session)
        stepper.edit(OTHER)
        await stepper.send()
        await stepper.abandon()
        again = Stepper(session, "sendmail", A, [B], b"text", pipelining=False)
        again.edits = stepper.edits
        await again.begin()
        assert [planned.data for planned in again.foreseen()[:2]] == [b"RSET\r\n", OTHER]
        await again.send()
        assert again.next is not None
        assert again.next.edited
        again.edit(MAIL)
        assert not again.next.edited
        await again.send()
        assert not again.done[-1].edited


async def test_a_step_to_come_is_edited_before_it_is_the_next_one():
    server = VerbServer()
    async with connected(server) as session:
        stepper = await begun(session, B, C)
        stepper.foreseen()
        stepper.edit_later(2, b"RCPT TO:<d@example.org> NOTIFY=NEVER\r\n")
        assert stepper.foreseen()[2].edited
        await stepper.run_to()
        assert b"RCPT TO:<d@example.org> NOTIFY=NEVER\r\n" in server.heard
        assert TO_C not in server.heard
        assert stepper.result == {}


async def test_an_edited_message_goes_out_as_it_is_and_nothing_behind_it():
    server = VerbServer()
    async with connected(server) as session:
        stepper = await begun(session, text=b"x\r\n" * 200_000)
        await stepper.run_to(parse_breakpoint("before ."))
        stepper.edit(b"Subject: other\r\n\r\n..dot\r\n.\r\n")
        await stepper.send()
        assert server.heard[4:] == [b"Subject: other\r\n", b"\r\n", b"..dot\r\n", b".\r\n"]
        assert stepper.result == {}
        assert session.conversation.unanswered == ()


async def test_an_edited_secret_is_not_kept_and_not_shown():
    server = VerbServer("AUTH PLAIN", AUTH="235 ok")
    async with connected(server) as session:
        await session.ehlo()
        name, arguments = session.login_procedure("alice", "wonderland", in_clear=True)
        stepper = Stepper(session, name, *arguments)
        await stepper.begin()
        assert stepper.next is not None
        assert stepper.next.secret
        stepper.edit(b"AUTH PLAIN AGJvYgBvdGhlcg==\r\n")
        assert stepper.next.edited
        assert b"AGJv" not in stepper.next.shown
        assert stepper.foreseen()[0] == stepper.next
        await stepper.send()
        assert server.heard[-1] == b"AUTH PLAIN AGJvYgBvdGhlcg==\r\n"
        assert stepper.edits == {}


# A message as it is foreseen


@pytest.mark.parametrize("chunking", [False, True])
async def test_a_message_is_foreseen_with_its_size_however_long(chunking: bool):
    async with connected(VerbServer("CHUNKING")) as session:
        await session.ehlo()
        text = b"12345678\r\n" * 100_000
        stepper = Stepper(session, "sendmail", A, B, text, chunking=chunking)
        await stepper.begin()
        verb = "BDAT LAST" if chunking else "."
        [message] = [p for p in stepper.foreseen() if p.verb in (verb, "BDAT")][:1]
        assert message.size == 1_000_000


async def test_the_rest_of_a_long_plan_is_foreseen_once_while_all_goes_well(monkeypatch):
    """Each step of a plan with thousands of recipients would else cost a run through all."""
    foreseen: list[int] = []
    whole = Execution.foreseen

    def counted(self: Execution, likely: Any):
        foreseen.append(len(self.kept))
        return whole(self, likely)

    monkeypatch.setattr(Execution, "foreseen", counted)
    recipients = [f"{number}@example.org" for number in range(50)]
    async with connected(VerbServer(**{"RCPT TO:<30@example.org>": "550 no"})) as session:
        stepper = await begun(session, *recipients)
        left = len(stepper.foreseen())
        while not stepper.over:
            await stepper.send()
            left -= 1
            assert len(stepper.foreseen()) == left
        assert len(foreseen) == 2  # at the beginning, and behind the refusal


async def test_a_plan_that_is_longer_than_what_is_foreseen_says_so(monkeypatch):
    monkeypatch.setattr("heloscope.session.procedures.execution.MOST_FORESEEN", 14)
    async with connected(VerbServer()) as session:
        stepper = await begun(session, *[f"{number}@example.org" for number in range(50)])
        assert 3 < len(stepper.foreseen()) < 14
        assert stepper.cut
        stepper = await begun(session, B)
        assert len(stepper.foreseen()) == 4
        assert not stepper.cut


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


@pytest.mark.parametrize(("taken", "lines", "found"), TYPED)
async def test_what_was_typed_in_between_matters_or_does_not(
    taken: int, lines: tuple[str, ...], found: str
):
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


async def test_whoever_goes_on_all_the_same_has_seen_it():
    async with connected(VerbServer()) as session:
        stepper = await begun(session)
        await stepper.send()
        await session.docmd("RSET")
        assert stepper.typed() == "RSET"
        await stepper.send()
        assert stepper.typed() == ""


async def test_a_plan_begun_anew_fits_again():
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


async def test_which_rows_are_ours():
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
async def test_why_it_stopped_is_known(text: str, event: type | None):
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


async def test_the_handshake_takes_time_and_may_be_stopped_behind(monkeypatch):
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


async def test_who_skips_the_login_goes_on_without():
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
