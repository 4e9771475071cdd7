"""Replies of servers in use, word for word, and how the conversation interprets them."""

from __future__ import annotations

from heloscope.session.events import Cause, Disconnected, Unasked
from heloscope.session.protocol.states import State
from support.scripts import observe, replies, violations

EXIM = """
    S: 220 mail.test ESMTP Exim 4.96 Wed, 25 Nov 2026 00:44:14 +0000
    C: EHLO me
    S: 250-mail.test Hello me [127.0.0.1]
    S: 250-SIZE 52428800
    S: 250-PIPELINING
    S: 250-PRDR
    S: 250 HELP
"""
EXIM_PRDR = (
    EXIM
    + """
    C: MAIL FROM:<me@me.test> PRDR
    S: 250 OK, PRDR Requested
    C: RCPT TO:<alice@mail.test>
    S: 250 Accepted
    C: RCPT TO:<bob@mail.test>
    S: 250 Accepted
    C: DATA
    S: 354 Enter message, ending with "." on a line by itself
    C: Subject: prdr
    C: .
    S: 353 PRDR content analysis beginning
"""
)
SENDMAIL_VERBOSE = """
    S: 220 mail.test ESMTP Sendmail 8.17.1.9/8.17.1.9/Debian-2+deb12u2
    C: EHLO me
    S: 250-mail.test Hello localhost [127.0.0.1], pleased to meet you
    S: 250-VERB
    S: 250 HELP
    C: VERB
    S: 250 2.0.0 Verbose mode
    C: MAIL FROM:<me@me.test>
    S: 250 2.1.0 <me@me.test>... Sender ok
    C: RCPT TO:<alice@mail.test>
    S: 250 2.1.5 <alice@mail.test>... Recipient ok
    C: DATA
    S: 354 End data with <CR><LF>.<CR><LF>
    C: Subject: verb
    C: .
    S: 050 <alice@mail.test>... Connecting to local...
    S: 050 <alice@mail.test>... Sent
    S: 250 2.0.0 6AP0mY33002274 Message accepted for delivery
"""


def test_exim_with_prdr_answers_the_message_for_each_recipient_and_then_for_all():
    talk = observe(
        EXIM_PRDR
        + """
        S: 250 PRDR R=<alice@mail.test> acceptance
        S: 550 bob does not want this
        S: 250 id=1xW17P-0007s1-37 message accepted for some recipients
    """
    )
    said = [(r.code, r.recipient, r.left) for r in replies(talk) if r.verb == "."]
    alice, bob = 9, 11
    assert said == [(353, None, 3), (250, alice, 2), (550, bob, 1), (250, None, 0)]
    assert talk.state is State.READY
    assert violations(talk) == []


def test_after_353_the_message_waits_for_its_last_reply():
    talk = observe(EXIM_PRDR + "S: 250 PRDR R=<alice@mail.test> acceptance")
    assert talk.waiting_for == "."
    assert talk.state is State.DATA


def test_after_prdr_the_next_reply_answers_the_next_command():
    talk = observe(
        EXIM_PRDR
        + """
        S: 250 PRDR R=<alice@mail.test> acceptance
        S: 250 PRDR R=<bob@mail.test> acceptance
        S: 250 OK id=1xW17P-0007s1-37
        C: MAIL FROM:<me@me.test>
        S: 250 OK
        C: RCPT TO:<alice@mail.test>
        S: 250 Accepted
        C: DATA
        S: 354 Enter message, ending with "." on a line by itself
        C: .
        S: 250 OK id=1xW17Q-0007s1-38
    """
    )
    assert [(r.code, r.recipient) for r in replies(talk) if r.verb == "."][4:] == [(250, None)]
    assert talk.state is State.READY
    assert violations(talk) == []


def test_remarks_of_a_verbose_sendmail_are_not_replies():
    talk = observe(SENDMAIL_VERBOSE)
    assert [r.unasked for r in replies(talk) if r.code == 50] == [Unasked.REMARK, Unasked.REMARK]
    assert (replies(talk)[-1].code, replies(talk)[-1].verb) == (250, ".")
    assert talk.state is State.READY
    assert violations(talk) == []


