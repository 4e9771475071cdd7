"""The explanation of a reply, and how its sentences are put together."""

from __future__ import annotations

import re
from typing import NamedTuple

from ...visible import visible_text
from .reply_text import ReplyText

_LONGEST = 100  # characters of a name from the wire that are quoted
_PARTS = re.compile(r"[;,] *")
_RFC = re.compile(r"(RFC \d+) ?(.*)")


class Explanation(NamedTuple):
    """What a reply means: a title, and sentences that are empty if nothing applies.

    `sources` are the documents and sections that it is based on. `family` is the program or
    provider whose words they are, if the text or the greeting proves it; `sure` is False if the
    words are known only from a second-hand report. `own_words` says that the server's text decided.
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
    """`label: text`, or the text alone if it begins with that word; "" for none."""
    return text if not text or text.startswith(f"{label} ") else f"{label}: {text}"


CLASSES = {2: "done", 3: "continue", 4: "refused for now", 5: "refused for good"}
"""First digit of a reply code -> what it means for the command."""


def titled(code: int, title: str) -> str:
    """`title`, preceded by "refused for now" or "refused for good" if `code` is a refusal."""
    head = CLASSES.get(code // 100, "") if code >= 400 else ""
    return f"{head}: {small(title)}" if head else title


def small(text: str) -> str:
    """`text` with a lower-case first letter, unless it begins with a name in capitals."""
    word = text.split(" ", 1)[0]
    if text[1:2].isupper() or text.startswith("X.") or any(one.isupper() for one in word[1:]):
        return text
    return text[:1].lower() + text[1:]


def capital(text: str) -> str:
    """`text` with a capital first letter."""
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """`text` with a full stop, unless it is empty or already ends a sentence."""
    return text if not text or text.endswith((".", "!", "?")) else f"{text}."


def sources(*cited: str) -> tuple[str, ...]:
    """The documents cited, each once, with all of its sections: "RFC 5321 3.3, 4.2.2"."""
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
    """The explanation of `reply` under a title that begins with its class."""
    return Explanation(titled(reply.code, title), means, "", try_next, sources(*cited))


def quoted(text: str) -> str:
    """A name from the wire, safe to show and not too long."""
    return visible_text(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")
