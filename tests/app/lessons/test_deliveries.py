"""The messages that a conversation has delivered, derived from its bytes."""

from __future__ import annotations

import pytest
from heloscope.app.lessons.deliveries import MOST, Deliveries
from heloscope.app.lessons.facts import Delivered, read_mail
from heloscope.session.events import CLIENT, SERVER
from heloscope.session.protocol.conversation import Conversation
from heloscope.session.record.transcript import Transcript
from support.rows import for_each


def delivered(talk: str, *, blocks: bool = False) -> list[Delivered]:
    """Return the messages that a conversation of `C: ` and `S: ` lines delivers."""
    found: list[Delivered] = []
    deliveries = Deliveries()

    def heard(event: object) -> None:
        message = deliveries.feed(event)  # pyright: ignore[reportArgumentType]: an Event
        if message is not None:
            found.append(message)

    transcript = Transcript()
    transcript.subscribe(heard, blocks=blocks)
    conversation = Conversation(transcript)
    conversation.feed(SERVER, b"220 x\r\n", 0)
    for at, line in enumerate(talk.strip().splitlines(), 1):
        sign, data = line.strip()[:2], line.strip()[3:].encode() + b"\r\n"
        conversation.feed(CLIENT if sign == "C:" else SERVER, data, at)
    return found


def envelopes(talk: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(message.sender, message.recipients) for message in delivered(talk)]


START = """
C: EHLO client.example
S: 250-x
S: 250 PIPELINING
C: MAIL FROM:<a@client.example> SIZE=10
S: 250 ok
C: RCPT TO:<alice@x.example>
S: 250 ok
"""
MESSAGE = """
C: DATA
S: 354 go
C: Subject: hi
C:
C: ..dot
C: .
S: 250 ok
"""


def test_an_accepted_message_is_delivered_with_its_envelope_and_without_doubled_dots() -> None:
    (message,) = delivered(START + MESSAGE)
    assert (message.sender, message.recipients) == ("a@client.example", ("alice@x.example",))
    assert message.content == b"Subject: hi\r\n\r\n.dot\r\n"


def test_refused_recipients_get_nothing() -> None:
    refused = "C: RCPT TO:<nobody@x.example>\nS: 550 no\n"
    assert envelopes(START + refused + MESSAGE) == [("a@client.example", ("alice@x.example",))]


@pytest.mark.parametrize(
    "talk",
    [
        START + MESSAGE.replace("S: 250 ok", "S: 550 spam"),
        START + "C: RSET\nS: 250 ok\n" + MESSAGE,
        START + "C: EHLO client.example\nS: 250 x\n" + MESSAGE,
        START.replace("S: 250 ok\nC: RCPT", "S: 550 no\nC: RCPT") + MESSAGE,
    ],
)
def test_a_transaction_that_was_refused_or_reset_delivers_nothing(talk: str) -> None:
    assert delivered(talk) == []


def test_a_group_of_commands_is_paired_with_its_replies() -> None:
    group = """
    C: MAIL FROM:<>
    C: RCPT TO:<bob@x.example>
    C: RCPT TO:<nobody@x.example>
    C: DATA
    S: 250 ok
    S: 250 ok
    S: 550 no
    S: 354 go
    C: text
    C: .
    S: 250 ok
    """
    first = "C: EHLO client.example\nS: 250-x\nS: 250 PIPELINING\n"
    (message,) = delivered(first + group)
    assert (message.sender, message.recipients) == ("", ("bob@x.example",))
    assert message.content == b"text\r\n"


def test_one_message_after_another_has_its_own_envelope() -> None:
    second = START.replace("a@", "b@").replace("alice", "bob")
    assert envelopes(START + MESSAGE + second + MESSAGE) == [
        ("a@client.example", ("alice@x.example",)),
        ("b@client.example", ("bob@x.example",)),
    ]


def test_chunks_are_one_message_and_keep_their_dots() -> None:
    chunks = "C: BDAT 5\nC: one\nS: 250 ok\nC: BDAT 6 LAST\nC: .two\nS: 250 ok"
    (message,) = delivered(START + chunks)
    assert message.content == b"one\r\n.two\r\n"


def test_lmtp_delivers_to_those_whose_reply_was_good() -> None:
    talk = START.replace("EHLO", "LHLO") + "C: RCPT TO:<full@x.example>\nS: 250 ok\n"
    assert envelopes(talk + MESSAGE + "S: 452 full") == [("a@client.example", ("alice@x.example",))]


@pytest.mark.parametrize("blocks", [False, True])
def test_a_large_message_is_kept_in_part_only(blocks: bool) -> None:
    body = "\n".join(f"C: {'x' * 900}" for _ in range(1_500))
    (message,) = delivered(
        START + "C: DATA\nS: 354 go\n" + body + "\nC: .\nS: 250 ok", blocks=blocks
    )
    assert MOST <= len(message.content) <= MOST + 1_000


# A message taken apart


@for_each(
    [
        (b"A: 1\r\nB: 2\r\n\r\ntext\r\n", (("A", "1"), ("B", "2")), "text\n"),
        (b"A: 1\r\n two\r\n\r\n", (("A", "1 two"),), ""),
        (b"\r\nA: 1\r\n", (), "A: 1\n"),
        (b"no header\r\ntext\r\n", (), "no header\ntext\n"),
        (b"A: 1\r\ntext: with a blank\r\n", (("A", "1"), ("text", "with a blank")), ""),
        (b"A: 1\r\nsome text\r\n", (("A", "1"),), "some text\n"),
        (b"", (), ""),
        (b"A: gr\xfc\xdfe\r\n\r\n\xff", (("A", "gr\udcfc\udcdfe"),), "\udcff"),
    ]
)
def test_a_message_is_a_header_and_a_body(
    content: bytes, fields: tuple[tuple[str, str], ...], body: str
) -> None:
    mail = read_mail(content)
    assert (mail.fields, mail.body) == (fields, body)


def test_fields_are_found_in_any_case_and_more_than_once() -> None:
    assert read_mail(b"To: a\r\nTO: b\r\n\r\n").values("to") == ["a", "b"]
