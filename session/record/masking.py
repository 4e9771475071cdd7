"""How secrets are masked in what leaves the program: screens, copies, journals, logs.

By position: all that the client says from AUTH to its final reply (RFC 4954 section 4). Verb,
mechanism, length class and line end stay, so that a masked recording can be understood again.
By value: a secret of six characters or more, once known, wherever it turns up, also where the
server repeats it: plain, percent-encoded, xtext (RFC 3461 section 4), and within base64, at any
place in it; in capitals or small letters; and half of it, where a line is cut.
"""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import quote, quote_plus

from ..events import Kind
from ..secret import MASK
from ..verbs import auth_parts

TOO_LONG = 12288  # octets of an AUTH exchange line (RFC 4954 section 4)
SHORTEST = 6  # characters from which on a secret is looked for by value
HALF = 4  # characters from which on a part of a secret is looked for where a line is cut
_STARS = MASK.encode()
_RESPONSE = re.compile(rb"[A-Za-z0-9+/]{6,}={0,2}\r?\n?\Z")
_SHOWN_IN_FULL = (b"", b"*", b"=")  # no response, cancelled, empty response


def _stars(data: bytes) -> bytes:
    """A mask whose length says only roughly how long the secret is: 8, 16, 32, 64, ...

    A line that is too long (RFC 4954 section 4: over 12288 octets) stays so, another does not
    become so, and a piece at the limit of the framing does not outgrow it.
    """
    if len(data) > TOO_LONG:
        return b"*" * (TOO_LONG + 4096)
    width = len(_STARS)
    while width < min(len(data), 8192):
        width *= 2
    return b"*" * width


def looks_like_a_response(line: bytes) -> bool:
    """Whether a line is one word in base64, long enough to be worth hiding."""
    return _RESPONSE.match(line) is not None


def by_position(data: bytes, kind: Kind) -> bytes:
    """A row said between AUTH and its final reply, masked."""
    cut = len(data.removesuffix(b"\n").rstrip(b"\r"))
    text, end = data[:cut], data[cut:]
    if kind is Kind.COMMAND:
        auth = auth_parts(text)
        if auth is not None:
            verb, mechanism, blanks, response = auth
            shown = response if response in _SHOWN_IN_FULL else _stars(response)
            return verb + mechanism + blanks + shown + end
    if text in _SHOWN_IN_FULL:
        return data
    return _stars(text) + end


_TOKEN = re.compile(rb"auth=(?:Bearer|OAuth)\s+([^\x01]+)", re.IGNORECASE)
_PROOF = re.compile(rb"(?:\A|,)p=([^,]+)")


def learnt_from(response: bytes, mechanism: str) -> list[bytes]:
    """The secrets in one AUTH response as sent (base64): what it carries, and the whole.

    Of PLAIN the part after the last NUL, of XOAUTH2 and OAUTHBEARER the token, of CRAM-MD5 and
    SCRAM the proof (enough for an offline guessing attack), of LOGIN all of it. The list is
    empty for what holds none.
    """
    text = response.strip()
    if text in _SHOWN_IN_FULL or not text.strip(b"*"):  # stars: from a recording that is masked
        return []
    found = [text]
    try:  # some servers do without the padding, and so may who types
        decoded = base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return found
    if mechanism == "PLAIN" and b"\0" in decoded:
        found.append(decoded.rpartition(b"\0")[2])
    elif mechanism in ("XOAUTH2", "OAUTHBEARER", "OAUTH10A"):
        found += _TOKEN.findall(decoded)
    elif mechanism == "CRAM-MD5":
        found.append(decoded.rpartition(b" ")[2])
    elif mechanism.startswith("SCRAM-"):
        found += _PROOF.findall(decoded)
    elif mechanism == "LOGIN":
        found.append(decoded)
    return found


