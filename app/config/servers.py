"""Resolves `@name` as a TARGET, and merges all settings that say how to connect.

The order of precedence is option, environment, profile, file, default. A value also removes the
values of lower precedence that contradict it: `--tls none` removes the profile's `ca`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from ...session.target import TargetError
from ...session.visible import visible_text
from .model import Configuration, Connecting, Server

MARK = "@"


def is_name(target: str) -> bool:
    """Return whether a TARGET is the name of a profile."""
    return target.startswith(MARK)


def server_of(found: Configuration, target: str) -> Server:
    """Return the profile called @name. Raises TargetError with a sentence that suggests a name."""
    server = found.servers.get(target.removeprefix(MARK))
    if server is None:
        raise TargetError(unknown_server(found, target))
    return server


def unknown_server(found: Configuration, target: str) -> str:
    """Return a sentence that says that a profile does not exist or contains a mistake."""
    name = target.removeprefix(MARK)
    file = visible_text(found.place)
    shown = visible_text(name)[:40]
    if not found.servers and not found.problems:
        return f"Unknown server @{shown}: {file} has no profile [servers.{shown}]."
    if found.problems:
        return f"Unknown server @{shown}. {found.problems[0].sentence}"
    from difflib import get_close_matches

    near = get_close_matches(name, found.servers, 1)
    meant = f"Did you mean @{near[0]}?" if near else _all(found.servers)
    return f"Unknown server @{shown}: {file} has no such profile. {meant}"


def meant(found: Configuration, host: str) -> str:
    """Return the question "Did you mean @HOST?", or "" if no profile is named `host`.

    The question is asked when no host of this name is found.
    """
    return f"Did you mean @{visible_text(host)}?" if host in found.servers else ""


def _all(servers: Iterable[str]) -> str:
    names = [f"@{name}" for name in servers]
    more = f" and {len(names) - 10} more" if len(names) > 10 else ""
    return f"The profiles are {', '.join(names[:10])}{more}."


# Values -> names of keys of lower precedence that they remove.
_OVERRIDES: Mapping[str, tuple[str, ...]] = {
    "ca": ("verify",),
    "verify": ("ca",),
    "cert": ("key",),
    "user": ("mechanism", "secret"),
}
_ABOUT_TLS = ("ca", "cert", "key", "server_name", "verify")


def merged(layers: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Merge the layers into one value for each key, taken from the first layer that has the key.

    The keys are those of a server profile. A value also removes the values of later layers that
    contradict it: `user` removes `secret`, unless the later layer has the same `user`.
    """
    found: dict[str, Any] = {}
    for layer in layers:
        removed = {
            gone
            for name, value in found.items()
            for gone in _overridden(name, value)
            if layer.get(name) != value
        }
        for name, value in layer.items():
            if name not in found and name not in removed:
                found[name] = value
    return found


def _overridden(name: str, value: object) -> tuple[str, ...]:
    if name == "tls" and value == "none":
        return _ABOUT_TLS
    if (name == "verify" and value) or (name == "ca" and not value):
        return ()
    return _OVERRIDES.get(name, ())


def layer_of(values: Connecting) -> dict[str, Any]:
    """Return the values that are set, by key. "" counts as set, since it selects the default."""
    given = {name: getattr(values, name) for name in values.__struct_fields__}
    return {name: value for name, value in given.items() if value is not None}


def resolved(found: Configuration, target: str, options: Mapping[str, Any]) -> Server:
    """Return how to connect to a TARGET, which may be @name. The options take precedence.

    Raises TargetError if there is no such profile.
    """
    layers: list[Mapping[str, Any]] = [options, layer_of(found.environment)]
    if is_name(target):
        server = server_of(found, target)
        layers.append(layer_of(server))
        target = server.target
    layers.append(layer_of(found.connect))
    values = merged(layers)
    values["target"] = target
    return msgspec.convert(values, Server)
