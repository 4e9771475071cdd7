"""Parses the words of a swaks command, its configuration file and its environment as swaks does.

The rules are those of Perl's Getopt::Long: an option has one dash or two, `--option=value` is
allowed, a unique prefix of a name is enough, and a word that begins with - or + is never an
optional value.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ...session.visible import visible_text
from .options import MAY, MUST, NUMBER, OPTION_OF, SwaksOption

_VALUED = re.compile(r"(-[^=]+)=(.*)\Z", re.DOTALL)
_HEADER = re.compile(r"-?-h(?:eader)?-([^:]+):?\Z", re.DOTALL)
_NO_HEADER = re.compile(r"-?-no-h(?:eader)?-")
_OPTION = re.compile(r"(?:--?|\+)(.+)\Z", re.DOTALL)
_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=")
# Shell prompts, which people copy as well: "$ ", "user@host:~$ ", "[root@host ~]# ".
_PROMPT = re.compile(r"\s*(?:\[[^]\n]{1,80}\]|[^\s'\"=]{0,80})[$#%] +")
_CONTINUED = re.compile(r"\\[ \t]*\r?\n[ \t]*")
_NEWLINE = re.compile(r"\r?\n[ \t]*")
_SWAKS = re.compile(
    rf"(?:{_PROMPT.pattern}|\s*)(?:sudo )?(?:SWAKS_OPT_\w+=(?:'[^']*'|\S*) )*"
    r"(?:\S*/)?swaks(?:\.pl)?\s+[-+]"
)
ENVIRONMENT = "SWAKS_OPT_"


class SwaksError(ValueError):
    """Raised for a swaks command line that cannot be followed. The message contains no secret."""


class Given(NamedTuple):
    """An option as given. `value` is None if it was given without a value."""

    option: SwaksOption
    value: str | None


def read_words(words: Sequence[str], before: Sequence[Given] = ()) -> list[Given]:
    """Return the options in `words`, preceded by those in `before`. Raises SwaksError.

    --no-OPTION removes earlier uses of OPTION.
    """
    given = list(before)
    queue = _normalised(words)
    at = 0
    while at < len(queue):
        word = queue[at]
        at += 1
        if word == "--":
            if queue[at:]:
                raise SwaksError(f"word {at + 1} comes after -- and does not belong to an option.")
            break
        match = _OPTION.match(word)
        if match is None:
            raise SwaksError(
                f"word {at} does not belong to an option; it is not shown, as it may be a secret."
            )
        asked = bool(given) and given[-1].option.name == "auth-password" and not given[-1].value
        if asked and match[1] not in OPTION_OF:
            raise SwaksError(
                f"word {at}, after --auth-password, begins with - or +, so swaks treats it as an "
                "option."
            )
        option, taken_back = _option(match[1])
        if option.name == "no-header-NAME":
            option, taken_back = OPTION_OF["header"], True
        if taken_back:
            given = [each for each in given if each.option is not option]
            continue
        value: str | None = None
        following = queue[at] if at < len(queue) else None
        if option.value == MUST:
            if following is None:
                raise SwaksError(f"--{option.name} needs a value.")
            value = following
        elif (option.value == MAY and following is not None and _is_value(following)) or (
            option.value == NUMBER and following is not None and following.isdigit()
        ):
            value = following
        at += value is not None
        given.append(Given(option, value))
    return given


def _normalised(words: Iterable[str]) -> list[str]:
    """Normalise the words: --option=value is split, and -g and --h-NAME are spelt out."""
    queue = list(words)
    at = 0
    while at < len(queue):
        if match := _VALUED.match(queue[at]):
            queue[at : at + 1] = match.groups()
        word = queue[at]
        if word in ("-g", "--g"):
            named = any(re.fullmatch("-?-data", each) for each in queue)
            queue[at : at + 1] = [] if named else ["--data", "-"]
            continue
        if match := _HEADER.match(word):
            value = queue[at + 1] if at + 1 < len(queue) else ""
            queue[at : at + 2] = ["--header", f"{match[1]}: {value}"]
        elif _NO_HEADER.match(word):
            queue[at] = "--no-header"
        at += 1
    return queue


def _is_value(word: str) -> bool:
    return word == "-" or not _OPTION.match(word)


def _option(name: str) -> tuple[SwaksOption, bool]:
    """Return the option with this name or unambiguous prefix, and whether "no-" negates it.

    Raises SwaksError.
    """
    for taken_back, wanted in ((False, name), (True, name.removeprefix("no-"))):
        if taken_back and wanted == name:
            break
        if wanted in OPTION_OF and not (taken_back and name in OPTION_OF):
            return OPTION_OF[wanted], taken_back
    found = {OPTION_OF[each].name: each for each in OPTION_OF if each.startswith(name)}
    negated = name.startswith("no-") and {
        OPTION_OF[each].name: each for each in OPTION_OF if each.startswith(name[3:])
    }
    if len(found) == 1 and not (negated and len(negated) > 0):
        return OPTION_OF[next(iter(found.values()))], False
    if not found and negated and len(negated) == 1:
        return OPTION_OF[next(iter(negated.values()))], True
    if found:
        names = ", ".join(f"--{each}" for each in sorted(found.values())[:4])
        raise SwaksError(f"--{visible_text(name[:40])} is ambiguous: {names}.")
    for secret in OPTION_OF["auth-password"].names:
        if name.startswith(secret):
            raise SwaksError(
                f"--{secret} is followed by more text in the same word, which is not shown, as it "
                "may be a secret. Put a space or = before the value."
            )
    raise SwaksError(f"swaks has no option --{visible_text(name[:40])}.")


def from_file(text: str) -> list[str]:
    """Return the words in a configuration file.

    Each line contains one option, which may be followed by a space and its value.
    """
    words: list[str] = []
    for line in text.splitlines():
        if not line.startswith("#") and line.strip():
            option = line if line.startswith("-") else f"--{line}"
            words += option.split(None, 1) if re.search(r"\s", option) else [option]
    return words


def from_environment(environment: Mapping[str, str]) -> list[str]:
    """Return the words that environment variables such as SWAKS_OPT_auth_password add."""
    words: list[str] = []
    for name in sorted(environment):
        if name.startswith(ENVIRONMENT) and name != f"{ENVIRONMENT}config":
            words.append(f"--{name.removeprefix(ENVIRONMENT).replace('_', '-')}")
            if environment[name]:
                words.append(environment[name])
    return words


def pasted(line: str) -> tuple[list[str], dict[str, str]]:
    """Return the words of a shell command that runs swaks, and the variables assigned before it.

    Raises SwaksError if the command cannot be parsed or needs a shell, for example for a pipe.
    """
    text = _PROMPT.sub("", line.strip(), count=1) if _PROMPT.match(line) else line.strip()
    text = _CONTINUED.sub(" ", text)
    try:
        lexer = shlex.shlex(text, posix=True, punctuation_chars="|<>;&")
        lexer.whitespace_split = True
        lexer.commenters = ""
        words = list(lexer)
    except ValueError:
        raise SwaksError("a quotation mark in this line is not closed.") from None
    if "swaks" in text and any(set(word) <= set("|<>;&") for word in words if word):
        raise SwaksError(
            "this line contains a pipe or a redirection, which needs a shell; run it there as "
            "heloscope swaks …"
        )
    variables: dict[str, str] = {}
    while words and (words[0] == "sudo" or _ASSIGNMENT.match(words[0])):
        name, equals, value = words.pop(0).partition("=")
        if equals:
            variables[name] = value
    if not words or words[0].rpartition("/")[2] not in ("swaks", "swaks.pl"):
        raise SwaksError("this is not a swaks command line.")
    return words[1:], variables


def one_line(text: str) -> str:
    r"""Return the swaks command line in `text`, joined into one line, or "" if there is none.

    A line ending within quotes becomes \n, as swaks writes it. A line that begins with an option
    belongs to the line before it. If `text` also contains anything else, the result is "".
    """
    prompt = _PROMPT.match(text)
    found: list[str] = []
    at, quote = 0, ""
    while at < len(text):
        char = text[at]
        continued = None if quote == "'" else _CONTINUED.match(text, at)
        ended = continued or _NEWLINE.match(text, at)
        if ended is not None:
            at = ended.end()
            if quote:
                found.append("" if continued else r"\n" + ended[0].lstrip("\r\n"))
                continue
            if prompt and (more := re.compile("> ?").match(text, at)):  # a continuation prompt
                at = more.end()
            rest = text[at:]
            if not continued and rest.strip() and not rest.startswith("-"):
                return ""
            if found[-1:] != [" "]:
                found.append(" ")
        elif char == "\\" and quote != "'":
            found.append(text[at : at + 2])
            at += 2
        else:
            if char in "'\"" and quote in ("", char):
                quote = "" if quote else char
            found.append(char)
            at += 1
    line = "".join(found).strip()
    return line if is_swaks(line) else ""


def is_swaks(line: str) -> bool:
    """Return whether a typed or pasted line looks like a swaks command line."""
    return _SWAKS.match(line) is not None
