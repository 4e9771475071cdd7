"""The extensions panel copes with keywords that no real server sends."""

from __future__ import annotations

from heloscope.session.facts.extensions import describe
from heloscope.widgets.panels.extensions import LONGEST_TEXT, MOST_SHOWN, ExtensionsPanel
from textual.app import App, ComposeResult
from textual.widgets import Static


class Bench(App[None]):
    """An app with an extensions panel, as wide as the panel is next to a transcript."""

    def compose(self) -> ComposeResult:
        yield ExtensionsPanel(describe, lambda keyword, added: "", "Ctrl+O")

    def shown(self, keywords: dict[str, tuple[str, ...]]) -> list[str]:
        panel = self.query_one(ExtensionsPanel)
        panel.show(keywords, None, connected=True)
        return str(panel.query_one(Static).content).splitlines()


async def test_a_long_line_is_cut_with_a_mark():
    app = Bench()
    async with app.run_test(size=(48, 20)):
        lines = app.shown({"X-LONG": ("x" * 60_000,), "Y" * 60_000: ()})
        said = "".join(word for line in lines if set(word := line[12:].strip()) <= {"x", "…"})
        assert said == "x" * (LONGEST_TEXT - 1) + "…"
        [name] = [line for line in lines if line.startswith("Y")]
        assert name.endswith("…")
        assert len(name) <= 48


async def test_of_very_many_the_rest_is_counted():
    app = Bench()
    async with app.run_test(size=(48, 20)):
        lines = app.shown({f"X-{number}": () for number in range(MOST_SHOWN + 1234)})
        assert lines[-1] == "and 1,234 more"


async def test_what_cannot_be_seen_is_shown_as_an_escape():
    app = Bench()
    async with app.run_test(size=(48, 20)):
        lines = app.shown({"X-\x1b[31m": ("\u202eevil", "[b]bold[/b]")})
        assert lines[0].startswith(r"X-\x1b[31m  \u202eevil [b]bold[/b]")
