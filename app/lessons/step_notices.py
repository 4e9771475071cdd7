"""Notices about the current step, which disappear when it is done, answered or left."""

from __future__ import annotations

from ..ui import Ui


class StepNotices:
    """Shows notices that apply only to the current step, and withdraws them."""

    def __init__(self, ui: Ui) -> None:
        self._ui = ui
        self._told: list[str] = []

    def tell(self, text: str) -> None:
        """Show a notice until it expires or `withdraw` is called."""
        self._told.append(text)
        self._ui.tell(text)

    def withdraw(self) -> None:
        """Remove the notices from the screen. Called when the step has changed."""
        for text in self._told:
            self._ui.withdraw(text)
        self._told.clear()
