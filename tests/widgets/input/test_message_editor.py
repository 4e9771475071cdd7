"""The editor works on text, and its content is exactly the message that was typed or pasted."""

from __future__ import annotations

from heloscope.widgets.input.message_editor import MessageEditor
from textual.app import App, ComposeResult
from textual.events import Paste

# text that is pasted -> the message
PASTED = {
    "": b"",
    "one": b"one",
    "one\n": b"one\r\n",
    "a\r\nb\rc\nd": b"a\r\nb\r\nc\r\nd",
    "\n\n": b"\r\n\r\n",
    ".\n..\n": b".\r\n..\r\n",
    "tab\there": b"tab\there",
    "no line ends: \x0b \x0c \x1c \x85 \u2028 \u2029": (
        "no line ends: \x0b \x0c \x1c \x85 \u2028 \u2029".encode()
    ),
    "\x00\x1b]0;x\x07\x7f\x9b": "\x00\x1b]0;x\x07\x7f\x9b".encode(),
    "\u200b\u202e\u2066\u00e9\U0001f600": "\u200b\u202e\u2066\u00e9\U0001f600".encode(),
    "[b]no markup[/b]": b"[b]no markup[/b]",
}


class Desk(App[None]):
    """An app with a message editor."""

    def compose(self) -> ComposeResult:
        yield MessageEditor(id="editor")


async def test_a_pasted_text_comes_out_as_it_was_with_crlf():
    app = Desk()
    async with app.run_test() as pilot:
        editor = app.query_one(MessageEditor)
        editor.focus()
        for text, content in PASTED.items():
            editor.put("")
            editor.post_message(Paste(text))
            await pilot.pause(0)
            await pilot.pause(0)
            assert editor.content == content
            editor.put(editor.draft)  # what is kept for the next DATA is no other
            assert editor.content == content


async def test_nothing_of_it_reaches_the_terminal_as_a_control_character():
    app = Desk()
    async with app.run_test(size=(60, 20)) as pilot:
        editor = app.query_one(MessageEditor)
        editor.put("\n".join(PASTED))
        await pilot.pause()
        shown = "".join(editor.render_line(y).text for y in range(20))
        unseen = [char for char in shown if not char.isprintable() and char not in " \U0010f000"]
        assert [char for char in unseen if ord(char) < 0x10F000] == []
