"""STARTTLS (RFC 3207) and AUTH (RFC 4954), as conversations."""

from __future__ import annotations

import base64
from itertools import product
from smtplib import (
    SMTPAuthenticationError,
    SMTPException,
    SMTPNotSupportedError,
    SMTPResponseException,
    SMTPServerDisconnected,
)
from typing import Any

import pytest
from heloscope.session.errors import ConnectionLost
from heloscope.session.sasl.mechanisms import SPOKEN, Credentials, SaslError, authobject
from heloscope.session.secret import Secret
from support.logins import GREETED, PASSWORD, USER, answers, b64
from support.procedure_scripts import ProcedureScript, offers, play
from support.rows import for_each

# STARTTLS


def test_starttls_forgets_all_that_was_learnt_before():
    talk = ProcedureScript(GREETED + "C: STARTTLS\nS: 220 go on")
    assert talk.run("starttls") == (220, b"go on")
    session = talk.session
    assert session.tls
    assert session.ehlo_resp is None
    assert session.helo_resp is None
    assert not session.does_esmtp
    assert not session.has_extn("auth")
    assert dict(session.esmtp_features) == {}


def test_after_starttls_the_server_is_greeted_again():
    talk = ProcedureScript(
        GREETED
        + """
        C: STARTTLS
        S: 220 go on
        C: EHLO me.example
        S: 250-server
        S: 250 SIZE
        """
    ).greet()
    talk._run("starttls", (), {})
    talk.run("ehlo_or_helo_if_needed")
    assert talk.session.has_extn("size")
    assert not talk.session.has_extn("starttls")


def test_starttls_needs_to_be_offered():
    with pytest.raises(SMTPNotSupportedError, match="STARTTLS"):
        play("starttls", script=offers("SIZE"))
    with pytest.raises(SMTPNotSupportedError):
        play(
            "starttls",
            script="""
            S: 220 ready
            C: EHLO me.example
            S: 502 what
            C: HELO me.example
            S: 250 old
            """,
        )


@for_each([250, 421, 454, 501, 502, 554])
def test_refused_starttls_is_an_error_and_the_conversation_continues_in_cleartext(code: int):
    talk = ProcedureScript(GREETED + f"C: STARTTLS\nS: {code} not now")
    with pytest.raises(SMTPResponseException) as error:
        talk.run("starttls")
    assert (error.value.smtp_code, error.value.smtp_error) == (code, b"not now")
    assert not talk.session.tls
    assert talk.session.has_extn("auth")


def test_a_server_that_disconnects_at_starttls():
    with pytest.raises(SMTPServerDisconnected):
        play("starttls", script=GREETED + "C: STARTTLS")


# EHLO, STARTTLS, EHLO in one

IN_TLS = """
    C: STARTTLS
    S: 220 go on
    C: EHLO me.example
    S: 250-server
    S: 250 SIZE
"""


@pytest.mark.parametrize("required", [False, True])
def test_where_starttls_is_offered_secure_ends_greeted_in_tls(required: bool):
    talk = ProcedureScript(GREETED + IN_TLS)
    assert talk.run("secure", required=required) == (250, b"server\nSIZE")
    assert talk.session.tls
    assert talk.session.has_extn("size")
    assert not talk.session.has_extn("starttls")


def test_where_it_is_not_offered_secure_continues_in_cleartext_unless_it_is_required():
    talk = ProcedureScript(offers("SIZE"))
    assert talk.run("secure") == (250, b"server\nSIZE")
    assert not talk.session.tls
    with pytest.raises(SMTPNotSupportedError, match="STARTTLS"):
        play("secure", script=offers("SIZE"), required=True)


def test_a_refusal_is_an_error_only_where_tls_is_required():
    refused = GREETED + "C: STARTTLS\nS: 454 not now"
    assert play("secure", script=refused)[0] == 250
    with pytest.raises(SMTPResponseException) as error:
        play("secure", script=refused, required=True)
    assert (error.value.smtp_code, error.value.smtp_error) == (454, b"not now")


def test_an_old_server_is_greeted_with_helo_and_has_no_tls():
    old = """
        S: 220 ready
        C: EHLO me.example
        S: 502 what
        C: HELO me.example
        S: 250 old
    """
    assert play("secure", script=old) == (250, b"old")
    with pytest.raises(SMTPNotSupportedError):
        play("secure", script=old, required=True)


