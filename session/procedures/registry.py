"""The registry of procedures, and simple ones: greetings, queries, XCLIENT, RSET, NOOP and QUIT.

Each procedure is a generator function that takes `peer`, followed by the arguments of smtplib's
method of that name, and returns the result of that method. Procedures call each other through
`Call`, so that a method overridden in the drop-in takes effect. `PROCEDURES` also contains the
procedures of `envelope`, `message`, `transaction`, `starttls_auth`, `send_message`, `probe` and
`rerun`.

See RFC 5321 section 4.1.1, and RFC 2033 for LHLO.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any

from .. import raised
from ..events import ReplyReceived
from ..reply import Reply
from ..target import Target
from . import commands
from .steps import LOCAL_HOSTNAME, Ask, Call, Dial, Expect, Peer, Procedure, Send, Skipped


def connect(peer: Peer, target: Target) -> Procedure:
    """Connect and wait for the greeting. The result is the greeting.

    Raises SMTPConnectError for a greeting other than 220, as smtplib does (RFC 5321 section 3.1).
    """
    yield Dial(target)
    greeting = code, text = yield Expect()
    if code != 220:
        raise raised.SMTPConnectError(code, text)
    return greeting


def from_the_start(
    peer: Peer,
    target: Target,
    name: str = "",
    arguments: Sequence[Any] = (),
    keywords: Mapping[str, Any] = {},
    *,
    secured: bool = False,
    required: bool = False,
    before: Sequence[tuple[str, Sequence[Any]]] = (),
    leave: bool = False,
) -> Procedure:
    """Connect, then run the procedure `name` if one is given, and send QUIT if `leave` is true.

    If `secured` is true, `secure` is run first, with the argument `required`. `before` holds the
    (name, arguments) pairs of procedures to run in between, such as `login`. The result is that of
    the procedure `name`, or the greeting if no name is given. Raises the same errors as `connect`.
    """
    result = yield Call("connect", (target,))
    if secured:
        yield Call("secure", (), {"required": required})
    for each, given in before:
        try:
            yield Call(each, tuple(given))
        except Skipped:
            pass  # continue without it
    if name:
        result = yield Call(name, tuple(arguments), keywords)
    if leave:
        try:
            yield Call("quit")
        except raised.SMTPServerDisconnected:
            pass  # closed without a reply to QUIT, but the work is done
    return result


def docmd(peer: Peer, cmd: str, args: str = "") -> Procedure:
    """Send any command. The result is its reply.

    Raises ValueError if the command contains CR, LF or, except in the drop-in, NUL.
    """
    yield Send(peer.manner.line(cmd, args, peer.command_encoding), cmd.partition(" ")[0].upper())
    return (yield Expect())


def ehlo(peer: Peer, name: str = "") -> Procedure:
    """Send EHLO, or LHLO for LMTP. The result is the reply.

    `name` defaults to this machine's host name.
    """
    verb = "LHLO" if peer.lmtp else "EHLO"
    name = name or (yield Ask(LOCAL_HOSTNAME, assumed="..."))
    yield Send(peer.manner.line(peer.manner.verb(verb), name, peer.command_encoding), verb)
    reply = code, text = yield Expect()
    if code == -1 and not text:
        yield Call("close")
        raise raised.SMTPServerDisconnected("Server not connected")
    return reply


def helo(peer: Peer, name: str = "") -> Procedure:
    """Send HELO, whose reply lists no extensions. The result is the reply.

    `name` defaults to this machine's host name.
    """
    name = name or (yield Ask(LOCAL_HOSTNAME, assumed="..."))
    yield Send(peer.manner.line(peer.manner.verb("HELO"), name, peer.command_encoding), "HELO")
    return (yield Expect())


def hello(peer: Peer, name: str = "") -> Procedure:
    """Send EHLO or LHLO, then HELO if EHLO is refused with any code but 421.

    The result is the last reply.
    """
    try:
        reply = yield Call("ehlo", (name,))
    except Skipped:
        reply = None
    refused = reply is None or not (200 <= reply[0] <= 299 or reply[0] == 421)
    if refused and not peer.lmtp:
        reply = yield Call("helo", (name,))
    return reply


def ehlo_or_helo_if_needed(peer: Peer) -> Procedure:
    """Send EHLO unless the client has already identified itself, and HELO if EHLO is refused.

    Raises SMTPHeloError if both are refused. LMTP has no fallback.
    """
    if peer.helo_resp is not None or peer.ehlo_resp is not None:
        return
    text: bytes = b""
    try:
        code, text = yield Call("ehlo")
    except Skipped:
        code = 0
    if 200 <= code <= 299:
        return
    if peer.manner.smtplib or not (peer.lmtp or code == 421):
        code, text = yield Call("helo")
    if not 200 <= code <= 299:
        raise raised.SMTPHeloError(code, text)


def help(peer: Peer, args: str = "") -> Procedure:
    """Send HELP. The result is the text of the reply."""
    yield Send(peer.manner.line(peer.manner.verb("HELP"), args, peer.command_encoding), "HELP")
    _, text = yield Expect()
    return text


def rset(peer: Peer) -> Procedure:
    """Send RSET. The result is the reply."""
    return (yield Call("docmd", (peer.manner.verb("RSET"),)))


def noop(peer: Peer) -> Procedure:
    """Send NOOP. The result is the reply."""
    return (yield Call("docmd", (peer.manner.verb("NOOP"),)))


def quit(peer: Peer) -> Procedure:
    """Send QUIT, then close the connection. The result is the reply."""
    reply = None
    try:
        reply = yield Call("docmd", (peer.manner.verb("QUIT"),))
    except Skipped:
        pass
    yield Call("close")
    return reply


_AS_ANOTHER = Reply(220, b"", ReplyReceived(0.0, 0, 0, 220))  # to XCLIENT, where it is foreseen


def xclient(peer: Peer, attributes: str, *, greets: bool = True) -> Procedure:
    """Send XCLIENT with `attributes`, then EHLO again if `greets` is true.

    The attributes have the form "NAME=mail.example ADDR=192.0.2.1". XCLIENT is for servers that
    trust this client to identify another one (Postfix XCLIENT_README). The result is the last
    reply. Raises SMTPNotSupportedError if XCLIENT is not offered, and SMTPResponseException if it
    is refused.
    """
    yield Call("ehlo_or_helo_if_needed")
    if not peer.has_extn("xclient"):
        raise raised.SMTPNotSupportedError("XCLIENT is not offered by the server")
    yield Send(peer.manner.line("XCLIENT", attributes, peer.command_encoding), "XCLIENT")
    reply = code, text = yield Expect(assumed=_AS_ANOTHER)
    if code != 220:
        raise raised.SMTPResponseException(code, text)
    return (yield Call("ehlo")) if greets else reply


def verify(peer: Peer, address: str) -> Procedure:
    """Send VRFY with the bare address in `address`. The result is the reply."""
    return (yield from _question(peer, "VRFY", address))


def expn(peer: Peer, address: str) -> Procedure:
    """Send EXPN with the mailing list in `address`. The result is the reply."""
    return (yield from _question(peer, "EXPN", address))


def _question(peer: Peer, verb: str, address: str) -> Procedure:
    asked = commands.addr_only(address, as_smtplib=peer.manner.smtplib)
    encoding = peer.command_encoding
    if not asked.isascii() and not peer.manner.smtplib and peer.has_extn("smtputf8"):
        asked, encoding = f"{asked} SMTPUTF8", "utf-8"  # RFC 6531 section 3.7.4.2
    yield Send(peer.manner.line(peer.manner.verb(verb), asked, encoding), verb)
    return (yield Expect())


class _Registry(Mapping[str, Callable[..., Procedure]]):
    """Procedures by name. Those that are rarely needed are imported when first requested."""

    def __init__(
        self,
        known: Iterable[Callable[..., Procedure]],
        others: Mapping[str, str],
        aliases: Mapping[str, str],
    ) -> None:
        self._known = {procedure.__name__: procedure for procedure in known}
        self._known |= {alias: self._known[name] for alias, name in aliases.items()}
        self._others = others

    def __getitem__(self, name: str) -> Callable[..., Procedure]:
        found = self._known.get(name)
        if found is None:
            found = getattr(import_module(f".{self._others[name]}", __package__), name)
            self._known[name] = found
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._known or name in self._others

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys((*self._known, *self._others)))

    def __len__(self) -> int:
        return len(self._known.keys() | self._others.keys())


PROCEDURES: Mapping[str, Callable[..., Procedure]] = _Registry(
    (
        connect,
        from_the_start,
        docmd,
        ehlo,
        helo,
        ehlo_or_helo_if_needed,
        hello,
        help,
        rset,
        noop,
        quit,
        verify,
        expn,
        xclient,
    ),
    others={  # name -> module
        "mail": "envelope",
        "rcpt": "envelope",
        "data": "message",
        "bdat": "message",
        "sendmail": "transaction",
        "check": "transaction",
        "starttls": "starttls_auth",
        "secure": "starttls_auth",
        "auth": "starttls_auth",
        "login": "starttls_auth",
        "send_message": "send_message",
        "probe": "probe",
        "rerun": "rerun",
    },
    aliases={"vrfy": "verify"},
)
