"""Test cases for explanations: a situation, a reply, and what the text must and must not say.

The two tables are in tests/session/facts. `must` and `mustnot` are case-insensitive regular
expressions joined by ` && `. All expressions in `must` must match, and none in `mustnot`.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import NamedTuple

from heloscope.session.facts.explain.situation import Situation, answering
from heloscope.session.protocol.ehlo_keywords import parse_keywords

_FOLDER = Path(__file__).parents[1] / "session" / "facts"
_ESCAPE = re.compile(rb"\\x([0-9a-f]{2})")


class Case(NamedTuple):
    """A reply, the line that it answers, what was known, and the words required and forbidden."""

    name: str
    after: str
    context: dict[str, str]
    reply: str
    must: tuple[str, ...]
    mustnot: tuple[str, ...]

    @property
    def data(self) -> bytes:
        """The reply as received over the wire."""
        return _ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), self.reply.encode())

    @property
    def situation(self) -> Situation:
        """What was known when the reply arrived."""
        offered = self.context.get("offered:")
        keywords = (word.strip().encode() for word in (offered or "").split(";") if word.strip())
        known = Situation(
            offered=None if offered is None else parse_keywords(keywords),
            tls="tls" in self.context,
            authenticated="authenticated" in self.context,
            mechanism=self.context.get("mechanism", ""),
            helo=self.context.get("helo", ""),
        )
        return answering(self.after, known)

    def faults(self, text: str) -> list[str]:
        """Return what an explanation lacks or gets wrong, for the output of a failing test."""
        missing = [f"missing: {one}" for one in self.must if not re.search(one, text, re.I)]
        found = [(one, re.search(one, text, re.I)) for one in self.mustnot]
        return missing + [f"wrong: {match[0]!r} ({one})" for one, match in found if match]


def read_cases(name: str) -> list[Case]:
    """Read the cases of one table."""
    with (_FOLDER / name).open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Case(
            row["id"],
            row["after"],
            dict(_known(part.strip()) for part in row["context"].split(" / ")),
            row["reply"].replace(" | ", "\n"),
            tuple(row["must"].split(" && ")),
            tuple(row["mustnot"].split(" && ")) if row["mustnot"] else (),
        )
        for row in rows
    ]


def _known(part: str) -> tuple[str, str]:
    word, _, rest = part.partition(" ")
    return (word, rest) if word in ("offered:", "mechanism", "helo") else (part, "")
