"""Chooses which of the server's SASL mechanisms to try, and gives the reason for each choice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..facts.mechanisms import MECHANISMS, TOKEN_MECHANISMS

PASSWORD_MECHANISMS = ("SCRAM-SHA-256", "SCRAM-SHA-1", "CRAM-MD5", "PLAIN", "LOGIN")
_SPOKEN_WITH_TOKEN = ("OAUTHBEARER", "XOAUTH2")
STRONGEST_FIRST = (*PASSWORD_MECHANISMS, *_SPOKEN_WITH_TOKEN, "EXTERNAL")
"""The mechanisms tried by default. ANONYMOUS is not tried, because it does not authenticate."""
SPOKEN = (*STRONGEST_FIRST, "ANONYMOUS")
"""Every mechanism that `mechanisms.responder` implements."""


class MechanismChoice(NamedTuple):
    """The verdict on an offered mechanism: whether it is `tried`, and `why` or why not.

    `mechanism` is its name in upper case.
    """

    mechanism: str
    tried: bool
    why: str


def choose(
    offered: Sequence[str],
    *,
    encrypted: bool,
    in_clear_allowed: bool = False,
    password: bool = True,
    token: bool | None = None,
    certificate: bool = False,
    named: Sequence[str] = (),
    accepted: bool = False,
) -> list[MechanismChoice]:
    """Return the verdict on every offered mechanism. Those to try come first, strongest first.

    `password`, `token` and `certificate` say which credentials are available. If `token` is None,
    the secret counts as a token if no mechanism that uses a password is offered. If mechanisms are
    `named`, only these are tried, in the given order, whatever the credentials. Without TLS, a
    mechanism that sends the secret itself is tried only if `in_clear_allowed` is true. The same
    applies over TLS if the certificate failed verification and was `accepted`. Naming a mechanism
    does not lift this restriction.
    """
    wanted = tuple(dict.fromkeys(name.upper() for name in named))
    if token is None:
        token = not any(name.upper() in PASSWORD_MECHANISMS for name in offered)
    to_log_in_with = {
        **dict.fromkeys(PASSWORD_MECHANISMS, (password, "a password")),
        **dict.fromkeys(TOKEN_MECHANISMS, (token, "a token")),
        "EXTERNAL": (certificate, "a TLS client certificate"),
    }

    def verdict(name: str) -> MechanismChoice:
        fact = MECHANISMS.get(name)
        if name not in SPOKEN:
            return MechanismChoice(
                name, False, _NOT_SPOKEN if fact is not None else "unknown mechanism"
            )
        assert fact is not None
        if wanted and name not in wanted:
            return MechanismChoice(name, False, f"{' or '.join(wanted)} was requested")
        if not wanted:
            if name not in to_log_in_with:
                return MechanismChoice(name, False, "does not authenticate; tried only if named")
            there, what = to_log_in_with[name]
            if not there:
                return MechanismChoice(name, False, f"needs {what}, which is not available")
        if (not encrypted or accepted) and fact.readable:
            if not in_clear_allowed:
                to = _KEY_HOLDER if encrypted else f"{_EAVESDROPPER}: use TLS first"
                return MechanismChoice(name, False, f"would expose the {_shown(name)} to {to}")
            to = _KEY_HOLDER if encrypted else _EAVESDROPPER
            return MechanismChoice(name, True, f"exposes the {_shown(name)} to {to}, as allowed")
        why = f"strength: {fact.strength}"
        if not encrypted and name in PASSWORD_MECHANISMS:
            why += "; without TLS, an eavesdropper can mount an offline guessing attack"
        return MechanismChoice(name, True, why)

    order = wanted or STRONGEST_FIRST
    verdicts = [verdict(name) for name in dict.fromkeys(name.upper() for name in offered)]
    tried = sorted(
        (choice for choice in verdicts if choice.tried),
        key=lambda choice: order.index(choice.mechanism),
    )
    return tried + [choice for choice in verdicts if not choice.tried]


_NOT_SPOKEN = "heloscope does not implement it; you can type the responses"
_EAVESDROPPER = "anyone on the network path"
_KEY_HOLDER = "the holder of this server's key"


def _shown(name: str) -> str:
    return "token" if name in TOKEN_MECHANISMS else "password"
