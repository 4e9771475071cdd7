"""The output of `heloscope probe`: the findings on each target, and then all targets side by side.

With --json, the output is one object per target, as described in the README. Colour is used only on
a terminal.
"""

from __future__ import annotations

import os
import sys
import textwrap
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TextIO

import msgspec

from ...session.findings.summary import summary
from ...session.findings.table import GRADES, NOTICE, PROBLEM, SUBJECTS
from ...session.plural import plural
from ...session.visible import visible, visible_text
from .outlets import say
from .reporting import wants_colour

if TYPE_CHECKING:
    from ...session.findings.seen import Seen
    from ...session.findings.server import Finding
    from ...session.protocol.dialogue import TurnReply
    from ...session.target import Target
    from ...session.tls.certificates import Certificate

WIDEST, NARROWEST = 100, 60  # columns of the text
MOST_KEYWORDS = 100  # the most extensions listed
MOST_NAMES = 10  # the most names of a certificate listed
MOST_WORDS = 500  # characters of a reply or of a keyword with its parameters
_COLOURS = {"good": "32", NOTICE: "33", PROBLEM: "31"}
_GRADE, _SUBJECT = 9, 13  # columns


class Probed(msgspec.Struct, frozen=True):
    """The findings on one target.

    `practice` is the TARGET as typed if it is the practice server, and "" otherwise. `error` gives
    the reason if the target could not be asked every question.
    """

    target: Target
    seen: Seen
    findings: tuple[Finding, ...]
    error: str
    status: int
    practice: str = ""

    @property
    def text(self) -> str:
        """The target as the user typed it."""
        return self.practice or self.target.text

    @property
    def shown(self) -> str:
        """The target as the user typed it, made safe to display."""
        return self.practice or self.target.shown


class Report:
    """Prints the findings, target by target. Raises OSError if they cannot be written."""

    def __init__(self, stream: TextIO, *, json: bool, quiet: bool, strict: bool = False) -> None:
        self._stream = stream
        self._json = json
        self._quiet = quiet
        self._wrong = (PROBLEM, NOTICE) if strict else (PROBLEM,)
        self._colour = wants_colour(stream)
        self._width = max(NARROWEST, min(WIDEST, _columns()))
        self._told = 0

    def tell(self, probed: Probed) -> None:
        """Print the findings on one target.

        With `quiet`, print only its problems, on standard error.
        """
        if self._json:
            import json

            self._print(json.dumps(as_object(probed)))
        elif self._quiet:
            for each in probed.findings:
                if each.grade in self._wrong:
                    title = SUBJECTS[each.subject]
                    say(f"{probed.shown}: {title}: {each.text} ({each.source})")
        else:
            if self._told:
                self._print("")
            self._target(probed)
        self._told += 1
        self._stream.flush()

    def end(self, found: Sequence[Probed]) -> None:
        """Print the targets side by side if there are several."""
        if len(found) < 2 or self._json or self._quiet:
            return
        columns = [[each.shown, *summary(each.seen).values(), *_counts(each)]
                   for each in found]  # fmt: skip
        titles = ["", *summary(found[0].seen), "Problems", "Notices"]
        wide = max(map(len, titles)) + 2
        widths = [max(map(len, column)) + 2 for column in columns]
        first = 0
        while first < len(columns):  # as many side by side as fit
            last = first + 1
            while last < len(columns) and wide + sum(widths[first : last + 1]) <= self._width:
                last += 1
            self._print("")
            for row, title in enumerate(titles):
                cells = (f"{column[row]:<{width}}" for column, width in
                         zip(columns[first:last], widths[first:last], strict=True))  # fmt: skip
                self._print(f"{title:<{wide}}{''.join(cells)}".rstrip())
            first = last

    def _target(self, probed: Probed) -> None:
        seen = probed.seen
        address = visible_text(seen.address)
        shown = probed.shown
        self._print(f"{shown} ({address})" if address not in ("", shown) else shown)
        if seen.greeting is not None:
            self._indented("", _one_line(seen.greeting))
        if seen.clear is not None:
            self._indented("Without TLS: ", _listed(seen.clear))
        if seen.inside is not None:
            self._indented("Over TLS: ", _listed(seen.inside))
        if handshake := _handshake(seen):
            words = (handshake["version"], handshake["cipher"])
            self._indented("TLS: ", ", ".join(filter(None, words)) or handshake["failure"])
        if certificate := _certificate(seen):
            self._indented("Certificate: ", _in_a_line(certificate))
        for each in probed.findings:
            words = f"{each.text} ({each.source})"
            title = SUBJECTS[each.subject]
            self._row(each.grade, f"{title:<{_SUBJECT}}", words)
        problems, notices = _counts(probed)
        self._print(f"  {problems} {'problem' if problems == '1' else 'problems'}, "
                    f"{notices} {'notice' if notices == '1' else 'notices'}")  # fmt: skip

    def _indented(self, title: str, text: str) -> None:
        for line in textwrap.wrap(
            title + text, self._width, initial_indent="  ", subsequent_indent="    "
        ):
            self._print(line)

    def _row(self, grade: str, title: str, text: str) -> None:
        before = 2 + _GRADE + _SUBJECT
        lines = textwrap.wrap(text, self._width - before) or [""]
        word = f"{grade:<{_GRADE}}"
        if self._colour:
            word = f"\x1b[{_COLOURS[grade]}m{word}\x1b[m"
        self._print(f"  {word}{title}{lines[0]}")
        for line in lines[1:]:
            self._print(" " * before + line)

    def _print(self, line: str) -> None:
        encoding = self._stream.encoding or "utf-8"
        self._stream.write(line.encode(encoding, "backslashreplace").decode(encoding) + "\n")


