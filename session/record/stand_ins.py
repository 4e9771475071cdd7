"""Stand-ins for mailbox and host names, so that a conversation can be shown to others.

The same name always has the same stand-in, within one run: `bob@mail.example.org` is
`user1@host1.example` wherever it is said. IPv4 and IPv6 addresses become those that are kept for
documentation (RFC 5737, RFC 3849). What names nobody stays as it is: postmaster (RFC 5321 section
4.5.1), localhost, loopback addresses, codes and version numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable

SHORTEST = 3  # octets of a bare name that is looked for everywhere
MOST = 50_000  # names that are remembered: beyond, all others share one stand-in
_ATOM = rb'[^\x00-\x20\x7f<>()\[\]:;,"@\\]'
# A local-part begins where a run of such characters begins: so each run is read once only.
_LOCAL = rb'(?:"(?:[^"\\\r\n]|\\.)*"|(?<!' + _ATOM + rb")" + _ATOM + rb"+?)"
_DOMAIN = rb'(?:\[[^\]\s]*\]?|[^\x00-\x20\x7f<>()\[\]:;,"@\\]+)'
_LABEL = rb"[A-Za-z0-9_\x80-\xff](?:[A-Za-z0-9_\x80-\xff-]*[A-Za-z0-9_\x80-\xff])?"
_HOST = rb"(?:" + _LABEL + rb"\.)+(?:[A-Za-z\x80-\xff]{2,}|xn--[A-Za-z0-9-]+)"
# @, and as it is written in a URL, in quoted-printable and in xtext, if a domain follows.
_AT = rb"(?:@|(?:%40|=40|\+40)(?=" + _HOST + rb"(?![\w-])))"
_OCTET = rb"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_IPV4 = rb"(?:" + _OCTET + rb"\.){3}" + _OCTET
_IPV6 = rb"(?:[0-9A-Fa-f]{0,4}:){2,7}(?:[0-9A-Fa-f]{1,4}|" + _IPV4 + rb")?"
_NAMES = re.compile(
    rb"(?P<local>" + _LOCAL + rb")(?P<at>" + _AT + rb")(?P<domain>" + _DOMAIN + rb")"
    rb"|(?<![\w:.])(?P<ipv6>(?:IPv6:)?" + _IPV6 + rb")(?![\w:])"
    rb"|(?<![\w.])(?P<ipv4>" + _IPV4 + rb")(?![\w]|\.\d)"
    rb"|(?<![\w.-])(?P<host>" + _HOST + rb")(?![\w-])"
)
# By position, where a name need not look like one.
_MAILBOX = rb'<?("(?:[^"\\\r\n]|\\.)*"|[^<>@\s"]+)(@[^<>@\s"]+)?'
_PATH = re.compile(rb"\s*(?:MAIL\s+FROM|RCPT\s+TO)\s*:\s*" + _MAILBOX, re.I)
_ASKED = re.compile(rb"\s*(?:VRFY|EXPN)\s+" + _MAILBOX, re.I)
_ESCAPED = re.compile(rb"\\(.)")
_HELLO = re.compile(rb"\s*(?:EHLO|HELO|LHLO)\s+([^\s\[]+)", re.I)
_PARAMETER = re.compile(rb"(?:AUTH|ORCPT|RFC822|UTF-8|ENVID|LOGIN)=", re.I)
# XCLIENT and XFORWARD (of Postfix) name the client's host, its EHLO and who is logged in.
_CLIENT = re.compile(rb"\s*(?:XCLIENT|XFORWARD)\s", re.I)
_ATTRIBUTE = re.compile(rb"(?i)\b(NAME|HELO|LOGIN)=([^\s\[\]]+)")
_NOT_KNOWN = (b"[unavailable]", b"[tempunavail]")
# A bare name as a word; what may end a sentence is none of it.
_WORD = re.compile(rb"(?<![\w@.-])" + _ATOM + rb"+(?!@)")
_ENDS = b".!?/='"
# A name that is too short, or too usual a word, to be looked for everywhere.
_QUOTED = re.compile(rb"(?<=[<\"'])([^<>\s\"']+)(?=[>\"'])|(?<![\w@.-])([\w+-]+)(?=\.\.\.)")
_ROLES = (b"postmaster", b"mailer-daemon", b"abuse")
_HERE = (b"localhost", b"localhost.localdomain", b"localdomain")
_CODE = re.compile(rb"\d{3}-")  # of a reply of several lines: no part of the name behind it
_OURS = re.compile(rb"user\d+\Z|host\d+\.example\Z")
# Words of replies that look like a host name to a pattern and are none.
_NO_HOST = re.compile(rb"(?i)\A(?:e\.g|i\.e|.*\.(?:py|html?|php|txt|cf|conf))\Z")


def host_of(target: str) -> bytes:
    """The host of a TARGET or of a peer, without scheme and port; b"" for a path."""
    host = target.rpartition("//")[2]
    if host.startswith(("/", "[", "practice")) or ":/" in target.replace("://", ""):
        return b""
    return host.partition(":")[0].encode("utf-8", "surrogateescape")


class StandIns:
    """Remembers the stand-in of each name."""

    def __init__(self) -> None:
        self._hosts: dict[bytes, bytes] = {}
        self._users: dict[bytes, bytes] = {}
        self._addresses: dict[bytes, bytes] = {}
        self._bare: dict[bytes, bytes] = {}  # names without a dot, known by their position
        self._quoted: dict[bytes, bytes] = {}  # those replaced only where they are quoted

    @property
    def known(self) -> int:
        """How many names have a stand-in: when it grows, earlier lines may be drawn otherwise."""
        return (
            len(self._hosts)
            + len(self._users)
            + len(self._addresses)
            + len(self._bare)
            + len(self._quoted)
        )

    def mask(self, data: bytes) -> bytes:
        """`data`, a line or several, with a stand-in for each name in it.

        A stand-in stays what it is: masking twice is masking once.
        """
        code = _CODE.match(data)
        if code is not None:
            return code[0] + self.mask(data[code.end() :])
        data = _NAMES.sub(self._stand_in, self._by_position(data))
        if self._bare:
            data = _WORD.sub(self._bare_stand_in, data)
        if self._quoted:
            data = _QUOTED.sub(
                lambda found: self._quoted.get((found[1] or found[2]).lower(), found[0]), data
            )
        return data

    def learn_host(self, name: bytes) -> None:
        """Replace a host name without a dot, such as `mail`, from now on wherever it is a word."""
        name = name.lower().rstrip(b".")
        if name and b"." not in name and name not in _HERE and not _OURS.match(name):
            self._learn(name, self._host(name))

    def learn_user(self, name: bytes) -> None:
        """Replace the name of a user, such as AUTH tells it, from now on wherever it is a word."""
        if name and b"@" not in name and name.lower() not in _ROLES and not _OURS.match(name):
            self._learn(name.lower(), self._user(name))

    def _bare_stand_in(self, found: re.Match[bytes]) -> bytes:
        word = found[0]
        name = word.strip(_ENDS)
        known = self._bare.get(name.lower())
        return word if known is None else word.replace(name, known, 1)

    def mask_text(self, text: str) -> str:
        """`text` with a stand-in for each name in it."""
        return self.mask(text.encode("utf-8", "surrogateescape")).decode("utf-8", "surrogateescape")

    def mask_target(self, target: str) -> str:
        """A TARGET with a stand-in for its host, which need not have a dot."""
        host = host_of(target)
        name = host.lower().rstrip(b".")
        if not name or b"." in name or name in _HERE or _OURS.match(name):
            return self.mask_text(target)
        self.learn_host(host)
        return target.replace(host.decode("utf-8", "surrogateescape"), self._host(name).decode(), 1)

    def mask_user(self, name: str) -> str:
        """The stand-in for the name of a user, which need not be an address."""
        if "@" in name:
            return self.mask_text(name)
        return self._user(name.encode("utf-8", "surrogateescape")).decode()

    def _by_position(self, data: bytes) -> bytes:
        """Replace a name that only its place in a command gives away."""
        found = _HELLO.match(data)
        if found is not None:
            self.learn_host(found[1])
            name = found[1].lower().rstrip(b".")
            if name not in self._bare and name in self._quoted:  # too short to be looked for
                return data[: found.start(1)] + self._quoted[name] + data[found.end(1) :]
            return data
        if _CLIENT.match(data) is not None:
            return _ATTRIBUTE.sub(self._attribute, data)
        found = _PATH.match(data) or _ASKED.match(data)
        if found is None or found[1].lower() in _ROLES or _OURS.match(found[1]):
            return data
        name, domain = found[1], found[2]
        user = self._user(name if domain is None else name + domain.lower())
        self._learn(_ESCAPED.sub(rb"\1", name.strip(b'"')).lower(), user)
        if domain is not None:
            return data
        return data[: found.start(1)] + user + data[found.end(1) :]

    def _attribute(self, found: re.Match[bytes]) -> bytes:
        """An attribute of XCLIENT or XFORWARD with a stand-in for its value."""
        name, value = found[1], found[2]
        if value.lower() in _NOT_KNOWN or b"@" in value or b"." in value or _OURS.match(value):
            return found[0]
        if name.upper() == b"LOGIN":
            return name + b"=" + self._user(value)
        self.learn_host(value)
        return name + b"=" + self._host(value)

    def _learn(self, name: bytes, stand_in: bytes) -> None:
        """Replace a name from now on wherever it stands as a word, or only where it is quoted."""
        usual = len(name) < SHORTEST or name in _WORDS
        known = self._quoted if usual else self._bare
        if name not in known and len(known) < MOST:
            known[name] = stand_in

    def _stand_in(self, found: re.Match[bytes]) -> bytes:
        if found["local"] is not None:
            local, domain = found["local"], found["domain"]
            before = b""
            parameter = _PARAMETER.match(local)
            if parameter is not None:
                before, local = parameter[0], local[parameter.end() :]
            return before + self._mailbox(local, domain).replace(b"@", found["at"], 1)
        if found["host"] is not None:
            return self._host(found["host"])
        if found["ipv4"] is not None:
            return self._ipv4(found["ipv4"])
        return self._ipv6(found["ipv6"])

    def _mailbox(self, local: bytes, domain: bytes) -> bytes:
        end = domain[len(domain.rstrip(b".")) :]
        domain = domain.rstrip(b".")
        if domain.startswith(b"["):
            inside = domain.strip(b"[]")
            number = self._ipv4(inside) if re.fullmatch(_IPV4, inside) else self._ipv6(inside)
            place = b"[" + number + b"]"
        else:
            place = self._host(domain)
        if not local or local.lower() in _ROLES or (_OURS.match(local) and place == domain):
            return local + b"@" + place + end
        return self._user(local + b"@" + domain.lower()) + b"@" + place + end

    def _user(self, mailbox: bytes) -> bytes:
        return _remembered(self._users, mailbox, lambda number: b"user%d" % number)

    def _host(self, name: bytes) -> bytes:
        low = name.lower().rstrip(b".")
        if low in _HERE or _NO_HOST.match(low):
            return name
        if _OURS.match(low):
            return name
        if re.fullmatch(_IPV4, low):
            return self._ipv4(low)
        return _remembered(self._hosts, low, lambda number: b"host%d.example" % number)

    def _ipv4(self, address: bytes) -> bytes:
        if address.startswith((b"127.", b"0.")) or address.startswith(b"192.0.2."):
            return address
        return _remembered(self._addresses, address, _documentation)

    def _ipv6(self, address: bytes) -> bytes:
        prefix = address[:5] if address[:5].lower() == b"ipv6:" else b""
        number = address[len(prefix) :].lower()
        if number in (b"::1", b"::") or number.startswith(b"2001:db8:") or _is_time(number):
            return address
        return prefix + _remembered(self._addresses, number, lambda count: b"2001:db8::%x" % count)


_WORDS = frozenset(
    (
        *(b"mail", b"from", b"rcpt", b"ehlo", b"helo", b"data", b"user", b"users", b"mailbox"),
        *(b"auth", b"size", b"help", b"sender", b"recipient", b"message", b"server", b"esmtp"),
        *(b"smtp", b"lmtp", b"the", b"and", b"not", b"for", b"with", b"unknown", b"host", b"name"),
        *(b"test", b"info", b"support", b"sales", b"error", b"list", b"local", b"address"),
        *(b"has", b"was", b"its", b"are", b"you", b"can", b"any", b"all", b"our", b"try", b"see"),
        *(b"use", b"end", b"ask", b"but", b"who", b"yes", b"new", b"old", b"too", b"bad", b"out"),
        *(b"bye", b"may", b"one", b"two", b"non", b"per", b"via", b"dsn", b"tls", b"vrfy", b"expn"),
        *(b"size", b"help", b"pipelining", b"8bitmime", b"starttls", b"smtputf8", b"chunking"),
    )
)
"""Words that replies are made of: a mailbox of that name keeps its stand-in to its own place."""


def _documentation(number: int) -> bytes:
    if number < 255:
        return b"192.0.2.%d" % number
    return b"198.%d.%d.%d" % (18 + (number >> 16 & 1), number >> 8 & 255, number & 255)


def _is_time(text: bytes) -> bool:
    """Whether a text with colons is a time of day, as in the header of a message."""
    return re.fullmatch(rb"\d{1,2}(?::\d{2}){2}", text) is not None


def _remembered(known: dict[bytes, bytes], name: bytes, make: Callable[[int], bytes]) -> bytes:
    found = known.get(name)
    if found is None:
        number = len(known) + 1
        found = make(min(number, MOST))
        if number <= MOST:
            known[name] = found
    return found