def test_in_tls_already_secure_is_the_greeting_alone():
    talk = ProcedureScript(GREETED + IN_TLS + "C: EHLO me.example\nS: 250 server").greet()
    talk._run("starttls", (), {})
    talk._run("ehlo_or_helo_if_needed", (), {})
    assert talk.run("secure", required=True) == (250, b"server")


# AUTH: one mechanism


def auth(script: str, mechanism: str = "PLAIN", answer: Any = None, **how: Any) -> Any:
    return play("auth", mechanism, answer or answers(mechanism), script=READY + script, **how)


READY = "S: 220 ready\n"
PLAIN = b64("\0alice\0wonderland")


def test_plain_with_an_initial_response():
    assert auth(f"C: AUTH PLAIN {PLAIN}\nS: 235 welcome") == (235, b"welcome")


def test_plain_without_an_initial_response():
    script = f"C: AUTH PLAIN\nS: 334\nC: {PLAIN}\nS: 235 welcome"
    assert auth(script, initial_response_ok=False) == (235, b"welcome")


def test_plain_to_a_server_that_does_not_accept_an_initial_response():
    script = f"C: AUTH PLAIN {PLAIN}\nS: 334 \nC: {PLAIN}\nS: 235 welcome"
    assert auth(script) == (235, b"welcome")


@pytest.mark.parametrize("initial", [True, False])
def test_login_in_two_answers(initial: bool):
    first = (
        f"C: AUTH LOGIN {b64(USER)}\n"
        if initial
        else (f"C: AUTH LOGIN\nS: 334 {b64('Username:')}\nC: {b64(USER)}\n")
    )
    script = first + f"S: 334 {b64('Password:')}\nC: {b64(PASSWORD)}\nS: 235 ok"
    assert auth(script, "LOGIN", initial_response_ok=initial)[0] == 235


def test_cram_md5_answers_the_challenge_of_rfc_2195():
    challenge = b64("<1896.697170952@postoffice.reston.mci.net>")
    who = Credentials("tim", Secret("tanstaaftanstaaf"))
    digest = b64("tim b913a602c7eda7a495b4e6e7334d3890")
    script = f"C: AUTH CRAM-MD5\nS: 334 {challenge}\nC: {digest}\nS: 235 ok"
    assert auth(script, "cram-md5", authobject("CRAM-MD5", who, ""))[0] == 235


def test_scram_sha_256_as_in_rfc_7677():
    who = Credentials("user", Secret("pencil"))
    answer = authobject("SCRAM-SHA-256", who, "rOprNGfwEbeRWgbNEkqO")
    first = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
    final = f"c=biws,{first},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
    script = f"""
        C: AUTH SCRAM-SHA-256 {b64("n,,n=user,r=rOprNGfwEbeRWgbNEkqO")}
        S: 334 {b64(first + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")}
        C: {b64(final)}
        S: 334 {b64("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")}
        C:
        S: 235 ok
    """
    assert auth(script, "SCRAM-SHA-256", answer)[0] == 235


def test_scram_cancels_auth_if_the_server_proves_nothing():
    who = Credentials("user", Secret("pencil"))
    answer = authobject("SCRAM-SHA-256", who, "rOprNGfwEbeRWgbNEkqO")
    script = f"""
        C: AUTH SCRAM-SHA-256 {b64("n,,n=user,r=rOprNGfwEbeRWgbNEkqO")}
        S: 334 {b64("r=another,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")}
        C: *
        S: 501 cancelled
    """
    with pytest.raises(SMTPAuthenticationError) as error:
        auth(script, "SCRAM-SHA-256", answer)
    assert isinstance(error.value.__cause__, SaslError)


@pytest.mark.parametrize("mechanism", ["XOAUTH2", "OAUTHBEARER"])
def test_a_token_that_is_refused_with_a_reason(mechanism: str):
    answer = answers(mechanism)
    first = b64(answers(mechanism)())
    form = "" if mechanism == "XOAUTH2" else b64(b"\x01")
    script = f"""
        C: AUTH {mechanism} {first}
        S: 334 {b64('{"status":"401"}')}
        C: {form}
        S: 535 5.7.8 refused
    """
    with pytest.raises(SMTPAuthenticationError) as error:
        auth(script, mechanism, answer)
    assert error.value.smtp_code == 535


@pytest.mark.parametrize("mechanism", ["EXTERNAL", "ANONYMOUS"])
def test_mechanisms_without_a_secret(mechanism: str):
    first = {"EXTERNAL": "=", "ANONYMOUS": b64(USER)}[mechanism]
    assert auth(f"C: AUTH {mechanism} {first}\nS: 235 ok", mechanism)[0] == 235


