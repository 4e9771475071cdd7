"""A log printed as a list, a table or a dump is read like the original log."""

from __future__ import annotations

import html
import json
import pprint
from itertools import product

import pytest
from heloscope.session.foreign.log import ForeignLog, read_log
from support.rows import for_each

TALK = [
    ("S", "220 mx.example.org ESMTP"),
    ("C", "EHLO me.example"),
    ("S", "250-mx.example.org"),
    ("S", "250 SIZE 1000"),
    ("C", "MAIL FROM:<a@me.example>"),
    ("S", "250 2.1.0 Ok"),
    ("C", "RCPT TO:<bob@example.org>"),
    ("S", "550 5.1.1 Bad address: no such user, sorry; see https://example.org/why?u=bob"),
    ("C", "RCPT TO:<carol@example.org>"),
    ("S", "250 2.1.5 Ok"),
    ("C", "DATA"),
    ("S", "354 End data with <CR><LF>.<CR><LF>"),
    ("C", "Subject: deed, \"bad\" and 'good'"),
    ("C", ""),
    ("C", "Hello, all."),
    ("C", "."),
    ("S", "250 2.0.0 Ok: queued as 4F2A81C0D3"),
    ("C", "QUIT"),
    ("S", "221 2.0.0 Bye"),
]
SENT = "\r\n"


def said(log: ForeignLog) -> list[tuple[str, str]]:
    [talk] = log.conversations
    return [(entry.what, entry.text.rstrip("\r\n")) for entry in talk.talk if entry.said]


def read(text: str) -> list[tuple[str, str]]:
    return said(read_log(text.encode()))


def marked() -> list[str]:
    return [f"{side}: {line}" for side, line in TALK]


def trace(side: str, line: str) -> str:
    return json.dumps({"msg": "smtp", "way": "in" if side == "S" else "out", "data": line + SENT})


LISTS = {
    "strings": repr(marked()),
    "a string": repr("\n".join(marked())),
    "octets in one": repr("".join(line + SENT for _, line in TALK).encode()),
    "pairs in JSON": json.dumps(TALK),
    "objects in JSON": json.dumps([{"by": s, "line": x} for s, x in TALK], indent=1),
    "objects in lines": "\n".join(trace(s, x) for s, x in TALK),
    "octets": repr([line.encode() for line in marked()]),
    "pairs": repr([(("recv" if s == "S" else "send"), (x + SENT).encode()) for s, x in TALK]),
    "arrows": pprint.pformat([(("<-" if s == "S" else "->"), x + SENT) for s, x in TALK]),
    "dictionaries": repr([{"by": f"{s}:", "n": 7, "line": x.encode()} for s, x in TALK]),
    "with words around": f"here is what I see:\nlines = {marked()!r}\nthank you\n",
    "with a prompt": f">>> print(session.lines)\n{marked()!r}\n>>> \n",
}


@for_each(LISTS)
def test_a_list_of_python_is_read(name: str):
    assert read(LISTS[name]) == TALK


def test_a_list_that_is_cut_is_read_up_to_there():
    text = repr(marked())
    assert read(text[: text.index("carol")]) == TALK[:8]


def table(delimiter: str, *, side: bool) -> str:
    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"'

    rows = [["time", "level", "way", "message"]] if side else [["time", "level", "message"]]
    for n, (who, line) in enumerate(TALK):
        start = [f"Nov 28, 2026 @ 09:14:{n:02}.112", "debug"]
        way = "in" if who == "S" else "out"
        rows.append([*start, way, line] if side else [*start, f"{who}: {line}"])
    return "\n".join(delimiter.join(map(cell, row)) for row in rows) + "\n"


@for_each(product([",", ";", "\t"], [True, False]))
def test_a_table_is_read(delimiter: str, side: bool):
    assert read(table(delimiter, side=side)) == TALK


FRAMES = {
    "quotes": "\n".join(repr(line) for line in marked()),
    "Markdown": "| time | line |\n|---|---|\n"
    + "\n".join(f"| 09:14 | `{line}` |" for line in marked()),
    "box": "\n".join(f"\u2502 {line:90} \u2502" for line in marked()),
    "XML": "\n".join(f"<Event><Data>{html.escape(line)}</Data></Event>" for line in marked()),
}


@pytest.mark.parametrize("name", FRAMES)
def test_what_frames_each_line_is_removed(name: str):
    assert read(FRAMES[name]) == TALK


# Dumps

PIECES: list[tuple[str, bytes]] = []
for who, line in TALK:
    if PIECES and PIECES[-1][0] == who:
        PIECES[-1] = (who, PIECES[-1][1] + f"{line}\r\n".encode())
    else:
        PIECES.append((who, f"{line}\r\n".encode()))


def printable(data: bytes) -> str:
    return "".join(chr(x) if 32 <= x < 127 else "." for x in data)


def xxd(data: bytes) -> list[str]:
    return [
        f"{at:08x}: {data[at : at + 16].hex(' ', -2):39}  {printable(data[at : at + 16])}"
        for at in range(0, len(data), 16)
    ]


def hexdump_c(data: bytes, at: int = 0, indent: str = "") -> list[str]:
    rows: list[str] = []
    for n in range(0, len(data), 16):
        row = data[n : n + 16]
        octets = row[:8].hex(" ") + ("  " + row[8:].hex(" ") if row[8:] else "")
        rows.append(f"{indent}{at + n:08x}  {octets:49} |{printable(row)}|")
    return rows


