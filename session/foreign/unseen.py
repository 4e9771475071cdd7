"""Finds parts of a conversation that a log does not show, such as its beginning or one side."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..record.unseen import (
    BEGINNING,
    CLIENT_SIDE,
    DOUBLED_DOTS,
    OFFERS,
    REPLY_TEXTS,
    SERVER_SIDE,
    UNSEEN,
)
from .entries import CLIENT, CUT, JOINED, NOTE, SERVER, TEXTLESS, TLS, Entry

_GREETING = re.compile(r"(?:220|421|5\d\d)(?:[ -]|\r?\n?\Z)")
GREETS = re.compile(r"(?:EHLO|HELO|LHLO)\b", re.IGNORECASE)
_ONE_SIDED = 3  # lines of one side; with fewer, the other side is not reported as missing


def unseen(talk: list[Entry], *, doubled: bool) -> list[Entry]:
    """Return notes about the parts of a conversation that are missing from `talk`.

    `doubled` is true if the log shows messages as sent, with leading dots doubled.
    """
    said = [entry for entry in talk if entry.said]
    if not said:
        return []
    found: list[str] = []
    sides = {entry.what for entry in said}
    if len(sides) == 1 and len(said) >= _ONE_SIDED:
        found.append(CLIENT_SIDE if sides == {SERVER} else SERVER_SIDE)
    if SERVER_SIDE not in found and not _greeted(talk):
        found.append(BEGINNING)
    if not doubled and any(entry.text.startswith(".") for entry in said if entry.what == CLIENT):
        found.append(DOUBLED_DOTS)
    if any(TEXTLESS in entry.marks for entry in said):
        found.append(REPLY_TEXTS)
    elif _offers_cut(said):
        found.append(OFFERS)
    return [Entry(NOTE, UNSEEN[kind][0], kind, said[0].at, conn=said[0].conn) for kind in found]


def _offers_cut(said: list[Entry]) -> bool:
    """Return whether a reply to EHLO is incomplete."""
    asked = False
    for entry in said:
        if entry.what == CLIENT:
            asked = entry.text[:4].upper() in ("EHLO", "LHLO")
        elif asked and entry.marks & {CUT, JOINED}:
            return True
    return False


def _greeted(talk: Iterable[Entry]) -> bool:
    """Return whether the first reply may be a greeting.

    This may be so even if the log shows that the client sent EHLO first. However, a reply to
    STARTTLS is not a greeting, nor is any reply after TLS that did not start with the connection.
    """
    begun = False
    for entry in talk:
        if entry.what == SERVER:
            return _GREETING.match(entry.text) is not None
        if entry.what == CLIENT:
            if begun or not GREETS.match(entry.text):
                return False
            begun = True
        elif entry.what == TLS and begun:
            return False
    return True
