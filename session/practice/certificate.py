"""The practice server's certificates, generated when TLS is first used and valid for this run only.

The server's own certificate is self-signed, so that only heloscope, which knows its fingerprint,
trusts it. The certificates of TLS scenarios come from a root that is trusted while such a scenario
is in use.
"""

from __future__ import annotations

import ssl
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from .. import private_file
from ..tls.settings import TlsSettings

if TYPE_CHECKING:
    from .authority import Authority

GOOD = "good"


class ServerCertificate:
    """The certificates and keys, each generated once, when first used. Thread-safe."""

    def __init__(self) -> None:
        self._made: tuple[ssl.SSLContext, str] | None = None
        self._pem = b""  # of the server's own certificate
        self._others: dict[str, ssl.SSLContext] = {}
        self._authority: Authority | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._lock = threading.RLock()

    @property
    def context(self) -> ssl.SSLContext:
        """The TLS context with the server's own certificate."""
        return self._get()[0]

    def context_of(self, kind: str) -> ssl.SSLContext:
        """Return the TLS context with a certificate of this kind, one of CERTIFICATES."""
        if kind == GOOD:
            return self.context
        with self._lock:
            if kind not in self._others:
                self._others[kind] = self._get_authority().context_of(kind)
            return self._others[kind]

    def trusted(self, kind: str = GOOD) -> TlsSettings:
        """Return TLS settings for a client that accepts only the server's own certificate.

        For other kinds of certificate, the settings trust the CA file instead, so that the
        certificate's fault shows.
        """
        if kind != GOOD:
            return TlsSettings(ca_file=str(self.ca_file()))
        return TlsSettings(pinned=self._get()[1], pinned_problem="self-signed")

    def ca_file(self) -> Path:
        """Return the path of a file with the certificates that a client should trust.

        The file is created by the first call, and removed by `close`.
        """
        with self._lock:
            if self._folder is None:
                self._get()
                self._folder = tempfile.TemporaryDirectory(prefix="heloscope-practice-")
                pems = self._pem + self._get_authority().root.pem
                private_file.create_with(Path(self._folder.name, "ca.pem"), pems)
            return Path(self._folder.name, "ca.pem")

    def close(self) -> None:
        """Remove the file that `ca_file` created."""
        with self._lock:
            folder, self._folder = self._folder, None
        if folder is not None:
            folder.cleanup()

    def _get(self) -> tuple[ssl.SSLContext, str]:
        with self._lock:
            if self._made is None:
                from .authority import context_with, self_signed

                own = self_signed()
                self._pem = own.pem
                self._made = (context_with(own), own.fingerprint)
            return self._made

    def _get_authority(self) -> Authority:
        if self._authority is None:
            from .authority import Authority

            self._authority = Authority()
        return self._authority
