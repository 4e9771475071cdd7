"""The registry of all commands, which merges the tables of the groups and runs a command by name.

A group (view.py, plan.py, …) is a plain object with a table that maps the name of an action
(actions.ACTIONS) to a callable, which is called with the argument.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ...session.visible import visible_text
from ..actions import find_action, nearest_action
from ..advice import key_of
from ..confinement import FREE, Confinement
from ..ui import Ui

CommandTable = Mapping[str, Callable[[str], object]]
"""Maps the name of an action to its implementation, which is called with the argument."""


class Commands:
    """Runs the commands of several tables. Raises ValueError if a name is in two of them.

    `confinement` is consulted before each command.
    """

    def __init__(self, ui: Ui, *tables: CommandTable, confinement: Confinement = FREE) -> None:
        self._ui = ui
        self._confinement = confinement
        self.ran: Callable[[str], object] = lambda _: None
        """Called with the name of each action that has been run."""
        self._table: dict[str, Callable[[str], object]] = {}
        for table in tables:
            twice = self._table.keys() & table.keys()
            if twice:
                raise ValueError(f"duplicate command names: {', '.join(sorted(twice))}")
            self._table.update(table)

    @property
    def names(self) -> frozenset[str]:
        """The names of all commands."""
        return frozenset(self._table)

    def run(self, name: str, argument: str = "") -> None:
        """Run the order `:name argument`, or tell the user what is wrong with it."""
        action = find_action(name)
        if action is None:
            meant = nearest_action(name)
            hint = f"Did you mean :{meant}?" if meant else f"{key_of('help')} lists the orders."
            self._ui.tell(f"Unknown order :{visible_text(name)[:40]}. {hint}", trouble=True)
        elif action.argument == "" and argument:
            self._ui.tell(f":{action.name} does not take an argument.", trouble=True)
        elif action.argument and "[" not in action.argument and not argument:
            self._ui.tell(f"The syntax is :{action.name} {action.argument}", trouble=True)
        elif refusal := self._confinement.refusal(action.name, argument.strip()):
            self._ui.tell(refusal, trouble=True)
        else:
            self._table[action.name](argument)
            self.ran(action.name)
