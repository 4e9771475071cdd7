"""Finds the parts of a typed line that must not be shown or stored.

For lines that are sent, the rules are those of the transcript (record/credentials.py). This module
adds rules for the arguments of orders. The command line uses it while a line is typed, and the
history uses it when a line is stored.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import lru_cache

from ..protocol.states import KNOWN_VERBS
from ..record.credentials import Span, is_message, secret_spans, secret_spans_of
from ..record.responses import looks_like_a_response
from ..target import password_spans
from ..verbs import names_mechanism, verb_of
from .escapes import raw_bytes
from .grammar import GrammarError

# Patterns are compiled when they are first used.
_ORDER = r":(?!:)\s*(\S+)\s*"
_RAW = r"(?i)\s*:\s*raw\b"
_LOGINS = ("login", "auth")
_SECRETS = ("answer", "secret", "password", "pass")
# What users may try in order to give a password: `:set secret abc`, `:config password=abc`.
_SETS = ("set", "setting", "settings", "config", "env")
_SETTING = r"([^\s=:]+)(?:\s*[=:]\s*|\s+)(?=\S)"
_OF_SECRETS = ("secret", "pass", "pwd", "token")  # in the name of a setting
_BEHIND_FIRST = r"(?<=[^\s:])[\s:]+(?=[^\s:])"
_MARK = "********"
# -ap, and any beginning of --auth-password that swaks takes; a value may be quoted.
_SWAKS_PASSWORD = (
    r"(?i)(?:\s--?(?:ap|auth-p[a-z]*|password)|SWAKS_OPT_(?:ap|auth_p[a-z]*))[\s=]\s*"
    r"((?:'[^']*'?|\"(?:\\.|[^\"\\])*\"?|[^\s'\"])*)"
)
_VERB = r"[A-Z][A-Z0-9-]{2,11}(?: |\Z)"  # the form of an unknown command


def concealed_spans(typed: str) -> tuple[Span, ...]:
    """Return the (start, end) spans of a typed line that must not be shown, in order."""
    if "swaks" in typed and (of_swaks := _swaks_spans(typed)):
        return of_swaks
    if not typed.lstrip().startswith(":"):
        return secret_spans(typed)
    order = re.match(_ORDER, typed)
    if order is None:  # `::x` sends `:x`
        return secret_spans(typed)
    name, start = order[1].lower(), order.end()
    end = len(typed.rstrip())
    argument = typed[start:end]
    if not argument:
        return ()
    if name == "raw":
        plain = _moved(argument, start)
        return plain or (((start, end),) if _raw_is_secret(argument) else ())
    if name in _SECRETS:
        return ((start, end),)
    if _logs_in(name):
        more = after_first(argument)
        if name == "auth" and not names_mechanism(argument[: more and more.start()]):
            return ((start, end),)
        if more is None:
            return ()
        return ((start + (more.start() if ":" in more[0] else more.end()), end),)
    if name in _SETS:
        named = re.match(_SETTING, argument)
        if named is not None and any(word in named[1].lower() for word in _OF_SECRETS):
            return ((start + named.end(), end),)
    if name == "edit":
        return _moved(argument, start)
    found = password_spans(argument) or tuple(
        (word.start(), len(argument)) for word in re.finditer(r"\S+", argument)
        if is_message(word[0])
    )[:1]  # fmt: skip
    return tuple((start + first, start + last) for first, last in found)


def after_first(argument: str) -> re.Match[str] | None:
    """Return the match of the separator after the first argument of `:login` or `:auth`, or None.

    Arguments are separated by spaces or a colon: URLs and curl put a colon between the user name
    and the password.
    """
    return re.search(_BEHIND_FIRST, argument.rstrip())


def _swaks_spans(typed: str) -> tuple[Span, ...]:
    """Return the spans of the passwords in a swaks command line."""
    return tuple(match.span(1) for match in re.finditer(_SWAKS_PASSWORD, typed) if match[1])


@lru_cache(maxsize=256)
def _logs_in(name: str) -> bool:
    """Return whether `name` is an order that logs in, or a likely misspelling of such an order."""
    return bool(get_close_matches(name, _LOGINS, 1, 0.75))


def _moved(argument: str, by: int) -> tuple[Span, ...]:
    return tuple((by + first, by + last) for first, last in secret_spans(argument))


def _raw_is_secret(argument: str) -> bool:
    r"""Return whether the bytes that `:raw` sends contain credentials.

    Credentials are found even if they are written as escapes (`\x41UTH ...`).
    """
    try:
        data = raw_bytes(argument)
    except GrammarError:  # an incomplete line: its beginning is checked
        data = argument.encode("utf-8", "replace")
    for line in re.split(rb"[\r\n\0]+", data):
        if secret_spans_of(line) or any(
            is_message(word.decode("latin-1")) for word in re.split(rb"[\s\\]+", line)
        ):
            return True
        if looks_like_a_response(line) and verb_of(line) not in KNOWN_VERBS:
            return True
    return False


def kept_form(typed: str) -> str:
    """Return a typed line in the form stored in the history, or "" if it is not stored.

    The line is cut at the first part that must not be shown, so that a recalled line cannot be sent
    by mistake. If more text follows that part, as in a URL, the part is replaced by asterisks
    instead.
    """
    spans = concealed_spans(typed)
    if spans and re.match(_RAW, typed):
        return ""
    for start, end in reversed(spans):
        typed = typed[:start] + (_MARK if typed[end:].strip() else "") + typed[end:]
    kept = typed.strip() if spans else typed
    return kept if kept.strip() else ""


def resembles_verb(typed: str) -> bool:
    """Return whether a typed line begins with a word that could be a server's own command.

    Such a word is in upper case, like XFOO.
    """
    return re.match(_VERB, typed) is not None


def reads_as_command(typed: str) -> bool:
    """Return whether a typed line, even an unfinished one, begins like a command or an order."""
    words = typed.upper().split(None, 1)
    if not words or typed.startswith(":"):
        return True
    verb = words[0]
    if len(words) > 1 or typed[-1:].isspace():
        return verb in KNOWN_VERBS
    return any(known.startswith(verb) for known in KNOWN_VERBS)


def answers_login(typed: str) -> bool:
    """Return whether a typed line is a script's order that answers AUTH, such as `:answer ann`."""
    order = re.match(_ORDER, typed)
    return order is not None and order[1].lower() in _SECRETS
