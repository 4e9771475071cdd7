"""The TLS context of the blocking drop-in, of what smtplib's callers give (RFC 3207, 8314)."""

from __future__ import annotations

import ssl
import warnings
from typing import Any


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
