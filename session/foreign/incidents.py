"""The failures that mail logs and bounces report, with the mail or client that each concerns.

A line that reports several things is one incident, and several lines may report the same incident.
"""

from __future__ import annotations

import re
from typing import NamedTuple

LONGEST = 4000  # characters of a line that are looked at


class Incident(NamedTuple):
    """Something that went wrong, according to a mail log or a bounce.

    `line` is the number of the line that first reports it, counted from 1. `last` is the number of
    the line that last reports it, set only if `times` is more than 1. `reply` is the reply that the
    log quotes, with LF between its lines; if there is none, `text` has the log's own words. `after`
    is the command in the form that `session.facts.explain.situation.answering` expects, or "" if it
    is unknown. `about` names the mail or client, and what became of it.
    """

    line: int
    reply: str = ""
    after: str = ""
    text: str = ""
    about: str = ""
    times: int = 1
    last: int = 0

    @property
    def known_by(self) -> tuple[str, str, str]:
        """The values that are equal in two reports of the same incident."""
        return _COUNTED.sub("", self.reply or self.text), self.after, _COUNTED.sub("", self.about)


# What differs from one report to the next: ports, octets, times, what a queue calls its entries.
_COUNTED = re.compile(
    r"(?<=\])(?::\d{1,6})|\(\d{1,9} bytes\)|\bqueue ID \S{1,40}|\bafter [\d.]{1,12}(?= from)|"
    r"\bin [\d.]{1,12} secs|\b[\d.]{1,12}s\b|\bid=\S{1,80}|\bmsgid=\S{1,300}|\bpid \d{1,10}|"
    r"\bsession [0-9a-f]{16}|\bamavis [\w-]{1,40}\Z"
)


def counted(found: list[Incident]) -> list[Incident]:
    """Merge the reports of each incident into one with their number, in order of first report."""
    merged: dict[tuple[str, str, str], Incident] = {}
    for each in found:
        before = merged.setdefault(each.known_by, each)
        if before is not each:
            times, last = before.times + 1, each.line
            merged[each.known_by] = before._replace(times=times, last=last)
    return list(merged.values())


_CODED = re.compile(r"([2-5]\d\d)[ -]")


def reply_lines(text: str) -> str:
    r"""Split a reply that a log shows on one line into its own lines.

    Postfix writes each line ending as a space, Exim as \n. A reply with spaces is split only if its
    first line announces that more follow.
    """
    text = text.strip()
    found = _CODED.match(text)
    if found is None:
        return text
    code = found[1]
    if "\\n" in text:
        parts = [part for part in text.split("\\n") if part]
        return _coded(parts, code) if len(parts) > 1 else parts[0]
    if text[3] != "-":
        return text
    return "\n".join(re.split(rf" (?={code}[ -])", text))


def _coded(parts: list[str], code: str) -> str:
    """Join the lines of a reply, putting the code in front of each line."""
    lines = [part[4:] if part[:3] == code and part[3:4] in " -" else part for part in parts]
    return "\n".join(
        f"{code}{' ' if number == len(lines) else '-'}{line}"
        for number, line in enumerate(lines, 1)
    )


_COMMANDS = (
    ("RCPT", "RCPT TO:<{to}>"), ("MAIL", "MAIL FROM:<{from}>"), ("END-OF-MESSAGE", "."),
    ("end of data", "."), ("end of message", "."), ("DATA", "DATA"), ("EHLO", "EHLO"),
    ("HELO", "HELO"), ("LHLO", "LHLO"), ("AUTH", "(auth)"), ("STARTTLS", "STARTTLS"),
    ("VRFY", "VRFY"), ("CONNECT", "(greeting)"), ("greeting", "(greeting)"), ("header", "."),
    ("body", "."), ("CONTENT", "."), ("BDAT", "BDAT"), ("ETRN", "ETRN"),
)  # fmt: skip


def after_of(words: str, *, sender: str = "", recipient: str = "") -> str:
    """Return the command that a log names, in the form that `answering` expects.

    Return "" if the words name no command.
    """
    for name, command in _COMMANDS:
        if name.lower() in words.lower():
            return command.replace("{to}", recipient).replace("{from}", sender)
    return ""


def letters(text: str) -> str:
    """Return only the letters and digits of a text, so that differently quoted copies are equal."""
    return "".join(filter(str.isalnum, text))
