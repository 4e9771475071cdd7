"""`SMTP`: an observed drop-in replacement for smtplib.SMTP, with the same behaviour.

Signatures, values, exceptions and the data on the wire are those of the running Python's smtplib,
including the differences between its versions. The files in session/procedures define what the
methods do; here each step is carried out on a blocking connection. A procedure calls another by
running the method of that name, and writes and reads through `putcmd`, `send` and `getreply`, so
that what a subclass overrides takes effect.

Beyond smtplib's interface, it has `transcript`, `conversation`, `tls` and `subscribe`, and
`sendmail` returns a SendResult. Some things deliberately differ: TLS certificates are verified
unless a context says otherwise, debug output masks the responses of AUTH, a `local_hostname` that
cannot be sent is replaced by the address of the connection, and an interruption closes the
connection (procedure_runner.py).
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
        """Send HELO, and return (code, text) (RFC 5321 section 4.1.1.1).

        `name` defaults to `local_hostname`.
        """
        code, text = self._run(procedures.helo(self, name))
        self.helo_resp = text
        return code, text

    def ehlo(self, name: str = "") -> Answer:
        """Send EHLO, or LHLO in LMTP, and return (code, text) (RFC 5321 section 4.1.1.1).

        The extensions in the reply are stored in `esmtp_features`, which maps each keyword, in
        lower case, to its parameters.
        """
        self.esmtp_features = {}
        code, text = self._run(procedures.ehlo(self, name))
        self._learn(code, text)
        return code, text

    def _learn(self, code: int, text: bytes) -> None:
        """Store what the reply to EHLO, or LHLO, says about the server."""
        self.ehlo_resp = text
        if code == 250:
            self.does_esmtp = True
            self.esmtp_features.update(features(text))

    def has_extn(self, opt: str) -> bool:
        """Return whether the last EHLO reply listed the keyword `opt` (case-insensitive)."""
        return opt.lower() in self.esmtp_features

    def help(self, args: str = "") -> bytes:
        """Send HELP, and return the text of the reply (RFC 5321 section 4.1.1.8)."""
        return self._run(procedures.help(self, args))

    def rset(self) -> Answer:
        """Send RSET to abort the mail transaction, and return (code, text).

        See RFC 5321 section 4.1.1.5.
        """
        self.command_encoding = "ascii"
        return self.docmd("rset")

    def _rset(self) -> None:
        """Send RSET, ignoring a lost connection, which the next command reports.

        smtplib has this method for its own use.
        """
        with contextlib.suppress(SMTPServerDisconnected):
            self.rset()

    def noop(self) -> Answer:
        """Send NOOP, and return (code, text) (RFC 5321 section 4.1.1.9)."""
        return self.docmd("noop")

    def mail(self, sender: str, options: Sequence[str] = ()) -> Answer:
        """Send MAIL FROM, with parameters exactly as given, and return (code, text).

        Raises SMTPNotSupportedError if SMTPUTF8 is needed but not offered (RFC 6531).
        """
        international = self.does_esmtp and any(o.lower() == "smtputf8" for o in options)
        if international and self.has_extn("smtputf8"):
            self.command_encoding = "utf-8"
        return self._run(envelope.mail(self, sender, options))

    def rcpt(self, recip: str, options: Sequence[str] = ()) -> Answer:
        """Send RCPT TO for one recipient, and return (code, text) (RFC 5321 section 4.1.1.3)."""
        return self._run(envelope.rcpt(self, recip, options))

    def data(self, msg: ReadableBuffer | str) -> Answer:
        """Send DATA, the message with its dots doubled, and the final dot. Return the last reply.

        The line endings of a str are changed to CRLF; bytes are sent as they are. Raises
        SMTPDataError if the reply to DATA is not 354 (RFC 5321 section 4.1.1.4).
        """
        return self._run(body.data(self, cast(Any, msg)))  # any buffer, as with smtplib

    def verify(self, address: str) -> Answer:
        """Send VRFY, and return (code, text) (RFC 5321 section 3.5.3).

        A 252 reply neither confirms nor denies that the address exists.
        """
        return self._run(procedures.verify(self, address))

    vrfy = verify

    def expn(self, address: str) -> Answer:
        """Send EXPN for a mailing list, and return (code, text) (RFC 5321 section 3.5.2)."""
        return self._run(procedures.expn(self, address))

    def ehlo_or_helo_if_needed(self) -> None:
        """Send EHLO unless the server has already been greeted, and HELO if EHLO is refused.

        Raises SMTPHeloError if both are refused.
        """
        self._run(procedures.ehlo_or_helo_if_needed(self))

    def sendmail(
        self,
        from_addr: str,
        to_addrs: str | Sequence[str],
        msg: SizedBuffer | str,
        mail_options: Sequence[str] = (),
        rcpt_options: Sequence[str] = (),
    ) -> SendResult:
        """Send one message to several recipients, and return a dictionary of those refused.

        The dictionary maps each refused recipient to (code, text). It is a SendResult, which also
        holds the accepted recipients, the final reply and the server's queue ID.

        Raises SMTPHeloError, SMTPSenderRefused, SMTPRecipientsRefused if all recipients are
        refused, SMTPDataError or SMTPNotSupportedError. The connection stays open.
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
        """Send an email.message.Message, as `sendmail` does.

        If no envelope is given, it is taken from the header fields.
        """
        return self._run(
            sending.send_message(self, msg, from_addr, to_addrs, mail_options, rcpt_options)
        )

    def quit(self) -> Answer:
        """Send QUIT, then close the connection, and return (code, text).

        See RFC 5321 section 4.1.1.10.
        """
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
        """Perform AUTH with one mechanism, and return the final reply as (code, text) (RFC 4954).

        `authobject()` returns the initial response or None, and `authobject(challenge)` each
        further response, before base64. The code of the final reply is 235 or 503. Raises
        SMTPAuthenticationError for any other reply.
        """

        if not initial_response_ok:
            self._auth_challenge_count = 0
        counted = self._counted(authobject)
        return self._run(
            security.auth(self, mechanism, counted, initial_response_ok=initial_response_ok)
        )

    def _counted(self, authobject: AuthObject) -> AuthObject:
        """Return a function that calls `authobject`, and counts the challenges passed to it.

        `auth_login` needs the count.
        """

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
        """Return the CRAM-MD5 response (RFC 2195), or None if there is no challenge yet.

        It consists of the user name and the HMAC-MD5 of the challenge, with the password as the
        key.
        """
        if challenge is None:
            return None
        import hmac

        digest = hmac.HMAC(self.password.encode("ascii"), challenge, "md5").hexdigest()
        return f"{self.user} {digest}"

    def auth_plain(self, challenge: ReadableBuffer | None = None) -> str:
        """Return the PLAIN response (RFC 4616), without an authorization identity."""
        return f"\0{self.user}\0{self.password}"

    def auth_login(self, challenge: ReadableBuffer | None = None) -> str:
        """Return the next LOGIN response: the user name, then the password."""
        if challenge is None or self._auth_challenge_count < 2:
            return self.user
        return self.password

    def login(self, user: str, password: str, *, initial_response_ok: bool = True) -> Answer:
        """Log in with an offered mechanism, and return the reply as (code, text).

        The mechanisms are tried in smtplib's order, then those that only heloscope has. As in
        smtplib, this works without TLS, too. Raises SMTPNotSupportedError if AUTH is not offered,
        SMTPAuthenticationError if all mechanisms failed, and SMTPException if none can be tried.
        """
        mechanisms = self._mechanisms(user, password, _unchanged)
        return self._run(security.login(self, mechanisms, initial_response_ok=initial_response_ok))

    def login_procedure(self, user: str, password: str) -> tuple[str, tuple[Any, ...]]:
        """Return the name and the arguments of the login procedure, for a BlockingStepper.

        The procedure does what `login` does. The password is masked in the transcript from then on.
        """
        return "login", (self._mechanisms(user, password, self._counted),)

    def _mechanisms(
        self, user: str, password: str, made: Callable[[AuthObject], AuthObject]
    ) -> Mechanisms:
        """Return a function that gives `login` the mechanisms to try, as names and authobjects.

        `made` is applied to each authobject. The password is masked in the transcript from then on.
        """
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
            """Send STARTTLS, perform the handshake, and return (code, text) (RFC 3207).

            The certificate is verified unless `context` says otherwise. Raises
            SMTPNotSupportedError if STARTTLS is not offered, SMTPResponseException if it is
            refused, or an OSError of the handshake such as ssl.SSLError.
            """
            return self._starttls(None, None, context)
    else:

        def starttls(
            self, keyfile: StrOrBytesPath | None = None, certfile: StrOrBytesPath | None = None,
            context: ssl.SSLContext | None = None,
        ) -> Answer:  # fmt: skip
            """Send STARTTLS, perform the handshake, and return (code, text) (RFC 3207).

            The certificate is verified unless `context` says otherwise. Raises
            SMTPNotSupportedError if STARTTLS is not offered, SMTPResponseException if it is
            refused, or an OSError of the handshake such as ssl.SSLError.
            """
            return self._starttls(keyfile, certfile, context)

    def _starttls(self, *tls: Any) -> Answer:
        reply = self._run(security.starttls(self, tls))
        self._forget()
        return reply


def _unchanged(authobject: AuthObject) -> AuthObject:
    return authobject
