"""TARGET: where to connect, as the user types it.

host, host:port, [::1]:port
smtp://host (port 25), smtps://host (port 465), lmtp://host (port 24)
unix:/path (LMTP), smtp+unix:/path (SMTP)
mx:domain (the domain's mail exchangers)
"""

from __future__ import annotations

import re
from typing import cast

import msgspec

from .secret import MASK
from .visible import visible_text

PORTS = {"smtp": 25, "smtps": 465, "lmtp": 24}
# Compiled when they are first used: most targets are a name and a port.
_SCHEME = r"(?s)([A-Za-z][A-Za-z0-9+.-]*)://(.*)\Z"
_FORMS = (
    "host, host:port, [::1]:port, smtp://host, smtps://host, lmtp://host, unix:/path, "
    "smtp+unix:/path or mx:domain"
)
# The text before a password, in a URL and without a scheme; a user name may contain an @.
_URL_START = r"(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{0,30}://"
_USER = rf"{_URL_START}[^/:<>]*:"
_BARE_USER = r"[^/:<>]+:"
# A password with a space in it, which is no valid URL, but typed, in an order of a program, too:
# not if the port comes there.
_SPACED = re.compile(
    rf"(?:{_URL_START}[^/:<>\s]*:|\A(?::[a-z]{{1,20}}\s+)?[^/:<>\s]+:)"
    r"(?!//|\d{1,5}(?![^\s/]))(?P<password>[^\s@<]{1,100}\s[^@<]{0,100})@(?=[\w.\[\]:-]+/?(?:\s|\Z))"
)
_HAS_PORT = r"(?:\A|://)[^:/]*:\d+/?\Z|\]:\d+/?\Z"
_LABEL = re.compile(r"[^\s\x00-\x2c/:;<=>?@\[\\\]^`{|}~\x7f]+\Z")


class TargetError(ValueError):
    """Raised when a TARGET cannot be understood; the message is fit to show to the user."""


