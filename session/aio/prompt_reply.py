"""`PromptReply`: the future of a reply whose reader continues at once, without waking a task.

A task that awaits a reply runs one turn of the event loop after it came, which costs as much as
recording the command and its reply. Who sends line after line can do without.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from ..reply import Reply


class PromptReply(asyncio.Future[Reply]):
    """Calls `then(future)` while the reply is being handed out: what it sends follows at once.

    After an error, `then` is called in the next turn of the event loop: who reports the error has
    more to do. It is not called for a future that was cancelled. It must not raise.
    """

    def __init__(
        self, then: Callable[[asyncio.Future[Reply]], object], loop: asyncio.AbstractEventLoop
    ) -> None:
        super().__init__(loop=loop)
        self._then = then

    def set_result(self, result: Reply) -> None:
        super().set_result(result)
        self._then(self)

    def set_exception(self, exception: type | BaseException) -> None:
        super().set_exception(exception)
        self.get_loop().call_soon(self._then, self)
