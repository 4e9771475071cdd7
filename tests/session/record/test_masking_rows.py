"""Secrets are masked by their position and by their value, and the rest can be read again."""

from __future__ import annotations

import base64
from urllib.parse import quote

import pytest
from heloscope.session.events import CLIENT, SERVER, Kind
from heloscope.session.protocol.conversation import Conversation
from heloscope.session.protocol.lines import LIMIT
from heloscope.session.record.masking import (
    KnownSecrets,
    by_position,
)
from heloscope.session.record.responses import learnt_from, looks_like_a_response
from heloscope.session.record.server_proof import server_proof
from hypothesis import given
from hypothesis import strategies as st
from support.rows import for_each
from support.scripts import observe

PLAIN = base64.b64encode(b"\0alice\0wonderland").decode()
OPENED = "S: 220 ready\nC: EHLO me\nS: 250 AUTH PLAIN LOGIN CRAM-MD5\n"


def masked(talk: Conversation) -> list[bytes]:
    return [talk.transcript.masked(row) for row in range(len(talk.transcript))]


@for_each(
    [
        (b"AUTH PLAIN AGEAYg==\r\n", Kind.COMMAND, b"AUTH PLAIN ********\r\n"),
        (b"auth  plain  AGEAYg==\n", Kind.COMMAND, b"auth  plain  ********\n"),
        (b"X-EXPS NTLM TlRMTVNT\r\n", Kind.COMMAND, b"X-EXPS NTLM ********\r\n"),
        (b"AUTH LOGIN\r\n", Kind.COMMAND, b"AUTH LOGIN\r\n"),
        (b"AUTH EXTERNAL =\r\n", Kind.COMMAND, b"AUTH EXTERNAL =\r\n"),
        (b"AUTH\r\n", Kind.COMMAND, b"AUTH\r\n"),
        (b"AUTH d29uZGVybGFuZA==\r\n", Kind.COMMAND, b"AUTH " + b"*" * 16 + b"\r\n"),
        (b"AUTH wonderland\r\n", Kind.COMMAND, b"AUTH " + b"*" * 16 + b"\r\n"),
        (b"AUHT PLAIN AGEAYg==\r\n", Kind.COMMAND, b"AUHT PLAIN ********\r\n"),
        (b"NOOP AGEAYg==\r\n", Kind.COMMAND, b"NOOP ********\r\n"),
        (b"*\r\n", Kind.AUTH, b"*\r\n"),
        (b"\r\n", Kind.AUTH, b"\r\n"),
        (b"d29uZGVybGFuZA==\r\n", Kind.AUTH, b"*" * 16 + b"\r\n"),
        (b"d29uZ", Kind.AUTH, b"********"),
        (b"AUTH PLAIN AGEAYg==\r\n", Kind.AUTH, b"*" * 32 + b"\r\n"),
    ]
)
def test_lines_between_auth_and_its_reply_are_masked_by_position(
    line: bytes, kind: Kind, shown: bytes
):
    assert by_position(line, kind) == shown


@for_each([1, 8, 9, 500, 8192, 12000, 12289, 40_000, LIMIT])
def test_the_mask_shows_the_length_only_roughly_and_crosses_no_limit(octets: int):
    mask = by_position(b"x" * octets, Kind.AUTH)
    assert set(mask) == set(b"*")
    assert mask == by_position(b"y" * (octets - 1 or 1), Kind.AUTH) or octets in (9, 12289)
    assert (len(mask) > 12288) is (octets > 12288)
    assert len(b"AUTH PLAIN " + mask) <= LIMIT


@for_each([
        (f"C: AUTH PLAIN {PLAIN}\nS: 535 no: {PLAIN}", ["wonderland", PLAIN]),
        (f"C: AUTH PLAIN\nS: 334 \nC: {PLAIN}\nS: 535 bad wonderland", ["wonderland", PLAIN]),
        (
            ("C: AUTH LOGIN\nS: 334 VXNlcg==\nC: YWxpY2U=\nS: 334 UGFzcw==\n"
            "C: d29uZGVybGFuZA==\nS: 535 wonderland d29uZGVybGFuZA=="),
            ["wonderland", "d29uZGVybGFuZA=="],
        ),
        (
            "C: AUTH LOGIN YWxpY2U=\nS: 334 UGFzcw==\nC: d29uZGVybGFuZA==\nS: 535 wonderland",
            ["wonderland"],
        ),
        (f"C: auth plain {PLAIN}\nS: 500 unknown: auth plain {PLAIN}", [PLAIN]),
        (
            f"C: AUTH PLAIN\nC: {PLAIN}\nS: 503 no\nS: 500 unknown: {PLAIN} or wonderland",
            [PLAIN, "wonderland"],
        ),
        (f"C: AUTH PLA\\\nC: IN {PLAIN}\nS: 535 no", [PLAIN]),
        (
            ("C: AUTH CRAM-MD5\nS: 334 PDEyMz4=\nC: YWxpY2UgMDAwMDAwMDA=\n"
            "S: 535 YWxpY2UgMDAwMDAwMDA="),
            ["YWxpY2UgMDAwMDAwMDA="],
        ),
        (
            "C: AUTH XOAUTH2 "
            + base64.b64encode(b"user=a\1auth=Bearer ya29.token\1\1").decode()
            + "\nS: 535 ya29.token",
            ["ya29.token"],
        ),
    ])  # fmt: skip
