"""The hint after a refusal: the meaning of the reply in a few words, and the next step."""

from __future__ import annotations

import re
from collections.abc import Collection

import msgspec

from ...session.protocol.states import State
from ...session.verbs import AUTH_EXCHANGE, CONTENT_VERBS, GREETINGS, SENDER_VERBS, TLS_VERBS
from ..advice import do

# States in which another command may follow, so that there is a next step.
STATES = (State.GREETED, State.READY, State.MAIL, State.RCPT, State.BDAT, State.BDAT_FAILED)
_SENDER = "MAIL FROM:<...>"
SYNTAX = 501  # a mistake in the argument, RFC 5321 section 4.2.2

# Matches advice that blames an earlier command instead of the refused one.
_SEND = r"Send (EHLO|HELO|LHLO|RSET)\b[^.;,(]*"


class Refusal(msgspec.Struct, frozen=True):
    """A reply that refused a command: its code, the verb, what it means, and what to try."""

    code: int
    verb: str
    title: str
    try_next: str = ""

    @property
    def elsewhere(self) -> str:
        """The command that the advice says to send instead of the refused one, or ""."""
        found = re.match(_SEND, self.try_next)
        return found[0].strip() if found is not None and found[1] != self.verb else ""

    @property
    def shown(self) -> str:
        """The code and the meaning, without the words that all codes of the class share."""
        head, colon, rest = self.title.partition(": ")
        return f"{self.code}: {rest if colon and head.startswith('refused') else self.title}"


def next_step(
    refusal: Refusal,
    state: State,
    otherwise: str,
    *,
    offered: Collection[str],
    tls: bool,
    authenticated: bool,
    to: str,
    lmtp: bool = False,
) -> str:
    """Return the next step after a refusal in this state.

    `otherwise` is the usual next step, and `to` is the address of a recipient.
    """
    code, verb = refusal.code, refusal.verb
    if refusal.elsewhere and state is not State.GREETED:
        return refusal.elsewhere
    for_now = code < 500
    if code in (523, 530, 538):  # RFC 3207 section 4, RFC 4954 section 6
        if "STARTTLS" in offered and not tls:
            return "STARTTLS comes first, then EHLO again"
        if "AUTH" in offered and not authenticated and code == 530:
            return f"{do('login')} comes first"
    if verb in GREETINGS and state is State.GREETED:
        older = verb == "EHLO" and not lmtp
        return "HELO me greets without extensions" if older else otherwise
    if verb in TLS_VERBS:
        in_clear = f"{_SENDER} begins a message without TLS"
        return f"Repeat it later; {in_clear}" if for_now else in_clear
    if verb in AUTH_EXCHANGE and "AUTH" in offered and not authenticated:
        tries = "tries again later" if for_now else "tries the mechanisms that are offered"
        return f"{do('login')} {tries}"
    if state is State.READY and verb == "MAIL" and code == SYNTAX:
        return "The syntax is MAIL FROM:<you@example.org>"
    if state is State.READY and verb in SENDER_VERBS and for_now:
        return f"Repeat it later; {_SENDER} names another sender"
    if state is State.READY and verb in SENDER_VERBS:
        return f"{_SENDER} names another sender; QUIT ends the session"
    if state is State.READY and (verb == "RCPT" or (verb in CONTENT_VERBS and code == 503)):
        return f"{_SENDER} begins a message"
    if verb == "RCPT" and state in (State.MAIL, State.RCPT):
        goes_on = (
            "RSET aborts the transaction" if state is State.MAIL else "DATA sends to those accepted"
        )
        if for_now:
            return f"Repeat it later; {goes_on}"
        if code == SYNTAX:
            return f"The syntax is RCPT TO:<{to}>; {goes_on}"
        return f"RCPT TO:<{to}> names another; {goes_on}"
    if verb in ("DATA", "BDAT") and state is State.RCPT:
        return f"{verb} tries again; RSET aborts the transaction"
    if code in (500, 502) and "HELP" in offered and verb != "HELP":
        return f"HELP lists the commands. {otherwise}"
    return otherwise
