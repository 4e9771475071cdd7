"""A count chooses between singular and plural."""

from __future__ import annotations

import pytest
from heloscope.session.plural import plural


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 lines"), (1, "1 line"), (2, "2 lines"), (1234567, "1,234,567 lines")],
)
def test_a_noun_has_an_s_except_after_one(count: int, text: str):
    assert plural(count, "{} line") == text


@pytest.mark.parametrize(
    ("count", "text"),
    [(1, "The recipient was refused"), (3, "All 3 recipients were refused")],
)
def test_either_wording_may_be_written_out(count: int, text: str):
    assert plural(count, "The recipient was refused", "All {} recipients were refused") == text


def test_a_wording_without_the_count_has_none():
    assert [plural(count, "is", "are") for count in (0, 1, 2)] == ["are", "is", "are"]
