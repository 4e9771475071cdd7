"""A rule for a text that servers write in their replies."""

from __future__ import annotations

from typing import NamedTuple


class TextRule(NamedTuple):
    """A text that a server writes in a reply, what it is about, and after which commands it holds.

    `family` names the program or provider that writes it. `codes` are separated by spaces; the
    reply must have one of them as its code or enhanced code: `5xx` stands for a whole class,
    `x.7.1` for any class, `5.7.6*` for every code that begins so; empty for any refusal. `says` is
    in lower case; alternatives are separated by ` | `, and ` … ` stands for any text in between.

    `after` are the commands that the text may answer, or the groups of them in match.py, separated
    by spaces; empty for any. `topic` is a key of topics.TOPICS; `means` and `try_next`, where they
    are given, say it more exactly than the topic. `sure` is False where the wording comes from a
    second-hand report. A `weak` rule looks for a word or two that occur in texts of many kinds: the
    readings of readings.py are asked before it.
    """

    key: str
    family: str
    codes: str
    says: str
    after: str = ""
    topic: str = ""
    means: str = ""
    try_next: str = ""
    sure: bool = True
    weak: bool = False
