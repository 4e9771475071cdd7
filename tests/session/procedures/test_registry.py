"""The simple procedures, as conversations: greetings, queries, RSET, NOOP and QUIT."""

from __future__ import annotations

from itertools import product
from smtplib import SMTPHeloError, SMTPServerDisconnected

import pytest
from heloscope.session.errors import ConnectionLost
from heloscope.session.procedures.registry import PROCEDURES
from support.procedure_scripts import ProcedureScript, offers, play
from support.rows import for_each

# Greetings (RFC 5321 section 4.1.1.1)


def test_ehlo_sends_the_name_of_this_machine_and_returns_the_reply():
    reply = play(
        "ehlo",
        script="""
        S: 220 ready
        C: EHLO me.example
        S: 250-server
        S: 250 SIZE 1000
        """,
    )
    assert reply == (250, b"server\nSIZE 1000")


def test_ehlo_sends_the_given_name():
    reply = play(
        "ehlo",
        "[192.0.2.1]",
        script="""
        S: 220 ready
        C: EHLO [192.0.2.1]
        S: 250 server
        """,
    )
    assert reply == (250, b"server")


def test_an_empty_line_in_place_of_a_reply_to_ehlo_is_the_end_of_the_connection():
    talk = ProcedureScript("""
        S: 220 ready
        C: EHLO me.example
        S:
    """)
    with pytest.raises(SMTPServerDisconnected):
        talk.run("ehlo")
    assert talk.closed


def test_helo_leaves_no_extensions():
    talk = ProcedureScript(offers("SIZE") + "C: HELO me.example\nS: 250 old").greet()
    assert talk.session.ehlo_resp == b"server\nSIZE"
    assert talk.run("helo") == (250, b"old")
    assert talk.session.helo_resp == b"old"
    assert talk.session.ehlo_resp is None
    assert not talk.session.does_esmtp


def test_an_old_server_gets_helo():
    talk = ProcedureScript("""
        S: 220 ready
        C: EHLO me.example
        S: 502 unknown
        C: HELO me.example
        S: 250 old.example
    """)
    talk.run("ehlo_or_helo_if_needed")
    assert talk.session.helo_resp == b"old.example"


def test_a_server_that_was_greeted_is_not_greeted_again():
    talk = ProcedureScript(offers()).greet()
    talk.run("ehlo_or_helo_if_needed")


def test_a_server_that_does_not_accept_a_greeting_is_an_error_with_its_last_reply():
    with pytest.raises(SMTPHeloError) as error:
        play(
            "ehlo_or_helo_if_needed",
            script="""
            S: 220 ready
            C: EHLO me.example
            S: 502 unknown
            C: HELO me.example
            S: 504 go away
            """,
        )
    assert (error.value.smtp_code, error.value.smtp_error) == (504, b"go away")


def test_lmtp_sends_lhlo_and_has_no_fallback():
    talk = ProcedureScript(offers("PIPELINING", verb="LHLO"), lmtp=True)
    talk.run("ehlo_or_helo_if_needed")
    assert talk.session.has_extn("pipelining")
    with pytest.raises(SMTPHeloError) as error:
        play(
            "ehlo_or_helo_if_needed",
            lmtp=True,
            script="""
            S: 220 ready
            C: LHLO me.example
            S: 500 unknown
            """,
        )
    assert error.value.smtp_code == 500


@pytest.mark.parametrize("name", ["ehlo", "helo"])
def test_421_in_place_of_a_greeting_is_returned_as_it_is(name: str):
    reply = play(
        name,
        script=f"""
        S: 220 ready
        C: {name.upper()} me.example
        S: 421 4.3.2 not now
        """,
    )
    assert reply == (421, b"4.3.2 not now")


# Questions and housekeeping


@for_each(
    (*row, reply)
    for row in [
        ("verify", ("Anna <anna@example.org>",), "VRFY anna@example.org"),
        ("verify", ("Anna <anna@[192.0.2.1]>",), "VRFY anna@[192.0.2.1]"),
        ("vrfy", ("anna",), "VRFY anna"),
        ("expn", ("staff",), "EXPN staff"),
        ("rset", (), "RSET"),
        ("noop", (), "NOOP"),
        ("docmd", ("ETRN", "example.org"), "ETRN example.org"),
        ("docmd", ("XSTUFF",), "XSTUFF"),
        ("mail", ("Anna <anna@example.org>",), "MAIL FROM:<anna@example.org>"),
        ("mail", ("",), "MAIL FROM:<>"),
        ("mail", ("<>",), "MAIL FROM:<>"),
        ("rcpt", ("anna@example.org",), "RCPT TO:<anna@example.org>"),
        ("rcpt", ("postmaster",), "RCPT TO:<postmaster>"),
        ("rcpt", ("Anna <anna@[192.0.2.1]>",), "RCPT TO:<anna@[192.0.2.1]>"),
    ]
    for reply in ["250 ok", "252 cannot say", "421 closing", "550 5.1.1 no"]
)
def test_a_command_is_sent_and_its_reply_comes_back_whatever_it_is(
    name: str, arguments: tuple[str, ...], line: str, reply: str
):
    code, _, text = reply.partition(" ")
    result = play(name, *arguments, script=f"S: 220 ready\nC: {line}\nS: {reply}")
    assert result == (int(code), text.encode())


