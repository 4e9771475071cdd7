"""The command syntax that only a strict server refuses (scenario `strict`)."""

from __future__ import annotations

import ipaddress
import re

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_U_LABELS = re.compile(r"[^\x00-\x2c/:-@\[-`{-\x7f]+")  # RFC 6531 section 3.3
_KEYWORD = {"MAIL": "FROM", "RCPT": "TO"}
BARE_LF = "500 5.5.2 A bare LF does not end a line: send CRLF"


def refusal(verb: str, line: str) -> str:
    """Return the reply to a command line that breaks a rule, or "" if it breaks none.

    `line` has no line ending. The order of commands is checked elsewhere.
    """
    argument = line[len(verb) + 1 :] if len(line) > len(verb) else ""
    if verb in _KEYWORD and argument.strip():
        return _path(verb, argument)
    if verb in ("EHLO", "HELO", "LHLO") and argument.strip():
        return _host(verb, argument)
    if verb in ("DATA", "RSET", "QUIT") and argument.strip():
        return f"501 5.5.4 {verb} takes no argument"
    return ""


def _path(verb: str, argument: str) -> str:
    """Return the refusal of the path in MAIL or RCPT (RFC 5321 sections 3.3 and 4.1.2), or ""."""
    keyword = _KEYWORD[verb]
    detail = "5.1.7" if verb == "MAIL" else "5.1.3"
    begun = re.match(rf"(?i)( *){keyword}( *):( *)(<?)", argument)
    if begun is None:
        return ""  # refused by any server
    if begun[1] or begun[2] or begun[3]:
        return (
            f"501 5.5.4 No extra space is allowed around {keyword}: send {verb} {keyword}:<address>"
        )
    if not begun[4]:
        return f"501 {detail} The address needs angle brackets: {verb} {keyword}:<address>"
    path = argument[begun.end() :]
    inside = re.match(r'((?:"(?:\\.|[^"\\])*"|[^">\s])*)>', path)
    if inside is None:
        return f"501 {detail} The path is incomplete: {verb} {keyword}:<address>"
    address = inside[1]
    if verb == "MAIL" and not address:
        return ""
    if verb == "RCPT" and address.lower() == "postmaster":
        return ""
    local, at, domain = address.rpartition("@")
    if not at or not local:
        return f"501 {detail} The address needs a domain: user@host"
    if not _is_host(domain):
        return f"501 {detail} The domain is not a valid host name"
    rest = path[inside.end() :]
    if rest and not rest.startswith(" "):
        return f"501 {detail} After >, only a space and parameters are allowed"
    return ""


def _host(verb: str, argument: str) -> str:
    """Return the refusal of the argument of EHLO or HELO (RFC 5321 section 4.1.1.1), or ""."""
    if argument.startswith(" ") or argument.endswith(" "):
        argument = argument.strip(" ")
    if re.search(r"\s", argument):
        return f"501 5.5.4 {verb} takes one host name"
    if argument.startswith("["):
        if verb == "HELO":
            return "501 5.5.2 HELO takes a host name; use EHLO with an address literal"
        return "" if _is_literal(argument) else "501 5.5.2 This is not an address literal"
    if not _DOMAIN.fullmatch(argument) or len(argument) > 255:
        return f"501 5.5.2 {verb} needs a host name of letters, digits, hyphens and dots"
    return ""


def _is_host(domain: str) -> bool:
    if domain.startswith("["):
        return _is_literal(domain)
    if len(domain) > 255:
        return False
    return all(_DOMAIN.fullmatch(label) or (not label.isascii() and _U_LABELS.fullmatch(label))
               for label in domain.split("."))  # fmt: skip


def _is_literal(text: str) -> bool:
    """Return whether the text is an address literal (RFC 5321 section 4.1.3)."""
    if not text.endswith("]"):
        return False
    inside = text[1:-1]
    tag, colon, address = inside.partition(":")
    try:
        if colon and tag.upper() == "IPV6":
            ipaddress.IPv6Address(address)
        else:
            ipaddress.IPv4Address(inside)
    except ValueError:
        return False
    return True
