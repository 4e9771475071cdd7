"""How secrets are masked in everything that leaves the program: screens, copies, journals, logs.

By position: everything that the client sends from AUTH to its final reply (RFC 4954 section 4). The
verb, the mechanism, the approximate length and the line ending remain, so that a masked recording
can still be understood.

By shape: text that looks like credentials outside an AUTH command (credentials.py), and the
server's proof that it knows the password (server_proof.py).

By value: a known secret of six characters or more, wherever it occurs, even where the server
repeats it: in UTF-8, Latin-1 and UTF-16 (NTLM); plain, percent-encoded, as xtext (RFC 3461 section
4), quoted-printable or hexadecimal, with the escapes of JSON, HTML and programs (spellings.py), and
within base64 of either alphabet, at any offset; in upper or lower case; in part, where a line is
cut; and the first or last octets of a long secret, in case a server omits the rest.
"""

from __future__ import annotations

import binascii
import contextlib
import re
from collections.abc import Callable, Iterable
from itertools import chain
from typing import TYPE_CHECKING

from ..events import Kind
from ..secret import MASK
from ..verbs import opens_auth
from .credentials import Span, secret_spans_of
from .responses import SHOWN_IN_FULL
from .spellings import escaped_octets, escaped_texts, spellings

if TYPE_CHECKING:
    from .stand_ins import StandIns

AUTH_LINE = 12288  # octets of a line of an AUTH exchange (RFC 4954 section 4)
SHORTEST = 6  # characters that a secret needs to be masked by value
LONG_SECRET = 16  # characters that a secret needs to be recognised by its start and end, too ...
PART = 12  # ... of this many octets: servers repeat a long line without its middle
HALF = 4  # characters that part of a secret needs to be masked where a line is cut
_STARS = MASK.encode()
_BLANK = rb"\s"
_BLANKS = (b" ", b"\t", b"\r", b"\n")


def _stars(data: bytes) -> bytes:
    """Return a mask whose length shows only roughly how long the secret is: 8, 16, 32, 64, ...

    If the secret makes its line too long (RFC 4954 section 4: over 12288 octets), the mask does
    too, but the mask never makes any other line too long, and never exceeds the limit of a piece.
    """
    if len(data) > AUTH_LINE:
        return b"*" * (AUTH_LINE + 4096)
    width = len(_STARS)
    while width < min(len(data), 8192):
        width *= 2
    return b"*" * width


def by_position(data: bytes, kind: Kind) -> bytes:
    """Return a row sent between AUTH and its final reply, with its secrets masked."""
    text = data.removesuffix(b"\n").rstrip(b"\r")
    end = data[len(text) :]
    if kind is Kind.COMMAND:
        spans = secret_spans_of(text)
        if spans:
            return _without(text, spans) + end
        if opens_auth(text):
            return data
    if text in SHOWN_IN_FULL:
        return data
    return _stars(text) + end


def _without(text: bytes, spans: tuple[Span, ...]) -> bytes:
    pieces: list[bytes] = []
    done = 0
    for start, stop in spans:
        pieces += (text[done:start], _stars(text[start:stop]))
        done = stop
    return b"".join([*pieces, text[done:]])


def by_shape(line: str) -> str:
    """Return `line` with everything that looks like credentials replaced with asterisks."""
    data = line.encode("utf-8", "surrogateescape")
    return _without(data, secret_spans_of(data)).decode("utf-8", "surrogateescape")


def _within_base64(value: bytes) -> list[bytes]:
    """Return the forms of `value` within longer base64, one for each offset and alphabet.

    Three bytes become four characters, so characters at either end that contain bits of a
    neighbouring byte are omitted.
    """
    found: list[bytes] = []
    for before, mixed in ((0, 0), (1, 2), (2, 3)):
        text = binascii.b2a_base64(b"\0" * before + value, newline=False).rstrip(b"=")
        end = len(text) - (1 if (before + len(value)) % 3 else 0)
        part = text[mixed:end]
        found += (part, part.translate(_OF_URLS))
    return found


_OF_URLS = bytes.maketrans(b"+/", b"-_")
_CHARSETS = ("utf-8", "latin-1", "cp1252", "utf-16-le")


def _encodings(text: str) -> set[bytes]:
    """Return the text in each character set that has all of its characters."""
    found: set[bytes] = set()
    for charset in _CHARSETS:
        with contextlib.suppress(UnicodeEncodeError):
            found.add(text.encode(charset))
    return found


