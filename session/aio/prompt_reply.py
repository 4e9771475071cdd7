"""`PromptReply`: a future for a reply, which calls a function as soon as the reply is delivered.

A task that awaits a reply runs one iteration of the event loop later, which costs as much as
recording the command and its reply. Code that sends line after line can avoid that cost.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from ..reply import Reply


class PromptReply(asyncio.Future[Reply]):
    """A future that calls `then(future)` at the moment when its reply is delivered.

    After an error, `then` is called in the next iteration of the event loop, because the code that
    reports the error has more to do first. It is not called if the future is cancelled. `then` must
    not raise an exception.
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
