"""Reads logs in which each line has a marker, using a table of patterns; the first match wins.

The groups of a pattern are named after the fields of an `Entry`; `host` and `port` make up a peer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from .entries import (
    CLIENT,
    CLOSED,
    CONNECTED,
    ERROR,
    IN,
    NOTE,
    OUT,
    SERVER,
    WRAPPED,
    Entries,
    Entry,
    Lines,
)  # fmt: skip

SKIP, MORE = "skip", "more"


class Rule(NamedTuple):
    """A rule that turns a line whose beginning matches `pattern` into an entry.

    `what` is the entry's own `what`, and `kind` the kind of a note, or the side that closed the
    connection. If `what` is SKIP, the line is not part of the conversation; if it is MORE, the line
    continues the preceding one.
    """

    pattern: re.Pattern[str]
    what: str
    kind: str = ""
    said: bool = False
    """Whether matching lines were sent over the wire, and `pattern` captures only their text."""


def rule(pattern: str, what: str, kind: str = "") -> Rule:
    """Create a rule, compiling its pattern so that "." also matches a line ending."""
    compiled = re.compile(pattern, re.DOTALL)
    said = what in (CLIENT, SERVER, OUT, IN) and list(compiled.groupindex) == ["text"]
    return Rule(compiled, what, kind, said)


def entry_of(rule: Rule, found: re.Match[str], before: Entry | None = None) -> Entry:
    """Return the entry for a line that matches `rule`. A MORE rule continues the entry `before`."""
    if rule.said:
        return Entry(rule.what, found["text"] or "")
    fields = {name: value for name, value in found.groupdict().items() if value is not None}
    text = fields.get("text", "")
    if rule.what == CONNECTED:
        text = fields.get("peer") or fields.get("host", "")
        if port := fields.get("port"):
            text = f"{text}:{port}"
    elif rule.what == NOTE and not text:
        text = found[0].strip()
    what, kind = rule.what, rule.kind
    if what == MORE and before is not None:
        what, kind = before.what, before.kind
    return Entry(
        what,
        text,
        kind,
        fields.get("at", "") or (before.at if rule.what == MORE and before else ""),
        conn=fields.get("conn", "") or (before.conn if rule.what == MORE and before else ""),
        version=fields.get("version", ""),
        cipher=fields.get("cipher", ""),
    )


def read_marked(
    lines: Lines, rules: Sequence[Rule], *, wrapped: bool = False, keep_cr: bool = False
) -> Entries:
    """Read lines by rules, ignoring each line that no rule matches.

    If `wrapped` is true, a line without a marker is taken to continue the preceding line, because
    quoting wraps long lines.
    """
    before: Entry | None = None
    adjacent = False
    for raw in lines:
        line = raw if keep_cr else raw.rstrip("\r")
        for each in rules:
            found = each.pattern.match(line)
            if found is not None:
                break
        else:
            if wrapped and adjacent and line.strip() and before is not None:
                marks = before.marks | {WRAPPED}
                before = before._replace(text=f"{before.text} {line.strip()}", marks=marks)
            else:
                adjacent = False
            continue
        if each.what == SKIP or (each.what == MORE and (before is None or not before.said)):
            adjacent = False
            continue
        entry = entry_of(each, found, before)
        if before is not None:
            yield before
        before = entry
        adjacent = entry.said or entry.kind == ERROR
    if before is not None:
        yield before


def closed(by: str = "", at: str = "", conn: str = "") -> Entry:
    """Return an entry for the end of a connection; `by` is CLIENT, SERVER, or "" if unknown."""
    return Entry(CLOSED, kind=by, at=at, conn=conn)
