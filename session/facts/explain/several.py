"""Several replies to one line: LMTP and PRDR, which answer for each recipient, and AUTH."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ...plural import plural
from ...verbs import AUTH_EXCHANGE, MESSAGE_ENDS
from .explanation import Explanation, quoted, sentence, sources
from .reply_text import ReplyText
from .situation import Situation

MOST_TOLD = 20  # recipients whose replies are told one by one

_PATH = re.compile(r"(?<!ID=)<([^<>\s]{1,320})>")  # Cyrus adds SESSIONID=<...>

Explain = Callable[[ReplyText, Situation], Explanation]


def of_several(replies: Sequence[ReplyText], situation: Situation, explain: Explain) -> Explanation:
    """One explanation of all replies to a line, in the order in which they came."""
    if situation.verb in AUTH_EXCHANGE:
        said = tuple(one.text.decode("ascii", "replace").strip()
                     for one in replies[:-1] if one.code == 334)  # fmt: skip
        known = situation._replace(challenges=(*situation.challenges, *said))
        return explain(replies[-1], known)
    if situation.verb in MESSAGE_ENDS:
        return _for_recipients(replies, situation, explain)
    worst = max(replies, key=lambda reply: reply.code if reply.code >= 0 else 999)
    return explain(worst, situation)


def _for_recipients(
    replies: Sequence[ReplyText], situation: Situation, explain: Explain
) -> Explanation:
    prdr = replies[0].code == 353
    told = list(replies[1:] if prdr else replies)
    overall = told.pop() if prdr and len(told) > 1 else None
    parts: list[str] = []
    tries: list[str] = []
    cited: list[str] = []
    refused = 0
    for number, reply in enumerate(told):
        found = explain(reply, situation)
        refused += reply.code >= 400
        if number >= MOST_TOLD:
            continue
        named = _PATH.search(reply.words)
        known = situation.recipients[number] if number < len(situation.recipients) else ""
        who = named[1] if named else known.strip("<>") or f"recipient {number + 1}"
        parts.append(f"{quoted(who)}: {sentence(found.title)}")
        cited += found.sources
        if reply.code >= 400 and found.try_next and found.try_next not in tries:
            tries.append(f"For {quoted(who)}: {found.try_next}")
    if len(told) > MOST_TOLD:
        parts.append(f"And {len(told) - MOST_TOLD} more.")
    if overall is not None:
        parts.append(f"For the message: {sentence(explain(overall, situation).title)}")
    count = plural(len(told), "{} recipient")
    title = f"accepted for each of {count}"
    if refused:
        title = f"one reply for each recipient: {refused} of {count} refused"
    why = (
        "After the message this server (PRDR) answers for each recipient separately, then for all."
        if prdr
        else "After the message an LMTP server answers once for each recipient that it accepted, "
        "in their order."
    )
    return Explanation(
        title,
        f"{why} {' '.join(parts)}",
        "",
        " ".join(tries),
        sources("draft-hall-prdr" if prdr else "RFC 2033 4.2", *cited),
    )
