"""The commands for the plan: step, run, edit, skip, again, restart, and breakpoints.

A key pressed in the plan's list acts on the step under the cursor; an order acts on the next step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...session.plural import plural
from ...session.script.grammar import GrammarError
from ...session.stepping.breakpoints import Breakpoint, BreakpointError, parse_breakpoint
from ...session.visible import visible_text
from ..advice import ADVICE, do
from ..plan.controller import PlanController
from ..ui import CommandLine, Ui
from .confirmation import ConfirmClose
from .registry import CommandTable

if TYPE_CHECKING:
    from ..plan.edit import Edit


class PlanCommands:
    """The commands for the steps, edits and breakpoints of the plan.

    `confirm_close` calls its argument, either at once or when the user has agreed to end the
    current connection.
    """

    def __init__(
        self, ui: Ui, line: CommandLine, plan: PlanController, confirm_close: ConfirmClose
    ) -> None:
        self._ui = ui
        self._line = line
        self._plan = plan
        self._confirm_close = confirm_close
        self._from_list = False  # whether the step being edited was chosen in the list

    @property
    def table(self) -> CommandTable:
        """The commands of this group, keyed by action name."""
        return {
            "step": self.step,
            "run": self.run,
            "pause": self.pause,
            "skip": self.skip,
            "edit": self.edit,
            "again": self.again,
            "restart": self.restart,
            "abandon": self.abandon,
            "break": self.set_breakpoint,
            "plan": self.show,
        }

    def step(self, _: str = "") -> None:
        """Take the next step, or tell the user that there is none."""
        if not self._plan.step():
            self._ui.tell(
                f"No step to take. {ADVICE['no plan']}",
                holds=lambda: not self._plan.status.active,
            )

    def run(self, _: str = "") -> None:
        """Take the remaining steps up to a breakpoint, or tell the user that there are none."""
        if not self._plan.run():
            self._ui.tell(
                f"Nothing to run. {ADVICE['no plan']}",
                holds=lambda: not self._plan.status.active,
            )

    def pause(self, _: str = "") -> None:
        """Pause a run before its next step."""
        if not self._plan.pause():
            self._ui.tell("Nothing to pause: no run is in progress.")

    def skip(self, _: str = "") -> None:
        """Skip the next step."""
        self._plan.skip()

    def edit(self, line: str = "") -> None:
        """Edit the next step, or the step just refused. `line`, if given, replaces it at once."""
        edit = self._plan.edit(self._refused())
        if edit is None:
            return
        if not line:
            self._open(edit)
        elif edit.message:
            self._plan.end_edit()
            self._ui.tell(
                f"The next step is the message: use {do('edit')} alone to open it.", trouble=True
            )
        else:
            self.edited(line)

    def again(self, _: str = "") -> None:
        """Go back to the step that was refused, so that it can be sent again."""
        self._again(None)

    def restart(self, _: str = "") -> None:
        """Restart the plan."""

        def go() -> None:
            if self._plan.restart():
                self._ui.panel.turn_to("plan")
            else:
                self._ui.tell(f"No plan to restart. {ADVICE['no plan']}")

        if self._plan.status.connects:
            self._confirm_close(go)
        else:
            go()

    def abandon(self, _: str = "") -> None:
        """Abandon the plan."""
        if not self._plan.give_up():
            self._ui.tell("No plan is in progress.")

    def show(self, _: str = "") -> None:
        """Show the plan in the side panel, and focus it."""
        self._ui.panel.open("plan")

    # Breakpoints

    def set_breakpoint(self, argument: str = "") -> None:
        """Set a breakpoint, clear breakpoints, or list them."""
        points = self._plan.status.breakpoints
        words = argument.split()
        if not words:
            listed = "; ".join(f"{n} {each}" for n, each in enumerate(points, 1))
            self._ui.panel.turn_to("plan")
            if not points:
                self._ui.tell("No breakpoints are set.")
            elif not self._ui.panel.shown:
                self._ui.tell(f"Breakpoints: {visible_text(listed)}.")
        elif words[0].lower() == "clear":
            self._clear(words[1:])
        else:
            try:
                point = parse_breakpoint(argument)
            except BreakpointError as error:
                self._ui.tell(str(error), trouble=True)
                return
            if point in points:
                self._ui.tell(f"This is already breakpoint {points.index(point) + 1}.")
            else:
                self._toggle(point)

    def _clear(self, numbers: list[str]) -> None:
        """Remove the breakpoints with these numbers, or all of them if `numbers` is empty."""
        points = self._plan.status.breakpoints
        of = {str(number): point for number, point in enumerate(points, 1)}
        wrong = [word for word in numbers if word not in of]
        if wrong:
            shown = visible_text(wrong[0][:20])
            self._ui.tell(f"Breakpoint not found: {shown}. {do('break')} lists them.", trouble=True)
            return
        gone = [of[word] for word in dict.fromkeys(numbers)] if numbers else [*points]
        for point in gone:
            self._plan.toggle_breakpoint(point)
        if not self._ui.panel.shown:
            left = plural(len(points), "{} breakpoint is left", "{} breakpoints are left")
            self._ui.tell(f"{left}." if points else "No breakpoints are set.")

    def _toggle(self, point: Breakpoint) -> None:
        on = self._plan.toggle_breakpoint(point)
        if self._ui.panel.shown:
            self._ui.panel.turn_to("plan")  # which lists it
        elif on:
            number = len(self._plan.status.breakpoints)
            self._ui.tell(f"Breakpoint {number}: {visible_text(str(point))}.")
        else:
            self._ui.tell(f"Breakpoint removed: {visible_text(str(point))}.")

    # The step under the cursor of the list

    def asked(self, name: str, place: int) -> None:
        """Handle a key pressed in the plan's list.

        `name` is the command of the key, and `place` is the row under the cursor.
        """
        if name == "edit":
            edit = self._plan.edit(place)
            if edit is not None:
                self._open(edit, from_list=True)
        elif name == "again":
            self._again(place)
        elif name == "break":
            planned = self._plan.status.planned_at(place)
            if planned is None:
                self._ui.tell(f"No step here: {do('break')} before COMMAND sets a breakpoint.")
            else:
                self._toggle(point_at(planned.verb, planned.data))
        else:
            self.table[name]("")

    def _again(self, place: int | None) -> None:
        if self._plan.status.busy:
            self._ui.tell("A step is in progress.")
        elif not self._plan.again(place):
            self._ui.tell("No step has been taken yet, so none can be repeated.")

    def _refused(self) -> int | None:
        """Return the row of the step that was just refused, or None."""
        plan = self._plan
        at = plan.status.at
        return at if at < len(plan.status.done) and not plan.status.why_not_again(at) else None

    # Editing

    def _open(self, edit: Edit, *, from_list: bool = False) -> None:
        self._from_list = from_list
        self._ui.panel.fold()
        if edit.message:
            self._line.edit_message(edit.text, edit.title)
        else:
            self._line.edit_line(edit.text, edit.title, hidden=edit.hidden)

    def edited(self, text: str) -> None:
        """Replace the step being edited with a typed line.

        An empty or unchanged line cancels the edit.
        """
        from ..plan.edit import data_of

        edit = self._plan.status.editing
        if edit is None:
            return
        if not text or (text == edit.text and not edit.again):
            self.edit_left()
            return
        try:
            data = data_of(edit, text)
        except GrammarError as error:
            self._ui.tell(str(error), trouble=True)
            self._open(edit._replace(text=text), from_list=self._from_list)
            return
        self._plan.edited(data)
        self._show_again()

    def message_edited(self, content: bytes) -> None:
        """Replace the message of the plan with the edited one."""
        from ..plan.edit import message_of

        edit = self._plan.status.editing
        if edit is not None:
            self._plan.edited(message_of(edit, content))
            self._show_again()

    def end_edit(self) -> None:
        """Cancel the edit in progress, if any, leaving the step as it was."""
        if self._line.editing:
            self._line.end_edit()
            self.edit_left()

    def edit_left(self) -> None:
        """Cancel the edit when the user leaves it. The step stays as it was."""
        self._plan.end_edit()
        self._ui.refresh()
        self._show_again()

    def _show_again(self) -> None:
        """Return to where the edited step was chosen: the plan's list, or the command line."""
        if self._from_list:
            self._from_list = False
            self.show()
        else:
            self._ui.panel.turn_to("plan")


def point_at(verb: str, data: bytes) -> Breakpoint:
    """Return the breakpoint to set for a step.

    For RCPT with an address, it stops before that recipient, and otherwise before the verb.
    """
    if verb == "RCPT":
        address = data.partition(b"<")[2].partition(b">")[0].decode("utf-8", "replace")
        if address and not any(char.isspace() for char in address):
            return Breakpoint("recipient", address)
    return Breakpoint("before", verb.split(" ")[0].upper())
