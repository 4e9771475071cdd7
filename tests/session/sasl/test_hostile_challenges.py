"""Faulty servers and credentials cause a SaslError with an explanation, and no leak."""

from __future__ import annotations

import base64
import traceback

import pytest
from heloscope.session.sasl.mechanisms import SPOKEN, Credentials, SaslError, responder
from heloscope.session.secret import Secret
from hypothesis import given
from hypothesis import strategies as st
from support.rows import for_each

ALICE = Credentials("alice", Secret("wonderland"))


@for_each(["PLAIN", "LOGIN", "SCRAM-SHA-256", "XOAUTH2", "EXTERNAL"])
def test_a_server_that_does_not_accept_an_initial_response_gets_it_once_more(name: str):
    answer = responder(name, ALICE, "abc")
    first = answer(None)
    assert answer(b"") == first


def test_login_sends_the_user_again_to_a_server_that_asks_for_it_again():
    answer = responder("LOGIN", ALICE, "")
    assert answer(None) == b"alice"
    assert answer(b"User Name\0") == b"alice"
    assert answer(b"Password\0") == b"wonderland"
    with pytest.raises(SaslError, match="ends after 2 responses"):
        answer(b"Password\0")


def test_the_password_is_not_sent_to_a_superfluous_challenge():
    for name, challenges in (("PLAIN", 1), ("CRAM-MD5", 1), ("ANONYMOUS", 1), ("EXTERNAL", 1)):
        answer = responder(name, ALICE, "")
        for _ in range(challenges):
            answer(b"x")
        with pytest.raises(SaslError, match="asks for more"):
            answer(b"x")


SALT = "c2l4dGVlbiBieXRlIHNhbHQ="


@for_each(
    [
        (f"r=zzz,s={SALT},i=4096", "nonce does not begin with the client's"),
        (f"r=abc,s={SALT},i=4096", "did not add its own part"),
        (f"r=abcd,s={SALT},i=1", "must not be < 4096"),
        (f"r=abcd,s={SALT},i=9999999", "9,999,999 iterations"),
        (f"r=abcd,s={SALT},i=99999999999", "must not be >"),
        ("r=abcd,s=eA==,i=4096", "salt"),
        ("r=abcd,s=###,i=4096", "base 64"),
        ("r=abcd", "is invalid"),
        (f"m=x,r=abcd,s={SALT},i=4096", "isn't supported"),
        ("e=unknown-user", "reports an error: unknown-user"),
        ("e=no\x1b[2Jgood", r"error: no\\x1b\[2Jgood"),
        ("", "is invalid"),
    ]
)
def test_a_false_first_message_of_scram_is_refused_with_the_reason(said: str, why: str):
    answer = responder("SCRAM-SHA-256", ALICE, "abc")
    answer(None)
    if not said:
        answer(b"")  # taken for "no initial response, please" once
    with pytest.raises(SaslError, match=why):
        answer(said.encode())


@for_each(
    [
        ("v=" + base64.b64encode(bytes(32)).decode(), "signature is invalid"),
        ("v=eA==", "signature is invalid"),
        ("e=invalid-proof", "reports an error: invalid-proof"),
        ("e=something-new", "reports an error: something-new"),
        ("", "is invalid"),
        ("v=#", "base 64"),
    ]
)
def test_a_false_last_message_of_scram_is_refused_and_nothing_is_proved(said: str, why: str):
    answer = responder("SCRAM-SHA-256", ALICE, "abc")
    answer(None)
    answer(f"r=abcd,s={SALT},i=4096".encode())
    with pytest.raises(SaslError, match=why):
        answer(said.encode())
    assert answer.proved is False


