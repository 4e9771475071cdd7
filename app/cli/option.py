"""An option of the command line as data, so that click is imported only when it is used.

An `Option` is a decorator, as `click.option` is. `quick.py` reads the same declarations without
click.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import click

Decorated = Callable[..., Any]


class Choice:
    """A value that must be one of a fixed set of words."""

    def __init__(self, words: Sequence[str], *, case_sensitive: bool = True) -> None:
        self.words = tuple(words)
        self.case_sensitive = case_sensitive

    def of_click(self) -> click.ParamType[Any]:
        """Return the equivalent click type."""
        import click

        return click.Choice(self.words, case_sensitive=self.case_sensitive)


class Whole:
    """A whole number from `low` to `high`."""

    def __init__(self, low: int, high: int) -> None:
        self.low = low
        self.high = high

    def of_click(self) -> click.ParamType[Any]:
        """Return the equivalent click type."""
        import click

        return click.IntRange(self.low, self.high)


class Positive:
    """A number greater than 0."""

    def of_click(self) -> click.ParamType[Any]:
        """Return the equivalent click type."""
        import click

        return click.FloatRange(0, min_open=True)


class Option:
    """An option: its names, and the other arguments of `click.option`.

    `kind` is the type of the option's value, or None if the value may be any text.
    """

    def __init__(
        self, *names: str, kind: Choice | Whole | Positive | None = None, **about: Any
    ) -> None:
        self.names = names
        self.kind = kind
        self.about = about

    @property
    def typed(self) -> tuple[str, ...]:
        """The names as typed, such as --to or --yes/--no."""
        return tuple(name for name in self.names if name.startswith("-"))

    @property
    def dest(self) -> str:
        """The parameter's name: one given without dashes, or else one made from the option."""
        bare = [name for name in self.names if not name.startswith("-")]
        return bare[0] if bare else self.typed[0].partition("/")[0][2:].replace("-", "_")

    @property
    def flag(self) -> bool:
        """Whether the option takes no value."""
        return bool(self.about.get("is_flag"))

    @property
    def default(self) -> Any:
        """The value if the option is not given."""
        if self.about.get("multiple"):
            return ()
        return self.about.get("default", False if self.flag else None)

    def __call__(self, function: Decorated) -> Decorated:
        """Add this option to the click command that `function` becomes."""
        import click

        kind = {} if self.kind is None else {"type": self.kind.of_click()}
        return click.option(*self.names, **kind, **self.about)(function)


def help_option(function: Decorated) -> Decorated:
    """Add -h and --help to the click command that `function` becomes."""
    import click

    return click.help_option("-h", "--help", help="Show this help and exit.")(function)
