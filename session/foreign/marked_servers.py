"""Reads the logs of servers that mark the direction of each line: Postfix, Exim, Haraka and others.

Where the meaning of a mark, such as an arrow, depends on which side wrote the log, the rules yield
OUT and IN, and `settle` infers the sides.
"""

from __future__ import annotations

import csv
import re

from .bare import REPLY, read_bare
from .entries import (
    CLIENT,
    CLOSED,
    CONNECTED,
    IN,
    JOINED,
    NOTE,
    OMITTED,
    OUT,
    SERVER,
    TLS,
    Entries,
    Entry,
    Lines,
)  # fmt: skip
from .literals import unescape, wire_lines
from .rules import MORE, SKIP, read_marked, rule
from .sampled import SAMPLE

_AT = r"(?P<at>\w{3} ++\d++ \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S++)?+.*?"
# The name of a daemon of Postfix in its log, up to its process; bounded, and with no "[" in it.
_DAEMON = r"postfix/[\w/-]{1,60}\["
_SMTPD = r"postfix/[\w/-]{0,60}?smtpd\["
_POSTFIX = (
    rule(_AT + _SMTPD + r"\d+\]: connect from (?P<peer>.*)", CONNECTED),
    rule(_AT + _SMTPD + r"\d+\]: disconnect from ", CLOSED),
    rule(r"(?>(?>" + _AT + _DAEMON + r"\d+\]: ).*?TLS connection established (?:to|from) ).*?: "
         r"(?P<version>TLSv[\d.]+) with cipher (?P<cipher>\S+)", TLS),
    rule(_AT + _DAEMON + r"(?P<conn>\d+)\]: > \S+?(?:\](?::\d+)?)?: (?P<text>.*)", OUT),
    rule(_AT + _DAEMON + r"(?P<conn>\d+)\]: < \S+?(?:\](?::\d+)?)?: (?P<text>.*)", IN),
)  # fmt: skip
_PROCESS = re.compile(_DAEMON + r"(\d+)\]:")
_SENT_TO = re.compile(r"postfix/[\w/-]{0,60}?smtp\[(\d+)\]: [<>] ([^\s\[]+)\[[^\]]*\]:(\d+): ")
_NOTICE = (
    rule(r" ?Out: ?(?P<text>.*)", SERVER),  # a web page removes the first space
    rule(r" ?In: {1,2}(?P<text>.*)", CLIENT),
)
_PID = r" *(?:(?P<conn>\d+) +)?"
_EXIM = (
    rule(_PID + r"SMTP\(close\)>>", CLOSED, CLIENT),
    rule(_PID + r"Connecting to .*?\[(?P<host>[^\[\]]+)\]:(?P<port>\d+)", CONNECTED),
    rule(_PID + r"cipher: (?P<version>TLS[^:]*):(?P<cipher>\S+)", TLS),
    rule(_PID + r"SMTP>> \((?P<text>writing message)\)", NOTE, OMITTED),
    rule(_PID + r"SMTP(?:>>|\|>|\+>) ?(?P<text>.*)", OUT),
    rule(_PID + r"SMTP<< ?(?P<text>.*)", IN),
    rule(_PID + r"SMTP connection from .* (?:closed|lost)", CLOSED),
    rule(r"(?: *+\d++)? {6,}+(?P<text>\d{3}[ -].*)", MORE),
    rule(r"(?P<text>[2-5]\d\d(?:-| [A-Z0-9]).*)", MORE),  # its spaces are lost
)
_EXIM_TEST = (
    rule(r"\*\*\*\* |LOG: |>>> ", SKIP),
)  # fmt: skip
_OPENSMTPD = (
    rule(r"smtp: (?P<conn>0x[0-9a-f]+): >>> (?P<text>.*)", SERVER),
    rule(r"smtp: (?P<conn>0x[0-9a-f]+): <<< (?P<text>.*)", CLIENT),
    rule(r"[0-9a-f]{16} smtp connected address=(?P<peer>\S+)", CONNECTED),
    rule(r"[0-9a-f]{16} smtp tls ciphers=(?P<version>[^:]+):(?P<cipher>[^:]+)", TLS),
    rule(r"[0-9a-f]{16} smtp disconnected", CLOSED),
)
_HARAKA_HEAD = (
    r".{0,80}?(?P<at>\d{4}-\d\d-\d\dT\S+)? ?\[[A-Z]+\] \[(?P<conn>[0-9A-F-]+)(?:\.\d+)?\] \[\w+\] "
)
_HARAKA = (
    rule(_HARAKA_HEAD + r"connect ip=(?P<host>\S+) port=(?P<port>\d+)", CONNECTED),
    rule(_HARAKA_HEAD + r"disconnect ip=", CLOSED),
    rule(_HARAKA_HEAD + r"S: (?P<text>.*)", SERVER),
    rule(_HARAKA_HEAD + r"C: (?P<text>.*?)(?: state=\d+)?\Z", CLIENT),
)
_MDAEMON_HEAD = r".{0,40}?(?P<at>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d).{0,20}?\[(?P<conn>\d+)\] "
_MDAEMON = (
    rule(r".*?\[(?P<conn>\d+)\] Accepting SMTP connection from \[(?P<peer>[^\]]+)\]", CONNECTED),
    rule(r".*?\[(?P<conn>\d+)\] SMTP session (?:terminated|successful)", CLOSED),
    rule(_MDAEMON_HEAD + r"--> (?P<text>.*)",
         OUT),
    rule(_MDAEMON_HEAD + r"<-- (?P<text>.*)",
         IN),
)  # fmt: skip
_MAILPIT = re.compile(
    r'(?:time="(?P<at>[^"]*)" )?.{0,40}?\[smtpd\] (?P<what>received|response) \((?P<peer>[^)]*)\) '
    r'(?P<text>.*?)(?P<end>"?)\Z',
    re.DOTALL,
)
_HMAIL = re.compile(
    r'"(?P<sort>SMTP[DC])"\t\d+\t(?P<conn>\d+)\t"(?P<at>[^"]*)"\t"(?P<peer>[^"]*)"\t'
    r'"(?P<what>SENT|RECEIVED): (?P<text>.*)"',
    re.DOTALL,
)


