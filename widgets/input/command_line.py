"""The composer: one line in which the next command is typed, with its syntax above it.

It knows no protocol: whoever owns it puts words into its hint, and gives it functions that
complete a line and recall an earlier one. It grows into an editor while a message is written.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import events, on
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.suggester import Suggester
from textual.widgets import Input, Static

from ...session.facts.verbs import AUTH_VERBS, auth_parts, opens_auth

if TYPE_CHECKING:
    from .message_editor import MessageEditor

Complete = Callable[[str], Sequence[str]]
Recall = Callable[[str, int], str | None]


_RAW = re.compile(r"\s*(?::raw\s+)?", re.IGNORECASE)  # what may stand before a command


class _Ghost(Suggester):
    """The first completion, shown behind the cursor."""

    def __init__(self, complete: Complete) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._complete = complete

    async def get_suggestion(self, value: str) -> str | None:
        if not value:
            return None
        found = next((line for line in self._complete(value) if line.startswith(value)), None)
        return found if found != value else None


class CommandInput(Input):
    """The line itself: completes with Tab, recalls with Up, and asks about pasted lines."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete(1)", "complete; again: the next one", show=False),
        Binding("up", "recall(-1)", "an earlier line that begins as what is typed", show=False),
        Binding("down", "recall(1)", "a later one", show=False),
        Binding("escape", "clear", "clear the line", show=False),
    ]

    @dataclass
    class LinesPasted(Message):
        """Posted when several lines are pasted: nothing has been done with them."""

        text: str

    @dataclass
    class UnseenDropped(Message):
        """Posted when a paste held characters that cannot be seen; they were left out."""

        count: int

    class EditLeft(Message):
        """Posted when Esc leaves a line that is being edited."""

    class EndPassed(Message):
        """Posted when End is pressed with the cursor at the end of the line already."""

    def __init__(self, complete: Complete, recall: Recall, *, id: str | None = None) -> None:
        self._ghost = _Ghost(complete)
        super().__init__(id=id, suggester=self._ghost, compact=True, select_on_focus=False)
        self._complete = complete
        self._recall = recall
        self._choices: list[str] = []
        self._choice = -1
        self._typed = ""  # what was typed before lines were recalled
        self._recalled = 0  # how many lines back
        self._kept = (False, False)  # whether recall, and choices, outlive the next change
        self.editing = False
        """Whether what stands here is a line to be edited: Esc leaves it."""
        self.answering = False
        """Whether what is typed is an answer to AUTH: nothing is completed, recalled or copied."""
        self.ahead = False
        """Whether an AUTH was handed over, and what comes of it is not known yet."""

        self._answers: deque[bool] = deque()  # of each line handed over, whether it was one

    def answer(self, *, hidden: bool) -> None:
        """Take an answer to AUTH, in dots where it is `hidden`."""
        self.answering = True
        self.suggester = None
        self._suggestion = ""
        self._choices, self._choice = [], -1
        if self.password != hidden:
            self.password = hidden

    def end_answer(self) -> None:
        """Take commands again."""
        self.answering = self.password = False
        self.suggester = self._ghost

    def was_answer(self) -> bool:
        """Whether the line handed over first, of those not asked about, answers AUTH."""
        return self._answers.popleft() if self._answers else self.answering

    def check_consume_key(self, key: str, character: str | None) -> bool:
        return character is not None and character.isprintable()

    async def _on_key(self, event: events.Key) -> None:
        """Do at once what a key of this line stands for.

        Left to the screen it would be done after letters that were typed later: over a slow line
        many keys come in one go, and Enter would send what belongs to the next command, too.
        """
        if event.is_printable:
            return
        active = self.screen.active_bindings.get(event.key)
        if active is None or active.node is not self or active.binding.priority:
            return
        if await self.app.run_action(active.binding.action, self):
            event.stop()
            event.prevent_default()

    async def action_submit(self) -> None:
        """Hand the line over; what is typed from now on is the next one."""
        self.post_message(self.Submitted(self, self.value))
        self._answers.append(self.answering)
        if opens_auth(self.value) and self.value.lstrip().upper() not in AUTH_VERBS:
            # What is typed from here on may be a secret.
            self.ahead = True
            self.answer(hidden=True)
        self._put("")

    @property
    def _value(self) -> Text:
        """What is drawn: of an AUTH with an answer behind it not that answer."""
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
        """The next completion of what was typed, or as much as all of them share."""
        if self.answering:
            return
        if not self._choices:
            self._choices = [line for line in self._complete(self.value) if line != self.value]
            self._choice = -1
            if not self._choices:
                return
        self._choice = (self._choice + by) % len(self._choices)
        self._put(self._choices[self._choice], keep_choices=len(self._choices) > 1)

    @property
    def choices(self) -> tuple[list[str], int]:
        """The completions among which Tab goes round, and which of them is taken."""
        return self._choices, self._choice

    def action_recall(self, by: int) -> None:
        """An earlier line (-1) or a later one (1) that begins as what was typed."""
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
            self._put(line, keep_recall=True)

    def action_copy(self) -> None:
        """A secret is not put where everybody can paste it from."""
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
            self._put("")
            self.post_message(self.EditLeft())
            return
        if not self.value:
            raise SkipAction  # an empty line has another use for the key: whoever owns it
        self._put("")

    def action_end(self, select: bool = False) -> None:
        """To the end of the line; from there, to the end of what is shown elsewhere."""
        if not select and self.cursor_at_end and self.selection.is_empty:
            self.post_message(self.EndPassed())
        super().action_end(select)

    def _put(self, line: str, *, keep_recall: bool = False, keep_choices: bool = False) -> None:
        """Another text, which is not one that a person has typed."""
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
        """Take several lines before Input keeps the first of them only."""
        text = event.text
        if "\n" in text or "\r" in text:
            event.stop()
            event.prevent_default()
            ended = text.rstrip("\r\n")
            if ended and "\n" not in ended and "\r" not in ended:
                self._insert(ended)
            else:
                self.post_message(self.LinesPasted(text))
        elif not text.isprintable():
            event.stop()
            event.prevent_default()
            self._insert(text)

    def _insert(self, text: str) -> None:
        """Put in what can be seen: the rest would go out unseen."""
        seen = "".join(char for char in text if char.isprintable())
        self.insert_text_at_cursor(seen)
        if len(seen) < len(text):
            self.post_message(self.UnseenDropped(len(text) - len(seen)))


