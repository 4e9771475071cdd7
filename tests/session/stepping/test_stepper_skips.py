"""Steps that are edited, and steps that are skipped."""

from __future__ import annotations

import pytest
from heloscope.session import Session
from heloscope.session.errors import CannotSkip, ReplyTimedOut
from heloscope.session.events import Note
from heloscope.session.stepping.stepper import Stepper
from heloscope.session.target import Target
from heloscope.session.timeouts import Timeouts
from support.servers import VerbServer, connected, serving

A, B, C = "a@example.org", "b@example.org", "c@example.org"


# Editing


async def test_an_edited_step_is_sent_as_it_was_written_and_its_reply_continues():
    server = VerbServer()
    async with connected(server) as session:
        await session.ehlo()
        stepper = Stepper(session, "sendmail", A, B, b"text")
        await stepper.begin()
        stepper.edit(b"mail from:<other@example.org> SIZE=1\r\n")
        assert stepper.next is not None
        assert stepper.next.data == b"mail from:<other@example.org> SIZE=1\r\n"
        assert stepper.foreseen()[0] == stepper.next
        await stepper.send()
        assert server.heard[-1] == b"mail from:<other@example.org> SIZE=1\r\n"
        assert stepper.done[0].edited
        assert stepper.done[0].reply == (250, b"ok")
        assert any(isinstance(e, Note) and e.kind == "edited" for e in session.transcript.events())
        await stepper.run_to()
        assert stepper.result == {}


async def test_a_step_may_be_edited_into_another_command_or_into_two():
    server = VerbServer(VRFY="550 nobody")
    async with connected(server) as session:
        await session.ehlo()
        stepper = Stepper(session, "sendmail", A, [B, C], b"text")
        await stepper.begin()
        await stepper.send()
        stepper.edit(b"VRFY b\r\n")
        assert await stepper.send() == (550, b"nobody")
        stepper.edit(b"NOOP\r\nRCPT TO:<c@example.org>\r\n")
        assert await stepper.send() == (250, b"ok")
        await stepper.run_to()
        assert stepper.result == {B: (550, b"nobody")}
        assert session.conversation.unanswered == ()


async def test_a_step_edited_into_half_a_line_times_out_and_can_be_completed_manually():
    server = VerbServer()
    async with connected(server, timeouts=Timeouts(other=0.05)) as session:
        await session.ehlo()
        stepper = Stepper(session, "sendmail", A, B, b"text")
        await stepper.begin()
        stepper.edit(b"MAIL FROM:<a@")
        with pytest.raises(ReplyTimedOut):
            await stepper.send()
        assert session.transcript[-1].data == b"MAIL FROM:<a@"
        assert session.transcript[-1].piece
        assert stepper.waiting
        session.timeouts = Timeouts()
        session.send_line(b"example.org>")
        assert await stepper.wait() == (250, b"ok")
        await stepper.run_to()
        assert stepper.result == {}


async def test_only_what_sends_something_can_be_edited():
    async with connected(VerbServer()) as session:
        stepper = Stepper(session, "noop")
        await stepper.begin()
        await stepper.send()
        with pytest.raises(ValueError, match="edited"):
            stepper.edit(b"x")
        with pytest.raises(ValueError, match="no step"):
            await stepper.send()


# Leaving out


@pytest.mark.parametrize("pipelining", [False, True])
async def test_a_recipient_that_is_skipped(pipelining: bool):
    server = VerbServer("PIPELINING")
    async with connected(server) as session:
        await session.ehlo()
        stepper = Stepper(session, "sendmail", A, [B, C], b"text", pipelining=pipelining)
        await stepper.begin()
        await stepper.send()
        await stepper.skip()
        assert stepper.next is not None
        assert stepper.next.data == b"RCPT TO:<c@example.org>\r\n"
        await stepper.run_to()
        assert stepper.result == {}
        assert b"RCPT TO:<b@example.org>\r\n" not in server.heard
        assert [done.skipped for done in stepper.done] == [False, True, False, False, False]
        assert any(isinstance(e, Note) and e.kind == "skipped" for e in session.transcript.events())


