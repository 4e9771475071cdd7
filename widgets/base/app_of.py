"""The app that a widget runs in, as a typed value."""

from __future__ import annotations

from textual.app import App
from textual.widget import Widget


def app_of(widget: Widget) -> App[object]:
    """Return the app that `widget` runs in.

    Textual declares `Widget.app` as an App with an unknown return type, which strict type checking
    rejects.
    """
    return widget.app  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
