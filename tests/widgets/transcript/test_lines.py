"""A transcript line is masked and safe to show, and is the same on screen, copied and saved."""

from __future__ import annotations

from heloscope.session.events import CLIENT, SERVER
from heloscope.widgets.transcript.layout import Layout
from heloscope.widgets.transcript.lines import LineText, exported, octets, passed, row_text
from support.rows import for_each
from support.scripts import READY_FOR_DATA, observe


def texts(script: str) -> list[str]:
    transcript = observe(script).transcript
    return [row_text(transcript, row).text for row in range(len(transcript))]


def test_a_line_end_that_is_not_crlf_is_shown():
    talk = observe("S: 220 ready")
    talk.feed(SERVER, b"250 bare\n", 1.0)
    talk.feed(SERVER, b"250 bare\rCR\r\n", 1.0)
    shown = [row_text(talk.transcript, row).text for row in range(3)]
    assert shown == ["220 ready", r"250 bare\n", r"250 bare\rCR"]


def test_a_piece_of_a_line_is_marked():
    talk = observe("S: 220 ready")
    talk.feed(CLIENT, b"NOO", 1.0)
    talk.flush(CLIENT, 1.0)
    line = row_text(talk.transcript, 1)
    assert line.text == "NOO⋯"
    assert line.text[-line.tail :] == "⋯"


def test_what_cannot_be_seen_is_shown_as_an_escape():
    assert texts(r"S: 220 \x1b[31m\x00 caf\xe9")[0] == r"220 \x1b[31m\x00 caf\xe9"


def test_what_auth_sends_is_masked():
    shown = texts("""
        S: 220 ready
        C: AUTH PLAIN AGFsaWNlAHNlc2FtZTEyMw==
        S: 535 no
    """)
    assert "AUTH PLAIN" in shown[1]
    assert "AGFs" not in shown[1]


def test_the_head_of_a_line_is_its_verb_its_code_or_the_added_dot():
    transcript = observe(
        READY_FOR_DATA
        + """
        C: DATA
        S: 354 go on
        C: ..dot
        C: no dot
        C: .
        S: 250 ok
    """
    ).transcript
    heads = {}
    for row in range(len(transcript)):
        line = row_text(transcript, row)
        heads[line.text] = line.text[: line.head]
    assert heads["MAIL FROM:<a@example.org>"] == "MAIL"
    assert heads["354 go on"] == "354"
    assert heads["..dot"] == "."
    assert heads["no dot"] == ""


def test_a_saved_line_has_time_side_and_text_and_a_folded_message_all_its_lines():
    transcript = observe(
        READY_FOR_DATA
        + """
        C: DATA
        S: 354 go on
        C: one
        C: ..two
        C: .
        S: 250 ok
    """
    ).transcript
    layout = Layout(transcript)
    layout.sync()
    saved = [line for number in range(layout.height) for line in exported(layout, number)]
    assert saved[0] == "  +0.000  S: 220 ready"
    assert "  +1.000  C: DATA" in saved
    assert "          C: one" in saved
    assert "          C: ..two" in saved
    assert len(saved) == len(transcript)


@for_each([(0, "+0.000"), (-1, "+0.000"), (2.4104, "+2.410"), (999.9, "+999.900"),
     (1000, "+16m40s"), (7384, "+2h03m")])  # fmt: skip
def test_times_take_at_most_eight_characters(seconds: float, text: str):
    assert passed(seconds) == text
    assert len(text) <= 8


@for_each([(1, "1 byte"), (0, "0 bytes"), (9_999, "9,999 bytes"), (10_000, "10 kB"),
     (50_000_000, "50 MB")])  # fmt: skip
def test_sizes_are_for_people(count: int, text: str):
    assert octets(count) == text


def test_of_a_line_without_end_only_what_is_drawn_is_made_text():
    talk = observe("S: 220 ready")
    talk.feed(SERVER, b"220 " + "é".encode() * 20_000 + b"\r\n", 1.0)
    line = row_text(talk.transcript, 1, most=11)
    assert line == LineText("220 ééé", 3, 0, "transcript--2yz", cut=True)
    assert row_text(talk.transcript, 1, most=50_000).text == "220 " + "é" * 20_000
    assert not row_text(talk.transcript, 1).cut
