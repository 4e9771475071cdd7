"""`heloscope probe` sends the right commands, prints the findings, and returns the right status."""

from __future__ import annotations

import asyncio
import json
import ssl
from pathlib import Path
from typing import Any

import pytest
from support import made_certificates as made
from support.commands import heloscope
from support.servers import Serve, VerbServer, script, script_in_tls, serving
from support.tls_servers import server_context

INSIDE = """
C: EHLO
S: 250-mail.example.org
S: 250-PIPELINING
S: 250-SIZE 1000
S: 250-8BITMIME
S: 250 AUTH PLAIN
C: VRFY no-such-name-4c1f8e27
S: 252 2.0.0 no-such-name-4c1f8e27
C: VRFY postmaster
S: 252 2.0.0 postmaster
C: EXPN postmaster
S: 502 5.5.1 no
C: HELP
S: 214 2.0.0 see the manual
C: RSET
C: RSET
C: NOOP
S: 250 2.0.0 ok
S: 250 2.0.0 ok
S: 250 2.0.0 ok
C: QUIT
S: 221 2.0.0 bye
"""
CLEAR = """
S: 220 mail.example.org ESMTP
C: EHLO
S: 250-mail.example.org
S: 250-SIZE 1000
S: 250 STARTTLS
C: STARTTLS
S: 220 go ahead
"""


async def probe(*arguments: str, **environment: str) -> tuple[int, str, str]:
    """Run `heloscope probe`. Return the exit status, standard output and standard error."""
    return await heloscope("probe", *arguments, environment=environment)


async def probed(serve: Serve, *arguments: str, **how: Any) -> tuple[int, str, str]:
    async with serving(serve, **how) as port:
        return await probe(f"127.0.0.1:{port}", *arguments, "--no-record")


def ca_file(folder: Path) -> str:
    path = folder / "ca.pem"
    made.authority().cert_pem.write_to_path(str(path))
    return str(path)


def words(out: str) -> str:
    return " ".join(out.split())


# What is asked


async def test_no_mail_is_begun_and_nobody_logs_in():
    server = VerbServer("PIPELINING", "8BITMIME", "SIZE 1000", "AUTH PLAIN")
    await probed(server, "--ehlo", "client.example")
    assert server.heard == [
        b"EHLO client.example\r\n", b"VRFY no-such-name-4c1f8e27\r\n", b"VRFY postmaster\r\n",
        b"EXPN postmaster\r\n", b"HELP\r\n",
        b"RSET\r\n", b"RSET\r\n", b"NOOP\r\n", b"QUIT\r\n",
    ]  # fmt: skip


async def test_both_sides_of_starttls_are_told(tmp_path: Path):
    serve = script_in_tls(CLEAR, server_context(made.good()), INSIDE)
    status, out, err = await probed(serve, "--ca", ca_file(tmp_path), "--server-name", made.HOST)
    assert (status, err) == (0, "")
    said = words(out)
    assert "Without TLS: SIZE 1000, STARTTLS" in said
    assert "Over TLS: PIPELINING, SIZE 1000, 8BITMIME, AUTH PLAIN" in said
    assert f"Certificate: for {made.HOST}, issued by " in said
    assert f"The certificate of {made.HOST} was verified" in said
    assert "good Login Login is offered only over TLS, with PLAIN. (RFC 4954 4)" in said
    assert "RSET, RSET and NOOP, sent together, were answered with 250, 250 and 250." in said
    assert said.endswith("0 problems, 0 notices")
    assert "\x1b" not in out


async def test_a_certificate_that_fails_is_looked_at_in_a_second_connection(tmp_path: Path):
    serve = script_in_tls(CLEAR, server_context(made.expired()), INSIDE)
    status, out, err = await probed(serve, "--ca", ca_file(tmp_path), "--server-name", made.HOST)
    assert (status, err) == (4, "")
    said = words(out)
    assert f"problem Certificate The certificate of {made.HOST} expired on" in said
    assert "second, unverified connection, without logging in." in said
    assert "Over TLS: PIPELINING" in said
    assert "good VRFY" in said


