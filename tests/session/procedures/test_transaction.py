"""Mail transactions, one command at a time, as conversations.

What goes in groups is in test_groups.py, BDAT and LMTP in test_bodies.py.
"""

from __future__ import annotations

import io
from email.message import EmailMessage, Message
from smtplib import (
    SMTPDataError,
    SMTPHeloError,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)

import pytest
from heloscope.session.facts.parameters import PARAMETERS
from heloscope.session.procedures import commands
from heloscope.session.procedures.commands import has_controls, header_addresses, quoteaddr
from heloscope.session.procedures.steps import Manner
from hypothesis import given
from hypothesis import strategies as st
from support.procedure_scripts import ProcedureScript, offers, play

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


def test_the_size_with_crlf_line_ends_is_told_where_it_is_offered():
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


def test_a_size_that_the_caller_tells_stands_alone():
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


def test_options_are_left_out_after_helo():
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


@pytest.mark.parametrize(
    "fact", [fact for fact in PARAMETERS if {"MAIL", "RCPT"} & set(fact.on)], ids=lambda f: f.name
)
def test_every_parameter_of_the_table_goes_out_as_its_example(fact):
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


@pytest.mark.parametrize("pipelining", [False, True])
@pytest.mark.parametrize(
    ("sender", "recipients", "options"),
    [
        ("jürgen@example.org", [B], []),
        (A, [B, "jürgen@example.org"], []),
        (A, [B], ["SMTPUTF8"]),
    ],
)
def test_what_cannot_be_written_raises_before_anything_is_sent(
    sender: str, recipients: list[str], options: list[str], pipelining: bool
):
    for name, message in (("sendmail", (b"text",)), ("check", ())):
        with pytest.raises(SMTPNotSupportedError, match="SMTPUTF8"):
            play(name, sender, recipients, *message, options, script=offers("PIPELINING"))
    with pytest.raises(ValueError, match="newline"):
        play("sendmail", A, [B], b"", (), {B: ["X=\n"]}, script=GREETED)


# Refusals: what is raised, and that the connection is left ready for more


def test_a_refused_sender():
    with pytest.raises(SMTPSenderRefused) as error:
        play(
            "sendmail",
            A,
            B,
            b"text",
            script=GREETED
            + """
            C: MAIL FROM:<a@example.org>
            S: 550-5.7.1 not
            S: 550 5.7.1 you
            C: RSET
            S: 250 ok
            """,
        )
    refused = error.value
    assert (refused.smtp_code, refused.smtp_error) == (550, b"5.7.1 not\n5.7.1 you")
    assert refused.sender == A


def test_some_refused_recipients_are_returned():
    refused = play(
        "sendmail",
        A,
        [B, C],
        b"text",
        script=GREETED
        + """
        C: MAIL FROM:<a@example.org>
        S: 250 ok
        C: RCPT TO:<b@example.org>
        S: 550 unknown
        C: RCPT TO:<c@example.org>
        S: 250 ok
        C: DATA
        S: 354 go on
        C: text
        C: .
        S: 250 queued
        """,
    )
    assert refused == {B: (550, b"unknown")}


def test_no_recipient_left_is_an_error_with_all_of_them():
    with pytest.raises(SMTPRecipientsRefused) as error:
        play(
            "sendmail",
            A,
            [B, C],
            b"text",
            script=GREETED
            + """
            C: MAIL FROM:<a@example.org>
            S: 250 ok
            C: RCPT TO:<b@example.org>
            S: 550 unknown
            C: RCPT TO:<c@example.org>
            S: 450 later
            C: RSET
            S: 250 ok
            """,
        )
    assert error.value.recipients == {B: (550, b"unknown"), C: (450, b"later")}


def test_nobody_to_send_to_is_an_error_too():
    with pytest.raises(SMTPRecipientsRefused) as error:
        play(
            "sendmail",
            A,
            [],
            b"text",
            script=GREETED
            + """
            C: MAIL FROM:<a@example.org>
            S: 250 ok
            C: RSET
            S: 250 ok
            """,
        )
    assert error.value.recipients == {}