def _forms(value: bytes) -> tuple[set[bytes], set[bytes]]:
    """Return the forms of a secret by itself, and its forms within base64.

    All are in lower case, like the text that is searched. Letters beyond ASCII have forms for both
    cases, because a server that repeats a line in upper case may do so in any character set. Forms
    shorter than SHORTEST octets, such as three letters in Latin-1, are omitted.
    """
    from urllib.parse import quote, quote_plus

    try:
        text = value.decode()
    except UnicodeDecodeError:
        text = value.decode("latin-1")
    texts = spellings(text)
    encoded = {value} | {octets for each in texts for octets in _encodings(each)}
    cases = {case for each in texts for case in (each.upper(), each.lower())}
    spelt = {octets for each in cases for octets in _encodings(each)}
    outer = {octets for each in texts | cases for octets in escaped_texts(each)}
    for octets in encoded | spelt:
        outer.add(octets)
        if b"\0" not in octets:
            outer |= {
                quote(octets, safe="").encode(),
                quote(octets).encode(),
                quote_plus(octets).encode(),
                b"".join([b"%%%02X" % octet for octet in octets]),
                re.sub(rb"[^!-*,-<>-~]", lambda m: b"+%02X" % m[0][0], octets),
                re.sub(rb"[^!-<>-~]", lambda m: b"=%02X" % m[0][0], octets),
                *escaped_octets(octets),
            }
    outer = {form.lower() for form in outer if len(form) >= SHORTEST}
    inner = {form.lower() for octets in encoded for form in _within_base64(octets)}
    return outer, {form for form in inner if len(form) >= SHORTEST} - outer


_NO_PARTS: tuple[set[bytes], set[bytes], set[bytes]] = set(), set(), set()


def _parts(outer: set[bytes], inner: set[bytes]) -> tuple[set[bytes], set[bytes], set[bytes]]:
    """Return parts that identify a secret: starts of `outer`, its ends, and both of `inner`."""
    starts = {form[:PART] for form in outer if len(form) > PART}
    ends = {form[-PART:] for form in outer if len(form) > PART}
    long = [form for form in inner if len(form) > PART]
    within = {form[:PART] for form in long} | {form[-PART:] for form in long}
    return starts - outer, ends - outer, within - outer - starts - ends


_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_="
_BASE64 = bytes(0x78 if byte in _ALPHABET else 0x20 for byte in range(256))
# From this many bytes on, searching for each form by itself is faster than one pattern for all
# (256 KiB and ten forms: 0.5 ms against 2 to 4); for a line it is four times slower.
_LONG = 4096
_MANY = 500  # forms, from which on neither of the two is fast
# A pattern compares a form wherever its first octets occur, which is quadratic for a long form
# and a hostile text: from this length on a form is found by bytes.find, which is linear.
_LONG_FORM = 256


