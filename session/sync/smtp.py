"""`SMTP`: an observed drop-in replacement for smtplib's, with the same behaviour for programs.

Signatures, values, exceptions and the data on the wire are those of the running Python's smtplib,
including the differences between its versions. What they do is written in procedures.py and the
files that it names; here each step is carried out on a blocking connection. A procedure calls
another by running the method of that name, and writes and reads by `putcmd`, `send` and `getreply`,
so that what a subclass overrides counts.

Beyond smtplib: `transcript`, `conversation`, `tls`, `subscribe`, and what `sendmail` returns. On
purpose otherwise: TLS is verified unless a context says otherwise, debug output masks the responses
of AUTH, a `local_hostname` that cannot be sent is replaced by the address of the connection, and an
interruption closes the connection (procedure_runner.py).
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Sequence
from smtplib import SMTPConnectError, SMTPResponseException, SMTPServerDisconnected
from typing import TYPE_CHECKING, Any, Self, cast, overload

from ..net.hostname import own_name
from ..procedures import envelope
from ..procedures import message as body
from ..procedures import registry as procedures
from ..procedures import send_message as sending
from ..procedures import starttls_auth as security
from ..procedures import transaction as transactions
from ..procedures.send_result import SendResult
from ..procedures.steps import NONCE, Manner
from ..protocol.ehlo_keywords import features
from .connection import DEFAULT_TIMEOUT
from .procedure_runner import ProcedureRunner

if TYPE_CHECKING:
    import ssl
    from email.message import Message

    from _typeshed import ReadableBuffer, SizedBuffer, StrOrBytesPath

    from .connection import Address, Answer

_LOWER = sys.version_info >= (3, 13)
SMTPLIB = Manner(
    smtplib=True,
    mail="mail from:" if _LOWER else "mail FROM:",
    rcpt="rcpt to:" if _LOWER else "rcpt TO:",
    pipelining=False,
    by_methods=True,
)
AuthObject = Callable[..., Any]
Mechanisms = Callable[[list[str], bool], list[tuple[str, AuthObject]]]
_ORDER = ("CRAM-MD5", "PLAIN", "LOGIN")  # smtplib's; ours come after them
_BEYOND = ("SCRAM-SHA-256", "SCRAM-SHA-1")


class SMTP(ProcedureRunner):
    """A connection to an SMTP server; see smtplib.SMTP for what each method does."""

    helo_resp: bytes | None = None
    ehlo_msg = "ehlo"
    ehlo_resp: bytes | None = None
    does_esmtp = False
    user: str
    password: str
    manner = SMTPLIB
    lmtp = False

    def __init__(
        self,
        host: str = "",
        port: int = 0,
        local_hostname: str | None = None,
        timeout: float | None = DEFAULT_TIMEOUT,
        source_address: Address | None = None,
    ) -> None:
        super().__init__(host, timeout, source_address)
        self.esmtp_features: dict[str, str] = {}
        self._auth_challenge_count = 0
        if host:
            code, text = self.connect(host, port)
            if code != 220:
                self.close()
                raise SMTPConnectError(code, text)
        self.local_hostname = own_name() if local_hostname is None else local_hostname

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

    def helo(self, name: str = "") -> Answer:
        """HELO; `name` defaults to `local_hostname`. Returns (code, text) (RFC 5321 4.1.1.1)."""
        code, text = self._run(procedures.helo(self, name))
        self.helo_resp = text
        return code, text

    def ehlo(self, name: str = "") -> Answer:
        """EHLO, or LHLO in LMTP (RFC 5321 section 4.1.1.1). Returns (code, text).

        What it lists is in `esmtp_features`: keyword in lower case -> parameters.
        """
        self.esmtp_features = {}
        code, text = self._run(procedures.ehlo(self, name))
        self._learn(code, text)
        return code, text

    def _learn(self, code: int, text: bytes) -> None:
        """Store the server's properties from the reply to EHLO."""
        self.ehlo_resp = text
        if code == 250:
            self.does_esmtp = True
            self.esmtp_features.update(features(text))

    def has_extn(self, opt: str) -> bool:
        """Whether the last EHLO reply listed the keyword `opt`, in any case."""
        return opt.lower() in self.esmtp_features

    def help(self, args: str = "") -> bytes:
        """HELP. Returns the text of the reply (RFC 5321 section 4.1.1.8)."""
        return self._run(procedures.help(self, args))

    def rset(self) -> Answer:
        """RSET, which ends a mail transaction. Returns (code, text) (RFC 5321 section 4.1.1.5)."""
        self.command_encoding = "ascii"
        return self.docmd("rset")

    def _rset(self) -> None:
        """RSET whose failure shows at the next command; smtplib has it for its own use."""
        with contextlib.suppress(SMTPServerDisconnected):
            self.rset()

    def noop(self) -> Answer:
        """NOOP. Returns (code, text) (RFC 5321 section 4.1.1.9)."""
        return self.docmd("noop")

    def mail(self, sender: str, options: Sequence[str] = ()) -> Answer:
        """MAIL FROM, with parameters exactly as sent. Returns (code, text).

        Raises SMTPNotSupportedError for SMTPUTF8 where it is not offered (RFC 6531).
        """
        international = self.does_esmtp and any(o.lower() == "smtputf8" for o in options)
        if international and self.has_extn("smtputf8"):
            self.command_encoding = "utf-8"
        return self._run(envelope.mail(self, sender, options))

    def rcpt(self, recip: str, options: Sequence[str] = ()) -> Answer:
        """RCPT TO one recipient. Returns (code, text) (RFC 5321 section 4.1.1.3)."""
        return self._run(envelope.rcpt(self, recip, options))

    def data(self, msg: ReadableBuffer | str) -> Answer:
        """DATA, the message with its dots doubled, and the final dot. Returns that reply.

        Line ends of a str are made CRLF, bytes go out as they are. Raises SMTPDataError unless
        DATA is answered with 354 (RFC 5321 section 4.1.1.4).
        """
        return self._run(body.data(self, cast(Any, msg)))  # any buffer, as with smtplib

    def verify(self, address: str) -> Answer:
        """VRFY. Returns (code, text); 252 neither confirms nor denies (RFC 5321 section 3.5.3)."""
        return self._run(procedures.verify(self, address))

    vrfy = verify

    def expn(self, address: str) -> Answer:
        """EXPN of a mailing list. Returns (code, text) (RFC 5321 section 3.5.2)."""
        return self._run(procedures.expn(self, address))

    def ehlo_or_helo_if_needed(self) -> None:
        """EHLO unless the server was greeted, then HELO. Raises SMTPHeloError when both fail."""
        self._run(procedures.ehlo_or_helo_if_needed(self))

    def sendmail(
        self,
        from_addr: str,
        to_addrs: str | Sequence[str],
        msg: SizedBuffer | str,
        mail_options: Sequence[str] = (),
        rcpt_options: Sequence[str] = (),
    ) -> SendResult:
        """One message to several recipients. Returns {recipient: (code, text)} of the refused.

        The dictionary is a SendResult, which also has the accepted recipients, the final reply
        and the server's queue ID.

        Raises SMTPHeloError, SMTPSenderRefused, SMTPRecipientsRefused (all of them),
        SMTPDataError, SMTPNotSupportedError; the connection stays open.
        """
        how = mail_options, rcpt_options
        return self._run(transactions.sendmail(self, from_addr, to_addrs, cast(Any, msg), *how))

    def send_message(
        self,
        msg: Message,
        from_addr: str | None = None,
        to_addrs: str | Sequence[str] | None = None,
        mail_options: Sequence[str] = (),
        rcpt_options: Sequence[str] = (),
    ) -> SendResult:
        """`sendmail` of an email.message.Message; the envelope is that of its header by default."""
        return self._run(
            sending.send_message(self, msg, from_addr, to_addrs, mail_options, rcpt_options)
        )

    def quit(self) -> Answer:
        """QUIT, then close. Returns (code, text) (RFC 5321 section 4.1.1.10)."""
        reply = self.docmd("quit")
        self._forget()
        self.close()
        return reply

    def _forget(self) -> None:
        """Discard everything learned about the server."""
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
        """AUTH with one mechanism, to its final reply (RFC 4954). Returns (code, text), 235 or 503.

        `authobject()` gives the initial response or None, `authobject(challenge)` each further
        one, before base64. Raises SMTPAuthenticationError.
        """

        if not initial_response_ok:
            self._auth_challenge_count = 0
        counted = self._counted(authobject)
        return self._run(
            security.auth(self, mechanism, counted, initial_response_ok=initial_response_ok)
        )

    def _counted(self, authobject: AuthObject) -> AuthObject:
        """`authobject` with its challenges counted, as `auth_login` needs it."""

        def counted(*challenge: bytes) -> Any:
            if challenge:
                self._auth_challenge_count += 1
                return authobject(*challenge)
            response = authobject()
            self._auth_challenge_count = 0 if response is None else 1
            return response

        return counted

    @overload
    def auth_cram_md5(self, challenge: None = None) -> None: ...
    @overload
    def auth_cram_md5(self, challenge: ReadableBuffer) -> str: ...
    def auth_cram_md5(self, challenge: ReadableBuffer | None = None) -> str | None:
        """CRAM-MD5 (RFC 2195): HMAC-MD5 of the challenge, with the password as key."""
        if challenge is None:
            return None
        import hmac

        digest = hmac.HMAC(self.password.encode("ascii"), challenge, "md5").hexdigest()
        return f"{self.user} {digest}"

    def auth_plain(self, challenge: ReadableBuffer | None = None) -> str:
        """PLAIN (RFC 4616): no authorization identity, user and password."""
        return f"\0{self.user}\0{self.password}"

    def auth_login(self, challenge: ReadableBuffer | None = None) -> str:
        """LOGIN: the user, then the password."""
        if challenge is None or self._auth_challenge_count < 2:
            return self.user
        return self.password

    def login(self, user: str, password: str, *, initial_response_ok: bool = True) -> Answer:
        """Log in with an offered mechanism, in smtplib's order, ours after it. Returns the reply.

        Also without TLS, as smtplib does. Raises SMTPNotSupportedError without AUTH,
        SMTPAuthenticationError when all failed, SMTPException when none can be tried.
        """
        mechanisms = self._mechanisms(user, password, _unchanged)
        return self._run(security.login(self, mechanisms, initial_response_ok=initial_response_ok))

    def login_procedure(self, user: str, password: str) -> tuple[str, tuple[Any, ...]]:
        """(name, arguments) of the procedure that logs in as `login` does: for a BlockingStepper.

        From now on the password is masked in the transcript.
        """
        return "login", (self._mechanisms(user, password, self._counted),)

    def _mechanisms(
        self, user: str, password: str, made: Callable[[AuthObject], AuthObject]
    ) -> Mechanisms:
        """What the procedure `login` asks for the mechanisms to try; `made` of each authobject."""
        self.transcript.secrets.add(password.encode("utf-8", "surrogateescape"))

        def mechanisms(offered: list[str], _: bool) -> list[tuple[str, AuthObject]]:
            known = [name for name in (*_ORDER, *_BEYOND) if name in offered]
            if known:
                self.user, self.password = user, password
            return [(name, made(self._authobject(name))) for name in known]

        return mechanisms

    def _authobject(self, mechanism: str) -> AuthObject:
        if mechanism in _ORDER:  # looked up, as a subclass may have its own
            return getattr(self, f"auth_{mechanism.lower().replace('-', '_')}")
        from ..sasl.mechanisms import Credentials, authobject
        from ..secret import Secret

        secret = Secret(self.password.encode("utf-8", "surrogateescape"))
        return authobject(mechanism, Credentials(self.user, secret), self._of_ours(NONCE))

    # TLS

    if sys.version_info >= (3, 12):

        def starttls(self, *, context: ssl.SSLContext | None = None) -> Answer:
            """STARTTLS and the handshake (RFC 3207), verified unless `context` says otherwise.

            Returns (code, text). Raises SMTPNotSupportedError, SMTPResponseException, and the
            OSError of the handshake, ssl.SSLError among them.
            """
            return self._starttls(None, None, context)
    else:

        def starttls(
            self, keyfile: StrOrBytesPath | None = None, certfile: StrOrBytesPath | None = None,
            context: ssl.SSLContext | None = None,
        ) -> Answer:  # fmt: skip
            """STARTTLS and the handshake (RFC 3207), verified unless `context` says otherwise.

            Returns (code, text). Raises SMTPNotSupportedError, SMTPResponseException, and the
            OSError of the handshake, ssl.SSLError among them.
            """
            return self._starttls(keyfile, certfile, context)

    def _starttls(self, *tls: Any) -> Answer:
        reply = self._run(security.starttls(self, tls))
        self._forget()
        return reply


def _unchanged(authobject: AuthObject) -> AuthObject:
    return authobject
