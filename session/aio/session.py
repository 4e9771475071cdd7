"""`Session`: smtplib's methods as coroutines, and the few that go beyond them.

Names, keywords, values and exceptions are smtplib's. The dialogue of each method is defined by the
procedures (session/procedures), which run here on an asyncio connection. Some things differ on
purpose: line ends of a message are changed to CRLF, commands are sent in groups if the server
offers PIPELINING, TLS is verified, a password is not sent in clear unless the caller insists, and a
timeout does not close the connection.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..flood import FLOOD_LIMIT
from ..procedures.content import Content, Readable
from ..procedures.envelope import RcptOptions, Refused
from ..procedures.send_result import SendResult
from ..reply import Reply
from ..target import Target
from ..timeouts import Timeouts
from .arguments import check_login
from .connection import Connection
from .driver import Driver

if TYPE_CHECKING:
    import socket
    from email.message import Message

    from ..net.outgoing_proxy import OutgoingProxy
    from ..procedures.probe import Offers
    from ..sasl.selection import MechanismChoice
    from ..secret import Secret
    from ..tls.settings import TlsSettings

Msg = str | bytes | Readable | Content


class Session(Driver):
    """One connection to an SMTP or LMTP server, driven by coroutines.

    `host` is a host name, the text of a TARGET, a `Target`, or "" to connect later. `timeout` sets
    all timeouts, in seconds; `timeouts` each of them. `local_hostname` is the argument of EHLO:
    this machine's name if None, and the address of the connection if neither can be sent;
    `source_address` (host, port) to connect from, `proxy` the SOCKS or HTTP proxy to go through,
    `proxy_header` the header of the PROXY protocol (`proxy_header(...)`), and `sock` a connected
    socket, for the first connection. `tls` has the TLS settings; a function is called at the first
    handshake. `flood_limit` is the most octets in one unfinished line or reply, or in replies that
    answer no command (`ask_on_flood`). `clock` returns the times for the transcript, in seconds.
    Raises TargetError for an invalid `host`.

    `async with session` connects, if there is a host and no connection yet, and closes at its end:
    with QUIT, unless the block raised or was cancelled. Afterwards `connect` opens another
    connection, with a new transcript.

    All methods that wait for a reply raise ConnectionLost when the connection ends first, and
    ReplyTimedOut, after which the connection stays open and a late reply is still recorded. A
    server that exceeds `flood_limit` is disconnected: PeerFlood, a ConnectionLost. A reply that
    refuses is returned, not raised, unless a method says otherwise. Every error of the network or
    the server is an OSError: ConnectionLost, ReplyTimedOut and all others of smtplib, DialError,
    and those of ssl.
    """

    def __init__(
        self,
        host: str | Target = "",
        port: int = 0,
        *,
        timeout: float | None = None,
        timeouts: Timeouts | None = None,
        local_hostname: str | None = None,
        source_address: tuple[str, int] | None = None,
        proxy: OutgoingProxy | None = None,
        proxy_header: bytes = b"",
        sock: socket.socket | None = None,
        tls: TlsSettings | Callable[[], TlsSettings] | None = None,
        flood_limit: int = FLOOD_LIMIT,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        connection = Connection(
            host,
            port,
            timeout=timeout,
            timeouts=timeouts,
            local_hostname=local_hostname,
            source_address=source_address,
            proxy=proxy,
            proxy_header=proxy_header,
            sock=sock,
            tls=tls,
            flood_limit=flood_limit,
            clock=clock,
        )
        super().__init__(connection)

    # Commands

    async def ehlo(self, name: str = "") -> Reply:
        """EHLO, or LHLO if the target speaks LMTP (RFC 5321 section 4.1.1.1).

        `name` defaults to `local_hostname`. Returns (code, text).
        """
        return await self.run("ehlo", name)

    async def helo(self, name: str = "") -> Reply:
        """HELO, after which no extensions are known. Returns (code, text) (RFC 5321 4.1.1.1)."""
        return await self.run("helo", name)

    async def ehlo_or_helo_if_needed(self) -> None:
        """EHLO, unless the server was already greeted; HELO if it is refused.

        Raises SMTPHeloError if both are refused (RFC 5321 section 3.2).
        """
        await self.run("ehlo_or_helo_if_needed")

    async def help(self, args: str = "") -> bytes:
        """HELP. Returns the text of the reply (RFC 5321 section 4.1.1.8)."""
        return await self.run("help", args)

    async def noop(self) -> Reply:
        """NOOP. Returns (code, text) (RFC 5321 section 4.1.1.9)."""
        return await self._command(b"NOOP\r\n")

    async def rset(self) -> Reply:
        """RSET, which ends a mail transaction. Returns (code, text) (RFC 5321 section 4.1.1.5)."""
        return await self.run("rset")

    async def verify(self, address: str) -> Reply:
        """VRFY. Returns (code, text); 252 neither confirms nor denies (RFC 5321 section 3.5.3)."""
        return await self.run("verify", address)

    vrfy = verify

    async def expn(self, address: str) -> Reply:
        """EXPN of a mailing list. Returns (code, text) (RFC 5321 section 3.5.2)."""
        return await self.run("expn", address)

    async def quit(self) -> Reply:
        """QUIT, then close. Returns (code, text) (RFC 5321 section 4.1.1.10).

        If no reply comes, ReplyTimedOut is raised and the connection stays open; `leave` closes it
        in any case, and raises nothing.
        """
        return await self.run("quit")

    # A transaction

    async def mail(self, sender: str, options: Sequence[str] = ()) -> Reply:
        """MAIL FROM the reverse-path `sender`, "" for <> (RFC 5321 section 4.1.1.2).

        `options` are parameters exactly as sent, such as "BODY=8BITMIME". Returns
        (code, text). Raises SMTPNotSupportedError for an address that needs SMTPUTF8.
        """
        return await self.run("mail", sender, options)

    async def rcpt(self, recip: str, options: Sequence[str] = ()) -> Reply:
        """RCPT TO one recipient, with options as for `mail` (RFC 5321 section 4.1.1.3).

        Returns (code, text). Raises what `mail` raises.
        """
        return await self.run("rcpt", recip, options)

    async def data(self, msg: Msg) -> Reply:
        """Send DATA, the message with its dots doubled, and the final dot. Returns the last reply.

        Raises SMTPDataError if DATA is not answered with 354 (RFC 5321 section 4.1.1.4).
        """
        content = msg if isinstance(msg, Content) else Content(msg)
        return await self.run("data", content)

    async def bdat(self, chunk: bytes, last: bool = False) -> Reply:
        """Send one chunk of a message, its octets unchanged. Returns (code, text) (RFC 3030)."""
        return await self.run("bdat", chunk, last)

    async def sendmail(
        self,
        from_addr: str,
        to_addrs: str | Sequence[str],
        msg: Msg,
        mail_options: Sequence[str] = (),
        rcpt_options: RcptOptions = (),
        *,
        pipelining: bool | None = None,
        chunking: bool = False,
    ) -> SendResult:
        """Send one message to several recipients. Returns {recipient: (code, text)} of the refused.

        The dictionary is a SendResult, which also has the accepted recipients, the final reply
        and the server's queue ID.

        `msg` may be a binary file, read as it is sent. `rcpt_options` are for all recipients, or
        map each to its own, such as {"a@example.org": ["NOTIFY=NEVER"]}; entries for other
        addresses are ignored. `pipelining` None groups commands if the server offers it (RFC 2920);
        `chunking` sends by BDAT. In LMTP a recipient may also be refused after the message. Raises
        SMTPHeloError, SMTPSenderRefused, SMTPRecipientsRefused (all of them), SMTPDataError,
        SMTPNotSupportedError.
        """
        return await self.run(
            "sendmail",
            from_addr,
            to_addrs,
            msg if isinstance(msg, Content) else Content(msg),
            mail_options,
            rcpt_options,
            pipelining=pipelining,
            chunking=chunking,
        )

    async def send_message(
        self,
        msg: Message,
        from_addr: str | None = None,
        to_addrs: str | Sequence[str] | None = None,
        mail_options: Sequence[str] = (),
        rcpt_options: RcptOptions = (),
        *,
        pipelining: bool | None = None,
        chunking: bool = False,
    ) -> SendResult:
        """Send an email.message.Message, like `sendmail`.

        The envelope is taken from the header fields if it is not given; Bcc is not sent. The
        options are those of `sendmail`. Raises what `sendmail` raises, TypeError if it is not a
        Message, and ValueError if the header names no sender or no recipient.
        """
        return await self.run(
            "send_message",
            msg,
            from_addr,
            to_addrs,
            mail_options,
            rcpt_options,
            pipelining=pipelining,
            chunking=chunking,
        )

    async def check(
        self,
        from_addr: str,
        to_addrs: str | Sequence[str],
        mail_options: Sequence[str] = (),
        rcpt_options: RcptOptions = (),
    ) -> Refused:
        """MAIL and each RCPT, then RSET: no message. Returns {recipient: (code, text)} of all.

        Raises SMTPHeloError and SMTPSenderRefused; a refused recipient is not an error.
        """
        return await self.run("check", from_addr, to_addrs, mail_options, rcpt_options)

    async def probe(self, name: str = "") -> Offers:
        """The extensions of the server, before and after STARTTLS, which is used if offered.

        `name` is that of `ehlo`. Returns `Offers(plain, inside, refusal)`. Raises what `starttls`
        raises.
        """
        return await self.run("probe", name)

    # AUTH

    def mechanisms(
        self, *, in_clear: bool = False, named: Sequence[str] = (), accepted: bool = False
    ) -> list[MechanismChoice]:
        """The offered mechanisms that `login` would try, and why it would not try the others.

        `named` are the only ones allowed, like `mechanism` of `login`; `in_clear` and `accepted`
        are those of `login` and `login_procedure`. Empty before EHLO.
        """
        from ..sasl.selection import choose

        offered = self.esmtp_features.get("auth", "").split()
        return choose(
            offered, encrypted=self.tls, in_clear_allowed=in_clear, named=named, accepted=accepted
        )

    async def login(
        self,
        user: str,
        password: str | Secret,
        *,
        initial_response_ok: bool = True,
        mechanism: str | Sequence[str] = "",
        authzid: str = "",
        in_clear: bool = False,
    ) -> Reply:
        """Log in with the strongest mechanism offered, or only with `mechanism`, one or several.

        If the server refuses the mechanism, the next one is tried. If it refuses user or password
        (535), this is done only if several are named, because servers lock an account after a few
        failures. Without TLS, a mechanism that reveals the password is used only with `in_clear`.
        Returns the reply, 235 or 503. Raises SMTPHeloError, SMTPNotSupportedError without AUTH,
        CredentialsRefused or another SMTPAuthenticationError if it failed, SMTPException if no
        mechanism can be tried (RFC 4954).
        """
        from ..secret import Secret

        if isinstance(password, str):  # a traceback may show the arguments of this call
            password = Secret(password)
        name, arguments = self.login_procedure(
            user, password, mechanism=mechanism, authzid=authzid, in_clear=in_clear
        )
        return await self.run(name, *arguments, initial_response_ok=initial_response_ok)

    def login_procedure(
        self,
        user: str,
        password: str | Secret,
        *,
        mechanism: str | Sequence[str] = "",
        authzid: str = "",
        in_clear: bool = False,
        accepted: bool = False,
        aliases: Mapping[str, str] | None = None,
        in_turn: bool | None = None,
    ) -> tuple[str, tuple[Any, ...]]:
        """(name, arguments) of the procedure that logs in: for `run`, or for a Stepper.

        With `accepted`, TLS does not protect a password, as its certificate failed the check.
        `aliases` map other names for mechanisms to the proper ones: AUTH uses the other name.
        `in_turn` says whether the next mechanism is tried if user or password were refused; by
        default only if several are named. From now on the password is masked in the transcript.
        """
        from ..driver.login import login_procedure

        check_login(user, password, mechanism, authzid)
        return login_procedure(
            self, user, password, mechanism=mechanism, authzid=authzid, in_clear=in_clear,
            accepted=accepted, aliases=aliases, in_turn=in_turn,
        )  # fmt: skip

    async def auth(
        self, mechanism: str, authobject: Callable[..., Any], *, initial_response_ok: bool = True
    ) -> Reply:
        """AUTH with any mechanism, to its final reply, 235 or 503 (RFC 4954 section 4).

        `authobject()` returns the initial response or None, `authobject(challenge)` each further
        one: str or bytes, before base64; it may be a coroutine function. Raises
        SMTPAuthenticationError.
        """
        return await self.run(
            "auth", mechanism, authobject, initial_response_ok=initial_response_ok
        )
