"""The table of configuration keys: each key once, with its type and meaning.

The reader, the environment variables, the commented default file, the help of `heloscope config`
and the settings screen are all built from this table.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import msgspec

from ...session.target import TargetError, parse_target

POLICIES = ("none", "offered", "required", "implicit")
LONGEST = 4096  # characters of a text
LONGEST_TIMEOUT = 86_400  # seconds

Check = Callable[[Any], str]
"""A function that checks a value of the right type. It returns what is wrong, or ""."""


class Kind(msgspec.Struct, frozen=True):
    """The type of a key.

    `type` is the Python type to which msgspec converts a value, `wanted` describes the type in
    messages, and `check` makes further checks.
    """

    type: Any
    wanted: str
    check: Check = lambda value: ""


class Field(msgspec.Struct, frozen=True):
    """A configuration key: its type and description, and its default and an example as TOML."""

    name: str
    kind: Kind
    default: str
    about: str
    example: str = ""

    @property
    def variable(self) -> str:
        """The name of the environment variable that sets this key."""
        return f"HELOSCOPE_{self.name.upper()}"


def _text_problem(value: str) -> str:
    if not value.isprintable():
        return "must not contain control characters."
    if len(value) > LONGEST:
        return f"must not be longer than {LONGEST:,} characters."
    return ""


def _policy_problem(value: str) -> str:
    return "" if value in POLICIES else f"must be one of {', '.join(POLICIES)}."


def _ehlo_problem(value: str) -> str:
    if " " in value or len(value) > 255:
        return "must be one word: a host name, or an address such as [192.0.2.1]."
    return _text_problem(value)


def _source_problem(value: str) -> str:
    import ipaddress

    try:
        ipaddress.ip_address(value.partition("%")[0])
    except ValueError:
        return "must be an IP address of this machine, such as 192.0.2.1 or 2001:db8::1."
    return ""


def _timeout_problem(value: float) -> str:
    if not (math.isfinite(value) and 0 < value <= LONGEST_TIMEOUT):
        return f"must be more than 0 and at most {LONGEST_TIMEOUT:,} seconds."
    return ""


def _target_problem(value: str) -> str:
    try:
        parse_target(value)
    except TargetError as error:
        return str(error)
    return ""


TEXT = Kind(str, "text in quotes", _text_problem)
FLAG = Kind(bool, "true or false")
POLICY = Kind(str, f"one of {', '.join(POLICIES)}", _policy_problem)
EHLO = Kind(str, "a host name in quotes", _ehlo_problem)
SOURCE = Kind(str, "an IP address in quotes", _source_problem)
SECONDS = Kind(float, "a number of seconds", _timeout_problem)
TARGET = Kind(str, "a TARGET in quotes, such as mail.example.org:587", _target_problem)

SETTINGS = (
    Field("theme", TEXT, '"textual-dark"', "The colour theme; :theme lists all."),
    Field("history", FLAG, "true", "Whether typed lines and recent servers are kept."),
    Field("record", FLAG, "true", "Whether sessions are recorded."),
    Field("panel", FLAG, "true", "Whether the side panel is shown at the start."),
    Field("ladder", FLAG, "false", "Whether the transcript is shown as a ladder at the start."),
)
"""The settings of the application, which are at the top of the file."""

CONNECTING = (
    Field("tls", POLICY, '"offered"',
          "The TLS policy: none, offered (STARTTLS if offered), required, or implicit."),
    Field("ca", TEXT, '""', "A PEM file with the only CAs to trust.", '"~/ca.pem"'),
    Field("cert", TEXT, '""', "A PEM file with the client certificate.", '"~/me.pem"'),
    Field("key", TEXT, '""', "The client's private key, if not in cert.", '"~/me.key"'),
    Field("server_name", TEXT, '""', "The host name for SNI and certificate verification.",
          '"mail.example.org"'),
    Field("verify", FLAG, "true", "Whether the server's certificate is verified."),
    Field("user", TEXT, '""', "The user to log in as.", '"alice"'),
    Field("mechanism", TEXT, '""', "The only mechanism to log in with.", '"SCRAM-SHA-256"'),
    Field("ehlo", EHLO, '""', "The name to send with EHLO.", '"me.example.org"'),
    Field("source", SOURCE, '""', "The local address to connect from.", '"192.0.2.1"'),
    Field("timeout", SECONDS, "300", "Seconds to wait for each reply; by default, as in RFC 5321.",
          "30"),
)  # fmt: skip
"""The keys that say how to connect to one server or, in the table `connect`, to all servers."""

SERVER = (
    Field("target", TARGET, "", "The server, as you would type it.", '"mail.example.org:587"'),
    *CONNECTING,
)
"""The keys of a server profile, except `secret`, which reader.py reads separately."""

FOR_ALL = tuple(field for field in CONNECTING if field.name not in ("user", "mechanism"))
"""The keys allowed in the table `connect`."""


class WrongValue(ValueError):
    """Raised for an invalid value. The message completes a sentence about the key."""


def checked(field: Field, value: object, *, strict: bool = True, got: str = "") -> Any:
    """Return the value converted to the field's type. Raises WrongValue if the value is invalid.

    `got` is the value as an error message shows it. If `strict` is false, the value may also be
    text from an environment variable, such as "1", "true" or "30".
    """
    try:
        found = msgspec.convert(value, field.kind.type, strict=strict)
    except msgspec.ValidationError:
        raise WrongValue(f"must be {field.kind.wanted}, not {got}.") from None
    problem = field.kind.check(found)
    if problem:
        raise WrongValue(f"{problem}{f' Got {got}.' if got else ''}")
    return found
