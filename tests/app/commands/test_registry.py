"""The registry has a command for every action, and reports mistakes in an order."""

from __future__ import annotations

import pytest
from heloscope.app.actions import ACTIONS
from heloscope.app.app import HeloscopeApp
from heloscope.app.commands.registry import Commands
from support.rows import for_each
from support.ui import FakeUi


def run(name: str, argument: str = "") -> tuple[list[str], list[str]]:
    """Run an order with a registry of :find, :trust and :raw. Return the calls, and the notices."""
    ui, called = FakeUi(), list[str]()
    table = {
        name: (lambda argument, name=name: called.append(f"{name} {argument}".strip()))
        for name in ("find", "trust", "raw")
    }
    Commands(ui, table).run(name, argument)
    return called, ui.told


def test_the_commands_are_exactly_the_actions_of_the_table():
    assert HeloscopeApp().main.commands.names == frozenset(ACTIONS)


def test_two_groups_may_not_have_a_command_of_one_name():
    with pytest.raises(ValueError, match="duplicate command names: find"):
        Commands(FakeUi(), {"find": print}, {"find": print, "save": print})


def test_a_command_is_run_with_its_argument():
    assert run("find", "550 5.1.1") == (["find 550 5.1.1"], [])


@for_each(
    [
        ("connct", "", "Unknown order :connct. Did you mean :connect?"),
        ("zzzz", "", "Unknown order :zzzz. F1 lists the orders."),
        ("\x1b[2J", "", "Unknown order :\\x1b[2J. F1 lists the orders."),
        ("trust", "me", ":trust does not take an argument."),
        ("raw", "", "The syntax is :raw BYTES"),
    ]
)
def test_a_mistake_is_told_and_nothing_is_run(name: str, argument: str, told: str):
    assert run(name, argument) == ([], [told])
