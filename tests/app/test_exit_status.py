"""The exit statuses are listed in one table, which the help and the README show."""

from __future__ import annotations

import re
import signal
from pathlib import Path

from heloscope.app import exit_status

README = Path(__file__).parents[2] / "README.md"


def test_the_statuses_are_those_that_are_promised():
    assert [*exit_status.MEANINGS] == [0, 1, 2, 3, 4, 5, 130, 128 + signal.SIGPIPE]


def test_readme_shows_the_table():
    text = README.read_text(encoding="utf-8").partition("\nExit status:\n")[2].partition("```")[0]
    rows = re.findall(r"^  (\d+) +(.+)$", text, re.MULTILINE)
    assert {int(status): words for status, words in rows} == exit_status.MEANINGS


def test_no_other_file_has_numbers_for_them():
    app = Path(exit_status.__file__).parent
    names = r"\b(?:REFUSED|BAD_INPUT|NO_CONNECTION|NO_TLS|NO_LOGIN|INTERRUPTED|TERMINATED)\b"
    given = re.compile(rf"^{names}(?:, {names})* = \d", re.MULTILINE)
    wrong = [
        str(file.relative_to(app))
        for file in app.rglob("*.py")
        if file.name != "exit_status.py" and given.search(file.read_text(encoding="utf-8"))
    ]
    assert wrong == []
