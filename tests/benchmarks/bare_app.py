"""The baseline of start.py and key.py: a bare Textual app, or with `input` only an Input."""

from __future__ import annotations

import sys
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Footer, Header, Input, RichLog


class Bare(App[None]):
    """An app with a header, a log, an input and a footer."""

    TITLE = "the header"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f2", "nothing", "the footer")]

    def compose(self) -> ComposeResult:
        yield Header()
        yield RichLog()
        yield Input(placeholder="the input")
        yield Footer()

    def on_mount(self) -> None:
        self.query_one(RichLog).write("the log")
        self.query_one(Input).focus()


class BareInput(App[None]):
    """An app with only an input."""

    def compose(self) -> ComposeResult:
        yield Input(placeholder="the input")


if __name__ == "__main__":
    (BareInput() if "input" in sys.argv[1:] else Bare()).run()
