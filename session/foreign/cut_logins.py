"""Hides the passwords of a login whose beginning is not in the log.

A base64 word without an AUTH line before it does not show by itself that it is a response (RFC 4954
section 4), so it is recognised by the replies around it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..record.credentials import is_message
from ..record.responses import looks_like_a_response
from ..secret import MASK
from ..verbs import opens_auth
from .bare import VERB
from .entries import CLIENT, SERVER, Entry

# Replies to a response: another challenge, the login's success, and its refusals (RFC 4954).
_VERDICTS = ("334", "235", "432", "454", "534", "535", "538")


def without_responses(talk: Iterable[Entry]) -> Iterator[Entry]:
    """Yield the entries, with asterisks in place of responses whose AUTH line is missing."""
    held: Entry | None = None  # a word of the client that may be a response, which the reply shows
    begun = False  # whether AUTH was sent, and no final reply since
    challenged = in_message = False
    for entry in talk:
        if entry.what == SERVER and _is_misattributed(entry.text, challenged=challenged):
            yield _hidden(entry)
            continue
        if entry.what == SERVER:
            code = entry.text[:3]
            if held is not None:
                yield _hidden(held) if code in _VERDICTS else held
                held = None
            begun = begun and code == "334"
            challenged, in_message = code == "334", code == "354"
        elif entry.what == CLIENT:
            if held is not None:
                yield _hidden(held)  # consecutive responses: the challenges are not shown
                held = None
            if in_message:
                in_message = entry.text.rstrip("\r\n") != "."
            elif opens_auth(entry.text.encode("utf-8", "surrogateescape")):
                begun = True
            elif not begun and challenged:
                challenged = False
                yield _hidden(entry)
                continue
            elif not begun and _may_be_response(entry.text):
                held = entry
                continue
            challenged = False
        yield entry
    if held is not None:
        yield _hidden(held)


def _is_misattributed(text: str, *, challenged: bool) -> bool:
    """Return whether a line attributed to the server is in fact a client's response.

    The line is judged by its form and, if `challenged`, by the fact that it follows a challenge.
    """
    word = text.strip()
    if word[:3].isdigit() or " " in word:
        return False
    return is_message(word) or (challenged and _may_be_response(word))


def _may_be_response(text: str) -> bool:
    if "<" in text or ":" in text:
        return False  # as in MAIL and RCPT, the most frequent lines: neither occurs in a response
    word = text.strip()
    response = looks_like_a_response(word.encode("utf-8", "surrogateescape"))
    return response and VERB.fullmatch(word) is None


def _hidden(entry: Entry) -> Entry:
    return entry._replace(text=MASK) if entry.text.strip() not in ("", "*", "=") else entry
