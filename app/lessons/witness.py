"""Converts the events of a session to the facts with which a lesson's patterns are compared.

A limited number of recent rows, commands and replies is kept, because later events refer to them.
"""

from __future__ import annotations

import base64
import binascii
from collections import OrderedDict
from collections.abc import Iterator
from typing import TypeVar

import msgspec

from ...session.events import (
    KIND_BITS,
    KIND_MASK,
    SENT,
    TLS,
    Block,
    Connected,
    Disconnected,
    Event,
    ExtensionsChanged,
    Kind,
    Line,
    ReplyReceived,
    StateChanged,
    TlsFailed,
    TlsStarted,
    Unasked,
    Violation,
)
from ...session.protocol.states import State
from ...session.verbs import AUTH_RESPONSE, END_OF_DATA, auth_parts, is_last_chunk, verb_of
from .facts import Broken, Command, Delivered, Quiet, Reply, Row, Said, Saw, SeenRow, Tick
from .vocabulary import GREETING

ROWS = 2000  # rows remembered
REPLIES = 500  # replies remembered
LINE = 1024  # octets remembered of a row
BLOCK = 200  # rows of a block that are looked at: a long message must not hold up a session
TEXT = 8192  # characters remembered of a reply
T = TypeVar("T")
_AS_THEY_ARE = (
    ExtensionsChanged, StateChanged, TlsStarted, TlsFailed, Connected, Disconnected, Said,
    Delivered,
)  # fmt: skip


class _Sent(msgspec.Struct):
    """The data of a client's row that later events need."""

    line: str
    state: str
    tls: bool
    told: bool


