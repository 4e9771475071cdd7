"""Places the side panel according to the width of the screen.

The panel is next to the transcript, replaces it, or is below it. The CSS of the main screen places
it according to the classes that are set here. On a narrow screen, `-panel` shows the tabs instead
of the transcript, and `-explain` shows the explanation below the transcript, so that a reply and
its explanation are visible together; on a wide one, `-no-panel` hides both.
"""

from __future__ import annotations

from collections.abc import Callable

from textual.screen import Screen
from textual.widget import Widget

from ...widgets.panels.explanation import ExplanationPanel
from ...widgets.panels.tabbed import TabbedPanel


class PanelLayout:
    """Shows and hides the tabs and the explanation. Implements ui.SidePanel.

    `root` is the screen on which the CSS classes are set; `leave` focuses the command line. The
    focus does not move to the explanation when it is shown, so typed text goes to the same place as
    before.
    """

    def __init__(
        self,
        root: Screen[None],
        tabs: TabbedPanel,
        explanation: ExplanationPanel,
        transcript: Widget,
        leave: Callable[[], object],
    ) -> None:
        self._root = root
        self._tabs = tabs
        self._explanation = explanation
        self._transcript = transcript
        self._leave = leave
        self._from_transcript = False  # whether the tabs took the focus from the transcript

    @property
    def _narrow(self) -> bool:
        return self._root.has_class("-narrow")

    @property
    def shown(self) -> bool:
        """Whether the tabs are visible."""
        if self._narrow:
            return self._root.has_class("-panel")
        return self._beside and (not self._lesson or self._root.has_class("-facts"))

    @property
    def _lesson(self) -> bool:
        """Whether a lesson is shown instead of the tabs."""
        return self._root.has_class("-lesson")

    @property
    def _beside(self) -> bool:
        return not self._root.has_class("-no-panel")

    @property
    def folded(self) -> bool:
        """Whether nothing covers the transcript or, on a narrow screen, shares its space."""
        covers = ("-panel", "-explain", "-states", "-facts", "-present")
        return not any(map(self._root.has_class, covers))

    def shows(self, page: str) -> bool:
        """Return whether `page` is selected and visible."""
        return self.shown and self._tabs.page == self._tabs.number(page)

    def turn_to(self, page: str) -> None:
        """Select a page without showing a hidden panel."""
        self._tabs.page = self._tabs.number(page)

    def open(self, page: str) -> None:
        """Show the panel with this page, and focus it."""
        self.turn_to(page)
        self._uncover()
        self._root.remove_class("-no-panel", "-explain")
        if self._narrow:
            self._root.add_class("-panel")
        elif self._lesson:
            self._root.add_class("-facts")
        self._enter()

    def toggle_page(self, page: str) -> None:
        """Show and focus a page. If the page already has the focus, leave it."""
        if self._tabs.page == self._tabs.number(page) and self._tabs.has_focus_within:
            self.fold()
            self._go_back()
        else:
            self.open(page)

    def toggle(self) -> None:
        """Show or hide the panel."""
        root = self._root
        covered = self._uncover()
        if self._narrow:
            root.remove_class("-explain")
            root.toggle_class("-panel")
            if root.has_class("-panel"):
                self._enter()
            else:
                self._go_back()
        elif covered:
            root.remove_class("-no-panel")
        elif self._lesson and self._beside:
            if root.has_class("-facts"):
                self.fold()
                self._go_back()
            else:
                root.add_class("-facts")
                self._enter()
        else:
            root.toggle_class("-no-panel")
            focused = self._tabs.has_focus_within or self._explanation.has_focus_within
            if root.has_class("-no-panel") and focused:
                self._go_back()

    def toggle_explanation(self) -> bool:
        """Show the explanation or its next page. On a narrow screen, show or hide the explanation.

        Return False if the whole explanation has been shown already.
        """
        root = self._root
        covered = self._uncover()
        if self._narrow:
            hidden = self._tabs if root.has_class("-panel") else self._explanation
            if hidden.has_focus_within:
                self._go_back()
            root.remove_class("-panel")
            root.toggle_class("-explain")
        elif not self._beside:
            root.remove_class("-no-panel")
        elif not covered:
            return self._explanation.turn_page()
        return True

    def fold(self) -> None:
        """Hide everything that covers the transcript or, on a narrow screen, shares its space."""
        self._root.remove_class("-panel", "-explain", "-states", "-alone", "-facts", "-present")

    def _uncover(self) -> bool:
        """Close the state diagram if it covers the panel, and return whether it did."""
        covered = self._root.has_class("-alone")
        if covered:
            self._root.remove_class("-states", "-alone")
            self._leave()
        return covered

    # The focus

    def _enter(self) -> None:
        """Focus the selected page, and remember whether the focus came from the transcript."""
        if not self._tabs.has_focus_within:
            self._from_transcript = self._transcript.has_focus
        self._tabs.focus_page()

    def _go_back(self) -> None:
        """Return the focus to the transcript if it came from there, or else to the command line."""
        if self._from_transcript:
            self._transcript.focus()
        else:
            self._leave()
