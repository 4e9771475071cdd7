"""The fields of a form: a line that completes its last word, and a choice among a few values.

Both do at once what a key stands for that leads out of them, and hand on what is typed behind it:
over a slow line many keys come in one go, and each belongs to the field that the one before it
led to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.suggester import Suggester
from textual.widget import Widget
from textual.widgets import Input

from ...session.visible import visible_text

Complete = Callable[[str], Sequence[str]]
_LAST_WORD = re.compile(r"[^\s,;]*\Z")


def _handed_on(field: Widget, event: events.Key) -> bool:
    """Hand a key on that belongs to another field by now. Returns whether it did."""
    present = field.screen.focused
    if present is field or present is None:
        return False
    event.stop()
    event.prevent_default()
    present.post_message(events.Key(event.key, event.character))
    return True


def _led_out(field: Widget, event: events.Key) -> bool:
    """Go to the next field, or to the one before. Returns whether the key stands for that.

    In the order in which they were made: Textual's own is that of the last layout, in which a
    field that has just been shown has no place yet.
    """
    if event.key not in ("enter", "tab", "shift+tab"):
        return False
    event.stop()
    event.prevent_default()
    others = [
        widget
        for widget in field.screen.query("*")
        if widget.focusable and all(node.display for node in widget.ancestors_with_self)
    ]
    by = -1 if event.key == "shift+tab" else 1
    field.screen.set_focus(others[(others.index(field) + by) % len(others)])
    return True


async def _done_at_once(field: Widget, event: events.Key) -> bool:
    """Do what a key of this field's stands for, before the keys behind it are looked at.

    Left to the screen it would be done by whatever has the focus then. Returns whether it did.
    """
    active = field.screen.active_bindings.get(event.key)
    if active is None or active.node is not field or active.binding.priority:
        return False
    if not await field.app.run_action(active.binding.action, field):
        return False
    event.stop()
    event.prevent_default()
    return True


class _Ghost(Suggester):
    """The first completion, shown behind the cursor."""

    def __init__(self, complete: Complete) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._complete = complete

    async def get_suggestion(self, value: str) -> str | None:
        return next((text for text in self._complete(value) if text.startswith(value)), None)


class Field(Input):
    """A line of a form. `complete` gives the whole texts that what is typed may become."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "choose(1)", "the next completion", show=False),
        Binding("up", "choose(-1)", "the completion before", show=False),
    ]
    DEFAULT_CSS = """
    Field { width: 1fr; background: $panel; }
    """

    def __init__(self, value: str, complete: Complete, *, id: str, placeholder: str = "") -> None:
        super().__init__(
            value=value,
            placeholder=placeholder,
            suggester=_Ghost(complete),
            compact=True,
            select_on_focus=False,
            id=id,
        )
        self._complete = complete
        self._choices: list[str] = []
        self._choice = -1
        self._put = ""

    async def _on_key(self, event: events.Key) -> None:
        if _handed_on(self, event) or _led_out(self, event):
            return
        if event.is_printable or not await _done_at_once(self, event):
            await super()._on_key(event)

    def action_cursor_right(self, select: bool = False) -> None:
        """At the end of the line, take the completion, shown by now or not."""
        if self.cursor_at_end and not select:
            found = [text for text in self._complete(self.value) if text.startswith(self.value)]
            if self.value and found:
                self.value = found[0]
                self.cursor_position = len(self.value)
        else:
            super().action_cursor_right(select)

    def action_choose(self, by: int) -> None:
        """Go round the completions of what was typed."""
        if not self._choices or self.value != self._put:
            self._choices = [text for text in self._complete(self.value) if text != self.value]
            self._choice = -1 if by > 0 else 0
        if self._choices:
            self._choice = (self._choice + by) % len(self._choices)
            self._put = self._choices[self._choice]
            self.value = self._put
            self.cursor_position = len(self._put)

    def _on_paste(self, event: events.Paste) -> None:
        """Several lines are several words; what cannot be seen stays out."""
        event.stop()
        event.prevent_default()
        text = " ".join(event.text.split())
        self.insert_text_at_cursor("".join(char for char in text if char.isprintable()))


def last_word(words: Sequence[str]) -> Complete:
    """What completes the last word of a line from a list."""

    def complete(text: str) -> list[str]:
        match = _LAST_WORD.search(text)
        start = match.start() if match is not None else len(text)
        typed = text[start:].lower()
        before = set(re.split(r"[\s,;]+", text[:start]))
        return [
            text[:start] + word
            for word in words
            if word.lower().startswith(typed) and word not in before
        ]

    return complete


class Choice(Widget, can_focus=True):
    """One of a few values; Left, Right and the blank go round them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,space", "turn(1)", "the next value", show=False),
        Binding("left", "turn(-1)", "the value before", show=False),
    ]
    DEFAULT_CSS = """
    Choice { height: 1; width: auto; min-width: 16; background: $panel; padding: 0 1; }
    Choice:focus { background: $accent 40%; text-style: bold; }
    """
    HELP = "Left and Right choose."

    value: reactive[str] = reactive("", layout=True)
    """The value that is chosen."""

    @dataclass
    class Changed(Message):
        """Posted when another value is chosen."""

        choice: Choice
        value: str

        @property
        def control(self) -> Choice:
            return self.choice

    def __init__(
        self,
        values: Sequence[str],
        value: str,
        *,
        id: str,
        labels: Sequence[str] = (),
        turned: Callable[[], object] | None = None,
    ) -> None:
        """`turned` is called before the next key is looked at: for what decides where it goes."""
        super().__init__(id=id)
        self._turned = turned
        self._values = values
        self._labels = labels or values
        self.set_reactive(Choice.value, value if value in values else values[0])

    def render(self) -> Content:
        label = self._labels[self._values.index(self.value)]
        return Content.assemble(("‹ ", "dim"), visible_text(label), (" ›", "dim"))

    async def _on_key(self, event: events.Key) -> None:
        if not _handed_on(self, event) and not _led_out(self, event):
            await _done_at_once(self, event)

    def action_turn(self, by: int) -> None:
        at = self._values.index(self.value)
        self.value = self._values[(at + by) % len(self._values)]
        if self._turned is not None:
            self._turned()
        self.post_message(self.Changed(self, self.value))
