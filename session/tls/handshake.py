"""TLS handshakes: a context that records the outcome, and the events made from it.

OpenSSL decides (RFC 5246, 8446; names: RFC 6125). The contexts made here inspect the SSL object at
the end of a handshake, because only there is the chain of a *failed* handshake available. If the
certificate is not the one that the user accepted, they abort before the first byte is sent. No
socket is opened here; the drivers do that, with a context for each connection:

    record = HandshakeRecord()
    context = make_context(settings, record)
    ... wrap_socket(sock, server_hostname=name_of(settings, host)), or loop.start_tls(...)
    conversation.note(started(ssl_object, record, settings, host, now))  # or failed(error, ...)

A TLS 1.3 server that requires or rejects a client certificate reports this only after the
handshake, so an ssl.SSLError while reading must be passed to `failed`, too.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import select
import socket
import ssl
import time
from collections.abc import Callable
from typing import Any

import msgspec

from ..events import HANDSHAKE_KEPT, TlsFailed, TlsStarted
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
_HEADER_SIZE = 5  # octets of the header of a TLS record
_HEADER, _ALERT = 256, 21  # OpenSSL's SSL3_RT_HEADER and SSL3_RT_ALERT
_WANTS = (ssl.SSLWantReadError, ssl.SSLWantWriteError)


class PinMismatch(ssl.SSLCertVerificationError):
    """Raised when the server's certificate is not the one that the user accepted."""

    def __init__(self) -> None:
        super().__init__(1, REASONS["pin-mismatch"].says)
        self.verify_code = 28  # X509_V_ERR_CERT_REJECTED
        self.verify_message = "not the accepted certificate"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (), self.__dict__


class HandshakeRecord:
    """What one handshake revealed: the chain (DER), even if it failed, and OpenSSL's verdict.

    `verify_code` is 0 unless OpenSSL rejected the chain. Each connection needs a new record.
    """

    __slots__ = ("chain", "organisations", "received", "verify_code", "verify_message")

    def __init__(self) -> None:
        self.received = b""
        """The first octets that the server sent, HANDSHAKE_KEPT at most."""
        self.chain: tuple[bytes, ...] = ()
        self.verify_code = 0
        self.verify_message = ""
        self.organisations: frozenset[str] = frozenset()
        """The organisations of the trusted CAs; set only if an issuer was not found."""


# The context


class _Context(ssl.SSLContext):
    record: HandshakeRecord
    pinned: str
    taken = b""
    """The record headers and alerts that OpenSSL has reported in a handshake.

    In a blocking handshake, data that arrives between a peek and OpenSSL's own read is known only
    in this way.
    """

    def overhear(self) -> None:
        """Start recording what OpenSSL reads, if this Python version supports it."""
        with contextlib.suppress(AttributeError):
            self._msg_callback = self._on_tls_message  # Python has had this since 3.8

    def stop_listening(self) -> None:
        with contextlib.suppress(AttributeError):
            self._msg_callback = None

    def _on_tls_message(self, _: Any, way: str, *about: Any) -> None:
        _, content, _, data = about
        if way == "read" and content in (_HEADER, _ALERT):
            self.taken += data

    def wrap_bio(
        self,
        incoming: ssl.MemoryBIO,
        outgoing: ssl.MemoryBIO,
        server_side: bool = False,
        server_hostname: str | bytes | None = None,
        session: ssl.SSLSession | None = None,
    ) -> ssl.SSLObject:
        self.stop_listening()  # here everything is seen before OpenSSL reads it
        tls = super().wrap_bio(incoming, outgoing, server_side, server_hostname, session)
        if isinstance(tls, _Object):
            tls.incoming = incoming
        return tls


class _Object(ssl.SSLObject):
    """The SSL object for asyncio, which calls do_handshake repeatedly until it completes."""

    incoming: ssl.MemoryBIO | None = None

    def do_handshake(self) -> None:
        self._look()
        _watch(self, super().do_handshake)

    def _look(self) -> None:
        """Record the data received since the last call; OpenSSL reads all of it in one call."""
        incoming, context = self.incoming, self.context
        assert isinstance(context, _Context)
        record = context.record
        if incoming is not None and incoming.pending and len(record.received) < HANDSHAKE_KEPT:
            came = incoming.read()
            incoming.write(came)
            record.received = (record.received + came)[:HANDSHAKE_KEPT]


