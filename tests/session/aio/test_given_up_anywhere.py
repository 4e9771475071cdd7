"""Calls that are cancelled at any await, and the session that they leave behind."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Awaitable, Callable
from smtplib import SMTPException
from typing import Any

import pytest
from heloscope.session import Session
from heloscope.session.errors import ConnectionLost
from heloscope.session.events import SERVER
from heloscope.session.protocol.states import State
from heloscope.session.timeouts import Timeouts
from heloscope.session.tls.handshake import TlsSettings
from support.made_certificates import Made
from support.servers import Serve, serving
from support.tls_servers import server_context

A, B = "a@example.org", "b@example.org"
LONG = (b"x" * 998 + b"\r\n") * 15_600  # more than the buffers of both sides hold
HOST = "127.0.0.1"
PATIENCE = Timeouts.all(20)


# Calls that are given up


def everything(tls: ssl.SSLContext) -> Serve:
    """Return a server that offers everything, including STARTTLS."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        chunk = 0
        while line := await reader.readline():
            words = line.upper().split()
            verb = words[0] if words else b""
            if verb == b"EHLO":
                writer.write(b"250-server\r\n250-PIPELINING\r\n250-CHUNKING\r\n250-AUTH LOGIN\r\n")
                writer.write(b"250 STARTTLS\r\n")
            elif verb == b"STARTTLS":
                writer.write(b"220 go on\r\n")
                await writer.drain()
                await writer.start_tls(tls)
            elif verb == b"AUTH":
                writer.write(b"334 dXNlcg==\r\n")
                if await reader.readline():
                    writer.write(b"235 ok\r\n")
            elif verb == b"BDAT":
                chunk = int(words[1])
                await reader.readexactly(chunk)
                writer.write(b"250 ok\r\n")
            elif verb == b"DATA":
                writer.write(b"354 go on\r\n")
                while (await reader.readline()) not in (b".\r\n", b""):
                    pass
                writer.write(b"250 queued\r\n")
            else:
                writer.write(b"250 " + verb + b"\r\n")

    return serve


GIVEN_UP: dict[str, Callable[[Session], Awaitable[Any]]] = {
    "connect": lambda s: s.connect(),
    "sendmail": lambda s: s.sendmail(A, [B, B], b"text\r\n"),
    "sendmail one by one": lambda s: s.sendmail(A, [B, B], b"text\r\n", pipelining=False),
    "sendmail in chunks": lambda s: s.sendmail(A, [B, B], LONG[:700_000], chunking=True),
    "long sendmail": lambda s: s.sendmail(A, [B, B], LONG),
    "starttls": lambda s: s.starttls(),
    "login": lambda s: s.login("alice", "wonderland", in_clear=True),
    "quit": lambda s: s.quit(),
    "close": lambda s: s.close(),
}


@pytest.mark.parametrize("call", GIVEN_UP)
async def test_a_call_may_be_aborted_at_any_await(call: str, good: Made, ca_file: str):
    """The call is cancelled after increasing numbers of loop iterations, until it completes."""
    async with serving(everything(server_context(good))) as port:
        few = (0, 3, 10, 20, 40, 80)
        for turns in few if call == "long sendmail" else range(1000):
            session = Session(
                HOST, port, timeouts=PATIENCE, local_hostname="me.example",
                tls=TlsSettings(ca_file=ca_file),
            )  # fmt: skip
            if call != "connect":
                await session.connect()
                await session.ehlo()
            task = asyncio.ensure_future(GIVEN_UP[call](session))
            for _ in range(turns):
                await asyncio.sleep(0)
            through = task.done()
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task  # raises what it came to, if that is an error
            await still_of_use(session)
            if through:
                break
        else:
            assert call == "long sendmail", "it did not end"


async def still_of_use(session: Session) -> None:
    """Check that NOOP gets the right reply unless an exchange is in progress; close the session."""
    talk = session.conversation
    if session.connected and talk.state in (State.READY, State.MAIL, State.RCPT, State.GREETED):
        in_order = not any(verb in ("DATA", "AUTH", "STARTTLS", "QUIT", "BDAT", "BDAT LAST")
                           for _, verb in talk.unanswered)  # fmt: skip
        if in_order:
            assert await session.docmd("NOOP") == (250, b"NOOP")
            assert talk.unanswered == ()
    await session.close()
    assert not session.connected
    said = session.transcript.joined(SERVER)
    assert said == b"" or said.startswith(b"220 ready\r\n")
    with pytest.raises((ConnectionLost, SMTPException)):
        await session.noop()
