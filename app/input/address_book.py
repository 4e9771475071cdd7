"""The mail addresses offered as completions: those used before, and the practice server's."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .history import History

MOST_ADDRESSES = 200  # addresses remembered
_PRACTICE = (
    "alice@practice.test",
    "bob@practice.test",
    "carol@practice.test",
    "friends@practice.test",
    "you@example.org",
)


class AddressBook:
    """The addresses from this run and the history.

    `practising` returns whether to add those of the practice server.
    """

    def __init__(self, history: History, practising: Callable[[], bool]) -> None:
        self._history = history
        self._practising = practising
        self._used: list[str] = []  # the latest first

    def addresses(self) -> list[str]:
        """Return all addresses, most recent first, followed by those of the practice server."""
        practice = _PRACTICE if self._practising() else ()
        return list(dict.fromkeys([*self._used, *self._history.addresses(), *practice]))

    def remember(self, addresses: Sequence[str]) -> None:
        """Remember these addresses as the most recently used ones."""
        fresh = [address for address in addresses if address and address.isprintable()]
        self._used = list(dict.fromkeys([*fresh, *self._used]))[:MOST_ADDRESSES]
