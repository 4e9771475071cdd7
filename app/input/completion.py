"""Completes typed text: verbs, parameters that the server offers, addresses, and orders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ...session.facts.commands import COMMANDS, VERBS
from ...session.facts.extensions import EXTENSIONS
from ...session.facts.glossary import GLOSSARY
from ...session.facts.parameters import PARAMETERS, EsmtpParameter, parameters_for
from ...session.protocol.states import State
from ...session.verbs import AUTH_VERBS, GREETINGS
from ...session.visible import visible_text
from ..actions import ACTIONS, EXPORT_FORMATS
from ..confinement import FREE, Confinement
from ..explain.states import allowed_in
from ..export.formats import FORMATS
from .history import History
from .paths import complete_path

Keywords = Mapping[str, tuple[str, ...]]
AS_IS = "--as-is "  # of :send, before the file
MOST_COMPLETIONS = 60  # candidates
_BREAKS = ("before RCPT", "before MAIL", "before DATA", "before message", "before AUTH",
           "before TLS", "on 5xx", "on 4xx", "to ", "tls", "violation", "clear")  # fmt: skip
LONGEST_NAME = 64  # characters of a name that a server lists (RFC 4422 section 3.1: up to 20)
_PATHS = {"MAIL": "FROM:", "RCPT": "TO:", "SEND": "FROM:", "SOML": "FROM:", "SAML": "FROM:"}


def complete(
    text: str,
    *,
    state: State,
    keywords: Keywords | None,
    lmtp: bool,
    history: History,
    addresses: Sequence[str] = (),
    targets: Sequence[str] = (),
    themes: Iterable[str] = (),
    confinement: Confinement = FREE,
) -> list[str]:
    """Return the complete lines that `text` may become, most likely first."""
    known = [*dict.fromkeys([*history.addresses(), *addresses])]
    if text.startswith(":") and not text.startswith("::"):
        offered = [name for name in (keywords or {}).get("AUTH", ()) if _typable(name)]
        return _orders(text, history, targets, themes, known, offered, confinement)
    if not text.strip() or text.startswith(" "):
        return []
    verb, space, rest = text.partition(" ")
    if not space:
        return _verbs(verb, state, lmtp)
    verb = verb.upper()
    head = text[: len(verb) + 1]
    if verb in _PATHS:
        found = _path(head, verb, rest, keywords, known)
    elif verb in AUTH_VERBS and " " not in rest:
        offered = (keywords or {}).get(verb, ())
        found = [head + name for name in offered if _typable(name)]
    elif verb == "HELP":
        found = [head + name for name in VERBS]
    elif verb in GREETINGS:
        names = [*history.arguments("EHLO"), *history.arguments("HELO"), "me.example"]
        found = [head + name for name in names]
    elif verb in ("VRFY", "EXPN"):
        found = [head + name for name in (*history.arguments(verb), *known)]
    elif verb == "BDAT" and rest.strip().isdigit():
        found = [f"{head}{rest.strip()} LAST"]
    else:
        found = []
    low = text.lower()
    return [line for line in dict.fromkeys(found) if line.lower().startswith(low)][
        :MOST_COMPLETIONS
    ]


def _typable(name: str) -> bool:
    """Return whether a name from the server is short and printable enough to be typed."""
    return visible_text(name[:LONGEST_NAME]) == name


def _verbs(typed: str, state: State, lmtp: bool) -> list[str]:
    usual = allowed_in(state, lmtp=lmtp)
    order = [verb for verb in usual if " " not in verb and verb != "."]
    order += [verb for verb in VERBS if verb not in order and COMMANDS[verb].sure]
    other = "EHLO" if lmtp else "LHLO"
    order = [verb for verb in order if verb != other]
    upper = typed.upper()
    return [_opened(verb) for verb in order if verb.startswith(upper)]


def _opened(verb: str) -> str:
    """Return a verb with the fixed text that follows it, such as FROM:< or a space."""
    if verb in _PATHS:
        return f"{verb} {_PATHS[verb]}<"
    command = COMMANDS[verb]
    return f"{verb} " if " " in command.syntax and "[" not in command.syntax else verb


def _path(
    head: str, verb: str, rest: str, keywords: Keywords | None, addresses: Sequence[str]
) -> list[str]:
    word = _PATHS[verb]
    if not rest.upper().startswith(word):
        return [f"{head}{word}<"]
    path, bracket, parameters = rest.partition(">")
    if not bracket:
        start = path[: len(word)]
        ends = [f"{start}<{address}>" for address in addresses]
        if verb != "RCPT":
            ends.append(f"{start}<>")
        return [head + end for end in ends]
    done, blank, last = parameters.rpartition(" ")
    if not blank:
        return []
    used = {name.partition("=")[0].upper() for name in done.split()}
    before = f"{head}{path}>{done} "
    found: list[str] = []
    for parameter in parameters_for(verb, keywords or {}):
        if parameter.name not in used:
            found += [before + end for end in _values(parameter, keywords or {})]
    return [line for line in found if line[len(before) :].upper().startswith(last.upper())]


def _values(parameter: EsmtpParameter, keywords: Keywords) -> list[str]:
    """Return the ways to write a parameter, with each of its values that the server supports."""
    if not parameter.value:
        return [parameter.name]
    if parameter.alternatives:
        # BODY=BINARYMIME needs an extension of that name.
        values = [v for v in parameter.alternatives if v not in EXTENSIONS or v in keywords]
        return [f"{parameter.name}={value}" for value in values]
    return [f"{parameter.name}="]


def _orders(
    text: str,
    history: History,
    targets: Sequence[str],
    themes: Iterable[str],
    addresses: Sequence[str],
    mechanisms: Sequence[str],
    confinement: Confinement,
) -> list[str]:
    name, space, rest = text[1:].partition(" ")
    if not space:
        return [
            f":{order.name}" + (" " if order.argument and "[" not in order.argument else "")
            for order in ACTIONS.values()
            if order.name.startswith(name.lower()) and confinement.offers(order.name)
        ]
    if name in ("check", "send") and (" " in rest.removeprefix(AS_IS) or name == "check"):
        done, blank, last = rest.rpartition(" ")
        return [
            f":{name} {done}{blank}{address}"
            for address in addresses
            if address.startswith(last) and address not in done.split() and address != last
        ][:MOST_COMPLETIONS]
    before = [
        line[len(name) + 2 :].strip()
        for line in reversed(history.lines)
        if line.startswith(f":{name} ")
    ]
    words = {
        "connect": [*targets, *before],
        "history": ["clear", "on", "off"],
        "settings": ["servers", "keys"],
        "theme": sorted(themes),
        "timeout": ["standard", "5", "30", *before],
        "break": [*_BREAKS, *before],
        "mailbox": ["alice", "bob", "carol", "clear"],
        "help": [],
        "glossary": [term.name for term in GLOSSARY],
        "auth": mechanisms,
        "copy": [f"{form}{plan}" for plan in ("", " plan") for form in FORMATS],
        "export": [*EXPORT_FORMATS],
        "verify": [*before, *addresses],
        "expn": [*before, *addresses],
        "send": [*(_files(rest) if confinement.files else ()), *before],
        "practice": _scenarios() if name == "practice" else [],
        "lesson": _lessons(rest) if name == "lesson" else [],
    }.get(name, before)
    found = dict.fromkeys(f":{name} {word}" for word in words if word.startswith(rest))
    return [line for line in found if line != text][:MOST_COMPLETIONS]


def _scenarios() -> list[str]:
    from ...session.practice.scenarios.table import SCENARIOS

    return [*SCENARIOS]


def _lessons(typed: str) -> list[str]:
    """Return the names of the lessons or, if a lesson has been typed, that lesson's languages."""
    from ..lessons.library import BUILT_IN, languages_of, lesson_files, own_folder
    from ..lessons.reader import name_of

    paths = [path for folder in (BUILT_IN, own_folder()) for path in lesson_files(folder)]
    word, blank, _ = typed.partition(" ")
    if not blank:
        return [name_of(path) for path in paths]
    for number, path in enumerate(paths, 1):
        if word in (str(number), name_of(path)):
            return [f"{word} {language}" for language in languages_of(path)]
    return []


def _files(typed: str) -> list[str]:
    """Return the paths that complete the argument of :send, which may start with --as-is."""
    as_is = AS_IS if typed.startswith(AS_IS) else ""
    found = complete_path(typed.removeprefix(as_is))
    return [f"{as_is}{path}" for path in found if " " not in path]


__all__ = ["PARAMETERS", "complete"]
