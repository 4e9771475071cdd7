"""The envelope derived from a header, and the header that is sent."""

from __future__ import annotations

from email import message_from_string
from email.message import Message
from email.policy import compat32, default
from itertools import product
from typing import Any

import pytest
from heloscope.session.procedures.header import envelope_in, without_bcc
from support.rows import for_each

A, B, C = "a@example.org", "b@example.org", "c@example.org"


def test_the_sender_is_sender_before_from():
    assert envelope_in(b"From: a@example.org\nTo: b@example.org\n\n", None, None) == (A, [B])
    both = b"From: a@example.org\nSender: c@example.org\nTo: b@example.org\n\n"
    assert envelope_in(both, None, None) == (C, [B])


def test_a_resent_block_counts_before_the_others():
    resent = (
        b"Resent-Date: x\nResent-From: c@example.org\nResent-To: a@example.org\n"
        b"From: a@example.org\nTo: b@example.org\n\n"
    )
    assert envelope_in(resent, None, None) == (C, [A])
    with pytest.raises(ValueError, match="more than one 'Resent-'"):
        envelope_in(b"Resent-Date: x\n" + resent, None, None)


def test_what_is_given_is_not_looked_for():
    assert envelope_in(b"", "", [B]) == ("", [B])
    assert envelope_in(Message(), A, B) == (A, B)
    with pytest.raises(ValueError, match="no recipients"):
        envelope_in(b"From: a@example.org\n\n", None, [])


@for_each(
    product(
        [
            "b@example.org c@example.org",
            "b@example.org <c@example.org>",
            "<b@example.org> c@example.org",
            "<b@example.org> NOTIFY=NEVER",
            "b@example.org>, c@example.org",
            "<b@example.org><c@example.org>",
            "b@, c@example.org",
            "c@example.org, @b",
            "Bob <b@example.org, c@example.org",
        ],
        ["To", "From", "Bcc"],
        [compat32, default],
    )
)
def test_a_field_that_is_not_a_list_of_addresses_is_refused_and_nobody_omitted(
    field: str, name: str, policy: Any
):
    """Commas separate the addresses, and a name that contains @ is quoted (RFC 5322 3.4)."""
    other = "To: d@example.org" if name != "To" else "Cc: d@example.org"
    header = f"{other}\n{name}: {field}\n" + ("" if name == "From" else f"From: {A}\n")
    made = message_from_string(f"{header}\n", policy=policy)
    with pytest.raises(ValueError, match="address"):
        envelope_in(made, None, None)


@for_each(
    [
        ('"b@example.org" <c@example.org>', [C]),
        ("(b@example.org) c@example.org (of \\) d@example.org)", [C]),
        ("<@a.example:c@example.org>", [C]),
        ("staff: b@example.org, c@example.org;", [B, C]),
        ("b@example.org, , c@example.org,", [B, C]),
        ("undisclosed-recipients:;, c@example.org", [C]),
        ('"b c"@example.org, c@example.org', ['"b c"@example.org', C]),
        ("=?utf-8?q?b=40example=2Eorg=2C?= <c@example.org>", [C]),
        ("root, c@example.org", ["root", C]),
        ("b@[192.0.2.1], C <c@[IPv6:2001:db8::1]>", ["b@[192.0.2.1]", "c@[IPv6:2001:db8::1]"]),
    ]
)
def test_what_is_a_list_of_addresses(field: str, recipients: list[str]):
    header = f"From: {A}\nTo: {field}\n\n".encode()
    assert envelope_in(header, None, None) == (A, recipients)


def test_a_duplicate_field_adds_its_recipients():
    header = f"From: {A}\nTo: {A}\nCc: {B}\nTo: {C}\n\n".encode()
    assert envelope_in(header, None, None) == (A, [A, C, B])


def test_the_text_is_not_searched_for_header_fields():
    with pytest.raises(ValueError, match="no sender"):
        envelope_in(b"\r\nFrom: a@example.org\r\nTo: b@example.org\r\n\r\n", None, None)


@for_each(
    [
        (b"Bcc: c@example.org\r\nTo: b\r\n\r\nx", b"To: b\r\n\r\nx"),
        (b"To: b\nBCC : c,\n\td\nX: y\n\nBcc: x\n", b"To: b\nX: y\n\nBcc: x\n"),
        (b"To: b\nresent-bcc: c\n\n", b"To: b\n\n"),
        (b"X-Bcc: b\nSubject: x\n Bcc: y\n\n", b"X-Bcc: b\nSubject: x\n Bcc: y\n\n"),
        (b"\nText\n\nBcc: x\n", b"\nText\n\nBcc: x\n"),
        (b"Bcc: only\r\n", b""),
        (b"To: b\r\nBcc: c", b"To: b\r\n"),
        (b"To: b\r\nBcc: c,\r\n d", b"To: b\r\n"),
        (b"", b""),
    ]
)
def test_bcc_is_removed_and_nothing_else_changes(message: bytes, wanted: bytes):
    assert without_bcc(message) == wanted
