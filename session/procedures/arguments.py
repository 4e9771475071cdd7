"""Checks the arguments of a procedure before anything is sent."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from email.message import Message
from functools import cache
from typing import Any, NamedTuple, cast

from ..target import Target
from .content import Content
from .registry import PROCEDURES
from .rerun import RerunStep


class _Kind(NamedTuple):
    """A type of parameter: its description, and the test that values of this type pass."""

    words: str
    fits: Callable[[Any], bool]


def check_call(name: str, arguments: Sequence[Any], keywords: Mapping[str, Any]) -> None:
    """Check a call of the procedure `name`.

    Raises ValueError if the procedure does not exist, and TypeError if it does not accept an
    argument.
    """
    if name not in PROCEDURES:
        near = _near(name, PROCEDURES) or f"; available: {', '.join(sorted(PROCEDURES))}"
        raise ValueError(f"no procedure is called {name!r}{near}")
    signature = _signature(name)
    for keyword in keywords:
        if keyword not in signature.parameters and keyword not in _passed_on(signature):
            known = [*list(signature.parameters)[1:], *_passed_on(signature)]
            raise TypeError(f"{name} has no argument {keyword!r}{_near(keyword, known)}")
    try:
        bound = signature.bind(None, *arguments, **keywords)
    except TypeError as error:
        more = _LOGIN_HINT if name == "login" else ""
        raise TypeError(f"{name}: {error}{more}") from None
    given = dict(bound.arguments)
    given |= given.pop("how", {})
    for parameter, value in given.items():
        kind = _kind(name, parameter)
        fixed = signature.parameters.get(parameter)
        if kind is None or (fixed is not None and value is fixed.default) or kind.fits(value):
            continue
        raise TypeError(
            f"{name}: {parameter} must be {kind.words}, not {_given(value)}"
            f"{_hint(parameter, value)}"
        )
    if name == "from_the_start":
        if given.get("name"):
            check_call(given["name"], given.get("arguments", ()), given.get("keywords", {}))
        for before, its in given.get("before", ()):
            check_call(before, its, {})


def check_recipients(name: str, recipients: object) -> None:
    """Check that `recipients`, the argument called `name`, is an address or a list of addresses.

    Raises TypeError if it is not.
    """
    kind = _KINDS["to_addrs"]
    if not kind.fits(recipients):
        raise TypeError(f"{name} must be {kind.words}, not {_given(recipients)}")


@cache
def _signature(name: str) -> inspect.Signature:
    return inspect.signature(PROCEDURES[name])


def _passed_on(signature: inspect.Signature) -> list[str]:
    """Return the keywords that a procedure passes on to `sendmail`."""
    if "how" not in signature.parameters:
        return []
    parameters = _signature("sendmail").parameters.values()
    return [each.name for each in parameters if each.kind is each.KEYWORD_ONLY]


def _near(word: object, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    found = get_close_matches(word, list(known), 1) if isinstance(word, str) else []
    return f'; did you mean "{found[0]}"?' if found else ""


def _given(value: object) -> str:
    """Return the type of `value`; for a list, also that of its first item that is not a string."""
    kind = type(value).__name__
    if not isinstance(value, list | tuple | set | frozenset):
        return kind
    items = cast("Iterable[object]", value)
    wrong = next((each for each in items if not isinstance(each, str)), None)
    return kind if wrong is None else f"{kind} with {type(wrong).__name__} in it"


def _hint(parameter: str, value: object) -> str:
    if isinstance(value, Message):
        return "; use send_message for an email.message.Message"
    if isinstance(value, str) and parameter in _OPTIONS:
        return '; use a list, such as ["BODY=8BITMIME"]'
    if parameter == "mechanisms":
        return _LOGIN_HINT
    return ""


# The kinds


def _text(value: object) -> bool:
    return isinstance(value, str)


def _texts(value: object) -> bool:
    if isinstance(value, str | bytes | bytearray | Mapping) or not isinstance(value, Iterable):
        return False
    if iter(cast("Iterable[object]", value)) is value:  # read once, it would be empty
        return False
    return all(isinstance(each, str) for each in cast("Iterable[object]", value))


def _addresses(value: object) -> bool:
    return isinstance(value, str) or _texts(value)


def _options_of_each(value: object) -> bool:
    if not isinstance(value, Mapping):
        return _texts(value)
    items = cast("Mapping[object, object]", value).items()
    return all(isinstance(to, str) and _texts(options) for to, options in items)


def _flag(value: object) -> bool:
    return isinstance(value, bool)


def _message(value: object) -> bool:
    if isinstance(value, str | bytes | bytearray | memoryview | Content):
        return True
    return callable(getattr(value, "read", None))


def _octets(value: object) -> bool:
    return isinstance(value, bytes | bytearray | memoryview)


def _target(value: object) -> bool:
    return isinstance(value, Target)


def _rerun_steps(value: object) -> bool:
    if not isinstance(value, list | tuple):
        return False
    return all(isinstance(each, RerunStep) for each in cast("Sequence[object]", value))


def _whole_message(value: object) -> bool:
    return isinstance(value, Message)


def _flag_or_none(value: object) -> bool:
    return value is None or isinstance(value, bool)


_TEXT = _Kind("a string", _text)
_OPTION = _Kind("a list of strings", _texts)
_FLAG = _Kind("True or False", _flag)
_FLAG_OR_NONE = _Kind("True, False or None", _flag_or_none)
_CALL = _Kind("a function", callable)
_KINDS: dict[str, _Kind] = {
    **dict.fromkeys(
        ("from_addr", "sender", "recip", "address", "name", "mechanism", "args", "until",
         "attributes"), _TEXT
    ),
    "cmd": _TEXT,
    "to_addrs": _Kind("an address, or a list of addresses", _addresses),
    "mail_options": _OPTION,
    "options": _OPTION,
    "rcpt_options": _Kind("a list of strings, or one for each recipient", _options_of_each),
    "msg": _Kind("text, bytes, or a binary file", _message),
    "chunk": _Kind("bytes", _octets),
    **dict.fromkeys(
        ("chunking", "says_size", "declares", "last", "initial_response_ok", "secured",
         "required", "leave", "greets", "in_turn"), _FLAG
    ),
    "pipelining": _FLAG_OR_NONE,
    "authobject": _CALL,
    "mechanisms": _CALL,
    "target": _Kind("a Target", _target),
    "steps": _Kind("a list of RerunStep", _rerun_steps),
    "answer": _CALL,
    "ignored": _OPTION,
}  # fmt: skip
_LOGIN_HINT = "; login_procedure(user, password) returns this name and its arguments"
_OPTIONS = ("mail_options", "rcpt_options", "options")
_WHOLE = _Kind("an email.message.Message", _whole_message)


def _kind(name: str, parameter: str) -> _Kind | None:
    if name == "send_message" and parameter == "msg":
        return _WHOLE
    return _KINDS.get(parameter)
