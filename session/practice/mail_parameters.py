"""Parameters of MAIL and RCPT that aiosmtpd does not know, checked (RFC 3461 section 4, RFC 4954
section 5).

They are taken out of the command before aiosmtpd reads it, and put beside the others, as they
were typed, when it has.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_XTEXT = r"(?:[!-*,-<>-~]|\+[0-9A-F]{2})*"


class ParameterSyntax(NamedTuple):
    """`pattern` is what its value looks like, `words` say so."""

    pattern: re.Pattern[str]
    words: str


MAIL = {
    "RET": ParameterSyntax(re.compile("(?i)FULL|HDRS"), "RET is FULL or HDRS"),
    "ENVID": ParameterSyntax(
        re.compile(rf"(?=.{{1,100}}\Z){_XTEXT}"), "ENVID is xtext, up to 100 characters"
    ),
    "AUTH": ParameterSyntax(re.compile(rf"<>|(?=.){_XTEXT}"), "AUTH is <> or xtext"),
}
RCPT = {
    "NOTIFY": ParameterSyntax(
        re.compile(r"(?i)NEVER|(?:SUCCESS|FAILURE|DELAY)(?:,(?:SUCCESS|FAILURE|DELAY))*"),
        "NOTIFY is NEVER, or a list of SUCCESS, FAILURE and DELAY",
    ),
    "ORCPT": ParameterSyntax(
        re.compile(rf"(?=.{{1,500}}\Z)[A-Za-z0-9-]+;(?:{_XTEXT}|[^\x00-\x20=]+)"),
        "ORCPT is a type of address, a semicolon, and the address in xtext: rfc822;a@b",
    ),
}
_COMMAND = re.compile(r'(\s*\w+:\s*<(?:[^">]|"(?:\\.|[^"\\])*")*>)(.*)', re.DOTALL)


class CommandArgument(NamedTuple):
    """`rest` is for aiosmtpd; `typed` all parameters as they stood there; `wrong` what is wrong."""

    rest: str
    typed: tuple[str, ...]
    wrong: str = ""


def split_parameters(arg: str, known: dict[str, ParameterSyntax]) -> CommandArgument:
    """The argument of MAIL or RCPT without the parameters in `known`."""
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
            wrong = wrong or f"{name} is given twice"
        elif parameter is None:
            rest.append(word)
        elif not parameter.pattern.fullmatch(value):
            wrong = wrong or parameter.words
        seen.add(name)
    return CommandArgument(" ".join([match[1], *rest]), typed, wrong)
