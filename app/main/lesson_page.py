"""The text of the lesson pane: the step, the question, the answers, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from ...widgets.lesson.pane import Choice, LessonPage, LessonPart
from ..advice import do, key_of
from ..lessons.exam import graded_by, is_exam
from ..lessons.following import following
from ..lessons.guide import Guide
from ..lessons.model import Question
from ..lessons.remark import Remark
from ..lessons.run import Run
from ..lessons.undone import undone
from .lesson_prompt import first_of_message, next_typed
from .lesson_prompt import following as comes_next

_HEADS = {
    "answer": ("About that line", "$text-warning"),
    "right": ("Right", "$text-success"),
    "wrong": ("Not quite", "$text-warning"),
    "late": ("Not predicted", "$text-warning"),
    "offer": ("A hint?", "$text-accent"),
    "spoiled": ("Try again", "$text-warning"),
    "unprepared": ("Not ready", "$text-error"),
    "note": ("", ""),
}
_READS = "Shift+Tab: read on"


def page_of(
    guide: Guide, *, narrow: bool, planned: bool, writing: bool = False, message: bool = False
) -> LessonPage:
    """Return the page of a lesson in progress.

    `narrow` moves the heading of the step into the title. `planned` is true if Enter runs the next
    step of a plan, `writing` if typed text goes into a message or an answer to AUTH, where orders
    cannot be typed, and `message` if it goes into a message.
    """
    run = guide.run
    assert run is not None
    lesson = run.lesson
    named = f"Lesson {lesson.number}" if lesson.number else "Lesson"
    named = lesson.title if is_exam(lesson) else named
    way = "Shift+Tab, then " if writing else ""
    if run.finished:
        parts, foot = _end(guide, run), f"{way}Enter: leave  {do('lesson')}: all lessons"
        title = named if is_exam(lesson) else f"{named}: {lesson.title}"
        return LessonPage(title, foot, "end", parts, offers=("next", "back", "leave"))
    if guide.introducing:
        parts = (LessonPart("" if narrow else lesson.title, lesson.intro),)
        return LessonPage(
            f"{named}: {lesson.title}" if narrow else named, f"{way}Enter: begin", "intro", parts,
            offers=("next", "leave"), here="Enter: begin",
            reads="Space: read on" if writing else _READS,
        )  # fmt: skip
    place = f"step {run.index + 1} of {len(lesson.steps)}"
    step = run.step
    state = ", done" if run.step_done else ""
    title = f"{named}, {place}{state}: {step.title}" if narrow else f"{named}, {place}{state}"
    open_now = run.question
    parts = [LessonPart("" if narrow else step.title, step.prompt)]
    parts += [_remark(remark) for remark in guide.remarks if remark.kind == "note"]
    if guide.astray:
        parts.append(_astray(guide.astray))
    said = [remark for remark in guide.remarks if remark.kind != "note"]
    if open_now is not None:  # the verdict on another question precedes this one
        before = [remark for remark in said if remark.about not in ("", open_now.id)]
        said = [remark for remark in said if remark.about in ("", open_now.id)]
        parts += [_remark(remark) for remark in before]
        parts.append(_asked(open_now, guide.answers.get(open_now.id, "")))
    elif not run.step_done:
        parts += _last_answer(guide, run, narrow=narrow)
    parts += [_remark(remark) for remark in said]
    if run.step_done:
        parts += _after(guide, run, said)
    keys = tuple(choice.key for choice in open_now.choices) if open_now is not None else ()
    foot = _foot(guide, run, keys, planned=planned, writing=writing)
    predicted = run.expecting and open_now is None
    writes, at_work = message and not run.step_done, open_now is None and not run.step_done
    types = first_of_message(step) if writes else next_typed(step, run.typed) if predicted else ""
    return LessonPage(
        title, foot, (lesson.name, step.id, guide.begun),
        tuple(parts), keys, _offers(run), "Space: read on" if writing else _READS,
        "preparing the step …" if run.waiting else _key_of_foot(guide, run, keys),
        act="message" if writes and types else "step" if predicted else "", types=types,
        follows=comes_next(step, run.typed) if at_work and not message else "",
        late=open_now is not None and open_now.until is None and run.seen,
    )  # fmt: skip


def _offers(run: Run) -> tuple[str, ...]:
    found = ["fold", "leave", "repeat"]
    if run.step_done:
        found += ["next", *(["details"] if run.step.more else [])]
    else:
        found += ["jump", *(["hint"] if run.step.hints else [])]
    if run.index:
        found.append("back")
    return tuple(found)


def _foot(guide: Guide, run: Run, keys: tuple[str, ...], *, planned: bool, writing: bool) -> str:
    """Return what to do next, for the border of the pane."""
    if run.waiting:
        return "preparing the step …"
    if writing:
        return f"Shift+Tab, then {_key_of_foot(guide, run, keys)}"
    if run.step_done:
        more = "  m: more" if run.step.more and not guide.details else ""
        if planned:
            return f"{do('next')}: continue (Enter: step of the plan){more}"
        return f"Enter: continue{more}"
    if keys:
        return f"{do('predict')} KEY" if planned else f"Enter, then {_from_to(keys)}: answer"
    return f"{do('hint')}  {do('jump')}: skip" if run.step.hints else f"{do('jump')}: skip"


def _key_of_foot(guide: Guide, run: Run, keys: tuple[str, ...]) -> str:
    """Return what to do next, in terms of the keys that work in the pane."""
    if run.step_done:
        return "Enter: continue" + ("  m: more" if run.step.more and not guide.details else "")
    if keys:
        return f"{_from_to(keys)}: answer"
    return "h: hint  s: skip" if run.step.hints else "s: skip"


def _from_to(keys: tuple[str, ...]) -> str:
    first, *others = keys
    in_order = [chr(ord(first) + n) for n in range(1, len(keys))]
    if len(keys) > 2 and others == in_order:
        return f"{first} to {others[-1]}"
    return " or ".join(filter(None, (", ".join(keys[:-1]), *keys[-1:])))


def _last_answer(guide: Guide, run: Run, *, narrow: bool) -> list[LessonPart]:
    """Return the last answer without the other choices, which can no longer be chosen.

    Return an empty list if no question of the step has been answered.
    """
    answered = [question for question in run.step.questions if question.id in guide.answers]
    if not answered:
        return []
    question = answered[-1]
    choice = question.choice(guide.answers[question.id])
    if choice is None:
        return []
    said = "You expect" if run.expecting else "You expected" if question.until else "You answered"
    parts = [LessonPart("", f"{said}: {choice.text}", style="$text-accent", echo=True)]
    if not narrow:
        chosen = (Choice(choice.key, choice.text, True),)
        parts = [LessonPart(question.ask, choices=chosen, style="$text-accent", echo=True)]
    if is_exam(run.lesson) and question.until is None and not choice.right:
        parts.append(LessonPart("", f"The first answer counts. `{do('jump')}` continues."))
    return parts


def _asked(question: Question, chosen: str) -> LessonPart:
    choices = tuple(
        Choice(choice.key, choice.text, choice.key == chosen) for choice in question.choices
    )
    return LessonPart(question.ask, choices=choices, style="$text-accent")


def _remark(remark: Remark) -> LessonPart:
    if remark.kind == "hint":
        return LessonPart(f"Hint {remark.number}", remark.text, "$text-accent")
    head, style = _HEADS[remark.kind]
    if remark.kind == "answer" and not remark.quote:
        head = "About that"
    text = remark.text
    if remark.kind == "late":
        text = (
            f"The lesson asks first: {remark.text} By now you have seen what happens. "
            f"`{do('repeat')}` restarts the step if you would like to predict it."
        )
    elif remark.kind == "offer":
        text = f"`{do('hint')}` shows one; so does `h` in the lesson (Shift+Tab)."
    elif remark.kind == "spoiled":
        text = (
            "Something happened that this step asks you to avoid. "
            f"`{do('repeat')}` restarts it; so does a new connection ({key_of('reconnect')})."
        )
    elif remark.kind == "unprepared":
        text = f"The step could not be prepared: {text}. `{do('repeat')}` tries again."
    aside = remark.kind == "note"
    return LessonPart(head, text, style, remark.quote, remark.row, aside=aside)


def _astray(where: str) -> LessonPart:
    text = f"You are {where}. The lesson is waiting: `{do('repeat')}` restarts this step."
    return LessonPart("Elsewhere", text, "$text-warning")


def _after(guide: Guide, run: Run, said: Sequence[Remark]) -> list[LessonPart]:
    """Return the text shown once a step is done. `said` contains the remarks shown above it."""
    step = run.step
    judged = bool(said) and said[-1].kind in ("right", "wrong", "late")
    parts = [LessonPart("Done", step.afterwards, "$text-success", belongs=judged)]
    if judged and step.is_question and not step.afterwards:
        parts = []  # the verdict is enough
    if step.notice:
        parts.append(LessonPart("Notice", step.notice, "$text-accent"))
    if step.more and guide.details:
        parts.append(LessonPart("More", step.more, "$text-accent"))
    return parts


def _end(guide: Guide, run: Run) -> tuple[LessonPart, ...]:
    lesson, exam = run.lesson, is_exam(run.lesson)
    what = "examination" if exam else "lesson"
    left = undone(run)
    head, style = f"The {what} is complete", "$text-success"
    if left:
        head, style = f"The end of the {what}", "$text-accent"
    parts = [LessonPart(head, left, style)]
    if exam:
        parts.append(LessonPart("", f"After you quit, `{graded_by(lesson)}` grades it."))
    if after := _following(lesson.number, lesson.language):
        english = bool(lesson.language) and after.isdecimal()
        text = f"`{do('lesson')} {after}` is the next lesson{', in English' if english else ''}."
        parts.append(LessonPart("", text))
    if lesson.notice:
        parts.append(LessonPart("Notice", lesson.notice, "$text-accent"))
    return tuple(parts)


_following = lru_cache(maxsize=8)(following)  # the pane calls it with each frame
