"""The editor in which a message is written after DATA.

The editor works on text. `content` encodes the text as the bytes to send, with CRLF line endings.
TextArea breaks lines at characters that are not line endings in mail (VT, NEL, U+2028 ...) and
passes control characters to the terminal. The editor therefore shows private-use characters instead
of these, and restores the original characters in `content`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import TextArea

from ...session.protocol.transparency import normalise_line_ends
from ...session.visible import visible_text
from ..base.known_secrets import as_shown

_BASE = 0x10F000  # private use, plane 16: stands in for U+0000 + n
_LINE_END = re.compile(r"\r\n|\r|\n")
# Invisible characters among the first 0x3000, except line ends: each has a stand-in.
_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u034f\u061c\u200b-\u200f\u2028-\u202e"
                     "\u2060-\u206f]")  # fmt: skip
_STAND_IN = re.compile(f"[{chr(_BASE)}-{chr(_BASE + 0xFFF)}]")
_FAR = 0x2000  # U+2000 and above follow U+0FFF among the stand-ins


def _stand_in(match: re.Match[str]) -> str:
    code = ord(match[0])
    return chr(_BASE + (code if code < 0x800 else 0x800 + code - _FAR))


def _original_character(match: re.Match[str]) -> str:
    code = ord(match[0]) - _BASE
    return chr(code if code < 0x800 else _FAR + code - 0x800)


class MessageEditor(TextArea):
    """A message being written. Typing a dot on a line of its own, or pressing Ctrl+D, ends it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+d", "end", "send the message", show=False, priority=True),
        Binding(
            "escape", "leave", "leave the editor and keep the draft", show=False, priority=True
        ),
    ]
    HELP = "Type the message. A dot on a line of its own, or Ctrl+D, sends it. Esc keeps the draft."

    @dataclass
    class Ended(Message):
        """Posted when the message is to be sent. `content` has CRLF line endings."""

        editor: MessageEditor
        content: bytes

        @property
        def control(self) -> MessageEditor:
            return self.editor

    @dataclass
    class Left(Message):
        """Posted when the user leaves the editor. The draft is kept."""

        editor: MessageEditor

        @property
        def control(self) -> MessageEditor:
            return self.editor

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(
            id=id, soft_wrap=False, show_line_numbers=False, tab_behavior="indent", compact=True
        )
        self._typed_dot: int | None = None  # the line that holds nothing but a typed dot

    @property
    def draft(self) -> str:
        """The text of the editor, with the original characters instead of their stand-ins."""
        return _STAND_IN.sub(_original_character, self.text)

    @property
    def content(self) -> bytes:
        """The message in UTF-8 with CRLF line endings."""
        return normalise_line_ends(self.draft.encode("utf-8", "surrogateescape"))

    def put(self, draft: str) -> None:
        """Replace the content of the editor."""
        self._typed_dot = None
        self.load_text(_taken(draft))
        self.move_cursor(self.document.end)

    def get_line(self, line_index: int) -> Text:
        """Return a line as it is drawn, with dots for known secrets."""
        line = super().get_line(line_index)
        shown = as_shown(self, line.plain)
        return line if shown == line.plain else Text(shown, end="", no_wrap=True)

    async def _on_key(self, event: events.Key) -> None:
        row, column = self.cursor_location
        if event.key == "enter" and self._ends_here(row, column):
            event.stop()
            event.prevent_default()
            self.delete((row, 0), (row, 1))  # the dot that ends the message is not part of it
            self.action_end()
            return
        if event.character == "." and self.document.get_line(row) == "":
            self._typed_dot = row
        elif event.key not in ("enter", "left", "right", "end", "home"):
            self._typed_dot = None
        await super()._on_key(event)

    def _ends_here(self, row: int, column: int) -> bool:
        """Return whether Enter ends the message, because the last line is a dot that was typed."""
        return (
            self._typed_dot == row
            and column == 1
            and row == self.document.line_count - 1
            and self.document.get_line(row) == "."
        )

    async def _on_paste(self, event: events.Paste) -> None:
        """Insert a pasted message as text. A line with only a dot does not end the message."""
        event.stop()
        event.prevent_default()
        self._typed_dot = None
        result = self._replace_via_keyboard(_taken(event.text), *self.selection)
        if result is not None:
            self.move_cursor(result.end_location)

    def action_end(self) -> None:
        self._typed_dot = None
        self.post_message(self.Ended(self, self.content))

    def action_leave(self) -> None:
        self.post_message(self.Left(self))


def _taken(text: str) -> str:
    """Return the text as the editor holds it, with stand-ins for invisible characters."""
    text = _LINE_END.sub("\n", text)
    text = _HIDDEN.sub(_stand_in, text)
    return "".join(
        char if char in "\n\t" or not 0xD800 <= ord(char) < 0xE000 else visible_text(char)
        for char in text
    ) if not text.isascii() else text  # fmt: skip