def dotnet(side: str, data: bytes) -> list[str]:
    head = "System.Net.Sockets Verbose: 0 : [5432] "
    rows = [f"{head}Data from Socket#48285313::{side}"]
    for n in range(0, len(data), 16):
        row = data[n : n + 16]
        octets = row[:8].hex(" ").upper() + ("-" + row[8:].hex(" ").upper() if row[8:] else "")
        rows.append(f"{head}{n:08X} : {octets:<47} : {printable(row)}")
    return [*rows, f"{head}Exiting Socket#48285313::{side}() \t-> Int32#{len(data)}"]


def wireshark() -> str:
    rows: list[str] = []
    at = {"S": 0, "C": 0}
    for side, data in PIECES:
        rows += hexdump_c(data, at[side], "    " if side == "S" else "")
        at[side] += len(data)
    return "\n".join(rows)


DUMPS = {
    ".NET": "\n".join(
        row for side, data in PIECES for row in dotnet("Receive" if side == "S" else "Send", data)
    ),
    "xxd of all": "\n".join(xxd(b"".join(data for _, data in PIECES))),
    "hexdump of all": "\n".join(hexdump_c(b"".join(data for _, data in PIECES))),
    "Wireshark": wireshark(),
    "with words": "\n".join(
        row
        for side, data in PIECES
        for row in (f"{'read' if side == 'S' else 'write'} {len(data)} bytes", *hexdump_c(data))
    ),
}


@pytest.mark.parametrize("name", DUMPS)
def test_a_dump_is_read(name: str):
    log = read_log(DUMPS[name].encode())
    assert said(log) == TALK
    assert log.format == "hex dump"


def test_a_dump_shows_line_endings():
    log = read_log("\n".join(xxd(b"220 a\r\nEHLO b\n250 c\r\n")).encode())
    assert "line endings" not in log.unknown()


# Cut and turned

WIDE = 66


def cut(text: str, width: int) -> str:
    rows: list[str] = []
    for line in text.split("\n"):
        rows += [line[n : n + width] for n in range(0, len(line), width)] or [""]
    return "\n".join(rows)


@pytest.mark.parametrize("width", [66, 70, 80, 100])
def test_a_log_that_was_cut_within_words_is_joined(width: int):
    rows = [f"2026-11-28 09:14:0{n % 7} client[812]: {line}" for n, line in enumerate(marked())]
    log = read_log(cut("\n".join(rows), width).encode())
    assert said(log) == TALK
    assert "Wrapped lines have been rejoined." in log.unknown()


def test_a_reversed_log_is_put_in_order_even_without_times():
    log = read_log("\n".join(reversed(marked())).encode())
    assert said(log) == TALK
    assert "The newest line came first, so the order has been reversed." in log.unknown()


def test_two_deliveries_in_their_order_are_not_turned():
    log = read_log("\n".join([*marked(), *marked()]).encode())
    assert [len(talk.talk) for talk in log.conversations] == [len(TALK), len(TALK)]
    assert log.problems == ()


def test_a_session_that_began_again_after_quit_is_not_turned():
    lines = ["S: 220 a", "C: QUIT", "S: 221 bye", *marked()]
    assert read_log("\n".join(lines).encode()).problems == ()


# Rows of IIS without #Fields, and what amavis says as a server


def test_rows_of_iis_without_the_names_of_their_fields():
    log = read_log(
        b"2017-02-09 05:28:28 203.0.113.34 OutboundConnectionCommand SMTPSVC1 APP1 - 25 MAIL - "
        b"FROM:<a+b@me.example>+SIZE=1722 0 0 4 0 0 SMTP - - - -\n"
        b"2017-02-09 05:28:28 203.0.113.34 OutboundConnectionResponse SMTPSVC1 APP1 - 25 - - "
        b"421+4.7.0+[TSS04]+Messages+deferred 0 0 157 0 16 SMTP - - - -\n"
    )
    assert said(log) == [
        ("C", "MAIL FROM:<a+b@me.example> SIZE=1722"),
        ("S", "421 4.7.0 [TSS04] Messages deferred"),
    ]


def test_a_reply_of_several_lines_in_one_line_of_amavis():
    head = "Nov 28 09:14:00 mail amavis[2311]: (02311-07) "
    lines = [
        head + "smtp greeting: 220 mx.example.org ESMTP, dt: 1.2 ms",
        head + "smtp cmd> EHLO localhost",
        head + r"smtp resp to EHLO: 250 mx.example.org\nPIPELINING\nSIZE 1000",
        head + "smtp cmd> RCPT TO:<bob@example.org>",
        head + "smtp resp to RCPT (pip) (<bob@example.org>): 550 5.1.1 no: such user",
    ]
    assert read("\n".join(lines)) == [
        ("S", "220 mx.example.org ESMTP"),
        ("C", "EHLO localhost"),
        ("S", "250-mx.example.org"),
        ("S", "250-PIPELINING"),
        ("S", "250 SIZE 1000"),
        ("C", "RCPT TO:<bob@example.org>"),
        ("S", "550 5.1.1 no: such user"),
    ]
