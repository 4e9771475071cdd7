"""The panel explains each line of a conversation, and its end."""

from __future__ import annotations

import pytest
from heloscope.app.explain.line import meaning_of, meaning_of_message
from heloscope.session.events import (
    CLIENT,
    SERVER,
    TRIED,
    Cause,
    Connected,
    Disconnected,
    Note,
    TlsFailed,
)
from heloscope.session.protocol.conversation import Conversation
from heloscope.session.record.row_index import RowIndex
from support.scripts import OPENED, READY_FOR_DATA, observe
from support.stage import played


def means(talk: Conversation, row: int) -> str:
    """Return everything that the panel says about a row, as one text."""
    said = meaning_of(RowIndex(talk.transcript), row)
    words = (said.head, said.title, *(text for _, text in said.sections), *said.notes)
    return "\n".join(words)


def why_closed(script: str, cause: Cause = Cause.CLOSED_BY_SERVER) -> str:
    """Return what the panel says about the end of a conversation."""
    talk = observe(script)
    end = Disconnected(99.0, cause)
    talk.note(end)
    said = meaning_of(RowIndex(talk.transcript), None, end)
    return "\n".join(text for _, text in said.sections)


def test_the_greeting_is_told_as_the_greeting():
    talk = observe("S: 220 mail.test ESMTP Postfix")
    assert "the greeting: the server is ready" in means(talk, 0)
    assert "STARTTLS" not in means(talk, 0)


def test_a_greeting_that_refuses_is_told_as_one():
    talk = observe("S: 554 mail.test no service for you")
    assert "no service for this client" in means(talk, 0)


def test_a_remark_of_a_verbose_server_has_three_digits_and_says_what_it_is():
    talk = observe("""
        S: 220 mail.test ESMTP Sendmail
        C: EHLO me
        S: 250 mail.test
        C: VERB
        S: 250 2.0.0 Verbose mode
        C: NOOP
        S: 050 <alice@mail.test>... Connecting to local...
    """)
    assert meaning_of(RowIndex(talk.transcript), 6).head == "050"
    assert "a remark requested by VERB" in means(talk, 6)


def test_a_reply_for_one_recipient_names_it():
    talk = observe("""
        S: 220 mail.test ESMTP Exim 4.96
        C: EHLO me
        S: 250-mail.test
        S: 250 PRDR
        C: MAIL FROM:<me@me.test> PRDR
        S: 250 OK, PRDR Requested
        C: RCPT TO:<alice@mail.test>
        S: 250 Accepted
        C: RCPT TO:<bob@mail.test>
        S: 250 Accepted
        C: DATA
        S: 354 Enter message
        C: .
        S: 353 PRDR content analysis beginning
        S: 250 PRDR R=<alice@mail.test> acceptance
        S: 550 bob does not want this
        S: 250 message accepted for some recipients
    """)
    assert "for RCPT TO:<bob@mail.test>" in means(talk, 15)
    assert "this recipient accepts mail from certain senders only" in means(talk, 15)
    assert "for RCPT" not in means(talk, 16)
    assert "message accepted" in means(talk, 16)


def test_after_quit_the_end_is_told_as_what_was_asked_for():
    said = why_closed("S: 220 hi\nC: QUIT\nS: 221 2.0.0 Bye")
    assert "You sent QUIT" in said
    assert "421" not in said


def test_an_end_that_a_log_only_mentions_is_blamed_on_nobody():
    said = why_closed("S: 220 hi\nC: EHLO me\nS: 250 hi", Cause.NOT_TOLD)
    assert said == (
        "The log says that the connection ended, but neither which side ended it nor why."
    )


def test_an_end_after_too_many_errors_is_told_as_one():
    said = why_closed("S: 220 hi\nC: FROB\nS: 500 Too many unrecognized commands")
    assert "right after a refusal" in said


def test_an_end_without_an_answer_is_told_as_one():
    assert "instead of replying" in why_closed("S: 220 hi\nC: EHLO me")


