"""The state diagram and its texts follow the table of transitions and what the server offers."""

from __future__ import annotations

from heloscope.app.explain.state_diagram import PLACES, graph_of, words_of
from heloscope.session.protocol.state_graph import Circumstances, circumstances_of
from heloscope.session.protocol.state_trail import StateTrail
from heloscope.session.protocol.states import State
from heloscope.widgets.panels.graph_layout import Arrow, Graph, Picture
from heloscope.widgets.panels.state_diagram import StateWords
from support.scripts import observe

NOTHING = Circumstances()
GREETED = """
    S: 220 ready
    C: EHLO me
    S: 250-mx
    S: 250 SIZE
"""


def graph(script: str) -> Graph:
    talk = observe(script)
    trail = StateTrail(talk.transcript)
    trail.sync()
    return graph_of(talk.state, circumstances_of(talk, lmtp=False, rejected={}), trail)


def words(script: str, state: State | None = None) -> dict[str, str]:
    talk = observe(script)
    trail = StateTrail(talk.transcript)
    trail.sync()
    known = circumstances_of(talk, lmtp=False, rejected=trail.rejected)
    said = words_of(state or talk.state, talk.state, known, trail)
    return {"name": said.name, "meaning": said.meaning, **dict(said.paragraphs)}


def arrows(found: Graph) -> dict[tuple[str, str], Arrow]:
    return {(one.source, one.target): one for one in found.arrows}


def test_every_state_has_a_place_of_its_own():
    assert {*PLACES} == {*State}
    assert len({*PLACES.values()}) == len(State)


def test_the_diagram_fits_into_80_columns():
    assert Picture(graph_of(State.CONNECTED, NOTHING, None), 76, 10).fits


def test_where_one_came_is_drawn_and_what_this_server_does_not_offer_is_dim():
    found = graph(GREETED)
    assert arrows(found)["greeted", "ready"].tone == "taken"
    assert arrows(found)["ready", "mail"].tone == ""
    assert arrows(found)["ready", "tls"].tone == "refused"
    tones = {node.name: node.tone for node in found.nodes}
    assert tones["greeted"] == tones["ready"] == "visited"
    assert tones["mail"] == ""
    assert tones["auth"] == tones["turned"] == "apart"


def test_an_arrow_names_its_commands_the_most_common_first():
    found = arrows(graph(GREETED))
    assert found["connected", "greeted"].label == "2yz"
    assert found["connected", "refused"].label == "4yz 5yz"
    assert found["ready", "tls"].label == "STARTTLS"
    assert found["mail", "ready"].label.startswith("RSET EHLO")


def test_a_rare_command_is_drawn_only_where_it_is_offered():
    offered = "S: 220 x\nC: EHLO me\nS: 250-mx\nS: 250 XCLIENT NAME"
    assert ("ready", "greeted") not in arrows(graph(GREETED))
    assert arrows(graph(offered))["ready", "greeted"].label == "XCLIENT"


def test_the_words_tell_what_leads_on_and_what_would_be_refused():
    said = words(GREETED + "C: VRFY x\nS: 502 no")
    assert said["name"] == "▶ ready"
    assert "MAIL → mail" in plain(said["leads on"])
    assert "QUIT → closing" in plain(said["leads on"])
    assert said["not offered"].split() == ["AUTH", "STARTTLS"]
    assert plain(said["refused"]) == "VRFY (answered 502 before)"
    assert "RCPT" in said["out of order"]
    assert "MAIL" not in said["out of order"]
    way = "connected ─greeting 220→ greeted ─EHLO 250→ ready"
    assert plain(said["so far"]) == way


def test_what_a_refusal_leads_to_is_told_where_that_is_another_state():
    said = words(GREETED, State.BDAT)
    assert "if refused" not in said  # BDAT is not offered
    said = words("S: 220 x\nC: EHLO me\nS: 250-mx\nS: 250 CHUNKING", State.BDAT)
    assert plain(said["if refused"]) == "BDAT, BDAT LAST → bdat-failed"
    assert plain(words(GREETED, State.CONNECTED)["leads on"]) == "the greeting → greeted"
    assert plain(words(GREETED, State.CONNECTED)["if refused"]) == "the greeting → refused"
    assert plain(words(GREETED, State.CLOSING)["leads on"]) == "the end of the connection → closed"


def test_in_a_message_no_command_is_called_out_of_order():
    said = words(GREETED, State.DATA)
    assert "out of order" not in said
    assert plain(said["leads on"]) == '"." → ready'


def test_the_last_steps_of_a_long_way_are_told():
    again = "C: MAIL FROM:<>\nS: 250 ok\nC: RSET\nS: 250 ok\n"
    said = plain(words(GREETED + again * 20)["so far"])
    assert said.startswith("… ─MAIL 250→ mail ─RSET 250→ ready")
    assert said.count("→") == 12


def test_lmtp_says_lhlo():
    said: StateWords = words_of(State.GREETED, State.GREETED, Circumstances(lmtp=True), None)
    assert "LHLO" in said.meaning
    assert "EHLO" not in said.meaning
    assert said.source.endswith("RFC 2033 4.1")
    assert "LHLO → ready" in plain(dict(said.paragraphs)["leads on"])


def test_every_state_has_words():
    for state in State:
        said = words_of(state, State.CLOSED, NOTHING, None)
        assert said.meaning.endswith(".")
        assert said.source.startswith("RFC ")


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")
