"""`Masking` specifies which data besides secrets is masked in anything that leaves the program."""

from __future__ import annotations

import msgspec


class Masking(msgspec.Struct, frozen=True):
    """The data that is masked besides secrets: mailbox and host names, and message content."""

    addresses: bool = False
    content: bool = False

    @property
    def words(self) -> str:
        """The masked data, worded for use in a sentence: "secrets, addresses and content"."""
        names = ("addresses",) * self.addresses + ("content",) * self.content
        found = ("secrets", *names)
        return " and ".join(filter(None, (", ".join(found[:-1]), found[-1])))


NOTHING_MORE = Masking()
"""The masking of secrets alone."""
