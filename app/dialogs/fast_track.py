"""The fast track: asks the questions of the lessons, and recommends where to begin."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from ...widgets.lesson.pane import Choice, LessonPage, LessonPane, LessonPart
from ..lessons import model
from ..lessons.fast_track import FastTrack
from ..lessons.fast_track_words import result_of


class FastTrackScreen(ModalScreen[str | None]):
    """Asks the questions of `track`. The result is the number of the lesson to begin, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c", "close", "close", show=False),
        Binding("up", "scroll(-1)", "scroll up", show=False),
        Binding("down", "scroll(1)", "scroll down", show=False),
    ]
    DEFAULT_CSS = """
    FastTrackScreen { align: center middle; }
    FastTrackScreen > Vertical { width: 84; max-width: 96%; height: 24; max-height: 96%;
        background: $surface; }
    FastTrackScreen LessonPane { height: 1fr; }
    """

    def __init__(self, track: FastTrack) -> None:
        super().__init__()
        self._track = track
        self._step = track.step
        self._lesson = track.lesson
        self._number = track.answered + 1  # of the question that is shown
        self._chosen: model.Choice | None = None  # the answer to it
        self._over = track.step is None
        self._pane = LessonPane()

    def compose(self) -> ComposeResult:
        with Vertical():
            yield self._pane

    def on_mount(self) -> None:
        self._pane.focus()
        self._show()

    def _show(self) -> None:
        self._pane.show(self._result() if self._over else self._page())

    def _page(self) -> LessonPage:
        step, lesson, chosen = self._step, self._lesson, self._chosen
        assert step is not None and lesson is not None
        question = step.asks[0]
        choices = tuple(
            Choice(each.key, each.text, each is chosen)
            for each in question.choices
            if chosen is None or each is chosen or each.right
        )
        parts = [LessonPart(step.title, step.prompt)] if step.prompt else []
        parts.append(LessonPart(question.ask, choices=choices, style="$text-accent"))
        if chosen is not None:
            head, style = ("Right", "$text-success") if chosen.right else (
                "Not quite", "$text-warning"
            )  # fmt: skip
            parts.append(LessonPart(head, chosen.says, style))
        keys = tuple(choice.key for choice in question.choices)
        foot = "Enter: continue" if chosen is not None else f"{keys[0]} to {keys[-1]}: answer"
        return LessonPage(
            f"Fast track: question {self._number} of {self._track.total}, lesson {lesson.number}",
            f"{foot}  Esc: result",
            self._number,
            tuple(parts),
            keys if chosen is None else (),
        )

    def _result(self) -> LessonPage:
        start = self._track.start
        foot = f"Enter: lesson {start.number}  Esc: close" if start is not None else "Esc: close"
        text = "\n\n".join(result_of(self._track))
        return LessonPage("Fast track", foot, "result", (LessonPart("Result", text),))

    @on(LessonPane.Chosen)
    def _answered(self, event: LessonPane.Chosen) -> None:
        event.stop()
        if self._chosen is None and not self._over:
            self._chosen = self._track.answer(event.key)
            self._show()

    @on(LessonPane.ActionRequested)
    def _asked(self, event: LessonPane.ActionRequested) -> None:
        event.stop()
        if event.order == "next":
            self._go_on()

    def _go_on(self) -> None:
        start = self._track.start
        if self._over:
            self.dismiss(str(start.number) if start is not None else None)
        elif self._chosen is not None:
            self._step, self._lesson = self._track.step, self._track.lesson
            self._number = self._track.answered + 1
            self._chosen = None
            self._over = self._step is None
            self._show()

    def action_scroll(self, by: int) -> None:
        self._pane.scroll_relative(y=by, animate=False)

    def action_close(self) -> None:
        if self._over or not self._track.answered:
            self.dismiss(None)
        else:
            self._over = True
            self._show()