class KnownSecrets:
    """The secrets whose values are known, in every form in which they may appear."""

    def __init__(self) -> None:
        self._forms: set[bytes] = set()  # in lower case, like the text that is searched
        self._inner: set[bytes] = set()  # the forms within base64
        self._begun: set[bytes] = set()  # the beginnings of secrets whose end is not known ...
        self._ended: set[bytes] = set()  # ... and the ends of those whose start is not
        self._fresh: set[bytes] = set()  # forms added since the last search
        self._short = _ShortForms()
        self._long: list[bytes] = []  # the forms from _LONG_FORM octets on
        self.grown: Callable[[], object] | None = None
        """A function called when another secret becomes known, because earlier text may contain it.
        """
        self.recordings: list[str] = []
        """The recordings of this run, in which the journal masks secrets that become known later.
        """
        self.stand_ins: StandIns | None = None
        """The stand-ins for names in text that is shown, copied or saved; None shows the names."""
        self._stand_ins: StandIns | None = None  # kept: a name keeps its stand-in

    @property
    def known(self) -> int:
        """The number of known forms. If it grows, rows already drawn may have to be masked."""
        return len(self._forms)

    @property
    def look(self) -> tuple[int, int]:
        """A value that changes whenever lines may have to be redrawn with different masking."""
        return len(self._forms), -1 if self.stand_ins is None else self.stand_ins.known

    def hide_names(self, hidden: bool) -> None:
        """Show stand-ins instead of names from now on or, if `hidden` is false, the names."""
        if hidden and self._stand_ins is None:
            from .stand_ins import StandIns

            self._stand_ins = StandIns()
        self.stand_ins = self._stand_ins if hidden else None

    def mask_names(self, text: str) -> str:
        """Return `text` with a stand-in for each mailbox and host name, if names are masked."""
        return text if self.stand_ins is None else self.stand_ins.mask_text(text)

    def mask_target(self, target: str) -> str:
        """Return a TARGET with a stand-in for its host, even without a dot, if names are masked."""
        return target if self.stand_ins is None else self.stand_ins.mask_target(target)

    def add(self, value: bytes, *, begun: bool = False) -> None:
        """Remember a secret so that later rows mask it.

        If `begun` is true, `value` is only the beginning of the secret, and the rest of the word is
        masked too. A secret shorter than six characters is ignored, because it would mask half of
        the conversation.
        """
        if len(value) < SHORTEST:
            return
        outer, inner = _forms(value)
        if not (outer | inner) - self._forms:
            return
        starts, ends, within = _parts(outer, inner) if len(value) >= LONG_SECRET else _NO_PARTS
        fresh = (outer | inner | starts | ends | within) - self._forms
        if begun:
            self._begun |= outer - self._forms
        self._begun |= starts - self._forms
        self._ended |= ends - self._forms - starts
        self._inner |= inner | within
        self._inner -= outer
        if len(self._forms) <= _MANY:  # the sets are iterated over, also by a thread that exports
            self._forms = self._forms | fresh
        else:
            self._forms |= fresh
        self._fresh = self._fresh | fresh
        if self.grown is not None:
            self.grown()

    def _prepare(self) -> None:
        """Prepare the search for the forms that were added."""
        fresh, self._fresh = self._fresh, set()
        self._long = self._long + [form for form in fresh if len(form) >= _LONG_FORM]
        self._short.add([form for form in fresh if len(form) < _LONG_FORM])

    def mask_text(self, text: str) -> str:
        """Return `text` with every known secret replaced with asterisks."""
        if not self._forms:
            return text
        data = text.encode("utf-8", "surrogateescape")
        return self.mask(data).decode("utf-8", "surrogateescape")

    def mask_line(self, line: str) -> str:
        """Return a client's line with apparent credentials and known secrets masked."""
        return self.mask_text(by_shape(line))

    def mask(self, data: bytes) -> bytes:
        """Return `data` with every known secret replaced with asterisks, even within base64."""
        if not self._forms:
            return data
        if self._fresh:
            self._prepare()
        low = data.lower()
        few = len(self._forms) <= _MANY
        if few and len(data) > _LONG and not any(form in low for form in self._forms):
            return data
        places = _Places(low, self._short, self._long)
        found = places.after(0)
        return data if found is None else self._masked(data, places, found)

    def mask_part(self, data: bytes, *, cut_before: bool, cut_after: bool) -> bytes:
        """Return a part of a line with its secrets masked, even secrets cut off at its ends."""
        if not self._forms:
            return data
        data = self.mask(data)
        low = data.lower()
        if cut_before:
            size = max((_end_at_start(form, low) for form in self._forms), default=0)
            data = _STARS + data[size:].lstrip(_ALPHABET) if size else data
        if cut_after:
            size = max((_start_at_end(form, low) for form in self._forms), default=0)
            data = data[:-size] + _STARS if size else data
        return data

    def mask_reply_line(self, data: bytes, *, before: bool, after: bool) -> bytes:
        """Return a line of a reply with its secrets masked.

        If `before` or `after` is true, another line of the reply precedes or follows, and a part of
        a secret that may continue there is masked too.
        """
        text = data.rstrip(b"\r\n")
        said = self.mask_part(text[4:], cut_before=before, cut_after=after)
        return text[:4] + said + data[len(text) :]

    def mask_reply_text(self, text: bytes) -> bytes:
        """Return the text of a reply, whose lines are joined by LF, with its secrets masked."""
        lines = text.split(b"\n")
        last = len(lines) - 1
        return b"\n".join(
            self.mask_part(line, cut_before=number > 0, cut_after=number < last)
            for number, line in enumerate(lines)
        )

    def _masked(self, data: bytes, places: _Places, found: tuple[int, int] | None) -> bytes:
        runs: bytes | None = None
        pieces: list[bytes] = []
        done = 0
        while found is not None:
            start, end = found
            if places.low[start:end] in self._inner:
                if runs is None:
                    runs = data.translate(_BASE64)
                start = max(runs.rfind(b" ", 0, start) + 1, done)
                stop = runs.find(b" ", end)
                end = stop if stop >= 0 else len(data)
            elif places.low[start:end] in self._begun:
                word_end = re.compile(_BLANK).search(data, end)
                end = word_end.start() if word_end is not None else len(data)
            elif places.low[start:end] in self._ended:
                start = max(done, *(data.rfind(blank, 0, start) + 1 for blank in _BLANKS))
            pieces += (data[done:start], _STARS)
            done = end
            found = places.after(done)
        pieces.append(data[done:])
        return b"".join(pieces)


