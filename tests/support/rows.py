"""Runs one test for all rows of a table, if a row takes less time than a test of its own.

    @for_each(rules(), lambda rule: rule.key)
    def test_a_rule_has_a_reason(rule: Rule):
        assert rule.reason

    @for_each([(b"250 ok", 250), (b"x", -1)])
    def test_the_code_of(line: bytes, code: int, *, server: Server):
        ...

A row for several parameters is a tuple. Parameters after `*` are fixtures, which are the same for
all rows. Every row that fails is named, with its failure.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import pytest

Row = TypeVar("Row")
Test = Callable[..., Any]
_FAILED = (Exception, pytest.fail.Exception)  # the second is what pytest.raises raises


def for_each(rows: Iterable[Row], name: Callable[[Row], str] = str) -> Callable[[Test], Test]:
    """Return a decorator that runs a test for all rows; `name` names a row that fails."""
    table = [*rows]
    assert table, "there is no row"

    def decorate(test: Test) -> Test:
        parameters = inspect.signature(test).parameters.values()
        fixtures = [one for one in parameters if one.kind is one.KEYWORD_ONLY]
        several = len(parameters) - len(fixtures) > 1

        def told(row: Row, error: BaseException) -> str:
            return f"{name(row)}: {type(error).__name__}: {error}"

        def each(**given: object) -> None:
            failed: list[str] = []
            for row in table:
                try:
                    test(*(row if several else (row,)), **given)  # type: ignore[misc]
                except _FAILED as error:
                    failed.append(told(row, error))
            end(failed)

        async def each_awaited(**given: object) -> None:
            failed: list[str] = []
            for row in table:
                try:
                    await test(*(row if several else (row,)), **given)  # type: ignore[misc]
                except _FAILED as error:
                    failed.append(told(row, error))
            end(failed)

        def end(failed: list[str]) -> None:
            if failed:
                raise AssertionError("\n".join([f"{len(failed)} of {len(table)} rows:", *failed]))

        made: Any = each_awaited if inspect.iscoroutinefunction(test) else each
        made.__name__, made.__qualname__ = test.__name__, test.__qualname__
        made.__doc__, made.__module__ = test.__doc__, test.__module__
        made.__signature__ = inspect.Signature(fixtures)
        return made

    return decorate
