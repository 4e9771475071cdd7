"""The list of servers in the configuration file, in which they are added, changed and removed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from ...session.private_file import reason
from ...session.secret import Secret
from ...session.visible import visible_text
from ...widgets.base.app_of import app_of
from ...widgets.base.columns import beside
from ..config.editor import write
from ..config.fields import CONNECTING
from ..config.model import Configuration, Server
from ..config.reader import load_file
from .question import QuestionScreen
from .requests import Answer
from .setting_fields import as_text

_COLUMN = 13
_KEYS = "Enter changes  n adds  d removes  Esc closes"
_EMPTY = (
    "No servers yet. Press n to add one with a name, a target and other settings, then connect "
    "with :connect @NAME here or heloscope @NAME in a shell."
)


class ServersScreen(ModalScreen[bool]):
    """Lists the servers in a file. The result is whether any of them was changed.

    Each change is written at once. `learn` is called with a password typed in a target.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c", "close", "close", show=False),
        Binding("n", "add", "add a server", show=False),
        Binding("d,delete", "remove", "remove the server, after asking", show=False),
    ]
    DEFAULT_CSS = """
    ServersScreen { align: center middle; }
    ServersScreen > Vertical {
        width: 76; max-width: 96%; height: 30; max-height: 96%;
        border: round $accent; border-title-color: $text-accent;
        border-subtitle-color: $text-muted; background: $surface; padding: 0 1;
        & OptionList { height: 2fr; border: none; padding: 0; background: $surface;
            text-wrap: nowrap; text-overflow: ellipsis; scrollbar-size-vertical: 1; }
        & OptionList:focus { border: none; }
        & VerticalScroll { height: 3fr; border-top: hkey $panel; scrollbar-size-vertical: 1; }
        & #problem { height: auto; color: $text-error; display: none; }
        &.-empty VerticalScroll { border-top: none; }
    }
    """

    def __init__(self, file: Path, learn: Callable[[Secret], object] = lambda secret: None) -> None:
        super().__init__()
        self._file = file
        self._learn = learn
        self._found = Configuration(place=str(file))
        self._wrote = False

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "Servers"
            yield OptionList(id="names", markup=False)
            yield Static("", id="problem", markup=False)
            with VerticalScroll(can_focus=False):
                yield Static("", id="server", markup=False)

    def on_mount(self) -> None:
        self._list("")

    def _list(self, chosen: str) -> None:
        """Read the file, and list its servers with the cursor on `chosen`."""
        self._found = load_file(self._file)
        names = self.query_one(OptionList)
        names.clear_options()
        width = max((len(name) for name in self._found.servers), default=0)
        names.add_options(
            Option(Content.assemble((f"@{name:<{width}}", "bold"), f"  {server.target}"))
            for name, server in self._found.servers.items()
        )
        places = [*self._found.servers]
        names.display = bool(places)
        box = self.query_one(Vertical).set_class(not places, "-empty")
        box.border_subtitle = _KEYS if places else "n adds  Esc closes"
        names.focus()
        names.highlighted = places.index(chosen) if chosen in places else (0 if places else None)
        wrong = [problem.sentence for problem in self._found.problems]
        self._say(f"Ignored until corrected in the file: {wrong[0]}" if wrong else "")
        self._draw()

    @property
    def _chosen(self) -> str:
        """The name of the server under the cursor; "" if no server is listed."""
        at = self.query_one(OptionList).highlighted
        names = [*self._found.servers]
        return names[at] if at is not None and at < len(names) else ""

    @on(OptionList.OptionHighlighted)
    @on(events.Resize)
    def _draw(self) -> None:
        server = self._found.servers.get(self._chosen)
        width = max(24, self.query_one(VerticalScroll).content_size.width - 1)
        text = Content.styled(_EMPTY, "$text-muted") if server is None else _details(server, width)
        self.query_one("#server", Static).update(text)

    def _say(self, problem: str) -> None:
        said = self.query_one("#problem", Static)
        said.update(problem)
        said.display = bool(problem)

    # Changes

    @on(OptionList.OptionSelected)
    def _selected(self) -> None:
        self._open(self._chosen)

    def action_add(self) -> None:
        """Open the form for a new server."""
        self._open("")

    def _open(self, name: str) -> None:
        from .server import ServerScreen

        screen = ServerScreen(self._found, name, self._learn)
        app_of(self).push_screen(screen, self._written)

    def _written(self, name: str | None) -> None:
        if name is not None:
            self._wrote = True
            self._list(name)

    def action_remove(self) -> None:
        """Remove the server under the cursor after asking the user."""
        name = self._chosen
        if not name:
            return

        def answered(answer: str | None) -> None:
            if answer == "yes":
                self._remove(name)

        app_of(self).push_screen(
            QuestionScreen(
                f"Remove @{name}?",
                f"{self._found.servers[name].target}. Its table will be removed from the file; the "
                f"comments around it will stay. Open connections stay open.",
                (Answer("y", "yes", "yes, remove it"), Answer("Esc", "no", "no, keep it")),
            ),
            answered,
        )

    def _remove(self, name: str) -> None:
        names = [*self._found.servers]
        place = names.index(name)
        near = (names[place + 1 :] or names[:place][-1:] or [""])[0]
        try:
            write(self._file, {("servers", name): None})
        except OSError as error:
            self._say(f"@{name} was not removed: {reason(error)}.")
            return
        self._wrote = True
        self._list(near)

    def action_close(self) -> None:
        """Close the list."""
        self.dismiss(self._wrote)


def _details(server: Server, width: int) -> Content:
    """Return a server's settings in the file, with the place of its secret but not its value."""
    rows = [("target", server.target)]
    for field in CONNECTING:
        if text := as_text(getattr(server, field.name)):
            rows.append((field.name, text))
        if field.name == "user" and server.secret is not None:
            rows.append(("secret", f"in {server.secret.shown}"))
    parts: list[Content] = []
    for head, words in rows:
        parts += beside(head, visible_text(words), column=_COLUMN, width=width, bold="dim")
    return Content("\n").join(parts)
