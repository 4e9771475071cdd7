"""The line of each key of a TOML document, for everything that TOML allows."""

from __future__ import annotations

import tomllib

import pytest
from heloscope.session.toml_lines import Path, lines_of

TEXT = '''
a = [ # [[rule]]
  "x = 1", """
b = 2
""",
]
"c d".e = "]"
[t . u]
f = { g = 1, h = [
  { i = """"""" }, { i = '#' },
] }
[[r]]
h = \'\'\'
[x]
\'\'\'
[[r]]
h = "\\\\\\""
[[r.s]]
i = 1979-05-27 # a date
[r.v]
"w" . 'x' = -1.5e3
'''


def test_the_line_of_each_key_table_and_element_is_found() -> None:
    assert lines_of(TEXT) == {
        ("a",): 2, ("a", 0): 3, ("a", 1): 3,
        ("c d",): 7, ("c d", "e"): 7,
        ("t",): 8, ("t", "u"): 8, ("t", "u", "f"): 9, ("t", "u", "f", "g"): 9,
        ("t", "u", "f", "h"): 9, ("t", "u", "f", "h", 0): 10, ("t", "u", "f", "h", 0, "i"): 10,
        ("t", "u", "f", "h", 1): 10, ("t", "u", "f", "h", 1, "i"): 10,
        ("r",): 12, ("r", 0): 12, ("r", 0, "h"): 13, ("r", 1): 16, ("r", 1, "h"): 17,
        ("r", 1, "s"): 18, ("r", 1, "s", 0): 18, ("r", 1, "s", 0, "i"): 19,
        ("r", 1, "v"): 20, ("r", 1, "v", "w"): 21, ("r", 1, "v", "w", "x"): 21,
    }  # fmt: skip


def paths(value: object, path: Path = ()) -> set[Path]:
    found = {path} if path else set[Path]()
    if isinstance(value, dict):
        for key, each in value.items():
            found |= paths(each, (*path, str(key)))
    elif isinstance(value, list):
        for place, each in enumerate(value):
            found |= paths(each, (*path, place))
    return found


def test_every_path_that_tomllib_finds_has_a_line() -> None:
    assert paths(tomllib.loads(TEXT)) == set(lines_of(TEXT))


def test_lines_are_counted_from_the_one_that_is_given() -> None:
    assert lines_of("a = 1\nb = 2\n", 10) == {("a",): 10, ("b",): 11}


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing", "# nothing\n"])
def test_a_document_without_keys_has_no_lines(text: str) -> None:
    assert lines_of(text) == {}
