"""A test of each row of a table, in one: for rows that take less time than a test of their own.

    @for_each(rules(), lambda rule: rule.key)
    def test_a_rule_has_a_reason(rule: Rule):
        assert rule.reason

Every row that fails is named, with its failure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

Row = TypeVar("Row")


def for_each(
    rows: Iterable[Row], name: Callable[[Row], str] = str
) -> Callable[[Callable[[Row], None]], Callable[[], None]]:
    """Run a test of one row for all of them; `name` is what a row is called where it fails."""
    table = [*rows]
    assert table, "there is no row"

    def decorate(test: Callable[[Row], None]) -> Callable[[], None]:
        def each() -> None:
            failed: list[str] = []
            for row in table:
                try:
                    test(row)
                except Exception as error:
                    failed.append(f"{name(row)}: {type(error).__name__}: {error}")
            if failed:
                raise AssertionError("\n".join([f"{len(failed)} of {len(table)} rows:", *failed]))

        each.__name__, each.__qualname__ = test.__name__, test.__qualname__
        each.__doc__, each.__module__ = test.__doc__, test.__module__
        return each

    return decorate
