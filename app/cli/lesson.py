"""`heloscope lesson`: list the lessons, start one, check a file, or grade a recording."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from ...session.plural import plural
from ...session.visible import visible_text
from .ending import leave
from .lesson_grade import exam, grade
from .sentence import SentenceCommand


class LessonCommand(SentenceCommand):
    """`heloscope lesson`, whose first argument may be one of its subcommands or a lesson."""

    def main(
        self, args: Sequence[str] | None = None, prog_name: str | None = None, *rest: Any,
        **extra: Any,
    ) -> Any:  # fmt: skip
        """Run the subcommand in COMMANDS that the first word names, or else the command itself."""
        words = list(sys.argv[1:] if args is None else args)
        if words and words[0] in COMMANDS:
            return COMMANDS[words[0]].main(words[1:], f"{prog_name} {words[0]}", *rest, **extra)
        return super().main(words, prog_name, *rest, **extra)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands below the options."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, each.short_help or "") for name, each in COMMANDS.items()])


@click.command(cls=LessonCommand)
@click.argument("name", required=False)
@click.option("--step", metavar="ID", help="Start with this step, given by its ID or number.")
@click.option("--language", metavar="LANG", help='The language, such as "de" (default: English).')
@click.option("--json", "as_json", is_flag=True, help="List the lessons, one JSON object per line.")
@click.option("--plain", is_flag=True, help="One line per event, no screen; see heloscope --help.")
@click.help_option("-h", "--help", help="Show this help and exit.")
def command(
    name: str | None, step: str | None, language: str | None, as_json: bool, plain: bool
) -> None:
    """List the lessons, or start the one called NAME.

    NAME is a number in the list, a name, or a lesson file.
    """
    if not name:
        _list(as_json=as_json)
        return
    from ..lessons.library import LanguageNotFound, LessonNotFound, find, load

    try:
        path = find(name)
        lesson = load(path, language or "")
    except (LessonNotFound, LanguageNotFound) as error:
        leave(f"lesson: {error}", 2)
    except OSError as error:
        leave(f"lesson: cannot read {name}: {error.strerror or error}.", 2)
    if not lesson.steps:
        leave(f"lesson: {name} has no steps; heloscope lesson check {name} shows why.", 2)
    from ..lessons.opening import Opening
    from .start import start_app, start_plain

    opening = Opening(lesson, path, _place(lesson.steps, step))
    start = start_plain if plain else start_app
    sys.exit(start("practice", record=True, opening=opening))


def _place(steps: Sequence[Any], step: str | None) -> int | None:
    """Return the position of the requested step, or None if none was requested.

    Ends the program if there is no such step.
    """
    if step is None:
        return None
    for place, each in enumerate(steps):
        if step in (each.id, str(place + 1)):
            return place
    leave(f'lesson: this lesson has no step "{visible_text(step)}". '
          f"Its steps: {', '.join(each.id for each in steps)}.", 2)  # fmt: skip


def _list(*, as_json: bool) -> None:
    from ..lessons import library, progress

    done = progress.load()
    found = library.entries()
    if as_json:
        import json

        for entry in found:
            ids = [step for step in done.of(entry.name).steps if step in entry.steps]
            fields = {
                "number": entry.number, "name": entry.name, "title": entry.title,
                "minutes": entry.minutes, "steps": len(entry.steps), "done": len(ids),
                "file": str(entry.path), "languages": list(entry.languages),
            }  # fmt: skip
            click.echo(json.dumps(fields))
        return
    for entry in found:
        click.echo(_line(entry, done.of(entry.name)))
    click.echo(
        f"\nheloscope lesson 1 starts the first. Your own lessons go in {library.own_folder()}"
    )


def _line(entry: Any, done: Any) -> str:
    """Return a line of the list, such as `1. Title (name), 10 minutes, 2 of 6 steps`."""
    count = len([step for step in entry.steps if step in done.steps])
    words = [f"{entry.number}. {visible_text(entry.title)} ({visible_text(entry.name)})"]
    if entry.minutes:
        words.append(plural(entry.minutes, "{} minute"))
    if entry.languages:
        words.append(f"also in {' '.join(entry.languages)}")
    if count and count == len(entry.steps):
        words.append("done")
    elif done.known:
        words.append("known")
    elif count:
        words.append(f"{count} of {plural(len(entry.steps), '{} step')}")
    if entry.faults:
        words.append(f"{plural(entry.faults, '{} mistake')} in the file")
    return ", ".join(words)


# check


@click.command("check", cls=SentenceCommand, short_help="Report every mistake in a lesson file.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--play", is_flag=True, help="Also play the examples on the practice server.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per mistake.")
@click.help_option("-h", "--help", help="Show this help and exit.")
def check(files: tuple[str, ...], play: bool, as_json: bool) -> None:
    """Check lessons, reporting each mistake as FILE:LINE: sentence.

    All examples are checked: those that must pass, the near misses that must not, and those of the
    wrong moves. With --play, they are also played on the practice server.
    """
    import json

    count = 0
    for name in files:
        title, steps, mistakes = _check(Path(name), play=play)
        count += len(mistakes)
        for line, text in mistakes:
            if as_json:
                click.echo(json.dumps({"file": name, "line": line, "text": text}))
            else:
                click.echo(f"{visible_text(name)}:{line}: {text}")
        if not mistakes and not as_json:
            told = plural(steps, "{} step")
            click.echo(f"{visible_text(name)}: no mistakes. {visible_text(title)}, {told}.")
    if count:
        if not as_json and len(files) > 1:
            click.echo(plural(count, "{} mistake"))
        sys.exit(1)


def _check(path: Path, *, play: bool) -> tuple[str, int, list[tuple[int, str]]]:
    from ...session.practice.scenarios.table import SCENARIOS
    from ..lessons.check import check_file, check_names
    from ..lessons.translation import check_translation, language_of, original_of

    try:
        if language_of(path) and original_of(path).exists():
            reading = check_translation(path)
        else:
            reading = check_file(path, SCENARIOS)
            if reading.lesson.after:  # it may refer to other lessons in its folder
                reading = check_names(reading, _names(path))
            if play and not reading.mistakes:
                reading = _played(reading)
    except OSError as error:
        leave(f"lesson check: cannot read {path}: {error.strerror or error}.", 2)
    found = [(mistake.line, mistake.text) for mistake in reading.mistakes]
    return reading.lesson.title, len(reading.lesson.steps), found


def _names(path: Path) -> set[str]:
    """Return the names of the lessons to which the lesson at `path` may refer.

    They are those in the list and those in the lesson's own folder.
    """
    from ..lessons.library import entries

    return {entry.name for entry in (*entries(), *entries(path.parent))}


def _played(reading: Any) -> Any:
    import asyncio
    import logging

    from ..lessons.robot import play_lesson

    log = logging.getLogger("heloscope")
    before = log.level
    log.setLevel(logging.ERROR)  # a slow machine is not a mistake
    try:
        mistakes = sorted(asyncio.run(play_lesson(reading.lesson)))
    finally:
        log.setLevel(before)
    return reading._replace(mistakes=mistakes)


COMMANDS: dict[str, click.Command] = {"check": check, "grade": grade, "exam": exam}
