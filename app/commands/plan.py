"""The orders that lead a plan: step, run, edit, skip, again, restart, breakpoints.

The keys of the plan's list are about the step under its cursor, the orders about the next one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...session.plural import plural
from ...session.script.grammar import GrammarError
from ...session.stepping.breakpoints import Breakpoint, BreakpointError, parse_breakpoint
from ...session.visible import visible_text
from ...widgets.panels.tabbed import TabbedPanel
from ...widgets.plan.list import PlanList

if TYPE_CHECKING:
    from ..main.screen import MainScreen
    from ..plan.edit import Edit

_BEGIN = "F12 lists what can be done step by step."


class DoingPlan:
    """The part of Doing that leads the plan."""

    _screen: MainScreen
    _back = False  # whether what is being edited was chosen in the plan, and leads back there

    def _tell(self, text: str, *, title: str = "", trouble: bool = False) -> None:
        raise NotImplementedError

    def run(self, name: str, argument: str) -> None:
        raise NotImplementedError

    # Orders

    def order_step(self, _: str) -> None:
        if not self._screen.stepping.step():
            self._tell(f"There is no step to take. {_BEGIN}")

    def order_run(self, _: str) -> None:
        if not self._screen.stepping.run():
            self._tell(f"There is nothing to run. {_BEGIN}")

    def order_pause(self, _: str) -> None:
        if not self._screen.stepping.pause():
            self._tell("Nothing runs that could be paused.")

    def order_skip(self, _: str) -> None:
        self._screen.stepping.skip()

    def order_edit(self, line: str) -> None:
        stepping = self._screen.stepping
        edit = stepping.edit(self._refused())
        if edit is None:
            return
        if not line:
            self._open(edit)
        elif edit.message:
            stepping.editing = None
            self._tell("The next step is the message: :edit alone opens it.", trouble=True)
        else:
            self.edited(line)

    def order_again(self, _: str) -> None:
        self._again(None)

    def order_restart(self, _: str) -> None:
        if self._screen.stepping.restart():
            self.show_plan()
        else:
            self._tell(f"There is nothing to begin again: {_BEGIN}")

    def order_abandon(self, _: str) -> None:
        if not self._screen.stepping.give_up():
            self._tell("Nothing is being stepped through.")

    def order_plan(self, _: str) -> None:
        self.show_plan()
        screen = self._screen
        screen.clear_told()
        screen.remove_class("-no-panel", "-explain")
        if screen.has_class("-narrow"):
            screen.add_class("-panel")
        screen.query_one(PlanList).focus()

    def order_break(self, argument: str) -> None:
        points = self._screen.stepping.breakpoints
        words = argument.split()
        if not words:
            listed = "; ".join(f"{n} {each}" for n, each in enumerate(points, 1))
            self.show_plan()
            if not points:
                self._tell("There are no breakpoints.")
            elif not self._screen.panel_shown:
                self._tell(f"A run stops: {visible_text(listed)}.")
        elif words[0].lower() == "clear":
            self._clear(words[1:])
        else:
            try:
                point = parse_breakpoint(argument)
            except BreakpointError as error:
                self._tell(str(error), trouble=True)
                return
            if point in points:
                self._tell(f"That is breakpoint {points.index(point) + 1} already.")
            else:
                self._toggle(point)

    def _clear(self, numbers: list[str]) -> None:
        """Take away all breakpoints, or those with these numbers."""
        points = self._screen.stepping.breakpoints
        wrong = [word for word in numbers if not (word.isdigit() and 0 < int(word) <= len(points))]
        if wrong:
            shown = visible_text(wrong[0][:20])
            self._tell(f"There is no breakpoint {shown}: :break lists them.", trouble=True)
            return
        gone = [points[int(word) - 1] for word in dict.fromkeys(numbers)] if numbers else [*points]
        for point in gone:
            self._screen.stepping.toggle_breakpoint(point)
        if not self._screen.panel_shown:
            left = plural(len(points), "{} is left", "{} are left")
            self._tell(f"{left}." if points else "There are no breakpoints.")

    # About the step under the cursor

    def asked(self, order: str, place: int) -> None:
        """A key of the plan's list was pressed, with the cursor on that row."""
        stepping = self._screen.stepping
        if order == "edit":
            edit = stepping.edit(place)
            if edit is not None:
                self._open(edit, back=True)
        elif order == "again":
            self._again(place)
        elif order == ":":
            self._screen.action_home()
            self._screen.composer.text = ":"
        elif order == "break":
            planned = stepping.planned_at(place)
            if planned is None:
                self._tell("There is no step here: :break before COMMAND sets a breakpoint.")
            else:
                self._toggle(point_at(planned.verb, planned.data))
        else:
            self.run(order, "")

    def _again(self, place: int | None) -> None:
        stepping = self._screen.stepping
        if stepping.busy:
            self._tell("A step is under way.")
        elif not stepping.again(place):
            self._tell("No step was taken yet that could be taken again.")

    def _refused(self) -> int | None:
        """The row of the step that was refused just now, if one was."""
        stepping = self._screen.stepping
        at = stepping.at
        return at if at < len(stepping.done) and not stepping.why_not_again(at) else None

    def _toggle(self, point: Breakpoint) -> None:
        stepping = self._screen.stepping
        on = stepping.toggle_breakpoint(point)
        if self._screen.panel_shown:
            self.show_plan()  # which lists it
        elif on:
            self._tell(f"Breakpoint {len(stepping.breakpoints)}: {visible_text(str(point))}.")
        else:
            self._tell(f"No breakpoint any more: {visible_text(str(point))}.")

    # Editing

    def _open(self, edit: Edit, *, back: bool = False) -> None:
        composer = self._screen.composer
        self._back = back
        self._screen.remove_class("-panel", "-explain")
        if edit.message:
            composer.edit_message(edit.text, edit.title)
        else:
            composer.edit_line(edit.text, edit.title, hidden=edit.hidden)

    def edited(self, text: str) -> None:
        """A line was typed in place of the step that is being edited; none leaves it as it was."""
        from ..plan.edit import data_of

        stepping = self._screen.stepping
        edit = stepping.editing
        if edit is None:
            return
        if not text or (text == edit.text and not edit.again):
            self.left_as_it_was()
            return
        try:
            data = data_of(edit, text)
        except GrammarError as error:
            self._tell(str(error), trouble=True)
            self._open(edit._replace(text=text), back=self._back)
            return
        stepping.edited(data)
        self._lead_back()

    def message_edited(self, content: bytes) -> None:
        """A message was written in place of that of the plan."""
        from ..plan.edit import message_of

        edit = self._screen.stepping.editing
        if edit is not None:
            self._screen.stepping.edited(message_of(edit, content))
            self._lead_back()

    def left_as_it_was(self) -> None:
        """What was being edited stays as it was."""
        self._screen.stepping.editing = None
        self._screen.schedule()
        self._lead_back()

    def _lead_back(self) -> None:
        """To where the step was chosen that has been edited."""
        if self._back:
            self._back = False
            self.order_plan("")
        else:
            self.show_plan()

    def show_plan(self) -> None:
        """Have the plan's tab in front."""
        panel = self._screen.query_one("#facts", TabbedPanel)
        panel.page = panel.number("plan")


def point_at(verb: str, data: bytes) -> Breakpoint:
    """The breakpoint before a step: for a RCPT before that recipient, else before its verb."""
    if verb == "RCPT":
        address = data.partition(b"<")[2].partition(b">")[0].decode("utf-8", "replace")
        if address and not any(char.isspace() for char in address):
            return Breakpoint("recipient", address)
    return Breakpoint("before", verb.split(" ")[0].upper())
