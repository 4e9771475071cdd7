"""A recorded conversation is repeated: what is sent, and which replies count as different."""

from __future__ import annotations

import asyncio
from smtplib import SMTPException
from typing import Any

import pytest
from heloscope.session import Session
from heloscope.session.driver.login import answers_with
from heloscope.session.events import Cause, Connected, Disconnected, Note
from heloscope.session.foreign.log import open_log
from heloscope.session.procedures.rerun import (
    RerunDiffers,
    RerunStep,
    RerunStopped,
    greeting_as,
    logs_in,
)
from heloscope.session.procedures.rerun_steps import rerun_steps
from heloscope.session.protocol.conversation import Conversation
from heloscope.session.protocol.replay import replay
from heloscope.session.sasl.exchange import Credentials
from heloscope.session.secret import Secret
from heloscope.session.tls.settings import TlsSettings
from support.fixed_certificates import context
from support.foreign_samples import SAMPLES
from support.scripts import observe
from support.servers import VerbServer, script, script_in_tls, serving

DELIVERY = """
    S: 220 mx.example.org
    C: EHLO me.example
    S: 250-mx.example.org
    S: 250-SIZE 1000
    S: 250 PIPELINING
    C: MAIL FROM:<a@example.org>
    C: RCPT TO:<b@example.org>
    C: DATA
    S: 250 2.1.0 ok
    S: 550 5.1.1 no such user
    S: 554 5.5.1 no valid recipients
    C: RSET
    S: 250 2.0.0 ok
    C: QUIT
    S: 221 2.0.0 bye
"""
LOGIN = """
    S: 220 ready
    C: AUTH LOGIN
    S: 334 VXNlcm5hbWU6
    C: ********
    S: 334 UGFzc3dvcmQ6
    C: ************
    S: 235 2.7.0 ok
    C: QUIT
    S: 221 2.0.0 bye
"""


def steps_of(talk: str | Conversation) -> list[RerunStep]:
    return rerun_steps((observe(talk) if isinstance(talk, str) else talk).transcript)


async def again(
    talk: str | Conversation | list[RerunStep], serve: Any, **how: Any
) -> tuple[int, list[bytes]]:
    """Return the number of steps and what the client sent, with `serve` as the server."""
    steps = talk if isinstance(talk, list) else steps_of(talk)
    async with serving(serve) as port:
        session = Session("127.0.0.1", port, timeout=10, tls=TlsSettings(verify=False))
        assert session.target is not None
        try:
            count = await session.run("rerun", steps, session.target, **how)
        finally:
            said = [row.data for row in session.transcript if row.sent]
            await session.close()
    return count, said


async def differs(talk: str, answers: str, **how: Any) -> RerunDiffers:
    with pytest.raises(RerunDiffers) as raised:
        await again(talk, script(answers), **how)
    return raised.value


def credentials() -> Credentials:
    return Credentials("alice", Secret("wonderland"))


# What is said


async def test_the_same_octets_are_sent_in_the_same_groups():
    count, said = await again(DELIVERY, script(DELIVERY))
    assert count == 7
    assert said == [
        b"EHLO me.example\r\n", b"MAIL FROM:<a@example.org>\r\n", b"RCPT TO:<b@example.org>\r\n",
        b"DATA\r\n", b"RSET\r\n", b"QUIT\r\n",
    ]  # fmt: skip
    together = [step.verb for step in steps_of(DELIVERY) if step.together]
    assert together == ["MAIL", "RCPT"]


@pytest.mark.parametrize(
    "said",
    [
        "C: DATA\nS: 354 go\nC: Subject: x\nC:\nC: ..dot\nC: .\nS: 250 2.0.0 ok",
        "C: DATA\nS: 354 go\nC: .\nS: 250 2.0.0 ok",
        "C: BDAT 4\nC: ab\nS: 250 ok\nC: BDAT 3 LAST\nC: c\nS: 250 2.0.0 ok",
        "C: NOOP\\n\\\nS: 500 bare LF",
        "C:\nS: 500 what",
        "C: mail from: x\nS: 501 syntax\nC: FROB \\xff\nS: 500 what",
    ],
    ids=["dots", "an empty message", "chunks", "a bare LF", "an empty line", "no command"],
)
async def test_odd_octets_are_sent_as_they_are(said: str):
    talk = observe(f"S: 220 ready\n{said}\nC: QUIT\nS: 221 bye")
    heard: list[bytes] = []
    wanted = b"".join(row.data for row in talk.transcript if row.sent)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for row in talk.transcript:
            if row.sent:
                heard.append(await reader.readexactly(len(row.data)))
            else:
                writer.write(row.data)

    await again(talk, serve)
    assert b"".join(heard) == wanted


async def test_a_greeting_of_another_name():
    steps = greeting_as(steps_of(DELIVERY), "other.example")
    _, said = await again(steps, script(DELIVERY))
    assert said[0] == b"EHLO other.example\r\n"
    assert said[1] == b"MAIL FROM:<a@example.org>\r\n"


