"""The mail exchangers of a domain, in the order in which they should be tried.

RFC 5321 section 5.1; RFC 7505 (null MX). The lookup uses dnspython, which is imported when it is
first needed.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, NamedTuple

from ..events import Cause
from ..plural import in_seconds
from ..visible import visible_text
from .dial_error import DialError

if TYPE_CHECKING:
    from dns.asyncresolver import Resolver


MOST_TRIED = 10
"""The most exchangers of a domain to try, since each may take the whole connection timeout.

RFC 5321 section 5.1 allows a limit of at least two.
"""


class Exchanger(NamedTuple):
    """A host that accepts mail for a domain. Hosts with a lower preference are tried first.

    The preference is None for a domain without MX records, which is its own exchanger.
    """

    preference: int | None
    host: str

    def words(self, number: int, of: int) -> str:
        """Return the text of the note to record when this exchanger is tried.

        `number` is the position of the exchanger in the order of trial, and `of` is how many there
        are.
        """
        host = visible_text(self.host)
        if self.preference is None:
            return f"{host} has no MX, so it is its own exchanger (RFC 5321 5.1)"
        return f"MX {number} of {of}: {host}, preference {self.preference}"


def not_all_tried(error: DialError, of: int) -> DialError:
    """Return `error` with a note that only some of the domain's exchangers were tried.

    `of` is the number of exchangers listed in the DNS. Only `MOST_TRIED` of them were tried,
    without success.
    """
    detail = f"{error.detail} Only {MOST_TRIED} of the domain's {of} MX were tried."
    return DialError(error.cause, detail, error.attempts)


async def exchangers(
    domain: str, *, timeout: float, resolver: Resolver | None = None
) -> list[Exchanger]:
    """Return the exchangers of `domain` by preference, with equal preferences in random order.

    A domain that exists but has no MX records is its own exchanger. Raises DialError if the domain
    does not exist, if no DNS server answers within `timeout` seconds, or if the domain does not
    accept mail (RFC 7505). The default `resolver` is the system's.
    """
    try:
        import dns.asyncresolver as asynchronous
        import dns.exception
        import dns.name
        import dns.resolver
        from dns.rdtypes.ANY.MX import MX
    except ImportError:
        raise DialError(
            Cause.NOT_INSTALLED,
            "Looking up an MX requires dnspython. Run: pip install 'heloscope[mx]'.",
        ) from None
    shown = visible_text(domain)
    try:
        asked = resolver if resolver is not None else asynchronous.Resolver()
        answer = await asked.resolve(_ascii(domain), "MX", lifetime=timeout, search=False)
    except dns.resolver.NoAnswer:
        return [Exchanger(None, domain)]  # RFC 5321 section 5.1: the implicit MX
    except dns.resolver.NXDOMAIN:
        raise DialError(Cause.NO_EXCHANGER, f"The domain {shown} does not exist.") from None
    except dns.exception.Timeout:
        raise DialError(
            Cause.NO_DNS,
            f"The MX of {shown} could not be looked up: no DNS server answered within "
            f"{in_seconds(timeout)}.",
        ) from None
    except (UnicodeError, dns.exception.SyntaxError, dns.name.NameTooLong):
        raise DialError(Cause.NOT_A_NAME, f"{shown} is not a valid domain.") from None
    except (dns.exception.DNSException, OSError) as error:
        why = visible_text(str(error).partition("\n")[0][:200]).rstrip(".")
        raise DialError(Cause.NO_DNS, f"The MX of {shown} could not be looked up: {why}.") from None
    found = [
        Exchanger(record.preference, record.exchange.to_text(omit_final_dot=True))
        for record in answer
        if isinstance(record, MX)
    ]
    if len(found) == 1 and found[0].host in ("", "."):
        raise DialError(
            Cause.NO_EXCHANGER, f"{shown} does not accept mail: its MX is null (RFC 7505)."
        )
    random.shuffle(found)
    return sorted(found, key=lambda each: each.preference or 0)


def _ascii(domain: str) -> str:
    """Return the domain in A-labels (RFC 5890). Raises UnicodeError."""
    if domain.isascii():
        return domain
    import idna

    return idna.encode(domain, uts46=True).decode()
