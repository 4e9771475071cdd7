"""The steps that procedures yield to their driver.

A procedure is a generator: a pure function of its arguments, of the answers sent to it, and of a
read-only `Peer`. It yields steps and receives the answer to each; errors are thrown into it at the
step. This lets the asyncio driver, the blocking driver and the stepper run the same `sendmail`, and
lets a procedure be repeated from its answers. Everything that is not an argument, such as the time,
a nonce, a file, the host name or a secret, is requested with `Ask`.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from ..target import Target
from . import commands

if TYPE_CHECKING:
    from .content import Content


class Step(msgspec.Struct, frozen=True, gc=False):
    """A step: something that the driver does for a procedure."""


class Send(Step, frozen=True, gc=False):
    """A request to write `data`, the exact bytes, answered with None.

    `verb` names the command ("." for a message, "(auth)" for an AUTH response). If `more` is true,
    another command follows at once, and the driver may write both together. For a part of a
    message, the answer may be the `Reply` that the server sent before the end of the message.
    `content` is the whole message, and is given with its first part.
    """

    data: bytes
    verb: str
    more: bool = False
    content: Content | None = None


class Expect(Step, frozen=True, gc=False):
    """A request to wait for the next reply, answered with a `Reply`.

    If the wait times out or the connection ends, an error is thrown instead. Only replies to the
    commands of this procedure count, in the order in which the commands were sent. If `again` is
    true, one more reply to the command that was answered last is requested (LMTP has one per
    recipient). `assumed` is the `Reply` used in a prediction, or None for a positive reply.
    """

    again: bool = False
    assumed: Any = None


class Dial(Step, frozen=True):
    """A request to connect to `target`, answered with None.

    If the target uses implicit TLS, the handshake is part of connecting.
    """

    target: Target


class StartTls(Step, frozen=True):
    """A request for the TLS handshake, answered with None. If it fails, the error is thrown."""

    tls: Any = None
    """The value from which the driver makes its TLS context."""


class Ask(Step, frozen=True):
    """A request for a value from outside: `what` describes it, and `of()` returns it.

    Without `of`, the driver supplies the value: LOCAL_HOSTNAME or NONCE. `secret` keeps the answer
    out of everything that is shown. In a prediction, `assumed` is used as the answer; if `assumed`
    is a function, its result is used. If `keep` is false (for a part of a long message), only
    whether the answer was empty is kept.
    """

    what: str
    of: Callable[[], Any] | None = None
    secret: bool = False
    assumed: Any = None
    keep: bool = True


LOCAL_HOSTNAME = "the name of this machine"
NONCE = "a nonce"


class Remark(Step, frozen=True):
    """A line of smtplib's debug output, answered with None."""

    words: tuple[Any, ...]


class Call(Step, frozen=True):
    """A request to run the procedure called `name`, or the driver's own method of that name.

    The request is answered with the result.
    """

    name: str
    arguments: tuple[Any, ...] = ()
    keywords: Mapping[str, Any] = {}


Procedure = Generator[Step, Any, Any]


class Skipped(Exception):
    """Raised in a procedure at a `Send` that the user skips. The procedure handles the skip."""


class Manner(msgspec.Struct, frozen=True):
    """The style of a driver, where drivers differ on purpose.

    If `smtplib` is true, verbs, options and their order are those of the running Python's smtplib.
    `mail` and `rcpt` are the beginnings of the MAIL and RCPT commands. If `pipelining` is true,
    commands are sent in groups to a server that offers PIPELINING (RFC 2920). If `resets` is true,
    RSET is sent after a refusal. If `international` is true, SMTPUTF8 is declared for an address
    that needs it, or the domain is written in A-labels (RFC 6531). If `by_methods` is true, every
    line of AUTH is sent with the driver's `docmd`, which a program may override.
    """

    smtplib: bool
    mail: str = "MAIL FROM:"
    rcpt: str = "RCPT TO:"
    pipelining: bool = True
    resets: bool = True
    international: bool = True
    by_methods: bool = False

    def verb(self, verb: str) -> str:
        """Return `verb` as this driver writes it."""
        return verb.lower() if self.smtplib else verb

    def line(self, verb: str, argument: str = "", encoding: str = "ascii") -> bytes:
        """Return a command line. Raises ValueError for CR, LF and, except in the drop-in, NUL."""
        return commands.line(verb, argument, encoding, as_smtplib=self.smtplib)

    def accepts(self, code: int, *also: int) -> bool:
        """Return whether a reply is positive: 2yz, or in the drop-in 250 and the codes in `also`.

        See RFC 5321 section 4.2.1.
        """
        return code == 250 or code in also if self.smtplib else 200 <= code <= 299


HELOSCOPE = Manner(smtplib=False)


class Peer(Protocol):
    """The read-only state that a procedure may use, under smtplib's names."""

    @property
    def manner(self) -> Manner: ...
    @property
    def ehlo_resp(self) -> bytes | None: ...
    @property
    def helo_resp(self) -> bytes | None: ...
    @property
    def does_esmtp(self) -> bool: ...
    @property
    def esmtp_features(self) -> Mapping[str, str]: ...
    @property
    def command_encoding(self) -> str: ...
    @property
    def tls(self) -> bool: ...
    @property
    def lmtp(self) -> bool: ...
    def has_extn(self, opt: str) -> bool: ...


class Known(msgspec.Struct, frozen=True):
    """A snapshot of a `Peer`, used to predict and to repeat a procedure."""

    manner: Manner = HELOSCOPE
    ehlo_resp: bytes | None = None
    helo_resp: bytes | None = None
    does_esmtp: bool = False
    esmtp_features: Mapping[str, str] = {}
    command_encoding: str = "ascii"
    tls: bool = False
    lmtp: bool = False

    def has_extn(self, opt: str) -> bool:
        """Return whether the last EHLO reply listed `opt` (case-insensitive)."""
        return opt.lower() in self.esmtp_features


# Verb -> the effect of skipping it; other commands cannot be skipped, and `needed` says why.
SKIPPING: dict[str, str] = {
    "EHLO": "HELO is tried, which offers no extensions",
    "RCPT": "this recipient is omitted",
    "STARTTLS": "the conversation continues without TLS",
    "AUTH": "the next mechanism is tried",
    "RSET": "the transaction remains open",
    "VRFY": "the query is omitted",
    "EXPN": "the query is omitted",
    "HELP": "the query is omitted",
    "NOOP": "the command is omitted",
    "QUIT": "the connection is closed without QUIT",
}
_NEEDED: dict[str, str] = {
    "connect": "nothing can be sent without a connection",
    "TLS": "the server is waiting for the handshake",
    "HELO": "the server does not accept other commands before it",
    "LHLO": "LMTP has no other greeting",
    "MAIL": "a message needs a sender; edit the command instead",
    "DATA": "the message cannot be sent without it",
    "BDAT": "it carries the message",
    "BDAT LAST": "it ends the message",
    ".": "the server is waiting for the message",
    "(auth)": "the server is waiting for the response; send * to cancel",
}


def needed(verb: str) -> str:
    """Return why a command cannot be skipped, or "" if it can (see `SKIPPING`)."""
    if verb in SKIPPING:
        return ""
    return _NEEDED.get(verb, "what follows depends on its reply")
