"""In Chromium, a visitor to `heloscope serve` can type, press reserved keys, leave and return."""

from __future__ import annotations

import pytest
from support.browser import FOUND, Browser, chromium

pytest.importorskip("aiohttp", reason="heloscope serve needs its extra: serve")
pytest.importorskip("textual_serve", reason="heloscope serve needs its extra: serve")
if not FOUND:
    pytest.skip("no Chromium (Debian: chromium chromium-driver)", allow_module_level=True)

from support.serving import serving, text_of

ENTER, ESCAPE = "\ue007", "\ue00c"
F1, F3, F5, F9, F12 = "\ue031", "\ue033", "\ue035", "\ue039", "\ue03c"
# Keeps what comes over the websocket: the terminal draws it on a canvas.
_LISTEN = """
window.drawn = "";
const Real = WebSocket;
window.WebSocket = class extends Real {
  constructor(url) {
    super(url);
    this.addEventListener("message", (event) => {
      if (typeof event.data !== "string") window.drawn += new TextDecoder().decode(event.data);
    });
  }
};
"""


class Terminal:
    """The terminal in the page."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    def shows(self, *words: str) -> None:
        """Wait until all these words have been drawn since the last call."""
        wanted = [each.replace(" ", "") for each in words]

        def drawn() -> bool:
            text = text_of(self.browser.script("return window.drawn"))
            return all(each in text for each in wanted)

        self.browser.until(drawn, " and ".join(words))
        self.browser.script("window.drawn = ''")

    def visible(self, part: str) -> bool:
        """Return whether a part of the page is displayed."""
        look = "return getComputedStyle(document.querySelector(arguments[0])).display !== 'none'"
        return self.browser.script(look, part)


def test_a_visitor_in_a_browser():
    with serving() as served, chromium() as browser:
        listen = {"cmd": "Page.addScriptToEvaluateOnNewDocument", "params": {"source": _LISTEN}}
        browser.ask("POST", "/goog/cdp/execute", listen)
        browser.open(served.url)
        terminal = Terminal(browser)
        browser.script("window.marked = true")
        terminal.shows("EHLO comes next")
        browser.until(lambda: not terminal.visible(".waiting"), "the terminal")
        assert not terminal.visible(".ended")

        browser.type(f"EHLO me{ENTER}")
        terminal.shows("ready for MAIL")
        browser.type(F5)  # which the page has, so that nothing is reloaded
        terminal.shows("Nothing to run")
        browser.type(F12)
        terminal.shows("Step by step")
        browser.type(ESCAPE + F1)
        terminal.shows("the browser takes Ctrl+T")
        browser.type(ESCAPE)
        assert browser.script("return window.marked") is True
        assert len(browser.picture()) > 20_000  # pixels, not an empty page

        browser.type(f":q{ENTER}")
        browser.until(lambda: terminal.visible(".ended"), "the end of the session")
        assert browser.complaints() == []
        browser.script("document.getElementById('again').click()")
        browser.until(lambda: browser.script("return window.marked === undefined"), "a new page")
        terminal.shows("EHLO comes next")
        assert len(served.visitors()) == 1


def test_the_first_steps_of_lesson_1_are_done_in_a_browser():
    with serving() as served, chromium() as browser:
        listen = {"cmd": "Page.addScriptToEvaluateOnNewDocument", "params": {"source": _LISTEN}}
        browser.ask("POST", "/goog/cdp/execute", listen)
        browser.open(served.url)
        terminal = Terminal(browser)
        terminal.shows("EHLO comes next")
        browser.until(lambda: not terminal.visible(".waiting"), "the terminal")

        browser.type(f":lesson 1{ENTER}")
        terminal.shows("begins the first step of the lesson")
        browser.type(ENTER)
        terminal.shows("step 1 of 6")
        browser.type(F3)  # why: the line that came unasked
        terminal.shows("step 1 of 6, done")
        browser.type(ESCAPE + ENTER)
        terminal.shows("step 2 of 6", "goes to the answers in the lesson")
        browser.type(f"{ENTER}1")  # to the answers, and what is expected
        terminal.shows("F9 reconnects")
        browser.type(F9)
        terminal.shows("step 2 of 6, done")
        browser.type(f":grade{ENTER}")
        terminal.shows("2 of 6 steps done")
        assert browser.complaints() == []
