"""Collects observations of a server from the turns of a conversation."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from ..events import Connected, Disconnected, TlsFailed, TlsStarted, Violation
from ..protocol.dialogue import Turn, TurnReply, dialogue
from ..protocol.ehlo_keywords import Keywords, parse_keywords
from ..protocol.relaying import first_relayed
from ..record.row_index import RowIndex
from ..record.transcript import Transcript
from ..verbs import GREETING, GREETINGS, MID_GROUP
from ..visible import visible

QUOTED = 120  # characters of a text from the wire
MOST_NAMES = 100  # that are remembered
ABOUT_A_NAME = (250, 251, 252, 550, 551, 553)
"""The codes of replies to VRFY that verify a name or decline to do so (RFC 5321 section 3.5.3)."""
_QUERIES = ("VRFY", "EXPN", "HELP")


class Seen(msgspec.Struct):
    """The observations of a server. An attribute without an observation is None or empty.

    `clear` and `inside` are the extensions offered without TLS and over TLS, with their parameters.
    `starttls` is the reply to STARTTLS. `started` is the last successful handshake; `failed` is a
    failed one, preferably one in which the certificate was rejected. `queries` holds the commands
    VRFY, EXPN and HELP with their replies, by verb. `group` holds the last commands that were sent
    together.
    """

    greeting: TurnReply | None = None
    clear: Keywords | None = None
    inside: Keywords | None = None
    greeted_with: str = ""
    refused: dict[str, TurnReply] = {}
    """The replies that refused EHLO, LHLO or HELO, by verb."""
    starttls: TurnReply | None = None
    started: TlsStarted | None = None
    failed: TlsFailed | None = None
    queries: dict[str, tuple[bytes, TurnReply]] = {}
    names: dict[str, TurnReply] = {}
    """The replies to VRFY with a code in ABOUT_A_NAME, keyed by the name, made safe to show."""
    group: tuple[Turn, ...] = ()
    address: str = ""
    connections: int = 0
    ended: Disconnected | None = None
    """How the last connection ended."""
    unanswered: str = ""
    """The verb of the last command if it received no reply, else ""."""
    violations: tuple[Violation, ...] = ()
    relayed: str = ""
    """The domain of a recipient that was accepted although it may not be the server's."""

    @property
    def keywords(self) -> Keywords | None:
        """The extensions offered over TLS or, if those are unknown, without TLS."""
        return self.inside if self.inside is not None else self.clear


def seen_in(transcripts: Iterable[Transcript]) -> Seen:
    """Return the observations of one server in these conversations (one for each connection)."""
    seen = Seen()
    for transcript in transcripts:
        turns = dialogue(transcript)
        seen.relayed = seen.relayed or first_relayed(RowIndex(transcript))
        for turn in turns:
            _take(seen, turn)
        seen.group = _group(turns) or seen.group
        seen.violations += tuple(
            event for _, event in transcript.facts()
            if isinstance(event, Violation) and event.row < len(transcript)
            and not transcript[event.row].sent
        )  # fmt: skip
    return seen


def _take(seen: Seen, turn: Turn) -> None:
    event, reply = turn.event, turn.reply
    if isinstance(event, Connected):
        seen.address, seen.ended, seen.unanswered = event.address, None, ""
        seen.connections += 1
    elif isinstance(event, TlsStarted):
        seen.started, seen.inside = event, None
    elif isinstance(event, TlsFailed):
        if seen.failed is None or not is_of_certificate(seen.failed):
            seen.failed = event
    elif isinstance(event, Disconnected):
        seen.ended = event
    elif turn.verb == GREETING:
        seen.greeting = seen.greeting or reply
    elif turn.line:
        seen.unanswered = "" if turn.replies else turn.verb
        if reply is not None:
            _answered(seen, turn, reply)


def _answered(seen: Seen, turn: Turn, reply: TurnReply) -> None:
    verb = turn.verb
    if verb in GREETINGS:
        if not 200 <= reply.code <= 299:
            seen.refused[verb] = reply
            return
        seen.greeted_with = verb
        if verb != "HELO":
            found = parse_keywords(reply.lines[1:])
            if turn.tls:
                seen.inside = found
            else:
                seen.clear = found
    elif verb == "STARTTLS":
        seen.starttls = reply
    elif verb in _QUERIES:
        seen.queries[verb] = turn.line, reply
        if verb == "VRFY" and reply.code in ABOUT_A_NAME and len(seen.names) < MOST_NAMES:
            seen.names[visible(turn.line.partition(b" ")[2][:QUOTED])] = reply


def _group(turns: list[Turn]) -> tuple[Turn, ...]:
    """Return the last group of commands sent together, or an empty tuple."""
    found: tuple[Turn, ...] = ()
    run: list[Turn] = []
    for turn in turns:
        if not turn.line:
            continue
        together = run and turn.row == run[-1].row + 1 and run[-1].verb in MID_GROUP
        run = [*run, turn] if together else [turn]
        if len(run) > 1:
            found = tuple(run)
    return found


def is_of_certificate(failed: TlsFailed) -> bool:
    """Return whether TLS failed because of the certificate."""
    from ..facts.tls_failures import REASONS  # a table that only a failure needs

    return REASONS[failed.reason].certificate