class _Socket(ssl.SSLSocket):
    """The SSL socket of the blocking driver, which peeks at data before OpenSSL reads it."""

    def do_handshake(self, block: bool = False) -> None:
        timeout, context = self.gettimeout(), self.context
        assert isinstance(context, _Context)
        if timeout == 0.0 and not block:
            _watch(self, super().do_handshake)
            return
        limit = time.monotonic() + timeout if timeout else None
        self.settimeout(0.0)
        try:
            while True:
                came = self._peek()
                try:
                    _watch(self, super().do_handshake)
                except ssl.SSLWantReadError:
                    self._keep(came)
                    self._wait(select.POLLIN, limit)
                except ssl.SSLWantWriteError:  # nothing was read
                    self._wait(select.POLLOUT, limit)
                except BaseException:
                    self._keep(came)
                    self._complete(context.taken)
                    raise
                else:
                    return
        finally:
            context.stop_listening()
            self.settimeout(timeout)

    def _peek(self) -> bytes:
        try:
            return socket.socket.recv(self, HANDSHAKE_KEPT, socket.MSG_PEEK)
        except OSError:
            return b""

    def _keep(self, came: bytes) -> None:
        context = self.context
        assert isinstance(context, _Context)
        context.record.received = (context.record.received + came)[:HANDSHAKE_KEPT]

    def _complete(self, taken: bytes) -> None:
        """Prepend to the record the octets that OpenSSL read before they could be peeked at."""
        context = self.context
        assert isinstance(context, _Context)
        seen = context.record.received
        if not seen:
            seen = taken + self._peek()
        elif not seen.startswith(taken[:_HEADER_SIZE]):
            header = taken[:_HEADER_SIZE]
            missing = next(n for n in range(_HEADER_SIZE + 1) if seen.startswith(header[n:]))
            seen = header[:missing] + seen
        context.record.received = seen[:HANDSHAKE_KEPT]

    def _wait(self, events: int, limit: float | None) -> None:
        poll = select.poll()
        poll.register(self, events)
        left = None if limit is None else max(0.0, limit - time.monotonic()) * 1000
        if not poll.poll(left):
            raise TimeoutError("The handshake operation timed out")


_Context.sslobject_class = _Object
_Context.sslsocket_class = _Socket


def make_context(settings: TlsSettings, record: HandshakeRecord) -> ssl.SSLContext:
    """Return a context for one connection, whose handshake will fill in `record`.

    Raises TlsSettingsError.
    """
    context = _Context(ssl.PROTOCOL_TLS_CLIENT)
    context.record = record
    context.pinned = fingerprint(settings.pinned)
    context.overhear()
    configure(context, settings)
    return context


def accept(settings: TlsSettings, failure: TlsFailed) -> TlsSettings:
    """Return a copy of `settings` that accepts only the certificate that failed verification.

    Raises TlsSettingsError if the handshake did not fail because of the certificate.
    """
    if not failure.chain or not REASONS[failure.reason].certificate:
        raise TlsSettingsError(
            "The handshake did not fail because of a certificate, so there is none to accept."
        )
    return msgspec.structs.replace(
        settings,
        pinned=hashlib.sha256(failure.chain[0]).hexdigest(),
        pinned_problem=failure.reason,
    )


# The handshake


def _watch(tls: ssl.SSLObject | ssl.SSLSocket, handshake: Callable[[], None]) -> None:
    """Call `handshake`, record the outcome, and check the certificate against the pinned one.

    Raises PinMismatch, or any error from `handshake`.
    """
    context = tls.context
    assert isinstance(context, _Context)
    record = context.record
    try:
        handshake()
    except _WANTS:
        raise
    except Exception as error:
        record.chain = chain_of(tls)
        code = getattr(error, "verify_code", 0)
        if code:
            record.verify_code = code
            record.verify_message = str(getattr(error, "verify_message", ""))
            if code in NO_ISSUER:
                record.organisations = _organisations(context)
        raise
    record.chain = chain_of(tls)
    try:
        check_pinned(tls, context.pinned)
    except PinMismatch as error:
        record.verify_code, record.verify_message = error.verify_code, error.verify_message
        raise


def chain_of(tls: ssl.SSLObject | ssl.SSLSocket) -> tuple[bytes, ...]:
    """Return the certificates that the peer sent (DER), starting with the peer's own.

    The result is empty if the peer has not sent any yet. Python 3.13 has a method for this,
    implemented in the same way.
    """
    within: Any = getattr(tls, "_sslobj", None)
    try:
        return tuple(c.public_bytes(_DER) for c in within.get_unverified_chain() or ())
    except Exception:  # a Python without this method: the peer's own certificate, if available
        try:
            own = tls.getpeercert(binary_form=True)
        except (ValueError, ssl.SSLError):
            own = None
        return (own,) if own else ()


def check_pinned(tls: ssl.SSLObject | ssl.SSLSocket, pinned: str) -> None:
    """Raise PinMismatch unless the peer's certificate is the pinned one (SHA-256, hex).

    Contexts from `make_context` do this at the end of the handshake. A driver that uses another
    context must call this function before it sends anything.
    """
    wanted = fingerprint(pinned)
    if not wanted:
        return
    own = tls.getpeercert(binary_form=True)
    if own is None or hashlib.sha256(own).hexdigest() != wanted:
        raise PinMismatch


