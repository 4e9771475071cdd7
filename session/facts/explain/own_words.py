"""Explains a reply from its own text.

Either a rule in server_texts matches the text, or a reading in readings.py recognises words in it.
A reading is weaker evidence, so the explanation names the words on which it is based.
"""

from __future__ import annotations

import re

from ...plural import plural
from ...verbs import MESSAGE_ENDS
from ..server_texts.match import code_matches, recognise
from ..server_texts.row import TextRule
from ..server_texts.topics import TOPICS, Topic
from ..server_texts.wording import Heard, hear
from . import login
from .codes import by_codes, code_source
from .explanation import Explanation, capital, quoted, small, sources, titled
from .line_faults import address_faults, lacks_path
from .mechanism_choice import KERBEROS
from .placeholders import fill
from .reply_text import ReplyText
from .situation import GREETING, Situation

_FIRST = re.compile(r"(.*?[.!?])(?:\s+|(?=\{)|\Z)(.*)", re.DOTALL)

# Strings in a text or a greeting that prove who wrote it, in lower case.
_PROOFS: dict[str, tuple[str, ...]] = {
    "gmail": ("gsmtp", "google.com"),
    "exchange": ("outlook.com", "exchangelabs.com", "aka.ms", "microsoft"),
    "outlook": ("outlook.com", "exchangelabs.com", "hotmail.com"),
    "yahoo": ("yahoo",),
    "icloud": ("icloud", "apple"),
    "amazon": ("amazonses", "amazonaws", "amazon"),
    "gmx": ("gmx", "web.de", "kundenserver"),
    "telekom": ("t-online", "telekom"),
    "courier": ("courier",),
}  # fmt: skip
_STOCK = re.compile(
    r"requested (?:mail )?action (?:not taken|aborted)\b[^.;]{0,60}\Z|transaction failed\W*\Z",
    re.IGNORECASE,
)
_STOCK_TOPICS = ("mailbox-unavailable", "mailbox-unavailable-now", "no-user", "mailbox-full")
# Topics that say what is refused but not why, with the enhanced codes that say why.
_REASONS: dict[str, tuple[str, ...]] = {
    "recipient-refused": ("x.1.10", "x.2.2", "x.7.2*"),
    "sender-refused": ("x.1.8", "x.7.2*"),
    "message-refused": ("x.1.1", "x.2.2", "x.2.3", "x.3.4", "x.4.6", "x.6.1", "x.6.3", "x.7.2*"),
    "client-refused": ("x.7.25",),
    "rule-blocks": ("x.7.2*",),
    "rate": ("x.2.2",),
}
_DISABLED = re.compile(r"\b(?:disabled|suspended|inactive|deactivated|locked|closed|expired)\b")
_OF_QUERY = re.compile(
    r"\b(?:verif\w*|vrfy|expn|expan\w*|commands?|look-?ups?|enumerat\w*|feature)"
)
_OF_ACCOUNT = re.compile(
    r"\b(?:account|mailbox|user)(?: \S+)?(?: (?:is|was|has been))? (?:disabled|suspended|inactive|"
    r"deactivated|locked|closed|expired)\b"
)
_REPEATED = re.compile(
    rb"all rcpt commands were rejected with th\w+ errors?:\s*\n(.+?)\nvalid rcpt", re.I | re.S
)
_NO_ONE = ("any", "greylisting", "dns")
_OF_SYNTAX = ("sender-syntax", "recipient-syntax")


def by_rule(reply: ReplyText, situation: Situation) -> Explanation | None:
    """Explain a reply whose text matches a known rule for the command that it answers.

    Return None if no rule matches.
    """
    repeated = _repeated(reply, situation)
    if repeated is not None:
        return repeated
    rule = recognise(reply.code, reply.enhanced, reply.text, situation.verb or None)
    if rule is not None and rule.topic in _STOCK_TOPICS:
        rest = _beyond_stock(reply)
        found = rest and (by_rule(rest, situation) or by_reading(rest, situation))
        if found:
            return found
    return None if rule is None or rule.weak else _by_rule(rule, reply, situation)


