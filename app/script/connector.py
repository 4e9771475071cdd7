"""The interface between the runner of a script and its environment.

The runner reads no options or configuration. A `Connector` makes its connections, and provides the
login of a profile.
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
    """The login of a profile.

    `mechanisms` are in the order in which to try them; () means the strongest mechanism offered.
    """

    user: str
    secret: Secret
    mechanisms: tuple[str, ...] = ()


class NoProfileLogin(ValueError):
    """Raised when a profile has no login, with the reason as a sentence."""


class Connector(Protocol):
    """Makes the connections of a script."""

    async def connect(self, where: str, scenario: str, began: Callable[[Session], object]) -> Reply:
        """Close the current connection and connect to `where`, with TLS and login as configured.

        `scenario` is the scenario if `where` is the practice server. `began` is called with the new
        session before it connects. Return the greeting. Raises the errors of `Session.connect`,
        except for a greeting that refuses service.
        """
        ...

    def judged(self, error: BaseException) -> tuple[int, str]:
        """Return the exit status and a sentence for an error."""
        ...

    def profile_login(self) -> ProfileLogin:
        """Return the login of the profile, @name, used for the current connection.

        Raises NoProfileLogin.
        """
        ...


class Manners(msgspec.Struct, frozen=True):
    """The options for running a script.

    If `keep_going` is true, the run continues after a failed expectation. If `strict` is true, a
    4xx or 5xx reply is a failure unless an `:expect` follows. If `in_clear` is true, passwords are
    sent even if others can read them. If `trusting` is true, passwords are also sent over TLS to a
    server whose certificate is not verified.
    """

    keep_going: bool = False
    strict: bool = False
    in_clear: bool = False
    trusting: bool = False


class Ended(Exception):
    """Raised to end the run. `failure` is the reason, or None if the script requested it."""

    def __init__(self, failure: Failure | None = None) -> None:
        super().__init__(failure.text if failure is not None else "")
        self.failure = failure
