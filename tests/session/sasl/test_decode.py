"""The messages of AUTH, decoded for the reader: their parts, their meanings, and no secret."""

from __future__ import annotations

import base64
from itertools import product

import pytest
from heloscope.session.facts.mechanisms import MECHANISMS
from heloscope.session.record.masking import KnownSecrets
from heloscope.session.sasl.decode import EMPTY, Part, decode
from heloscope.session.sasl.mechanisms import SPOKEN, Credentials, responder
from heloscope.session.secret import MASK, Secret
from hypothesis import given
from hypothesis import strategies as st
from support.rows import for_each


def client(mechanism: str, said: bytes, number: int = 0, **more: object) -> tuple[Part, ...]:
    return decode(mechanism, number, True, base64.b64encode(said), **more)  # pyright: ignore[reportArgumentType]


def server(mechanism: str, said: bytes, number: int = 0, **more: object) -> tuple[Part, ...]:
    return decode(mechanism, number, False, base64.b64encode(said), **more)  # pyright: ignore[reportArgumentType]


def texts(parts: tuple[Part, ...]) -> list[tuple[str, str]]:
    return [(part.label, part.text) for part in parts]


def test_plain_is_user_and_password_and_the_password_is_shown_on_request():
    said = b"\0alice\0w\xc3\xb6nderland"
    assert texts(client("PLAIN", said)) == [
        ("act as", EMPTY), ("user", "alice"), ("password", MASK),
    ]  # fmt: skip
    assert texts(client("plain", said, reveal=("password",)))[2] == ("password", "wönderland")
    assert client("PLAIN", b"\0alice\0")[2] == Part(
        "password", EMPTY, True, "The password is empty."
    )


@pytest.mark.parametrize("said", [b"wonderland", b"alice\0wonderland", b"\0a\0wonder\0land"])
def test_a_malformed_plain_is_masked_whole_and_its_fault_explained(said: bytes):
    (part,) = client("PLAIN", said)
    assert (part.label, part.text) == ("malformed", MASK)
    assert f"{said.count(0)} NUL" in part.means or "one NUL" in part.means


def test_login_is_read_in_its_order_and_by_the_question():
    assert texts(decode("LOGIN", 0, False, b"VXNlcm5hbWU6")) == [("question", "Username:")]
    assert texts(client("LOGIN", b"alice")) == [("user", "alice")]
    assert texts(client("LOGIN", b"wonderland", 1)) == [("password", MASK)]
    assert texts(client("LOGIN", b"wonderland", 2)) == [("password", MASK)]
    # A server that asks for the password first, or twice for the user
    assert texts(client("LOGIN", b"wonderland", 0, asked=b"UGFzc3dvcmQ6")) == [("password", MASK)]
    (part,) = client("LOGIN", b"wonderland", 1, asked=b"VXNlcm5hbWU6")
    assert (part.text, part.secret) == (MASK, True)


def test_cram_md5_is_a_challenge_and_a_proof():
    (asks,) = server("CRAM-MD5", b"<1896.697170952@postoffice.reston.mci.net>")
    assert asks.text == "<1896.697170952@postoffice.reston.mci.net>"
    assert "should look like" not in asks.means
    assert "should look like" in server("CRAM-MD5", b"hello")[0].means
    said = client("CRAM-MD5", b"tim b913a602c7eda7a495b4e6e7334d3890")
    assert texts(said) == [("user", "tim"), ("proof", MASK)]
    assert texts(client("CRAM-MD5", b"tim his secret")) == [("malformed", MASK)]


