"""Detects a server that may be an open relay (RFC 5321 section 7.9, RFC 2505 section 2.1).

A client cannot know which domains a server is responsible for. A domain counts as foreign if it has
nothing in common with the names under which the server presents itself.
"""

from __future__ import annotations

from collections.abc import Iterable

MEANS = (
    "The server accepts mail for another domain ({domain}) from a client that has not logged in: "
    "it may be an open relay, which spammers abuse and other servers block (RFC 5321 7.9)."
)
CHECK = (
    "Check whether {domain} is one of the server's own domains, and whether this client is in a "
    "network for which the server relays (mynetworks and smtpd_relay_restrictions in Postfix, "
    "relay_from_hosts in Exim). Then repeat the test from an outside address."
)
_REGISTRIES = frozenset({"ac", "co", "com", "edu", "gov", "ne", "net", "or", "org"})
"""Second-level domains below which a country's registry registers names, as in example.co.uk."""


def other_domain(path: str, server: Iterable[str]) -> str:
    """Return the domain of a forward-path such as <bob@example.org> if it is foreign to the server.

    `server` contains the server's names, from its greeting, its EHLO reply and the TARGET. Return
    "" if the domain is one of the server's own, if the path has no domain name, or if none of the
    server's names is known.
    """
    domain = path.strip("<>").rpartition("@")[2].lower().rstrip(".")
    if "@" not in path or domain.startswith("["):
        return ""
    names = [name for name in (each.lower().rstrip(".") for each in server) if _is_name(name)]
    return domain if names and not any(_belongs(domain, name) for name in names) else ""


def _is_name(word: str) -> bool:
    return "." in word and not word.replace(".", "").isdigit() and ":" not in word


def _belongs(domain: str, name: str) -> bool:
    return _registered(domain) == _registered(name)


def _registered(name: str) -> list[str]:
    """Return the labels of the registered domain to which `name` belongs: usually the last two."""
    labels = name.split(".")
    country = len(labels[-1]) == 2 and len(labels) > 2 and labels[-2] in _REGISTRIES
    return labels[-3:] if country else labels[-2:]
