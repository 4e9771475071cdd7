"""`SMTP`: in place of smtplib's, the same in all that a program sees; and observed.

Signatures, values, exceptions and what goes over the wire are those of the running Python's
smtplib, so are the differences between its versions. What they do is written in procedures.py,
transactions.py and security.py; here each step is carried out on a blocking socket. A procedure
calls another by running the method of that name, and writes and reads by `send` and `getreply`,
so that what a subclass overrides counts.

Beyond smtplib: `transcript` and `subscribe`. On purpose otherwise: TLS is verified unless a
context says otherwise, and debug output masks what AUTH sends.
"""

from __future__ import annotations

import datetime
import socket
import ssl
import sys
import time
from collections.abc import Callable, Sequence
from smtplib import (
    SMTP_PORT,
    SMTPConnectError,
    SMTPResponseException,
    SMTPServerDisconnected,
)
from typing import TYPE_CHECKING, Any, Self

from . import procedures, security, transactions
from .conversation import Conversation
from .dial import explained, shown_address
from .events import Cause, Connected, Disconnected
from .extensions import features
from .hostname import own_name
from .states import State
from .steps import LOCAL_HOSTNAME, NONCE, Ask, Call, Expect, Manner, Procedure, Send, StartTls, Step
from .transcript import Subscriber, Transcript
from .wire import Wire

if TYPE_CHECKING:
    from email.message import Message

MAXLINE = 8192  # octets of a reply line
_now = time.monotonic
_LOWER = sys.version_info >= (3, 13)
SMTPLIB = Manner(
    smtplib=True,
    mail="mail from:" if _LOWER else "mail FROM:",
    rcpt="rcpt to:" if _LOWER else "rcpt TO:",
    pipelining=False,
    each_recipient=False,
)
_ORDER = ("CRAM-MD5", "PLAIN", "LOGIN")  # smtplib's; ours come behind them
_BEYOND = ("SCRAM-SHA-256", "SCRAM-SHA-1")
Answer = tuple[int, bytes]


