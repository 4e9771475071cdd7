"""Helpers for dialling in both drivers: the order of addresses, and explanations of failures.

Nothing here waits.
"""

from __future__ import annotations

import errno
import socket
from typing import Any

from ..events import Cause
from ..plural import in_seconds
from ..target import Target
from .dial_error import DialError

# errno -> the outcome of an attempt.
_OUTCOMES: dict[int, str] = {
    errno.ECONNREFUSED: "refused",
    errno.ETIMEDOUT: "no answer",
    errno.ECONNRESET: "reset",
    errno.ENETUNREACH: "no route to the network",
    errno.EHOSTUNREACH: "host unreachable",
    errno.EADDRNOTAVAIL: "no suitable local address",
    errno.EACCES: "not permitted by the operating system",
    errno.EPERM: "not permitted by the operating system",
}


# errno -> cause and sentence; {where} is the target.
_ERRNO: dict[int, tuple[Cause, str]] = {
    errno.ECONNREFUSED: (Cause.REFUSED, "{where} refused the connection."),
    errno.ETIMEDOUT: (Cause.TIMED_OUT, "{where} did not answer."),
    errno.ECONNRESET: (Cause.RESET, "{where} reset the connection while it was being established."),
    errno.ENETUNREACH: (Cause.UNREACHABLE, "The network of {where} is unreachable."),
    errno.EHOSTUNREACH: (Cause.UNREACHABLE, "{where} is unreachable."),
    errno.EADDRNOTAVAIL: (Cause.UNREACHABLE, "{where} cannot be reached from any local address."),
    errno.EACCES: (
        Cause.NOT_PERMITTED,
        "This system does not allow connections to {where}.",
    ),
    errno.EPERM: (
        Cause.NOT_PERMITTED,
        "This system does not allow connections to {where}.",
    ),
    errno.ENOENT: (Cause.NO_SOCKET, "The socket {where} does not exist."),
    errno.ENOTDIR: (Cause.NO_SOCKET, "The socket {where} does not exist."),
    errno.ENOTSOCK: (Cause.NO_SOCKET, "{where} is not a socket."),
    errno.EPROTOTYPE: (Cause.NO_SOCKET, "{where} is a socket of a different type."),
    errno.EMFILE: (Cause.OTHER, "This program has too many open files."),
}


NO_WAY = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)


def outcome_of(error: OSError) -> str:
    """Return the outcome of a failed attempt, in a few words."""
    if isinstance(error, DialError):  # of `bind`
        return _OUTCOMES[errno.EADDRNOTAVAIL]
    return _OUTCOMES.get(error.errno or 0) or error.strerror or str(error)


def why_not(error: Exception, target: Target, timeout: float) -> DialError:
    """Return a DialError that explains why `target` was not reached within `timeout` seconds.

    If the reason is the system's own timeout error, that error becomes the `__cause__` of the
    DialError. Raises `error` itself if it cannot be explained.
    """
    where = target.shown
    system: Exception | None = None
    match error:
        case DialError():
            return error
        case TimeoutError() if error.errno:  # the system's own timeout, not ours
            failure, system = explained(error, where), error
        case TimeoutError():
            words = f"{where} did not answer within {in_seconds(timeout)}."
            failure = DialError(Cause.TIMED_OUT, words)
        case socket.gaierror():
            if error.errno in (socket.EAI_AGAIN, getattr(socket, "EAI_FAIL", None)):
                words = (
                    f"The name {target.host} could not be looked up because no DNS server answered."
                )
                failure = DialError(Cause.NO_DNS, words)
            else:
                words = f"The name {target.host} could not be found."
                failure = DialError(Cause.NAME_NOT_FOUND, words)
        case UnicodeError():
            failure = DialError(Cause.NOT_A_NAME, f"{where} is not a valid host name.")
        case ConnectionRefusedError() if target.path:
            failure = DialError(Cause.NO_SOCKET, f"No server is listening on the socket {where}.")
        case OSError():
            failure = explained(error, where)
        case _:
            raise error
    failure.__cause__ = system
    return failure


def explained(error: OSError, where: str) -> DialError:
    """Return the DialError for a system error; `where` is the target as displayed."""
    found = _ERRNO.get(error.errno or 0)
    if found is None:
        reason = error.strerror or str(error)
        if "path too long" in reason:
            return DialError(Cause.NO_SOCKET, f"The path of the socket is too long: {where}.")
        return DialError(Cause.OTHER, f"{where}: {reason}.")
    return DialError(found[0], found[1].format(where=where))


def same_family(
    addresses: list[tuple[Any, ...]], source: tuple[str, int], where: str
) -> list[tuple[Any, ...]]:
    """Return the addresses of the same family as the source address.

    Raises DialError if there are none.
    """
    family = socket.AF_INET6 if ":" in source[0] else socket.AF_INET
    found = [address for address in addresses if address[0] == family]
    if not found:
        kind = "IPv6" if family == socket.AF_INET6 else "IPv4"
        raise DialError(
            Cause.SOURCE_ADDRESS,
            f"{where} has no {kind} address, so the source address {source[0]} cannot be used.",
        )
    return found


def bind(sock: socket.socket, source: tuple[str, int]) -> None:
    """Bind `sock` to the source address.

    Raises DialError if the address does not belong to this host, and OSError for any other failure.
    """
    try:
        sock.bind(source)
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            raise DialError(
                Cause.SOURCE_ADDRESS,
                f"The source address {source[0]} does not belong to this machine.",
            ) from None
        raise


def interleaved(addresses: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return the addresses with IPv6 and IPv4 alternating, each in the resolver's order."""
    first = [a for a in addresses if a[0] == addresses[0][0]]
    others = [a for a in addresses if a[0] != addresses[0][0]]
    mixed: list[tuple[Any, ...]] = []
    for number in range(max(len(first), len(others))):
        mixed += first[number : number + 1] + others[number : number + 1]
    return mixed


def encoded(host: str) -> bytes | str:
    """Return `host` in a form for getaddrinfo: as bytes if it is a valid ASCII name.

    For a str, Python would import the codec for internationalised names, which an ASCII name does
    not need.
    """
    labels = host.removesuffix(".").split(".")
    valid = host.isascii() and all(0 < len(label) < 64 for label in labels)
    return host.encode() if valid else host


def shown_address(address: object) -> str:
    """Return a socket address for display, as host:port or a path; "" for anything else."""
    match address:
        case (str(host), int(port), *_):  # pyright: ignore[reportUnknownVariableType]: any rest
            return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        case str(path):
            return path
        case _:
            return ""
