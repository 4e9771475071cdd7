"""How to connect to a server: everything that the dialog asks for, as plain data.

A `Profile` is kept between runs (runtime/settings.py), and has no field for a password. Nothing in
this module connects.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

import msgspec

from ...session.target import Target, TargetError, parse_target
from ..advice import do

if TYPE_CHECKING:
    from ...session.secret import Secret
    from ...session.tls.settings import TlsSettings

PRACTICE = "practice"  # typed to get the practice server
PRACTICE_TLS = "practice-tls"  # the same, with TLS from the first byte
PRACTICE_TWO = "practice-two"  # its second port, which shares only the mailboxes with the first
PRACTICE_LMTP = "practice-lmtp"  # the same server, by LMTP
USUAL_PRACTICES = (PRACTICE, PRACTICE_TLS)  # those offered in a list
PRACTICES = (*USUAL_PRACTICES, PRACTICE_TWO, PRACTICE_LMTP)
FRIENDLY = "friendly"  # the default scenario of the practice server
NONE, OFFERED, REQUIRED, IMPLICIT = "none", "offered", "required", "implicit"


class Policy(msgspec.Struct, frozen=True):
    """A policy on when TLS starts.

    `label` names the policy in a form, `words` explains it, and `named` is its name in the list of
    recent servers, or "".
    """

    label: str
    words: str
    named: str


POLICIES: dict[str, Policy] = {
    NONE: Policy("none", f"Unencrypted, until you type STARTTLS or {do('starttls')}.", ""),
    OFFERED: Policy(
        "STARTTLS if offered",
        "Sends EHLO, STARTTLS, EHLO; if not offered, continues without TLS.",
        "STARTTLS if offered",
    ),
    REQUIRED: Policy(
        "required",
        "Sends EHLO, STARTTLS, EHLO; closes the connection without TLS.",
        "STARTTLS required",
    ),
    IMPLICIT: Policy("at once", "TLS from the first byte, as on port 465.", "TLS at once"),
}
PORT_USES: dict[int, str] = {
    25: "between servers; no login, and often blocked",  # RFC 5321
    465: "for mail programs, with login; TLS from the first byte",  # RFC 8314
    587: "for mail programs; STARTTLS, then login",  # RFC 6409
    24: "LMTP, to a mail store; one reply per recipient",  # RFC 2033
}


class Profile(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where and how to connect. `target` is a TARGET or one of PRACTICES, or "" for the default.

    `policy` is a key of POLICIES. `ca_file` is trusted instead of the system's CAs; `certfile` and
    `keyfile` contain the client certificate and its key. `hello` is the name given in EHLO, and
    `source` the local address to connect from. `server_name` is the name in SNI and in the
    certificate, which is verified if `verify` is true. `user` and `mechanism` are for logging in.
    `timeout` is the time to wait for each reply, in seconds, or 0 for the usual timeouts. `server`
    is the name of the configured profile from which this one was made.
    """

    target: str = PRACTICE
    policy: str = NONE
    ca_file: str = ""
    certfile: str = ""
    keyfile: str = ""
    hello: str = ""
    source: str = ""
    server_name: str = ""
    verify: bool = True
    user: str = ""
    mechanism: str = ""
    timeout: float = 0.0
    server: str = ""

    @property
    def practising(self) -> bool:
        """Whether the target is the practice server."""
        return self.target in PRACTICES

    @property
    def practice(self) -> str:
        """Which of PRACTICES to connect to, considering the policy."""
        return PRACTICE_TLS if self.policy == IMPLICIT else self.target

    def tls_settings(
        self, key_password: Secret | None = None, trusted: TlsSettings | None = None
    ) -> TlsSettings:
        """Return the TLS settings.

        `trusted` replaces the profile's CA file, server name and verification.
        """
        from ...session.tls.settings import TlsSettings

        return msgspec.structs.replace(
            trusted
            or TlsSettings(ca_file=self.ca_file, server_name=self.server_name, verify=self.verify),
            certfile=self.certfile,
            keyfile=self.keyfile,
            key_password=key_password,
        )


def target_of(profile: Profile) -> Target:
    """Return the target of a profile, which must not be the practice server. Raises TargetError."""
    target = parse_target(profile.target)
    if profile.policy != IMPLICIT or target.implicit:
        return target
    scheme, found, rest = profile.target.strip().partition("://")
    plain = not (found or target.path)
    if plain or scheme.lower() == "smtp":  # its port is 465, unless another is named
        return parse_target(f"smtps://{rest if found else scheme}")
    return msgspec.structs.replace(target, implicit=True)


