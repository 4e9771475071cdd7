"""SPF (RFC 7208) at the practice server, with results from a table instead of DNS."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from .mailboxes import DOMAIN


class Verdict(NamedTuple):
    """The SPF result for the domain of a reverse-path."""

    result: str
    domain: str

    @property
    def refusal(self) -> str:
        """The reply to MAIL if the result is "fail" (RFC 7372 section 3.2)."""
        return f"550 5.7.23 SPF validation failed: 127.0.0.1 may not send mail for {self.domain}"

    def header(self, sender: str, helo: str) -> bytes:
        """Return the Received-SPF field (RFC 7208 section 9.1)."""
        told = f"Received-SPF: {self.result} ({DOMAIN}: table of the scenario)"
        named = f'client-ip=127.0.0.1; envelope-from="{sender}"; helo={helo};'
        return f"{told}\r\n {named}\r\n".encode()


def verdict_on(address: str, table: Mapping[str, str]) -> Verdict | None:
    """Return the verdict on the sender `address`, or None for <> or if there is no table."""
    domain = address.strip("<>").rpartition("@")[2].lower()
    if not table or not domain:
        return None
    return Verdict(table.get(domain, "none"), domain)
