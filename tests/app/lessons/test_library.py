"""Which lessons exist, where their files are, and how they are found and loaded."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from heloscope.app.lessons import library, progress
from heloscope.app.lessons.library import (
    LanguageNotFound,
    LessonNotFound,
    entries,
    find,
    load,
    with_language,
)
from heloscope.app.lessons.progress import Done, Progress
from heloscope.app.lessons.reader import Reading, read_file
from support.lesson_play import step
from support.rows import for_each

TEXT = '# TITLE\n\n```lesson\nname = "NAME"\nminutes = 5\n```\n' + step('{ command = "NOOP" }')


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Create the user's folder with two lessons, a translation, and a file that is not a lesson."""
    folder = tmp_path / "lessons"
    folder.mkdir()
    for file, name in (("a.md", "first"), ("b.md", "second")):
        (folder / file).write_text(TEXT.replace("NAME", name).replace("TITLE", name.title()))
    (folder / "a.de.md").write_text("# Erste\n")
    (folder / "notes.txt").write_text("no lesson")
    (folder / ".hidden.md").write_text("no lesson")
    monkeypatch.setattr(library, "own_folder", lambda: folder)
    return folder


def test_the_users_own_lessons_follow_the_built_in_ones(own: Path) -> None:
    found = entries()
    mine = [entry for entry in found if entry.own]
    assert [entry.number for entry in found] == list(range(1, len(found) + 1))
    assert [(e.name, e.title, e.minutes, e.languages) for e in mine] == [
        ("first", "First", 5, ("de",)),
        ("second", "Second", 5, ()),
    ]
    assert found[-2:] == mine


def test_a_folder_that_is_missing_holds_no_lessons(tmp_path: Path) -> None:
    assert not [entry for entry in entries(tmp_path / "nothing") if entry.own]


def test_the_mistakes_of_a_file_are_counted_in_the_list(own: Path) -> None:
    (own / "c.md").write_text("# Third\n\nNo step.\n")
    assert entries()[-1].faults == 1


def test_a_lesson_is_found_by_its_number_its_name_and_its_file(own: Path) -> None:
    number = next(entry.number for entry in entries() if entry.name == "second")
    for word in (str(number), "second", "b", str(own / "b.md")):
        assert find(word) == own / "b.md"
    assert find("1") == library.BUILT_IN / "01-greeting.md"
    assert find("greeting") == find("1")


def test_no_lesson_behind_the_one_that_is_named_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def noted(path: Path) -> Reading:
        read.append(path.name)
        return read_file(path)

    monkeypatch.setattr(library, "read_file", noted)
    find("2")
    assert [name[:2] for name in read] == ["01", "02"]


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("secnd", 'unknown lesson "secnd"; did you mean "second"?'),
        ("999", 'unknown lesson "999"; heloscope lesson lists the lessons.'),
        ("nothing.md", "file not found: nothing.md."),
        ("\x1b[31m", r'unknown lesson "\x1b[31m"'),
    ],
)
def test_what_is_no_lesson_is_said_in_a_sentence(own: Path, word: str, says: str) -> None:
    with pytest.raises(LessonNotFound) as caught:
        find(word)
    assert says in str(caught.value)


def test_a_built_in_lesson_has_its_number_and_another_file_has_none(own: Path) -> None:
    assert load(find("1")).number == 1
    assert load(find("second")).number == 0


# Languages


def test_a_lesson_is_loaded_in_the_language_of_a_translation_or_its_own(own: Path) -> None:
    assert (load(find("first")).title, load(find("first"), "DE").title) == ("First", "Erste")
    assert load(find("1"), "de").language == "de"
    assert load(find("1"), "en") == load(find("1"))


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("1", 'the lesson greeting does not exist in "fr". Languages: en, de.'),
        ("2", 'the lesson helo does not exist in "fr". Languages: en.'),
        ("first", 'the lesson first does not exist in "fr". Languages: de.'),
        ("second", 'the lesson second does not exist in "fr". It has no translations.'),
    ],
)
def test_a_language_that_a_lesson_has_not_is_said_with_those_that_it_has(
    own: Path, word: str, says: str
) -> None:
    with pytest.raises(LanguageNotFound) as caught:
        load(find(word), "fr")
    assert str(caught.value) == says


@for_each(
    [
        ("1", ("1", "")),
        ("greeting  pt-BR ", ("greeting", "pt-BR")),
        ("~/my lessons/a.md", ("~/my lessons/a.md", "")),
        ("~/my lesson.md", ("~/my lesson.md", "")),
        ("~/my lesson.md de", ("~/my lesson.md", "de")),
        ("1 German", ("1", "German")),
    ]
)
def test_the_word_behind_a_lesson_is_its_language(text: str, named: tuple[str, str]) -> None:
    assert with_language(text) == named


# Progress


def test_progress_is_saved_for_the_user_alone_and_loaded_again(tmp_path: Path) -> None:
    done = Progress()
    done.note("greeting", "one", at="two")
    done.note("greeting", "one", at="two")
    done.note("greeting", "two")
    progress.save(done, tmp_path / "state")
    file = tmp_path / "state" / "lessons.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    found = progress.load(tmp_path / "state")
    assert found.of("greeting") == Done(["one", "two"], "")
    assert (found.last, found.of("other")) == ("greeting", Done())
    found.forget("greeting")
    assert found.of("greeting") == Done()


def test_without_a_file_nothing_was_done_and_nothing_is_told(tmp_path: Path) -> None:
    told: list[str] = []
    assert progress.load(tmp_path, told.append) == Progress()
    assert told == []


@pytest.mark.parametrize(
    "data",
    [
        b"nonsense",
        b'{"lessons": []}',
        b'{"lessons": {"a": {"steps": [1]}}}',
        b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_a_damaged_file_is_told_and_replaced(tmp_path: Path, data: bytes) -> None:
    tmp_path.chmod(0o700)
    (tmp_path / "lessons.json").write_bytes(data)
    told: list[str] = []
    found = progress.load(tmp_path, told.append)
    assert found == Progress()
    assert len(told) == 1 and "has been damaged" in told[0]
    found.note("greeting", "one")
    progress.save(found, tmp_path)
    assert progress.load(tmp_path, told.append).of("greeting").steps == ["one"]


def test_a_file_that_is_no_file_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    (tmp_path / "lessons.json").mkdir()
    told: list[str] = []
    assert progress.load(tmp_path, told.append) == Progress()
    assert "Cannot read" in told[0]


def test_names_that_no_lesson_has_are_dropped(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    (tmp_path / "lessons.json").write_text(
        '{"lessons": {"\\u001b[31m": {"steps": ["x"]}, "a": {"steps": ["x\\n", "ok"]}}}'
    )
    found = progress.load(tmp_path)
    assert found.lessons == {"a": Done(["ok"])}
