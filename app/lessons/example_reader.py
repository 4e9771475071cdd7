"""Reads the examples of a lesson: short conversations with `C:` and `S:` lines."""

from __future__ import annotations

import re

from ...session.events import Cause
from ...session.facts.tls_failures import REASONS
from ...session.script.escapes import raw_bytes
from ...session.script.grammar import GrammarError
from .mistakes import listed, nearest
from .model import Example, ExampleLine
from .table import Table
from .vocabulary import SEEN

SIGNS = ("C", "S", "raw", "saw", "said", "got", "|", "quiet", "connect", "closed", "tls")
"""The signs with which the lines of an example begin."""
LONGEST_SILENCE = 3600  # seconds
DOORS = ("tls", "lmtp", "second")
"""Other ways to reach the practice server.

These are TLS from the first byte, LMTP, and the second server of a scenario.
"""
_LINE = re.compile(r"\s*(\||[A-Za-z]+(?=:))(?:\||:)? ?(.*)\Z", re.DOTALL)
_REPLY = re.compile(r"\d{3}[ -]|\d{3}\Z")
_GOT = re.compile(r"(?:<([^<>]*)>|(\S+)) -> (.+)\Z")


def read_examples(table: Table, key: str) -> tuple[Example, ...]:
    """Read the examples under `key` of a table: a list of examples, or a single one."""
    several = isinstance(table.values.get(key), list)
    found: list[Example] = []
    for place, text in enumerate(table.texts(key)):
        keys = (key, place) if several else (key,)
        line = table.line_of(*keys)
        raw = table.values[key][place] if several else table.values[key]
        # A text in three quotes begins on the line after them; TOML drops that line end.
        begins = line + 1 if "\n" in raw else line
        lines = _lines(table, text, begins)
        if not lines:
            table.mistakes.add(line, f'An example in "{key}" has no lines.')
        found.append(Example(lines, line))
    return tuple(found)


def _lines(table: Table, text: str, begins: int) -> tuple[ExampleLine, ...]:
    found: list[ExampleLine] = []
    for number, line in enumerate(text.split("\n"), begins):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _LINE.match(line)
        sign = match[1] if match else ""
        if match is None or sign not in SIGNS:
            hint = nearest(sign, SIGNS) if sign else ""
            said = f'A line of an example must begin with a sign such as "C:" or "S:"{hint or "."}'
            table.mistakes.add(number, f"{said} Got: {line.strip()[:60]}")
            continue
        fault = _fault(sign, match[2], found[-1].sign if found else "")
        if fault:
            table.mistakes.add(number, fault)
        else:
            found.append(ExampleLine(sign, match[2], number))
    return tuple(found)


def _fault(sign: str, text: str, before: str) -> str:
    """Return a sentence about the mistake in a line of an example, or "" if there is none.

    The line consists of the sign `sign` and `text`.
    """
    match sign:
        case "S" if not _REPLY.match(text):
            return f'A reply must begin with three digits and a space or a hyphen: "S: {text[:40]}"'
        case "raw":
            try:
                raw_bytes(text)
            except GrammarError as error:
                return str(error)
        case "saw":
            what = text.split(None, 1)[0] if text.strip() else ""
            if what not in SEEN:
                hint = nearest(what, SEEN) or f". Use {listed(SEEN)}."
                return f'Unknown value of saw "{what}"{hint}'
            if what == "row" and what == text.strip():
                return '"saw: row" must be followed by the text of the row, as in "saw: row 220*".'
        case "said" if not text.strip():
            return '"said:" must be followed by the key of an answer.'
        case "got" if not _GOT.match(text):
            return (
                '"got:" must name the envelope, as in got: <a@practice.test> -> bob@practice.test'
            )
        case "|" if before not in ("got", "|"):
            return 'A line with "|" must follow a "got:" line, as part of its message.'
        case "quiet":
            try:
                seconds = float(text)
            except ValueError:
                seconds = 0.0
            if not 0 < seconds <= LONGEST_SILENCE:
                said = '"quiet:" must be followed by a number of seconds up to 3600'
                return f'{said}, not "{text[:40]}".'
        case "closed" if text.strip() and text.strip() not in [cause.value for cause in Cause]:
            return f'Unknown cause "{text.strip()}". Use {listed([c.value for c in Cause])}.'
        case "connect" if text.strip() not in ("", *DOORS):
            return f'"connect:" must have no argument, or one of {listed(DOORS)}.'
        case "tls":
            words = text.split()
            if words and words[0] == "failed" and len(words) == 2 and words[1] not in REASONS:
                return f'Unknown reason "{words[1]}"{nearest(words[1], REASONS) or "."}'
            if words[:1] not in ([], ["on"], ["failed"]) or len(words) > 2:
                return 'Use "tls:" or "tls: failed expired".'
        case _:
            pass
    return ""


def envelope(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the sender and the recipients of a `got:` line."""
    found = _GOT.match(text)
    if found is None:
        return "", ()
    recipients = tuple(each.strip().strip("<>") for each in found[3].split(","))
    return found[1] or found[2] or "", recipients
