"""The conditions of `:expect`: a code, an enhanced status code, a pattern, or the end.

    250           this code
    2xx, 45x      a code of this class
    5.7.1, 5.7.x  this enhanced status code (RFC 3463), or any with this subject
    /regex/       found in the reply as received, with lines joined by LF; /regex/i ignores case
    closed        the server closes the connection

Several words must all match (`550 5.7.1`); `|` separates alternatives (`250 | 251`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import msgspec

from ..plural import in_seconds
from .grammar import GrammarError

FORMS = "250, 2xx, 5.7.1, /regex/ or closed; 250 | 251 for either"
LONGEST_PATTERN = 1000  # characters
MOST_MATCHED = 64 * 1024  # octets of a reply that are searched for a pattern
PATIENCE = 2.0  # seconds that a search may take
CLOSED = "closed"

_CODE = re.compile(r"[1-5](?:\d\d|\dx|xx)\Z", re.IGNORECASE | re.ASCII)
_ENHANCED = re.compile(r"[245]\.\d{1,3}\.(?:\d{1,3}|x)\Z", re.IGNORECASE | re.ASCII)
_TEXT = re.compile(r"[A-Za-z][\w-]{3,}\Z")  # a word such as STARTTLS, and not or, not, OK
_WORD = re.compile(r"\s*(?:(\|)|/((?:[^/\\]|\\.)*)/(i?)(?=[\s|]|\Z)|([^\s|]+))", re.DOTALL)


class PatternTooSlow(TimeoutError):
    """Raised when the search for a pattern took longer than `PATIENCE` seconds, and was stopped."""


class Wanted(msgspec.Struct, frozen=True):
    """One word of an expectation. If the word is a /regex/, `pattern` is its compiled form."""

    word: str
    pattern: Any = None

    def met(self, code: int, enhanced: str | None, text: Callable[[], bytes]) -> bool:
        """Return whether a reply meets this word of the expectation.

        `code` and `enhanced` are the codes of the reply, and `text()` returns the reply as
        received, with its lines joined by LF. Raises PatternTooSlow.
        """
        if self.pattern is not None:
            found = text()[:MOST_MATCHED].decode("utf-8", "backslashreplace")
            try:
                return self.pattern.search(found, timeout=PATIENCE) is not None
            except TimeoutError:
                raise PatternTooSlow(
                    f"matching /{self.word}/ took more than {in_seconds(PATIENCE)} and was stopped"
                ) from None
        if "." in self.word:
            return enhanced is not None and _fits(enhanced, self.word)
        low, high = _codes(self.word)
        return low <= code <= high


class Expectation(msgspec.Struct, frozen=True):
    """An expectation about a reply: the `text` as written, and its `alternatives`.

    A reply meets the expectation if it meets all words of at least one alternative.
    """

    text: str
    alternatives: tuple[tuple[Wanted, ...], ...] = ()

    @property
    def closed(self) -> bool:
        """Whether the server is expected to close the connection instead of replying."""
        return not self.alternatives

    @property
    def refuses(self) -> bool:
        """Whether only a refusal can meet the expectation, because of the codes it requires."""
        return bool(self.alternatives) and all(
            any(word.pattern is None and word.word[0] in "45" for word in words)
            for words in self.alternatives
        )

    @property
    def looks_at_text(self) -> bool:
        """Whether the text of a reply matters, and not just its codes."""
        return any(word.pattern is not None for words in self.alternatives for word in words)

    def met(self, code: int, enhanced: str | None, text: Callable[[], bytes]) -> bool:
        """Return whether a reply meets the expectation.

        `code` and `enhanced` are the codes of the reply, and `text()` returns the reply as
        received, with its lines joined by LF. Raises PatternTooSlow.
        """
        for words in self.alternatives:  # generators would take longer than the comparison
            for word in words:
                if not word.met(code, enhanced, text):
                    break
            else:
                return True
        return False


def parse_expectation(text: str) -> Expectation:
    """Parse an expectation. Raises GrammarError."""
    if text.strip().lower() == CLOSED:
        return Expectation(CLOSED)
    alternatives: list[list[Wanted]] = [[]]
    at = 0
    while text[at:].strip():
        found = _WORD.match(text, at)
        assert found is not None
        at = found.end()
        bar, pattern, flag, word = found.groups()
        if bar:
            alternatives.append([])
        elif pattern is not None:
            alternatives[-1].append(Wanted(pattern, _compiled(pattern, flag)))
        else:
            alternatives[-1].append(_wanted(word))
    if not all(alternatives):
        what = (
            "An alternative is missing next to |."
            if len(alternatives) > 1
            else "The expectation is missing."
        )
        raise GrammarError(f"{what} Use {FORMS}.")
    return Expectation(text.strip(), tuple(map(tuple, alternatives)))


def _wanted(word: str) -> Wanted:
    lower = word.lower()
    if _CODE.match(lower) or _ENHANCED.match(lower):
        return Wanted(lower)
    if word.startswith("/"):
        raise GrammarError(
            r"A pattern must be between two slashes, as in /queued/. Write \/ for a slash in it."
        )
    if lower == CLOSED:
        raise GrammarError("closed must be the only word, because there is no reply then.")
    shown = word[:40]
    text = f" To search for text, use /{shown}/." if _TEXT.match(shown) else ""
    raise GrammarError(f'"{shown}" cannot be expected. Use {FORMS}.{text}')


def _compiled(pattern: str, flag: str) -> Any:
    """Compile a pattern with the package `regex`; unlike `re`, it can limit the time of a search.

    Raises GrammarError.
    """
    if len(pattern) > LONGEST_PATTERN:
        raise GrammarError(f"A pattern must not be longer than {LONGEST_PATTERN:,} characters.")
    import regex

    try:
        return regex.compile(pattern, regex.MULTILINE | (regex.IGNORECASE if flag else 0))
    except (regex.error, RecursionError, OverflowError, MemoryError) as error:
        raise GrammarError(
            f"/{pattern[:60]}/ is not a valid regular expression: {error}."
        ) from None


@lru_cache(maxsize=256)
def _codes(word: str) -> tuple[int, int]:
    """Return the first and last code that a word covers, such as 250 and 259 for 25x."""
    return int(word.replace("x", "0")), int(word.replace("x", "9"))


def _fits(enhanced: str, wanted: str) -> bool:
    if wanted.endswith("x"):
        return enhanced.rpartition(".")[0] == wanted.rpartition(".")[0]
    return enhanced == wanted
