"""Dialling: from a target to a connection, or to a reason in words why there is none.

TCP with IPv4 and IPv6 tried side by side (happy eyeballs, RFC 8305), and unix sockets. One
timeout holds over all of it, name look-up included, and it can be cancelled at any moment.
"""

from __future__ import annotations

import asyncio
import errno
import socket
import threading
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from ..events import Cause
from ..target import Target

EYEBALLS = 0.25  # seconds until the next address is tried beside the last


class Attempt(NamedTuple):
    """One address that was tried, how long for, in seconds, and what came of it, in a few words."""

    address: str
    seconds: float
    outcome: str

    def __str__(self) -> str:
        return f"{self.address}: {self.outcome} after {_seconds(self.seconds)}"


class DialError(OSError):
    """No connection. `cause` is for programs, `detail` one sentence for people.

    `attempts` is the evidence: every address that was tried; none where there was no address.
    """

    def __init__(self, cause: Cause, detail: str, attempts: Sequence[Attempt] = ()) -> None:
        super().__init__(detail)
        self.cause = cause
        self.detail = detail
        self.attempts = tuple(attempts)


def _seconds(seconds: float) -> str:
    return f"{seconds * 1000:,.0f} ms" if seconds < 1 else f"{seconds:,.1f} s"


# errno -> what came of an attempt, in a few words.
_OUTCOMES: dict[int, str] = {
    errno.ECONNREFUSED: "refused",
    errno.ETIMEDOUT: "no answer",
    errno.ECONNRESET: "reset",
    errno.ENETUNREACH: "no route to that network",
    errno.EHOSTUNREACH: "the host cannot be reached",
    errno.EADDRNOTAVAIL: "no local address leads there",
    errno.EACCES: "not permitted by this system",
    errno.EPERM: "not permitted by this system",
}


# errno -> cause, and the sentence; {where} is the target.
_ERRNO: dict[int, tuple[Cause, str]] = {
    errno.ECONNREFUSED: (Cause.REFUSED, "{where} refused the connection."),
    errno.ETIMEDOUT: (Cause.TIMED_OUT, "{where} did not answer."),
    errno.ECONNRESET: (Cause.RESET, "{where} reset the connection while it was made."),
    errno.ENETUNREACH: (Cause.UNREACHABLE, "There is no route to the network of {where}."),
    errno.EHOSTUNREACH: (Cause.UNREACHABLE, "{where} cannot be reached."),
    errno.EADDRNOTAVAIL: (Cause.UNREACHABLE, "There is no local address that leads to {where}."),
    errno.EACCES: (Cause.NOT_PERMITTED, "The system does not permit connecting to {where}."),
    errno.EPERM: (Cause.NOT_PERMITTED, "The system does not permit connecting to {where}."),
    errno.ENOENT: (Cause.NO_SOCKET, "There is no socket {where}."),
    errno.ENOTDIR: (Cause.NO_SOCKET, "There is no socket {where}."),
    errno.ENOTSOCK: (Cause.NO_SOCKET, "{where} is not a socket."),
    errno.EPROTOTYPE: (Cause.NO_SOCKET, "{where} is a socket of another kind."),
    errno.EMFILE: (Cause.OTHER, "This program has too many files open."),
}


_NO_WAY = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)


async def dial(
    target: Target,
    factory: Callable[[], asyncio.BaseProtocol],
    *,
    timeout: float,
    source_address: tuple[str, int] | None = None,
    stage: Callable[[str], object] | None = None,
    tried: Callable[[Attempt], object] | None = None,
) -> tuple[asyncio.BaseTransport, asyncio.BaseProtocol]:
    """Connect to `target` within `timeout` seconds. Raises DialError.

    `stage` is told what is being waited for, in words; `tried` each address that came to nothing,
    also where another one answers.
    """
    attempts: list[Attempt] = []

    def failed(attempt: Attempt) -> None:
        attempts.append(attempt)
        if tried is not None:
            tried(attempt)

    try:
        return await _dial(target, factory, timeout, source_address, stage, failed)
    except DialError as error:
        raise DialError(error.cause, error.detail, attempts) from error.__cause__


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
                addresses = _beside(addresses, source_address, where)
            if stage is not None:
                stage("connecting")
            return await _first_of(addresses, factory, source_address, failed)
    except DialError:
        raise
    except TimeoutError as error:
        if isinstance(error, OSError) and error.errno:
            raise explained(error, where) from error
        raise DialError(
            Cause.TIMED_OUT, f"{where} did not answer within {timeout:g} seconds."
        ) from None
    except socket.gaierror as error:
        if error.errno in (socket.EAI_AGAIN, getattr(socket, "EAI_FAIL", None)):
            text = f"The name {target.host} could not be looked up: no name server answered."
        else:
            text = f"The name {target.host} is not known."
        raise DialError(Cause.NAME_NOT_FOUND, text) from None
    except UnicodeError:
        raise DialError(
            Cause.NAME_NOT_FOUND, f"{where} is not a name that can be looked up."
        ) from None
    except ConnectionRefusedError as error:
        if target.path:
            text = f"Nothing listens on the socket {where}."
            raise DialError(Cause.NO_SOCKET, text) from None
        raise explained(error, where) from None
    except OSError as error:
        raise explained(error, where) from None


