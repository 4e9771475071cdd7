"""A transport is closed only once."""

from __future__ import annotations

import asyncio

from heloscope.session.closing import close_once
from support.practice_server import practising, unverified


async def test_a_transport_of_tls_that_is_closed_twice_can_still_be_asked_and_aborted():
    async with practising() as server:
        _, writer = await asyncio.open_connection(server.host, server.tls_port, ssl=unverified())
        close_once(writer.transport)
        close_once(writer.transport)
        assert writer.transport.get_extra_info("ssl_object") is not None
        writer.transport.abort()
        await writer.wait_closed()
