"""A rule for a text that servers write in their replies."""

from __future__ import annotations

from typing import NamedTuple


class TextRule(NamedTuple):
    """The wording of a reply, its topic, and the commands after which the rule applies.

    `family` names the program or provider that writes it. `codes` are separated by spaces; the
    reply must have one of them as its code or enhanced code: `5xx` stands for a whole class,
    `x.7.1` for any class, `5.7.6*` for every code that begins so; empty for any refusal. `says` is
    in lower case; alternatives are separated by ` | `, and ` … ` stands for any text in between.

    `after` are the commands that the text may answer, or the groups of them in match.py, separated
    by spaces; empty for any. `topic` is a key of topics.TOPICS; `means` and `try_next`, if given,
    are more specific than those of the topic. `sure` is False if the wording comes from a
    second-hand report. A `weak` rule looks for one or two words that occur in many kinds of texts:
    the readings of readings.py take precedence over it.
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
