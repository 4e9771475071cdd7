"""What the practice server diagnoses about a client, given the bytes of both sides."""

from __future__ import annotations

import base64

import pytest
from heloscope.session.practice.observer import AHEAD, ConnectionObserver
from support.observed_clients import (
    BYE,
    DELIVERED,
    ENVELOPE,
    GREETED,
    HEADER,
    MESSAGE,
    Observed,
    observed,
)
from support.rows import for_each

CORRECT = {
    "a delivery": DELIVERED + BYE,
    "two messages": DELIVERED + DELIVERED.partition("250 AUTH PLAIN LOGIN\n")[2] + BYE,
    "a null reverse-path and parameters": GREETED
    + "C: MAIL FROM:<> BODY=8BITMIME\nS: 250 ok\nC: RSET\nS: 250 ok\n"
    + BYE,
    "a pipelined group": GREETED
    + "c: MAIL FROM:<a@b.example>\\r\\nRCPT TO:<c@d.example>\\r\\nDATA\\r\\n\n"
    + "S: 250 ok\nS: 250 ok\nS: 354 go\n"
    + HEADER
    + "C: .\nS: 250 ok\n"
    + BYE,
    "dots doubled": MESSAGE + HEADER + "C: ..\nC: ..x\nC: .\nS: 250 ok\n" + BYE,
    "chunks": ENVELOPE
    + "C: BDAT 20\nc: From: a@b.example\\r\\nD\nS: 250 ok\n"
    + "C: BDAT 18 LAST\nc: ate: today\\r\\n\\r\\nHi\\r\\n\nS: 250 ok\n"
    + BYE,
    "a header without a text": MESSAGE
    + "C: From: a@b.example\nC: Date: now\nC: .\nS: 250 ok\n"
    + BYE,
    "HELO": "S: 220 hi\nC: HELO client.example\nS: 250 hi\n" + BYE,
    "hanging up after 421": GREETED + "S: 421 4.3.2 shutting down\n",
    "a second EHLO after a refused one": "S: 220 hi\nC: EHLO c.example\nS: 502 no\n"
    "C: HELO c.example\nS: 250 hi\n" + BYE,
}


@for_each(CORRECT.values())
def test_nothing_is_reported_about_a_correct_client(script: str):
    assert observed(script).hang_up().seen == []


