"""Reads the logs of nodemailer and smtp-server (Node), as text or as JSON from pino or bunyan."""

from __future__ import annotations

import json
import re
from typing import Any, cast

from .entries import (
    CLIENT,
    CLOSED,
    CONNECTED,
    ERROR,
    NOTE,
    OMITTED,
    SERVER,
    TLS,
    Entries,
    Entry,
    Lines,
)

_LINE = re.compile(
    r".{0,120}?\[(?P<at>\d{4}-\d\d-\d\d [\d:]{8})\] (?P<level>[A-Z]+) +"
    r"(?:\[#?(?P<conn>[\w-]+)\] ?)?(?P<text>.*)",
    re.DOTALL,
)
_OPENED = re.compile(r"(?:Connection|Secure connection) established to (?P<peer>\S+)")
_ACCEPTED = re.compile(r"(?:Secure )?[Cc]onnection from \[?(?P<peer>[^\]\s]+)")
_CODE = re.compile(r"\d{3}[ -]")
_FAILED = ("WARN", "ERROR", "FATAL")


def read_nodemailer(lines: Lines) -> Entries:
    """Read the log of nodemailer or smtp-server. The lines of the message have no marker."""
    message: dict[str, bool] = {}
    replying: dict[str, bool] = {}
    for raw in lines:
        found = _LINE.match(raw.rstrip("\r"))
        if found is None or not found["conn"]:
            continue
        at, conn, text = found["at"], found["conn"], found["text"]
        if text.startswith("S: "):
            replying[conn] = True
            message[conn] = text.startswith("S: 354")
            yield Entry(SERVER, text[3:], at=at, conn=conn)
        elif text.startswith("C: "):
            replying[conn] = False
            if re.match(r"<\d+ bytes of DATA>", text[3:]):
                yield Entry(NOTE, text[4:-1], OMITTED, at, conn=conn)
            else:
                yield Entry(CLIENT, text[3:], at=at, conn=conn)
        elif found["level"] in _FAILED:
            yield Entry(NOTE, text, ERROR, at, conn=conn)
        elif message.get(conn) and found["level"] != "INFO":
            message[conn] = text != "."
            yield Entry(CLIENT, text, at=at, conn=conn)
        elif replying.get(conn) and _CODE.match(text):
            yield Entry(SERVER, text, at=at, conn=conn)
        else:
            yield from _fact(text, at, conn)


def _fact(text: str, at: str, conn: str) -> Entries:
    if found := _OPENED.match(text) or _ACCEPTED.match(text):
        yield Entry(CONNECTED, found["peer"], at=at, conn=conn)
    elif text.startswith("Connection upgraded with STARTTLS"):
        yield Entry(TLS, at=at, conn=conn)
    elif text.startswith("Closing connection to the server"):
        yield Entry(CLOSED, kind=CLIENT, at=at, conn=conn)
    elif text.startswith(("Connection closed", 'received "close"')):
        yield Entry(CLOSED, at=at, conn=conn)


def read_nodemailer_json(lines: Lines) -> Entries:
    """Read what nodemailer logs through pino or bunyan, where line endings are lost."""
    for line in lines:
        start = line.find("{")
        if start < 0 or '"tnx"' not in line:
            continue
        try:
            fields = json.loads(line[start:])
        except (ValueError, RecursionError):
            continue
        if not isinstance(fields, dict):
            continue
        fields = cast("dict[str, Any]", fields)
        text, conn, at = (
            str(fields.get("msg", "")),
            str(fields.get("sid", "")),
            str(fields.get("time", "")),
        )
        if conn and "err" in fields:
            yield Entry(NOTE, text, ERROR, at, conn=conn)
            continue
        match fields.get("tnx"):
            case "server":
                for part in text.split("\n"):
                    yield Entry(SERVER, part.rstrip("\r"), at=at, conn=conn)
            case "client":
                yield Entry(CLIENT, text.rstrip("\r\n"), at=at, conn=conn)
            case "message" if not re.match(r"<\d+ bytes", text):
                for part in text.removesuffix("\n").split("\n"):
                    yield Entry(CLIENT, part.rstrip("\r"), at=at, conn=conn)
            case "network" | "smtp" | "close" | "dns" | None | _:
                yield from _fact(text, at, conn)
