"""A lesson, line by line: the text of each step, and a word for each verdict.

The words are done, not yet, right and wrong. The guide (app/lessons/guide.py) follows the learner,
and this module writes what is new.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..advice import do
from ..lessons.exam import graded_by, is_exam
from ..lessons.following import following
from ..lessons.guide import Guide, Remark
from ..lessons.model import Choice, Question
from ..lessons.run import Run
from ..lessons.undone import undone
from ..plan.status import PlanStatus
from .output import NOTE, Output, without_keys

LESSON, DONE, NOT_YET, ASKED = "lesson", "done", "not yet", "asked"
_WORDS = {
    "answer": NOT_YET,
    "right": "right",
    "wrong": "wrong",
    "late": NOT_YET,
    "offer": NOTE,
    "spoiled": NOT_YET,
    "unprepared": "error",
    "note": NOTE,
}
_MARKUP = re.compile(r"\*\*|`|(?<![\w*])\*(?=\w)|(?<=[\w.,])\*(?![\w*])")
_BACK = re.compile(r"(?<!\S)Esc [^.]*\.(?:\s+|\Z)")
"""Matches a sentence about returning to the command line, which the user never leaves here."""
_ROWS = re.compile(r" \(F6, (then|and) the arrow\s+keys\)")
"""Matches the keys that mark a row on the screen. Here, a row is found and explained instead."""
_ITEM = re.compile(r"\s*([-*+]|[0-9]+[.)])\s")


class PlainLesson:
    """The output of a lesson as lines. `tell` writes what is new in the guide."""

    def __init__(self, output: Output, guide: Guide, plan: PlanStatus) -> None:
        self._output = output
        self._guide = guide
        self._plan = plan
        self._run: Run | None = None
        self._begun = -1  # the step written last, by the guide's count
        self._remarks: list[Remark] = []
        self._question: Question | None = None
        self._done = self._finished = self._details = False
        self._astray = ""
        self.finished = False
        """Whether a lesson has been completed."""

    def tell(self) -> None:
        """Write whatever is new in the lesson."""
        guide = self._guide
        run = guide.run
        if run is not self._run:
            self._run, self._begun = run, -1
            self._finished = False
            if run is not None:
                self._introduce(run)
        if run is None or guide.introducing:
            return
        if run.finished:
            self._end(run)
            return
        self._finished = False
        if guide.preparing:
            return
        if guide.begun != self._begun:
            self._begin_step(run)
        self._tell_remarks()
        if guide.astray != self._astray:
            self._astray = guide.astray
            if guide.astray:
                self._say(NOTE, f"you are {guide.astray}; {do('repeat')} restarts this step")
        self._tell_done(run)
        self._ask(run)

    def _say(self, word: str, text: str) -> None:
        for paragraph in paragraphs(text):
            self._output.say(word, paragraph)

    def _introduce(self, run: Run) -> None:
        lesson = run.lesson
        number = f"{lesson.number}. " if lesson.number else ""
        self._output.say(LESSON, f"{number}{lesson.title}")
        if is_exam(lesson):
            helps = "there are no hints, and the first answer counts;"
        else:
            helps = f"{do('hint')} shows a hint,"
        self._output.say(NOTE, f"an empty line continues; {helps} {do('jump')} skips a "
                         f"step, and {do('leave')} leaves the lesson")  # fmt: skip
        if self._guide.introducing:
            self._say(LESSON, lesson.intro)
            self._output.say(NOTE, "an empty line starts the first step")

    def _begin_step(self, run: Run) -> None:
        self._begun = self._guide.begun
        self._remarks = []
        self._question = None
        self._done = self._details = False
        step = run.step
        self._output.say(LESSON, f"step {run.index + 1} of {len(run.lesson.steps)}: {step.title}")
        self._say(LESSON, step.prompt)
        if "F6" in step.prompt:
            note = f"{do('find')} TEXT finds a row, and {do('explain')} then reads and marks it"
            self._output.say(NOTE, note)

    def _tell_remarks(self) -> None:
        remarks = self._guide.remarks
        for remark in remarks:
            if not any(remark is known for known in self._remarks):
                self._tell_remark(remark)
        self._remarks = remarks

    def _tell_remark(self, remark: Remark) -> None:
        text = remark.text
        word = _WORDS.get(remark.kind, NOTE)
        match remark.kind:
            case "hint":
                word = f"hint {remark.number}"
            case "late":
                text = f"it happened before you predicted it: {remark.text}"
            case "offer":
                text = f"{do('hint')} shows a hint"
            case "spoiled":
                text = (
                    "something happened that this step asks you to avoid; "
                    f"{do('repeat')} restarts the step, and so does {do('reconnect')}"
                )
            case "unprepared":
                text = f"the step could not be prepared: {text}; {do('repeat')} tries again"
            case _:
                pass
        if remark.quote:
            text = f"about the line {remark.quote}\n\n{text}"
        self._say(word, text)

    def _tell_done(self, run: Run) -> None:
        if not run.step_done:
            return
        step = run.step
        if not self._done:
            self._done = True
            self._say(DONE, step.afterwards or "this step is done")
            if step.notice:
                self._say("notice", step.notice)
            more = f"; {do('details')} shows more" if step.more else ""
            if self._plan.next is not None:
                self._output.say(NOTE, f"{do('next')} continues the lesson{more}")
            else:
                self._output.say(NOTE, f"an empty line continues{more}")
        if self._guide.details and not self._details:
            self._say("more", step.more)
        self._details = self._guide.details

    def _ask(self, run: Run) -> None:
        question = run.question
        if question is self._question:
            return
        answered, self._question = self._question, question
        if question is None:
            if answered is not None and is_exam(run.lesson) and self._wrong(answered):
                self._output.say(NOTE, f"the first answer counts; {do('jump')} continues")
            return
        self._say(ASKED, question.ask)
        for choice in question.choices:
            self._output.say(ASKED, choice_line(choice))
        keys = ", ".join(choice.key for choice in question.choices)
        self._output.say(
            NOTE, f"answer with {do('predict')} KEY or only the key; the keys are {keys}"
        )

    def _wrong(self, question: Question) -> bool:
        """Return whether the last answer to a question in this step was wrong.

        Return False for a prediction.
        """
        choice = question.choice(self._guide.answers.get(question.id, ""))
        return question.until is None and choice is not None and not choice.right

    def _end(self, run: Run) -> None:
        if self._finished:
            return
        self._finished = self.finished = True
        lesson = run.lesson
        what = "examination" if is_exam(lesson) else "lesson"
        if left := undone(run):
            self.finished = False
            self._say(LESSON, f"the end of the {what}")
            self._say(NOTE, left)
        else:
            self._output.say(DONE, f"the {what} is done")
        if is_exam(lesson):
            self._output.say(NOTE, f"it is graded by {graded_by(lesson)}")
        if lesson.notice:
            self._say("notice", lesson.notice)
        if after := following(lesson.number, lesson.language):
            self._output.say(NOTE, f"{do('lesson')} {after} is the next one")
        self._output.say(NOTE, f"{do('lesson')} lists the lessons; an empty line leaves this one")


def choice_line(choice: Choice) -> str:
    """Return an answer with its key as a line to be read aloud."""
    return f"{choice.key}. {choice.text}"


def paragraphs(text: str) -> Iterator[str]:
    """Yield Markdown as lines to be read aloud, one per paragraph or list item.

    Code stays unchanged, line by line.
    """
    joined: list[str] = []
    code = False
    for line in [*text.split("\n"), ""]:
        fence = line.lstrip().startswith("```")
        shown = not joined and line.startswith("    ")  # code, as Markdown has it
        ends = fence or code or shown or not line.strip() or _ITEM.match(line) is not None
        if ends and joined:
            yield _plain(" ".join(joined))
            joined = []
        if fence:
            code = not code
        elif code:
            yield line
        elif shown:
            yield line[4:]
        elif line.strip():
            joined.append(line.strip())


def _plain(text: str) -> str:
    return without_keys(_BACK.sub("", _ROWS.sub("", _MARKUP.sub("", text))).strip())