# Each: a conversation, and the rules with a part of what is said to have been seen.
WRONG: dict[str, tuple[str, dict[str, str]]] = {
    "LF alone": (
        "S: 220 hi\nc: HELO client.example\\n\nS: 250 hi\n" + BYE,
        {"bare-lf": 'line ended by LF alone: "HELO client.example"'},
    ),
    "CR within a line": (
        GREETED + "c: NOOP\\rRSET\\r\\n\nS: 500 what\n" + BYE,
        {"bare-cr": 'CR inside a line: "NOOP\\rRSET"'},
    ),
    "a blank after the colon": (
        GREETED + "C: MAIL FROM: <a@b.example>\nS: 250 ok\n" + BYE,
        {"blank-at-colon": 'space next to the colon: "MAIL FROM: <a@b.example>"'},
    ),
    "no angle brackets": (
        GREETED + "C: MAIL FROM:a@b.example\nS: 250 ok\n" + BYE,
        {"no-brackets": '"MAIL FROM:a@b.example"'},
    ),
    "EHLO without a name": (
        "S: 220 hi\nC: EHLO\nS: 501 name?\n" + BYE,
        {"no-name": '"EHLO"'},
    ),
    "EHLO with a name that is none": (
        "S: 220 hi\nC: EHLO my_host\nS: 250 hi\n" + BYE,
        {"not-a-name": "(a host name must not contain an underscore)"},
    ),
    "a command before the reply to EHLO": (
        "S: 220 hi\nc: EHLO c.example\\r\\nMAIL FROM:<a@b.example>\\r\\n\nS: 250 hi\nS: 250 ok\n"
        + BYE,
        {"pipelined": 'sent before the previous reply: "MAIL FROM:<a@b.example>"'},
    ),
    "a command after DATA": (
        ENVELOPE + "c: DATA\\r\\nQUIT\\r\\n\nS: 503 no\nS: 221 bye\n",
        {"text-before-354": 'sent before the reply to DATA: "QUIT"'},
    ),
    "the message before 354": (
        ENVELOPE
        + "c: DATA\\r\\nFrom: a@b.example\\r\\nDate: x\\r\\n\\r\\nHi\\r\\n.\\r\\n\n"
        + "S: 354 go\nS: 250 ok\n"
        + BYE,
        {"text-before-354": 'sent before the reply to DATA: "From: a@b.example"'},
    ),
    "the message although DATA was refused": (
        GREETED
        + "C: DATA\nS: 503 no\nC: Subject: hello\nS: 500 ?\nC:\nS: 500 ?\nC: Hi there\nS: 500 ?\n"
        + "C: .\nS: 500 ?\n"
        + BYE,
        {
            "out-of-order": "DATA out of order",
            "text-without-354": 'although DATA was refused with 503: "Subject: hello"',
        },
    ),
    "the same in one write": (
        GREETED
        + "c: DATA\\r\\nSubject: hello\\r\\n\\r\\nHi there\\r\\n.\\r\\n\n"
        + "S: 503 no\nS: 500 ?\nS: 500 ?\nS: 500 ?\nS: 500 ?\n"
        + BYE,
        {
            "out-of-order": "DATA out of order",
            "text-before-354": '"Subject: hello"',
            "text-without-354": '"Subject: hello"',
        },
    ),
    "a dot that was not doubled, alone": (
        MESSAGE
        + HEADER
        + "c: before\\r\\n.\\r\\nafter it\\r\\n\nS: 250 ok\nS: 500 ?\nC: .\nS: 500 ?\n"
        + BYE,
        {"text-after-end": 'a line after the end of a message: "after it"'},
    ),
    "a dot that was not doubled, at the beginning": (
        MESSAGE + HEADER + "C: .profile\nC: .\nS: 250 ok\n" + BYE,
        {"dot-not-doubled": 'line beginning with a single dot: ".profile"'},
    ),
    "no header section": (
        MESSAGE + "C: Hello Bob\nC: .\nS: 250 ok\n" + BYE,
        {"no-header": 'line 1 of the message is no header field: "Hello Bob"'},
    ),
    "an empty message": (
        MESSAGE + "C: .\nS: 250 ok\n" + BYE,
        {"no-header": "the message is empty"},
    ),
    "no empty line": (
        MESSAGE + "C: From: a@b.example\nC: Date: x\nC: Hello Bob\nC: .\nS: 250 ok\n" + BYE,
        {"no-empty-line": 'line 3 of the message is neither a field nor empty: "Hello Bob"'},
    ),
    "no Date": (
        MESSAGE + "C: From: a@b.example\nC:\nC: Hi\nC: .\nS: 250 ok\n" + BYE,
        {"field-missing": "the message has no Date field"},
    ),
    "8 bits in a message": (
        MESSAGE + HEADER + "C: Gr\\xc3\\xbc\\xc3\\x9fe\nC: .\nS: 250 ok\n" + BYE,
        {"eight-bit-body": "8-bit characters in the message (MAIL lacks BODY=8BITMIME)"},
    ),
    "8 bits in an address": (
        GREETED + "C: MAIL FROM:<j\\xc3\\xbcrgen@b.example>\nS: 553 no\n" + BYE,
        {"utf8-undeclared": '"MAIL FROM:<jürgen@b.example>"'},
    ),
    "the text of a bytes object": (
        "S: 220 hi\nC: b'EHLO c.example\\\\r\\\\n'\nS: 500 ?\n" + BYE,
        {"python-bytes": "a bytes object was sent as text: \"b'EHLO c.example\\r\\n'\""},
    ),
    "a line end as text": (
        "S: 220 hi\nc: EHLO c.example\\\\r\\\\n\\n\nS: 250 hi\n" + BYE,
        {"escape-sent": 'the line ending was sent as text: "EHLO c.example\\r\\n"'},
    ),
    "two line ends": (
        "S: 220 hi\nc: HELO c.example\\r\\n\\r\\n\nS: 250 hi\nS: 500 ?\n" + BYE,
        {"empty-command": "an empty line was sent"},
    ),
    "RCPT before MAIL": (
        GREETED + "C: RCPT TO:<bob@mail.example>\nS: 503 no\n" + BYE,
        {"out-of-order": 'RCPT out of order: "RCPT TO:<bob@mail.example>"'},
    ),
    "MAIL before EHLO": (
        "S: 220 hi\nC: MAIL FROM:<a@b.example>\nS: 503 no\n" + BYE,
        {"out-of-order": "MAIL out of order"},
    ),
    "a mistyped verb": (
        "S: 220 hi\nC: ELHO c.example\nS: 500 ?\n" + BYE,
        {"unknown-command": 'unknown command: "ELHO c.example"'},
    ),
    "a client that speaks first": (
        "C: EHLO c.example\nS: 220 hi\nS: 250 hi\n" + BYE,
        {"before-greeting": '"EHLO c.example"'},
    ),
    "HTTP": (
        "S: 220 hi\nc: GET / HTTP/1.1\\r\\nHost: mail.example\\r\\n\\r\\n\nS: 500 ?\n",
        {"http": 'an HTTP request: "GET / HTTP/1.1"'},
    ),
    "TLS on the port for SMTP": (
        "S: 220 hi\nc: \\x16\\x03\\x01\\x02\\x00\\x01\\x00\n",
        {"tls-on-plain-port": "a TLS handshake on a plain port: 16 03 01 02 00 01 00"},
    ),
}


