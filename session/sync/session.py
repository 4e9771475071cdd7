"""`BlockingSession`: runs procedures without an event loop, for commands that do nothing else.

It has the parts of `aio.session.Session` that one-shot commands use, with the same results. Its
methods are coroutines, too, so that a command can be written once and run on either class. They
never suspend, and `at_once` returns their result.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

from .. import raised
from ..driver.recovery import RESETTING, Recovery
from ..driver.runner import Runner
from ..protocol.conversation import Conversation
from ..reply import Reply
from ..target import Target
from .limit import Expired, Limit
from .link import Link

if TYPE_CHECKING:
    import socket

    from ..tls.settings import TlsSettings

T = TypeVar("T")
_INTERRUPTED = "a procedure was interrupted, so the connection was dropped: its state is unknown"


class BlockingSession(Runner):
    """One connection to an SMTP or LMTP server, with the arguments and errors of `Session`."""

    connection: Link  # pyright: ignore[reportIncompatibleVariableOverride]: always this one

    def __init__(
        self,
        target: Target,
        *,
        timeout: float | None = None,
        local_hostname: str | None = None,
        source_address: tuple[str, int] | None = None,
        proxy_header: bytes = b"",
        sock: socket.socket | None = None,
        tls: TlsSettings | Callable[[], TlsSettings] | None = None,
    ) -> None:
        link = Link(
            target,
            timeout=timeout,
            local_hostname=local_hostname,
            source_address=source_address,
            proxy_header=proxy_header,
            sock=sock,
            tls=tls,
        )
        super().__init__(link)
        self._recovery = Recovery(link)
        self._interrupted: Conversation | None = None  # at any moment, so that it is not known

    async def connect(self) -> Reply:
        """Connect, wait for the greeting, and return it.

        Raises the same errors as `Session.connect`.
        """
        opened = self.connection.opened
        try:
            return await self.run("connect", self.target)
        except BaseException as error:
            if self.connection.opened > opened:
                await self._give_up(error)
            raise

    async def run(self, name: str, *arguments: Any, **keywords: Any) -> Any:
        """Run the procedure `name` to its end, return its result, and raise its errors.

        After an aborted procedure, the call first waits for the replies that are due, and resets
        the transaction. If a message was not finished, or a signal interrupted the procedure, the
        connection is dropped instead, and ConnectionLost is raised.
        """
        if self._interrupted is self.connection.conversation and self.connected:
            raise self.connection.drop(_INTERRUPTED)
        await self._recovery.settle(reset=name not in RESETTING)
        began_in = self.connection.conversation.foreseen
        try:
            return await self._run(name, arguments, keywords)
        except BaseException as error:
            self._recovery.broken_off(began_in)
            if not isinstance(error, Exception | Expired):
                self._interrupted = self.connection.conversation
            raise

    def within(self, seconds: float) -> Limit:
        """Return a context manager that limits the total time of all waits in it."""
        return Limit(self.connection, seconds)

    async def _say_quit(self, seconds: float | None) -> None:
        if self._interrupted is self.connection.conversation or not self._recovery.may_quit:
            return
        link = self.connection
        try:
            async with self.within(math.inf if seconds is None else seconds):
                link.write(b"QUIT\r\n")
                future = link.waiters.for_row(link.conversation.newest)
                try:
                    await link.reply(future)
                finally:
                    link.waiters.forget(future)
        except (TimeoutError, raised.ConnectionLost):
            pass


def at_once(coroutine: Coroutine[Any, Any, T]) -> T:
    """Return the result of a coroutine that never suspends, like those of `BlockingSession`.

    Raises RuntimeError if the coroutine suspends.
    """
    try:
        coroutine.send(None)
    except StopIteration as over:
        return over.value
    coroutine.close()
    raise RuntimeError("the coroutine waits for an event loop, but none is running")