def _repeated(reply: ReplyText, situation: Situation) -> Explanation | None:
    """Explain Exim's reply to DATA that states again why every recipient was refused.

    Return None for any other reply.
    """
    found = _REPEATED.search(reply.text) if situation.verb in ("DATA", "BDAT") else None
    if found is None:
        return None
    error = ReplyText(550, None, found[1])
    at_rcpt = situation._replace(verb="RCPT", line="")
    why = by_rule(error, at_rcpt) or by_reading(error, at_rcpt) or by_codes(550, None, "RCPT")
    return why._replace(
        means=f"No recipient was accepted: each RCPT was refused, as follows. {why.means}",
        own_words=True,
    )


def by_reading(reply: ReplyText, situation: Situation) -> Explanation | None:
    """Explain a reply from the words in its text, if no rule matches the text.

    Return None if the words explain nothing.
    """
    rule = recognise(reply.code, reply.enhanced, reply.text, situation.verb or None)
    rest = _beyond_stock(reply)
    found = rest and (by_rule(rest, situation) or by_reading(rest, situation))
    if found:
        return found
    heard = hear(reply.code, reply.enhanced, reply.text, situation.verb or None)
    if situation.nameless and heard is not None and heard.reading.topic.startswith("helo-"):
        return None
    code = reply.fitting or ""
    if heard is not None and code:
        reasons = _REASONS.get(heard.reading.topic, ())
        if code_matches(reasons, "", code):
            return None  # the words say what is refused, and the enhanced code says why
    if heard is not None and (rule is None or heard.reading.topic != rule.topic):
        return _by_reading(heard, reply, situation)
    if rule is None or not rule.weak or code_matches(_REASONS.get(rule.topic, ()), "", code):
        return None
    return _by_rule(rule, reply, situation)


def _beyond_stock(reply: ReplyText) -> ReplyText | None:
    """Return `reply` without a first line that only repeats RFC 5321's text for its code.

    Return None if the reply has no such line, or no other line.
    """
    first, _, rest = reply.text.partition(b"\n")
    if not rest or not _STOCK.match(reply._replace(text=first).words):
        return None
    return reply._replace(text=rest)


def _by_reading(heard: Heard, reply: ReplyText, situation: Situation) -> Explanation:
    reading = heard.reading
    if reading.topic == "kerberos" and not situation.mechanism:
        situation = situation._replace(mechanism="GSSAPI")  # the text shows what was sent
    if reading.topic in ("credentials", "kerberos"):
        return login.refused(reply, situation)._replace(own_words=True)
    topic = TOPICS[_at(reading.topic, reply, situation)]
    means = fill(reading.means or topic.means, reply, situation)
    return Explanation(
        titled(reply.code, topic.title),
        " ".join(filter(None, (means, _remark(reply, topic), _evidence(heard.words)))),
        "",
        fill(reading.try_next or topic.try_next, reply, situation),
        sources(topic.source, code_source(reply.code, situation.verb)),
        own_words=True,
    )


def _evidence(words: tuple[str, ...]) -> str:
    """Return a remark that names the words on which a reading is based, so users can judge it."""
    found = [f"“{quoted(word)}”" for word in words if not word.startswith("@")]
    if not found:
        return ""
    named = " and ".join(filter(None, (", ".join(found[:-1]), found[-1])))
    return f"(Inferred from the {plural(len(found), 'word')} {named}.)"


