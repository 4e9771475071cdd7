"""The syntax of the MAIL and RCPT parameters that aiosmtpd does not support.

They are removed from the argument before aiosmtpd parses it, and recorded as they were sent, along
with the other parameters (RFC 3461 section 4, RFC 4954 section 5).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

_XTEXT = r"(?:[!-*,-<>-~]|\+[0-9A-F]{2})*"


class ParameterSyntax(NamedTuple):
    """The syntax of a parameter's value, as a pattern and in words."""

    pattern: re.Pattern[str]
    words: str


MAIL = {
    "RET": ParameterSyntax(re.compile("(?i)FULL|HDRS"), "RET must be FULL or HDRS"),
    "ENVID": ParameterSyntax(
        re.compile(rf"(?=.{{1,100}}\Z){_XTEXT}"), "ENVID must be xtext of at most 100 characters"
    ),
    "AUTH": ParameterSyntax(re.compile(rf"<>|(?=.){_XTEXT}"), "AUTH must be <> or xtext"),
}
RCPT = {
    "NOTIFY": ParameterSyntax(
        re.compile(r"(?i)NEVER|(?:SUCCESS|FAILURE|DELAY)(?:,(?:SUCCESS|FAILURE|DELAY))*"),
        "NOTIFY must be NEVER, or a list of SUCCESS, FAILURE and DELAY",
    ),
    "ORCPT": ParameterSyntax(
        re.compile(rf"(?=.{{1,500}}\Z)[A-Za-z0-9-]+;(?:{_XTEXT}|[^\x00-\x20=]+)"),
        "ORCPT must be an address type, a semicolon and an xtext address, as in rfc822;a@b",
    ),
}
EXTENSION = {
    "SIZE": "SIZE", "BODY": "8BITMIME", "SMTPUTF8": "SMTPUTF8", "AUTH": "AUTH", "RET": "DSN",
    "ENVID": "DSN", "NOTIFY": "DSN", "ORCPT": "DSN",
}  # fmt: skip
"""The EHLO keyword of the extension that defines each parameter."""
_COMMAND = re.compile(r'(\s*\w+:\s*<(?:[^">]|"(?:\\.|[^"\\])*")*>)(.*)', re.DOTALL)


# A parameter of MAIL or RCPT (RFC 5321 section 4.1.2).
_PARAMETER = re.compile(r"([A-Za-z0-9][A-Za-z0-9-]*)(?:=([^\x00-\x20=\x7f]+))?")


class CommandArgument(NamedTuple):
    """A command's argument: the part for aiosmtpd (`rest`), and all parameters as sent (`typed`).

    `wrong` describes an error in the parameters, or is "".
    """

    rest: str
    typed: tuple[str, ...]
    wrong: str = ""


def split_parameters(arg: str, known: dict[str, ParameterSyntax]) -> CommandArgument:
    """Remove the parameters in `known` from the argument of MAIL or RCPT, and check them."""
    match = _COMMAND.fullmatch(arg)
    if match is None:
        return CommandArgument(arg, ())
    typed = tuple(match[2].split())
    rest: list[str] = []
    seen: set[str] = set()
    wrong = ""
    for word in typed:
        name, _, value = word.partition("=")
        name = name.upper()
        parameter = known.get(name)
        if name in seen:
            wrong = wrong or f"{name} must not be repeated"
        elif parameter is None:
            rest.append(word)
        elif not parameter.pattern.fullmatch(value):
            wrong = wrong or parameter.words
        seen.add(name)
    return CommandArgument(" ".join([match[1], *rest]), typed, wrong)


def parsed(params: Sequence[str]) -> dict[str, str | bool] | None:
    """Return the parameters keyed by name, in the form that aiosmtpd expects.

    Return None if a parameter is malformed.
    """
    found: dict[str, str | bool] = {}
    for parameter in params:
        match = _PARAMETER.fullmatch(parameter)
        if match is None:
            return None
        if match[1] == "SIZE" and not (match[2] or "").isascii():
            return None
        found[match[1]] = match[2] or True
    return found
