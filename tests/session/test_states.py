"""The state table against itself: every state can be left, every verb has its place."""

from __future__ import annotations

import pytest
from heloscope.session.states import MOVES, VERBS, State, following, hoped, move

RFC_5321 = ["EHLO", "HELO", "MAIL", "RCPT", "DATA", "RSET", "VRFY", "EXPN", "HELP", "NOOP", "QUIT"]


@pytest.mark.parametrize("verb", [*RFC_5321, "LHLO", "STARTTLS", "AUTH", "BDAT", "."])
def test_every_command_is_allowed_somewhere(verb: str):
    assert verb in VERBS
    assert any(known == verb for _, known in MOVES)


@pytest.mark.parametrize("state", [s for s in State if s is not State.CLOSED])
def test_every_state_can_be_left(state: State):
    leaves = {following(state, verb, digit) for verb in VERBS for digit in (2, 3, 4, 5)}
    assert leaves - {state}


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("verb", sorted(VERBS))
def test_any_reply_to_any_command_leads_somewhere(state: State, verb: str):
    for digit in range(-1, 10):
        assert isinstance(following(state, verb, digit), State)
    assert isinstance(hoped(state, verb), State)


def test_a_recipient_needs_a_sender():
    assert move(State.READY, "RCPT") is None
    assert move(State.MAIL, "RCPT") is not None


def test_rset_gives_up_a_transaction_and_nothing_else():
    assert following(State.RCPT, "RSET", 2) is State.READY
    assert following(State.GREETED, "RSET", 2) is State.GREETED
