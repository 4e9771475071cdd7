"""The options of the send form: what may be said beside a message, as far as a server offers it.

Most are the parameters of MAIL and RCPT (facts/parameters.py), each with the values that it may
have; the others say how the message goes out. What is not offered is not asked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import combinations
from typing import NamedTuple

from ...session.facts.parameters import EsmtpParameter, parameters_for

Keywords = Mapping[str, tuple[str, ...]]

SILENT = "not said"
AS_NEEDED = "as needed"
_ALTERNATIVES = re.compile(r"[A-Z0-9]+( / [A-Z0-9]+)+\Z")
_REPORTS = ("SUCCESS", "FAILURE", "DELAY")
_NOTIFY = (
    SILENT,
    "NEVER",
    *(",".join(some) for size in (1, 2, 3) for some in combinations(_REPORTS, size)),
)
_OWN = ("SIZE", "BODY", "SMTPUTF8", "ORCPT", "NOTIFY")  # said below, in words of their own
# What people look for: named when it is not offered.
_LOOKED_FOR = ("SIZE", "8BITMIME", "SMTPUTF8", "DSN", "REQUIRETLS", "CHUNKING", "PIPELINING")


class Option(NamedTuple):
    """`values` are those to choose from, the usual one first; without them it is typed.

    `on` is the command whose parameter it is; empty where it says how the message is sent.
    """

    name: str
    keyword: str
    words: str
    values: tuple[str, ...] = ()
    on: str = ""

    @property
    def usual(self) -> str:
        return self.values[0] if self.values else ""


_ALL = (
    Option("SIZE", "SIZE", "say how big the message is", ("said", SILENT)),
    Option(
        "BODY",
        "8BITMIME",
        "say which octets the message has",
        (AS_NEEDED, SILENT, "7BIT", "8BITMIME"),
        "MAIL",
    ),
    Option("SMTPUTF8", "SMTPUTF8", "say that it needs UTF-8", (AS_NEEDED, "said"), "MAIL"),
    Option("NOTIFY", "DSN", "when to report on a recipient", _NOTIFY, "RCPT"),
    Option("ORCPT", "DSN", "name each recipient as first written", (SILENT, "said"), "RCPT"),
    Option("CHUNKING", "CHUNKING", "how the message goes out", ("DATA", "BDAT")),
    Option(
        "PIPELINING",
        "PIPELINING",
        "whether a command waits for the reply to the last",
        ("waits", "does not wait"),
    ),
)


def options_for(keywords: Keywords | None) -> list[Option]:
    """What can be asked of a server with these keywords; of one that nothing is known of, none."""
    if keywords is None:
        return []
    found = [option for option in _ALL if option.keyword in keywords]
    for verb in ("MAIL", "RCPT"):
        found += [
            _from_table(parameter, verb)
            for parameter in parameters_for(verb, keywords)
            if parameter.name not in _OWN
        ]
    place = [option.keyword for option in _ALL]
    place += [keyword for keyword in keywords if keyword not in place]
    return sorted(found, key=lambda option: place.index(option.keyword))


def _from_table(parameter: EsmtpParameter, verb: str) -> Option:
    values: tuple[str, ...] = ()
    if not parameter.value:
        values = (SILENT, "said")
    elif _ALTERNATIVES.match(parameter.value):
        values = (SILENT, *parameter.value.split(" / "))
    words = parameter.summary[:1].lower() + parameter.summary[1:]
    if not values:
        words += f": {parameter.value}"
    return Option(parameter.name, parameter.keyword, words, values, verb)


def not_offered(keywords: Keywords | None) -> list[str]:
    """The extensions that one may look for, and this server does not list."""
    return [] if keywords is None else [name for name in _LOOKED_FOR if name not in keywords]
