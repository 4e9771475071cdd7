"""The state table matches the standards, from which the expected states were copied manually."""

from __future__ import annotations

from itertools import product

import pytest
from heloscope.session.facts.commands import COMMANDS
from heloscope.session.protocol.states import (
    AFTER_DISCONNECT,
    KNOWN_VERBS,
    State,
    after_greeting,
    after_reply,
    after_tls,
    after_unasked,
    announced,
    has_rules,
    move,
    not_now,
    state_if_accepted,
)
from heloscope.session.verbs import LAST_CHUNKS
from support.rows import for_each

COLUMNS = ("refused", "greeted", "ready", "mail", "rcpt", "data", "bdat", "bdat-failed", "auth")

# A line for each verb, a column for each state: where success leads (250; 220 to STARTTLS; 354 to
# DATA; 334 to AUTH); "-" where the command is out of order.
#
# RFC 5321 4.1.4: EHLO or HELO comes first, and may come again, which is a RSET; NOOP, HELP, EXPN,
# VRFY and RSET may come at any time; MAIL begins a transaction and is not allowed in one; QUIT
# may come at any time. RFC 3207 4: STARTTLS after EHLO and in no transaction. RFC 4954 4: the same
# for AUTH. RFC 3030 2: after a chunk only chunks, and after one that failed only RSET; RFC 4468
# 3.3: BURL is a BDAT whose octets come from elsewhere.
TABLE = """
verb           refused greeted ready   mail  rcpt  data  bdat  bdat-failed auth
EHLO           -       ready   ready   ready ready -     ready ready       -
HELO           -       ready   ready   ready ready -     ready ready       -
LHLO           -       ready   ready   ready ready -     ready ready       -
QUIT           closing closing closing closing closing - closing closing   -
NOOP           -       greeted ready   mail  rcpt  -     bdat  bdat-failed -
HELP           -       greeted ready   mail  rcpt  -     bdat  bdat-failed -
VRFY           -       greeted ready   mail  rcpt  -     bdat  bdat-failed -
EXPN           -       greeted ready   mail  rcpt  -     bdat  bdat-failed -
VERB           -       greeted ready   mail  rcpt  -     bdat  bdat-failed -
RSET           -       greeted ready   ready ready -     ready ready       -
MAIL           -       -       mail    -     -     -     -     -           -
SEND           -       -       mail    -     -     -     -     -           -
SOML           -       -       mail    -     -     -     -     -           -
SAML           -       -       mail    -     -     -     -     -           -
RCPT           -       -       -       rcpt  rcpt  -     -     -           -
DATA           -       -       -       -     data  -     -     -           -
.              -       -       -       -     -     ready -     -           -
BDAT           -       -       -       -     bdat  -     bdat  -           -
BURL           -       -       -       -     bdat  -     bdat  -           -
BDAT_LAST      -       -       -       -     ready -     ready -           -
BURL_LAST      -       -       -       -     ready -     ready -           -
STARTTLS       -       -       tls     -     -     -     -     -           -
X-ANONYMOUSTLS -       -       tls     -     -     -     -     -           -
AUTH           -       -       auth    -     -     -     -     -           -
X-EXPS         -       -       auth    -     -     -     -     -           -
(auth)         -       -       -       -     -     -     -     -           ready
ATRN           -       -       turned  -     -     -     -     -           -
TURN           -       -       turned  -     -     -     -     -           -
ETRN           -       -       ready   -     -     -     -     -           -
XCLIENT        -       -       greeted -     -     -     -     -           -
XFORWARD       -       -       ready   -     -     -     -     -           -
CLIENTID       -       -       ready   -     -     -     -     -           -
XEXCH50        -       -       -       -     rcpt  -     -     -           -
ONEX           -       -       ready   -     -     -     -     -           -
XUSR           -       -       ready   -     -     -     -     -           -
WELLKNOWN      -       -       ready   -     -     -     -     -           -
X-LINK2STATE   -       -       ready   -     -     -     -     -           -
XSHADOW        -       -       ready   -     -     -     -     -           -
XADR           -       -       ready   -     -     -     -     -           -
XCIR           -       -       ready   -     -     -     -     -           -
XGEN           -       -       ready   -     -     -     -     -           -
XSTA           -       -       ready   -     -     -     -     -           -
XPROXY         -       -       ready   -     -     -     -     -           -
XPROXYFROM     -       -       ready   -     -     -     -     -           -
XPROXYTO       -       -       ready   -     -     -     -     -           -
XSESSIONPARAMS -       -       ready   -     -     -     -     -           -
XONE           -       -       ready   -     -     -     -     -           -
"""
ROWS = [line.split() for line in TABLE.split("\n")[2:-1]]
SUCCESS = {"DATA": 354, "AUTH": 334, "X-EXPS": 334, "STARTTLS": 220, "(auth)": 235}


