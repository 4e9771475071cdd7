"""How a conversation interprets bytes, as statements about the protocol."""

from __future__ import annotations

import pytest
from heloscope.session.events import (
    CLIENT,
    SERVER,
    Cause,
    Disconnected,
    Kind,
    TlsStarted,
    Unasked,
    Violation,
)
from heloscope.session.protocol.states import State
from support.rows import for_each
from support.scripts import OPENED, READY_FOR_DATA, kinds, observe, replies, violations


def test_a_clean_conversation_breaks_no_rule_and_is_closed_when_the_connection_is():
    talk = observe(
        READY_FOR_DATA
        + """
        C: DATA
        S: 354 go on
        C: Subject: hi
        C:
        C: ..dot
        C: .
        S: 250 2.0.0 queued
        C: QUIT
        S: 221 2.0.0 bye
    """
    )
    assert violations(talk) == []
    assert (talk.state, talk.closing) == (State.CLOSING, 221)
    talk.note(Disconnected(99.0, Cause.CLOSED_BY_SERVER))
    assert violations(talk) == []
    assert (talk.state, talk.closing) == (State.CLOSED, 0)
    assert kinds(talk) == "RCRRCRCRCRBBBCRCR"


def test_each_reply_names_the_command_that_it_answers():
    talk = observe(READY_FOR_DATA)
    assert [(r.verb, r.answers, r.code) for r in replies(talk)] == [
        ("", None, 220),
        ("EHLO", 1, 250),
        ("MAIL", 4, 250),
        ("RCPT", 6, 250),
    ]


def test_replies_to_a_pipelined_group_are_matched_one_by_one():
    talk = observe(
        OPENED
        + """
        C: MAIL FROM:<a@example.org>
        C: RCPT TO:<nobody@example.org>
        C: RCPT TO:<b@example.org>
        C: DATA
        S: 250 ok
        S: 550 5.1.1 no such user
        S: 250 ok
        S: 354 go on
    """
    )
    assert [(r.verb, r.code) for r in replies(talk)[2:]] == [
        ("MAIL", 250),
        ("RCPT", 550),
        ("RCPT", 250),
        ("DATA", 354),
    ]
    assert violations(talk) == []
    assert talk.recipients == [6]


def test_lines_after_data_are_body_when_354_comes():
    talk = observe(
        READY_FOR_DATA
        + """
        C: DATA
        C: QUIT
        C: .
        S: 354 go on
        S: 250 queued
    """
    )
    assert kinds(talk)[-5:] == "CBCRR"
    assert talk.state is State.READY


def test_lines_after_data_are_commands_when_it_is_refused():
    talk = observe(
        READY_FOR_DATA
        + """
        C: DATA
        C: QUIT
        S: 451 not now
        S: 221 bye
    """
    )
    assert kinds(talk)[-4:] == "CCRR"
    assert replies(talk)[-1].verb == "QUIT"


@pytest.mark.parametrize(("listed", "rule"), [("PIPELINING", "pipelined-past"), ("", "pipelined")])
@pytest.mark.parametrize("reply", ["354 go on", "451 not now"])
def test_the_first_line_after_data_is_marked_if_it_did_not_wait(listed: str, rule: str, reply: str):
    opened = READY_FOR_DATA if listed else READY_FOR_DATA.replace("PIPELINING", "HELP")
    talk = observe(f"{opened}\n    C: DATA\n    C: NOOP\n    C: NOOP\n    S: {reply}")
    marked = [event for event in talk.transcript.events() if isinstance(event, Violation)]
    assert [event.rule for event in marked][:1] == [rule]
    assert talk.transcript[marked[0].row].data == b"NOOP\r\n"
    assert talk.transcript[marked[0].row - 1].data == b"DATA\r\n"


def test_only_crlf_dot_crlf_ends_a_message():
    talk = observe(
        READY_FOR_DATA
        + r"""
        C: DATA
        S: 354 go on
        C: one\n.\
        C:
        C: two\r\n.\n\
        C: three
        C: .
        S: 250 queued
    """
    )
    assert [r.verb for r in replies(talk)].count(".") == 1
    assert talk.state is State.READY
    faults = [e for e in talk.transcript.events() if isinstance(e, Violation)]
    assert [(f.rule, f.count) for f in faults] == [("bare-lf", 2)]


def test_a_reply_in_the_middle_of_the_message_says_so():
    talk = observe(
        READY_FOR_DATA
        + """
        C: DATA
        S: 354 go on
        C: text
        S: 250 queued
    """
    )
    assert replies(talk)[-1].unasked is Unasked.DURING_BODY
    assert violations(talk) == ["reply-during-body"]


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("S: 421 shutting down", Unasked.UNSOLICITED_421),
        ("S: 250 again", Unasked.ONE_TOO_MANY),
    ],
)
def test_an_unsolicited_reply_is_distinguished(script: str, why: Unasked):
    talk = observe(OPENED + "    " + script)
    assert replies(talk)[-1].unasked is why


