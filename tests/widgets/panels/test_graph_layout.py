"""A small graph is drawn as boxes in a grid, with arrows between them."""

from __future__ import annotations

from heloscope.widgets.panels.graph_layout import Arrow, Graph, Node, Picture

GRAPH = Graph(
    (Node("one", 0, 0), Node("two", 0, 1), Node("three", 0, 2), Node("four", 1, 0),
     Node("five", 1, 2)),
    (Arrow("one", "two", "GO", "taken"), Arrow("two", "three", "ON"), Arrow("three", "one", "BACK"),
     Arrow("one", "four", "NO"), Arrow("two", "five", "AUTH"), Arrow("five", "two"),
     Arrow("four", "three", "FAR"), Arrow("four", "elsewhere", "LOST")),
)  # fmt: skip


def drawn(width: int, height: int) -> list[str]:
    picture = Picture(GRAPH, width, height)
    return ["".join(char for char, _ in row).rstrip() for row in picture.rows]


def test_a_low_picture_has_a_line_for_each_row():
    assert drawn(40, 6) == [
        "  ▼───────────────────── BACK ─────╮",
        " one ─── GO ───▶ two ─── ON ───▶ three",
        "  ▼ NO            ▲",
        " four             ╰─── AUTH ────▶ five",
    ]


def test_a_high_one_draws_boxes():
    assert drawn(40, 8) == [
        "  ╭───────────────────── BACK ─────╮",
        "╭─▼─╮           ╭───╮           ╭─────╮",
        "│one│─── GO ───▶│two│─── ON ───▶│three│",
        "╰───╯           ╰───╯           ╰─────╯",
        "  ▼ NO            ▲",
        "╭────╮            │              ╭────╮",
        "│four│            ╰─── AUTH ────▶│five│",
        "╰────╯                           ╰────╯",
    ]


def test_an_arrow_that_was_taken_is_seen_where_two_share_a_cell():
    picture = Picture(GRAPH, 40, 6)
    tones = {tone for char, tone in picture.rows[1] if char in "─▶" and tone != "box:one"}
    assert tones == {"line:taken", "line:"}
    assert picture.rows[1][4][1] != picture.rows[1][25][1]


def test_a_label_has_as_many_words_as_there_is_room_for():
    graph = Graph((Node("a", 0, 0), Node("b", 0, 1)), (Arrow("a", "b", "RSET EHLO HELO LHLO"),))
    rows = Picture(graph, 20, 3).rows
    assert "".join(char for char, _ in rows[1]).strip() == "a ─ RSET EHLO ─▶ b"


def test_what_is_too_narrow_is_not_drawn():
    assert not Picture(GRAPH, 28, 8).fits
    assert Picture(GRAPH, 29, 8).fits
