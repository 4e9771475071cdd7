"""Masks the signature with which a server proves, at the end of AUTH, that it knows the password.

The signature of SCRAM (RFC 5802 section 3) and of DIGEST-MD5 (RFC 2831 section 2.1.3) is derived
from the password and both sides' messages, so it is enough for an offline guessing attack.
"""

from __future__ import annotations

import binascii
import re

PROVES = (b"334", b"235")
"""The codes of replies that may contain a signature."""
_WORD = rb"(\d{3}[ -](?:2\.\d{1,3}\.\d{1,3} )?)([^ \r\n]+)([\r\n]*)\Z"
_SIGNATURE = rb"\A(v|rspauth)=([^,]*)"


def server_proof(data: bytes) -> bytes:
    """Return a reply with any signature in it replaced with asterisks.

    A base64 reply remains base64, so that a masked recording can still be decoded.
    """
    found = re.match(_WORD, data) if data.startswith(PROVES) else None
    if found is None:
        return data
    head, word, end = found.groups()
    try:
        decoded = binascii.a2b_base64(word, strict_mode=True)
    except (binascii.Error, ValueError):
        return head + re.sub(_SIGNATURE, _hidden, word) + end  # some logs show it decoded
    shown = re.sub(_SIGNATURE, _hidden, decoded)
    return data if shown == decoded else head + binascii.b2a_base64(shown, newline=False) + end


def _hidden(found: re.Match[bytes]) -> bytes:
    return found[1] + b"=" + b"*" * len(found[2])
