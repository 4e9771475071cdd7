"""The values of a swaks command's options: given directly, read from files, or typed when asked."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence

from .options import OPTION_OF
from .words import Given, SwaksError

Ask = Callable[[str, bool], str]
"""A function that asks the user for an option's value, without echo if the second argument is true.
"""
ReadInput = Callable[[], bytes]
_EMPTY = ("from", "auth-user", "auth-password")  # options that may be empty, in swaks's spelling
LARGEST_FILE = 1024**3  # octets of a file to send


class Values:
    """The options given, with prompts for missing values.

    `ask` asks the user, and `read_input` reads standard input; without these functions, a missing
    value is a SwaksError. `notes` are remarks about the options.
    """

    def __init__(
        self, given: Sequence[Given], ask: Ask | None = None, read_input: ReadInput | None = None
    ) -> None:
        self.given = given
        self.notes: list[str] = []
        self._ask = ask
        self._read_input = read_input
        self._input: bytes | None = None
        self._values = {each.option.name: each.value for each in given}

    def has(self, name: str) -> bool:
        """Return whether the option was given, with or without a value."""
        return name in self._values

    def plain(self, name: str) -> str:
        """Return the value given last, or "" if there is none. Never asks the user."""
        return self._values.get(name) or ""

    def value(self, name: str) -> str | None:
        """Return the value given last, asking for it if it is missing or empty.

        Return None if the option was not given.
        """
        if name not in self._values:
            return None
        value = self._values[name]
        return value if value else self.asked(name)

    def asked(self, name: str, *, secret: bool = False) -> str:
        """Ask the user for the option's value. Raises SwaksError if that is not possible."""
        if self._ask is None:
            empty = ", or '<>' for an empty one" if name in _EMPTY else ""
            why = "heloscope cannot ask here"
            raise SwaksError(f"--{name} needs a value{empty}; {why}.")
        return self._ask(name, secret)

    def lines(self, name: str) -> list[bytes]:
        """Return the values of all uses of the option."""
        option = OPTION_OF[name]
        return [os.fsencode(each.value or "") for each in self.given if each.option is option]

    def octets(self, name: str, value: str | None) -> bytes:
        """Return the octets that a value stands for.

        They are the value itself, or the contents of a file or standard input. Raises SwaksError.
        """
        text = value if value is not None else self.asked(name)
        if text in ("-", "@-"):
            if self._input is None:
                if self._read_input is None:
                    raise SwaksError(f"--{name} - is standard input, which is not available here.")
                self._input = self._read_input()
            return self._input
        if text.startswith("@@"):
            return os.fsencode(text[1:])
        path = text.removeprefix("@")
        if text.startswith("@") or (name == "data" and not re.search(r"\\n|\n|%NEWLINE%", text)):
            return self.file(name, path)
        if name != "data" and len(text) < 1024 and _is_file(path):
            return self.file(name, path)  # like swaks before 2024
        return os.fsencode(text)

    def file(self, name: str, path: str, largest: int = LARGEST_FILE) -> bytes:
        """Return the contents of the file at `path`, which the option `name` gives.

        Raises SwaksError if the file cannot be read or is larger than `largest` octets.
        """
        from ...session.private_file import read_named, reason

        try:
            return read_named(os.path.expanduser(path), largest)
        except OSError as error:
            raise SwaksError(f"cannot read the file of --{name}: {reason(error, path)}.") from None
        except (ValueError, RuntimeError):  # a NUL in the name; ~ of an unknown user
            raise SwaksError(f"--{name} does not name a readable file.") from None


def _is_file(path: str) -> bool:
    try:
        return os.path.isfile(os.path.expanduser(path))
    except (OSError, ValueError, RuntimeError):
        return False
