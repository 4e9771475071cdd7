"""What is not created before the first frame is created when it is needed."""

from __future__ import annotations

from heloscope.widgets.bars.find import FindBar
from heloscope.widgets.input.composer import Composer
from heloscope.widgets.input.message_editor import MessageEditor
from textual.app import App, ComposeResult
from textual.widgets import Input


class Bench(App[None]):
    """An app with a composer and a find bar, which collects the messages they post."""

    def __init__(self) -> None:
        super().__init__()
        self.ended: list[bytes] = []
        self.sought: list[str] = []

    def compose(self) -> ComposeResult:
        yield Composer(lambda text: [], lambda text, back: None)
        yield FindBar()

    def on_message_editor_ended(self, event: MessageEditor.Ended) -> None:
        self.ended.append(event.content)

    def on_find_bar_sought(self, event: FindBar.Sought) -> None:
        self.sought.append(event.text)


async def test_there_is_no_editor_until_a_message_is_written():
    app = Bench()
    async with app.run_test():
        composer = app.query_one(Composer)
        assert not app.query(MessageEditor)
        assert composer.draft == ""
        assert not app.query(MessageEditor)


async def test_the_editor_opens_with_the_draft_and_the_cursor_behind_it():
    app = Bench()
    async with app.run_test() as pilot:
        app.query_one(Composer).open_editor("Subject: x\n\n")
        await pilot.pause()
        assert app.focused is app.query_one(MessageEditor)
        await pilot.press("h", "i", "enter", ".", "enter")
        assert app.ended == [b"Subject: x\r\n\r\nhi\r\n"]


async def test_the_editor_keeps_its_text_while_it_is_closed():
    app = Bench()
    async with app.run_test() as pilot:
        composer = app.query_one(Composer)
        composer.open_editor("")
        await pilot.pause()
        await pilot.press("a", "b")
        composer.close_editor()
        await pilot.pause()
        assert isinstance(app.focused, Input)
        assert composer.draft == "ab"
        composer.open_editor()
        await pilot.pause()
        await pilot.press("c")
        assert composer.draft == "abc"


async def test_the_find_bar_opens_twice_and_keeps_what_was_looked_for():
    app = Bench()
    async with app.run_test() as pilot:
        bar = app.query_one(FindBar)
        assert not bar.children
        bar.open()
        await pilot.pause()
        await pilot.press("2", "5", "0")
        assert app.sought == ["2", "25", "250"]
        bar.action_close()
        bar.open()
        await pilot.pause()
        assert [field.value for field in bar.query(Input)] == ["250"]


async def test_the_find_bar_opens_with_a_text():
    app = Bench()
    async with app.run_test() as pilot:
        app.query_one(FindBar).open("550")
        await pilot.pause()
        assert app.query_one("#find-text", Input).value == "550"
        assert app.focused is app.query_one("#find-text")
