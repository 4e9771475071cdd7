"""Mail addresses to complete: those used before, and those of the practice server."""

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
    """Addresses of this run and the history; `practising` returns whether to add practice ones."""

    def __init__(self, history: History, practising: Callable[[], bool]) -> None:
        self._history = history
        self._practising = practising
        self._used: list[str] = []  # the latest first

    def addresses(self) -> list[str]:
        """All addresses, the latest first, those of the practice server last."""
        practice = _PRACTICE if self._practising() else ()
        return list(dict.fromkeys([*self._used, *self._history.addresses(), *practice]))

    def remember(self, addresses: Sequence[str]) -> None:
        """Remember these addresses as the ones used last."""
        fresh = [address for address in addresses if address and address.isprintable()]
        self._used = list(dict.fromkeys([*fresh, *self._used]))[:MOST_ADDRESSES]