class Witness:
    """Converts events to facts. The same witness can follow several sessions in succession."""

    def __init__(self) -> None:
        self.state: str = State.CLOSED
        self.connected = False
        self._due = 0  # commands without their reply
        self._greeted = False
        self._active = 0.0  # when something was last said
        self._quiet = 0.0  # how long it had been silent at the last tick
        self._rows: OrderedDict[int, Row] = OrderedDict()
        self._sent: OrderedDict[int, _Sent] = OrderedDict()
        self._replies: OrderedDict[int, Reply] = OrderedDict()  # by their first row
        self._rules: OrderedDict[int, frozenset[str]] = OrderedDict()  # broken, by row

    def feed(self, event: Event) -> Iterator[Event]:
        """Yield the facts that follow from `event`, in order."""
        if isinstance(event, Line):
            yield from self._line(event)
        elif isinstance(event, Block):
            yield from self._block(event)
        elif isinstance(event, ReplyReceived):
            yield from self._reply(event)
        elif isinstance(event, Violation):
            yield self._violation(event)
        elif isinstance(event, Saw):
            yield self._saw(event)
        elif isinstance(event, Tick):
            yield from self._tick(event)
        elif isinstance(event, _AS_THEY_ARE):
            if isinstance(event, StateChanged):
                self.state = event.state
            elif isinstance(event, Connected):
                self._forget()
                self.connected = True
                self.state = State.CONNECTED
                self._record_activity(event.at)
            elif isinstance(event, Disconnected):
                self.connected = False
                self._due = 0
            yield event

    def _forget(self) -> None:
        """Prepare for another session, whose rows are counted from 0."""
        self._due = 0
        self._greeted = False
        for kept in (self._rows, self._sent, self._replies, self._rules):
            kept.clear()

    def _record_activity(self, at: float) -> None:
        self._active = at
        self._quiet = 0.0

    def _line(self, event: Line) -> Iterator[Event]:
        self._record_activity(event.at)
        line = _text(event.data)
        side = event.direction.value
        row = Row(event.at, event.row, line, side, event.kind.name.lower(), event.tls)
        _keep(self._rows, event.row, row, ROWS)
        yield row
        if not event.sent or event.kind not in (Kind.COMMAND, Kind.AUTH, Kind.DOUBT):
            return
        sent = _Sent(line, self.state, event.tls, told=event.kind is not Kind.DOUBT)
        _keep(self._sent, event.row, sent, ROWS)
        if event.kind is Kind.DOUBT:
            return
        yield self._command(event, self._verb(event), sent, alone=not self._due and self._greeted)
        self._due += 1

    def _block(self, event: Block) -> Iterator[Event]:
        """Yield the facts from a block of many rows of a message."""
        self._record_activity(event.at)
        side = "C" if event.flags & SENT else "S"
        part = (
            Kind.CHUNK if event.flags & KIND_MASK == KIND_BITS[Kind.CHUNK] else Kind.BODY
        ).name.lower()
        lines = event.data.split(b"\n", BLOCK)[:BLOCK]
        for number, line in enumerate(lines[: event.count], event.row):
            yield Row(event.at, number, _text(line), side, part, bool(event.flags & TLS))

    def _verb(self, event: Line) -> str:
        if event.kind is Kind.AUTH:
            return AUTH_RESPONSE
        if self.state == State.DATA and event.data == b".\r\n":
            return END_OF_DATA
        verb = verb_of(event.data)
        return f"{verb} LAST" if verb == "BDAT" and is_last_chunk(event.data) else verb

    def _command(
        self, event: Event, verb: str, sent: _Sent, *, alone: bool, row: int = -1
    ) -> Event:
        number = event.row if isinstance(event, Line) else row
        decoded = _decoded(sent.line, answer=verb == AUTH_RESPONSE)
        return Command(event.at, number, verb, sent.line, decoded, sent.tls, sent.state, alone)

    def _reply(self, event: ReplyReceived) -> Iterator[Event]:
        sent = None if event.answers is None else self._sent.get(event.answers)
        if sent is not None and not sent.told:  # only now known to be a command
            sent.told = True
            yield self._command(event, event.verb, sent, alone=False, row=event.answers or 0)
        elif event.answers is not None and not event.left:
            self._due = max(0, self._due - 1)
        if event.unasked is Unasked.GREETING:
            self._greeted = True
        rows = (
            self._rows.get(row) for row in range(event.row, min(event.last, event.row + 99) + 1)
        )
        text = "\n".join(row.line[4:] for row in rows if row is not None)
        reply = Reply(
            event.at,
            event.row,
            event.last,
            event.code,
            event.enhanced or "",
            GREETING if event.unasked is Unasked.GREETING else event.verb,
            "" if sent is None else sent.line,
            text[:TEXT],
            event.row in self._rows and self._rows[event.row].tls,
            self.state if sent is None else sent.state,
            self._rules.get(-1 if event.answers is None else event.answers, frozenset()),
            "" if event.unasked is None else event.unasked.value,
        )
        _keep(self._replies, event.row, reply, REPLIES)
        yield reply

    def _violation(self, event: Violation) -> Event:
        rules = self._rules.get(event.row, frozenset()) | {event.rule}
        _keep(self._rules, event.row, rules, ROWS)
        row = self._rows.get(event.row)
        line = "" if row is None else row.line
        return Broken(event.at, event.rule, line, event.detail, event.row)

    def _saw(self, event: Saw) -> Event:
        row = None if event.row is None else self._rows.get(event.row)
        if row is None:
            return event
        reply = next(
            (r for r in reversed(self._replies.values()) if r.row <= row.row <= r.last), None
        )
        place = "only"
        if reply is not None and reply.last > reply.row:
            place = {reply.row: "first", reply.last: "last"}.get(row.row, "middle")
        rules = self._rules.get(row.row, frozenset())
        return SeenRow(event.at, row.line, row.side, reply, place, rules, row.row)

    def _tick(self, event: Tick) -> Iterator[Event]:
        if not self.connected:
            return
        seconds = event.at - self._active
        before, self._quiet = self._quiet, seconds
        if seconds > before:
            yield Quiet(event.at, seconds, before, bool(self._due) or not self._greeted, self.state)


def _keep(kept: OrderedDict[int, T], key: int, value: T, most: int) -> None:
    kept[key] = value
    if len(kept) > most:
        kept.popitem(last=False)


def _text(data: bytes) -> str:
    return data[:LINE].removesuffix(b"\n").removesuffix(b"\r").decode("utf-8", "surrogateescape")


def _decoded(line: str, *, answer: bool) -> str:
    """Decode the base64 of the AUTH response in a line, or return "" if there is none."""
    response = line
    if not answer:
        parts = auth_parts(line)
        response = "" if parts is None else parts[3]
    try:
        found = base64.b64decode(response.strip(), validate=True)
    except (binascii.Error, ValueError):
        return ""
    return found.decode("utf-8", "surrogateescape").replace("\0", "\\0")
