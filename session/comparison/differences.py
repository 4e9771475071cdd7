"""Finds the differences between two conversations: `compare` aligns and describes them.

Extensions are compared as a list rather than as text. Texts are compared without their volatile
parts (volatile.py), unless the comparison is exact. Parts that a log does not show do not count as
differences.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import NamedTuple

import msgspec

from ..events import CLOSED_BY_A_SIDE, Cause, Connected, Disconnected, TlsFailed, TlsStarted
from ..facts.explain.situation import GREETING
from ..protocol.dialogue import CLOSED, CONNECTED, HANDSHAKE, UNASKED, Turn, TurnReply
from ..protocol.ehlo_keywords import difference, parse_keywords
from ..verbs import AUTH_RESPONSE, AUTH_VERBS, END_OF_DATA, GREETINGS, verb_of
from ..visible import visible, visible_text
from .alignment import Key, align
from .volatile import steady

MOST = 20_000  # turns of a conversation that are compared
KINDS = {
    "command": "command",
    "code": "code",
    "enhanced": "enhanced code",
    "text": "text",
    "extension": "extension",
    "tls": "TLS",
    "message": "message",
    "end": "end of the connection",
    "time": "time",
}
"""The kinds of differences, with their names."""
PROBE_VERBS = frozenset((GREETING, *GREETINGS, "STARTTLS", HANDSHAKE))
"""The verbs of the turns that a delivery and a probe have in common."""
_ORDERLY = (*CLOSED_BY_A_SIDE, Cause.NOT_TOLD)


class Difference(NamedTuple):
    """One difference: its kind (a key of KINDS), and both sides, safe to show.

    A side is "" if it lacks what the other side has. `name` is the item that differs, such as the
    keyword of an extension, or "".
    """

    kind: str
    name: str
    left: str
    right: str


class ComparedRow(NamedTuple):
    """Two turns with the same command, or a turn that only one conversation has.

    `unseen` is true if the other conversation must have had the turn too, but its log omits it.
    """

    left: Turn | None
    right: Turn | None
    differences: tuple[Difference, ...]
    unseen: bool = False

    @property
    def turn(self) -> Turn:
        """The turn of either side, for the properties that both sides have in common."""
        turn = self.left if self.left is not None else self.right
        assert turn is not None
        return turn


class Manner(NamedTuple):
    """The options of a comparison.

    If `exact` is true, volatile parts and messages are compared too. If `times` is given, replies
    whose delays differ by more than `times` seconds are differences. `only` holds the verbs that
    are compared, or is None for all. If `logins` is true, a login is compared by its last reply,
    whatever the mechanism.
    """

    exact: bool = False
    times: float | None = None
    only: Container[str] | None = None
    logins: bool = False


USUAL = Manner()


def compare(
    left: Sequence[Turn], right: Sequence[Turn], manner: Manner = USUAL
) -> list[ComparedRow]:
    """Return all turns of both conversations, aligned, with their differences. Never raises."""
    mine, theirs = _compared(left, manner), _compared(right, manner)
    rows: list[ComparedRow] = []
    greeted = _holds_greeting(left), _holds_greeting(right)
    for one, other in align([_key(turn) for turn in mine], [_key(turn) for turn in theirs]):
        a = None if one is None else mine[one]
        b = None if other is None else theirs[other]
        turn = b if a is None else a if b is None else None
        if turn is not None and turn.verb == GREETING and not greeted[b is None]:
            rows.append(ComparedRow(a, b, (), unseen=True))
        else:
            rows.append(ComparedRow(a, b, tuple(_differences(a, b, manner))))
    return rows


def _holds_greeting(turns: Sequence[Turn]) -> bool:
    """Return whether the turns include the server's greeting, or no command was answered."""
    seen = any(turn.verb == GREETING for turn in turns)
    return seen or not any(turn.line and turn.replies for turn in turns)


