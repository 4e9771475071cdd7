"""Mail transactions, one command at a time, as conversations.

Messages given as objects are tested in test_messages.py, and refusals in test_refusals.py.
"""

from __future__ import annotations

import io
from smtplib import (
    SMTPDataError,
    SMTPNotSupportedError,
    SMTPSenderRefused,
)

import pytest
from heloscope.session.facts.parameters import PARAMETERS
from heloscope.session.procedures import commands
from heloscope.session.procedures.steps import Manner
from support.procedure_scripts import ProcedureScript, offers, play
from support.rows import for_each

A, B, C = "a@example.org", "b@example.org", "c@example.org"
GREETED = offers()


def test_a_message_to_two_recipients():
    refused = play(
        "sendmail",
        A,
        [B, C],
        b"Subject: hi\r\n\r\n.dot\r\n..two\r\nlast",
        script=GREETED
        + """
        C: MAIL FROM:<a@example.org>
        S: 250 ok
        C: RCPT TO:<b@example.org>
        S: 250 ok
        C: RCPT TO:<c@example.org>
        S: 251 will forward
        C: DATA
        S: 354 go on
        C: Subject: hi
        C:
        C: ..dot
        C: ...two
        C: last
        C: .
        S: 250 queued
        """,
    )
    assert refused == {}


def test_one_recipient_may_be_a_string_and_a_message_text_or_a_file():
    script = (
        GREETED
        + """
        C: MAIL FROM:<a@example.org>
        S: 250 ok
        C: RCPT TO:<b@example.org>
        S: 250 ok
        C: DATA
        S: 354 go on
        C: gr\\xc3\\xbc\\xc3\\x9fe
        C: .
        S: 250 queued
        """
    )
    for message in ("grüße", "grüße\n", "grüße".encode(), io.BytesIO("grüße\r".encode())):
        assert play("sendmail", A, B, message, script=script) == {}


PRDR = (
    offers("PRDR")
    + """
    C: MAIL FROM:<a@example.org> PRDR
    S: 250 ok
    C: RCPT TO:<b@example.org>
    S: 250 ok
    C: RCPT TO:<c@example.org>
    S: 250 ok
    C: DATA
    S: 354 go on
    C: hi
    C: .
    S: 353 one reply for each follows
    S: 250 for b
    S: 550 not for c
    """
)


def test_with_prdr_each_recipient_has_a_reply_and_the_last_one_is_for_all():
    result = play(
        "sendmail", A, [B, C], b"hi\r\n", ["PRDR"], pipelining=False,
        script=PRDR + "S: 250 queued",
    )  # fmt: skip
    assert result == {C: (550, b"not for c")}
    assert result.accepted == (B,)
    assert result.reply == (250, b"queued")
    assert result.replies == {B: (250, b"for b"), C: (550, b"not for c")}


def test_with_prdr_the_reply_for_all_refuses_the_message():
    with pytest.raises(SMTPDataError, match="554"):
        play(
            "sendmail", A, [B, C], b"hi\r\n", ["PRDR"], pipelining=False,
            script=PRDR + "S: 554 not for anybody\nC: RSET\nS: 250 ok",
        )  # fmt: skip


def test_an_empty_message_is_a_dot():
    play(
        "sendmail",
        A,
        B,
        b"",
        script=GREETED
        + """
        C: MAIL FROM:<a@example.org>
        S: 250 ok
        C: RCPT TO:<b@example.org>
        S: 250 ok
        C: DATA
        S: 354 go on
        C: .
        S: 250 queued
        """,
    )


# What is offered (RFC 1870, 6152, 3461)


def test_the_size_with_crlf_line_endings_is_reported_where_it_is_offered():
    play(
        "sendmail",
        A,
        B,
        b".a\nb\n",
        script=offers("SIZE 1000", "8BITMIME")
        + """
        C: MAIL FROM:<a@example.org> SIZE=7 BODY=8BITMIME
        S: 250 ok
        C: RCPT TO:<b@example.org> NOTIFY=NEVER
        S: 250 ok
        C: DATA
        S: 354 go on
        C: ..a
        C: b
        C: .
        S: 250 queued
        """,
        mail_options=["BODY=8BITMIME"],
        rcpt_options=["NOTIFY=NEVER"],
    )


def test_a_size_given_by_the_caller_is_not_repeated():
    with pytest.raises(SMTPSenderRefused):
        play(
            "sendmail",
            A,
            B,
            b"short",
            ["size=99999999"],
            script=offers("SIZE 1000")
            + """
            C: MAIL FROM:<a@example.org> size=99999999
            S: 552 too much
            C: RSET
            S: 250 ok
            """,
        )


def test_the_size_may_be_left_untold():
    play(
        "sendmail",
        A,
        B,
        b"hi",
        script=offers("SIZE 1000")
        + """
        C: MAIL FROM:<a@example.org>
        S: 250 ok
        C: RCPT TO:<b@example.org>
        S: 250 ok
        C: DATA
        S: 354 go on
        C: hi
        C: .
        S: 250 queued
        """,
        says_size=False,
    )


def test_a_message_that_can_be_read_once_has_no_size():
    class Once(io.RawIOBase):
        left = b"text"

        def read(self, size: int = -1) -> bytes:
            data, self.left = self.left, b""
            return data

        def tell(self) -> int:
            raise OSError("not seekable")

    play(
        "sendmail",
        A,
        B,
        Once(),
        script=offers("SIZE 1000")
        + """
        C: MAIL FROM:<a@example.org>
        S: 250 ok
        C: RCPT TO:<b@example.org>
        S: 250 ok
        C: DATA
        S: 354 go on
        C: text
        C: .
        S: 250 queued
        """,
    )


