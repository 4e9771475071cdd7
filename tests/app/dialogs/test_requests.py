"""Every request has a dialog on the screen."""

from __future__ import annotations

import inspect

import pytest
from heloscope.app.confinement import FREE
from heloscope.app.dialogs import requests, screens
from heloscope.app.dialogs.help import HelpScreen
from heloscope.app.dialogs.question import QuestionScreen
from heloscope.app.dialogs.requests import Answer, Help, Question
from heloscope.app.ui import Request
from support.ui import FakeUi


def test_every_request_is_named_where_dialogs_are_chosen():
    wanted = {
        name
        for name, found in inspect.getmembers(requests, inspect.isclass)
        if issubclass(found, Request) and found is not Request
    }
    source = inspect.getsource(screens)
    assert {name for name in wanted if f"{name}()" in source} == wanted


def test_a_request_is_opened_as_its_dialog_and_a_dialog_as_it_is():
    ui = FakeUi()
    asked = screens.screen_of(Question("Leave?", "", (Answer("Esc", "no", "no"),)), ui)
    assert isinstance(asked, QuestionScreen)
    assert asked.question == "Leave?"
    shown = screens.screen_of(Help(FREE), ui)
    assert isinstance(shown, HelpScreen)
    assert screens.screen_of(shown, ui) is shown


def test_a_request_without_a_dialog_is_a_mistake():
    with pytest.raises(TypeError, match="no dialog for Request"):
        screens.screen_of(Request[str](), FakeUi())
