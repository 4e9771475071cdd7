"""What mail logs and bounces report to have gone wrong, each with whom it concerns.

A line that says several things is one incident; the same incident may be on several lines.
"""

from __future__ import annotations

import re
from typing import NamedTuple

LONGEST = 4000  # characters of a line that are looked at


class Incident(NamedTuple):
    """Something that went wrong.

    `line` is that of its first report, from 1, and `last` that of the last of `times`. `reply` is
    the reply that is quoted, its lines separated by LF; without one, `text` has the log's own
    words. `after` names the command as `session.facts.explain.situation.answering` takes it, and
    is "" if it is not known. `about` says which mail or client it concerns, and what became of it.
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
        """What is equal in two reports of the same."""
        return _COUNTED.sub("", self.reply or self.text), self.after, _COUNTED.sub("", self.about)


# What differs from one report to the next: ports, octets, times, what a queue calls its entries.
_COUNTED = re.compile(
    r"(?<=\])(?::\d{1,6})|\(\d{1,9} bytes\)|\bqueue ID \S{1,40}|\bafter [\d.]{1,12}(?= from)|"
    r"\bin [\d.]{1,12} secs|\b[\d.]{1,12}s\b|\bid=\S{1,80}|\bmsgid=\S{1,300}|\bpid \d{1,10}|"
    r"\bsession [0-9a-f]{16}|\bamavis [\w-]{1,40}\Z"
)


def counted(found: list[Incident]) -> list[Incident]:
    """The incidents in their order, each once, with how often it was reported."""
    merged: dict[tuple[str, str, str], Incident] = {}
    for each in found:
        before = merged.setdefault(each.known_by, each)
        if before is not each:
            times, last = before.times + 1, each.line
            merged[each.known_by] = before._replace(times=times, last=last)
    return list(merged.values())


_SAID = re.compile(r"([2-5]\d\d)[ -]")


def reply_lines(text: str) -> str:
    """A reply that a log has in one line, as its lines.

    Postfix writes a space for each line end, Exim \\n; only a reply whose first line says that more
    follow is taken apart.
    """
    text = text.strip()
    found = _SAID.match(text)
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
    """Lines of a reply of which each has its code, or only the first one."""
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
    """The command that a log names, as `answering` takes it; "" if it names none."""
    for name, command in _COMMANDS:
        if name.lower() in words.lower():
            return command.replace("{to}", recipient).replace("{from}", sender)
    return ""


def letters(text: str) -> str:
    """The letters and digits of a text: equal where the same is quoted in different ways."""
    return "".join(filter(str.isalnum, text))
