"""TLS settings, and the configuration of an SSL context from them.

No handshake takes place here.
"""

from __future__ import annotations

import ipaddress
import os
import re
import ssl
import sys
import warnings
from typing import cast

import msgspec

from ..private_file import UnsafeFile, append, open_regular
from ..secret import Secret
from ..visible import visible_text

VERSIONS = {
    "TLSV1": ssl.TLSVersion.TLSv1,
    "TLSV1.1": ssl.TLSVersion.TLSv1_1,
    "TLSV1.2": ssl.TLSVersion.TLSv1_2,
    "TLSV1.3": ssl.TLSVersion.TLSv1_3,
}
_TEXTS = (
    "ca_file", "certfile", "keyfile", "pinned", "pinned_problem", "minimum", "maximum", "ciphers",
    "server_name",
)  # fmt: skip
LARGEST = 16 * 1024 * 1024  # octets of a file of certificates or of a key
_KEYS_DIFFER = ("KEY_VALUES_MISMATCH", "KEY_TYPE_MISMATCH")


class TlsSettingsError(ValueError):
    """Raised when TLS settings cannot be applied; the message is one sentence for the user."""


class TlsSettings(msgspec.Struct, frozen=True):
    """How to use TLS; every setting has a default.

    `ca_file` replaces the system's trusted CAs. `certfile` and `keyfile` (which may be the same
    file) are the client certificate and its key, which `key_password` decrypts. `pinned` is the
    SHA-256 (hex) of the only certificate that is accepted, whatever its faults; `pinned_problem`
    names the fault, for the transcript. `minimum` and `maximum` are TLS versions such as "TLSv1.2"
    or "1.2". `ciphers` is an OpenSSL cipher list, and `alpn` names the protocols to offer (RFC
    7301). `server_name` replaces the host in SNI and in the check of the certificate. If `verify`
    is false, the certificate is not verified; if `sni` is false as well, no server name is sent
    either (RFC 6066 section 3).

    A file may be given as any path, and a `key_password` as text or bytes, which is immediately
    converted to a `Secret`. Raises TypeError for a value of the wrong type, TlsSettingsError for an
    invalid version or fingerprint. Files are read, and ciphers looked up, only when TLS starts.
    """

    ca_file: str = ""
    certfile: str = ""
    keyfile: str = ""
    key_password: Secret | None = None
    pinned: str = ""
    pinned_problem: str = ""
    minimum: str = ""
    maximum: str = ""
    ciphers: str = ""
    alpn: tuple[str, ...] = ()
    server_name: str = ""
    verify: bool = True
    sni: bool = True

    def __post_init__(self) -> None:
        put = msgspec.structs.force_setattr
        password = cast("Secret | str | bytes | None", self.key_password)
        if password is not None and not isinstance(password, Secret):
            put(self, "key_password", Secret(password))
        for name in ("ca_file", "certfile", "keyfile"):
            file = getattr(self, name)
            if not isinstance(file, str | bytes | os.PathLike):
                raise TypeError(f"{name} must be a path, not {type(file).__name__}")
            put(self, name, os.fspath(file))
        for name in _TEXTS:
            value = getattr(self, name)
            if not isinstance(value, str):
                raise TypeError(f"{name} must be a string, not {type(value).__name__}")
        protocols = cast(object, self.alpn)
        names = cast("tuple[object]", protocols) if isinstance(protocols, tuple | list) else None
        if names is None or not all(isinstance(each, str) for each in names):
            raise TypeError(f"alpn must be a tuple of names, not {protocols!r}")
        put(self, "alpn", tuple(names))
        if not isinstance(cast(object, self.verify), bool):
            raise TypeError(f"verify must be True or False, not {type(self.verify).__name__}")
        if not isinstance(cast(object, self.sni), bool):
            raise TypeError(f"sni must be True or False, not {type(self.sni).__name__}")
        fingerprint(self.pinned)
        _versions(self)


def check(settings: TlsSettings) -> None:
    """Raise TlsSettingsError for settings that `configure` could not apply.

    The check does not load the system's CAs, because that takes a long time and a handshake may
    never happen.
    """
    if not os.environ.get("SSLKEYLOGFILE") and settings == TlsSettings(
        server_name=settings.server_name, verify=settings.verify, sni=settings.sni
    ):
        return
    configure(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), settings, of_system=False)


