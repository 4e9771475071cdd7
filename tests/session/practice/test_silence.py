"""A silent client learns what to send; nothing is diagnosed while the server owes a reply."""

from __future__ import annotations

from support.observed_clients import ENVELOPE, GREETED, MESSAGE, observed
from support.rows import for_each

HANGING: dict[str, tuple[str, str, str]] = {
    "after the greeting": (
        "S: 220 hi\n",
        "your-turn",
        "nothing for 5 seconds after the greeting",
    ),
    "after a reply": (
        GREETED,
        "idle",
        "nothing for 5 seconds after the 250 reply to EHLO (7 lines)",
    ),
    "after a reply to nothing that is known": (
        GREETED + "C: FROBNICATE\nS: 250 ok\n",
        "idle",
        "nothing for 5 seconds after the 250 reply to the last command",
    ),
    "within a command": (
        GREETED + "c: MAIL FROM:<a@b.example>\n",
        "no-line-end",
        '23 octets and no line ending for 5 seconds: CRLF must follow "MAIL FROM:<a@b.example>"',
    ),
    "before LF": (
        GREETED + "c: NOOP\\r\n",
        "cr-without-lf",
        '5 octets with a CR, but no LF, for 5 seconds: "NOOP\\r"',
    ),
    "after the text of a bytes object": (
        "S: 220 hi\nc: b'EHLO x\\\\r\\\\n'\n",
        "python-bytes",
        "13 octets and no line ending for 5 seconds: CRLF must follow \"b'EHLO x\\r\\n'\"",
    ),
    "after a line end as text": (
        "S: 220 hi\nc: EHLO x\\\\r\\\\n\n",
        "escape-sent",
        '10 octets and no line ending for 5 seconds: CRLF must follow "EHLO x\\r\\n"',
    ),
    "after 354": (
        MESSAGE,
        "message-not-ended",
        "nothing for 5 seconds within the message, which has not ended",
    ),
    "within a line of the message": (
        MESSAGE + "c: From: a@b\n",
        "message-not-ended",
        '9 octets of the message and no line ending for 5 seconds: "From: a@b"',
    ),
    "after the dot": (
        MESSAGE + "C: From: a@b\nc: .\n",
        "message-not-ended",
        "a dot at the end of the message, and no CRLF after it for 5 seconds",
    ),
    "after a dot and LF": (
        MESSAGE + "C: From: a@b\nc: .\\n\n",
        "dot-at-bare-lf",
        "a dot next to a bare LF, and nothing more for 5 seconds",
    ),
    "after LF and a dot": (
        MESSAGE + "c: From: a@b\\n.\\r\\n\n",
        "dot-at-bare-lf",
        "a dot next to a bare LF, and nothing more for 5 seconds",
    ),
    "within a chunk": (
        ENVELOPE + "C: BDAT 100 LAST\nc: From: a@b\n",
        "chunk-short",
        "91 octets are missing from a BDAT chunk for 5 seconds",
    ),
    "after 334": (
        GREETED + "C: AUTH CRAM-MD5\nS: 334 PDE+\n",
        "auth-silent",
        "no response to the 334 for 5 seconds",
    ),
    "within an answer": (
        GREETED + "C: AUTH CRAM-MD5\nS: 334 PDE+\nc: c2VjcmV0\n",
        "no-line-end",
        "8 octets of an AUTH response and no line ending for 5 seconds",
    ),
    "after the 220 to STARTTLS": (
        GREETED + "C: STARTTLS\nS: 220 go\n",
        "tls-not-begun",
        "no TLS handshake for 5 seconds after the 220 to STARTTLS",
    ),
}


@for_each(HANGING.values())
def test_a_silent_client_is_told_what_it_has_to_send(script: str, rule: str, seen: str):
    told = observed(script)
    told.diagnoses.clear()
    told.silent()
    assert [(each.rule, each.seen) for each in told.diagnoses] == [(rule, seen)]


@for_each(
    [
        "c:",  # the greeting has not come
        "c: EHLO",
        GREETED + "C: VRFY bob\n",
        MESSAGE + "C: .\n",
        GREETED + "C: QUIT\nS: 221 bye\n",
        ENVELOPE + "C: DATA\nc: From\n",
    ]
)
def test_nothing_is_reported_while_it_is_the_servers_turn(script: str):
    told = observed(script)
    told.diagnoses.clear()
    assert told.silent().rules == []


def test_a_client_that_waits_for_a_greeting_where_tls_comes_first_is_told_so():
    told = observed("c:", implicit_tls=True).silent()
    assert (told.rules, told.seen) == (["tls-silent"], ["no TLS handshake for 5 seconds"])


def test_once_tls_has_begun_the_greeting_is_the_servers_turn():
    told = observed("c:", implicit_tls=True)
    told.observer.tls_began("TLSv1.3", "TLS_AES_256_GCM_SHA384", 0.0)
    assert told.silent().rules == []
    assert told.play("S: 220 hi").silent().rules == ["your-turn"]


def test_an_incomplete_line_is_shown_without_a_secret():
    told = observed(GREETED + "c: AUTH PLAIN AGFsaWNlAHdvbmRlcmxhbmQ=\n").silent()
    assert told.rules == ["no-line-end"]
    assert "AGFsaWNl" not in told.seen[0] and "AUTH PLAIN ***" in told.seen[0]
