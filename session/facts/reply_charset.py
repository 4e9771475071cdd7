"""Guesses the legacy character set of a reply's text from its octets.

Replies are ASCII, or UTF-8 where SMTPUTF8 is in use (RFC 6531 section 3.7.4). Some servers
nevertheless send text in the legacy character set of their country. The result is a guess, and is
shown as one.
"""

from __future__ import annotations

import re

_RUNS = re.compile(rb"[\x80-\xff]+")
_KANA = re.compile("[\u3040-\u30ff]")
_CYRILLIC = ("cp1251", "koi8_r")
_EAST_ASIAN = ("gb18030", "euc_kr", "big5")
_NAMES = {"gb18030": "GB18030", "shift_jis": "Shift_JIS", "euc_kr": "EUC-KR", "big5": "Big5",
          "koi8_r": "KOI8-R", "cp1251": "windows-1251", "cp1252": "windows-1252"}  # fmt: skip
_MOST = 2000  # octets that are examined


def decoded_by_guess(data: bytes) -> tuple[str, str] | None:
    """Return a guessed character set, and the text decoded with it, or None for ASCII and UTF-8.

    The text is not safe to show: pass it through `visible_text`.
    """
    data = data[:_MOST]
    if data.isascii() or _is(data, "utf-8"):
        return None
    codec = _guess(data)
    return _NAMES[codec], data.decode(codec, "replace")


def _guess(data: bytes) -> str:
    runs: list[bytes] = _RUNS.findall(data)
    octets = sum(map(len, runs))
    if octets < 2 * len(runs):  # single letters between ASCII ones, as in Western languages
        return "cp1252"
    cyrillic = {each: _small_cyrillic(data.decode(each, "replace")) for each in _CYRILLIC}
    best = max(cyrillic, key=lambda codec: cyrillic[codec])
    if cyrillic[best] >= 0.6 * octets:
        return best
    if _is(data, "shift_jis") and len(_KANA.findall(data.decode("shift_jis"))) >= 0.2 * octets:
        return "shift_jis"
    for codec in _EAST_ASIAN:
        if _is(data, codec) and _east_asian(data.decode(codec)) >= 0.4 * octets:
            return codec
    return "cp1252"


def _is(data: bytes, codec: str) -> bool:
    try:
        data.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _small_cyrillic(text: str) -> int:
    """Return the number of lower-case Cyrillic letters in a text.

    Text decoded with the wrong Cyrillic character set consists mainly of upper-case letters.
    """
    return sum("а" <= char <= "я" or char == "ё" for char in text)


def _east_asian(text: str) -> int:
    return sum(
        "\u3040" <= char <= "\u30ff" or "\u4e00" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7a3"
        for char in text
    )