async def test_lmtp_has_a_reply_for_each_recipient():
    talk = """
        S: 220 ready
        C: LHLO me
        S: 250 server
        C: MAIL FROM:<a@example.org>
        S: 250 ok
        C: RCPT TO:<b@example.org>
        S: 250 ok
        C: RCPT TO:<c@example.org>
        S: 250 ok
        C: DATA
        S: 354 go
        C: x
        C: .
        S: 250 2.0.0 ok
        S: 452 4.2.2 full
        C: QUIT
        S: 221 bye
    """
    await again(talk, script(talk))
    other = await differs(talk, talk.replace("452 4.2.2 full", "250 2.0.0 ok"))
    assert (other.step.verb, other.wanted, other.got) == (".", "452 4.2.2 full", "250 2.0.0 ok")


async def test_a_client_that_speaks_before_the_greeting():
    talk = "C: EHLO me\nS: 220 ready\nS: 250 server\nC: QUIT\nS: 221 bye"
    steps = steps_of(talk)
    assert [step.together for step in steps] == [True, False, False]
    await again(talk, script(talk))


# What is compared


@pytest.mark.parametrize(
    ("one", "other", "what", "line", "wanted", "got"),
    [
        ("220 mx.", "554 mx.", "Different reply", "the greeting", "220 mx.example.org",
         "554 mx.example.org"),
        ("550 5.1.1 no such user", "250 2.1.5 fine", "Different reply",
         "line 7 (RCPT TO:<b@example.org>)", "550 5.1.1 no such user", "250 2.1.5 fine"),
        ("550 5.1.1 no such user", "550 5.7.1 denied", "Different enhanced code",
         "line 7 (RCPT TO:<b@example.org>)", "550 5.1.1 no such user", "550 5.7.1 denied"),
        ("550 5.1.1 no such user", "550 no such user", "Different enhanced code",
         "line 7 (RCPT TO:<b@example.org>)", "550 5.1.1 no such user", "550 no such user"),
        ("250-SIZE 1000", "250-SIZE 2000", "Different extensions", "line 2 (EHLO me.example)",
         "SIZE 1000", "SIZE 2000"),
        ("250-SIZE 1000", "250-DSN", "Different extensions", "line 2 (EHLO me.example)",
         "SIZE 1000, no DSN", "no SIZE, DSN"),
    ],
)  # fmt: skip
async def test_a_rerun_stops_at_a_different_reply(
    one: str, other: str, what: str, line: str, wanted: str, got: str
):
    error = await differs(DELIVERY, DELIVERY.replace(one, other))
    assert (error.what, error.step.line, error.wanted, error.got) == (what, line, wanted, got)
    assert str(error) == f"{what} at {line}: expected {wanted}; got {got}."


async def test_texts_and_the_order_of_extensions_are_not_compared():
    other = DELIVERY.replace("no such user", "unbekannt").replace("mx.example.org", "elsewhere")
    other = other.replace("250-SIZE 1000", "250-PIPELINING").replace("250 PIPE", "250 SIZE 1000 #")
    await again(DELIVERY, script(other.replace("SIZE 1000 #LINING", "SIZE 1000")))


async def test_what_is_ignored_is_not_compared():
    other = DELIVERY.replace("250-SIZE 1000", "250-DSN").replace("5.1.1", "5.7.1")
    await again(DELIVERY, script(other), ignored=["extensions", "enhanced"])
    assert (await differs(DELIVERY, other, ignored=["extensions"])).got == "550 5.7.1 no such user"


async def test_the_end_of_the_connection_is_an_answer():
    error = await differs(DELIVERY, DELIVERY.split("C: RSET")[0] + "C: RSET")
    assert (error.what, error.wanted, error.step.verb) == (
        "The connection ended", "250 2.0.0 ok", "RSET",
    )  # fmt: skip
    assert error.reply is None


async def test_a_server_that_disconnected_must_disconnect_again():
    talk = observe("S: 220 ready\nC: EHLO me\nS: 250 server\nC: FROB")
    talk.note(Disconnected(9.0, Cause.CLOSED_BY_SERVER))
    await again(talk, script("S: 220 ready\nC: EHLO\nS: 250 server\nC: FROB"))
    with pytest.raises(RerunDiffers, match=r"expected the end of the connection; got 500 what\."):
        await again(talk, VerbServer(FROB="500 what"))


async def test_the_rest_of_the_connection_can_be_used_manually():
    talk = DELIVERY.replace("250 PIPELINING", "250 DSN").replace("C: DATA", "C: NOOP")
    async with serving(VerbServer(RCPT="450 4.2.1 later")) as port:
        session = Session("127.0.0.1", port, timeout=10)
        try:
            with pytest.raises(RerunDiffers, match="expected 550"):
                await session.run(
                    "rerun", steps_of(talk), session.target, ignored=["extensions", "enhanced"]
                )
            assert await session.docmd("NOOP") == (250, b"ok")
        finally:
            await session.close()


# TLS


def in_tls() -> Conversation:
    from heloscope.session.events import TlsStarted

    talk = observe("S: 220 ready\nC: STARTTLS\nS: 220 go")
    talk.note(TlsStarted(3.0, "TLSv1.3", "X"))
    return observe("C: NOOP\nS: 250 ok\nC: QUIT\nS: 221 bye", talk)


