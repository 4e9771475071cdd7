"""The state diagram: its boxes and arrows, and the description of each state.

The arrows are those of `session/protocol/state_graph.py`; only the positions of the boxes are
decided here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ...session.protocol.state_graph import (
    END,
    FAILED,
    GREETING,
    HANDSHAKE,
    NOT_OFFERED,
    OUT_OF_ORDER,
    TRANSITIONS,
    Circumstances,
    Transition,
    Way,
    way,
    ways,
)
from ...session.protocol.state_trail import StateTrail, Visit
from ...session.protocol.states import MOVES, State
from ...session.verbs import AUTH_RESPONSE, END_OF_DATA
from ...session.visible import visible_text
from ...widgets.panels.graph_layout import Arrow, Graph, Node
from ...widgets.panels.state_diagram import StateWords
from .states import USUAL_VERBS, meaning_of

MOST_VISITS = 12  # steps on the way here that are listed

# Row and column of each state: a delivery runs along the top row.
PLACES: dict[State, tuple[int, int]] = {
    State.CONNECTED: (0, 0),
    State.GREETED: (0, 1),
    State.READY: (0, 2),
    State.MAIL: (0, 3),
    State.RCPT: (0, 4),
    State.DATA: (0, 5),
    State.REFUSED: (1, 0),
    State.TLS: (1, 1),
    State.AUTH: (1, 3),
    State.BDAT: (1, 4),
    State.CLOSING: (2, 0),
    State.CLOSED: (2, 1),
    State.TURNED: (2, 2),
    State.BDAT_FAILED: (2, 4),
}

# The order in which the verbs of an arrow are named: the first ones have room.
_NAMED = ("MAIL", "RCPT", "DATA", "BDAT", "RSET", "AUTH", "STARTTLS", "ATRN", "QUIT")
_NOT_COMMANDS = {GREETING: "greeting", HANDSHAKE: "TLS", END: "end", AUTH_RESPONSE: "response"}
_ALWAYS = frozenset((GREETING, HANDSHAKE, AUTH_RESPONSE, *USUAL_VERBS))
_LMTP_ONLY, _SMTP_ONLY = frozenset(("LHLO",)), frozenset(("EHLO", "HELO"))
_RULES = {GREETING: "the greeting", HANDSHAKE: "the handshake", END: "the end of the connection"}

# States in which the client sends no command but a message, a response, a handshake or replies.
_NO_COMMANDS = (State.DATA, State.AUTH, State.TLS, State.TURNED, State.CLOSED)


def graph_of(present: State, known: Circumstances, trail: StateTrail | None) -> Graph:
    """Return the boxes and arrows for a conversation in the state `present`."""
    visited = {visit.state for visit in trail.visits} if trail is not None else set[State]()
    taken = trail.taken if trail is not None else set[tuple[State, State]]()
    arrows: list[Arrow] = []
    reachable = {State.CONNECTED, present, *visited}
    for (source, target), found in _grouped(known).items():
        refused = all(_refused(one, known) for one in found)
        tone = "taken" if (source, target) in taken else "refused" if refused else ""
        if not refused:
            reachable.add(target)
        arrows.append(Arrow(source.value, target.value, _label(found), tone))
    return Graph(
        tuple(
            Node(
                state.value,
                *PLACES[state],
                "visited" if state in visited else "" if state in reachable else "apart",
            )
            for state in PLACES
        ),
        tuple(arrows),
    )


def _grouped(known: Circumstances) -> dict[tuple[State, State], list[Transition]]:
    """Return the transitions that are drawn, keyed by the two states that they join.

    Rare commands that the server does not offer are omitted. The end of the connection, which may
    come in any state, is drawn only from the state in which it is announced.
    """
    found: dict[tuple[State, State], list[Transition]] = {}
    for one in TRANSITIONS:
        if one.verb in (_SMTP_ONLY if known.lmtp else _LMTP_ONLY):
            continue
        if one.verb == END and one.source is not State.CLOSING:
            continue
        if one.verb in _ALWAYS or one.verb in ("ATRN", END) or one.verb in (known.offered or ()):
            found.setdefault((one.source, one.target), []).append(one)
    return found


def _refused(one: Transition, known: Circumstances) -> bool:
    if one.verb in _NOT_COMMANDS:
        return False
    return bool(way(one.source, one.verb, known).refusal)


def _label(found: Sequence[Transition]) -> str:
    """Return the label of an arrow: its verbs, or the class of the reply if only that matters."""
    if all(one.reply == FAILED for one in found):
        return FAILED
    if found[0].verb == GREETING:
        return found[0].reply
    verbs = [_NOT_COMMANDS.get(one.verb, one.verb) for one in found]
    return " ".join(dict.fromkeys(sorted(verbs, key=_place)))


# Words


def words_of(
    state: State, present: State, known: Circumstances, trail: StateTrail | None
) -> StateWords:
    """Describe a state: what it means, where it leads, and what the server would refuse in it."""
    meaning = meaning_of(state, lmtp=known.lmtp)
    found = ways(state, _verbs_for(known), known)
    allowed = [one for one in found if not one.refusal]
    paragraphs = [
        ("leads on", _led(state, allowed)),
        ("if refused", _led_if_refused(state, allowed)),
        ("no change", _listed(_shown(one.verb) for one in allowed if not one.leads)),
        *(_refusals(found) if state not in _NO_COMMANDS else ()),
    ]
    if trail is not None and len(trail.visits) > 1:
        paragraphs.append(("so far", _path_text([*trail.visits])))
    paragraphs.append(("arrows", "bold: taken so far   dim: this server would refuse it"))
    return StateWords(
        f"▶ {state.value}" if state is present else state.value,
        meaning.text,
        tuple(each for each in paragraphs if each[1]),
        meaning.source,
    )


def _verbs_for(known: Circumstances) -> list[str]:
    """Return the verbs to describe: the usual ones, and others that the server offers."""
    offered = known.offered or ()
    more = [verb for _, verb in MOVES if verb in offered]
    return sorted(dict.fromkeys([*USUAL_VERBS, AUTH_RESPONSE, *more]), key=_place)


def _place(verb: str) -> int:
    return _NAMED.index(verb) if verb in _NAMED else len(_NAMED)


def _shown(verb: str) -> str:
    return {END_OF_DATA: '"."', AUTH_RESPONSE: "response"}.get(verb, verb)


def _listed(words: Iterable[str]) -> str:
    """Join items into one line of text that can wrap only between items."""
    return "   ".join(word.replace(" ", "\N{NO-BREAK SPACE}") for word in words)


def _led(state: State, found: Sequence[Way]) -> str:
    """List the commands and other events that lead to another state, grouped by that state."""
    by_target: dict[State, list[str]] = {}
    for one in found:
        for reply, target in one.leads:
            if reply != FAILED:
                by_target.setdefault(target, []).append(_shown(one.verb))
    for one in TRANSITIONS:
        if one.source is not state or one.reply == FAILED or one.verb not in _RULES:
            continue
        if one.verb != END or not by_target:  # the end may come in any state
            by_target.setdefault(one.target, []).append(_RULES[one.verb])
    return _listed(f"{', '.join(verbs)} → {target.value}" for target, verbs in by_target.items())


def _led_if_refused(state: State, found: Sequence[Way]) -> str:
    """List the commands that lead to another state if they are refused (4yz or 5yz)."""
    by_target: dict[State, list[str]] = {}
    for one in found:
        for reply, target in one.leads:
            if reply == FAILED:
                by_target.setdefault(target, []).append(_shown(one.verb))
    for one in TRANSITIONS:
        if one.source is state and one.reply == FAILED and one.verb == GREETING:
            by_target.setdefault(one.target, []).append(_RULES[one.verb])
    return _listed(f"{', '.join(verbs)} → {target.value}" for target, verbs in by_target.items())


def _refusals(found: Sequence[Way]) -> list[tuple[str, str]]:
    """Return the commands that this server would refuse, grouped by the reason."""
    reasons: dict[str, list[str]] = {}
    for one in found:
        if one.refusal and one.verb != AUTH_RESPONSE:
            reasons.setdefault(one.refusal, []).append(_shown(one.verb))
    said = [(NOT_OFFERED, _listed(reasons.pop(NOT_OFFERED, ())))]
    last = (OUT_OF_ORDER, _listed(reasons.pop(OUT_OF_ORDER, ())))
    refused = [f"{', '.join(verbs)} ({reason})" for reason, verbs in reasons.items()]
    return [*said, ("refused", _listed(refused)), last]


def _path_text(visits: Sequence[Visit]) -> str:
    parts = ["…"] if len(visits) > MOST_VISITS else []
    for number, visit in enumerate(visits[-MOST_VISITS:]):
        if visit.verb or number:
            verb = visible_text(_NOT_COMMANDS.get(visit.verb, visit.verb))[:20]
            code = str(visit.code) if visit.code > 0 else ""
            by = " ".join(filter(None, (verb, code))).replace(" ", "\N{NO-BREAK SPACE}")
            parts.append(f"─{by}→\N{NO-BREAK SPACE}{visit.state.value}")
        else:
            parts.append(visit.state.value)
    return " ".join(parts)
