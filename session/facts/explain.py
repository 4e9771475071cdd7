"""Explains a reply by its code, its enhanced code and the command that it answers, together."""

from __future__ import annotations

from typing import NamedTuple

from ..verbs import AUTH_EXCHANGE
from .auth_replies import auth_reply
from .enhanced_codes import DETAILS, SUBJECTS, EnhancedFact
from .replies_by_command import BY_COMMAND, ENHANCED_BY_COMMAND, TEMPORARY
from .reply_codes import CODES, FIRST_DIGIT, SECOND_DIGIT, CodeFact


class Explanation(NamedTuple):
    """The explanation of a reply: a title, and sentences that are empty where nothing applies.

    `sources` are the documents and sections that it is based on.
    """

    title: str
    means: str = ""
    causes: str = ""
    try_next: str = ""
    sources: tuple[str, ...] = ()


_CLASS = {2: "done", 3: "continue", 4: "refused for now", 5: "refused for good"}

# Codes that say little more than their class: the enhanced code is more specific.
_VAGUE = (450, 451, 550, 554)
# Codes to which X.5.4 is preferred: it says that the argument is wrong.
_ARGUMENT = (500, 502, 503, 521)
# Verbs whose replies mean the same as those to another verb.
_SAME_REPLIES = {"BDAT LAST": ".", "BURL LAST": ".", "BURL": "BDAT"}
_NO_NUMBER = Explanation(
    "not a reply",
    "A reply begins with three digits, and this line does not: the server is faulty, or it is not "
    "a mail server.",
    "",
    "Check host and port.",
    ("RFC 5321 4.2",),
)


def explain(code: int, enhanced: str | None = None, verb: str | None = None) -> Explanation:
    """The explanation of a reply.

    `verb` is the command that it answers, "greeting" for the first reply of a connection, and
    "(remark)" for the progress lines that sendmail sends in verbose mode.
    """
    if not 0 <= code <= 999:
        return _NO_NUMBER
    login = auth_reply(code, enhanced) if verb in AUTH_EXCHANGE else None
    if login is not None:
        about = _detail(enhanced)
        return Explanation(*login[:4], _once(login.source, about.rfc if about is not None else ""))
    fact = CODES.get(code) or _by_digits(code)
    detail = _detail(enhanced) if code >= 400 else None
    numbers = _numbers(enhanced)
    verb = _SAME_REPLIES.get(verb or "", verb or "")
    if numbers == (5, 4) and code in _ARGUMENT:
        code = 555 if verb in ("MAIL", "RCPT") else 501
        fact = CODES[code]
    specific = BY_COMMAND.get((code, verb))
    plain = detail is None or _code_says_more(code, *numbers)
    if specific is not None and numbers[0] == 5:
        plain = True  # a protocol error: the explanation for this command is more specific
    if specific is not None and (plain or verb == "greeting"):
        title, means, try_next = specific
        causes = detail.causes if detail is not None and not plain else ""
    elif detail is None or plain:
        title, means = _title(code, fact), fact.means
        causes, try_next = fact.causes, fact.try_next
    else:
        title = f"{_CLASS.get(code // 100, '')}: {_small(detail.name)}".removeprefix(": ")
        found = TEMPORARY.get(numbers) if code < 500 else None
        found = found or ENHANCED_BY_COMMAND.get((*numbers, verb))
        means, causes, try_next = found or (detail.means, detail.causes, detail.try_next)
        try_next = _later(try_next or fact.try_next) if code < 500 else try_next or fact.try_next
    if title.endswith(_small(means)):  # already said by the title
        means = ""
    sources = _once(detail.rfc if detail is not None else "", fact.source)
    return Explanation(title, _sentence(means), _sentence(causes), _sentence(try_next), sources)


def _code_says_more(code: int, subject: int, detail: int) -> bool:
    """Whether a reply code is more specific than the enhanced code that came with it."""
    if code not in CODES or code in _VAGUE:
        return False
    if (code, subject, detail) == (421, 4, 2):
        return True  # it is this connection that timed out
    return detail == 0 or (subject == 5 and code >= 500)


def enhanced_fact(enhanced: str) -> EnhancedFact | None:
    """The fact for an enhanced code such as "5.1.1"; that of its subject for an unknown detail."""
    subject, detail = _numbers(enhanced)
    return DETAILS.get((subject, detail)) or SUBJECTS.get(subject)


def _numbers(enhanced: str | None) -> tuple[int, int]:
    """(subject, detail) of an enhanced code; (-1, -1) if it is not one."""
    try:
        _, subject, detail = (int(part) for part in (enhanced or "").split("."))
    except ValueError:
        return -1, -1
    return subject, detail


def _detail(enhanced: str | None) -> EnhancedFact | None:
    """The fact for an enhanced code; None for X.0.0, which adds nothing to the reply code."""
    if not enhanced or enhanced.endswith(".0.0"):
        return None
    return enhanced_fact(enhanced)


def _by_digits(code: int) -> CodeFact:
    first, second = code // 100, code // 10 % 10
    by_first = FIRST_DIGIT.get(first)
    if by_first is None or first == 1:
        return CodeFact(
            "Not an SMTP reply code",
            causes="A server that is faulty or does not speak SMTP",
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
    """What to try after a 4yz reply: first the same command again, then `try_next`."""
    if try_next.startswith(("Try again", "Wait")):
        return try_next
    return f"Try again later. If the error persists: {_small(try_next)}"


def _small(text: str) -> str:
    """`text` with a lower-case first letter, unless it begins with a name in capitals."""
    if text[1:2].isupper() or text.startswith("X."):
        return text
    return text[:1].lower() + text[1:]


def _once(*sources: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, sources)))


def _sentence(text: str) -> str:
    return text if not text or text.endswith((".", "!", "?")) else f"{text}."
