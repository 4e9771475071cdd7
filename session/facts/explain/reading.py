"""Provides `explain`, which explains replies for all panels, plans and commands.

It uses the strongest evidence that there is: the server's own words, if a rule matches them for the
command that was answered; then what the transferred bytes prove; then single words in the text;
then the command and the situation; then the enhanced code, if its class matches the reply's; then
the reply code. Weaker evidence never overrules stronger evidence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...verbs import CHUNK_VERBS
from ..other_protocols import NOT_SMTP, recognise
from .circumstances import by_certain_circumstances, by_circumstances
from .codes import by_codes
from .explanation import Explanation, sources
from .named_in_text import stated_wait
from .own_words import by_reading, by_rule
from .reply_text import ReplyText
from .several import of_several
from .silent import without_name, without_reason
from .situation import CLIENT_HELLO, GREETING, Situation
from .tls_alerts import alert

_NOTHING = Situation()
_WAITING = re.compile(r"\b(?:later|again|wait)\b", re.I)
_FOR_NOW = re.compile(r"\btry (again )?later|\btemporar|\bcome back later|\bretry later", re.I)


def explain(reply: ReplyText | Sequence[ReplyText], situation: Situation = _NOTHING) -> Explanation:
    """Return the explanation of a reply, or of several replies to one line."""
    if not isinstance(reply, ReplyText):
        if len(reply) > 1 and reply[0].code >= 0:
            return of_several(reply, situation, _of_one)
        reply = reply[0] if reply else ReplyText(-1)
    return _of_one(reply, situation)


def _of_one(reply: ReplyText, situation: Situation) -> Explanation:
    if reply.code < 0:
        return _of_no_reply(reply, situation)
    if situation.verb == GREETING and reply.code < 300:
        other = recognise(b"%03d %s" % (reply.code, reply.text))
        if other is not None:
            whole = reply._replace(text=b"%03d %s" % (reply.code, reply.text))
            return _of_no_reply(whole, situation)
    early = situation.verb == CLIENT_HELLO
    found = (
        (None if early else by_rule(reply, situation))
        or by_certain_circumstances(reply, situation)
        or by_reading(reply, situation)
        or by_circumstances(reply, situation)
    )
    if found is None:
        found = by_codes(reply.code, reply.fitting, situation.verb or None)
        found = without_name(without_reason(found, reply), reply, situation)
    return _with_contradictions(_with_wait(_with_reset(found, reply, situation), reply), reply)


def _with_wait(found: Explanation, reply: ReplyText) -> Explanation:
    """Add the waiting time given in the reply to an explanation that advises waiting."""
    time = stated_wait(reply) if reply.code >= 400 and _WAITING.search(found.try_next) else ""
    if not time or time in found.text:
        return found
    return found._replace(try_next=f"{found.try_next} The reply gives the time to wait: {time}.")


def _with_reset(found: Explanation, reply: ReplyText, situation: Situation) -> Explanation:
    """Add to the explanation of a refused BDAT that RSET must come before the next message."""
    chunk = situation.verb.partition(" ")[0] in CHUNK_VERBS
    refused = 400 <= reply.code < 600 and reply.code != 421
    if not chunk or not refused or "RSET" in found.text or "MAIL" in found.try_next:
        return found
    if reply.code in (500, 502) or (reply.code == 503 and not situation.lists("CHUNKING")):
        return found
    reset = "The transaction has failed: send RSET, and no further BDAT, before the next message."
    return found._replace(
        try_next=f"{found.try_next} {reset}".strip(),
        sources=sources(*found.sources, "RFC 3030 2"),
    )


def _of_no_reply(reply: ReplyText, situation: Situation) -> Explanation:
    """Explain a line that has no code, or that comes from a server of another protocol."""
    if situation.verb == CLIENT_HELLO:
        found = alert(reply.text)
        if found is not None:
            return found
    known = recognise(reply.text)
    if known is None or (known is NOT_SMTP and situation.verb not in ("", GREETING)):
        return by_codes(-1)
    no_code = (
        "" if reply.code >= 0 or known is NOT_SMTP
        else "A mail server's reply begins with three digits; this line does not."
    )  # fmt: skip
    return Explanation(
        f"{known.what[:1].lower()}{known.what[1:]}", no_code, "", known.hint, ("RFC 5321 4.2",)
    )


def _with_contradictions(found: Explanation, reply: ReplyText) -> Explanation:
    """Add a remark if the text or the enhanced code contradicts the reply code."""
    remarks: list[str] = []
    if reply.code >= 500 and _FOR_NOW.search(reply.words):
        remarks.append(
            "The reply text says that the refusal is temporary, but the code begins with 5, so a "
            "sending server gives up immediately."
        )
    if reply.enhanced and not reply.fitting and reply.code >= 200:
        remarks.append(
            f"The enhanced code {reply.enhanced} contradicts the reply code {reply.code}: it "
            "belongs to a different class, so it is ignored."
        )
        found = found._replace(sources=sources(*found.sources, "RFC 2034 4"))
    return found._replace(means=" ".join(filter(None, (found.means, *remarks))))
