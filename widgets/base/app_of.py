"""The app that a widget runs in, as a typed value."""

from __future__ import annotations

from textual.app import App
from textual.widget import Widget


def app_of(widget: Widget) -> App[object]:
    """The app that `widget` runs in; the type of its return value is not known here.

    Textual declares `Widget.app` as an App of an unknown type, which strict checking rejects.
    """
    return widget.app  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
