"""`heloscope lesson grade` grades recordings; `heloscope lesson exam` starts an examination."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ...session.plural import plural
from ...session.private_file import open_output, overwrite
from ...session.visible import visible_text
from .ending import leave
from .sentence import SentenceCommand

if TYPE_CHECKING:
    from ...session.record.reader import Recording
    from ..lessons.grade import Grade
    from ..lessons.latest import Latest
    from ..lessons.model import Lesson


@click.command(
    "grade", cls=SentenceCommand, short_help="Report which steps were done in a recording."
)
@click.argument("files", nargs=-1, metavar="[FILE...]")
@click.option("--last", is_flag=True, help="Grade the newest run of the lesson.")
@click.option("--lesson", "name", metavar="NAME", help="The lesson: a number, a name or a file.")
@click.option("--exam", "seed", metavar="SEED", help="Grade the examination with this seed.")
@click.option("--puzzle", "puzzles", multiple=True, metavar="FILE", help="As in lesson exam.")
@click.option("--count", metavar="N", type=click.IntRange(1, 100), help="As in lesson exam.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--junit", metavar="FILE", help="Write a JUnit report to FILE (- prints it).")
@click.help_option("-h", "--help", help="Show this help and exit.")
def grade(
    files: tuple[str, ...],
    last: bool,
    name: str | None,
    seed: str | None,
    puzzles: tuple[str, ...],
    count: int | None,
    as_json: bool,
    junit: str | None,
) -> None:
    """Grade the recordings of one learner: report which steps of a lesson were done.

    With --last, the recordings of your newest run of a lesson are graded; each connection has its
    own recording. --lesson or --exam selects the lesson; otherwise any lesson counts.

    Recordings made in a lesson contain its name. For others, such as those of a program, use
    --lesson; steps that cannot be judged from the bytes alone are then "not shown". The exit status
    is 0 if every step was done, and 1 otherwise.
    """
    from ..lessons.grade import grade as graded

    if seed and name:
        leave("lesson grade: use either --lesson or --exam, not both.", 2)
    if bool(files) is last:
        leave("lesson grade: name the recordings, or use --last for your newest sessions.", 2)
    lesson = _exam(seed, puzzles, count) if seed else _lesson(name) if name else None
    if last:
        newest = _newest(lesson)
        files = tuple(str(path) for path in newest.all)
        lesson = lesson or _lesson(_named_in((str(newest.marked),)))
    if lesson is None:
        lesson = _lesson(_named_in(files))
    with ExitStack() as open_files:
        found = graded(lesson, [open_files.enter_context(_open(file)) for file in files])
    for problem in found.problems:
        print(f"heloscope: {visible_text(problem)}", file=sys.stderr)
    if junit == "-":
        click.echo(as_junit(found), nl=False)
    elif junit:
        try:
            overwrite(junit, open_output(junit), as_junit(found).encode())
        except OSError as error:
            leave(f"lesson grade: {junit} cannot be written: {error.strerror or error}.", 1)
    if as_json:
        import json

        click.echo(json.dumps({**as_object(found), "files": list(files)}))
    elif junit != "-":
        click.echo(as_text(found))
    if found.done < len(found.steps):
        sys.exit(1)


def _open(file: str) -> Recording:
    from ...session.record.reader import Recording, RecordingError

    try:
        return Recording(file)
    except RecordingError as error:
        leave(f"lesson grade: {file} cannot be graded: {error}", 2)
    except OSError as error:
        leave(f"lesson grade: cannot read {file}: {error.strerror or error}.", 2)


def _newest(lesson: Lesson | None) -> Latest:
    """Return the recordings of the user's newest run of `lesson`, or of any lesson if it is None.

    Ends the program if there are none.
    """
    from ...session.record.journal import folder
    from ..lessons.latest import latest

    try:
        found = latest(folder(), lesson.name if lesson is not None else "")
    except OSError as error:
        leave(f"lesson grade: cannot read {folder()}: {error.strerror or error}.", 2)
    if found is None:
        which = f"of {lesson.name}" if lesson is not None else "of a lesson"
        leave(f"lesson grade: no recording {which} found; heloscope lesson starts a lesson and "
              "records it.", 2)  # fmt: skip
    return found


def _lesson(name: str) -> Lesson:
    from ..lessons.library import LessonNotFound, find, load

    try:
        return load(find(name))
    except LessonNotFound as error:
        leave(f"lesson grade: {error}", 2)
    except OSError as error:
        leave(f"lesson grade: cannot read {name}: {error.strerror or error}.", 2)


def _named_in(files: tuple[str, ...]) -> str:
    """Return the lesson that the recordings name. Ends the program if there is not exactly one."""
    from ..lessons.grade import lessons_in

    with ExitStack() as open_files:
        names = lessons_in([open_files.enter_context(_open(file)) for file in files])
    if len(names) == 1:
        return names[0]
    if not names:
        leave("lesson grade: the recordings name no lesson; use --lesson NAME.", 2)
    leave(f"lesson grade: the recordings name several lessons ({', '.join(names)}); "
          "use --lesson NAME.", 2)  # fmt: skip


def as_text(found: Grade) -> str:
    """Return a grade as text: a line for each step, followed by the total."""
    lines = [f"{step.state:<9}  {visible_text(step.title)} ({step.id})" for step in found.steps]
    sum_up = f"{found.done} of {plural(len(found.steps), '{} step')} done"
    shown = visible_text(found.title)
    return "\n".join([shown, *lines, f"{sum_up}."])


def as_object(found: Grade) -> dict[str, Any]:
    """Return a grade as a JSON object."""
    return {
        "lesson": found.lesson,
        "title": found.title,
        "done": found.done,
        "of": len(found.steps),
        "marked": found.marked,
        "steps": [
            {"id": s.id, "title": s.title, "state": s.state, "misses": s.misses}
            for s in found.steps
        ],
        "problems": list(found.problems),
    }


def as_junit(found: Grade) -> str:
    """Return a grade as a JUnit report with a test case for each step."""
    from xml.etree import ElementTree

    from ..lessons.grade import NOT_DONE, NOT_SHOWN

    states = [step.state for step in found.steps]
    suite = ElementTree.Element(
        "testsuite",
        name=visible_text(found.lesson),
        tests=str(len(states)),
        failures=str(states.count(NOT_DONE)),
        skipped=str(states.count(NOT_SHOWN)),
    )
    for step in found.steps:
        case = ElementTree.SubElement(
            suite, "testcase", classname=visible_text(found.lesson), name=visible_text(step.title)
        )
        if step.state == NOT_DONE:
            ElementTree.SubElement(case, "failure", message="This step was not done.")
        elif step.state == NOT_SHOWN:
            ElementTree.SubElement(
                case, "skipped", message="This step cannot be judged from the bytes alone."
            )
    ElementTree.indent(suite)
    return f"<?xml version='1.0' encoding='utf-8'?>\n{ElementTree.tostring(suite, 'unicode')}\n"


# exam


@click.command(
    "exam", cls=SentenceCommand, short_help="Start an examination generated from a seed."
)
@click.argument("seed")
@click.option(
    "--puzzle", "puzzles", multiple=True, metavar="FILE", help="Your own puzzle; may be repeated."
)
@click.option("--count", metavar="N", type=click.IntRange(1, 100), help="The number of puzzles.")
@click.option("--plain", is_flag=True, help="One line per event, no screen; see heloscope --help.")
@click.help_option("-h", "--help", help="Show this help and exit.")
def exam(seed: str, puzzles: tuple[str, ...], count: int | None, plain: bool) -> None:
    """Start the examination generated from SEED, a word or number that the teacher hands out.

    The seed determines the order of the puzzles and of the answers to their questions. There are no
    hints, and the first answer counts. The session is recorded; heloscope lesson grade --exam SEED
    FILE grades it.
    """
    from ..lessons.opening import Opening
    from .start import start_app, start_plain

    lesson = _exam(seed, puzzles, count)
    start = start_plain if plain else start_app
    sys.exit(start("practice", record=True, opening=Opening(lesson, Path(), 0)))


def _exam(seed: str, puzzles: tuple[str, ...], count: int | None) -> Lesson:
    import shlex

    from msgspec.structs import replace

    from ..lessons.exam import make, puzzle_files
    from ..lessons.reader import NAME, read_file

    if not NAME.match(seed):
        leave(f"lesson exam: SEED must be lower-case letters, digits and hyphens, not {seed}.", 2)
    lessons: list[Lesson] = []
    for path in [Path(name) for name in puzzles] or puzzle_files():
        try:
            lessons.append(read_file(path).lesson)
        except OSError as error:
            leave(f"lesson exam: cannot read {path}: {error.strerror or error}.", 2)
    try:
        made = make(lessons, seed, count)
    except ValueError as error:
        leave(f"lesson exam: {error}; add some with --puzzle FILE.", 2)
    options = [f"--puzzle {shlex.quote(name)}" for name in puzzles]
    options += [f"--count {count}"] if count is not None else []
    return replace(made, options=" ".join(options))
