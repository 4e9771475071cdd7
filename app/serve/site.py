"""The web server: a page with a terminal, connected to a separate process for each visitor.

The terminal (textual.js, which contains xterm.js) and its font come from textual-serve. The server
of that package is not used: it starts a shell, passes on the whole environment, lists its folder of
files, offers downloads, accepts a WebSocket from any page, and limits neither visitors nor time.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import NamedTuple

from aiohttp import WSCloseCode, WSMsgType, web

from ...session.plural import plural
from ...session.visible import visible_text
from . import messages
from .origin import answers_to, is_loopback, same_origin
from .page import HEADERS, notice_page, session_page, static_files
from .process import VisitorProcess
from .throttle import Throttle

HUNG = 30.0  # seconds in which a process takes no input
CLOSING = 2.0  # seconds for a browser to confirm the end
HEARTBEAT = 15.0  # seconds; a browser that does not answer within half of it is gone
REQUESTED = 15.0  # seconds for a request to come whole; an idle connection is closed then, too
CONNECTIONS = 16384  # connections that may be open without a request, if the system allows
SHUTDOWN = 5.0  # seconds for the sessions to end with the server


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Limits(NamedTuple):
    """The limits of the web server.

    `visitors` is the number of visitors at a time, `idle` the number of minutes after which a
    visitor who types nothing must leave, and `memory` the memory of each visitor's process in MiB.
    """

    visitors: int = 24
    idle: float = 30.0
    memory: int = 512


class Site:
    """The web server for visitors. `tell` is called with each line for the server's operator."""

    def __init__(self, host: str, limits: Limits, tell: Callable[[str], object]) -> None:
        self._host = host
        self._limits = limits
        self._tell = tell
        self._loopback = is_loopback(host)
        self._sockets: set[web.WebSocketResponse] = set()
        self._places = 0  # taken
        self._folder = Path()  # contains the visitors' folders while it serves

    @property
    def visitors(self) -> int:
        """The current number of visitors."""
        return self._places

    async def serve(self, port: int, started: Callable[[int], object]) -> None:
        """Serve until a signal arrives. Once the server listens, `started` is called with its port.

        Raises OSError if the server cannot listen.
        """
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, ended.set)
        with tempfile.TemporaryDirectory(prefix="heloscope-serve-") as folder:  # mode 0700
            self._folder = Path(folder)
            _allow_connections()
            runner = self._runner()
            await runner.setup()
            try:
                listener = web.TCPSite(runner, self._host, port)
                await listener.start()
                started(runner.addresses[0][1])
                await ended.wait()
            finally:
                await runner.cleanup()

    def _runner(self) -> web.AppRunner:
        return web.AppRunner(
            self._application(),
            access_log=None,
            shutdown_timeout=SHUTDOWN,
            keepalive_timeout=REQUESTED,
        )

    def _application(self) -> web.Application:
        application = web.Application(middlewares=[self._checked], client_max_size=1024)
        application.add_routes(
            [
                web.get("/", self._page),
                web.get("/ws", self._websocket),
                web.get("/static/{name}", self._file),
            ]
        )
        application.on_shutdown.append(self._close_all)
        return application

    @web.middleware
    async def _checked(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuse requests for hosts that are not served here. Add HEADERS to every response."""
        if not answers_to(request.host, loopback=self._loopback):
            return web.Response(status=421, text="This host is not served here.\n", headers=HEADERS)
        try:
            response = await handler(request)
        except web.HTTPException as error:
            error.headers.update(HEADERS)
            raise
        if not response.prepared:
            response.headers.update(HEADERS)
        return response

    async def _page(self, request: web.Request) -> web.Response:
        if self._full:
            all_places = plural(self._limits.visitors, "The only place is", "All {} places are")
            words = f"{all_places} taken. Try again when someone has left."
            return web.Response(status=503, text=notice_page(words), content_type="text/html")
        page = session_page(self._limits.idle, request.query.get("fontsize", ""))
        return web.Response(text=page, content_type="text/html")

    async def _file(self, request: web.Request) -> web.StreamResponse:
        file = static_files().get(request.match_info["name"])
        if file is None:
            raise web.HTTPNotFound
        return web.FileResponse(file)

    # A visitor

    @property
    def _full(self) -> bool:
        return self._places >= self._limits.visitors

    async def _websocket(self, request: web.Request) -> web.StreamResponse:
        if not same_origin(request.headers.get("Origin"), request.host):
            text = "Refused: the request came from a page on another server.\n"
            raise web.HTTPForbidden(text=text)
        if self._full:
            raise web.HTTPServiceUnavailable(text="All places are taken.\n")
        size = messages.size(_number(request, "width", 80), _number(request, "height", 24))
        socket = web.WebSocketResponse(
            timeout=CLOSING, heartbeat=HEARTBEAT, max_msg_size=messages.LARGEST
        )
        self._places += 1
        self._sockets.add(socket)
        try:
            await socket.prepare(request)
            await self._session(socket, size, visible_text(request.remote or ""))
        finally:
            self._sockets.discard(socket)
            self._places -= 1
        return socket

    async def _session(
        self, socket: web.WebSocketResponse, size: messages.Resized, address: str
    ) -> None:
        """Start a process for a visitor, and run it for as long as the WebSocket is open.

        `size` is the size of the terminal in the browser, and `address` is the visitor's address.
        """
        try:
            process = await VisitorProcess.start(self._folder, size, self._limits.memory)
        except OSError as error:
            self._tell(f"{address}: cannot start a process: {error.strerror or error}")
            await socket.close(code=WSCloseCode.TRY_AGAIN_LATER)
            return
        self._tell(f"{address} connected: {self._count}")
        drawing = asyncio.get_running_loop().create_task(_draw(process, socket))
        try:
            reason = await self._converse(socket, process)
        finally:
            drawing.cancel()
            with contextlib.suppress(asyncio.CancelledError, ConnectionError):
                await drawing
            status = await asyncio.shield(process.end())
        await socket.close()
        if status > 0 and process.last_words:
            last = visible_text(process.last_words.strip().rpartition("\n")[2])
            reason = f"the program failed: {last[:200]}"
        self._tell(f"{address} left ({reason}): {self._count_without_one}")

    async def _converse(self, socket: web.WebSocketResponse, process: VisitorProcess) -> str:
        """Pass the browser's messages to the process until the session ends. Return the reason."""
        throttle, used = Throttle(), time.monotonic()
        idle = self._limits.idle * 60
        while True:
            left = used + idle - time.monotonic()
            try:
                received = await socket.receive(timeout=max(0.01, left))
            except TimeoutError:
                return "idle for too long"
            if received.type in (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED):
                return "closed the page or left heloscope"
            if received.type is WSMsgType.ERROR:
                return "connection lost"
            if received.type is not WSMsgType.TEXT:
                continue
            text: str = received.data
            await throttle.take(len(text))
            try:
                message = messages.read(text)
            except ValueError:
                await socket.close(code=WSCloseCode.POLICY_VIOLATION)
                return "malformed message"
            if isinstance(message, messages.Ping):
                await socket.send_json(["pong", message.text])
            elif message is not None:
                if isinstance(message, messages.Typed):
                    used = time.monotonic()
                try:
                    async with asyncio.timeout(HUNG):
                        await process.take(message)
                except TimeoutError:
                    return "the program stopped responding"

    @property
    def _count(self) -> str:
        return plural(self._places, "{} visitor", "{} visitors")

    @property
    def _count_without_one(self) -> str:
        return plural(self._places - 1, "{} visitor", "{} visitors")

    async def _close_all(self, _: web.Application) -> None:
        closing = (socket.close(code=WSCloseCode.GOING_AWAY) for socket in [*self._sockets])
        await asyncio.gather(*closing, return_exceptions=True)


async def _draw(process: VisitorProcess, socket: web.WebSocketResponse) -> None:
    """Send the output of the process to the browser. When the process ends, close the WebSocket."""
    async for part in process.screens():
        await socket.send_bytes(part)
    await socket.close()


def _allow_connections() -> None:
    """Raise this process's limit on open files, so that idle connections do not shut anyone out."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS if hard == resource.RLIM_INFINITY else min(CONNECTIONS, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _number(request: web.Request, name: str, default: int) -> int:
    text = request.query.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else default
