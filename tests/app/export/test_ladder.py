"""A ladder can be saved as text and as an SVG picture."""

from __future__ import annotations

from xml.etree import ElementTree

from heloscope.app.export.ladder import ROOM, WIDTH, as_svg, as_text
from heloscope.session.events import SERVER, TlsStarted
from heloscope.session.protocol.conversation import Conversation
from heloscope.widgets.transcript.section import TranscriptSection
from rich.cells import cell_len
from support.scripts import READY_FOR_DATA, observe

SVG = "{http://www.w3.org/2000/svg}"


def sections(talk: Conversation) -> list[TranscriptSection]:
    section = TranscriptSection(talk.transcript, talk.pending_masked)
    section.layout.sync()
    return [section]


def text(talk: Conversation) -> list[str]:
    return [*as_text(sections(talk))]


def picture(talk: Conversation) -> ElementTree.Element:
    return ElementTree.fromstring("\n".join(as_svg(sections(talk))))


def texts(svg: ElementTree.Element) -> list[str]:
    return ["".join(found.itertext()) for found in svg.iter(f"{SVG}text")]


def fill_of(svg: ElementTree.Element, words: str) -> str:
    return next(
        found.attrib["fill"]
        for found in svg.iter(f"{SVG}text")
        if "fill" in found.attrib and words in "".join(found.itertext())
    )


def test_the_text_has_time_client_and_server():
    found = text(observe("S: 220 ready\nC: EHLO me\nS: 250 hello"))
    shaft = "─" * 34
    assert found == [
        f"  +0.000  │◀{shaft} 220 ready {'─' * 52}│",
        f"  +1.000  │─ EHLO me {'─' * 87}▶│",
        f"  +1.000  │◀{shaft} 250 hello {'─' * 52}│",
    ]


def test_a_long_line_goes_on_below_and_nothing_of_it_is_lost():
    long = "250 " + "漢字 and more, " * 20
    talk = observe(f"S: 220 x\nC: NOOP\nS: {long}")
    found = text(talk)[2:]
    assert len(found) > 2
    assert {cell_len(line) for line in found} == {10 + WIDTH}
    inside = [line[11:-1].strip("◀─ ") for line in found]
    assert "".join("".join(inside).split()) == "".join(long.split())
    assert sum("◀" in line for line in found) == 1


def test_the_picture_is_xml_whatever_the_server_says():
    talk = observe(r"S: 220 <b>&amp;</b> \x1b[31m\x00 ]]> 'x' \xff")
    assert texts(picture(talk))[-1] == r"220 <b>&amp;</b> \x1b[31m\x00 ]]> 'x' \xff"


def test_replies_have_the_colour_of_their_class():
    svg = picture(observe("S: 220 x\nC: DATA\nS: 354 y\nC: .\nS: 451 z\nC: NOOP\nS: 500 no"))
    assert len({fill_of(svg, reply) for reply in ("220 x", "354 y", "451 z", "500 no")}) == 4


def test_the_lifelines_are_double_inside_tls():
    talk = observe("S: 220 x")
    talk.note(TlsStarted(1.0, "TLSv1.3", ""))
    before = len([*picture(talk).iter(f"{SVG}path")])
    talk.feed(SERVER, b"250 x\r\n", 2.0)
    inside = len([*picture(talk).iter(f"{SVG}path")]) - before
    assert inside == 4 + 3  # two lines at each side; the shaft in two parts, and the head


def test_a_line_that_is_cut_in_the_picture_is_whole_in_its_title():
    long = "250 " + "x" * 300
    svg = picture(observe(f"S: 220 x\nC: NOOP\nS: {long}"))
    assert [title.text for title in svg.iter(f"{SVG}title")] == [long]
    shown = texts(svg)[-1].removeprefix(long)
    assert shown.endswith("x…")
    assert len(shown) == ROOM


def test_a_message_is_folded_in_both_and_secrets_are_masked():
    script = """
        C: DATA
        S: 354 go on
        C: Subject: hidden
        C: .
        S: 250 ok
        C: AUTH PLAIN AGFsaWNlAHNlc2FtZTEyMw==
        S: 535 no
    """
    talk = observe(READY_FOR_DATA + script)
    for saved in ("\n".join(text(talk)), "\n".join(as_svg(sections(talk)))):
        assert "message, 1 line, 17 bytes" in saved
        assert "hidden" not in saved
        assert "AGFs" not in saved
        assert "AUTH PLAIN ***" in saved
