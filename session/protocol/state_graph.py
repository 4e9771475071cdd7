"""The state table as a graph: every transition, and the effect of each command in a state.

Everything is computed from `states.py`, so that a diagram of the states cannot differ from the
conversation. The other conditions for a command (the server's extensions, TLS, login) are passed as
`Circumstances`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from ..facts.commands import COMMANDS
from .states import (
    AFTER_DISCONNECT,
    MOVES,
    Move,
    State,
    after_greeting,
    after_tls,
    move,
    not_now,
)

if TYPE_CHECKING:
    from .conversation import Conversation

GREETING = "(greeting)"
HANDSHAKE = "(TLS)"
END = "(end)"
"""The causes of transitions without a command: greeting, TLS handshake, end of connection."""

DONE, MORE, FAILED = "2yz", "3yz", "4yz 5yz"
"""The reply classes that a transition may depend on."""


class Transition(NamedTuple):
    """One arrow of the graph. `reply` is a reply class, or "" if no reply causes the transition."""

    source: State
    target: State
    verb: str
    reply: str = ""


def targets(found: Move) -> list[tuple[str, State]]:
    """Return the states that a move leads to, each with the class of reply that leads to it.

    A reply class that does not change the state is omitted.
    """
    moves = ((DONE, found.done), (MORE, found.more), (FAILED, found.failed))
    return [(reply, target) for reply, target in moves if target is not None]


def _all_transitions() -> tuple[Transition, ...]:
    found = [
        Transition(state, target, verb, reply)
        for (state, verb), allowed in MOVES.items()
        for reply, target in targets(allowed)
        if target is not state
    ]
    for code, reply in ((220, DONE), (554, FAILED)):
        target = after_greeting(State.CONNECTED, code)
        found.append(Transition(State.CONNECTED, target, GREETING, reply))
    found.append(Transition(State.TLS, after_tls(State.TLS, greeted=True), HANDSHAKE))
    found += [
        Transition(state, AFTER_DISCONNECT, END) for state in State if state is not AFTER_DISCONNECT
    ]
    return tuple(found)


TRANSITIONS = _all_transitions()
"""Every transition between two different states, in the order of the table."""


class Circumstances(NamedTuple):
    """The conditions, other than its state, that decide which commands a conversation allows.

    `offered` holds the keywords in the reply to the last greeting, or is None before any greeting.
    `rejected` maps each verb that this server has reported as unsupported to the code of that
    reply.
    """

    offered: Collection[str] | None = None
    tls: bool = False
    authenticated: bool = False
    greeted_with: str = ""
    lmtp: bool = False
    binary: bool = False
    rejected: Mapping[str, int] = MappingProxyType({})


def circumstances_of(
    conversation: Conversation, *, lmtp: bool, rejected: Mapping[str, int]
) -> Circumstances:
    """Return the current circumstances of a conversation."""
    return Circumstances(
        conversation.offered,
        conversation.tls,
        conversation.authenticated,
        conversation.greeted_with,
        lmtp,
        "BODY=BINARYMIME" in conversation.declared,
        rejected,
    )


OUT_OF_ORDER = "out of order"
NOT_OFFERED = "not offered"


class Way(NamedTuple):
    """The effect of a command in a state: where it leads, or why the server would refuse it."""

    verb: str
    leads: tuple[tuple[str, State], ...] = ()
    refusal: str = ""
    """OUT_OF_ORDER, NOT_OFFERED or another short reason; "" if the server would not refuse it."""


def way(state: State, verb: str, known: Circumstances) -> Way:
    """Return the effect of `verb` in `state`."""
    found = move(state, verb)
    if found is None:
        return Way(verb, refusal=OUT_OF_ORDER)
    leads = tuple((reply, to) for reply, to in targets(found) if to is not state)
    reason = not_now(
        verb,
        tls=known.tls,
        authenticated=known.authenticated,
        greeted_with=known.greeted_with,
        binary=known.binary,
    )
    return Way(verb, leads, reason or _unsupported(verb, known))


def _unsupported(verb: str, known: Circumstances) -> str:
    base = verb.partition(" ")[0]
    code = known.rejected.get(base)
    if code is not None:
        return f"answered {code} before"
    command = COMMANDS.get(base)
    keyword = command.keyword if command is not None else ""
    # EXPN works on many servers that do not list it, as RFC 5321 section 3.5.2 requires.
    if keyword and base != "EXPN" and known.offered is not None and keyword not in known.offered:
        return NOT_OFFERED
    return ""


def ways(state: State, verbs: Iterable[str], known: Circumstances) -> list[Way]:
    """Return the effect of each of `verbs` in `state`, omitting the other protocol's greetings."""
    other = {"EHLO", "HELO"} if known.lmtp else {"LHLO"}
    return [way(state, verb, known) for verb in verbs if verb not in other]
