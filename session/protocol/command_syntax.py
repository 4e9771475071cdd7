"""Finds syntax errors in command lines: the usual mistakes of users and programs.

`faults` examines one line without any state. `CommandReader` reports the faults as violations, and
the screen shows them while a line is typed. Each fault names a rule of violations.py. The grammar
is that of RFC 5321 sections 4.1.1 and 4.1.2.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

import msgspec

from ..verbs import GREETINGS, SENDER_VERBS, TLS_VERBS
from ..visible import visible

COMMAND_LINE = 512  # octets, RFC 5321 4.5.3.1.4 and 4.5.3.1.5
LONGEST = 2048  # octets of a line that are examined
_SHOWN = 60  # octets of an address or a name that a fault quotes

# <...>, in which spaces and angle brackets are allowed only in quotes.
# Compiled when they are first used: asking a server for its extensions needs none of them.
_PATH = rb'<((?:"(?:[^"\\]|\\.)*"|[^<>\s"])*)>'
_PARAMETER = rb"([A-Za-z0-9][A-Za-z0-9-]*)(?:=[!-<>-~]+)?\Z"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\Z"
_TAGGED = r"[A-Za-z0-9-]*[A-Za-z0-9]:[!-Z^-~]+\Z"  # RFC 5321 4.1.3, except IPv6
_ALONE = ("DATA", "RSET", "QUIT", *TLS_VERBS)  # take no argument
_NEEDY = ("VRFY", "EXPN")  # need one
_PATHS = {**dict.fromkeys(SENDER_VERBS, b"FROM"), "RCPT": b"TO"}
# The octets that an extension adds to these commands; for DSN, its parameters at their longest.
_MAIL = {
    "SIZE": 26,  # RFC 1870 3
    "8BITMIME": 17,  # RFC 6152 2
    "SMTPUTF8": 10,  # RFC 6531 3.1
    "AUTH": 500,  # RFC 4954 3
    "DSN": len(" RET=FULL ENVID=") + 100,  # RFC 3461 4.3, 4.4
    "DELIVERBY": 17,  # RFC 2852 2
    "FUTURERELEASE": 34,  # RFC 4865 4
    "MT-PRIORITY": 15,  # RFC 6710 3
    "REQUIRETLS": 11,  # RFC 8689 2
}
_RCPT = {"DSN": len(" NOTIFY=SUCCESS,FAILURE,DELAY ORCPT=") + 500}  # RFC 3461 4.1, 4.2
_LONGER = {**dict.fromkeys(SENDER_VERBS, _MAIL), "RCPT": _RCPT}

CHECKED = frozenset((*_PATHS, *GREETINGS, *_ALONE, *_NEEDY))
"""The verbs whose arguments are checked. A space before the verb is a fault in any line."""


class Fault(msgspec.Struct, frozen=True):
    """One mistake in a command line.

    `detail` is the correct form, a description of the mistake, or "". `open` is true if further
    typing may still correct it.
    """

    rule: str
    detail: str = ""
    open: bool = False


def faults(line: bytes, verb: str, keywords: Collection[str] | None = None) -> list[Fault]:
    """Return the mistakes in a command line, in order.

    `line` may include its line ending, and `verb` is its verb in upper case. `keywords` holds the
    keywords in the EHLO reply; it is empty after HELO. If it is None, no parameter is reported as
    not offered.
    """
    text = line[:LONGEST].rstrip(b"\r\n")
    said = text.lstrip(b" \t")
    found = [Fault("leading-blank", _quoted(said))] if said != text and said else []
    argument = said[len(verb) :]
    if verb in _PATHS:
        return found + _path_faults(verb, argument, keywords)
    words = argument.split()
    if verb in GREETINGS:
        return found + _greeting_faults(verb, words)
    if verb in _ALONE and words:
        found.append(Fault("argument", verb))
    elif verb in _NEEDY and not words:
        found.append(Fault("no-argument", f"{verb} NAME", open=True))
    return found


def longest_line(verb: str, keywords: Collection[str] | None) -> int:
    """Return the maximum length of a command line in octets, including its CRLF.

    The limit without extensions also applies to AUTH with an initial response (RFC 4954 section 4).
    """
    longer = _LONGER.get(verb, {})
    return COMMAND_LINE + sum(longer.get(word, 0) for word in keywords or ())


def _quoted(text: bytes) -> str:
    return visible(text[:_SHOWN])


# MAIL and RCPT


def _path_faults(verb: str, argument: bytes, keywords: Collection[str] | None) -> list[Fault]:
    keyword = _PATHS[verb]
    head = f"{verb} {keyword.decode()}:"
    rest = argument.lstrip(b" \t")
    if rest[: len(keyword)].upper() != keyword:
        return [Fault("no-keyword", f"{head}<...>", keyword.startswith(rest.upper()))]
    after = rest[len(keyword) :]
    colon = after.lstrip(b" \t")
    if not colon.startswith(b":"):
        return [Fault("no-keyword", f"{head}<...>", not colon)]
    path = colon[1:].lstrip(b" \t")
    found: list[Fault] = []
    if after != colon or path != colon[1:]:
        word = path if path.startswith(b"<") else b"<%s>" % (path.partition(b" ")[0] or b"...")
        found.append(Fault("blank-at-colon", f"{head}{_quoted(word)}"))
    if not path:
        return [*found, Fault("no-path", f"{head}<...>", open=True)]
    if not path.startswith(b"<"):
        before, bracket, _ = path.partition(b"<")
        if bracket:
            shown = f"{head}{_quoted(path[len(before) :])}"
            return [*found, Fault("display-name", shown)]
        address, _, parameters = path.partition(b" ")
        found.append(Fault("no-brackets", f"{head}<{_quoted(address)}>"))
    else:
        match = re.match(_PATH, path)
        if match is None:
            return [*found, Fault("bracket-open", open=True)]
        address, parameters = match[1], path[match.end() :]
        if parameters.lstrip(b" \t")[:1] in (b",", b";", b"<"):
            return [*found, Fault("one-path")]
        if parameters and parameters[:1] not in b" \t":
            return [*found, Fault("behind-path")]
    found += _address_faults(verb, head, address)
    return found + _parameter_faults(parameters, keywords)


def _address_faults(verb: str, head: str, address: bytes) -> list[Fault]:
    if not address:
        return [Fault("empty-recipient")] if verb == "RCPT" else []
    local, at, domain = address.rpartition(b"@")
    if not at:
        if verb == "RCPT" and address.lower() == b"postmaster":
            return []
        return [Fault("no-domain", f"{head}<{_quoted(address)}@example.org>")]
    if not local:
        return [Fault("no-local-part")]
    why = name_fault(domain)
    return [Fault("no-such-domain", why.detail, why.open)] if why is not None else []


def _parameter_faults(parameters: bytes, keywords: Collection[str] | None) -> list[Fault]:
    found: list[Fault] = []
    words = parameters.split()
    for word in words:
        typing = word is words[-1]
        match = re.match(_PARAMETER, word)
        if match is None:
            found.append(Fault("parameter", _quoted(word), typing and word.endswith(b"=")))
            continue
        if keywords is not None:
            by = _offered_by().get(match[1].decode("ascii").upper(), ())
            if by and not any(keyword in keywords for keyword in by):
                found.append(Fault("parameter-not-offered", " or ".join(by)))
    return found


@lru_cache(maxsize=1)
def _offered_by() -> dict[str, tuple[str, ...]]:
    """Return a mapping from each parameter of MAIL and RCPT to the keywords that offer it.

    A parameter is omitted if it is uncertain which keywords offer it.
    """
    from ..facts.parameters import PARAMETERS  # a large table, loaded for the first parameter

    return {
        **{known.name: (known.keyword,) for known in PARAMETERS if known.sure},
        "BODY": ("8BITMIME", "BINARYMIME"),
    }


# EHLO, HELO, LHLO


def _greeting_faults(verb: str, words: list[bytes]) -> list[Fault]:
    if not words:
        return [Fault("no-name", f"{verb} client.example.org", open=True)]
    if len(words) > 1:
        return [Fault("one-name", f"{verb} {_quoted(words[0])}")]
    why = name_fault(words[0])
    return [why] if why is not None else []


def name_fault(name: bytes) -> Fault | None:
    """Return why `name` is neither a host name nor an address literal, or None if it is one.

    See RFC 5321 sections 2.3.5, 4.1.2 and 4.1.3. Non-ASCII names are not checked, because SMTPUTF8
    allows them.
    """
    if not name.isascii():
        return None
    text = name.decode("ascii")
    if text.startswith("["):
        return _literal_fault(text)
    if _is_address(text):
        literal = f"[IPv6:{text}]" if ":" in text else f"[{text}]"
        return Fault("bare-address", literal, open="." in text)
    if "/" in text or ":" in text:
        return Fault("not-a-name", "omit the scheme, path and port")
    if "@" in text:
        return Fault("not-a-name", "this is an email address")
    if "_" in text:
        return Fault("not-a-name", "a host name must not contain an underscore")
    if text.endswith("."):
        return Fault("not-a-name", "a host name in SMTP must not end with a dot", open=True)
    if not all(re.match(_LABEL, label) for label in text.split(".")):
        return Fault("not-a-name", open=text.endswith("-"))
    return None


def _literal_fault(text: str) -> Fault | None:
    if not text.endswith("]"):
        return Fault("literal-open", open=True)
    inside = text[1:-1]
    if inside[:5].lower() == "ipv6:":
        good = ":" in inside[5:] and _is_address(inside[5:])
    elif _is_address(inside):
        if ":" not in inside:
            return None
        return Fault("untagged-ipv6", f"[IPv6:{inside}]")
    else:
        good = re.match(_TAGGED, inside) is not None
    return None if good else Fault("not-a-literal")


def _is_octet(text: str) -> bool:
    """Return whether `text` is a decimal number up to 255, without a leading zero."""
    return text.isascii() and text.isdigit() and (text == "0" or text[0] != "0") and int(text) < 256


def _is_address(text: str) -> bool:
    if ":" not in text:
        octets = text.split(".")
        return len(octets) == 4 and all(map(_is_octet, octets))
    from ipaddress import AddressValueError, IPv6Address

    try:
        IPv6Address(text)
    except AddressValueError:
        return False
    return True
