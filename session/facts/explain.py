"""A reply in plain words: its code, its enhanced code and the command it answers, together."""

from __future__ import annotations

from typing import NamedTuple

from .auth_replies import VERBS as AUTH_VERBS
from .auth_replies import auth_reply
from .enhanced_codes import DETAILS, SUBJECTS, EnhancedFact
from .reply_codes import CODES, FIRST_DIGIT, SECOND_DIGIT, CodeFact


class Explanation(NamedTuple):
    """`title` in a few words; the rest are sentences, each empty when there is nothing to say."""

    title: str
    means: str = ""
    causes: str = ""
    try_next: str = ""
    sources: tuple[str, ...] = ()


_CLASS = {2: "done", 3: "go on", 4: "refused for now", 5: "refused for good"}

# What a code says more exactly behind one command than the table says for all of them.
_AFTER: dict[tuple[int, str], tuple[str, str, str]] = {
    (220, "greeting"): (
        "the greeting: the server is ready",
        "The server is there and speaks SMTP. What follows the name is up to it.",
        "Send EHLO and your name.",
    ),
    (220, "STARTTLS"): (
        "ready for TLS",
        "The TLS handshake begins with the next byte.",
        "After the handshake send EHLO again: what was listed before is void.",
    ),
    (250, "EHLO"): (
        "greeted; these are the extensions",
        "The first line names the server, each further line an extension.",
        "MAIL begins a message; VRFY and HELP ask.",
    ),
    (250, "LHLO"): (
        "greeted; these are the extensions",
        "The first line names the server, each further line an extension.",
        "MAIL begins a message.",
    ),
    (250, "HELO"): (
        "greeted, without extensions",
        "HELO asks for no list of extensions.",
        "MAIL begins a message; EHLO would ask for the extensions.",
    ),
    (250, "MAIL"): (
        "sender accepted so far",
        "A transaction is open. Many servers judge the sender only at RCPT or after the message.",
        "RCPT TO:<...> for each recipient.",
    ),
    (250, "RCPT"): (
        "recipient accepted",
        "The server takes on this recipient. That is no proof that the mailbox exists.",
        "More RCPT, or DATA.",
    ),
    (250, "."): (
        "message accepted",
        "The server is responsible for the message from now on: it delivers it or reports back.",
        "QUIT, or MAIL for the next message.",
    ),
    (250, "RSET"): (
        "transaction given up",
        "Sender and recipients are forgotten; greeting, TLS and login stay.",
        "MAIL begins anew.",
    ),
    (250, "VRFY"): ("the mailbox exists", "The text names the user and the full address.", ""),
    (250, "EXPN"): ("these are the members of the list", "A line for each member.", ""),
    (250, "NOOP"): ("the server is there", "Nothing was done, as asked.", ""),
    (550, "VRFY"): (
        "no such user",
        "The server knows nobody of that name, or does not tell strangers.",
        "Check the spelling.",
    ),
    (553, "VRFY"): (
        "the name fits more than one mailbox",
        "The text lists the candidates.",
        "VRFY one of them by its full address.",
    ),
    (421, "greeting"): (
        "not now: the server takes no connection",
        "It is shutting down or overloaded, or has heard enough from this address.",
        "Wait some minutes; then fewer connections at a time.",
    ),
}
# The same for (subject, detail) of an enhanced code: what it means, usual causes, what to try.
_ENHANCED_AFTER: dict[tuple[int, int, str], tuple[str, str, str]] = {
    (7, 1, "RCPT"): (
        "This server does not deliver to that recipient, or does not take it from you.",
        "The wrong server for this recipient, no login, or a block list.",
        "Log in first, or talk to the recipient's own mail server: the MX of its domain.",
    ),
    (1, 1, "RCPT"): (
        "No such user here: the part before the @ is wrong.",
        "Typing error, account deleted, list out of date.",
        "Check the address; VRFY may know more.",
    ),
    (7, 1, "."): (
        "The message is refused by a rule of the server.",
        "Spam or virus filter, sender's domain without SPF or DKIM, a block list.",
        "Read the text: it often has a link. Try a plain message without links and attachments.",
    ),
}
# Codes that RFC 4954 and RFC 3207 made for one thing; X.7.0 beside them says less.
_SAYS_MORE = (454, 530, 534, 535, 538)
_NO_NUMBER = Explanation(
    "not a reply",
    "A reply begins with three digits. This line does not: the server is broken, or no mail "
    "server.",
    "",
    "Check host and port.",
    ("RFC 5321 4.2",),
)


