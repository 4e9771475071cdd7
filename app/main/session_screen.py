"""What the screen of a live session and that of a recording share: keys, and sizes."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.screen import Screen

from ..actions import ACTIONS


class SessionScreen(Screen[None]):
    """A screen with the panes of a conversation; the keys of all actions work on it.

    A subclass has the methods `action_command`, `action_reply`, `action_page`, `action_stop` and
    `action_home`.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(
                action.key,
                f"command('{action.name}')",
                action.label or action.name,
                show=bool(action.label),
                priority=action.priority,
                id=action.name,
            )
            for action in ACTIONS.values()
            if action.key
        ),
        Binding("ctrl+up", "reply(-1)", "previous reply", show=False),
        Binding("ctrl+down", "reply(1)", "next reply", show=False),
        Binding("question_mark", "command('glossary')", "look up its terms", show=False),
        Binding("pageup", "page(-1)", "page up", show=False),
        Binding("pagedown", "page(1)", "page down", show=False),
        Binding("f6", "app.focus_next", "next pane", show=False, priority=True),
        Binding("ctrl+c", "stop", "copy, or stop what runs", show=False),
        Binding("escape", "home", "back to the command line", show=False),
    ]
    AUTO_FOCUS = "#command"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (32, "-high")]

    def begin_at(self, width: int, height: int) -> None:
        """Set the classes of this size from the start: a change styles everything again."""
        for size, points in (
            (width, self.HORIZONTAL_BREAKPOINTS),
            (height, self.VERTICAL_BREAKPOINTS),
        ):
            names = [name for least, name in points or () if size >= least]
            self.set_class(True, *names[-1:])
