"""Finds syntax faults in a line that the client sent, and states them in sentences.

Only violations of the syntax in RFC 5321 are reported, judging by the bytes that were sent. The
server's reply shows whether it objects to them.
"""

from __future__ import annotations

import re
from ipaddress import ip_address

from .situation import Situation

_BLANK_BEFORE = re.compile(r"\A\w+ (?:FROM|TO)(?: :|: +)", re.IGNORECASE)
_LABELS = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9]"
                     r"(?:[A-Za-z0-9-]*[A-Za-z0-9])?)*\Z")  # fmt: skip
_LABEL_RULE = (
    "each part between dots has only letters, digits and hyphens, and neither begins nor ends with "
    "a hyphen"
)
_SECOND = re.compile(
    r"TO\s*:\s*<[^<>]*>\s*[,;]\s*\S|TO\s*:\s*[^\s<>,;@]+@[^\s<>,;@]+[,;]\s*\S", re.IGNORECASE
)
_URL = re.compile(r"\w+://")
_WORDS = {"MAIL": "FROM", "RCPT": "TO"}


def lacks_path(situation: Situation) -> bool:
    """Return whether a MAIL or RCPT line lacks the FROM: or TO: that must precede the address."""
    word = _WORDS.get(situation.verb)
    if word is None or not situation.line:
        return False
    return not re.match(rf"{word}\s*:", situation.argument, re.IGNORECASE)


def address_faults(situation: Situation) -> list[str]:
    """Return the faults of the address in a MAIL or RCPT line, as sentences."""
    verb, line = situation.verb, situation.line
    if verb not in ("MAIL", "RCPT") or not line:
        return []
    word = _WORDS[verb]
    found: list[str] = []
    if lacks_path(situation):
        if re.match(rf"{word}\b", situation.argument, re.IGNORECASE):
            return [f"The colon after {word} is missing."]
        return [f"The line does not have {verb} {word}: followed by the address."]
    if _BLANK_BEFORE.match(line.lstrip()):
        found.append(f"There is a space next to the colon: {word}:< must not contain spaces.")
    path = situation.path
    if not path.startswith("<"):
        found.append("The angle brackets < > around the address are missing.")
    elif path.startswith("<<"):
        found.append(
            "There are two pairs of angle brackets around the address: there must be only one."
        )
    if verb == "RCPT" and _SECOND.match(situation.argument):
        found.append("There is more than one address: each recipient needs its own RCPT.")
    address = path.strip("<>")
    if not address:
        if verb == "RCPT" or path != "<>":
            found.append("The address is missing.")
        return found
    if address.startswith("@") and ":" in address:
        address = address.partition(":")[2]  # after a source route, which servers must accept
    local, at, domain = address.rpartition("@")
    if not at and verb == "RCPT" and address.lower() == "postmaster":
        return found  # the one address that needs no domain (RFC 5321 section 4.1.1.3)
    if not at:
        found.append("The address has no @ and no domain.")
        return found
    if not local:
        found.append("The part before the @ is missing.")
    if not domain:
        found.append("The domain after the @ is missing.")
    elif not domain.startswith("["):
        if ".." in domain or domain.startswith(".") or domain.endswith("."):
            found.append(
                "The domain has one dot too many: there must be a label before and after each dot."
            )
        elif domain.isascii() and not _LABELS.match(domain):
            found.append(f"In a domain, {_LABEL_RULE}.")
        elif "." not in domain:
            found.append("The domain has no dot: a full domain name is required.")
    if not local.startswith('"'):
        if ".." in local or local.startswith(".") or local.endswith("."):
            found.append("The local part (before the @) has a misplaced dot.")
        if "@" in local or " " in local:
            found.append("A local part that contains an @ or a space must be in quotation marks.")
    if not address.isascii():
        found.append(
            "The address is not ASCII: such an address requires the extension SMTPUTF8"
            + ("." if situation.lists("SMTPUTF8") or situation.offered is None
               else ", and after HELO no extension is in use." if situation.after_helo
               else ", which the EHLO reply does not list.")
        )  # fmt: skip
    return found


def helo_fault(name: str, verb: str = "EHLO") -> str:
    """Return a sentence on the syntax fault of a name in EHLO, or "" if the name is well-formed."""
    if not name:
        return (
            f"The name is missing: {verb} must be followed by a host name or an address in "
            "brackets."
        )
    if _URL.match(name):
        return "This is a URL: send only its host name."
    if " " in name:
        return "The name contains a space, which is not allowed in a host name."
    if name.startswith("["):
        inner = name[1:-1] if name.endswith("]") else ""
        tag, is_tagged, rest = inner.partition(":")
        try:
            version = ip_address(rest if is_tagged and tag.lower() == "ipv6" else inner).version
        except ValueError:
            return (
                "The text in brackets is not an IP address. An IPv6 address must begin with "
                '"IPv6:", as in [IPv6:2001:db8::1].'
            )
        if version == 6 and not (is_tagged and tag.lower() == "ipv6"):
            return 'An IPv6 address literal must begin with "IPv6:", as in [IPv6:2001:db8::1].'
        return ""
    try:
        tag = "IPv6:" if ip_address(name).version == 6 else ""
    except ValueError:
        pass
    else:
        return f"An IP address must be in brackets: [{tag}{name}]."
    if "_" in name:
        return (
            'The underscore "_" is not allowed: a host name may contain only letters, digits, '
            "hyphens and dots."
        )
    if not name.isascii():
        return "The name is not ASCII: use its A-label (xn--...)."
    if name.endswith("."):
        return "The name ends with a dot, which is not allowed in SMTP."
    if not _LABELS.match(name):
        return f"In a host name, {_LABEL_RULE}."
    if "." not in name:
        return "The name has no dot: a full host name, with its domain, is required."
    return ""
