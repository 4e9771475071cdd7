"""The dialog that asks how to export the conversation, and previews the result."""

from __future__ import annotations

import re
import threading
import time
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Label, OptionList, Static
from textual.widgets.option_list import Option

from ...session.record.masks import Masking
from ...session.visible import visible_text
from ...widgets.base.app_of import app_of
from ...widgets.input.radio_row import RadioRow
from ..actions import EXPORT_FORMATS
from ..export.formats import EXPORTS
from ..export.output import Stopped
from .requests import ExportForm, ExportRequest

_ONE, _ALL = "one", "all"
_MASKS = {
    "secrets": "secrets only",
    "addresses": "addresses",
    "content": "content",
    "both": "both",
}
_PUBLIC = "Public block lists and help pages are not masked."
_MASKED = re.compile(
    r"\*{8,}|\b(?:user\d+(?:@[\w.-]+)?|host\d+\.example|192\.0\.2\.\d+)\b|\bx{2,}\b"
    r"|message, .* not shown|\b(?:ANSWER_\d+|PASSWORD(?:_\d+)?|TOKEN(?:_\d+)?|USER_NAME)\b"
)


class FormatList(OptionList):
    """The list of formats; Up and Down choose one."""


class ExportScreen(ModalScreen[ExportRequest | None]):
    """Asks for a format, masking and a file. The result is an ExportRequest, or None on Esc.

    A preview is made in a thread, and stopped when a newer one begins.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c", "cancel", "cancel", show=False),
        Binding("f10,ctrl+n", "copy", "copy to the clipboard", show=False, priority=True),
        Binding("enter", "save", "save", show=False, priority=True),
        Binding("pagedown", "page(1)", "scroll the preview", show=False, priority=True),
        Binding("pageup", "page(-1)", "scroll the preview", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    ExportScreen { align: center middle; }
    ExportScreen > Vertical {
        width: 120; max-width: 96%; height: 36; max-height: 96%;
        border: round $accent; border-title-color: $text-accent;
        border-subtitle-color: $text-muted; background: $surface; padding: 0 1;
        & .row { height: auto; }
        & Label { width: 8; color: $text-muted; }
        & Input { width: 1fr; background: $panel; }
        & #middle { height: 1fr; margin-bottom: 1; }
        & FormatList { width: 14; height: 100%; border: none; padding: 0; background: $surface; }
        & FormatList:focus { border: none; }
        & #beside { width: 1fr; height: 100%; padding-left: 1; border-left: solid $panel; }
        & #what { height: auto; color: $text-muted; margin-bottom: 1; }
        & #scroll { height: 1fr; scrollbar-size-vertical: 1; }
        & #preview { height: auto; }
        & #problem { height: auto; color: $text-error; display: none; }
    }
    """

    def __init__(self, asked: ExportForm) -> None:
        super().__init__()
        self._asked = asked
        self._connections = asked.connections
        self._preview = asked.preview
        self._masking = asked.masking
        self._files = asked.files
        self._stop = threading.Event()  # of the preview being made
        self._named = False  # the file, by the user
        self.previewed: tuple[str, Masking] | None = None
        """The format and masking of the preview shown; None while a preview is being made."""

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "Export"
            saves = "Enter saves  " if self._files else ""
            box.border_subtitle = f"{saves}F10 copies  Tab fields  PgDn preview  Esc cancels"
            with Horizontal(id="middle"):
                yield FormatList(*(Option(name, id=name) for name in EXPORT_FORMATS), id="format")
                with Vertical(id="beside"):
                    yield Static("", id="what", markup=False)
                    with VerticalScroll(id="scroll", can_focus=False):
                        yield Static("", id="preview", markup=False)
            if self._connections > 1:
                with Horizontal(classes="row"):
                    yield Label("What")
                    what = {_ONE: "this connection", _ALL: self._asked.all_of_them}
                    at_first = _ALL if self._asked.everything else _ONE
                    yield RadioRow(what, at_first, id="connections")
            with Horizontal(classes="row"):
                yield Label("Mask")
                yield RadioRow(_MASKS, _value(self._masking), id="mask")
            if self._files:
                with Horizontal(classes="row"):
                    yield Label("File")
                    yield Input(compact=True, id="file")
            yield Static("", id="problem", markup=False)

    def on_mount(self) -> None:
        formats = self.query_one(FormatList)
        formats.highlighted = 0
        formats.focus()

    def on_unmount(self) -> None:
        self._stop.set()

    # The choices

    @property
    def form(self) -> str:
        """The chosen format."""
        return list(EXPORT_FORMATS)[self.query_one(FormatList).highlighted or 0]

    @property
    def masking(self) -> Masking:
        """The parts that are masked."""
        value = self.query_one("#mask", RadioRow).value
        return Masking(value in ("addresses", "both"), value in ("content", "both"))

    @property
    def everything(self) -> bool:
        """Whether all connections are exported."""
        return self._connections > 1 and self.query_one("#connections", RadioRow).value == _ALL

    @on(OptionList.OptionHighlighted)
    def _format_chosen(self) -> None:
        if self._files and not self._named:
            file = self.query_one(Input)
            with file.prevent(Input.Changed):
                name = f"heloscope-%Y%m%d-%H%M%S{EXPORTS[self.form].suffix}"
                file.value = time.strftime(name, time.localtime(time.time()))
        self._show()

    @on(RadioRow.Changed)
    def _mask_chosen(self) -> None:
        self._show()

    @on(Input.Changed)
    def _file_named(self) -> None:
        self._named = True
        self._say("")

    # The preview

    def _show(self) -> None:
        """Make the preview again, in a thread."""
        self._stop.set()
        self._stop = stop = threading.Event()
        form, masking, everything = self.form, self.masking, self.everything
        self.previewed = None
        what = EXPORT_FORMATS[form]
        words = f"{what[:1].upper()}{what[1:]}. Masked: {masking.words}."
        if masking.addresses:
            words += f" {_PUBLIC}"
        self.query_one("#what", Static).update(words)
        self._say("")

        def make() -> None:
            try:
                about, text = self._preview(form, masking, everything, stop.is_set)
            except Stopped:
                return
            except ValueError as error:
                about, text = str(error), ""
            if not stop.is_set():
                app_of(self).call_later(partial(self._drawn, stop, form, masking, about, text))

        self.run_worker(make, thread=True, group="preview", exit_on_error=False)

    def _drawn(
        self, stop: threading.Event, form: str, masking: Masking, about: str, text: str
    ) -> None:
        if stop.is_set() or not self.is_mounted:
            return
        shown = Content(text)
        for found in _MASKED.finditer(text):
            shown = shown.stylize("$text-warning", *found.span())
        parts = (Content.styled(about, "$text-muted"), Content("\n\n")) if about else ()
        self.query_one("#preview", Static).update(Content.assemble(*parts, shown))
        self.query_one("#scroll").scroll_home(animate=False)
        self.previewed = (form, masking)

    # Answering

    def action_save(self) -> None:
        """Answer with an export to the file, unless the file already exists."""
        if not self._files:
            self.action_copy()
            return
        name = self.query_one(Input).value.strip()
        if not name:
            self._say("Enter a file name, or press F10 to copy.")
        elif Path(name).expanduser().exists():
            self._say(f"{visible_text(name)} already exists. Choose another name.")
        else:
            self.dismiss(ExportRequest(self.form, self.masking, name, self.everything))

    def action_copy(self) -> None:
        """Answer with an export to the clipboard, if the format can be copied."""
        if self.everything and EXPORTS[self.form].together is None:
            self._say("In this format, each connection becomes a separate file. Enter saves them.")
        elif EXPORTS[self.form].lines or self.form == "eml":
            self.dismiss(ExportRequest(self.form, self.masking, everything=self.everything))
        else:
            self._say("A capture cannot be copied to the clipboard. Enter saves it.")

    def action_cancel(self) -> None:
        """Close the dialog without an answer."""
        self.dismiss(None)

    def action_page(self, by: int) -> None:
        """Scroll the preview down (`by` = 1) or up (-1) by a page."""
        scroll = self.query_one("#scroll", VerticalScroll)
        scroll.scroll_relative(y=by * max(1, scroll.size.height - 1), animate=False)

    def on_key(self, event: events.Key) -> None:
        """Let Up and Down move between the fields, except in the list."""
        if event.key in ("up", "down") and not self.query_one(FormatList).has_focus:
            event.stop()
            if event.key == "down":
                self.focus_next()
            else:
                self.focus_previous()

    def _say(self, problem: str) -> None:
        said = self.query_one("#problem", Static)
        said.update(problem)
        said.display = bool(problem)


def _value(masking: Masking) -> str:
    if masking.addresses:
        return "both" if masking.content else "addresses"
    return "content" if masking.content else "secrets"