@pytest.mark.parametrize("reply", ["554 no", "451 later", "250 odd", "503 what"])
def test_data_that_is_not_asked_for(reply: str):
    with pytest.raises(SMTPDataError) as error:
        play(
            "sendmail",
            A,
            B,
            b"text",
            script=GREETED
            + f"""
            C: MAIL FROM:<a@example.org>
            S: 250 ok
            C: RCPT TO:<b@example.org>
            S: 250 ok
            C: DATA
            S: {reply}
            C: RSET
            S: 250 ok
            """,
        )
    assert (error.value.smtp_code, error.value.smtp_error) == (int(reply[:3]), reply[4:].encode())


def test_a_message_that_is_refused_at_its_end():
    with pytest.raises(SMTPDataError) as error:
        play(
            "sendmail",
            A,
            B,
            b"text",
            script=GREETED
            + """
            C: MAIL FROM:<a@example.org>
            S: 250 ok
            C: RCPT TO:<b@example.org>
            S: 250 ok
            C: DATA
            S: 354 go on
            C: text
            C: .
            S: 554 spam
            C: RSET
            S: 250 ok
            """,
        )
    assert (error.value.smtp_code, error.value.smtp_error) == (554, b"spam")


def test_a_server_that_takes_no_greeting_gets_no_mail():
    script = """
        S: 220 ready
        C: EHLO me.example
        S: 500 what
        C: HELO me.example
        S: 500 what
    """
    with pytest.raises(SMTPHeloError):
        play("sendmail", A, B, b"text", script=script)


# 421: the server closes (RFC 5321 section 3.8)

UP_TO = {
    "MAIL": "C: MAIL FROM:<a@example.org>\n",
    "RCPT": "S: 250 ok\nC: RCPT TO:<b@example.org>\n",
    "DATA": "S: 250 ok\nC: DATA\n",
    ".": "S: 354 go on\nC: text\nC: .\n",
}


@pytest.mark.parametrize("verb", UP_TO)
def test_421_closes_the_connection_and_says_what_was_refused(verb: str):
    script = GREETED
    for each, lines in UP_TO.items():
        script += lines
        if each == verb:
            break
    talk = ProcedureScript(script + "S: 421 closing")
    kinds = (SMTPSenderRefused, SMTPRecipientsRefused, SMTPDataError)
    with pytest.raises(kinds) as error:
        talk.run("sendmail", A, B, b"text")
    assert talk.closed
    expected = {"MAIL": SMTPSenderRefused, "RCPT": SMTPRecipientsRefused}.get(verb, SMTPDataError)
    assert type(error.value) is expected
    if verb == "RCPT":
        assert error.value.recipients == {B: (421, b"closing")}  # type: ignore[union-attr]
    else:
        assert error.value.smtp_code == 421  # type: ignore[union-attr]


@pytest.mark.parametrize("verb", UP_TO)
def test_a_server_that_hangs_up_anywhere(verb: str):
    script = GREETED
    for each, lines in UP_TO.items():
        script += lines
        if each == verb:
            break
    with pytest.raises(SMTPServerDisconnected):
        play("sendmail", A, B, b"text", script=script)


def test_a_server_that_hangs_up_at_rset_changes_nothing_of_the_error():
    script = GREETED + "C: MAIL FROM:<a@example.org>\nS: 550 no\nC: RSET"
    with pytest.raises(SMTPSenderRefused):
        play("sendmail", A, B, b"text", script=script)


# Asking without sending


def test_check_asks_for_each_recipient_and_sends_nothing():
    found = play(
        "check",
        A,
        [B, C],
        script=GREETED
        + """
        C: MAIL FROM:<a@example.org>
        S: 250 ok
        C: RCPT TO:<b@example.org>
        S: 550 5.1.1 unknown
        C: RCPT TO:<c@example.org>
        S: 250 2.1.5 ok
        C: RSET
        S: 250 ok
        """,
    )
    assert found == {B: (550, b"5.1.1 unknown"), C: (250, b"2.1.5 ok")}


def test_check_ends_with_a_server_that_closes():
    talk = ProcedureScript(
        GREETED
        + """
        C: MAIL FROM:<a@example.org>
        S: 250 ok
        C: RCPT TO:<b@example.org>
        S: 421 closing
        """
    )
    assert talk.run("check", A, [B, C]) == {B: (421, b"closing")}
    assert talk.closed
    with pytest.raises(SMTPSenderRefused):
        play(
            "check",
            A,
            B,
            script=GREETED + "C: MAIL FROM:<a@example.org>\nS: 550 no\nC: RSET\nS: 250 ok",
        )


