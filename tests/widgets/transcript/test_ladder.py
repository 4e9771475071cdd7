"""The ladder draws each line as an arrow from the side that sent it to the other side."""

from __future__ import annotations

from itertools import product

from heloscope.session.events import SERVER, Connected, TlsStarted
from heloscope.session.protocol.conversation import Conversation
from heloscope.widgets.transcript.ladder import AROUND, Rung, around, rungs
from heloscope.widgets.transcript.lines import LineText
from heloscope.widgets.transcript.section import TranscriptSection
from support.rows import for_each
from support.scripts import READY_FOR_DATA, observe

WIDTH = 44


def ladder(talk: Conversation) -> list[str]:
    section = TranscriptSection(talk.transcript, talk.pending_masked)
    section.layout.sync()
    found: list[str] = []
    for rung in rungs(section, section.layout.height):
        before, behind = around(rung, len(rung.text.text), WIDTH)
        found.append(before + rung.text.text + behind)
    return found


def test_each_line_is_an_arrow_and_a_reply_of_several_lines_has_one():
    talk = observe("S: 220 ready\nC: EHLO me\nS: 250-mx\nS: 250-SIZE\nS: 250 HELP")
    assert ladder(talk) == [
        "│◀─────────────── 220 ready ───────────────│",
        "│─ EHLO me ───────────────────────────────▶│",
        "│◀─────────────── 250-mx ──────────────────│",
        "│                 250-SIZE                 │",
        "│                 250 HELP                 │",
    ]


def test_a_message_is_one_arrow():
    talk = observe(READY_FOR_DATA + "C: DATA\nS: 354 go\nC: one\nC: two\nC: .\nS: 250 taken")
    assert ladder(talk)[-5:] == [
        "│─ DATA ──────────────────────────────────▶│",
        "│◀─────────────── 354 go ──────────────────│",
        "│─ ▸ message, 2 lines, 10 bytes ──────────▶│",
        "│─ . ─────────────────────────────────────▶│",
        "│◀─────────────── 250 taken ───────────────│",
    ]


def test_the_lines_of_an_unfolded_message_have_no_arrows():
    talk = observe(READY_FOR_DATA + "C: DATA\nS: 354 go\nC: one\nC: two\nC: .\nS: 250 taken")
    section = TranscriptSection(talk.transcript, talk.pending_masked)
    section.layout.sync()
    section.layout.toggle(0)
    found = {rung.text.text: rung.arrow for rung in rungs(section, section.layout.height)}
    assert not found["one"]
    assert not found["two"]
    assert found["."]


def test_tls_is_marked_and_both_ends_are_named():
    talk = Conversation()
    talk.note(Connected(0.0, "mx", "mx"))
    talk.feed(SERVER, b"220 ready\r\n", 1.0)
    talk.note(TlsStarted(2.0, "TLSv1.3", ""))
    observe("C: EHLO me\nS: 250 ok", talk)
    assert ladder(talk) == [
        "├─ client ─── connected to mx ──── server ─┤",
        "│◀─────────────── 220 ready ───────────────│",
        "╟──────────────── TLS 1.3 ─────────────────╢",
        "║─ EHLO me ───────────────────────────────▶║",
        "║◀─────────────── 250 ok ──────────────────║",
    ]


@for_each(
    product(["C", "S", ""], [True, False], [0, 1, WIDTH // 2, WIDTH - AROUND - 1, WIDTH - AROUND])
)
def test_a_rung_is_as_wide_as_the_ladder(side: str, arrow: bool, cells: int):
    before, behind = around(Rung(side, LineText("", 0, 0, ""), arrow=arrow), cells, WIDTH)
    assert len(before) + cells + len(behind) == WIDTH


def test_what_auth_sends_is_masked():
    talk = observe("S: 220 x\nC: AUTH PLAIN AGFsaWNlAHNlc2FtZTEyMw==\nS: 535 no")
    assert "AGFs" not in "".join(ladder(talk))
    assert "AUTH PLAIN ***" in ladder(talk)[1]


def test_the_recipient_of_a_reply_after_the_message_is_named():
    talk = observe("""
        S: 220 x
        C: LHLO me
        S: 250 x
        C: MAIL FROM:<a@x>
        S: 250 ok
        C: RCPT TO:<b@x>
        S: 250 ok
        C: DATA
        S: 354 go
        C: .
        S: 250 ok
    """)
    assert "250 ok  ← <b@x>" in ladder(talk)[-1]
