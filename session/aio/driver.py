"""`Driver`, the base class of `Session`: connects, runs procedures and sends single commands."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, cast, overload

from ..errors import ConnectionLost
from ..procedures.arguments import check_call
from ..reply import Reply
from ..target import Target, target_of
from .arguments import check_context
from .connection import Connection
from .live_view import LiveView
from .turns import OnlyOne, Turns

if TYPE_CHECKING:
    import ssl

    from ..procedures.envelope import Refused
    from ..procedures.probe import Offers
    from ..procedures.results import Checked, Counted, Greeted, Helped, Offered, Replied, Sent
    from ..procedures.send_result import SendResult


class Driver(LiveView):
    """A connection that runs procedures, one after another."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._turns = Turns(connection)
        self._connecting = OnlyOne(
            "this session is already connecting; wait until it is connected, or close it"
        )

    # The connection

    async def connect(self, host: str | Target = "", port: int = 0) -> Reply:
        """Connect, wait for the greeting, and return it as (code, text).

        `host` and `port` replace the target given to the constructor. Raises DialError (an OSError
        that gives the reason and lists the attempts), ConnectionLost, ReplyTimedOut if the greeting
        does not arrive in time, SMTPConnectError if it is not 220, and, with implicit TLS (RFC 8314
        section 3.3), what `starttls` raises. If any of these is raised, or the call is cancelled,
        no connection remains open. Raises RuntimeError if the session is connected, or while
        another `connect` is running.
        """
        with self._connecting:
            if self.connected:
                self.connection.check_loop()
                raise RuntimeError("this session is connected; close it first")
            if host:
                self.connection.target = target_of(host, port)
            if self.target is None:
                raise ValueError("no host to connect to: pass one to Session() or connect()")
            opened = self.connection.opened
            try:
                return await self.run("connect", self.target)
            except BaseException as error:
                if self.connection.opened > opened:
                    await self._give_up(error)
                raise

    async def greeting(self) -> Reply:
        """Wait for the greeting, even one that refuses service, and return it as (code, text)."""
        waiters = self.connection.waiters
        return await self.connection.reply(asyncio.shield(waiters.for_greeting()))

    async def __aenter__(self) -> Self:
        """Connect if there is a host and no connection yet, and return the session.

        Raises the same errors as `connect`.
        """
        if self.target is not None and not self.connected:
            await self.connect()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the connection.

        QUIT is sent first if the block raised no exception and the server is ready for a command.
        """
        try:
            if kind is None:
                await self._say_quit(None)
        finally:
            await self.close()

    async def _say_quit(self, seconds: float | None) -> None:
        if self._turns.busy_elsewhere or not self._turns.recovery.may_quit:
            return
        try:
            self.connection.check_loop()
        except RuntimeError:
            return
        try:
            async with asyncio.timeout(seconds):
                await self.docmd("QUIT")
        except (ConnectionLost, TimeoutError):
            pass

    async def starttls(
        self,
        keyfile: str | None = None,
        certfile: str | None = None,
        context: ssl.SSLContext | None = None,
    ) -> Reply:
        """Send STARTTLS, perform the TLS handshake, and return the 220 reply.

        EHLO should come next (RFC 3207 section 4.2). `context` is used unchanged. If it is None,
        the `tls` settings of the constructor apply, with the client certificate `certfile` and its
        key `keyfile` if they are given. Raises SMTPNotSupportedError if STARTTLS is not offered,
        SMTPResponseException if it is refused, TlsSettingsError, or an OSError such as ssl.SSLError
        if the handshake fails; in that case the connection is closed, and an events.TlsFailed gives
        the reason.
        """
        check_context(context)
        if context is None and (keyfile or certfile):
            import msgspec

            from ..tls.handshake import HandshakeRecord, make_context
            from ..tls.settings import TlsSettings

            settings = msgspec.structs.replace(
                self.tls_settings or TlsSettings(), keyfile=keyfile or "", certfile=certfile or ""
            )
            make_context(settings, HandshakeRecord())  # raises before STARTTLS is sent
            self.connection.tls_settings = settings
        return await self.run("starttls", context)

    async def handshake(self, context: ssl.SSLContext | None = None) -> None:
        """Perform only the TLS handshake. The server must already be waiting for it.

        Raises the same errors as `starttls` if the handshake fails.
        """
        check_context(context)
        await self.connection.handshake(context)

    # Sending

    @overload
    async def run(self, name: Replied, *arguments: Any, **keywords: Any) -> Reply: ...
    @overload
    async def run(self, name: Sent, *arguments: Any, **keywords: Any) -> SendResult: ...
    @overload
    async def run(self, name: Checked, *arguments: Any, **keywords: Any) -> Refused: ...
    @overload
    async def run(self, name: Offered, *arguments: Any, **keywords: Any) -> Offers: ...
    @overload
    async def run(self, name: Counted, *arguments: Any, **keywords: Any) -> int: ...
    @overload
    async def run(self, name: Helped, *arguments: Any, **keywords: Any) -> bytes: ...
    @overload
    async def run(self, name: Greeted, *arguments: Any, **keywords: Any) -> None: ...
    @overload
    async def run(self, name: str, *arguments: Any, **keywords: Any) -> Any: ...
    async def run(self, name: str, *arguments: Any, **keywords: Any) -> Any:
        """Run the procedure `name` to its end, and return its result.

        Each method that sends commands is a procedure: `run("noop")` is `noop()`. Other procedures
        are "hello" (EHLO, or else HELO), "secure" (STARTTLS if it is offered, then EHLO again),
        "xclient", "from_the_start" and "rerun". The arguments are passed on, and the procedure's
        errors are raised. Before anything is sent, an unknown name raises ValueError (the message
        lists the names), and wrong arguments raise TypeError.

        Procedures run one after another, in the order of the calls; a single command (`docmd`,
        `send_line`) may be sent between two steps. After an aborted procedure, the next one first
        waits for the replies that are due, and resets the transaction; if a message was not
        finished, it drops the connection instead, and raises ConnectionLost.
        """
        check_call(name, arguments, keywords)
        async with self._turns.turn(name):
            return await self._run(name, arguments, keywords)

    async def docmd(self, command: str | bytes, args: str | bytes = b"") -> Reply:
        """Send a command line, wait for the reply, and return it as (code, text).

        Text is sent as UTF-8. While a procedure is sending a message, or is in AUTH or STARTTLS,
        the call waits until the server reads commands again. Raises ValueError if the command
        contains CR, LF or NUL (`send_raw` sends anything).
        """
        line = _octets(command)
        if args:
            line += b" " + _octets(args)
        if b"\r" in line or b"\n" in line or b"\0" in line:
            raise ValueError(
                "a command must not contain CR, LF or NUL; use send_raw() to send them"
            )
        return await self._command(line + b"\r\n")

    async def _command(self, line: bytes) -> Reply:
        """Send a valid command line, including its CRLF, and wait for its reply."""
        turns = self._turns
        if not turns.quiet and turns.guarded:
            await turns.until_commands_are_read()
        connection = self.connection
        future = connection.transmitter.ask(line)
        try:
            return await future
        except BaseException:  # cancelled, most likely: the reply has no waiter left
            connection.waiters.forget(future)
            raise

    def send_line(self, line: bytes) -> None:
        """Send `line` and CRLF without waiting for a reply. Raises ConnectionLost.

        The line is sent unchanged, even if it contains CR, LF or NUL, which `docmd` refuses.
        """
        self.connection.transmitter.send_line(_bytes(line))

    async def send_raw(
        self, data: bytes, progress: Callable[[int, int], object] | None = None
    ) -> None:
        """Send exactly these bytes, and wait until the system has accepted them.

        `progress` is called periodically with two numbers: the octets sent so far and their total.
        Raises ConnectionLost, or ReplyTimedOut if the server reads nothing for too long.
        """
        await self.connection.transmitter.send_raw(_bytes(data), progress)


def turns_of(driver: Driver) -> Turns:
    """Return the turns of a session's procedures, for a `Stepper` that runs a procedure itself."""
    return driver._turns  # pyright: ignore[reportPrivateUsage]: a program has no use for it


def _octets(text: str | bytes) -> bytes:
    if isinstance(text, str):
        return text.encode("utf-8", "surrogateescape")
    return _bytes(text, "a command must be text or bytes")


def _bytes(data: object, wanted: str = "the data must be bytes") -> bytes:
    if isinstance(data, bytes):
        return data
    if isinstance(data, bytearray | memoryview):
        return bytes(cast("bytearray", data))
    raise TypeError(f"{wanted}, not {type(data).__name__}")
