"""Decides whether another mechanism may use the same password after a refused login.

Many servers lock an account after a few failures, so one password is not tried with every mechanism
that a server offers (RFC 4954 sections 4 and 6 have the codes, RFC 5248 the enhanced ones).
"""

from __future__ import annotations

import re

_CREDENTIALS = "5.7.8"
# 432: a transition, for which PLAIN is needed; 500: the line is too long; 501: the response was
# malformed; 504: the mechanism is unknown; 534: it is too weak; 538: it needs TLS.
_OF_MECHANISM = frozenset((432, 500, 501, 504, 534, 538))
_ENHANCED_OF_MECHANISM = frozenset(("4.7.12", "5.5.4", "5.5.6", "5.7.9", "5.7.11"))
_ENHANCED = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}(?!\d)")


def is_about_mechanism(code: int, text: bytes) -> bool:
    """Return whether a refusal of AUTH concerns the mechanism, not the user name or password."""
    match = _ENHANCED.match(text)
    enhanced = match[0].decode() if match else ""
    if enhanced == _CREDENTIALS:
        return False
    return code in _OF_MECHANISM or enhanced in _ENHANCED_OF_MECHANISM