def test_no_secret_of_a_login_is_shown_even_if_the_server_repeats_it(
    script: str, secrets: list[str]
):
    talk = observe(OPENED + script)
    shown = b"".join(masked(talk)).decode()
    for secret in secrets:
        assert secret not in shown
    assert shown.startswith("220 ready\r\nEHLO me\r\n250 AUTH PLAIN LOGIN CRAM-MD5\r\n")


def test_the_user_name_of_login_is_masked_by_position_alone():
    talk = observe(
        OPENED
        + """
        C: AUTH LOGIN
        S: 334 VXNlcg==
        C: YWxpY2Vhcw==
        S: 334 UGFzcw==
        C: d29uZGVybGFuZA==
        S: 235 hello YWxpY2Vhcw==
        """
    )
    assert masked(talk)[5] == b"*" * 16 + b"\r\n"
    assert masked(talk)[-1] == b"235 hello YWxpY2Vhcw==\r\n"


def test_what_is_pending_is_masked_too():
    talk = observe(OPENED)
    talk.feed(CLIENT, b"AUTH PLAIN AGFsaWNl", 9.0)
    assert talk.pending_masked(CLIENT) == b"AUTH PLAIN ********"
    assert talk.pending(CLIENT) == b"AUTH PLAIN AGFsaWNl"


def test_after_the_final_reply_lines_are_shown_again():
    talk = observe(OPENED + f"C: AUTH PLAIN {PLAIN}\nS: 235 in\nC: NOOP\nS: 250 ok")
    assert masked(talk)[-2:] == [b"NOOP\r\n", b"250 ok\r\n"]


@pytest.mark.parametrize(
    "form",
    [
        b"wonder/land+",
        base64.b64encode(b"wonder/land+"),
        quote("wonder/land+", safe="").encode(),
        b"wonder/land+2B",
    ],
    ids=["plain", "base64", "percent", "xtext"],
)
def test_a_known_secret_is_masked_in_every_form(form: bytes):
    known = KnownSecrets()
    known.add(b"wonder/land+")
    assert known.mask(b"<" + form + b">") == b"<********>"


def test_a_secret_of_less_than_six_characters_is_not_looked_for():
    known = KnownSecrets()
    known.add(b"hello")
    assert known.mask(b"hello") == b"hello"
    assert known.known == 0


@for_each(
    [
        (b"", "PLAIN", []),
        (b"=\r\n", "PLAIN", []),
        (b"*\r\n", "PLAIN", []),
        (b"not base64!\r\n", "PLAIN", [b"not base64!", b"base64!"]),
        (b"AGEAYg==", "", [b"AGEAYg==", b"b"]),
        (b"AHjDpMO_AGI_", "PLAIN", [b"AHjDpMO_AGI_", b"b?"]),
        (b"AGEAYg==", "PLAIN", [b"AGEAYg==", b"b"]),
        (b"d29uZGVybGFuZA==", "LOGIN", [b"d29uZGVybGFuZA==", b"wonderland"]),
        (b"d29uZGVybGFuZA==", "SCRAM-SHA-256", [b"d29uZGVybGFuZA=="]),
    ]
)
def test_what_an_answer_to_auth_teaches(response: bytes, mechanism: str, learnt: list[bytes]):
    assert learnt_from(response, mechanism) == learnt


PLAIN = b"AGFsaWNlAHdvbmRlcmxhbmQ="  # of alice and wonderland


@for_each(
    [
        (PLAIN + b" x", "PLAIN"),
        (PLAIN + b".", "PLAIN"),
        (PLAIN + b";", "PLAIN"),
        (PLAIN + b"==", "PLAIN"),
        (PLAIN + "\u00a0".encode(), "PLAIN"),
        (b"<" + PLAIN + b">", "PLAIN"),
        (PLAIN, "PLAN"),
        (b"PLAIN=" + PLAIN, ""),
        (b"PLAIN:" + PLAIN + b" x", ""),
        (b"d29uZGVybGFuZA==.", "LOGIN"),
        (b"d29uZGVybGFuZA====", "LOGIN"),
        (b"alice d29uZGVybGFuZA==", "LOGIN"),
    ]
)
def test_a_response_with_a_typo_reveals_its_secret_too(line: bytes, mechanism: str):
    assert b"wonderland" in learnt_from(line + b"\r\n", mechanism)


