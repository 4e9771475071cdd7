"""Certificates that never change, for pictures, and the fixed time at which they are shown.

    ca.pem       the root that tests trust
    good.pem     key, certificate of mail.example.org, and the intermediate that issued it
    expired.pem  the same, but expired on 2024-11-19, before NOW and before any real clock

The good certificate is valid until 2090, because OpenSSL uses the real clock.
"""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from pathlib import Path

FOLDER = Path(__file__).with_name("certificates")
CA = FOLDER / "ca.pem"
NOW = datetime(2024, 12, 1, 12, tzinfo=UTC).timestamp()


def context(name: str) -> ssl.SSLContext:
    """Return a server's TLS context with the "good" or the "expired" certificate."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(FOLDER / f"{name}.pem")
    return made
