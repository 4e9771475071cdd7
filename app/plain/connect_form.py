"""Asks line by line for the details of a connection other than its target."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from msgspec.structs import replace

from ...session.secret import Secret
from ..connect.profile import (
    IMPLICIT,
    NONE,
    POLICIES,
    Profile,
    hello_problem,
    source_problem,
    tls_problems,
)
from ..dialogs.requests import Answer

MORE = "more"
"""The answer that leads to further questions, when the EHLO name is asked for."""


class AskLine(Protocol):
    """A function that asks for a line. If `hidden` is true, the line is not shown."""

    async def __call__(self, what: str, *, hidden: bool = False) -> str: ...


async def ask_rest(
    profile: Profile,
    choose: Callable[[str, str, Sequence[Answer]], Awaitable[str]],
    line: AskLine,
    learn: Callable[[Secret], object],
) -> tuple[Profile, Secret | None]:
    """Ask for the TLS policy, the EHLO name, and further details if the user wants to give them.

    `choose` and `line` ask single questions. `learn` is called with the password of the private
    key. Return the completed profile, and this password or None.
    """
    named = [name for name in POLICIES if name != IMPLICIT or "://" not in profile.target]
    named.sort(key=lambda name: name == NONE)  # it comes last: an empty line chooses it
    answers = [Answer(name, name, POLICIES[name].words) for name in named]
    profile = replace(profile, policy=await choose("TLS", "When does it start?", answers))
    name = "the EHLO name; an empty line for this machine's name"
    hello = await line(f"{name}; {MORE} to be asked for certificates and the source address, too")
    if hello.casefold() != MORE:
        return replace(profile, hello=hello), None
    profile = replace(
        profile,
        hello=await line(name),
        ca_file=await line("trusted CAs (PEM file); an empty line for this system's CAs"),
        certfile=await line("client certificate (PEM file); an empty line for none"),
    )
    password: Secret | None = None
    if profile.certfile:
        keyfile = await line("its private key (PEM file); an empty line if it is in the same file")
        typed = await line(
            "the key's password, not shown; an empty line if it has none", hidden=True
        )
        if typed:
            password = Secret(typed.encode("utf-8", "surrogateescape"))
            learn(password)
        profile = replace(profile, keyfile=keyfile)
    source = await line("local address to connect from; an empty line for any")
    return replace(profile, source=source), password


def problems_of(profile: Profile, password: Secret | None) -> list[str]:
    """Return the problems with the answers, as sentences."""
    found = [
        *tls_problems(profile, password).values(),
        hello_problem(profile.hello),
        source_problem(profile.source, profile.target),
    ]
    return [problem for problem in found if problem]