# Messages that know their addresses


def message(**headers: str) -> EmailMessage:
    made = EmailMessage()
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content("text\n")
    return made


def sent(made: Message, script: str, **how: object) -> bytes:
    """What the server got as message."""
    talk = ProcedureScript(GREETED).greet()
    lines: list[bytes] = []
    replies = iter(script.split("\n"))

    def send(data: bytes) -> None:
        lines.append(data)
        talk.feed("C", data)
        if not data.endswith(b"\r\n") or data == b".\r\n" or talk.talk.mode.name != "BODY":
            talk.feed("S", f"{next(replies)}\r\n".encode())
            talk.hear()

    talk.send = send  # type: ignore[method-assign]
    talk.run("send_message", made, **how)
    return b"".join(lines)


def test_the_addresses_of_a_message_are_those_of_its_header():
    made = message(
        From="Anna <a@example.org>", Sender="Secretary <s@example.org>", To=f"{B}, {C}",
        Cc="d@example.org", Bcc="hidden@example.org",
    )  # fmt: skip
    octets = sent(made, "250 ok\n250 ok\n250 ok\n250 ok\n250 ok\n354 go on\n250 queued")
    assert octets.startswith(b"MAIL FROM:<s@example.org>\r\nRCPT TO:<b@example.org>\r\n")
    assert octets.count(b"RCPT TO:") == 4
    assert b"RCPT TO:<hidden@example.org>\r\n" in octets
    assert b"Bcc" not in octets.partition(b"DATA")[2]
    assert made["Bcc"] == "hidden@example.org"


def test_a_message_sent_again_has_the_addresses_of_its_resent_block():
    made = message(
        From=A, To=B, Resent_Date="Thu, 1 Jan 2026 00:00:00 +0000", Resent_From="r@example.org",
        Resent_To=C, Resent_Bcc="hidden@example.org",
    )  # fmt: skip
    octets = sent(made, "250 ok\n250 ok\n250 ok\n354 go on\n250 queued")
    envelope, _, text = octets.partition(b"DATA")
    assert envelope == (
        b"MAIL FROM:<r@example.org>\r\nRCPT TO:<c@example.org>\r\nRCPT TO:<hidden@example.org>\r\n"
    )
    assert b"hidden" not in text
    made.add_header("Resent-Date", "Fri, 2 Jan 2026 00:00:00 +0000")
    with pytest.raises(ValueError, match="Resent-"):
        ProcedureScript(GREETED).greet().run("send_message", made)


def test_addresses_given_go_before_those_in_the_header():
    octets = sent(message(From=A, To=B), "250 ok\n250 ok\n354 go on\n250 queued",
                  from_addr="x@example.org", to_addrs="y@example.org")  # fmt: skip
    assert octets.startswith(b"MAIL FROM:<x@example.org>\r\nRCPT TO:<y@example.org>\r\nDATA\r\n")


def test_an_international_message_needs_smtputf8_and_says_so():
    made = message(From="jürgen@example.org", To=B)
    with pytest.raises(SMTPNotSupportedError, match="SMTPUTF8"):
        ProcedureScript(GREETED).greet().run("send_message", made)
    with pytest.raises(SMTPSenderRefused):
        ProcedureScript(
            offers("SMTPUTF8", "8BITMIME")
            + """
            C: MAIL FROM:<jürgen@example.org> SMTPUTF8 BODY=8BITMIME
            S: 550 no
            C: RSET
            S: 250 ok
            """
        ).greet().run("send_message", made)


def test_an_international_address_of_a_message_that_has_no_form_for_it():
    made = Message()
    made["From"], made["To"] = A, "jürgen@example.org"
    with pytest.raises(ValueError, match=r"policy compat32 has no form .* use EmailMessage"):
        ProcedureScript(offers("SMTPUTF8", "8BITMIME")).greet().run("send_message", made)


