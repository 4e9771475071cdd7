"""`Performer`: carries out the steps of procedures on a connection of either driver."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import raised
from ..events import CLIENT
from ..net.hostname import said_as
from ..procedures.steps import LOCAL_HOSTNAME, Ask, Call, Dial, Expect, Send, StartTls, Step
from ..reply import Reply
from .reply_waiters import InFlight

if TYPE_CHECKING:
    from .connection import Connection

_AT_ONCE = (bytes, str, tuple)  # answers that need no inspection
WRITE = 64 * 1024  # octets of a step after which it waits until they have been written


class Performer:
    """Carries out the steps of a procedure on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def perform(self, step: Step, in_flight: InFlight) -> Any:
        """Carry out one step. Return its answer, or raise the error to throw into the procedure.

        `in_flight` holds the data that the procedure still has to write, and the replies it awaits;
        the call updates it.
        """
        connection = self._connection
        match step:
            case Send():
                if step.verb == "DATA":
                    connection.waiters.early = None  # sent in the middle of another message
                in_flight.held.append(step.data)
                if step.more:
                    return None
                self._write(in_flight)
                if step.verb == "." or len(step.data) > WRITE:
                    return await self._taken(step, in_flight)
                self._flush(step.data)
            case Expect(again=again):
                self._write(in_flight)
                return await self._expect(in_flight, again)
            case Dial(target=target):
                if not connection.connected:  # else `open` refuses, and TLS verifies its name
                    connection.target = target
                await connection.open()
                in_flight.waiting.append((None, connection.waiters.for_greeting()))
            case StartTls(tls=context):
                await connection.handshake(context)
            case Ask(what=what, of=None):
                return await self._own_name() if what == LOCAL_HOSTNAME else _nonce()
            case Ask(of=of):
                assert of is not None
                answer = of()
                return answer if type(answer) in _AT_ONCE else await _awaited(answer)
            case Call(name="close"):
                await connection.close()
            case _:
                raise TypeError(f"a connection cannot perform {step!r}")
        return None

    def forget(self, in_flight: InFlight) -> None:
        """Discard the waiters of a finished procedure, which then receives no late replies."""
        for _, future in in_flight.waiting:
            self._connection.waiters.forget(future)

    def _write(self, in_flight: InFlight) -> None:
        """Write the data held back, and register a waiter for the reply to each command in it."""
        if not in_flight.held:
            return
        held, in_flight.held = in_flight.held, []
        self._connection.transmitter.write(
            held[0] if len(held) == 1 else b"".join(held), held, in_flight
        )

    def _flush(self, data: bytes) -> None:
        if not data.endswith(b"\n"):
            self._connection.conversation.flush(CLIENT, self._connection.clock())

    async def _taken(self, step: Send, in_flight: InFlight) -> Reply | None:
        """Wait until a long block has been written.

        Return a reply that arrived while it was being written, or None.
        """
        self._flush(step.data)
        await self._connection.transmitter.taken(in_flight)
        waiters = self._connection.waiters
        early, waiters.early = waiters.early, None
        return early

    async def _expect(self, in_flight: InFlight, again: bool) -> Reply:
        waiters = self._connection.waiters
        if again and in_flight.last is not None:
            row, future = in_flight.last, waiters.for_more(in_flight.last)
        elif in_flight.waiting:
            row, future = in_flight.waiting.popleft()
        else:
            row, future = None, waiters.for_row(None)
        try:
            reply = await self._connection.reply(future)
        except BaseException as error:
            if isinstance(error, Exception) and not isinstance(error, raised.ReplyTimedOut):
                raise
            # Cancelled or timed out: the procedure may wait for it once more.
            later = waiters.taken_back(row, future, again)
            if later is not None:
                in_flight.waiting.appendleft((row, later))
            raise
        in_flight.last = row
        return reply

    async def _own_name(self) -> str:
        connection = self._connection
        if connection.local_hostname is None:
            connection.local_hostname = await connection.host_name()
        return said_as(connection.local_hostname, connection.transcript)


async def _awaited(answer: Any) -> Any:
    import inspect

    return await answer if inspect.isawaitable(answer) else answer


def _nonce() -> str:
    import secrets

    return secrets.token_urlsafe(24)
