"""Reads settings from environment variables such as HELOSCOPE_TLS and HELOSCOPE_THEME."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

from ...session.target import without_password
from ...session.visible import visible_text
from .fields import CONNECTING, FLAG, SETTINGS, Field, WrongValue, checked
from .location import VARIABLE
from .model import Problem

_YES = ("1", "true", "yes", "on")
_NO = ("0", "false", "no", "off")
OTHERS = (VARIABLE, "HELOSCOPE_LOG_KEYS")  # variables that are not keys of the file
_PREFIX = "HELOSCOPE_"
_ALIKE = 0.65  # the least similarity of two names
_SHOWN = 60  # characters of a value


def read(
    environment: Mapping[str, str] = os.environ,
) -> tuple[dict[str, Any], dict[str, Any], list[Problem]]:
    """Return the settings, the connection settings and the problems from the environment variables.

    Only variables that are set and not empty count.
    """
    problems: list[Problem] = []
    settings = _values(SETTINGS, environment, problems)
    connecting = _values(CONNECTING, environment, problems)
    return settings, connecting, problems


def _values(
    fields: tuple[Field, ...], environment: Mapping[str, str], problems: list[Problem]
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field in fields:
        text = environment.get(field.variable, "")
        if not text:
            continue
        value: object = text
        if field.kind is FLAG and text.lower() in _YES + _NO:
            value = text.lower() in _YES
        try:
            got = visible_text(without_password(text))[:_SHOWN]
            found[field.name] = checked(field, value, strict=False, got=got)
        except WrongValue as wrong:
            problems.append(Problem(f"environment variable {field.variable}", str(wrong)))
    return found


def unknown(environment: Mapping[str, str] = os.environ) -> list[Problem]:
    """Return a problem for each variable that begins with HELOSCOPE_ but is not a setting."""
    return [problem for problem, _ in _unknown(environment)]


def mistyped(environment: Mapping[str, str] = os.environ) -> list[Problem]:
    """Return a problem for each unknown variable whose name is almost that of a setting.

    Other unknown variables are not reported, since they may belong to another program or contain
    the secret for a profile.
    """
    return [problem for problem, near in _unknown(environment) if near]


def _unknown(environment: Mapping[str, str]) -> Iterator[tuple[Problem, str]]:
    """Yield a problem for each unknown variable, with the most similar setting or ""."""
    ours = sorted(name for name in environment if name.startswith(_PREFIX))
    if not ours:
        return
    known = [*OTHERS, *(field.variable for field in (*SETTINGS, *CONNECTING))]
    for name in ours:
        if name in known:
            continue
        from difflib import get_close_matches

        endings = [each.removeprefix(_PREFIX) for each in known]  # all begin alike
        near = next(iter(get_close_matches(name.removeprefix(_PREFIX), endings, 1, _ALIKE)), "")
        meant = f" Did you mean {_PREFIX}{near}?" if near else ""
        place = f"environment variable {visible_text(name)[:_SHOWN]}"
        yield Problem(place, f"heloscope has no such setting.{meant}"), near