def test_a_scram_exchange_is_decoded_part_by_part():
    name, nonce = "SCRAM-SHA-256", "rOprNGfwEbeRWgbNEkqO"
    both = nonce + "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
    answer = responder(name, Credentials("us,er", Secret("pencil"), "oth,er"), nonce)
    first = answer(None)
    asks = f"r={both},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096".encode()
    assert first is not None
    assert texts(client(name, first)) == [
        ("channel binding flag", "n"), ("act as", "oth,er"), ("user", "us,er"), ("nonce", nonce),
    ]  # fmt: skip
    assert texts(server(name, asks)) == [
        ("nonce", both), ("salt", "W22ZaJ0SNY7soEsUEjb6gQ=="), ("iterations", "4096"),
    ]  # fmt: skip
    assert texts(client(name, answer(asks) or b"", 1)) == [
        ("channel binding", "n,a=oth=2Cer,"), ("nonce", both), ("proof", MASK),
    ]  # fmt: skip
    assert texts(server(name, b"v=6rri", 1)) == [("signature", MASK)]
    assert texts(server(name, b"e=invalid-proof", 1)) == [("error", "invalid-proof")]
    assert texts(decode(name, 2, True, b"\r\n")) == [("empty", EMPTY)]


def test_faults_in_scram_are_explained():
    salt, count = server("SCRAM-SHA-1", b"r=x,s=#,i=100")[1:]
    assert "is not" in salt.means
    assert "Too few" in count.means
    assert "not a number" in server("SCRAM-SHA-1", b"i=ten")[0].means
    assert texts(server("SCRAM-SHA-1", b"hello"))[0] == ("malformed", "hello")
    assert texts(client("SCRAM-SHA-1", b"pencil")) == [("malformed", MASK)]
    flag = client("SCRAM-SHA-256-PLUS", b"p=tls-exporter,,n=u,r=x")[0]
    assert flag.text == "p=tls-exporter" and "TLS" in flag.means


def test_a_token_is_masked_and_everything_around_it_is_shown():
    said = b"n,a=us=2Cer,\x01host=h.example\x01port=587\x01auth=Bearer t0ken\x01\x01"
    assert texts(client("OAUTHBEARER", said)) == [
        ("channel binding flag", "n"), ("user", "us,er"), ("host", "h.example"), ("port", "587"),
        ("token", MASK),
    ]  # fmt: skip
    said = b"user=alice\x01auth=Bearer t0ken\x01\x01"
    assert texts(client("XOAUTH2", said)) == [("user", "alice"), ("token", MASK)]
    assert client("XOAUTH2", said, reveal={"token"})[1].text == "t0ken"
    assert texts(client("OAUTHBEARER", b"\x01", 1)) == [("byte 1", "\\x01")]


@for_each(
    product(
        ["XOAUTH2", "OAUTHBEARER"],
        [
            b"user=alice auth=Bearer t0ken",
            b"user=alice^Aauth=Bearer t0ken^A^A",
            b"n,a=alice,auth=Bearer t0ken",
            b"t0ken",
            b"user=alice\x01token=t0ken\x01\x01",
            b"auth=t0ken\x01\x01",
        ],
    )
)
def test_a_token_in_the_wrong_place_is_masked_too(mechanism: str, said: bytes):
    assert "t0ken" not in str(client(mechanism, said))


def test_the_json_of_a_failure_is_decoded_field_by_field():
    said = b'{"status":"invalid_token","schemes":"bearer mac","n":[1,{"a":"\\u001b"}],"\\u202e":1}'
    status, schemes, other, odd = server("OAUTHBEARER", said)
    assert (status.label, status.text) == ("status", "invalid_token")
    assert "expired" in status.means
    assert schemes.text == "bearer mac"
    assert other.text == '[1,{"a":"\\u001b"}]'
    assert odd.label == "\\u202e"
    assert server("XOAUTH2", b"{}")[0].label == "failure"
    assert "not a JSON object" in server("XOAUTH2", b"[" * 100_000)[0].means


def test_an_empty_message_is_described():
    assert texts(decode("PLAIN", 0, False, b"")) == [("empty challenge", EMPTY)]
    assert texts(decode("EXTERNAL", 0, True, b"=")) == [("empty", "=")]
    assert texts(decode("PLAIN", 0, True, b"*\r\n")) == [("cancelled", "*")]


