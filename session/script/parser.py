"""Parses a script, line by line, into statements and mistakes.

A line has the form that a user types into the composer. In scripts only, a line that begins with
`#` is a comment, DATA opens a block that ends with a lone dot and in which nothing is an order or a
comment, and these orders are known:

    :expect 250 | 2xx | 5.7.1 | /regex/ | closed    the condition for the last reply
    :set NAME VALUE    $NAME, or ${NAME}, is VALUE from here on; $$ is a dollar sign
    :env NAME [DEFAULT]    $NAME is the environment variable NAME
    :wait SECONDS    :raw BYTES    :include FILE
    :answer TEXT    :secret NAME    answers to AUTH; a secret comes from the environment

All other orders belong to the program that runs the script. There are no branches or loops, so a
variable has one value at each line, and all mistakes can be reported before anything is sent.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from ..secret import Secret
from ..verbs import auth_parts
from ..visible import visible_text
from .escapes import raw_bytes
from .expectation import Expectation, parse_expectation
from .grammar import GrammarError, Nothing, Order, WireLine, parse_typed
from .sources import LONGEST_LINE, MOST, Sources, check_encoding, lines_of
from .statements import (
    STANDARD_INPUT,
    BeginMessage,
    Expect,
    FaultyLine,
    MessageContent,
    OrderStatement,
    Place,
    SecretAnswer,
    SendLine,
    SendRaw,
    Statement,
    TextAnswer,
    Wait,
)
from .variables import Variables

MOST_INCLUDES = 16  # files that include one another
LONGEST_WAIT = 24 * 60 * 60  # seconds

SHORT = 128  # octets of a line that is worth remembering
REMEMBERED = 1024  # lines

MakeOrder = Callable[[str, str, Path], object]
"""`make(name, argument, folder)` returns the action of an order; paths are relative to `folder`.

