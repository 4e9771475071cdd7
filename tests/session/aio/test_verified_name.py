"""TLS verifies the name of the host to which this connection was made."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from pathlib import Path

import pytest
from heloscope.session import Session, TlsSettings
from support import made_certificates as made
from support.servers import serving
from support.tls_servers import server_context

pytestmark = pytest.mark.every_loop

NAMES = ("localhost", "127.0.0.1")


def starttls(context: ssl.SSLContext):
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        with contextlib.suppress(OSError):
            while line := await reader.readline():
                if line.upper().startswith(b"STARTTLS"):
                    writer.write(b"220 go on\r\n")
                    await writer.start_tls(context)
                elif line.upper().startswith(b"EHLO"):
                    writer.write(b"250-hello\r\n250 STARTTLS\r\n")
                else:
                    writer.write(b"221 bye\r\n")

    return serve


@pytest.fixture
def settings(tmp_path: Path) -> TlsSettings:
    made.authority().cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    return TlsSettings(ca_file=str(tmp_path / "ca.pem"))


async def secured(session: Session) -> bool:
    await session.ehlo()
    try:
        await session.starttls()
    except ssl.SSLCertVerificationError:
        return False
    await session.close()
    return True


@pytest.mark.parametrize("issued_for", NAMES)
async def test_starttls_verifies_the_host_of_each_connection(
    settings: TlsSettings, issued_for: str
):
    context = server_context(made.by(made.authority(), issued_for))
    async with serving(starttls(context)) as port:
        session = Session(tls=settings, timeout=20)
        for name in (*NAMES, *reversed(NAMES)):
            await session.connect(name, port)
            assert await secured(session) == (name == issued_for)


@pytest.mark.parametrize("issued_for", NAMES)
async def test_implicit_tls_verifies_the_host_of_each_connection(
    settings: TlsSettings, issued_for: str
):
    context = server_context(made.by(made.authority(), issued_for))

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        await reader.read()

    async with serving(serve, tls=context) as port:
        session = Session(tls=settings, timeout=20)
        for name in (*NAMES, *reversed(NAMES)):
            try:
                await session.connect(f"smtps://{name}:{port}")
            except ssl.SSLCertVerificationError:
                assert name != issued_for
            else:
                assert name == issued_for
            await session.close()


async def test_a_connection_that_is_refused_or_not_made_changes_no_name(settings: TlsSettings):
    context = server_context(made.by(made.authority(), "localhost"))
    async with serving(starttls(context)) as port:
        session = Session(tls=settings, timeout=20)
        await session.connect("127.0.0.1", port)
        with pytest.raises(RuntimeError):
            await session.connect("localhost", port)
        with pytest.raises(RuntimeError):
            await session.run("connect", Session("localhost", port).target)
        assert not await secured(session)
        async with serving(starttls(context)) as other:
            pass
        with pytest.raises(OSError, match="refused"):
            await session.connect("127.0.0.1", other)
        await session.connect("localhost", port)
        assert await secured(session)
