"""The formats of `:copy`: the name of each, what it is called in a sentence, and its renderer.

Names and words are those of the table of actions. The renderers are imported when one is used.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from ..actions import COPY_FORMATS

if TYPE_CHECKING:
    from .replay import Replay


class Format(NamedTuple):
    """A format of a replay: `what` names it in a sentence, `render` writes it."""

    what: str
    render: Callable[[Replay], str]


def _script(replay: Replay) -> str:
    from .script import script

    return script(replay)


def _swaks(replay: Replay) -> str:
    from .swaks import swaks

    return swaks(replay)


def _smtplib(replay: Replay) -> str:
    from .smtplib_program import smtplib_program

    return smtplib_program(replay)


FORMATS: dict[str, Format] = {
    "script": Format(COPY_FORMATS["script"], _script),
    "swaks": Format(COPY_FORMATS["swaks"], _swaks),
    "smtplib": Format(COPY_FORMATS["smtplib"], _smtplib),
}
"""Name, as typed after `:copy` -> format."""
