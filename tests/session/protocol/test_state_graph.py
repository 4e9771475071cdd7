"""The states as a graph: every transition in the table, and what each command would do."""

from __future__ import annotations

from heloscope.session.events import CLIENT, SERVER, Cause, Disconnected, TlsStarted
from heloscope.session.protocol.state_graph import (
    DONE,
    END,
    FAILED,
    GREETING,
    HANDSHAKE,
    MORE,
    NOT_OFFERED,
    OUT_OF_ORDER,
    TRANSITIONS,
    Circumstances,
    Transition,
    way,
    ways,
)
from heloscope.session.protocol.state_trail import MOST, StateTrail, Visit
from heloscope.session.protocol.states import MOVES, State, after_reply
from support.rows import for_each
from support.scripts import observe

S = State
EHLO = Circumstances(offered=("SIZE", "PIPELINING"), greeted_with="EHLO")


@for_each(
    [
        Transition(S.CONNECTED, S.GREETED, GREETING, DONE),
        Transition(S.CONNECTED, S.REFUSED, GREETING, FAILED),
        Transition(S.GREETED, S.READY, "EHLO", DONE),
        Transition(S.READY, S.MAIL, "MAIL", DONE),
        Transition(S.RCPT, S.DATA, "DATA", MORE),
        Transition(S.DATA, S.READY, ".", FAILED),
        Transition(S.RCPT, S.BDAT_FAILED, "BDAT LAST", FAILED),
        Transition(S.READY, S.AUTH, "AUTH", MORE),
        Transition(S.TLS, S.GREETED, HANDSHAKE),
        Transition(S.MAIL, S.CLOSED, END),
    ],
    lambda one: f"{one.source}-{one.target}",
)
def test_the_graph_has_the_transitions_of_the_standard(wanted: Transition):
    assert wanted in TRANSITIONS


def test_the_graph_leads_where_the_conversation_goes():
    code = {DONE: 250, MORE: 354, FAILED: 550}
    for one in TRANSITIONS:
        if (one.source, one.verb) in MOVES:
            assert after_reply(one.source, one.verb, code[one.reply]) is one.target


def test_every_state_can_be_reached_and_every_state_can_end():
    assert {one.target for one in TRANSITIONS} == {*State} - {S.CONNECTED}
    ends = {one.source for one in TRANSITIONS if one.verb == END}
    assert ends == {*State} - {S.CLOSED}


@for_each(
    [
        (S.READY, "MAIL", EHLO, ""),
        (S.READY, "RCPT", EHLO, OUT_OF_ORDER),
        (S.READY, "STARTTLS", EHLO, NOT_OFFERED),
        (S.READY, "STARTTLS", Circumstances(), ""),  # nothing is known yet
        (S.RCPT, "BDAT LAST", EHLO, NOT_OFFERED),
        (S.RCPT, "BDAT LAST", EHLO._replace(offered=("CHUNKING",)), ""),
        (
            S.READY,
            "AUTH",
            EHLO._replace(offered=("AUTH",), authenticated=True),
            "already logged in",
        ),
        (S.READY, "EXPN", EHLO, ""),  # many servers have it and do not list it
        (S.RCPT, "DATA", EHLO._replace(binary=True), "BODY=BINARYMIME needs BDAT"),
        (S.READY, "VRFY", EHLO._replace(rejected={"VRFY": 502}), "answered 502 before"),
    ]
)
def test_it_is_known_which_commands_a_server_would_refuse(
    state: State, verb: str, known: Circumstances, refusal: str
):
    assert way(state, verb, known).refusal == refusal


def test_a_command_leads_on_by_the_class_of_its_reply():
    known = EHLO._replace(offered=("CHUNKING",))
    found = way(S.BDAT, "BDAT LAST", known)
    assert found.leads == ((DONE, S.READY), (FAILED, S.BDAT_FAILED))
    assert way(S.RCPT, "RCPT", known).leads == ()


def test_the_greeting_of_the_other_protocol_is_omitted():
    greetings = ("EHLO", "HELO", "LHLO")
    assert [one.verb for one in ways(S.GREETED, greetings, EHLO)] == ["EHLO", "HELO"]
    lmtp = Circumstances(lmtp=True)
    assert [one.verb for one in ways(S.GREETED, greetings, lmtp)] == ["LHLO"]


def test_the_trail_says_what_led_from_state_to_state():
    talk = observe("""
        S: 220 ready
        C: EHLO me
        S: 250-mx
        S: 250 STARTTLS
        C: STARTTLS
        S: 220 go on
    """)
    trail = StateTrail(talk.transcript)
    trail.sync()
    talk.note(TlsStarted(2.0, "TLSv1.3", "TLS_AES_256_GCM_SHA384"))
    talk.feed(CLIENT, b"VRFY you\r\n", 3.0)
    talk.feed(SERVER, b"502 no\r\n", 3.0)
    talk.note(Disconnected(4.0, Cause.RESET))
    trail.sync()
    assert [*trail.visits] == [
        Visit(S.CONNECTED),
        Visit(S.GREETED, GREETING, 220),
        Visit(S.READY, "EHLO", 250),
        Visit(S.TLS, "STARTTLS", 220),
        Visit(S.GREETED, HANDSHAKE),
        Visit(S.CLOSED, END),
    ]
    assert (S.READY, S.TLS) in trail.taken
    assert (S.READY, S.MAIL) not in trail.taken
    assert trail.rejected == {"VRFY": 502}


def test_what_was_rejected_in_cleartext_says_nothing_inside_tls():
    talk = observe("S: 220 ready\nC: HELP\nS: 500 no")
    trail = StateTrail(talk.transcript)
    trail.sync()
    assert trail.rejected == {"HELP": 500}
    talk.note(TlsStarted(2.0, "TLSv1.3", ""))
    trail.sync()
    assert trail.rejected == {}


def test_a_trail_does_not_grow_without_bound():
    talk = observe("S: 220 ready\nC: EHLO me\nS: 250 hello")
    trail = StateTrail(talk.transcript)
    for _ in range(MOST):
        talk.feed(CLIENT, b"MAIL FROM:<>\r\n", 1.0)
        talk.feed(SERVER, b"250 ok\r\n", 1.0)
        talk.feed(CLIENT, b"RSET\r\n", 1.0)
        talk.feed(SERVER, b"250 ok\r\n", 1.0)
    trail.sync()
    assert len(trail.visits) == MOST
    assert trail.visits[-1] == Visit(S.READY, "RSET", 250)