def test_without_verb_a_code_below_200_is_a_wrong_reply():
    talk = observe(SENDMAIL_VERBOSE.replace("C: VERB", "C: NOOP"))
    assert "code-out-of-range" in violations(talk)
    assert (replies(talk)[-1].code, replies(talk)[-1].unasked) == (250, Unasked.ONE_TOO_MANY)


def test_opensmtpd_accepts_only_one_greeting_and_the_state_stays():
    talk = observe("""
        S: 220 mail.test ESMTP OpenSMTPD
        C: HELO me
        S: 250 mail.test Hello me [127.0.0.1], pleased to meet you
        C: EHLO me
        S: 503 5.5.1 Invalid command: Already identified
    """)
    assert talk.state is State.READY
    assert talk.greeted_with == "HELO"
    assert talk.keywords is None
    assert violations(talk) == []


def test_postfix_disconnects_after_too_many_errors_with_421():
    talk = observe("""
        S: 220 mail.test ESMTP Postfix
        C: HELO me
        S: 250 mail.test
        C: GROB
        S: 421 4.7.0 mail.test Error: too many errors
    """)
    reply = replies(talk)[-1]
    assert (reply.verb, reply.enhanced, reply.unasked) == ("GROB", "4.7.0", None)
    assert (talk.state, talk.closing) == (State.READY, 421)
    talk.note(Disconnected(99.0, Cause.CLOSED_BY_SERVER))
    assert (talk.state, talk.closing) == (State.CLOSED, 0)


def test_a_421_after_silence_in_the_message_answers_nothing_and_breaks_no_rule():
    talk = observe(
        EXIM
        + """
        C: MAIL FROM:<me@me.test>
        S: 250 OK
        C: RCPT TO:<alice@mail.test>
        S: 250 Accepted
        C: DATA
        S: 354 Enter message, ending with "." on a line by itself
        C: Subject: half
        S: 421 mail.test SMTP incoming data timeout - closing connection.
    """
    )
    assert replies(talk)[-1].unasked is Unasked.UNSOLICITED_421
    assert (talk.state, talk.closing) == (State.DATA, 421)
    talk.note(Disconnected(99.0, Cause.CLOSED_BY_SERVER))
    assert (talk.state, talk.closing) == (State.CLOSED, 0)
    assert violations(talk) == []


def test_dovecot_over_lmtp_reports_for_each_recipient_whether_it_saved():
    talk = observe("""
        S: 220 mail.test Dovecot (Debian) ready.
        C: LHLO me
        S: 250-mail.test
        S: 250 PIPELINING
        C: MAIL FROM:<me@me.test>
        S: 250 2.1.0 OK
        C: RCPT TO:<alice@mail.test>
        S: 250 2.1.5 OK
        C: RCPT TO:<nosuch@mail.test>
        S: 550 5.1.1 <nosuch@mail.test> User doesn't exist: nosuch@mail.test
        C: RCPT TO:<bob@mail.test>
        S: 250 2.1.5 OK
        C: DATA
        S: 354 OK
        C: Subject: lmtp
        C: .
        S: 250 2.0.0 <alice@mail.test> JjVrJesvBmsifgAAg+zDdQ Saved
        S: 250 2.0.0 <bob@mail.test> JjVrJesvBmsifgAAg+zDdQ:R3 Saved
    """)
    said = [(r.recipient, r.left) for r in replies(talk) if r.verb == "."]
    alice, bob = 6, 10
    assert said == [(alice, 1), (bob, 0)]
    assert violations(talk) == []


def test_postfix_disconnects_a_web_browser_with_221():
    talk = observe("""
        S: 220 mail.test ESMTP Postfix
        C: GET / HTTP/1.1
        S: 221 2.7.0 Error: I can break rules, too. Goodbye.
    """)
    talk.note(Disconnected(9.0, cause=Cause.CLOSED_BY_SERVER))
    assert replies(talk)[-1].verb == "GET"
    assert violations(talk) == ["unknown-command"]
    assert talk.state is State.CLOSED


