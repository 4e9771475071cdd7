"""The commands of a lesson: begin, continue, answer, get a hint, skip, go back, and leave."""

from __future__ import annotations

from pathlib import Path

from ...session.visible import visible_text
from ..advice import do
from ..connect.manager import ConnectionManager
from ..input.sender import Sender
from ..lessons.guide import Guide
from ..ui import CommandLine, Ui
from .confirmation import confirm
from .registry import CommandTable

_NONE = f"No lesson is in progress. {do('lesson')} lists the lessons."


class LessonCommands:
    """The command `:lesson`, and those used during a lesson."""

    def __init__(
        self,
        ui: Ui,
        line: CommandLine,
        connections: ConnectionManager,
        sender: Sender,
        guide: Guide,
    ) -> None:
        self._ui = ui
        self._line = line
        self._connections = connections
        self._sender = sender
        self._guide = guide

    @property
    def table(self) -> CommandTable:
        """The commands of this group, keyed by action name."""
        return {
            "lesson": self.lesson,
            "next": self.go_on,
            "hint": self.hint,
            "predict": self.answer,
            "jump": self.jump,
            "back": self.back,
            "repeat": self.repeat,
            "details": self.details,
            "fold": self.fold,
            "leave": self.leave,
            "grade": self.grade,
            "fasttrack": self.fast_track,
        }

    def lesson(self, argument: str = "") -> None:
        """Begin the named lesson, in the named language if any. Without a name, offer a list."""
        if not argument:
            from ..dialogs.requests import LessonList

            def answered(chosen: str | None) -> None:
                if chosen:
                    self.lesson(chosen)

            present = self._guide.lesson.name if self._guide.lesson is not None else ""
            self._ui.ask(LessonList(self._guide.progress, present), answered)
            return
        from ..lessons.library import LanguageNotFound, LessonNotFound, find, load, with_language

        word, language = with_language(argument)
        try:
            path = find(word) if not word.startswith("~") else Path(word).expanduser()
            lesson = load(path, language)
        except (LessonNotFound, LanguageNotFound) as error:
            text = str(error).replace("heloscope lesson lists", f"{do('lesson')} lists")
            self._tell(f"{text[:1].upper()}{text[1:]}")
            return
        except (OSError, RuntimeError) as error:
            reason = getattr(error, "strerror", None) or error
            self._tell(f"Cannot read {visible_text(word)[:60]}: {reason}.")
            return
        if not lesson.steps:
            shown = visible_text(word)[:60]
            self._tell(f"{shown} has no steps: heloscope lesson check FILE explains why.")
            return
        self._go(lambda: self._guide.begin(lesson))

    def _tell(self, text: str) -> None:
        self._ui.tell(text, title="Lesson", trouble=True)

    def _go(self, go: object) -> None:
        """Call `go`, which begins a step of the lesson on the practice server.

        Ask first if that would end a mail transaction with another server.
        """
        assert callable(go)
        if self._connections.practising:
            go()
        else:
            confirm(self._ui, self._sender, "Go to the practice server?", "go there", go)

    @property
    def _on(self) -> bool:
        if not self._guide.active:
            self._ui.tell(_NONE)
        return self._guide.active

    def go_on(self, _: str = "") -> None:
        """Begin the next step if this one is done; otherwise tell the user that it is not."""
        if self._on and not self.resume():
            helps = f"{do('hint')} helps, " if self._guide.run and self._guide.run.has_hints else ""
            self._guide.notices.tell(f"This step is not done yet. {helps}{do('jump')} skips it.")

    def resume(self) -> bool:
        """Begin the next step if this one is done. Return whether it is done."""
        guide = self._guide
        if not guide.can_go_on:
            return False
        self._go(guide.go_on)
        return True

    def is_answer(self, text: str) -> bool:
        """Return whether a typed line reads as an answer to the open question."""
        run = self._guide.run
        return run is not None and self._guide.asks and run.reads_as_answer(text)

    def replied(self, text: str) -> bool:
        """Answer the open question with a typed line, and return whether the line is an answer."""
        if not self.is_answer(text):
            return False
        self.answer(text)
        return True

    def answer(self, key: str = "") -> None:
        """Answer the open question of the lesson with the choice `key`."""
        if self._on and not self._guide.answer(key.strip().strip("/")):
            run = self._guide.run
            question = run.question if run is not None else None
            if question is None:
                self._guide.notices.tell("No question is open.")
            else:
                keys = ", ".join(choice.key for choice in question.choices)
                self._guide.notices.tell(f"Choose one of the answers: {visible_text(keys)}.")

    def hint(self, _: str = "") -> None:
        """Show the next hint."""
        if self._on and not self._guide.hint():
            self._guide.notices.tell("No hint available.")

    def jump(self, step: str = "") -> None:
        """Skip the current step, or begin the step with the given number or ID."""
        if not self._on:
            return
        lesson = self._guide.lesson
        if not step or lesson is None:
            self._go(self._guide.skip)
            return
        place = int(step) - 1 if step.isdecimal() and len(step) < 5 else lesson.step(step)
        if place is None or not 0 <= place < len(lesson.steps):
            ids = ", ".join(each.id for each in lesson.steps)
            self._ui.tell(
                f"Step not found: {visible_text(step)[:40]}. Steps: 1 to {len(lesson.steps)}, "
                f"or {visible_text(ids)}.",
                trouble=True,
            )
            return
        self._go(lambda: self._guide.jump(place))

    def back(self, _: str = "") -> None:
        """Begin the previous step again."""
        run = self._guide.run
        if self._on and run is not None:
            place = len(run.lesson.steps) - 1 if run.finished else max(0, run.index - 1)
            self._go(lambda: self._guide.jump(place))

    def repeat(self, _: str = "") -> None:
        """Begin this step again."""
        if self._on:
            self._go(self._guide.repeat)

    def details(self, _: str = "") -> None:
        """Show or hide the details of the step."""
        run = self._guide.run
        if not self._on or run is None:
            return
        if not run.step.more:
            self._guide.notices.tell("This step has no details.")
        elif not run.step_done:
            self._guide.notices.tell("The details are shown once the step is done.")
        else:
            self._guide.toggle_details()

    def fold(self, _: str = "") -> None:
        """Fold the lesson to one row, or unfold it."""
        if self._on:
            self._guide.toggle_fold()

    def leave(self, _: str = "") -> None:
        """Leave the lesson."""
        if self._on:
            self._guide.leave()
            self._line.focus_line()

    def grade(self, _: str = "") -> None:
        """Show the grade of the lesson so far or, for an examination, how to grade it later."""
        run = self._guide.run
        if not self._on or run is None:
            return
        from ..lessons.exam import graded_by, is_exam

        if is_exam(run.lesson):
            self._ui.tell(f"An examination is graded afterwards: {graded_by(run.lesson)}")
            return
        from ..dialogs.requests import GradePage
        from ..lessons.grade import grade_run

        before = self._guide.progress.of(run.lesson.name).steps
        self._ui.ask(GradePage(grade_run(run, before)))

    def fast_track(self, first: str = "") -> None:
        """Ask the questions of the lessons from number `first` on, and recommend where to begin."""
        from ..dialogs.requests import FastTrackForm
        from ..lessons.fast_track import FastTrack
        from ..lessons.library import BUILT_IN, lesson_files, load

        files = lesson_files(BUILT_IN)
        number = int(first) if first.isascii() and first.isdecimal() and len(first) < 5 else 0
        if first and not 0 < number <= len(files):
            shown = visible_text(first)[:40]
            self._tell(f"Lesson not found: {shown}. Lessons: 1 to {len(files)}.")
            return
        track = FastTrack([load(path) for path in files[max(0, number - 1) :]])

        def answered(chosen: str | None) -> None:
            if track.known:
                self._guide.bookmark.know(track.known)
            if chosen:
                self.lesson(chosen)

        self._ui.ask(FastTrackForm(track), answered)
