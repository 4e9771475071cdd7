"""HTML, SVG and Markdown exports show any octets from the wire, but interpret none of them."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from xml.etree import ElementTree

from heloscope.app.export.colours import DARK, EDGES, GROUNDS, LIGHT
from heloscope.session.events import CLIENT, SERVER, Note
from heloscope.session.protocol.conversation import Conversation
from heloscope.session.visible import visible
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from support.exported import exported

NASTY = st.sampled_from([
    b"</code></span></details>", b"<script>alert(1)</script>", b"]]>", b"&lt;", b"&#60;", b"-->",
    b"' onload='x", b'" style="x', b"```", b"~~~~", b"\x1b[31m", b"\xe2\x80\xae", b"\xff\xfe",
    b"[x](http://y.z)", b"<http://y.z>", b"# head", b"| a | b |", b"\x00", b"\r", b"</style>",
])  # fmt: skip
octets = st.lists(st.one_of(st.binary(max_size=8), NASTY), max_size=4).map(b"".join)
TAGS = {"html", "meta", "title", "style", "main", "h1", "h2", "p", "div", "details", "summary",
        "span", "time", "b", "code", "pre", "dl", "dt", "dd", "br"}  # fmt: skip


def a_talk(said: bytes, answered: bytes, body: bytes) -> Conversation:
    talk = Conversation()
    talk.feed(SERVER, b"220 " + answered + b"\r\n", 1.0)
    talk.feed(CLIENT, b"NOOP " + said + b"\r\n", 2.0)
    talk.feed(SERVER, b"550 " + answered + b"\r\n", 3.0)
    talk.feed(CLIENT, b"MAIL FROM:<>\r\n", 3.0)
    talk.feed(SERVER, b"250 ok\r\n", 3.0)
    talk.feed(CLIENT, b"RCPT TO:<a@b.example>\r\n", 3.0)
    talk.feed(SERVER, b"250 ok\r\n", 3.0)
    talk.feed(CLIENT, b"DATA\r\n", 4.0)
    talk.feed(SERVER, b"354 go\r\n", 5.0)
    talk.feed(CLIENT, b"x" + body + b"\r\n.\r\n", 6.0)
    talk.note(Note(7.0, "timeout", answered.decode("latin-1")))
    return talk


class Reader(HTMLParser):
    """A parser that collects the elements of a page, their attributes, and the text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.texts: list[str] = []
        self.within: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {(tag, name) for name, _ in attrs}
        self.within.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.within:
            while self.within.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if "style" not in self.within:
            self.texts.append(data)


@settings(max_examples=60, deadline=None)
@given(octets, octets, octets)
@example(b"<b>", b"<script src=x>", b"</pre>")
def test_a_page_holds_what_was_said_as_text_and_no_other_element(
    said: bytes, answered: bytes, body: bytes
):
    data = exported(a_talk(said, answered, body), "html").decode()
    page = Reader()
    page.feed(data)
    assert page.tags <= TAGS
    assert {name for _, name in page.attributes} <= {
        "lang", "charset", "http-equiv", "content", "name", "class",
    }  # fmt: skip
    assert not re.search(r"(?:src|href|url|@import)\s*[=(:]", re.sub(r">[^<]*<", "><", data))
    text = "".join(page.texts)
    for line in (b"NOOP " + said, b"x" + body):
        for part in line.replace(b"\r\n", b"\n").split(b"\n"):  # CRLF, an end, is not shown
            assert visible(part) in text


@settings(max_examples=60, deadline=None)
@given(octets, octets, octets)
def test_a_picture_is_xml_and_shows_what_was_said(said: bytes, answered: bytes, body: bytes):
    root = ElementTree.fromstring(exported(a_talk(said, answered, body), "svg"))
    tags = {each.tag.removeprefix("{http://www.w3.org/2000/svg}") for each in root.iter()}
    assert tags <= {"svg", "title", "style", "rect", "text", "path"}
    text = "".join("".join(each.itertext()) for each in root.iter())
    wanted = re.sub(r"\s", "", visible(b"NOOP" + said.partition(b"\n")[0]).removesuffix("\\r"))
    assert wanted[:40] in re.sub(r"\s", "", text)


@settings(max_examples=100, deadline=None)
@given(octets, octets, octets)
@example(b"x", b"```\r\n# x", b"```")
def test_a_ticket_has_one_block_of_code_and_no_markup_from_the_wire(
    said: bytes, answered: bytes, body: bytes
):
    text = exported(a_talk(said, answered, body), "markdown").decode()
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    assert [token.info for token in tokens if token.type == "fence"] == ["text"]
    kinds = {token.type for token in tokens}
    assert not kinds & {"html_block", "table_open", "code_block", "hr", "blockquote_open"}
    inline = {child.type for token in tokens for child in token.children or ()}
    assert inline <= {"text", "code_inline", "softbreak"}
    heads = [token.content for token in tokens if token.type == "inline" and token.level == 1]
    assert heads[0].startswith("SMTP conversation with") and "What was refused" in text


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_text_has_enough_contrast_in_both_themes():
    for colours in (DARK, LIGHT):
        for ground in GROUNDS:
            below = _luminance(colours[ground])
            for name, colour in colours.items():
                if name in (*GROUNDS, *EDGES):
                    continue
                light, dark = sorted((below, _luminance(colour)), reverse=True)
                assert (light + 0.05) / (dark + 0.05) >= 4.5, (name, ground)