async def test_skipping_all_recipients_leaves_nobody():
    server = VerbServer()
    async with connected(server) as session:
        await session.ehlo()
        stepper = Stepper(session, "sendmail", A, B, b"text")
        await stepper.begin()
        await stepper.send()
        await stepper.skip()
        assert stepper.next is not None
        assert stepper.next.verb == "RSET"
        await stepper.skip()
        assert stepper.over
        assert type(stepper.error).__name__ == "SMTPRecipientsRefused"


async def test_skipping_ehlo_sends_helo():
    server = VerbServer()
    async with connected(server) as session:
        stepper = Stepper(session, "ehlo_or_helo_if_needed")
        await stepper.begin()
        await stepper.skip()
        assert stepper.next is not None
        assert stepper.next.data == b"HELO me.example\r\n"
        await stepper.run_to()
        assert server.heard == [b"HELO me.example\r\n"]


async def test_skipping_starttls_leaves_the_conversation_without_tls():
    server = VerbServer("STARTTLS")
    async with connected(server) as session:
        await session.ehlo()
        stepper = Stepper(session, "starttls")
        await stepper.begin()
        assert [planned.verb for planned in stepper.foreseen()] == ["STARTTLS", "TLS"]
        await stepper.skip()
        assert stepper.over
        assert stepper.error is None
        assert len(server.heard) == 1


async def test_skipping_a_mechanism_tries_the_next():
    server = VerbServer("AUTH PLAIN LOGIN", AUTH="235 welcome")
    async with connected(server) as session:
        await session.ehlo()
        name, arguments = session.login_procedure("alice", "wonderland", in_clear=True)
        stepper = Stepper(session, name, *arguments)
        await stepper.begin()
        await stepper.skip()
        assert stepper.next is not None
        assert stepper.next.data.startswith(b"AUTH LOGIN\r\n")
        await stepper.run_to()
        assert stepper.result == (235, b"welcome")
        stepper = Stepper(session, name, *arguments)
        await stepper.begin()
        await stepper.skip()
        await stepper.skip()
        assert stepper.over
        assert stepper.error is None
        assert stepper.result is None


async def test_skipping_quit_closes_without_it():
    server = VerbServer()
    async with connected(server) as session:
        stepper = Stepper(session, "quit")
        await stepper.begin()
        await stepper.skip()
        assert stepper.over
        assert not session.connected
        assert server.heard == []


async def test_a_step_that_cannot_be_skipped_says_why():
    server = VerbServer(EHLO="502 what")
    async with connected(server) as session:
        stepper = Stepper(session, "sendmail", A, B, b"text")
        await stepper.begin()
        cannot: dict[str, str] = {}
        while stepper.next is not None:
            verb = stepper.next.verb
            before = len(server.heard)
            if not stepper.next.skipping:
                with pytest.raises(CannotSkip) as error:
                    await stepper.skip()
                cannot[verb] = str(error.value)
                assert len(server.heard) == before
            await stepper.send()
        assert list(cannot) == ["HELO", "MAIL", "DATA", "."]
        assert cannot["DATA"] == "DATA cannot be skipped: the message cannot be sent without it"
        with pytest.raises(CannotSkip, match="no step"):
            await stepper.skip()


async def test_connecting_cannot_be_skipped():
    async with serving(VerbServer()) as port:
        session = Session(local_hostname="me.example", timeout=20)
        stepper = Stepper(session, "connect", Target("127.0.0.1", port))
        await stepper.begin()
        assert stepper.next is not None
        assert stepper.next.words == f"connect to 127.0.0.1:{port}"
        with pytest.raises(CannotSkip, match="nothing can be sent without a connection"):
            await stepper.skip()
        assert await stepper.send() == (220, b"ready")
        assert stepper.over
        assert stepper.result == (220, b"ready")
        await session.close()
