"""How long to wait for each reply, in seconds, as recommended in RFC 5321 section 4.5.3.2."""

from __future__ import annotations

import math

import msgspec

MINUTE = 60.0


class Timeouts(msgspec.Struct, frozen=True):
    """How long to wait for each reply, in seconds.

    `connect` and `tls` limit the connection attempt and the TLS handshake, `greeting` the wait for
    the server's greeting, and `mail`, `rcpt` and `data` the replies to these commands. `block`
    limits the wait until each part of a message is accepted, and `end_of_data` the reply to the
    message. `other` is for all other commands (RFC 5321 section 4.5.3.2). Raises TypeError for a
    value that is not a number, and ValueError for one that is not positive and finite.
    """

    connect: float = 30.0
    tls: float = 30.0
    greeting: float = 5 * MINUTE
    mail: float = 5 * MINUTE
    rcpt: float = 5 * MINUTE
    data: float = 2 * MINUTE
    block: float = 3 * MINUTE
    end_of_data: float = 10 * MINUTE
    other: float = 5 * MINUTE

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            check_seconds(name, getattr(self, name))

    @classmethod
    def all(cls, seconds: float) -> Timeouts:
        """Return timeouts that are all `seconds` long."""
        return cls(*[seconds] * len(cls.__struct_fields__))

    @property
    def shortest(self) -> float:
        """The shortest timeout for a reply, in seconds, not counting `connect` and `tls`."""
        return min(msgspec.structs.astuple(self)[2:])  # not those of connecting and of TLS

    def reply_to(self, verb: str) -> float:
        """Return how many seconds to wait for the reply to `verb`.

        For the server's greeting, `verb` is "greeting"; for the end of a message, it is ".".
        """
        return getattr(self, _FIELD.get(verb, "other"))


def check_seconds(name: str, seconds: object) -> None:
    """Raise an exception unless `seconds` is a valid timeout.

    Raises TypeError if `seconds` is not a number, and ValueError if it is not positive and finite.
    `name` is the name of the argument, which the error message quotes.
    """
    if not isinstance(seconds, int | float) or isinstance(seconds, bool):
        raise TypeError(f"{name} must be a number of seconds, not {type(seconds).__name__}")
    if not 0 < seconds < math.inf:  # excludes NaN, too
        raise ValueError(f"{name} must be a positive, finite number of seconds, not {seconds:g}")


_FIELD = {
    "greeting": "greeting",
    "MAIL": "mail",
    "RCPT": "rcpt",
    "DATA": "data",
    "BDAT": "block",
    ".": "end_of_data",
    "BDAT LAST": "end_of_data",
    "BURL LAST": "end_of_data",
}