def named(word: str) -> str:
    return word.replace("_", " ")


@for_each(ROWS)
def test_where_success_leads_from_each_state(row: list[str]):
    verb = named(row[0])
    for name, wanted in zip(COLUMNS, row[1:], strict=True):
        state = State(name)
        found = "-"
        if move(state, verb) is not None:
            found = str(after_reply(state, verb, SUCCESS.get(verb, 250)))
            assert state_if_accepted(state, verb) == found
        assert (name, found) == (name, wanted)


@pytest.mark.parametrize("state", [State.READY, State.MAIL, State.RCPT])
def test_a_dot_that_is_refused_as_a_command_leaves_the_transaction_open(state: State):
    assert after_reply(state, ".", 500) is state
    assert after_reply(state, ".", 502) is state


def test_the_table_above_has_every_verb_that_heloscope_knows():
    assert {named(row[0]) for row in ROWS} == KNOWN_VERBS


@for_each(
    product(
        [State.CONNECTED, State.TLS, State.TURNED, State.CLOSED],
        ["EHLO", "HELO", "MAIL", "NOOP", "QUIT", "RSET", "STARTTLS"],
    )
)
def test_no_command_is_in_order_before_the_greeting_nor_when_the_line_is_not_for_commands(
    state: State, verb: str
):
    assert move(state, verb) is None


# Where a refusal, 4yz or 5yz, leads: it leaves the state as it was, but for these.
REFUSED = """
data        .          ready
rcpt        BDAT       bdat-failed
bdat        BDAT       bdat-failed
rcpt        BURL       bdat-failed
rcpt        BDAT_LAST  bdat-failed
bdat        BDAT_LAST  bdat-failed
bdat        BURL_LAST  bdat-failed
auth        (auth)     ready
"""


@for_each(product(REFUSED.split("\n")[1:-1], [450, 554]))
def test_a_refusal_that_changes_the_state(line: str, code: int):
    state, verb, wanted = line.split()
    assert after_reply(State(state), named(verb), code) == wanted


def test_in_lmtp_a_recipient_that_is_refused_ends_the_transaction_anyway():
    for verb in LAST_CHUNKS:
        assert after_reply(State.BDAT, verb, 552, each=True) is State.READY
        assert after_reply(State.BDAT, verb, 552) is State.BDAT_FAILED


@for_each(
    (*row, code)
    for row in [
        ("greeted", "EHLO"),
        ("mail", "EHLO"),
        ("ready", "MAIL"),
        ("mail", "RCPT"),
        ("rcpt", "RCPT"),
        ("rcpt", "DATA"),
        ("rcpt", "RSET"),
        ("ready", "STARTTLS"),
        ("ready", "AUTH"),
        ("rcpt", "QUIT"),
        ("refused", "QUIT"),
        ("bdat-failed", "RSET"),
        ("ready", "ATRN"),
        ("ready", "XCLIENT"),
    ]
    for code in [450, 502, 554]
)
def test_any_other_refusal_leaves_the_state_as_it_was(state: str, verb: str, code: int):
    assert after_reply(State(state), verb, code) == state


def test_a_second_challenge_keeps_the_exchange_open():
    assert after_reply(State.AUTH, "(auth)", 334) is State.AUTH


def test_auth_with_an_initial_response_may_succeed_at_once():
    assert after_reply(State.READY, "AUTH", 235) is State.READY


@for_each([-1, 0, 199, 600, 999])
def test_a_reply_without_a_proper_code_counts_as_a_refusal(code: int):
    assert after_reply(State.DATA, ".", code) is State.READY
    assert after_reply(State.RCPT, "RCPT", code) is State.RCPT
    assert after_reply(State.READY, "MAIL", code) is State.READY


@for_each(
    [
        ("greeted", "MAIL", 250, "mail"),  # without EHLO
        ("mail", "MAIL", 250, "mail"),
        ("ready", "RCPT", 250, "rcpt"),
        ("mail", "DATA", 354, "data"),  # without a recipient
        ("ready", "BDAT LAST", 250, "ready"),
        ("mail", "STARTTLS", 220, "tls"),
        ("greeted", "X-ANONYMOUSTLS", 220, "tls"),
        ("mail", "AUTH", 334, "auth"),
        ("greeted", "X-EXPS", 334, "auth"),
        ("connected", "QUIT", 221, "closing"),
        ("closing", "EHLO", 250, "ready"),
        ("greeted", "FROB", 250, "greeted"),
    ]
)
def test_a_server_that_accepts_a_command_out_of_order_is_followed(
    state: str, verb: str, code: int, wanted: str
):
    assert move(State(state), verb) is None
    assert after_reply(State(state), verb, code) == wanted


