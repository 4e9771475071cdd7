"""Other spellings of a text that programs may use: normal forms, and escapes.

A server may store a password in a different normal form from the one typed, as SASLprep requires
(RFC 4013). A log or reply that quotes it may escape characters that are not ASCII or that have a
special meaning there.
"""

from __future__ import annotations

import re

_NOT_PLAIN = re.compile(rb"[^ -\[\]-~]")  # a backslash is escaped, too


def spellings(text: str) -> set[str]:
    """Return the text and its normal forms, with and without what SASLprep removes (RFC 4013)."""
    if text.isascii():
        return {text}
    import unicodedata

    mapped = text.replace("\u00ad", "").replace("\u200b", "").replace("\u00a0", " ")
    return {
        *(text, mapped),
        *(unicodedata.normalize("NFC", each) for each in (text, mapped)),
        *(unicodedata.normalize("NFD", each) for each in (text, mapped)),
        *(unicodedata.normalize("NFKC", each) for each in (text, mapped)),
        *(unicodedata.normalize("NFKD", each) for each in (text, mapped)),
    }


def escaped_texts(text: str) -> set[bytes]:
    """Return the text as escaped in JSON and in HTML, in UTF-8."""
    import html
    import json

    written = {json.dumps(text), json.dumps(text, ensure_ascii=False)}
    found = {each[1:-1] for each in written} | {html.escape(text), html.escape(text, quote=False)}
    return {each.encode("utf-8", "surrogatepass") for each in found}


def escaped_octets(octets: bytes) -> set[bytes]:
    """Return the octets in hexadecimal, and with the escapes of Python and C."""
    return {
        octets.hex().encode(),
        _NOT_PLAIN.sub(lambda found: b"\\x%02x" % found[0][0], octets),
        _NOT_PLAIN.sub(lambda found: b"\\%03o" % found[0][0], octets),
    }
