"""Secrets are masked wherever they occur: plain, encoded, and at any offset within base64."""

from __future__ import annotations

import base64
import time
from itertools import product
from urllib.parse import quote

import pytest
from heloscope.session.events import SERVER
from heloscope.session.protocol.lines import LIMIT
from heloscope.session.record.masking import (
    HALF,
    KnownSecrets,
    _end_at_start,
    _start_at_end,
)
from heloscope.session.record.responses import learnt_from
from heloscope.session.secret import MASK, Secret
from hypothesis import assume, given
from hypothesis import strategies as st
from support.rows import for_each
from support.scripts import OPENED, observe

STARS = MASK.encode()


def knowing(*secrets: bytes) -> KnownSecrets:
    known = KnownSecrets()
    for secret in secrets:
        known.add(secret)
    return known


def b64(text: bytes) -> bytes:
    return base64.b64encode(text)


@given(before=st.binary(max_size=7), secret=st.binary(min_size=6, max_size=40), after=st.binary())
def test_within_base64_a_secret_is_masked_wherever_it_begins(
    before: bytes, secret: bytes, after: bytes
):
    assume(secret not in b64(before + secret + after))  # by chance, as b"AAAAAA" in zeros
    known = knowing(secret)
    assert known.mask(b"334 " + b64(before + secret + after)) == b"334 " + STARS
    assert known.mask(b64(before + secret + after).rstrip(b"=") + b"\r\n") == STARS + b"\r\n"


@pytest.mark.parametrize("size", [1, 100, 5000, 70_000])
def test_what_holds_no_secret_stays_as_it_is_short_or_long(size: int):
    known = knowing(b"wonderland", b"looking-glass")
    data = (b"a line of a message\r\n" + b64(b"only words of no weight") + b"\r\n") * size
    assert known.mask(data) is data
    assert known.mask(data + b"wonderland" + data) == data + STARS + data


def test_only_the_base64_text_that_contains_the_secret_is_masked():
    known = knowing(b"wonderland")
    said = b"535 not " + b64(b"\0alice\0wonderland") + b", but " + b64(b"\0alice\0") + b" (x/y)"
    assert known.mask(said) == b"535 not " + STARS + b", but " + b64(b"\0alice\0") + b" (x/y)"
    twice = b64(b"wonderland") + b" " + b64(b"a wonderland") + b" wonderland;wonderland"
    assert known.mask(twice) == b" ".join((STARS, STARS, STARS + b";" + STARS))


def test_the_usual_encodings_of_text_are_known():
    known = knowing("p ä+=%ß".encode())
    for form in (
        "p ä+=%ß".encode(),
        quote("p ä+=%ß", safe="").encode(),
        b"p+%C3%A4%2B%3D%25%C3%9F",
        b"p+20+C3+A4+2B+3D%+C3+9F",
    ):
        assert known.mask(b"<" + form + b">") == b"<" + STARS + b">"


def test_a_secret_too_short_to_look_for_hides_nothing_else():
    known = knowing(b"alice")
    assert known.known == 0
    assert known.mask(b"alice") == b"alice"


def test_three_letters_hide_nothing_in_a_character_set_in_which_they_are_three_octets():
    known = knowing("\u00e4\u00f6\u00fc".encode())
    assert known.mask("\u00e4\u00f6\u00fc!".encode()) == STARS + b"!"
    assert known.mask(b"\xe4\xf6\xfc!") == b"\xe4\xf6\xfc!"
    assert known.mask(b"id=pk9Vq7") == b"id=pk9Vq7"  # k9v would be their base64, from an odd place


def test_more_secrets_are_more_forms_and_the_same_one_again_is_not():
    known = knowing(b"wonderland")
    before = known.known
    known.add(b"wonderland")
    assert known.known == before
    known.add(b"looking-glass")
    assert known.known > before


def test_a_long_line_full_of_hits_is_masked_in_one_go():
    known = knowing(b"wonderland")
    said = b64(b"wonderland" * 5000) + b"," + b",".join([b64(b"wonderland")] * 5000)
    assert known.mask(said) == b",".join([STARS] * 5001)


