"""What a procedure asks its driver for, one step at a time.

A procedure is a generator: a pure function of its arguments, of the answers that it is sent, and
of a read-only `Peer`. It yields these steps and is sent the answer to each; what goes wrong is
thrown in at the step. So one text of `sendmail` is run by the asyncio driver, by the blocking one
and by the stepper, and can be run again from the answers alone. A clock, a nonce, a file, the
host's name, a secret: whatever is not in the arguments comes in through `Ask`.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from typing import Any, Protocol

import msgspec

from ..target import Target
from .content import Content


class Step(msgspec.Struct, frozen=True, gc=False):
    """Something that a driver is to do."""


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
    """

    again: bool = False


class Dial(Step, frozen=True):
    """Connect to `target`; with implicit TLS the handshake is part of it. Answered by None."""

    target: Target


class StartTls(Step, frozen=True):
    """Do the TLS handshake. Answered by None, or thrown why it failed."""

    tls: Any = None
    """What the driver makes its context from."""


class Ask(Step, frozen=True):
    """Have something from outside: `what` says what, in words; `of()` gets it.

    With no `of`, the driver has it: LOCAL_HOSTNAME or NONCE. `secret` keeps the answer out of
    everything that is shown; `assumed`, or what it returns, stands for it where a procedure is
    only foreseen; of an answer that is not to be kept (a part of a long message) no more is kept
    than whether it was empty.
    """

    what: str
    of: Callable[[], Any] | None = None
    secret: bool = False
    assumed: Any = None
    keep: bool = True


LOCAL_HOSTNAME = "the name of this machine"
NONCE = "a nonce"


class Remark(Step, frozen=True):
    """What smtplib's debug output says at this point. Answered by None."""

    words: tuple[Any, ...]


class Call(Step, frozen=True):
    """Run the procedure (or the driver's own method) of that name. Answered by its result."""

    name: str
    arguments: tuple[Any, ...] = ()
    keywords: Mapping[str, Any] = {}


Procedure = Generator[Step, Any, Any]


class Skipped(Exception):
    """Thrown in at a `Send` that a person leaves out; each procedure says what that means."""


class Manner(msgspec.Struct, frozen=True):
    """How a driver speaks, where they differ on purpose."""

    smtplib: bool
    """Verbs, options and their order as the running Python's smtplib writes them."""
    mail: str = "MAIL FROM:"
    rcpt: str = "RCPT TO:"
    pipelining: bool = True
    """RFC 2920 groups, where the server offers them."""

    def verb(self, verb: str) -> str:
        return verb.lower() if self.smtplib else verb

    def accepts(self, code: int, *also: int) -> bool:
        """Whether a reply says yes: its class of 2 does (RFC 5321 4.2.1), smtplib goes by 250."""
        return code == 250 or code in also if self.smtplib else 200 <= code <= 299


HELOSCOPE = Manner(smtplib=False)


class Peer(Protocol):
    """What a procedure may know: read-only, under smtplib's names."""

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
    """A `Peer` as it was at one moment: what a procedure is foreseen and run again with."""

    manner: Manner = HELOSCOPE
    ehlo_resp: bytes | None = None
    helo_resp: bytes | None = None
    does_esmtp: bool = False
    esmtp_features: Mapping[str, str] = {}
    command_encoding: str = "ascii"
    tls: bool = False
    lmtp: bool = False

    def has_extn(self, opt: str) -> bool:
        """Whether the last EHLO reply listed `opt`, in any case."""
        return opt.lower() in self.esmtp_features


# What leaving out a command means, by verb; what is not here cannot be skipped, and `needed`
# says why.
SKIPPING: dict[str, str] = {
    "EHLO": "HELO is tried, without extensions",
    "LHLO": "the greeting is left out",
    "RCPT": "that recipient is left out",
    "STARTTLS": "the conversation stays in clear",
    "AUTH": "the next mechanism is tried",
    "RSET": "the transaction stays as it is",
    "VRFY": "nothing is asked",
    "EXPN": "nothing is asked",
    "HELP": "nothing is asked",
    "NOOP": "nothing is asked",
    "QUIT": "the connection is closed without it",
}
_NEEDED: dict[str, str] = {
    "connect": "without a connection nobody is there to talk to",
    "TLS": "the server waits for the handshake",
    "HELO": "without a greeting the server takes no command",
    "MAIL": "a message needs a sender: edit it instead",
    "DATA": "the message goes out behind it",
    "BDAT": "the message goes out in it",
    "BDAT LAST": "the message ends with it",
    ".": "the server waits for the message",
    "(auth)": "the server waits for the answer; * gives up",
}


def needed(verb: str) -> str:
    """Why this command cannot be skipped; empty when it can (`SKIPPING`)."""
    if verb in SKIPPING:
        return ""
    return _NEEDED.get(verb, "what follows depends on its reply")