def configure(context: ssl.SSLContext, settings: TlsSettings, *, of_system: bool = True) -> None:
    """Apply the settings to a new `context`. Raises TlsSettingsError.

    If `of_system` is false, the context does not trust the system's CAs.
    """
    # As ssl.create_default_context does in Python 3.13: any certificate in the CA file is trusted.
    # Without its VERIFY_X509_STRICT, which would make the verdict depend on the Python version.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    if settings.pinned or not settings.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    elif settings.ca_file:
        _trust(context, settings.ca_file)
    elif of_system:
        context.load_default_certs()
    _limit(context, settings)
    if settings.certfile or settings.keyfile:
        _identify(context, settings)
    if settings.alpn:
        try:
            context.set_alpn_protocols(settings.alpn)
        except (ssl.SSLError, ValueError):
            raise TlsSettingsError(
                "An ALPN protocol name must be 1 to 255 ASCII characters long."
            ) from None
    log = os.environ.get("SSLKEYLOGFILE")
    if log and not sys.flags.ignore_environment:  # as ssl.create_default_context does
        try:
            os.close(append(log))  # OpenSSL would follow a link, or wait for a pipe's reader
            context.keylog_filename = log
        except (OSError, ValueError) as error:
            raise _unreadable("file named by SSLKEYLOGFILE", log, error, "write") from None


def name_of(settings: TlsSettings | None, host: str) -> str:
    """Return the server name for SNI and the certificate check, or "" if there is none.

    It is to be passed to wrap_socket and start_tls as `server_hostname`, with None instead of "". A
    Unix socket, for example, has no name. Raises TlsSettingsError if a name is required but
    missing, or is invalid.
    """
    settings = settings or TlsSettings()
    if not settings.sni and not settings.verify:
        return ""
    name = settings.server_name or host
    if ":" in name:
        name = name.partition("%")[0]  # an IPv6 address without its zone
    name = name.removesuffix(".")  # RFC 6066 section 3
    if not name:
        if settings.verify and not settings.pinned:
            raise TlsSettingsError(
                "No host name to check the certificate against. Set the server name."
            )
        return ""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        try:
            fits = bool(name.encode("idna")) and "\0" not in name and name[0] != "."
        except UnicodeError:
            fits = False
        if not fits:
            raise TlsSettingsError(f"{visible_text(name)} is not a valid server name.") from None
    return name


def fingerprint(pinned: str) -> str:
    """Return the fingerprint `pinned` as 64 lower-case hexadecimal digits, or "" if it is empty.

    Raises TlsSettingsError if `pinned` is not a SHA-256.
    """
    plain = re.sub(r"[\s:]", "", pinned).lower()
    if pinned and not re.fullmatch(r"[0-9a-f]{64}", plain):
        raise TlsSettingsError(
            "The fingerprint of a certificate must be its SHA-256: 64 hexadecimal digits."
        )
    return plain


def _trust(context: ssl.SSLContext, ca_file: str) -> None:
    path = _file(ca_file, "CA file")
    try:
        context.load_verify_locations(path)
    except (ssl.SSLError, ValueError, OSError):
        raise TlsSettingsError(
            f"The CA file {visible_text(path)} does not contain a certificate in PEM format."
        ) from None


def _limit(context: ssl.SSLContext, settings: TlsSettings) -> None:
    """Apply the limits on TLS versions and ciphers. Raises TlsSettingsError."""
    low, high = _versions(settings)
    old = ssl.TLSVersion.TLSv1_2
    if low is None and high is not None and high < old:
        low = high
    ciphers = settings.ciphers
    if not ciphers and low is not None and low < old:
        # OpenSSL 3 allows TLS 1.0 and 1.1 only at security level 0.
        ciphers = "DEFAULT:@SECLEVEL=0"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # these versions are deprecated
        if high is not None:
            context.maximum_version = high
        if low is not None:
            context.minimum_version = low
    if ciphers:
        try:
            context.set_ciphers(ciphers)
        except (ssl.SSLError, ValueError):
            raise TlsSettingsError(f"No OpenSSL cipher matches {visible_text(ciphers)}.") from None


