"""The procedures for STARTTLS (RFC 3207) and AUTH (RFC 4954)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, cast

from .. import raised
from ..protocol.command_syntax import COMMAND_LINE
from .steps import Ask, Call, Expect, Peer, Procedure, Send, Skipped, StartTls

if TYPE_CHECKING:
    from typing import TypeGuard

MOST_CHALLENGES = 5  # as in smtplib: more challenges are a loop
AuthObject = Callable[..., str | bytes | None]
Mechanisms = Callable[[list[str], bool], Sequence[tuple[str, AuthObject]]]


def starttls(peer: Peer, tls: Any = None) -> Procedure:
    """Send STARTTLS and perform the handshake, which discards the previous state (RFC 3207 4.2).

    The driver makes a context from `tls`. Raises SMTPNotSupportedError if STARTTLS is not offered,
    SMTPResponseException if it is refused, and the errors of the handshake.
    """
    yield Call("ehlo_or_helo_if_needed")
    if not peer.has_extn("starttls"):
        raise raised.SMTPNotSupportedError("STARTTLS extension not supported by server.")
    reply = code, text = yield Call("docmd", ("STARTTLS",))
    if code != 220:
        raise raised.SMTPResponseException(code, text)
    yield StartTls(tls)
    return reply


def secure(peer: Peer, name: str = "", *, required: bool = False) -> Procedure:
    """Send EHLO, STARTTLS if it is offered, and EHLO again over TLS. The result is the last reply.

    `name` is used as in `ehlo`. If STARTTLS is not offered, is refused or is skipped, the procedure
    ends without TLS after the first EHLO or, if TLS is `required`, raises SMTPNotSupportedError or
    SMTPResponseException. After a 421 it always raises SMTPResponseException, and closes the
    connection. Raises the errors of the handshake, and SMTPHeloError if EHLO is refused.
    """
    reply = yield Call("hello", (name,))
    if reply is not None and not 200 <= reply[0] <= 299:
        raise raised.SMTPHeloError(*reply)
    if peer.tls:
        return reply
    if not peer.has_extn("starttls"):
        if required:
            raise raised.SMTPNotSupportedError("STARTTLS extension not supported by server.")
        return reply
    try:
        yield Call("starttls")
    except (raised.SMTPResponseException, Skipped) as refusal:
        if getattr(refusal, "smtp_code", 0) == 421:
            yield Call("close")
            raise
        if required:
            raise
        return reply
    return (yield Call("ehlo", (name,)))


def auth(
    peer: Peer, mechanism: str, authobject: AuthObject, *, initial_response_ok: bool = True
) -> Procedure:
    """Send AUTH with one mechanism. The result is the final reply.

    `authobject()` returns the initial response or None, and `authobject(challenge)` returns each
    further response, as str (ASCII) or bytes, not yet in base64. A 334 that only invites the client
    to continue, such as "ntlm supported", is the challenge b"". An initial response that would make
    the command longer than 512 octets is sent after the 334 (RFC 4954 section 4), except in the
    drop-in. If the authobject returns None for a challenge, or raises an exception, AUTH is
    cancelled with `*`. Raises SMTPAuthenticationError unless the reply is 235 or 503, SMTPException
    for endless challenges, and the errors of `authobject` (a SaslError as AuthGivenUp).
    """
    from ..sasl.exchange import SaslError

    mechanism = mechanism.upper()
    initial = None
    if initial_response_ok:
        initial = yield Ask("the initial response", authobject, secret=True, assumed=b"")
    line = f"AUTH {mechanism}"
    held = ""  # the initial response, if it is too long for the command
    if initial is not None:
        response = _encoded(initial) or ("" if peer.manner.smtplib else "=")
        if peer.manner.smtplib or len(line) + 1 + len(response) + 2 <= COMMAND_LINE:
            line += f" {response}"
        else:
            held = response
    reply = code, text = yield from _say(peer, line)
    if held and code == 334:
        reply = code, text = yield from _say(peer, held, "(auth)")
    count = 0 if initial is None else 1
    while code == 334:
        response, why = yield from _response(peer, authobject, text, mechanism, count)
        if response is not None and count == MOST_CHALLENGES and not peer.manner.smtplib:
            response, why = None, _loop(code, text)
        if response is None:
            code, text = yield from _say(peer, "*", "(auth)")
            if isinstance(why, SaslError):
                raise raised.AuthGivenUp(code, text, str(why)) from why
            if why is None:
                raise raised.SMTPAuthenticationError(code, text)
            raise why
        reply = code, text = yield from _say(peer, _encoded(response), "(auth)")
        count += 1
        if count > MOST_CHALLENGES:  # smtplib counts after it has answered
            raise _loop(code, text)
    if code in (235, 503):
        return reply
    raise raised.SMTPAuthenticationError(code, text)


def _response(
    peer: Peer, authobject: AuthObject, text: bytes, mechanism: str, count: int
) -> Procedure:
    """Return a pair: the response to a challenge, and the error that prevented it, or None.

    The response is None if AUTH must be cancelled.
    """
    import base64

    from ..sasl.exchange import SaslError
    from ..sasl.mechanisms import challenge_in

    lenient = peer.manner.smtplib
    # The server waits for a response, so every error cancels AUTH; smtplib lets errors escape.
    caught: type[Exception] = SaslError if lenient else Exception
    try:
        challenge = base64.decodebytes(text) if lenient else challenge_in(text, mechanism, count)
        response = yield Ask(
            "the answer to the challenge", lambda: authobject(challenge), secret=True, assumed=b""
        )
    except caught as error:
        return None, error
    return response, None


def _loop(code: int, text: bytes) -> raised.SMTPException:
    last = repr((code, text))
    return raised.SMTPException(f"Server AUTH mechanism infinite loop. Last response: {last}")


def _encoded(response: str | bytes) -> str:
    import base64

    octets = response.encode("ascii") if isinstance(response, str) else response
    return base64.b64encode(octets).decode("ascii")


def _say(peer: Peer, line: str, verb: str = "AUTH") -> Procedure:
    """Send a line of the exchange. The result is the reply."""
    if peer.manner.by_methods:
        command, _, rest = line.partition(" ")
        return (yield Call("docmd", (command, rest) if rest else (command,)))
    yield Send(peer.manner.line(line), verb)
    return (yield Expect())


def login(
    peer: Peer, mechanisms: Mechanisms, in_turn: bool = False, *, initial_response_ok: bool = True
) -> Procedure:
    """Log in: send EHLO if needed, then try one mechanism at a time until one succeeds.

    `mechanisms(offered, tls)` returns the mechanisms to try in order, each with its authobject. If
    the server refuses the credentials, no other mechanism is tried, unless `in_turn` is true or the
    driver is the drop-in. Raises SMTPNotSupportedError if AUTH is not offered, SMTPException if
    there is no mechanism to try, CredentialsRefused if untried mechanisms are left, and the last
    SMTPAuthenticationError if all fail.
    """
    from ..sasl.exchange import SaslError

    yield Call("ehlo_or_helo_if_needed")
    if not peer.has_extn("auth"):
        raise raised.SMTPNotSupportedError("SMTP AUTH extension not supported by server.")
    chosen = mechanisms(peer.esmtp_features["auth"].split(), peer.tls)
    if not chosen:
        raise raised.SMTPException("No suitable authentication method found.")
    failed: Exception | None = None
    continues = in_turn or peer.manner.smtplib
    for number, (mechanism, authobject) in enumerate(chosen, 1):
        try:
            reply = yield Call(
                "auth", (mechanism, authobject), {"initial_response_ok": initial_response_ok}
            )
            if reply[0] in (235, 503):
                return reply
        except (raised.SMTPAuthenticationError, SaslError) as error:
            failed = error  # SaslError: this mechanism cannot carry these credentials
            if not peer.manner.smtplib and getattr(error, "smtp_code", 0) == 421:
                yield Call("close")
                raise
            untried = tuple(name for name, _ in chosen[number:])
            if untried and not continues and _ends_login(error):
                refusal = error.smtp_code, cast(bytes, error.smtp_error)
                raise raised.CredentialsRefused(*refusal, mechanism, untried) from None
        except Skipped as skipped:
            failed = failed or skipped
    assert failed is not None
    raise failed


def _ends_login(error: Exception) -> TypeGuard[raised.SMTPAuthenticationError]:
    """Return whether the server refused the credentials rather than the mechanism."""
    from ..sasl.refusal import is_about_mechanism

    refused = isinstance(error, raised.SMTPAuthenticationError)
    if not refused or isinstance(error, raised.AuthGivenUp):
        return False
    return not is_about_mechanism(error.smtp_code, cast(bytes, error.smtp_error))
