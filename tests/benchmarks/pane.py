"""Measures how fast lines of 60 bytes are recorded and shown, compared with a RichLog.

The baseline is a RichLog with default options in a 140x40 app, with one `write` per line, after
which the loop runs so that it can paint. These are compared with its rate: `Transcript.append`;
`Conversation.feed` in chunks of 64 KiB, with a subscriber, for a reply of many lines, a message,
and single replies; the pane, fed in the same way; and the whole screen. Target: 500, 150 and 100
times its rate, and at most 3 bytes kept for each byte of a line.
"""

from __future__ import annotations

import asyncio
import time
import tracemalloc
from collections.abc import Callable

from harness import Bench, arguments
from heloscope.app.app import HeloscopeApp
from heloscope.session import Conversation, Session, Transcript, events
from heloscope.widgets.transcript.view import TranscriptView
from textual.app import App, ComposeResult
from textual.widgets import RichLog

CHUNK = 64 * 1024
FRAME = 1 / 60  # seconds: what app.frames keeps to
SCREEN = (140, 40)
TEXT = "a line of sixty bytes of which the line end is a part"
REPLY = b"250-" + TEXT.encode().ljust(54, b".") + b"\r\n"
SINGLE = b"250 " + TEXT.encode().ljust(54, b".") + b"\r\n"
BODY = TEXT.encode().ljust(58, b".") + b"\r\n"
assert len(REPLY) == len(SINGLE) == len(BODY) == 60
FLAGS = events.KIND_BITS[events.Kind.REPLY]


def conversation_for(line: bytes, talk: Conversation) -> events.Direction:
    """Bring `talk` to a point where many such lines may follow, and return who sends them."""
    opening = [(events.SERVER, b"220 ready")]
    if line is BODY:
        for command in (b"EHLO x", b"MAIL FROM:<a@b.test>", b"RCPT TO:<c@d.test>", b"DATA"):
            opening += [
                (events.CLIENT, command),
                (events.SERVER, b"354 go" if command == b"DATA" else b"250 ok"),
            ]
    elif line is REPLY:
        opening.append((events.CLIENT, b"HELP"))
    for direction, text in opening:
        talk.feed(direction, text + b"\r\n", 0.0)
    return events.CLIENT if line is BODY else events.SERVER


def chunks(line: bytes, count: int) -> list[bytes]:
    data = line * count
    return [data[at : at + CHUNK] for at in range(0, len(data), CHUNK)]


def appended(count: int) -> float:
    transcript = Transcript()
    append = transcript.append
    began = time.perf_counter()
    for _ in range(count):
        append(REPLY, FLAGS, 1.0)
    return count / (time.perf_counter() - began)


def fed(line: bytes, count: int) -> float:
    talk = Conversation()
    lines = 0

    def heard(event: events.Event) -> None:
        nonlocal lines
        if type(event) is events.Line:
            lines += 1

    direction = conversation_for(line, talk)
    talk.transcript.subscribe(heard)
    data = chunks(line, count)
    began = time.perf_counter()
    for chunk in data:
        talk.feed(direction, chunk, 1.0)
    took = time.perf_counter() - began
    assert lines == count
    return count / took


class RichLogApp(App[None]):
    def compose(self) -> ComposeResult:
        yield RichLog()


