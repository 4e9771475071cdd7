"""The form of a rule for the texts that servers write in their replies."""

from __future__ import annotations

from typing import NamedTuple


class TextRule(NamedTuple):
    """A rule that recognises a reply by its wording and gives it a topic.

    `family` names the program or provider that uses the wording. `codes` are separated by spaces,
    and the reply must have one of them as its code or enhanced code: `5xx` stands for a whole
    class, `x.7.1` for any class, and `5.7.6*` for every code that begins with 5.7.6. If `codes` is
    empty, the rule applies to any refusal. `says` is in lower case: " | " separates alternatives,
    and " … " stands for any text in between.

    `after` lists the commands that the text may answer, or groups of them defined in match.py,
    separated by spaces; if it is empty, the rule applies to any command. `topic` is a key of
    topics.TOPICS; `means` and `try_next`, if given, are more specific than those of the topic.
    `sure` is false if the wording comes from a second-hand report. A `weak` rule looks for one or
    two words that occur in many kinds of text, so the readings in readings.py take precedence over
    it.
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
