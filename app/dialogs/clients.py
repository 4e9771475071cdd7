"""The dialog that lists the other programs connected to the practice server, and their problems."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from ...session.plural import plural
from ...session.practice.client_summary import ClientSummary
from ...session.practice.diagnosis import sentence
from ...widgets.base.columns import beside

_EVERY = 0.5  # seconds between two updates of the list
_COLUMN = 12  # the cell in which the text about a client begins


class ClientsScreen(ModalScreen[None]):
    """Lists the connections, newest first, and shows details of the highlighted one.

    `clients` returns the connections, and is called again while the dialog is open. `where` is a
    sentence about the ports that programs can connect to.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,ctrl+c", "close", "close", show=False),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    DEFAULT_CSS = """
    ClientsScreen { align: center middle; }
    ClientsScreen > Vertical {
        width: 94%; height: 90%; border: round $accent; border-title-color: $text-accent;
        border-subtitle-color: $text-muted; background: $surface;
    }
    ClientsScreen OptionList { width: 34; height: 1fr; border: none; border-right: vkey $panel;
        background: $surface; }
    ClientsScreen OptionList:focus { border: none; border-right: vkey $panel; }
    ClientsScreen VerticalScroll { width: 1fr; height: 1fr; padding: 0 1; scrollbar-size: 1 1; }
    ClientsScreen #client { width: 100%; }
    ClientsScreen.-narrow OptionList { width: 26; }
    """

    def __init__(self, clients: Callable[[], Sequence[ClientSummary]], where: str) -> None:
        super().__init__()
        self._clients = clients
        self._where = where
        self._shown: list[ClientSummary] = []
        self._chosen = 0  # the number of the connection whose details are shown

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "Other programs at the practice server"
            box.border_subtitle = "Up, Down: choose  Tab: scroll  Esc: close"
            with Horizontal():
                yield OptionList(id="clients", markup=False)
                with VerticalScroll(id="client-pane"):
                    yield Static("", id="client")

    def on_mount(self) -> None:
        self._list()
        self.set_interval(_EVERY, self._list)
        self.call_after_refresh(self._draw)  # once the width is known
        self.query_one("#clients", OptionList).focus()

    def _list(self) -> None:
        """Update the list, keeping the same connection highlighted."""
        options = self.query_one("#clients", OptionList)
        self._shown = list(self._clients())
        numbers = [client.number for client in self._shown]
        rows = [Option(_row(client), id=str(client.number)) for client in self._shown]
        if [option.id for option in options.options] == [row.id for row in rows]:
            for row in rows:
                if options.get_option(str(row.id)).prompt != row.prompt:
                    options.replace_option_prompt(str(row.id), row.prompt)
        else:
            options.clear_options()
            options.add_options(rows)
            if rows:
                chosen = self._chosen
                options.highlighted = numbers.index(chosen) if chosen in numbers else 0
        self._draw()

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        number = int(event.option_id or 0)
        if number != self._chosen:
            self._chosen = number
            self.query_one("#client-pane").scroll_home(animate=False)
        self._draw()

    @on(events.Resize)
    def _resized(self) -> None:
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        width = max(30, self.query_one("#client-pane").content_size.width - 1)
        for client in self._shown:
            if client.number == self._chosen:
                self.query_one("#client", Static).update(_details(client, width))
                return
        if not self._shown:
            empty = Content.assemble("No other program has connected.\n\n", (self._where, "dim"))
            self.query_one("#client", Static).update(empty)

    def action_close(self) -> None:
        self.dismiss(None)


def _row(client: ClientSummary) -> Content:
    """Return the list entry of a connection: number and name, with its problems and end below."""
    count = len(client.diagnoses)
    fares = plural(count, "{} problem") if count else "no problems"
    return Content.assemble(
        (f"{client.number:>3} ", "dim"),
        client.name or client.peer,
        "\n    ",
        (fares, "$text-warning" if count else "dim"),
        ("" if client.ended is None else ", closed", "dim"),
    )


def _details(client: ClientSummary, width: int) -> Content:
    began = time.strftime("%H:%M:%S", time.localtime(client.began))
    ended = "" if client.ended is None else time.strftime("%H:%M:%S", time.localtime(client.ended))
    observed = client.observed or client.ended is not None
    state = client.state if observed else "no longer observed"
    counts = (plural(client.commands, "{} command"), plural(client.messages, "{} message"))
    last = client.last or "none"
    if client.last and client.reply:
        last = f"{client.last}, answered with {client.reply}"
    rows = (
        ("address", client.peer),
        ("name", client.name or "not known yet"),
        ("time", f"{began} to {ended}" if ended else f"since {began}"),
        ("TLS", client.tls or "no"),
        ("state", state),
        ("sent", ", ".join(counts)),
        ("last line", last),
    )
    parts = [Content.styled(f"Client {client.number}", "bold $text-accent")]
    for head, words in rows:
        parts += beside(head, words, column=_COLUMN, width=width, bold="dim")
    if not client.diagnoses:
        return Content("\n").join([*parts, Content(""), Content("No problems so far.")])
    for found in reversed(client.diagnoses):
        often = f" ({plural(found.times, '{} time')})" if found.times > 1 else ""
        parts += [Content(""), Content.styled(f"{sentence(found.seen)}{often}", "bold")]
        parts += beside("", f"{found.why} ({found.rfc})", column=2, width=width)
        parts += beside("", found.advice, column=2, width=width, style="$text-success")
    return Content("\n").join(parts)
