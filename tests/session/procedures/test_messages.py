"""Messages whose header contains their addresses, and addresses that cannot be sent."""

from __future__ import annotations

from email.message import EmailMessage, Message
from smtplib import (
    SMTPNotSupportedError,
    SMTPSenderRefused,
)

import pytest
from heloscope.session.procedures import commands
from heloscope.session.procedures.commands import has_controls, header_addresses, quoteaddr
from hypothesis import given
from hypothesis import strategies as st
from support.procedure_scripts import ProcedureScript, offers, play
from support.rows import for_each

A, B, C = "a@example.org", "b@example.org", "c@example.org"
GREETED = offers()


# Messages that know their addresses


def message(**headers: str) -> EmailMessage:
    made = EmailMessage()
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content("text\n")
    return made


def sent(made: Message, script: str, **how: object) -> bytes:
    """Return the message that the server received."""
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
    with pytest.raises(ValueError, match=r"policy compat32 cannot represent .* use EmailMessage"):
        ProcedureScript(offers("SMTPUTF8", "8BITMIME")).greet().run("send_message", made)


def test_a_folded_local_part_is_one_address_and_no_command_of_its_own():
    field = '"x\r\n RCPT TO:<z>"@z'
    assert header_addresses([field]) == ['"x RCPT TO:<z>"@z']
    assert quoteaddr('"x RCPT TO:<z>"@z') == '<"x RCPT TO:<z>"@z>'


@for_each(
    [
        ('"x\rRCPT TO:<z>"@z', "control characters"),
        ("a\0b@c.test", "control characters"),
        ("a\x1b[2J@c.test", "control characters"),
        ("a\x85@c.test", "control characters"),
        ("(" * 5000, "nested too deeply"),
        ("", "no address"),
    ]
)
def test_what_the_header_names_and_cannot_be_an_address_is_refused(field: str, words: str):
    made = Message()
    for headers in ([("From", "a@b.test"), ("To", field)], [("From", field), ("To", "a@b.test")]):
        made._headers = headers  # type: ignore[attr-defined]  # as a parsed message may hold it
        with pytest.raises(ValueError, match=words):
            ProcedureScript(GREETED).greet().run("send_message", made)


@for_each(["a\r\nRCPT TO:<z>", '"x\r\n RCPT TO:<z>"@z', "a\nb@c", "a\0@c", "a\x1b@c",
     "a\x9b@c"])  # fmt: skip
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


@for_each(SEVERAL)
def test_several_addresses_in_one_are_refused_and_none_is_dropped(address: str):
    for sender, recipient in ((address, A), (A, address)):
        with pytest.raises(ValueError, match="this is not one address, but 2"):
            ProcedureScript(GREETED).greet().run("sendmail", sender, [recipient], b"x\r\n")


@for_each(
    [
        ("Bob <b@example.org>", "<b@example.org>"),
        ('"Builder, Bob" <b@example.org>', "<b@example.org>"),
        ('"b,c"@example.org', '<"b,c"@example.org>'),
        ("<@x.test,@y.test:b@example.org>", "<@x.test,@y.test:b@example.org>"),
        ("b@example.org (Bob, the builder)", "<b@example.org>"),
        ("postmaster", "<postmaster>"),
        ("", "<>"),
    ]
)
def test_one_address_is_sent_with_its_comma(address: str, path: str):
    assert commands.single_path(address) == path


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
