"""The side panel on screens of any width: beside the transcript, or in its place.

Which of the two, the CSS of the main screen decides by the classes that are set here: on a narrow
screen `-panel` shows the panel and `-explain` the explanation in it, on a wide one `-no-panel`
hides it.
"""

from __future__ import annotations

from collections.abc import Callable

from textual.widget import Widget

from ...widgets.panels.explanation import ExplanationPanel
from ...widgets.panels.tabbed import TabbedPanel


class PanelLayout:
    """Shows and hides the tabs and the explanation; implements ui.SidePanel.

    `root` is the widget that the classes are set on; `leave` focuses the command line.
    """

    def __init__(
        self,
        root: Widget,
        tabs: TabbedPanel,
        explanation: ExplanationPanel,
        leave: Callable[[], object],
    ) -> None:
        self._root = root
        self._tabs = tabs
        self._explanation = explanation
        self._leave = leave

    @property
    def _narrow(self) -> bool:
        return self._root.has_class("-narrow")

    @property
    def shown(self) -> bool:
        """Whether the tabs can be seen."""
        if self._narrow:
            return self._root.has_class("-panel") and not self._root.has_class("-explain")
        return not self._root.has_class("-no-panel")

    @property
    def folded(self) -> bool:
        """Whether a narrow screen shows the transcript; True on a wide one."""
        return not self._root.has_class("-panel")

    def shows(self, page: str) -> bool:
        """Whether this page is in front and can be seen."""
        return self.shown and self._tabs.page == self._tabs.number(page)

    def turn_to(self, page: str) -> None:
        """Put a page in front. A hidden panel stays hidden."""
        self._tabs.page = self._tabs.number(page)

    def open(self, page: str) -> None:
        """Show the panel with this page in front, and focus it."""
        self.turn_to(page)
        self._root.remove_class("-no-panel", "-explain")
        if self._narrow:
            self._root.add_class("-panel")
        self._tabs.focus_page()

    def toggle_page(self, page: str) -> None:
        """Show this page and focus it; leave it if it has the focus already."""
        number = self._tabs.number(page)
        if self._tabs.page == number and self._tabs.has_focus_within:
            if self._narrow:
                self._root.remove_class("-explain", "-panel")
            self._leave()
        else:
            self.open(page)

    def toggle(self) -> None:
        """Show or hide the panel."""
        root = self._root
        if self._narrow:
            explaining = root.has_class("-explain")
            root.remove_class("-explain")
            root.set_class(explaining or not root.has_class("-panel"), "-panel")
            if root.has_class("-panel"):
                self._tabs.focus_page()
            else:
                self._leave()
        else:
            root.toggle_class("-no-panel")
            focused = self._tabs.has_focus_within or self._explanation.has_focus_within
            if root.has_class("-no-panel") and focused:
                self._leave()

    def toggle_explanation(self) -> None:
        """Focus the explanation; on a narrow screen, show or hide it."""
        root = self._root
        if self._narrow:
            shown = root.has_class("-explain")
            root.set_class(not shown, "-panel")
            root.set_class(not shown, "-explain")
        else:
            root.remove_class("-no-panel")
        if not self._narrow or root.has_class("-panel"):
            self._explanation.focus()
        else:
            self._leave()

    def fold(self) -> None:
        """Give a narrow screen back to the transcript."""
        self._root.remove_class("-panel", "-explain")
