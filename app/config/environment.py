"""What environment variables say: HELOSCOPE_TLS, HELOSCOPE_THEME and the others of the table."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from ...session.target import without_password
from ...session.visible import visible_text
from .fields import CONNECTING, FLAG, SETTINGS, Field, WrongValue, checked
from .location import VARIABLE
from .model import Problem

_YES = ("1", "true", "yes", "on")
_NO = ("0", "false", "no", "off")
OTHERS = (VARIABLE, "HELOSCOPE_LOG_KEYS")  # variables that are no key of the file
_SHOWN = 60  # characters of a value


def read(
    environment: Mapping[str, str] = os.environ,
) -> tuple[dict[str, Any], dict[str, Any], list[Problem]]:
    """(settings, how to connect, problems), of the variables that are set and not empty."""
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
    """The variables that begin with HELOSCOPE_ and mean nothing."""
    known = [*OTHERS, *(field.variable for field in (*SETTINGS, *CONNECTING))]
    found: list[Problem] = []
    for name in sorted(environment):
        if name.startswith("HELOSCOPE_") and name not in known:
            from difflib import get_close_matches

            near = get_close_matches(name, known, 1)
            meant = f" Did you mean {near[0]}?" if near else ""
            place = f"environment variable {visible_text(name)[:_SHOWN]}"
            found.append(Problem(place, f"heloscope has no such setting.{meant}"))
    return found