@for_each(WRONG.values())
def test_a_mistake_is_diagnosed_and_nothing_else(script: str, wanted: dict[str, str]):
    told = observed(script).hang_up()
    assert sorted(told.rules) == sorted(wanted)
    for each in told.diagnoses:
        assert wanted[each.rule] in each.seen


def test_the_advice_is_the_line_as_it_should_be():
    told = observed(GREETED + "C: RCPT TO: bob@mail.example\nS: 503 no\n")
    advice = {each.rule: each.advice for each in told.diagnoses}
    assert advice == {
        "blank-at-colon": 'Send "RCPT TO:<bob@mail.example>".',
        "no-brackets": 'Send "RCPT TO:<bob@mail.example>".',
        "out-of-order": "Send MAIL FROM:<...> first.",
    }


def test_a_client_that_continues_after_a_refusal_is_told_which_reply_it_did_not_read():
    told = observed(
        GREETED + "C: MAIL FROM:<a@b.example>\nS: 451 later\nC: RCPT TO:<b@c.example>\nS: 503 no\n"
    )
    [found] = told.diagnoses
    assert found.why.startswith("MAIL was refused with 451")
    assert found.advice == "Check the code of each reply, and stop if it begins with 4 or 5."


def test_a_mistyped_verb_is_corrected():
    [found] = observed("S: 220 hi\nC: ELHO c.example\nS: 500 ?\n").diagnoses
    assert found.advice == "Did you mean EHLO?"


def test_a_reason_takes_the_place_of_the_state():
    told = observed(GREETED)
    told.observer.tls_began("TLSv1.3", "TLS_AES_256_GCM_SHA384", 0.0)
    told.play("C: EHLO c.example\nS: 250 hi\nC: STARTTLS\nS: 503 no\n")
    [found] = told.diagnoses
    assert (found.rule, found.why) == ("out-of-order", "TLS is already active.")


# AUTH

PLAIN = base64.b64encode(b"\0alice\0wonderland").decode()


def test_a_password_in_cleartext_is_reported_and_not_repeated():
    told = observed(f"{GREETED}C: AUTH PLAIN {PLAIN}\nS: 235 ok\n{BYE}")
    assert told.rules == ["secret-in-clear"]
    assert "AUTH PLAIN ***" in told.seen[0]
    assert told.observer.summary.last == "QUIT"


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [
        ("AUTH PLAIN wonderland!", "AUTH response (11 octets) is not valid base64"),
        (f"AUTH PLAIN {PLAIN}A", "AUTH response (25 octets) is not valid base64"),
        ("AUTH PLAIN " + base64.b64encode(b"alice\0wonderland").decode(),
         "the decoded PLAIN message has 1 NUL octet"),
    ],
)  # fmt: skip
def test_an_unreadable_answer_is_diagnosed_by_its_form(answer: str, wanted: str):
    told = observed(f"{GREETED}C: {answer}\nS: 501 no\n{BYE}")
    [found] = [each for each in told.diagnoses if each.rule != "secret-in-clear"]
    assert wanted in found.seen
    for secret in ("wonderland", PLAIN, base64.b64encode(b"alice\0wonderland").decode()):
        assert all(secret not in each.seen for each in told.diagnoses)


