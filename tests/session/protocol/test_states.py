"""The state table against itself: every state can be left, every verb has its place."""

from __future__ import annotations

import pytest
from heloscope.session.facts.commands import COMMANDS
from heloscope.session.protocol.states import (
    MID_GROUP,
    MOVES,
    SOMETIMES,
    VERBS,
    State,
    following,
    hoped,
    move,
    not_now,
)

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


def test_each_verb_that_depends_on_more_than_the_state_is_in_order_by_default():
    for verb in SOMETIMES:
        assert not not_now(verb, tls=False, authenticated=False, greeted_with="", binary=False)


def test_every_verb_is_a_known_command():
    named = {verb.removesuffix(" LAST") for verb in VERBS} - {"(auth)"}
    assert named <= set(COMMANDS)
    assert set(COMMANDS) - named == {"*", "PROXY", "DEBUG", "WIZ"}  # no commands, or never were


def test_what_may_stand_anywhere_in_a_group():
    assert {"MAIL", "RCPT", "RSET", "SEND", "SOML", "SAML", "BDAT"} <= MID_GROUP
    assert not MID_GROUP & {"EHLO", "DATA", "VRFY", "EXPN", "TURN", "QUIT", "NOOP", "STARTTLS"}


# What RFC 5321 section 4.1.4 and its kin say, a line each: state, verb, where 2, 3, 4 and 5 lead.
TABLE = """
greeted     EHLO       ready   -      greeted      greeted
greeted     HELO       ready   -      greeted      greeted
ready       EHLO       ready   -      ready        ready
mail        EHLO       ready   -      mail         mail
rcpt        HELO       ready   -      rcpt         rcpt
ready       MAIL       mail    -      ready        ready
mail        RCPT       rcpt    -      mail         mail
rcpt        RCPT       rcpt    -      rcpt         rcpt
rcpt        DATA       rcpt    data   rcpt         rcpt
data        .          ready   -      ready        ready
rcpt        BDAT       bdat    -      bdat-failed  bdat-failed
bdat        BDAT       bdat    -      bdat-failed  bdat-failed
bdat        BDAT-LAST  ready   -      ready        ready
bdat-failed RSET       ready   -      bdat-failed  bdat-failed
rcpt        BURL       bdat    -      bdat-failed  bdat-failed
rcpt        BURL-LAST  ready   -      ready        ready
mail        RSET       ready   -      mail         mail
greeted     RSET       greeted -      greeted      greeted
rcpt        NOOP       rcpt    -      rcpt         rcpt
mail        VRFY       mail    -      mail         mail
rcpt        QUIT       closed  -      rcpt         rcpt
refused     QUIT       closed  -      refused      refused
ready       STARTTLS   tls     -      ready        ready
ready       AUTH       ready   auth   ready        ready
auth        (auth)     ready   auth   ready        ready
ready       ETRN       ready   -      ready        ready
ready       ATRN       turned  -      ready        ready
ready       XCLIENT    greeted -      ready        ready
ready       XFORWARD   ready   -      ready        ready
"""


@pytest.mark.parametrize("line", TABLE.split("\n")[1:-1])
def test_where_each_reply_leads(line: str):
    name, verb, *targets = line.split()
    verb = verb.replace("-", " ") if verb.endswith("-LAST") else verb
    state = State(name)
    assert move(state, verb) is not None
    for digit, target in zip((2, 3, 4, 5), targets, strict=True):
        if target != "-":
            assert following(state, verb, digit) is State(target), digit


@pytest.mark.parametrize(
    ("state", "verbs"),
    [
        (State.CONNECTED, "EHLO HELO MAIL NOOP QUIT RSET"),
        (State.REFUSED, "EHLO HELO MAIL NOOP RSET"),
        (State.GREETED, "MAIL RCPT DATA BDAT STARTTLS AUTH"),
        (State.READY, "RCPT DATA BDAT"),
        (State.MAIL, "MAIL DATA BDAT AUTH STARTTLS ETRN XCLIENT"),
        (State.RCPT, "MAIL AUTH STARTTLS ETRN XCLIENT"),
        (State.BDAT, "DATA MAIL RCPT"),
        (State.BDAT_FAILED, "BDAT DATA MAIL RCPT"),
        (State.TLS, "EHLO NOOP QUIT"),
    ],
)
def test_what_is_out_of_order(state: State, verbs: str):
    assert [verb for verb in verbs.split() if move(state, verb) is not None] == []


def test_a_recipient_needs_a_sender():
    assert move(State.READY, "RCPT") is None
    assert move(State.MAIL, "RCPT") is not None


def test_rset_gives_up_a_transaction_and_nothing_else():
    assert following(State.RCPT, "RSET", 2) is State.READY
    assert following(State.GREETED, "RSET", 2) is State.GREETED
