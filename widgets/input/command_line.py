"""The command line, in which the user types a command or the answer to an AUTH challenge.

The command line knows nothing of SMTP except how to recognise a secret. Its owner provides
functions that complete a line and recall an earlier one.

Text typed unseen never becomes visible and is never sent as a command. When the exchange for which
the text was typed is over, the text is erased, and keys that follow without a pause are dropped
(`discarding`). The next line is not shown either, and is submitted only if it reads as a command
(`wary`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import Reactive
from textual.widgets import Input

from ...session.script.concealment import concealed_spans, reads_as_command, resembles_verb
from ...session.secret import Secret
from ...session.verbs import AUTH_VERBS, opens_auth
from .suggestions import Complete, FirstCompletion

Mask = Callable[[str], str]
"""A function that returns a text with known secrets replaced by stars."""
Recall = Callable[[str, int], str | None]
"""A function of a text and n: the nth previous line that begins with the text, or None."""

_EDITING = ("tab", "up", "down", "backspace", "delete", "left", "right", "home", "end", "ctrl+u")
BREATH = 2.0  # after this many seconds without a key, typed text is meant for another line


class _LineMessage(Message):
    """The base class of the command line's messages. Plain classes make startup faster."""

    def __init__(self, input: CommandInput) -> None:
        super().__init__()
        self.input = input

    @property
    def control(self) -> CommandInput:
        return self.input


class _SecretMessage(_LineMessage):
    """The base class of messages about text that was typed unseen."""

    def __init__(self, input: CommandInput, text: Secret) -> None:
        super().__init__(input)
        self.text = text


