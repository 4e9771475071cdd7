"""What an action of the application is; the table of all is in actions.py."""

from __future__ import annotations

import msgspec


class Action(msgspec.Struct, frozen=True):
    """One action. `argument` is its syntax: "" for none, in brackets when it may be left out."""

    name: str
    argument: str
    summary: str
    details: str = ""
    key: str = ""
    label: str = ""  # in the footer; empty keeps the key out of it
    priority: bool = False  # the key works whatever has the focus
    letter: str = ""  # in the list of procedures (:begin); empty for what is none
