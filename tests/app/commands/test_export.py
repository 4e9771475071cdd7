"""`:export FORMAT FILE` for a live session, which is written in a thread and stopped by Ctrl+C."""

from __future__ import annotations

from pathlib import Path

import msgspec
from heloscope.app.dialogs.export import ExportScreen
from heloscope.app.export import formats
from heloscope.session.events import CLIENT, SERVER
from heloscope.session.record.masks import Masking
from support.stage import Stage
from textual.widgets import Input


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
            assert "The syntax is :export [FORMAT] [--all]" in stage.main.ui.notices[-1].text
        await stage.put(f":export {tmp_path}/no/a.txt")
        await stage.until(lambda: "The folder for" in stage.main.ui.notices[-1].text)
        await stage.put(":export pcapng")
        assert "cannot be copied to the clipboard" in stage.main.ui.notices[-1].text
        await stage.put(":export eml")
        await stage.until(lambda: "No message was sent" in stage.main.ui.notices[-1].text)


async def test_without_a_format_the_dialog_asks_with_what_was_said_of_it_chosen():
    async with Stage().run() as stage:
        await greeted(stage)
        await stage.put(":reconnect")
        await stage.until(lambda: len(stage.session.transcript) < 3)
        await greeted(stage)
        await stage.put(":export --all --mask addresses")
        await stage.until(lambda: isinstance(stage.app.screen, ExportScreen))
        screen = stage.app.screen
        assert isinstance(screen, ExportScreen)
        assert screen.everything
        assert screen.masking == Masking(addresses=True)


async def test_ctrl_c_stops_it_and_the_file_is_removed(tmp_path: Path, monkeypatch):
    def endless(_: object):
        while True:
            yield b"x\n"

    form = msgspec.structs.replace(formats.EXPORTS["text"], render=endless)
    monkeypatch.setitem(formats.EXPORTS, "text", form)
    async with Stage().run() as stage:
        await greeted(stage)
        await stage.put(f":export {tmp_path}/a.txt")
        await stage.until(lambda: "saving: " in str(stage.main.view.border_title))
        await stage.press("ctrl+c")
        await stage.until(lambda: "stopped; the partial file was deleted" in last(stage))
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


# All connections of the run


async def three_connections(stage: Stage) -> None:
    """Make two connections with some conversation, and in between one that fails."""
    await greeted(stage)
    await stage.put(":connect nobody.example.org")
    await stage.until(lambda: len(stage.view.sections) == 2)
    await stage.put(":connect practice")
    await stage.until(lambda: len(stage.view.sections) == 3 and stage.session.connected)
    await stage.put("HELO other.example")
    await stage.until(lambda: b"250" in stage.session.transcript.joined(SERVER))


async def exported(stage: Stage, order: str) -> str:
    """Export, and return the notice."""
    before = len(stage.main.ui.notices)
    await stage.put(f":export {order}")
    await stage.until(lambda: len(stage.main.ui.notices) > before and not stage.main.groups.busy)
    return last(stage)


async def test_all_connections_go_into_one_file_where_the_format_holds_several(tmp_path: Path):
    async with Stage().run() as stage:
        await three_connections(stage)
        for form, wanted in (
            ("txt", "C: {}"), ("md", "C: {}"), ("html", "<code><b>{}</b>"), ("pcapng", "{}"),
        ):  # fmt: skip
            await exported(stage, f"--all {tmp_path}/talk.{form}")
            found = (tmp_path / f"talk.{form}").read_bytes().decode("latin-1")
            first, second = found.index("me.example"), found.index("other.example")
            assert first < second and wanted.format("HELO") in found[first:]
        page = (tmp_path / "talk.html").read_text()
        assert page.count("<h1>") >= 2 and page.count("</html>") == 1
        await exported(stage, f"{tmp_path}/one.txt")
        assert "EHLO" not in (tmp_path / "one.txt").read_text()


async def test_else_each_connection_has_a_file_of_its_own(tmp_path: Path):
    async with Stage().run() as stage:
        await three_connections(stage)
        said = await exported(stage, f"jsonl --all {tmp_path}/talk.jsonl")
        assert said.startswith("Exported as a recording")
        files = sorted(path.name for path in tmp_path.iterdir())
        assert files[0] == "talk-1.jsonl" and "talk.jsonl" not in files
        assert "EHLO me.example" in (tmp_path / files[0]).read_text()
        assert "HELO other.example" in (tmp_path / files[-1]).read_text()
        said = await exported(stage, f"jsonl --all {tmp_path}/talk.jsonl")
        assert f"{tmp_path}/talk-1.jsonl already exists" in said
        said = await exported(stage, "script --all")
        assert "script needs a separate file for each connection. :export script --all FILE" in said


async def test_a_name_has_the_same_stand_in_in_all_of_them(tmp_path: Path):
    async with Stage().run() as stage:
        await three_connections(stage)
        await stage.put("EHLO me.example")
        await exported(stage, f"--all --mask addresses {tmp_path}/talk.txt")
        text = (tmp_path / "talk.txt").read_text()
    names = [line.split("EHLO ")[1] for line in text.splitlines() if "C: EHLO " in line]
    assert len(names) == 2 and len(set(names)) == 1


async def test_the_dialog_offers_all_connections_once_there_are_several(tmp_path: Path):
    async with Stage().run() as stage:
        await greeted(stage)
        await stage.put(":export")
        assert not stage.app.screen.query("#connections")
        await stage.press("escape")
        await three_connections(stage)
        await stage.put(":export")
        screen = stage.app.screen
        await stage.press("tab", "right")
        await stage.until(lambda: "EHLO me.example" in str(screen.query_one("#preview").render()))
        screen.query_one("#file", Input).value = f"{tmp_path}/a.txt"
        await stage.press("enter")
        await stage.until(lambda: "a.txt" in last(stage))
    text = (tmp_path / "a.txt").read_text()
    assert "EHLO me.example" in text and "HELO other.example" in text
