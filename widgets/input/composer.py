"""The composer, which consists of a hint and the command line, or of a hint and a message editor.

The composer knows nothing of SMTP. Its owner sets the hint and provides functions that complete a
line and recall an earlier one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from .command_line import CommandInput, Mask, Recall
from .suggestions import Complete

if TYPE_CHECKING:
    from .message_editor import MessageEditor


class Composer(Vertical):
    """A hint above the command line, or above an editor while a message is being written."""

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
        """Posted on Enter with the line as typed.

        `secret` is true if the line answers an AUTH challenge.
        """

        composer: Composer
        text: str
        secret: bool

        @property
        def control(self) -> Composer:
            return self.composer

    @dataclass
    class Changed(Message):
        """Posted when the text of the line changes."""

        composer: Composer
        text: str

        @property
        def control(self) -> Composer:
            return self.composer

    def __init__(
        self,
        complete: Complete,
        recall: Recall,
        mask: Mask = lambda text: text,
        *,
        id: str | None = None,
    ) -> None:
        """Create a composer.

        `mask` replaces known secrets in a text with stars. The parts that it changes are shown as
        dots.
        """
        super().__init__(id=id)
        self._input = CommandInput(complete, recall, mask, id="command")
        self._editor: MessageEditor | None = None
        self.border_title = "Command"
        self._hint: Content | None = None
        self.editing = False
        """Whether an existing line or message is being edited."""
        self._line_before_edit = ""
        self._draft_before_edit = ""
        self._above: Content | None = None
        self.chunk = False
        """Whether the message will be sent with BDAT."""

    def compose(self) -> ComposeResult:
        yield Static(id="composer-answer")
        yield Static(id="composer-hint")
        yield self._input

    @property
    def editor(self) -> MessageEditor:
        """The editor. It is mounted on first use so that the first screen appears sooner."""
        if self._editor is None:
            from .message_editor import MessageEditor

            self._editor = MessageEditor(id="message")
            self.mount(self._editor)
        return self._editor

    @property
    def draft(self) -> str:
        """The text in the editor; empty if the editor has not been used."""
        return self._editor.draft if self._editor is not None else ""

    @property
    def text(self) -> str:
        """The text of the command line."""
        return self._input.value

    @text.setter
    def text(self, text: str) -> None:
        if text:  # text typed now belongs to it
            self._input.end_discarding()
        self._input.put(text)

    @property
    def choices(self) -> tuple[list[str], int]:
        """The completions that Tab cycles through, and the index of the current one or -1."""
        return self._input.choices

    @property
    def writing(self) -> bool:
        """Whether the editor is open."""
        return self.has_class("-message")

    @property
    def secret(self) -> bool:
        """Whether the line is shown as dots."""
        return self._input.password

    @property
    def answering(self) -> bool:
        """Whether the answer to an AUTH challenge is being typed."""
        return self._input.answering

    @property
    def discarding(self) -> bool:
        """Whether keys are dropped because they belong to an erased secret."""
        return self._input.discarding

    @property
    def wary(self) -> bool:
        """Whether the next line stays hidden and is submitted only if it reads as a command."""
        return self._input.wary

    @property
    def doubtful(self) -> bool:
        """Whether the line may be a secret, so that it is hidden and will not be submitted."""
        return bool(self.text) and self._input.doubtful

    def erase_secret(self) -> None:
        """Erase text typed for an exchange that is over, and drop the keys that follow it.

        After that, lines are submitted only if they read as commands, until one of them does.
        """
        self._input.erase()

    def be_wary(self) -> None:
        """From now on, submit only lines that read as commands. The first such line ends this.

        Any other line may be a secret.
        """
        self._input.be_wary()

    def answer(
        self, title: str, keys: str, above: Content | None, *, hidden: bool, peeked: bool = False
    ) -> None:
        """Ask for the answer to an AUTH challenge until `end_answer` is called.

        `title` and `keys` are shown in the border, and `above` is shown above the line. If `hidden`
        is true, the answer is shown as dots. `peeked` is true while the answer is briefly shown at
        the user's request. Completion, recall and history are off.
        """
        self._input.answer(hidden=hidden, peeked=peeked)
        self.border_title = Content(f"{title}, not shown" if hidden else title).markup
        self.border_subtitle = Content(keys).markup
        self.set_class(above is not None, "-answer")
        if above is not None and (self._above is None or not above.is_same(self._above)):
            self.query_one("#composer-answer", Static).update(above)
        self._above = above

    def end_answer(self) -> None:
        """Switch from an answer back to typing commands."""
        if self._input.answering:
            self._input.end_answer()
            self.border_title = "Message" if self.writing else "Command"
            self.border_subtitle = ""
            self.remove_class("-answer")
            self._above = None

    @property
    def ahead(self) -> bool:
        """Whether an AUTH command has been submitted that the owner has not handled yet."""
        return self._input.ahead

    def handled(self) -> None:
        """Record that the submitted line has been handled.

        If the line was an AUTH command, `answer` or `end_answer` has to be called next.
        """
        self._input.handled()

    # Editing an existing line or message

    def edit_line(self, text: str, title: str, *, hidden: bool = False) -> None:
        """Edit an existing line. Enter submits it; Esc posts EditLeft.

        `title` is shown in the border. If `hidden` is true, the text is shown as dots. The text
        typed before the edit is restored afterwards.
        """
        before = self.editing
        self.editing = True
        self._input.edit(hidden=hidden)
        if not before:
            self._line_before_edit = self.text
        self.border_title = title
        self.text = text
        self._input.focus()

    def edit_message(self, text: str, title: str) -> None:
        """Edit an existing message. The editor's draft is restored afterwards."""
        self._draft_before_edit = self.draft
        self.editing = True
        self.open_editor(text)
        self.border_title = title

    def end_edit(self) -> None:
        """End the edit and restore the text typed before it."""
        if not self.editing:
            return
        self.editing = False
        if self._input.editing:
            self._input.end_edit()
            self.border_title = "Command"
            self._input.put(self.text or self._line_before_edit)  # text typed meanwhile is kept
        else:
            self.close_editor()
            self.editor.put(self._draft_before_edit)

    def show_hint(self, hint: Content) -> None:
        """Show `hint` above the input line, repainting only if it has changed."""
        if self._hint is None or not hint.is_same(self._hint):
            self._hint = hint
            self.query_one("#composer-hint", Static).update(hint, layout=False)

    def open_editor(self, draft: str | None = None, *, chunk: bool = False) -> None:
        """Open the editor. If `draft` is not None, it replaces the editor's text.

        `chunk` is true if the message will be sent with BDAT.
        """
        self.chunk = chunk
        if draft is not None:
            self.editor.put(draft)
        self.add_class("-message")
        self.border_title = "Message for BDAT" if chunk else "Message"
        self.editor.focus()

    def move_to_editor(self) -> None:
        """Move a line that was typed ahead to the end of the message, unless it is an order."""
        if self.text and not self.text.startswith(":"):
            self.editor.put(self.draft + self.text)
            self.text = ""

    def close_editor(self) -> None:
        """Return to the command line, keeping the draft in the editor."""
        self.remove_class("-message")
        self.border_title = "Command"
        self.border_subtitle = ""
        self._input.focus()

    def clear_draft(self) -> None:
        """Clear the editor if it is not empty."""
        if self.draft:
            self.editor.put("")

    def focus_line(self) -> None:
        """Focus the editor if it is open, or the command line otherwise."""
        (self.editor if self.writing else self._input).focus()

    def take_key(self, event: events.Key, before: str = "") -> bool:
        """Type a key pressed elsewhere, a character or Backspace, into the line or the editor.

        Return False for any other key, and for a space at the start of a line, which would be sent
        without being seen. If the line is empty, `before` is inserted first: the letters typed
        earlier.
        """
        text = self.draft if self.writing else self.text
        if not (event.is_printable or event.key == "backspace") or (
            not text and event.key in ("space", "backspace")
        ):
            return False
        field = self.editor if self.writing else self._input
        self.screen.set_focus(field)
        if event.is_printable:
            if before and not (text or self.writing or self.answering or self._input.wary):
                self._input.put(before)
            field.post_message(events.Key(event.key, event.character))
        else:
            field.action_delete_left()
        return True

    @on(Input.Submitted, "#command")
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Submitted(self, event.value, self._input.was_answer()))

    @on(Input.Changed, "#command")
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Changed(self, event.value))
