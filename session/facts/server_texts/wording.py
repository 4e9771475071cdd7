"""Interprets a reply by its individual words if no rule in the tables matches its text.

The text is split into clauses. Anything that is not a word (addresses, links, numbers) is removed,
so that a link to /help/spam does not count as spam. The words of each clause are then looked up in
lexicon.py; readings.py defines what they mean together.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from ...verbs import AUTH_EXCHANGE, GREETINGS, SENDER_VERBS
from ..reply_charset import decoded_by_guess
from .lexicon import ADDRESS, HOST, IP, LEXICON, LIST
from .match import code_matches, holds_after, verbs_of
from .readings import CONTRADICTED, READINGS, Reading

_LETTER = "a-z0-9à-ɏά-ώа-џґ"
_CODES = re.compile(r"\A\s*(?:[2-5]\d\d[ -])?(?:#?[245]\.\d{1,3}\.\d{1,3}(?=[\s:]|\Z))?")
_ANNOTATED = re.compile(
    r"\((?:in|while) [^()]{1,60}\)"
)  # by Postfix: (in reply to RCPT TO command)
_URL = re.compile(r"(?:https?:/+|www\.)[^\s<>\"')]*")
_PAIR = re.compile(r"\b[a-z-]{2,20}=\S+")  # relay=[192.0.2.1], id=12345-01
_MAILBOX = re.compile(
    r"<[^<>\s]*@[^<>\s]*>|(?<![^\s<>(\[\"',;:])[^\s<>(\[\"',;:@]{1,80}@[^\s<>)\]\"',;]+"
)
_IP = re.compile(r"\b(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{1,4}(?::[0-9a-f]{0,4}){3,7})\b")
_LABEL = re.compile(rf"\[[^\[\]]{{1,60}}[ :]{IP}\s*\]")  # [M IP: 192.0.2.1]: for the postmaster
_NAME = re.compile(r"(?<![a-z0-9.-])(?:[a-z0-9-]{1,63}\.){1,20}[a-z]{2,}\b")
_JOINED = re.compile(r"(?<![\w@.-])[A-Z][a-z]{2,20}(?:-[A-Z][A-Za-z]{0,20})+(?:\.[A-Z]\w{0,20})+")
_OF_A_LIST = re.compile(r"rbl|dnsbl|black|blocklist|surbl|uribl|spamhaus|spamcop|sorbs|barracuda")
_OPAQUE = re.compile(r"(?<![\w@])(?=[a-z+/=-]{0,60}\d)[\w+/=-]{9,}")
_CLAUSE = re.compile(r"[.;!?|]+(?=\s|\Z)|\s-{1,3}\s|\s\u2013\s")
_NEGATION = re.compile(
    r"(?:\b(?:no|not|never|neither|nor|cannot|without|unable|nicht|kein\w{0,2}|non|não|nie|niet|"
    r"pas|ни|не|isnt)|n't)(?:\W+\w+){0,3}\W*\Z"
)
# Whose IP address a text mentions: the client's only if the words next to it say so.
_OF_CLIENT = re.compile(
    r"(?:\A|[.;:!?|,=]|\b(?:from|for|of|with|against|to|and|or|clients?|hosts?|hostname|ips?|"
    r"ip ?addr(?:ess(?:es)?)?|address|addr|your|source|sending|senders?|peer|remote|connecting|mta|"
    r"network|range|server|machine|system|user|you|denied|blocked|listed|banned|blacklisted|"
    r"rejecting|blocking|refusing|cannot|reject|dnsbl|rbl|that|since|because|as|rdns|ptr|"
    r"resolve|reverse))\W{0,4}\Z"
)
_SAID_OF_CLIENT = re.compile(
    r"\W{0,3}(?:is|was|has|have|had|are|isn|not|in|on|does|did|do|blocked|listed|denied|rejected|"
    r"refused|banned|found|exceeded|sent|sends|tried|matches|fails?|failed|to|from|by)\b"
)
_OF_SERVER = re.compile(
    r"\b(?:by|on|at|via|through) (?:(?:the|our|this|my) )?"
    r"(?:(?:host|server|mx|gateway|filter|relay|node|machine|system) )?[\w.-]* ?[(\[]?\Z"
)
_BESIDE = 40  # characters before and after an address
# Things that a word of the class "disabled" may describe without referring to an account.
_NO_ACCOUNTS = (
    r"messages?|certificates?|certs?|sessions?|connections?|queues?|transactions?|files?|"
    r"gr[ea]y-?list\w*|ips?|ip address(?:es)?|sockets?|tickets?|tokens?"
)
_NOT_EXPIRED = (
    rf"{_NO_ACCOUNTS}|e-?mails?|mails?|passwords?|deliver(?:y|ies)|time|timeout|timer|links?|"
    r"attempts?|retr(?:y|ies)|ttl|lifetime"
)
_BETWEEN = (
    r"(?: (?:has|have|had|is|are|was|were|be|been|being|already|now|currently|temporarily|time|"
    r"date|period|entry|record|lifetime|validity))*"
)
_LOGIN = frozenset(AUTH_EXCHANGE)
_LOGIN_CODES = (334, 432, 504, 524, 525, 534, 535, 538)  # RFC 4954 section 6
_LOGIN_ENHANCED = ("x.7.8", "x.7.9", "x.7.11", "x.7.12", "x.7.13", "x.7.14")
_LOGIN_WORDS = {"login", "password", "token", "ticket", "mechanism", "channel-binding", "no-secret"}
_SAID = (
    (frozenset(("VRFY", "EXPN")), re.compile(rb"(?i)\b(?:vrfy|expn|verif|expan|list\b|alias)")),
    (frozenset(("STARTTLS",)), re.compile(rb"(?i)tls|ssl|encrypt|handshake")),
    (frozenset(SENDER_VERBS), re.compile(rb"(?is)\A(?!.*\bmessage)")),
    (frozenset(GREETINGS), re.compile(rb"(?i)helo|ehlo|lhlo|name|introduc")),
)
"""Groups of commands, each with a pattern that a reply to one of them matches.

