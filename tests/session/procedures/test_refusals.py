"""What a server refuses, and how the connection continues; checking recipients without sending."""

from __future__ import annotations

from smtplib import (
    SMTPDataError,
    SMTPHeloError,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)

import pytest
from support.procedure_scripts import ProcedureScript, offers, play

A, B, C = "a@example.org", "b@example.org", "c@example.org"
GREETED = offers()


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


def test_an_empty_list_of_recipients_is_an_error_too():
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


def test_a_server_that_does_not_accept_a_greeting_gets_no_mail():
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
def test_a_server_that_disconnects_anywhere(verb: str):
    script = GREETED
    for each, lines in UP_TO.items():
        script += lines
        if each == verb:
            break
    with pytest.raises(SMTPServerDisconnected):
        play("sendmail", A, B, b"text", script=script)


def test_a_server_that_disconnects_at_rset_changes_nothing_of_the_error():
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
