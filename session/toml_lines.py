"""Reads TOML, with the line of each mistake, and on which line each key of a document stands.

The standard library reads TOML but does not tell where a value came from. `lines_of` walks through
a document that was read without a mistake, and only notes lines.
"""

from __future__ import annotations

import re
from typing import Any

Path = tuple[str | int, ...]

DEEPEST = 64  # parts of a key with dots: the time to read one grows with their square
_DOTTED = re.compile(r"""[\w"'-]+(?:[ \t]*\.[ \t]*[\w"'-]+)*""")
_LONG_NUMBER = re.compile(r"[0-9][0-9_]{4000}")  # more digits than int() reads
_AT_LINE = re.compile(r" \(at line (\d+), column \d+\)")


class TomlMistake(ValueError):
    """The text is no TOML that can be read; `line` counts from 1, the message has no full stop."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line


def read_toml(text: str) -> dict[str, Any]:
    """The tables of a TOML text. Raises TomlMistake, whatever the text is."""
    import tomllib

    for found in _DOTTED.finditer(text):
        if found[0].count(".") >= DEEPEST:
            raise TomlMistake(_line_at(text, found.start()), f"a key has over {DEEPEST} parts")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _AT_LINE.search(str(error))
        line = int(place[1]) if place else text.count("\n") + 1
        reason = _AT_LINE.sub("", str(error)).removesuffix(" (at end of document)")
        raise TomlMistake(line, reason.rstrip(".")) from None
    except RecursionError:
        raise TomlMistake(1, "it is nested too deeply") from None
    except ValueError:  # of int(), or of a date that there is not
        found = _LONG_NUMBER.search(text)
        line = _line_at(text, found.start()) if found else 1
        raise TomlMistake(line, "a number or a date cannot be read") from None


def _line_at(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


def lines_of(text: str, first: int = 1) -> dict[Path, int]:
    """The line of each key, table and list element in `text`, whose first line is number `first`.

    A path holds keys and, for elements of a list, their places from 0.
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
        """Tables that are only named on the way begin there, too."""
        for depth in range(1, len(keys)):
            self._found.setdefault(self._resolve(keys[:depth]), line)

    def _resolve(self, keys: Path) -> Path:
        """A path of keys with the last element of each array of tables on the way."""
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
            while self._at < len(self._text) and self._text[self._at] not in ",]}\n#":
                self._take(1)

    def _comma(self) -> None:
        if self._skip() and self._ahead(","):
            self._take(1)

    def _key(self) -> Path:
        keys: list[str | int] = []
        while self._skip():
            if self._ahead('"') or self._ahead("'"):
                keys.append(self._string())
            else:
                start = self._at
                while self._at < len(self._text) and (
                    self._text[self._at].isalnum() or self._text[self._at] in "-_"
                ):
                    self._take(1)
                keys.append(self._text[start : self._at])
            self._skip()
            if not self._ahead("."):
                break
            self._take(1)
        return tuple(keys)

    def _string(self) -> str:
        text = self._text
        quote = text[self._at]
        long = text.startswith(quote * 3, self._at)
        end = quote * 3 if long else quote
        self._take(len(end))
        start = self._at
        while self._at < len(text) and not self._ahead(end):
            self._take(2 if quote == '"' and self._ahead("\\") else 1)
        said = text[start : self._at]
        self._take(len(end))
        while long and self._ahead(quote):  # up to two quotes may stand before the end
            self._take(1)
        return said

    def _skip(self) -> bool:
        """Go to the next thing that is no blank and no comment. Returns whether there is one."""
        text = self._text
        while self._at < len(text):
            if text[self._at] == "#":
                while self._at < len(text) and text[self._at] != "\n":
                    self._at += 1
            elif text[self._at].isspace():
                self._take(1)
            else:
                return True
        return False

    def _ahead(self, words: str) -> bool:
        return self._text.startswith(words, self._at)

    def _take(self, count: int) -> None:
        self._line += self._text.count("\n", self._at, self._at + count)
        self._at += count
