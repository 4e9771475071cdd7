"""The orders and keys named in prose come from the table of actions."""

from __future__ import annotations

import pytest
from heloscope.app.actions import ACTIONS
from heloscope.app.advice import ADVICE, do, key_of
from support.rows import for_each


def test_an_action_is_named_by_its_order_and_its_key() -> None:
    assert do("reconnect") == ":reconnect (F9)"
    assert do("connect") == ":connect (Ctrl+O)"


def test_an_action_without_a_key_is_named_by_its_order_alone() -> None:
    assert do("trust") == ":trust"
    assert key_of("trust") == ""


def test_of_several_keys_the_first_is_named() -> None:
    assert do("step") == ":step (F10)"
    assert key_of("begin") == "F12"


def test_an_action_that_does_not_exist_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        do("fly")


@for_each(ADVICE)
def test_every_advice_is_a_sentence(cause: str) -> None:
    text = ADVICE[cause]
    assert (text.endswith(".") and any(f":{name}" in text for name in ACTIONS)) or "Ctrl+C" in text


def test_the_advice_for_a_refused_certificate_names_the_panel_and_the_way_on() -> None:
    assert ADVICE["certificate refused"] == (":tls (F8) shows why; :trust accepts the certificate.")
