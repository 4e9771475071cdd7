"""A reply in plain words: its code, its enhanced code and the command it answers, together."""

from __future__ import annotations

from typing import NamedTuple

from .auth_replies import VERBS as AUTH_VERBS
from .auth_replies import auth_reply
from .enhanced_codes import DETAILS, SUBJECTS, EnhancedFact
from .reply_codes import CODES, FIRST_DIGIT, SECOND_DIGIT, CodeFact


class Explanation(NamedTuple):
    """`title` in a few words; the rest are sentences, each empty when there is nothing to say.

    `sources` are the sections that it comes from.
    """

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
    (250, "BDAT"): (
        "chunk taken",
        "The server has this part of the message and waits for more.",
        "BDAT with the next part; LAST on the last one ends the message.",
    ),
    (354, "DATA"): (
        "go on: send the message",
        "What you send now is the message, up to a line with a dot alone.",
        "Send it, and then the dot.",
    ),
    (221, "QUIT"): ("goodbye", "The server closes the connection, as asked.", ""),
    (251, "ETRN"): ("no mail is waiting", "The queue for that domain is empty.", ""),
    (252, "ETRN"): ("the queue is being sent", "Mail for that domain was waiting.", ""),
    (250, "ETRN"): (
        "the queue is being sent",
        "The server sends what waits for that domain, over new connections.",
        "Wait for them.",
    ),
    (250, "ATRN"): (
        "the roles are changed",
        "The server becomes the client and sends what waits for you.",
        "Answer as a server does, with 220 first.",
    ),
    (500, "EHLO"): (
        "refused for good: EHLO is not known",
        "An old server, or one that speaks LMTP.",
        "HELO, or LHLO for LMTP.",
    ),
    (502, "EHLO"): (
        "refused for good: EHLO is not available",
        "An old server, or one whose extensions are switched off.",
        "HELO.",
    ),
    (503, "MAIL"): (
        "refused for good: not now",
        "EHLO or HELO is missing, or a transaction is open already.",
        "EHLO and your name, or RSET to give up the open transaction.",
    ),
    (503, "RCPT"): (
        "refused for good: MAIL comes first",
        "There is no transaction that a recipient could be added to.",
        "MAIL FROM:<...>.",
    ),
    (503, "DATA"): (
        "refused for good: a recipient comes first",
        "There is no transaction, or none of its recipients was accepted.",
        "MAIL FROM:<...>, RCPT TO:<...>, and see what each is answered.",
    ),
    (554, "DATA"): (
        "refused for good: no valid recipients",
        "None of the recipients was accepted, or the server refuses the message beforehand.",
        "Look at the replies to RCPT.",
    ),
    (554, "greeting"): (
        "refused for good: no service for you",
        "The server does not want this client: a block list, or a host that takes no mail.",
        "QUIT. Read the text: it often names the list.",
    ),
    (552, "MAIL"): (
        "refused for good: too big",
        "The size that SIZE= stated is over the limit.",
        "Make the message smaller; SIZE in the EHLO reply states the limit.",
    ),
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
    (1, 1, "VRFY"): (
        "The server knows nobody of that name, or does not tell strangers.",
        "",
        "Check the spelling.",
    ),
    (1, 4, "VRFY"): (
        "The name fits more than one mailbox; the text lists the candidates.",
        "",
        "VRFY one of them by its full address.",
    ),
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
# What (subject, detail) usually stands for when the server refuses for now.
_FOR_NOW: dict[tuple[int, int], tuple[str, str, str]] = {
    (2, 0): (
        "The mailbox cannot be delivered to for now.",
        "Greylisting: the first try of a sender is always refused. Else trouble on the server.",
        "Try again in some minutes from the same address.",
    ),
    (7, 0): (
        "A rule is in the way for now; the server gives no details.",
        "Greylisting, too many connections or messages in a short time.",
        "Try again in some minutes, and send less at a time.",
    ),
    (7, 1): (
        "The server refuses it for now by policy.",
        (
            "Greylisting: the first try of a sender is always refused. Else a rate limit or a "
            "block list."
        ),
        "Try again in some minutes from the same address.",
    ),
}
# Codes that say little more than their class: there the enhanced code says more.
_VAGUE = (450, 451, 550, 554)
# Verbs whose replies mean what those of another do.
_AS = {"BDAT LAST": ".", "BURL LAST": ".", "BURL": "BDAT"}
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
    login = auth_reply(code, enhanced) if verb in AUTH_VERBS else None
    if login is not None:
        about = _detail(enhanced)
        return Explanation(*login[:4], _once(login.source, about.rfc if about is not None else ""))
    fact = CODES.get(code) or _by_digits(code)
    detail = _detail(enhanced) if code >= 400 else None
    numbers = _numbers(enhanced)
    verb = _AS.get(verb or "", verb or "")
    said = _AFTER.get((code, verb))
    plain = detail is None or _code_says_more(code, *numbers)
    if said is not None and (plain or verb == "greeting"):
        title, means, try_next = said
        causes = detail.causes if detail is not None and not plain else ""
    elif detail is None or plain:
        title, means = _title(code, fact), fact.means
        causes, try_next = fact.causes, fact.try_next
    else:
        title = f"{_CLASS.get(code // 100, '')}: {_small(detail.name)}".removeprefix(": ")
        told = _FOR_NOW.get(numbers) if code < 500 else None
        told = told or _ENHANCED_AFTER.get((*numbers, verb))
        means, causes, try_next = told or (detail.means, detail.causes, detail.try_next)
        try_next = _later(try_next or fact.try_next) if code < 500 else try_next or fact.try_next
    if title.endswith(_small(means)):  # the title says it already
        means = ""
    sources = _once(detail.rfc if detail is not None else "", fact.source)
    return Explanation(title, _sentence(means), _sentence(causes), _sentence(try_next), sources)


def _code_says_more(code: int, subject: int, detail: int) -> bool:
    """Whether a reply code is more exact than the enhanced code beside it."""
    if code not in CODES or code in _VAGUE:
        return False
    return detail == 0 or (subject == 5 and code >= 500)


def enhanced_fact(enhanced: str) -> EnhancedFact | None:
    """The meaning of an enhanced code such as "5.1.1"; of its subject when the detail is new."""
    subject, detail = _numbers(enhanced)
    return DETAILS.get((subject, detail)) or SUBJECTS.get(subject)


def _numbers(enhanced: str | None) -> tuple[int, int]:
    """(subject, detail) of an enhanced code; (-1, -1) of what is none."""
    try:
        _, subject, detail = (int(part) for part in (enhanced or "").split("."))
    except ValueError:
        return -1, -1
    return subject, detail


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
    return by_first._replace(means=means)


def _title(code: int, fact: CodeFact) -> str:
    short = fact.short or fact.means
    head = _CLASS.get(code // 100, "")
    if code not in CODES and head:
        return head
    if code < 400 or not head:
        return _small(short)
    return f"{head}: {_small(short)}"


def _later(try_next: str) -> str:
    """What to try after a 4yz reply: the same again, and then something else."""
    if try_next.startswith(("Try again", "Wait")):
        return try_next
    return f"Try again later. If it stays so: {_small(try_next)}"


def _small(text: str) -> str:
    """`text` for the middle of a sentence: names in capitals stay as they are."""
    if text[1:2].isupper() or text.startswith("X."):
        return text
    return text[:1].lower() + text[1:]


def _once(*sources: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, sources)))


def _sentence(text: str) -> str:
    return text if not text or text.endswith((".", "!", "?")) else f"{text}."
