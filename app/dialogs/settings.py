"""The settings screen, which shows and changes the configuration file.

Servers and keys have their own lists (servers.py, keys.py), which this screen opens.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from textual.app import ComposeResult
from textual.content import Content
from textual.events import Click
from textual.widget import Widget
from textual.widgets import Static

from ...session.secret import Secret
from ...session.visible import visible_text
from ...widgets.base.app_of import app_of
from ...widgets.input.cycle import Cycle
from ..config.editor import write
from ..config.fields import FOR_ALL, SETTINGS, Field
from ..config.model import Configuration
from ..config.reader import load_file
from .form import FormFields
from .setting_fields import UNSAID, SettingForm, as_text

_NAMES_SHOWN = 28  # cells of the names of servers and actions


class ListRow(Static, can_focus=True):
    """A row that summarises the servers or the keys. Enter opens the screen with their list."""

    DEFAULT_CSS = """
    ListRow { width: 1fr; height: 1; background: $panel; text-wrap: nowrap;
        text-overflow: ellipsis; }
    ListRow:focus { background: $panel-lighten-1; text-style: bold; }
    """

    def on_click(self, event: Click) -> None:
        event.stop()
        self.focus()
        if isinstance(self.screen, SettingsScreen):
            self.screen.action_save()


class SettingsScreen(SettingForm[bool | None]):
    """Shows the settings in the file. The result is True if changes were written, or None on Esc.

    `saved` contains the settings in the file, without those from the environment. `overruled` maps
    each setting that an environment variable overrides to that variable, and `themes` contains the
    names of all themes. `learn` is called with a password typed in a target.
    """

    def __init__(
        self,
        saved: Configuration,
        overruled: Mapping[str, str],
        themes: Sequence[str],
        learn: Callable[[Secret], object] = lambda secret: None,
    ) -> None:
        self._saved = saved
        self._overruled = overruled
        self._themes = themes
        self._learn = learn
        self._wrote = False  # in one of the lists
        fields = {each.name: each for each in (*SETTINGS, *FOR_ALL)}
        super().__init__(fields, {name: as_text(self._said(each)) for name, each in fields.items()})

    def _said(self, field: Field) -> object:
        return getattr(self._saved if field in SETTINGS else self._saved.connect, field.name)

    def compose(self) -> ComposeResult:
        with FormFields() as box:
            box.border_title = "Settings"
            box.border_subtitle = "Enter saves  Up Down fields  Left Right choose  Esc cancels"
            yield Static(f"Enter writes to {visible_text(str(self._saved.file))}", classes="about")
            for field in SETTINGS:
                yield from self.field_row(field, self._overruled_by(field))
            yield from self.row("Servers", ListRow(id="servers", markup=False))
            yield from self.row("Keys", ListRow(id="keys", markup=False))
            yield Static("For all servers, unless a profile says otherwise", classes="heading")
            for field in FOR_ALL:
                yield from self.field_row(field, self._overruled_by(field))

    def _overruled_by(self, field: Field) -> str:
        variable = self._overruled.get(field.name)
        return f"{variable} is set and overrides the file." if variable else ""

    def widget_for(self, field: Field) -> Widget:
        """Return a widget for a field; the theme is a choice of all themes."""
        if field.name != "theme":
            return super().widget_for(field)
        text = self.begun["theme"]
        names = {"": UNSAID, **{name: name for name in self._themes}}
        return Cycle(names, text if text in names else "", id="theme")

    def on_mount(self) -> None:
        self._count()
        self.query_one("#theme").focus()

    def _count(self) -> None:
        """Show the summaries of the two lists."""
        saved = self._saved
        names = _some([f"@{name}" for name in saved.servers], "none yet")
        self.query_one("#servers", ListRow).update(Content(f"{names}  (Enter lists them)"))
        keys = f"changed: {_some([*saved.keys], '')}" if saved.keys else "none changed"
        self.query_one("#keys", ListRow).update(Content(f"{keys}  (Enter lists them)"))

    # The lists

    def _open(self, name: str) -> None:
        if name == "servers":
            from .servers import ServersScreen

            screen: ServersScreen | KeysScreen = ServersScreen(self._saved.file, self._learn)
        else:
            from .keys import KeysScreen

            screen = KeysScreen(self._saved.file)
        app_of(self).push_screen(screen, self._listed)

    def _listed(self, wrote: bool | None) -> None:
        if wrote:
            self._wrote = True
            self._saved = load_file(self._saved.file)
            self._count()

    # Saving

    def action_save(self) -> None:
        """Write the changes, unless a field is invalid.

        If the row of a list has the focus, open that list instead.
        """
        if isinstance(self.focused, ListRow):
            self._open(str(self.focused.id))
            return
        changed = [
            field for field in self.changed if not (field.name == "theme" and self._same_theme())
        ]
        if self.refuse({field.name: self.problem_of(field) for field in changed}):
            return
        changes = {
            (field.name,) if field in SETTINGS else ("connect", field.name): self.value_of(field)
            for field in changed
        }
        if not changes or self.wrote("theme", partial(write, self._saved.file, changes)):
            self.dismiss(bool(changes) or self._wrote)

    def _same_theme(self) -> bool:
        """Return whether the theme in the file is unknown and no other theme was chosen."""
        return not self.text_of("theme") and self.begun["theme"] not in self._themes

    def action_cancel(self) -> None:
        """Discard the changes, except those made in a list, which have already been written."""
        self.dismiss(True if self._wrote else None)


def _some(names: Sequence[str], none: str) -> str:
    """Return as many names as fit, and the number of the others; `none` if there are no names."""
    shown = ", ".join(names)
    count = len(names)
    while count > 1 and len(shown) > _NAMES_SHOWN:
        count -= 1
        shown = f"{', '.join(names[:count])} and {len(names) - count} more"
    return shown or none