def test_an_unencoded_answer_to_a_challenge_is_not_base64():
    told = observed(f"{GREETED}C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: al!ce\nS: 501 no\n{BYE}")
    assert "bad-base64" in told.rules
    assert all("al!ce" not in seen for seen in told.seen)


def test_a_line_ending_that_the_encoder_added_is_recognised():
    told = observed(f"{GREETED}c: AUTH PLAIN {PLAIN}\\n\\r\\n\nS: 235 ok\nS: 500 ?\n{BYE}")
    assert set(told.rules) == {"secret-in-clear", "bare-lf", "base64-newline"}
    found = next(each for each in told.diagnoses if each.rule == "base64-newline")
    assert found.seen == "a line ending within an AUTH response, after 24 octets"


def test_an_answer_sent_before_its_challenge_is_reported():
    told = observed(
        f"{GREETED}c: AUTH LOGIN\\r\\nYWxpY2U=\\r\\n\nS: 334 VXNlcm5hbWU6\nS: 334 UGFzc3dvcmQ6\n"
        f"C: *\nS: 501 ok\n{BYE}"
    )
    assert set(told.rules) == {"secret-in-clear", "answer-before-334"}


def test_what_follows_a_failed_login_is_not_an_unknown_command():
    told = observed(
        f"{GREETED}C: AUTH LOGIN YWxpY2U=\nS: 504 no\nC: d29uZGVybGFuZA==\nS: 500 ?\n{BYE}"
    )
    assert told.rules == ["secret-in-clear"]


# The end


@pytest.mark.parametrize(
    ("script", "wanted"),
    [
        (GREETED, "the connection was closed without QUIT"),
        (MESSAGE + "C: From: a@b.example\n",
         "the connection was closed in the middle of a message, which is discarded"),
        (GREETED + "c: QUIT\n",
         'the connection was closed after an incomplete line, which is lost: "QUIT"'),
        (GREETED + "C: VRFY bob\n", "the connection was closed before the reply to VRFY arrived"),
    ],
)  # fmt: skip
def test_closing_without_quit_is_reported(script: str, wanted: str):
    told = observed(script).hang_up()
    assert (told.rules, told.seen) == (["no-quit"], [wanted])


def test_closing_before_the_verdict_is_reported_as_such():
    told = observed(MESSAGE + HEADER + "C: .\n").hang_up()
    assert told.rules == ["no-verdict"]


def test_a_client_that_has_waited_for_a_reply_may_give_up():
    told = observed(GREETED + "C: VRFY bob\n")
    told.observer.closed(30.0, by_client=True)
    assert told.rules == []


def test_a_connection_that_sent_nothing_need_not_quit():
    assert observed("S: 220 hi\n").hang_up().rules == []


def test_the_servers_mistakes_are_not_blamed_on_the_client():
    told = observed(
        "S: 220 hi\nC: EHLO c.example\nS: 250-one\nS: 251 two\nS: 250 unasked\n"
        "C: NOOP\nS: 99 what\n" + BYE
    )
    assert told.hang_up().rules == []
    told.observer.closed(0.0, by_client=False)


def test_a_handshake_that_comes_before_the_server_is_ready_is_not_a_command():
    told = observed(GREETED + "C: STARTTLS\nS: 220 go\nc: \\x16\\x03\\x01\\x02\\x00\\n\n")
    told.observer.tls_began("TLSv1.3", "TLS_AES_256_GCM_SHA384", 0.0)
    assert told.play("C: EHLO client.example\nS: 250 hi\n" + BYE).hang_up().rules == []