def switched(profile: Profile) -> Profile | None:
    """Return the profile with implicit TLS switched on or off, using the same port.

    Return None for a Unix socket. Raises TargetError.
    """
    if profile.practising:
        other = PRACTICE if profile.practice == PRACTICE_TLS else PRACTICE_TLS
        return msgspec.structs.replace(profile, target=other, policy=NONE)
    target = target_of(profile)
    if target.path:
        return None
    implicit = not target.implicit
    text = msgspec.structs.replace(target, implicit=implicit and not target.lmtp).text
    if not (implicit or target.lmtp):
        text = f"smtp://{text}"
    policy = IMPLICIT if implicit and target.lmtp else NONE
    return msgspec.structs.replace(profile, target=text, policy=policy)


def port_words(text: str, policy: str = NONE) -> str:
    """Return a sentence about the use of a TARGET's port, or "" if the TARGET is invalid."""
    if text in PRACTICES:
        tls = text == PRACTICE_TLS or policy == IMPLICIT
        return "The practice server" + (", TLS from the first byte." if tls else ", STARTTLS.")
    try:
        target = target_of(Profile(text, policy=policy))
    except TargetError:
        return ""
    if target.path:
        return f"A Unix socket, {'LMTP' if target.lmtp else 'SMTP'}."
    return f"Port {target.port}: {PORT_USES.get(target.port, 'not a usual mail port')}."


# Problems of a field, as a sentence; "" if it is valid


def target_problem(text: str) -> str:
    """Return the problem with a TARGET, or "" if it is valid."""
    try:
        if text not in PRACTICES:
            parse_target(text)
    except TargetError as error:
        return str(error)
    return ""


def hello_problem(name: str) -> str:
    """Return the problem with the name in EHLO (RFC 5321 section 4.1.1.1), or "" if it is valid."""
    if name and (not name.isprintable() or " " in name or len(name) > 255):
        return "The name in EHLO must be one word: a host name, or an address such as [192.0.2.1]."
    return ""


def source_problem(address: str, target: str = "") -> str:
    """Return the problem with the source address of a connection, or "" if it is valid."""
    if not address:
        return ""
    try:
        ipaddress.ip_address(address)
    except ValueError:
        return "The source must be an IP address of this machine, such as 192.0.2.1 or 2001:db8::1."
    try:
        socket = bool(target) and target not in PRACTICES and bool(parse_target(target).path)
    except TargetError:
        socket = False
    return "A Unix socket does not use a source address." if socket else ""


def tls_problems(profile: Profile, key_password: Secret | None = None) -> dict[str, str]:
    """Read the TLS files, and return their problems, keyed by field (or "key_password")."""
    from ...session.tls.handshake import (
        HandshakeRecord,
        TlsSettings,
        TlsSettingsError,
        make_context,
    )

    found: dict[str, str] = {}
    for field, path in (
        ("ca_file", profile.ca_file), ("certfile", profile.certfile), ("keyfile", profile.keyfile),
    ):  # fmt: skip
        problem = _file_problem(path)
        if problem:
            found[field] = problem
    tries: list[tuple[str, TlsSettings]] = []
    if profile.ca_file and "ca_file" not in found:
        tries.append(("ca_file", TlsSettings(ca_file=profile.ca_file)))
    if (profile.certfile or profile.keyfile) and not found.keys() & {"certfile", "keyfile"}:
        own = TlsSettings(
            certfile=profile.certfile,
            keyfile=profile.keyfile,
            key_password=key_password,
            verify=False,
        )
        tries.append(("certfile", own))
    for field, settings in tries:
        try:
            make_context(settings, HandshakeRecord())
        except TlsSettingsError as error:
            about_password = "password" in str(error)
            found["key_password" if about_password else field] = str(error)
    return found


def _file_problem(path: str) -> str:
    """Return the problem with a path, or "".

    It must be a regular file, since a pipe would block for ever.
    """
    from pathlib import Path

    from ...session.visible import visible_text

    if not path:
        return ""
    try:
        file = Path(path).expanduser()
        if file.is_file():
            return ""
        there = file.exists()
    except (OSError, ValueError, RuntimeError):
        there = False
    shown = visible_text(path)
    return f"{shown} is not a file." if there else f"File not found: {shown}."
