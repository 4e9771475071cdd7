"""Credentials are recognised by their shape, even mistyped, misplaced or in a URL."""

from __future__ import annotations

import base64
import time

import pytest
from heloscope.session.record.credentials import (
    is_message,
    resembles_auth,
    secret_spans,
    without_credentials,
)
from heloscope.session.record.masking import by_shape
from hypothesis import given
from hypothesis import strategies as st
from support.rows import for_each
from support.scripts import OPENED, observe

PLAIN = "AGFsaWNlAHdvbmRlcmxhbmQ="  # \0alice\0wonderland
XOAUTH2 = base64.b64encode(b"user=joe\x01auth=Bearer t0ken.abc\x01\x01").decode()
CRAM = base64.b64encode(b"tim b913a602c7eda7a495b4e6e7334d3890").decode()


@for_each([
        ("AUTH PLAIN x", "AUTH PLAIN ********"),
        ("  auth\tplain x", "  auth\tplain ********"),
        ("X-EXPS NTLM TlRM", "X-EXPS NTLM ********"),
        ("AUTH PLAIN alice wonderland", "AUTH PLAIN ****************"),
        ("AUTH wonderland", "AUTH ****************"),
        ("AUHT PLAIN x", "AUHT PLAIN ********"),
        ("AUTHX PLAIN x", "AUTHX PLAIN ********"),
        ("AUT plain x", "AUT plain ********"),
        ("UATH LOGIN x", "UATH LOGIN ********"),
        ("X-EXP PLAIN x", "X-EXP PLAIN ********"),
        ("AUTH=PLAIN x", "AUTH=PLAIN ********"),
        ("AUTHPLAIN x", "AUTHPLAIN ********"),
        ("AUTHENTICATE PLAIN x", "AUTHENTICATE PLAIN ********"),
        ("AUTHINFO PASS wonderland", "AUTHINFO ****************"),
        ("XAUTH wonderland", "XAUTH ****************"),
        ("PLAIN x", "PLAIN ********"),
        ("LOGIN alice wonderland", "LOGIN ****************"),
        ("PASS wonderland", "PASS ****************"),
        ("USER alice wonderland", "USER alice ****************"),
        ("a001 LOGIN alice wonderland", "a001 LOGIN ****************"),
        ("a001 AUTHENTICATE PLAIN x", "a001 AUTHENTICATE ********"),
        ("swaks --auth-password wonderland", "swaks --auth-password ****************"),
        ("swaks -ap wonderland", "swaks -ap ****************"),
        ("mutt --password=wonderland", "mutt --password=****************"),
        ("my password: wonderland", "my password: ****************"),
        ("SMTP_PASSWORD=wonderland", "SMTP_PASSWORD=****************"),
        ('{"password":"wonderland"}', '{"password":****************'),
        ('{"password": "wonderland"}', '{"password": ****************'),
        ("password: wonderland", "password: ****************"),
        ("password=wonderland", "password=****************"),
        (PLAIN, "*" * 32),
        (f"NOOP {PLAIN}", "NOOP " + "*" * 32),
        (f"VRFY {PLAIN.rstrip('=')}", "VRFY " + "*" * 32),
        (f"HELP {XOAUTH2}", "HELP " + "*" * 64),
        (f"FOO bar {CRAM}", "FOO bar " + "*" * 64),
        ("EHLO smtp://alice:wonderland@host", "EHLO smtp://alice:****************@host"),
        ("FOO smtp://a:b@host https://c:d@host", "FOO smtp://a:********@host https://c:********@host"),
    ])  # fmt: skip
def test_what_looks_like_credentials_is_hidden(line: str, shown: str):
    assert by_shape(line) == shown


@for_each([
        "", "AUTH", "AUTH LOGIN", "AUTH LOGIN ", "AUTH EXTERNAL =", "AUTH PLAIN *", "auth cram-md5",
        "AUHT PLAIN", "EXPN list of friends", "STARTTLS", "MAIL FROM:<alice@example.org> AUTH=<>",
        "RCPT TO:<a:b@example.org>", "VRFY alice@example.org", "NOOP wonderland", "HELP login",
        "HELP password", "HELP AUTHENTICATE", "USER alice", "VRFY bypass road", "NOOP --passive x",
        "EHLO mail.example.org", "XCLIENT ADDR=192.0.2.1 LOGIN=alice", "NOOP QWxpY2U=",
        "FOO http://host:25/a", "FOO smtp://alice@mail.example.org:25",
    ])  # fmt: skip
def test_what_does_not_look_like_credentials_is_shown(line: str):
    assert secret_spans(line) == ()