def test_a_secret_given_to_the_engine_is_known_before_it_is_sent():
    talk = observe(OPENED)
    talk.transcript.secrets.add(Secret("wonderland").reveal())
    echo = b64(b"\0alice\0wonderland").decode()
    talk = observe(f"C: HELP\nS: 214-wonderland\nS: 214 or {echo}", talk)
    shown = [talk.transcript.masked(row) for row in range(len(talk.transcript))]
    assert shown[-2:] == [b"214-" + STARS + b"\r\n", b"214 or " + STARS + b"\r\n"]


@for_each(
    [
        ("PLAIN", b"\0alice\0wonderland", b"wonderland"),
        ("PLAIN", b"alice\0wonderland", b"wonderland"),
        ("LOGIN", b"wonderland", b"wonderland"),
        ("XOAUTH2", b"user=alice\x01auth=Bearer t0ken.abc\x01\x01", b"t0ken.abc"),
        ("OAUTHBEARER", b"n,a=alice,\x01auth=bearer t0ken.abc\x01\x01", b"t0ken.abc"),
        ("CRAM-MD5", b"tim b913a602c7eda7a495b4e6e7334d3890", b"b913a602c7eda7a495b4e6e7334d3890"),
        (
            "SCRAM-SHA-1",
            b"c=biws,r=xy,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
            b"v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
        ),
    ]
)
def test_what_is_secret_in_an_answer_is_learnt_with_padding_and_without(
    mechanism: str, said: bytes, secret: bytes
):
    for text in (b64(said), b64(said).rstrip(b"=")):
        learnt = learnt_from(text + b"\r\n", mechanism)
        assert learnt == [text, secret]


@pytest.mark.parametrize("text", [b"", b"*", b"=", b"\r\n"])
def test_an_answer_without_a_secret_teaches_none(text: bytes):
    assert learnt_from(text, "PLAIN") == []


@given(
    st.binary(), st.sampled_from(["PLAIN", "LOGIN", "XOAUTH2", "CRAM-MD5", "SCRAM-SHA-256", "X"])
)
def test_any_answer_can_be_learnt_from(text: bytes, mechanism: str):
    shown = text.strip()
    assume(shown.strip(b"*"))
    known = knowing(*learnt_from(text, mechanism))
    if known.known:
        assert shown not in known.mask(b"<" + shown + b">")


@pytest.mark.parametrize(
    "said",
    [
        ("C: AUTH PLAIN {plain}", "S: 535 no"),
        ("C: AUTH PLAIN", "S: 334 ", "C: {plain}", "S: 535 no"),
        ("C: AUTH LOGIN", "S: 334 VXNlcm5hbWU6", "C: YWxpY2U=", "S: 334 UGFzc3dvcmQ6", "C: {pw}",
         "S: 535 no"),
        ("C: AUTH LOGIN YWxpY2U=", "S: 334 UGFzc3dvcmQ6", "C: {pw}", "S: 535 no"),
    ],
)  # fmt: skip
def test_after_auth_a_server_that_repeats_the_password_is_masked(said: tuple[str, ...]):
    plain, pw = (b64(text).decode() for text in (b"\0alice\0wonderland", b"wonderland"))
    script = "\n".join(said).format(plain=plain, pw=pw)
    other = b64(b"x\0other\0wonderland").decode()
    talk = observe(OPENED + script + f"\nC: NOOP\nS: 250 {plain} {other} {pw} wonderland")
    shown = b"".join(talk.transcript.masked(row) for row in range(len(talk.transcript)))
    assert shown.endswith(b"250 " + b" ".join([STARS] * 4) + b"\r\n")
    assert b"wonderland" not in shown and pw.encode() not in shown


def test_masking_is_case_insensitive():
    known = knowing(b"Wonderland")
    said = b"500 5.5.1 UNKNOWN COMMAND: "
    for form in (b"WONDERLAND", b"wonderland", b64(b"\0alice\0Wonderland").upper()):
        assert known.mask(said + form + b" no") == said + STARS + b" no"