def test_each_word_of_a_password_typed_with_more_text_is_masked_when_repeated():
    talk = observe(
        """
        S: 220 mail.example.org
        C: AUTH LOGIN
        S: 334 VXNlcm5hbWU6
        C: YWxpY2U=
        S: 334 UGFzc3dvcmQ6
        C: d29uZGVybGFuZA== x
        S: 535 d29uZGVybGFuZA== is not wonderland
        """
    )
    last = talk.transcript[len(talk.transcript) - 1]
    assert talk.transcript.mask(last) == b"535 ******** is not ********\r\n"


@given(st.binary(), st.sampled_from(list(Kind)))
def test_any_bytes_can_be_masked_and_keep_their_line_ending(data: bytes, kind: Kind):
    shown = by_position(data, kind)
    assert shown.endswith(b"\n") is data.endswith(b"\n")
    assert shown.endswith(b"\r\n") is data.endswith(b"\r\n")


@given(st.binary(min_size=6, max_size=40), st.binary(max_size=20), st.binary(max_size=20))
def test_a_known_secret_never_comes_through(secret: bytes, before: bytes, after: bytes):
    known = KnownSecrets()
    known.add(secret)
    for form in (secret, base64.b64encode(secret)):
        assert form in (b"*" * 8, *[b"*" * n for n in range(6, 8)]) or form not in known.mask(
            before + form + after
        )


@for_each(
    [
        ["eHh4eHh4", "d29uZGVybGFuZA=="],
        ["alice", "wonderland"],  # too short to be hidden, but in the place of the user name
        ["eHh4eHh4", "d29uZGVybGFuZA== "],
        ["eHh4eHh4", "\td29uZGVybGFuZA==\0"],
        ["eHh4eHh4\rd29uZGVybGFuZA=="],
    ]
)
def test_answers_that_are_sent_although_auth_was_refused_are_masked(answers: list[str]):
    talk = observe(f"{OPENED}C: AUTH LOGIN\nS: 504 not here")
    for at, answer in enumerate(answers):
        line = answer.encode() + b"\r\n"
        talk.feed(CLIENT, line, 50.0 + at)
        talk.feed(SERVER, b"500 unknown: " + line, 50.5 + at)
    shown = b"".join(masked(talk)).lower()
    assert b"wonderland" not in shown and b"d29uzgvybgfuza" not in shown


def test_what_is_searched_for_an_answer_is_searched_once():
    for end in (b"!", b"\0!", b"\r\r!"):
        for unit in (b"a", b"a\r", b"\r", b"a=\0", b" "):
            assert not looks_like_a_response(unit * 200_000 + end)  # 40 s if it were quadratic


def in_base64(text: bytes) -> bytes:
    return base64.b64encode(text)


@for_each([
        (b"334 " + in_base64(b"v=6rriTRBi23WpRR=") + b"\r\n",
         b"334 " + in_base64(b"v=" + b"*" * 15) + b"\r\n"),
        (b"235 2.7.0 " + in_base64(b"v=6rri,x=1"), b"235 2.7.0 " + in_base64(b"v=****,x=1")),
        (b"334 " + in_base64(b"rspauth=ea40f60335c427b5") + b"\n",
         b"334 " + in_base64(b"rspauth=" + b"*" * 16) + b"\n"),
        (b"334 v=6rri\r\n", b"334 v=****\r\n"),
        (b"334 " + in_base64(b"r=abc,s=c2FsdA==,i=4096"),
         b"334 " + in_base64(b"r=abc,s=c2FsdA==,i=4096")),
        (b"334 " + in_base64(b"e=invalid-proof"), b"334 " + in_base64(b"e=invalid-proof")),
        (b"235 2.7.0 Welcome, v=1\r\n", b"235 2.7.0 Welcome, v=1\r\n"),
        (b"334 \r\n", b"334 \r\n"),
        (b"235\r\n", b"235\r\n"),
    ])  # fmt: skip
def test_what_a_server_proves_the_password_with_is_masked(reply: bytes, shown: bytes):
    assert server_proof(reply) == shown


def test_the_signature_of_scram_is_in_no_recording_and_no_text():
    signature = base64.b64encode(b"v=6rriTRBi23WpRR/wtup").decode()
    talk = observe(f"{OPENED}C: AUTH SCRAM-SHA-256 biwsbj11\nS: 334 cj0x\nC: Yz1iaXdz\n"
                   f"S: 334 {signature}\nC: \nS: 235 ok\n")  # fmt: skip
    assert signature not in talk.transcript.to_jsonl() + talk.transcript.to_text()
    assert signature in talk.transcript.to_jsonl(masked=False)