def test_half_a_line_of_the_clients_makes_no_reply_an_early_one():
    talk = observe(OPENED + "C: NO\\\nS: 250 again")
    assert replies(talk)[-1].unasked is Unasked.ONE_TOO_MANY


def test_a_server_that_speaks_twice_before_the_client_is_an_early_talker():
    talk = observe("S: 220 ready\nS: 250 ok")
    assert [r.unasked for r in replies(talk)] == [Unasked.GREETING, Unasked.EARLY]


def test_bdat_counts_octets_whatever_the_reply():
    talk = observe(
        READY_FOR_DATA
        + r"""
        C: BDAT 10
        C: QUIT
        C: QU\
        C: IT\
        C: BDAT 2 LAST
        C: .\n\
        S: 250 2.0.0 10 octets
        S: 250 2.0.0 done
    """
    )
    assert [r.verb for r in replies(talk)][-2:] == ["BDAT", "BDAT LAST"]
    assert talk.state is State.READY
    assert kinds(talk)[-7:] == "CKKCKRR"


def test_lmtp_has_one_reply_for_each_accepted_recipient():
    talk = observe(
        """
        S: 220 lmtp
        C: LHLO me
        S: 250 server
        C: MAIL FROM:<a@example.org>
        S: 250 ok
        C: RCPT TO:<one@example.org>
        S: 250 ok
        C: RCPT TO:<two@example.org>
        S: 550 5.1.1 no
        C: RCPT TO:<three@example.org>
        S: 250 ok
        C: DATA
        S: 354 go
        C: .
        S: 250 2.0.0 one
        S: 452 4.2.2 three is full
        """
    )
    assert [(r.code, r.recipient) for r in replies(talk)[-2:]] == [(250, 5), (452, 9)]
    assert talk.state is State.READY
    assert talk.waiting_for == ""


@for_each(
    [
        ("RCPT TO:<b@example.org>", "out-of-order"),
        ("FROB", "unknown-command"),
        (r"NOOP\n" + "\\", "bare-lf"),
        (r"NO\rOP", "bare-cr"),
        (r"NOOP \x00", "nul"),
        (r"NOOP \xff", "eight-bit"),
        ("NOOP " + 600 * "x", "line-too-long"),
    ]
)
def test_a_wrong_command_is_a_violation_and_is_processed(line: str, rule: str):
    talk = observe(OPENED + f"    C: {line}\n    S: 250 ok")
    assert rule in violations(talk)
    assert talk.waiting_for == ""


@for_each([
        ("C: LHLO me", "LHLO is for LMTP only"),
        ("C: MAIL FROM:<a> body=binarymime\nS: 250 ok\nC: RCPT TO:<b>\nS: 250 ok\nC: DATA",
         "BODY=BINARYMIME needs BDAT"),
        ("C: AUTH PLAIN AA==\nS: 235 in\nC: AUTH PLAIN AA==", "already logged in"),
        ("C: BDAT 0 LAST", "ready"),
        ("C: XEXCH50 2 1", "ready"),
    ])  # fmt: skip
def test_a_command_out_of_order_says_why(script: str, detail: str):
    talk = observe(OPENED + script)
    [last] = [e for e in talk.transcript.events() if isinstance(e, Violation)
              and e.rule == "out-of-order"]  # fmt: skip
    assert last.detail == detail


def test_a_second_message_may_use_data_again_after_binarymime():
    talk = observe(
        """
        S: 220 ready
        C: EHLO me
        S: 250-server
        S: 250 BINARYMIME
        C: MAIL FROM:<a@example.org> BODY=BINARYMIME
        S: 250 ok
        C: RSET
        S: 250 ok
        C: MAIL FROM:<a@example.org>
        S: 250 ok
        C: RCPT TO:<b@example.org>
        S: 250 ok
        C: DATA
        S: 354 go
        """
    )
    assert violations(talk) == []


@pytest.mark.parametrize("verb", ["EHLO", "HELO"])
def test_lmtp_is_greeted_with_lhlo_only(verb: str):
    talk = observe(f"S: 220 lmtp\nC: LHLO me\nS: 250 ok\nC: {verb} me\nS: 500 no")
    assert violations(talk) == ["out-of-order"]