async def test_tls_begins_where_it_began():
    secured = script_in_tls(
        "S: 220 ready\nC: STARTTLS\nS: 220 go",
        context("good"),
        "C: NOOP\nS: 250 ok\nC: QUIT\nS: 221 bye",
    )
    _, said = await again(in_tls(), secured)
    assert said == [b"STARTTLS\r\n", b"NOOP\r\n", b"QUIT\r\n"]


async def test_a_handshake_that_fails_is_another_answer():
    with pytest.raises(RerunDiffers, match="TLS failed at line 2"):
        await again(in_tls(), script("S: 220 ready\nC: STARTTLS\nS: 220 go\nS: 220 no TLS"))


# Secrets, and what is not in the recording


@pytest.mark.parametrize("mechanism", ["LOGIN", "PLAIN"])
async def test_a_login_is_made_from_the_secret_that_is_given(mechanism: str):
    talk = LOGIN
    if mechanism == "PLAIN":
        talk = "S: 220 x\nC: AUTH PLAIN ********\nS: 235 2.7.0 ok\nC: QUIT\nS: 221 2.0.0 bye"
    answer = answers_with(credentials(), in_clear=True)
    _, said = await again(talk, script(talk), answer=answer)
    assert (
        said
        == {
            "LOGIN": [b"AUTH LOGIN\r\n", b"YWxpY2U=\r\n", b"d29uZGVybGFuZA==\r\n", b"QUIT\r\n"],
            "PLAIN": [b"AUTH PLAIN AGFsaWNlAHdvbmRlcmxhbmQ=\r\n", b"QUIT\r\n"],
        }[mechanism]
    )


async def test_no_password_is_sent_in_cleartext_unless_allowed():
    answer = answers_with(credentials(), in_clear=False)
    with pytest.raises(SMTPException, match="AUTH LOGIN was not sent: would expose the password"):
        await again(LOGIN, script(LOGIN), answer=answer)


async def test_a_login_that_was_cancelled_is_cancelled_again():
    talk = "S: 220 x\nC: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: *\nS: 501 5.7.0 cancelled"
    _, said = await again(talk, script(talk))
    assert said == [b"AUTH LOGIN\r\n", b"*\r\n"]


async def test_without_a_secret_it_stops_before_the_line_that_needs_one():
    first = logs_in(steps_of(LOGIN))
    assert first is not None
    assert first.line == "line 4 (an AUTH response)"
    with pytest.raises(RerunStopped) as raised:
        await again(LOGIN, script(LOGIN))
    assert str(raised.value) == (
        "Stopped at line 4 (an AUTH response): it is made from a secret, and secrets are not "
        "recorded."
    )


@pytest.mark.parametrize(
    ("rest", "why"),
    [
        ("C: XCLIENT LOGIN=********\nS: 220 ok", "line 2 (): it contains a secret"),
        ("C: DATA\nS: 354 go\nC: x\n#C: .\nS: 250 ok",
         "line 2 (DATA): all or part of the message that follows is missing from the recording"),
        ("C: DATA\nS: 354 go\n#S: 250 ok", "line 2 (DATA): all or part of the message that"),
        ("C: BDAT 3 LAST\n#", "line 2 (BDAT 3 LAST): part of it is missing from the recording"),
    ],
)  # fmt: skip
async def test_a_rerun_stops_where_the_recording_lacks_information(rest: str, why: str):
    talk = observe("S: 220 ready")
    for number, part in enumerate(rest.split("#")):
        if number:
            talk.note(Note(5.0, "left out", "100 octets"))
        observe(part, talk)
    with pytest.raises(RerunStopped) as raised:
        await again(talk, VerbServer())
    assert f"Stopped at {why}" in str(raised.value)


def test_only_the_first_connection_is_repeated():
    talk = Conversation()
    talk.note(Connected(0.0, "a", "a"))
    observe("S: 220 ready\nC: NOOP\nS: 250 ok", talk)
    talk.note(Disconnected(9.0, Cause.CLOSED_BY_SERVER))
    talk.note(Connected(9.0, "a", "a"))
    observe("S: 220 ready\nC: HELP\nS: 250 ok", talk)
    assert [step.verb for step in steps_of(talk)] == ["connect", "NOOP"]


def test_an_empty_conversation_has_only_the_connection():
    assert [step.verb for step in steps_of(Conversation())] == ["connect"]


@pytest.mark.parametrize(
    ("name", "line", "why"),
    [
        ("curl-v.txt", "line 15 (DATA)", "all or part of the message that follows is missing"),
        ("exchange-receive.txt", "line 16 (DATA)", "all or part of the message that follows"),
        ("pasted-browser.txt", "line 14 (MAIL FROM:)", "the log does not show it as it was sent"),
    ],
)
def test_a_log_of_another_tool_is_repeated_as_far_as_possible(name: str, line: str, why: str):
    steps = rerun_steps(replay(open_log(SAMPLES / name).conversations[0]).transcript)
    first = next(step for step in steps if step.untold)
    assert (first.line, first.untold[: len(why)]) == (line, why)
