"""Failures in a conversation (refusals, lost connections, errors in a log) are found in order."""

from __future__ import annotations

import pytest
from heloscope.app.explain.failures import Failure, failures
from heloscope.session.events import Cause, Disconnected, Note, TlsFailed
from heloscope.session.foreign.entries import ENCRYPTED_FROM_HERE, OMITTED
from heloscope.session.protocol.conversation import Conversation
from support.rows import for_each
from support.scripts import OPENED, observe


def told(talk: str | Conversation) -> list[tuple[int, str, str]]:
    """Return the line number, what the client had sent, and the title of each failure."""
    found = failures((observe(talk) if isinstance(talk, str) else talk).transcript)
    return [(each.line, each.said, each.title) for each in found]


def ended(text: str, cause: Cause = Cause.CLOSED_BY_SERVER) -> Conversation:
    talk = observe(text)
    talk.note(Disconnected(99.0, cause))
    return talk


def test_each_refusal_is_told_with_the_line_that_it_answers():
    talk = OPENED + "C: MAIL FROM:<a@b.example>\nS: 250 ok\nC: RCPT TO:<x@y.example>\n"
    talk += "S: 550 5.1.1 no such user\nC: DATA\nS: 554 5.5.1 no valid recipients\n"
    assert told(talk) == [
        (8, "RCPT TO:<x@y.example>", "refused permanently: no such user"),
        (10, "DATA", "refused permanently: a recipient must come first"),
    ]


def test_all_lines_of_a_reply_are_shown():
    (found,) = failures(observe(OPENED + "C: FROB\nS: 500-one\nS: 500 two").transcript)
    assert found.reply == ("500-one", "500 two")
    assert found.means
    assert "RFC 5321" in " ".join(found.sources)


def test_a_refused_message_and_a_refused_login():
    talk = OPENED + "C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: YQ==\nS: 535 5.7.8 wrong\n"
    assert told(talk)[0][:2] == (8, "an AUTH response")
    talk = "S: 220 x\nC: DATA\nS: 354 go\nC: x\nC: .\nS: 554 5.7.1 spam\n"
    assert told(talk)[0][:2] == (6, "the end of the message")


def test_where_nothing_was_refused_nothing_is_told():
    assert told(ended(OPENED + "C: QUIT\nS: 221 bye")) == []
    assert told(ended(OPENED + "C: NOOP\nS: 250 ok", Cause.CLOSED_BY_CLIENT)) == []


@for_each([
        (ended(OPENED + "C: NOOP\nS: 250 ok"), [(6, "", "the server closed the connection")]),
        (ended(OPENED + "C: NOOP"), [(5, "NOOP", "the server closed the connection")]),
        (ended(OPENED + "C: NOOP", Cause.RESET), [(5, "NOOP", "reset")]),
        (observe(OPENED + "C: NOOP"), [(5, "NOOP", "no reply")]),
        (ended("S: 421 4.3.2 closing"),
         [(1, "", "refused temporarily, and the connection is closed")]),
    ])  # fmt: skip
def test_a_connection_that_was_lost(talk: Conversation, wanted: list[tuple[int, str, str]]):
    found = told(talk)
    assert [each[:2] for each in found] == [each[:2] for each in wanted]
    assert len(found) == 1


def test_a_handshake_that_failed_and_an_error_of_a_log():
    talk = observe("S: 220 x\nC: STARTTLS\nS: 220 go")
    talk.note(TlsFailed(3.0, "expired", "The certificate has expired."))
    talk.note(Note(4.0, "error", "curl: (6) Could not resolve host: mx.example"))
    expired, unknown = failures(talk.transcript)
    assert expired.means.startswith("The certificate has expired. A certificate is valid for")
    assert unknown.title == "no connection: the server's name was not found"
    assert unknown.log == ("curl: (6) Could not resolve host: mx.example",)


def test_what_a_log_says_of_a_failure_again_is_no_other_failure():
    talk = observe(OPENED + "C: RCPT TO:<x@y.example>\nS: 550 5.1.1 No such mailbox")
    talk.note(Note(4.0, "error", "SMTP ERROR: RCPT TO command failed: 550 5.1.1 No such mailbox"))
    talk.note(Note(4.0, "error", "SMTP Error: Could not send."))
    observe("C: QUIT\nS: 221 bye", talk)
    talk.note(Note(5.0, "error", "SMTP Error: Could not send."))
    talk.note(Note(5.0, "error", "smtplib.SMTPRecipientsRefused: {'x': (550, b'No such mailbox')}"))
    (refused,) = failures(talk.transcript)
    assert (refused.line, refused.log) == (6, ("SMTP Error: Could not send.",))


def test_a_reply_that_only_an_exception_quotes_is_explained():
    talk = observe(OPENED)
    raised = "javax.mail.AuthenticationFailedException: 535 5.7.8 authentication failed"
    talk.note(Note(4.0, "error", raised))
    (refused,) = failures(talk.transcript)
    assert refused.reply == ("535 5.7.8 authentication failed",)
    assert refused.title == "refused: the user name or password is wrong"
    assert refused.log == (raised,)


