"""The key bindings of the main screen: those of the actions, and those for navigation."""

from __future__ import annotations

from textual.binding import Binding

from ..actions import ACTIONS

BINDINGS = (
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
    Binding("question_mark", "command('glossary')", "look up the terms in the line", show=False),
    Binding("pageup", "page(-1)", "page up", show=False),
    Binding("pagedown", "page(1)", "page down", show=False),
    Binding("f6", "app.focus_next", "next pane", show=False, priority=True),
    Binding("ctrl+c", "stop", "copy, or stop", show=False),
    Binding("escape", "home", "back to the command line", show=False),
    Binding("shift+tab", "lesson", "lesson", id="lesson"),
)
