"""Finds the queue ID of an accepted message in the server's reply.

Each rule matches wording that only one server program uses, or that has the same meaning in every
program. A number that may be something else (a Message-ID, a session, a time) does not count as a
queue ID.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

LONGEST = 1000  # octets of a reply that are searched


class QueueIdRule(NamedTuple):
    """A rule for positive replies to a message; the first group of `text` matches the queue ID."""

    program: str
    text: str


_A = "[0-9A-Za-z]"
_WORD = r"[0-9A-Za-z][0-9A-Za-z._@-]{2,99}"
# Tried in this order, on the first line, without its codes; case does not count.
RULES: tuple[QueueIdRule, ...] = (
    QueueIdRule("Exim", rf"\bid=({_A}{{6}}-(?:{_A}{{6}}|{_A}{{11}})-{_A}{{2,4}})\b"),
    QueueIdRule("Exchange", r"\[InternalId=([0-9]{1,20})[],]"),
    QueueIdRule("Haraka", r"\AMessage Queued \(([0-9A-F-]{36}\.[0-9]{1,6})\)"),
    QueueIdRule("Stalwart", rf"\AMessage queued with id ({_WORD})"),
    QueueIdRule("Postfix, and many others with the same wording", rf"\bqueued as ({_WORD})"),
    QueueIdRule("Yandex", rf"\bqueued on [a-z0-9.-]{{1,99}} as ({_WORD})"),
    QueueIdRule(
        "sendmail, OpenSMTPD",
        r"\A(?=[0-9A-Za-z]*[0-9])([0-9A-Za-z]{8,32}) Message accepted for delivery",
    ),
    QueueIdRule("Gmail", r"\AOK +[0-9]{9,11} ([0-9a-z-]{6,64}\.[0-9]{1,6}) - gsmtp"),
    QueueIdRule("Amazon SES", r"\AOk ([0-9a-f]{16}-[0-9a-f]{8}-[0-9a-f-]{27}-[0-9]{6})"),
    QueueIdRule("qmail", r"\Aok [0-9]{9,11} qp ([0-9]{1,10})"),
    QueueIdRule("Courier", r"\AOk\. ([0-9A-F]{8,16}\.[0-9A-F]{8,16}\.[0-9A-F]{8})"),
    QueueIdRule("Oracle", r"\bOk, envelope id ([0-9A-Z]{8,64}@[0-9A-Za-z.-]{1,99})"),
)  # fmt: skip
_ENHANCED = re.compile(r"\A[245]\.\d{1,3}\.\d{1,3} +")


@cache
def _compiled() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(rule.text, re.IGNORECASE) for rule in RULES)


def queue_id(code: int, text: bytes) -> str | None:
    """Return the queue ID in the reply to a message, or None if the reply has none.

    Only a positive reply has a queue ID. `text` is the text of the reply without its code.
    """
    if not 200 <= code <= 299:
        return None
    rules = _compiled()
    for line in text[:LONGEST].decode("ascii", "replace").splitlines():
        said = _ENHANCED.sub("", line.strip(), count=1)
        for rule in rules:
            match = rule.search(said)
            if match is not None:
                return match[1].rstrip(".")
    return None