@for_each(
    product(
        ["utf-8", "latin-1", "cp1252", "utf-16-le"], ["Wunderländchen", "p ä+=%ßé", "plain-one"]
    )
)
def test_a_secret_is_known_in_each_character_set_and_in_capitals(charset: str, secret: str):
    known = knowing(secret.encode())
    for text in (secret, secret.upper(), secret.lower()):
        octets = text.encode(charset)
        assert known.mask(b"<" + octets + b">") == b"<" + STARS + b">"
        if b"\0" not in octets:
            for form in (quote(octets, safe=""), quote(octets, safe="").lower()):
                assert known.mask(b"<" + form.encode() + b">") == b"<" + STARS + b">"


@for_each(product(["utf-8", "latin-1", "utf-16-le"], range(4)))
def test_a_secret_is_known_within_either_base64_of_each_character_set(charset: str, before: int):
    known = knowing("wönder?>land~".encode())
    text = b"\0" * before + "wönder?>land~".encode(charset) + b"??>"
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        assert known.mask(b"<" + encode(text) + b">") == b"<" + STARS + b">"


def test_a_secret_that_is_not_utf_8_is_known_in_utf_8_too():
    known = knowing("wönderland".encode("latin-1"))
    assert known.mask("<wönderland>".encode()) == b"<" + STARS + b">"


def test_every_octet_may_be_percent_encoded():
    assert knowing(b"wonder").mask(b"<%77%6f%6E%64%65%72>") == b"<" + STARS + b">"


def test_of_a_secret_that_was_only_begun_the_rest_of_the_word_is_masked():
    known = KnownSecrets()
    known.add(b"wonder", begun=True)
    assert known.mask(b"500 unknown wonderland here") == b"500 unknown " + STARS + b" here"
    known.add(b"wonderland")
    assert known.mask(b"wonderland!") == STARS + b"!"


def test_a_new_secret_is_reported_and_a_known_one_is_not():
    known, grown = KnownSecrets(), []
    known.grown = lambda: grown.append(known.known)
    for secret in (b"wonderland", b"wonderland", b"looking-glass"):
        known.add(secret)
    assert len(grown) == 2


def test_each_of_a_thousand_secrets_is_masked_quickly():
    known = KnownSecrets()
    began = time.process_time()
    for number in range(1000):
        known.add(b"wonderland-%d" % number)
        assert known.mask(b"500 WONDERLAND-%d?" % number) == b"500 " + STARS + b"?"
    assert known.mask(b"<" + b64(b"\0alice\0wonderland-7") + b">") == b"<" + STARS + b">"
    assert known.mask(b"wonderland-x " * 500) == b"wonderland-x " * 500
    assert known.mask(b"x " * 5000 + b"wonderland-12 ") == b"x " * 5000 + STARS + b" "
    assert time.process_time() - began < 20  # 170 s where all forms are prepared for each secret


