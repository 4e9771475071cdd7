"""`heloscope serve` as seen by its visitors over WebSockets, with their limits and their end."""

from __future__ import annotations

import asyncio
import contextlib
import re
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.serving import MARK, Served, serving, text_of

if TYPE_CHECKING:
    import aiohttp
else:
    aiohttp = pytest.importorskip("aiohttp", reason="heloscope serve needs its extra: serve")
pytest.importorskip("textual_serve", reason="heloscope serve needs its extra: serve")

PATIENCE = 40.0  # seconds


class Page:
    """A terminal in a browser. `seen` is the text drawn, without positions and spaces."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.seen = ""
        self.texts: list[str] = []

    async def until(self, words: str) -> None:
        """Read until these words have been drawn."""
        async with asyncio.timeout(PATIENCE):
            while words.replace(" ", "") not in self.seen:
                message = await self.socket.receive()
                assert message.type in (aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT), message
                if message.type is aiohttp.WSMsgType.TEXT:
                    self.texts.append(message.data)
                else:
                    self.seen += text_of(message.data.decode("utf-8", "replace"))

    async def type(self, text: str, until: str) -> None:
        """Type a line, and read until these words have been drawn."""
        self.seen = ""  # what is drawn from now on
        await self.socket.send_json(["stdin", f"{text}\r"])
        await self.until(until)

    async def closed(self) -> int | None:
        """Read until the server closes the WebSocket, and return the close code."""
        async with asyncio.timeout(PATIENCE):
            while (await self.socket.receive()).type not in (
                aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.CLOSING,
            ):  # fmt: skip
                pass
        return self.socket.close_code


@contextlib.asynccontextmanager
async def visiting(served: Served, query: str = "?width=100&height=30") -> AsyncIterator[Page]:
    """Yield a visitor's page once the practice server has greeted the visitor."""
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{served.url}ws{query}") as socket,
    ):
        page = Page(socket)
        await page.until("EHLO comes next")
        yield page


def gone(pids: list[int]) -> None:
    """Wait until no process has one of these IDs."""
    end = time.monotonic() + PATIENCE
    while any(Path(f"/proc/{pid}").exists() for pid in pids):
        assert time.monotonic() < end, "a visitor's process goes on"
        time.sleep(0.05)


def removed(folder: Path) -> None:
    """Wait until a folder no longer exists."""
    end = time.monotonic() + PATIENCE
    while folder.exists():
        assert time.monotonic() < end, "a visitor's folder is left"
        time.sleep(0.05)


WITHOUT_PACKAGE = """
import sys
sys.modules["textual_serve"] = None
sys.argv[1:] = ["serve"]
from heloscope.app.__main__ import main
main()
"""


def test_without_its_package_it_says_what_to_install():
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_PACKAGE], capture_output=True, text=True, timeout=30
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "heloscope: serve requires the package textual-serve. Run: pip install 'heloscope[serve]'\n"
    )


async def test_a_visitor_practises_alone_and_finds_no_way_out(tmp_path: Path):
    with serving("--visitors", "2", "--idle", "1", folder=tmp_path) as served:
        async with visiting(served) as page:
            await page.type("EHLO me", until="ready for MAIL")
            await page.type("MAIL FROM:<a@b.c>", until="250 2.1.0")
            await page.type(":connect example.org", until="Only the practice server")
            await page.type(":save out.txt", until="written from here.")
            await page.type(":send /etc/passwd", until="read from here.")
            (pid,) = served.visitors()
            environ = Path(f"/proc/{pid}/environ").read_text()
            assert MARK not in environ
            home = Path(f"/proc/{pid}/cwd").resolve()
            assert home.is_relative_to(tmp_path) and home.stat().st_mode & 0o077 == 0

            async with visiting(served) as second:
                await second.type("NOOP", until="250 2.0.0")
                assert len(served.visitors()) == 2
                async with aiohttp.ClientSession() as session:  # and no third one
                    async with session.get(served.url) as answer:
                        assert answer.status == 503
                        assert "All 2 places are taken." in await answer.text()
                    with pytest.raises(aiohttp.WSServerHandshakeError, match="503"):
                        await session.ws_connect(f"{served.url}ws")
            gone([other for other in served.visitors() if other != pid])

            await page.type("RSET", until="250 2.0.0")  # which is still there
            await page.socket.send_str('["quit"]')
            await page.socket.send_json(["ping", "17"])
            await page.socket.send_json(["resize", {"width": 10**9, "height": 10**9}])
            await page.type("NOOP", until="250 2.0.0")
            assert '["pong", "17"]' in page.texts
            assert [name for name in page.texts if "pong" not in name] == []
            await page.socket.send_str("no JSON")
            assert await page.closed() == aiohttp.WSCloseCode.POLICY_VIOLATION
        gone([pid])
        removed(home)


