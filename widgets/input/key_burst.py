"""Keys that arrive in a burst: each must reach the field that the key before it led to.

Over a slow line, many keys arrive in one read. Textual has queued them all for the widget that
had the focus then, and would run a binding only after the printable keys that follow. The functions
here are for a widget's `_on_key`: they act on a key at once, and pass on those that belong to
another field by now.
"""

from __future__ import annotations

from textual import events
from textual.widget import Widget

from ..base.app_of import app_of


def passed_on(field: Widget, event: events.Key) -> bool:
    """Pass the key to the field that has the focus by now. Returns False if that is `field`."""
    focused = field.screen.focused
    if focused is field or focused is None:
        return False
    _consume(event)
    focused.post_message(events.Key(event.key, event.character))
    return True


def moved_focus(field: Widget, event: events.Key) -> bool:
    """Focus the next or previous field on Enter, Tab, Shift+Tab. Returns False for other keys.

    The order is that of composition: Textual's own is that of the last layout, in which a field
    that has just been displayed has no place yet.
    """
    if event.key not in ("enter", "tab", "shift+tab"):
        return False
    _consume(event)
    fields = [
        widget
        for widget in field.screen.query("*")
        if widget.focusable and all(node.display for node in widget.ancestors_with_self)
    ]
    by = -1 if event.key == "shift+tab" else 1
    field.screen.set_focus(fields[(fields.index(field) + by) % len(fields)])
    return True


async def run_own_binding(field: Widget, event: events.Key) -> bool:
    """Run the field's own binding for the key at once. Returns False if it has none."""
    active = field.screen.active_bindings.get(event.key)
    if active is None or active.node is not field or active.binding.priority:
        return False
    if not await app_of(field).run_action(active.binding.action, field):
        return False
    _consume(event)
    return True


def _consume(event: events.Key) -> None:
    event.stop()
    event.prevent_default()
