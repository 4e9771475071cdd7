"""A visitor's application uses its own driver, and replaces the keys that a browser reserves."""

from __future__ import annotations

import pytest
from heloscope.app.actions import ACTIONS
from heloscope.app.browser_keys import TAKEN, instead_of, rows
from heloscope.app.confinement import PRACTICE_ONLY
from heloscope.app.serve.driver import VisitorDriver
from heloscope.app.serve.visitor import VisitorApp
from textual import events
from textual.binding import Binding
from textual.drivers.web_driver import WebDriver
from textual.geometry import Size
from textual.message import Message


@pytest.mark.parametrize("name", ["TEXTUAL_DRIVER", "HELOSCOPE_CONFINEMENT"])
def test_a_visitor_is_confined_whatever_the_environment_says(
    name: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(name, "textual.drivers.linux_driver:LinuxDriver")
    monkeypatch.setattr("textual.constants.DRIVER", "textual.drivers.linux_driver:LinuxDriver")
    app = VisitorApp()
    assert app.driver_class is VisitorDriver
    assert app.connections.confinement is PRACTICE_ONLY
    assert app.ports() == () and app.journals == []


def test_a_size_that_no_window_has_is_dropped(monkeypatch: pytest.MonkeyPatch):
    passed: list[Message] = []
    monkeypatch.setattr(WebDriver, "process_message", lambda _, message: passed.append(message))
    driver = object.__new__(VisitorDriver)
    for size in (Size(100, 30), Size(99_999, 30), Size(100, 99_999), Size(0, 0)):
        driver.process_message(events.Resize(size, size))
    assert [event.size for event in passed if isinstance(event, events.Resize)] == [Size(100, 30)]


@pytest.mark.parametrize(
    ("key", "shown"), [("ctrl+q", ":q"), ("ctrl+t", ":way"), ("ctrl+n", "F10"), ("f10", "f10")]
)
def test_the_footer_shows_what_replaces_a_key_of_the_browser(key: str, shown: str):
    assert VisitorApp().get_key_display(Binding(key, "x", "x")) == shown


def test_what_replaces_a_key_is_never_one_that_the_browser_takes():
    keys = {key for action in ACTIONS.values() for key in action.key.split(",")}
    assert {"ctrl+n", "ctrl+q", "ctrl+t"} <= keys & TAKEN
    for key in keys & TAKEN:
        assert instead_of(key).startswith((":", "F"))
    listed = {name for name, _ in rows()}
    assert {":way", ":q", "F10", ":run", ":plan", ":begin", ":help"} <= listed
