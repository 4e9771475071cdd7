"""Checks a message as it is sent: line endings, line length, and 8-bit characters.

`MessageReader` serves the conversation (body_reader.py), which reports the faults as violations,
and the form, the plan and the editor, which report them before the message is sent. The rule names
are those of violations.py. The rules come from RFC 5321 sections 2.3.8, 2.4 and 4.5.3.1.6, RFC 6152
(8BITMIME), RFC 6531 (SMTPUTF8), and RFC 3030 (BINARYMIME, under which a message has no lines).

"The header" is that of the message itself. The headers of MIME parts count as content.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple

from .lines import LIMIT, count_longer

TEXT_LINE = 1000  # octets with the CRLF, without a doubled dot: RFC 5321 4.5.3.1.6

# Fields and the lines that continue them. Any other line ends the header.
_HEADER = re.compile(rb"(?:[^\x00-\x20:\x7f]++[ \t]*+:[^\n]*+\n|[ \t]++[^\r\n][^\n]*+\n)*+")
_LONG_DOT = re.compile(rb"(?:\A|(?<=\n))\.[^\n]{%d}\n" % (TEXT_LINE - 1))
_SINGLE_DOT = re.compile(rb"(?:\A|(?<=\r\n))\.(?![.\r\n])")
_EIGHT_BIT = re.compile(rb"[\x80-\xff]")
_EIGHT_BIT_NAME = re.compile(
    rb"^[^\x00-\x20:\x7f-\xff]*+[\x80-\xff][^\x00-\x20:\x7f]*+[ \t]*+:", re.M
)
BARE_LF = re.compile(rb"(?<!\r)\n")
HEADER_END = rb"\r?\n\r?\n"
_BARE_CR = re.compile(rb"\r(?!\n)")

_EIGHT_BIT_RULES = ("utf8-header", "header-charset", "eight-bit-body")
_Note = Callable[[str, int, int], None]


class Finding(NamedTuple):
    """A rule that a part of a message breaks, how often, and at which octet it is first broken."""

    rule: str
    times: int
    at: int = 0


def allowed_by(declared: Collection[str]) -> frozenset[str]:
    """Return the rules that a message may break because of the parameters that MAIL declares.

    `declared` holds the parameters, in upper case. With SMTPUTF8, UTF-8 in the header needs no BODY
    parameter (RFC 6531 section 3.6).
    """
    rules: set[str] = set()
    if "SMTPUTF8" in declared:
        rules.add("utf8-header")
    if "BODY=8BITMIME" in declared:
        rules.add("eight-bit-body")
    if "BODY=BINARYMIME" in declared:
        rules |= {"eight-bit-body", "bare-lf", "bare-cr", "nul", "line-too-long"}
    return frozenset(rules)


class MessageReader:
    """Reads a message part by part, and finds the faults in each part.

    The rules in `allowed` are not checked. `stuffed` is true if the parts are in the form sent
    after DATA, with dots doubled.
    """

    def __init__(self, allowed: Collection[str] = (), *, stuffed: bool = False) -> None:
        self._allowed = allowed
        self.stuffed = stuffed
        self._in_header = True
        self._rest = b""  # the beginning of a line that has not ended, LIMIT octets at most
        self._after_cr = False
        self._after_crlf = True  # at a line start, as far as dot-stuffing is concerned

    def feed(self, part: bytes, *, tidy: bool = False) -> list[Finding]:
        """Read the next part, and return its faults.

        `tidy` is true if the part is known to have only CRLF line endings and no NUL.
        """
        plain = not self._in_header and not self._rest and part.isascii()
        if plain and not tidy and len(part) <= TEXT_LINE and _is_plain_line(part):
            found: list[Finding] = []
            if self.stuffed and part.startswith(b"."):
                self._lines(part, 0, found)
        elif plain and tidy:
            found = []  # as in nearly all parts of a long message
            self._lines(part, 0, found)
        else:
            found = self._read(part, tidy=tidy)
        self._after_crlf = part.endswith(b"\r\n")
        return [each for each in found if each.rule not in self._allowed] if found else found

    def end(self) -> list[Finding]:
        """End the message, and return the faults of a last line without a line ending."""
        found: list[Finding] = []
        if self._after_cr:
            found.append(Finding("bare-cr", 1))
        if self._rest:
            self._lines(self._rest + b"\r\n", 0, found)
        self._rest, self._after_cr = b"", False
        return [each for each in found if each.rule not in self._allowed]

    # Within

    def _read(self, part: bytes, *, tidy: bool) -> list[Finding]:
        found: list[Finding] = []
        if part and not tidy:
            self._line_ends(part, found)
        if not self._rest:
            cut = part.rfind(b"\n") + 1
            lines, self._rest = part[:cut], part[cut:]
            begins = 0
        else:
            begins = -len(self._rest)
            data = self._rest + part
            cut = data.rfind(b"\n") + 1
            lines, self._rest = data[:cut], data[cut:]
        if len(self._rest) > LIMIT:  # the beginning of such a long line is enough
            more = self._rest[LIMIT:]
            self._rest = self._rest[:LIMIT] + (b"" if more.isascii() else b"\xc2\x80")
        if lines:
            self._lines(lines, begins, found)
        return found

    def _line_ends(self, part: bytes, found: list[Finding]) -> None:
        """Find NULs and bare LFs and CRs, even if the data was split between CR and LF."""
        joined = self._after_cr and part.startswith(b"\n")
        ends = part.count(b"\r\n") + joined
        bare = part.count(b"\n") - ends
        if bare:
            first = BARE_LF.search(part, 1 if joined else 0)
            found.append(Finding("bare-lf", bare, first.start() if first is not None else 0))
        returns = part.count(b"\r") - (ends - joined)
        before = self._after_cr and not joined
        self._after_cr = part.endswith(b"\r")
        returns += before - self._after_cr
        if returns:
            first = None if before else _BARE_CR.search(part)
            found.append(Finding("bare-cr", returns, first.start() if first is not None else 0))
        if b"\0" in part:
            found.append(Finding("nul", part.count(b"\0"), part.index(b"\0")))

    def _lines(self, lines: bytes, begins: int, found: list[Finding]) -> None:
        """Find the faults in complete lines that begin at octet `begins` of the part."""

        def note(rule: str, count: int, at: int) -> None:
            found.append(Finding(rule, count, max(0, begins + at)))

        if len(lines) > TEXT_LINE and (longer := count_longer(lines, TEXT_LINE)):
            if self.stuffed:
                longer -= len(_LONG_DOT.findall(lines))
            if longer:
                note("line-too-long", longer, _first_longer(lines))
        if self.stuffed and b"." in lines:
            self._single_dots(lines, note)
        ascii_only = lines.isascii()
        if self._in_header:
            end = self._header_end(lines)
            if not ascii_only and not (header := lines[:end]).isascii():
                for rule, count, at in _eight_bit_header(header):
                    note(rule, count, at)
                if names := [match.start() for match in _EIGHT_BIT_NAME.finditer(header)]:
                    note("header-name", len(names), names[0])
            content = lines[end:] if end else lines
            if not ascii_only and not content.isascii():
                note("eight-bit-body", _eight_bit_lines(content), end + _first_eight_bit(content))
        elif not ascii_only and "eight-bit-body" not in self._allowed:
            note("eight-bit-body", _eight_bit_lines(lines), _first_eight_bit(lines))

    def _single_dots(self, lines: bytes, note: _Note) -> None:
        first = self._after_crlf and lines.startswith(b".") and lines[1:2] not in b".\r\n"
        count = lines.count(b"\r\n.") - lines.count(b"\r\n..")
        if count:  # a lone dot is not text that loses its dot
            count -= lines.count(b"\r\n.\r") + lines.count(b"\r\n.\n")
        count += first
        if count:
            match = _SINGLE_DOT.search(lines, 0 if first else 1)
            note("dot-not-doubled", count, match.start() if match is not None else 0)

    def _header_end(self, lines: bytes) -> int:
        match = _HEADER.match(lines)
        end = match.end() if match is not None else 0
        self._in_header = end == len(lines)
        return end


def _is_plain_line(line: bytes) -> bool:
    """Return whether `line` is a single line that ends in CRLF and has no other CR and no NUL."""
    last = len(line) - 2
    return line.find(b"\r") == last >= 0 and line.find(b"\n") == last + 1 and b"\0" not in line


def _eight_bit_lines(data: bytes) -> int:
    return sum(not line.isascii() for line in data.split(b"\n"))


def _first_eight_bit(data: bytes) -> int:
    match = _EIGHT_BIT.search(data)
    return match.start() if match is not None else 0


def _first_longer(data: bytes) -> int:
    start = 0
    while len(data) - start > TEXT_LINE:
        found = data.rfind(b"\n", start, start + TEXT_LINE)
        if found < 0:
            return start
        start = found + 1
    return 0


def _eight_bit_header(header: bytes) -> list[tuple[str, int, int]]:
    """Return (rule, number of lines, first 8-bit octet) for each rule that the header breaks."""
    counts: dict[str, list[int]] = {}
    at = 0
    for line in header.split(b"\n"):
        if not line.isascii():
            rule = "utf8-header" if _is_utf8(line) else "header-charset"
            counts.setdefault(rule, [0, at + _first_eight_bit(line)])[0] += 1
        at += len(line) + 1
    return [(rule, count, first) for rule, (count, first) in counts.items()]


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


# A whole message


class MessageTraits(NamedTuple):
    """The properties of a whole message that matter before it is sent.

    `octets` is the size with CRLF line endings and without doubled dots (RFC 1870). `faults` maps
    each rule that the message breaks if MAIL declares nothing to the number of violations. `dots`
    is the number of lines that begin with a dot, to which DATA adds a second one. `source_octets`
    is the size before line endings were changed to CRLF. `unended` is true if the last line had no
    line ending.
    """

    octets: int
    dots: int
    faults: dict[str, int]
    source_octets: int
    unended: bool = False

    @property
    def utf8_header(self) -> bool:
        """Whether the header has UTF-8 characters beyond ASCII."""
        return "utf8-header" in self.faults

    @property
    def eight_bit(self) -> bool:
        """Whether the header or the content has 8-bit characters."""
        return any(rule in self.faults for rule in _EIGHT_BIT_RULES)

    @property
    def rewritten(self) -> int:
        """The number of line endings changed to CRLF, not counting one added to the last line."""
        return max(0, self.octets - self.source_octets - (2 if self.unended else 0))


def traits_of(parts: Iterable[bytes]) -> MessageTraits:
    """Read a message without doubled dots, and return its properties."""
    reader = MessageReader()
    faults: dict[str, int] = {}
    octets = dots = 0
    at_line = True
    last = b""
    for part in parts:
        octets += len(part)
        if b"." in part:
            dots += part.count(b"\r\n.") + (at_line and part.startswith(b"."))
        at_line = part.endswith(b"\r\n")
        last = part or last
        for each in reader.feed(part):
            faults[each.rule] = faults.get(each.rule, 0) + each.times
    for each in reader.end():
        faults[each.rule] = faults.get(each.rule, 0) + each.times
    return MessageTraits(octets, dots, faults, octets, bool(last) and not at_line)


class MessageFault(NamedTuple):
    """A rule of violations.py that a message breaks, how often, and the missing declaration."""

    rule: str
    times: int
    detail: str = ""


def message_faults(
    counts: dict[str, int], declared: Collection[str], keywords: Collection[str] | None
) -> list[MessageFault]:
    """Return the rules that a message breaks, given what MAIL declared and the server offers.

    `counts` maps each rule to the number of times it was broken. `declared` holds the parameters of
    MAIL, in upper case. `keywords` holds the keywords in the EHLO reply, or is None if they are
    unknown.
    """
    allowed = allowed_by(declared)
    found: list[MessageFault] = []
    for rule, count in counts.items():
        if rule in allowed:
            continue
        keyword, parameter = _DECLARED_BY.get(rule, ("", ""))
        detail = ""
        if keyword and keywords is not None:
            offered = keyword in keywords
            detail = f"MAIL lacks {parameter}" if offered else f"{keyword} is not offered"
        found.append(MessageFault(rule, count, detail))
    return found


_DECLARED_BY = {
    "eight-bit-body": ("8BITMIME", "BODY=8BITMIME"),
    "utf8-header": ("SMTPUTF8", "SMTPUTF8"),
}


def declared_in(line: bytes) -> frozenset[str]:
    """Return the parameters of a MAIL command line, in upper case."""
    _, bracket, rest = line.rpartition(b">")
    words = rest.split() if bracket else line.split()[1:]
    return frozenset(word.decode("ascii", "replace").upper() for word in words)