def _by_rule(rule: TextRule, reply: ReplyText, situation: Situation) -> Explanation | None:
    if rule.topic in _OF_SYNTAX and situation.parameters and not address_faults(situation):
        return None  # the address is well formed: the server cannot parse a parameter
    if rule.topic == "parameter" and not situation.parameters and address_faults(situation):
        return None  # there is no parameter: the server cannot parse the address
    if rule.topic.startswith("helo-") and situation.nameless:
        return None  # there is no name that could be at fault
    if rule.topic == "smtputf8" and _needs_no_smtputf8(situation):
        return None  # the address is ASCII: the parameter itself is refused
    family = proven(rule.family, reply, situation)
    if reply.code < 400 and not rule.topic and not family:
        return None  # the rule says only who wrote the text, and that is not proven
    name = _at(rule.topic, reply, situation)
    if name == "credentials":
        found = login.refused(reply, situation, hint=rule.try_next)
        return found._replace(own_words=True, family=family, sure=rule.sure)
    topic = TOPICS[name] if name else _topic(rule)
    means = fill(rule.means if rule.means and rule.topic else topic.means, reply, situation)
    try_next = fill(rule.try_next or topic.try_next, reply, situation)
    title = titled(reply.code, topic.title)
    if reply.code < 400 and not rule.topic:
        standard = by_codes(reply.code, reply.fitting, situation.verb or None)
        title, try_next = standard.title, try_next or standard.try_next
        means = f"{capital(topic.title)}. {standard.means}".strip()
    return Explanation(
        title,
        f"{means} {_remark(reply, topic)}".strip(),
        "",
        try_next,
        sources(topic.source, code_source(reply.code, situation.verb)),
        family,
        own_words=True,
        sure=rule.sure,
    )


def _needs_no_smtputf8(situation: Situation) -> bool:
    return "SMTPUTF8" in situation.parameters and situation.path.isascii()


def _at(topic: str, reply: ReplyText, situation: Situation) -> str:
    """Return the topic that fits the answered line and the reply's code: usually `topic` itself."""
    if topic == "vrfy-off" and reply.code >= 400 and _of_the_user(reply, situation):
        return "mailbox-disabled"
    if topic == "login-trouble" and situation.mechanism.upper() in KERBEROS:
        return "credentials" if "generic failure" in reply.words.lower() else topic
    if topic == "spf-error" and reply.code < 500:
        return "spf-lookup"  # temperror, which passes (RFC 7208 section 2.6.6)
    if topic == "idle" and situation.verb in MESSAGE_ENDS:
        return "message-timeout"  # the client has sent the whole message
    if topic == "null-sender" and situation.verb == "MAIL" and situation.path not in ("", "<>"):
        return "sender-verify"  # the server of the sender refuses bounces
    if topic in _OF_SYNTAX and lacks_path(situation):
        return "path-missing"  # the command is at fault, not the address
    if topic == "pipelining" and situation.verb == GREETING:
        return "early-talker"  # no command has been sent yet, so there is no group of commands
    return topic


def _of_the_user(reply: ReplyText, situation: Situation) -> bool:
    """Return whether "disabled" after VRFY or EXPN refers to the user and not to the command."""
    words = reply.words.lower()
    if not _DISABLED.search(words) or _OF_QUERY.search(words):
        return False
    user = situation.argument.lower().strip("<>")
    return (
        (reply.fitting or "")[1:] == ".2.1"
        or bool(_OF_ACCOUNT.search(words))
        or (bool(user) and re.search(rf"(?<![\w.-]){re.escape(user)}(?![\w-])", words) is not None)
    )


def _topic(rule: TextRule) -> Topic:
    """Make a topic from a rule that has none, with the rule's first sentence as the title."""
    found = _FIRST.match(rule.means)
    first, rest = (found[1], found[2]) if found else (rule.means, "")
    return Topic(small(first.rstrip(".")), rest, rule.try_next)


def _remark(reply: ReplyText, topic: Topic) -> str:
    """Return a remark on a reply code that does not suit the cause, or ""."""
    if reply.code == 552 and topic is TOPICS["too-many-recipients"]:
        return (
            "RFC 821 listed 552 for this by mistake: clients treat it like 452, as a temporary "
            "refusal."
        )
    if topic.lasting and 400 <= reply.code < 500:
        return (
            "The code begins with 4, so the refusal is temporary: a sending server tries again "
            "later, although waiting alone will not remove this cause."
        )
    return ""


def proven(family: str, reply: ReplyText, situation: Situation) -> str:
    """Return `family` if the text of the reply or the greeting proves it, or ""."""
    first = re.split(r"[ .]", family.lower(), maxsplit=1)[0]
    if first in _NO_ONE:
        return ""
    said = f"{reply.words} {situation.greeting}".lower()
    return family if any(mark in said for mark in _PROOFS.get(first, (first,))) else ""
