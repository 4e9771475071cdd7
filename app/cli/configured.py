"""Merges the options of a command with the environment, the profile and the configuration file."""

from __future__ import annotations

from typing import Any

import msgspec

from ...session.net.dial_error import NOT_FOUND, DialError
from ...session.plural import plural
from ...session.target import Target
from ..config.model import Configuration, SecretReference
from ..config.reader import load
from ..config.servers import meant, resolved
from .options import ClientOptions

# Option -> key of a server; --no-verify and the secret are handled separately.
_KEYS = {
    "tls": "tls", "ca": "ca", "cert": "cert", "key": "key", "server_name": "server_name",
    "ehlo": "ehlo", "source": "source", "timeout": "timeout", "login": "user",
    "mechanism": "mechanism",
}  # fmt: skip


class ConfigurationError(ValueError):
    """Raised for a mistake in the configuration, with a sentence that contains FILE:LINE."""


def configuration() -> Configuration:
    """Read the configuration. Raises ConfigurationError if it contains a mistake."""
    found = load()
    if found.problems:
        rest = len(found.problems) - 1
        more = f" ({plural(rest, '{} more mistake', '{} more mistakes')}: heloscope config check)"
        raise ConfigurationError(found.problems[0].sentence + (more if rest else ""))
    return found


def configured(
    options: ClientOptions,
    text: str,
    *,
    login: bool = True,
    found: Configuration | None = None,
) -> tuple[Target, ClientOptions]:
    """Return the target named by `text`, a TARGET or @name, and the options for connecting to it.

    Options take precedence over the environment, the profile and the configuration file. `login` is
    true if the command logs in at all; `found` is the configuration if it has already been read. If
    the target is the practice server, it is started for the command and its certificate is trusted.
    Raises ConfigurationError, TargetError or OptionError, which are all ValueErrors.
    """
    found = found or configuration()
    given = _given(options)
    server = resolved(found, text, given)
    changed: dict[str, Any] = {
        option: value
        for option, key in _KEYS.items()
        if (value := getattr(server, key)) is not None and (login or option not in _LOGIN)
    }
    changed["no_verify"] = server.verify is False
    for name in ("ca", "cert", "key", "server_name"):
        changed.setdefault(name, "")
    if not (options.record or options.no_record):
        changed["no_record"] = not found.record
    if login and not (options.secret or options.secret_file):
        changed["reference"] = server.secret
    merged = msgspec.structs.replace(options, **changed)
    named = text.startswith("@") and "user" not in given
    if not merged.logs_in:  # a script may log in by itself, possibly in clear
        msgspec.structs.replace(merged, in_clear=False).check()
    else:
        merged.check(text if named else "")
    target = server.target
    if target.startswith("practice"):  # the other names need no more imports
        from .practice_target import is_practice, started

        if is_practice(target):
            merged = msgspec.structs.replace(merged, practice=target)
            target, ca = started(target, quiet=merged.quiet)
            if not (merged.ca or merged.no_verify):
                merged = msgspec.structs.replace(merged, ca=ca)
    return merged.target(target), merged


def profile_meant(error: BaseException, host: str) -> str:
    """Return the question "Did you mean @HOST?" if `host` was not found but is a profile's name.

    Return "" otherwise. `error` is the error of the attempt to connect.
    """
    if isinstance(error, DialError) and error.cause in NOT_FOUND:
        return meant(load(), host)
    return ""


_LOGIN = ("login", "mechanism")


def _given(options: ClientOptions) -> dict[str, Any]:
    """Return the options given on the command line, keyed as in a server profile."""
    names = options.given
    if names is None:  # options passed by a program: those that are not the default were given
        default = type(options)()
        names = {name for name in options.__struct_fields__
                 if getattr(options, name) != getattr(default, name)}  # fmt: skip
    given = {key: getattr(options, option) for option, key in _KEYS.items() if option in names}
    if "no_verify" in names:
        given["verify"] = not options.no_verify
    if options.secret:
        given["secret"] = SecretReference(env=options.secret)
    return given
