"""The state panel is not drawn until it is seen."""

from __future__ import annotations

from heloscope.widgets.panels.state import StatePanel
from heloscope.widgets.panels.tabbed import TabbedPanel
from textual.app import App, ComposeResult
from textual.widgets import Static


class Tabs(App[None]):
    """A panel with two pages. The second page shows the state."""

    def __init__(self) -> None:
        super().__init__()
        self.state = StatePanel(id="state")

    def compose(self) -> ComposeResult:
        yield TabbedPanel(("Other", Static("", id="other")), ("State", self.state))

    @property
    def text(self) -> str:
        return " ".join(str(self.query_one("#state-text", Static).content).split())


async def test_it_is_drawn_when_its_page_is_turned_to_and_kept_up_to_date_in_front():
    async with Tabs().run_test() as pilot:
        app = pilot.app
        assert isinstance(app, Tabs)
        tabs = app.query_one(TabbedPanel)
        app.state.show([("ready", "EHLO comes next", True)], ["EHLO"], [])
        assert app.text == ""
        tabs.page = 1
        assert "▶ ready" in app.text
        assert "EHLO comes next" in app.text
        app.state.show([("mail", "RCPT comes next", True)], ["RCPT", "RSET"], ["a note"])
        assert "ready" not in app.text
        assert "▶ mail" in app.text
        assert "RCPT, RSET" in app.text
        assert "a note" in app.text
        tabs.page = 0
        app.state.show([("ready", "MAIL comes next", True)], ["MAIL"], [])
        assert "▶ mail" in app.text
        tabs.page = 1
        assert "▶ ready" in app.text
