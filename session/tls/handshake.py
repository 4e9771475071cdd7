"""TLS: settings, the context made from them, and what one handshake showed.

OpenSSL decides (RFC 5246, 8446; which name counts: RFC 6125). Contexts made here look at the SSL
object when a handshake ends, well or badly, for that is the only place where the chain of a
*failed* one is to be had, and close before the first byte when the certificate is not the one
that the user accepted. No socket is opened here: drivers do that, with a context for each
connection:

    seen = HandshakeRecord()
    context = make_context(settings, seen)
    ... wrap_socket(sock, server_hostname=name_of(settings, host)), or loop.start_tls(...)
    conversation.note(started(ssl_object, seen, settings, host, now))    # or failed(error, ...)

In TLS 1.3 a server that wants a client certificate, or does not like the one it got, says so
only after the handshake: an ssl.SSLError while reading is for `failed` too.
"""

from __future__ import annotations

import hashlib
import re
import ssl
import time
from collections.abc import Callable
from typing import Any

import msgspec

from ..events import TlsFailed, TlsStarted
from ..facts.tls_failures import NO_ISSUER, OPENSSL_REASONS, REASONS, VERIFY_CODES
from ..visible import visible_text
from .settings import (
    TlsSettings,
    TlsSettingsError,
    configure,
    fingerprint,
    name_of,
    openssl_says,
)

__all__ = [
    "HandshakeRecord",
    "PinMismatch",
    "TlsSettings",
    "TlsSettingsError",
    "accept",
    "chain_of",
    "check_pinned",
    "failed",
    "make_context",
    "name_of",
    "started",
]

_DER = 2  # OpenSSL's X509_FILETYPE_ASN1
_WANTS = (ssl.SSLWantReadError, ssl.SSLWantWriteError)


class PinMismatch(ssl.SSLCertVerificationError):
    """The server's certificate is not the one that the user accepted."""

    def __init__(self) -> None:
        super().__init__(1, REASONS["pin-mismatch"].says)
        self.verify_code = 28  # X509_V_ERR_CERT_REJECTED
        self.verify_message = "not the certificate that was accepted"


class HandshakeRecord:
    """What one handshake showed: the chain (DER), also of a failed one, and OpenSSL's verdict.

    `verify_code` is 0 while it had nothing against the chain. One for each connection.
    """

    __slots__ = ("chain", "organisations", "verify_code", "verify_message")

    def __init__(self) -> None:
        self.chain: tuple[bytes, ...] = ()
        self.verify_code = 0
        self.verify_message = ""
        self.organisations: frozenset[str] = frozenset()
        """Who stands behind the trusted CAs; known only when an issuer was not found."""


# The context


class _Context(ssl.SSLContext):
    seen: HandshakeRecord
    pinned: str


class _Object(ssl.SSLObject):
    """For asyncio, which calls do_handshake again and again while bytes are missing."""

    def do_handshake(self) -> None:
        _watch(self, super().do_handshake)


class _Socket(ssl.SSLSocket):
    def do_handshake(self, block: bool = False) -> None:
        _watch(self, lambda: super(_Socket, self).do_handshake(block))


_Context.sslobject_class = _Object
_Context.sslsocket_class = _Socket


def make_context(settings: TlsSettings, seen: HandshakeRecord) -> ssl.SSLContext:
    """A context for one connection, which tells `seen` what it saw. Raises TlsSettingsError."""
    context = _Context(ssl.PROTOCOL_TLS_CLIENT)
    context.seen = seen
    context.pinned = fingerprint(settings.pinned)
    configure(context, settings)
    return context


def accept(settings: TlsSettings, failure: TlsFailed) -> TlsSettings:
    """`settings` that accept the very certificate that failed, and no other.

    Raises TlsSettingsError when it did not fail for its certificate.
    """
    if not failure.chain or not REASONS[failure.reason].certificate:
        raise TlsSettingsError("It did not fail for a certificate: there is none to accept.")
    return msgspec.structs.replace(
        settings,
        pinned=hashlib.sha256(failure.chain[0]).hexdigest(),
        pinned_problem=failure.reason,
    )


# The handshake


def _watch(tls: ssl.SSLObject | ssl.SSLSocket, handshake: Callable[[], None]) -> None:
    """Run one call of do_handshake, and note what is to be seen at its end."""
    context = tls.context
    assert isinstance(context, _Context)
    seen = context.seen
    try:
        handshake()
    except _WANTS:
        raise
    except Exception as error:
        seen.chain = chain_of(tls)
        code = getattr(error, "verify_code", 0)
        if code:
            seen.verify_code = code
            seen.verify_message = str(getattr(error, "verify_message", ""))
            if code in NO_ISSUER:
                seen.organisations = _organisations(context)
        raise
    seen.chain = chain_of(tls)
    try:
        check_pinned(tls, context.pinned)
    except PinMismatch as error:
        seen.verify_code, seen.verify_message = error.verify_code, error.verify_message
        raise


