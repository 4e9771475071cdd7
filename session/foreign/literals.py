"""Decodes string literals printed by programs: Python's repr, Ruby's inspect, Go's quoting."""

from __future__ import annotations

import re

_ESCAPE = re.compile(
    r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|u\{[0-9a-fA-F]+\}|[0-7]{1,3}|.)", re.DOTALL
)
_NAMED = {"r": "\r", "n": "\n", "t": "\t", "e": "\x1b", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}


def unescape(text: str) -> str:
    """Return the value of an escaped string, with octets beyond ASCII read as UTF-8."""
    if "\\" not in text:
        return text
    octets = False

    def one(found: re.Match[str]) -> str:
        nonlocal octets
        code = found[1]
        if code in _NAMED:
            return _NAMED[code]
        if code[0] in "xu" and len(code) > 1:
            number = int(code[1:].strip("{}")[:6] or "0", 16)
            octets = octets or (code[0] == "x" and number > 127)
            return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"
        if code.isdigit() and code.isascii():
            return chr(int(code, 8) & 255) if all(c < "8" for c in code) else code
        return code

    said = _ESCAPE.sub(one, text)
    if octets:
        try:
            return said.encode("latin-1").decode("utf-8", "surrogateescape")
        except UnicodeEncodeError:
            return said
    return said


def literal(text: str) -> tuple[str, bool]:
    """Return the value of a quoted literal, and whether its closing quote is present."""
    text = text.strip()
    if text[:1] in "bu" and text[1:2] in ("'", '"'):
        text = text[1:]
    quote = text[:1]
    if quote not in ("'", '"') or not quote:
        return unescape(text), False
    end = text.rfind(quote)
    return unescape(text[1:end] if end > 0 else text[1:]), end > 0


def wire_lines(text: str) -> list[str]:
    """Split a text into lines at LF only, keeping the line endings."""
    parts = text.split("\n")
    lines = [part + "\n" for part in parts[:-1]]
    return [*lines, parts[-1]] if parts[-1] else lines
