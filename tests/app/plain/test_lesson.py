"""A lesson line by line: the steps, the verdicts as words, the questions and the hints."""

from __future__ import annotations

from pathlib import Path

from heloscope.app.lessons.library import find
from heloscope.app.plain.lesson import paragraphs
from support.lesson_play import step
from support.plain import Run

LESSON = find("1")


async def learnt(folder: Path, *lines: str) -> tuple[list[str], bool]:
    run = Run(lines)
    said = await run.in_lesson(LESSON, folder)
    return said.lines, run.console.made.lesson.finished


async def test_a_step_that_is_done_says_so_and_an_empty_line_goes_on(tmp_path: Path):
    lines, finished = await learnt(tmp_path, "", ":explain", "", ":q")
    heads = [line for line in lines if line.startswith("lesson: step")]
    assert [head.partition(": ")[2].partition(":")[0] for head in heads] == [
        "step 1 of 6", "step 2 of 6",
    ]  # fmt: skip
    assert any(
        line.startswith("done: The server spoke first, without being asked.") for line in lines
    )
    assert not finished


async def test_a_wrong_move_is_answered_with_not_yet_and_the_line_that_it_is_about(tmp_path: Path):
    lines, _ = await learnt(tmp_path, "", "EHLO me", ":q")
    at = next(n for n, line in enumerate(lines) if line.startswith("not yet: "))
    assert lines[at] == "not yet: about the line EHLO me"
    assert lines[at + 1].startswith("not yet: That is the right command")


async def test_a_step_that_is_not_done_is_not_left_by_an_empty_line(tmp_path: Path):
    lines, _ = await learnt(tmp_path, "", "", "", ":next", ":q")
    assert sum(line.startswith("lesson: step") for line in lines) == 1
    assert any(line.startswith("note: This step is not done yet.") for line in lines)


async def test_the_list_names_the_languages_and_a_lesson_is_begun_in_one(tmp_path: Path):
    lines, _ = await learnt(tmp_path, "", ":lesson", "1 de", ":lesson 1 fr", ":q")
    assert any(
        line.startswith("  1. What a mail server says first, also in de") for line in lines
    ), lines
    assert "lesson: 1. Was ein Mailserver zuerst sagt" in lines
    assert any(
        line.endswith('The lesson greeting does not exist in "fr". Languages: en, de.')
        for line in lines
    ), lines


async def test_hints_and_a_prediction(tmp_path: Path):
    lines, _ = await learnt(
        tmp_path, "", ":hint", ":explain", "", ":predict 1", ":reconnect", ":q"
    )  # fmt: skip
    assert any(line.startswith("hint 1: The line to read") for line in lines)
    at = lines.index("asked: Who sends the first line on a new connection?")
    assert lines[at + 1 : at + 3] == ["asked: 1. The server", "asked: 2. The client"]
    assert any(line.startswith("right: Yes: 220 came") for line in lines[at:])


async def test_the_key_of_an_answer_is_taken_alone_and_without_a_warning(tmp_path: Path):
    lines, _ = await learnt(tmp_path, "", ":explain", "", "9", "1", ":reconnect", ":q")
    assert "note: Choose one of the answers: 1, 2, 3." in lines
    assert not any("sent all the same" in line for line in lines)
    assert any(line.startswith("right: Yes: 220 came") for line in lines)


def test_lines_of_code_stay_lines_and_the_keys_that_mark_a_row_are_left_out():
    text = "Ask with\nthese:\n\n    MAIL FROM:<>\n    DATA\n\nMark it (F6, then the\narrow keys)."
    wanted = ["Ask with these:", "MAIL FROM:<>", "DATA", "Mark it."]
    assert list(paragraphs(text)) == wanted


async def test_a_step_that_has_a_row_marked_says_how(tmp_path: Path):
    lesson = tmp_path / "row.md"
    lesson.write_text(
        "# Row\n" + step('{ saw = "row", reply = "250", to = "NOOP" }').replace("it.", "it (F6).")
    )
    run = Run(["NOOP", "EHLO me", ":find OK", ":explain", "", ":q"])
    said = await run.in_lesson(lesson, tmp_path)
    assert "note: :find TEXT finds a row, and :explain then reads and marks it" in said.lines
    assert any(line.startswith("done: ") for line in said.lines)


def test_a_sentence_on_the_way_back_to_the_command_line_is_left_out():
    text = "Press F3, and read what appears. Esc takes you back to the\ncommand line. Then go on."
    assert list(paragraphs(text)) == ["Type :explain, and read what appears. Then go on."]
