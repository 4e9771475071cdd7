"""The vocabulary of patterns: each kind of fact, its value, and the keys that restrict it.

A pattern is a TOML table with the name of one kind as a key. The tables here define for the reader
what a key may contain; FORMAT.md explains it to authors, and `matching` implements it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, NamedTuple

from ...session.events import Cause, Unasked
from ...session.facts.commands import COMMANDS
from ...session.facts.tls_failures import REASONS
from ...session.protocol.states import KNOWN_VERBS, State
from ...session.protocol.violations import RULES
from ...session.verbs import AUTH_RESPONSE, END_OF_DATA
from . import values
from .mistakes import listed, nearest

Convert = Callable[[Any], Any]
"""Converts a value as written in the file to the form in which it is compared.

Raises ValueError, whose message says what was expected.
"""


class UnknownWord(ValueError):
    """Raised for an unknown word or an invalid regular expression. The message is a sentence."""


GREETING = "greeting"  # in place of the verb that a reply answers: an unsolicited reply
VERBS = frozenset((*KNOWN_VERBS, *COMMANDS, END_OF_DATA, AUTH_RESPONSE, "*"))
STATES = frozenset(str(state) for state in State)
CAUSES = tuple(cause.value for cause in Cause)
CHANGES = ("offered", "absent", "added", "removed")
PLACES = ("first", "middle", "last", "only")
SEEN = ("row", "panel", "dialog", "mailbox", "message", "field", "plan")
PARTS = ("command", "reply", "body", "auth", "chunk", "other")
DISTINCT = ("line", "text", "code", "verb", "enhanced", "sender", "recipients", "name")

GROUPS: dict[str, tuple[str, ...]] = {
    "bad-path": (
        "no-keyword", "blank-at-colon", "no-path", "no-brackets", "bracket-open", "display-name",
        "one-path", "behind-path", "empty-recipient", "no-domain", "no-local-part",
        "no-such-domain",
    ),
    "bad-hello": (
        "no-name", "one-name", "not-a-name", "bare-address", "untagged-ipv6", "literal-open",
        "not-a-literal",
    ),
}  # fmt: skip
"""Groups of rules, keyed by the name of the group."""


# Converters


def text(value: Any) -> values.Text:
    """Read a text pattern."""
    if not isinstance(value, str) or not value:
        raise ValueError("a text")
    try:
        return values.Text(value)
    except ValueError as error:
        raise UnknownWord(f"{value} is not a valid regular expression: {error}.") from None


def texts(value: Any) -> tuple[values.Text, ...]:
    """Read a list of text patterns."""
    if not isinstance(value, list):
        raise ValueError('a list of texts, such as ["bob@practice.test"]')
    return tuple(text(each) for each in values.as_list(value))


def fields(value: Any) -> dict[str, values.Text]:
    """Read header fields, each with a text pattern."""
    found = values.as_table(value)
    if not found:
        raise ValueError('header fields, such as { Subject = "*" }')
    return {name: text(each) for name, each in found.items()}


def yes(value: Any) -> bool:
    """Read true or false."""
    if not isinstance(value, bool):
        raise ValueError("true or false")
    return value


def only_true(value: Any) -> bool:
    """Read `true`, the only value that some kinds allow."""
    if value is not True:
        raise ValueError("true")
    return True


def seconds(value: Any) -> float:
    """Read a time in seconds."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 3600:
        raise ValueError("a number of seconds, up to 3600")
    return float(value)


def enhanced(value: Any) -> values.Text | bool:
    """Read a text pattern for an enhanced status code, or false for a reply without such a code."""
    return False if value is False else text(value)


def words(known: Collection[str], what: str, *, upper: bool = False) -> Convert:
    """Return a converter that accepts one of the known words, or a list of them."""

    def convert(value: Any) -> frozenset[str]:
        found = values.as_list(value)
        if not found or not all(isinstance(each, str) for each in found):
            raise ValueError(f"a {what}, or a list of them")
        said = [each.upper() if upper and each not in known else each for each in found]
        for word in said:
            if word not in known:
                raise UnknownWord(_unknown(what, word, known))
        return frozenset(said)

    return convert


