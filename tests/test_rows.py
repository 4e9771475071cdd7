"""A test of each row of a table names every row that fails."""

from __future__ import annotations

import inspect
from pathlib import Path

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


def test_a_row_of_several_parameters_is_a_tuple_and_a_fixture_is_the_same_for_all():
    seen: list[tuple[int, str, Path]] = []

    @for_each([(1, "a"), (2, "b")])
    def test_pair(number: int, letter: str, *, tmp_path: Path):
        seen.append((number, letter, tmp_path))

    assert [*inspect.signature(test_pair).parameters] == ["tmp_path"]
    test_pair(tmp_path=Path("x"))
    assert seen == [(1, "a", Path("x")), (2, "b", Path("x"))]


async def test_rows_of_a_coroutine_are_awaited_and_an_error_that_was_missed_names_its_row():
    @for_each([1, 0])
    async def test_it_divides(number: int):
        with pytest.raises(ZeroDivisionError):
            _ = 12 // number

    with pytest.raises(AssertionError) as caught:
        await test_it_divides()
    assert str(caught.value).splitlines()[:2] == [
        "1 of 2 rows:",
        "1: Failed: DID NOT RAISE <class 'ZeroDivisionError'>",
    ]