def started(
    tls: ssl.SSLObject | ssl.SSLSocket,
    record: HandshakeRecord | None,
    settings: TlsSettings | None,
    host: str,
    at: float,
) -> TlsStarted:
    """Return the event for a successful handshake.

    `record` is None if the caller supplied the context.
    """
    cipher = tls.cipher()
    context = tls.context
    pinned = bool(settings and settings.pinned)
    return TlsStarted(
        at,
        tls.version() or "",
        cipher[0] if cipher else "",
        record.chain if record is not None and record.chain else chain_of(tls),
        alpn=tls.selected_alpn_protocol() or "",
        server_name=tls.server_hostname or host,
        resumed=bool(tls.session_reused),
        verified=context.verify_mode == ssl.CERT_REQUIRED and context.check_hostname,
        pinned=pinned,
        problem=settings.pinned_problem if settings and pinned else "",
    )


def failed(error: BaseException, record: HandshakeRecord | None, host: str, at: float) -> TlsFailed:
    """Return the event for a failed handshake, or for a failed first read after a handshake.

    `host` is the name that was checked. Never raises an exception.
    """
    chain = record.chain if record is not None else ()
    received = record.received if record is not None else b""
    said = visible_text(openssl_says(error))
    code = int(getattr(error, "verify_code", 0) or 0)
    reason = _reason(error, code, record)
    if REASONS[reason].certificate:
        reason, detail = _about_certificate(reason, chain, code, record, host, said)
    else:
        from ..facts.other_protocols import recognise

        protocol = recognise(received)
        fields = {
            "host": host or "The server",
            "server_name": host or "none",
            "said": said,
            "what": protocol.what if protocol is not None else "",
        }
        detail = REASONS[reason].says.format_map(fields)
    return TlsFailed(
        at,
        reason,
        visible_text(detail),
        chain,
        server_name=host,
        verify_code=code,
        said=said,
        received=received,
    )


def _reason(error: BaseException, code: int, record: HandshakeRecord | None) -> str:
    if isinstance(error, PinMismatch):
        return "pin-mismatch"
    if code:
        return VERIFY_CODES.get(code, "bad-certificate")
    if record is not None and not record.chain:
        from .diagnosis import not_tls

        spoken = not_tls(record.received)  # the octets say more than OpenSSL's words
        if spoken:
            return spoken
    if isinstance(error, TimeoutError):
        return "timed-out"
    if isinstance(error, ConnectionAbortedError) and "taking longer" in str(error):
        return "timed-out"  # asyncio's message
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError | ConnectionError):
        return "closed"
    word = _openssl_name(error)
    if word == "SSLV3_ALERT_HANDSHAKE_FAILURE" and record is not None and record.chain:
        # The server sent its certificates: this is all that a TLS 1.2 server reports when the
        # client sent none.
        return "client-certificate-wanted"
    return OPENSSL_REASONS.get(word, "other")


def _about_certificate(
    reason: str,
    chain: tuple[bytes, ...],
    code: int,
    record: HandshakeRecord | None,
    host: str,
    said: str,
) -> tuple[str, str]:
    """Return a keyword and a sentence for a failure that concerns the certificate.

    The keyword is `reason`, or a more precise one found by examining the chain.
    """
    from . import diagnosis
    from .certificates import parse_chain

    parsed = parse_chain(chain)
    if code in NO_ISSUER:
        known = record.organisations if record is not None else ()
        reason = diagnosis.untrusted(parsed, known)
    now = time.time()
    found = diagnosis.problems(
        parsed, host, now, verify_code=code, verify_message=said, reason=reason
    )
    for certificate, one in zip(parsed, found, strict=True):
        if any(problem.key == reason for problem in one):
            return reason, diagnosis.sentence(reason, certificate, host, now, said)
    return reason, REASONS["bad-certificate"].says.format(said=said)


def _organisations(context: ssl.SSLContext) -> frozenset[str]:
    """Return the organisations of the trusted CAs."""
    found: set[str] = set()
    for authority in context.get_ca_certs():
        subject: Any = authority.get("subject", ())
        found.update(
            value for part in subject for name, value in part if name == "organizationName"
        )
    return frozenset(found)


def _openssl_name(error: BaseException) -> str:
    """Return OpenSSL's name for an error, such as WRONG_VERSION_NUMBER, or "" if it has none."""
    reason = getattr(error, "reason", None)
    if isinstance(reason, str) and reason:
        return reason
    match = re.search(
        r"\[[^]]*\] ([^(]+?)(?: \(|$)", str(error)
    )  # an error that Python does not know by name
    return match[1].upper().replace(" ", "_").replace("/", "_") if match else ""
