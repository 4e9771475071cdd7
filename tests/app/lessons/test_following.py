"""At the end of a lesson, the next one is suggested, in the same language if there is one."""

from __future__ import annotations

from pathlib import Path

import pytest
from heloscope.app.lessons import following as module
from heloscope.app.lessons.following import following


@pytest.fixture
def three(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("01-a.md", "01-a.de.md", "02-b.md", "02-b.de.md", "03-c.md"):
        (tmp_path / name).touch()
    monkeypatch.setattr(module, "BUILT_IN", tmp_path)


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("number", "language", "named"),
    [
        (1, "", "2"),
        (1, "de", "2 de"),
        (2, "de", "3"),
        (1, "fr", "2"),
        (3, "de", ""),
        (0, "", ""),
    ],
)
def test_the_next_lesson_is_named_in_the_language_of_this_one_where_it_is_there(
    number: int, language: str, named: str
) -> None:
    assert following(number, language) == named
