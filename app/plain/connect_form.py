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
"""The answer to the question about the HELO name that leads to the other questions."""


class AskLine(Protocol):
    """Asks for a line, which is not shown if it is `hidden`."""

    async def __call__(self, what: str, *, hidden: bool = False) -> str: ...


async def ask_rest(
    profile: Profile,
    choose: Callable[[str, str, Sequence[Answer]], Awaitable[str]],
    line: AskLine,
    learn: Callable[[Secret], object],
) -> tuple[Profile, Secret | None]:
    """Return the profile completed with TLS policy, HELO name and so on, and the key's password."""
    named = [name for name in POLICIES if name != IMPLICIT or "://" not in profile.target]
    named.sort(key=lambda name: name == NONE)  # it comes last: an empty line chooses it
    answers = [Answer(name, name, POLICIES[name].words) for name in named]
    profile = replace(profile, policy=await choose("TLS", "When does it begin?", answers))
    name = "the name for EHLO; an empty line for the name of this machine"
    hello = await line(f"{name}; {MORE} asks for certificates and the source address, too")
    if hello.casefold() != MORE:
        return replace(profile, hello=hello), None
    profile = replace(
        profile,
        hello=await line(name),
        ca_file=await line("trusted CAs, a PEM file; an empty line for those of this system"),
        certfile=await line("client certificate, a PEM file; an empty line for none"),
    )
    password: Secret | None = None
    if profile.certfile:
        keyfile = await line("its key, a PEM file; an empty line if it is in the same file")
        typed = await line(
            "the password of the key, not shown; an empty line for none", hidden=True
        )
        if typed:
            password = Secret(typed.encode("utf-8", "surrogateescape"))
            learn(password)
        profile = replace(profile, keyfile=keyfile)
    source = await line("address of this machine to connect from; an empty line for any")
    return replace(profile, source=source), password


def problems_of(profile: Profile, password: Secret | None) -> list[str]:
    """The problems of the answers, as sentences."""
    found = [
        *tls_problems(profile, password).values(),
        hello_problem(profile.hello),
        source_problem(profile.source, profile.target),
    ]
    return [problem for problem in found if problem]
