"""The TLS and AUTH settings of a swaks command."""

from __future__ import annotations

import os
import re
from typing import Any

from ...session.secret import Secret
from ...session.visible import visible_text
from .steps import IMPLICIT, NONE, OFFERED, REQUIRED, TRY, Protocol
from .values import Values
from .words import SwaksError

MECHANISMS = ("CRAM-MD5", "LOGIN", "PLAIN")
"""The mechanisms that both swaks and heloscope support, in swaks's order."""
_NOT_SPOKEN = {
    "DIGEST-MD5": "historic: RFC 6331",
    **dict.fromkeys(("NTLM", "SPA", "MSN", "CRAM-SHA1", "LOGIN-INITIAL"), "not in any RFC"),
}
"""The mechanisms that swaks supports but heloscope does not, each with the reason."""
_VERSIONS = {"tlsv1": "TLSv1", "tlsv1_1": "TLSv1.1", "tlsv1_2": "TLSv1.2", "tlsv1_3": "TLSv1.3"}


# TLS


def tls_policy(values: Values, protocol: Protocol) -> str:
    """Return the TLS policy: none, try, offered, required or implicit. Raises SwaksError."""
    named = [
        policy
        for name, policy in (
            ("tls-on-connect", IMPLICIT), ("tls-optional-strict", OFFERED),
            ("tls-optional", TRY), ("tls", REQUIRED),
        )
        if values.has(name)
    ]  # fmt: skip
    if named:
        if len(named) > 1 and named[0] == IMPLICIT:
            raise SwaksError("--tls-on-connect cannot be combined with STARTTLS.")
        if named[0] == TRY:
            values.notes.append(
                "--tls-optional: if the handshake fails, heloscope ends; swaks continues without "
                "TLS on a broken connection."
            )
        return named[0]
    return IMPLICIT if protocol.at_once else REQUIRED if protocol.starttls else NONE


def tls_details(values: Values, tls: str) -> dict[str, Any]:
    """Return the TLS fields of a SwaksRequest, keyed by their names. Raises SwaksError."""
    if tls == NONE:
        return {}
    sni, checked = values.value("tls-sni"), values.value("tls-verify-target")
    verify = any(values.has(f"tls-verify{more}") for more in ("", "-ca", "-host"))
    if sni and checked and sni != checked:
        raise SwaksError("heloscope uses the same name for SNI and verification; use only one.")
    if verify and not sni and not checked:
        values.notes.append("heloscope sends the server's name (SNI), which swaks omits.")
    cert, key = values.plain("tls-cert"), values.plain("tls-key")
    if bool(cert) != bool(key):
        raise SwaksError("--tls-cert and --tls-key must be used together.")
    low, high = _versions(values)
    return {
        "verify": verify,
        "server_name": sni or checked or "",
        "sends_name": bool(sni) or verify,
        "ca": values.plain("tls-ca-path") if verify else "",
        "cert": cert,
        "key": key,
        "ciphers": values.plain("tls-cipher"),
        "minimum": low,
        "maximum": high,
        "peer_cert": _written(values, "tls-get-peer-cert"),
        "peer_chain": _written(values, "tls-get-peer-chain"),
    }


def _written(values: Values, name: str) -> str | None:
    """Return the file to write a certificate to, "" for standard output, or None for nowhere."""
    return values.plain(name) if values.has(name) else None


def _versions(values: Values) -> tuple[str, str]:
    text = values.plain("tls-protocol")
    if not text:
        return "", ""
    words = [word.lower() for word in re.split(r",\s*", text)]
    without = [word.removeprefix("no_") for word in words if word.startswith("no_")]
    if without and len(without) != len(words):
        raise SwaksError("--tls-protocol accepts versions, or versions with no_, but not both.")
    wanted = [name for name in _VERSIONS if (name not in without if without else name in words)]
    order = list(_VERSIONS)
    if not wanted:
        raise SwaksError("--tls-protocol excludes every TLS version.")
    low, high = order.index(wanted[0]), order.index(wanted[-1])
    if high - low + 1 != len(wanted):
        raise SwaksError(
            "heloscope needs consecutive TLS versions, so --tls-protocol must not leave a gap."
        )
    return _VERSIONS[wanted[0]], _VERSIONS[wanted[-1]]


# AUTH


def login_policy(values: Values, protocol: Protocol) -> str:
    """Return the login policy: none, try, offered or required."""
    if values.has("auth-optional-strict"):
        return OFFERED
    if values.has("auth-optional"):
        return TRY
    named = any(values.has(name) for name in ("auth", "auth-user", "auth-password"))
    return REQUIRED if named or protocol.logs_in else NONE


def credentials(values: Values) -> dict[str, Any]:
    """Return the login fields of a SwaksRequest, keyed by their names. Raises SwaksError."""
    options = ("auth", "auth-optional-strict", "auth-optional")
    text = next((values.plain(each) for each in options if values.plain(each)), "")
    asked = [word.strip().upper() for word in text.split(",") if word.strip()]
    aliases = _aliases(values)
    real = {name: aliases.get(name, name) for name in asked}
    spoken = [name for name in asked if real[name] not in _NOT_SPOKEN]
    left_out = [name for name in asked if name not in spoken]
    reasons = ", ".join(f"{visible_text(name)} ({_NOT_SPOKEN[real[name]]})" for name in left_out)
    if asked and not spoken:
        raise SwaksError(f"heloscope does not support {reasons}.")
    if left_out:
        values.notes.append(f"heloscope does not support {reasons}.")
    if values.has("auth-extra"):
        values.notes.append(
            "--auth-extra is for DIGEST-MD5 and NTLM, which heloscope does not support."
        )
    if not asked:  # like swaks, which sorts its mechanisms by name
        known = (*MECHANISMS, *(alias for alias in aliases if aliases[alias] in MECHANISMS))
        spoken = sorted(set(known))
    user = values.plain("auth-user") or values.asked("auth-user")
    password = values.plain("auth-password") or values.asked("auth-password", secret=True)
    return {
        "mechanisms": tuple(spoken),
        "mechanisms_named": bool(asked),
        "aliases": tuple((name, aliases[name]) for name in spoken if name in aliases),
        "user": "" if user == "<>" else user,
        "secret": Secret(b"" if password == "<>" else os.fsencode(password)),
    }


def _aliases(values: Values) -> dict[str, str]:
    """Return the mechanism for each name that --auth-map defines. Raises SwaksError."""
    found: dict[str, str] = {}
    for pair in re.split(r"\s*,\s*", values.plain("auth-map")):
        alias, equals, mechanism = pair.upper().partition("=")
        if not pair:
            continue
        if not equals or not re.fullmatch(r"[A-Z0-9_-]{1,20}", alias):  # RFC 4422 section 3.1
            raise SwaksError(f"--auth-map must be ALIAS=MECHANISM, not {visible_text(pair[:40])}.")
        if mechanism not in (*MECHANISMS, *_NOT_SPOKEN):
            raise SwaksError(f"--auth-map: swaks has no mechanism {visible_text(mechanism[:30])}.")
        found[alias] = mechanism
    return found
