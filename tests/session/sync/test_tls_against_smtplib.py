"""`SMTP.starttls` and `SMTP_SSL` compared with smtplib's, with TLS on real sockets."""

from __future__ import annotations

import smtplib
import ssl
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from heloscope.session import SMTP, SMTP_SSL
from heloscope.session.events import (
    CLIENT,
    Cause,
    Disconnected,
    ExtensionsChanged,
    TlsFailed,
    TlsStarted,
    Violation,
)
from support.made_certificates import Made, authority, by, expired
from support.smtplib_oracle import HANG_UP, Call, Says, TableServer, outcome_of
from support.tls_servers import server_context

HOST = "127.0.0.1"
PLAIN = b"250-server\r\n250-STARTTLS\r\n250 AUTH LOGIN\r\n"
INSIDE = b"250-server\r\n250 SIZE\r\n"


@pytest.fixture(scope="module")
def good() -> Made:
    return by(authority(), HOST)


def trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority().configure_trust(context)
    return context


def trusting_nobody() -> ssl.SSLContext:
    return ssl.create_default_context()


def careless() -> ssl.SSLContext:
    return ssl._create_unverified_context()


Make = Callable[[type[Any], int], Any]


def exchange(
    server: TableServer, says: Says, cls: type[Any], make: Make, calls: tuple[Call, ...], wrap: Any
) -> tuple[Any, ...]:
    """Return the outcomes, what the server received, the state afterwards, and the object."""
    with server.playing(says, wrap) as got:
        made: Any = None

        def begin(cls: type[Any]) -> Any:
            nonlocal made
            made = make(cls, server.port)
            return type(made.sock)

        outcomes = [outcome_of(begin, cls)]
        if made is not None:
            outcomes += [outcome_of(call, made) for call in calls]
            known = (made.ehlo_resp, made.helo_resp, made.does_esmtp, made.esmtp_features)
            known += (made.sock is None,)
            made.close()
        else:
            known = ()
    return outcomes, bytes(got), known, made


def compare(
    server: TableServer, says: Says, classes: tuple[type[Any], type[Any]], make: Make, *calls: Call,
    wrap: Any = None,
) -> Any:  # fmt: skip
    """Check that both classes have the same results, and return ours."""
    theirs, ours = (exchange(server, says, cls, make, calls, wrap) for cls in classes)
    assert ours[:3] == theirs[:3]
    return ours


# STARTTLS


def start(context: Callable[[], ssl.SSLContext]) -> Call:
    return lambda smtp: smtp.starttls(context=context())


def clear(cls: type[Any], port: int) -> Any:
    return cls(HOST, port, "me.example", 10)


BOTH = (smtplib.SMTP, SMTP)


def test_starttls_and_what_is_known_after_it(server: TableServer, good: Made):
    says = Says(EHLO=[PLAIN, INSIDE], STARTTLS=(b"220 go\r\n", server_context(good)))
    outcomes, got, _, smtp = compare(
        server, says, BOTH, clear, start(trusting), lambda s: type(s.sock),
        lambda s: s.has_extn("auth"), lambda s: s.sendmail("a@x", "b@y", b".x\r\n" * 9000),
        lambda s: s.quit(),
    )  # fmt: skip
    assert outcomes[1] == ("returned", (220, b"go"))
    facts = list(smtp.transcript.events())
    assert [fact.verified for fact in facts if isinstance(fact, TlsStarted)] == [True]
    assert [fact.reason for fact in facts if isinstance(fact, ExtensionsChanged)] == [
        "EHLO", "TLS", "EHLO",
    ]  # fmt: skip
    assert smtp.transcript.joined(CLIENT) == got
    assert [row.tls for row in smtp.transcript if row.data == b"ehlo me.example\r\n"] == [
        False, True,
    ]  # fmt: skip


@pytest.mark.parametrize("context", [trusting_nobody, trusting])
@pytest.mark.parametrize("made", [lambda: by(authority(), "mx.example.net"), expired])
def test_a_certificate_that_is_not_good(
    server: TableServer, context: Callable[[], ssl.SSLContext], made: Callable[[], Made]
):
    says = Says(EHLO=PLAIN, STARTTLS=(b"220 go\r\n", server_context(made())))
    theirs, ours = (exchange(server, says, cls, clear, (start(context),), None) for cls in BOTH)
    assert theirs[0][1][:2] == ours[0][1][:2] == ("raised", ssl.SSLCertVerificationError)
    assert theirs[0][1][2]["verify_code"] == ours[0][1][2]["verify_code"]
    facts = list(ours[3].transcript.events())
    assert [type(fact) for fact in facts if isinstance(fact, TlsFailed | Disconnected)] == [
        TlsFailed, Disconnected,
    ]  # fmt: skip
    assert [fact.cause for fact in facts if isinstance(fact, Disconnected)] == [Cause.TLS_FAILED]


def test_a_context_that_checks_nothing(server: TableServer):
    says = Says(EHLO=[PLAIN, INSIDE], STARTTLS=(b"220 go\r\n", server_context(expired())))
    compare(server, says, BOTH, clear, start(careless), lambda s: s.ehlo())


