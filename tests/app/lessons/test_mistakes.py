"""Every kind of mistake in a lesson's file is reported with its line, and all of them at once."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from heloscope.app.lessons.check import play_all
from heloscope.app.lessons.mistakes import Mistake
from heloscope.app.lessons.reader import read, read_file
from hypothesis import given, settings
from hypothesis import strategies as st
from support.rows import for_each

HERE = Path(__file__).parent
GOOD = (HERE / "good.md").read_text()
CASES = tomllib.loads((HERE / "mistakes.toml").read_text())["case"]
SCENARIOS = ("friendly", "busy", "lax-dot")


def mistakes(text: str) -> list[Mistake]:
    reading = read(text, Path("sender.md"), SCENARIOS)
    return sorted({*reading.mistakes, *play_all(reading.lesson, reading.mistakes)})


def changed(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new, 1)


def test_a_good_lesson_has_no_mistake() -> None:
    assert mistakes(GOOD) == []


@for_each(CASES, lambda case: case["name"])
def test_a_mistake_is_told_at_its_line(case: dict[str, str]) -> None:
    text = changed(case["old"], case["new"])
    found = mistakes(text)
    told = [each.line for each in found if case["says"] in each.text]
    lines = text.split("\n")
    assert [lines[line - 1] for line in told[:1]] == [case["at"]], found
    assert len(found) <= 3, "one mistake must not bring a crowd of others"


def test_all_mistakes_are_told_at_once_in_their_order() -> None:
    text = changed("minutes = 5", "minute = 5").replace('"MAIL", clean', '"MIAL", clean')
    found = mistakes(text.replace('says = "No, me."\n', ""))
    assert [each.text for each in found] == [
        'Unknown key "minute" in the lesson block; did you mean "minutes"?',
        'Unknown verb "MIAL"; did you mean "MAIL"?',
        '"says" is missing in a choice.',
    ]
    assert [each.line for each in found] == [7, 19, 64]


def test_a_key_of_the_step_below_a_table_is_told_where_it_belongs() -> None:
    found = mistakes(changed('"""\n```\n\n### After', '"""\nhints = []\n```\n\n### After'))
    (one,) = found
    assert one.text.startswith('Unknown key "hints" in a wrong move. It belongs to the step: ')


def test_a_file_that_is_not_utf_8_is_told_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "x.md"
    path.write_bytes(b"# Title\n\nGr\xfc\xdfe\n")
    assert read_file(path).mistakes == [Mistake(3, "This line is not valid UTF-8.")]


def test_an_empty_file_is_told_in_two_sentences() -> None:
    assert [each.text for each in mistakes("")] == [
        "The lesson has no steps: add a heading (##) with a ```step block.",
        "The lesson has no title: its first line must be # followed by the title.",
    ]


def test_a_block_that_cannot_be_read_is_not_told_as_missing_too() -> None:
    block = GOOD[GOOD.index("```step") : GOOD.index("```", GOOD.index("```step") + 3) + 3]
    text = f"# A title\n\n## A step\n\nDo it.\n\n{block.replace('id = ', 'id = = ', 1)}\n"
    (one,) = mistakes(text)
    assert one.text.startswith("This is not valid TOML: ")


@pytest.mark.parametrize(
    ("line_end", "told"), [("word\\\n", True), ("word \\\n", False), ("\\\\n\\\n", False)]
)
def test_a_line_that_goes_on_without_a_blank_is_told(line_end: str, told: bool) -> None:
    found = mistakes(changed('say = "', f'say = """\nOne {line_end}another """ #"'))
    joined = [
        each for each in found if each.text.startswith("The backslash removes the line ending")
    ]
    assert bool(joined) is told


def test_what_a_file_says_is_made_safe_to_show() -> None:
    (found,) = mistakes(changed("minutes = 5", '"\\u001b[31mx" = 5'))
    assert found.text.startswith(r'Unknown key "\x1b[31mx"')


@pytest.mark.parametrize("depth", [50, 5000])
def test_patterns_that_are_nested_without_end_are_refused(depth: int) -> None:
    goal = "{ all = [" * depth + '{ command = "*" }' + "] }" * depth
    found = mistakes(changed('{ reply = "250", to = "MAIL", clean = "bad-path" }', goal))
    assert any("nested too deeply" in each.text for each in found)


PIECES = (
    "", '"', "[", "]", "{", "}", "=", "\n", "#", "```", "step", "1", "true", "[]", '"""', "\\",
    "{}", "/", "*", "C: ", "raw: \\x", "got: <> -> a", "tls: failed", "saw: row", "said: ",
    "quiet: nan", "\0", "é", "never = true", 'times = "=0"', "then", "all",
    "99999999999999999999", "2027-01-01", "connect = false\n", "| x", 'id = ""\n',
)  # fmt: skip


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, len(GOOD)), st.integers(0, 12), st.sampled_from(PIECES)),
                min_size=1, max_size=4))  # fmt: skip
def test_no_file_whatever_is_in_it_makes_the_check_fail(cuts: list[tuple[int, int, str]]) -> None:
    text = GOOD
    for start, length, piece in cuts:
        text = text[:start] + piece + text[start + length :]
    found = mistakes(text)
    assert all(1 <= each.line <= text.count("\n") + 2 for each in found)
