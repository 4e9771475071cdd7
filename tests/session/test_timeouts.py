"""How long to wait for each reply (RFC 5321 section 4.5.3.2)."""

from __future__ import annotations

from heloscope.session.timeouts import Timeouts
from support.rows import for_each


@for_each(
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
    ]
)
def test_the_default_timeouts_are_those_of_the_standard(verb: str, minutes: float):
    assert Timeouts().reply_to(verb) == minutes * 60


@for_each(["greeting", "EHLO", "MAIL", "DATA", ".", "BDAT LAST", "FROB"])
def test_one_timeout_can_be_set_for_every_reply(verb: str):
    assert Timeouts.all(7.5).reply_to(verb) == 7.5


def test_one_timeout_can_be_changed_and_leaves_the_others_as_they_are():
    changed = Timeouts(rcpt=1.0)
    assert changed.reply_to("RCPT") == 1
    assert changed.reply_to("MAIL") == 300
    assert changed.reply_to(".") == 600


def test_the_shortest_timeout_is_that_of_a_reply_and_not_of_connecting():
    assert Timeouts(connect=0.5, rcpt=7).shortest == 7
    assert Timeouts().shortest == 120
