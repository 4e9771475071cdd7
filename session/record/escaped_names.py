"""Finds names whose characters are written as escapes: `=2E` in quoted-printable, `%2E` in a URL.

The escapes are =XX (RFC 2045 section 6.7) and %XX (RFC 3986 section 2.1), for any octet. A word
that contains an escape is decoded, masked, and escaped again by the rules of its encoding.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_WORD = re.compile(rb"[^\s<>()\"',;]{0,2000}[=%][0-9A-Fa-f]{2}[^\s<>()\"',;]{0,2000}")
_ESCAPES = (
    (b"=", re.compile(rb"=([0-9A-Fa-f]{2})"), re.compile(rb"[^!-~]")),
    (b"%", re.compile(rb"%([0-9A-Fa-f]{2})"), re.compile(rb"[^!-~]|[<>\"]")),
)
_OF_NAMES = b"-._"  # never escaped again; neither are letters and digits


def mask_escaped(data: bytes, mask: Callable[[bytes], bytes]) -> bytes:
    """Return `data` with `mask` applied to each name that is written with escapes."""
    if b"=" not in data and b"%" not in data:
        return data
    return _WORD.sub(lambda found: _masked(found[0], mask), data)


def _masked(word: bytes, mask: Callable[[bytes], bytes]) -> bytes:
    for sign, escape, to_escape in _ESCAPES:
        codes = {int(code, 16) for code in escape.findall(word)}
        if not codes:
            continue
        masked = mask(_decoded(word, escape))
        if masked not in (_decoded(word, escape), _decoded(mask(word), escape)):
            return _escaped(masked, codes, sign, to_escape)
    return word


def _decoded(word: bytes, escape: re.Pattern[bytes]) -> bytes:
    return escape.sub(lambda found: bytes([int(found[1], 16)]), word)


def _escaped(text: bytes, codes: set[int], sign: bytes, to_escape: re.Pattern[bytes]) -> bytes:
    """Return `text` with the octets escaped that must be, or that were escaped before."""
    signs = bytes(x for x in codes if 32 < x < 127 and not chr(x).isalnum() and x not in _OF_NAMES)

    def one(found: re.Match[bytes]) -> bytes:
        return b"%b%02X" % (sign, found[0][0])

    also = rb"|[" + re.escape(signs) + rb"]" if signs else b""
    return re.compile(to_escape.pattern + also).sub(one, text)
