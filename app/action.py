"""`Action`: an action of the application; actions.py has the table of all of them."""

from __future__ import annotations

import msgspec


class Action(msgspec.Struct, frozen=True):
    """One action. `argument` is its syntax: "" for none, in brackets when it may be left out."""

    name: str
    argument: str
    summary: str
    details: str = ""
    key: str = ""
    label: str = ""  # label in the footer; empty: the key is not listed there
    priority: bool = False  # the key works wherever the focus is
    letter: str = ""  # letter in the list of procedures (:begin); empty if it is not a procedure
