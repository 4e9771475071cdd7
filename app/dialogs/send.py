"""The dialog with the message form, used to compose a message or to check recipients.

It shows the fields of a `MessageForm` and stores the input in it, even when closed with Esc. Errors
are shown below their field. Nothing is sent from here: the dialog returns a request, from which a
plan is created.
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
    LINE_ENDS,
    SAMPLE,
    SOURCES,
    STEPS,
    TYPED,
    FormError,
    MessageForm,
    SendRequest,
    message_note,
    send_request,
)
from ..compose.options import Keywords, Option, offered, options_for
from ..input.paths import complete_path

if TYPE_CHECKING:
    from textual.widget import Widget


class SendScreen(ModalScreen[SendRequest | None]):
    """Asks for a message. The result is the message to send, or None on Esc.

    With `check`, it asks only for the envelope and options. `files` is true if the message may come
    from a file.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+d", "make", "create the plan", show=False, priority=True),
        Binding("f6", "app.focus_next", "next field, also from the editor", show=False,
                priority=True),
        Binding("pageup", "page(-1)", "page up", show=False),
        Binding("pagedown", "page(1)", "page down", show=False),
        Binding("escape,ctrl+c", "leave", "close; the fields are kept", show=False),
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
        form: MessageForm,
        keywords: Keywords | None,
        *,
        check: bool = False,
        greeted_with: str = "",
        lmtp: bool = False,
        addresses: Sequence[str] = (),
        when: Callable[[], float] | None = None,
        files: bool = True,
    ) -> None:
        super().__init__()
        self._message_form = form
        self._keywords = keywords
        self._check = check
        self._greeted_with = greeted_with
        self._ehlo = "LHLO" if lmtp else "EHLO"
        self._addresses = addresses
        self._when = when
        self._sources = SOURCES if files else tuple(each for each in SOURCES if each != FILE)
        self._options = [option for option in options_for(keywords) if option.on or not check]
        self._noted: tuple[str, ...] = ()  # the values from which the present note was made

    def compose(self) -> ComposeResult:
        form = self._message_form
        complete = last_word(self._addresses)
        with Vertical() as box:
            box.border_title = "Check recipients" if self._check else "Send a message"
            box.border_subtitle = (
                "Ctrl+D creates the plan  Tab: next  Up, Down: complete  Esc closes"
            )
            with VerticalScroll(can_focus=False):
                hint = "" if self._check else "; empty: from the header"
                yield from self._row(
                    "From",
                    FormField(form.sender, complete, id="from", placeholder=f"<> for none{hint}"),
                )
                yield self._problem("from")
                yield from self._row(
                    "To",
                    FormField(form.recipients, complete, id="to",
                          placeholder=f"one or more addresses{hint}"),
                )  # fmt: skip
                yield self._problem("to")
                if not self._check:
                    yield from self._message()
                yield Static("Options", classes="heading")
                for option in self._options:
                    yield from self._option(option)
                offers = offered(self._options, self._keywords, self._greeted_with, self._ehlo)
                yield Static(Drawn(offers), classes="note", id="offers")
                yield Static("Plan", classes="heading")
                steps = Cycle(tuple(STEPS), self._message_form.steps, id="steps")
                yield from self._row("Send", steps, STEPS[self._message_form.steps], "steps-about")
                yield Button("Create the plan", variant="primary", compact=True, id="make")

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
        value = self._message_form.value(option)
        id = f"option-{option.name}"
        if option.values:
            control: Widget = Cycle(option.labels, value, id=id)
        else:
            control = FormField(value, lambda _: (), id=id)
        control.add_class("option")
        yield from self._row(option.name, control, option.words)
        yield self._problem(option.name)

    def _message(self) -> ComposeResult:
        form = self._message_form
        yield Static("Message", classes="heading")
        yield from self._row(
            "Source",
            Cycle(self._sources, form.source, id="source"),
            "Left and Right choose",
        )
        editor = MessageEditor(id="text")
        editor.tab_behavior = "focus"
        editor.put(form.text)
        yield editor
        with Vertical(id="file-part", classes="row"):
            yield from self._row(
                "File", FormField(form.file, complete_path, id="file", placeholder="message.eml")
            )
            yield from self._row(
                "Line endings",
                Cycle(LINE_ENDS, form.line_ends, id="line-ends"),
                "CRLF is the standard",
            )
        with Vertical(id="sample-part", classes="row"):
            samples = SAMPLES.values()
            yield from self._row(
                "Sample",
                Cycle({each.name: each.label for each in samples}, form.sample, id="sample"),
            )
        yield Static("", classes="note", id="note", markup=False)
        yield self._problem("message")

    @property
    def _offered(self) -> Keywords | None:
        """The extensions that the server offers: {} after HELO, and None before any greeting."""
        return {} if self._greeted_with == "HELO" else self._keywords

    def on_mount(self) -> None:
        self._arrange()
        form = self._message_form
        if form.sender and not form.recipients:
            self.query_one("#to").focus()
        else:  # typed text replaces an existing sender
            self.query_one("#from", FormField).focus().action_select_all()

    # Fields

    def _collect(self) -> None:
        """Store the values of the fields in the form."""
        form = self._message_form
        form.sender = self.query_one("#from", FormField).value
        form.recipients = self.query_one("#to", FormField).value
        form.steps = self.query_one("#steps", Cycle).value
        for option in self._options:
            control = self.query_one(f"#option-{option.name}")
            assert isinstance(control, Cycle | FormField)
            form.options[option.name] = control.value
        if not self._check:
            form.source = self.query_one("#source", Cycle).value
            form.text = self.query_one("#text", MessageEditor).draft
            form.file = self.query_one("#file", FormField).value
            form.line_ends = self.query_one("#line-ends", Cycle).value
            form.sample = self.query_one("#sample", Cycle).value

    def _arrange(self) -> None:
        """Show the fields for the chosen source, and the note about the message."""
        steps = self.query_one("#steps", Cycle).value
        self.query_one("#steps-about", Static).update(Drawn(STEPS[steps]))
        if self._check:
            return
        source = self.query_one("#source", Cycle).value
        self.query_one("#text").display = source == TYPED
        self.query_one("#file-part").display = source == FILE
        self.query_one("#sample-part").display = source == SAMPLE
        self._collect()
        form = self._message_form
        key: tuple[str, ...] = (source, form.text, form.file, form.line_ends, form.sample)
        key += (form.options.get("BODY", ""), form.options.get("SMTPUTF8", ""))
        if source == SAMPLE and form.sample != "big":  # whose size does not depend on its header
            key += (form.sender, form.recipients)
        if key != self._noted:
            self._noted = key
            self.query_one("#note", Static).update(Drawn(message_note(form, self._offered)))

    @on(Cycle.Changed)
    @on(Input.Changed)
    @on(TextArea.Changed)
    def _changed(self) -> None:
        for problem in self.query(".problem.-shown"):
            problem.remove_class("-shown")
        self._arrange()

    @on(events.DescendantFocus)
    def _focused(self, event: events.DescendantFocus) -> None:
        """Scroll the form to its top or bottom when its first or last field is focused."""
        scroll = self.query_one(VerticalScroll)
        if event.widget.id == "from":
            scroll.scroll_home(animate=False)
        elif event.widget.id == "make":
            scroll.scroll_end(animate=False)

    # Closing

    @on(Button.Pressed)
    def action_make(self) -> None:
        """Answer with the message to send, unless a field is invalid."""
        self._collect()
        try:
            made = send_request(self._message_form, self._keywords, self._when, check=self._check)
        except FormError as error:
            self._say(error)
        else:
            self.dismiss(made)

    def _say(self, error: FormError) -> None:
        said: dict[str, str] = {}
        for where, words in error.problems:
            said.setdefault(where, words)
        for problem in self.query(".problem").results(Static):
            words = said.get((problem.id or "").removeprefix("problem-"))
            problem.set_class(words is not None, "-shown")
            problem.update(words or "")
        where = error.problems[0].where
        source = {TYPED: "text", FILE: "file", SAMPLE: "sample"}[self._message_form.source]
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
        """Create the plan, because a dot on a line of its own has ended the message."""
        self.action_make()

    def on_message_editor_left(self) -> None:
        self.action_leave()