def _unknown(what: str, word: str, known: Collection[str]) -> str:
    hint = nearest(word, known)
    if hint or len(known) > 12:
        return f'Unknown {what} "{word}"{hint or "."}'
    return f'Unknown {what} "{word}". Use {listed(sorted(known))}.'


def rules(value: Any) -> frozenset[str]:
    """Read the names of rules, or of groups of rules, and return the names of the rules."""
    said = words((*RULES, *GROUPS), "rule")(value)
    return frozenset(rule for name in said for rule in GROUPS.get(name, (name,)))


def clean(value: Any) -> frozenset[str]:
    """Read the rules that a command must not break. The value true stands for all rules."""
    return frozenset(RULES) if value is True else rules(value)


def answered(value: Any) -> frozenset[str]:
    """Read the verbs whose reply is meant. "greeting" stands for the greeting."""
    return words({*VERBS, GREETING}, "verb", upper=True)(value)


def _one_of(known: Collection[str], what: str) -> Convert:
    several = words(known, what)

    def convert(value: Any) -> str:
        if not isinstance(value, str):
            raise ValueError(what)
        (found,) = several(value)
        return found

    return convert


_verbs = words(VERBS, "verb", upper=True)
_states = words({*STATES, "*"}, "state")


class Kind(NamedTuple):
    """A kind of fact: the converter for its value, and the keys that restrict it."""

    value: Convert
    keys: dict[str, Convert]


KINDS: dict[str, Kind] = {
    "command": Kind(
        _verbs,
        {"line": text, "decoded": text, "tls": yes, "before": _states, "alone": yes},
    ),
    "reply": Kind(
        values.codes,
        {
            "to": answered,
            "line": text,
            "text": text,
            "enhanced": enhanced,
            "rows": values.count,
            "tls": yes,
            "before": _states,
            "clean": clean,
            "bad": rules,
            "unasked": words(tuple(each.value for each in Unasked), "reason"),
        },
    ),
    "extension": Kind(text, {"change": _one_of(CHANGES, "change"), "parameter": text}),
    "state": Kind(_states, {"from": _states}),
    "tls": Kind(
        _one_of(("on", "failed"), "value of tls"),
        {"reason": words((*REASONS, "*"), "reason"), "verified": yes, "pinned": yes},
    ),
    "got": Kind(
        _one_of(("message", "report"), "value of got"),
        {
            "from": text,
            "to": texts,
            "header": fields,
            "without": texts,
            "body": text,
            "empty": yes,
            "octets": values.count,
            "bytes": values.octets,
        },
    ),
    "bad": Kind(rules, {"line": text, "detail": text}),
    "clean": Kind(rules, {}),
    "said": Kind(text, {"answer": text}),
    "saw": Kind(
        words(SEEN, "value of saw"),
        {
            "name": text,
            "line": text,
            "side": _one_of(("C", "S"), "side"),
            "reply": values.codes,
            "to": answered,
            "answers": text,
            "place": words(PLACES, "place"),
            "bad": rules,
        },
    ),
    "connected": Kind(only_true, {}),
    "ended": Kind(words((*CAUSES, "*"), "cause"), {}),
    "quiet": Kind(seconds, {"due": yes, "before": _states}),
    "line": Kind(
        text, {"side": _one_of(("C", "S"), "side"), "part": words(PARTS, "part"), "tls": yes}
    ),
}
"""The kinds of facts, keyed by name. `clean` is short for `bad` with `never`."""

JOINTS = ("all", "any", "then")
"""The kinds that join other patterns."""
COMMON = ("times", "distinct", "never")
"""The keys that are allowed with every kind of fact."""
