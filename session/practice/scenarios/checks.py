"""Checks that the fields of a scenario and its rules have valid values and fit together.

Used by the reader of files, and by the models themselves if a program creates them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from typing import cast, get_args, get_type_hints

import msgspec

from ...facts.commands import COMMANDS
from ...visible import visible_text
from .kinds import Kind, WrongValue

EVENTS = ("connect", "login", "text", ".")
"""What a rule may answer besides commands: a connection, a login, message text, and its end."""
PLACEHOLDERS = ("hello", "address", "verb", "user")
ACTIONS = frozenset(("reply", "also", "silent", "delay", "pieces", "close", "reset"))
"""The fields of a rule that describe what the server does; at least one is required."""
SHOWN = 60  # characters of a value quoted in a mistake
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@cache
def kinds_of(model: type[msgspec.Struct]) -> dict[str, Kind]:
    """Return the kind of each field of a model, keyed by the field's name in Python."""
    hints = get_type_hints(model, include_extras=True)
    return {
        name: cast(Kind, get_args(hint)[1])
        for name, hint in hints.items()
        if hasattr(hint, "__metadata__")
    }


def settle(made: msgspec.Struct) -> None:
    """Check each field of a struct, and convert its value as if it had been read from a file.

    For example, "RCPT" becomes ("RCPT",). Raises ValueError, whose message says what was expected.
    """
    kinds = kinds_of(type(made))
    for name, value in given_fields(made).items():
        if name not in kinds:
            continue
        try:
            read = kinds[name].read(value)
        except WrongValue as wrong:
            raise ValueError(f"{name} must be {wrong}; {got(value)}") from None
        msgspec.structs.force_setattr(made, name, read)


def given_fields(made: msgspec.Struct) -> dict[str, object]:
    """Return the fields of a struct that differ from their defaults."""
    names = made.__struct_fields__
    return differing(type(made), {name: getattr(made, name) for name in names})


def differing(model: type[msgspec.Struct], values: Mapping[str, object]) -> dict[str, object]:
    """Return the values of a model's fields that differ from their defaults."""
    defaults = _defaults(model)
    return {
        name: value
        for name, value in values.items()
        if type(value) is not type(defaults[name]) or value != defaults[name]
    }


@cache
def _defaults(model: type[msgspec.Struct]) -> dict[str, object]:
    found: dict[str, object] = {}
    for field in msgspec.structs.fields(model):
        factory = cast("Callable[[], object] | object", field.default_factory)
        found[field.name] = factory() if callable(factory) else cast(object, field.default)
    return found


def rule_faults(
    given: Mapping[str, object],
    spelt: Callable[[str], str] = str,
    mistaken: Collection[str] = (),
) -> Iterator[tuple[str, str]]:
    """Yield the field and a sentence for each conflict within a rule.

    The field is "" for the whole rule. `given` holds the fields that differ from their defaults,
    each as read by its kind. `spelt` returns the name of a field as the user writes it, in a file
    or in Python. `mistaken` names fields whose value has already been reported as wrong.
    """
    on = cast("tuple[str, ...]", given["on"])
    for field in ("on", "but"):
        for word in cast("tuple[str, ...]", given.get(field, ())):
            if word not in EVENTS and word != "*" and word.upper() not in COMMANDS:
                near = get_close_matches(word.upper(), COMMANDS, 1)
                meant = f" Did you mean {near[0]}?" if near else ""
                yield field, (f"{visible_text(word)[:SHOWN]} is neither a command "
                              f"nor one of {', '.join(EVENTS)}.{meant}")  # fmt: skip
    if given.get("reply") and given.get("silent"):
        yield "silent", "A rule may have a reply or be silent, not both."
    if not {*given, *mistaken} & ACTIONS:
        yield "", f"The rule does nothing; it must have one of {', '.join(sorted(ACTIONS))}."
    if given.get("but") and "*" not in on:
        yield "but", 'but is allowed only with on = "*".'
    if "within" in given and not given.get("more_than"):
        yield "within", f"within requires {spelt('more_than')}, the count to exceed in that time."
    if given.get("octets") and on != ("text",):
        yield "octets", 'octets is allowed only with on = "text".'
    for field in ("reply", "also"):
        for line in cast("Sequence[str]", given.get(field, ())):
            unknown = [word for word in _PLACEHOLDER.findall(line) if word not in PLACEHOLDERS]
            if unknown:
                yield field, (f"{{{unknown[0]}}} is not a placeholder; use one of "
                              f"{', '.join(f'{{{word}}}' for word in PLACEHOLDERS)}.")  # fmt: skip
    if "text" in on and (given.get("reply") or given.get("carry_out")):
        yield "", 'A rule with on = "text" may only wait and close: no reply is due then.'


def got(value: object) -> str:
    """Return "got" and the invalid value, for the end of a sentence."""
    shown = visible_text(repr(value))
    return f"got {shown if len(shown) <= SHOWN else shown[: SHOWN - 1] + '…'}."
