"""Explains a reply from its codes and the command that it answers.

Codes are the weakest evidence, but the only evidence that every reply has.
"""

from __future__ import annotations

from ...verbs import AUTH_EXCHANGE, SENDER_VERBS
from ..enhanced_codes import DETAILS, SUBJECTS, EnhancedFact
from ..reply_codes import CODES, FIRST_DIGIT, SECOND_DIGIT, CodeFact
from .auth_replies import auth_reply
from .explanation import CLASSES as _CLASS
from .explanation import Explanation, small, sources
from .explanation import sentence as _sentence
from .replies_by_command import BY_COMMAND, ENHANCED_BY_COMMAND, TEMPORARY

# Codes that say little more than their class: the enhanced code is more specific.
_VAGUE = (450, 451, 550, 554)
# Codes to which X.5.4 is preferred: it says that the argument is wrong.
_ARGUMENT = (500, 502, 503, 521)
# Verbs whose replies mean the same as those to another verb.
_SAME_REPLIES = {"BDAT LAST": ".", "BURL LAST": ".", "BURL": "BDAT"}
# Documents that define a code for these commands; where they say more, the topic cites them.
_DEFINED_FOR: dict[str, tuple[str, ...]] = {
    "RFC 1985": ("ETRN",),
    "RFC 2645": ("ATRN",),
    "RFC 3207": ("STARTTLS",),
    "RFC 4954": AUTH_EXCHANGE,
    "RFC 6531": (),
}
_NO_NUMBER = Explanation(
    "not a reply",
    "A reply begins with three digits, and this line does not: the server is faulty, or it is not "
    "a mail server.",
    "",
    "Check the host and port.",
    ("RFC 5321 4.2",),
)


# What an address code means after MAIL (RFC 3463 section 3.2).
_OF_SENDER = {(1, 2): (1, 8), (1, 3): (1, 7), (1, 10): (7, 27)}


def by_codes(code: int, enhanced: str | None = None, verb: str | None = None) -> Explanation:
    """Return the explanation of a reply according to its codes.

    `verb` is the command that the reply answers, "greeting" for the first reply of a connection,
    and "(remark)" for the progress lines that sendmail sends in verbose mode.
    """
    if not 0 <= code <= 999:
        return _NO_NUMBER
    login = auth_reply(code, enhanced) if verb in AUTH_EXCHANGE else None
    if login is not None:
        about = _detail(enhanced)
        return Explanation(
            *login[:4], sources(login.source, about.rfc if about is not None else "")
        )
    fact = CODES.get(code) or _by_digits(code)
    detail = _detail(enhanced) if code >= 400 else None
    numbers = _numbers(enhanced)
    verb = _SAME_REPLIES.get(verb or "", verb or "")
    if verb in SENDER_VERBS and numbers in _OF_SENDER:
        # After MAIL no recipient has been named: an address code means the sender's.
        numbers = _OF_SENDER[numbers]
        detail = DETAILS[numbers]
    if numbers == (1, 5) and code >= 400:
        numbers, detail = (1, 0), DETAILS[1, 0]  # X.1.5 says that an address is valid
    if numbers == (5, 4) and code in _ARGUMENT:
        code = 555 if verb in ("MAIL", "RCPT") else 501
        fact = CODES[code]
    specific = BY_COMMAND.get((code, verb))
    plain = detail is None or _code_says_more(code, *numbers)
    if specific is not None and numbers[0] == 5 and (*numbers, verb) not in ENHANCED_BY_COMMAND:
        plain = True  # a protocol error: the explanation for this command is more specific
    if specific is not None and (plain or verb == "greeting"):
        title, means, try_next = specific
        causes = detail.causes if detail is not None and not plain and verb != "greeting" else ""
    elif detail is None or plain:
        title, means = _title(code, fact), fact.means
        causes, try_next = fact.causes, fact.try_next
    else:
        title = f"{_CLASS.get(code // 100, '')}: {small(detail.name)}".removeprefix(": ")
        found = TEMPORARY.get(numbers) if code < 500 else None
        found = found or ENHANCED_BY_COMMAND.get((*numbers, verb))
        means, causes, try_next = found or (detail.means, detail.causes, detail.try_next)
        try_next = _later(try_next or fact.try_next) if code < 500 else try_next or fact.try_next
    if title.endswith(small(means)):  # already said by the title
        means = ""
    cited = sources(detail.rfc if detail is not None else "", fact.source)
    return Explanation(title, _sentence(means), _sentence(causes), _sentence(try_next), cited)


def _code_says_more(code: int, subject: int, detail: int) -> bool:
    """Return whether a reply code is more specific than the enhanced code that came with it."""
    if code not in CODES or code in _VAGUE:
        return False
    if (code, subject, detail) == (421, 4, 2):
        return True  # this connection timed out
    if subject == 3 and code in (500, 502):
        return True  # Exchange's 500 5.3.3 is about the command, not about the message
    return detail == 0 or (subject == 5 and code >= 500)


def enhanced_fact(enhanced: str) -> EnhancedFact | None:
    """Return the fact for an enhanced code, or the fact for its subject if the detail is unknown.

    Return None if the subject is unknown too.
    """
    subject, detail = _numbers(enhanced)
    return DETAILS.get((subject, detail)) or SUBJECTS.get(subject)


def _numbers(enhanced: str | None) -> tuple[int, int]:
    """Return the subject and detail of an enhanced code, or (-1, -1) if the code is malformed."""
    try:
        _, subject, detail = (int(part) for part in (enhanced or "").split("."))
    except ValueError:
        return -1, -1
    return subject, detail


def _detail(enhanced: str | None) -> EnhancedFact | None:
    """Return the fact for an enhanced code, or None if the code is missing, unknown or X.0.0."""
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
            try_next="Check the host and port",
            rfc="RFC 5321 4.2.1",
        )
    about = SECOND_DIGIT[second].means if second in SECOND_DIGIT else ""
    means = (
        by_first.means
        if not about or "No general" in about
        else f"{by_first.means}. The reply is {small(about)}"
    )
    return by_first._replace(means=means)


def _title(code: int, fact: CodeFact) -> str:
    short = fact.short or fact.means
    head = _CLASS.get(code // 100, "")
    if code not in CODES and head:
        return head
    if code < 400 or not head:
        return small(short)
    return f"{head}: {small(short)}"


def _later(try_next: str) -> str:
    """Return what to try after a 4yz reply: first the same command again later, then `try_next`."""
    if try_next.startswith(("Try again", "Wait")):
        return try_next
    return f"Try again later. If the problem persists, {small(try_next)}"


def code_source(code: int, verb: str) -> str:
    """Return the documents that define a reply code for this command, separated by semicolons.

    Documents that define the code only for other commands are omitted. Return "" for a code without
    a definition.
    """
    fact = CODES.get(code)
    if fact is None or fact.source.startswith("no "):
        return ""
    return "; ".join(
        one
        for one in fact.source.split("; ")
        if (after := _DEFINED_FOR.get(" ".join(one.split()[:2]))) is None or verb in after
    )