async def test_where_the_handshake_fails_the_rest_is_asked_in_clear():
    server = VerbServer("STARTTLS", "SIZE 1000", VRFY="252 no")

    async def broken(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await script(CLEAR)(reader, writer)
        if await reader.read(1) == b"\x16":
            writer.write(b"junk, and no handshake\r\n")

    times = [broken, server]

    async def both(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await times.pop(0)(reader, writer)

    status, out, err = await probed(both)
    assert (status, err) == (4, "")
    assert "problem TLS" in words(out)
    assert "good VRFY" in words(out)
    assert b"STARTTLS\r\n" not in server.heard


async def test_tls_none_leaves_starttls_alone():
    server = VerbServer("STARTTLS", "8BITMIME")
    status, out, _ = await probed(server, "--tls", "none")
    assert b"STARTTLS\r\n" not in server.heard
    assert "notice TLS STARTTLS is offered but was not tried." in words(out)
    assert status == 0


@pytest.mark.parametrize("how", ["--tls", "smtps"])
async def test_implicit_tls(how: str, tmp_path: Path):
    context: ssl.SSLContext = server_context(made.good())
    inside = "S: 220 mail.example.org ESMTP\n" + INSIDE
    async with serving(script(inside), tls=context) as port:
        place = f"127.0.0.1:{port}"
        target = (f"smtps://{place}",) if how == "smtps" else (place, "--tls", "implicit")
        status, out, _ = await probe(
            *target, "--ca", ca_file(tmp_path), "--server-name", made.HOST, "--no-record"
        )
    assert status == 0
    assert "TLS starts with the first byte: TLSv1.3" in words(out)
    assert "Without TLS:" not in out


async def test_lmtp_on_a_socket_of_this_machine(tmp_path: Path):
    path = tmp_path / "lmtp"
    server = VerbServer(LHLO="250-server\r\n250-PIPELINING\r\n250 ENHANCEDSTATUSCODES")
    async with serving(server, path=path):
        status, out, _ = await probe(f"unix:{path}", "--no-record", "--ehlo", "me")
    assert server.heard[0] == b"LHLO me\r\n"
    assert "TLS is not offered. It is not needed" in words(out)
    assert status == 0


# Exit statuses


async def test_a_problem_is_1_and_with_strict_a_notice_too():
    notice = VerbServer("8BITMIME", "SIZE 1")
    assert (await probed(notice))[0] == 0
    assert (await probed(notice, "--strict"))[0] == 1
    assert (await probed(VerbServer("8BITMIME", "AUTH PLAIN")))[0] == 1


@pytest.mark.parametrize(
    ("text", "arguments", "status", "words_"),
    [
        ("S: 554 5.3.2 no mail here\nC: QUIT\nS: 221 bye", (), 1, "The greeting is 554 5.3.2"),
        ("S: 220 mail.example.org", (), 3, "The connection ended before all checks were made:"),
        ("S: 220 x.example\nC: EHLO\nS: 250 x\nC: VRFY", (), 3, "before all checks were made:"),
        (
            ("S: 220 x.org\nC: E\nS: 250 x\nC: V\nS: 252 x\nC: V\nS: 252 x\nC: E\nS: 252 x\n"
            "C: H\nS: 214 x\nC: Q"),
            ("--tls", "required"), 4, "STARTTLS is not offered, but TLS is required here.",
        ),
        (
            "S: 220 x.example\nC: EHLO\nS: 250 STARTTLS\nC: STARTTLS\nS: 454 4.7.0 no\nC: QUIT",
            ("--tls", "required"), 3, "454",
        ),
    ],
)  # fmt: skip
async def test_the_exit_status(text: str, arguments: Any, status: int, words_: str):
    got, out, err = await probed(script(text), *arguments)
    assert (got, err) == (status, "")
    assert words_ in words(out)


async def test_no_connection_is_3_and_told_with_its_reason():
    status, out, err = await probe("127.0.0.1:1", "--no-record")
    assert (status, err) == (3, "")
    assert "127.0.0.1:1 refused the connection." in words(out)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "probe: Missing argument 'TARGET...'."),
        (("nobody@example.org",), "probe: nobody@example.org is an email address, not a server"),
        (("a", "b", "--record", "x"), "probe: --record FILE can record only one"),
        (("a", "--login", "me"), "probe: No such option '--login'"),
        (("a", "--ca", "/nowhere"), "probe: Cannot read the CA file /nowhere"),
    ],
)
async def test_bad_input_is_one_sentence(arguments: tuple[str, ...], sentence: str):
    status, out, err = await probe(*arguments)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert sentence in err


async def test_quiet_prints_the_problems_alone_on_standard_error():
    status, out, err = await probed(VerbServer("8BITMIME", "AUTH PLAIN"), "--quiet")
    assert (status, out, err.count("\n")) == (1, "", 1)
    assert ": Login: Login is offered without TLS, with PLAIN: " in err
    assert await probed(VerbServer("8BITMIME"), "--quiet") == (0, "", "")
    status, out, err = await probe("127.0.0.1:1", "--no-record", "--quiet")
    assert (status, out, err.count("\n")) == (3, "", 1)
    assert (
        "127.0.0.1:1: Connection: Connecting failed: 127.0.0.1:1 refused the connection. The "
        "host is up, but nothing listens on that port, or a firewall rejects the connection. Check "
    ) in err


async def test_quiet_and_strict_print_the_notices_too():
    status, out, err = await probed(VerbServer("8BITMIME"), "--quiet", "--strict")
    assert (status, out) == (1, "")
    assert ": TLS: STARTTLS is not offered, " in err


async def test_help_says_how_long_a_reply_is_waited_for():
    _, out, _ = await probe("--help")
    assert "Wait this long for each reply (default: 30)." in words(out)


