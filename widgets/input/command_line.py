"""The command line: an input in which the next command, or an answer to AUTH, is typed.

It knows no protocol beyond what AUTH looks like, since what follows it may be a secret. Its owner
gives it functions that complete a line and recall an earlier one.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

from ...session.verbs import AUTH_VERBS, auth_parts, opens_auth
from .suggestions import Complete, FirstCompletion

Recall = Callable[[str, int], str | None]
"""Given the typed text and n, returns the n-th previous line that begins with it, or None."""


_RAW = re.compile(r"\s*(?::raw\s+)?", re.IGNORECASE)  # what may stand before a command


class CommandInput(Input):
    """One line of input: Tab completes, Up recalls; several pasted lines are only reported."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete(1)", "complete; again: the next completion", show=False),
        Binding("up", "recall(-1)", "an earlier line that begins with what is typed", show=False),
        Binding("down", "recall(1)", "a later line", show=False),
        Binding("escape", "clear", "clear the line", show=False),
    ]

    @dataclass
    class LinesPasted(Message):
        """Posted when several lines are pasted; none of them has been inserted."""

        input: CommandInput
        text: str

        @property
        def control(self) -> CommandInput:
            return self.input

    @dataclass
    class UnseenDropped(Message):
        """Posted when `count` invisible characters were left out of a paste."""

        input: CommandInput
        count: int

        @property
        def control(self) -> CommandInput:
            return self.input

    @dataclass
    class EditLeft(Message):
        """Posted when Esc leaves a line that is being edited."""

        input: CommandInput

        @property
        def control(self) -> CommandInput:
            return self.input

    @dataclass
    class EndPassed(Message):
        """Posted when End is pressed while the cursor is already at the end of the line."""

        input: CommandInput

        @property
        def control(self) -> CommandInput:
            return self.input

    def __init__(self, complete: Complete, recall: Recall, *, id: str | None = None) -> None:
        self._first = FirstCompletion(complete)
        super().__init__(id=id, suggester=self._first, compact=True, select_on_focus=False)
        self._complete = complete
        self._recall = recall
        self._choices: list[str] = []
        self._choice = -1
        self._typed = ""  # the text before the first recall
        self._recalled = 0  # how many lines back the present text was recalled from
        self._kept = (False, False)  # whether recall, and choices, survive the next change
        self.editing = False
        """Whether the text is an existing line being edited; Esc leaves the edit."""
        self.answering = False
        """Whether an answer to AUTH is typed: completion, recall and copying are off."""
        self.ahead = False
        """Whether an AUTH command was submitted whose outcome is not known yet."""

        self._answers: deque[bool] = deque()  # for each submitted line, whether it answered AUTH

    def answer(self, *, hidden: bool) -> None:
        """Switch to typing an answer to AUTH, shown as dots if `hidden`."""
        self.answering = True
        self.suggester = None
        self._suggestion = ""
        self._choices, self._choice = [], -1
        if self.password != hidden:
            self.password = hidden

    def end_answer(self) -> None:
        """Switch back to typing commands."""
        self.answering = self.password = False
        self.suggester = self._first

    def was_answer(self) -> bool:
        """Whether the oldest submitted line not asked about yet was an answer to AUTH."""
        return self._answers.popleft() if self._answers else self.answering

    def check_consume_key(self, key: str, character: str | None) -> bool:
        return character is not None and character.isprintable()

    async def action_submit(self) -> None:
        """Submit the line and clear it for the next one."""
        self.post_message(self.Submitted(self, self.value))
        self._answers.append(self.answering)
        if opens_auth(self.value) and self.value.lstrip().upper() not in AUTH_VERBS:
            # What is typed from here on may be a secret.
            self.ahead = True
            self.answer(hidden=True)
        self.put("")

    @property
    def _value(self) -> Text:
        """The text as drawn: an initial response after AUTH is shown as dots."""
        text = super()._value
        before = _RAW.match(self.value)
        command = self.value[before.end() :] if before is not None else self.value
        parts = auth_parts(command)
        if parts is not None and parts[3] and not self.password:
            shown = self.value[: len(self.value) - len(parts[3])]
            return Text(shown + "•" * (len(self.value) - len(shown)), style=text.style, end="",
                        no_wrap=True, overflow="ignore")  # fmt: skip
        return text

    def action_complete(self, by: int) -> None:
        """Replace the text with the next (1) or previous (-1) completion of the typed text."""
        if self.answering:
            return
        if not self._choices:
            self._choices = [line for line in self._complete(self.value) if line != self.value]
            self._choice = -1
            if not self._choices:
                return
        self._choice = (self._choice + by) % len(self._choices)
        self.put(self._choices[self._choice], keep_choices=len(self._choices) > 1)

    @property
    def choices(self) -> tuple[list[str], int]:
        """The completions that Tab cycles through, and the index of the present one (-1: none)."""
        return self._choices, self._choice

    def action_recall(self, by: int) -> None:
        """Recall an earlier (-1) or later (1) line that begins with the typed text."""
        if self.answering:
            return
        if not self._recalled:
            self._typed = self.value
        back = self._recalled - by
        if back < 0:
            return
        line = self._typed if back == 0 else self._recall(self._typed, back)
        if line is not None:
            self._recalled = back
            self.put(line, keep_recall=True)

    def action_copy(self) -> None:
        """Copy the selection, but no answer to AUTH: any program can read the clipboard."""
        if self.answering:
            raise SkipAction
        super().action_copy()

    def action_cut(self) -> None:
        if self.answering:
            self.delete_selection()
        else:
            super().action_cut()

    def action_clear(self) -> None:
        if self.editing:
            self.put("")
            self.post_message(self.EditLeft(self))
            return
        if not self.value:
            raise SkipAction  # on an empty line Esc belongs to the owner
        self.put("")

    def action_end(self, select: bool = False) -> None:
        """Move to the end of the line; if already there, post EndPassed."""
        if not select and self.cursor_at_end and self.selection.is_empty:
            self.post_message(self.EndPassed(self))
        super().action_end(select)

    def put(self, line: str, *, keep_recall: bool = False, keep_choices: bool = False) -> None:
        """Replace the text by one that was not typed, with the cursor at its end."""
        self._kept = (keep_recall, keep_choices)
        if self.value == line:
            self._watch_value(line)
        self.value = line
        self.cursor_position = len(line)

    def _watch_value(self, value: str) -> None:
        super()._watch_value(value)
        keep_recall, keep_choices = self._kept
        self._kept = (False, False)
        if not keep_recall:
            self._recalled = 0
        if not keep_choices:
            self._choices, self._choice = [], -1

    def _on_paste(self, event: events.Paste) -> None:
        """Handle pastes that Input would cut to the first line, or that hold unprintable text."""
        text = event.text
        if "\n" in text or "\r" in text:
            event.stop()
            event.prevent_default()
            ended = text.rstrip("\r\n")
            if ended and "\n" not in ended and "\r" not in ended:
                self._insert(ended)
            else:
                self.post_message(self.LinesPasted(self, text))
        elif not text.isprintable():
            event.stop()
            event.prevent_default()
            self._insert(text)

    def _insert(self, text: str) -> None:
        """Insert the printable characters; the others would be sent without being seen."""
        seen = "".join(char for char in text if char.isprintable())
        self.insert_text_at_cursor(seen)
        if len(seen) < len(text):
            self.post_message(self.UnseenDropped(self, len(text) - len(seen)))
