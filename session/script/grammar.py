"""What is typed: a line for the wire, an order to heloscope, or nothing.

A line that begins with `:` is an order (`:connect mail.example.org`), `::x` sends `:x`, an empty
line is nothing, and everything else goes out as it was typed. The composer, and whatever else
takes typed lines, reads them with this.
"""

from __future__ import annotations

import msgspec


class WireLine(msgspec.Struct, frozen=True):
    """A line for the wire, without its line end."""

    text: str


class Order(msgspec.Struct, frozen=True):
    """An order: `name` in lower case, `argument` as typed, without blanks around it."""

    name: str
    argument: str = ""


class Nothing(msgspec.Struct, frozen=True):
    """An empty line."""


Typed = WireLine | Order | Nothing


class GrammarError(ValueError):
    """Something that cannot be understood; the message is one sentence for people."""


def parse_typed(text: str) -> Typed:
    """What a typed line is. Never raises: any text can be sent."""
    if not text:
        return Nothing()
    if text.startswith("::"):
        return WireLine(text[1:])
    if text.startswith(":"):
        name, *argument = text[1:].split(None, 1) or [""]
        return Order(name.lower(), "".join(argument).strip())
    return WireLine(text)
