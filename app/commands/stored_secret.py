"""Fetches the secret for a login from where it is stored, so that the user need not type it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from ...session.visible import visible_text
from ..connect.manager import ConnectionManager
from ..connect.profile import Profile
from ..ui import Ui

if TYPE_CHECKING:
    from ..config.model import SecretReference
    from ..dialogs.requests import Login


class StoredSecrets:
    """Completes a login that was entered without a secret, and reports failures to the user."""

    def __init__(self, ui: Ui, connections: ConnectionManager) -> None:
        self._ui = ui
        self._connections = connections
        self._fetching: asyncio.Task[None] | None = None

    def shown(self, profile: Profile, user: str) -> str:
        """Return where the secret of a user is fetched from if none is typed, or ""."""
        place = self._connections.servers.secret(profile, user)
        return place.shown if place is not None else ""

    def complete(self, login: Login, profile: Profile, begin: Callable[[Login], object]) -> None:
        """Call `begin` with the complete login, at once or after its secret has been fetched.

        If fetching fails, tell the user instead.
        """
        servers = self._connections.servers
        reference = None if login.secret else servers.secret(profile, login.user)
        if reference is None:
            begin(login)
        else:
            self._fetching = asyncio.get_running_loop().create_task(
                self._fetch(reference, login, begin)
            )

    async def _fetch(
        self, reference: SecretReference, login: Login, begin: Callable[[Login], object]
    ) -> None:
        from ..config.secret_source import SecretError, fetch_apart

        self._ui.tell(f"Fetching the secret from {visible_text(reference.shown)}.")
        try:
            secret = await fetch_apart(reference, login.user)
        except SecretError as error:
            self._ui.tell(f"No login: {error}", trouble=True)
            return
        self._connections.secrets.add(secret.reveal())
        begin(login._replace(secret=secret))
