"""How long to wait for each reply: RFC 5321 section 4.5.3.2, each of them changeable."""

from __future__ import annotations

import msgspec

MINUTE = 60.0


class Timeouts(msgspec.Struct, frozen=True):
    """Seconds. RFC 5321 names no time for EHLO and the others: they get that of MAIL."""

    connect: float = 30.0
    tls: float = 30.0
    greeting: float = 5 * MINUTE
    mail: float = 5 * MINUTE
    rcpt: float = 5 * MINUTE
    data: float = 2 * MINUTE
    block: float = 3 * MINUTE
    end_of_data: float = 10 * MINUTE
    other: float = 5 * MINUTE

    @classmethod
    def all(cls, seconds: float) -> Timeouts:
        """The same time for everything."""
        return cls(*[seconds] * len(cls.__struct_fields__))

    @property
    def shortest(self) -> float:
        """The least that is waited for any reply."""
        return min(msgspec.structs.astuple(self)[2:])  # not those of connecting and of TLS

    def reply_to(self, verb: str) -> float:
        """Seconds to wait for the reply to `verb` ("greeting", "." for the end of a message)."""
        return getattr(self, _FIELD.get(verb, "other"))


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