def test_if_the_server_sees_another_end_of_the_message_only_that_is_reported():
    told = observed(MESSAGE + HEADER + "c: Hi\\n.\\n\nS: 250 ok\nC: QUIT\nS: 221 bye\n").hang_up()
    assert (told.rules, told.seen) == (
        ["dot-at-bare-lf"],
        ["the server read a dot next to a bare LF as the end of the message"],
    )


# Bounds


def test_a_repeated_mistake_is_reported_the_first_the_tenth_and_the_hundredth_time():
    told = observed(GREETED + "C: VRFY\nS: 501 who\n" * 250)
    assert [(each.rule, each.times) for each in told.diagnoses] == [
        ("no-argument", 1),
        ("no-argument", 10),
        ("no-argument", 100),
    ]


def test_the_same_mistake_in_mail_and_in_rcpt_is_reported_for_both():
    told = observed(
        GREETED + "C: MAIL FROM: <a@b.example>\nS: 250 ok\nC: RCPT TO: <a@b.example>\nS: 250 ok\n"
    )
    assert told.rules == ["blank-at-colon"] * 2


def test_a_long_line_is_quoted_by_its_beginning():
    told = observed(GREETED + f"C: {'X' * 3000}\nS: 500 ?\n")
    assert {each.rule for each in told.diagnoses} == {"unknown-command", "line-too-long"}
    assert all(len(each.seen) < 200 and '…"' in each.seen for each in told.diagnoses)


@pytest.mark.parametrize("line", [b"\n", b"NOOP\r\n"])
def test_a_client_far_ahead_of_the_replies_is_not_observed_any_longer(line: bytes):
    told = observed(GREETED)
    told.observer.received(line * 100_000, 0.0)
    assert told.rules[-1] == "too-far-ahead"
    assert told.observer.summary.commands < 2 * AHEAD
    assert not told.observer.summary.observed
    told.observer.sent(b"250 ok\r\n", 0.0)
    told.silent().hang_up()
    assert told.rules[-1] == "too-far-ahead"


def _columns(observer: ConnectionObserver) -> list[int]:
    """Return the lengths of everything that could grow with the number of commands."""
    transcript = observer.conversation.transcript
    return [
        len(transcript.fresh),
        len(transcript.bodies),
        len(transcript._recent),  # type: ignore[attr-defined]
        len(transcript._ends),
        len(transcript.marks),
        len(transcript._arena),
        transcript.secrets.known,
        len(observer._times),
        len(observer.summary.diagnoses),
    ]


def test_what_is_kept_of_a_connection_does_not_grow():
    told = Observed()
    told.play(GREETED)
    delivery = DELIVERED.partition("250 AUTH PLAIN LOGIN\n")[2]

    def work(start: int) -> None:
        for number in range(start, start + 40):
            secret = base64.b64encode(b"\0a\0secret%d" % number).decode()
            told.play(
                f"C: AUTH PLAIN {secret}\nS: 535 no\nC: X{number} x\nS: 500 ?\nC: VRFY\nS: 501 ?"
            )
            told.play(delivery)

    work(0)
    before = _columns(told.observer)
    told.diagnoses.clear()
    work(40)
    assert _columns(told.observer) == before
    assert told.observer.summary.messages == 80


def test_a_long_message_is_not_kept():
    told = observed(MESSAGE + HEADER)
    line = b"x" * 70 + b"\r\n"
    for _ in range(20):
        told.observer.received(line * 3000, 0.0)
    told.play("C: .\nS: 250 ok\n" + BYE)
    transcript = told.observer.conversation.transcript
    assert len(transcript) > 60_000
    assert sum(len(row.data) for row in transcript._recent) < 20_000  # type: ignore[attr-defined]
    assert told.rules == []


def test_the_summary_says_who_the_client_is_and_how_far_it_has_come():
    told = observed(DELIVERED + "C: MAIL FROM:<a@b.example>\nS: 250 ok\n")
    summary = told.observer.summary
    assert (summary.name, summary.state) == ("client.example", "mail")
    assert (summary.commands, summary.messages) == (5, 1)
    assert (summary.last, summary.reply) == ("MAIL FROM:<a@b.example>", 250)
    told.hang_up()
    assert (summary.state, summary.ended) == ("closed", 1_790_000_000.0)
