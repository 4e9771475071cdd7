"""Decodes a block of base64 that contains a whole log or capture."""

from __future__ import annotations

import base64
import binascii
import re

from .bare import REPLY, VERB
from .entries import Lines

_BLOCK = re.compile(r"[A-Za-z0-9+/]{4,}+={0,2}\s*\Z")
_QUOTED = re.compile(r"[>|\s]{0,20}")
_HEX = re.compile(r"[0-9A-Fa-f]*\Z")
_FEWEST = 40  # digits of base64
_MOST_AROUND = 20  # lines of other text


def octets_in(lines: Lines) -> bytes | None:
    """Return the octets that a base64 text encodes, ignoring a few words around it, or None."""
    block: list[str] = []
    others: list[str] = []
    for line in lines:
        text = _QUOTED.sub("", line, count=1)
        if _BLOCK.match(text):
            block.append(text.rstrip())
        elif text:
            others.append(text)
            if len(others) > _MOST_AROUND or REPLY.match(text) or VERB.match(text):
                return None
    digits = "".join(block)
    if len(digits) < max(_FEWEST, sum(map(len, others))) or _HEX.match(digits):
        return None
    try:
        return base64.b64decode(digits + "=" * (-len(digits) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
