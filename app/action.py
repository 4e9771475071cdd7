"""`Action`, an action of the application. actions.py contains the table of all actions."""

from __future__ import annotations

import msgspec


class Action(msgspec.Struct, frozen=True):
    """An action of the application.

    `argument` is the syntax of the action's argument, or "" if the action takes none. An optional
    argument is in brackets. `summary` is a phrase, and `details` are further sentences.
    """

    name: str
    argument: str
    summary: str
    details: str = ""
    key: str = ""
    label: str = ""  # label in the footer; empty: the key is not listed there
    priority: bool = False  # the key works wherever the focus is
    letter: str = ""  # letter in the list of procedures (:begin); empty if it is not a procedure
