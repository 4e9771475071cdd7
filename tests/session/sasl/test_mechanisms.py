"""SASL for clients: RFC test vectors, third-party servers, smtplib, and hostile servers."""

from __future__ import annotations

import base64
import hashlib
import hmac
import smtplib
import subprocess
import sys
from collections.abc import Callable
from itertools import product

import pytest
from heloscope.session.sasl.mechanisms import (
    Credentials,
    SaslError,
    decoded,
    encoded,
    responder,
)
from heloscope.session.secret import Secret
from hypothesis import given
from hypothesis import strategies as st
from pysasl.creds.external import ExternalVerificationRequired
from pysasl.identity import ClearIdentity
from pysasl.mechanism import ChallengeResponse, ServerChallenge, ServerMechanism
from pysasl.mechanism.crammd5 import CramMD5Mechanism
from pysasl.mechanism.external import ExternalMechanism
from pysasl.mechanism.login import LoginMechanism
from pysasl.mechanism.oauth import OAuth2Mechanism
from pysasl.mechanism.plain import PlainMechanism
from scramp import ScramException, ScramMechanism
from support.rows import for_each

ALICE = Credentials("alice", Secret("wonderland"))
FAILURE = b'{"status":"invalid_token","schemes":"bearer mac","scope":"https://mail.example.com/"}'


def who(user: str, secret: str, **more: str | int) -> Credentials:
    return Credentials(user, Secret(secret), **more)  # pyright: ignore[reportArgumentType]


# The examples of the RFCs


def test_plain_follows_rfc_4616():
    tim = who("tim", "tanstaaftanstaaf")
    assert responder("PLAIN", tim, "")(None) == b"\0tim\0tanstaaftanstaaf"
    kurt = who("Kurt", "xipj3plmq", authzid="Ursel")
    assert responder("PLAIN", kurt, "")(None) == b"Ursel\0Kurt\0xipj3plmq"


def test_cram_md5_answers_the_challenge_of_rfc_2195():
    answer = responder("CRAM-MD5", who("tim", "tanstaaftanstaaf"), "")
    assert answer(None) is None
    challenge = b"<1896.697170952@postoffice.reston.mci.net>"
    assert answer(challenge) == b"tim b913a602c7eda7a495b4e6e7334d3890"


SCRAM_EXAMPLES = [
    pytest.param(
        "SCRAM-SHA-1",
        "fyko+d2lbbFgONRv9qkxdawL",
        b"r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
        b"c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
        b"v=rmF9pqV8S7suAoZWja4dJRkFsKQ=",
        id="RFC 5802",
    ),
    pytest.param(
        "SCRAM-SHA-256",
        "rOprNGfwEbeRWgbNEkqO",
        b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
        b"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
        b"p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
        b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
        id="RFC 7677",
    ),
]


@pytest.mark.parametrize(("name", "nonce", "server_first", "proof", "server_final"), SCRAM_EXAMPLES)
def test_scram_goes_through_the_example_of_its_rfc(
    name: str, nonce: str, server_first: bytes, proof: bytes, server_final: bytes
):
    answer = responder(name, who("user", "pencil"), nonce)
    assert answer(None) == b"n,,n=user,r=" + nonce.encode()
    assert answer(server_first) == proof
    assert answer.proved is False
    assert answer(server_final) == b""
    assert answer.proved is True


def test_oauthbearer_follows_rfc_7628_and_recognises_the_failure():
    token = "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg=="
    user = who("user@example.com", token, host="server.example.com", port=587)
    answer = responder("OAUTHBEARER", user, "")
    assert answer(None) == (
        b"n,a=user@example.com,\x01host=server.example.com\x01port=587\x01"
        b"auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\x01\x01"
    )
    assert answer(FAILURE) == b"\x01"
    assert answer.failure == FAILURE
    with pytest.raises(SaslError):
        answer(FAILURE)