def read_postfix(lines: Lines) -> Entries:
    """Read Postfix's log (smtpd -v or debug_peer_list), where `>` marks what its daemon sent."""
    peers: set[str] = set()
    for line in lines:
        found = _PROCESS.search(line[:300])
        peer = _SENT_TO.search(line[:600])
        if peer is not None and peer[1] + peer[2] not in peers:
            peers.add(peer[1] + peer[2])
            yield Entry(CONNECTED, f"{peer[2]}:{peer[3]}", conn=peer[1])
        for entry in read_marked([line], _POSTFIX):
            yield entry._replace(conn=found[1] if found else "")


def read_notice(lines: Lines) -> Entries:
    """Read the transcript in Postfix's notice to the postmaster."""
    return read_marked(lines, _NOTICE)


def read_exim(lines: Lines) -> Entries:
    """Read Exim's output as a client or a server, or that of -bh, which has no markers."""
    if any("**** SMTP testing" in line[:60] for line in lines):
        return read_bare([x for x in lines if not _EXIM_TEST[0].pattern.match(x)], _EXIM_TEST)
    return read_marked(lines, _EXIM)


def read_opensmtpd(lines: Lines) -> Entries:
    """Read OpenSMTPD's output with -T smtp.

    A line without a session ID belongs to the connection of the line before it.
    """
    conn = next((m[1] for x in lines if (m := re.match(r"smtp: (0x[0-9a-f]+): connected", x))), "")
    for entry in read_marked(lines, _OPENSMTPD):
        conn = entry.conn or conn
        yield entry._replace(conn=conn)


def read_haraka(lines: Lines) -> Entries:
    """Read Haraka's log at level PROTOCOL."""
    return read_marked(lines, _HARAKA)


