"""How long is waited for each reply: RFC 5321 section 4.5.3.2."""

from __future__ import annotations

import msgspec
import pytest
from heloscope.session.protocol.states import KNOWN_VERBS
from heloscope.session.timeouts import Timeouts


@pytest.mark.parametrize(
    ("verb", "minutes"),
    [
        ("greeting", 5),  # 4.5.3.2.1
        ("MAIL", 5),  # 4.5.3.2.2
        ("RCPT", 5),  # 4.5.3.2.3
        ("DATA", 2),  # 4.5.3.2.4
        ("BDAT", 3),  # 4.5.3.2.5
        (".", 10),  # 4.5.3.2.6
        ("BDAT LAST", 10),
        ("BURL LAST", 10),
        ("EHLO", 5),  # no value is given
        ("(auth)", 5),
        ("FROB", 5),
        ("", 5),
    ],
)
def test_the_standard_ones(verb: str, minutes: float):
    assert Timeouts().reply_to(verb) == minutes * 60


def test_one_time_for_all():
    times = Timeouts.all(7.5)
    assert set(msgspec.structs.astuple(times)) == {7.5}
    assert {times.reply_to(verb) for verb in KNOWN_VERBS} == {7.5}


def test_the_shortest_is_that_of_a_reply():
    assert Timeouts(connect=0.5, rcpt=7).shortest == 7
    assert Timeouts().shortest == 120


@pytest.mark.parametrize("name", Timeouts.__struct_fields__)
def test_each_can_be_changed_alone(name: str):
    changed = Timeouts(**{name: 1.0})
    others = [other for other in Timeouts.__struct_fields__ if other != name]
    assert getattr(changed, name) == 1.0
    assert [getattr(changed, other) for other in others] == [
        getattr(Timeouts(), other) for other in others
    ]
