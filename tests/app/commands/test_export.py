"""`:export FORMAT FILE` of a live session: written in a thread, stopped by Ctrl+C."""

from __future__ import annotations

from pathlib import Path

from heloscope.app.export import formats
from heloscope.session.events import CLIENT, SERVER
from support.stage import Stage


async def greeted(stage: Stage) -> None:
    await stage.until(lambda: stage.session.connected)
    await stage.put("EHLO me.example")
    await stage.until(lambda: b"250" in stage.session.transcript.joined(SERVER))


async def test_a_live_session_is_exported_to_a_file(tmp_path: Path):
    async with Stage().run() as stage:
        await greeted(stage)
        await stage.put(f":export {tmp_path}/talk.html")
        await stage.until(lambda: (tmp_path / "talk.html").exists())
        await stage.until(lambda: not stage.main.groups.busy)
        page = (tmp_path / "talk.html").read_text()
    assert "EHLO</b> me.example" in page
    assert page.endswith("</html>\n")


async def test_names_are_masked_when_asked_for_or_when_the_screen_masks_them(tmp_path: Path):
    async with Stage().run() as stage:
        await greeted(stage)
        await stage.put(f":export text --mask addresses {tmp_path}/a.txt")
        await stage.until(lambda: (tmp_path / "a.txt").exists() and not stage.main.groups.busy)
        await stage.put(":mask addresses")
        await stage.put(f":export {tmp_path}/b.txt")
        await stage.until(lambda: (tmp_path / "b.txt").exists() and not stage.main.groups.busy)
    for name in ("a.txt", "b.txt"):
        assert "me.example" not in (tmp_path / name).read_text()


async def test_what_cannot_be_understood_gets_the_syntax(tmp_path: Path):
    async with Stage().run() as stage:
        await greeted(stage)
        for words in ("pdf", "text a b", f"{tmp_path}/a.pdf", "text --mask names"):
            await stage.put(f":export {words}")
            assert "The syntax is" in stage.main.ui.notices[-1].text
        await stage.put(f":export {tmp_path}/no/a.txt")
        await stage.until(lambda: "The folder of" in stage.main.ui.notices[-1].text)
        await stage.put(":export pcapng")
        assert "no text for the clipboard" in stage.main.ui.notices[-1].text
        await stage.put(":export eml")
        await stage.until(lambda: "No message was sent" in stage.main.ui.notices[-1].text)


async def test_ctrl_c_stops_it_and_the_file_is_removed(tmp_path: Path, monkeypatch):
    def endless(_: object):
        while True:
            yield b"x\n"

    form = formats.EXPORTS["text"]._replace(render=endless)
    monkeypatch.setitem(formats.EXPORTS, "text", form)
    async with Stage().run() as stage:
        await greeted(stage)
        await stage.put(f":export {tmp_path}/a.txt")
        await stage.until(lambda: "saving, " in str(stage.main.view.border_title))
        await stage.press("ctrl+c")
        await stage.until(lambda: "stopped; the file was removed" in last(stage))
    assert not (tmp_path / "a.txt").exists()


def last(stage: Stage) -> str:
    return stage.main.ui.notices[-1].text if stage.main.ui.notices else ""


async def test_the_end_of_a_conversation_is_not_waited_for(tmp_path: Path):
    async with Stage().run() as stage:
        await greeted(stage)
        stage.session.conversation.feed(CLIENT, b"NOOP\r\n", 5.0)
        await stage.put(f":export {tmp_path}/a.jsonl")
        await stage.until(lambda: (tmp_path / "a.jsonl").exists() and not stage.main.groups.busy)
    assert '"text":"NOOP\\r\\n"' in (tmp_path / "a.jsonl").read_text()
