"""`Session`: smtplib's methods as coroutines, and the few that go beyond them.

Names, keywords, values and exceptions are smtplib's; what each does is written in procedures.py
and the files that it names, and run here on an asyncio connection. On purpose otherwise:
line ends of a message are made CRLF, commands go out in groups where the server offers
PIPELINING, TLS is verified, a password is not sent in clear unless the caller insists, and a
timeout does not close the connection.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Mapping, Sequence
from smtplib import SMTPException
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from ..errors import ConnectionLost, ReplyTimedOut
from ..procedures.content import Content, Readable
from ..procedures.envelope import RcptOptions, Refused
from ..procedures.execution import Execution
from ..procedures.steps import HELOSCOPE, Manner
from ..reply import Reply
from ..target import Target, target_of
from .performing import Performing
from .reply_waiters import Exchange

if TYPE_CHECKING:
    import ssl
    from email.message import Message

    from ..procedures.probe import Offers
    from ..sasl.mechanisms import MechanismChoice
    from ..secret import Secret

Msg = str | bytes | Readable | Content


class Session(Performing):
    """One connection to an SMTP or LMTP server, led by coroutines.

    `host` may be a `Target`, or "" to connect later. `timeout` sets all timeouts at once, in
    seconds; `timeouts` each. `tls` says how TLS is to be done. The transcript outlives the
    connection. Arguments: see Connection.
    """

    manner: Manner = HELOSCOPE

    # What procedures and programs read, under smtplib's names

    @property
    def ehlo_resp(self) -> bytes | None:
        """The text of the last EHLO or LHLO reply that was 250."""
        return self._greeted("EHLO", "LHLO")

    @property
    def helo_resp(self) -> bytes | None:
        """The text of the last HELO reply that was 250."""
        return self._greeted("HELO")

    def _greeted(self, *verbs: str) -> bytes | None:
        talk = self.conversation
        if talk.greeted_with not in verbs or talk.greeted_in is None:
            return None
        return self.transcript.reply_text(*talk.greeted_in)

    @property
    def does_esmtp(self) -> bool:
        return self.conversation.keywords is not None

    @property
    def esmtp_features(self) -> Mapping[str, str]:
        """Keyword in lower case -> its parameters, as smtplib has them."""
        keywords = self.conversation.keywords or {}
        return {keyword.lower(): " ".join(words) for keyword, words in keywords.items()}

    @property
    def command_encoding(self) -> str:
        return "utf-8" if self.conversation.has_extn("SMTPUTF8") else "ascii"

    @property
    def tls(self) -> bool:
        return self.conversation.tls

    @property
    def lmtp(self) -> bool:
        return self.target.lmtp if self.target is not None else self.conversation.lmtp

    def has_extn(self, opt: str) -> bool:
        """Whether the last EHLO reply listed `opt`, in any case."""
        return self.conversation.has_extn(opt)

    # Running procedures

    async def run(self, name: str, *arguments: Any, **keywords: Any) -> Any:
        """Run a procedure of procedures.PROCEDURES to its end. Returns its result."""
        run = Execution(lambda: self, name, arguments, keywords)
        exchange = Exchange()
        try:
            while run.step is not None:
                try:
                    answer = await self.perform(run.step, exchange)
                except BaseException as error:
                    run.throw(error)
                else:
                    run.answer(answer)
        finally:
            self.forget(exchange)
        return run.result

    # The connection

    async def connect(self, host: str | Target = "", port: int = 0) -> Reply:
        """Connect, and wait for the greeting. Returns it.

        Raises DialError (an OSError that says why and what to try), ConnectionLost, or
        ReplyTimedOut when the greeting does not come in time; then the connection stands. With
        implicit TLS also what `starttls` raises.
        """
        if host:
            self.target = target_of(host, port)
        if self.target is None:
            raise ValueError("no host to connect to")
        return await self.run("connect", self.target)

    async def __aenter__(self) -> Self:
        if self.target is not None:
            await self.connect()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is None and self.connected:
            with contextlib.suppress(ConnectionLost, ReplyTimedOut):
                await self.docmd("QUIT")
        await self.close()

    async def starttls(
        self,
        keyfile: str | None = None,
        certfile: str | None = None,
        context: ssl.SSLContext | None = None,
    ) -> Reply:
        """STARTTLS and the handshake; EHLO comes next (RFC 3207 section 4.2).

        `context` is used as it is; else `tls` of the constructor says how, with this client
        certificate if one is given. Raises SMTPNotSupportedError, SMTPResponseException, or an
        OSError of the handshake, ssl.SSLError among them: then the connection is over, and
        events.TlsFailed says why.
        """
        if context is None and (keyfile or certfile):
            import msgspec

            from ..tls.handshake import HandshakeRecord, TlsSettings, make_context

            settings = msgspec.structs.replace(
                self.tls_settings or TlsSettings(), keyfile=keyfile or "", certfile=certfile or ""
            )
            make_context(settings, HandshakeRecord())  # bad settings raise before STARTTLS
            self.tls_settings = settings
        return await self.run("starttls", context)

    # Commands

    async def docmd(self, command: str | bytes, args: str | bytes = b"") -> Reply:
        """Send a command line and wait for its reply.

        Raises ValueError for CR or LF in it (`send_raw` sends anything), ConnectionLost, or
        ReplyTimedOut, after which a late reply is still recorded.
        """
        line = command if isinstance(command, bytes) else _octets(command)
        if args:
            line += b" " + _octets(args)
        if b"\r" in line or b"\n" in line:
            raise ValueError("a command has no line end within; send_raw sends anything")
        self._write(line + b"\r\n")
        future = self._waiting.for_row(self.conversation.newest)
        if self._watchdog is None:
            self._watch()
        try:
            return await future
        except BaseException:  # cancelled, most likely: the reply will find nobody waiting
            self._waiting.forget(future)
            raise

    async def ehlo(self, name: str = "") -> Reply:
        """EHLO, or LHLO where the target speaks LMTP. `name` defaults to this host's."""
        return await self.run("ehlo", name)

    async def helo(self, name: str = "") -> Reply:
        """HELO: no extensions will be known."""
        return await self.run("helo", name)

    async def ehlo_or_helo_if_needed(self) -> None:
        """EHLO unless there was a greeting; HELO where it is refused. Raises SMTPHeloError."""
        await self.run("ehlo_or_helo_if_needed")

    async def help(self, args: str = "") -> bytes:
        """HELP. Returns its text."""
        return await self.run("help", args)

    async def noop(self) -> Reply:
        return await self.docmd(b"NOOP")

    async def rset(self) -> Reply:
        return await self.docmd(b"RSET")

    async def verify(self, address: str) -> Reply:
        """VRFY."""
        return await self.run("verify", address)

    vrfy = verify

    async def expn(self, address: str) -> Reply:
        """EXPN."""
        return await self.run("expn", address)

    async def quit(self) -> Reply:
        """QUIT, then close. Returns the reply."""
        return await self.run("quit")

    # A transaction

    async def mail(self, sender: str, options: Sequence[str] = ()) -> Reply:
        """MAIL, with options such as commands.parameters makes them."""
        return await self.run("mail", sender, options)

    async def rcpt(self, recip: str, options: Sequence[str] = ()) -> Reply:
        """RCPT."""
        return await self.run("rcpt", recip, options)

    async def data(self, msg: Msg) -> Reply:
        """DATA and the message, dots doubled. Raises SMTPDataError when it is not asked for."""
        content = msg if isinstance(msg, Content) else Content(msg)
        return await self.run("data", content)

    async def bdat(self, chunk: bytes, last: bool = False) -> Reply:
        """One chunk of a message (RFC 3030): the octets as they are."""
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
    ) -> Refused:
        """One message to several recipients; see transactions.sendmail.

        `msg` may be a binary file, read as it is sent. Returns {recipient: (code, text)} of those
        that were refused.
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
        **how: Any,
    ) -> Refused:
        """`sendmail` of an email.message.Message; `how` goes to sendmail."""
        return await self.run(
            "send_message", msg, from_addr, to_addrs, mail_options, rcpt_options, **how
        )

    async def check(
        self,
        from_addr: str,
        to_addrs: str | Sequence[str],
        mail_options: Sequence[str] = (),
        rcpt_options: RcptOptions = (),
    ) -> Refused:
        """Ask for each recipient and send nothing: {recipient: (code, text)} of all."""
        return await self.run("check", from_addr, to_addrs, mail_options, rcpt_options)

    async def probe(self, name: str = "") -> Offers:
        """What the server offers, before and after STARTTLS, which is done where it is offered."""
        return await self.run("probe", name)

    # AUTH

    def mechanisms(
        self, *, in_clear: bool = False, named: Sequence[str] = (), accepted: bool = False
    ) -> list[MechanismChoice]:
        """What `login_procedure` would try of what the server offers, and why not the rest."""
        from ..sasl.mechanisms import choose

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
        mechanism: str = "",
        authzid: str = "",
        in_clear: bool = False,
    ) -> Reply:
        """Log in with what the server offers, the strongest first, or with `mechanism` alone.

        Over a connection without TLS, a mechanism that gives the password away is used only with
        `in_clear`. Raises as security.login does; SMTPException also when only such ones are left.
        """
        await self.ehlo_or_helo_if_needed()
        name, arguments = self.login_procedure(
            user, password, mechanism=mechanism, authzid=authzid, in_clear=in_clear
        )
        return await self.run(name, *arguments, initial_response_ok=initial_response_ok)

    def login_procedure(
        self,
        user: str,
        password: str | Secret,
        *,
        mechanism: str = "",
        authzid: str = "",
        in_clear: bool = False,
        accepted: bool = False,
    ) -> tuple[str, tuple[Any, ...]]:
        """(name, arguments) of the procedure that logs in: for `run`, or for a stepper.

        With `accepted`, TLS protects no password: its certificate failed the check.
        """
        from ..sasl.mechanisms import Credentials, authobject, choose, without_initial_response
        from ..secret import Secret

        secret = password if isinstance(password, Secret) else Secret(password)
        self.transcript.secrets.add(secret.reveal())
        host, port = (self.target.host, self.target.port) if self.target else ("", 0)
        credentials = Credentials(user, secret, authzid, host, port)
        nonce = secrets.token_urlsafe(24)
        named = (mechanism,) if mechanism else ()

        def chosen(offered: list[str], encrypted: bool) -> list[tuple[str, Callable[..., Any]]]:
            choices = choose(
                offered,
                encrypted=encrypted,
                in_clear_allowed=in_clear,
                named=named,
                accepted=accepted,
            )
            if mechanism:
                choices = [choice for choice in choices if choice.mechanism == mechanism.upper()]
                if not choices:
                    raise SMTPException(
                        f"No suitable authentication method found: {mechanism} is not offered"
                    )
            tried = [choice.mechanism for choice in choices if choice.tried]
            if not tried and choices:
                raise SMTPException(
                    "No suitable authentication method found: "
                    + "; ".join(f"{choice.mechanism}: {choice.why}" for choice in choices)
                )

            answers = {name: authobject(name, credentials, nonce) for name in tried}
            if "LOGIN" in answers:  # no text says that the user may stand in the AUTH line
                answers["LOGIN"] = without_initial_response(answers["LOGIN"])
            return list(answers.items())

        return "login", (chosen,)

    async def auth(
        self, mechanism: str, authobject: Callable[..., Any], *, initial_response_ok: bool = True
    ) -> Reply:
        """AUTH with any mechanism; see security.auth. `authobject` may be a coroutine function."""
        return await self.run(
            "auth", mechanism, authobject, initial_response_ok=initial_response_ok
        )


def _octets(text: str | bytes) -> bytes:
    return text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text
