"""The escapes of `:raw`: bytes written as Python writes them, such as `QUIT\\r\\n` and `\\x00`."""

from __future__ import annotations

import re

from .grammar import GrammarError

_ESCAPE = (
    r"(?s)\\(?:([abfnrtv\\'\"])|x([0-9A-Fa-f]{2})|([0-7]{1,3})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})"
    r"|(.?))"
)
_NAMED = {"a": 7, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11}
_NAMES = {0x0D: r"\r", 0x0A: r"\n", 0x09: r"\t", 0x5C: r"\\"}  # the others are written \xNN


def raw_bytes(text: str) -> bytes:
    r"""Return the bytes that `text` denotes, which may contain Python's escapes.

    The escapes are \r \n \t \0 \101 \x41 \u00e9 \\ and the like. Characters beyond ASCII are
    encoded as UTF-8. Raises GrammarError for an invalid escape.
    """
    out = bytearray()
    last = 0
    for match in re.finditer(_ESCAPE, text):
        out += _plain(text[last : match.start()])
        last = match.end()
        named, octet, octal, short, long, other = match.groups()
        if named is not None:
            out.append(_NAMED.get(named, ord(named)))
        elif octet is not None:
            out.append(int(octet, 16))
        elif octal is not None:
            if int(octal, 8) > 255:
                raise GrammarError(f"{match[0]} is not an octet; the largest is \\377.")
            out.append(int(octal, 8))
        elif short is not None or long is not None:
            code = int(short or long, 16)
            if code > 0x10FFFF or 0xD800 <= code < 0xE000:
                raise GrammarError(f"{match[0]} is not a valid character.")
            out += chr(code).encode()
        elif other:
            raise GrammarError(
                f"Unknown escape \\{other} at character {match.start() + 1}. Use \\r \\n \\t \\0 "
                "\\xNN \\uNNNN, or \\\\ for a backslash."
            )
        else:
            raise GrammarError(
                "The text ends with an incomplete escape. Write \\\\ for a backslash."
            )
    return bytes(out + _plain(text[last:]))


def raw_text(data: bytes) -> str:
    r"""Return `data` as printable ASCII, which `raw_bytes` converts back.

    A space at either end is written as \x20, because arguments are stripped.
    """
    found = [
        _NAMES.get(octet) or (chr(octet) if 0x20 <= octet < 0x7F else f"\\x{octet:02x}")
        for octet in data
    ]
    for end in (0, -1):
        if found and found[end] == " ":
            found[end] = r"\x20"
    return "".join(found)


def _plain(text: str) -> bytes:
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError as error:
        raise GrammarError(f"{text[error.start]!a} is not a valid character.") from None
