"""`SMTP_SSL`, and the TLS side of the blocking drop-in (RFC 8314 section 3, RFC 3207).

Other than smtplib's, it verifies the certificate unless a context says otherwise.
"""

from __future__ import annotations

import socket
import ssl
import sys
import time
import warnings
from smtplib import SMTP_SSL_PORT
from typing import Any

from ..events import Cause
from .smtp import SMTP


class SMTP_SSL(SMTP):
    """`SMTP` with TLS from the first byte."""

    default_port = SMTP_SSL_PORT

    if sys.version_info >= (3, 12):

        def __init__(
            self,
            host: str = "",
            port: int = 0,
            local_hostname: str | None = None,
            *,
            timeout: Any = socket._GLOBAL_DEFAULT_TIMEOUT,  # type: ignore[attr-defined]
            source_address: tuple[str, int] | None = None,
            context: ssl.SSLContext | None = None,
        ) -> None:
            self._set_up(None, None, context)
            super().__init__(host, port, local_hostname, timeout, source_address)
    else:

        def __init__(
            self,
            host: str = "",
            port: int = 0,
            local_hostname: str | None = None,
            keyfile: str | None = None,
            certfile: str | None = None,
            timeout: Any = socket._GLOBAL_DEFAULT_TIMEOUT,  # type: ignore[attr-defined]
            source_address: tuple[str, int] | None = None,
            context: ssl.SSLContext | None = None,
        ) -> None:
            self.keyfile, self.certfile = keyfile, certfile
            self._set_up(keyfile, certfile, context)
            super().__init__(host, port, local_hostname, timeout, source_address)

    def _set_up(self, keyfile: Any, certfile: Any, context: ssl.SSLContext | None) -> None:
        self.context, self._seen_first = context_of(keyfile, certfile, context, 4)

    def _get_socket(self, host: str, port: Any, timeout: Any) -> Any:
        if self.debuglevel > 0:
            self._print_debug("connect:", (host, port))
        plain = super()._get_socket(host, port, timeout)
        self.sock = plain
        self._tls = self._seen_first
        self._note_connected(f"{host}:{port}")
        return wrapped(self, self.context)


def context_of(
    keyfile: Any, certfile: Any, context: ssl.SSLContext | None, level: int
) -> tuple[ssl.SSLContext, Any]:
    """(context, what the handshake will show) of what a caller gives.

    Raises ValueError for a context together with files. `level` is how far up the caller's line
    is, for the warning that the files are deprecated.
    """
    for name, file in (("keyfile", keyfile), ("certfile", certfile)):
        if context is not None and file is not None:
            raise ValueError(f"context and {name} arguments are mutually exclusive")
    if keyfile is not None or certfile is not None:
        warnings.warn(
            "keyfile and certfile are deprecated, use a custom context instead",
            DeprecationWarning,
            level,
        )
    if context is not None:
        return context, None  # the caller's, and not changed
    from ..tls.handshake import HandshakeRecord, TlsSettings, make_context

    seen = HandshakeRecord()
    settings = TlsSettings(certfile=certfile or "", keyfile=keyfile or "")
    return make_context(settings, seen), seen


def wrapped(smtp: SMTP, context: ssl.SSLContext) -> ssl.SSLSocket:
    """The present socket of `smtp` inside TLS. What fails is noted, then raised."""
    from ..tls.handshake import TlsSettings, failed, name_of

    try:
        name = name_of(TlsSettings(verify=context.check_hostname), smtp._host)
        return context.wrap_socket(smtp.sock, server_hostname=name or None)
    except OSError as error:
        talk = smtp._conversation
        fact = failed(error, smtp._tls, smtp._host, time.monotonic())
        talk.note(fact)
        smtp._over(Cause.TLS_FAILED, fact.detail)
        smtp.sock = None
        raise