class PaneApp(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.view = TranscriptView()

    def compose(self) -> ComposeResult:
        yield self.view


class WholeApp(HeloscopeApp):
    """The app with a session that is not connected, whose events are fed by the benchmark."""

    def _connect(self) -> None:
        pass


async def painted(app: App[None]) -> None:
    """Wait until everything that is due has been painted."""
    done = asyncio.Event()
    app.call_after_refresh(done.set)
    await done.wait()


async def rich_log(count: int) -> float:
    app = RichLogApp()
    text = REPLY.decode().rstrip()
    async with app.run_test(size=SCREEN) as pilot:
        log = app.query_one(RichLog)
        await pilot.pause()
        began = time.perf_counter()
        for _ in range(count):
            log.write(text)
            await asyncio.sleep(0)
        await painted(app)
        took = time.perf_counter() - began
        assert len(log.lines) == count
    return count / took


async def feed_and_paint(
    app: App[None], talk: Conversation, line: bytes, count: int, due: Callable[[], object]
) -> float:
    """Feed chunks, letting the loop run after each, until everything is painted.

    `due` returns whether a frame is still to come: when busy, frames are up to 1/15 s apart.
    """
    direction = conversation_for(line, talk)
    data = chunks(line, count)
    began = time.perf_counter()
    for chunk in data:
        talk.feed(direction, chunk, time.monotonic())
        await asyncio.sleep(0)
    while due():  # noqa: ASYNC110  # the app sets no event for it
        await asyncio.sleep(FRAME / 10)
    await painted(app)
    return count / (time.perf_counter() - began)


async def pane(line: bytes, count: int) -> float:
    app = PaneApp()
    talk = Conversation()
    due: list[asyncio.TimerHandle] = []

    def frame() -> None:
        due.clear()
        app.view.sync()

    def heard(event: events.Event) -> None:
        if not due:
            due.append(asyncio.get_running_loop().call_later(FRAME, frame))

    async with app.run_test(size=SCREEN) as pilot:
        app.view.add(talk.transcript, talk.pending_masked)
        talk.transcript.subscribe(heard, blocks=True)
        await pilot.pause()
        rate = await feed_and_paint(app, talk, line, count, lambda: due)
        assert app.view.height >= (count if line is not BODY else 1)
    return rate


async def whole_screen(line: bytes, count: int) -> float:
    app = WholeApp()
    async with app.run_test(size=SCREEN) as pilot:
        session = Session()
        await pilot.pause()
        app.main.connections.session = session
        app.main.session_began(session)
        session.subscribe(lambda _: session.connection.tell(), blocks=True)  # as the receiver does
        await pilot.pause()
        rate = await feed_and_paint(
            app, session.conversation, line, count, lambda: app.main.frames.due
        )
        assert app.main.view.height >= (count if line is not BODY else 1)
    return rate


def kept(fill: Callable[[int], object], count: int) -> float:
    """Return the bytes of memory used per byte of the lines that `fill` creates and keeps."""
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    filled = fill(count)
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del filled
    return (after - before) / (count * 60)


def filled(line: bytes, count: int) -> Conversation:
    talk = Conversation()
    direction = conversation_for(line, talk)
    whole, rest = divmod(count, CHUNK // 60)
    data = line * (CHUNK // 60)
    for _ in range(whole):
        talk.feed(direction, data, 1.0)
    talk.feed(direction, line * rest, 1.0)
    return talk


def main() -> None:
    bench = Bench("pane", arguments(__doc__))
    few, many = bench.size(2_000), bench.size(200_000)
    bench.measure(
        "/s",
        {
            "RichLog": lambda: asyncio.run(rich_log(few)),
            "append": lambda: appended(many),
            "feed, one long reply": lambda: fed(REPLY, many),
            "feed, single replies": lambda: fed(SINGLE, many),
            "feed, a message": lambda: fed(BODY, many),
            "pane, one long reply": lambda: asyncio.run(pane(REPLY, many)),
            "pane, single replies": lambda: asyncio.run(pane(SINGLE, many)),
            "pane, a message": lambda: asyncio.run(pane(BODY, many)),
            "screen, one long reply": lambda: asyncio.run(whole_screen(REPLY, many)),
            "screen, single replies": lambda: asyncio.run(whole_screen(SINGLE, many)),
            "screen, a message": lambda: asyncio.run(whole_screen(BODY, many)),
        },
    )
    bench.measure(
        " bytes a byte",
        {
            "kept, one long reply": lambda: kept(lambda n: filled(REPLY, n), many),
            "kept, a message": lambda: kept(lambda n: filled(BODY, n), many),
        },
    )
    bench.compare("append", "RichLog", at_least=500)
    for what in ("one long reply", "a message", "single replies"):
        bench.compare(f"feed, {what}", "RichLog", at_least=150)
    for what in ("one long reply", "a message", "single replies"):
        bench.compare(f"pane, {what}", "RichLog", at_least=100)
    for what in ("one long reply", "a message", "single replies"):
        bench.compare(f"screen, {what}", "RichLog")
    bench.judge("kept, one long reply", at_most=3)
    bench.judge("kept, a message", at_most=3)


if __name__ == "__main__":
    main()
