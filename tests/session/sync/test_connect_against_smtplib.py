"""`SMTP` compared with smtplib: every way to connect, and servers that are silent."""

from __future__ import annotations

import smtplib
import socket
from itertools import product
from typing import Any

import pytest
from support.rows import for_each
from support.smtplib_oracle import (
    PAIRS,
    SILENCE,
    Call,
    Says,
    TableServer,
    both,
    outcome_of,
)

A, B, C, D = "a@example.org", "b@example.org", "c@example.org", "d@example.org"


# Connecting


def reachable(server: TableServer) -> list[tuple[str, Call]]:
    port = server.port
    return [
        ("host and port", lambda cls: cls("127.0.0.1", port, "me.example", 10)),
        ("one word", lambda cls: cls(f"127.0.0.1:{port}", local_hostname="me.example")),
        ("later", lambda cls: _connected(cls(local_hostname="me.example"), "127.0.0.1", port)),
        ("later, one word", lambda cls: _connected(cls("", 0, "me"), f"127.0.0.1:{port}")),
        ("port as text", lambda cls: _connected(cls(), "127.0.0.1", str(port))),
        ("source", lambda cls: cls("127.0.0.1", port, source_address=("127.0.0.1", 0))),
        ("source later", lambda cls: _connected(cls(), "127.0.0.1", port, ("127.0.0.1", 0))),
        ("no timeout", lambda cls: cls("127.0.0.1", port, timeout=None)),
    ]


def _connected(smtp: Any, *where: Any) -> Any:
    assert smtp.connect(*where) == (220, b"ready")
    return smtp


@pytest.mark.parametrize("number", range(8))
def test_every_way_to_connect(server: TableServer, number: int):
    name, make = reachable(server)[number]
    seen = []
    for cls in PAIRS["SMTP"]:
        with server.playing(Says()) as got, make(cls) as smtp:
            smtp.ehlo()
            seen.append(
                (
                    smtp.sock.gettimeout(), smtp.timeout, smtp.source_address, smtp.local_hostname,
                    smtp.ehlo_resp, smtp.sock.getpeername(),
                )
            )  # fmt: skip
        seen[-1] += (bytes(got), smtp.sock)
    assert seen[0] == seen[1], name


@for_each(
    product(
        [
            lambda cls: cls("127.0.0.1", 1, timeout=5),
            lambda cls: cls("127.0.0.1:port"),
            lambda cls: cls("127.0.0.1", timeout=0),
            lambda cls: cls("name.invalid", 25, timeout=5),
            lambda cls: cls().connect("127.0.0.1:x:1"),
            lambda cls: cls().noop(),
            lambda cls: cls().getreply(),
            lambda cls: cls().ehlo(),
            lambda cls: cls().sendmail(A, B, "x"),
            lambda cls: cls().login("alice", "wonderland"),
            lambda cls: cls().starttls(),
            lambda cls: cls().quit(),
            lambda cls: cls().close(),
            lambda cls: cls().send(b"x"),
            lambda cls: cls().putcmd("a\nb"),
            lambda cls: cls().docmd("a", "b\r"),
            lambda cls: cls().has_extn("x"),
            lambda cls: cls().__enter__().__exit__(None, None, None),
        ],
        PAIRS,
    )
)
def test_without_a_connection(make: Call, pair: str):
    theirs, ours = (outcome_of(make, cls) for cls in PAIRS[pair])
    assert ours == theirs


def test_a_server_that_does_not_want_to(server: TableServer):
    for says in (Says(greeting=b"554 5.3.2 no\r\n"), Says(greeting=b"hello\r\n")):
        seen = []
        for cls in PAIRS["SMTP"]:
            with server.playing(says):
                seen.append(outcome_of(lambda cls: cls("127.0.0.1", server.port), cls))
        assert seen[0] == seen[1]
        assert seen[0][1] is smtplib.SMTPConnectError


def test_lmtp_on_a_unix_socket(tmp_path: Any):
    path = str(tmp_path / "s")
    for cls in PAIRS["LMTP"]:
        server = TableServer(socket.socket(socket.AF_UNIX), path)
        with server.playing(Says()) as got, cls(path, local_hostname="me.example") as lmtp:
            assert lmtp.ehlo() == (250, b"server")
        assert got == b"lhlo me.example\r\nQUIT\r\n"
        server.close()
        (tmp_path / "s").unlink()
    theirs, ours = (
        outcome_of(lambda cls: cls(path, local_hostname="me.example"), cls) for cls in PAIRS["LMTP"]
    )
    assert ours == theirs


# Silence


@pytest.mark.parametrize(
    ("says", "calls"),
    [
        (Says(EHLO=SILENCE), (lambda s: s.ehlo(),)),
        (Says(EHLO=b"250-server\r\n250 SI"), (lambda s: s.ehlo(),)),
        (Says(MAIL=SILENCE), (lambda s: s.ehlo(), lambda s: s.sendmail(A, B, "x"))),
        (Says(DATA=SILENCE), (lambda s: s.ehlo(), lambda s: s.mail(A), lambda s: s.data("x"))),
        (Says(dot=SILENCE), (lambda s: s.docmd("DATA"), lambda s: s.docmd("."))),
    ],
    ids=["EHLO", "half a reply", "MAIL", "DATA", "dot"],
)
def test_a_server_that_is_silent(server: TableServer, says: Says, calls: tuple[Call, ...]):
    *before, last = calls
    impatient: Call = lambda s: s.sock.settimeout(0.02)  # noqa: E731
    theirs, _ = both(server, says, *before, impatient, last, lambda s: s.noop())
    assert theirs.outcomes[-2][2]["args"] == ("Connection unexpectedly closed: timed out",)
    assert theirs.after["sock"]


@pytest.mark.parametrize("greeting", [SILENCE, b"220", b"220-a\r\n"])
def test_a_server_that_does_not_greet(server: TableServer, greeting: Any):
    both(server, Says(greeting=greeting), timeout=0.02)