POSTFIX_DATA = """
    S: 220 mail.test ESMTP Postfix
    C: EHLO me
    S: 250-mail.test
    S: 250 PIPELINING
    C: MAIL FROM:<me@me.test>
    C: RCPT TO:<alice@mail.test>
    C: DATA
    S: 250 2.1.0 Ok
    S: 250 2.1.5 Ok
    S: 354 End data with <CR><LF>.<CR><LF>
"""


def test_postfix_that_ends_a_message_at_a_bare_lf_is_caught_smuggling():
    talk = observe(
        POSTFIX_DATA
        + r"""
        C: Subject: lf\n\n.\nx
        C: .
        S: 250 2.0.0 Ok: queued as 1120157643B
        S: 500 5.5.2 Error: command not recognized
        S: 221 2.7.0 Error: I can break rules, too. Goodbye.
    """
    )
    assert violations(talk) == ["bare-lf", "ended-early", "ended-early"]


def test_a_superfluous_reply_after_a_clean_message_is_not_smuggling():
    talk = observe(POSTFIX_DATA + "C: x\nC: .\nS: 250 2.0.0 Ok\nS: 500 5.5.2 what?")
    assert violations(talk) == ["unasked-reply"]


def test_a_superfluous_reply_later_on_is_not_smuggling():
    talk = observe(
        POSTFIX_DATA
        + r"""
        C: x\ny
        C: .
        S: 250 2.0.0 Ok
        C: NOOP
        S: 250 2.0.0 Ok
        S: 250 2.0.0 Ok
    """
    )
    assert violations(talk) == ["bare-lf", "unasked-reply"]


def test_haraka_refuses_a_bare_lf_before_the_message_ends():
    talk = observe(
        POSTFIX_DATA
        + r"""
        C: Subject: lf\n\nx\n.\n\
        S: 451 Bare line-feed; see https://haraka.github.io/barelf/
    """
    )
    assert replies(talk)[-1].unasked is Unasked.DURING_BODY
    assert violations(talk) == ["reply-during-body"]


def test_postscreen_answers_an_early_talker_within_its_greeting():
    talk = observe("""
        S: 220-mail.test wait a moment
        C: EHLO me
        S: 250-mail.test
        S: 250-SIZE 52428800
        S: 250 CHUNKING
        C: QUIT
        S: 221 2.0.0 Bye
    """)
    assert [(r.row, r.last, r.code, r.verb) for r in replies(talk)] == [
        (0, 0, 220, ""),
        (2, 4, 250, "EHLO"),
        (6, 6, 221, "QUIT"),
    ]
    assert talk.keywords == {"SIZE": ("52428800",), "CHUNKING": ()}
    assert violations(talk) == ["before-greeting", "not-ended"]
    assert [line.row for line in talk.transcript if line.continues] == [3, 4]


def test_postscreen_that_disconnects_an_early_talker_answers_the_command():
    talk = observe("""
        S: 220-mail.test wait a moment
        C: EHLO me
        S: 521 5.5.1 Protocol error
    """)
    assert (replies(talk)[-1].code, replies(talk)[-1].verb) == (521, "EHLO")


def test_a_greeting_continues_though_the_client_did_not_wait_for_its_end():
    talk = observe("""
        S: 220-mail.test wait a moment
        C: EHLO me
        S: 220 mail.test ESMTP Postfix
        S: 250 mail.test
    """)
    assert [(r.row, r.last, r.verb) for r in replies(talk)] == [(0, 2, ""), (3, 3, "EHLO")]
    assert violations(talk) == ["before-greeting"]


def test_a_greeting_that_changes_its_code_by_itself_is_one_mixed_reply():
    talk = observe("S: 220-mail.test wait a moment\nS: 554 no")
    assert [(r.row, r.last, r.code) for r in replies(talk)] == [(0, 1, 554)]
    assert violations(talk) == ["mixed-codes"]
