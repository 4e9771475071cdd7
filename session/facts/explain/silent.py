"""Adapts explanations to refusals that give no reason: a bare code, or RFC 5321's text for it."""

from __future__ import annotations

import re

from .explanation import Explanation, capital, sentence
from .reply_text import ReplyText
from .situation import Situation

_STOCK = re.compile(
    r"\W*(?:error:? )?(?:(?:the |your )?(?:transaction|message|mail|command|delivery|request) "
    r"(?:has )?(?:(?:is|was|been) )?)?(?:failed|failure|rejected|refused|denied|error|not accepted|"
    r"requested (?:mail )?action (?:not taken|aborted))\W*",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=\.) ")
_POINTER = re.compile(
    r"(?:, and |otherwise |if the problem persists, )?\bread the (?:reply )?text(?: of the reply)?"
    r"(?:,? (?:and|or) |:.*|, which.*)?",
    re.IGNORECASE,
)


def says_nothing(reply: ReplyText) -> bool:
    """Return whether a reply has no text, or only text that repeats the refusal."""
    return not reply.words or bool(_STOCK.fullmatch(reply.words))


def without_reason(found: Explanation, reply: ReplyText) -> Explanation:
    """Adapt an explanation by codes to a reply that gives no reason.

    The advice to read the reply's text is replaced with advice to ask the postmaster. `found` is
    returned unchanged if the reply gives a reason.
    """
    if reply.code < 400 or not says_nothing(reply):
        return found
    rest = _without_pointer(found.try_next)
    if rest == found.try_next and reply.known:
        return found
    why = (
        "The reply gives no reason."
        if reply.words
        else ("The reply has no text, so it gives no reason.")
    )
    if not reply.known:
        why = "The log does not contain the reply's text."
    ask = "Ask the server's postmaster, stating the time and the client's address."
    if "postmaster" in rest or "ask the" in rest.lower():
        ask = ""
    return found._replace(
        means=" ".join(filter(None, (found.means, why))),
        try_next=" ".join(filter(None, (rest, ask))),
    )


def without_name(found: Explanation, reply: ReplyText, situation: Situation) -> Explanation:
    """Qualify the explanation of a positive reply to VRFY if the reply names no mailbox."""
    user = situation.argument.strip("<>").lower()
    if situation.verb != "VRFY" or reply.code != 250 or re.search("[@<]", reply.words):
        return found
    if user and user in reply.words.lower():
        return found
    return found._replace(
        means=(
            "The code says so, but the reply names no mailbox: the server may send it for any name."
        ),
        try_next="RCPT TO:<...> shows whether the server accepts the address.",
    )


def _without_pointer(advice: str) -> str:
    """Return `advice` without the clauses that tell the user to read the reply's text."""
    kept: list[str] = []
    for one in _SENTENCE.split(advice):
        clauses = [_POINTER.sub("", clause).strip() for clause in one.rstrip(".").split("; ")]
        left = "; ".join(filter(None, clauses)).removeprefix("Then ")
        if left:
            kept.append(sentence(capital(left)))
    return " ".join(kept)
