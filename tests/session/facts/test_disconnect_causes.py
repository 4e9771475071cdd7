"""Every cause that ends or prevents a connection is explained."""

from __future__ import annotations

from heloscope.session.events import Cause
from heloscope.session.facts.disconnect_causes import CAUSES
from support.rows import for_each


@for_each(
    [
        (Cause.TIMED_OUT, "blocks outgoing connections to port 25", "Try port 587 or 465"),
        (Cause.REFUSED, "nothing listens on that port", "587 or 465 for clients that log in"),
        (Cause.NAME_NOT_FOUND, "DNS has no address for this name", "MX record"),
        (Cause.NO_SOCKET, "No usable socket was found at that path", "Check the socket path"),
        (Cause.UNREACHABLE, "this machine has no IPv6", "IPv4 address"),
        (Cause.NOT_PERMITTED, "does not allow this program to connect", "owner and mode"),
        (Cause.RESET, "was reset while data was in transit", "the server's log"),
        (Cause.CLOSED_BY_CLIENT, "without sending QUIT", ""),
    ]
)
def test_a_cause_says_what_it_means_and_what_to_try(cause: Cause, means: str, try_next: str):
    assert means in CAUSES[cause].means
    assert try_next in CAUSES[cause].try_next


@for_each(list(Cause))
def test_every_cause_is_explained_in_sentences(cause: Cause):
    fact = CAUSES[cause]
    assert fact.means.endswith(".")
    assert not fact.try_next or fact.try_next.endswith(".")


@for_each(
    [
        Cause.TIMED_OUT,
        Cause.REFUSED,
        Cause.NAME_NOT_FOUND,
        Cause.NO_SOCKET,
        Cause.UNREACHABLE,
        Cause.NOT_PERMITTED,
        Cause.TLS_FAILED,
    ]
)
def test_a_connection_that_was_never_made_leaves_something_to_try(cause: Cause):
    assert CAUSES[cause].try_next