def _within_base64(value: bytes) -> list[bytes]:
    """What `value` looks like within longer texts in base64: one for each place it may begin at.

    Three bytes are four characters: characters at either end that hold bits of a neighbour, too,
    are left out.
    """
    found: list[bytes] = []
    for before, mixed in ((0, 0), (1, 2), (2, 3)):
        text = base64.b64encode(b"\0" * before + value).rstrip(b"=")
        end = len(text) - (1 if (before + len(value)) % 3 else 0)
        found.append(text[mixed:end])
    return found


_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
_BASE64 = bytes(0x78 if byte in _ALPHABET else 0x20 for byte in range(256))
# From this many bytes on, asking for each form by itself is quicker than one pattern for all
# (256 KiB and ten forms: 0.5 ms against 2 to 4); for a line it is four times slower.
_LONG = 4096


class KnownSecrets:
    """The secrets whose value is known, in every form in which they may appear."""

    def __init__(self) -> None:
        self._forms: set[bytes] = set()  # in small letters, as all that they are looked for in
        self._inner: set[bytes] = set()  # those of the forms that stand within base64
        self._pattern: re.Pattern[bytes] | None = None

    @property
    def known(self) -> int:
        """How many forms are known: when it grows, rows that were drawn may need another look."""
        return len(self._forms)

    def add(self, value: bytes) -> None:
        """Remember a secret so that later rows mask it.

        A secret shorter than six characters is ignored: it would mask half of the conversation.
        """
        if len(value) < SHORTEST:
            return
        forms = {
            value,
            quote(value, safe="").encode(),
            quote_plus(value).encode(),
            re.sub(rb"[^!-*,-<>-~]", lambda m: b"+%02X" % m[0][0], value),
        }
        forms = {form.lower() for form in forms}
        inner = {form.lower() for form in _within_base64(value)} - forms
        if not forms | inner <= self._forms:
            self._inner = (self._inner | inner) - forms
            self._forms |= forms | inner
            longest_first = sorted(self._forms, key=len, reverse=True)
            self._pattern = re.compile(b"|".join(map(re.escape, longest_first)))

    def mask(self, data: bytes) -> bytes:
        """`data` with every known secret replaced by stars; of base64 the text that holds one."""
        pattern = self._pattern
        if pattern is None:
            return data
        low = data.lower()
        if len(data) > _LONG and not any(form in low for form in self._forms):
            return data
        match = pattern.search(low)
        return data if match is None else self._masked(data, low, pattern, match)

    def mask_part(self, data: bytes, *, cut_before: bool, cut_after: bool) -> bytes:
        """`data`, a part of a line, masked: also where the cut leaves only half of a secret."""
        if self._pattern is None:
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

    def _masked(
        self,
        data: bytes,
        low: bytes,
        pattern: re.Pattern[bytes],
        match: re.Match[bytes] | None,
    ) -> bytes:
        runs: bytes | None = None
        pieces: list[bytes] = []
        done = 0
        while match is not None:
            start, end = match.span()
            if match[0] in self._inner:
                if runs is None:
                    runs = data.translate(_BASE64)
                start = max(runs.rfind(b" ", 0, start) + 1, done)
                stop = runs.find(b" ", end)
                end = stop if stop >= 0 else len(data)
            pieces += (data[done:start], _STARS)
            done = end
            match = pattern.search(low, done)
        pieces.append(data[done:])
        return b"".join(pieces)


# A secret may be as long as a line of AUTH: only where its first characters turn up is it compared.


def _end_at_start(form: bytes, data: bytes) -> int:
    """How many bytes at the start of `data` are the end of `form`: the most, 0 if under HALF."""
    at = form.find(data[:HALF], 1)
    while 0 < at <= len(form) - HALF:
        if data.startswith(form[at:]):
            return len(form) - at
        at = form.find(data[:HALF], at + 1)
    return 0


def _start_at_end(form: bytes, data: bytes) -> int:
    """How many bytes at the end of `data` are the start of `form`: the most, 0 if under HALF."""
    at = data.find(form[:HALF], max(0, len(data) - len(form) + 1))
    while at >= 0:
        if form.startswith(data[at:]):
            return len(data) - at
        at = data.find(form[:HALF], at + 1)
    return 0
