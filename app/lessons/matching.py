"""Tests whether a fact matches a pattern."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...session.events import (
    Connected,
    Disconnected,
    Event,
    ExtensionsChanged,
    StateChanged,
    TlsFailed,
    TlsStarted,
)
from .facts import (
    Broken,
    Command,
    Delivered,
    Quiet,
    Reply,
    Row,
    Said,
    Saw,
    SeenRow,
    read_mail,
)
from .model import Pattern

_Where = dict[str, Any]


def matches(pattern: Pattern, fact: Event) -> bool:
    """Return whether `fact` has the kind and the properties that the pattern requires."""
    types, test = _TESTS[pattern.kind]
    return isinstance(fact, types) and test(pattern.where, fact)


def property_of(fact: Event, name: str) -> str:
    """Return the property `name` of a fact, in the form in which facts are compared.

    Return "" if the fact has no such property.
    """
    if isinstance(fact, Delivered):
        found = fact.sender if name == "sender" else ",".join(fact.recipients)
        return found.casefold()
    if isinstance(fact, SeenRow) and name == "line":
        return fact.line
    return str(getattr(fact, name, "")).strip().casefold()


def _text(where: _Where, key: str, said: str) -> bool:
    wanted = where.get(key)
    return wanted is None or wanted.matches(said)


def _flag(where: _Where, key: str, said: bool) -> bool:
    return key not in where or where[key] is said


def _word(where: _Where, key: str, said: str) -> bool:
    wanted = where.get(key)
    return wanted is None or said in wanted or "*" in wanted


def _command(where: _Where, fact: Command) -> bool:
    return (
        _word(where, "command", fact.verb)
        and _text(where, "line", fact.line)
        and _text(where, "decoded", fact.decoded)
        and _flag(where, "tls", fact.tls)
        and _word(where, "before", fact.state)
        and _flag(where, "alone", fact.alone)
    )


def _reply(where: _Where, fact: Reply) -> bool:
    wanted = where.get("enhanced")
    if wanted is False and fact.enhanced:
        return False
    return (
        where["reply"].match(fact.code)
        and _word(where, "to", fact.to)
        and _text(where, "line", fact.line)
        and _text(where, "text", fact.text)
        and (not wanted or wanted.matches(fact.enhanced))
        and ("rows" not in where or where["rows"].holds(fact.last - fact.row + 1))
        and _flag(where, "tls", fact.tls)
        and _word(where, "before", fact.state)
        and not fact.rules & where.get("clean", frozenset())
        and ("bad" not in where or bool(fact.rules & where["bad"]))
        and _word(where, "unasked", fact.unasked)
    )


def _extension(where: _Where, fact: ExtensionsChanged) -> bool:
    wanted, change = where["extension"], where.get("change", "offered")
    listed = fact.keywords or {}
    if change in ("added", "removed"):
        names = fact.added if change == "added" else fact.removed
        return any(wanted.matches(name) for name in names)
    found = [name for name in listed if wanted.matches(name)]
    if change == "absent":
        return not found
    if "parameter" not in where:
        return bool(found)
    return any(where["parameter"].matches(each) for name in found for each in listed[name])


def _state(where: _Where, fact: StateChanged) -> bool:
    return _word(where, "state", fact.state) and _word(where, "from", fact.before)


def _tls(where: _Where, fact: TlsStarted | TlsFailed) -> bool:
    if isinstance(fact, TlsFailed):
        return where["tls"] == "failed" and _word(where, "reason", fact.reason)
    return (
        where["tls"] == "on"
        and "reason" not in where
        and _flag(where, "verified", fact.verified)
        and _flag(where, "pinned", fact.pinned)
    )


def _got(where: _Where, fact: Delivered) -> bool:
    mail = read_mail(fact.delivered or fact.content)
    if where["got"] == "report" and (
        fact.sender or not any("report" in value for value in mail.values("Content-Type"))
    ):
        return False
    wanted = where.get("to")
    if wanted is not None:
        if len(wanted) != len(set(fact.recipients)):
            return False
        if not all(any(each.matches(to) for to in fact.recipients) for each in wanted):
            return False
    if not _text(where, "from", fact.sender) and not _text(where, "from", f"<{fact.sender}>"):
        return False
    for name, each in where.get("header", {}).items():
        if not any(each.matches(value) for value in mail.values(name)):
            return False
    names = [name for name, _ in mail.fields]
    return (
        not any(each.matches(name) for each in where.get("without", ()) for name in names)
        and _text(where, "body", mail.body)
        and _flag(where, "empty", not mail.body.strip())
        and ("octets" not in where or where["octets"].holds(len(fact.content)))
        and ("bytes" not in where or where["bytes"] in fact.content)
    )


def _broken(where: _Where, fact: Broken) -> bool:
    return (
        fact.rule in where["bad"]
        and _text(where, "line", fact.line)
        and _text(where, "detail", fact.detail)
    )


def _said(where: _Where, fact: Said) -> bool:
    return where["said"].matches(fact.question) and _text(where, "answer", fact.key)


_OF_ROWS = ("line", "side", "reply", "to", "answers", "place", "bad")


def _saw(where: _Where, fact: Saw | SeenRow) -> bool:
    if isinstance(fact, Saw):
        return (
            fact.what in where["saw"]
            and _text(where, "name", fact.name)
            and not any(key in where for key in _OF_ROWS)
        )
    reply = fact.reply
    return (
        "row" in where["saw"]
        and _text(where, "line", fact.line)
        and ("side" not in where or where["side"] == fact.side)
        and ("reply" not in where or (reply is not None and where["reply"].match(reply.code)))
        and ("to" not in where or (reply is not None and _word(where, "to", reply.to)))
        and ("answers" not in where or (reply is not None and _text(where, "answers", reply.line)))
        and ("place" not in where or (reply is not None and _place(where["place"], fact.place)))
        and ("bad" not in where or bool(fact.rules & where["bad"]))
    )


def _place(wanted: frozenset[str], place: str) -> bool:
    """Return whether a row has the wanted place. The only row of a reply is both first and last."""
    return place in wanted or (place == "only" and not wanted.isdisjoint(("first", "last")))


def _always(_where: _Where, _fact: Connected) -> bool:
    return True


def _ended(where: _Where, fact: Disconnected) -> bool:
    return _word(where, "ended", fact.cause.value)


def _quiet(where: _Where, fact: Quiet) -> bool:
    return (
        fact.before < where["quiet"] <= fact.seconds
        and _flag(where, "due", fact.due)
        and _word(where, "before", fact.state)
    )


def _line(where: _Where, fact: Row) -> bool:
    return (
        where["line"].matches(fact.line)
        and ("side" not in where or where["side"] == fact.side)
        and _word(where, "part", fact.part)
        and _flag(where, "tls", fact.tls)
    )


_TESTS: dict[str, tuple[type[Any] | tuple[type[Any], ...], Callable[[_Where, Any], bool]]] = {
    "command": (Command, _command),
    "reply": (Reply, _reply),
    "extension": (ExtensionsChanged, _extension),
    "state": (StateChanged, _state),
    "tls": ((TlsStarted, TlsFailed), _tls),
    "got": (Delivered, _got),
    "bad": (Broken, _broken),
    "said": (Said, _said),
    "saw": ((Saw, SeenRow), _saw),
    "connected": (Connected, _always),
    "ended": (Disconnected, _ended),
    "quiet": (Quiet, _quiet),
    "line": (Row, _line),
}
"""For each kind of pattern, the types of facts that it may match, and its test.

`clean` is missing here because the reader converts it to `bad`.
"""