class _ShortForms:
    """The shorter forms of secrets, found by one pattern or, if there are many, by their start.

    Compiling the pattern takes time for each form, and again for each new secret.
    """

    def __init__(self) -> None:
        self._count = 0
        self._by_start: dict[bytes, list[bytes]] = {}  # the first SHORTEST octets -> the forms
        self._pattern: re.Pattern[bytes] | None = None  # of all, if they are few

    def add(self, forms: Iterable[bytes]) -> None:
        for form in forms:
            self._by_start.setdefault(form[:SHORTEST], []).append(form)
            self._count += 1
        self._pattern = None
        if 0 < self._count <= _MANY:
            known = sorted(chain.from_iterable(self._by_start.values()), key=len, reverse=True)
            self._pattern = re.compile(b"|".join(map(re.escape, known)))

    def find(self, low: bytes, at: int) -> tuple[int, int] | None:
        """Return the (start, end) span of the first form in `low` at or after `at`, or None.

        If several forms begin at that place, the span of the longest is returned.
        """
        if self._pattern is not None:
            match = self._pattern.search(low, at)
            return match.span() if match is not None else None
        by_start = self._by_start
        for place in range(at, len(low) - SHORTEST + 1) if by_start else ():
            forms = by_start.get(low[place : place + SHORTEST])
            if forms is not None:
                size = max((len(form) for form in forms if low.startswith(form, place)), default=0)
                if size:
                    return place, place + size
        return None


class _Places:
    """Finds the secrets in `low`, one after the other."""

    def __init__(self, low: bytes, short: _ShortForms, long: Iterable[bytes]) -> None:
        self.low = low
        self._short = short
        self._long = {form: low.find(form) for form in long}

    def after(self, at: int) -> tuple[int, int] | None:
        """Return the (start, end) span of the first form at or after `at`, or None.

        If several forms begin at that place, the span of the longest is returned.
        """
        found = self._short.find(self.low, at)
        for form, place in self._long.items():
            if 0 <= place < at:
                place = self._long[form] = self.low.find(form, at)
            end = place + len(form)
            if place >= 0 and (found is None or (place, -end) < (found[0], -found[1])):
                found = place, end
        return found


# A secret may be as long as an AUTH line: it is compared only where its first characters occur.


def _end_at_start(form: bytes, data: bytes) -> int:
    """Return the length of the longest end of `form` that begins `data`, or 0 if under HALF."""
    if len(form) >= _LONG_FORM:
        return _overlap(data, form, len(form) - 1)
    at = form.find(data[:HALF], 1)
    while 0 < at <= len(form) - HALF:
        if data.startswith(form[at:]):
            return len(form) - at
        at = form.find(data[:HALF], at + 1)
    return 0


def _start_at_end(form: bytes, data: bytes) -> int:
    """Return the length of the longest start of `form` that ends `data`, or 0 if under HALF."""
    if len(form) >= _LONG_FORM:
        return _overlap(form, data, len(form) - 1)
    at = data.find(form[:HALF], max(0, len(data) - len(form) + 1))
    while at >= 0:
        if form.startswith(data[at:]):
            return len(data) - at
        at = data.find(form[:HALF], at + 1)
    return 0


def _overlap(start: bytes, end: bytes, most: int) -> int:
    """Return the length of the longest start of `start` that ends `end`, or 0 if under HALF.

    At most `most` bytes of either are compared. The result is the longest border, found by the
    failure function of Knuth, Morris and Pratt in linear time for any bytes.
    """
    start, end = start[:most], end[-most:]
    if len(start) < HALF or start[:HALF] not in end:
        return 0
    borders = [0] * (len(start) + 1)
    length = 0
    for place in range(1, len(start)):
        while length and start[place] != start[length]:
            length = borders[length]
        length += start[place] == start[length]
        borders[place + 1] = length
    length = 0
    for octet in end:
        if length == len(start):
            length = borders[length]
        while length and octet != start[length]:
            length = borders[length]
        length += octet == start[length]
    return length if length >= HALF else 0
