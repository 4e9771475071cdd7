"""The grammar of typed lines: a line for the wire, an order to heloscope, or nothing.

A line that begins with `:` is an order (`:connect mail.example.org`), `::x` sends `:x`, an empty
line is nothing, and every other line is sent as typed. The composer and scripts share it.
"""

from __future__ import annotations

import msgspec


class WireLine(msgspec.Struct, frozen=True):
    """A typed line to send, without its line ending."""

    text: str


class Order(msgspec.Struct, frozen=True):
    """An order to heloscope, such as `:connect`: its name and its argument.

    The name is in lower case, and the argument has no leading or trailing spaces.
    """

    name: str
    argument: str = ""


class Nothing(msgspec.Struct, frozen=True):
    """An empty typed line, which sends nothing."""


Typed = WireLine | Order | Nothing


class GrammarError(ValueError):
    """Raised when typed text cannot be parsed; the message is one sentence for the user."""


def parse_typed(text: str) -> Typed:
    """Parse a typed line, and return a WireLine, an Order or a Nothing.

    Never raises an exception, because any text can be sent.
    """
    if not text:
        return Nothing()
    if text.startswith("::"):
        return WireLine(text[1:])
    if text.startswith(":"):
        name, *argument = text[1:].split(None, 1) or [""]
        return Order(name.lower(), "".join(argument).strip())
    return WireLine(text)