def test_the_cause_of_an_error_is_told_once_with_all_that_the_log_says_of_it():
    talk = observe("S: 220 x\nC: STARTTLS\nS: 220 go")
    talk.note(Note(4.0, "error", "TLS could not be started"))
    talk.note(Note(4.0, "error", "error:0A000086:SSL routines::certificate verify failed"))
    talk.note(Note(4.0, "error", "Could not connect: certificate verify failed"))
    talk.note(Note(4.0, "error", "Giving up"))
    (failed,) = failures(talk.transcript)
    assert failed.title == "TLS failed: the client does not accept the server's certificate"
    assert [line[:9] for line in failed.log] == ["TLS could", "error:0A0", "Giving up"]


def test_a_handshake_that_failed_is_told_once_also_where_it_ended_the_connection():
    talk = observe("S: 220 x\nC: STARTTLS\nS: 220 go")
    talk.note(TlsFailed(3.0, "expired", "The certificate has expired."))
    talk.note(Disconnected(4.0, Cause.TLS_FAILED, "The certificate has expired."))
    assert told(talk) == [(3, "", "TLS failed")]


def test_a_handshake_that_failed_comes_with_its_meaning_and_what_to_try():
    talk = observe("S: 220 x\nC: STARTTLS\nS: 220 go")
    talk.note(TlsFailed(3.0, "server-fault", "x aborted the handshake: internal error."))
    (found,) = failures(talk.transcript)
    assert found.means.startswith("x aborted the handshake: internal error. The server reports")
    assert found.try_next.startswith("Check the server's log")


def test_a_log_that_begins_in_the_middle_has_no_greeting_that_refuses():
    talk = "S: 550 5.1.1 <b@y.example>: User unknown"
    assert told(talk) == [(1, "", "refused permanently: no such user")]


def test_secrets_and_names_are_masked_in_all_of_it():
    talk = Conversation()
    talk.transcript.secrets.add(b"wonderland")
    talk.transcript.secrets.hide_names(True)
    observe(OPENED + "C: RCPT TO:<x@y.example>\nS: 550 5.1.1 wonderland x@y.example", talk)
    talk.note(Note(4.0, "error", "wonderland was wrong for x@y.example"))
    (refused,) = failures(talk.transcript)
    assert len(refused.log) == 1
    shown = " ".join(map(str, refused))
    assert "wonderland" not in shown
    assert "y.example" not in shown


def test_json_has_the_parts_of_the_explanation():
    assert Failure(3, "RCPT", ("550 x",), "title", "means").as_json() == {
        "line": 3, "after": "RCPT", "reply": ["550 x"], "title": "title", "means": "means",
        "causes": "", "try": "", "family": "", "sources": [], "log": [],
        "log_more": 0, "about": "", "times": 1, "last_line": 3,
    }  # fmt: skip


def test_no_more_is_explained_than_is_told(monkeypatch: pytest.MonkeyPatch):
    from heloscope.app.explain import failures as module
    from heloscope.session.facts.explain.reading import explain

    explained: list[object] = []
    monkeypatch.setattr(module, "MOST", 3)
    monkeypatch.setattr(
        module, "explain", lambda *given: explained.append(given) or explain(*given)
    )
    talk = observe("S: 220 hi\nC: EHLO me\n" + "S: 999 what\n" * 9)
    found = failures(talk.transcript)
    assert [each.reply for each in found] == [("999 what",)] * 3 + [()]
    assert found[-1].title == "6 more are not explained"
    assert len(explained) == 3


# A log that says much


def test_of_what_a_log_says_of_one_failure_the_first_lines_are_told():
    talk = observe(OPENED + "C: NOOP\nS: 421 closing")
    for number in range(50):
        talk.note(Note(9.0, "error", f"the program says {number}"))
    (found,) = failures(talk.transcript)
    assert found.log[:2] == ("the program says 0", "the program says 1")
    assert (len(found.log), found.log_more) == (20, 30)


def test_what_is_beyond_the_most_failures_is_counted():
    talk = observe(OPENED + "C: FROB\nS: 500 what?\n" * 203)
    found = failures(talk.transcript)
    assert len(found) == 201
    assert found[-1].title == "3 more are not explained"


def test_whether_the_client_said_quit_is_not_known_where_the_rest_is_encrypted():
    talk = observe("S: 220 x.example ESMTP\nC: STARTTLS\nS: 220 go\n")
    talk.note(Note(98.0, OMITTED, ENCRYPTED_FROM_HERE))
    talk.note(Disconnected(99.0, Cause.CLOSED_BY_SERVER))
    assert told(talk) == []
    clear = ended("S: 220 x.example ESMTP\nC: STARTTLS\nS: 220 go\n")
    assert told(clear) == [(3, "", "the server closed the connection")]