def test_an_end_within_the_message_is_told_as_one():
    said = why_closed("""
        S: 220 hi
        C: HELO me
        S: 250 ok
        C: MAIL FROM:<>
        S: 250 ok
        C: RCPT TO:<alice@mail.test>
        S: 250 ok
        C: DATA
        S: 354 go on
        C: Subject: half
    """)
    assert "in the middle of the message" in said


def test_an_end_that_we_made_is_not_put_on_the_server():
    said = why_closed("S: 220 hi\nC: NOOP\nS: 250 ok", Cause.CLOSED_BY_CLIENT)
    assert "The client closed the connection without sending QUIT." in said


def test_after_quit_it_is_no_matter_who_closed_first():
    said = why_closed("S: 220 hi\nC: QUIT\nS: 221 Bye", Cause.CLOSED_BY_CLIENT)
    assert "You sent QUIT" in said
    assert "without QUIT" not in said


def test_after_421_too():
    said = why_closed("S: 220 hi\nC: NOOP\nS: 421 4.7.0 too many errors", Cause.CLOSED_BY_CLIENT)
    assert "421 that it was closing the connection" in said
    assert "without QUIT" not in said


def test_an_end_before_any_word_is_told_by_its_cause_alone():
    assert "in an orderly way" in why_closed("")


def test_a_command_sent_in_pieces_is_told_whole():
    talk = observe("S: 220 hi\nC: NO\\")
    talk.flush(CLIENT, 1.5)
    observe("C: OP\nS: 250 2.0.0 Ok", talk)
    assert "part of a line" in means(talk, 1)
    assert means(talk, 2).startswith("NOOP\n")
    assert "answers NOOP " in means(talk, 3)


def test_a_chunk_without_a_line_end_is_no_part_of_the_command_behind_it():
    talk = observe("S: 220 hi\nC: BDAT 5 LAST\nC: helloQUIT\nS: 503 no\nS: 221 bye")
    assert means(talk, 3).startswith("QUIT\n")
    assert "answers QUIT " in means(talk, 5)


def test_a_long_command_is_named_by_its_beginning():
    talk = observe("S: 220 hi\nC: NOOP " + "x" * 1000 + "\nS: 250 ok")
    assert f"answers NOOP {'x' * 195}…  " in means(talk, 2)


def test_an_empty_line_is_named_as_what_a_reply_answers():
    talk = observe("""
        S: 220 mail.test ESMTP
        C:
        S: 500 5.5.2 Error: bad syntax
    """)
    assert "\nanswers an empty line  " in means(talk, 2)


def test_a_message_of_one_line_is_counted_in_the_singular():
    assert meaning_of_message(4, 4, 5).title == "the message: 1 line, 5 bytes"
    assert meaning_of_message(4, 1303, 1).title == "the message: 1,300 lines, 1 byte"


def test_a_line_without_end_is_given_up_to_a_limit_and_the_rest_is_counted():
    talk = observe("S: 220 ready")
    talk.feed(SERVER, b"220 " + b"x" * 20_000 + b"\r\n", 0)
    said = meaning_of(RowIndex(talk.transcript), 1).whole
    assert said.startswith("220 xxx")
    assert said.endswith("x … and 12,004 more octets; :save (Ctrl+S) saves all of it")
    assert len(said) < 8100


def test_an_answer_to_an_auth_that_is_over_is_not_explained_by_what_it_says():
    talk = observe("""
        S: 220 ready
        C: AUTH LOGIN
        S: 500 no
        C: d29uZGVybGFuZA==
        S: 500 what
    """)
    said = means(talk, 3) + str(meaning_of(RowIndex(talk.transcript), 3).warnings)
    assert "probably an AUTH response, not shown" in said
    assert "D29U" not in said.upper()