def test_options_are_omitted_after_helo():
    play(
        "sendmail",
        A,
        B,
        b"text",
        ["BODY=8BITMIME"],
        ["NOTIFY=NEVER"],
        script="""
        S: 220 ready
        C: EHLO me.example
        S: 500 what
        C: HELO me.example
        S: 250 old
        C: MAIL FROM:<a@example.org>
        S: 250 ok
        C: RCPT TO:<b@example.org>
        S: 250 ok
        C: DATA
        S: 354 go on
        C: text
        C: .
        S: 250 queued
        """,
    )


def test_each_recipient_may_have_options_of_its_own():
    play(
        "sendmail",
        A,
        [B, C],
        b"text",
        script=offers("DSN")
        + """
        C: MAIL FROM:<a@example.org>
        S: 250 ok
        C: RCPT TO:<b@example.org> ORCPT=rfc822;bob@example.org
        S: 250 ok
        C: RCPT TO:<c@example.org>
        S: 250 ok
        C: DATA
        S: 354 go on
        C: text
        C: .
        S: 250 queued
        """,
        rcpt_options={B: [commands.parameter("ORCPT", "bob@example.org")]},
    )


@for_each([fact for fact in PARAMETERS if {"MAIL", "RCPT"} & set(fact.on)], lambda f: f.name)
def test_every_parameter_of_the_table_is_sent_as_its_example(fact):
    example = fact.example.strip()
    name, equals, value = example.partition("=")
    made = commands.parameter(name.lower(), value if equals else None)
    assert made == example
    at_rcpt = "RCPT" in fact.on
    talk = ProcedureScript(
        offers(fact.keyword.partition(" ")[0])
        + f"C: {'RCPT TO' if at_rcpt else 'MAIL FROM'}:<a@example.org> {example}\nS: 250 ok"
    ).greet()
    assert talk.run("rcpt" if at_rcpt else "mail", A, [made])[0] == 250


def test_values_are_written_as_xtext_where_the_table_says_so():
    assert commands.parameter("envid", "a b+c=d\né") == "ENVID=a+20b+2Bc+3Dd+0A+C3+A9"
    assert commands.parameter("auth", "<>") == "AUTH=<>"
    assert commands.parameter("orcpt", "rfc822;a+b@example.org") == "ORCPT=rfc822;a+2Bb@example.org"
    assert commands.parameter("orcpt", "jürgen@example.org") == "ORCPT=utf-8;jürgen@example.org"
    assert commands.parameters({"ret": "HDRS", "size": 5, "smtputf8": True, "by": None}) == [
        "RET=HDRS",
        "SIZE=5",
        "SMTPUTF8",
    ]
    assert commands.parameter("x_own", "+=") == "X-OWN=+="


# Other letters (RFC 6531, 5890)


@pytest.mark.parametrize("offered", ["SMTPUTF8", "SIZE"])
def test_a_driver_may_send_utf8_addresses_as_they_are(offered: str):
    script = (
        offers(offered)
        + """
        C: MAIL FROM:<a@example.org>
        S: 250 ok
        C: RCPT TO:<jürgen@bücher.example>
        S: 250 ok
        C: DATA
        S: 354 go on
        C: text
        C: .
        S: 250 queued
        """
    )
    played = ProcedureScript(script)
    played.session.manner = Manner(smtplib=False, international=False)
    played.run("sendmail", A, "jürgen@bücher.example", b"text", says_size=False)


def test_utf8_addresses_where_smtputf8_is_offered():
    play(
        "sendmail",
        A,
        "jürgen@bücher.example",
        b"text",
        script=offers("SMTPUTF8", "SIZE")
        + """
        C: MAIL FROM:<a@example.org> SIZE=6 SMTPUTF8
        S: 250 ok
        C: RCPT TO:<jürgen@bücher.example>
        S: 250 ok
        C: DATA
        S: 354 go on
        C: text
        C: .
        S: 250 queued
        """,
    )


def test_a_domain_is_written_in_ascii_where_smtputf8_is_not_offered():
    play(
        "sendmail",
        "a@bücher.example",
        "b@straße.example",
        b"text",
        script=GREETED
        + """
        C: MAIL FROM:<a@xn--bcher-kva.example>
        S: 250 ok
        C: RCPT TO:<b@xn--strae-oqa.example>
        S: 250 ok
        C: DATA
        S: 354 go on
        C: text
        C: .
        S: 250 queued
        """,
    )


@for_each(
    (*row, pipelining)
    for row in [
        ("jürgen@example.org", [B], []),
        (A, [B, "jürgen@example.org"], []),
        (A, [B], ["SMTPUTF8"]),
    ]
    for pipelining in [False, True]
)
def test_what_cannot_be_written_raises_before_anything_is_sent(
    sender: str, recipients: list[str], options: list[str], pipelining: bool
):
    for name, message in (("sendmail", (b"text",)), ("check", ())):
        with pytest.raises(SMTPNotSupportedError, match="SMTPUTF8"):
            play(name, sender, recipients, *message, options, script=offers("PIPELINING"))
    with pytest.raises(ValueError, match="newline"):
        play("sendmail", A, [B], b"", (), {B: ["X=\n"]}, script=GREETED)
