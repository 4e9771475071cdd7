"""Which of the mechanisms that a server offers is tried, in what order, and why not the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..facts.mechanisms import MECHANISMS

PASSWORD_MECHANISMS = ("SCRAM-SHA-256", "SCRAM-SHA-1", "CRAM-MD5", "PLAIN", "LOGIN")
TOKEN_MECHANISMS = ("OAUTHBEARER", "XOAUTH2")
STRONGEST_FIRST = (*PASSWORD_MECHANISMS, *TOKEN_MECHANISMS, "EXTERNAL")
"""ANONYMOUS is not among them: it is no login, and tried only when it is named."""
SPOKEN = (*STRONGEST_FIRST, "ANONYMOUS")
"""All that `sasl.responder` knows."""


class MechanismChoice(NamedTuple):
    """`mechanism` in upper case, as the server named it; `why` it would be tried, or not."""

    mechanism: str
    tried: bool
    why: str


def choose(
    offered: Sequence[str],
    *,
    encrypted: bool,
    in_clear_allowed: bool = False,
    password: bool = True,
    token: bool = False,
    certificate: bool = False,
    named: Sequence[str] = (),
    accepted: bool = False,
) -> list[MechanismChoice]:
    """Every mechanism offered, once: those to try, the strongest first, then the others.

    `password`, `token`, `certificate`: what there is to log in with. `named`: the mechanisms
    that somebody asked for; then no other is tried, and these in the order given, whatever there
    is to log in with. A mechanism that gives the secret away is not tried in clear unless
    `in_clear_allowed`, named or not; nor inside TLS where the certificate failed its check and
    was `accepted` all the same.
    """
    wanted = tuple(dict.fromkeys(name.upper() for name in named))
    to_log_in_with = {
        **dict.fromkeys(PASSWORD_MECHANISMS, (password, "a password")),
        **dict.fromkeys(TOKEN_MECHANISMS, (token, "a token")),
        "EXTERNAL": (certificate, "a client certificate, shown when TLS begins"),
    }

    def verdict(name: str) -> MechanismChoice:
        fact = MECHANISMS.get(name)
        if name not in SPOKEN:
            return MechanismChoice(
                name, False, _NOT_SPOKEN if fact is not None else "not known here"
            )
        assert fact is not None
        if wanted and name not in wanted:
            return MechanismChoice(name, False, f"{' or '.join(wanted)} was asked for")
        if not wanted:
            if name not in to_log_in_with:
                return MechanismChoice(name, False, "no login: only when it is asked for by name")
            there, what = to_log_in_with[name]
            if not there:
                return MechanismChoice(name, False, f"needs {what}, and there is none")
        if (not encrypted or accepted) and fact.readable:
            if not in_clear_allowed:
                to = "whoever has this server's key" if encrypted else "whoever listens: TLS first"
                return MechanismChoice(name, False, f"would show the {_shown(name)} to {to}")
            to = "whoever has this server's key" if encrypted else "whoever listens, without TLS"
            return MechanismChoice(name, True, f"shows the {_shown(name)} to {to}: allowed")
        why = f"strength: {fact.strength}"
        if not encrypted and name in PASSWORD_MECHANISMS:
            why += "; without TLS a listener can try out passwords at home"
        return MechanismChoice(name, True, why)

    order = wanted or STRONGEST_FIRST
    verdicts = [verdict(name) for name in dict.fromkeys(name.upper() for name in offered)]
    tried = sorted(
        (choice for choice in verdicts if choice.tried),
        key=lambda choice: order.index(choice.mechanism),
    )
    return tried + [choice for choice in verdicts if not choice.tried]


_NOT_SPOKEN = "heloscope does not speak it; it can be answered by hand"


def _shown(name: str) -> str:
    return "token" if name in TOKEN_MECHANISMS else "password"
