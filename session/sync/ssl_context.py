"""The TLS context of the blocking drop-in, made from smtplib's arguments (RFC 3207, RFC 8314)."""

from __future__ import annotations

import ssl
import warnings
from typing import Any


def context_of(
    keyfile: Any, certfile: Any, context: ssl.SSLContext | None, level: int
) -> tuple[ssl.SSLContext, Any]:
    """Return a TLS context for a caller's arguments, and the record of its handshake.

    If `context` is given, it is used unchanged, and the record is None. Raises ValueError for a
    context together with files. `level` is the stack level of the caller's line, for the warning
    that the files are deprecated.
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