# Several targets


async def test_several_targets_are_told_in_their_order_and_then_side_by_side():
    first, second = VerbServer("8BITMIME", "SIZE 1024"), VerbServer("PIPELINING", VRFY="252 x")
    async with serving(first) as one, serving(second) as two:
        status, out, _ = await probe(f"127.0.0.1:{one}", f"127.0.0.1:{two}", "127.0.0.1:1",
                                     "--no-record")  # fmt: skip
    assert status == 3
    lines = out.splitlines()
    heads = [line for line in lines if line.startswith("127.0.0.1:")]
    assert heads == [f"127.0.0.1:{one}", f"127.0.0.1:{two}", "127.0.0.1:1"]
    table = lines[lines.index("  1 problem, 0 notices") + 2 :]
    assert table[0].split() == heads
    assert [line.split() for line in table if line.startswith(("Size", "VRFY", "TLS"))] == [
        ["TLS", "none", "none", "-"],
        ["Size", "1", "KiB", "not", "offered", "-"],
        ["VRFY", "250", "252", "-"],
    ]


async def test_they_are_asked_at_the_same_time():
    both = asyncio.Event()
    waiting: list[int] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        waiting.append(1)
        if len(waiting) == 2:
            both.set()
        await both.wait()
        await VerbServer("8BITMIME")(reader, writer)

    async with serving(serve) as one, serving(serve) as two:
        status, _, _ = await probe(f"127.0.0.1:{one}", f"127.0.0.1:{two}", "--no-record")
    assert status == 0


# JSON


async def test_json_is_an_object_a_target():
    server = VerbServer("SIZE 1000", "AUTH PLAIN", "PIPELINING", VRFY="252 2.0.0 x")
    status, out, err = await probed(server, "--json")
    assert (status, err) == (1, "")
    (line,) = out.splitlines()
    got = json.loads(line)
    assert got["greeting"] == {"code": 220, "enhanced": None, "text": "ready"}
    assert got["clear"] == {"SIZE": ["1000"], "AUTH": ["PLAIN"], "PIPELINING": []}
    assert (got["over_tls"], got["tls"], got["certificate"]) == (None, None, None)
    assert got["replies"]["VRFY"] == {"code": 252, "enhanced": "2.0.0", "text": "2.0.0 x"}
    assert got["group"] == [
        {"command": "RSET", "code": 250}, {"command": "RSET", "code": 250},
        {"command": "NOOP", "code": 250},
    ]  # fmt: skip
    assert {
        "key": "login-clear-readable", "subject": "login", "grade": "problem",
        "text": "Login is offered without TLS, with PLAIN: the password or token itself would be "
        "sent unencrypted.", "source": "RFC 4954 4",
    } in got["findings"]  # fmt: skip
    assert got["counts"]["problem"] == 1
    assert (got["error"], got["status"]) == ("", 1)


async def test_the_conversation_is_recorded_with_both_connections(tmp_path: Path):
    path = tmp_path / "made.jsonl"
    serve = script_in_tls(CLEAR, server_context(made.expired()), INSIDE)
    async with serving(serve) as port:
        await probe(
            f"127.0.0.1:{port}", "--ca", ca_file(tmp_path), "--server-name", made.HOST,
            "--record", str(path),
        )  # fmt: skip
    said = path.read_text()
    assert said.count('"STARTTLS\\r\\n"') == 2
    assert "VRFY postmaster" in said


# Hostile servers


@pytest.mark.parametrize(
    "said",
    [
        b"220 " + b"x" * 3_000_000,
        b"220-x\r\n" * 400_000,
        b"220 x\r\n" + b"250 unasked\r\n" * 200_000,
        b"\x00\x1b]0;title\x07\r\n",
        b"\xff\xfe\x9b31m\r\n",
        b"",
    ],
    ids=["endless-greeting", "endless-lines", "flood", "nul", "c1", "silence"],
)
async def test_a_hostile_greeting_ends_in_a_finding(said: bytes):
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(said)
        await reader.read()

    status, out, err = await probed(serve, "--timeout", "2", "--within", "5")
    assert status in (1, 3)
    assert err == ""
    assert out.replace("\n", "").isprintable()
    assert len(out) < 5000


async def test_a_tarpit_is_left_when_the_time_is_over():
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await VerbServer("8BITMIME", VRFY=(asyncio.Event(), "250 never"))(reader, writer)

    status, out, err = await probed(serve, "--within", "1.5")
    assert (status, err) == (3, "")
    assert "not every question was asked within 1.5 seconds." in words(out)


async def test_a_flood_of_extensions_is_cut():
    server = VerbServer(*(f"X-{number}" for number in range(3000)))
    status, out, err = await probed(server)
    assert (status, err) == (0, "")
    assert "and 899 more" in words(out)
    assert len(out) < 10_000