@pytest.mark.parametrize("octets", [b"w", b"won", b"d29u", b"wonderlan", b"%77", b"=", b"a"])
def test_masking_takes_time_by_length_alone(octets: bytes):
    known = knowing("wonderländ".encode(), b"looking-glass", b"wonderlanf")
    data = octets * (1_048_576 // len(octets))
    began = time.process_time()
    known.mask(data)
    known.mask_part(data, cut_before=True, cut_after=True)
    assert time.process_time() - began < 2.0


def test_half_a_secret_is_masked_where_a_line_is_cut():
    known = knowing(b"wonderland")
    whole = b"250 in wonderland"
    assert known.mask_part(whole[:11], cut_before=False, cut_after=True) == b"250 in " + STARS
    assert known.mask_part(b"derland, yes", cut_before=True, cut_after=True) == STARS + b", yes"
    assert known.mask_part(whole, cut_before=False, cut_after=True) == b"250 in " + STARS
    in_base64 = b64(b"\0alice\0wonderland")
    head = known.mask_part(in_base64[:16], cut_before=False, cut_after=True)
    tail = known.mask_part(in_base64[16:], cut_before=True, cut_after=False)
    assert (head, tail) == (in_base64[:10] + STARS, STARS)
    assert known.mask_part(b"wow", cut_before=True, cut_after=True) == b"wow"


def test_a_secret_is_masked_across_the_pieces_of_a_line():
    talk = observe(OPENED)
    talk.transcript.secrets.add(b"wonderland")
    talk.feed(SERVER, b"250 " + b"x" * (LIMIT - 9) + b"wonder", 0)
    talk.feed(SERVER, b"land\r\n", 0)
    rows = [talk.transcript.masked(row) for row in (-2, -1)]
    assert rows == [b"250 " + b"x" * (LIMIT - 9) + STARS, STARS + b"\r\n"]


def test_what_has_come_of_a_secret_is_masked_before_it_is_whole():
    talk = observe(OPENED)
    talk.transcript.secrets.add(b"wonderland")
    for octet in b"250 wonderland":
        talk.feed(SERVER, bytes([octet]), 0)
        assert b"wond" not in talk.pending_masked(SERVER)
    assert talk.pending(SERVER) == b"250 wonderland"


def test_an_answer_sent_ahead_is_known_though_it_turns_out_to_be_none():
    """The server never ends its reply to AUTH, and repeats the lines that followed it."""
    talk = observe("""
        S: 220 ready
        C: AUTH LOGIN
        C: YWxpY2U=
        C: d29uZGVybGFuZA==
        C: RSET
        S: 250-YWxpY2U= d29uZGVybGFuZA== RSET
    """)
    assert "D29U" not in str(talk.transcript.marks_after(0)).upper()
    said = talk.transcript.masked(-1)
    assert said == b"250-YWxpY2U= " + STARS + b" RSET\r\n"


def test_an_answer_to_an_auth_that_was_refused_is_masked_anyway():
    """A user who pastes AUTH and its answers sends all of them, whatever the server replies."""
    talk = observe("""
        S: 220 ready
        C: AUTH LOGIN
        S: 500 no
        C: YWxpY2U=
        S: 500 what is YWxpY2U=
        C: d29uZGVybGFuZA==
        S: 500 what is d29uZGVybGFuZA==
        C: NOOP
        S: 250 ok
        C: UNKNOWN+
    """)
    rows = [talk.transcript.masked(row) for row in range(3, len(talk.transcript))]
    assert (rows[0], rows[2]) == (STARS + b"\r\n", 2 * STARS + b"\r\n")
    assert rows[3] == b"500 what is " + STARS + b"\r\n"
    assert rows[-1] == b"UNKNOWN+\r\n"
    told = str(talk.transcript.marks_after(0)).upper()
    assert "UNKNOWN+" in told
    assert "D29U" not in told


@given(
    st.text("ab", min_size=6, max_size=12).map(str.encode),
    st.text("ab", max_size=12).map(str.encode),
    st.booleans(),
)
def test_of_a_secret_that_is_cut_the_longest_part_is_masked(
    form: bytes, data: bytes, at_start: bool
):
    sizes = range(HALF, len(form))
    if at_start:
        longest = max((n for n in sizes if data.startswith(form[-n:])), default=0)
        assert _end_at_start(form, data) == longest
    else:
        longest = max((n for n in sizes if data.endswith(form[:n])), default=0)
        assert _start_at_end(form, data) == longest


TOKEN = b"ya29.aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789-of-alice"


@for_each(
    [
        (b"bad token " + TOKEN[:20] + b"... here", b"bad token ******** here"),
        (b"bad token ..." + TOKEN[-12:] + b", sorry", b"bad token ********, sorry"),
        (b"bad token " + TOKEN[:11], b"bad token " + TOKEN[:11]),
        (b'"' + TOKEN[:15] + b"..." + TOKEN[-15:] + b'"', b'"********'),
        (
            b'"AUTH XOAUTH2 ' + base64.b64encode(b"user=joe\1auth=Bearer " + TOKEN)[:60] + b'..."',
            b'"AUTH XOAUTH2 ********..."',
        ),
        (b"..." + base64.b64encode(b"x" + TOKEN + b"\1\1")[-40:] + b'"', b'...********"'),
    ]
)
def test_of_a_long_secret_the_start_or_the_end_is_enough(said: bytes, shown: bytes):
    known = KnownSecrets()
    known.add(TOKEN)
    assert known.mask(said) == shown
