"""The app that a widget runs in, with a type."""

from __future__ import annotations

from textual.app import App
from textual.widget import Widget


def app_of(widget: Widget) -> App[object]:
    """The app that `widget` runs in; what it returns on exit is not known here.

    Textual declares `Widget.app` as an App of an unknown type, which strict checking rejects.
    """
    return widget.app  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