def chain_of(tls: ssl.SSLObject | ssl.SSLSocket) -> tuple[bytes, ...]:
    """The certificates that the peer sent (DER), its own first; () before it sent any.

    Python 3.13 has a method for it, which asks the object within as is done here.
    """
    within: Any = getattr(tls, "_sslobj", None)
    try:
        return tuple(c.public_bytes(_DER) for c in within.get_unverified_chain() or ())
    except Exception:  # a Python that has it no more: then the first, where it is to be had
        try:
            own = tls.getpeercert(binary_form=True)
        except (ValueError, ssl.SSLError):
            own = None
        return (own,) if own else ()


def check_pinned(tls: ssl.SSLObject | ssl.SSLSocket, pinned: str) -> None:
    """Raise PinMismatch unless the peer's certificate is the pinned one (SHA-256, hex).

    Contexts of `make_context` do so by themselves, at the end of the handshake; a driver that
    was given another context calls it before it sends anything.
    """
    wanted = fingerprint(pinned)
    if not wanted:
        return
    own = tls.getpeercert(binary_form=True)
    if own is None or hashlib.sha256(own).hexdigest() != wanted:
        raise PinMismatch


def started(
    tls: ssl.SSLObject | ssl.SSLSocket,
    seen: HandshakeRecord | None,
    settings: TlsSettings | None,
    host: str,
    at: float,
) -> TlsStarted:
    """What a handshake that ended well agreed on. `seen` is None for a caller's own context."""
    cipher = tls.cipher()
    context = tls.context
    pinned = bool(settings and settings.pinned)
    return TlsStarted(
        at,
        tls.version() or "",
        cipher[0] if cipher else "",
        seen.chain if seen is not None and seen.chain else chain_of(tls),
        alpn=tls.selected_alpn_protocol() or "",
        server_name=tls.server_hostname or host,
        resumed=bool(tls.session_reused),
        verified=context.verify_mode == ssl.CERT_REQUIRED and context.check_hostname,
        pinned=pinned,
        problem=settings.pinned_problem if settings and pinned else "",
    )


def failed(error: BaseException, seen: HandshakeRecord | None, host: str, at: float) -> TlsFailed:
    """Why there is no TLS, from what a handshake, or the first read after it, raised.

    `host` is the name that was checked. Never raises.
    """
    chain = seen.chain if seen is not None else ()
    said = visible_text(openssl_says(error))
    code = int(getattr(error, "verify_code", 0) or 0)
    reason = _reason(error, code, seen)
    if REASONS[reason].certificate:
        reason, detail = _about_certificate(reason, chain, code, seen, host, said)
    else:
        fields = {"host": host or "The server", "server_name": host or "none", "said": said}
        detail = REASONS[reason].says.format_map(fields)
    return TlsFailed(
        at, reason, visible_text(detail), chain, server_name=host, verify_code=code, said=said
    )


def _reason(error: BaseException, code: int, seen: HandshakeRecord | None) -> str:
    if isinstance(error, PinMismatch):
        return "pin-mismatch"
    if code:
        return VERIFY_CODES.get(code, "bad-certificate")
    if isinstance(error, TimeoutError):
        return "timed-out"
    if isinstance(error, ConnectionAbortedError) and "taking longer" in str(error):
        return "timed-out"  # asyncio's own words for it
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError | ConnectionError):
        return "closed"
    word = _word(error)
    if word == "SSLV3_ALERT_HANDSHAKE_FAILURE" and seen is not None and seen.chain:
        # It came as far as the certificates: in TLS 1.2 a server says no more than that when
        # it got none of the client's.
        return "client-certificate-wanted"
    return OPENSSL_REASONS.get(word, "other")


def _about_certificate(
    reason: str,
    chain: tuple[bytes, ...],
    code: int,
    seen: HandshakeRecord | None,
    host: str,
    said: str,
) -> tuple[str, str]:
    """The reason, told apart where that takes the chain, and the sentence for it."""
    from . import diagnosis as explained
    from .certificates import parse_chain

    parsed = parse_chain(chain)
    if code in NO_ISSUER:
        known = seen.organisations if seen is not None else ()
        reason = explained.untrusted(parsed, known)
    now = time.time()
    found = explained.problems(
        parsed, host, now, verify_code=code, verify_message=said, reason=reason
    )
    for certificate, one in zip(parsed, found, strict=True):
        if any(problem.key == reason for problem in one):
            return reason, explained.sentence(reason, certificate, host, now, said)
    return reason, REASONS["bad-certificate"].says.format(said=said)


def _organisations(context: ssl.SSLContext) -> frozenset[str]:
    """The organisations of the trusted CAs."""
    found: set[str] = set()
    for authority in context.get_ca_certs():
        subject: Any = authority.get("subject", ())
        found.update(
            value for part in subject for name, value in part if name == "organizationName"
        )
    return frozenset(found)


def _word(error: BaseException) -> str:
    """OpenSSL's word for it, such as WRONG_VERSION_NUMBER."""
    reason = getattr(error, "reason", None)
    if isinstance(reason, str) and reason:
        return reason
    match = re.search(r"\[[^]]*\] ([^(]+?)(?: \(|$)", str(error))  # not in Python's own list
    return match[1].upper().replace(" ", "_").replace("/", "_") if match else ""
