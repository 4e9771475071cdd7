"""`Session`: smtplib's methods as coroutines, and others that go beyond them.

Names, keywords, values and exceptions are smtplib's. The procedures (session/procedures), which run
here on an asyncio connection, define the dialogue of each method. Some things deliberately differ:
the line endings of a message are changed to CRLF, commands are sent in groups if the server offers
PIPELINING, TLS certificates are verified, a password is not sent unencrypted unless the caller
insists, and a timeout does not close the connection.
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
    all timeouts to one number of seconds; `timeouts` sets each separately. `local_hostname` is the
    argument of EHLO; the default is this machine's name or, if that cannot be sent, the address of
    the connection. `source_address` is the (host, port) to connect from, `proxy` the SOCKS or HTTP
    proxy to go through, `proxy_header` the PROXY protocol header to send (from
    `proxy_header(...)`), and `sock` a connected socket to use for the first connection. `tls` holds
    the TLS settings, or is a function that returns them and is called at the first handshake.
    `flood_limit` is the most octets in one unfinished line or reply, or in replies that do not
    answer any command (see `ask_on_flood`). `clock` returns the times for the transcript, in
    seconds. Raises TargetError for an invalid `host`.

    `async with session` connects if there is a host and no connection yet. At its end, it closes
    the connection, after QUIT unless the block raised an exception or was cancelled. Afterwards,
    `connect` opens another connection, with a new transcript.

    Every method that waits for a reply raises ConnectionLost if the connection ends first, and
    ReplyTimedOut if the reply is late; the connection then stays open, and a late reply is still
    recorded. A server that exceeds `flood_limit` is disconnected, which raises PeerFlood, a
    ConnectionLost. A reply that refuses a command is returned and raises nothing, unless a method
    says otherwise. Every error of the network or the server is an OSError: ConnectionLost,
    ReplyTimedOut, all of smtplib's exceptions, DialError, and those of ssl.
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
        """Send EHLO, or LHLO if the target speaks LMTP, and return (code, text).

        `name` defaults to `local_hostname`. See RFC 5321 section 4.1.1.1.
        """
        return await self.run("ehlo", name)

    async def helo(self, name: str = "") -> Reply:
        """Send HELO, and return (code, text) (RFC 5321 section 4.1.1.1).

        Afterwards no extensions are known. `name` defaults to `local_hostname`.
        """
        return await self.run("helo", name)

    async def ehlo_or_helo_if_needed(self) -> None:
        """Send EHLO unless the server has already been greeted, and HELO if EHLO is refused.

        Raises SMTPHeloError if both are refused (RFC 5321 section 3.2).
        """
        await self.run("ehlo_or_helo_if_needed")

    async def help(self, args: str = "") -> bytes:
        """Send HELP, and return the text of the reply (RFC 5321 section 4.1.1.8)."""
        return await self.run("help", args)

    async def noop(self) -> Reply:
        """Send NOOP, and return (code, text) (RFC 5321 section 4.1.1.9)."""
        return await self._command(b"NOOP\r\n")

    async def rset(self) -> Reply:
        """Send RSET to abort the mail transaction, and return (code, text).

        See RFC 5321 section 4.1.1.5.
        """
        return await self.run("rset")

    async def verify(self, address: str) -> Reply:
        """Send VRFY, and return (code, text) (RFC 5321 section 3.5.3).

        A 252 reply neither confirms nor denies that the address exists.
        """
        return await self.run("verify", address)

    vrfy = verify

    async def expn(self, address: str) -> Reply:
        """Send EXPN for a mailing list, and return (code, text) (RFC 5321 section 3.5.2)."""
        return await self.run("expn", address)

    async def quit(self) -> Reply:
        """Send QUIT, then close the connection, and return (code, text).

        If no reply arrives, ReplyTimedOut is raised and the connection stays open; `leave` always
        closes it, and raises nothing. See RFC 5321 section 4.1.1.10.
        """
        return await self.run("quit")

    # A transaction

    async def mail(self, sender: str, options: Sequence[str] = ()) -> Reply:
        """Send MAIL FROM with the reverse-path `sender`, "" for <> (RFC 5321 section 4.1.1.2).

        `options` are parameters exactly as sent, such as "BODY=8BITMIME". Return (code, text).
        Raises SMTPNotSupportedError for an address that needs SMTPUTF8 if the server does not offer
        it.
        """
        return await self.run("mail", sender, options)

    async def rcpt(self, recip: str, options: Sequence[str] = ()) -> Reply:
        """Send RCPT TO for one recipient, and return (code, text) (RFC 5321 section 4.1.1.3).

        `options` are parameters exactly as sent, such as "NOTIFY=NEVER". Raises the same errors as
        `mail`.
        """
        return await self.run("rcpt", recip, options)

    async def data(self, msg: Msg) -> Reply:
        """Send DATA, the message with its dots doubled, and the final dot. Return the last reply.

        Raises SMTPDataError if the reply to DATA is not 354 (RFC 5321 section 4.1.1.4).
        """
        content = msg if isinstance(msg, Content) else Content(msg)
        return await self.run("data", content)

    async def bdat(self, chunk: bytes, last: bool = False) -> Reply:
        """Send one chunk of a message unchanged, with BDAT, and return (code, text) (RFC 3030).

        `last` marks the chunk that ends the message.
        """
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
        """Send one message to several recipients, and return a dictionary of those refused.

        The dictionary maps each refused recipient to (code, text). It is a SendResult, which also
        holds the accepted recipients, the final reply and the server's queue ID.

        `msg` may be a binary file, which is read as it is sent. `rcpt_options` apply to all
        recipients, or are a mapping that gives each its own, such as {"a@example.org":
        ["NOTIFY=NEVER"]}; entries for other addresses are ignored. If `pipelining` is None,
        commands are sent in groups if the server offers PIPELINING (RFC 2920). `chunking` sends the
        message with BDAT. With LMTP, a recipient may also be refused after the message. Raises
        SMTPHeloError, SMTPSenderRefused, SMTPRecipientsRefused if all recipients are refused,
        SMTPDataError or SMTPNotSupportedError.
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
        """Send an email.message.Message, as `sendmail` does.

        If no envelope is given, it is taken from the header fields. Bcc is not sent. The options
        and the result are those of `sendmail`. Raises the same errors as `sendmail`, TypeError if
        `msg` is not a Message, and ValueError if the header names no sender or no recipient.
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
        """Test recipients with MAIL, RCPT and RSET, and return {recipient: (code, text)}.

        All tested recipients are in the result, and no message is sent. Raises SMTPHeloError or
        SMTPSenderRefused; a refused recipient is not an error.
        """
        return await self.run("check", from_addr, to_addrs, mail_options, rcpt_options)

    async def probe(self, name: str = "") -> Offers:
        """Return the extensions that the server offers before STARTTLS and, if possible, after it.

        STARTTLS is used if it is offered. `name` is the argument of EHLO, as for `ehlo`. The result
        is `Offers(plain, inside, refusal)`. Raises the same errors as `starttls`.
        """
        return await self.run("probe", name)

    # AUTH

    def mechanisms(
        self, *, in_clear: bool = False, named: Sequence[str] = (), accepted: bool = False
    ) -> list[MechanismChoice]:
        """Return whether `login` would try each of the mechanisms offered, and why or why not.

        `named` lists the only mechanisms allowed, like `mechanism` of `login`. `in_clear` has the
        same meaning as for `login`, and `accepted` as for `login_procedure`. The list is empty
        before EHLO.
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
        """Log in with the strongest mechanism offered, or only with the mechanisms in `mechanism`.

        If the server refuses a mechanism, the next mechanism is tried. If the server refuses the
        user name or the password (535), the next mechanism is tried only if `mechanism` names
        several, because servers lock an account after a few failures. Without TLS, a mechanism that
        reveals the password is used only with `in_clear`. `authzid` is the user to act as, if not
        the one who logs in. Return the reply, 235 or 503. Raises SMTPHeloError,
        SMTPNotSupportedError if AUTH is not offered, CredentialsRefused or another
        SMTPAuthenticationError if the login failed, and SMTPException if no mechanism can be tried.
        See RFC 4954.
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
        """Return the name and the arguments of the procedure that logs in, for `run` or a Stepper.

        `accepted` is true if the certificate failed the check but was accepted, so that TLS does
        not protect a password. `aliases` maps the names under which a server offers mechanisms to
        their proper names; AUTH then uses the server's name. If `in_turn` is true, the next
        mechanism is tried even if the user name or password is refused; the default is true only if
        several mechanisms are named. The password is masked in the transcript from then on.
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
        """Perform AUTH with any mechanism, and return the final reply, 235 or 503.

        `authobject()` returns the initial response or None, and `authobject(challenge)` each
        further response, as str or bytes before base64 (RFC 4954 section 4). It may be a coroutine
        function. Raises SMTPAuthenticationError for any other reply.
        """
        return await self.run(
            "auth", mechanism, authobject, initial_response_ok=initial_response_ok
        )