def test_oauthbearer_leaves_out_what_is_not_known_and_escapes_the_user():
    assert responder("OAUTHBEARER", who("", "t0ken"), "")(None) == (
        b"n,,\x01auth=Bearer t0ken\x01\x01"
    )
    said = responder("OAUTHBEARER", who("a,b=c", "t0ken"), "")(None)
    assert said == b"n,a=a=2Cb=3Dc,\x01auth=Bearer t0ken\x01\x01"


def test_xoauth2_answers_a_failure_with_an_empty_line():
    answer = responder("XOAUTH2", who("someuser@example.com", "ya29.vF9dft4qmTc2Nvb3Rlcg"), "")
    assert answer(None) == (
        b"user=someuser@example.com\x01auth=Bearer ya29.vF9dft4qmTc2Nvb3Rlcg\x01\x01"
    )
    assert answer(FAILURE) == b""
    assert answer.failure == FAILURE


def test_anonymous_leaves_a_trace_and_external_its_wish():
    assert responder("ANONYMOUS", who("sirhc", ""), "")(None) == b"sirhc"
    assert responder("EXTERNAL", ALICE, "")(None) == b""
    fred = who("", "", authzid="fred@example.com")
    assert responder("EXTERNAL", fred, "")(None) == b"fred@example.com"
    with pytest.raises(SaslError, match="255 characters"):
        responder("ANONYMOUS", who("x" * 256, ""), "")


# Against servers


def logs_in(server: ServerMechanism, answer: Callable[[bytes | None], bytes | None], initial: bool):
    """Return the credentials that pysasl's server has received at the end of an exchange."""
    heard: list[ChallengeResponse] = []
    first = answer(None) if initial else None
    if first is not None:
        heard.append(ChallengeResponse(b"", first))
    while True:
        try:
            return server.server_attempt(heard)[0]
        except ServerChallenge as asks:
            said = answer(asks.data)
            assert said is not None
            heard.append(ChallengeResponse(asks.data, said))


@for_each(
    product(
        [PlainMechanism(), LoginMechanism(), CramMD5Mechanism()],
        [True, False],
        ["wonderland", "päßwört", "秘密", "a b=,c"],
    )
)
def test_pysasls_server_lets_the_right_password_in(
    server: ServerMechanism, initial: bool, password: str
):
    name = server.name.decode()
    answer = responder(name, who("alice", password), "")
    assert logs_in(server, answer, initial).verify(ClearIdentity("alice", password))
    answer = responder(name, who("alice", password + "x"), "")
    assert not logs_in(server, answer, initial).verify(ClearIdentity("alice", password))


@pytest.mark.parametrize("initial", [True, False])
def test_pysasls_server_receives_token_and_name(initial: bool):
    heard = logs_in(OAuth2Mechanism(), responder("XOAUTH2", who("alice", "t0ken"), ""), initial)
    assert heard.authzid == "alice"
    with pytest.raises(ExternalVerificationRequired) as to_verify:
        heard.verify(None)
    assert to_verify.value.token == "t0ken"
    wish = who("", "", authzid="fred")
    heard = logs_in(ExternalMechanism(), responder("EXTERNAL", wish, ""), initial)
    assert heard.authzid == "fred"


@for_each(
    (name, *row)
    for name in ["SCRAM-SHA-1", "SCRAM-SHA-256"]
    for row in [
        ("alice", "wonderland"),
        ("a,l=i,ce", "x=y,z"),
        ("ålice", "päßwört"),
        ("x", "IX \u2168"),
    ]
)
def test_scramps_server_lets_the_right_password_in_and_proves_itself(
    name: str, user: str, password: str
):
    mechanism = ScramMechanism(name)
    stored = mechanism.make_auth_info(password)

    def try_with(said: str):
        server = mechanism.make_server({user: stored}.get)
        answer = responder(name, who(user, said), "fyko+d2lbbFgONRv9qkxdawL")
        server.set_client_first((answer(None) or b"").decode())
        server.set_client_final((answer(server.get_server_first().encode()) or b"").decode())
        assert answer(server.get_server_final().encode()) == b""
        return answer

    assert try_with(password).proved
    with pytest.raises(ScramException):
        try_with(password + "x")


