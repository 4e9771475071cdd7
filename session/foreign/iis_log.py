"""Reads the log of IIS's SMTP service: W3C extended format, with a row for each command or reply.

Where the service is the server, a row contains a command and the code of its reply, but not the
reply's text. Where the service is the client of another server, each command is in a row named
OutboundConnectionCommand, and each reply in a row named OutboundConnectionResponse. A space is
written as +, and only the first line of a multi-line reply is logged.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from .entries import (
    CLIENT,
    CONNECTED,
    CUT,
    INFERRED,
    NOTE,
    OMITTED,
    SERVER,
    TEXTLESS,
    Entries,
    Entry,
    Lines,
)

SIGN = r".*? SMTPSVC\d+ "
WORD = " SMTPSVC"
_SERVICE = re.compile(r"SMTPSVC\d+\Z")
_DATE, _TIME = re.compile(r"\d{4}-\d\d-\d\d\Z"), re.compile(r"\d\d:\d\d:\d\d\Z")
_COMMAND, _REPLY = "OutboundConnectionCommand", "OutboundConnectionResponse"
_CODE = re.compile(r"[2-5]\d\d\Z")
_BRACKETS = re.compile(r"(<[^>]*>?)")
_OWN_STATUS = "240"  # logged in place of the 221 to QUIT


class _Row(NamedTuple):
    at: str
    peer: str
    name: str
    verb: str
    rest: str
    status: str


def read_iis(lines: Lines) -> Entries:
    """Read the rows, with the fields named in #Fields, or the usual ones if it is missing."""
    fields: list[str] = []
    known: set[str] = set()
    for line in lines:
        if line.startswith("#Fields:"):
            fields = line.split()[1:]
            continue
        row = None if line.startswith("#") else _row(line.split(), fields)
        if row is None:
            continue
        outbound = row.name in (_COMMAND, _REPLY)
        conn = f"{'to' if outbound else 'from'} {row.peer}"
        if conn not in known:
            known.add(conn)
            yield Entry(CONNECTED, row.peer, at=row.at, conn=conn)
        yield from (
            entry._replace(at=row.at, conn=conn) for entry in _entries(row, outbound=outbound)
        )


def _entries(row: _Row, *, outbound: bool) -> Entries:
    if row.name == _REPLY:
        text = _blanks(row.rest)
        more = text[3:4] == "-"  # its other lines are not logged
        yield Entry(
            SERVER,
            f"{text[:3]} {text[4:]}" if more else text,
            marks=frozenset({CUT}) if more else frozenset(),
        )
        return
    verb = row.verb.upper()
    if verb == "DATA":
        yield Entry(CLIENT, verb)
        if not outbound:
            if row.status[:1] == "2":
                yield Entry(SERVER, "354 ", marks=frozenset({INFERRED}))
            yield Entry(NOTE, f"the message {row.rest.lstrip('+')} is not in the log", OMITTED)
    else:
        argument = _blanks(row.rest).strip() if verb != "QUIT" else ""
        yield Entry(CLIENT, f"{verb} {argument}".rstrip())
    if not outbound and row.status == _OWN_STATUS:
        yield Entry(SERVER, "221 ", marks=frozenset({INFERRED, TEXTLESS}))
    elif not outbound and _CODE.match(row.status):
        yield Entry(SERVER, f"{row.status} ", marks=frozenset({TEXTLESS}))


def _blanks(text: str) -> str:
    """Replace each + in `text` with a space, except in addresses. Return "" for "-"."""
    if text == "-":
        return ""
    parts = _BRACKETS.split(text)
    return "".join(part if n % 2 else part.replace("+", " ") for n, part in enumerate(parts))


def _row(words: list[str], fields: list[str]) -> _Row | None:
    service = next((n for n, word in enumerate(words) if _SERVICE.match(word)), None)
    if service is None:
        return None
    if fields and len(fields) == len(words):
        said = dict(zip(fields, words, strict=True))
        at = f"{said.get('date', '')} {said.get('time', '')}".strip()
        verb, rest = said.get("cs-method", "-"), said.get("cs-uri-query", "-")
        peer, name = said.get("c-ip", "-"), said.get("cs-username", "-")
        status = said.get("sc-status", "")
        return _Row(at, peer, name, verb, rest, status)
    when = [word for word in words[:2] if _DATE.match(word) or _TIME.match(word)]
    left, right = words[len(when) : service], words[service + 1 :]
    at = next((n for n, word in enumerate(right) if n > 1 and word.isdigit()), None)  # s-port
    if len(left) < 2 or at is None or len(right) < at + 3:
        return None
    stem = right[at + 2] == "-"  # cs-uri-stem, which the service leaves empty
    query = right[at + 3 : at + 5] if stem else right[at + 2 : at + 4]
    rest, status = (*query, "", "")[:2]
    return _Row(" ".join(when), left[0], left[1], right[at + 1], rest, status)