class CommandInput(Input):
    """A line of input with completion (Tab) and recall of earlier lines (Up and Down)."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete(1)", "complete, then cycle through the completions", show=False),
        Binding("up", "recall(-1)", "an earlier line that begins with the typed text", show=False),
        Binding("down", "recall(1)", "a later line", show=False),
        Binding("escape", "clear", "clear the line", show=False),
    ]
    # Input lays the whole screen out again at each key; the size of this one is that of its box.
    virtual_size = Reactive(Size(0, 0))

    class LinesPasted(_LineMessage):
        """Posted when several lines are pasted; none of them has been inserted.

        `hidden` is true if text typed into the line is not shown.
        """

        def __init__(self, input: CommandInput, text: str, hidden: bool) -> None:
            super().__init__(input)
            self.text = text
            self.hidden = hidden

    class UnseenDropped(_LineMessage):
        """Posted when `count` invisible characters were omitted from a paste."""

        def __init__(self, input: CommandInput, count: int) -> None:
            super().__init__(input)
            self.count = count

    class EditLeft(_LineMessage):
        """Posted when Esc cancels the editing of an existing line."""

    class SecretErased(_SecretMessage):
        """Posted when text that was typed unseen was erased before it could be seen."""

    class SecretCleared(_SecretMessage):
        """Posted when text typed unseen is cleared or loses several characters."""

    class KeysDropped(_LineMessage):
        """Posted on Enter if keys were discarded because they followed an erased secret."""

    class LineDoubted(_SecretMessage):
        """Posted instead of Submitted if the line may be a secret. The line has been cleared."""

    class EndPassed(_LineMessage):
        """Posted when End is pressed while the cursor is already at the end of the line."""

    def __init__(
        self,
        complete: Complete,
        recall: Recall,
        mask: Mask = lambda text: text,
        *,
        id: str | None = None,
    ) -> None:
        self._mask = mask
        self._first = FirstCompletion(complete)
        super().__init__(id=id, suggester=self._first, compact=True, select_on_focus=False)
        self._complete = complete
        self._recall = recall
        self._choices: list[str] = []
        self._choice = -1
        self._typed = ""  # the text before the first recall
        self._recalled = 0  # how many lines back the present text was found
        self._kept = (False, False)  # whether recall and completions survive the next change
        self.editing = False
        """Whether the text is an existing line being edited. Esc cancels the edit."""
        self.answering = False
        """Whether an AUTH challenge is being answered. Completion, recall and copying are off."""
        self.ahead = False
        """Whether an AUTH command has been submitted whose outcome is not known yet."""

        self.discarding = False
        """Whether keys are dropped because they belong to an erased secret.

        This ends with Enter, Esc or a pause of `BREATH` seconds.
        """
        self.wary = False
        """Whether the next line stays hidden and is submitted only if it reads as a command."""
        self._doubted = False  # whether a line was held back
        self._until = 0.0  # keys typed after this time are not dropped
        self._unseen = False  # whether text is typed unseen or shown only briefly
        self._secret = False  # whether the present text was typed so
        self._longest = ""  # the longest text that was typed unseen since the line was empty
        self._putting = False  # whether the text is being replaced by one that was not typed
        self._answers: deque[bool] = deque()  # for each submitted line, whether it answered AUTH

    def answer(self, *, hidden: bool, peeked: bool = False) -> None:
        """Switch to typing the answer to an AUTH challenge, shown as dots if `hidden` is true.

        `peeked` is true while the answer is briefly shown at the user's request.
        """
        self._conceal(hidden=hidden, unseen=hidden or peeked)
        self.answering = True
        self.suggester = None
        self._suggestion = ""
        self._choices, self._choice = [], -1

    def end_answer(self) -> None:
        """Switch from an answer back to typing commands."""
        self._conceal(hidden=False, unseen=False)
        self.answering = False
        self.suggester = self._first

    def edit(self, *, hidden: bool) -> None:
        """Switch to editing an existing line. If `hidden` is true, the text is shown as dots."""
        if self._secret:
            self._erased(self._take_out())
        self.editing = True
        self._conceal(hidden=hidden, unseen=hidden)
        if hidden:
            self.suggester = None

    def end_edit(self) -> None:
        """Switch from an edit back to typing commands."""
        self.editing = False
        self._conceal(hidden=False, unseen=False)
        self.suggester = self._first

    def _conceal(self, *, hidden: bool, unseen: bool) -> None:
        if self._secret and not unseen:
            self._erased(self.erase())
        self._unseen = unseen
        if self.password != hidden:
            self.password = hidden

    # Secrets whose exchange is over

    def erase(self) -> str:
        """Erase the text and return it. Drop the keys that follow without a pause, then be wary."""
        self.discarding = True
        self.be_wary()
        self._until = Message().time + BREATH
        if self.is_attached:
            self.set_timer(BREATH, self._check_discarding)
        return self._take_out()

    def be_wary(self) -> None:
        """From now on, submit only lines that read as commands. The first such line ends this.

        A secret may still come, such as a password after a user name.
        """
        self.wary, self._doubted = True, False

    def _take_out(self) -> str:
        text = self.value
        self.put("")
        return text

    def _erased(self, text: str) -> None:
        self.post_message(self.SecretErased(self, Secret(text.encode("utf-8", "surrogateescape"))))

    def _check_discarding(self) -> None:
        left = self._until - Message().time
        if self.discarding and left > 0:
            self.set_timer(left, self._check_discarding)
        else:
            self.discarding = False

    def _discards(self, event: events.Key | events.Paste) -> bool:
        """Return whether a key or paste belongs to an erased secret and must be dropped."""
        if event.time > self._until:
            self.discarding = False
            return False
        if isinstance(event, events.Key):
            if event.key in ("enter", "escape"):
                self.end_discarding(report=event.key == "enter")
                return True
            if not (event.is_printable or event.key in _EDITING):
                return False
        self.discarding = True
        self._until = event.time + BREATH
        return True

    def end_discarding(self, *, report: bool = False) -> None:
        """Stop dropping keys. If `report` is true, post KeysDropped."""
        self.discarding = False
        self._until = 0.0
        if report:
            self.post_message(self.KeysDropped(self))

    @property
    def doubtful(self) -> bool:
        """Whether the text may be a known secret, or a secret whose exchange has just ended.

        An answer, an edited line and text that reads as a command are not doubtful. Once a line has
        been held back, text that resembles a verb is doubtful only if it contains a known secret.
        """
        if self.answering or self.editing or reads_as_command(self.value):
            return False
        if self.wary and not (self._doubted and resembles_verb(self.value)):
            return True
        return self._mask(self.value) != self.value

    def was_answer(self) -> bool:
        """Remove the oldest submitted line from the queue. Return whether it was an answer."""
        return self._answers.popleft() if self._answers else self.answering

    def check_consume_key(self, key: str, character: str | None) -> bool:
        return character is not None and character.isprintable()

    async def _on_key(self, event: events.Key) -> None:
        if self._discards(event):
            event.stop()
            event.prevent_default()

    async def action_submit(self) -> None:
        """Submit the line and clear it. If the line may be a secret, post LineDoubted instead."""
        if self.discarding:
            self.end_discarding(report=True)
            self.put("")
            return
        if self.doubtful and len(self.value) > 1:  # one character may answer a lesson's question
            self._doubted = True
            text = self._take_out().encode("utf-8", "surrogateescape")
            self.post_message(self.LineDoubted(self, Secret(text)))
            return
        if self.value:
            self.wary = False
        self.post_message(self.Submitted(self, self.value))
        self._answers.append(self.answering)
        if opens_auth(self.value) and self.value.lstrip().upper() not in AUTH_VERBS:
            # Text typed from here on may be a secret.
            self.ahead = True
            self.answer(hidden=True)
        self.put("")

    def handled(self) -> None:
        """Record that the submitted line has been handled and its outcome is known."""
        self.ahead = False

    @property
    def _value(self) -> Text:
        """The text as drawn, with dots for anything that looks like a secret."""
        text = super()._value
        value = self.value
        if self.password or not value:
            return text
        spans = self._concealed
        if not spans:
            return text
        shown, done = "", 0
        for start, end in spans:
            shown += value[done:start] + "•" * (end - start)
            done = end
        return Text(shown + value[done:], style=text.style, end="", no_wrap=True,
                    overflow="ignore")  # fmt: skip

    @property
    def _concealed(self) -> tuple[tuple[int, int], ...]:
        """The spans of the text that are shown as dots because they may be secret."""
        value = self.value
        if self.doubtful:
            return ((0, len(value)),)
        spans = concealed_spans(value)
        if spans or self._mask(value) == value:
            return spans
        head = len(value) - len(value.lstrip().partition(" ")[2])
        return ((head if head < len(value) else 0, len(value)),)

    def action_complete(self, by: int) -> None:
        """Replace the text with the next (1) or previous (-1) completion of the typed text."""
        if self.answering or self._unseen:
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
        """The completions that Tab cycles through, and the index of the current one or -1."""
        return self._choices, self._choice

    def action_recall(self, by: int) -> None:
        """Recall an earlier (-1) or later (1) line that begins with the typed text."""
        if self.answering or self._unseen:
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
        """Copy the selection, unless the line may hold a secret.

        Any program can read the clipboard.
        """
        if self._kept_from_clipboard:
            raise SkipAction
        super().action_copy()

    @property
    def _kept_from_clipboard(self) -> bool:
        return self.answering or self._unseen or self.doubtful or bool(self._concealed)

    def action_cut(self) -> None:
        if self._kept_from_clipboard:
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
        self._note_cleared("")
        self.put("")

    def action_end(self, select: bool = False) -> None:
        """Move to the end of the line, posting EndPassed if the cursor is already there."""
        if not select and self.cursor_at_end and self.selection.is_empty:
            self.post_message(self.EndPassed(self))
        super().action_end(select)

    def put(self, line: str, *, keep_recall: bool = False, keep_choices: bool = False) -> None:
        """Replace the text with `line`, which was not typed, and move the cursor to its end."""
        self._kept = (keep_recall, keep_choices)
        self._putting = True
        if self.value == line:
            self._watch_value(line)
        self.value = line
        self._putting = False
        self.cursor_position = len(line)
        if self.ahead:  # the submitted AUTH is given back: it was not typed unseen
            self._secret = False

    def _watch_value(self, value: str) -> None:
        super()._watch_value(value)
        if not self._putting:
            self._note_cleared(value)
        self._secret = bool(value) and (self._secret or self._unseen)
        self._longest = max(value, self._longest, key=len) if self._secret else ""
        keep_recall, keep_choices = self._kept
        self._kept = (False, False)
        if not keep_recall:
            self._recalled = 0
        if not keep_choices:
            self._choices, self._choice = [], -1

    def _note_cleared(self, value: str) -> None:
        """Post SecretCleared if text typed unseen was cleared or lost several characters."""
        if self._longest and (not value or len(value) + 1 < len(self._longest)):
            text = self._longest.encode("utf-8", "surrogateescape")
            self._longest = value
            self.post_message(self.SecretCleared(self, Secret(text)))

    def _on_paste(self, event: events.Paste) -> None:
        """Insert a pasted line without unprintable characters; post several lines as LinesPasted.

        A paste that belongs to an erased secret is dropped.
        """
        text = event.text
        if self._discards(event):
            event.stop()
            event.prevent_default()
        elif "\n" in text or "\r" in text:
            event.stop()
            event.prevent_default()
            ended = text.rstrip("\r\n")
            if ended and "\n" not in ended and "\r" not in ended:
                self._insert(ended)
            else:
                hidden = self._unseen or self.wary
                self.post_message(self.LinesPasted(self, text, hidden))
        elif not text.isprintable():
            event.stop()
            event.prevent_default()
            self._insert(text)

    def _insert(self, text: str) -> None:
        """Insert the printable characters of `text`. Others would be sent without being seen."""
        seen = "".join(char for char in text if char.isprintable())
        self.insert_text_at_cursor(seen)
        if len(seen) < len(text):
            self.post_message(self.UnseenDropped(self, len(text) - len(seen)))
