r"""Reads amavis logs at log_level 3 and above, in which amavis is a client that returns mail.

At level 4 and above, the log also shows amavis as a server. All lines of a reply are on one line of
the log, separated by \n.
"""

from __future__ import annotations

import re

from .entries import CLIENT, SERVER, Entries, Entry, Lines

SIGN = r".*?\([\w-]{3,40}\) (?:smtp (?:cmd> |resp to |greeting: )|(?:E?SMTPS?A?|LMTP)[<>] )"
WORDS = (") smtp cmd> ", ") smtp resp to ", ") smtp greeting: ", "SMTP< ", "SMTP> ", "LMTP< ",
         "LMTP> ", "SMTPS< ", "SMTPS> ", "SMTPA< ", "SMTPA> ", "SMTPSA< ", "SMTPSA> ")  # fmt: skip
_LINE = re.compile(
    r"(?P<at>\w{3} +\d+ \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S+)?.{0,200}?\((?P<conn>[\w-]{3,40})\) "
    r"(?:smtp (?:cmd> (?P<command>.*)|(?:resp to .{1,400}?|greeting): (?P<reply>[2-5]\d\d.*))"
    r"|(?:E?SMTPS?A?|LMTP)(?P<way>[<>]) (?P<text>.*))",
    re.DOTALL,
)
_TOOK = re.compile(r", dt: [\d.]{1,20} m?s\Z")
_BREAK = re.compile(r"\\r\\n|\\n")


def read_amavis(lines: Lines) -> Entries:
    """Read the conversations of amavis with the next server, and those of clients with amavis."""
    for raw in lines:
        found = _LINE.match(raw.rstrip("\r"))
        if found is None:
            continue
        at, conn = found["at"] or "", found["conn"]
        if found["way"]:
            side, conn = (SERVER if found["way"] == ">" else CLIENT), f"{conn} as a server"
            text = found["text"]
        else:
            side = CLIENT if found["command"] is not None else SERVER
            text = found["command"] if side == CLIENT else found["reply"]
        parts = [part for part in _BREAK.split(_TOOK.sub("", text)) if part] or [""]
        for number, part in enumerate(parts, 1):
            line = _with_code(part, parts[0][:3], last=number == len(parts))
            yield Entry(side, line if side == SERVER else part, at=at, conn=conn)


def _with_code(part: str, code: str, *, last: bool) -> str:
    """Return a line of a reply with `code` in front, adding the code if the log omits it there."""
    if part.startswith(code) and part[3:4] in ("", "-"):
        return part
    text = part[4:] if part.startswith(f"{code} ") else part
    return f"{code}{' ' if last else '-'}{text}"
