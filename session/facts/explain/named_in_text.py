"""Finds names in the text of a reply: a block list, a web page, an address, a header field."""

from __future__ import annotations

import re

from .explanation import quoted
from .reply_text import ReplyText
from .situation import Situation

_FIELDS = {
    one.lower().rstrip(":"): one
    for one in (
        "From:", "To:", "Cc:", "Bcc:", "Date:", "Subject:", "Message-ID:", "Reply-To:", "Sender:",
        "Received:", "Return-Path:", "MIME-Version:", "Content-Type:", "In-Reply-To:",
        "References:", "List-Unsubscribe:", "Content-Transfer-Encoding:",
    )
}  # fmt: skip
_NAMES = "|".join(sorted(map(re.escape, _FIELDS), key=len, reverse=True))
_HYPHENATED = "|".join(re.escape(one) for one in _FIELDS if "-" in one)
_FIELD = re.compile(
    rf"\b({_NAMES}):(?!\w)|\b({_NAMES})['\"\u201d]? (?:header|field|line)\b|\b({_HYPHENATED})\b",
    re.IGNORECASE,
)
# Bounded, because the time for an unbounded one grows with the square of a hostile text.
_DOMAIN = r"(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}\b"
_LIST = re.compile(
    rf"(?:blocked (?:using|by)|list(?:ed)? (?:in|at|by|on)|found in) ({_DOMAIN})", re.IGNORECASE
)
_MAILBOX = re.compile(rf"[\w.+-]{{1,64}}@{_DOMAIN}", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
_ACCUSED = re.compile(r"\W{0,3}(?:is |was )?(?:listed|blocked|found|on|in)\b", re.IGNORECASE)
_SIZE = re.compile(r"\b\d{1,6}(?:[.,]\d{1,3})? ?(?:[KMG]i?B|[kmg]b|megabytes?|kilobytes?)\b")
_OF_CLOCK = re.compile(r"\b(?:future|past|old|ahead|clock|time ?zone|skew)", re.IGNORECASE)
_NAME_OF_LIST = re.compile(
    rf"(?i:\b{_DOMAIN}|spamhaus|spamcop|barracuda|sorbs|uceprotect|cloudmark|"
    r"senderscore|invaluement|mailspike|abusix|proofpoint|trend ?micro)|"
    r"\b(?!DNSBL|RBL)[A-Z]{1,8}BL\b|\bCSI\b"
)
_MOST = 3  # fields that are named
_DURATION = (
    r"(?<!at )(?:\d{1,3}:)?\d{1,3}:\d{2}(?!\d|:\d{3})|"
    r"\d{1,6} ?(?:s|secs?|seconds?|mins?|minutes?|hrs?|hours?|days?)\b"
    r"(?:(?:,| and)? \d{1,2} ?(?:secs?|seconds?|mins?|minutes?|hours?)\b)?"
)
_WAIT = re.compile(
    rf"\b(?:greylisted|back|again|retry|retries|retried|wait|later|remaining|resend|reconnect|"
    rf"deferred)\b[^.;\d]{{0,40}}?({_DURATION})|"
    rf"({_DURATION})[^.;\d]{{0,12}}\b(?:remaining|left|until|before|to go)\b",
    re.IGNORECASE,
)


def block_list(reply: ReplyText) -> str:
    """Return " NAME" for the block list in the reply, or a clause in place of the name."""
    found = _LIST.search(reply.words)
    if found:
        return f" {quoted(found[1])}"
    return " that the reply names" if _names_list(reply) else ", which the reply does not name"


def lookup(reply: ReplyText) -> str:
    """Return a clause that says where to look up a listing.

    It completes the sentence "Look up the address ... why it is listed".
    """
    if _LIST.search(reply.words) or _names_list(reply):
        return f"on the list's website{page(reply)}, which explains"
    return (
        "on the usual block lists, or ask the server's postmaster which list it is: that list's "
        "website explains"
    )


def _names_list(reply: ReplyText) -> bool:
    return bool(_URL.search(reply.words) or _NAME_OF_LIST.search(reply.words))


def page(reply: ReplyText) -> str:
    """Return " (URL)" for the explanatory page that the reply names, or "" if it names none."""
    for found in _URL.finditer(reply.words):
        if not _ACCUSED.match(reply.words, found.end()):
            return f" ({quoted(found[0].rstrip('.,;:!?)]'))})"
    return ""


def _other_mailbox(reply: ReplyText, situation: Situation) -> str:
    """Return the first address in the reply that is not in the answered line, or ""."""
    sent = situation.line.lower()
    found = (match[0] for match in _MAILBOX.finditer(reply.words))
    return quoted(next((one for one in found if one.lower() not in sent), ""))


def contact(reply: ReplyText, situation: Situation) -> str:
    """Return a space and a sentence that names the address to contact, or "" if none is given."""
    mailbox = _other_mailbox(reply, situation) if situation.verb not in ("MAIL", "RCPT") else ""
    return f" The reply gives {mailbox} as the address to contact." if mailbox else ""


def moved(reply: ReplyText, situation: Situation) -> str:
    """Return a clause that names a moved mailbox's new address, if the reply gives the address."""
    mailbox = _other_mailbox(reply, situation)
    return (
        (f", under the address {mailbox}")
        if mailbox
        else "; the reply may say which address to use"
    )


def moved_to(reply: ReplyText, situation: Situation) -> str:
    """Return a sentence of advice for a mailbox that has moved."""
    mailbox = _other_mailbox(reply, situation)
    to = f"{mailbox}, the address given in the reply" if mailbox else "the address in the reply"
    return f"Send to {to}, or look up the MX record of the domain."


def wait(reply: ReplyText) -> str:
    """Return a clause on how long to wait: the time that the reply gives, or else a few minutes."""
    time = stated_wait(reply)
    return (
        (f"the reply gives the time to wait, {time}")
        if time
        else "a few minutes are usually enough"
    )


def stated_wait(reply: ReplyText) -> str:
    """Return the time to wait that the reply gives, such as "5 minutes", or ""."""
    found = _WAIT.search(_URL.sub(" ", reply.words))
    return quoted(found[1] or found[2]) if found is not None else ""


def size_in(reply: ReplyText) -> str:
    """Return the size that the reply mentions, with its unit, such as "25 MB", or ""."""
    found = _SIZE.search(reply.words)
    return quoted(found[0]) if found else ""


def named_field(reply: ReplyText) -> str:
    """Return a clause on a fault in the header, with any field names that the reply gives."""
    named = _named(reply)
    if not named:
        return (
            "a field is missing, malformed or present twice, most often From:, Date: or Message-ID:"
        )
    names = quoted(" and ".join(named))
    if len(named) > 1:
        return (
            f"the reply names the fields {names}, which are missing, malformed, present twice, or "
            "have values that the server does not accept"
        )
    return (
        f"the reply names the field {names}, which is missing, malformed, present twice, or has a "
        "value that the server does not accept"
    )


def mend_field(reply: ReplyText) -> str:
    """Return advice to check the clock if the reply complains about the time in Date:, or ""."""
    if "Date:" in _named(reply) and _OF_CLOCK.search(reply.words):
        return "Check the clock and time zone of the machine that creates the message. "
    return ""


def _named(reply: ReplyText) -> list[str]:
    """Return the header fields that the reply names, spelt as in a message."""
    named = (found[found.lastindex or 0] for found in _FIELD.finditer(_URL.sub(" ", reply.words)))
    return list(dict.fromkeys(_FIELDS[one.lower()] for one in named))[:_MOST]