class SMTP:
    """A connection to an SMTP server; see smtplib.SMTP for what each method does."""

    debuglevel = 0
    sock: Any = None
    file: Any = None
    helo_resp: bytes | None = None
    ehlo_msg = "ehlo"
    ehlo_resp: bytes | None = None
    does_esmtp = False
    default_port = SMTP_PORT
    manner = SMTPLIB
    lmtp = False

    def __init__(
        self,
        host: str = "",
        port: int = 0,
        local_hostname: str | None = None,
        timeout: Any = socket._GLOBAL_DEFAULT_TIMEOUT,  # type: ignore[attr-defined]
        source_address: tuple[str, int] | None = None,
    ) -> None:
        self._host = host
        self.timeout = timeout
        self.esmtp_features: dict[str, str] = {}
        self.command_encoding = "ascii"
        self.source_address = source_address
        self.user = self.password = ""
        self._auth_challenge_count = 0
        self._conversation = Conversation()
        self._wire: Wire | None = None
        self._stands = False  # between Connected and Disconnected
        self._tls: Any = None  # what the last handshake showed
        self._met: Any = (None, "")  # the same, and the name looked for, once it is noted
        if host:
            code, text = self.connect(host, port)
            if code != 220:
                self.close()
                raise SMTPConnectError(code, text)
        self.local_hostname = own_name() if local_hostname is None else local_hostname

    # Watching

    @property
    def transcript(self) -> Transcript:
        """What crossed the wire, of the present connection or the last one."""
        return self._conversation.transcript

    def subscribe(self, callback: Subscriber, *, blocks: bool = False) -> Callable[[], None]:
        """`Transcript.subscribe`, which lasts over reconnections."""
        return self.transcript.subscribe(callback, blocks=blocks)

    @property
    def tls(self) -> bool:
        return self._conversation.tls

    def set_debuglevel(self, debuglevel: int) -> None:
        """1 prints what is sent and received to standard error, 2 with the time of day."""
        self.debuglevel = debuglevel

    def _print_debug(self, *args: Any) -> None:
        if self.debuglevel > 1:
            args = (datetime.datetime.now().time(), *args)
        print(*args, file=sys.stderr)  # noqa: T201 (what set_debuglevel asks for)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *args: object) -> None:
        try:
            code, message = self.docmd("QUIT")
            if code != 221:
                raise SMTPResponseException(code, message)
        except SMTPServerDisconnected:
            pass
        finally:
            self.close()

    # The connection

    def connect(
        self,
        host: str = "localhost",
        port: int | str = 0,
        source_address: tuple[str, int] | None = None,
    ) -> Answer:
        if source_address:
            self.source_address = source_address
        if not port and (host.find(":") == host.rfind(":")):
            at = host.rfind(":")
            if at >= 0:
                host, port = host[:at], host[at + 1 :]
                try:
                    port = int(port)
                except ValueError:
                    raise OSError("nonnumeric port") from None
        if not port:
            port = self.default_port
        sys.audit("smtplib.connect", self, host, port)
        self._host = self._host or host
        self._begin()
        try:
            self.sock = self._get_socket(host, port, self.timeout)
        except OSError as error:
            if self._conversation.state is not State.CLOSED:
                self._failed(error, f"{host}:{port}")
            raise
        return self._greeted(f"{host}:{port}")

    def _get_socket(self, host: str, port: Any, timeout: Any) -> Any:
        if timeout is not None and not timeout:
            raise ValueError("Non-blocking socket (timeout=0) is not supported")
        if self.debuglevel > 0:
            self._print_debug("connect: to", (host, port), self.source_address)
        return socket.create_connection((host, port), timeout, self.source_address)

    def _begin(self) -> None:
        """A new connection has a transcript of its own, with the subscribers of the last."""
        if self.transcript.sequence:
            self._conversation = Conversation(Transcript(heard_by=self.transcript))

    def _greeted(self, peer: str) -> Answer:
        """The socket stands: note it, and read the greeting."""
        self.file = None
        if not self._stands:
            self._note_connected(peer)
        code, text = self.getreply()
        if self.debuglevel > 0:
            self._print_debug("connect:", repr(text))
        return code, text

    def _note_connected(self, peer: str) -> None:
        def address(name: str) -> str:
            try:
                return shown_address(getattr(self.sock, name)())
            except (OSError, AttributeError):
                return ""

        self._conversation.note(
            Connected(_now(), peer, address("getpeername"), address("getsockname"))
        )
        self._wire = None
        self._stands = True
        self._wired()

    def _wired(self) -> Wire:
        """The wire over the present socket; a program may have put another in its place."""
        wire = self._wire
        if wire is None or wire.sock is not self.sock:
            wire = self._wire = Wire(self.sock, self._conversation)
            if isinstance(self.sock, ssl.SSLSocket) and not self._conversation.tls:
                self._note_tls()
        return wire

    def _note_tls(self) -> None:
        from .tls import started

        seen, self._tls = self._tls, None
        self._met = seen, self._host
        self._conversation.note(started(self.sock, seen, None, self._host, _now()))

    def _failed(self, error: OSError, where: str) -> None:
        """Note that there is no connection, and why."""
        found = explained(error, where)
        self._conversation.note(Disconnected(_now(), found.cause, found.detail))

    def _over(self, cause: Cause, detail: str) -> None:
        """Note, once, why the connection is over."""
        if self._stands:
            self._stands = False
            self._conversation.note(Disconnected(_now(), cause, detail))

    def close(self) -> None:
        sock, self.sock = self.sock, None
        self.file = None
        if sock:
            self._over(Cause.CLOSED_BY_CLIENT, "closed by us")
            sock.close()

    # Lines

    def send(self, s: str | bytes) -> None:
        """Send `s` to the server: str in `command_encoding`, bytes as they are."""
        if self.debuglevel > 0:
            self._print_debug("send:", repr(self._shown(s)))
        if not self.sock:
            raise SMTPServerDisconnected("please run connect() first")
        if isinstance(s, str):
            s = s.encode(self.command_encoding)
        sys.audit("smtplib.send", self, s)
        try:
            self._wired().write(s)
        except OSError as error:
            self._end(error)
            raise SMTPServerDisconnected("Server not connected") from error

    def _shown(self, s: str | bytes) -> str | bytes:
        if isinstance(s, bytes):
            return self._conversation.mask_next(s)
        octets = s.encode(errors="surrogatepass")
        masked = self._conversation.mask_next(octets)
        return s if masked == octets else masked.decode(errors="replace")

    def putcmd(self, cmd: str, args: str = "") -> None:
        """Send a command. Raises ValueError for CR or LF in it."""
        line = cmd if args == "" else f"{cmd} {args}"
        if "\r" in line or "\n" in line:
            shown = line.replace("\n", "\\n").replace("\r", "\\r")
            raise ValueError(
                f"command and arguments contain prohibited newline characters: {shown}"
            )
        self.send(f"{line}\r\n")

    def getreply(self) -> Answer:
        """The next reply: (code, -1 if it is no number; text, its lines joined by LF)."""
        lines: list[bytes] = []
        wire = self._wired()
        while True:
            try:
                line = wire.readline(MAXLINE + 1)
            except OSError as error:
                self._end(error)
                raise SMTPServerDisconnected(f"Connection unexpectedly closed: {error}") from error
            if not line:
                self._end(None)
                raise SMTPServerDisconnected("Connection unexpectedly closed")
            if self.debuglevel > 0:
                self._print_debug("reply:", repr(self.transcript.secrets.mask(line)))
            if len(line) > MAXLINE:
                self.close()
                raise SMTPResponseException(500, "Line too long.")
            lines.append(line[4:].strip(b" \t\r\n"))
            try:
                code = int(line[:3])
            except ValueError:
                code = -1
                break
            if line[3:4] != b"-":
                break
        text = lines[0] if len(lines) == 1 else b"\n".join(lines)
        if self.debuglevel > 0:
            shown = self.transcript.secrets.mask(text)
            self._print_debug(f"reply: retcode ({code}); Msg: {shown!a}")
        return code, text

    def _end(self, error: OSError | None) -> None:
        """The connection broke: note why, and close."""
        if error is None:
            self._over(Cause.CLOSED_BY_SERVER, "the server closed the connection")
        elif isinstance(error, TimeoutError):
            self._over(Cause.TIMED_OUT, "no answer in time")
        elif isinstance(error, ConnectionError):
            self._over(Cause.RESET, "the server reset the connection")
        elif isinstance(error, ssl.SSLError) and self._conversation.tls:
            # In TLS 1.3 a server says only now that it does not like the client's certificate.
            from .tls import failed

            seen, host = self._met
            fact = failed(error, seen, host, _now())
            self._conversation.note(fact)
            self._over(Cause.TLS_FAILED, fact.detail)
        else:
            self._over(Cause.OTHER, str(error))
        self.close()

    # Running procedures

    def _run(self, procedure: Procedure) -> Any:
        value: Any = None
        error: BaseException | None = None
        while True:
            try:
                step = procedure.send(value) if error is None else procedure.throw(error)
            except StopIteration as over:
                return over.value
            value = error = None
            try:
                if type(step) is Send:
                    data = step.data
                    self.send(data if step.verb == "." else data.decode(self.command_encoding))
                elif type(step) is Expect:
                    value = self.getreply()
                else:
                    value = self._do(step)
            except BaseException as raised:
                error = raised

    def _do(self, step: Step) -> Any:
        match step:
            case Call(name=name, arguments=arguments, keywords=keywords):
                return getattr(self, name)(*arguments, **keywords)
            case Ask(what=what, of=None):
                return self._of_ours(what)
            case Ask(of=of):
                assert of is not None
                return of()
            case StartTls(tls=tls):
                self._handshake(*tls)
            case _:  # Remark
                if self.debuglevel > 0:
                    self._print_debug(*step.words)  # type: ignore[attr-defined]
        return None

    def _of_ours(self, what: str) -> str:
        if what == LOCAL_HOSTNAME:
            return self.local_hostname
        assert what == NONCE
        import secrets

        return secrets.token_urlsafe(24)

    def docmd(self, cmd: str, args: str = "") -> Answer:
        return self._run(procedures.docmd(self, cmd, args))

    def helo(self, name: str = "") -> Answer:
        code, text = self._run(procedures.helo(self, name))
        self.helo_resp = text
        return code, text

    def ehlo(self, name: str = "") -> Answer:
        self.esmtp_features = {}
        code, text = self._run(procedures.ehlo(self, name))
        self.ehlo_resp = text
        if code == 250:
            self.does_esmtp = True
            self.esmtp_features.update(features(text))
        return code, text

    def has_extn(self, opt: str) -> bool:
        return opt.lower() in self.esmtp_features

    def help(self, args: str = "") -> bytes:
        return self._run(procedures.help(self, args))

    def rset(self) -> Answer:
        self.command_encoding = "ascii"
        return self._run(procedures.rset(self))

    def noop(self) -> Answer:
        return self._run(procedures.noop(self))

    def mail(self, sender: str, options: Sequence[str] = ()) -> Answer:
        international = self.does_esmtp and any(o.lower() == "smtputf8" for o in options)
        if international and self.has_extn("smtputf8"):
            self.command_encoding = "utf-8"
        return self._run(transactions.mail(self, sender, options))

    def rcpt(self, recip: str, options: Sequence[str] = ()) -> Answer:
        return self._run(transactions.rcpt(self, recip, options))

    def data(self, msg: str | bytes) -> Answer:
        return self._run(transactions.data(self, msg))

    def verify(self, address: str) -> Answer:
        return self._run(procedures.verify(self, address))

    vrfy = verify

    def expn(self, address: str) -> Answer:
        return self._run(procedures.expn(self, address))

    def ehlo_or_helo_if_needed(self) -> None:
        self._run(procedures.ehlo_or_helo_if_needed(self))

    def sendmail(
        self,
        from_addr: str,
        to_addrs: str | Sequence[str],
        msg: str | bytes,
        mail_options: Sequence[str] = (),
        rcpt_options: Sequence[str] = (),
    ) -> dict[str, Answer]:
        return self._run(
            transactions.sendmail(self, from_addr, to_addrs, msg, mail_options, rcpt_options)
        )

    def send_message(
        self,
        msg: Message,
        from_addr: str | None = None,
        to_addrs: str | Sequence[str] | None = None,
        mail_options: Sequence[str] = (),
        rcpt_options: Sequence[str] = (),
    ) -> dict[str, Answer]:
        return self._run(
            transactions.send_message(self, msg, from_addr, to_addrs, mail_options, rcpt_options)
        )

    def quit(self) -> Answer:
        reply = self.docmd("quit")
        self._forget()
        self.close()
        return reply

    def _forget(self) -> None:
        """What was learnt of the server is void."""
        self.ehlo_resp = self.helo_resp = None
        self.esmtp_features = {}
        self.does_esmtp = False

    # AUTH

    def auth(
        self,
        mechanism: str,
        authobject: Callable[..., Any],
        *,
        initial_response_ok: bool = True,
    ) -> Answer:
        def counted(*challenge: bytes) -> Any:
            if challenge:
                self._auth_challenge_count += 1
                return authobject(*challenge)
            response = authobject()
            self._auth_challenge_count = 0 if response is None else 1
            return response

        if not initial_response_ok:
            self._auth_challenge_count = 0
        return self._run(
            security.auth(self, mechanism, counted, initial_response_ok=initial_response_ok)
        )

    def auth_cram_md5(self, challenge: bytes | None = None) -> str | None:
        """RFC 2195: HMAC-MD5 of the challenge, with the password as key."""
        if challenge is None:
            return None
        import hmac

        digest = hmac.HMAC(self.password.encode("ascii"), challenge, "md5").hexdigest()
        return f"{self.user} {digest}"

    def auth_plain(self, challenge: bytes | None = None) -> str:
        """RFC 4616."""
        return f"\0{self.user}\0{self.password}"

    def auth_login(self, challenge: bytes | None = None) -> str:
        """The user, then the password."""
        if challenge is None or self._auth_challenge_count < 2:
            return self.user
        return self.password

    def login(self, user: str, password: str, *, initial_response_ok: bool = True) -> Answer:
        self.user, self.password = user, password
        self.transcript.secrets.add(password.encode("utf-8", "surrogateescape"))
        return self._run(
            security.login(self, self._mechanisms, initial_response_ok=initial_response_ok)
        )

    def _mechanisms(self, offered: list[str]) -> list[tuple[str, Callable[..., Any]]]:
        """What of it to try: smtplib's own in its order, then those that it does not know."""
        found: list[tuple[str, Callable[..., Any]]] = [
            (name, getattr(self, f"auth_{name.lower().replace('-', '_')}"))
            for name in _ORDER
            if name in offered
        ]
        return found + [(name, self._beyond(name)) for name in _BEYOND if name in offered]

    def _beyond(self, mechanism: str) -> Callable[..., Any]:
        from .sasl import Credentials, answering
        from .secret import Secret

        secret = Secret(self.password.encode("utf-8", "surrogateescape"))
        return answering(mechanism, Credentials(self.user, secret), self._of_ours(NONCE))

    # TLS

    if sys.version_info >= (3, 12):

        def starttls(self, *, context: Any = None) -> Answer:
            return self._starttls(None, None, context)
    else:

        def starttls(
            self, keyfile: Any = None, certfile: Any = None, context: Any = None
        ) -> Answer:
            return self._starttls(keyfile, certfile, context)

    def _starttls(self, *tls: Any) -> Answer:
        reply = self._run(security.starttls(self, tls))
        self._forget()
        return reply

    def _handshake(self, keyfile: Any, certfile: Any, context: Any) -> None:
        from .smtp_ssl import context_of, wrapped

        context, self._tls = context_of(keyfile, certfile, context, 5)
        if self._wire is not None:
            self._wire.discard()
        self.sock = wrapped(self, context)
        self.file = None
        self._wired()