def _compared(turns: Sequence[Turn], manner: Manner) -> list[Turn]:
    """Return the turns to compare. Connecting and an orderly end are omitted."""
    found: list[Turn] = []
    for turn in _by_result(turns[:MOST]) if manner.logins else turns[:MOST]:
        event = turn.event
        if turn.verb == CONNECTED or (manner.only is not None and turn.verb not in manner.only):
            continue
        if isinstance(event, Disconnected) and event.cause in _ORDERLY:
            continue
        found.append(turn)
    return found


def _by_result(turns: Sequence[Turn]) -> list[Turn]:
    """Return the turns with each login reduced to one turn: AUTH and the last reply."""
    found: list[Turn] = []
    for turn in turns:
        if turn.verb in AUTH_VERBS:
            found.append(msgspec.structs.replace(turn, verb="AUTH", line=b"AUTH"))
        elif turn.verb == AUTH_RESPONSE and found and found[-1].verb == "AUTH":
            found[-1] = msgspec.structs.replace(found[-1], replies=turn.replies)
        else:
            found.append(turn)
    return found


def _key(turn: Turn) -> Key:
    return Key(turn.verb, _command(turn, exact=False))


def _command(turn: Turn, *, exact: bool) -> str:
    """Return a command line for comparison, without the client's name unless `exact` is true."""
    if turn.verb == AUTH_RESPONSE:
        return ""
    text = visible(turn.line)
    if not exact and turn.verb in GREETINGS:
        return verb_of(turn.line)
    return text if exact else " ".join(text.split()).casefold()


def _differences(one: Turn | None, other: Turn | None, manner: Manner) -> Iterator[Difference]:
    if one is None or other is None:
        turn = one if one is not None else other
        assert turn is not None
        told = turn_in_words(turn)
        kind = {HANDSHAKE: "tls", CLOSED: "end"}.get(turn.verb, "command")
        yield Difference(kind, "", told if one else "", told if other else "")
        return
    exact = manner.exact
    if _command(one, exact=exact) != _command(other, exact=exact):
        yield Difference("command", "", visible(one.line), visible(other.line))
    if one.event is not None and other.event is not None:
        yield from _of_events(one, other)
    yield from _of_replies(one, other, exact)
    if exact and one.digest != other.digest:
        yield Difference("message", "", _message(one), _message(other))
    if manner.times is not None:
        yield from _of_times(one, other, manner.times)


def _of_replies(one: Turn, other: Turn, exact: bool) -> Iterator[Difference]:
    codes, other_codes = _codes(one), _codes(other)
    if codes != other_codes:
        yield Difference("code", "", codes, other_codes)
    for mine, theirs in zip(one.replies, other.replies, strict=False):
        if not (mine.known and theirs.known):
            continue
        if (mine.enhanced or "") != (theirs.enhanced or ""):
            yield Difference("enhanced", "", mine.enhanced or "", theirs.enhanced or "")
        greeted = one.verb in GREETINGS and all(200 <= r.code <= 299 for r in (mine, theirs))
        if greeted:
            yield from _of_extensions(mine, theirs)
        text, other_text = _text(one, mine, exact, greeted), _text(other, theirs, exact, greeted)
        if text != other_text:
            yield Difference("text", "", shown_text(mine, greeted), shown_text(theirs, greeted))


def _of_extensions(mine: TurnReply, theirs: TurnReply) -> Iterator[Difference]:
    old, new = parse_keywords(mine.lines[1:]), parse_keywords(theirs.lines[1:])
    added, gone, changed = difference(old, new)
    for keyword in (*gone, *changed, *added):
        yield Difference("extension", visible_text(keyword), _offer(keyword, old.get(keyword)),
                         _offer(keyword, new.get(keyword)))  # fmt: skip


def _offer(keyword: str, parameters: tuple[str, ...] | None) -> str:
    return "" if parameters is None else visible_text(" ".join((keyword, *parameters)))


def _text(turn: Turn, reply: TurnReply, exact: bool, greeted: bool) -> tuple[str, ...]:
    """Return the text of a reply for comparison, without enhanced codes and volatile parts.

    Enhanced codes are compared separately. Volatile parts are included if `exact` is true.
    """
    if reply.code == 334 and not exact:
        return ()  # a challenge is different each time
    lines = reply.lines[:1] if greeted else reply.lines
    shown = [_without(visible(line), reply.enhanced) for line in lines]
    if exact:
        return tuple(shown)
    if greeted:
        return ()  # the name of the server, and of the client
    return tuple(map(steady, shown))


