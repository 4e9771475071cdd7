"""Stand-ins for mailbox and host names, so that a conversation can be shown to others.

Within one run, a name always has the same stand-in: `bob@mail.example.org` is `user1@host1.example`
wherever it occurs. IPv4 and IPv6 addresses become addresses reserved for documentation (RFC 5737,
RFC 3849). Names that identify nobody are not replaced: postmaster (RFC 5321 section 4.5.1),
localhost, loopback addresses, codes and version numbers, and public services that a reply refers to
(facts/public_names.py).

Stand-ins are for what a conversation contains, and for what a fact quotes from it. heloscope's own
sentences are made from masked text and are never masked themselves, because a user may be called
`client`.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable

from ..facts.public_names import PUBLIC_NAMES
from .crossed_out import crossed, is_binary, mask_binary, without_cut_words
from .escaped_names import mask_escaped
from .name_patterns import ATOM, IPV4, NAMES, NO_HOST, WORDS

SHORTEST = 3  # octets that a bare name needs to be replaced everywhere
MOST = 50_000  # names that are remembered: all further ones share one stand-in
# By position, where any word is a name.
_ROUTE = rb"(?:@[^<>\s:]*:)?"  # of hosts, before the mailbox (RFC 5321 appendix C)
_MAILBOX = rb"<?" + _ROUTE + rb'("(?:[^"\\\r\n]|\\.)*"|[^<>@\s"]+)(@[^<>@\s"]+)?'
_PATH = re.compile(rb"\s*(?:MAIL\s+FROM|RCPT\s+TO)\s*:\s*" + _MAILBOX, re.I)
_ASKED = re.compile(rb"\s*(?:VRFY|EXPN)\s+" + _MAILBOX, re.I)
_ESCAPED = re.compile(rb"\\(.)")
_HELLO = re.compile(rb"\s*(?:EHLO|HELO|LHLO)\s+([^\s\[]+)", re.I)
_PARAMETER = re.compile(rb"(?:AUTH|ORCPT|RFC822|UTF-8|ENVID|LOGIN)=", re.I)
# XCLIENT and XFORWARD (of Postfix) name the client's host, its EHLO name and the user.
_CLIENT = re.compile(rb"\s*(?:XCLIENT|XFORWARD)\s", re.I)
_ATTRIBUTE = re.compile(rb"(?i)\b(NAME|HELO|LOGIN)=([^\s\[\]]+)")
_NOT_KNOWN = (b"[unavailable]", b"[tempunavail]")
# A bare name as a word, without punctuation that may end a sentence.
_WORD = re.compile(rb"(?<![\w@.-])" + ATOM + rb"+(?!@)")
_ENDS = b".!?/='"
# A name that is too short, or too common a word, to be replaced everywhere.
_QUOTED = re.compile(rb"(?<=[<\"'])([^<>\s\"']+)(?=[>\"'])|(?<![\w@.-])([\w+-]+)(?=\.\.\.)")
_ROLES = (b"postmaster", b"mailer-daemon", b"abuse")
_HERE = (b"localhost", b"localhost.localdomain", b"localdomain")
# Codes (RFC 5321 section 4.2, RFC 3463), which are not names, even if a user is called 550.
_CODE = re.compile(rb"\d{3}(?:-|(?= |[\r\n]|\Z))(?: ?\d\.\d{1,3}\.\d{1,3}(?=[ \r\n]|\Z))?")
_PART = re.compile(rb"([=/'+])")  # between the parts of a word, as in user=bob
_LONGEST_WORD = 70  # octets of a word that is examined by its parts: a line of base64 is longer
MOST_PHRASES = 50  # names of several words that are replaced everywhere
LONGEST_PHRASE = 256  # octets, as a path has (RFC 5321 section 4.5.3.1.3)
# The replies to VRFY and EXPN: a person's name before the mailbox (RFC 5321 section 3.5.1).
_NAME = rb"[A-Z\x80-\xff][\w.'\x80-\xff-]*"
_LISTED = re.compile(
    rb'( ?)((?:"(?:[^"\\\r\n]|\\.)*"|' + _NAME + rb"(?: +(?:(?:van|von|der|den|de|la) )*" + _NAME
    + rb")*) +)?<([^<>@\s]+)(@[^<>\s]+)?>[ \r\n]*\Z"
)  # fmt: skip
_LISTS = (b"250", b"251", b"553")
# A person's name before the stand-in of a mailbox, and other names in an address field.
_STRING = rb'"(?:[^"\\\r\n]|\\.){0,300}"'
_DISPLAY = re.compile(
    rb"(?P<before>(?:\A|[,:;])[ \t]*)(?:" + _STRING + rb"|[^\s<>,;:\"][^<>,;:\"\r\n]{0,300}?)"
    rb"(?P<gap>[ \t]*<)(?P<user>user\d+)(?=[@>])"
)
_QUOTED_NAME = re.compile(_STRING + rb"|=\?[^?\s]+\?[BbQq]\?[^?\s]*\?=")
_NO_MAILBOX = re.compile(rb'((?:\A|[:,])[ \t]*)[^\s<>,;:@"()][^<>,;:@"()\r\n]*(?=\r?\n?\Z)')
_PEOPLE = re.compile(
    rb"(?i)(?:Resent-)?(?:From|Sender|Reply-To|To|Cc|Bcc)\s*:"
    rb"|(?:Disposition-Notification|Return-Receipt|Errors|Apparently)-To\s*:"
)
_UTF_16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_NTLM = b"NTLMSSP\0"
_NTLM_PAYLOAD = 48  # octets before the names (MS-NLMP section 2.2.1.2)
_NTLM_NAME = re.compile(rb"(?:[\w.-]\0){2,}|[\w.-]{3,}")
_RECEIVED = re.compile(rb"(?i)\b(?:from|by|helo=?)\s*([\w-]+)(?=[\s;()\]])")
_IN_TRACE = re.compile(rb"(?i)received:|[ \t]+(?:from|by)\s")
_COMMENT = re.compile(rb"\((?:[^()\\\r\n]|\\.){0,300}\)")
_LOOKUP = re.compile(rb"(" + IPV4 + rb")\.(.+)\Z")
_LINK = re.compile(rb"(https?://[^\s<>\"]+)")
_IN_LINK = re.compile(rb"([/?&;#]+)")
_LISTING = re.compile(rb"(?i)(//\S*spamhaus\.\S*/SBL)\d+")  # of somebody's network
_CHALLENGE = re.compile(rb" ?([A-Za-z0-9+/]+={0,2})\r?\n?\Z")
_OURS = re.compile(rb"user\d+\Z|host\d+\.example\Z")


def host_of(target: str) -> bytes:
    """Return the host of a TARGET or peer, without scheme and port, or b"" if it has no name."""
    host = target.rpartition("//")[2]
    if host.startswith(("/", "[", "practice")) or ":/" in target.replace("://", ""):
        return b""
    return host.partition(":")[0].encode("utf-8", "surrogateescape")


def names_people(line: bytes) -> bool:
    """Return whether a line begins a header field that names people (RFC 5322 section 3.6)."""
    return _PEOPLE.match(line) is not None


class StandIns:
    """Remembers the stand-in of each name."""

    def __init__(self) -> None:
        self._hosts: dict[bytes, bytes] = {}
        self._users: dict[bytes, bytes] = {}
        self._addresses: dict[bytes, bytes] = {}
        self._bare: dict[bytes, bytes] = {}  # names without a dot, known from their position
        self._quoted: dict[bytes, bytes] = {}  # those replaced only in quotes
        self._phrases: dict[bytes, bytes] = {}  # those of several words
        self._phrase: re.Pattern[bytes] | None = None

    @property
    def known(self) -> int:
        """The number of names with a stand-in. If it grows, lines may have to be redrawn."""
        return (
            len(self._hosts)
            + len(self._users)
            + len(self._addresses)
            + len(self._bare)
            + len(self._quoted)
            + len(self._phrases)
        )

    def mask(self, data: bytes, *, learn: bool = True) -> bytes:
        """Return `data`, one or more lines, with each name in it replaced with its stand-in.

        If `learn` is true, the local-part of each mailbox is replaced from now on wherever it
        occurs as a word; `learn` is false for the content of messages. Stand-ins are never
        replaced, so masking is idempotent.
        """
        code = _CODE.match(data)
        if code is not None:
            rest = data[code.end() :]
            if code[0][:3] == b"334" and (asked := _CHALLENGE.match(rest)) is not None:
                masked = self.mask_base64(asked[1])
                return code[0] + rest[: asked.start(1)] + masked + rest[asked.end(1) :]
            if code[0][:3] in _LISTS and (listed := _LISTED.match(rest)) is not None:
                return code[0] + self._listed(rest, listed)
            return code[0] + self._mask(rest, learn=learn)
        return self._mask(data, learn=learn)

    def _mask(self, data: bytes, *, learn: bool) -> bytes:
        if not learn:
            data = self._unescaped(data)
        elif b"://" in data:
            parts = _LINK.split(data)
            parts[::2] = [self._mask_plain(part, learn=True) for part in parts[::2]]
            parts[1::2] = map(self._link, parts[1::2])
            return b"".join(parts)
        return self._mask_plain(data, learn=learn)

    def _link(self, link: bytes) -> bytes:
        """Return a link with its parts masked one by one, so that it remains a link."""
        return _LISTING.sub(rb"\g<1>0", b"".join(map(self._in_link, _IN_LINK.split(link))))

    def _in_link(self, part: bytes) -> bytes:
        name, equals, value = part.partition(b"=")
        if not equals:
            return self._mask_plain(self._unescaped(part), learn=True)
        return name + equals + self._mask_plain(self._unescaped(value), learn=True)

    def _unescaped(self, data: bytes) -> bytes:
        return mask_escaped(data, lambda word: self._mask_plain(word, learn=False))

    def _mask_plain(self, data: bytes, *, learn: bool) -> bytes:
        data = self._by_position(data)
        data = NAMES.sub(self._learnt_stand_in if learn else self._stand_in, data)
        if self._phrase is not None:
            data = self._phrase.sub(lambda found: self._phrases[found[0].lower()], data)
        if self._bare:
            data = _WORD.sub(self._bare_stand_in, data)
        if self._quoted:
            data = _QUOTED.sub(
                lambda found: self._quoted.get((found[1] or found[2]).lower(), found[0]), data
            )
        return data

    def _listed(self, text: bytes, found: re.Match[bytes]) -> bytes:
        """Return a line of a VRFY or EXPN reply with the mailbox and the person's name masked."""
        blank, name, local, domain = found[1], found[2], found[3], found[4] or b""
        if not domain and (name is None or name[:2].upper() == b"OK"):  # a queue ID, perhaps
            return self._mask(text, learn=True)
        if not domain and not _OURS.match(local) and local.lower() not in _ROLES:
            user = self._user(local)
            self._learn(local.lower(), user)
            text = text[: found.start(3)] + user + text[found.end(3) :]
        elif name is None:
            return self._mask(text, learn=True)
        rest = text[found.start(3) - 1 :]
        return blank + self.mask_persons((name or b"") + self._mask(rest, learn=True))

    def mask_persons(self, data: bytes, *, field: bool = False) -> bytes:
        """Replace each person's name before a masked mailbox with the mailbox's stand-in.

        In a header `field` of addresses (RFC 5322 section 3.4), quoted names, encoded words and
        comments are also replaced, even if their mailbox is not in this line.
        """
        data = _DISPLAY.sub(rb"\g<before>\g<user>\g<gap>\g<user>", data)
        if field:
            data = _COMMENT.sub(b"(name)", _QUOTED_NAME.sub(b"name", data))
            data = _NO_MAILBOX.sub(rb"\1name", data)
        return data

    def mask_body(self, data: bytes) -> bytes:
        """Return a single line of a message with all names masked, including those of people."""
        if _IN_TRACE.match(data):
            self.learn_trace(data)
        if not data.endswith(b"\n"):
            data = without_cut_words(data, before=False, after=True)
        data = self.mask(data, learn=False)
        if names_people(data):
            return self.mask_persons(data, field=True)
        if data[:1] in (b" ", b"\t"):  # a folded field
            return data if data.lstrip().startswith(b"for ") else self.mask_persons(data)
        return data

    def learn_trace(self, data: bytes) -> None:
        """Learn the host names without a dot in the trace of a message (RFC 5321 section 4.4)."""
        for found in _RECEIVED.finditer(data):
            if found[1].lower() not in (b"unknown", b"localhost", b"local"):
                self.learn_host(found[1])

    def mask_octets(self, octets: bytes) -> bytes:
        """Return decoded base64, text (even in UTF-16) or binary, with the names in it masked."""
        charset = _UTF_16.get(octets[:2], "")
        if charset:
            text = octets[2:].decode(charset, "surrogatepass").encode("utf-8", "surrogatepass")
            said = self._mask_lines(text).decode("utf-8", "surrogatepass")
            return octets[:2] + said.encode(charset, "surrogatepass")
        if octets.startswith(_NTLM):
            names = _NTLM_NAME.sub(crossed, octets[_NTLM_PAYLOAD:])
            return octets[:_NTLM_PAYLOAD] + names
        if is_binary(octets):
            return mask_binary(octets)
        return self._mask_lines(octets)

    def mask_base64(self, text: bytes) -> bytes:
        """Mask the names in the decoded text of base64, and return base64 again."""
        try:
            octets = base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
        except (binascii.Error, ValueError):
            return text
        masked = self.mask_octets(octets)
        return text if masked == octets else base64.b64encode(masked)

    def _mask_lines(self, octets: bytes) -> bytes:
        return b"".join(self.mask(line, learn=False) for line in octets.splitlines(keepends=True))

    def learn_host(self, name: bytes) -> None:
        """Replace a host name without a dot, such as `mail`, from now on wherever it is a word.

        A public name is replaced too, because it takes part in the conversation itself.
        """
        name = name.lower().rstrip(b".")
        if name in PUBLIC_NAMES:
            self._host(name, file=False)
        elif name and b"." not in name and name not in _HERE and not _OURS.match(name):
            self._learn(name, self._host(name))

    def learn_user(self, name: bytes) -> None:
        """Replace a user name that AUTH has revealed, from now on, wherever it is a word."""
        if name and b"@" not in name and name.lower() not in _ROLES and not _OURS.match(name):
            self._learn(name.lower(), self._user(name))

    def _bare_stand_in(self, found: re.Match[bytes]) -> bytes:
        word = found[0]
        name = word.strip(_ENDS)
        known = self._bare.get(name.lower())
        if known is not None:
            return word.replace(name, known, 1)
        if len(word) > _LONGEST_WORD or not _PART.search(word):
            return word
        return b"".join(self._bare.get(part.lower(), part) for part in _PART.split(word))

    def mask_text(self, text: str) -> str:
        """Return `text` with a stand-in for each name in it."""
        return self.mask(text.encode("utf-8", "surrogateescape")).decode("utf-8", "surrogateescape")

    def mask_target(self, target: str) -> str:
        """Return a TARGET with a stand-in for its host, even if the host has no dot."""
        host = host_of(target)
        name = host.lower().rstrip(b".")
        self.learn_host(host)
        if not name or b"." in name or name in _HERE or _OURS.match(name):
            return self.mask_text(target)
        return target.replace(host.decode("utf-8", "surrogateescape"), self._host(name).decode(), 1)

    def mask_user(self, name: str) -> str:
        """Return the stand-in for a user name, even if it is not an address."""
        if "@" in name:
            return self.mask_text(name)
        return self._user(name.encode("utf-8", "surrogateescape")).decode()

    def _by_position(self, data: bytes) -> bytes:
        """Learn a name that only its position in a command reveals, and mask it there."""
        found = _HELLO.match(data)
        if found is not None:
            self.learn_host(found[1])
            name = found[1].lower().rstrip(b".")
            if name not in self._bare and name in self._quoted:  # too short to be replaced
                return data[: found.start(1)] + self._quoted[name] + data[found.end(1) :]
            return data
        if _CLIENT.match(data) is not None:
            return _ATTRIBUTE.sub(self._attribute, data)
        found = _PATH.match(data) or _ASKED.match(data)
        if found is None or found[1].lower() in _ROLES or _OURS.match(found[1]):
            return data
        name, domain = found[1], found[2]
        user = self._user(name if domain is None else name + domain.lower())
        self._learn_local(name, user)
        if domain is not None:
            self.learn_host(domain[1:])
            return data
        return data[: found.start(1)] + user + data[found.end(1) :]

    def _learn_local(self, local: bytes, user: bytes) -> None:
        """Replace a local-part from now on, with or without its quotes and its +detail."""
        said = (local[1:-1] if local.startswith(b'"') else local).lower()
        name = _ESCAPED.sub(rb"\1", said)
        if not re.search(rb'[\s"\\(),:;<>@\[\]]', name):
            self._learn(name, user)
            base = name.partition(b"+")[0]
            if len(base) >= SHORTEST and base not in _ROLES:
                self._learn(base, user)
            return
        for phrase in {name, said}:
            tells = len(phrase) <= LONGEST_PHRASE and re.search(rb"[\w\x80-\xff]{2}", phrase)
            if tells and phrase not in self._phrases and len(self._phrases) < MOST_PHRASES:
                self._phrases[phrase] = user
                every = b"|".join(map(re.escape, sorted(self._phrases, key=len, reverse=True)))
                self._phrase = re.compile(rb"(?i)(?<!\w)(?:" + every + rb")(?!\w)")

    def _attribute(self, found: re.Match[bytes]) -> bytes:
        """Return an attribute of XCLIENT or XFORWARD with a stand-in for its value."""
        name, value = found[1], found[2]
        if value.lower() in _NOT_KNOWN or b"@" in value or b"." in value or _OURS.match(value):
            return found[0]
        if name.upper() == b"LOGIN":
            return name + b"=" + self._user(value)
        self.learn_host(value)
        return name + b"=" + self._host(value)

    def _learn(self, name: bytes, stand_in: bytes) -> None:
        """Replace a name from now on wherever it is a word, or only in quotes if it is common."""
        usual = len(name) < SHORTEST or name in WORDS or (name.isdigit() and len(name) < 6)
        known = self._quoted if usual else self._bare
        if name not in known and len(known) < MOST:
            known[name] = stand_in

    def _learnt_stand_in(self, found: re.Match[bytes]) -> bytes:
        """Return the stand-in for a name. A mailbox's local-part is replaced from now on."""
        made = self._stand_in(found)
        local = found["local"]
        if local is not None and (parameter := _PARAMETER.match(local)) is not None:
            local = local[parameter.end() :]
        if local and local.lower() not in _ROLES and not _OURS.match(local):
            user = made.rpartition(found["at"])[0].rpartition(b"=")[2]
            if _OURS.match(user):
                self._learn_local(local, user)
        return made

    def _stand_in(self, found: re.Match[bytes]) -> bytes:
        if found["local"] is not None:
            local, domain = found["local"], found["domain"]
            before = b""
            parameter = _PARAMETER.match(local)
            if parameter is not None:
                before, local = parameter[0], local[parameter.end() :]
            return before + self._mailbox(local, domain).replace(b"@", found["at"], 1)
        name = found["host"] or found["numbered"]
        if name is not None:
            return self._host(name)
        if found["ipv4"] is not None:
            return self._ipv4(found["ipv4"])
        return self._ipv6(found["ipv6"])

    def _mailbox(self, local: bytes, domain: bytes) -> bytes:
        end = domain[len(domain.rstrip(b".")) :]
        domain = domain.rstrip(b".")
        if domain.startswith(b"["):
            inside = domain.strip(b"[]")
            number = self._ipv4(inside) if re.fullmatch(IPV4, inside) else self._ipv6(inside)
            place = b"[" + number + b"]"
        else:
            place = self._host(domain, file=False)
        if not local or local.lower() in _ROLES or (_OURS.match(local) and place == domain):
            return local + b"@" + place + end
        return self._user(local + b"@" + domain.lower()) + b"@" + place + end

    def _user(self, mailbox: bytes) -> bytes:
        return _remembered(self._users, mailbox, lambda number: b"user%d" % number)

    def _host(self, name: bytes, *, file: bool = True) -> bytes:
        """Return the stand-in for a host name.

        If `file` is true, the name may be any word of a text. A public name, or a name that may be
        that of a file, such as main.cf, is then returned unchanged.
        """
        low = name.lower().rstrip(b".")
        if file and low not in self._hosts:
            if low in PUBLIC_NAMES:
                return name
            looked_up = _LOOKUP.match(low)
            if looked_up is not None and looked_up[2] in PUBLIC_NAMES:
                return self._ipv4(looked_up[1]) + name[looked_up.end(1) :]
        if low in _HERE or (file and low not in self._hosts and NO_HOST.match(low)):
            return name
        if _OURS.match(low):
            return name
        if re.fullmatch(IPV4, low):
            return self._ipv4(low)
        return _remembered(self._hosts, low, lambda number: b"host%d.example" % number)

    def _ipv4(self, address: bytes) -> bytes:
        if address.startswith((b"127.", b"0.")) or address.startswith(b"192.0.2."):
            return address
        return _remembered(self._addresses, address, _documentation)

    def _ipv6(self, address: bytes) -> bytes:
        prefix = address[:5] if address[:5].lower() == b"ipv6:" else b""
        number = address[len(prefix) :].lower()
        if number.startswith(b":") and b"::" not in number and number.count(b":") < 7:
            return address  # the port in [192.0.2.1]:25: timed out
        if number in (b"::1", b"::") or number.startswith(b"2001:db8:") or _is_time(number):
            return address
        return prefix + _remembered(self._addresses, number, lambda count: b"2001:db8::%x" % count)


def _documentation(number: int) -> bytes:
    if number < 255:
        return b"192.0.2.%d" % number
    return b"198.%d.%d.%d" % (18 + (number >> 16 & 1), number >> 8 & 255, number & 255)


def _is_time(text: bytes) -> bool:
    """Return whether a text with colons is a time of day, as in the header of a message."""
    return re.fullmatch(rb"\d{1,2}(?::\d{2}){2}", text) is not None


def _remembered(known: dict[bytes, bytes], name: bytes, make: Callable[[int], bytes]) -> bytes:
    found = known.get(name)
    if found is None:
        number = len(known) + 1
        found = make(min(number, MOST))
        if number <= MOST:
            known[name] = found
    return found