@for_each(["XADR a", "XSTA", "CLIENTID a b", "WELLKNOWN x", "VERB ON"])
def test_private_commands_that_are_known_are_in_order(verb: str):
    assert violations(observe(OPENED + f"C: {verb}\nS: 250 ok")) == []


def test_the_line_of_a_load_balancer_comes_before_the_greeting_and_has_no_reply():
    talk = observe(
        """
        C: PROXY TCP4 192.0.2.1 192.0.2.2 4000 25
        S: 220 ready
        C: EHLO me
        S: 250 ok
        """
    )
    assert violations(talk) == []
    assert [reply.verb for reply in replies(talk)] == ["", "EHLO"]


def test_after_atrn_the_roles_have_changed_and_no_rule_is_checked():
    talk = observe(
        OPENED
        + """
        C: ATRN example.org
        S: 250 ok
        C: 220 client.example.org
        S: EHLO server.example.org
        C: 250 client.example.org
        S: MAIL FROM:<a@example.org>
        """
    )
    assert talk.state is State.TURNED
    assert violations(talk) == []


def test_a_long_body_is_stored_in_blocks_and_read_as_lines():
    talk = observe(READY_FOR_DATA + "    C: DATA\n    S: 354 go")
    first = len(talk.transcript)
    body = b"".join(b"line %06d\r\n" % number for number in range(100_000))
    talk.feed(CLIENT, body + b".\r\n", 20.0)
    talk.feed(SERVER, b"250 ok\r\n", 21.0)
    assert len(talk.transcript) == first + 100_002
    assert talk.transcript[first + 54_321].data == b"line 054321\r\n"
    assert talk.transcript[-2].data == b".\r\n"
    assert talk.transcript.find(b"line 077777") == first + 77_777
    assert talk.transcript.bodies[0].size == len(body)


def test_out_of_order_is_judged_by_what_is_in_flight():
    talk = observe(
        OPENED
        + """
        C: MAIL FROM:<a@example.org>
        C: RCPT TO:<b@example.org>
        S: 550 no
        S: 503 need MAIL
        C: RCPT TO:<b@example.org>
        S: 503 need MAIL
    """
    )
    assert violations(talk) == ["out-of-order"]


def test_an_endless_fault_is_reported_ten_thousand_times():
    talk = observe("S: 220 ready\nC: NOOP\nS: 250 ok")
    for _ in range(11):
        talk.feed(SERVER, b"250 nobody asked\r\n" * 1000, 0)
    told = violations(talk)
    assert told == ["unasked-reply"] * 10_000 + ["and-so-on"]
    assert len(replies(talk)) == 11_002


def test_a_code_below_zero_is_a_number_as_in_smtplib():
    talk = observe("""
        S: 220 ready
        C: NOOP
        S: -2 -one
        S: -2 two
        C: NOOP
        S: -12 three
    """)
    assert [reply.code for reply in replies(talk)] == [220, -2, -12]
    assert set(violations(talk)) == {"no-number", "code-out-of-range"}


def test_a_line_feed_right_after_a_chunk_is_a_line_of_its_own():
    talk = observe(
        READY_FOR_DATA
        + r"""
        C: BDAT 5 LAST
        C: text\r\
        C: \n\
        S: 250 ok
        """
    )
    assert talk.transcript[-2].data == b"\n"
    assert talk.transcript[-2].kind is Kind.COMMAND
    assert violations(talk)[-1] == "bare-lf"


def test_burl_last_ends_a_message_as_bdat_last_does():
    talk = observe(READY_FOR_DATA + "C: BURL imap://x/y LAST\nS: 250 ok")
    assert talk.recipients == []
    assert talk.state is State.READY
    talk = observe(
        """
        S: 220 ready
        C: LHLO me
        S: 250 ok
        C: MAIL FROM:<a@example.org>
        S: 250 ok
        C: RCPT TO:<b@example.org>
        S: 250 ok
        C: RCPT TO:<c@example.org>
        S: 250 ok
        C: BURL imap://x/y LAST
        S: 250 ok
        S: 550 no
        """
    )
    assert [(reply.code, reply.recipient) for reply in replies(talk)[-2:]] == [(250, 5), (550, 7)]
    assert talk.waiting_for == ""


def test_what_was_left_of_a_chunk_is_forgotten_when_tls_begins():
    talk = observe(READY_FOR_DATA + "C: BDAT 100\nC: text")
    assert talk.chunk_left == 94
    talk.note(TlsStarted(20.0, "TLSv1.3", "TLS_AES_256_GCM_SHA384"))
    observe("C: EHLO me\nC: NOOP", talk)
    assert talk.mode is Kind.COMMAND
    assert [verb for _, verb in talk.unanswered] == ["EHLO", "NOOP"]