async def test_the_pages_are_a_fixed_list_and_strangers_get_no_websocket():
    with serving() as served:
        async with aiohttp.ClientSession() as session:
            async with session.get(served.url) as answer:
                page = await answer.text()
                assert answer.status == 200
                assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
            loaded = re.findall(r'(?:src|href)="(/[^"]+)"', page)
            assert len(loaded) == 4 and "://" not in page
            for path in (*loaded, "/static/RobotoMono.ttf"):
                async with session.get(f"{served.url}{path[1:]}") as answer:
                    assert answer.status == 200, path
            for path in (
                "static/", "static", "download/x", "static/..%2fsite.py", "static/page.py",
                "static/%2fetc%2fpasswd", "static/js/textual.js", "ws/", "etc/passwd",
            ):  # fmt: skip
                async with session.get(f"{served.url}{path}") as answer:
                    assert answer.status in (403, 404), path
            async with session.post(served.url, data=b"x") as answer:
                assert answer.status == 405
            async with session.get(served.url, headers={"Host": "evil.example"}) as answer:
                assert answer.status == 421
            for origin in ("http://evil.example", "null", "http://127.0.0.1:1"):
                with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
                    await session.ws_connect(f"{served.url}ws", headers={"Origin": origin})
        assert served.visitors() == []


async def test_an_idle_session_ends_and_pings_and_sizes_do_not_keep_it():
    with serving("--idle", "0.08") as served:
        async with visiting(served) as page:
            (pid,) = served.visitors()

            async def keep() -> None:
                while True:
                    await page.socket.send_json(["ping", "1"])
                    await page.socket.send_json(["focus"])
                    await asyncio.sleep(0.2)

            keeping = asyncio.get_running_loop().create_task(keep())
            assert await page.closed() == 1000
            keeping.cancel()
            with contextlib.suppress(asyncio.CancelledError, ConnectionError):
                await keeping
        gone([pid])


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
async def test_visitors_end_with_the_server(how: signal.Signals, tmp_path: Path):
    with serving(folder=tmp_path) as served:
        async with visiting(served) as page:
            (pid,) = served.visitors()
            served.process.send_signal(how)
            await page.closed()
            gone([pid])
        assert served.process.wait(PATIENCE) == (0 if how is signal.SIGTERM else -how)
        if how is signal.SIGTERM:
            assert [*tmp_path.iterdir()] == []


async def test_leaving_by_order_ends_the_session():
    with serving() as served:
        async with visiting(served) as page:
            pids = served.visitors()
            await page.socket.send_json(["stdin", ":q\r"])
            assert await page.closed() == 1000
            gone(pids)


async def test_a_request_that_does_not_come_to_its_end_is_dropped(monkeypatch: pytest.MonkeyPatch):
    from aiohttp import web
    from heloscope.app.serve import site

    monkeypatch.setattr(site, "REQUESTED", 0.2)
    runner = site.Site("127.0.0.1", site.Limits(), print)._runner()
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection(*runner.addresses[0])
            writer.write(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ")
            assert await reader.read() == b""
            writer.close()
    finally:
        await runner.cleanup()


def test_a_port_that_is_taken_is_one_sentence():
    with serving() as served:
        port = served.url.rstrip("/").rpartition(":")[2]
        done = subprocess.run(
            [sys.executable, "-m", "heloscope.app", "serve", "--port", port],
            capture_output=True, text=True, timeout=30,
        )  # fmt: skip
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == (
        f"heloscope: serve: cannot listen on 127.0.0.1, port {port}: Address already in use.\n"
    )
