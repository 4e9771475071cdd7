"""A short summary of a server by subject, for a table that compares several servers."""

from __future__ import annotations

import time

from ..facts.extensions import in_bytes
from ..visible import visible, visible_text
from .seen import Seen

MOST = 60  # characters of an entry
NOTHING = "-"


def summary(seen: Seen) -> dict[str, str]:
    """Return the observations of each subject in a few words, safe to show, or "-" for none."""
    return {
        "Greeting": _greeting(seen),
        "TLS": _tls(seen),
        "Certificate": _certificate(seen),
        "Login without TLS": _login(seen.clear),
        "Login over TLS": _login(seen.inside),
        "Size": _size(seen),
        "Pipelining": _pipelining(seen),
        **{verb: _query(seen, verb) for verb in ("VRFY", "EXPN", "HELP")},
    }


def _greeting(seen: Seen) -> str:
    if seen.greeting is None:
        return NOTHING
    words = visible(seen.greeting.text[:1000]).split()
    return _cut(f"{seen.greeting.code} {words[0] if words else ''}".strip())


def _tls(seen: Seen) -> str:
    if seen.started is not None:
        return visible_text(seen.started.version) or "yes"
    if seen.failed is not None:
        return "failed"
    if seen.clear is None:
        return NOTHING
    if "STARTTLS" not in seen.clear:
        return "none"
    return "refused" if seen.starttls is not None else "offered"


def _certificate(seen: Seen) -> str:
    failed = seen.failed
    if failed is not None:
        from ..facts.tls_failures import REASONS

        if REASONS[failed.reason].certificate:
            return REASONS[failed.reason].title.lower()
    if seen.started is None or not seen.started.chain:
        return NOTHING
    from ..tls.certificates import parse

    leaf = parse(seen.started.chain[0])
    until = time.strftime("%Y-%m-%d", time.gmtime(max(0.0, min(leaf.not_after, 4e9))))
    return f"until {until}" if seen.started.verified else f"not verified, until {until}"


def _login(keywords: dict[str, tuple[str, ...]] | None) -> str:
    if keywords is None:
        return NOTHING
    return _cut(visible_text(" ".join(keywords.get("AUTH", ("none",))))) or "no mechanism"


def _size(seen: Seen) -> str:
    size = (seen.keywords or {}).get("SIZE")
    if size is None:
        return NOTHING if seen.keywords is None else "not offered"
    if not size or not (size[0].isascii() and size[0].isdigit() and len(size[0]) <= 20):
        return _cut(visible_text(" ".join(size))) or "not stated"
    return in_bytes(int(size[0])) if int(size[0]) else "any"


def _pipelining(seen: Seen) -> str:
    if seen.keywords is None:
        return NOTHING
    if "PIPELINING" not in seen.keywords:
        return "not offered"
    if not seen.group:
        return "offered"
    return "works" if all(turn.replies for turn in seen.group) else "does not work"


def _query(seen: Seen, verb: str) -> str:
    if verb == "VRFY" and len(seen.names) > 1:  # 252 and 550: it verifies names
        codes = sorted({reply.code for reply in seen.names.values()})
        return _cut(" and ".join(map(str, codes)))
    asked = seen.queries.get(verb)
    return str(asked[1].code) if asked is not None else NOTHING


def _cut(text: str) -> str:
    return text if len(text) <= MOST else f"{text[: MOST - 1]}…"
