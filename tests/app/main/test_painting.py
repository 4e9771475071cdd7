"""Painting only paints: reactions to events neither wait for a frame nor are caused by one."""

from __future__ import annotations

from unittest import mock

from heloscope.app.main.reactions import Reactions
from support.stage import TO_ALICE, Stage


async def test_frames_open_no_editor():
    async with Stage().run() as stage:
        await stage.type("EHLO me", *TO_ALICE[:2])
        with mock.patch.object(Reactions, "run", lambda self: setattr(self, "_due", None)):
            await stage.put("DATA")
            await stage.until(lambda: stage.main.sender.in_message)
            for _ in range(3):
                stage.main.sync()
                stage.main._each_second()
            await stage.settle()
            assert not stage.composer.writing
        stage.main.reactions.run()
        assert stage.composer.writing


async def test_without_a_frame_a_handshake_begins():
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        with mock.patch.object(stage.main, "sync", lambda: None):
            await stage.put("STARTTLS")
            await stage.until(lambda: stage.session.tls)


async def test_a_frame_without_news_paints_no_status():
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        await stage.settle()
        stage.main.sync()
        with mock.patch.object(stage.main._status_line, "refresh") as painted:
            stage.main.sync()
        painted.assert_not_called()


async def test_a_key_lays_out_nothing_again():
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        await stage.settle()
        laid_out = list[object]()
        stage.main.screen_layout_refresh_signal.subscribe(stage.main, laid_out.append)
        await stage.pilot.press(*"zqx")
        await stage.settle()
        assert "zqx" in stage.screen
        assert laid_out == []