def test_a_reply_of_several_lines_is_joined():
    reply = play(
        "verify",
        "smith",
        script="""
        S: 220 ready
        C: VRFY smith
        S: 553-which one
        S: 553-<john@example.org>
        S: 553 <jane@example.org>
        """,
    )
    assert reply == (553, b"which one\n<john@example.org>\n<jane@example.org>")


def test_help_is_its_text():
    assert play("help", script="S: 220 ready\nC: HELP\nS: 214-all\nS: 214 of it") == b"all\nof it"
    assert play("help", "mail", script="S: 220 ready\nC: HELP mail\nS: 504 no") == b"no"


def test_quit_closes_whatever_the_server_says():
    for reply in ("221 bye", "500 what"):
        talk = ProcedureScript(f"S: 220 ready\nC: QUIT\nS: {reply}")
        assert talk.run("quit")[0] == int(reply[:3])
        assert talk.closed


@for_each(["ehlo", "helo", "rset", "noop", "quit", "help", "verify", "expn", "mail", "rcpt"])
def test_a_disconnection_is_reported_to_the_caller(name: str):
    arguments = ("anna@example.org",) if name in ("verify", "expn", "mail", "rcpt") else ()
    sent: list[bytes] = []
    talk = ProcedureScript("S: 220 ready")
    talk.send = lambda data: sent.append(data)  # type: ignore[method-assign]
    with pytest.raises(ConnectionLost):
        talk.run(name, *arguments)
    assert len(sent) == 1


@for_each(
    (*row, bad)
    for row in [
        ("docmd", ("NOOP{}RSET",)),
        ("docmd", ("NOOP", "{}RSET")),
        ("ehlo", ("me{}RSET",)),
        ("helo", ("me{}RSET",)),
        ("help", ("me{}",)),
        ("mail", ("a@example.org", ["SIZE=1{}RSET"])),
        ("rcpt", ("a@example.org", ["NOTIFY=NEVER{}RSET"])),
    ]
    for bad in ["\r", "\n", "\r\n"]
)
def test_no_second_command_hides_in_an_argument(name: str, arguments: tuple, bad: str):
    filled = tuple(
        [each.format(bad) for each in one] if isinstance(one, list) else one.format(bad)
        for one in arguments
    )
    talk = ProcedureScript(offers()).greet()
    said = len(talk.said)
    with pytest.raises(ValueError, match="newline"):
        talk.run(name, *filled)
    assert len(talk.said) == said


@for_each(product(["mail", "rcpt", "verify", "expn"], ["\r", "\n", "\r\n"]))
def test_an_address_with_a_line_ending_is_never_two_lines(name: str, bad: str):
    """Depending on the Python version, its address parser produces one line or an error."""
    talk = ProcedureScript(offers()).greet()
    sent: list[bytes] = []
    talk.send = sent.append  # type: ignore[method-assign]
    with pytest.raises((ConnectionLost, ValueError)) as error:
        talk.run(name, f"a@example.org>{bad}RSET")
    lines = [(line.count(b"\r"), line.count(b"\n")) for line in sent]
    assert lines == ([] if error.type is ValueError else [(1, 1)])


# Other letters (RFC 6531)


@pytest.mark.parametrize("name", ["verify", "expn"])
def test_a_question_is_sent_in_utf8_where_the_server_knows_smtputf8(name: str):
    verb = {"verify": "VRFY", "expn": "EXPN"}[name]
    talk = ProcedureScript(
        offers("SMTPUTF8") + f"C: {verb} jürgen SMTPUTF8\nS: 252 perhaps"
    ).greet()
    assert talk.run(name, "jürgen") == (252, b"perhaps")
    with pytest.raises(UnicodeEncodeError):
        ProcedureScript(offers()).greet().run(name, "jürgen")


def test_every_procedure_is_registered_under_its_name():
    assert PROCEDURES["vrfy"] is PROCEDURES["verify"]
    assert all(name == procedure.__name__ for name, procedure in PROCEDURES.items()
               if name != "vrfy")  # fmt: skip


@pytest.mark.parametrize("name", ["hello", "ehlo_or_helo_if_needed", "secure"])
def test_a_server_that_answers_ehlo_with_421_is_not_sent_helo(name: str):
    script = "S: 220 ready\nC: EHLO me.example\nS: 421 4.3.2 off"
    if name == "hello":
        assert play(name, script=script) == (421, b"4.3.2 off")
    else:
        with pytest.raises(SMTPHeloError) as error:
            play(name, script=script)
        assert error.value.smtp_code == 421
