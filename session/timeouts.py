"""How long to wait for each reply, in seconds: the times of RFC 5321 section 4.5.3.2."""

from __future__ import annotations

import math

import msgspec

MINUTE = 60.0


class Timeouts(msgspec.Struct, frozen=True):
    """Seconds to wait for each reply; `other` is for commands that RFC 5321 does not name.

    `connect` and `tls` are for the connection and the handshake, `greeting` for the first 220,
    `mail`, `rcpt` and `data` for the replies to these commands, `block` for each part of a message
    to be taken by the server, and `end_of_data` for the reply to the message (RFC 5321 section
    4.5.3.2). Raises TypeError and ValueError for anything but a positive number.
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
        """Timeouts that are all `seconds` long."""
        return cls(*[seconds] * len(cls.__struct_fields__))

    @property
    def shortest(self) -> float:
        """The shortest of the times for a reply, in seconds."""
        return min(msgspec.structs.astuple(self)[2:])  # not those of connecting and of TLS

    def reply_to(self, verb: str) -> float:
        """Seconds to wait for the reply to `verb` ("greeting", "." for the end of a message)."""
        return getattr(self, _FIELD.get(verb, "other"))


def check_seconds(name: str, seconds: object) -> None:
    """Raise TypeError or ValueError unless `seconds` is a positive, finite number."""
    if not isinstance(seconds, int | float) or isinstance(seconds, bool):
        raise TypeError(f"{name} must be a number of seconds, not {type(seconds).__name__}")
    if not 0 < seconds < math.inf:  # excludes NaN, too
        raise ValueError(f"{name} must be more than 0 seconds, and finite, not {seconds:g}")


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