def _counts(probed: Probed) -> tuple[str, str]:
    grades = [each.grade for each in probed.findings]
    return str(grades.count(PROBLEM)), str(grades.count(NOTICE))


def _one_line(reply: TurnReply) -> str:
    text = visible(b" ".join(reply.lines)[: MOST_WORDS * 4])[:MOST_WORDS]
    return f"{reply.code} {text}" if reply.code >= 0 else text


def _listed(keywords: dict[str, tuple[str, ...]]) -> str:
    words = [
        visible_text(" ".join((keyword, *parameters)))[:MOST_WORDS]
        for keyword, parameters in list(keywords.items())[:MOST_KEYWORDS]
    ]
    more = len(keywords) - len(words)
    if more:
        words.append(plural(more, "and {} more"))
    return ", ".join(words) or "nothing"


def _in_a_line(certificate: dict[str, Any]) -> str:
    names = ", ".join(certificate["names"][:MOST_NAMES])
    more = len(certificate["names"]) - MOST_NAMES
    if more > 0:
        names += plural(more, " and {} more")
    since, until = certificate["not_before"][:10], certificate["not_after"][:10]
    return (f"for {names or certificate['name']}, issued by {certificate['issuer']}, {since} to "
            f"{until}, {certificate['key']}")  # fmt: skip


# JSON


def as_object(probed: Probed) -> dict[str, Any]:
    """Return the findings on one target as the JSON object described in the README."""
    seen = probed.seen
    return {
        "target": visible_text(probed.text),
        "address": visible_text(seen.address),
        "greeting": _reply(seen.greeting),
        "clear": _keywords(seen.clear),
        "over_tls": _keywords(seen.inside),
        "tls": _handshake(seen),
        "certificate": _certificate(seen),
        "replies": {
            verb: _reply(reply)
            for verb, reply in (("STARTTLS", seen.starttls), *((verb, reply) for verb, (_, reply)
                                                               in seen.queries.items()))
            if reply is not None
        },
        "names": {name: _reply(reply) for name, reply in seen.names.items()},
        "group": [{"command": visible(turn.line), "code": turn.code or None}
                  for turn in seen.group],
        "findings": [
            msgspec.structs.asdict(each) for each in probed.findings
        ],
        "counts": {grade: sum(each.grade == grade for each in probed.findings)
                   for grade in GRADES},
        "error": probed.error,
        "status": probed.status,
    }  # fmt: skip


def _reply(reply: TurnReply | None) -> dict[str, Any] | None:
    if reply is None:
        return None
    return {
        "code": reply.code if reply.code >= 0 else None,
        "enhanced": reply.enhanced,
        "text": visible(reply.text[: MOST_WORDS * 4]).replace("\\n", "\n")[:MOST_WORDS],
    }


def _keywords(keywords: dict[str, tuple[str, ...]] | None) -> dict[str, list[str]] | None:
    if keywords is None:
        return None
    return {
        visible_text(keyword)[:MOST_WORDS]: [visible_text(word)[:MOST_WORDS] for word in parameters]
        for keyword, parameters in keywords.items()
    }


def _handshake(seen: Seen) -> dict[str, Any] | None:
    started, failed = seen.started, seen.failed
    if started is None and failed is None:
        return None
    return {
        "version": visible_text(started.version) if started else None,
        "cipher": visible_text(started.cipher) if started else None,
        "verified": bool(started and started.verified),
        "failure": failed.reason if failed else None,
        "detail": failed.detail if failed else None,
    }


def _certificate(seen: Seen) -> dict[str, Any] | None:
    chain = (seen.started.chain if seen.started else ()) or (
        seen.failed.chain if seen.failed else ()
    )
    if not chain:
        return None
    from ...session.tls.certificates import parse

    leaf: Certificate = parse(chain[0])
    return {
        "name": visible_text(leaf.name),
        "names": [visible_text(name) for name in leaf.names],
        "issuer": visible_text(leaf.issuer),
        "not_before": _day(leaf.not_before),
        "not_after": _day(leaf.not_after),
        "days_left": leaf.days_left(time.time()),
        "key": visible_text(leaf.key),
        "signature": visible_text(leaf.signature),
        "sha256": leaf.sha256,
    }


def _day(at: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(max(0.0, min(at, 253402300799.0))))


def _columns() -> int:
    """Return the width of the terminal, as `shutil` does, but without its slow import."""
    given = os.environ.get("COLUMNS", "")
    if given.isascii() and given.isdecimal() and int(given):
        return int(given)
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or WIDEST  # type: ignore[union-attr]
    except (AttributeError, ValueError, OSError):
        return WIDEST
