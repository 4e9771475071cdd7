"""`Recorded`, a recording for the application to show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from ..session.foreign.log import ForeignLog


class Recorded(msgspec.Struct, frozen=True):
    """A recording to show.

    If `presented` is true, it is shown as a presentation; if `masked` is true, with pseudonyms.
    """

    file: str
    presented: bool = False
    masked: bool = False
    log: ForeignLog | None = None  # the log of another tool, if it has been read already
    again: bool = False  # whether its client's lines are to be repeated
