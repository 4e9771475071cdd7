"""Looks up a word, such as a reply code, a command or a glossary term, in the tables of facts.

A word may have several meanings: AUTH is a command, an EHLO keyword and a MAIL parameter.
"""

from __future__ import annotations

import re
from difflib import get_close_matches

from ...session.facts.citations import cited
from ...session.facts.commands import COMMANDS
from ...session.facts.enhanced_codes import DETAILS
from ...session.facts.explain.codes import by_codes, enhanced_fact
from ...session.facts.explain.explanation import capital, sentence
from ...session.facts.extensions import EXTENSIONS
from ...session.facts.glossary import Term, find_term, nearest_term
from ...session.facts.mechanisms import MECHANISMS
from ...session.facts.parameters import PARAMETERS
from ...session.facts.reply_codes import CODES, FIRST_DIGIT, SECOND_DIGIT

_ENHANCED = re.compile(r"[245xX]\.([0-9]{1,3})\.([0-9]{1,3})")


def entries_of(word: str) -> list[dict[str, str]]:
    """Return an entry for each meaning of `word`, with its `word`, `kind`, `text` and `source`."""
    if re.fullmatch(r"[0-9]{3}", word):
        return _of_code(int(word))
    if _ENHANCED.fullmatch(word):
        return _of_enhanced(word)
    found = _of_name(word.upper())
    term = find_term(word)
    return [entry_of(term), *found] if term is not None else found


def entry_of(term: Term) -> dict[str, str]:
    """Return the entry for a glossary term, including its aliases."""
    also = _labelled("Also", ", ".join(term.aliases))
    return _entry(term.name, "term", term.source, term.means, also)


def nearest_word(word: str) -> str | None:
    """Return the known word most similar to `word`, or None if none is similar enough."""
    names = (*COMMANDS, *EXTENSIONS, *MECHANISMS, *(one.name for one in PARAMETERS))
    term = nearest_term(word)
    found = get_close_matches(word.upper(), names, 1, 0.8 if term else 0.6)
    return found[0] if found else term


def _entry(word: str, kind: str, source: str, *texts: str) -> dict[str, str]:
    said = " ".join(capital(sentence(text)) for text in texts if text)
    return {"word": word, "kind": kind, "text": said, "source": source}


def _labelled(label: str, text: str) -> str:
    return f"{label}: {text}" if text else ""


def _of_code(code: int) -> list[dict[str, str]]:
    fact = CODES.get(code)
    if fact is not None:
        return [
            _entry(
                str(code),
                "reply code",
                fact.source,
                fact.means,
                _labelled("Answers", fact.after),
                _labelled("Usual causes", fact.causes),
                _labelled("Try", fact.try_next),
            )
        ]
    first, second = FIRST_DIGIT.get(code // 100), SECOND_DIGIT.get(code // 10 % 10)
    said = by_codes(code)
    if first is None or second is None or not 200 <= code < 600:
        about = "Not an SMTP reply code: the first digit must be 2 to 5 and the second 0 to 5"
        return [_entry(str(code), "reply code", "RFC 5321 4.2", about, said.try_next)]
    known = "No standard defines this code; its digits show what kind it is"
    return [_entry(str(code), "reply code", "RFC 5321 4.2.1", known, first.means, second.means)]


def _of_enhanced(word: str) -> list[dict[str, str]]:
    code = f"X{word[1:]}" if word[0] in "xX" else word
    found = _ENHANCED.fullmatch(word)
    fact = enhanced_fact(f"5{word[1:]}")
    if fact is None or found is None:
        about = (
            "No subject with this number is registered; only the class (first digit) has a meaning"
        )
        return [_entry(code, "enhanced code", "RFC 3463 2", about)]
    known = (int(found[1]), int(found[2])) in DETAILS
    note = "" if known else "The detail is not registered; this applies to its subject"
    return [
        _entry(
            code,
            "enhanced code",
            fact.rfc,
            fact.name,
            fact.means,
            note,
            _labelled("Usual causes", fact.causes),
            _labelled("Try", fact.try_next),
        )
    ]


def _of_name(word: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    command = COMMANDS.get(word)
    if command is not None:
        codes = (*command.success, *command.intermediate, *command.errors)
        found.append(
            _entry(
                word,
                "command",
                command.source,
                command.summary,
                _labelled("Syntax", command.syntax),
                _labelled("Allowed", command.when),
                _labelled("Effect", command.effect),
                _labelled("Replies", " ".join(map(str, codes))),
                _labelled("Requires the keyword", command.keyword),
                command.traps,
            )
        )
    extension = EXTENSIONS.get(word)
    if extension is not None:
        found.append(
            _entry(
                word,
                f"EHLO keyword, {extension.status}",
                cited(extension.rfc, extension.sure),
                extension.short,
                extension.what,
                _labelled("Parameters", extension.parameters),
                _labelled("Adds", ", ".join(extension.commands)),
                extension.traps,
            )
        )
    mechanism = MECHANISMS.get(word)
    if mechanism is not None:
        found.append(
            _entry(
                word,
                f"SASL mechanism, {mechanism.status}",
                cited(mechanism.rfc, mechanism.sure),
                mechanism.means,
                _labelled("Strength", mechanism.strength),
                _labelled("An eavesdropper learns", mechanism.learns),
            )
        )
    found += [
        _entry(
            word,
            f"parameter of {' and '.join(one.on)}",
            one.source,
            one.summary,
            _labelled("Value", one.value),
            _labelled("Example", one.example),
            _labelled("Requires the keyword", one.keyword),
        )
        for one in PARAMETERS
        if one.name == word
    ]
    return found
