"""A transcript with private data masked, from which every export is made.

Secrets are always masked. If addresses are masked, mailbox and host names are replaced with
stand-ins, each name with the same one throughout, even before the line that reveals it
(stand_ins.py). If content is masked, the content of messages is hidden (masked_message.py). A BDAT
command (RFC 3030 section 2) is given the size of the masked chunk, so that an export can be read as
a conversation again.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence

import msgspec

from ..events import (
    KIND_BITS,
    Connected,
    Disconnected,
    Event,
    ExtensionsChanged,
    Kind,
    Line,
    Note,
    ReplyReceived,
    TlsFailed,
    TlsStarted,
    Unasked,
    Violation,
)
from ..verbs import GREETINGS
from .body import Body
from .masked_message import MessageMask, continues
from .masks import NOTHING_MORE, Masking
from .stand_ins import StandIns, host_of
from .transcript import Transcript

_HOST_SAID = re.compile(rb"\d{3}[ -]([\w-]+)(?:[ \r\n]|\Z)")
_SERVICE = re.compile(rb"(?i)\d{3}[ -][\w-]+ E?SMTP|\d{3}[ -][\w-]+ LMTP")
_BDAT = re.compile(rb"(?i)(\s*BDAT\s+)(\d{1,18})(.*)", re.DOTALL)


class MaskedEvents:
    """The masked events of a transcript. `target` is the TARGET of the recording.

    Each export needs a new object, since exports differ in `masking`. Stand-ins are numbered from
    1, unless `names` provides the stand-ins of the screen.
    """

    def __init__(
        self,
        transcript: Transcript,
        masking: Masking = NOTHING_MORE,
        target: str = "",
        names: StandIns | None = None,
    ) -> None:
        self.transcript = transcript
        self.masking = masking
        self.names = (names or StandIns()) if masking.addresses else None
        self._target = target
        self._learnt = not masking.addresses
        self._mask: MessageMask | None = None  # of the last message
        self._before: Body | None = None  # its last part
        self._chunks: MessageMask | None = None  # of the chunks of `octets`

    @property
    def target(self) -> str:
        """The TARGET of the recording, masked."""
        self.learn()
        return self.text(self._target)

    def text(self, text: str) -> str:
        """Mask text that quotes the conversation, such as a note, and return the masked text."""
        text = self.transcript.secrets.mask_text(text)
        return text if self.names is None else self.names.mask_text(text)

    def user(self, name: str) -> str:
        """Return a user name, or its stand-in if addresses are masked."""
        return name if self.names is None else self.names.mask_user(name)

    def line(self, line: Line) -> bytes:
        """Return the octets of a row outside messages, masked."""
        data = self.transcript.mask_secrets(line)
        return data if self.names is None else self.names.mask(data)

    def message(self, bodies: Sequence[Body]) -> Iterator[tuple[Line, bytes]]:
        """Yield a (row, octets) pair for each masked row of a message, with dots still doubled."""
        self.learn()
        mask = self._new_mask()
        for body in bodies:
            yield from mask.rows(self._rows(body))

    def octets(self, data: bytes, *, chunk: bool = False) -> bytes:
        """Mask and return a message, or a chunk if `chunk` is true, whose octets are not in rows.

        A chunk continues the message of the chunk before it until `end_message` is called.
        """
        self.learn()
        flags = KIND_BITS[Kind.CHUNK if chunk else Kind.BODY]
        secrets = self.transcript.secrets
        mask = self._chunks if chunk else None
        if mask is None:
            mask = MessageMask(self.masking, self.names, lambda line: secrets.mask(line.data))
        self._chunks = mask if chunk else None
        rows = (Line(0.0, 0, part, flags, 0.0) for part in io.BytesIO(data))
        return b"".join(part.data for part in mask.rows(rows))

    def end_message(self) -> None:
        """Mark the end of a message, so that the next chunk starts another one."""
        self._chunks = None

    def command(self, data: bytes) -> bytes:
        """Return a client's line, given without secrets, with names masked if required."""
        return data if self.names is None else self.names.mask(data)

    def _new_mask(self) -> MessageMask:
        return MessageMask(self.masking, self.names, self.transcript.mask_secrets)

    def _rows(self, body: Body) -> Iterator[Line]:
        return (self.transcript[row] for row in range(body.first, body.last + 1))

    def _mask_for(self, body: Body) -> MessageMask:
        """Return the mask for `body`: a new one, unless `body` continues the message before it."""
        before, mask = self._before, self._mask
        if before is None or mask is None or not continues(self.transcript, before, body):
            return self._new_mask()
        return mask

    def learn(self) -> None:
        """Learn the host names that can be recognised by where they occur, such as in the greeting.

        They are then masked from the first row on, even where they occur earlier.
        """
        if self._learnt or self.names is None:
            return
        self._learnt = True
        transcript, names = self.transcript, self.names
        if self._target:
            names.learn_host(host_of(self._target))
        said: dict[bytes, int] = {}
        for event in _without_messages(transcript):
            if isinstance(event, Line):
                self.line(event)
            elif isinstance(event, Connected):
                names.learn_host(host_of(event.peer))
            elif isinstance(event, ReplyReceived):
                greets = event.unasked is Unasked.GREETING
                if not greets and event.verb not in GREETINGS:
                    continue
                data = transcript[event.row].data
                found = _HOST_SAID.match(data)
                if found is None:
                    continue
                said[found[1].lower()] = said.get(found[1].lower(), 0) + 1
                if _SERVICE.match(data) or said[found[1].lower()] > 1:
                    names.learn_host(found[1])

    def events(self) -> Iterator[Event]:
        """Yield rows, facts and derived events, in order.

        A masked message may have a different number of rows. Each of its rows has the number, time
        and direction of a row of the original.
        """
        self.learn()
        transcript = self.transcript
        bodies = iter(list(transcript.bodies))
        body = next(bodies, None)
        source = transcript.events()
        held: list[Event] = []  # events before the end of a message
        for event in source:
            if not isinstance(event, Line):
                yield self.fact(event)
                continue
            while body is not None and body.last < event.row:
                body = next(bodies, None)
            if body is not None and body.first <= event.row:
                yield from self._message(body, event, source, held)
                yield from map(self.fact, held)
                held.clear()
                continue
            data = self._sized(event, body) if event.sent else self.line(event)
            yield _with(event, data)

    def _message(
        self, body: Body, first: Line, source: Iterator[Event], held: list[Event]
    ) -> Iterator[Event]:
        mask = self._mask = self._mask_for(body)
        self._before = body
        last = body.last

        def rows() -> Iterator[Line]:
            line = first
            yield line
            while line.row < last:
                event = next(source, None)
                if event is None:
                    return
                if isinstance(event, Line):
                    line = event
                    yield line
                else:
                    held.append(event)

        for part in mask.rows(rows()):
            yield _with(part.line, part.data)

    def _sized(self, line: Line, body: Body | None) -> bytes:
        """Return a client's line, masked. A BDAT command is given the size of the masked chunk."""
        data = self.line(line)
        if line.kind is Kind.DOUBT and self.masking.content:
            return re.sub(rb"[^\r\n]", b"x", data)
        changes = self.names is not None or self.transcript.secrets.known
        found = _BDAT.match(data) if changes else None
        if found is None or body is None or body.first != line.row + 1:
            return data
        mask = self._mask_for(body).copy()
        size = sum(len(part.data) for part in mask.rows(self._rows(body)))
        return b"%b%d%b" % (found[1], int(found[2]) + size - body.size, found[3])

    def fact(self, event: Event) -> Event:
        """Return a fact or derived event with its text masked."""
        match event:
            case Connected():
                return msgspec.structs.replace(
                    event,
                    peer=self.text(event.peer),
                    address=self.text(event.address),
                    local=self.text(event.local),
                )
            case TlsStarted():
                name = self.text(event.server_name)
                chain = event.chain if self.names is None else ()
                return msgspec.structs.replace(event, server_name=name, chain=chain)
            case TlsFailed():
                data = self.transcript.secrets.mask(event.received)
                return msgspec.structs.replace(
                    event,
                    detail=self.text(event.detail),
                    said=self.text(event.said),
                    server_name=self.text(event.server_name),
                    chain=event.chain if self.names is None else (),
                    received=data if self.names is None else self.names.mask(data),
                )
            case Disconnected() | Violation():
                return msgspec.structs.replace(event, detail=self.text(event.detail))
            case Note():
                return msgspec.structs.replace(event, text=self.text(event.text))
            case ExtensionsChanged():
                return msgspec.structs.replace(event, keywords=None)
            case _:
                return event


def _without_messages(transcript: Transcript) -> Iterator[Event]:
    """Yield the events of a transcript except the rows of messages, without reading those rows."""
    bodies = iter(list(transcript.bodies))
    body = next(bodies, None)
    mark, row, rows = 0, 0, len(transcript)
    while row < rows or mark < transcript.mark_count:
        while mark < transcript.mark_count and (transcript.mark(mark)[0] <= row or row >= rows):
            yield transcript.mark(mark)[1]
            mark += 1
        if row >= rows:
            return
        while body is not None and body.last < row:
            body = next(bodies, None)
        if body is not None and body.first <= row:
            row = body.last + 1
            continue
        yield transcript[row]
        row += 1


def _with(line: Line, data: bytes) -> Line:
    if data == line.data:
        return line
    return Line(line.at, line.row, data, line.flags, line.began, line.epoch)
