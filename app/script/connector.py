"""The interface between the runner of a script and its environment.

It reads no options or configuration: a `Connector` makes its connections, and knows the login of
a profile.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import msgspec

from ...session.aio.session import Session
from ...session.reply import Reply
from ...session.secret import Secret
from .verdicts import Failure


class ProfileLogin(msgspec.Struct, frozen=True):
    """The login of a profile: `mechanisms` in order, () for the strongest offered."""

    user: str
    secret: Secret
    mechanisms: tuple[str, ...] = ()


class NoProfileLogin(ValueError):
    """Raised if a profile has no login; one sentence that says why."""


class Connector(Protocol):
    """Makes the connections of a script."""

    async def connect(self, where: str, scenario: str, began: Callable[[Session], object]) -> Reply:
        """End the current connection, and connect to `where`, with TLS and login as configured.

        `began` is called with its session before it connects. Returns the greeting. Raises the
        errors of `Session.connect`, except for a refusing greeting.
        """
        ...

    def judged(self, error: BaseException) -> tuple[int, str]:
        """(exit status, sentence) of an error."""
        ...

    def profile_login(self) -> ProfileLogin:
        """The login of the profile, @name, used for the current connection.

        Raises NoProfileLogin.
        """
        ...


class Manners(msgspec.Struct, frozen=True):
    """The options for running a script.

    `keep_going` continues after an expectation that is not met; `strict` treats a 4xx or 5xx as a
    failure unless an `:expect` follows. `in_clear` sends passwords even if others can read them,
    `trusting` even to a server whose certificate is not checked.
    """

    keep_going: bool = False
    strict: bool = False
    in_clear: bool = False
    trusting: bool = False


class Ended(Exception):
    """Raised to end the run; `failure` says why, None if the script requested it."""

    def __init__(self, failure: Failure | None = None) -> None:
        super().__init__(failure.text if failure is not None else "")
        self.failure = failure