def read_mdaemon(lines: Lines) -> Entries:
    """Read MDaemon's SMTP log."""
    return read_marked(lines, _MDAEMON)


def read_mailpit(lines: Lines) -> Entries:
    """Read Mailpit's log, which shows only the sender and subject of a message."""
    data = False
    for line in lines:
        found = _MAILPIT.match(line[:20000].rstrip())
        if found is None:
            continue
        at, text = found["at"] or "", unescape(found["text"])
        if found["what"] == "response":
            data = text.startswith("354")
            for part in wire_lines(text):
                yield Entry(SERVER, part.rstrip("\r\n"), at=at)
        elif data:
            data = False
            yield Entry(NOTE, line[found.start("text") - 40 : found.end("text")], OMITTED, at)
        else:
            yield Entry(CLIENT, text, at=at)


def read_hmail(lines: Lines) -> Entries:
    """Read hMailServer's log, where SENT and RECEIVED are from hMailServer's point of view.

    hMailServer is the server in SMTPD lines, and the client in SMTPC lines.
    """
    seen: set[str] = set()
    for line in lines:
        found = _HMAIL.match(line)
        if found is None:
            continue
        conn, at = found["conn"], found["at"]
        if conn not in seen:
            seen.add(conn)
            yield Entry(CONNECTED, found["peer"], at=at, conn=conn)
        server = (found["sort"] == "SMTPD") == (found["what"] == "SENT")
        for part in found["text"].split("[nl]"):
            yield Entry(SERVER if server else CLIENT, part, at=at, conn=conn)


EXCHANGE = (
    r"#Log-type: SMTP (?:Receive|Send) Protocol Log|"
    r"\d{4}-\d\d-\d\dT[\d:.]{8,16}Z,[^,]{0,200},[0-9A-Fa-f]{16},\d{1,9},[^,]{0,80},[^,]{0,80},[-+*<>],"
)
_LOG_TYPE = "#Log-type:"
_EXCHANGE_TLS = re.compile(r"TLS protocol SP_PROT_(TLS|SSL)(\d)(?:_(\d))?")


def read_exchange(lines: Lines) -> Entries:
    """Read Exchange's protocol log, a CSV file that interleaves the rows of several sessions."""
    first = (row[6] for line in lines[:SAMPLE] if _replies(row := _exchange_row(line)))
    receive = next(first, ">") == ">"
    for line in lines:
        if line.startswith(_LOG_TYPE):
            receive = "Send" not in line
        row = _exchange_row(line)
        if not row:
            continue
        at, conn, remote, event, data = row[0], row[2], row[5], row[6], row[7]
        more = row[8].strip() if len(row) > 8 else ""
        if event == "+":
            yield Entry(CONNECTED, remote, at=at, conn=conn)
        elif event == "-":
            end = {"Local": SERVER if receive else CLIENT, "Remote": CLIENT if receive else SERVER}
            yield Entry(CLOSED, kind=end.get(more, ""), at=at, conn=conn)
        elif event == "*" and (tls := _EXCHANGE_TLS.match(more)) is not None:
            version = f"{tls[1]}v{tls[2]}" + (f".{tls[3]}" if tls[3] else "")
            yield Entry(TLS, version=version, at=at, conn=conn)
        elif event in ("<", ">"):
            server = (event == ">") == receive
            joined = server and re.match(r"250  ", data) is not None
            marks = frozenset({JOINED}) if joined else frozenset[str]()
            yield Entry(SERVER if server else CLIENT, data, at=at, conn=conn, marks=marks)


def _exchange_row(line: str) -> list[str]:
    """Return the fields of a row, or an empty list for any other line."""
    try:
        row = [] if line.startswith("#") else next(csv.reader([line.rstrip("\r")]), list[str]())
    except csv.Error:
        return []
    return row if len(row) >= 8 else []


def _replies(row: list[str]) -> bool:
    return bool(row) and row[6] in ("<", ">") and REPLY.match(row[7]) is not None