async def test_a_servers_own_words_are_told_as_such_and_by_whom():
    conversation = """
        S: 220 mx.example.com ESMTP
        C: MAIL
        S: 550-5.7.26 This mail has been blocked because the sender is unauthenticated.
        S: 550-5.7.26 Gmail requires all senders to authenticate with either SPF
        S: 550 5.7.26 or DKIM. - gsmtp
        C: NOOP
    """
    async with played(conversation).run() as stage:
        await stage.type("MAIL FROM:<me@example.org>")
        said = " ".join(stage.seen("#reply").replace("│", " ").split())
        assert "refused permanently: neither SPF nor DKIM passed" in said
        assert "This server's reply usually means This receiver requires proof" in said
        assert "neither SPF nor DKIM provided it. (Gmail)" in said
        assert "Try Set up SPF for the domain in MAIL FROM" in said
        assert "It means" not in said
        assert "The standard says" not in said


def test_what_was_offered_before_the_line_decides_and_not_what_is_offered_now():
    talk = observe("""
        S: 220 mail.test ESMTP
        C: EHLO me
        S: 250-mail.test
        S: 250 AUTH PLAIN
        C: MAIL FROM:<me@me.test>
        S: 250 ok
        C: RCPT TO:<bob@other.test>
        S: 550 5.7.1 relaying denied
        C: EHLO me
        S: 250 mail.test
        C: MAIL FROM:<me@me.test>
        S: 250 ok
        C: RCPT TO:<bob@other.test>
        S: 550 5.7.1 relaying denied
    """)
    assert "log in first: AUTH (PLAIN), then MAIL and RCPT again" in means(talk, 7)
    assert "AUTH (PLAIN)" not in means(talk, 13)
    assert "Connect to the MX of that domain" in means(talk, 13)


def test_a_name_that_is_refused_only_at_rcpt_is_the_one_in_ehlo():
    talk = observe("""
        S: 220 mail.test ESMTP
        C: EHLO laptop
        S: 250 mail.test
        C: MAIL FROM:<me@me.test>
        S: 250 ok
        C: RCPT TO:<bob@mail.test>
        S: 504 5.5.2 <laptop>: Helo command rejected: need fully-qualified hostname
    """)
    said = means(talk, 6)
    assert "the EHLO name is not a full host name" in said
    assert "the name in EHLO (laptop), which this server checks only now" in said


def test_a_refused_token_is_no_wrong_password():
    talk = observe("""
        S: 220 mail.test ESMTP
        C: EHLO me
        S: 250-mail.test
        S: 250 AUTH XOAUTH2 PLAIN
        C: AUTH XOAUTH2 dXNlcj1hbGljZQFhdXRoPUJlYXJlciBzZWNyZXQBAQ==
        S: 334 eyJzdGF0dXMiOiI0MDAifQ==
        C:
        S: 535 5.7.8 Authentication failed
    """)
    said = means(talk, 7)
    assert "the access token is not accepted" in said
    assert "The challenge contains: status 400." in said
    assert "password is wrong" not in said


def test_a_connection_that_ended_in_the_handshake_ended_for_the_reason_of_the_handshake():
    talk = Conversation()
    talk.note(Connected(1.0, "mail.example.org:25", "192.0.2.1:25"))
    failed = TlsFailed(2.0, "no-shared-version", "The two sides know no version in common.")
    talk.note(failed)
    ended = Disconnected(2.0, Cause.TLS_FAILED, "no TLS")
    talk.note(ended)
    index = RowIndex(talk.transcript)
    assert meaning_of(index, None, ended) == meaning_of(index, None, failed)


@pytest.mark.parametrize("cause", [Cause.CLOSED_BY_SERVER, Cause.CLOSED_BY_CLIENT, Cause.RESET])
def test_whoever_closed_first_behind_421_it_was_the_server_that_ended_it(cause: Cause):
    talk = Conversation()
    talk.note(Connected(1.0, "mail.example.org:25", "192.0.2.1:25"))
    talk.feed(SERVER, b"220 ready\r\n", 2.0)
    talk.feed(CLIENT, b"EHLO me\r\n", 3.0)
    talk.feed(SERVER, b"421 4.7.0 too many errors\r\n", 4.0)
    ended = Disconnected(5.0, cause, "closed")
    talk.note(ended)
    said = dict(meaning_of(RowIndex(talk.transcript), None, ended).sections)
    assert said["It means"].startswith("The server announced with 421")