def test_scram_can_ask_to_act_as_another_user():
    nonce, salt = "abcdef", b"sixteen byte salt"
    answer = responder("SCRAM-SHA-256", who("alice", "wonderland", authzid="b,ob"), nonce)
    first = answer(None) or b""
    assert first == b"n,a=b=2Cob,n=alice,r=abcdef"
    server_first = b"r=abcdefXYZ,s=" + base64.b64encode(salt) + b",i=4096"
    final = answer(server_first) or b""
    bare, _, proof = final.rpartition(b",p=")
    header = base64.b64encode(b"n,a=b=2Cob,")
    assert bare == b"c=" + header + b",r=abcdefXYZ"
    # RFC 5802 section 3, in the words of the RFC
    salted = hashlib.pbkdf2_hmac("sha256", b"wonderland", salt, 4096)
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    message = b"n=alice,r=abcdef," + server_first + b"," + bare
    signature = hmac.digest(hashlib.sha256(client_key).digest(), message, "sha256")
    assert base64.b64decode(proof) == bytes(
        a ^ b for a, b in zip(client_key, signature, strict=True)
    )
    server_key = hmac.digest(salted, b"Server Key", "sha256")
    assert answer(b"v=" + base64.b64encode(hmac.digest(server_key, message, "sha256"))) == b""


# Against smtplib


@pytest.mark.parametrize("name", ["PLAIN", "LOGIN", "CRAM-MD5"])
@pytest.mark.parametrize("initial", [True, False])
@given(
    user=st.text(st.characters(codec="ascii", exclude_characters="\0"), max_size=20),
    password=st.text(st.characters(codec="ascii", exclude_characters="\0"), max_size=20),
    challenge=st.binary(min_size=1).filter(lambda said: b"user" not in said.lower()),
)
def test_what_is_sent_is_what_smtplib_sends(
    name: str, initial: bool, user: str, password: str, challenge: bytes
):
    theirs = smtplib.SMTP()
    theirs.user, theirs.password = user, password
    say = getattr(theirs, "auth_" + name.lower().replace("-", "_"))
    ours = responder(name, who(user, password), "")
    count, expected, said = 0, [], []
    if initial:
        expected.append(say())
        said.append(ours(None))
        count = 0 if expected[0] is None else 1
    rounds = {"PLAIN": 1, "LOGIN": 2, "CRAM-MD5": 1}[name]
    while count < rounds:
        count += 1
        theirs._auth_challenge_count = count  # pyright: ignore[reportAttributeAccessIssue]
        expected.append(say(challenge))
        said.append(ours(challenge))
    assert said == [None if text is None else text.encode() for text in expected]


# Base64 around it


def test_an_empty_response_is_an_equals_sign_in_the_auth_line_only():
    assert encoded(b"", initial=True) == b"="
    assert encoded(b"") == b""
    assert encoded(b"\0a\0b", initial=True) == b"AGEAYg=="


def test_a_challenge_that_is_not_base64_is_refused_in_words():
    assert decoded(b"VXNlcm5hbWU6\r\n") == b"Username:"
    assert decoded(b"") == b""
    for text in (b"go on", b"VXNlcm5hbWU", b"\xff\xfe", b"===="):
        with pytest.raises(SaslError, match="not base64"):
            decoded(text)


def test_the_libraries_are_imported_at_the_first_login_and_not_before():
    program = (
        "import sys; from heloscope.session.sasl import mechanisms as sasl\n"
        "from heloscope.session.secret import *\n"
        "print({'pysasl', 'scramp'} & sys.modules.keys())\n"
        "sasl.responder('LOGIN', sasl.Credentials('a', Secret('b')), 'c')\n"
        "sasl.responder('PLAIN', sasl.Credentials('a', Secret('b')), 'c')\n"
        "print({'pysasl', 'scramp'} & sys.modules.keys())"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert run.stdout.splitlines() == ["set()", "{'pysasl'}"]
