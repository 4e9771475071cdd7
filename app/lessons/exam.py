"""An examination: puzzles and their answers, in an order determined by a seed.

A puzzle is a lesson in the folder `puzzles`, or any file given by name. The same seed makes the
same examination on every machine, so that a teacher can set and grade it.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from .library import lesson_files
from .model import Lesson, Question, Step

PUZZLES = Path(__file__).parent / "puzzles"
"""The folder of the puzzles that come with heloscope."""
NAME = "exam"


def is_exam(lesson: Lesson) -> bool:
    """Return whether a lesson is an examination."""
    return lesson.name.startswith(f"{NAME}-")


def graded_by(lesson: Lesson) -> str:
    """Return the command that grades an examination once it is over."""
    seed = lesson.name.removeprefix(f"{NAME}-")
    return f"heloscope lesson grade --last --exam {seed} {lesson.options}".rstrip()


def puzzle_files() -> list[Path]:
    """Return the files of the puzzles that come with heloscope."""
    return lesson_files(PUZZLES)


def make(puzzles: Sequence[Lesson], seed: str, count: int | None = None) -> Lesson:
    """Make an examination of `count` puzzles, or of all of them. Its steps have no hints.

    The titles and IDs do not reveal which puzzles they are. Raises ValueError if there are no
    puzzles.
    """
    if not any(puzzle.steps for puzzle in puzzles):
        raise ValueError("no puzzles found")
    chance = random.Random(f"heloscope {seed}")
    order = sorted((puzzle for puzzle in puzzles if puzzle.steps), key=lambda each: each.name)
    chance.shuffle(order)
    steps: list[Step] = []
    for number, puzzle in enumerate(order[:count], 1):
        for place, step in enumerate(puzzle.steps, 1):
            title = f"Puzzle {number}, step {place}"
            name = f"puzzle-{number}-{place}"
            prompt = f"{puzzle.intro}\n\n{step.prompt}" if place == 1 else step.prompt
            world = replace(step.world, alias=f"puzzle-{number}")
            shown = replace(step, id=name, title=title, prompt=prompt.strip(), world=world)
            steps.append(_without_help(shown, chance))
    minutes = sum(puzzle.minutes for puzzle in order[:count])
    return Lesson(f"{NAME}-{seed}", f"Examination {seed}", "", tuple(steps), minutes)


def _without_help(step: Step, chance: random.Random) -> Step:
    """Reduce a step to its task, without hints, responses or closing text."""
    return replace(
        step,
        hints=(),
        wrong_moves=(),
        afterwards="",
        notice="",
        more="",
        predictions=tuple(_shuffled(question, chance) for question in step.predictions),
        asks=tuple(_shuffled(question, chance) for question in step.asks),
    )


def _shuffled(question: Question, chance: random.Random) -> Question:
    """Return a question with its choices shuffled, with new keys and without responses."""
    choices = list(question.choices)
    chance.shuffle(choices)
    numbered = [
        replace(choice, key=str(number), says="") for number, choice in enumerate(choices, 1)
    ]
    return replace(question, choices=tuple(numbered))
