"""The variables of a script: `:set NAME VALUE` sets one, `$NAME` or `${NAME}` is its value.

`$$` is a dollar sign, and so is a `$` that is not followed by a name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from .grammar import GrammarError

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}\Z", re.ASCII)
_USE = re.compile(r"\$(?:(\$)|([A-Za-z_][A-Za-z0-9_]*)|\{([^{}]*)\})", re.ASCII)
_LINE_ENDS = re.compile(r"[\r\n\0]")
LONGEST = 64 * 1024  # characters of a value


class Variables:
    """The names of a script's variables, and their values.

    `given` holds the variables from the command line, which `:set` cannot change.
    """

    def __init__(self, given: Mapping[str, str] = {}) -> None:
        self._values: dict[str, str] = {}
        self._given: frozenset[str] = frozenset()
        self._used: set[str] = set()
        for name, value in given.items():
            self.set(name, value)
        self._given = frozenset(given)

    def set(self, name: str, value: str) -> None:
        """Set a variable, unless the command line has set it.

        Raises GrammarError for an invalid name or value.
        """
        check_name(name)
        if _LINE_ENDS.search(value):
            raise GrammarError(f"The value of ${name} must not contain a line ending or a NUL.")
        if len(value) > LONGEST:
            raise GrammarError(f"The value of ${name} is longer than {LONGEST:,} characters.")
        if name not in self._given:
            self._values[name] = value

    def defined(self, name: str) -> bool:
        """Return whether a variable has a value."""
        return name in self._values

    def misspelled(self) -> tuple[str, str] | None:
        """Return an unused variable name from the command line, and a similar name in the script.

        The similar name is probably the intended one. Return None if there is no such pair; a
        script need not use every variable that it is given.
        """
        from difflib import get_close_matches

        others = sorted(self._used.union(self._values) - self._given)
        for name in sorted(self._given - self._used):
            if near := get_close_matches(name, others, 1, 0.75):
                return name, near[0]
        return None

    def filled(self, text: str, form: Callable[[str], str] = str) -> str:
        """Return `text` with each variable replaced by its value, which `form` converts.

        Raises GrammarError for a variable without a value.
        """
        if "$" not in text:
            return text

        def value(found: re.Match[str]) -> str:
            if found[1]:
                return form("$")
            name = found[2] or found[3] or ""
            self._used.add(name)
            if name not in self._values:
                if not NAME.match(name):
                    raise GrammarError(
                        f"{found[0][:40]} is not a variable. Write $$ for a dollar sign."
                    )
                raise GrammarError(
                    f"${name} has no value. Set it before this line with :set {name} VALUE or "
                    f":env {name}. Write $$ for a dollar sign."
                )
            return form(self._values[name])

        return _USE.sub(value, text)


def check_name(name: str) -> None:
    """Raise GrammarError unless `name` is a valid name for a variable."""
    if not NAME.match(name):
        raise GrammarError(
            f'"{name[:40]}" is not a valid variable name. Use letters, digits and _.'
        )
