"""Painting only paints: what follows from an event does not wait for a frame, nor come of one."""

from __future__ import annotations

from unittest import mock

from heloscope.app.main.reactions import Reactions
from heloscope.session.protocol.states import State
from support.stage import Stage


async def test_frames_begin_no_handshake():
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        with mock.patch.object(Reactions, "run", lambda self: setattr(self, "_due", None)):
            await stage.put("STARTTLS")
            await stage.until(lambda: stage.session.conversation.state is State.TLS)
            for _ in range(3):
                stage.main.sync()
                stage.main._each_second()
            await stage.settle()
            assert stage.session.conversation.state is State.TLS
            assert stage.app.connections.attempt is None
        stage.main.reactions.run()
        assert stage.sent == b"EHLO me\r\nSTARTTLS\r\n"


async def test_without_a_frame_a_handshake_begins():
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        with mock.patch.object(stage.main, "sync", lambda: None):
            await stage.put("STARTTLS")
            await stage.until(lambda: stage.session.tls)
