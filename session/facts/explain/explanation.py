"""The explanation of a reply, and the functions that put its sentences together."""

from __future__ import annotations

import re
from typing import NamedTuple

from ...visible import visible_text
from .reply_text import ReplyText

_LONGEST = 100  # characters of a name from the wire that are quoted
_PARTS = re.compile(r"[;,] *")
_RFC = re.compile(r"(RFC \d+) ?(.*)")


class Explanation(NamedTuple):
    """What a reply means: a title, and sentences that are empty if they do not apply.

    `sources` are the documents and sections on which the explanation is based. `family` is the
    program or provider that wrote the text, if the text or the greeting proves it; `sure` is False
    if the text is known only from a second-hand report. `own_words` is true if the explanation is
    based on the server's text.
    """

    title: str
    means: str = ""
    causes: str = ""
    try_next: str = ""
    sources: tuple[str, ...] = ()
    family: str = ""
    own_words: bool = False
    sure: bool = True

    @property
    def text(self) -> str:
        """The whole explanation as running text, without the sources."""
        return " ".join(filter(None, (sentence(self.title), self.means, self.causes,
                                      self.try_next)))  # fmt: skip


def labelled(label: str, text: str) -> str:
    """Return `text` with `label` and a colon in front.

    Return `text` unchanged if it is empty or already begins with `label`.
    """
    return text if not text or text.startswith(f"{label} ") else f"{label}: {text}"


CLASSES = {2: "done", 3: "continue", 4: "refused temporarily", 5: "refused permanently"}
"""What each class of reply means for the command, keyed by the first digit of the code."""


def titled(code: int, title: str) -> str:
    """Return `title`, preceded by "refused temporarily" or "refused permanently" for a refusal."""
    head = CLASSES.get(code // 100, "") if code >= 400 else ""
    return f"{head}: {small(title)}" if head else title


def small(text: str) -> str:
    """Return `text` with a lower-case first letter, unless its first word has other capitals."""
    word = text.split(" ", 1)[0]
    if text[1:2].isupper() or text.startswith("X.") or any(one.isupper() for one in word[1:]):
        return text
    return text[:1].lower() + text[1:]


def capital(text: str) -> str:
    """Return `text` with an upper-case first letter."""
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """Return `text` with a full stop, unless it is empty or already ends as a sentence."""
    return text if not text or text.endswith((".", "!", "?")) else f"{text}."


def sources(*cited: str) -> tuple[str, ...]:
    """Return each cited document once, with all of its sections, as in "RFC 5321 3.3, 4.2.2"."""
    found: dict[str, list[str]] = {}
    for text in cited:
        document = ""
        for part in _PARTS.split(text) if text.startswith("RFC") else (text,):
            match = _RFC.match(part)
            section = part
            if match is not None:
                document, section = match[1], match[2]
            elif not document or not part[:1].isdigit():
                document, section = part, ""
            sections = found.setdefault(document, [])
            if section and section not in sections:
                sections.append(section)
    found.pop("", None)
    return tuple(f"{document} {', '.join(parts)}".strip() for document, parts in found.items())


def explained(reply: ReplyText, title: str, means: str, try_next: str, *cited: str) -> Explanation:
    """Build an explanation of `reply`; `title` is preceded by the class of the reply."""
    return Explanation(titled(reply.code, title), means, "", try_next, sources(*cited))


def quoted(text: str) -> str:
    """Return a name that was received or sent, made safe to show, and cut if it is too long."""
    return visible_text(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")
