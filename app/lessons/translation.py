"""A lesson in another language, whose texts replace those of the original.

Goals, wrong moves, examples and worlds always come from the original, so that a translation cannot
change what is checked. Each step of a translation contains a digest of the original texts. If the
digest no longer matches, the original has changed since.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from msgspec.structs import replace

from .mistakes import Mistake, Mistakes, nearest
from .model import Choice, Lesson, Question, Step, WrongMove
from .reader import Reading, read_file

_NAME = re.compile(r"(.+)\.([a-z]{2,3}(?:-[A-Za-z]{2,4})?)\.md\Z")


def language_of(path: Path) -> str:
    """Return the language of a file such as `NAME.de.md`, or "" for an original."""
    found = _NAME.match(path.name)
    return found[2] if found else ""


def original_of(path: Path) -> Path:
    """Return the path of a translation's original."""
    found = _NAME.match(path.name)
    return path.with_name(f"{found[1]}.md") if found else path


def translations_of(path: Path) -> dict[str, Path]:
    """Return the translations next to a lesson's file, keyed by language."""
    beside = sorted(path.parent.glob(f"{path.name.removesuffix('.md')}.*.md"))
    return {language: each for each in beside if (language := language_of(each))}


def digest(step: Step) -> str:
    """Return a short digest of all texts of a step."""
    texts = [
        step.title, step.prompt, step.afterwards, step.notice, step.more, *step.hints,
        *(move.say for move in step.wrong_moves),
    ]  # fmt: skip
    for question in step.questions:
        texts.append(question.ask)
        texts += [text for choice in question.choices for text in (choice.text, choice.says)]
    said = "\0".join(" ".join(text.split()) for text in texts)
    return hashlib.sha256(said.encode("utf-8", "surrogateescape")).hexdigest()[:8]


def translated(lesson: Lesson, texts: Lesson) -> Lesson:
    """Return the lesson with the texts of its translation.

    Where the translation has no text, the original text is kept.
    """
    by_id = {step.id: step for step in texts.steps}
    steps = tuple(
        _step(step, by_id[step.id]) if step.id in by_id else step for step in lesson.steps
    )
    return replace(
        lesson,
        title=texts.title or lesson.title,
        intro=texts.intro or lesson.intro,
        notice=texts.notice or lesson.notice,
        steps=steps,
        language=language_of(Path(texts.path)),
    )


def _step(step: Step, texts: Step) -> Step:
    said = {move.id: move.say for move in texts.wrong_moves}
    asked = {question.id: question for question in texts.questions}

    def move(each: WrongMove) -> WrongMove:
        return replace(each, say=said.get(each.id) or each.say)

    def question(each: Question) -> Question:
        return _question(each, asked[each.id]) if each.id in asked else each

    return replace(
        step,
        title=texts.title or step.title,
        prompt=texts.prompt or step.prompt,
        afterwards=texts.afterwards or step.afterwards,
        notice=texts.notice or step.notice,
        more=texts.more or step.more,
        hints=texts.hints or step.hints,
        wrong_moves=tuple(map(move, step.wrong_moves)),
        predictions=tuple(map(question, step.predictions)),
        asks=tuple(map(question, step.asks)),
    )


def _question(question: Question, texts: Question) -> Question:
    def choice(each: Choice) -> Choice:
        found = texts.choice(each.key)
        if found is None:
            return each
        return replace(each, text=found.text or each.text, says=found.says or each.says)

    return replace(
        question,
        ask=texts.ask or question.ask,
        choices=tuple(map(choice, question.choices)),
    )


def check_translation(path: Path) -> Reading:
    """Read a translation, and compare it with its original. Raises OSError."""
    reading = read_file(path, translation=True)
    found = Mistakes()
    for mistake in reading.mistakes:
        found.add(mistake.line, mistake.text)
    original = read_file(original_of(path)).lesson
    for mistake in _differences(original, reading.lesson):
        found.add(mistake.line, mistake.text)
    return Reading(translated(original, reading.lesson), found.sorted())


def _differences(original: Lesson, texts: Lesson) -> list[Mistake]:
    found: list[Mistake] = []
    by_id = {step.id: step for step in original.steps}
    for step in texts.steps:
        source = by_id.get(step.id)
        if source is None:
            hint = nearest(step.id, by_id) or "."
            found.append(Mistake(step.line, f'The original has no step "{step.id}"{hint}'))
            continue
        wanted = digest(source)
        if step.original != wanted:
            why = "has changed since" if step.original else "is not named"
            found.append(
                Mistake(
                    step.line,
                    f'The original of "{step.id}" {why}: compare the texts, then '
                    f'set original = "{wanted}".',
                )
            )
        moves = {move.id for move in source.wrong_moves}
        for move in step.wrong_moves:
            if move.id not in moves:
                text = f'The original has no wrong move "{move.id}"{nearest(move.id, moves) or "."}'
                found.append(Mistake(move.line, text))
        asked = {question.id: question for question in source.questions}
        for question in step.questions:
            if question.id not in asked:
                hint = nearest(question.id, asked) or "."
                text = f'The original has no question "{question.id}"{hint}'
                found.append(Mistake(question.line, text))
                continue
            for choice in question.choices:
                if asked[question.id].choice(choice.key) is None:
                    text = f'The original has no choice "{choice.key}" for this question.'
                    found.append(Mistake(question.line, text))
    done = {step.id for step in texts.steps}
    found += [
        Mistake(1, f'The step "{step.id}" is not translated. Its digest is "{digest(step)}".')
        for step in original.steps
        if step.id not in done
    ]
    return found
