"""Explains several replies to one line, as in LMTP, PRDR, AUTH or a group of commands."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ...plural import plural
from ...verbs import AUTH_EXCHANGE, END_OF_DATA, MESSAGE_ENDS
from .explanation import Explanation, quoted, sentence, sources
from .reply_text import ReplyText
from .situation import Situation

MOST_LISTED = 20  # recipients whose replies are listed one by one

_PATH = re.compile(r"(?<!ID=)<([^<>\s]{1,320})>")  # Cyrus adds SESSIONID=<...>

Explain = Callable[[ReplyText, Situation], Explanation]


def of_several(replies: Sequence[ReplyText], situation: Situation, explain: Explain) -> Explanation:
    """Return one explanation for all replies to a line, given in the order of their arrival."""
    if situation.verb in AUTH_EXCHANGE:
        said = tuple(one.text.decode("ascii", "replace").strip()
                     for one in replies[:-1] if one.code == 334)  # fmt: skip
        known = situation._replace(challenges=(*situation.challenges, *said))
        return explain(replies[-1], known)
    if situation.verb in MESSAGE_ENDS:
        return _for_recipients(replies, situation, explain)
    if situation.verb == "DATA" and replies[0].code == 354:
        ended = situation._replace(verb=END_OF_DATA, line="")
        rest = replies[1:]
        return explain(rest[0], ended) if len(rest) == 1 else of_several(rest, ended, explain)
    return _of_group(replies, situation, explain)


def _of_group(replies: Sequence[ReplyText], situation: Situation, explain: Explain) -> Explanation:
    """Explain the first refusal in the replies to a group of commands, or else the last reply."""
    refused = [number for number, one in enumerate(replies) if one.code < 0 or one.code >= 400]
    first = refused[0] if refused else len(replies) - 1
    if first and situation.verb != "RCPT":
        situation = situation._replace(verb="", line="")  # it answers a later command
    found = explain(replies[first], situation)
    if len(refused) < 2:
        return found
    others = plural(
        len(refused) - 1,
        "the other answers a later command, and may be",
        "the others answer later commands, and may be",
    )
    return found._replace(
        means=f"{found.means} This is the first of {len(refused)} refusals; {others} only a "
        "consequence of it.".strip()
    )


def _for_recipients(
    replies: Sequence[ReplyText], situation: Situation, explain: Explain
) -> Explanation:
    prdr = replies[0].code == 353
    individual = list(replies[1:] if prdr else replies)
    overall = individual.pop() if prdr and len(individual) > 1 else None
    parts: list[str] = []
    tries: list[str] = []
    cited: list[str] = []
    refused = 0
    for number, reply in enumerate(individual):
        found = explain(reply, situation)
        refused += reply.code >= 400
        if number >= MOST_LISTED:
            continue
        named = _PATH.search(reply.words)
        known = situation.recipients[number] if number < len(situation.recipients) else ""
        who = named[1] if named else known.strip("<>") or f"recipient {number + 1}"
        parts.append(f"{quoted(who)}: {sentence(found.title)}")
        cited += found.sources
        if reply.code >= 400 and found.try_next and found.try_next not in tries:
            tries.append(f"For {quoted(who)}: {found.try_next}")
    if len(individual) > MOST_LISTED:
        parts.append(f"The other {len(individual) - MOST_LISTED} are not listed.")
    if overall is not None:
        parts.append(f"For the whole message: {sentence(explain(overall, situation).title)}")
    count = plural(len(individual), "{} recipient")
    title = plural(
        len(individual), "accepted for the only recipient", f"accepted for each of {count}"
    )
    if refused:
        title = f"one reply for each recipient: {refused} of {count} refused"
    why = (
        "After the message, this server (PRDR) replies for each recipient separately, then for the "
        "whole message."
        if prdr
        else (
            "After the message, an LMTP server replies once for each recipient that it accepted, "
            "in order."
        )
    )
    return Explanation(
        title,
        f"{why} {' '.join(parts)}",
        "",
        " ".join(tries),
        sources("draft-hall-prdr" if prdr else "RFC 2033 4.2", *cited),
    )