It raises GrammarError for an order that does not exist, makes no sense in a script, or has an
invalid argument.
"""

_UNTYPABLE = re.compile(rb"[\r\0]")
_DATA = re.compile(rb"\s*DATA\s*\Z", re.IGNORECASE)
# Orders that may be written without their colon by mistake: no server has such a command.
_COLONLESS = re.compile(
    r"\s*(expect|set|env|include|wait|raw|answer|secret|login|connect|disconnect|reconnect|timeout|"
    r"break)(?::? \S.*|:)\s*\Z"
)
_PATTERN = re.compile(r"/(?:[^/\\]|\\.)*/|[^/]+|/", re.DOTALL)
_SECONDS = re.compile(r"\d{1,6}(\.\d{1,3})?\Z|\.\d{1,3}\Z", re.ASCII)


class Parser:
    """Parses the lines of one file, given one by one, and those of the files that it includes.

    `file` is the name of the file, or STANDARD_INPUT. `orders` creates the actions of orders that
    do not belong to the language itself. `variables` and `sources` are shared by all files of a
    script. `above` holds the files that include this one, directly or indirectly.
    """

    def __init__(
        self,
        file: str,
        orders: MakeOrder,
        variables: Variables,
        sources: Sources,
        environment: Mapping[str, str] = os.environ,
        above: tuple[str, ...] = (),
    ) -> None:
        self._file = file
        self._orders = orders
        self._variables = variables
        self._sources = sources
        self._environment = environment
        self._above = (*above, _identity(file))
        self._folder = Path() if file == STANDARD_INPUT else Path(file).parent
        self._number = 0
        self._block: list[bytes] | None = None  # the lines of the open message
        self._opened = 0  # the line of its DATA
        self._size = 0
        # Lines whose meaning is the same everywhere outside messages: bytes to send, or
        # expectations.
        self._usual: dict[bytes, bytes | Expectation] = {}
        self._make: dict[str, Callable[[Place, str], Iterator[Statement]]] = {
            "set": self._set,
            "env": self._env,
            "include": self._include,
            "wait": self._wait,
            "raw": self._raw,
            "answer": self._answer,
            "secret": self._secret,
        }

    @property
    def in_message(self) -> bool:
        """Whether the next line belongs to a message."""
        return self._block is not None

    def line(self, data: bytes) -> Iterable[Statement]:
        """Return the statements of the next line, which is given without its line ending.

        The result for an invalid line is a FaultyLine; for an `:include` line, it is the statements
        of the included file.
        """
        self._number += 1
        place = Place(self._file, self._number)
        if self._block is None and (meaning := self._usual.get(data)) is not None:
            if isinstance(meaning, bytes):
                return (SendLine(place, meaning),)
            return (Expect(place, meaning),)
        return self._line(place, data)

    def _line(self, place: Place, data: bytes) -> Iterator[Statement]:
        """Yield the statements of the line `data` at `place`, without using remembered lines."""
        try:
            if self._number == 1:
                check_encoding(data)
            if len(data) > LONGEST_LINE:
                raise GrammarError("the line is longer than 1 MiB.")
            if self._block is not None:
                yield from self._message_line(place, data, self._block)
            elif (begun := data.lstrip()) and not begun.startswith(b"#"):
                yield from self._typed(place, data)
        except GrammarError as error:
            yield FaultyLine(place, _sentence(str(error)))

    def end(self) -> Iterator[Statement]:
        """Yield the statements at the end of the file: a FaultyLine if a message is still open."""
        if self._block is not None:
            yield FaultyLine(
                Place(self._file, self._opened),
                "this message does not end; add a line with only a dot.",
            )

    # A message

    def _message_line(self, place: Place, data: bytes, block: list[bytes]) -> Iterator[Statement]:
        if data == b".":
            self._block = None
            block.append(b"")
            yield MessageContent(Place(self._file, self._opened), b"\r\n".join(block))
            return
        block.append(data)
        self._size += len(data) + 2
        if self._size > MOST:
            raise GrammarError(f"the message is larger than {MOST >> 20} MiB; use :message FILE.")
        _check_typable(data)

    # A line

    def _typed(self, place: Place, data: bytes) -> Iterator[Statement]:
        _check_typable(data)
        match parse_typed(data.decode("utf-8", "surrogateescape")):
            case Nothing():
                pass
            case Order(name="expect", argument=argument):
                wanted = self._expectation(argument)
                self._remember(data, wanted)
                yield Expect(place, wanted)
            case Order(name=name, argument=argument):
                make = self._make.get(name)
                if make is not None:
                    yield from make(place, argument)
                else:
                    filled = self._variables.filled(argument)
                    yield OrderStatement(place, name, self._orders(name, filled, self._folder))
            case WireLine(text=text):
                statement = self._wire_line(place, text)
                if isinstance(statement, SendLine):
                    self._remember(data, statement.data)
                yield statement

    def _remember(self, data: bytes, meaning: bytes | Expectation) -> None:
        """Remember the meaning of the line `data`, so that it need not be parsed again.

        Only short lines without variables are remembered.
        """
        if len(data) <= SHORT and b"$" not in data:
            if len(self._usual) >= REMEMBERED:
                self._usual.clear()
            self._usual[data] = meaning

    def _wire_line(self, place: Place, text: str) -> Statement:
        if text.lstrip().startswith(":") and not text.startswith(":"):
            raise GrammarError(
                r"an order must be at the start of its line; :raw \x20:...\r\n sends this line."
            )
        if (order := _COLONLESS.match(text)) is not None:
            shown = visible_text(text.strip()[:40])
            raise GrammarError(
                f"{order[1]} is an order, which must begin with a colon: :{order[1]}. "
                rf":raw {shown}\r\n sends this line."
            )
        line = _octets(self._variables.filled(text))
        if _DATA.match(line):
            self._block, self._opened, self._size = [], self._number, 0
            return BeginMessage(place, line)
        parts = auth_parts(line)
        if parts is not None and parts[3].strip() not in (b"", b"="):
            mechanism = parts[1].decode("ascii", "replace") or "MECHANISM"
            raise GrammarError(
                f"a script must not contain an answer to AUTH; write AUTH {mechanism}, then "
                ":answer USER and :secret NAME, where NAME is an environment variable (:raw sends "
                "any line)."
            )
        return SendLine(place, line)

    # Orders of the language

    def _set(self, place: Place, argument: str) -> Iterator[Statement]:
        name, *value = argument.split(None, 1) or [""]
        self._variables.set(name, self._variables.filled(value[0] if value else ""))
        return iter(())

    def _env(self, place: Place, argument: str) -> Iterator[Statement]:
        name, *default = argument.split(None, 1) or [""]
        value = self._environment.get(name)
        if value is None and default:
            value = self._variables.filled(default[0])
        if value is None:
            if name and not self._variables.defined(name):
                self._variables.set(name, "")  # reported once, not again wherever it is used
                raise GrammarError(
                    f"the environment variable {name} is not set, and has no default "
                    f"(:env {name} VALUE)."
                )
            return iter(())
        self._variables.set(name, value)
        return iter(())

    def _include(self, place: Place, argument: str) -> Iterator[Statement]:
        name = self._variables.filled(argument)
        if not name:
            raise GrammarError("No file to include. The syntax is :include FILE.")
        path = self._folder / Path(name).expanduser()
        file = str(path)
        if _identity(file) in self._above:
            raise GrammarError(f"{name} includes itself.")
        if len(self._above) > MOST_INCLUDES:
            raise GrammarError(f"files are included more than {MOST_INCLUDES} levels deep.")
        data = self._sources.included(path)
        inner = Parser(
            file, self._orders, self._variables, self._sources, self._environment, self._above
        )
        yield from parsed(inner, data)

    def _expectation(self, argument: str) -> Expectation:
        fill = self._variables.filled
        text = "".join(
            fill(part[0], _in_pattern if part[0][0] == "/" else str)
            for part in _PATTERN.finditer(argument)
        )
        return parse_expectation(text)

    def _wait(self, place: Place, argument: str) -> Iterator[Statement]:
        text = self._variables.filled(argument)
        if not _SECONDS.match(text) or float(text) > LONGEST_WAIT:
            raise GrammarError(
                f":wait must be followed by a number of seconds, {LONGEST_WAIT:,} at most."
            )
        yield Wait(place, float(text))

    def _raw(self, place: Place, argument: str) -> Iterator[Statement]:
        text = self._variables.filled(argument, lambda value: value.replace("\\", "\\\\"))
        if not text:
            raise GrammarError(r"Nothing to send. The syntax is :raw BYTES, such as :raw NOOP\n.")
        yield SendRaw(place, raw_bytes(text))

    def _answer(self, place: Place, argument: str) -> Iterator[Statement]:
        yield TextAnswer(place, self._variables.filled(argument))

    def _secret(self, place: Place, argument: str) -> Iterator[Statement]:
        if not argument or len(argument.split()) > 1:
            raise GrammarError(
                ":secret must be followed by the name of an environment variable, not a password."
            )
        value = self._environment.get(argument)
        if not value:
            named = argument if argument.isupper() else "that :secret names"  # not a password
            raise GrammarError(f"the environment variable {named} is not set or is empty.")
        yield SecretAnswer(place, argument, Secret(os.fsencode(value)))


def parsed(parser: Parser, data: bytes) -> Iterator[Statement]:
    """Yield the statements and mistakes of a whole file."""
    for line in lines_of(data):
        yield from parser.line(line)
    yield from parser.end()


def _identity(file: str) -> str:
    return os.path.realpath(file) if file != STANDARD_INPUT else file


def _check_typable(data: bytes) -> None:
    if _UNTYPABLE.search(data):
        what = "a NUL" if b"\0" in data else "a bare CR"
        raise GrammarError(rf"a line must not contain {what}; :raw sends it, as \0 or \r.")


def _octets(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _in_pattern(value: str) -> str:
    return re.escape(value).replace("/", r"\/")


def _sentence(text: str) -> str:
    """Return `text` as a sentence that is safe to show after FILE:LINE."""
    return visible_text(text)
