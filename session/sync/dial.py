"""Connects a blocking socket to a target, or explains why that is not possible.

Supports TCP, with IPv4 and IPv6 tried in parallel (Happy Eyeballs, RFC 8305), and Unix sockets. One
timeout covers everything, including the name lookup.
"""

from __future__ import annotations

import errno
import os
import select
import socket
import time
from collections.abc import Callable
from typing import Any

from ..net.addresses import (
    NO_WAY,
    bind,
    encoded,
    interleaved,
    outcome_of,
    same_family,
    shown_address,
)
from ..net.addresses import why_not as why_not
from ..net.dial_error import Attempt, DialError
from ..target import Target
from .within import within

EYEBALLS = 0.25  # seconds until the next address is tried in parallel
_UNDER_WAY = (errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EINTR)
_now = time.monotonic


def dial(
    target: Target,
    *,
    timeout: float,
    source_address: tuple[str, int] | None = None,
    tried: Callable[[Attempt], object] | None = None,
) -> socket.socket:
    """Return a socket connected to `target` within `timeout` seconds. Raises DialError.

    `tried` is called for each failed attempt, even if an attempt with another address succeeds.
    """
    attempts: list[Attempt] = []

    def failed(attempt: Attempt) -> None:
        attempts.append(attempt)
        if tried is not None:
            tried(attempt)

    try:
        return _dial(target, _now() + timeout, source_address, failed)
    except (OSError, UnicodeError) as error:
        failure = why_not(error, target, timeout)
        raise DialError(failure.cause, failure.detail, attempts) from failure.__cause__


def _dial(
    target: Target,
    limit: float,
    source: tuple[str, int] | None,
    failed: Callable[[Attempt], object],
) -> socket.socket:
    if target.path:
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            sock.settimeout(max(limit - _now(), 0.001))
            sock.connect(target.path)
        except BaseException:
            sock.close()
            raise
        return sock
    addresses = _look_up(target.host, target.port, limit)
    if source is not None:
        addresses = same_family(addresses, source, target.shown)
    return _first_of(addresses, source, limit, failed)


def _look_up(host: str, port: int, limit: float) -> list[tuple[Any, ...]]:
    """Return the result of getaddrinfo.

    A name is looked up in a separate thread, so that a lookup that never ends blocks nothing else.
    """
    given = encoded(host)

    def look_up() -> list[tuple[Any, ...]]:
        return list(socket.getaddrinfo(given, port, type=socket.SOCK_STREAM))

    return look_up() if _is_address(host) else within(limit - _now(), look_up)


def _is_address(host: str) -> bool:
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(family, host)
        except (OSError, ValueError):
            continue
        return True
    return False


class _Trial:
    """A connection attempt to one address."""

    def __init__(self, sock: socket.socket, where: object) -> None:
        self.sock = sock
        self.where = where
        self.began = _now()

    def attempt(self, outcome: str) -> Attempt:
        return Attempt(shown_address(self.where), _now() - self.began, outcome)


def _first_of(
    addresses: list[tuple[Any, ...]],
    source: tuple[str, int] | None,
    limit: float,
    failed: Callable[[Attempt], object],
) -> socket.socket:
    """Return a connection to the address that answers first. Raises OSError if none does."""
    queue = interleaved(addresses)
    running: dict[int, _Trial] = {}
    errors: list[OSError] = []
    poll = select.poll()

    def over(trial: _Trial, error: OSError) -> None:
        trial.sock.close()
        errors.append(error)
        failed(trial.attempt(outcome_of(error)))

    try:
        while queue or running:
            if queue:
                trial, error = _begun(queue.pop(0), source)
                if error is not None:
                    over(trial, error)
                    continue
                running[trial.sock.fileno()] = trial
                poll.register(trial.sock, select.POLLOUT)
            left = limit - _now()
            if left <= 0:
                raise TimeoutError
            wait = min(EYEBALLS, left) if queue else left
            for fd, _ in poll.poll(wait * 1000 + 1):
                poll.unregister(fd)
                trial = running.pop(fd)
                number = trial.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                if not number:
                    return trial.sock
                over(trial, _system_error(number))
    finally:
        for trial in running.values():
            trial.sock.close()
            failed(trial.attempt("no answer"))
    if not errors:
        raise socket.gaierror(socket.EAI_NONAME, "no address to connect to")
    # A missing route to one address says less than the answer of another.
    raise min(errors, key=lambda error: error.errno in NO_WAY)


def _begun(
    address: tuple[Any, ...], source: tuple[str, int] | None
) -> tuple[_Trial, OSError | None]:
    """Start a connection attempt, and return it.

    Also return the error if the attempt failed at once, otherwise None.
    """
    family, kind, protocol, _, where = address
    trial = _Trial(socket.socket(family, kind, protocol), where)
    try:
        trial.sock.setblocking(False)
        trial.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if source is not None:
            bind(trial.sock, source)
        number = trial.sock.connect_ex(where)
    except OSError as error:
        return trial, error
    except BaseException:
        trial.sock.close()
        raise
    return trial, _system_error(number) if number and number not in _UNDER_WAY else None


def _system_error(number: int) -> OSError:
    return OSError(number, os.strerror(number))