@for_each(["EHLO", "HELO", "MAIL", "RCPT", "DATA", "BDAT", "RSET", "QUIT"])
def test_the_password_in_a_url_is_masked_after_every_verb(verb: str):
    talk = observe(f"{OPENED}C: {verb} smtp://alice:wonderland@host\n")
    assert talk.transcript.masked(-1) == f"{verb} smtp://alice:{'*' * 16}@host\r\n".encode()


def test_a_typo_is_distinguished_from_another_verb():
    assert all(map(resembles_auth, ("AUTH", "auth", "ATUH", "AUTHH", "AUT", "AITH", "X-EXSP")))
    assert not any(map(resembles_auth, ("EXPN", "HELP", "DATA", "ETRN", "ATRN", "AUTO-X", "")))


@pytest.mark.parametrize("cut", range(1, 4))
def test_a_message_is_known_before_it_is_whole(cut: int):
    assert is_message(PLAIN.rstrip("=")[:-cut])


@given(st.text())
def test_any_line_can_be_checked(line: str):
    spans = secret_spans(line)
    ends = [at for span in spans for at in span]
    assert ends == sorted(ends)
    assert not ends or ends[-1] <= len(line)


@pytest.mark.parametrize(
    "text", ["a:", "a:@", "smtp://a:", "@", "AUTH ", "PASS", "A" * 7 + " ", "a", "://", ":@ "]
)
def test_recognition_takes_time_by_length_alone(text: str):
    line = text * (262_144 // len(text))
    began = time.process_time()
    secret_spans(line)
    assert time.process_time() - began < 1.0


def shown(script: str) -> list[str]:
    talk = observe(OPENED + script)
    rows = range(len(talk.transcript))
    return [talk.transcript.masked(row).decode().rstrip() for row in rows][-script.count("\n") :]


def test_a_mistyped_auth_is_masked_like_auth_and_so_is_the_reply_that_repeats_it():
    assert shown(
        f"C: AUHT PLAIN {PLAIN}\nS: 500 unknown command AUHT PLAIN {PLAIN}\n"
        "C: NOOP\nS: 250 wonderland\n"
    ) == [
        "AUHT PLAIN " + "*" * 32,
        "500 unknown command AUHT PLAIN ********",
        "NOOP",
        "250 ********",
    ]


def test_the_response_of_plain_in_another_command_is_masked():
    assert shown(f"C: NOOP {PLAIN}\nS: 250 {PLAIN}\n") == ["NOOP " + "*" * 32, "250 ********"]


def test_an_auth_without_its_mechanism_is_not_a_mechanism_of_that_name():
    talk = observe(f"{OPENED}C: AUTH wonderland\nS: 504 WONDERLAND\n")
    told = str(talk.transcript.marks_after(0)).lower()
    assert "wonderland" not in told
    assert talk.transcript.masked(-1) == b"504 ********\r\n"


def test_a_known_secret_sent_as_a_command_reveals_no_verb():
    talk = observe(OPENED)
    talk.transcript.secrets.add(b"wonderland")
    talk = observe("C: Wonderland\nS: 500 unknown command WONDERLAND\n", talk)
    assert "wonderland" not in str(talk.transcript.marks_after(0)).lower()
    assert talk.transcript.masked(-2) == b"********\r\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"nothing is known of AUTH PLAIN {PLAIN}.", "nothing is known of AUTH PLAIN ********."),
        (f'"{XOAUTH2}", {CRAM}', '"********", ********'),
        ("no file smtp://joe:wonderland@host:1, and", "no file smtp://joe:********@host:1, and"),
        (
            "a password: it is in AUTH PLAIN, at x@y:25",
            "a password: it is in AUTH PLAIN, at x@y:25",
        ),
    ],
)
def test_a_text_that_quotes_credentials_is_shown_without_them(text: str, shown: str):
    assert without_credentials(text) == shown


@pytest.mark.parametrize(("code", "state"), [(535, "ready"), (454, "ready"), (421, "ready")])
def test_a_refusal_that_nothing_asked_for_ends_auth(code: int, state: str):
    """The server would now read anything that the client sends as a command."""
    talk = observe(f"""{OPENED}
        C: AUTH LOGIN
        S: 334 VXNlcm5hbWU6
        C: YWxpY2U=
        S: 334 UGFzc3dvcmQ6
        S: {code} too slow
    """)
    assert talk.state == state
    assert not talk.is_answer(b"NOOP\r\n")
    talk = observe("C: d29uZGVybGFuZA==\nS: 500 unknown command d29uZGVybGFuZA==\n", talk)
    assert talk.transcript.masked(-1) == b"500 unknown command ********\r\n"
    assert talk.transcript.masked(-2) == b"*" * 16 + b"\r\n"
