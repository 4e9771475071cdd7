"""`Performing`: the steps of procedures, carried out on an asyncio connection."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any

from ..errors import ReplyTimedOut
from ..events import CLIENT
from ..net.hostname import host_name
from ..procedures.steps import LOCAL_HOSTNAME, Ask, Call, Dial, Expect, Send, StartTls, Step
from ..reply import Reply
from .connection import READ, Connection
from .reply_waiters import Exchange


class Performing(Connection):
    """A connection that carries out what a procedure asks for."""

    async def perform(self, step: Step, exchange: Exchange) -> Any:
        """Carry out one step; returns its answer, or raises what is to be thrown in at it."""
        match step:
            case Send():
                if step.verb == "DATA":
                    self._waiting.early = None  # what was said in the middle of another message
                exchange.held.append(step.data)
                if step.more:
                    return None
                self._let_go(exchange)
                if step.verb == "." or len(step.data) > READ:
                    return await self._taken(step, exchange)
                if not step.data.endswith(b"\n"):
                    self.conversation.flush(CLIENT, self.clock())
            case Expect(again=again):
                self._let_go(exchange)
                return await self._expect(exchange, again)
            case Dial(target=target):
                self.target = target
                await self.open()
                exchange.waiting.append((None, self._waiting.for_greeting()))
            case StartTls(tls=context):
                await self.handshake(context)
            case Ask(what=what, of=None):
                return await self._own_name() if what == LOCAL_HOSTNAME else _nonce()
            case Ask(of=of):
                assert of is not None
                answer = of()
                return await answer if inspect.isawaitable(answer) else answer
            case Call(name="close"):
                await self.close()
            case _:
                raise TypeError(f"nobody here can do {step!r}")
        return None

    def _let_go(self, exchange: Exchange) -> None:
        """Write what was held back, and wait for the replies to what was a command in it."""
        if not exchange.held:
            return
        held, exchange.held = exchange.held, []
        self._write(held[0] if len(held) == 1 else b"".join(held), held, exchange)

    async def _taken(self, step: Send, exchange: Exchange) -> Reply | None:
        """Wait until a long piece is on its way. Returns what the server said meanwhile."""
        if not step.data.endswith(b"\n"):
            self.conversation.flush(CLIENT, self.clock())
        await asyncio.sleep(0)  # what has come is heard, also where nothing has to be waited for
        await self._drained(exchange)
        early, self._waiting.early = self._waiting.early, None
        return early

    async def _expect(self, exchange: Exchange, again: bool) -> Reply:
        if again and exchange.last is not None:
            row, future = exchange.last, self._waiting.for_more(exchange.last)
        elif exchange.waiting:
            row, future = exchange.waiting.popleft()
        else:
            row, future = None, self._waiting.for_row(None)
        try:
            reply = await self._reply(future)
        except (asyncio.CancelledError, ReplyTimedOut):  # it may be waited for once more
            later = self._waiting.taken_back(row, future, again)
            if later is not None:
                exchange.waiting.appendleft((row, later))
            raise
        exchange.last = row
        return reply

    def forget(self, exchange: Exchange) -> None:
        """A procedure is over: nobody waits any more for what it left."""
        for _, future in exchange.waiting:
            self._waiting.forget(future)

    async def _own_name(self) -> str:
        if self.local_hostname is None:
            self.local_hostname = await host_name()
        return self.local_hostname


def _nonce() -> str:
    import secrets

    return secrets.token_urlsafe(24)
