"""Runs plain lines, sending each one as soon as the reply to the previous one arrives.

A script consists mostly of lines, each with an `:expect`. These take no time except while waiting
for a reply. Therefore no task is woken between two lines: the callback of the reply continues with
the next statement, until a statement has to wait for something else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator

from ...session.aio.prompt_reply import PromptReply
from ...session.aio.session import Session
from ...session.events import ReplyReceived
from ...session.reply import Reply
from ...session.script.statements import BeginMessage, Expect, SendLine, Statement

_TLS_MAY_BEGIN = 220  # the reply to STARTTLS
_LINES = (SendLine, BeginMessage)
AT_ONCE = 100  # statements without a reply to wait for, after which the event loop gets a turn


class Lines:
    """Runs the statements that send a line, and those that judge its reply.

    `send(statement)` sends a line, and returns its session and the row whose reply is due, or None
    if no reply is due. `expect` judges a reply. `answered(reply)` is called with the first reply to
    a line, `lost(error)` if no reply arrives, and `taken()` after each statement. `finish` waits
    for what follows the first reply: more replies, or a TLS handshake. All may raise Ended.
    """

    def __init__(
        self,
        *,
        send: Callable[[SendLine | BeginMessage], tuple[Session, int] | None],
        expect: Callable[[Expect], object],
        answered: Callable[[ReplyReceived], object],
        finish: Callable[[Session, int, Reply], Awaitable[None]],
        lost: Callable[[Exception], object],
        taken: Callable[[], object],
    ) -> None:
        self._send, self._expect, self._finish = send, expect, finish
        self._answered, self._lost, self._taken = answered, lost, taken
        self._statements: Iterator[Statement] = iter(())
        self._over: asyncio.Future[Statement | None] | None = None
        # The awaited reply and its line; the further results of that line.
        self._reply: PromptReply | None = None
        self._line: tuple[Session, int] | None = None
        self._unfinished: tuple[Session, int, Reply] | None = None

    async def run(self, statements: Iterator[Statement]) -> Statement | None:
        """Run lines and expectations up to the first statement of another kind, and return it.

        Return None at the end of the statements. Raises Ended.
        """
        self._statements = statements
        loop = asyncio.get_running_loop()
        while True:
            over = self._over = loop.create_future()
            self._go_on()
            try:
                other = await over
            finally:
                self._stop_waiting()
            unfinished, self._unfinished = self._unfinished, None
            if unfinished is None:
                return other
            await self._finish(*unfinished)
            self._taken()

    def _stop_waiting(self) -> None:
        reply, self._reply = self._reply, None
        self._over = None
        if reply is not None and self._line is not None:
            self._line[0].connection.waiters.forget(reply)

    def _go_on(self) -> None:
        """Run statements until one must wait for a reply or is of another kind."""
        over = self._over
        if over is None or over.done():
            return
        try:
            for _ in range(AT_ONCE):
                statement = next(self._statements, None)
                if isinstance(statement, _LINES):
                    line = self._line = self._send(statement)
                    if line is not None:
                        reply = self._reply = PromptReply(self._came, over.get_loop())
                        line[0].connection.waiters.for_row(line[1], reply)
                        return
                elif isinstance(statement, Expect) and statement.wanted.alternatives:
                    self._expect(statement)  # of a reply, not of the end
                else:
                    over.set_result(statement)
                    return
                self._taken()
        except Exception as error:
            over.set_exception(error)
        else:
            over.get_loop().call_soon(self._go_on)

    def _came(self, future: asyncio.Future[Reply]) -> None:
        """Handle a reply that has arrived or can no longer arrive."""
        over, line = self._over, self._line
        if future is not self._reply or over is None or over.done() or line is None:
            return
        self._reply = None
        try:
            error = future.exception()
            if isinstance(error, Exception):
                self._lost(error)
            else:
                reply = future.result()
                self._answered(reply.event)
                if reply.event.left or reply.code == _TLS_MAY_BEGIN:
                    self._unfinished = *line, reply
                    over.set_result(None)
                    return
            self._taken()
        except Exception as failure:
            over.set_exception(failure)
        else:
            self._go_on()
