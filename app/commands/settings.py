"""The command that shows the settings, and applies the changes made there."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial

import msgspec

from ...session.visible import visible_text
from ..actions import ACTIONS
from ..advice import do
from ..config.fields import FOR_ALL, SETTINGS
from ..config.reader import load, load_file
from ..connect.manager import ConnectionManager
from ..connect.recent import RecentProfiles
from ..input.sender import Sender
from ..ui import Themes, Ui
from .registry import CommandTable

_SAVED = {
    "servers": "The servers are saved and can be used immediately: :connect @NAME.",
    "keys": "The keys are saved and take effect at the next start.",
}
_ALL_SAVED = (
    "The settings are saved. The theme, the history, the servers and the settings for all servers "
    "take effect immediately; the other settings and the keys, at the next start."
)


class SettingsCommands:
    """The command for the settings in the configuration file.

    `history_switched` is called when a change switches the history on or off.
    """

    def __init__(
        self,
        ui: Ui,
        connections: ConnectionManager,
        sender: Sender,
        themes: Themes,
        recent: RecentProfiles,
        history_switched: Callable[[], object],
    ) -> None:
        self._ui = ui
        self._connections = connections
        self._sender = sender
        self._themes = themes
        self._recent = recent
        self._history_switched = history_switched

    @property
    def table(self) -> CommandTable:
        """The commands of this group, keyed by action name."""
        return {"settings": self.settings}

    def settings(self, page: str = "") -> None:
        """Show all settings, or only the list of servers or keys."""
        from ..dialogs.requests import SettingsForm

        page = page.strip().lower()
        if page not in ("", *_SAVED):
            self._ui.tell(
                f"Settings page not found: {visible_text(page)[:40]}. The syntax is "
                f"{do('settings')} {ACTIONS['settings'].argument}.",
                trouble=True,
            )
            return
        file = self._connections.servers.configuration.file
        saved = load_file(file)
        overruled = {
            field.name: field.variable
            for field in (*SETTINGS, *FOR_ALL)
            if os.environ.get(field.variable)
        }
        secrets = self._connections.secrets
        self._ui.ask(
            SettingsForm(
                saved,
                overruled,
                sorted(self._themes.theme_names),
                page,
                lambda secret: secrets.add(secret.reveal()),
            ),
            partial(self._answered, page),
        )

    def _answered(self, page: str, changed: bool | None) -> None:
        if changed is None or (page and not changed):
            return
        configuration = self._connections.servers.configuration
        if not changed:
            self._ui.tell("Nothing was changed.")
            return
        found = load(configuration.file)
        for name in found.__struct_fields__:
            setattr(configuration, name, msgspec.structs.asdict(found)[name])
        self._recent.keep_named(self._connections.servers.names)
        themes = [*self._themes.theme_names]
        self._themes.choose_theme(found.theme if found.theme in themes else "textual-dark")
        if self._sender.history.on != found.history:
            self._sender.history.on = found.history
            self._history_switched()
        self._ui.tell(_SAVED.get(page, _ALL_SAVED))
