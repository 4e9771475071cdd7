"""Reads a lesson's file, Markdown with TOML blocks, and reports every mistake with its line."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from ..actions import find_action, nearest_action
from ..advice import in_present_keys
from .document import BLOCKS, Section, sections, unclosed
from .example_reader import DOORS, read_examples
from .mistakes import Mistake, Mistakes, listed, nearest
from .model import Choice, Lesson, Pattern, Question, Step, World, WrongMove
from .pattern_reader import read_patterns
from .table import Table, read_block
from .worlds import USERS

LARGEST = 1024 * 1024  # octets of a file
STEPS = 200  # in a lesson
HINTS = 3
NAME = re.compile(r"[a-z0-9][a-z0-9-]*\Z")
_FENCE = re.compile(r"\s*(?:```|~~~)\s*([\w-]+)")
_ANY_STEP = re.compile(r"^```(?:step|question)\b", re.MULTILINE)
_ASIDES = ("afterwards", "notice", "more")
_WORLD = ("scenario", "clock", "connect", "setup", "login", "continues")
_TEXTS = ("id", "original", "hints", "predict", "ask", "wrong")
_CHECKS = (*_WORLD, "goal", "pass", "fail")
_NOTHING = Pattern("all")
_ORDER = re.compile(r"`:([a-z]+)[^`]*`")


class Reading(NamedTuple):
    """The result of reading a file: the lesson, as complete as possible, and the mistakes in it."""

    lesson: Lesson
    mistakes: list[Mistake]


def read_file(path: Path, scenarios: Collection[str] = (), *, translation: bool = False) -> Reading:
    """Read a lesson from its file. Raises OSError."""
    import os

    from ...session.private_file import UnsafeFile, open_regular

    with os.fdopen(open_regular(path), "rb") as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise UnsafeFile(path, f"it is larger than {LARGEST:,} bytes")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        name = name_of(path)
        return Reading(Lesson(name, name, "", ()), [Mistake(line, "This line is not valid UTF-8.")])
    text = in_present_keys(text)
    if scenarios:
        return read(text, path, scenarios, translation=translation)
    lesson, mistakes = _read_once(text, path, translation)
    return Reading(lesson, [*mistakes])


@lru_cache(maxsize=64)  # the built-in lessons, and some more
def _read_once(text: str, path: Path, translation: bool) -> Reading:
    return read(text, path, translation=translation)


def name_of(path: Path) -> str:
    """Return the default name of a lesson: its file name without number and extension."""
    return re.sub(r"\A\d+-", "", path.name.partition(".")[0]).lower() or "lesson"


def read(
    text: str,
    path: Path | None = None,
    scenarios: Collection[str] = (),
    *,
    translation: bool = False,
) -> Reading:
    """Read a lesson from its text.

    `scenarios` are the names of the scenarios that a step may use, or empty if they are not known.
    If `translation` is true, the text must contain only what is translated, and no goals or checks.
    """
    return _Reader(text, path or Path("lesson.md"), scenarios, translation).read()


class _Reader:
    def __init__(
        self, text: str, path: Path, scenarios: Collection[str], translation: bool
    ) -> None:
        self._text = text
        self._path = path
        self._scenarios = scenarios
        self._translation = translation
        self._mistakes = Mistakes()
        self._ids: dict[str, int] = {}

    def read(self) -> Reading:
        self._fences()
        self._orders()
        title, intro, notice, minutes, after = "", "", "", 0, ()
        name, line, at = name_of(self._path), 1, 1
        steps: list[Step] = []
        above = False  # whether there is text above the title
        for group in _groups(sections(self._text)):
            head = group[0]
            if head.level <= 1:
                above = above or (not head.level and bool(head.prose))
                if title:
                    self._wrong(
                        head.line, "A lesson must have only one title (# ...). Steps begin with ##."
                    )
                title, intro, line = head.title or title, head.prose, head.line
                for table in self._blocks(head, ("lesson",)):
                    table.known(("name", "minutes", "after"))
                    name = self._name(table) or name
                    minutes, after = table.number("minutes"), table.texts("after")
                    at = table.line_of("after")
            elif head.title.casefold() == "notice" and not head.blocks:
                notice = head.prose
            else:
                steps += self._step(group)
        if name in after:
            self._wrong(at, f'The lesson cannot require itself: "{name}" is its own name.')
        if not title:
            self._wrong(
                1, "The lesson has no title: its first line must be # followed by the title."
            )
        elif above:
            self._wrong(
                1, "The title (# ...) must be the first line: the text above it is ignored."
            )
        if not steps and not _ANY_STEP.search(self._text):  # else its mistakes are reported
            self._wrong(line, "The lesson has no steps: add a heading (##) with a ```step block.")
        if len(steps) > STEPS:
            self._wrong(steps[STEPS].line, f"A lesson may have at most {STEPS} steps.")
        if steps and steps[0].world.continues:
            self._wrong(
                steps[0].line, "The first step cannot continue: there is no step before it."
            )
        lesson = Lesson(
            name,
            title or name,
            intro,
            tuple(steps),
            minutes,
            after,
            notice,
            str(self._path),
            line=at,
        )
        return Reading(lesson, self._mistakes.sorted())

    def _wrong(self, line: int, text: str) -> None:
        self._mistakes.add(line, text)

    def _fences(self) -> None:
        """Record a mistake for each misspelt kind of block, and for a block that is not closed.

        A block with a misspelt kind would be read as prose.
        """
        for number, line in enumerate(self._text.splitlines(), 1):
            found = _FENCE.match(line)
            if found and found[1] not in BLOCKS and nearest(found[1], BLOCKS):
                self._wrong(number, f'Unknown block "{found[1]}"{nearest(found[1], BLOCKS)}')
        if (begins := unclosed(self._text)) is not None:
            self._wrong(begins, "The block that begins here is not closed: end it with a line ```.")

    def _orders(self) -> None:
        """Record a mistake for each order that is named in a text but does not exist."""
        for number, line in enumerate(self._text.splitlines(), 1):
            for word in _ORDER.findall(line):
                if find_action(word) is None:
                    near = nearest_action(word)
                    meant = f"; did you mean :{near}?" if near else "."
                    self._wrong(number, f"Unknown order :{word}{meant}")

    def _name(self, table: Table) -> str:
        name = table.text("name")
        if name and not NAME.match(name):
            table.wrong(
                f'A name must consist of lower-case letters, digits and hyphens, not "{name}".',
                "name",
            )
        return name

    def _blocks(self, section: Section, allowed: tuple[str, ...]) -> list[Table]:
        found: list[Table] = []
        for block in section.blocks:
            if block.kind not in allowed:
                where = "below the title" if block.kind == "lesson" else "below a heading (##)"
                self._wrong(block.line - 1, f"A {block.kind} block must be {where}.")
            elif found:
                self._wrong(block.line - 1, "There must be only one block below a heading.")
            elif table := read_block(block, self._mistakes):
                found.append(table)
        return found

    # Steps

    def _step(self, group: list[Section]) -> list[Step]:
        head = group[0]
        asides = self._asides(group[1:])
        tables = self._blocks(head, ("step", "question"))
        if not head.blocks:
            self._wrong(head.line, f'"{head.title}" has no ```step or ```question block.')
        if not tables:
            return []
        (table,) = tables
        name = self._id(table)
        if not head.prose and table.name == "the step block":
            self._wrong(head.line, f'"{head.title}" has no text: tell the learner what to do.')
        step = Step(
            id=name,
            title=head.title,
            prompt=head.prose,
            goal=_NOTHING,
            afterwards=asides.get("afterwards", ""),
            notice=asides.get("notice", ""),
            more=asides.get("more", ""),
            line=head.line,
        )
        if table.name == "the question block":
            return [self._question_step(table, step)]
        return [self._full_step(table, step)]

    def _asides(self, found: list[Section]) -> dict[str, str]:
        asides: dict[str, str] = {}
        for section in found:
            name = section.title.casefold()
            self._blocks(section, ())
            if name not in _ASIDES:
                hint = nearest(section.title, _ASIDES)
                known = listed([each.capitalize() for each in _ASIDES])
                self._wrong(section.line, f'Unknown heading "{section.title}"'
                            f"{hint or f'. Use {known}.'}")  # fmt: skip
            elif name in asides:
                self._wrong(section.line, f'"{section.title}" occurs twice.')
            else:
                asides[name] = section.prose
                if not section.prose:
                    self._wrong(section.line, f'"{section.title}" is empty.')
        return asides

    def _id(self, table: Table) -> str:
        name = table.text("id", needed=True)
        if name and not NAME.match(name):
            table.wrong(
                f'An ID must consist of lower-case letters, digits and hyphens, not "{name}".', "id"
            )
        if name in self._ids:
            table.wrong(
                f'The ID "{name}" is already used by the step at line {self._ids[name]}.', "id"
            )
        elif name:
            self._ids[name] = table.line_of("id")
        return name or f"step-{len(self._ids)}"

    def _question_step(self, table: Table, step: Step) -> Step:
        from msgspec.structs import replace

        table.known(("id", "original", "ask", "choice"))
        question = self._question(table, "answer")
        return replace(step, asks=(question,), is_question=True, original=table.text("original"))

    def _full_step(self, table: Table, step: Step) -> Step:
        from msgspec.structs import replace

        self._known(table, (*_TEXTS, *_CHECKS))
        goal = read_patterns(table, "goal")
        step = replace(
            step,
            goal=goal,
            world=self._world(table),
            predictions=self._questions(table, "predict", ("until", "required")),
            asks=self._questions(table, "ask", ()),
            passes=read_examples(table, "pass"),
            fails=read_examples(table, "fail"),
            wrong_moves=self._wrong_moves(table),
            hints=self._hints(table),
            original=table.text("original"),
        )
        if not self._translation:
            self._require(table, step)
        return step

    def _known(self, table: Table, keys: tuple[str, ...]) -> None:
        """Check the keys of a table. Those of the original are wrong in a translation."""
        table.known(keys)
        if self._translation:
            for key in table.values:
                if key in (*_CHECKS, "when", "example", "until", "required", "right"):
                    table.wrong(
                        f'"{key}" must not be in a translation: it belongs to the original.', key
                    )

    def _require(self, table: Table, step: Step) -> None:
        if "goal" not in table.values and not step.asks:
            table.wrong("The step has no goal: add goal = [ ... ], or a question.")
        elif table.values.get("goal") in ([], {}):
            table.wrong('"goal" is empty.', "goal")
        if "goal" in table.values and "pass" not in table.values:
            table.wrong('"pass" is missing: add an example that completes the step.')
        if "goal" in table.values and "fail" not in table.values:
            table.wrong('"fail" is missing: add a near miss that must not complete the step.')
        if "hints" not in table.values:
            table.wrong(f'"hints" is missing: add {HINTS} texts, the last one a worked example.')
        known = {question.id for question in step.questions}
        for pattern in step.goal.walk():
            if pattern.kind == "said":
                wanted = pattern.where["said"].source
                if wanted not in known and "*" not in wanted and "/" not in wanted:
                    hint = nearest(wanted, known) or "."
                    self._wrong(pattern.line, f'The step has no question "{wanted}"{hint}')

    def _hints(self, table: Table) -> tuple[str, ...]:
        found = table.texts("hints")
        if "hints" in table.values and len(found) != HINTS:
            table.wrong(
                f'"hints" must have {HINTS} texts, not {len(found)}; the last is a worked example.',
                "hints",
            )
        return found

    def _world(self, table: Table) -> World:
        scenario = table.text("scenario") or "friendly"
        if self._scenarios and scenario not in self._scenarios:
            hint = nearest(scenario, self._scenarios) or "."
            table.wrong(f'Unknown scenario "{scenario}"{hint}', "scenario")
        connect = table.values.get("connect", True)
        if not isinstance(connect, bool) and connect not in DOORS:
            table.wrong(f'"connect" must be true or false, or one of {listed(DOORS)}.', "connect")
            connect = True
        setup = table.texts("setup", may_be_empty=True)
        for place, line in enumerate(setup):
            in_message = "DATA" in (each.strip().upper() for each in setup[:place])
            if not (line.strip() or in_message):
                table.wrong('A text in "setup" is empty.', "setup", place)
        if setup and connect is False:
            table.wrong('"setup" requires a connection: omit connect = false.', "setup")
        login = table.text("login")
        if login and login not in USERS:
            table.wrong(f'Unknown user "{login}"{nearest(login, USERS) or "."}', "login")
        return World(
            scenario, connect, setup, login, table.flag("continues"),
            table.seconds("clock"),
        )  # fmt: skip

    def _wrong_moves(self, table: Table) -> tuple[WrongMove, ...]:
        found: list[WrongMove] = []
        for place, each in enumerate(table.tables("wrong", "a wrong move"), 1):
            self._known(each, ("id", "when", "say", "example"))
            name = each.text("id") or str(place)
            if any(name == other.id for other in found):
                each.wrong(f'Two wrong moves have the ID "{name}".', "id")
            when = _NOTHING
            if "when" in each.values:
                when = read_patterns(each, "when")
            elif not self._translation:
                each.wrong('"when" is missing in a wrong move: add the pattern that recognises it.')
            say = each.text("say", needed=True)
            if not self._translation and "example" not in each.values:
                each.wrong(
                    '"example" is missing in a wrong move: add a conversation that makes it.'
                )
            examples = read_examples(each, "example")
            found.append(WrongMove(name, when, say, examples, each.line))
        return tuple(found)

    # Questions

    def _questions(self, table: Table, key: str, more: tuple[str, ...]) -> tuple[Question, ...]:
        found: list[Question] = []
        for place, each in enumerate(table.tables(key, f"[[{key}]]"), 1):
            self._known(each, ("id", "ask", "choice", *more))
            question = self._question(each, f"{key}-{place}")
            if any(question.id == other.id for other in found):
                each.wrong(f'Two questions have the ID "{question.id}".', "id")
            found.append(question)
        return tuple(found)

    def _question(self, table: Table, default: str) -> Question:
        name = default if default == "answer" else table.text("id") or default
        until = None
        if "until" in table.values:
            until = read_patterns(table, "until")
        elif default.startswith("predict") and not self._translation:
            table.wrong('"until" is missing in a prediction: add the event that answers it.')
        choices = self._choices(table)
        ask = table.text("ask", needed=True)
        if not self._translation:
            if len(choices) < 2:
                table.wrong("A question must have at least two choices.")
            elif not any(choice.right for choice in choices):
                table.wrong("No choice is right: mark one with right = true.")
            elif all(choice.right for choice in choices):
                table.wrong("All choices are right: a question must have a wrong one.")
        return Question(name, ask, choices, until, table.flag("required"), table.line)

    def _choices(self, table: Table) -> tuple[Choice, ...]:
        found: list[Choice] = []
        for place, each in enumerate(table.tables("choice", "a choice"), 1):
            self._known(each, ("key", "text", "says", "right"))
            key = each.values.get("key", place)
            key = str(key) if isinstance(key, int) else each.text("key")
            if any(key == other.key for other in found):
                each.wrong(f'Two choices have the key "{key}".', "key")
            if len(key) != 1:
                each.wrong(f'The key of a choice must be one character, not "{key}".', "key")
            text, says = each.text("text", needed=True), each.text("says", needed=True)
            found.append(Choice(key, text, says, each.flag("right")))
        return tuple(found)


def _groups(found: list[Section]) -> list[list[Section]]:
    """Group each section of level 3 with the section to which it belongs."""
    groups: list[list[Section]] = []
    for section in found:
        if section.level == 3 and groups:
            groups[-1].append(section)
        else:
            groups.append([section])
    return groups
