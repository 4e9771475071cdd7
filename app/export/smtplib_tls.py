"""The lines of an smtplib program that create its TLS context, made from TLS settings."""

from __future__ import annotations

from collections.abc import Callable

from ...session.tls.settings import VERSIONS, TlsSettings, fingerprint

_OLD = ("TLSv1", "TLSv1_1")  # OpenSSL 3 allows them only at security level 0
_NOT_VERIFIED = "CONTEXT.check_hostname, CONTEXT.verify_mode = False, ssl.CERT_NONE"


def context_lines(settings: TlsSettings, secret: Callable[[str, str], str]) -> list[str]:
    """Return the lines that define CONTEXT and, if only one certificate is accepted, ACCEPTED.

    `secret(name, prompt)` returns an expression for a secret, here the password of the private key.
    """
    lines = ["CONTEXT = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)"]
    if settings.pinned:
        lines.append(f"{_NOT_VERIFIED}  # accepted() checks it")
        lines.append(f'ACCEPTED = "{fingerprint(settings.pinned)}"  # SHA-256')
    elif not settings.verify:
        lines.append(f"{_NOT_VERIFIED}  # any certificate is accepted")
    else:
        if settings.ca_file:
            lines.append(f"CONTEXT.load_verify_locations({settings.ca_file!a})")
        else:
            lines.append("CONTEXT.load_default_certs()  # or load_verify_locations(FILE)")
        lines.append("CONTEXT.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN")
    lines += _limits(settings)
    if settings.certfile:
        files = f"{settings.certfile!a}, {settings.keyfile or settings.certfile!a}"
        if settings.key_password:
            asked = secret("KEY_PASSWORD", f"Password for {settings.keyfile!a}: ")
            lines.append(f"KEY_PASSWORD = {asked}")
            files += ", KEY_PASSWORD"
        lines.append(f"CONTEXT.load_cert_chain({files})")
    if settings.alpn:
        lines.append(f"CONTEXT.set_alpn_protocols({list(settings.alpn)!a})")
    return lines


def _limits(settings: TlsSettings) -> list[str]:
    low, high = _version(settings.minimum), _version(settings.maximum)
    if not low and high in _OLD:
        low = high
    lines = [
        f"CONTEXT.{name}_version = ssl.TLSVersion.{version}"
        for name, version in (("maximum", high), ("minimum", low))
        if version
    ]
    ciphers = settings.ciphers or ("DEFAULT:@SECLEVEL=0" if low in _OLD else "")
    return [*lines, f"CONTEXT.set_ciphers({ciphers!a})"] if ciphers else lines


def _version(word: str) -> str:
    """Return the name of a TLS version in `ssl.TLSVersion`, or "" if `word` is not a version."""
    plain = word.upper().replace(" ", "").removesuffix(".0")
    found = VERSIONS.get(plain if plain.startswith("TLSV") else f"TLSV{plain.removeprefix('TLS')}")
    return found.name if found is not None else ""