def test_an_answer_that_stays_away_says_nothing_about_port_25_once_there_was_a_connection():
    talk = Conversation()
    talk.note(Connected(1.0, "mail.example.org:25", "192.0.2.1:25"))
    ended = Disconnected(5.0, Cause.TIMED_OUT, "the network gave up")
    talk.note(ended)
    said = dict(meaning_of(RowIndex(talk.transcript), None, ended).sections)
    assert said["It means"].startswith(
        "The connection was established, but data sent later never arrived"
    )
    assert "25" not in said["Try"]


def test_of_a_connection_that_failed_the_addresses_that_were_tried_are_the_evidence():
    talk = Conversation()
    for address in ("[2001:db8::1]:25", "192.0.2.1:25"):
        talk.note(Note(1.0, TRIED, f"tried {address}: refused after 12 ms"))
    ended = Disconnected(2.0, Cause.REFUSED, "mail.example.org:25 refused the connection.")
    talk.note(ended)
    said = dict(meaning_of(RowIndex(talk.transcript), None, ended).sections)
    assert said["Evidence"] == (
        "tried [2001:db8::1]:25: refused after 12 ms; tried 192.0.2.1:25: refused after 12 ms"
    )
    assert said["It means"] and said["Try"]


@pytest.mark.parametrize(
    ("first", "who", "evidence"),
    [
        (b"SSH-2.0-OpenSSH\r\n", "This is an SSH server", "first received: SSH-2.0-OpenSSH"),
        (b"\x15\x03\x01\x00\x02\x02\x46", "This server speaks TLS from the first byte",
         "first received: 15 03 01 00 02 02 46 (hexadecimal)"),
        (b"", "", "the connection lasted 4.0 s, and nothing was received"),
    ],
)  # fmt: skip
def test_of_a_connection_to_no_mail_server_its_first_octets_are_the_evidence(
    first: bytes, who: str, evidence: str
):
    talk = Conversation()
    talk.note(Connected(1.0, "mail.example.org:25", "192.0.2.1:25"))
    talk.feed(SERVER, first, 2.0)
    ended = Disconnected(5.0, Cause.CLOSED_BY_SERVER, "the server closed the connection")
    talk.note(ended)
    said = dict(meaning_of(RowIndex(talk.transcript), None, ended).sections)
    assert evidence in said["Evidence"]
    assert said.get("Detected", "").startswith(who)


def test_the_meaning_of_a_folded_message_says_what_is_wrong_in_it():
    index = RowIndex(observe(READY_FOR_DATA + "C: DATA\nS: 354 go\nC: .lost\nC: .").transcript)
    body = index.transcript.bodies[0]
    said = meaning_of_message(body.first, body.last, body.size, index)
    assert said.warnings[0][0] == "line beginning with a single dot"


def test_a_reply_in_8_bits_is_also_shown_in_the_character_set_that_it_is_likely_to_be_in():
    index = RowIndex(observe(OPENED + "C: VRFY x\n" + r"S: 550 Empf\xe4nger unbekannt").transcript)
    said = meaning_of(index, len(index.transcript) - 1)
    assert said.sections[0] == ("Perhaps windows-1252", "550 Empfänger unbekannt")
    assert said.warnings[0][0] == "8-bit characters in a reply"


def test_an_error_in_a_log_is_explained_if_its_words_are_known():
    said = meaning_of(
        RowIndex(Conversation().transcript), None, Note(1.0, "error", "connect: timed out")
    )
    assert said.title == "no answer in time"
    assert said.sections[0] == ("The log says", "connect: timed out")
    assert [head for head, _ in said.sections[1:]] == ["It means", "Try"]
    other = meaning_of(RowIndex(Conversation().transcript), None, Note(1.0, "error", "gave up"))
    assert (other.title, other.sections) == ("gave up", ())
