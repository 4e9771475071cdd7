"""Parses the keywords and parameters of an EHLO reply (RFC 5321 section 4.1.1.1)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

MOST_KEYWORDS = 10_000  # keywords that are kept; no honest server sends more
MOST_OCTETS = 1 << 20  # octets of them that are kept, with their parameters
MOST_PARAMETERS = 1000  # parameters of one keyword that are kept

Keywords = dict[str, tuple[str, ...]]
# Of smtplib; compiled when a program first asks for its dict.
_OLD_AUTH = r"(?i)auth=(.*)"
_FEATURE = r"(?P<feature>[A-Za-z0-9][A-Za-z0-9\-]*) ?"


def parse_keywords(lines: Iterable[bytes]) -> Keywords:
    """Return the keywords of an EHLO reply, in upper case, with their parameters as sent.

    `lines` are the texts of its lines after the first. A keyword that is listed twice gets the
    parameters of both lines, each once. `AUTH=LOGIN PLAIN`, meant for very old clients, is stored
    under that name, and counts as AUTH if there is no AUTH line. Bytes that are not UTF-8 are kept
    as surrogate escapes. If there are too many keywords or parameters, only the first ones are
    kept.
    """
    gathered: dict[str, dict[str, None]] = {}
    for line in lines:
        # Split as bytes: Unicode's other spaces do not separate words.
        words = [word.decode("utf-8", "surrogateescape") for word in line.split()]
        if words and len(gathered) < MOST_KEYWORDS:
            parameters = gathered.setdefault(words[0].upper(), {})
            parameters |= dict.fromkeys(words[1 : MOST_PARAMETERS + 1])
            while len(parameters) > MOST_PARAMETERS:
                parameters.popitem()
    found = {keyword: tuple(parameters) for keyword, parameters in gathered.items()}
    if "AUTH" not in found:
        for keyword, parameters in found.items():
            if keyword.startswith("AUTH="):
                first = keyword.removeprefix("AUTH=")
                found["AUTH"] = ((first,) if first else ()) + parameters
                break
    return found


def difference(
    before: Mapping[str, tuple[str, ...]] | None, now: Mapping[str, tuple[str, ...]] | None
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return the added, removed and changed keywords, each group in the order of its list."""
    old, new = before or {}, now or {}
    return (
        tuple(keyword for keyword in new if keyword not in old),
        tuple(keyword for keyword in old if keyword not in new),
        tuple(keyword for keyword in new if keyword in old and old[keyword] != new[keyword]),
    )


def features(text: bytes) -> dict[str, str]:
    """Return the `esmtp_features` that smtplib would read from the text of an EHLO reply."""
    found: dict[str, str] = {}
    for line in text.decode("latin-1").split("\n")[1:]:
        old = re.match(_OLD_AUTH, line)
        if old is not None:
            found["auth"] = f"{found.get('auth', '')} {old[1]}"
            continue
        match = re.match(_FEATURE, line)
        if match is None:
            continue
        feature = match["feature"].lower()
        rest = line[match.end("feature") :].strip()
        found[feature] = f"{found.get('auth', '')} {rest}" if feature == "auth" else rest
    return found
