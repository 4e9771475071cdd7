"""heloscope sends the same as swaks over TLS, both with STARTTLS and from the first byte.

What is sent is written out. If swaks is installed, it is also run against the same server, which is
aiosmtpd with a certificate made by trustme.
"""

from __future__ import annotations

import asyncio
import os
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import SMTP, AuthResult
from support.made_certificates import authority, good
from support.swaks_lines import OURS, SWAKS, comparable, divided, run
from support.tls_servers import server_context

T = "--to bob@example.org --from ann@example.net --helo me.example --server 127.0.0.1:PORT"
EHLO, STARTTLS = "EHLO me.example", "STARTTLS"
SENDING = ["MAIL FROM:<ann@example.net>", "RCPT TO:<bob@example.org>", "DATA", "QUIT"]
LOGIN = "-au ann -ap s3cret-word"
VERIFIED = "--tls-verify --tls-ca-path CA --tls-sni mail.example.org"
# line -> what the client says, without the message
LINES: list[tuple[str, list[str]]] = [
    (f"swaks {T} --tls", [EHLO, STARTTLS, EHLO, *SENDING]),
    (f"swaks {T} -tlso -a LOGIN {LOGIN}",
     [EHLO, STARTTLS, EHLO, "AUTH LOGIN", "YW5u", "czNjcmV0LXdvcmQ=", *SENDING]),
    (f"swaks {T} --protocol ESMTPSA {LOGIN} --attach @BODY",
     [EHLO, STARTTLS, EHLO, "AUTH LOGIN", "YW5u", "czNjcmV0LXdvcmQ=", *SENDING]),
    (f"swaks {T} -tls {VERIFIED} --quit-after HELO", [EHLO, STARTTLS, EHLO, "QUIT"]),
    (f"swaks {T} -tls --quit-after TLS", [EHLO, STARTTLS, "QUIT"]),
    (f"swaks {T} -tls --drop-after-send HELO", [EHLO, STARTTLS, EHLO]),
]  # fmt: skip
AT_ONCE: list[tuple[str, list[str]]] = [
    (f"swaks {T} --tls-on-connect -a PLAIN {LOGIN}",
     [EHLO, "AUTH PLAIN AGFubgBzM2NyZXQtd29yZA==", *SENDING]),
    (f"swaks {T} --protocol SSMTP {VERIFIED}", [EHLO, *SENDING]),
    (f"swaks {T} -tlsc --tls-protocol tlsv1_2 -q RCPT", [EHLO, *SENDING[:2], "QUIT"]),
]  # fmt: skip


class Server(SMTP):
    """An aiosmtpd server that records every octet from the client, outside and inside TLS."""

    def __init__(self, heard: list[bytes], over: asyncio.Event, context: ssl.SSLContext | None):
        super().__init__(
            Sink(), hostname="mx.example", tls_context=context, auth_require_tls=False,
            authenticator=lambda *_: AuthResult(success=True),
        )  # fmt: skip
        self._heard = heard
        self._over = over

    def data_received(self, data: bytes) -> None:
        self._heard.append(data)
        super().data_received(data)

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self._over.set()


@asynccontextmanager
async def serving(heard: list[bytes], *, at_once: bool) -> AsyncIterator[int]:
    """Run the server on a port of its own until the client has gone. Yield the port."""
    context, over = server_context(good()), asyncio.Event()
    listener = await asyncio.get_running_loop().create_server(
        lambda: Server(heard, over, None if at_once else context), "127.0.0.1", 0,
        ssl=context if at_once else None,
    )  # fmt: skip
    async with listener:
        yield listener.sockets[0].getsockname()[1]
        await asyncio.wait_for(over.wait(), 10)


async def said(program: str, line: str, folder: Path, *, at_once: bool) -> tuple[list[str], bytes]:
    heard: list[bytes] = []
    async with serving(heard, at_once=at_once) as port:
        await run(program, line, port, folder)
    return divided(b"".join(heard).splitlines(keepends=True))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "BODY").write_text("first line\n.second\n\nlast\n")
    (tmp_path / "CA").write_bytes(authority().cert_pem.bytes())
    return tmp_path


@pytest.mark.parametrize(
    ("line", "wanted", "at_once"),
    [(*each, False) for each in LINES] + [(*each, True) for each in AT_ONCE],
    ids=range(len(LINES) + len(AT_ONCE)),
)
async def test_heloscope_says_in_tls_what_swaks_says(
    line: str, wanted: list[str], at_once: bool, folder: Path
):
    commands, message = await said(OURS, line, folder, at_once=at_once)
    assert commands == wanted
    assert bool(message) == ("DATA" in wanted)
    if SWAKS is None:
        pytest.skip("swaks is not installed: only the conversation that is written out is compared")
    theirs, their_message = await said(SWAKS, line, folder, at_once=at_once)
    assert theirs == wanted
    assert comparable(message) == comparable(their_message)


async def test_the_certificates_of_the_server_are_written(folder: Path):
    heard: list[bytes] = []
    line = f"swaks {T} -tls -q TLS --tls-get-peer-cert BODY --tls-get-peer-chain"
    async with serving(heard, at_once=False) as port:
        status, output = await run(OURS, line, port, folder)
    begin = b"-----BEGIN CERTIFICATE-----"
    assert status == 0
    assert (folder / "BODY").read_bytes().count(begin) == 1
    assert output.count(begin) == len(good().certificates)


async def test_a_certificate_is_not_written_into_a_named_pipe_that_no_program_reads(folder: Path):
    (folder / "BODY").unlink()
    os.mkfifo(folder / "BODY")
    line = f"swaks {T} -tls -q TLS --tls-get-peer-cert BODY"
    async with serving([], at_once=False) as port:
        status, output = await run(OURS, line, port, folder)
    assert status == 0
    assert b"cannot be written to " in output
    assert output.rstrip().endswith(b"no program is reading from this named pipe or socket.")
