"""Text in a column to the right of a heading."""

from __future__ import annotations

from heloscope.widgets.base.columns import beside
from textual.content import Content


def plain(rows: list[Content]) -> list[str]:
    return [row.plain for row in rows]


def test_words_that_fit_stand_beside_the_head():
    assert plain(beside("SIZE", "messages", column=8, width=30)) == ["SIZE    messages"]


def test_what_does_not_fit_goes_on_in_the_same_column():
    rows = beside("SIZE", "as many words as it takes", column=8, width=20)
    assert plain(rows) == ["SIZE    as many", "        words as it", "        takes"]


def test_below_a_head_that_is_too_long_the_column_stays_where_it_is():
    rows = beside("ENHANCED", "codes", column=8, width=30)
    assert plain(rows) == ["ENHANCED", "        codes"]


def test_a_word_longer_than_the_column_is_divided_and_not_lost():
    rows = beside("SHA-256", "0123456789abcdef", column=9, width=19)
    assert "".join(line[9:] for line in plain(rows)) == "0123456789abcdef"


def test_a_head_without_words_stands_alone():
    assert plain(beside("EXPN", "", column=8, width=30)) == ["EXPN"]