The patterns are used if it is unknown which command a reply answers.
"""
_MOST_READ = 1200  # octets of a reply that are read: the reason comes early
_MOST_BEFORE = 40  # characters searched for a negation


class Heard(NamedTuple):
    """A reading that applies to a text, and the words on which it is based."""

    reading: Reading
    words: tuple[str, ...]


def hear(code: int, enhanced: str | None, text: bytes, verb: str | None = None) -> Heard | None:
    """Return the first reading that applies to a reply, with the words that indicate it, or None.

    `verb` is the answered command. If it is None, the reply itself must show that a reading
    applies.
    """
    parts: list[dict[str, str]] | None = None
    for reading, codes, after, wanted, unwanted in _readings():
        if after and verb and not holds_after(after, verb):
            continue
        if not (code_matches(codes, f"{code:03}", enhanced or "") if codes else code >= 400):
            continue
        if enhanced and code_matches(CONTRADICTED.get(reading.topic, ()), "", enhanced):
            continue
        if parts is None:
            parts = [words_in(clause) for clause in clauses(text)]
        if not verb and not _suits(after, code, enhanced, parts, text):
            continue
        for words in parts:
            named = [next((words[one] for one in each if one in words), "") for each in wanted]
            if all(named) and not any(one in words for one in unwanted):
                return Heard(reading, tuple(dict.fromkeys(named)))
    return None


def _suits(
    after: frozenset[str],
    code: int,
    enhanced: str | None,
    parts: list[dict[str, str]],
    text: bytes,
) -> bool:
    """Return whether a reading may apply to a reply although the answered command is unknown.

    If the reading applies only to certain commands, such as AUTH or VRFY, the code or the words of
    the reply must show that one of these commands was answered.
    """
    if after and after <= _LOGIN:
        if code in _LOGIN_CODES or code_matches(_LOGIN_ENHANCED, "", enhanced or ""):
            return True
        return any(not _LOGIN_WORDS.isdisjoint(words) for words in parts)
    return all(not after <= verbs or says.search(text) for verbs, says in _SAID) if after else True


def clauses(text: bytes) -> list[str]:
    """Return the clauses of a text in lower case, with tokens for addresses, hosts and lists."""
    guessed = decoded_by_guess(text[:_MOST_READ])
    decoded = guessed[1] if guessed is not None else text[:_MOST_READ].decode("utf-8", "replace")
    # Access-Denied-XM.SSR looks like a host name, but consists of words
    decoded = _JOINED.sub(lambda found: found[0].replace(".", " "), decoded)
    lines = decoded.lower().splitlines()
    plain = " ".join(_CODES.sub("", line, count=1) for line in lines)
    plain = plain.replace("\u2019", "'").replace("...", " . ")
    plain = _ANNOTATED.sub(" ", _URL.sub(" ", plain))
    plain = _PAIR.sub(" ", plain)
    plain = _MAILBOX.sub(f" {ADDRESS} ", plain)
    plain = _LABEL.sub(" ", _IP.sub(_ip, plain))
    plain = _NAME.sub(_name, plain)
    plain = _OPAQUE.sub(" ", plain.replace("_", " "))
    return [" ".join(part.split()) for part in _CLAUSE.split(plain) if part.strip()]


def _ip(found: re.Match[str]) -> str:
    """Return the token for a client's IP address, or a space if the address may be another's."""
    text = found.string
    before = text[max(0, found.start() - _BESIDE) : found.start()]
    after = text[found.end() : found.end() + _BESIDE]
    if _OF_SERVER.search(before):
        return " "
    return IP if _OF_CLIENT.search(before) or _SAID_OF_CLIENT.match(after) else " "


def _name(found: re.Match[str]) -> str:
    return f" {LIST} " if _OF_A_LIST.search(found[0]) else f" {HOST} "


def words_in(clause: str) -> dict[str, str]:
    """Return the lexicon classes that occur in a clause, each with the first words that match."""
    found: dict[str, str] = {}
    for name, (things, said, negated) in _patterns().items():
        match = things.search(clause) if things is not None else None
        if match is not None:
            found[name] = match[0]
            continue
        for match in said.finditer(clause) if said is not None else ():
            if name == "disabled" and _of_no_account(clause, match):
                continue
            if _negation(clause, match) is None:
                found[name] = match[0]
                break
        if name in found:
            continue
        for match in negated.finditer(clause) if negated is not None else ():
            before = _negation(clause, match)
            if before is not None:
                found[name] = clause[before : match.end()]
                break
    return found


def _of_no_account(clause: str, word: re.Match[str]) -> bool:
    """Return whether a word such as "expired" refers to something other than an account.

    Such a thing is, for example, a message or a session.
    """
    before, after = _subjects()[word[0] == "expired"]
    start = max(0, word.start() - _MOST_BEFORE)
    near = clause[start : word.start()]
    return before.search(near) is not None or after.match(clause, word.end()) is not None


@cache
def _subjects() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    """Return a pair of patterns for words of the class "disabled", and a pair for "expired".

    The patterns find something other than an account: the first before such a word, the second
    after.
    """
    return tuple(
        (re.compile(rf"\b(?:{things}){_BETWEEN} \Z"), re.compile(rf" (?:{things})\b"))
        for things in (_NO_ACCOUNTS, _NOT_EXPIRED)
    )


def _negation(clause: str, word: re.Match[str]) -> int | None:
    """Return the position at which the negation of `word` begins, or None if it is not negated."""
    start = max(0, word.start() - _MOST_BEFORE)
    found = _NEGATION.search(clause[start : word.start()])
    return start + found.start() if found is not None else None


_Patterns = tuple[re.Pattern[str] | None, re.Pattern[str] | None, re.Pattern[str] | None]


@cache
def _patterns() -> dict[str, _Patterns]:
    return {
        name: (_words(one.things), _words(one.said), _words(one.negated))
        for name, one in LEXICON.items()
    }


def _words(pattern: str) -> re.Pattern[str] | None:
    return re.compile(rf"(?<![{_LETTER}@])(?:{pattern})(?![{_LETTER}])") if pattern else None


_Compiled = tuple[
    Reading, tuple[str, ...], frozenset[str], tuple[tuple[str, ...], ...], tuple[str, ...]
]


@cache
def _readings() -> tuple[_Compiled, ...]:
    compiled: list[_Compiled] = []
    for reading in READINGS:
        words = reading.words.split()
        wanted = tuple(tuple(one.split("/")) for one in words if not one.startswith("!"))
        unwanted = tuple(one[1:] for one in words if one.startswith("!"))
        after = frozenset(verbs_of(reading.after))
        compiled.append((reading, tuple(reading.codes.split()), after, wanted, unwanted))
    return tuple(compiled)