class Target(msgspec.Struct, frozen=True):
    """Where to connect: a TCP `host` and `port`, or the `path` of a Unix socket.

    `lmtp` selects LMTP (RFC 2033), and `implicit` starts TLS at once (RFC 8314 section 3.3). With
    `mx`, the host is a domain, and the connection is made to its mail exchangers (RFC 5321 section
    5.1). Raises TypeError or TargetError for an invalid value, such as a port above 65535.
    """

    host: str = ""
    port: int = 0
    path: str = ""
    lmtp: bool = False
    implicit: bool = False
    mx: bool = False

    def __post_init__(self) -> None:
        for name, value in (("host", self.host), ("path", self.path)):
            if not isinstance(cast(object, value), str):
                raise TypeError(f"{name} must be a string, not {type(value).__name__}")
        check_port(self.port, "port")
        if self.host and self.path:
            raise TargetError(
                "A target must have either a host or the path of a Unix socket, not both."
            )

    @property
    def shown(self) -> str:
        """The target as displayed to the user: host:port, the path, or mx:domain."""
        if self.path:
            return visible_text(self.path)
        return visible_text(self.text if self.mx else self._place)

    @property
    def text(self) -> str:
        """The target as a user would type it; `parse_target` accepts it."""
        if self.path:
            from urllib.parse import quote

            octets = self.path.encode("utf-8", "surrogateescape")
            return f"{'unix' if self.lmtp else 'smtp+unix'}:{quote(octets)}"
        if self.mx:
            return f"mx:{self.host}"
        scheme = "lmtp://" if self.lmtp else "smtps://" if self.implicit else ""
        return f"{scheme}{self._place}"

    @property
    def _place(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def password_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Return the (start, end) span of each password in `text`, as in smtp://user:password@host.

    A URL at the beginning of the text may lack its scheme. A password may contain an "@".
    """
    found: list[tuple[int, int]] = []
    for word in re.finditer(r"\S+", text) if "@" in text and ":" in text else ():
        end = word[0].rfind("@")
        if end < 0:
            continue
        user = re.search(_USER, word[0][:end])
        if user is None and not word.start():
            user = re.match(_BARE_USER, word[0][:end])
        if user is not None and user.end() < end:
            found.append((word.start() + user.end(), word.start() + end))
    spaced = _SPACED.finditer(text) if " " in text and "@" in text and ":" in text else ()
    found += (one.span("password") for one in spaced)
    return tuple(sorted(found))


def passwords_in(text: str) -> list[bytes]:
    """Return the passwords in `text`, each in two forms: as written, and percent-decoded."""
    found = [text[start:end] for start, end in password_spans(text)]
    if not found:
        return []  # avoids importing urllib at startup
    from urllib.parse import unquote_to_bytes

    return [form for word in found for form in (word.encode("utf-8", "surrogateescape"),
                                                unquote_to_bytes(word))]  # fmt: skip


def without_password(text: str) -> str:
    """Return `text` with asterisks in place of any password.

    `text` is a TARGET, or a text that contains one.
    """
    for start, end in reversed(password_spans(text)):
        text = text[:start] + MASK + text[end:]
    return text


def parse_target(text: str) -> Target:
    """Parse the text of a TARGET, and return the `Target`.

    Raises TargetError if the text is not a valid TARGET, or TypeError if it is not a string.
    """
    if not isinstance(cast(object, text), str):
        raise TypeError(
            f"a target must be text such as mail.example.org:587, not {type(text).__name__}"
        )
    text = text.strip()
    shown = visible_text(without_password(text)[:80])
    if not text:
        raise TargetError(f"The target is missing. Use {_FORMS}.")
    if not text.isprintable():
        raise TargetError(f"A target must not contain control characters: {shown}")
    for prefix, lmtp in (("unix:", True), ("smtp+unix:", False), ("lmtp+unix:", True)):
        if text.lower().startswith(prefix):
            path = text[len(prefix) :]
            if path.startswith("//"):
                path = path[2:]
            if not path.startswith("/"):
                raise TargetError(
                    f"A socket must be given by its absolute path, as in {prefix}/run/lmtp."
                )
            from urllib.parse import unquote

            return Target(path=unquote(path), lmtp=lmtp)
    if text.lower().startswith("mx:"):
        return _exchanged(text[3:].removeprefix("//"), shown)
    scheme, rest = "smtp", text
    match = re.match(_SCHEME, text) if "://" in text else None
    if match is not None:
        scheme, rest = match[1].lower(), match[2]
        if scheme not in PORTS:
            raise TargetError(f"{scheme}:// is not the scheme of a mail server. Use {_FORMS}.")
        rest = rest.removesuffix("/")
    if "/" in rest and not password_spans(text):
        raise TargetError(
            f"A target must not contain a path: {shown}. For a Unix socket, use unix:/path."
        )
    if password_spans(text):
        raise TargetError(
            f"A target must not contain a password: {shown}. Specify only the server, and log in "
            "after its greeting."
        )
    if "@" in rest:
        domain = visible_text(rest.rpartition("@")[2])
        raise TargetError(
            f"{shown} is an email address, not a server. Try the mail server of {domain}."
        )
    host, port = _host_and_port(rest, shown)
    return Target(
        host,
        PORTS[scheme] if port is None else port,
        lmtp=scheme == "lmtp",
        implicit=scheme == "smtps",
    )


def target_of(host: str | Target, port: int = 0) -> Target:
    """Return the Target that the arguments denote.

    `host` is a Target, a host (with `port`), or the text of a TARGET, as in the arguments of
    `Session`. Raises TypeError or TargetError.
    """
    check_port(port, "port")
    if isinstance(host, Target):
        return host
    if not isinstance(cast(object, host), str):
        raise TypeError(f"host must be a string or a Target, not {type(host).__name__}")
    if port:
        if re.search(_HAS_PORT, host):
            shown = visible_text(without_password(host)[:80])
            raise TargetError(f"The port is specified twice: in {shown}, and as {port}.")
        if "://" in host or host.startswith("["):
            return msgspec.structs.replace(parse_target(host), port=port)
        return Target(host, port)
    return parse_target(host)


def check_port(port: object, name: str) -> None:
    """Raise TypeError or TargetError unless `port` is a port number, or 0 for the default port.

    `name` is the name of the argument, which the error message quotes.
    """
    if not isinstance(port, int) or isinstance(port, bool):
        raise TypeError(f"{name} must be a number, not {type(port).__name__}")
    if not 0 <= port <= 65535:
        raise TargetError(f"A port must be a number from 1 to 65535, not {port}.")


def _exchanged(text: str, shown: str) -> Target:
    domain = text.rpartition("@")[2]
    if ":" in domain or domain.startswith("["):
        raise TargetError(
            f"mx: must be followed by a domain only, as in mx:example.org, not as in {shown}."
        )
    host, _ = _host_and_port(domain, shown)
    return Target(host, PORTS["smtp"], mx=True)


def _host_and_port(text: str, shown: str) -> tuple[str, int | None]:
    if text.startswith("["):
        host, bracket, rest = text[1:].partition("]")
        if not bracket or (rest and not rest.startswith(":")):
            raise TargetError(
                f"An IPv6 address with a port must be written like [::1]:25, not {shown}."
            )
        host = host.removeprefix("IPv6:")
        return _address(host, shown), _port(rest[1:]) if rest else None
    if text.count(":") > 1:
        return _address(text, shown), None
    host, colon, port = text.partition(":")
    if not host:
        raise TargetError(f"The host is missing from {shown}. Use {_FORMS}.")
    labels = host.removesuffix(".").split(".")
    if len(host) > 253 or not all(len(label) <= 63 and _LABEL.match(label) for label in labels):
        raise TargetError(f"{visible_text(host[:80])} is not a host name.")
    return host, _port(port) if colon else None


def _address(text: str, shown: str) -> str:
    import ipaddress

    try:
        ipaddress.ip_address(text)
    except ValueError:
        raise TargetError(
            f"{shown} is not an IPv6 address. With a port, write it like [::1]:25."
        ) from None
    return text


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:9]) < 65536:
        raise TargetError(
            f"A port must be a number from 1 to 65535, not {visible_text(text[:20])!r}."
        )
    return int(text)
