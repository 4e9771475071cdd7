"""Builds command lines, addresses and parameters as bytes, without any state.

See RFC 5321 section 4.1.1 (syntax), 3461 section 4 (xtext), 6531 section 3.3 (UTF-8), and 5890
(A-labels for internationalised domains, for servers without SMTPUTF8).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

# Patterns that are text are compiled when they are first used: most messages need none of them.
_CONTROL = r"[\x00-\x1f\x7f-\x9f]"
_SEVERAL = r"[,;]"
_ROUTE = r"<\s*@[^<>:]*:"  # a source route, which is obsolete
_STRAY = r">\s*[^\s,;>]|@[^,;:<>@]*<"  # text after an address, or an address as a display name
_FOLDING = r"\r?\n(?=[ \t])"
_NOT_XTEXT = r"[^!-*,-<>-~]"
# An address that every parser accepts unchanged: dot-atoms (RFC 5321 section 4.1.2).
_SIMPLE = (
    r"(?a)[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*"
    r"@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\Z"
)

__all__ = [
    "addr_only",
    "ascii_domain",
    "has_controls",
    "header_addresses",
    "line",
    "parameter",
    "parameters",
    "quoteaddr",
    "single_path",
    "xtext",
]


@lru_cache(1 << 15)
def quoteaddr(address: str, *, as_smtplib: bool = False) -> str:
    """Return the address in angle brackets.

    The result is the same on every Python version or, if `as_smtplib` is true, what the running
    Python's smtplib sends. Results are cached, because plans need them repeatedly. Raises
    ValueError for an address whose comments are nested too deeply to be read.
    """
    if not as_smtplib and re.match(_SIMPLE, address):
        return f"<{address}>"
    try:
        if as_smtplib:
            from smtplib import quoteaddr as smtplib_quoteaddr

            return smtplib_quoteaddr(address)
        name, found = _parsed(address)
    except RecursionError:
        raise ValueError(f"the address is nested too deeply: {address[:60]}") from None
    if (name, found) != ("", ""):
        return f"<{found}>"
    return address if address.strip().startswith("<") else f"<{address}>"


@lru_cache(1 << 15)
def single_path(address: str) -> str:
    """Return a single address, with or without a display name, in angle brackets.

    Raises ValueError for several addresses, of which only the first would be sent, and for control
    characters, which parsing could drop together with a part of the address.
    """
    _check_controls(address)
    path = quoteaddr(address)
    bare = address.strip()
    if path in (bare, f"<{bare}>") and (bare.startswith("<") or not re.search(_SEVERAL, bare)):
        return path
    try:
        found = _addresses_in([address])
    except RecursionError:
        raise ValueError(f"the address is nested too deeply: {address[:60]}") from None
    if len(found) > 1:
        raise ValueError(f"this is not one address, but {len(found)}: {address[:60]!a}")
    return path


def _check_controls(address: str) -> None:
    """Raise ValueError for control characters, which parsing could drop from an address."""
    if has_controls(address):
        raise ValueError(f"an address must not contain control characters: {address[:60]!a}")


def has_controls(text: str) -> bool:
    """Return whether `text` contains control characters, including line endings."""
    return re.search(_CONTROL, text) is not None


def header_addresses(fields: Iterable[str]) -> list[str]:
    """Return the addresses in the values of header fields. Each can be sent as it is.

    Raises ValueError for an address that is nested too deeply, contains control characters, or
    would be sent as a different address. (The envelope parses an address a second time, which must
    not turn `"x <z>"@y` into `<z>`.) Nothing is dropped, and no display name is mistaken for an
    address: a field with other text between two addresses is rejected as a whole.
    """
    unfolded = [re.sub(_FOLDING, "", field) for field in fields]
    for field in unfolded:
        if has_controls(field.replace("\t", " ")):
            shown = ascii(field[:60])
            raise ValueError(f"an address must not contain control characters: {shown}")
    try:
        found = _addresses_in(unfolded)
    except RecursionError:
        raise ValueError("the addresses of the message are nested too deeply") from None
    for address in found:
        if has_controls(address):
            raise ValueError(f"an address must not contain a tab: {address[:60]!a}")
        sent = quoteaddr(address)
        if sent not in (address, f"<{address}>"):
            shown = ascii(address[:60])
            raise ValueError(f"{shown} is not an address: {sent[:60]} would be sent instead")
    for field in unfolded:
        _check_whole(field)
    return found


def _addresses_in(fields: list[str]) -> list[str]:
    """Return the addresses in header fields, with the same result on every Python version.

    May raise RecursionError.
    """
    from email.utils import getaddresses

    return [address for _, address in getaddresses(fields, **_not_strict()) if address]


def _parsed(address: str, *, as_smtplib: bool = False) -> tuple[str, str]:
    """Return the display name and the address, or two empty strings. May raise RecursionError."""
    from email.utils import parseaddr  # which takes longer to import than a message to send

    return parseaddr(address, **({} if as_smtplib else _not_strict()))


@lru_cache(1)
def _not_strict() -> dict[str, Any]:
    """Return the arguments that make a parser accept malformed text, as older versions always do.

    Python versions disagree on malformed text, so only the drop-in for smtplib parses addresses as
    the running Python does.
    """
    from email import utils

    return {"strict": False} if hasattr(utils, "supports_strict_parsing") else {}


def _check_whole(field: str) -> None:
    """Raise ValueError if a field contains anything other than its addresses."""
    bare = re.sub(_ROUTE, "<", _bare(field))
    found = _addresses_in([field])
    shown = ascii(field[:60])
    for address in found:
        if address.startswith("@") or address.endswith("@"):
            raise ValueError(f"{shown}: {address[:60]!a} is not an address")
    ats = sum(_bare(address).count("@") for address in found)
    stray = re.search(_STRAY, bare) or bare.count("<") != bare.count(">")
    if stray or bare.count("@") != ats:
        raise ValueError(
            f"{shown} is not a list of addresses: put commas between them, and quotation marks "
            "around a name that contains @ or a comma"
        )


def _bare(text: str) -> str:
    """Return the text without quoted strings and comments (RFC 5322 sections 3.2.2 and 3.2.4)."""
    kept: list[str] = []
    depth = 0
    quoted = escaped = False
    for char in text:
        if escaped:
            escaped = False
        elif char == "\\" and (quoted or depth):
            escaped = True
        elif quoted:
            quoted = char != '"'
        elif char == "(":
            depth += 1
        elif depth:
            depth -= char == ")"
        elif char == '"':
            quoted = True
        else:
            kept.append(char)
    return "".join(kept)


def line(
    verb: str, argument: str = "", encoding: str = "ascii", *, as_smtplib: bool = False
) -> bytes:
    """Return a command line with its CRLF.

    Raises ValueError if the line would contain another CR or LF, which would begin another command.
    Unless `as_smtplib` is true, also raises ValueError for NUL, which no command may contain (RFC
    5321 section 4.1.2) and at which many programs truncate the line. Raises UnicodeEncodeError for
    characters outside `encoding`.
    """
    text = verb if argument == "" else f"{verb} {argument}"
    if "\0" in text and not as_smtplib:
        shown = text.replace("\0", "\\0")
        raise ValueError(f"command and arguments contain NUL, which is prohibited: {shown}")
    if "\r" in text or "\n" in text:
        shown = text.replace("\n", "\\n").replace("\r", "\\r")
        raise ValueError(f"command and arguments contain prohibited newline characters: {shown}")
    return f"{text}\r\n".encode(encoding)


def addr_only(address: str, *, as_smtplib: bool = False) -> str:
    """Return the bare address in `address`, which may contain a display name.

    The result is the same on every Python version or, if `as_smtplib` is true, that of the running
    Python's smtplib. Raises ValueError for control characters, unless `as_smtplib` is true.
    """
    if not as_smtplib:
        _check_controls(address)
    try:
        name, found = _parsed(address, as_smtplib=as_smtplib)
    except RecursionError:
        return address
    return address if (name, found) == ("", "") else found


def ascii_domain(path: str) -> str:
    """Return a path in angle brackets with its domain in A-labels (RFC 5890).

    The local part is not changed. Neither is a domain that is invalid.
    """
    if path.isascii() or "@" not in path:
        return path
    local, _, domain = path.removesuffix(">").rpartition("@")
    import idna

    try:
        domain = idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        return path
    return f"{local}@{domain}{'>' if path.endswith('>') else ''}"


def xtext(text: str) -> str:
    """Return `text` as xtext: +, = and all but printable ASCII become +XX (RFC 3461 section 4)."""
    return re.sub(_NOT_XTEXT, _in_hex, text)


def _in_hex(found: re.Match[str]) -> str:
    return "".join(f"+{octet:02X}" for octet in found[0].encode("utf-8", "surrogateescape"))


def parameter(name: str, value: str | None = None) -> str:
    """Return one parameter of MAIL or RCPT: `parameter("ENVID", "a b")` is `ENVID=a+20b`.

    A value is encoded if the table of parameters declares it as xtext. If the value of ORCPT has no
    address type, the type rfc822 is added, or utf-8 if the value is not ASCII (RFC 6533 section 3).
    If `value` is None, the parameter has no value. Unknown parameters are not changed.
    """
    name = name.upper().replace("_", "-")
    if value is None:
        return name
    if name == "ORCPT":
        kind, semicolon, address = value.partition(";")
        if not semicolon:
            kind, address = "rfc822" if value.isascii() else "utf-8", value
        return f"ORCPT={kind};{xtext(address) if address.isascii() else address}"
    from ..facts.parameters import PARAMETERS

    known = next((each for each in PARAMETERS if each.name == name), None)
    if known is not None and "xtext" in known.value and value != "<>":
        value = xtext(value)
    return f"{name}={value}"


def parameters(values: dict[str, str | bool | int | None]) -> list[str]:
    """Return the parameters of MAIL or RCPT for a dictionary of names and values.

    True means a parameter without a value; False and None omit the parameter.
    """
    return [
        parameter(name, None if value is True else str(value))
        for name, value in values.items()
        if value is not None and value is not False
    ]
