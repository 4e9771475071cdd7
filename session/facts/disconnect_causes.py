"""Why connections fail or close: what each cause usually means, and what to try."""

from __future__ import annotations

import msgspec

from ..events import Cause


class CauseFact(msgspec.Struct, frozen=True):
    """The usual reasons why a connection failed or ended, and what to try.

    `try_next` is empty if there is nothing to do but connect again.
    """

    means: str
    try_next: str


CAUSES: dict[Cause, CauseFact] = {
    Cause.CLOSED_BY_SERVER: CauseFact(
        "The server closed the connection in an orderly way: after QUIT, after a 421 reply, after "
        "an idle timeout, or because it does not accept this client.",
        "Read the server's last reply.",
    ),
    Cause.CLOSED_BY_CLIENT: CauseFact("The client closed the connection without sending QUIT.", ""),
    Cause.RESET: CauseFact(
        "The connection was reset while data was in transit: the server crashed, a firewall "
        "intervened, or the server drops clients that it rejects.",
        "Check the server's log for that time.",
    ),
    Cause.TIMED_OUT: CauseFact(
        "No answer arrived: a firewall drops the packets, the host is down, or the provider blocks "
        "outgoing connections to port 25, as most home and cloud providers do.",
        "Try port 587 or 465, try another network, or ask your provider whether port 25 is "
        "blocked.",
    ),
    Cause.REFUSED: CauseFact(
        "The host is up, but nothing listens on that port, or a firewall rejects the connection.",
        "Check the port: 25 between servers, 587 or 465 for clients that log in, 24 for LMTP. On "
        "the host itself, check whether the mail server is running.",
    ),
    Cause.NAME_NOT_FOUND: CauseFact(
        "DNS has no address for this name.",
        "Check the spelling. A domain's mail server usually has a different name from the domain "
        "itself, so look up the domain's MX record.",
    ),
    Cause.NOT_A_NAME: CauseFact(
        "No DNS server was asked, because this cannot be a host name: a host name consists of "
        "labels of 1 to 63 characters with single dots between them, and has at most 255 octets "
        "(RFC 1035, section 2.3.4).",
        "Check the spelling.",
    ),
    Cause.NO_DNS: CauseFact(
        "No DNS server answered the query for this name, so it is not known whether the name "
        "exists.",
        "Check the network and this machine's DNS servers, or connect to the server's address.",
    ),
    Cause.NO_EXCHANGER: CauseFact(
        "Mail cannot be delivered to this domain: it does not exist, or it declares that it does "
        "not accept mail (RFC 7505).",
        "Check the spelling of the domain.",
    ),
    Cause.NO_SOCKET: CauseFact(
        "No usable socket was found at that path: the server is not running, or its socket is "
        "elsewhere (inside a chroot, for instance).",
        "Check the socket path in the server's configuration, and whether the server is running.",
    ),
    Cause.UNREACHABLE: CauseFact(
        "This machine has no route to the host: the network is down, a route is missing, or the "
        "address is IPv6 and this machine has no IPv6.",
        "Check the network, or try the server's IPv4 address.",
    ),
    Cause.NOT_PERMITTED: CauseFact(
        "The operating system does not allow this program to connect there.",
        "For a socket file, check its owner and mode; otherwise check the local firewall.",
    ),
    Cause.SOURCE_ADDRESS: CauseFact(
        "The requested source address cannot be used: this machine does not have it, or the "
        "server has no address of that kind (IPv4 or IPv6).",
        "Use a different source address, or none.",
    ),
    Cause.PROXY_FAILED: CauseFact(
        "The connection was to go through a proxy, which failed or refused it; nothing is known "
        "about the server itself.",
        "Check the proxy's address, its user name and password, and whether it allows connections "
        "to this host and port. Many block port 25.",
    ),
    Cause.NOT_INSTALLED: CauseFact(
        "This requires a component that is not part of every heloscope installation.",
        "Install it as the message says, then start heloscope again.",
    ),
    Cause.CANCELLED: CauseFact("The connection attempt was cancelled.", ""),
    Cause.TLS_FAILED: CauseFact(
        "Client and server could not agree on TLS.", "Check the certificate and the TLS versions."
    ),
    Cause.OTHER: CauseFact("The operating system gives no further details.", ""),
    Cause.NOT_TOLD: CauseFact(
        "The log says that the connection ended, but neither which side ended it nor why.", ""
    ),
}
"""The explanation of every cause that a Disconnected event or a DialError can have."""