def explained(error: OSError, where: str) -> DialError:
    """A system error in words; `where` is the target as shown."""
    found = _ERRNO.get(error.errno or 0)
    if found is None:
        reason = error.strerror or str(error)
        if "path too long" in reason:
            return DialError(Cause.NO_SOCKET, f"The path of the socket is too long: {where}.")
        return DialError(Cause.OTHER, f"{where}: {reason}.")
    return DialError(found[0], found[1].format(where=where))


def _beside(
    addresses: list[tuple[Any, ...]], source: tuple[str, int], where: str
) -> list[tuple[Any, ...]]:
    """Those of the same kind as the source: from an IPv4 address no way leads to an IPv6 one."""
    family = socket.AF_INET6 if ":" in source[0] else socket.AF_INET
    found = [address for address in addresses if address[0] == family]
    if not found:
        kind = "IPv6" if family == socket.AF_INET6 else "IPv4"
        raise DialError(
            Cause.UNREACHABLE,
            f"{where} has no {kind} address, and the source address {source[0]} is one.",
        )
    return found


async def _look_up(host: str, port: int) -> list[tuple[Any, ...]]:
    """getaddrinfo in a thread of its own, which nobody waits for when it hangs."""
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
            pass  # the loop is gone: nobody waits any more

    threading.Thread(target=look_up, daemon=True, name="look-up").start()
    return await found


async def _first_of(
    addresses: list[tuple[Any, ...]],
    factory: Callable[[], asyncio.BaseProtocol],
    source_address: tuple[str, int] | None,
    failed: Callable[[Attempt], object],
) -> tuple[asyncio.BaseTransport, asyncio.BaseProtocol]:
    """The address that answers first; the last error if none does."""
    loop = asyncio.get_running_loop()
    running: set[asyncio.Task[socket.socket]] = set()
    errors: list[OSError] = []
    queue = _interleaved(addresses)
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
        # That there is no way to the IPv6 address tells less than what the IPv4 one answered.
        raise min(errors, key=lambda error: error.errno in _NO_WAY)
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
    """A socket that is connected to `address`; what came of it otherwise goes to `failed`."""
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
        outcome = _OUTCOMES.get(error.errno or 0) or error.strerror or str(error)
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
            _bind(sock, source)
        await asyncio.get_running_loop().sock_connect(sock, where)
    except BaseException:
        sock.close()
        raise
    return sock


def _bind(sock: socket.socket, source: tuple[str, int]) -> None:
    try:
        sock.bind(source)
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            raise DialError(
                Cause.UNREACHABLE, f"The source address {source[0]} is none of this machine's."
            ) from None
        raise


def _interleaved(addresses: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """IPv6 and IPv4 in turn, in the resolver's order within each."""
    first = [a for a in addresses if a[0] == addresses[0][0]]
    others = [a for a in addresses if a[0] != addresses[0][0]]
    mixed: list[tuple[Any, ...]] = []
    for number in range(max(len(first), len(others))):
        mixed += first[number : number + 1] + others[number : number + 1]
    return mixed


def shown_address(address: object) -> str:
    """A socket's address for people: host:port, or the path; "" for what is neither."""
    match address:
        case (str(host), int(port), *_):
            return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        case str(path):
            return path
        case _:
            return ""