class Composer(Vertical):
    """Hint and line; while a message is written, the editor in place of the line."""

    DEFAULT_CSS = """
    Composer {
        height: auto;
        border: round $foreground 25%;
        border-title-color: $text-muted;
        border-subtitle-color: $text-muted;
        padding: 0 1;
        &:focus-within { border: round $accent; border-title-color: $text-accent; }
        & #composer-hint { height: 1; width: 100%; text-wrap: nowrap; text-overflow: ellipsis; }
        & #composer-answer { display: none; width: 100%; height: auto; }
        &.-answer #composer-answer { display: block; }
        & CommandInput { width: 100%; background: $surface; }
        & MessageEditor { display: none; height: 1fr; }
        &.-message { height: 45%; max-height: 14; }
        &.-message CommandInput { display: none; }
        &.-message MessageEditor { display: block; }
    }
    """

    @dataclass
    class Submitted(Message):
        """Posted on Enter, with the line as typed. `secret` when it answers AUTH."""

        composer: Composer
        text: str
        secret: bool

        @property
        def control(self) -> Composer:
            return self.composer

    @dataclass
    class Changed(Message):
        """Posted when another text stands in the line."""

        composer: Composer
        text: str

        @property
        def control(self) -> Composer:
            return self.composer

    def __init__(self, complete: Complete, recall: Recall, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._input = CommandInput(complete, recall, id="command")
        self._editor: MessageEditor | None = None
        self.border_title = "Command"
        self._hint: Content | None = None
        self.editing = False
        """Whether somebody else's line or message is being edited."""
        self._aside = ""  # what was being typed
        self._draft_aside = ""
        self._above: Content | None = None
        self.chunk = False
        """Whether what is written goes out as a chunk, by BDAT."""

    def compose(self) -> ComposeResult:
        yield Static(id="composer-answer")
        yield Static(id="composer-hint")
        yield self._input

    @property
    def editor(self) -> MessageEditor:
        """The editor, made when it is first asked for: a tenth of the way to the first screen."""
        if self._editor is None:
            from .message_editor import MessageEditor

            self._editor = MessageEditor(id="message")
            self.mount(self._editor)
        return self._editor

    @property
    def draft(self) -> str:
        """What stands in the editor, as text."""
        return self._editor.draft if self._editor is not None else ""

    @property
    def text(self) -> str:
        """What stands in the line."""
        return self._input.value

    @text.setter
    def text(self, text: str) -> None:
        self._input._put(text)

    @property
    def choices(self) -> tuple[list[str], int]:
        """The completions among which Tab goes round, and which of them is taken."""
        return self._input.choices

    @property
    def writing(self) -> bool:
        """Whether the editor is open."""
        return self.has_class("-message")

    @property
    def secret(self) -> bool:
        """Whether what is typed is not shown."""
        return self._input.password

    @property
    def answering(self) -> bool:
        """Whether what is typed is an answer to AUTH."""
        return self._input.answering

    def answer(self, title: str, keys: str, above: Content | None, *, hidden: bool) -> None:
        """Take an answer to AUTH, with `above` over the line and `keys` below, to `end_answer`.

        `hidden`: dots instead of what is typed. Nothing is completed, recalled or kept.
        """
        self._input.answer(hidden=hidden)
        self.border_title = Content(f"{title}, not shown" if hidden else title).markup
        self.border_subtitle = Content(keys).markup
        self.set_class(above is not None, "-answer")
        if above is not None and (self._above is None or not above.is_same(self._above)):
            self.query_one("#composer-answer", Static).update(above)
        self._above = above

    def end_answer(self) -> None:
        """What is typed is a command again."""
        if self._input.answering:
            self._input.end_answer()
            self.border_title = "Message" if self.writing else "Command"
            self.border_subtitle = ""
            self.remove_class("-answer")
            self._above = None

    @property
    def ahead(self) -> bool:
        """Whether an AUTH was submitted that nobody has seen to."""
        return self._input.ahead

    def handled(self) -> None:
        """What was submitted has been seen to: `answer` and `end_answer` say what comes now."""
        self._input.ahead = False

    # Editing a line, or a message, that is somebody else's

    def edit_line(self, text: str, title: str, *, hidden: bool = False) -> None:
        """Have a line edited: Enter submits it, Esc posts EditLeft. What was typed comes back."""
        if not self.editing:
            self._aside = self.text
        self._input.editing = self.editing = True
        self._input.password = hidden
        self.border_title = title
        self.text = text
        self._input.focus()

    def edit_message(self, text: str, title: str) -> None:
        """Have a message edited. The draft that stood in the editor comes back."""
        self._draft_aside = self.draft
        self.editing = True
        self.open_editor(text)
        self.border_title = title

    def end_edit(self) -> None:
        """What was edited is taken, or left."""
        if not self.editing:
            return
        self.editing = False
        if self._input.editing:
            self._input.editing = self._input.password = False
            self.border_title = "Command"
            self.text = self.text or self._aside  # what was typed meanwhile is the next line
        else:
            self.close_editor()
            self.editor.put(self._draft_aside)

    def show_hint(self, hint: Content) -> None:
        """Put words above the line; repaints only when they are others."""
        if self._hint is None or not hint.is_same(self._hint):
            self._hint = hint
            self.query_one("#composer-hint", Static).update(hint, layout=False)

    def open_editor(self, draft: str | None = None, *, chunk: bool = False) -> None:
        """Write a message; `draft` replaces what stands in the editor. `chunk`: it is for BDAT."""
        self.chunk = chunk
        if draft is not None:
            self.editor.put(draft)
        self.add_class("-message")
        self.border_title = "Message for BDAT" if chunk else "Message"
        self.editor.focus()

    def close_editor(self) -> None:
        """Back to the line; what stands in the editor stays there."""
        self.remove_class("-message")
        self.border_title = "Command"
        self.border_subtitle = ""
        self._input.focus()

    def focus_line(self) -> None:
        """Put the cursor where one types."""
        (self.editor if self.writing else self._input).focus()

    @on(Input.Submitted, "#command")
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Submitted(self, event.value, self._input.was_answer()))

    @on(Input.Changed, "#command")
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Changed(self, event.value))