def test_an_empty_initial_response_is_an_equals_sign():
    assert auth("C: AUTH X =\nS: 235 ok", "x", lambda *challenge: b"")[0] == 235


@for_each(product(SPOKEN, [432, 454, 500, 501, 504, 534, 535, 538, 421, 250]))
def test_every_refusal_is_an_error_with_its_reply(mechanism: str, code: int):
    initial = answers(mechanism)()
    begin = f"C: AUTH {mechanism}"
    if initial is not None:
        begin += f" {b64(initial) or '='}"
    with pytest.raises(SMTPAuthenticationError) as error:
        auth(f"{begin}\nS: {code} 5.7.8 said", mechanism)
    assert (error.value.smtp_code, error.value.smtp_error) == (code, b"5.7.8 said")


def test_a_503_means_already_logged_in():
    assert auth(f"C: AUTH PLAIN {PLAIN}\nS: 503 already") == (503, b"already")


@for_each(["????", "YQ", "Y Q==", "YQ==YQ==", "é"])
def test_a_challenge_that_is_not_base64_is_answered_with_a_star(challenge: str):
    script = f"C: AUTH PLAIN\nS: 334 {challenge}\nC: *\nS: 501 cancelled"
    with pytest.raises(SMTPAuthenticationError) as error:
        auth(script, initial_response_ok=False)
    assert error.value.smtp_code == 501
    assert isinstance(error.value.__cause__, SaslError)


def test_an_empty_challenge_is_an_empty_challenge():
    heard: list[bytes] = []

    def answer(*challenge: bytes) -> str | None:
        heard.extend(challenge)
        return "said" if challenge else None

    assert auth(f"C: AUTH X\nS: 334\nC: {b64('said')}\nS: 235 ok", "X", answer)[0] == 235
    assert heard == [b""]


def test_a_callback_that_returns_none_cancels_auth():
    with pytest.raises(SMTPAuthenticationError) as error:
        auth("C: AUTH X\nS: 334\nC: *\nS: 501 cancelled", "X", lambda *challenge: None)
    assert error.value.__cause__ is None


def test_an_error_of_the_caller_cancels_auth_and_is_then_raised():
    def answer(*challenge: bytes) -> bytes | None:
        if challenge:
            raise ZeroDivisionError
        return None

    with pytest.raises(ZeroDivisionError):
        auth("C: AUTH X\nS: 334\nC: *\nS: 501 cancelled", "X", answer)
    with pytest.raises(UnicodeEncodeError):
        auth("", "X", lambda *challenge: "ü")


@pytest.mark.parametrize("words", ["ntlm supported", "NTLM supported", "TlRMTSBzdXBwb3J0ZWQ=", ""])
def test_words_that_let_ntlm_begin_are_not_a_broken_challenge(words: str):
    heard: list[bytes] = []

    def answer(*challenge: bytes) -> bytes | None:
        heard.extend(challenge)
        return b"type 1" if len(heard) == 1 else b"type 3"

    script = f"""
        C: AUTH NTLM
        S: 334 {words}
        C: {b64("type 1")}
        S: 334 {b64("type 2")}
        C: {b64("type 3")}
        S: 235 welcome
    """
    assert auth(script, "NTLM", answer, initial_response_ok=False) == (235, b"welcome")
    assert heard == [base64.b64decode(words) if words.endswith("=") else b"", b"type 2"]


def test_words_after_the_first_message_of_ntlm_are_a_broken_challenge():
    script = f"C: AUTH NTLM {b64('type 1')}\nS: 334 ntlm supported\nC: *\nS: 501 cancelled"
    with pytest.raises(SMTPAuthenticationError):
        auth(script, "NTLM", lambda *challenge: b"type 1")


def test_a_server_that_keeps_asking_is_told_to_stop():
    script = "C: AUTH X\n" + "S: 334 YQ==\nC: Yg==\n" * 5 + "S: 334 YQ==\nC: *\nS: 501 well"
    with pytest.raises(SMTPException, match="infinite loop"):
        auth(script, "X", lambda *challenge: b"b" if challenge else None)


@pytest.mark.parametrize("after", ["C: AUTH LOGIN", "S: 334 dXNlcg==\nC: YWxpY2U="])
def test_a_server_that_disconnects_in_the_middle(after: str):
    script = "C: AUTH LOGIN\n" if after.startswith("S") else ""
    with pytest.raises(ConnectionLost):
        auth(script + after, "LOGIN", initial_response_ok=False)
