"""Why there is no connection: what each cause usually means, and what to try."""

from __future__ import annotations

from typing import NamedTuple

from ..events import Cause


class CauseFact(NamedTuple):
    """`means` says what usually stands behind it, `try_next` what to do."""

    means: str
    try_next: str


CAUSES: dict[Cause, CauseFact] = {
    Cause.CLOSED_BY_SERVER: CauseFact(
        "The server ended the connection in an orderly way: after QUIT, after a 421, after too "
        "long a silence, or because it does not want this client.",
        "Read its last reply. :reconnect connects again.",
    ),
    Cause.CLOSED_BY_CLIENT: CauseFact(
        "You closed it, without QUIT.", ":reconnect connects again, Ctrl+O connects elsewhere."
    ),
    Cause.RESET: CauseFact(
        "The other side threw the connection away while something was still under way: a crash, "
        "a firewall, or a server that hangs up on a client it does not like.",
        "Look at the server's log for this moment. :reconnect tries again.",
    ),
    Cause.TIMED_OUT: CauseFact(
        "Nothing came back at all: a firewall that swallows packets, a host that is down, or a "
        "provider that blocks port 25 to the outside (most do, at home and in the cloud).",
        "Try port 587 or 465, another network, or ask whether port 25 is blocked here.",
    ),
    Cause.REFUSED: CauseFact(
        "The host is up, and nothing listens on that port, or a firewall says no.",
        "Check the port: 25 between servers, 587 and 465 for programs that log in, 24 for LMTP. "
        "On the host itself, see whether the mail server runs.",
    ),
    Cause.NAME_NOT_FOUND: CauseFact(
        "The DNS knows no address for that name.",
        "Check the spelling. The mail server of a domain usually has another name than the "
        "domain: it stands in the domain's MX record.",
    ),
    Cause.NO_SOCKET: CauseFact(
        "Under that path there is no socket that one can connect to: the server does not run, or "
        "has it elsewhere (within a chroot, for instance).",
        "Check the path in the server's configuration, and whether the server runs.",
    ),
    Cause.UNREACHABLE: CauseFact(
        "No way leads there from this machine: no network, no route, or an IPv6 address without "
        "IPv6 here.",
        "Check the network, or try the IPv4 address.",
    ),
    Cause.NOT_PERMITTED: CauseFact(
        "The operating system does not let this program connect there.",
        "For a socket file, look at its owner and mode; otherwise at the local firewall.",
    ),
    Cause.CANCELLED: CauseFact("You gave up waiting.", ":reconnect tries again."),
    Cause.TLS_FAILED: CauseFact(
        "The two sides could not agree on TLS.", "Look at the certificate and the versions."
    ),
    Cause.OTHER: CauseFact("The system says no more than that.", ":reconnect tries again."),
}
