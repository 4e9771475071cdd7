"""Connects to a target, or explains why that is not possible.

Supports TCP, with IPv4 and IPv6 tried in parallel (Happy Eyeballs, RFC 8305), and Unix sockets. One
timeout covers everything, including the name lookup, and dialling can be cancelled at any time.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..target import Target
from .addresses import NO_WAY, bind, interleaved, outcome_of, same_family, shown_address, why_not
from .dial_error import Attempt as Attempt
from .dial_error import DialError as DialError

if TYPE_CHECKING:
    from .outgoing_proxy import OutgoingProxy

EYEBALLS = 0.25  # seconds until the next address is tried in parallel


async def dial(
    target: Target,
    factory: Callable[[], asyncio.BaseProtocol],
    *,
    timeout: float,
    source_address: tuple[str, int] | None = None,
    proxy: OutgoingProxy | None = None,
    stage: Callable[[str], object] | None = None,
    tried: Callable[[Attempt], object] | None = None,
) -> tuple[asyncio.BaseTransport, asyncio.BaseProtocol]:
    """Connect to `target` within `timeout` seconds, through `proxy` if it is given.

    Return the transport and the protocol, which `factory` creates. A Unix socket is always reached
    directly. `stage` is called with a description of each stage, and `tried` for each failed
    attempt, even if an attempt with another address succeeds. Raises DialError.
    """
    attempts: list[Attempt] = []

    def failed(attempt: Attempt) -> None:
        attempts.append(attempt)
        if tried is not None:
            tried(attempt)

    try:
        if proxy is not None and not target.path:
            return await _through(proxy, target, factory, timeout, source_address, stage)
        return await _dial(target, factory, timeout, source_address, stage, failed)
    except DialError as error:
        raise DialError(error.cause, error.detail, attempts) from error.__cause__


async def _through(
    proxy: OutgoingProxy,
    target: Target,
    factory: Callable[[], asyncio.BaseProtocol],
    timeout: float,
    source_address: tuple[str, int] | None,
    stage: Callable[[str], object] | None,
) -> tuple[asyncio.BaseTransport, asyncio.BaseProtocol]:
    from .outgoing_proxy import connect_through

    if stage is not None:
        stage("connecting through the proxy")
    sock = await connect_through(
        proxy, target.host, target.port, timeout=timeout, source=source_address
    )
    try:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return await asyncio.get_running_loop().create_connection(factory, sock=sock)
    except BaseException:
        sock.close()
        raise


async def _dial(
    target: Target,
    factory: Callable[[], asyncio.BaseProtocol],
    timeout: float,
    source_address: tuple[str, int] | None,
    stage: Callable[[str], object] | None,
    failed: Callable[[Attempt], object],
) -> tuple[asyncio.BaseTransport, asyncio.BaseProtocol]:
    where = target.shown
    try:
        async with asyncio.timeout(timeout):
            loop = asyncio.get_running_loop()
            if target.path:
                return await loop.create_unix_connection(factory, target.path)
            if stage is not None:
                stage("looking up the name")
            addresses = await _look_up(target.host, target.port)
            if source_address is not None:
                addresses = same_family(addresses, source_address, where)
            if stage is not None:
                stage("connecting")
            return await _first_of(addresses, factory, source_address, failed)
    except (OSError, UnicodeError) as error:
        failure = why_not(error, target, timeout)
        raise failure from failure.__cause__


async def _look_up(host: str, port: int) -> list[tuple[Any, ...]]:
    """Return the result of getaddrinfo.

    The function is called in a daemon thread, so that a lookup that never ends blocks nothing else.
    """
    loop = asyncio.get_running_loop()
    found: asyncio.Future[list[tuple[Any, ...]]] = loop.create_future()

    def tell(result: list[tuple[Any, ...]] | BaseException) -> None:
        if not found.done():
            if isinstance(result, BaseException):
                found.set_exception(result)
            else:
                found.set_result(result)

    def look_up() -> None:
        result: list[tuple[Any, ...]] | BaseException
        try:
            result = list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            result = error
        try:
            loop.call_soon_threadsafe(tell, result)
        except RuntimeError:
            pass  # the loop is closed: nothing waits for the result

    threading.Thread(target=look_up, daemon=True, name="look-up").start()
    return await found


async def _first_of(
    addresses: list[tuple[Any, ...]],
    factory: Callable[[], asyncio.BaseProtocol],
    source_address: tuple[str, int] | None,
    failed: Callable[[Attempt], object],
) -> tuple[asyncio.BaseTransport, asyncio.BaseProtocol]:
    """Return a connection to the first address that answers. Raises OSError if none does."""
    loop = asyncio.get_running_loop()
    running: set[asyncio.Task[socket.socket]] = set()
    errors: list[OSError] = []
    queue = interleaved(addresses)
    winner: socket.socket | None = None
    try:
        while winner is None and (queue or running):
            if queue:
                running.add(loop.create_task(_try(queue.pop(0), source_address, failed)))
            done, running = await asyncio.wait(
                running,
                timeout=EYEBALLS if queue else None,
                return_when=asyncio.FIRST_COMPLETED,
            )
            for task in done:
                error = task.exception()
                if error is None:
                    if winner is None:
                        winner = task.result()
                    else:
                        task.result().close()
                elif isinstance(error, OSError):
                    errors.append(error)
                else:
                    raise error
    finally:
        for task in running:
            task.cancel()
        for task in running:
            try:
                (await task).close()
            except (asyncio.CancelledError, OSError):
                pass
    if winner is None:
        if not errors:
            raise socket.gaierror(socket.EAI_NONAME, "no address to connect to")
        # A missing route to one address says less than the answer of another.
        raise min(errors, key=lambda error: error.errno in NO_WAY)
    try:
        return await loop.create_connection(factory, sock=winner)
    except BaseException:
        winner.close()
        raise


async def _try(
    address: tuple[Any, ...],
    source: tuple[str, int] | None,
    failed: Callable[[Attempt], object],
) -> socket.socket:
    """Return a socket connected to `address`. If that fails, report the attempt to `failed`."""
    where = address[4]
    loop = asyncio.get_running_loop()
    began = loop.time()
    outcome = ""
    try:
        return await _connected(address, source)
    except asyncio.CancelledError:
        outcome = "no answer"
        raise
    except OSError as error:
        outcome = outcome_of(error)
        raise
    finally:
        if outcome:
            failed(Attempt(shown_address(where), loop.time() - began, outcome))


async def _connected(address: tuple[Any, ...], source: tuple[str, int] | None) -> socket.socket:
    family, kind, protocol, _, where = address
    sock = socket.socket(family, kind, protocol)
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if source is not None:
            bind(sock, source)
        await asyncio.get_running_loop().sock_connect(sock, where)
    except BaseException:
        sock.close()
        raise
    return sock
