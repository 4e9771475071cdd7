"""The key bar at the foot of the screen.

Keys that do not fit are omitted, and a mark shows that there are more. Textual's Footer recreates a
widget for each key whenever the focus moves, which takes several frames. This bar draws the keys
itself, and only when they have changed.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from textual import events
from textual.content import Content
from textual.reactive import reactive
from textual.screen import Screen
from textual.signal import Signal
from textual.widget import Widget

from ..base.app_of import app_of

ROOMY = 100  # from this width on, the keys are set apart
_EDGE = Content.styled("▏", "$foreground 20%")
_CUT = Content.styled("…", "$text-muted")


def _all(action: str) -> bool:
    return True


class Key(msgspec.Struct, frozen=True):
    """A key: its name, how it is displayed, and a label for what it does."""

    key: str
    shown: str
    label: str


class KeyBar(Widget):
    """A bar that shows the keys that currently work. A click on a key presses that key."""

    DEFAULT_CSS = """
    KeyBar { dock: bottom; height: 1; color: $footer-foreground; background: $footer-background; }
    """
    ALLOW_SELECT = False

    useful: reactive[tuple[str, ...] | None] = reactive(None)
    """IDs of the screen's bindings that are currently useful, most useful first; None means all.

    The keys of the focused widget come before these. A widget with a method `offers(action)`
    decides which of its own keys are useful.
    """
    labels: Mapping[str, str] = {}
    """Labels that replace a binding's description on this screen, keyed by the binding's ID."""
    keys: reactive[tuple[Key, ...]] = reactive(())
    """The keys shown, from left to right."""
    last: reactive[Key | None] = reactive(None)
    """The key at the right end, which is never omitted."""

    def on_mount(self) -> None:
        self._bindings_updated.subscribe(self, self._changed)
        self._look()

    def on_unmount(self) -> None:
        self._bindings_updated.unsubscribe(self)

    @property
    def _bindings_updated(self) -> Signal[Screen[object]]:
        # Textual declares it as a signal of screens of an unknown type.
        return self.screen.bindings_updated_signal  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]

    def _changed(self, screen: Screen[object]) -> None:
        if self.is_attached and screen is self.screen and app_of(self).app_focus:
            self.call_after_refresh(self._look)

    def _look(self) -> None:
        if not self.is_attached:
            return
        app = app_of(self)
        active = self.screen.active_bindings
        shown: dict[str, Key] = {}  # one key an action
        listed: dict[str, Key] = {}
        for node, binding, enabled, _ in active.values():
            if not (binding.show and enabled and getattr(node, "offers", _all)(binding.action)):
                continue
            label = self.labels.get(binding.id or "", binding.description)
            key = Key(binding.key, app.get_key_display(binding), label)
            if self.useful is not None and binding.id:
                listed.setdefault(binding.id, key)
            else:
                shown.setdefault(binding.action, key)
        ordered = [listed[name] for name in self.useful or () if name in listed]
        self.keys = (*shown.values(), *ordered)
        palette = active.get(app.COMMAND_PALETTE_BINDING)
        if palette is not None:
            binding = palette.binding
            self.last = Key(binding.key, app.get_key_display(binding), binding.description)

    def watch_useful(self) -> None:
        self._look()

    def render(self) -> Content:
        return Content("").join([part for part, _ in self._parts()])

    def on_mouse_down(self, event: events.MouseDown) -> None:
        end = 0
        for part, key in self._parts():
            end += part.cell_length
            if event.x < end:
                if key is not None:
                    app_of(self).simulate_key(key.key)
                return

    def _parts(self) -> list[tuple[Content, Key | None]]:
        """Return the parts of the bar from left to right.

        Each part is its text and the key that a click on it presses, or None.
        """
        width = self.size.width
        gap = " " if width >= ROOMY else ""
        last = Content("") if self.last is None else self._drawn(self.last, gap)
        free = width - last.cell_length - 1
        parts: list[tuple[Content, Key | None]] = []
        for key in self.keys:
            drawn = self._drawn(key, gap)
            if drawn.cell_length > free:
                break
            parts.append((drawn, key))
            free -= drawn.cell_length
        edge = _EDGE if len(parts) == len(self.keys) else _CUT
        return [*parts, (Content(" " * free), None), (edge, None), (last, self.last)]

    @staticmethod
    def _drawn(key: Key, gap: str) -> Content:
        return Content.assemble((f" {key.shown} ", "bold $footer-key-foreground"), key.label, gap)
