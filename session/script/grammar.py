"""The grammar of typed lines: a line for the wire, an order to heloscope, or nothing.

A line that begins with `:` is an order (`:connect mail.example.org`), `::x` sends `:x`, an empty
line is nothing, and every other line is sent as typed. The composer and scripts share it.
"""

from __future__ import annotations

import re

import msgspec


class WireLine(msgspec.Struct, frozen=True):
    """A typed line to be sent, without its line end."""

    text: str


class Order(msgspec.Struct, frozen=True):
    """An order to heloscope: its name in lower case, and its argument, stripped of blanks."""

    name: str
    argument: str = ""


class Nothing(msgspec.Struct, frozen=True):
    """An empty typed line, which sends nothing."""


Typed = WireLine | Order | Nothing


class GrammarError(ValueError):
    """A typed text that cannot be parsed; the message is one sentence for the user."""


def parse_typed(text: str) -> Typed:
    """The meaning of a typed line. Never raises, because any text can be sent."""
    if not text:
        return Nothing()
    if text.startswith("::"):
        return WireLine(text[1:])
    if text.startswith(":"):
        name, *argument = text[1:].split(None, 1) or [""]
        return Order(name.lower(), "".join(argument).strip())
    return WireLine(text)


_ESCAPE = re.compile(
    r"\\(?:([abfnrtv\\'\"])|x([0-9A-Fa-f]{2})|([0-7]{1,3})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})"
    r"|(.?))",
    re.DOTALL,
)
_NAMED = {"a": 7, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11}


def raw_bytes(text: str) -> bytes:
    r"""The bytes that `text` denotes, with Python's escapes (\r \n \t \0 \101 \x41 \u00e9 \\).

    Characters beyond ASCII become UTF-8. Raises GrammarError.
    """
    out = bytearray()
    last = 0
    for match in _ESCAPE.finditer(text):
        out += _plain(text[last : match.start()])
        last = match.end()
        named, octet, octal, short, long, other = match.groups()
        if named is not None:
            out.append(_NAMED.get(named, ord(named)))
        elif octet is not None:
            out.append(int(octet, 16))
        elif octal is not None:
            if int(octal, 8) > 255:
                raise GrammarError(f"{match[0]} is not an octet: the largest is \\377.")
            out.append(int(octal, 8))
        elif short is not None or long is not None:
            code = int(short or long, 16)
            if code > 0x10FFFF or 0xD800 <= code < 0xE000:
                raise GrammarError(f"{match[0]} is not a character.")
            out += chr(code).encode()
        elif other:
            raise GrammarError(
                f"Unknown escape \\{other} at character {match.start() + 1}. Use \\r \\n \\t \\0 "
                "\\xNN \\uNNNN, or \\\\ for a backslash."
            )
        else:
            raise GrammarError("The text ends in an incomplete escape; write \\\\ for a backslash.")
    return bytes(out + _plain(text[last:]))


def _plain(text: str) -> bytes:
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError as error:
        raise GrammarError(f"{text[error.start]!a} is not a character.") from None
