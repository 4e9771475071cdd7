"""The form from which a message is sent, or its recipients are checked.

It shows the fields of a `MessageForm` and puts what is typed back into it, also when it is left
with Esc. What is wrong is said below its field; nothing is sent from here: the answer is what a
plan is made of.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content as Drawn
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static, TextArea

from ...session.procedures.samples import SAMPLES
from ...widgets.input.cycle import Cycle
from ...widgets.input.form_field import FormField
from ...widgets.input.message_editor import MessageEditor
from ...widgets.input.suggestions import last_word
from ..compose.form import (
    FILE,
    SAMPLE,
    SOURCES,
    STEPS,
    TYPED,
    MessageForm,
    NotReady,
    Ready,
    message_note,
    ready,
)
from ..compose.options import Keywords, Option, not_offered, options_for
from ..input.paths import complete_path

if TYPE_CHECKING:
    from textual.widget import Widget

_UNKNOWN = (
    "What this server offers is not known yet, since there was no {ehlo}. The plan begins with "
    "it. For options, leave with Esc (what is typed stays), greet with :hello, and come again."
)
_OLD = "The server was greeted with HELO: it takes no options."
_NOTHING = "This server offers no option that could be chosen here."


class SendScreen(ModalScreen[Ready | None]):
    """Returns what is to be sent, or None. With `check`, only envelope and options are asked."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+d", "make", "make the plan", show=False, priority=True),
        Binding("f6", "app.focus_next", "next field, out of the editor too", show=False,
                priority=True),
        Binding("pageup", "page(-1)", "page up", show=False),
        Binding("pagedown", "page(1)", "page down", show=False),
        Binding("escape,ctrl+c", "leave", "leave; what was typed is kept", show=False),
    ]  # fmt: skip
    AUTO_FOCUS = ""
    DEFAULT_CSS = """
    SendScreen { align: center middle; }
    SendScreen > Vertical {
        width: 92; max-width: 96%; height: auto; max-height: 96%;
        border: round $accent; border-title-color: $text-accent;
        border-subtitle-color: $text-muted; background: $surface;
    }
    SendScreen VerticalScroll { height: auto; max-height: 100%; padding: 0 1 0 2;
        scrollbar-size-vertical: 1; }
    SendScreen .row { height: auto; }
    SendScreen .label { width: 13; color: $text; }
    SendScreen .heading { margin-top: 1; color: $text-accent; text-style: bold; }
    SendScreen .words { width: 1fr; height: auto; padding-left: 1; color: $text-muted; }
    SendScreen .note { height: auto; color: $text-muted; }
    SendScreen .problem { height: auto; color: $text-error; margin-left: 13; display: none; }
    SendScreen .problem.-shown { display: block; }
    SendScreen .option { width: 28; }
    SendScreen MessageEditor { height: 8; background: $panel; }
    SendScreen Button { margin: 1 0 0 0; }
    """

    def __init__(
        self,
        letter: MessageForm,
        keywords: Keywords | None,
        *,
        check: bool = False,
        greeted_with: str = "",
        lmtp: bool = False,
        addresses: Sequence[str] = (),
        when: Callable[[], float] | None = None,
    ) -> None:
        super().__init__()
        self._letter = letter
        self._keywords = keywords
        self._check = check
        self._greeted_with = greeted_with
        self._ehlo = "LHLO" if lmtp else "EHLO"
        self._addresses = addresses
        self._when = when
        self._options = [option for option in options_for(keywords) if option.on or not check]
        self._noted: tuple[str, ...] = ()  # what the note was made from

    def compose(self) -> ComposeResult:
        letter = self._letter
        complete = last_word(self._addresses)
        with Vertical() as box:
            box.border_title = "Check recipients" if self._check else "Send a message"
            box.border_subtitle = "Ctrl+D makes the plan  Tab: next  Up, Down: complete  Esc leaves"
            with VerticalScroll(can_focus=False):
                hint = "" if self._check else "; empty: from the header"
                yield from self._row(
                    "From",
                    FormField(
                        letter.sender, complete, id="from", placeholder=f"<> is nobody{hint}"
                    ),
                )
                yield self._problem("from")
                yield from self._row(
                    "To",
                    FormField(letter.recipients, complete, id="to",
                          placeholder=f"one or several{hint}"),
                )  # fmt: skip
                yield self._problem("to")
                if not self._check:
                    yield from self._message()
                yield Static("Options", classes="heading")
                for option in self._options:
                    yield from self._option(option)
                yield Static(Drawn(self._offers()), classes="note", id="offers")
                yield Static("Plan", classes="heading")
                steps = Cycle(tuple(STEPS), self._letter.steps, id="steps", turned=self._arrange)
                yield from self._row("Sent", steps, STEPS[self._letter.steps], "steps-about")
                yield Button("Make the plan", variant="primary", compact=True, id="make")

    def _row(
        self, label: str, control: Widget, words: str = "", words_id: str | None = None
    ) -> ComposeResult:
        with Horizontal(classes="row"):
            yield Static(Drawn(label), classes="label")
            yield control
            if words:
                yield Static(Drawn(words), classes="words", id=words_id)

    def _problem(self, where: str) -> Static:
        return Static("", classes="problem", id=f"problem-{where}", markup=False)

    def _option(self, option: Option) -> ComposeResult:
        value = self._letter.value(option)
        id = f"option-{option.name}"
        if option.values:
            control: Widget = Cycle(option.values, value, id=id)
        else:
            control = FormField(value, lambda _: (), id=id)
        control.add_class("option")
        yield from self._row(option.name, control, option.words)
        yield self._problem(option.name)

    def _message(self) -> ComposeResult:
        letter = self._letter
        yield Static("Message", classes="heading")
        yield from self._row(
            "It is",
            Cycle(SOURCES, letter.source, id="source", turned=self._arrange),
            "Left and Right choose",
        )
        editor = MessageEditor(id="text")
        editor.put(letter.text)
        yield editor
        with Vertical(id="file-part", classes="row"):
            yield from self._row(
                "File", FormField(letter.file, complete_path, id="file", placeholder="letter.eml")
            )
        with Vertical(id="sample-part", classes="row"):
            samples = SAMPLES.values()
            yield from self._row(
                "Sample",
                Cycle({each.name: each.label for each in samples}, letter.sample, id="sample"),
            )
        yield Static("", classes="note", id="note", markup=False)
        yield self._problem("message")

    def _offers(self) -> str:
        if self._keywords is None:
            return _OLD if self._greeted_with == "HELO" else _UNKNOWN.format(ehlo=self._ehlo)
        words = [] if self._options else [_NOTHING]
        missing = not_offered(self._keywords)
        if missing:
            words.append(f"Not offered by this server: {', '.join(missing)}.")
        return " ".join(words)

    def on_mount(self) -> None:
        self._arrange()
        if not self._letter.sender:
            self.query_one("#from").focus()
        elif not self._letter.recipients:
            self.query_one("#to").focus()
        else:
            self.query_one("#from" if self._check else "#source").focus()

    # What is in the fields

    def _collect(self) -> None:
        """Put the fields into the letter."""
        letter = self._letter
        letter.sender = self.query_one("#from", FormField).value
        letter.recipients = self.query_one("#to", FormField).value
        letter.steps = self.query_one("#steps", Cycle).value
        for option in self._options:
            control = self.query_one(f"#option-{option.name}")
            assert isinstance(control, Cycle | FormField)
            letter.options[option.name] = control.value
        if not self._check:
            letter.source = self.query_one("#source", Cycle).value
            letter.text = self.query_one("#text", MessageEditor).draft
            letter.file = self.query_one("#file", FormField).value
            letter.sample = self.query_one("#sample", Cycle).value

    def _arrange(self) -> None:
        """Show what belongs to the present source, and what there is to know of it."""
        steps = self.query_one("#steps", Cycle).value
        self.query_one("#steps-about", Static).update(Drawn(STEPS[steps]))
        if self._check:
            return
        source = self.query_one("#source", Cycle).value
        self.query_one("#text").display = source == TYPED
        self.query_one("#file-part").display = source == FILE
        self.query_one("#sample-part").display = source == SAMPLE
        self._collect()
        letter = self._letter
        key: tuple[str, ...] = (source, letter.text, letter.file, letter.sample)
        if source == SAMPLE and letter.sample != "big":  # which has its size whatever its header
            key += (letter.sender, letter.recipients)
        if key != self._noted:
            self._noted = key
            self.query_one("#note", Static).update(Drawn(message_note(letter, self._keywords)))

    @on(Cycle.Changed)
    @on(Input.Changed)
    @on(TextArea.Changed)
    def _changed(self) -> None:
        for problem in self.query(".problem.-shown"):
            problem.remove_class("-shown")
        self._arrange()

    @on(events.DescendantFocus)
    def _focused(self, event: events.DescendantFocus) -> None:
        """The first and the last field bring the edge of the form with them."""
        scroll = self.query_one(VerticalScroll)
        if event.widget.id == "from":
            scroll.scroll_home(animate=False)
        elif event.widget.id == "make":
            scroll.scroll_end(animate=False)

    # Leaving

    @on(Button.Pressed)
    def action_make(self) -> None:
        self._collect()
        try:
            made = ready(self._letter, self._keywords, self._when, check=self._check)
        except NotReady as error:
            self._say(error)
        else:
            self.dismiss(made)

    def _say(self, error: NotReady) -> None:
        said: dict[str, str] = {}
        for where, words in error.problems:
            said.setdefault(where, words)
        for problem in self.query(".problem").results(Static):
            words = said.get((problem.id or "").removeprefix("problem-"))
            problem.set_class(words is not None, "-shown")
            problem.update(words or "")
        where = error.problems[0].where
        source = {TYPED: "text", FILE: "file", SAMPLE: "sample"}[self._letter.source]
        ids = {"from": "from", "to": "to", "message": source}
        field = self.query_one(f"#{ids.get(where, f'option-{where}')}")
        field.focus()
        self.call_after_refresh(self.query_one(f"#problem-{where}").scroll_visible, animate=False)

    def action_leave(self) -> None:
        self._collect()
        self.dismiss(None)

    def action_page(self, by: int) -> None:
        scroll = self.query_one(VerticalScroll)
        scroll.scroll_relative(y=by * max(1, scroll.size.height - 1), animate=False)

    def on_message_editor_ended(self) -> None:
        """A typed dot on a line of its own: the message is written."""
        self.action_make()

    def on_message_editor_left(self) -> None:
        self.action_leave()
