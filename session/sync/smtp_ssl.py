"""`SMTP_SSL`: a drop-in replacement for smtplib.SMTP_SSL (RFC 8314 section 3).

Unlike smtplib's class, it verifies the certificate unless a context says otherwise.
"""

from __future__ import annotations

import smtplib
import ssl
import sys
from smtplib import SMTP_SSL_PORT
from typing import TYPE_CHECKING, Any

from .connection import DEFAULT_TIMEOUT
from .smtp import SMTP
from .ssl_context import context_of

if TYPE_CHECKING:
    from .connection import Address


class SMTP_SSL(SMTP, smtplib.SMTP_SSL):
    """A connection to an SMTP server, with TLS from the first byte; otherwise like `SMTP`."""

    default_port = SMTP_SSL_PORT

    if sys.version_info >= (3, 12):

        def __init__(
            self,
            host: str = "",
            port: int = 0,
            local_hostname: str | None = None,
            *,
            timeout: float | None = DEFAULT_TIMEOUT,
            source_address: Address | None = None,
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
            timeout: float | None = DEFAULT_TIMEOUT,
            source_address: Address | None = None,
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
        return self._in_tls(self.context)
