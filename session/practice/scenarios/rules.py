"""Finds the rule of a scenario that applies, and counts how often each rule has matched.

A `RuleBook` belongs to the connections to one port since the last `use` of a scenario.
"""

from __future__ import annotations

import random
from collections import OrderedDict, deque
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import NamedTuple

from .checks import EVENTS
from .model import LATE, Rule, Scenario

MOST_COUNTS = 10_000  # counts kept for single addresses and connections


class Situation(NamedTuple):
    """What a rule is applied to: a command or event, and the state of the connection.

    `on` names the command or event, and `hello` is the argument of EHLO or HELO. `known` is true if
    `address` has a mailbox. `user` is the user who tries to log in.
    """

    on: str
    connection: int = 0
    address: str = ""
    hello: str = ""
    argument: str = ""
    user: str = ""
    known: bool = False
    tls: bool = False
    authenticated: bool = False


class RuleBook:
    """The rules of a scenario, with counts of their matches. `clock` returns seconds."""

    def __init__(self, scenario: Scenario, clock: Callable[[], float]) -> None:
        self._rules = tuple(
            (number, rule, frozenset(word.upper() for word in (*rule.on, *rule.but)))
            for number, rule in enumerate(scenario.rules)
        )
        self._scenario = scenario
        self._clock = clock
        self._random = random.Random(scenario.seed)
        self._counts: OrderedDict[tuple[int, object], int] = OrderedDict()
        self._recent: dict[int, deque[float]] = {}
        self._verbs = frozenset(word for _, _, words in self._rules for word in words)

    def has(self, on: str) -> bool:
        """Return whether any rule answers this command or event: a quick check before `find`."""
        return on.upper() in self._verbs or ("*" in self._verbs and on not in EVENTS)

    def find(self, situation: Situation, *, checked: bool = False) -> Rule | None:
        """Return the first rule that applies, or None. Each rule that matches is counted.

        `checked` is true if the syntax and the order of a command have been checked.
        """
        for number, rule, _ in self._rules:
            late = situation.on in LATE and not rule.first and "*" not in rule.on
            if late != checked:
                continue
            if _fits(rule, situation) and self._is_due(number, rule, situation):
                return rule
        return None

    def _is_due(self, number: int, rule: Rule, situation: Situation) -> bool:
        """Count a match of this rule, and return whether the rule applies this time."""
        who = {"connection": situation.connection, "address": situation.address.lower()}
        key = (number, who.get(rule.each, ""))
        count = self._counts.pop(key, 0) + 1
        self._counts[key] = count
        if len(self._counts) > MOST_COUNTS:
            self._counts.popitem(last=False)
        if rule.nth and count != rule.nth:
            return False
        if count <= rule.after or (rule.times and count > rule.after + rule.times):
            return False
        if rule.more_than and not self._is_fast(number, rule):
            return False
        return rule.share >= 1 or self._random.random() < rule.share

    def _is_fast(self, number: int, rule: Rule) -> bool:
        """Return whether the rate in the rule is exceeded. If not, record a match."""
        now = self._clock()
        recent = self._recent.setdefault(number, deque(maxlen=rule.more_than))
        oldest = now - self._scenario.seconds(rule.within)
        fast = len(recent) == rule.more_than and recent[0] > oldest
        if not fast:
            recent.append(now)
        return fast


def _fits(rule: Rule, situation: Situation) -> bool:
    if situation.on in EVENTS:
        answered = situation.on in rule.on
    else:
        verb = situation.on.upper()
        answered = verb in _verbs(rule.on) or ("*" in rule.on and verb not in _verbs(rule.but))
    if not answered:
        return False
    patterns = (
        (rule.address, situation.address),
        (rule.hello, situation.hello),
        (rule.argument, situation.argument),
        (rule.user, situation.user),
    )
    if not all(matches(pattern, text) for pattern, text in patterns):
        return False
    facts = (
        (rule.known, situation.known),
        (rule.tls, situation.tls),
        (rule.authenticated, situation.authenticated),
    )
    return all(wanted is None or wanted == is_so for wanted, is_so in facts)


def _verbs(words: tuple[str, ...]) -> list[str]:
    return [word.upper() for word in words if word not in EVENTS]


def matches(pattern: str, text: str) -> bool:
    """Return whether a text matches a pattern, ignoring case.

    An empty pattern matches every text, and an initial ! negates a pattern.
    """
    if not pattern:
        return True
    negated = pattern.startswith("!")
    return fnmatchcase(text.lower(), pattern.removeprefix("!").lower()) != negated


def filled(line: str, situation: Situation) -> str:
    """Replace the placeholders in a line of a reply with the client's own values."""
    for name in ("hello", "address", "user"):
        line = line.replace(f"{{{name}}}", getattr(situation, name))
    return line.replace("{verb}", situation.on)
