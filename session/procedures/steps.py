"""The steps that procedures yield to their driver.

A procedure is a generator: a pure function of its arguments, of the answers that it is sent, and of
a read-only `Peer`. It yields steps and is sent the answer to each; errors are thrown in at the
step. This lets the asyncio driver, the blocking driver and the stepper run the same `sendmail`, and
lets a procedure be repeated from its answers. Everything that is not an argument, such as the time,
a nonce, a file, the host name or a secret, is requested by `Ask`.
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
    """Write `data`, the exact bytes. Answered by None.

    `verb` names the command ("." for a message, "(auth)" for a response to a challenge). With
    `more` another command follows at once: the driver may write both together. For a part of a
    message the answer may be the `Reply` that the server gave before its end; `content` is, at the
    first part, the whole of it.
    """

    data: bytes
    verb: str
    more: bool = False
    content: Content | None = None


class Expect(Step, frozen=True, gc=False):
    """Wait for the next reply. Answered by a `Reply`, or thrown a timeout or the connection's end.

    Replies are those to the commands of this procedure in the order in which they were sent;
    `again` asks for one more to the command that was answered last (LMTP: one a recipient).
    `assumed` is the `Reply` used in a prediction; None means a positive one.
    """

    again: bool = False
    assumed: Any = None


class Dial(Step, frozen=True):
    """Connect to `target`; with implicit TLS the handshake is part of it. Answered by None."""

    target: Target


class StartTls(Step, frozen=True):
    """Do the TLS handshake. Answered by None; if it fails, the error is thrown."""

    tls: Any = None
    """The driver makes its context from this value."""


class Ask(Step, frozen=True):
    """Request a value from outside: `what` describes it, `of()` returns it.

    Without `of`, the driver supplies it: LOCAL_HOSTNAME or NONCE. `secret` keeps the answer out of
    everything that is shown. `assumed`, or what it returns, replaces it in a prediction. With
    `keep` false (a part of a long message), only whether the answer was empty is kept.
    """

    what: str
    of: Callable[[], Any] | None = None
    secret: bool = False
    assumed: Any = None
    keep: bool = True


LOCAL_HOSTNAME = "the name of this machine"
NONCE = "a nonce"


class Remark(Step, frozen=True):
    """A line of smtplib's debug output. Answered by None."""

    words: tuple[Any, ...]


class Call(Step, frozen=True):
    """Run the procedure (or the driver's own method) of that name. Answered by its result."""

    name: str
    arguments: tuple[Any, ...] = ()
    keywords: Mapping[str, Any] = {}


Procedure = Generator[Step, Any, Any]


class Skipped(Exception):
    """Thrown in at a `Send` that the user skips; each procedure defines the effect."""


class Manner(msgspec.Struct, frozen=True):
    """The style of a driver, where drivers differ on purpose.

    `smtplib` writes verbs, options and their order as the running Python's smtplib does. `mail` and
    `rcpt` are how those commands begin. `pipelining` sends groups of commands if the server offers
    it (RFC 2920), `resets` sends RSET after a refusal. `international` declares SMTPUTF8 for an
    address that needs it, or writes its domain in A-labels (RFC 6531). `by_methods` has every line
    of AUTH pass through the driver's `docmd`, which a program may override.
    """

    smtplib: bool
    mail: str = "MAIL FROM:"
    rcpt: str = "RCPT TO:"
    pipelining: bool = True
    resets: bool = True
    international: bool = True
    by_methods: bool = False

    def verb(self, verb: str) -> str:
        """`verb` as this driver writes it."""
        return verb.lower() if self.smtplib else verb

    def line(self, verb: str, argument: str = "", encoding: str = "ascii") -> bytes:
        """A command line; NUL is allowed only in the drop-in. Raises ValueError for CR and LF."""
        return commands.line(verb, argument, encoding, as_smtplib=self.smtplib)

    def accepts(self, code: int, *also: int) -> bool:
        """Whether a reply is positive: 2yz (RFC 5321 4.2.1), or for smtplib 250 and `also`."""
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
        """Whether the last EHLO reply listed `opt`, ignoring case."""
        return opt.lower() in self.esmtp_features


# Verb -> the effect of skipping it; other commands cannot be skipped, and `needed` says why.
SKIPPING: dict[str, str] = {
    "EHLO": "HELO is tried, without extensions",
    "RCPT": "this recipient is omitted",
    "STARTTLS": "the conversation continues without TLS",
    "AUTH": "the next mechanism is tried",
    "RSET": "the transaction remains open",
    "VRFY": "the query is omitted",
    "EXPN": "the query is omitted",
    "HELP": "the query is omitted",
    "NOOP": "the query is omitted",
    "QUIT": "the connection is closed without QUIT",
}
_NEEDED: dict[str, str] = {
    "connect": "there is no server to talk to without a connection",
    "TLS": "the server waits for the handshake",
    "HELO": "the server accepts no command before the greeting",
    "LHLO": "LMTP has no other greeting",
    "MAIL": "a message needs a sender: edit it instead",
    "DATA": "the message follows it",
    "BDAT": "it contains the message",
    "BDAT LAST": "the message ends with it",
    ".": "the server waits for the message",
    "(auth)": "the server waits for the response; * cancels",
}


def needed(verb: str) -> str:
    """Why a command cannot be skipped; empty if it can be (`SKIPPING`)."""
    if verb in SKIPPING:
        return ""
    return _NEEDED.get(verb, "what follows depends on its reply")
