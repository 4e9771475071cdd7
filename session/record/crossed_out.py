"""Replaces names with x where no stand-in fits: in octets that are not text, and in cut words."""

from __future__ import annotations

import re

_NO_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f]")
_IN_BINARY = re.compile(rb"[A-Za-z0-9._+=-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_MOST_CUT = 400  # octets of half a word: a path has 256 (RFC 5321 section 4.5.3.1.3)
_CUT_BEFORE = re.compile(rb"\A[^\s<>]+")
_CUT_AFTER = re.compile(rb"[^\s<>]+\Z")


def is_binary(data: bytes) -> bool:
    """Return whether octets are not text."""
    return _NO_TEXT.search(data) is not None


def mask_binary(data: bytes) -> bytes:
    """Replace every octet of an address with x in octets that are not text, and return them."""
    return _IN_BINARY.sub(crossed, data)


def without_cut_words(data: bytes, *, before: bool, after: bool) -> bytes:
    """Replace words cut off at the ends of part of a line with x, since they may be cut names.

    `before` and `after` are true if the line was cut before or after this part.
    """
    if before:
        data = _CUT_BEFORE.sub(crossed, data[:_MOST_CUT]) + data[_MOST_CUT:]
    if after:
        data = data[:-_MOST_CUT] + _CUT_AFTER.sub(crossed, data[-_MOST_CUT:])
    return data


def crossed(found: re.Match[bytes]) -> bytes:
    return re.sub(rb"[^\0]", b"x", found[0])
