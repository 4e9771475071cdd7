"""Reads logs that show string literals: smtplib (Python 2 and 3), aiosmtpd, Ruby's Net::SMTP."""

from __future__ import annotations

import re

from .entries import (
    CLIENT,
    CLOSED,
    CONNECTED,
    CUT,
    NOTE,
    OMITTED,
    SERVER,
    TLS,
    Entries,
    Entry,
    Lines,
)
from .literals import literal, wire_lines

_HEAD = re.compile(r"(?:.*?(?<!\d)(\d\d:\d\d:\d\d(?:\.\d+)?))?")
_CONNECT = re.compile(r".*?\bconnect: (?:to )?\('(?P<host>[^']*)', (?P<port>\d+)\)")
_RAISED = re.compile(
    r"(?:.*?: )?(?P<text>(?:smtplib\.\w+|(?:ssl\.)?\w*(?:Error|Exception)|"
    r"socket\.(?:gaierror|timeout|error)): .*)",
    re.DOTALL,
)


def _lines_of(what: str, text: str, at: str, conn: str = "") -> Entries:
    said, whole = literal(text)
    for line in wire_lines(said):
        yield Entry(what, line, at=at, conn=conn, marks=frozenset() if whole else frozenset({CUT}))


def read_smtplib(lines: Lines) -> Entries:
    """Read smtplib's debug output, ignoring the lines that repeat `send:` and `reply:` lines."""
    connected = ""
    for line in lines:
        for marker, what in (("send: ", CLIENT), ("reply: ", SERVER)):
            place = line.find(marker)
            rest = line[place + len(marker) : place + len(marker) + 2]
            if place >= 0 and re.match(r"[bu]?['\"]", rest):
                head = _HEAD.match(line[: min(place, 200)])
                at = (head[1] or "") if head else ""
                yield from _lines_of(what, line[place + len(marker) :].rstrip("\r"), at)
                connected = "" if what == CLIENT else connected
                break
        else:
            short = line[:2000]
            if (found := _CONNECT.match(short)) is not None:
                peer = f"{found['host']}:{found['port']}"
                head = _HEAD.match(short)
                if peer != connected:
                    yield Entry(CONNECTED, peer, at=(head[1] or "") if head else "")
                connected = peer
            elif (found := _RAISED.match(short)) is not None and "retcode" not in short:
                yield Entry(NOTE, found["text"].rstrip("\r"), "error")


_PEER = re.compile(
    r"(?>.*?\(')(?P<host>[^']*)', (?P<port>\d++)[^)]{0,60}\) (?P<rest>.*)", re.DOTALL
)


def read_aiosmtpd(lines: Lines) -> Entries:
    """Read the `<<` and `readline:` lines of an aiosmtpd log.

    `>>` lines repeat the `readline:` lines, and are read only in a log without these. Connections
    are distinguished by the peer's address.
    """
    conn = ""
    readline = any("readline: b" in line[:200] for line in lines)
    ended: set[str] = set()
    for line in lines:
        place = line.find("readline: b")
        if 0 <= place < 200:
            yield from _lines_of(CLIENT, line[place + 10 :], "", conn)
            continue
        found = _PEER.match(line[:300])
        if found is None:
            continue
        conn = f"{found['host']}:{found['port']}"
        rest = line[found.start("rest") :]
        if rest.startswith("<< b"):
            yield from _lines_of(SERVER, rest[3:], "", conn)
        elif rest.startswith(">> b") and not readline:
            yield from _lines_of(CLIENT, rest[3:], "", conn)
        elif rest.startswith("handling connection"):
            ended.discard(conn)
            yield Entry(CONNECTED, conn, conn=conn)
        elif ("EOF received" in rest or "onnection lost" in rest) and conn not in ended:
            ended.add(conn)
            yield Entry(CLOSED, kind=CLIENT, conn=conn)


def read_ruby(lines: Lines) -> Entries:
    """Read Ruby's Net::SMTP output, where `<-` marks what was written, and `->` what was read."""
    for raw in lines:
        line = raw.rstrip("\r")
        if line.startswith('<- "'):
            yield from _lines_of(CLIENT, line[3:], "")
        elif line.startswith('-> "'):
            yield from _lines_of(SERVER, line[3:], "")
        elif line.startswith("Connection opened: "):
            yield Entry(CONNECTED, line[19:])
        elif line.startswith("TLS connection started"):
            yield Entry(TLS)
        elif re.match(r"wrote \d+ bytes", line):
            yield Entry(NOTE, line, OMITTED)
