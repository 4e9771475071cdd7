"""Shows the lesson on the main screen, and reports the learner's actions to the guide.

The pane is created when the first lesson begins. The CSS of `lesson_pane.py` places the pane
according to the classes that are set here. `-lesson` shows it instead of the tabs or, on a narrow
screen, as a strip below the transcript; `-writing` makes the strip taller while an editor is open;
`-facts` shows the tabs again until Esc is pressed; `-folded` reduces the pane to one row.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.screen import Screen

from ...widgets.transcript.layout import ROW
from ..advice import do, key_of
from ..commands.registry import Commands
from ..input.hints import Hint
from ..lessons.guide import Guide
from ..plan.status import PlanStatus
from .panes import Panes

if TYPE_CHECKING:
    from ...widgets.input.composer import Composer
    from ...widgets.lesson.pane import LessonPane

_ANSWERS = Hint("Enter", "answers the question in the lesson")
LESSON, FACTS, FOLDED, WRITING = "-lesson", "-facts", "-folded", "-writing"


class LessonPresenter:
    """Shows the lesson of a guide, and reports to the guide what the learner looks at.

    `root` is the screen on which the CSS classes are set.
    """

    def __init__(
        self,
        root: Screen[None],
        panes: Panes,
        guide: Guide,
        plan: PlanStatus,
        composer: Composer,
    ) -> None:
        self._root = root
        self._panes = panes
        self._guide = guide
        self._plan = plan
        self._composer = composer
        self.pane: LessonPane | None = None
        """The lesson pane, or None before the first lesson."""
        self.resume: Callable[[], bool] = lambda: False
        """Begins the next step if the current one is done, and returns whether it did."""
        self.drop_draft: Callable[[], object] = lambda: None
        """Discards the message of a step that the learner has left."""
        self._order: Callable[[str, str], object] = lambda _name, _argument: None
        self._looked: object = None  # the row looked at last
        self._step: tuple[str, str] | None = None  # the lesson and the step begun last
        self._led = False  # whether the editor gave the focus up to the introduction
        panes.looked, panes.answered = self.looked, self.answer
        panes.entered = lambda: self.resume() or self.enter()
        guide.moved = self._step_began
        guide.pointed = self._point_at

    def follow(self, commands: Commands) -> None:
        """Watch the actions that are run, and run those that the pane requests."""
        commands.ran = self.ran
        self._order = commands.run
        self._panes.ordered = commands.run

    # Showing

    def sync(self) -> None:
        """Update the pane, creating it if necessary, or hide it if there is no lesson."""
        root, guide = self._root, self._guide
        if not guide.active:
            if root.has_class(LESSON):
                if self.pane is not None and self.pane.has_focus:
                    self._composer.focus_line()
                root.remove_class(LESSON, FACTS, FOLDED, WRITING)
            self._step = None
            return
        if self.pane is None:
            from .lesson_pane import LessonBeside

            self.pane = LessonBeside(id="lesson")
            self._panes.side.mount(self.pane, before=0)
            root.watch(self._panes.tabs, "page", lambda: self.ran("panel"), init=False)
        if not root.has_class(LESSON):
            root.remove_class("-no-panel", "-states", "-alone")
            root.add_class(LESSON)
        writing = self._composer.writing
        root.set_class(guide.folded, FOLDED)
        root.set_class(writing, WRITING)
        from .lesson_page import page_of

        narrow, planned = root.has_class("-narrow"), self._plan.next is not None
        apart = writing or self._composer.answering
        self.pane.show(
            page_of(guide, narrow=narrow, planned=planned, writing=apart, message=writing)
        )
        self._lead(writing)

    def _lead(self, writing: bool) -> None:
        """Focus the introduction rather than an editor below it, so that Enter begins the lesson.

        `writing` is true while an editor is open. Once the introduction has ended, return the focus
        to the command line.
        """
        guide, pane = self._guide, self.pane
        if writing and guide.introducing and not self._led and pane is not None:
            self._led = True
            pane.focus()
        elif self._led and not guide.introducing:
            self._led = False
            if pane is not None and pane.has_focus and not guide.asks:
                self._composer.focus_line()

    def tick(self) -> None:
        """Notify the guide that a second has passed, and update the pane."""
        self._guide.tick()
        self.sync()

    def hint(self, typed: str = "") -> Hint | None:
        """Return a hint about what to do in the lesson with `typed` on the line, or None."""
        guide = self._guide
        if typed:
            answers = guide.asks and guide.run is not None and guide.run.reads_as_answer(typed)
            return _ANSWERS if answers else None
        if guide.introducing:
            return Hint("Enter", "begins the first step of the lesson")
        if guide.can_go_on:
            does = (
                "leaves the lesson"
                if guide.run is not None and guide.run.finished
                else "begins the next step"
            )
            return Hint("Enter", does, "Shift+Tab goes to the lesson")
        if guide.asks:
            return Hint("Enter", "goes to the answers in the lesson", f"or {do('predict')} KEY")
        if guide.under_way:
            helps = f"; {do('hint')} helps" if guide.run and guide.run.has_hints else ""
            return Hint(
                summary=f"The lesson says what to do{helps}", more="Shift+Tab goes to the lesson"
            )
        if guide.cut_off:
            again = f"Not connected: {do('repeat')} restarts this step of the lesson"
            return Hint(
                summary=again, more=f"{key_of('reconnect')} reconnects without restarting it"
            )
        return None

    def enter(self) -> bool:
        """Go to the open question when Enter is pressed on an empty line or in the transcript.

        Return False if no question is open.
        """
        if not self._guide.asks or self.pane is None:
            return False
        self.focus()
        self.pane.show_question()
        return True

    def focus(self) -> bool:
        """Focus the pane. Return False if no lesson is shown or the pane already has the focus."""
        if self.pane is None or not self._guide.active or self.pane.has_focus:
            return False
        self._guide.folded = False
        self._root.remove_class(
            FOLDED, FACTS, "-no-panel", "-panel", "-explain", "-states", "-alone"
        )
        self.pane.focus()
        return True

    def answer(self, key: str) -> None:
        """Handle an answer chosen in the pane, or a digit pressed there that is not an answer."""
        if not self._guide.answer(key):
            self._order("predict", key)  # which lists the valid answers
        if not self._guide.asks and not self._guide.can_go_on:
            self._composer.focus_line()

    def _step_began(self) -> None:
        self._looked = None
        self._root.remove_class(FACTS)
        run, before = self._guide.run, self._step
        self._step = None if run is None else (run.lesson.name, run.step.id)
        if before not in (None, self._step) and self._guide.preparing:
            self.drop_draft()
        if self.pane is not None and self.pane.has_focus and not self._guide.asks:
            self._composer.focus_line()

    # Reports to the guide

    def ran(self, name: str) -> None:
        """Report to the guide what the learner can see after running the action `name`."""
        guide = self._guide
        if not guide.active:
            return
        if name == "explain":
            self._look(always=True)
        elif name in ("panel", "tls", "plan"):
            for page in ("extensions", "state", "plan", "tls"):
                if self._panel_shows(page):
                    guide.saw("plan" if page == "plan" else "panel", page)
        elif name == "states":
            guide.saw("panel", "states")

    def _panel_shows(self, page: str) -> bool:
        tabs = self._panes.tabs
        return tabs.page == tabs.number(page) and bool(tabs.region)

    def looked(self) -> None:
        """Tell the guide which row the learner is looking at, if that has changed."""
        if self._guide.active:
            self._look(always=False)

    def _look(self, *, always: bool) -> None:
        view = self._panes.view
        present = view.present
        if present is None or not (always or view.cursor is not None or view.has_focus):
            return
        section, spot = present
        if spot.kind != ROW or section is not view.sections[-1]:
            return
        if always or self._looked != (id(section), spot.number):
            self._looked = (id(section), spot.number)
            self._guide.saw("row", row=spot.number)

    def _point_at(self, row: int) -> None:
        """Scroll the row that an answer is about into view."""
        view = self._panes.view
        if not view.sections:
            return
        view.sync()
        line = view.line_of(row)
        top = view.scroll_offset.y
        if not top <= line < top + max(1, view.size.height):
            self._looked = (id(view.sections[-1]), row)  # it was not the learner who moved there
            view.move_to(line)