@pytest.mark.parametrize("name", sorted(SPOKEN))
@given(
    initial=st.booleans(),
    challenges=st.lists(
        st.binary(max_size=40)
        | st.text(max_size=40).map(str.encode)
        | st.sampled_from([b"", b"r=abcd,s=c2l4dGVlbiBieXRlIHNhbHQ=,i=4096", b"v=eA==", b"e=x"])
        | st.builds(
            lambda r, s, i: f"r={r},s={s},i={i}".encode(),
            st.text(max_size=8) | st.just("abcd"),
            st.text(max_size=8) | st.just(SALT),
            st.text(max_size=8) | st.integers(max_value=5000).map(str),
        ),
        max_size=6,
    ),
)
def test_no_challenge_raises_anything_but_a_sasl_error_and_none_continues_for_ever(
    name: str, initial: bool, challenges: list[bytes]
):
    answer = responder(name, ALICE, "abc")
    if initial:
        answer(None)
    answered = 0
    for challenge in challenges:
        try:
            said = answer(challenge)
        except SaslError as error:
            assert str(error).isprintable()
            assert "wonderland" not in str(error)
            break
        assert isinstance(said, bytes)
        answered += 1
    assert answered <= 4


@pytest.mark.parametrize("name", sorted(SPOKEN))
@given(
    user=st.text(max_size=8),
    secret=st.binary(max_size=8) | st.text(max_size=8).map(lambda s: s.encode("utf-8", "replace")),
    authzid=st.text(max_size=4),
    nonce=st.text(max_size=4),
)
def test_whatever_the_credentials_are_they_are_sent_or_refused(
    name: str, user: str, secret: bytes, authzid: str, nonce: str
):
    try:
        answer = responder(name, Credentials(user, Secret(secret), authzid), nonce)
        first = answer(None)
        assert first is None or isinstance(first, bytes)
    except SaslError:
        pass


# Nothing gives the secret away


@for_each(sorted(SPOKEN))
def test_nothing_shows_the_secret_by_accident(name: str):
    answer = responder(name, ALICE, "abc")
    answer(None)
    for thing in (ALICE, answer, [ALICE, answer]):
        assert "wonderland" not in f"{thing!r} {thing!s}"


@for_each(
    [
        ("PLAIN", b"wonderland\xff"),
        ("PLAIN", b"wonder\0land"),
        ("SCRAM-SHA-256", b"wonderland\xff"),
        ("SCRAM-SHA-256", b"wonder\0land"),
        ("SCRAM-SHA-256", "wonderland😀".encode()),
        ("XOAUTH2", b"wonderland\xff"),
        ("XOAUTH2", b"wonder\x01land"),
        ("OAUTHBEARER", b"wonderland\xff"),
        ("OAUTHBEARER", b"wonder\x01land"),
    ]
)
def test_a_refused_secret_is_not_in_the_error(name: str, secret: bytes):
    with pytest.raises(SaslError) as caught:
        responder(name, Credentials("alice", Secret(secret)), "abc")
    assert "wonder" not in "".join(traceback.format_exception(caught.value))
    around: BaseException | None = caught.value
    while around is not None:
        assert "wonder" not in f"{around!r} {around.args!r} {vars(around)!r}"
        assert not isinstance(around, UnicodeDecodeError)  # keeps the whole of what it read
        around = around.__context__


def test_a_mechanism_that_cannot_act_for_another_says_so():
    for name in ("LOGIN", "CRAM-MD5", "XOAUTH2"):
        with pytest.raises(SaslError, match="act as another user"):
            responder(name, Credentials("alice", Secret("wonderland"), "bob"), "")
        responder(name, Credentials("alice", Secret("wonderland"), "alice"), "")


def test_an_unknown_mechanism_is_named_safely():
    with pytest.raises(SaslError, match=r"cannot log in with X\\x1b\[2J"):
        responder("X\x1b[2J", ALICE, "")


def test_the_same_nonce_gives_the_same_exchange_again():
    server_first = f"r=abcd,s={SALT},i=4096".encode()
    one, two = (responder("scram-sha-256", ALICE, "abc") for _ in range(2))
    assert (one(None), one(server_first)) == (two(None), two(server_first))
