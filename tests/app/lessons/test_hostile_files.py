"""Whatever a lesson's file contains, each mistake is reported with its line, and nothing hangs."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from heloscope.app.lessons.check import check_file
from heloscope.app.lessons.values import Text
from support.rows import for_each

STEP = """# A

## S

Do.

```step
id = "a"
goal = [{goal}]
pass = ["C: NOOP\\nS: 250 x"]
fail = ["{fail}"]
hints = ["a", "b", "c"]
{more}
```
"""


def mistakes(folder: Path, goal: str, fail: str = "C: RSET", more: str = "") -> list[str]:
    file = folder / "lesson.md"
    file.write_text(STEP.format(goal=goal, fail=fail, more=more))
    return [f"{each.line}: {each.text}" for each in check_file(file).mistakes]


NOOP = '{ command = "NOOP" }'


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("clock = " + "9" * 6000, "13: This is not valid TOML: a number or a date is invalid."),
        ("at = 2026-02-30", "13: This is not valid TOML: Invalid date or datetime."),
        (
            ".".join("a" * 20_000) + " = 1",
            "13: This is not valid TOML: a key has more than 64 parts.",
        ),
        ("x = " + "[" * 5000, "8: This is not valid TOML: it is nested too deeply."),
    ],
)
def test_what_the_reader_of_toml_cannot_bear_is_a_mistake_at_its_line(
    tmp_path: Path, more: str, told: str
) -> None:
    assert mistakes(tmp_path, NOOP, more=more)[-1] == told


def test_a_name_of_a_million_letters_is_read_at_once(tmp_path: Path) -> None:
    (told, *_) = mistakes(tmp_path, NOOP, more="b" * 900_000 + " = 1")
    assert told.startswith('13: Unknown key "bbb') and len(told) < 400


def test_an_expression_that_takes_for_ever_is_interrupted_and_told(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGALRM)
    slow = "{ line = '/(x*)*y/', side = \"C\" }"
    found = mistakes(tmp_path, slow, fail="C: " + "x" * 60)
    (told,) = (each for each in found if "takes too long" in each)
    assert told.startswith("9: A regular expression in this pattern takes too long: avoid a repe")
    assert signal.getsignal(signal.SIGALRM) is before


def test_any_number_of_stars_is_compared_in_one_walk() -> None:
    assert not Text("*a" * 200 + "b").matches("a" * 4000)
    assert Text("*a" * 200 + "*").matches("A" * 4000)


@for_each(
    [
        ("abc", "ABC", True),
        ("abc", "abcd", False),
        ("*", "", True),
        ("a*", "abc", True),
        ("*c", "abc", True),
        ("a*a", "a", False),
        ("ab*ba", "aba", False),
        ("a*b*c", "a\nb\nc", True),
        ("a*b*b", "ab", False),
        ("", "", True),
        ("", "a", False),
    ]
)
def test_a_star_stands_for_anything(pattern: str, text: str, fits: bool) -> None:
    assert Text(pattern).matches(text) is fits
