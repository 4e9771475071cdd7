"""Reads TOML, and finds the line of each mistake and of each key in a document.

The standard library reads TOML, but does not say where a value came from. `lines_of` walks through
a document that has been read without a mistake, and only records line numbers.
"""

from __future__ import annotations

import re
from typing import Any

Path = tuple[str | int, ...]

DEEPEST = 64  # parts of a key with dots: the time to read one grows with their square
_DOTTED = re.compile(r"""[\w"'-]+(?:[ \t]*\.[ \t]*[\w"'-]+)*""")
_LONG_NUMBER = re.compile(r"[0-9][0-9_]{4000}")  # more digits than int() reads
_AT_LINE = re.compile(r" \(at line (\d+), column \d+\)")
_BLANK = re.compile(r"(?:\s+|#[^\n]*)*")  # and comments
_BARE_KEY = re.compile(r"[\w-]*")
_PLAIN = re.compile(r"[^,\]}\n#]*")  # a number, a date, true or false
# The content of a string, by how it begins; up to two quotes may precede the end of a long one.
_STRING = {
    '"': re.compile(r'[^"\\]*(?:\\.[^"\\]*)*', re.DOTALL),
    "'": re.compile(r"[^']*"),
    '"""': re.compile(r'[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*', re.DOTALL),
    "'''": re.compile(r"[^']*(?:'(?!'')[^']*)*"),
}
_QUOTES = {'"': re.compile('"*'), "'": re.compile("'*")}


class TomlMistake(ValueError):
    """Raised when text cannot be read as TOML.

    `line` is the line number, counted from 1. The message does not end with a full stop.
    """

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line


def read_toml(text: str) -> dict[str, Any]:
    """Return the tables of a TOML text. Raises TomlMistake for any invalid text."""
    import tomllib

    for found in _DOTTED.finditer(text):
        if found[0].count(".") >= DEEPEST:
            raise TomlMistake(_line_at(text, found.start()), f"a key has more than {DEEPEST} parts")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _AT_LINE.search(str(error))
        line = int(place[1]) if place else text.count("\n") + 1
        reason = _AT_LINE.sub("", str(error)).removesuffix(" (at end of document)")
        raise TomlMistake(line, reason.rstrip(".")) from None
    except RecursionError:
        raise TomlMistake(1, "it is nested too deeply") from None
    except ValueError:  # from int(), or for an impossible date
        found = _LONG_NUMBER.search(text)
        line = _line_at(text, found.start()) if found else 1
        raise TomlMistake(line, "a number or a date is invalid") from None


def _line_at(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


def lines_of(text: str, first: int = 1) -> dict[Path, int]:
    """Return the line number of each key, table and list element in `text`, keyed by its path.

    `first` is the number of the first line. A path consists of keys and, for list elements,
    positions counted from 0.
    """
    return _Walk(text, first).document()


class _Walk:
    def __init__(self, text: str, first: int) -> None:
        self._text = text
        self._at = 0
        self._line = first
        self._found: dict[Path, int] = {}
        self._tables: dict[Path, int] = {}  # arrays of tables: how many so far

    def document(self) -> dict[Path, int]:
        here: Path = ()
        while self._skip():
            if self._ahead("[["):
                here = self._array_header()
            elif self._ahead("["):
                self._take(1)
                line = self._line
                keys = self._key()
                self._parents(keys, line)
                here = self._resolve(keys)
                self._found[here] = line
                self._skip()
                self._take(1)
            else:
                self._pair(here)
        return self._found

    def _array_header(self) -> Path:
        self._take(2)
        line = self._line
        keys = self._key()
        self._parents(keys, line)
        self._skip()
        self._take(2)
        base = self._resolve(keys[:-1]) + keys[-1:]
        number = self._tables.get(base, -1) + 1
        self._tables[base] = number
        self._found.setdefault(base, line)
        here: Path = (*base, number)
        self._found[here] = line
        return here

    def _parents(self, keys: Path, line: int) -> None:
        """Record `line` for each parent table that does not have a header of its own yet."""
        for depth in range(1, len(keys)):
            self._found.setdefault(self._resolve(keys[:depth]), line)

    def _resolve(self, keys: Path) -> Path:
        """Return the path that the keys denote at this point of the document.

        The path includes the position of the current element of each array of tables.
        """
        path: Path = ()
        for key in keys:
            path = (*path, key)
            if path in self._tables:
                path = (*path, self._tables[path])
        return path

    def _pair(self, here: Path) -> None:
        line = self._line
        keys = self._key()
        for depth in range(1, len(keys) + 1):
            self._found.setdefault(here + keys[:depth], line)
        self._skip()
        self._take(1)  # =
        self._skip()
        self._value(here + keys)

    def _value(self, path: Path) -> None:
        if self._ahead('"') or self._ahead("'"):
            self._string()
        elif self._ahead("["):
            self._take(1)
            number = 0
            while self._skip() and not self._ahead("]"):
                self._found[(*path, number)] = self._line
                self._value((*path, number))
                number += 1
                self._comma()
            self._take(1)
        elif self._ahead("{"):
            self._take(1)
            while self._skip() and not self._ahead("}"):
                self._pair(path)
                self._comma()
            self._take(1)
        else:
            self._match(_PLAIN)

    def _comma(self) -> None:
        if self._skip() and self._ahead(","):
            self._take(1)

    def _key(self) -> Path:
        keys: list[str | int] = []
        while self._skip():
            if self._ahead('"') or self._ahead("'"):
                keys.append(self._string())
            else:
                keys.append(self._match(_BARE_KEY))
            self._skip()
            if not self._ahead("."):
                break
            self._take(1)
        return tuple(keys)

    def _string(self) -> str:
        quote = self._text[self._at]
        long = self._ahead(quote * 3)
        end = quote * 3 if long else quote
        self._take(len(end))
        said = self._match(_STRING[end])
        self._take(len(end))
        if long:
            self._match(_QUOTES[quote])
        return said

    def _skip(self) -> bool:
        """Skip white space and comments. Return whether anything follows."""
        self._match(_BLANK)
        return self._at < len(self._text)

    def _match(self, pattern: re.Pattern[str]) -> str:
        """Consume and return the text that the pattern matches here, which may be empty."""
        found = pattern.match(self._text, self._at)
        assert found is not None
        self._take(len(found[0]))
        return found[0]

    def _ahead(self, words: str) -> bool:
        return self._text.startswith(words, self._at)

    def _take(self, count: int) -> None:
        self._line += self._text.count("\n", self._at, self._at + count)
        self._at += count
