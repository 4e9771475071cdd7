"""The stepper in the middle of a plan: repeated steps, commands typed in between, pausing."""

from __future__ import annotations

import asyncio
from smtplib import SMTPSenderRefused
from typing import Any

import pytest
from heloscope.session.errors import CannotRepeat, ConnectionLost, ReplyTimedOut
from heloscope.session.events import CLIENT
from heloscope.session.procedures.execution import Execution
from heloscope.session.stepping.breakpoints import parse_breakpoint
from heloscope.session.stepping.stepper import Stepper
from heloscope.session.timeouts import Timeouts
from support.servers import VerbServer, connected
from support.steppers import begun, verbs

A, B, C = "a@example.org", "b@example.org", "c@example.org"
MAIL = b"MAIL FROM:<a@example.org>\r\n"
OTHER = b"MAIL FROM:<other@example.org>\r\n"
TO_B = b"RCPT TO:<b@example.org>\r\n"
TO_C = b"RCPT TO:<c@example.org>\r\n"


# A step once more


async def test_a_refused_sender_is_changed_and_the_delivery_continues():
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


async def test_a_refused_sender_can_be_changed_even_after_the_procedure_has_ended():
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


async def test_the_same_command_may_be_accepted_after_a_temporary_refusal():
    server = VerbServer(RCPT=["450 later", "250 ok"], STARTTLS="454 later")
    async with connected(server) as session:
        stepper = await begun(session)
        await stepper.run_to(parse_breakpoint("on 450"))
        await stepper.again(1)
        await stepper.run_to()
        assert stepper.result == {}


async def test_going_back_to_mail_aborts_the_open_transaction():
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


async def test_the_rset_before_mail_can_be_skipped():
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


async def test_a_greeting_is_repeated_although_the_server_was_greeted():
    async with connected(VerbServer()) as session:
        stepper = Stepper(session, "sendmail", A, [B], b"text", pipelining=False)
        await stepper.begin()
        await stepper.send()
        for _ in range(2):  # going back twice is going back once
            await stepper.again(0)
            assert stepper.next is not None
            assert stepper.next.data == b"EHLO me.example\r\n"
        await stepper.run_to()
        assert stepper.result == {}
        said = session.transcript.joined(CLIENT).splitlines(keepends=True)
        assert said[:4] == [b"EHLO me.example\r\n", b"EHLO me.example\r\n", MAIL, TO_B]


async def test_of_a_group_a_recipient_is_sent_again_and_the_sender_keeps_its_reply():
    async with connected(VerbServer("PIPELINING", "CHUNKING", RCPT=["450 later"])) as session:
        stepper = Stepper(session, "sendmail", A, [B], b"text", chunking=True)
        await stepper.run_to(parse_breakpoint("on 450"))
        assert [done.planned.verb for done in stepper.done] == ["EHLO", "MAIL", "RCPT"]
        await stepper.again(2)
        assert stepper.next is not None
        assert stepper.next.data == TO_B
        await stepper.run_to()
        assert stepper.result == {}
        said = session.transcript.joined(CLIENT).splitlines(keepends=True)
        assert said[1:4] == [MAIL, TO_B, TO_B]
        assert stepper.result is not None
        assert stepper.result.accepted == (B,)
        assert [done.reply.code for done in stepper.done if done.reply] == [250, 250, 450, 250, 250]


async def test_a_procedure_that_has_ended_waits_for_no_reply_to_the_rset_before_it():
    async with connected(VerbServer(RSET="")) as session:
        stepper = await begun(session)
        await stepper.send()
        await stepper.again(0)
        await stepper.send()  # RSET, at which the server hangs up
        assert stepper.over
        assert isinstance(stepper.error, ConnectionLost)
        assert await stepper.wait() is None
        assert isinstance(stepper.error, ConnectionLost)


async def test_after_a_refused_message_the_whole_transaction_comes_again():
    server = VerbServer(**{".": ["554 5.6.0 bad", "250 queued"]})
    async with connected(server) as session:
        stepper = await begun(session, text=b".dot\n" * 100_000)
        await stepper.run_to(parse_breakpoint("on 5xx"))
        with pytest.raises(CannotRepeat, match="go back to MAIL to send it again"):
            await stepper.again(3)
        await stepper.again(0)
        assert stepper.next is not None
        assert stepper.next.verb == "MAIL"  # the server has given the transaction up itself
        await stepper.run_to()
        assert stepper.result == {}
        assert server.heard.count(b"..dot\r\n") == 200_000


async def test_a_mechanism_computes_a_new_response():
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
        with pytest.raises(CannotRepeat, match="server no longer accepts it"):
            await stepper.again(1)


@pytest.mark.parametrize(
    ("place", "why"),
    [
        (1, "sent twice"),
        (3, "MAIL cannot be sent again: it is no longer part of the plan"),
        (4, "sent twice"),
        (5, "sent twice"),
        (6, "already replied"),
    ],
)
async def test_what_cannot_be_sent_again_says_why(place: int, why: str):
    """MAIL, RCPT and RSET were sent, and then all of them again; either MAIL may be repeated."""
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
            assert "no longer part" in stepper.why_not_again(1)
            assert "no longer part" in stepper.why_not_again(2)
            return
        heard = len(session.transcript)
        with pytest.raises(CannotRepeat, match=why):
            await stepper.again(place)
        assert len(session.transcript) == heard
        assert stepper.why_not_again(0) == ""


async def test_a_recipient_that_was_accepted_is_not_sent_again_because_the_server_keeps_both():
    """The second reply would replace the first, and LMTP would reply to the message once more."""
    server = VerbServer(**{"RCPT TO:<b@example.org>": ["250 ok", "550 5.7.1 no more"]})
    async with connected(server) as session:
        stepper = await begun(session, B)
        await stepper.run_to(parse_breakpoint("before DATA"))
        with pytest.raises(CannotRepeat, match="the server already has this recipient"):
            await stepper.again(1)
        await stepper.run_to()
        assert stepper.result is not None
        assert stepper.result.accepted == (B,)
        assert server.heard.count(TO_B) == 1


async def test_while_the_server_waits_for_the_message_no_command_is_sent_again():
    async with connected(VerbServer()) as session:
        stepper = await begun(session)
        await stepper.run_to(parse_breakpoint("before message"))
        with pytest.raises(CannotRepeat, match="is waiting for the message"):
            await stepper.again(0)
        await stepper.run_to()
        assert stepper.result == {}


async def test_nothing_is_repeated_over_a_closed_connection():
    async with connected(VerbServer(RCPT="")) as session:
        stepper = await begun(session)
        await stepper.run_to()
        assert stepper.error is not None
        with pytest.raises(CannotRepeat, match="the connection has closed"):
            await stepper.again(0)


# Edits stay


async def test_an_edit_outlasts_a_restart_of_the_plan_and_can_be_undone():
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


async def test_a_later_step_can_be_edited():
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


async def test_an_edited_message_is_sent_as_it_is_and_nothing_after_it():
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
    """Otherwise each step of a plan for thousands of recipients would compute all of them again."""
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
        assert len(foreseen) == 2  # at the beginning, and after the refusal


async def test_a_plan_that_is_longer_than_what_is_foreseen_says_so(monkeypatch):
    monkeypatch.setattr("heloscope.session.procedures.execution.MOST_FORESEEN", 14)
    async with connected(VerbServer()) as session:
        stepper = await begun(session, *[f"{number}@example.org" for number in range(50)])
        assert 3 < len(stepper.foreseen()) < 14
        assert stepper.cut
        stepper = await begun(session, B)
        assert len(stepper.foreseen()) == 4
        assert not stepper.cut
