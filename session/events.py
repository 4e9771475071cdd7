"""The events of a conversation, as immutable objects: the complete list, in one file.

*Stored* facts are `Line` (a row of the transcript), `Connected`, `TlsStarted`, `TlsFailed`,
`Disconnected` and `Note`. The others are *derived*: they are computed from the rows, and computed
again when a recording is opened. `at` is always a monotonic time in seconds; the transcript knows
which time of day corresponds to it.

A command is identified by the number of the row that completed it, so `ReplyReceived.answers` leads
straight to the line that was answered.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from .secret import MASK
from .wall_time import within_calendar

if TYPE_CHECKING:
    import datetime

__all__ = [
    "CLIENT", "CLOSED_BY_A_SIDE", "DELIBERATE", "FACTS", "FLOOD", "HANDSHAKE_KEPT", "INJECTED",
    "KIND_BITS", "KIND_MASK", "LESSON_MARK", "MESSAGE_KINDS", "MORE", "PIECE", "SECRET", "SENT",
    "SERVER", "TLS", "TRIED", "Block", "Cause", "Connected", "Direction", "Disconnected", "Event",
    "ExtensionsChanged", "Kind", "Line", "Masks", "Note", "ReplyReceived", "StateChanged",
    "TlsFailed", "TlsStarted", "Unasked", "Violation",
]  # fmt: skip


class Direction(enum.Enum):
    """The side that sent something: CLIENT or SERVER."""

    CLIENT = "C"
    SERVER = "S"


CLIENT = Direction.CLIENT
SERVER = Direction.SERVER

# The flags of a row, as bits of one integer: what is stored ...
SENT = 1  # by the client
TLS = 2  # inside TLS
PIECE = 4  # not a whole line
INJECTED = 8  # unencrypted, after the 220 to STARTTLS
DELIBERATE = 16  # typed by the user, against the rules and on purpose
SECRET = 32  # said between AUTH and its final reply
# ... and what is derived: not the first row of its reply, and the kind of row.
MORE = 64
_KIND_SHIFT = 8


class Kind(enum.IntEnum):
    """The kind of a row, as far as it is known.

    A command in doubt (DOUBT) may turn out to be part of a message body.
    """

    OTHER = 0
    COMMAND = 1
    REPLY = 2
    BODY = 3
    AUTH = 4
    CHUNK = 5
    DOUBT = 6

    __hash__ = int.__hash__  # an Enum's own is written in Python


KIND_BITS = {kind: int(kind) << _KIND_SHIFT for kind in Kind}
KIND_MASK = 15 << _KIND_SHIFT
MESSAGE_KINDS = (Kind.BODY, Kind.CHUNK)
"""The kinds of the rows that make up a message."""


class Masks(Protocol):
    """An object that knows secrets, and replaces each of them with asterisks."""

    def mask(self, data: bytes) -> bytes:
        """Return `data` with each secret replaced by asterisks."""
        ...

    def mask_reply_text(self, text: bytes) -> bytes:
        """Return the text of a reply, its lines joined by LF, with each secret masked.

        This also masks a secret that is split over two lines.
        """
        ...


class Event(msgspec.Struct, frozen=True, gc=False):
    """Something that happened at the monotonic time `at`, in seconds."""

    at: float


class Line(Event, frozen=True, gc=False, eq=False):
    """A row of the transcript: a whole line with its line ending, or a piece of a line.

    `row` is the number of the row, and `data` holds its exact bytes. `began` is the time of the
    first byte, and `at` that of the last. `epoch` is the Unix time, in seconds, at which the clock
    of `at` read 0. The bits of `flags` are read through the properties. The repr masks the secrets
    that `secrets` knows; `data` is never masked. Comparisons ignore `epoch` and `secrets`.
    """

    row: int
    data: bytes
    flags: int
    began: float
    epoch: float = 0.0
    secrets: Masks | None = None

    @property
    def time(self) -> float:
        """The monotonic time of the last byte of the row, in seconds; the same as `at`."""
        return self.at

    @property
    def when(self) -> datetime.datetime:
        """The time of day of the last byte of the row, as an aware datetime in UTC."""
        import datetime

        seconds = within_calendar(self.epoch + self.at)
        return datetime.datetime.fromtimestamp(seconds, datetime.UTC)

    @property
    def sent(self) -> bool:
        """True if the client sent the row."""
        return bool(self.flags & SENT)

    @property
    def direction(self) -> Direction:
        """The side that sent the row."""
        return CLIENT if self.flags & SENT else SERVER

    @property
    def tls(self) -> bool:
        """Whether the row was sent inside TLS."""
        return bool(self.flags & TLS)

    @property
    def piece(self) -> bool:
        """Whether the row is only part of a line that was cut at the limit or never ended."""
        return bool(self.flags & PIECE)

    @property
    def injected(self) -> bool:
        """Whether the row arrived unencrypted after the 220 to STARTTLS, and so is not a reply."""
        return bool(self.flags & INJECTED)

    @property
    def deliberate(self) -> bool:
        """Whether the row was sent in deliberate violation of the rules."""
        return bool(self.flags & DELIBERATE)

    @property
    def secret(self) -> bool:
        """Whether the row was sent between AUTH and its final reply, and is therefore masked."""
        return bool(self.flags & SECRET)

    @property
    def continues(self) -> bool:
        """True for every row of a reply except the first."""
        return bool(self.flags & MORE)

    @property
    def kind(self) -> Kind:
        """The kind of the row: a command, a reply, part of a message and so on."""
        return Kind((self.flags & KIND_MASK) >> _KIND_SHIFT)

    def _compared(self) -> tuple[float, int, bytes, int, float]:
        return self.at, self.row, self.data, self.flags, self.began

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Line):
            return NotImplemented
        return self._compared() == other._compared()

    def __hash__(self) -> int:
        return hash(self._compared())

    def __reduce__(self) -> tuple[Any, ...]:
        return Line, (self.at, self.row, self.data, self.flags, self.began, self.epoch)

    def __repr__(self) -> str:
        known = self.data if self.secrets is None else self.secrets.mask(self.data)
        data = MASK if self.flags & SECRET else repr(known)
        return f"Line(row={self.row}, {self.direction.value}: {data}, at={self.at:.3f})"


class Block(Event, frozen=True, gc=False):
    """Several rows of a message in one event, for subscribers that asked for `blocks=True`.

    It represents `count` rows, and `row` is the number of the first. `data` holds the bytes of all
    of them; the repr omits it. `flags` are the flags of every row, as in a `Line`.
    """

    row: int
    count: int
    data: bytes
    flags: int

    def __repr__(self) -> str:
        size = len(self.data)
        return f"Block(row={self.row}, count={self.count}, {size} octets, at={self.at:.3f})"


class Connected(Event, frozen=True):
    """The connection was established.

    `local` is the address of this end, and `address` that of the other end. `peer` is the requested
    name.
    """

    peer: str
    address: str
    local: str = ""


class TlsStarted(Event, frozen=True):
    """TLS is active, which invalidates everything learned before (RFC 3207 section 4.2).

    `version` and `cipher` are OpenSSL's names for what was negotiated. `alpn` is the negotiated
    application protocol, if any (RFC 7301), and `server_name` the name that the client requested
    (SNI). `resumed` is true if an earlier TLS session was resumed. `chain` holds the certificates
    that the server sent, in DER form, its own first. `verified` is true if the chain and the name
    were checked and found valid. `pinned` is true if the user has chosen to accept exactly this
    certificate in spite of `problem`, which is a keyword such as "self-signed", or "" if there is
    no known problem.
    """

    version: str
    cipher: str
    chain: tuple[bytes, ...] = ()
    alpn: str = ""
    server_name: str = ""
    resumed: bool = False
    verified: bool = False
    pinned: bool = False
    problem: str = ""


class TlsFailed(Event, frozen=True):
    """The TLS handshake failed, or the server rejected the client right after the handshake.

    `reason` is a keyword such as "expired", and `detail` a sentence for the user. `chain` holds the
    certificates that the server had sent by then, in DER form. `server_name` is the name that was
    checked. `verify_code` is OpenSSL's verdict on the chain, 0 if the failure is not about the
    chain, and `said` is OpenSSL's own message. `received` holds the first octets that the server
    sent, HANDSHAKE_KEPT at most, such as an alert or an unencrypted greeting.
    """

    reason: str
    detail: str
    chain: tuple[bytes, ...] = ()
    server_name: str = ""
    verify_code: int = 0
    said: str = ""
    received: bytes = b""


HANDSHAKE_KEPT = 1024  # octets that are kept of what a server sent in a handshake that failed


class Cause(enum.Enum):
    """Why there is no connection, for use by programs.

    For the user, the `detail` of an event explains the cause.
    """

    CLOSED_BY_SERVER = "closed by the server"
    CLOSED_BY_CLIENT = "closed by us"
    RESET = "reset"
    TIMED_OUT = "timed out"
    REFUSED = "refused"
    NAME_NOT_FOUND = "name not found"
    NOT_A_NAME = "not a host name"
    NO_DNS = "no answer from DNS"
    NO_EXCHANGER = "no mail exchanger"
    NO_SOCKET = "no such socket"
    UNREACHABLE = "unreachable"
    NOT_PERMITTED = "not permitted"
    SOURCE_ADDRESS = "source address"
    PROXY_FAILED = "proxy failed"
    NOT_INSTALLED = "not installed"
    CANCELLED = "cancelled"
    TLS_FAILED = "TLS failed"
    OTHER = "failed"
    NOT_TOLD = "not told"  # in another program's log, which does not give the reason


CLOSED_BY_A_SIDE = (Cause.CLOSED_BY_CLIENT, Cause.CLOSED_BY_SERVER)
"""The causes of a normal end: one of the two sides closed the connection."""


class Disconnected(Event, frozen=True):
    """The connection was closed, or was never established.

    `cause` is for use by programs; `detail` is a description for the user.
    """

    cause: Cause
    detail: str = ""


FLOOD = "flood"  # the kind of a Note on a peer that sends without end
TRIED = "tried"  # the kind of a Note on an address that led to no connection


LESSON_MARK = "lesson"
"""The kind of a Note that marks a place in a lesson, and is recorded but not shown."""


class Note(Event, frozen=True):
    """A remark about how the conversation was conducted: `text` for the user, `kind` for programs.

    Values of `kind` are "deliberate", "edited", "in-clear", "timeout" and others.
    """

    kind: str
    text: str


FACTS = (Connected, TlsStarted, TlsFailed, Disconnected, Note)
"""The events that are not rows of bytes; they are recorded, and drawn as horizontal rules."""


class Unasked(enum.Enum):
    """The reason why a reply does not answer any command."""

    GREETING = "greeting"
    EARLY = "early talker"
    UNSOLICITED_421 = "unsolicited 421"
    REMARK = "a remark requested by VERB"
    ONE_TOO_MANY = "one too many"
    DURING_BODY = "sent in the middle of a message"
    UNSEEN = "the log does not show which"


class ReplyReceived(Event, frozen=True, gc=False):
    """A whole reply: the rows from `row` to `last`.

    `code` is the code of the last line, or -1 if that is not a number (as in smtplib). `enhanced`
    is the enhanced status code (RFC 3463), such as "5.1.1", or None. `answers` is the row of the
    command that the reply answers, and `verb` is that command's verb ("." for the end of a message,
    "(auth)" for an AUTH response). If the reply does not answer a command, `answers` is None,
    `verb` is empty and `unasked` gives the reason. `recipient` is the row of the RCPT to which a
    reply after the message belongs (LMTP, PRDR), and `left` is the number of further replies that
    the command will receive.
    """

    row: int
    last: int
    code: int
    enhanced: str | None = None
    answers: int | None = None
    verb: str = ""
    unasked: Unasked | None = None
    recipient: int | None = None
    left: int = 0


class StateChanged(Event, frozen=True, gc=False):
    """The conversation moved from the state `before` to `state` (both are values of `State`)."""

    state: str
    before: str


class ExtensionsChanged(Event, frozen=True):
    """The server's known extensions were replaced or discarded.

    `keywords` maps each keyword, in upper case, to its parameters. It is None if the client greeted
    with HELO, or if the extensions are not yet known or no longer valid. `added` and `removed` are
    keywords, and `changed` holds the keywords whose parameters have changed. `reason` is EHLO,
    LHLO, HELO or TLS.
    """

    keywords: dict[str, tuple[str, ...]] | None
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    reason: str


# Rules for which the detail of a Violation is the correct form, not what was seen.
_MENDED = frozenset((
    "leading-blank", "argument", "no-argument", "no-keyword", "blank-at-colon", "no-path",
    "display-name", "no-brackets", "no-domain", "no-name", "one-name", "bare-address",
    "untagged-ipv6",
))  # fmt: skip


class Violation(Event, frozen=True, gc=False):
    """A violation of the standard that was observed but not prevented.

    `rule` is a keyword such as "bare-lf". `row` is the row in which the violation was seen. A
    message body has only one event for each rule, so `count` is how often the violation was seen.
    `detail` is either what was seen or what should be sent instead.
    """

    rule: str
    row: int
    count: int = 1
    detail: str = ""

    @property
    def words(self) -> str:
        """The detail in words, for display.

        If `detail` is what should be sent instead, the words are of the form "send EHLO NAME".
        """
        return f"send {self.detail}" if self.detail and self.rule in _MENDED else self.detail


def __dir__() -> list[str]:
    return sorted(__all__)
