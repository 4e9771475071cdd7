"""The options of the message form: those that a server offers, with their possible values.

Most are parameters of MAIL and RCPT (facts/parameters.py); the others choose how the message is
sent. An option that the server does not offer is not shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from ...session.facts.parameters import EsmtpParameter, parameters_for

Keywords = Mapping[str, tuple[str, ...]]

SEND, OMIT = "send", "omit"  # of a parameter without a value, shown as "send SIZE"
AS_NEEDED = "as needed"
WAIT, NO_WAIT = "wait for each reply", "send without waiting"
_REPORTS = ("SUCCESS", "FAILURE", "DELAY")
_NOTIFY = (
    OMIT,
    "NEVER",
    *(",".join(some) for size in (1, 2, 3) for some in combinations(_REPORTS, size)),
)
_OWN = ("SIZE", "BODY", "SMTPUTF8", "ORCPT", "NOTIFY")  # described below
# Extensions that people look for: named in the form if the server does not offer them.
_LOOKED_FOR = ("SIZE", "8BITMIME", "SMTPUTF8", "DSN", "REQUIRETLS", "CHUNKING", "PIPELINING")

_UNKNOWN = (
    "What this server offers is unknown until {ehlo} is sent; the plan starts with it. To choose "
    "options, press Esc (the form keeps its fields), send :hello, and open the form again."
)
_OLD = "The server was greeted with HELO, which offers no options."
_NOTHING = "This server offers no options for a message."


class Option(NamedTuple):
    """An option of the form.

    `values` are the values to choose from, default first. If there are none, the value is typed.
    `on` is the command that has the option as a parameter, or "" if the option chooses how the
    message is sent.
    """

    name: str
    keyword: str
    words: str
    values: tuple[str, ...] = ()
    on: str = ""

    @property
    def default(self) -> str:
        """The default value of the option; "" if its value is typed."""
        return self.values[0] if self.values else ""

    @property
    def labels(self) -> dict[str, str]:
        """The label for each value, such as "send SIZE" for SEND."""
        return {
            value: f"{value} {self.name}" if value in (SEND, OMIT) else value
            for value in self.values
        }


_ALL = (
    Option("SIZE", "SIZE", "declare the size of the message", (SEND, OMIT)),
    Option(
        "BODY",
        "8BITMIME",
        "declare 7-bit or 8-bit content",
        (AS_NEEDED, OMIT, "7BIT", "8BITMIME"),
        "MAIL",
    ),
    Option(
        "SMTPUTF8", "SMTPUTF8", "declare UTF-8 in header or addresses", (AS_NEEDED, SEND), "MAIL"
    ),
    Option("NOTIFY", "DSN", "when to send delivery reports", _NOTIFY, "RCPT"),
    Option("ORCPT", "DSN", "record each original recipient", (OMIT, SEND), "RCPT"),
    Option("CHUNKING", "CHUNKING", "the command that sends the message", ("DATA", "BDAT")),
    Option(
        "PIPELINING",
        "PIPELINING",
        "whether commands wait for replies",
        (WAIT, NO_WAIT),
    ),
)


def options_for(keywords: Keywords | None) -> list[Option]:
    """Return the options that a server with these keywords offers; none if `keywords` is None."""
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
        values = (OMIT, SEND)
    elif parameter.alternatives:
        values = (OMIT, *parameter.alternatives)
    words = parameter.summary[:1].lower() + parameter.summary[1:]
    if not values:
        words += f": {parameter.value}"
    return Option(parameter.name, parameter.keyword, words, values, verb)


def not_offered(keywords: Keywords | None) -> list[str]:
    """Return the extensions that users often look for but this server does not offer."""
    return [] if keywords is None else [name for name in _LOOKED_FOR if name not in keywords]


def offered(
    options: Sequence[Option], keywords: Keywords | None, greeted_with: str, ehlo: str
) -> str:
    """Return the note below the options: why there are no options, and what is not offered.

    `greeted_with` is the command that the server was greeted with; `ehlo` is the one that asks for
    extensions.
    """
    if keywords is None:
        return _OLD if greeted_with == "HELO" else _UNKNOWN.format(ehlo=ehlo)
    words = [] if options else [_NOTHING]
    missing = not_offered(keywords)
    if missing:
        words.append(f"Not offered by this server: {', '.join(missing)}.")
    return " ".join(words)