def _without(line: str, enhanced: str | None) -> str:
    return line.removeprefix(enhanced).lstrip() if enhanced else line


def shown_text(reply: TurnReply, first: bool = False) -> str:
    """Return the text of a reply on one line, safe to show.

    If `first` is true, only the first line of the reply is returned.
    """
    lines = reply.lines[:1] if first else reply.lines
    return " / ".join(_without(visible(line), reply.enhanced) for line in lines)


def _codes(turn: Turn) -> str:
    return " ".join(str(reply.code) if reply.code >= 0 else "(no code)" for reply in turn.replies)


def _message(turn: Turn) -> str:
    return f"{turn.octets:,} octets, SHA-256 {turn.digest[:16]}…" if turn.digest else ""


def _of_events(one: Turn, other: Turn) -> Iterator[Difference]:
    mine, theirs = one.event, other.event
    if isinstance(mine, TlsStarted) and isinstance(theirs, TlsStarted):
        for name, a, b in (
            ("protocol", mine.version, theirs.version),
            ("cipher", mine.cipher, theirs.cipher),
        ):
            if a != b and a and b:
                yield Difference("tls", name, visible_text(a), visible_text(b))
        if mine.chain and theirs.chain and mine.chain[0] != theirs.chain[0]:
            yield Difference("tls", "certificate", _certificate(mine), _certificate(theirs))
    elif _said_of(one) != _said_of(other):
        yield Difference("tls" if one.verb == HANDSHAKE else "end", "", _said_of(one),
                         _said_of(other))  # fmt: skip


def _certificate(event: TlsStarted) -> str:
    from ..tls.certificates import parse

    leaf = parse(event.chain[0])
    return visible_text(f"{leaf.name}, issued by {leaf.issuer_name}, SHA-256 {leaf.sha256[:23]}…")


def _said_of(turn: Turn) -> str:
    match turn.event:
        case TlsStarted() as event:
            return visible_text(f"{event.version} with {event.cipher}")
        case TlsFailed() as event:
            return visible_text(f"TLS failed: {event.reason}")
        case Disconnected() as event:
            return event.cause.value
        case Connected() | None:
            return ""


def _of_times(one: Turn, other: Turn, tolerance: float) -> Iterator[Difference]:
    if not one.replies or not other.replies:
        return
    mine, theirs = one.replies[0].at - one.at, other.replies[0].at - other.at
    if abs(mine - theirs) > tolerance:
        yield Difference("time", "", f"{mine:.3f} s", f"{theirs:.3f} s")


_CALLED = {
    AUTH_RESPONSE: "AUTH response", END_OF_DATA: "the message", HANDSHAKE: "TLS",
    CLOSED: "end of the connection", UNASKED: "unsolicited reply",
}  # fmt: skip


def command_of(turn: Turn) -> str:
    """Return the name of a turn: its command line, safe to show, or a description."""
    return _CALLED.get(turn.verb) or visible(turn.line) or turn.verb


def turn_in_words(turn: Turn) -> str:
    """Return a turn on one line, safe to show: the command, and its replies abbreviated."""
    if turn.event is not None:
        return _said_of(turn)
    line = command_of(turn)
    replies = "; ".join(
        f"{reply.code if reply.code >= 0 else ''} {visible(reply.lines[0] if reply.lines else b'')}"
        .strip() for reply in turn.replies
    )  # fmt: skip
    return f"{line}: {replies}" if replies else f"{line}: no reply"


def count(rows: Sequence[ComparedRow]) -> dict[str, int]:
    """Return the number of differences of each kind that occurs, in the order of KINDS."""
    found = dict.fromkeys(KINDS, 0)
    for row in rows:
        for each in row.differences:
            found[each.kind] += 1
    return {kind: number for kind, number in found.items() if number}
