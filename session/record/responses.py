"""The content of one response of an AUTH exchange: its words, and the secrets in it.

A typed response may lack padding or have too much of it, end with a full stop, begin with the
mechanism (`PLAIN=AGFsaWNl...`), or have user name and password on one line.
"""

from __future__ import annotations

import binascii
import re

from ..verbs import MECHANISM_NAMES
from .credentials import is_message

SHOWN_IN_FULL = (b"", b"*", b"=")
"""The responses that are not secrets: none, one that cancels the exchange, and an empty one."""
# A word in base64, also with additions by programs: spaces, NUL, a CR in place of a line end.
_RESPONSE = rb"[ \t\r\0]*(?:[A-Za-z0-9+/_-]+={0,2}[\r\0]+)*[A-Za-z0-9+/_-]{6,}={0,2}[ \t\r\0]*\n?\Z"
_NUL = bytes.maketrans(b"\0", b" ")


def looks_like_a_response(line: bytes) -> bool:
    """Return whether a line is one base64 word, long enough to be worth hiding."""
    return re.match(_RESPONSE, line) is not None


# Patterns that are text are compiled when they are first used: none is needed at startup.
_TOKEN = rb"(?i)auth=(?:Bearer|OAuth)\s+([^\x01]+)"
_PROOF = rb"(?:\A|,)p=([^,]+)"
_RUN = rb"[A-Za-z0-9+/_-]{6,}={0,2}"


def words_of(response: bytes) -> list[bytes]:
    """Return the words of a response, separated by spaces, NULs and bare CRs.

    A correct response has one word.
    """
    return response.translate(_NUL).split()


def learnt_from(response: bytes, mechanism: str) -> list[bytes]:
    """Return the secrets in an AUTH response: the base64 as sent, and the secrets in its content.

    The secret in the content is the part after the last NUL in PLAIN, the token in XOAUTH2 and
    OAUTHBEARER, the proof in CRAM-MD5 and SCRAM (enough for an offline guessing attack), and
    everything in LOGIN. For an unknown mechanism, the form of the content decides which of these is
    used. If there are several words, all but the first are secrets. The first is taken to be the
    user name, unless it is a response that contains a secret by itself. In a word that is only
    partly base64, such as one followed by a full stop, the base64 is examined. The list is empty if
    there is no secret.
    """
    text = response.strip(b" \t\r\n\v\f\0")
    if text in SHOWN_IN_FULL or not text.strip(b"*"):  # asterisks: from a masked recording
        return []
    found = [text]
    words = words_of(text)
    if len(words) > 1:
        secret = words if is_message(words[0].decode("latin-1")) else words[1:]
        found += _learnt_within(words[0], "")
        return found + [one for word in secret for one in learnt_from(word, mechanism)]
    decoded = _decoded(text)
    if decoded is None:
        return found + _learnt_within(text, mechanism)
    if mechanism not in MECHANISM_NAMES:
        mechanism = ""
    if mechanism in ("PLAIN", "") and b"\0" in decoded:
        found.append(decoded.rpartition(b"\0")[2])
    elif mechanism in ("XOAUTH2", "OAUTHBEARER", "OAUTH10A") or (
        not mechanism and b"\x01" in decoded
    ):
        found += re.findall(_TOKEN, decoded)
    elif mechanism == "CRAM-MD5":
        found.append(decoded.rpartition(b" ")[2])
    elif mechanism.startswith("SCRAM-"):
        found += re.findall(_PROOF, decoded)
    elif mechanism == "LOGIN" or (not mechanism and decoded.isascii()):
        found.append(decoded)
    return found


def _learnt_within(text: bytes, mechanism: str) -> list[bytes]:
    """Return the secrets in a word that is only partly base64, such as `PLAIN=AGFsaWNl...`."""
    runs = [run for run in re.findall(_RUN, text) if run != text]
    if mechanism != "LOGIN" or not text.startswith(tuple(runs[:1])):
        runs = [run for run in runs if is_message(run.decode())]
    return [value for run in runs for value in learnt_from(run, mechanism)]


def _decoded(text: bytes) -> bytes | None:
    """Return the decoded value of base64 in either alphabet, or None if it is not base64.

    Some servers omit the padding; users who type base64 may omit it too, or add too much of it.
    """
    bare = text.rstrip(b"=").translate(_STANDARD)
    try:
        return binascii.a2b_base64(bare + b"=" * (-len(bare) % 4), strict_mode=True)
    except (binascii.Error, ValueError):
        return None


_STANDARD = bytes.maketrans(b"-_", b"+/")  # the alphabet of URLs (RFC 4648 section 5) -> base64
