"""Matches a reply's text against the rules for the wordings that servers use.

The rules are in four tables: providers, programs, filters, and the texts that many servers have in
common. They are tried in that order; the first rule that matches the text and applies to the
command answered is used. Only the first `LONGEST` octets of a reply are searched, in time
proportional to their number, and no reply causes an error.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from ...verbs import AUTH_EXCHANGE, CHUNK_VERBS, GREETINGS, LAST_CHUNKS, MESSAGE_ENDS, SENDER_VERBS
from .common import COMMON
from .filters import FILTERS
from .programs import PROGRAMS
from .providers import PROVIDERS
from .row import TextRule

LONGEST = 4000  # octets of a reply that are searched

_CONTENT = ("DATA", *CHUNK_VERBS, *LAST_CHUNKS, *MESSAGE_ENDS)
# The groups of commands that a rule may name in `after`.
GROUPS: dict[str, tuple[str, ...]] = {
    "start": ("greeting", *GREETINGS),
    # The name in EHLO is often refused only at MAIL or RCPT.
    "helo": (*GREETINGS, *SENDER_VERBS, "RCPT", "DATA"),
    "mail": (*SENDER_VERBS, "RCPT", *_CONTENT),
    "message": _CONTENT,
    "chunks": (*CHUNK_VERBS, *LAST_CHUNKS),
    # An unwelcome client may be refused at any of these.
    "policy": ("greeting", *GREETINGS, *SENDER_VERBS, "RCPT", *_CONTENT),
    "login": AUTH_EXCHANGE,
}
_NO_COMMANDS = ("greeting", "(tls)", *AUTH_EXCHANGE, *_CONTENT)
"""The answered verbs that the group "command" excludes because they are not command lines."""


def recognise(
    code: int, enhanced: str | None, text: bytes, verb: str | None = None
) -> TextRule | None:
    """Return the first rule that matches a reply to the command `verb`, or None if no rule does.

    `text` is the text of the reply, with or without the codes, and with newlines between its lines.
    If `verb` is None, the rules for all commands are tried.
    """
    return _recognised(code, enhanced, text[:LONGEST], verb)


@lru_cache(maxsize=8)  # the panel, the hint and the plan ask for the same reply
def _recognised(code: int, enhanced: str | None, text: bytes, verb: str | None) -> TextRule | None:
    whole = _joined(code, enhanced, text)
    unlinked = _URL.sub(" ", whole)
    return next(
        (
            rule
            for rule, codes, phrases, after in _table()
            if (not after or not verb or holds_after(after, verb))
            and (code_matches(codes, f"{code:03}", enhanced or "") if codes else code >= 400)
            and any(_contains(unlinked if rule.weak else whole, parts) for parts in phrases)
        ),
        None,
    )


def holds_after(after: frozenset[str], verb: str) -> bool:
    """Return whether a rule limited to the commands `after` applies to the command `verb`."""
    return verb in after or ("command" in after and verb not in _NO_COMMANDS)


def _joined(code: int, enhanced: str | None, text: bytes) -> str:
    """Return a reply as one line in lower case: its codes once, then the text of all its lines."""
    lines = text.decode("utf-8", "replace").splitlines()
    words = [_CODES.sub("", line, count=1) for line in lines]
    head = f"{code:03} {enhanced}" if enhanced else f"{code:03}"
    return " ".join(f"{head} {' '.join(words)}".lower().split()) + " "


_URL = re.compile(r"(?:https?:/+|www\.)\S*")
_CODES = re.compile(r"\A(?:[2-5]\d\d[ -])?(?:#?[245]\.\d{1,3}\.\d{1,3}(?=\s|\Z))?")


def code_matches(codes: tuple[str, ...], code: str, enhanced: str) -> bool:
    """Return whether one of the `codes` of a rule matches a reply's code or enhanced code."""
    return any(
        wanted in (code, enhanced)
        or (wanted.endswith("xx") and code.startswith(wanted[0]))
        or (wanted.endswith("*") and _of_any_class(wanted[:-1], enhanced, whole=False))
        or (wanted.startswith("x.") and _of_any_class(wanted, enhanced, whole=True))
        for wanted in codes
    )


def _of_any_class(wanted: str, enhanced: str, *, whole: bool) -> bool:
    if wanted.startswith("x."):
        wanted, enhanced = wanted[1:], enhanced[1:]
    return wanted == enhanced if whole else bool(enhanced) and enhanced.startswith(wanted)


def _contains(text: str, parts: tuple[str, ...]) -> bool:
    """Return whether `text` contains the parts in the given order, without overlap."""
    at = 0
    for part in parts:
        at = text.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return True


_Compiled = tuple[TextRule, tuple[str, ...], tuple[tuple[str, ...], ...], frozenset[str]]


@cache
def _table() -> tuple[_Compiled, ...]:
    return tuple(
        (
            rule,
            tuple(rule.codes.split()),
            tuple(tuple(one.split(" … ")) for one in rule.says.split(" | ")),
            frozenset(verbs_of(rule.after)),
        )
        for rule in rules()
    )


def verbs_of(after: str) -> tuple[str, ...]:
    """Return the commands in a rule's field `after`, replacing each group with its commands.

    An empty tuple stands for any command.
    """
    return tuple(verb for word in after.split() for verb in GROUPS.get(word, (word,)))


def rules() -> tuple[TextRule, ...]:
    """Return all rules, in the order in which they are tried."""
    return (*PROVIDERS, *PROGRAMS, *FILTERS, *COMMON)
