"""How secrets are masked in what leaves the program: screens, copies, journals, logs.

By position: all that the client says from AUTH to its final reply (RFC 4954 section 4). Verb,
mechanism, length class and line end stay, so that a masked recording can be understood again.
By value: a secret of six characters or more, once known, wherever it turns up, also where the
server repeats it: plain, base64, percent-encoded, xtext (RFC 3461 section 4).
"""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import quote, quote_plus

from .events import Kind
from .secret import MASK

TOO_LONG = 12288  # octets of an AUTH exchange line (RFC 4954 section 4)
SHORTEST = 6  # characters from which on a secret is looked for by value
_STARS = MASK.encode()
_LINE_END = re.compile(rb"\r*\n?\Z")
_AUTH = re.compile(rb"(\s*(?:AUTH|X-EXPS)\s+)(\S+)(\s*)(.*)", re.IGNORECASE | re.DOTALL)
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


def by_position(data: bytes, kind: Kind) -> bytes:
    """A row said between AUTH and its final reply, masked."""
    match = _LINE_END.search(data)
    cut = match.start() if match else len(data)
    text, end = data[:cut], data[cut:]
    if kind is Kind.COMMAND:
        auth = _AUTH.match(text)
        if auth is not None:
            said = auth[4] if auth[4] in _SHOWN_IN_FULL else _stars(auth[4])
            return auth[1] + auth[2] + auth[3] + said + end
    if text in _SHOWN_IN_FULL:
        return data
    return _stars(text) + end


def learnt_from(response: bytes, mechanism: str) -> list[bytes]:
    """The secrets in one AUTH response as sent (base64): its password, and the whole.

    For PLAIN the part after the last NUL, for XOAUTH2 and OAUTHBEARER the token, for others the
    response itself. The list is empty for what holds none.
    """
    text = response.strip()
    if text in _SHOWN_IN_FULL or not text.strip(b"*"):  # stars: from a recording that is masked
        return []
    found = [text]
    try:
        decoded = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return found
    if mechanism == "PLAIN" and decoded.count(b"\0") == 2:
        found.append(decoded.rsplit(b"\0", 1)[1])
    elif mechanism in ("XOAUTH2", "OAUTHBEARER"):
        found += re.findall(rb"auth=Bearer ([^\x01]+)", decoded)
    elif mechanism == "LOGIN":
        found.append(decoded)
    return found


class KnownSecrets:
    """The secrets whose value is known, in every form in which they may come by."""

    def __init__(self) -> None:
        self._forms: set[bytes] = set()
        self._pattern: re.Pattern[bytes] | None = None

    @property
    def known(self) -> int:
        """How many forms are known: what was drawn before it grew may have to be drawn again."""
        return len(self._forms)

    def add(self, value: bytes) -> None:
        """Know one more. Shorter ones than six characters would mask half of what is said."""
        if len(value) < SHORTEST:
            return
        forms = {
            value,
            base64.b64encode(value),
            quote(value, safe="").encode(),
            quote_plus(value).encode(),
            re.sub(rb"[^!-*,-<>-~]", lambda m: b"+%02X" % m[0][0], value),
        }
        if not forms <= self._forms:
            self._forms |= forms
            longest_first = sorted(self._forms, key=len, reverse=True)
            self._pattern = re.compile(b"|".join(map(re.escape, longest_first)))

    def mask(self, data: bytes) -> bytes:
        """`data` with every known secret replaced by stars."""
        return self._pattern.sub(_STARS, data) if self._pattern is not None else data
