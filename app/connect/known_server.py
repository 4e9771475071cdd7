"""What is known of a server from the connection before: what it offered, and who logged in.

A plan that begins with connecting foresees its steps by that, and logs in again. It holds for one
way to one server, and for this run of the program: a secret is never offered to another server.
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
    """Learns from a session, for the next one."""

    def __init__(self) -> None:
        self._way: Profile | None = None
        self._login: Make | None = None
        self._offered: dict[bool, Mapping[str, str]] = {}

    def logged_in(self, way: Profile, make: Make) -> None:
        """Somebody did; `make` gives name and arguments of the procedure, for another session."""
        self._turn_to(way)
        self._login = make

    def learn(self, way: Profile, session: Session) -> None:
        """Remember what `session` was offered."""
        self._turn_to(way)
        if session.esmtp_features:
            self._offered[session.tls] = dict(session.esmtp_features)
            if session.tls and session.target is not None and not session.target.implicit:
                self._offered.setdefault(False, {"starttls": ""})  # or there would be no TLS

    def offered(self, way: Profile) -> dict[bool, Mapping[str, str]]:
        """Whether inside TLS -> extension and its parameters."""
        return dict(self._offered) if way == self._way else {}

    def login(self, way: Profile, session: Session) -> list[Made]:
        """The procedure that logs in as before, if somebody was logged in there."""
        return [self._login(session)] if self._login is not None and way == self._way else []

    def _turn_to(self, way: Profile) -> None:
        if way != self._way:
            self._way, self._login, self._offered = way, None, {}
