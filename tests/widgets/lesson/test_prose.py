"""Markdown is shown as wrapped and indented lines, and nothing in it is active."""

from __future__ import annotations

from heloscope.widgets.lesson.prose import prose


def plain(text: str, width: int = 30) -> list[str]:
    return [line.plain for line in prose(text, width)]


def test_paragraphs_are_wrapped_and_set_apart_by_one_row():
    assert plain("The server speaks\nfirst. It does so unasked.\n\nThen you.") == [
        "The server speaks first. It",
        "does so unasked.",
        "",
        "Then you.",
    ]


def test_a_list_has_its_text_in_a_column():
    assert plain("- one two three four five six\n- seven\n\n1. a\n2. b", 20) == [
        "• one two three four",
        "  five six",
        "• seven",
        "",
        "1. a",
        "2. b",
    ]


def test_code_is_shown_as_it_is():
    assert plain("```\nC: NOOP\n  S: 250\n```") == ["  C: NOOP", "    S: 250"]
    (line,) = prose("Type `HELO x`.", 30)
    assert line.plain == "Type HELO x."
    assert [line.plain[span.start : span.end] for span in line.spans] == ["HELO x"]


def test_a_table_has_columns_or_where_they_do_not_fit_one_row_a_line():
    table = "| code | word |\n| --- | --- |\n| 220 | ready to begin |"
    assert plain(table) == ["code  word", "220   ready to begin"]
    assert plain(table, 16) == ["code: word", "220: ready to", "begin"]


def test_nothing_in_it_is_obeyed():
    hostile = "a \x1b]0;x\x07 [b]x[/b] [/y] <b>z</b> [q](javascript:1) \x9b1m"
    text = " ".join(plain(hostile, 100))
    assert "[b]x[/b] [/y]" in text and "<b>z</b>" in text
    assert text.isprintable()
    assert not any(span.style for line in prose("[@click=app.quit]q[/]", 40) for span in line.spans)


def test_an_address_keeps_its_angle_brackets():
    assert plain("Type MAIL FROM:<you@client.example> now", 60) == [
        "Type MAIL FROM:<you@client.example> now"
    ]


def test_a_narrow_pane_still_shows_every_word():
    words = "> - 1. deep   words here"
    assert "".join(plain(words, 1)).replace(" ", "") == "│•1.deep│words│here"


def test_a_line_of_code_that_does_not_fit_hangs_so_that_it_is_seen_to_be_one_line():
    text = "```\n:raw MAIL FROM:<a@b>\\r\\nRCPT TO:<c@d>\\r\\n\nQUIT\n```"
    assert plain(text, 34) == [
        "  :raw MAIL FROM:<a@b>\\r\\nRCPT",
        "    TO:<c@d>\\r\\n",
        "  QUIT",
    ]
