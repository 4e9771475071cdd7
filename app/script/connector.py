"""What the runner of a script needs from outside, and how it ends.

It knows no option and no configuration: a `Connector` makes its connections, and knows the login of
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
    """Whom a profile logs in: `mechanisms` in their order, () for the strongest offered."""

    user: str
    secret: Secret
    mechanisms: tuple[str, ...] = ()


class NoProfileLogin(ValueError):
    """There is no login in a profile; one sentence that says why."""


class Connector(Protocol):
    """Connects, for a script."""

    async def connect(self, where: str, scenario: str, began: Callable[[Session], object]) -> Reply:
        """End the present connection, and make one to `where`, TLS and login as asked for.

        `began` is called with its session before it connects. Returns the greeting. Raises what
        `Session.connect` raises, but not for a greeting that refuses.
        """
        ...

    def judged(self, error: BaseException) -> tuple[int, str]:
        """(exit status, sentence) of an error."""
        ...

    def profile_login(self) -> ProfileLogin:
        """The login of the profile, @name, that the present connection was made by.

        Raises NoProfileLogin.
        """
        ...


class Manners(msgspec.Struct, frozen=True):
    """How a script is run.

    `keep_going` goes on after an expectation that is not met; `strict` takes a 4xx or 5xx for a
    failure where no `:expect` follows. `in_clear` sends passwords that others can read, `trusting`
    those that an unchecked server gets.
    """

    keep_going: bool = False
    strict: bool = False
    in_clear: bool = False
    trusting: bool = False


class Ended(Exception):
    """The run ends here; `failure` says why, None where the script asked for it."""

    def __init__(self, failure: Failure | None = None) -> None:
        super().__init__(failure.text if failure is not None else "")
        self.failure = failure
