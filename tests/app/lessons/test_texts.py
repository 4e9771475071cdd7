"""The lessons that come with heloscope are complete, and can be played on the practice server."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from heloscope.app.actions import ACTIONS
from heloscope.app.lessons.changes import Compared, TooLate
from heloscope.app.lessons.exam import puzzle_files
from heloscope.app.lessons.library import BUILT_IN, lesson_files
from heloscope.app.lessons.model import Example, ExampleLine
from heloscope.app.lessons.reader import read_file
from heloscope.app.lessons.rehearsal import Rehearsal
from heloscope.app.lessons.run import Run
from heloscope.app.lessons.translation import check_translation, translations_of
from support.lesson_robot import divergences_of, mistakes_in
from support.rows import for_each

LESSONS = lesson_files(BUILT_IN)
PUZZLES = puzzle_files()
TRANSLATIONS = [each for path in LESSONS for each in translations_of(path).values()]


def name(path: Path) -> str:
    return path.name


@pytest.mark.parametrize("path", [*LESSONS, *PUZZLES], ids=name)
def test_the_file_has_no_mistake_and_each_example_does_what_it_is_there_for(path: Path) -> None:
    assert mistakes_in(path) == []


@pytest.mark.parametrize("path", [*LESSONS, *PUZZLES], ids=name)
async def test_a_robot_does_each_step_and_makes_each_wrong_move(path: Path) -> None:
    assert await divergences_of(path) == []


@for_each(LESSONS)
def test_each_step_ends_with_a_word_and_each_lesson_asks_a_question(path: Path) -> None:
    lesson = read_file(path).lesson
    assert [s.id for s in lesson.steps if not s.is_question and not s.afterwards] == []
    assert any(step.is_question for step in lesson.steps)
    assert lesson.minutes > 0


DONE_ON_THE_WAY = {
    "who-speaks/quit-first", "who-speaks/into-the-pause", "busy/hammers", "busy/talks-to-it",
    "fall-back/again", "fall-back/gives-up", "fall-back/mail-at-once", "no-extensions/address",
    "no-extensions/reset", "forgets/no-mail", "relay/detour", "relay/spelling", "bounce/waits",
    "another-sender/reconnects", "another-sender/repeats", "twice/next-mail",
}  # fmt: skip
"""Wrong moves whose examples also do what the prediction is about."""


@pytest.mark.parametrize("path", LESSONS, ids=name)
def test_a_prediction_is_judged_by_what_it_is_about_and_by_no_wrong_move(path: Path) -> None:
    lesson = read_file(path).lesson
    judged: set[str] = set()
    for number, step in enumerate(lesson.steps):
        for move in step.wrong_moves:
            for example in move.examples:
                changes = Rehearsal(Run(lesson), number).play(example)
                if any(isinstance(change, Compared | TooLate) for change in changes):
                    judged.add(f"{step.id}/{move.id}")
    assert judged <= DONE_ON_THE_WAY


@pytest.mark.parametrize("path", LESSONS, ids=name)
def test_a_prediction_is_not_judged_by_a_line_that_is_refused_for_its_syntax(path: Path) -> None:
    lesson = read_file(path).lesson
    judged: list[tuple[str, str]] = []
    for number, step in enumerate(lesson.steps):
        if not step.world.setup:  # what the server says first is the greeting
            continue
        for verb in ("MAIL", "RCPT", "DATA", "HELO", "VRFY", "AUTH"):
            mistyped = (("C", f"{verb} @@"), ("S", "501 5.5.4 Syntax"))
            lines = tuple(ExampleLine(sign, text, 1) for sign, text in mistyped)
            changes = Rehearsal(Run(lesson), number).play(Example(lines))
            asked = [c.question.id for c in changes if isinstance(c, Compared | TooLate)]
            judged += [(verb, each) for each in asked]
    assert judged == []


@for_each(LESSONS)
def test_each_prediction_is_judged_when_the_step_is_done_as_it_should_be(path: Path) -> None:
    lesson = read_file(path).lesson
    for number, step in enumerate(lesson.steps):
        if step.passes:
            changes = Rehearsal(Run(lesson), number).play(step.passes[0])
            judged = [c.question.id for c in changes if isinstance(c, Compared | TooLate)]
            assert sorted(judged) == sorted(question.id for question in step.predictions)


BRACKETS_ASKED_FOR = {"no-extensions", "too-large", "mail", "rcpt", "relay"}
_PATH = re.compile(r"^(MAIL FROM:|RCPT TO:)<([^>]+)>")


@for_each(LESSONS)
def test_a_step_is_done_without_brackets_where_its_server_takes_that(path: Path) -> None:
    lesson = read_file(path).lesson
    spoiled: list[str] = []
    for number, step in enumerate(lesson.steps):
        for example in step.passes[:1]:
            lines = tuple(
                ExampleLine(each.sign, _PATH.sub(r"\1\2", each.text), each.line)
                if each.sign == "C"
                else each
                for each in example.lines
            )
            run = Run(lesson)
            Rehearsal(run, number).play(Example(lines))
            spoiled += [] if run.step_done else [step.id]
    assert [each for each in spoiled if each not in BRACKETS_ASKED_FOR] == []


def test_no_example_calls_a_message_delivered_that_is_reported_undeliverable_later() -> None:
    lesson = read_file(next(path for path in LESSONS if path.stem.endswith("bounces"))).lesson
    told: list[str] = []
    for step in lesson.steps:
        moves = (example for move in step.wrong_moves for example in move.examples)
        for example in (*step.passes, *step.fails, *moves):
            recipient = ""
            for line in example.lines:
                recipient = line.text if line.text.startswith("RCPT") else recipient
                late = "<late@" in recipient and line.text.startswith("250 2.0.0 Message")
                told += [line.text] if line.sign == "S" and late else []
    assert set(told) == {"250 2.0.0 Message 1 accepted"}


@pytest.mark.parametrize("path", TRANSLATIONS, ids=name)
def test_a_translation_is_complete_and_as_new_as_its_original(path: Path) -> None:
    assert check_translation(path).mistakes == []


@for_each([*LESSONS, *TRANSLATIONS])
def test_keys_and_orders_that_a_text_names_exist(path: Path) -> None:
    text = path.read_text()
    keys = {key for action in ACTIONS.values() for key in action.key.split(",")}
    assert [key for key in re.findall(r"\bF\d+\b", text) if key.lower() not in {*keys, "f6"}] == []
    assert [word for word in re.findall(r"`:([a-z]+)[^`]*`", text) if word not in ACTIONS] == []


@for_each(PUZZLES)
def test_each_puzzle_ends_with_a_verdict(path: Path) -> None:
    assert read_file(path).lesson.steps[-1].is_question


def test_the_files_are_numbered_in_their_order_and_names_are_unique() -> None:
    numbers = [re.match(r"(\d\d)-[a-z0-9-]+\.md\Z", path.name) for path in LESSONS]
    assert [int(found[1]) for found in numbers if found] == list(range(1, len(LESSONS) + 1))
    names = [read_file(path).lesson.name for path in LESSONS]
    assert len(set(names)) == len(names)