def _versions(settings: TlsSettings) -> tuple[ssl.TLSVersion | None, ssl.TLSVersion | None]:
    """Return the lowest and the highest version allowed; None means no limit.

    Raises TlsSettingsError if a version is unknown or the lowest is above the highest.
    """
    low, high = _version(settings.minimum), _version(settings.maximum)
    if low is not None and high is not None and low > high:
        raise TlsSettingsError(
            f"The minimum version, {settings.minimum}, is above the maximum, {settings.maximum}."
        )
    return low, high


def _version(word: str) -> ssl.TLSVersion | None:
    if not word:
        return None
    plain = word.upper().replace(" ", "")
    plain = plain if plain.startswith("TLSV") else "TLSV" + plain.removeprefix("TLS")
    found = VERSIONS.get(plain.removesuffix(".0"))
    if found is None:
        raise TlsSettingsError(
            f"Unknown TLS version {visible_text(word)}. Use TLSv1, TLSv1.1, TLSv1.2 or TLSv1.3."
        )
    return found


def _identify(context: ssl.SSLContext, settings: TlsSettings) -> None:
    """Load the client certificate and its key. Raises TlsSettingsError."""
    if not settings.certfile:
        raise TlsSettingsError("The client certificate is missing: only its key is given.")
    certfile = _file(settings.certfile, "certificate file")
    keyfile = _file(settings.keyfile, "key file") if settings.keyfile else certfile
    shown, shown_key = visible_text(certfile), visible_text(keyfile)
    asked = False

    def password() -> bytes:  # without it OpenSSL would ask on the terminal
        nonlocal asked
        asked = True
        return settings.key_password.reveal() if settings.key_password else b""

    try:
        context.load_cert_chain(certfile, keyfile, password)
    except (ssl.SSLError, ValueError, OSError) as error:
        if getattr(error, "reason", None) in _KEYS_DIFFER:
            said = f"The key in {shown_key} does not belong to the certificate in {shown}."
        elif asked and not settings.key_password:
            said = f"The key in {shown_key} is encrypted, and requires a password."
        elif asked:
            said = f"The password for the key in {shown_key} is wrong."
        elif b"-----BEGIN CERTIFICATE-----" not in _content(certfile):
            said = f"The certificate file {shown} does not contain a certificate in PEM format."
        elif b"PRIVATE KEY-----" not in _content(keyfile):
            said = f"The file {shown_key} does not contain a private key in PEM format."
        else:
            said = f"OpenSSL cannot use the certificate in {shown}: {openssl_says(error)}."
        raise TlsSettingsError(said) from None


def _file(path: str, what: str) -> str:
    """Return `path` with ~ expanded, if the file can be read and is not too large.

    Raises TlsSettingsError otherwise; `what` describes the file in the message.
    """
    path = os.path.expanduser(path)
    try:
        with os.fdopen(open_regular(path), "rb") as file:
            if len(file.read(LARGEST + 1)) > LARGEST:
                raise UnsafeFile(path, f"it is larger than {LARGEST:,} bytes")
    except (OSError, ValueError) as error:
        raise _unreadable(what, path, error) from None
    return path


def _content(path: str) -> bytes:
    """Return the content of a file that `_file` has checked."""
    with open(path, "rb") as file:
        return file.read()


def _unreadable(what: str, path: str, error: Exception, how: str = "read") -> TlsSettingsError:
    why = getattr(error, "strerror", None) or str(error)
    return TlsSettingsError(f"Cannot {how} the {what} {visible_text(path)}: {why}.")


def openssl_says(error: BaseException) -> str:
    """Return the message of OpenSSL or the system, such as "certificate has expired"."""
    said = str(getattr(error, "verify_message", "") or "")
    if not said:
        said = str(getattr(error, "strerror", None) or error or type(error).__name__)
        said = re.sub(r"^\[[^]]*\] *| *\(_ssl\.c:\d+\)|\.$", "", said)
    return said.rstrip(".'")
