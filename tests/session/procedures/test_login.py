"""A login tries one mechanism after another until one is accepted (RFC 4954)."""

from __future__ import annotations

import base64
from smtplib import (
    SMTPAuthenticationError,
    SMTPException,
    SMTPHeloError,
    SMTPNotSupportedError,
)
from typing import Any

import pytest
from heloscope.session.errors import AuthGivenUp, CredentialsRefused
from heloscope.session.sasl import mechanisms
from heloscope.session.sasl.mechanisms import Credentials, SaslError
from heloscope.session.sasl.refusal import is_about_mechanism
from heloscope.session.secret import Secret
from support.logins import GREETED, PASSWORD, USER, answers, b64
from support.procedure_scripts import ProcedureScript, offers, play
from support.rows import for_each

# AUTH: one mechanism


# login: one mechanism after the other


PLAIN = b64("\0alice\0wonderland")


def login(script: str, *tried: str, greeted: str = GREETED, in_turn: bool = False) -> Any:
    seen: list[list[str]] = []

    def mechanisms(offered: list[str], _: bool) -> list[tuple[str, Any]]:
        seen.append(offered)
        return [(name, answers(name)) for name in tried]

    talk = ProcedureScript(greeted + script)
    try:
        return talk.run("login", mechanisms, in_turn), talk
    finally:
        assert seen in ([], [["PLAIN", "LOGIN", "CRAM-MD5"]])


def test_the_first_that_succeeds_is_the_last_that_is_tried():
    script = f"""
        C: AUTH CRAM-MD5
        S: 504 not that one
        C: AUTH PLAIN {PLAIN}
        S: 235 welcome
    """
    reply, talk = login(script, "CRAM-MD5", "PLAIN", "LOGIN")
    assert reply == (235, b"welcome")
    assert talk.talk.authenticated


TWICE = f"""
    C: AUTH PLAIN {PLAIN}
    S: 535 no
    C: AUTH LOGIN {b64(USER)}
    S: 334 {b64("Password:")}
    C: {b64(PASSWORD)}
    S: 534 5.7.9 too weak
"""


def test_in_turn_the_error_is_that_of_the_last():
    with pytest.raises(SMTPAuthenticationError) as error:
        login(TWICE, "PLAIN", "LOGIN", in_turn=True)
    assert (error.value.smtp_code, error.value.smtp_error) == (534, b"5.7.9 too weak")


def test_the_same_password_is_not_tried_with_another_mechanism():
    with pytest.raises(CredentialsRefused) as error:
        login(f"C: AUTH PLAIN {PLAIN}\nS: 535 5.7.8 no", "PLAIN", "LOGIN", "CRAM-MD5")
    assert (error.value.smtp_code, error.value.smtp_error) == (535, b"5.7.8 no")
    assert error.value.mechanism == "PLAIN"
    assert error.value.untried == ("LOGIN", "CRAM-MD5")


def test_where_nothing_is_left_to_try_the_refusal_is_that_of_smtplib():
    with pytest.raises(SMTPAuthenticationError) as error:
        login(f"C: AUTH PLAIN {PLAIN}\nS: 535 5.7.8 no", "PLAIN")
    assert type(error.value) is SMTPAuthenticationError


def test_the_reason_for_cancelling_a_login_precedes_the_reply_to_it():
    credentials = Credentials("alice", Secret(PASSWORD.encode()))
    authobject = mechanisms.authobject("SCRAM-SHA-256", credentials, "abc")
    talk = ProcedureScript(
        f"""
        S: 220 ready
        C: AUTH SCRAM-SHA-256 {b64("n,,n=alice,r=abc")}
        S: 334 {b64("r=abcd,s=eHh4eHh4eHg=,i=4096")}
        C: *
        S: 501 cancelled
        """
    )
    with pytest.raises(AuthGivenUp) as error:
        talk.run("auth", "SCRAM-SHA-256", authobject)
    assert str(error.value) == (
        "SCRAM-SHA-256: the server's message is invalid: the 'salt' is 8 bytes long, but it must "
        "be at least 12 bytes long. AUTH was cancelled (501 cancelled)"
    )
    assert (error.value.smtp_code, error.value.smtp_error) == (501, b"cancelled")


@for_each([
        ("504 5.5.4 unrecognized", True), ("504 what?", True), ("534 5.7.9 too weak", True),
        ("538 5.7.11 over TLS only", True), ("432 4.7.12 transition", True),
        ("500 5.5.6 line too long", True), ("501 5.5.2 no base64", True),
        ("535 5.7.9 another kind", True), ("535 5.7.11 over TLS only", True),
        ("535 5.7.8 no", False), ("535 no", False), ("535 5.7.3 failed", False),
        ("535 5.7.139 disabled", False), ("454 4.7.0 later", False), ("530 5.7.0 no", False),
        ("501 5.7.8 no", False), ("554 5.7.0 too many", False), ("550 no", False),
    ])  # fmt: skip
def test_a_refusal_is_about_the_mechanism_or_about_user_name_and_password(
    refusal: str, about_mechanism: bool
):
    code, text = refusal.split(" ", 1)
    assert is_about_mechanism(int(code), text.encode()) is about_mechanism


def test_a_mechanism_that_cannot_carry_the_credentials_is_passed_over():
    def cannot(*challenge: bytes) -> bytes:
        raise SaslError("a NUL in the user name")

    script = GREETED + f"C: AUTH PLAIN {PLAIN}\nS: 235 ok"
    tried = [("LOGIN", cannot), ("PLAIN", answers("PLAIN"))]
    assert play("login", lambda offered, tls: tried, script=script)[0] == 235
    with pytest.raises(SaslError):
        play("login", lambda offered, tls: tried[:1], script=GREETED)


def test_nothing_more_is_sent_to_a_server_that_closes():
    with pytest.raises(SMTPAuthenticationError) as error:
        login(f"C: AUTH PLAIN {PLAIN}\nS: 421 closing", "PLAIN", "LOGIN")
    assert error.value.smtp_code == 421


def test_auth_needs_to_be_offered_and_something_to_try():
    with pytest.raises(SMTPNotSupportedError, match="AUTH"):
        login("", "PLAIN", greeted=offers("SIZE"))
    with pytest.raises(SMTPException, match="No suitable"):
        login("")


@pytest.mark.parametrize("required", [False, True])
def test_where_every_greeting_is_refused_that_is_the_reason_and_not_that_tls_is_not_offered(
    required: bool,
):
    refused = """
        S: 220 ready
        C: EHLO me.example
        S: 550 not you
        C: HELO me.example
        S: 550 5.7.1 not you either
    """
    with pytest.raises(SMTPHeloError) as error:
        play("secure", script=refused, required=required)
    assert (error.value.smtp_code, error.value.smtp_error) == (550, b"5.7.1 not you either")


def test_an_initial_response_that_is_too_long_for_the_command_follows_the_334():
    """A command longer than 512 octets must not have an initial response (RFC 4954 section 4)."""
    fits, long = "x" * 372, "x" * 375
    line = "AUTH XOAUTH2 " + base64.b64encode(fits.encode()).decode()
    assert len(line) + 2 == 511
    play("auth", "XOAUTH2", lambda: fits, script=f"S: 220 x\nC: {line}\nS: 235 ok")
    answer = base64.b64encode(long.encode()).decode()
    script = f"S: 220 x\nC: AUTH XOAUTH2\nS: 334\nC: {answer}\nS: 235 ok"
    assert play("auth", "XOAUTH2", lambda: long, script=script) == (235, b"ok")