def test_ours_verifies_where_no_context_is_given(server: TableServer, good: Made):
    says = Says(EHLO=[PLAIN, INSIDE], STARTTLS=(b"220 go\r\n", server_context(good)))
    theirs, ours = (
        exchange(server, says, cls, clear, (lambda s: s.starttls(),), None) for cls in BOTH
    )
    assert theirs[0][1] == ("returned", (220, b"go"))
    assert ours[0][1][:2] == ("raised", ssl.SSLCertVerificationError)


@pytest.mark.parametrize(
    "says",
    [
        Says(EHLO=PLAIN, STARTTLS=b"454 not now\r\n"),
        Says(EHLO=PLAIN, STARTTLS=HANG_UP),
        Says(EHLO=PLAIN, STARTTLS=(b"220 go\r\n", HANG_UP)),
        Says(EHLO=PLAIN, STARTTLS=b"220 go\r\n"),
        Says(),
    ],
    ids=["refused", "hang up", "hang up after 220", "no TLS after 220", "not offered"],
)
def test_starttls_that_comes_to_nothing(server: TableServer, says: Says):
    theirs, ours = (exchange(server, says, cls, clear, (start(trusting),), None) for cls in BOTH)
    assert theirs[0][1][1] is ours[0][1][1]
    assert [got[1].partition(b"STARTTLS")[0] for got in (theirs, ours)] == [ours[1][:17]] * 2
    assert theirs[0][1][0] == "raised"


def test_what_is_said_in_cleartext_after_220_is_not_a_reply(server: TableServer, good: Made):
    """With smtplib, OpenSSL reads such data as part of the handshake."""
    says = Says(
        EHLO=[PLAIN, INSIDE],
        STARTTLS=(b"220 go\r\n250-injected\r\n250 X\r\n", server_context(good)),
    )
    _, _, known, smtp = exchange(
        server, says, SMTP, clear, (start(trusting), lambda s: s.ehlo()), None
    )
    assert known[0] == b"server\nSIZE"
    assert [row.data for row in smtp.transcript if row.injected] == [
        b"250-injected\r\n", b"250 X\r\n",
    ]  # fmt: skip
    rules = [fact.rule for fact in smtp.transcript.events() if isinstance(fact, Violation)]
    assert "injected" in rules


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="keyfile and certfile are gone")
def test_a_context_and_files_exclude_each_other(server: TableServer, tmp_path: Path):
    says = Says(EHLO=PLAIN, STARTTLS=b"220 go\r\n")
    theirs, ours = (
        exchange(
            server, says, cls, clear,
            (lambda s: s.starttls(context=trusting(), keyfile=str(tmp_path)),), None,
        )
        for cls in BOTH
    )  # fmt: skip
    assert theirs[0][1] == ours[0][1]
    assert ours[0][1][1] is ValueError


# Implicit TLS

BOTH_SSL = (smtplib.SMTP_SSL, SMTP_SSL)


def implicit(context: Callable[[], ssl.SSLContext]) -> Make:
    return lambda cls, port: cls(HOST, port, "me.example", timeout=10, context=context())


def wrapping(made: Made) -> Callable[[Any], Any]:
    context = server_context(made)
    return lambda sock: context.wrap_socket(sock, server_side=True)


@pytest.mark.parametrize(
    "says",
    [
        Says(), Says(EHLO=b"502 what\r\n"), Says(greeting=b"554 no\r\n"), Says(greeting=HANG_UP),
        Says(dot=b"554 spam\r\n"), Says(dot=HANG_UP), Says(DATA=HANG_UP), Says(MAIL=b"421 no\r\n"),
        Says(EHLO=b"250 " + b"x" * 9000 + b"\r\n"),
    ],
)  # fmt: skip
def test_the_same_outcome_in_implicit_tls(server: TableServer, good: Made, says: Says):
    compare(
        server, says, BOTH_SSL, implicit(trusting),
        lambda s: s.sendmail("a@x", ["b@y", "c@z"], b".x\r\n" * 50_000), lambda s: s.noop(),
        lambda s: s.quit(), wrap=wrapping(good),
    )  # fmt: skip


def test_a_bad_certificate_in_implicit_tls(server: TableServer):
    theirs, ours = (
        exchange(server, Says(), cls, implicit(trusting), (), wrapping(expired()))
        for cls in BOTH_SSL
    )
    assert theirs[0][0][:2] == ours[0][0][:2] == ("raised", ssl.SSLCertVerificationError)


def test_implicit_tls_with_a_server_that_speaks_in_cleartext(server: TableServer):
    theirs, ours = (exchange(server, Says(), cls, implicit(trusting), (), None) for cls in BOTH_SSL)
    assert theirs[0][0][:2] == ours[0][0][:2] == ("raised", ssl.SSLError)


def test_the_default_port_and_the_context_can_be_read():
    for cls in BOTH_SSL:
        context = trusting()
        smtp = cls(context=context)
        assert smtp.default_port == 465
        assert smtp.context is context
        assert isinstance(cls().context, ssl.SSLContext)