def explain(code: int, enhanced: str | None = None, verb: str | None = None) -> Explanation:
    """What a reply means. `verb` is the command that it answers ("greeting" for the first)."""
    if not 0 <= code <= 999:
        return _NO_NUMBER
    told = auth_reply(code, enhanced) if verb in AUTH_VERBS else None
    if told is not None:
        about = _detail(enhanced)
        return Explanation(*told[:4], _once(told.source, about.rfc if about is not None else ""))
    fact = CODES.get(code)
    special = _AFTER.get((code, verb or ""))
    detail = _detail(enhanced)
    if special is not None:
        title, means, try_next = special
        causes = detail.causes if detail is not None and code >= 400 else ""
        return Explanation(title, means, causes, try_next, _sources(fact, detail))
    if fact is None:
        fact = _by_digits(code)
    if detail is None or code < 400:
        title = _title(code, fact.means)
        means = "" if title.endswith(_small(fact.means)) else fact.means
        return Explanation(title, means, fact.causes, fact.try_next, _sources(fact, detail))
    assert enhanced is not None
    title = f"{_CLASS.get(code // 100, '')}: {_small(detail.name)}".removeprefix(": ")
    sources = _sources(fact, detail)
    _, subject, number = (int(part) for part in enhanced.split("."))
    told = _ENHANCED_AFTER.get((subject, number, verb or ""))
    if told is not None:
        return Explanation(title, *told, sources)
    if subject == 5 or ((subject, number) == (7, 0) and code in _SAYS_MORE):
        # About the protocol, or "something about security": there the code says more.
        if code in CODES:
            title = _title(code, fact.means)
        means = "" if title.endswith(_small(fact.means)) else fact.means
        return Explanation(title, means, fact.causes, fact.try_next, sources)
    return Explanation(title, detail.means, detail.causes or fact.causes, fact.try_next, sources)


def enhanced_fact(enhanced: str) -> EnhancedFact | None:
    """The meaning of an enhanced code such as "5.1.1"; of its subject when the detail is new."""
    try:
        _, subject, detail = (int(part) for part in enhanced.split("."))
    except ValueError:
        return None
    return DETAILS.get((subject, detail)) or SUBJECTS.get(subject)


def _detail(enhanced: str | None) -> EnhancedFact | None:
    """X.0.0 says nothing that the code does not say."""
    if not enhanced or enhanced.endswith(".0.0"):
        return None
    return enhanced_fact(enhanced)


def _by_digits(code: int) -> CodeFact:
    first, second = code // 100, code // 10 % 10
    by_first = FIRST_DIGIT.get(first)
    if by_first is None or first == 1:
        return CodeFact(
            "Not a reply code of SMTP",
            causes="A server that is not SMTP, or broken",
            try_next="Check host and port",
            rfc="RFC 5321 4.2.1",
        )
    about = SECOND_DIGIT[second].means if second in SECOND_DIGIT else ""
    means = by_first.means if not about or "No general" in about else f"{by_first.means}. {about}"
    return CodeFact(means, "", by_first.causes, by_first.try_next, by_first.rfc)


def _title(code: int, means: str) -> str:
    short = _small(means)
    if code < 400:
        return short if len(short) < 60 or code < 200 else _CLASS.get(code // 100, "")
    head = _CLASS.get(code // 100, "")
    return f"{head}: {short}" if head and len(short) < 50 and code in CODES else head or short


def _small(text: str) -> str:
    if text[1:2].isupper() or text.startswith(("ARC", "DKIM", "SPF", "TLS")):
        return text
    return text[:1].lower() + text[1:]


def _sources(fact: CodeFact | None, detail: EnhancedFact | None) -> tuple[str, ...]:
    return _once(*(found.rfc for found in (detail, fact) if found is not None))


def _once(*sources: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, sources)))
