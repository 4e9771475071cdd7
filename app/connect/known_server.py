"""Facts about a server from an earlier connection: its extensions, and the login used.

A plan that begins by connecting uses these facts to predict its steps, and to log in again. They
apply to one profile, and only in this run of the program, so that a secret is never offered to
another server.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from .profile import Profile

if TYPE_CHECKING:
    from ...session.aio.session import Session

Made = tuple[str, tuple[Any, ...]]
Make = Callable[["Session"], Made]


class KnownServer:
    """The extensions and the login of one server, for the next connection to it."""

    def __init__(self) -> None:
        self._profile: Profile | None = None
        self._login: Make | None = None
        self._offered: dict[bool, Mapping[str, str]] = {}

    def logged_in(self, profile: Profile, make: Make) -> None:
        """Remember a login. `make` returns the procedure that repeats it, and the arguments."""
        self._turn_to(profile)
        self._login = make

    def learn(self, profile: Profile, session: Session) -> None:
        """Remember the extensions offered in `session`."""
        self._turn_to(profile)
        if session.esmtp_features:
            self._offered[session.tls] = dict(session.esmtp_features)
            if session.tls and session.target is not None and not session.target.implicit:
                self._offered.setdefault(False, {"starttls": ""})  # or there would be no TLS

    def offered(self, profile: Profile) -> dict[bool, Mapping[str, str]]:
        """Return the extensions offered without TLS (key False) and with TLS (key True).

        Return an empty dictionary for any other profile than the last one.
        """
        return dict(self._offered) if profile == self._profile else {}

    def login(self, profile: Profile, session: Session) -> list[Made]:
        """Return a list with the procedure that logs in again; empty if there was no login."""
        return (
            [self._login(session)] if self._login is not None and profile == self._profile else []
        )

    def _turn_to(self, profile: Profile) -> None:
        if profile != self._profile:
            self._profile, self._login, self._offered = profile, None, {}