def test_a_folded_local_part_is_one_address_and_no_command_of_its_own():
    field = '"x\r\n RCPT TO:<z>"@z'
    assert header_addresses([field]) == ['"x RCPT TO:<z>"@z']
    assert quoteaddr('"x RCPT TO:<z>"@z') == '<"x RCPT TO:<z>"@z>'


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ('"x\rRCPT TO:<z>"@z', "control characters"),
        ("a\0b@c.test", "control characters"),
        ("a\x1b[2J@c.test", "control characters"),
        ("a\x85@c.test", "control characters"),
        ("(" * 5000, "nested too deeply"),
        ("", "no address"),
    ],
    ids=lambda value: ascii(value)[:24],
)
def test_what_the_header_names_and_cannot_be_an_address_is_refused(field: str, words: str):
    made = Message()
    for headers in ([("From", "a@b.test"), ("To", field)], [("From", field), ("To", "a@b.test")]):
        made._headers = headers  # type: ignore[attr-defined]  # as a parsed message may hold it
        with pytest.raises(ValueError, match=words):
            ProcedureScript(GREETED).greet().run("send_message", made)


@pytest.mark.parametrize(
    "address",
    ["a\r\nRCPT TO:<z>", '"x\r\n RCPT TO:<z>"@z', "a\nb@c", "a\0@c", "a\x1b@c",
     "a\x9b@c"],
)  # fmt: skip
def test_an_address_with_control_characters_is_refused_before_anything_is_sent(address: str):
    for sender, recipient in ((address, "a@b.test"), ("a@b.test", address)):
        with pytest.raises(ValueError, match="must not contain control characters"):
            ProcedureScript(GREETED).greet().run("sendmail", sender, [recipient], b"x\r\n")


SEVERAL = [
    "b@example.org, c@example.org",
    "b@example.org,c@example.org",
    "b@example.org; c@example.org",
    "Bob, Builder <b@example.org>",
    "<b@example.org>, <c@example.org>",
    "<b@example.org> <c@example.org>",
]


@pytest.mark.parametrize("address", SEVERAL)
def test_several_addresses_in_one_are_refused_and_none_is_dropped(address: str):
    for sender, recipient in ((address, A), (A, address)):
        with pytest.raises(ValueError, match="this is not one address, but 2"):
            ProcedureScript(GREETED).greet().run("sendmail", sender, [recipient], b"x\r\n")


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("Bob <b@example.org>", "<b@example.org>"),
        ('"Builder, Bob" <b@example.org>', "<b@example.org>"),
        ('"b,c"@example.org', '<"b,c"@example.org>'),
        ("<@x.test,@y.test:b@example.org>", "<@x.test,@y.test:b@example.org>"),
        ("b@example.org (Bob, the builder)", "<b@example.org>"),
        ("postmaster", "<postmaster>"),
        ("", "<>"),
    ],
)
def test_one_address_is_sent_with_its_comma(address: str, path: str):
    assert commands.one_path(address) == path


@given(st.text(st.sampled_from('<>@"\\()[],.:;= a\t\r\n\0é'), max_size=60), st.integers(1, 3000))
def test_an_address_of_a_header_is_sent_as_it_is_or_refused(piece: str, times: int):
    try:
        found = header_addresses([(piece * times)[:60_000]])
    except ValueError:
        return
    for address in found:
        assert quoteaddr(address) in (address, f"<{address}>")
        assert not has_controls(address)


@pytest.mark.parametrize(
    ("offered", "declared"),
    [
        (("8BITMIME", "SMTPUTF8"), " BODY=8BITMIME SMTPUTF8"),
        (("8BITMIME",), " BODY=8BITMIME"),
        ((), ""),
    ],
)
def test_what_the_message_needs_is_declared_where_it_is_offered(
    offered: tuple[str, ...], declared: str
):
    script = (
        offers(*offered)
        + f"C: MAIL FROM:<a@example.org>{declared}\n"
        + r"""
        S: 250 ok
        C: RCPT TO:<b@example.org>
        S: 250 ok
        C: DATA
        S: 354 go
        C: Subject: \xc3\xbc
        C:
        C: \xc3\xbc
        C: .
        S: 250 ok
    """
    )
    message = "Subject: ü\r\n\r\nü\r\n".encode()
    to = "b@example.org"
    assert play("sendmail", "a@example.org", to, message, script=script, declares=True) == {}