@pytest.mark.parametrize("mechanism", ["NTLM", "ntlm", "GSSAPI"])
def test_words_that_let_the_client_speak_are_not_a_broken_challenge(mechanism: str):
    (heard,) = decode(mechanism, 0, False, b"NTLM supported\r\n")
    assert (heard.label, heard.text) == ("no challenge", "NTLM supported")
    assert heard.means.startswith("The server supports the mechanism; the client speaks first")
    (later,) = decode(mechanism, 1, False, b"NTLM supported\r\n")
    assert later.label == "not base64"


def test_text_that_is_not_base64_is_shown_from_the_server_and_masked_from_the_client():
    (heard,) = decode("PLAIN", 0, False, b"go on\x1b")
    assert (heard.label, heard.text) == ("not base64", "go on\\x1b")
    (said,) = decode("PLAIN", 0, True, b"wonder land")
    assert (said.label, said.text) == ("not base64", MASK)
    assert "501" in said.means


def test_a_password_that_the_server_repeats_is_masked_also_where_it_becomes_a_label():
    known = KnownSecrets()
    known.add(b"wonderland")
    for said in (
        b"is it wonderland?",
        b'{"wonderland":"wonderland"}',
        b"r=wonderland,e=wonderland",
    ):
        for mechanism in ("LOGIN", "XOAUTH2", "SCRAM-SHA-1", "NTLM", "PLAIN"):
            assert "wonderland" not in str(server(mechanism, said, known=known.mask))
    assert "wonderland" not in str(client("EXTERNAL", b"wonderland", known=known.mask))


CHALLENGES: dict[str, list[bytes | None]] = {
    "LOGIN": [None, b"Password:"],
    "CRAM-MD5": [b"<1.2@host>"],
    "SCRAM-SHA-1": [None, b"r=abcd,s=c2l4dGVlbiBieXRlIHNhbHQ=,i=4096"],
    "SCRAM-SHA-256": [None, b"r=abcd,s=c2l4dGVlbiBieXRlIHNhbHQ=,i=4096"],
}


@for_each(sorted(SPOKEN))
def test_no_part_of_an_exchange_of_ours_shows_the_secret_or_is_malformed(name: str):
    answer = responder(name, Credentials("alice", Secret("wonderland")), "abc")
    for number, challenge in enumerate(CHALLENGES.get(name, [None])):
        said = answer(challenge)
        assert said is not None
        parts = client(name, said, number)
        assert "wonderland" not in str(parts)
        assert not {"malformed", "response", "not base64"} & {part.label for part in parts}


MECHANISM = st.sampled_from([*MECHANISMS, "nonsense", ""])
SAID = (
    st.binary(max_size=60)
    | st.lists(
        st.sampled_from(
            [b"n", b",", b"=", b"a=", b"r=", b"s=", b"i=", b"c=", b"p=", b"v=", b"m=", b"\0",
             b"\x01", b"auth=", b"Bearer ", b"user=", b"{", b"}", b'"', b":", b"[", b"\xff", b" "]
        ),
        max_size=14,
    ).map(b"".join)
)  # fmt: skip


@given(MECHANISM, st.integers(0, 5), st.booleans(), SAID, st.booleans(), SAID)
def test_no_message_raises_or_produces_unsafe_text(
    mechanism: str, number: int, sent: bool, said: bytes, raw: bool, asked: bytes
):
    data = said if raw else base64.b64encode(said)
    parts = decode(mechanism, number, sent, data, asked=asked)
    assert parts
    for part in parts:
        assert part.label.isprintable() and part.text.isprintable() and part.means.isprintable()
        assert not part.secret or part.text in (MASK, EMPTY)


@given(
    st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=12, max_size=20),
    MECHANISM,
)
def test_what_is_typed_to_an_unknown_mechanism_is_masked(said: str, mechanism: str):
    if mechanism in ("EXTERNAL", "ANONYMOUS", "LOGIN"):  # nothing secret in the first answer
        return
    assert said not in str(client(mechanism, said.encode()))


def test_a_long_part_is_cut_with_a_word_about_its_length():
    (part,) = server("NTLM", b"x" * 50_000)
    assert part.text.endswith("… (50,000 bytes)")
    assert len(part.text) < 1100
    assert len(server("SCRAM-SHA-1", b"a=b," * 50_000)) < 100