# What no command leads to


@for_each([(220, "greeted"), (554, "refused"), (521, "refused"), (421, "refused"), (451, "refused"),
     (354, "connected"), (-1, "connected")])  # fmt: skip
def test_where_a_greeting_leads(code: int, wanted: str):
    assert after_greeting(State.CONNECTED, code) == wanted


@for_each([("ready", "NOOP", "ready"), ("rcpt", "RCPT", "rcpt"), ("rcpt", "DATA", "rcpt"),
     ("data", ".", "ready"), ("auth", "(auth)", "ready"), ("bdat", "BDAT", "bdat-failed"),
     ("mail", "QUIT", "mail")])  # fmt: skip
def test_421_leads_where_any_refusal_does_for_the_connection_stands(
    state: str, verb: str, wanted: str
):
    assert after_reply(State(state), verb, 421) == wanted


def test_421_and_221_announce_the_end_of_the_connection():
    assert [code for code in (220, 221, 250, 354, 421, 451, 500, 521, 554) if announced(code)] == [
        221,
        421,
    ]


def test_a_reply_that_answers_nothing_changes_no_state_but_that_of_auth_when_it_refuses():
    assert after_unasked(State.RCPT, 250) is State.RCPT
    assert after_unasked(State.RCPT, 554) is State.RCPT
    assert after_unasked(State.RCPT, 421) is State.RCPT
    assert after_unasked(State.AUTH, 250) is State.AUTH
    assert after_unasked(State.AUTH, 454) is State.READY
    assert after_unasked(State.AUTH, 421) is State.READY


def test_after_quit_only_quit_is_in_order_and_only_the_end_is_closed():
    assert move(State.CLOSING, "QUIT") is not None
    assert after_reply(State.CLOSING, "QUIT", 221) is State.CLOSING
    assert [verb for verb in KNOWN_VERBS if move(State.CLOSING, verb)] == ["QUIT"]


def test_after_tls_the_client_greets_again_unless_tls_came_before_the_greeting():
    assert after_tls(State.TLS, greeted=True) is State.GREETED
    assert after_tls(State.CONNECTED, greeted=False) is State.CONNECTED


def test_a_lost_connection_is_closed():
    assert AFTER_DISCONNECT is State.CLOSED


def test_once_the_roles_are_swapped_the_rules_for_a_client_are_not_checked():
    assert not has_rules(State.TURNED)
    assert has_rules(State.READY)


# What depends on more than the state


@for_each(
    [
        ("STARTTLS", {}, ""),
        ("STARTTLS", {"tls": True}, "TLS is already active"),
        ("X-ANONYMOUSTLS", {"tls": True}, "TLS is already active"),
        ("AUTH", {}, ""),
        ("AUTH", {"tls": True}, ""),
        ("AUTH", {"authenticated": True}, "already logged in"),
        ("X-EXPS", {"authenticated": True}, "already logged in"),
        ("DATA", {}, ""),
        ("DATA", {"binary": True}, "BODY=BINARYMIME needs BDAT"),
        ("BDAT", {"binary": True}, ""),
        ("EHLO", {"greeted_with": "EHLO"}, ""),
        ("HELO", {"greeted_with": "EHLO"}, ""),
        ("LHLO", {}, ""),
        ("LHLO", {"greeted_with": "EHLO"}, "LHLO is for LMTP only"),
        ("EHLO", {"greeted_with": "LHLO"}, "LMTP uses LHLO"),
        ("MAIL", {"tls": True, "authenticated": True, "greeted_with": "EHLO"}, ""),
    ]
)
def test_why_a_command_is_out_of_order_in_a_state_that_allows_it(
    verb: str, known: dict[str, bool | str], why: str
):
    nothing = {"tls": False, "authenticated": False, "greeted_with": "", "binary": False}
    assert not_now(verb, **{**nothing, **known}) == why  # pyright: ignore[reportArgumentType] (a table)


def test_every_verb_of_the_table_is_a_command_that_can_be_looked_up():
    commands = {verb.removesuffix(" LAST") for verb in KNOWN_VERBS} - {"(auth)"}
    assert commands <= set(COMMANDS)
    assert set(COMMANDS) - commands == {"*", "PROXY", "DEBUG", "WIZ"}  # no commands, or never were
