"""What happens in a conversation, as immutable events: the whole list, in one file.

*Stored* facts are `Line` (a row of the transcript), `Connected`, `TlsStarted`, `TlsFailed`,
`Disconnected` and `Note`. The others are *derived*: computed from the rows, and computed again
when a recording is opened. `at` is always monotonic seconds; the transcript holds the anchor to
wall time.

A command is named by the number of the row that completed it, so `ReplyReceived.answers` leads
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
INJECTED = 8  # in clear, after the 220 to STARTTLS
DELIBERATE = 16  # sent by hand, against the rules and on purpose
SECRET = 32  # said between AUTH and its final reply
# ... and what is derived: not the first row of its reply, and the kind of row.
MORE = 64
_KIND_SHIFT = 8


class Kind(enum.IntEnum):
    """What a row is, as far as is known: a command in doubt may turn out to be body."""

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
"""The kinds of the rows that a message consists of."""


class Masks(Protocol):
    """An object that knows secrets and replaces each with asterisks."""

    def mask(self, data: bytes) -> bytes:
        """`data` with asterisks in place of each secret."""
        ...

    def mask_reply_text(self, text: bytes) -> bytes:
        """The text of a reply, its lines joined by LF, masked; also a secret over two lines."""
        ...


class Event(msgspec.Struct, frozen=True, gc=False):
    """Something that happened, `at` monotonic seconds."""

    at: float


class Line(Event, frozen=True, gc=False, eq=False):
    """A row of the transcript: a whole line with its line end, or a piece of one.

    `row` is its number, `data` its exact bytes, `began` the time of its first byte and `at` that
    of its last. Its repr masks secrets; `data` is never masked. `epoch` is when the
    clock of `at` was 0, in seconds since 1970; rows that differ in nothing else are equal. `flags`
    are the bits that its properties read, `secrets` what masks its repr.
    """

    row: int
    data: bytes
    flags: int
    began: float
    epoch: float = 0.0
    secrets: Masks | None = None

    @property
    def time(self) -> float:
        """Monotonic seconds at which its last byte came; the same as `at`."""
        return self.at

    @property
    def when(self) -> datetime.datetime:
        """The time of day at which its last byte came, in UTC (an aware datetime)."""
        import datetime

        seconds = within_calendar(self.epoch + self.at)
        return datetime.datetime.fromtimestamp(seconds, datetime.UTC)

    @property
    def sent(self) -> bool:
        """True when the client said it."""
        return bool(self.flags & SENT)

    @property
    def direction(self) -> Direction:
        """Which side said it."""
        return CLIENT if self.flags & SENT else SERVER

    @property
    def tls(self) -> bool:
        """Whether it was said inside TLS."""
        return bool(self.flags & TLS)

    @property
    def piece(self) -> bool:
        """Whether it is not a whole line: cut at the limit, or never ended."""
        return bool(self.flags & PIECE)

    @property
    def injected(self) -> bool:
        """Whether it came in clear after the 220 to STARTTLS, and is no reply."""
        return bool(self.flags & INJECTED)

    @property
    def deliberate(self) -> bool:
        """Whether it was sent against the rules on purpose."""
        return bool(self.flags & DELIBERATE)

    @property
    def secret(self) -> bool:
        """Whether it was said between AUTH and its final reply, and is masked."""
        return bool(self.flags & SECRET)

    @property
    def continues(self) -> bool:
        """True for all but the first row of a reply."""
        return bool(self.flags & MORE)

    @property
    def kind(self) -> Kind:
        """What it is: command, reply, part of a message, ..."""
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
    """Many rows of a message at once, for those who subscribed with `blocks=True`.

    The rows from number `row` on, `count` of them; `data` is all of them, joined, and not in its
    repr. `flags` are those of each, as of a `Line`.
    """

    row: int
    count: int
    data: bytes
    flags: int

    def __repr__(self) -> str:
        size = len(self.data)
        return f"Block(row={self.row}, count={self.count}, {size} octets, at={self.at:.3f})"


class Connected(Event, frozen=True):
    """The connection is established, from `local` to `address`; `peer` is the requested name."""

    peer: str
    address: str
    local: str = ""


class TlsStarted(Event, frozen=True):
    """TLS is active: everything learned before is void (RFC 3207 section 4.2).

    `version` and `cipher` are OpenSSL's names of what was negotiated, `alpn` is the protocol, if
    any (RFC 7301), `server_name` the name that was asked for (SNI), and `resumed` says whether an
    earlier session was. `chain` is what the server sent, its own certificate first (DER).
    `verified` says that chain and name were checked and found good; `pinned` that exactly this
    certificate is accepted by a decision of the user, in spite of `problem` (a keyword such as
    "self-signed", where it is known).
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
    """The handshake failed, or the server refused this side right after it.

    `chain` is what the server had sent by then (DER). `reason` is a keyword such as "expired",
    `detail` one sentence for people, `said` OpenSSL's own words and `verify_code` its verdict on
    the chain (0: not about the chain). `server_name` is the name that was checked. `received` are
    the first octets that the server sent, HANDSHAKE_KEPT at most: a greeting in clear, an alert.
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
    """Why there is no connection: the short reason, for programs; `detail` is for people."""

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
    NOT_TOLD = "not told"  # in the log of another program, which says only that it ended


CLOSED_BY_A_SIDE = (Cause.CLOSED_BY_CLIENT, Cause.CLOSED_BY_SERVER)
"""The causes of an end that is not a failure: one of the two sides closed the connection."""


class Disconnected(Event, frozen=True):
    """The connection closed or was never established.

    `cause` is for programs, `detail` a sentence for people.
    """

    cause: Cause
    detail: str = ""


FLOOD = "flood"  # the kind of a Note on a peer that sends without end
TRIED = "tried"  # the kind of a Note on an address that led to no connection


LESSON_MARK = "lesson"
"""The kind of a Note that marks a place in a lesson: it is recorded, and not shown."""


class Note(Event, frozen=True):
    """A remark on how the conversation was conducted: `text` for people, `kind` for programs.

    The `kind` is deliberate, edited, in-clear, timeout, ...
    """

    kind: str
    text: str


FACTS = (Connected, TlsStarted, TlsFailed, Disconnected, Note)
"""The events that have no bytes of their own: they are recorded, and drawn as rules."""


class Unasked(enum.Enum):
    """Why a reply answers no command."""

    GREETING = "greeting"
    EARLY = "early talker"
    UNSOLICITED_421 = "unsolicited 421"
    REMARK = "a remark, as VERB asked for"
    ONE_TOO_MANY = "one too many"
    DURING_BODY = "came while the client was still in the body"
    UNSEEN = "the log does not show which"


class ReplyReceived(Event, frozen=True, gc=False):
    """A whole reply: rows `row` to `last`.

    `code` is that of its last line, -1 when it is not a number (as in smtplib). `enhanced` is the
    enhanced status code (RFC 3463), such as "5.1.1". `answers` is the row of the command, and
    `verb` its verb ("." for the end of a message, "(auth)" for an answer to a challenge); both
    are empty when `unasked` says why. `recipient` is the row of the RCPT to which a reply after
    the message belongs (LMTP, PRDR), `left` how many more replies that command will have.
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
    """The conversation moved from `before` to `state` (values of `State`)."""

    state: str
    before: str


class ExtensionsChanged(Event, frozen=True):
    """The server's known extensions were replaced or discarded.

    `keywords` maps each keyword, in upper case, to its parameters; None when the server was
    greeted with HELO, or nothing is known (any more). `added` and `removed` are keywords, `changed`
    those whose parameters differ from before. `reason` is EHLO, LHLO, HELO or TLS.
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
    """Something that the standard forbids, observed but not prevented.

    `rule` is a keyword such as "bare-lf"; `row` is where it was seen, `count` how often (for a
    message body: one event with a count), and `detail` either what was seen or what to write
    instead.
    """

    rule: str
    row: int
    count: int = 1
    detail: str = ""

    @property
    def words(self) -> str:
        """The detail in words: `write EHLO NAME` if it says what to write instead."""
        return f"write {self.detail}" if self.detail and self.rule in _MENDED else self.detail


def __dir__() -> list[str]:
    return sorted(__all__)
