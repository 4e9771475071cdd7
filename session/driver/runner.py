"""`Runner`: connects and runs procedures, on a connection of either driver."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from .. import raised
from ..events import Cause
from ..procedures.execution import Execution
from ..procedures.steps import HELOSCOPE, Manner
from ..protocol.states import SHUTTING_DOWN
from .peer_view import PeerView
from .performer import Performer
from .reply_waiters import InFlight

if TYPE_CHECKING:
    from .connection import Connection


class Runner(PeerView, ABC):
    """A connection that runs procedures. Each driver decides in which order they run."""

    manner: Manner = HELOSCOPE
    """The style in which procedures behave here: heloscope's own, or smtplib's."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._performer = Performer(connection)

    async def open(self) -> None:
        """Connect without waiting for the greeting; `greeting` waits for it.

        Raises the errors that `connect` raises for the connection itself.
        """
        await self.connection.open()

    async def close(self) -> None:
        """Close the connection now, without QUIT. Data already written is flushed first.

        This can be called at any time: before `connect`, twice, and on an event loop other than
        that of the connection, even if that loop is closed.
        """
        await self.connection.close()

    async def leave(self, seconds: float = 5.0) -> None:
        """Send QUIT if the server would read it as a command, wait for the reply, and close.

        The wait lasts up to `seconds`. If QUIT cannot be sent, for example within a message or on
        another event loop, the connection is only closed. A lost connection or a missing reply
        raises nothing.
        """
        try:
            await self._say_quit(seconds)
        finally:
            await self.close()

    @abstractmethod
    async def _say_quit(self, seconds: float | None) -> None:
        """Send QUIT if the server would read it as a command, and wait for the reply.

        The wait lasts up to `seconds`; if `seconds` is None, only the usual reply timeout applies.
        """

    async def _give_up(self, error: BaseException) -> None:
        """Close the connection after `connect` failed with `error`."""
        if isinstance(error, raised.SMTPConnectError):
            if error.smtp_code == SHUTTING_DOWN:
                await self.close()
            else:  # the server waits for QUIT (RFC 5321 section 3.1)
                await self.leave()
        elif isinstance(error, Exception):
            self.connection.drop(f"{error}")
        else:
            self.connection.drop(f"{error}" or "cancelled", Cause.CANCELLED)

    async def _run(self, name: str, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        run = Execution(lambda: self, name, arguments, keywords)
        in_flight = InFlight()
        try:
            while run.step is not None:
                try:
                    answer = await self._performer.perform(run.step, in_flight)
                except BaseException as error:
                    run.throw(error)
                else:
                    run.answer(answer)
        except raised.SMTPResponseException as error:
            from ..errors import mask_secrets

            mask_secrets(error, self.transcript.secrets)
            raise
        finally:
            self._performer.forget(in_flight)
        return run.result
