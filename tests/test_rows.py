"""A test of each row of a table names every row that fails."""

from __future__ import annotations

import pytest
from support.rows import for_each


def test_every_row_that_fails_is_named_with_its_failure():
    seen: list[int] = []

    @for_each([1, 2, 3, 0], lambda number: f"number {number}")
    def test_it_divides_twelve_evenly(number: int):
        seen.append(number)
        if 12 // number % 2:
            raise ValueError("odd")

    with pytest.raises(AssertionError) as caught:
        test_it_divides_twelve_evenly()
    assert seen == [1, 2, 3, 0]
    assert test_it_divides_twelve_evenly.__name__ == "test_it_divides_twelve_evenly"
    assert str(caught.value).splitlines() == [
        "1 of 4 rows:",
        "number 0: ZeroDivisionError: integer division or modulo by zero",
    ]


def test_a_table_without_rows_is_a_mistake():
    with pytest.raises(AssertionError, match="no row"):
        for_each([])
