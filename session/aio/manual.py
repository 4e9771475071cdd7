"""`Manual`: performs what a typed command requires, such as a TLS handshake or the message.

A user or a script sends a command with `Session.send_line`, without waiting. Three commands are
followed by something other than a command: STARTTLS by the handshake, as soon as the server has
replied 220 (RFC 3207 section 4); AUTH by a response to each 334 (RFC 4954 section 4); DATA by the
message, after 354 (RFC 5321 section 4.1.1.4). `Manual` performs these actions, without a screen. It
acts only on replies that nothing else awaits. Replies to the commands of a procedure, of a
`Stepper` or of `Session.docmd` are awaited and handled by the caller.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import cast

from ..errors import AnswersNotSent
from ..events import Disconnected, Event, Kind, Line, ReplyReceived
from ..protocol.states import State
from ..protocol.transparency import stuff
from ..sasl.in_transcript import open_exchange
from ..secret import Secret
from .session import Session

Respond = Callable[[bytes, deque[Secret]], bytes | None]


def in_order(challenge: bytes, answers: deque[Secret]) -> bytes | None:
    """Remove and return the first of `answers`, unchanged: the default `respond` of a `Manual`."""
    return answers.popleft().reveal()


class Manual:
    """Continues after a typed STARTTLS, AUTH or DATA has been accepted.

    `failed(error)` is called with any error: an OSError of the handshake (ssl.SSLError,
    PinMismatch, ConnectionLost), TlsSettingsError, ReplyTimedOut if the server does not read a
    message, AnswersNotSent, or any exception that `respond` raises.

    `respond(challenge, answers)` returns the line that answers a 334, without its CRLF, and removes
    the answers it uses from `answers`, which is not empty when `respond` is called. It may return
    None to leave the challenge to the user. `challenge` is the text of the 334, in base64 as
    received.

    `answers` holds the answers that wait for their 334, `body` is the message until all of it has
    been sent, and `progress` is (octets sent, total octets) while it is being sent.
    """

    def __init__(
        self,
        session: Session,
        failed: Callable[[Exception], object],
        *,
        respond: Respond = in_order,
    ) -> None:
        if not isinstance(cast(object, session), Session):
            raise TypeError(f"session must be a Session, not {type(session).__name__}")
        if not callable(cast(object, failed)):
            raise TypeError(f"failed must be a function, not {type(failed).__name__}")
        self.session = session
        self.answers: deque[Secret] = deque()
        """The answers that have not been used yet, in the order in which they are to be sent."""
        self.body: bytes | None = None
        """The message to send, until all of it has been sent. It is kept if DATA is refused."""
        self.progress: tuple[int, int] | None = None
        """The octets sent so far and the total, while a message is being sent; otherwise None."""
        self._failed = failed
        self._respond = respond
        self._task: asyncio.Task[None] | None = None
        self._wake: asyncio.Handle | None = None
        self._led = False  # whether the last reply was awaited
        self._in_auth = False
        self._unsubscribe = session.subscribe(self._on_event, blocks=True)

    # Input

    def answer(self, answer: Secret | str | bytes) -> None:
        """Supply the next answer for AUTH, to be sent in response to a 334.

        If the server is already waiting, the answer is sent immediately. Answers that are left when
        AUTH ends are not sent, and are reported as AnswersNotSent.
        """
        self.answers.append(answer if isinstance(answer, Secret) else Secret(answer))
        self._in_auth = self._in_auth or self._auth_goes_on
        self._schedule()

    def message(self, content: bytes) -> None:
        """Supply the message, without its final dot, to be sent after the 354 to a typed DATA.

        If the server is already waiting, the message is sent immediately. CRLF is added if the last
        line lacks it, and dots at the beginning of lines are doubled (RFC 5321 section 4.5.2).
        """
        self.body = content
        self._schedule()

    async def send_message(self, content: bytes) -> None:
        """Send the message after 354, and return when it has been sent.

        `content` does not include the final dot. Line endings and dots are treated as in `message`.
        Raises ConnectionLost, ReplyTimedOut if the server does not read the message, and
        asyncio.CancelledError after `give_up`.
        """
        await self._carry(_as_body(content))

    async def send_chunk(self, content: bytes) -> None:
        """Send a message as one chunk, with BDAT LAST, and return when it has been sent.

        CRLF is added if the last line lacks it. Raises the same errors as `send_message`. See RFC
        3030 section 2.
        """
        content = _ended(content)
        await self._carry(b"BDAT %d LAST\r\n" % len(content) + content)

    # Actions in progress

    @property
    def busy(self) -> bool:
        """True while a handshake or a message is in progress."""
        return self._task is not None and not self._task.done()

    async def settled(self) -> None:
        """Wait until all actions that replies so far have started are done.

        This raises none of their errors, which are passed to `failed`.
        """
        for _ in iter(lambda: self._wake is None, True):
            await asyncio.sleep(0)
        if self._task is not None:
            await asyncio.wait([self._task])

    def give_up(self) -> bool:
        """Stop the handshake or the message in progress, and return whether anything was stopped.

        Stopping a handshake ends the connection. A message given to `message` is kept.
        """
        if self._task is None or self._task.done():
            return False
        return self._task.cancel()

    def close(self) -> None:
        """Start no further actions, cancel any in progress, and discard the remaining answers."""
        self._unsubscribe()
        if self._wake is not None:
            self._wake.cancel()
            self._wake = None
        self.give_up()
        self.answers.clear()

    # Within

    @property
    def _auth_goes_on(self) -> bool:
        return self.session.conversation.in_auth

    def _on_event(self, event: Event) -> None:
        match event:
            case Line() if self.answers and event.sent and not self._in_auth:
                self._in_auth = self._auth_goes_on
            case ReplyReceived(answers=row) if row is not None:
                self._led = self.session.connection.waiters.awaited(row)
                self._schedule()
            case Disconnected():
                self._schedule()
            case _:
                pass

    def _schedule(self) -> None:
        """Arrange to act in the next loop iteration.

        Until then, the conversation is still processing the data.
        """
        if self._wake is None:
            self._wake = asyncio.get_running_loop().call_soon(self._act)

    def _act(self) -> None:
        self._wake = None
        session = self.session
        if not session.connected:
            self._end_answers()
            return
        if self._led or self.busy:
            return
        if session.state is State.TLS:
            if session.handshake_left is None:
                self._begin(session.handshake)
        elif self._auth_goes_on:
            self._in_auth = True
            if self.answers and session.conversation.mode is Kind.AUTH:
                self._answer_challenge()
        elif session.conversation.mode is Kind.BODY:
            if self.body is not None:
                self._begin(self._send_body)
        elif self._in_auth:
            self._end_answers()

    def _answer_challenge(self) -> None:
        found = open_exchange(self.session.transcript)
        try:
            challenge = found.challenge.rstrip(b"\r\n") if found is not None else b""
            line = self._respond(challenge, self.answers)
            if line is not None:
                self.session.send_line(line)
        except Exception as error:
            self._failed(error)
            self._end_answers()

    def _end_answers(self) -> None:
        """Discard the answers that are left, and report how many they were.

        This is called when AUTH has ended, or `respond` has failed.
        """
        self._in_auth = False
        left = len(self.answers)
        self.answers.clear()
        if left:
            self._failed(AnswersNotSent(left))

    async def _send_body(self) -> None:
        body = self.body
        await self._send(_as_body(body or b""))
        if self.body is body:  # else it is the next message, supplied in the meantime
            self.body = None

    async def _carry(self, data: bytes) -> None:
        """Send `data` as an action that `give_up` can stop."""
        if self.busy:
            raise RuntimeError("a handshake or a message is in progress")
        self.progress = (0, len(data))
        task = self._task = asyncio.get_running_loop().create_task(self._send(data))
        try:
            await asyncio.shield(task)
        finally:
            task.cancel()
            self.progress = None

    async def _send(self, data: bytes) -> None:
        try:
            await self.session.send_raw(data, self._sent)
        finally:
            self.progress = None

    def _sent(self, octets: int, of: int) -> None:
        self.progress = (octets, of)

    def _begin(self, work: Callable[[], Awaitable[None]]) -> None:
        self._task = asyncio.get_running_loop().create_task(self._run(work))

    async def _run(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except Exception as error:
            self._failed(error)


def _ended(content: bytes) -> bytes:
    """Return `content` with CRLF appended if its last line lacks it; empty content stays empty."""
    return content + b"\r\n" if content and not content.endswith(b"\r\n") else content


def _as_body(content: bytes) -> bytes:
    """Return `content` in the form sent after 354, with dots doubled and the final dot appended."""
    return stuff(_ended(content)) + b".\r\n"
