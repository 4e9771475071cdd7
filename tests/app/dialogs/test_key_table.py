"""`heloscope --keys` and F1 list the same keys and orders, and all of them."""

from __future__ import annotations

from heloscope.app.actions import ACTIONS, key_name
from heloscope.app.dialogs.key_table import as_text, sections
from support.stage import Stage
from textual.widgets import Static


def names(heading: str) -> list[str]:
    return [entry.name for entry in dict(sections())[heading]]


async def test_keys_and_f1_say_the_same_words_in_the_same_order():
    async with Stage().run((80, 24)) as stage:
        await stage.press("f1")
        shown = str(stage.app.screen.query_one("#help-text", Static).content)
    assert shown.split() == as_text(80).split()


def test_every_action_is_an_order_of_the_table():
    orders = [name.split()[0] for name in names("Orders")]
    assert orders == [f":{name}" for name in ACTIONS]


def test_every_key_of_an_action_works_anywhere():
    keys = [key_name(action.key) for action in ACTIONS.values() if action.key]
    assert names("Anywhere")[: len(keys)] == keys


def test_a_key_of_the_plan_is_described_as_its_order_is():
    assert "  e                       change the next step, or the one just refused\n" in as_text(
        80
    )


def test_what_does_not_fit_goes_on_in_its_column():
    text = as_text(80)
    assert max(map(len, text.splitlines())) <= 80
    assert (
        """
  :copy [script | swaks | smtplib [plan] [FILE]]
                          copy the session so that it can be repeated
                          Copies it as a script for heloscope run, a swaks
"""
        in text
    )
    assert (
        """
  F10 Ctrl+N              take the next step of the plan
  F5 Ctrl+R               run the plan to the next breakpoint
"""
        in text
    )


def test_a_very_narrow_terminal_still_gets_every_word():
    assert as_text(10).split() == as_text(80).split()
