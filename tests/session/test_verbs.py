"""The vocabulary: which verbs form a class, and which verb a line has."""

from __future__ import annotations

import pytest
from heloscope.session.facts.mechanisms import MECHANISMS
from heloscope.session.verbs import (
    AUTH_EXCHANGE,
    CHUNK_VERBS,
    GREETINGS,
    MECHANISM_NAMES,
    MESSAGE_ENDS,
    MID_GROUP,
    SENDER_VERBS,
    TLS_VERBS,
    auth_parts,
    is_last_chunk,
    opens_auth,
    verb_of,
)
from support.rows import for_each


@for_each(
    [
        (b"MAIL FROM:<a@example.org>\r\n", "MAIL"),
        (b"mail from:<a@example.org>\r\n", "MAIL"),
        (b"QUIT\r\n", "QUIT"),
        (b"QUIT\n", "QUIT"),
        (b"QUIT", "QUIT"),
        (b"  Noop\t x\r\n", "NOOP"),
        (b"RCPTTO:<a@example.org>\r\n", "RCPTTO:<A@EXAMPLE.ORG>"),
        (b"starttls\r\n", "STARTTLS"),
        (b"x-exps NTLM\r\n", "X-EXPS"),
        (b".\r\n", "."),
        (b"\xff\xfe x\r\n", "\ufffd\ufffd"),
        (b" \t\r\n", ""),
        (b"", ""),
    ]
)
def test_the_verb_is_the_first_word_in_upper_case(line: bytes, verb: str):
    assert verb_of(line) == verb


@for_each(
    ["AUTH PLAIN AGEAYg==", "auth login", "  AUTH\tLOGIN", "AUTH", "X-EXPS NTLM", "x-exps gssapi"]
)
def test_what_opens_a_sasl_exchange(line: str):
    assert opens_auth(line)
    assert opens_auth(line.encode() + b"\r\n")


@for_each(
    ["", "NOOP AUTH", "AUTHENTICATE PLAIN", "AUTH=PLAIN x", "X-EXP NTLM", "MAIL AUTH=<>", "é"]
)
def test_what_does_not_open_a_sasl_exchange(line: str):
    assert not opens_auth(line)
    assert not opens_auth(line.encode())


@for_each(
    [
        (b"AUTH PLAIN AGEAYg==", (b"AUTH ", b"PLAIN", b" ", b"AGEAYg==")),
        (b" auth\t plain  a b ", (b" auth\t ", b"plain", b"  ", b"a b ")),
        (b"AUTH LOGIN", (b"AUTH ", b"LOGIN", b"", b"")),
        (b"AUTH LOGIN ", (b"AUTH ", b"LOGIN", b" ", b"")),
        (b"X-EXPS NTLM TlRM", (b"X-EXPS ", b"NTLM", b" ", b"TlRM")),
    ]
)
def test_the_parts_of_an_auth_command(line: bytes, parts: tuple[bytes, ...]):
    assert auth_parts(line) == parts
    assert b"".join(parts) == line
    assert auth_parts(line.decode()) == tuple(part.decode() for part in parts)


@for_each(["AUTH", "AUTH ", "X-EXPS", "NOOP AUTH PLAIN x", "AUTHX PLAIN x"])
def test_without_a_mechanism_there_are_no_parts(line: str):
    assert auth_parts(line) is None


@for_each(
    [
        (b"AUTH d29uZGVybGFuZA==", (b"AUTH ", b"", b"", b"d29uZGVybGFuZA==")),
        (b"AUTH wonderland", (b"AUTH ", b"", b"", b"wonderland")),
        (b"auth alice  wonderland", (b"auth ", b"", b"", b"alice  wonderland")),
        (b"AUTH X-OWN abc", (b"AUTH ", b"X-OWN", b" ", b"abc")),
        (b"AUTH xoauth2 abc", (b"AUTH ", b"xoauth2", b" ", b"abc")),
        (b"AUTH cram-", (b"AUTH ", b"cram-", b"", b"")),
    ]
)
def test_what_is_not_a_mechanism_is_a_response(line: bytes, parts: tuple[bytes, ...]):
    assert auth_parts(line) == parts
    assert auth_parts(line.decode()) == tuple(part.decode() for part in parts)


def test_the_mechanisms_that_are_known_by_name_are_those_that_are_described():
    assert MECHANISMS.keys() == MECHANISM_NAMES


@pytest.mark.parametrize("line", ["BDAT 10 LAST", "bdat 0 last", "BURL imap://x/y LAST"])
def test_a_chunk_that_ends_the_message(line: str):
    assert is_last_chunk(line)
    assert is_last_chunk(line.encode() + b"\r\n")


@for_each(["BDAT 10", "BDAT LAST", "BDAT", "BDAT 10 LASTLY", ""])
def test_a_chunk_that_does_not_end_the_message(line: str):
    assert not is_last_chunk(line)
    assert not is_last_chunk(line.encode())


def test_the_classes_as_the_standards_name_them():
    assert GREETINGS == ("EHLO", "HELO", "LHLO")
    assert SENDER_VERBS == ("MAIL", "SEND", "SOML", "SAML")  # RFC 821 3.4
    assert set(AUTH_EXCHANGE) == {"AUTH", "X-EXPS", "(auth)"}
    assert set(TLS_VERBS) == {"STARTTLS", "X-ANONYMOUSTLS"}
    assert set(CHUNK_VERBS) == {"BDAT", "BURL"}  # RFC 3030, RFC 4468
    assert set(MESSAGE_ENDS) == {".", "BDAT LAST", "BURL LAST"}


def test_what_may_stand_in_the_middle_of_a_pipelined_group():
    # RFC 2920 3.1, and RFC 3030 4.2 for BDAT
    assert {"RSET", "MAIL", "SEND", "SOML", "SAML", "RCPT", "BDAT", "BDAT LAST", "BURL",
            "BURL LAST", "XFORWARD", "."} == MID_GROUP  # fmt: skip
