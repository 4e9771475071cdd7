"""Measures one screen of a transcript of 1,000,000 lines, compared with one of 1,000 lines.

Twenty screens are drawn at places that were not shown before, in a fresh pane of 140x40, so that
nothing has been drawn yet. The transcripts are many replies to many commands, and one reply of many
lines. Target: at most 1.2 times as long for the large one.
"""

from __future__ import annotations

import asyncio
import time

from harness import Bench, arguments
from heloscope.session import Conversation, Transcript, events
from heloscope.widgets.transcript.view import TranscriptView
from textual.app import App, ComposeResult
from textual.geometry import Region

SCREENS = 20
SMALL, LARGE = 1_000, 1_000_000
CUT = 500  # lines that are fed at once


class PaneApp(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.view = TranscriptView()

    def compose(self) -> ComposeResult:
        yield self.view


def dialogue(lines: int) -> Transcript:
    """Return a transcript of commands and their replies, one line each."""
    talk = Conversation()
    talk.feed(events.SERVER, b"220 bench.test ESMTP\r\n", 0.0)
    for number in range(lines // 2):
        talk.feed(events.CLIENT, b"NOOP %d\r\n" % number, number * 0.001)
        talk.feed(events.SERVER, b"250 2.0.0 Ok, that was %d\r\n" % number, number * 0.001)
    return talk.transcript


def monologue(lines: int) -> Transcript:
    """Return a transcript of one reply with many lines."""
    talk = Conversation()
    talk.feed(events.SERVER, b"220 bench.test ESMTP\r\n", 0.0)
    talk.feed(events.CLIENT, b"HELP\r\n", 0.0)
    for first in range(0, lines, CUT):
        some = b"".join(b"214-line %d of the help\r\n" % n for n in range(first, first + CUT))
        talk.feed(events.SERVER, some, first * 0.001)
    talk.feed(events.SERVER, b"214 that was all\r\n", lines * 0.001)
    return talk.transcript


async def drawn(transcript: Transcript) -> float:
    """Return the seconds for one screen, as the mean over twenty."""
    app = PaneApp()
    async with app.run_test(size=(140, 40)) as pilot:
        view = app.view
        view.add(transcript, lambda direction: b"")
        await pilot.pause()
        width, height = view.size
        apart = (len(transcript) - 2 * height) // SCREENS
        took = 0.0
        for number in range(SCREENS):
            view.scroll_to(y=number * apart, animate=False, force=True)
            began = time.perf_counter()
            strips = view.render_lines(Region(0, 0, width, height))
            took += time.perf_counter() - began
            assert len(strips) == height and "  " in strips[0].text
        assert view.scroll_offset.y == (SCREENS - 1) * apart
    return took / SCREENS


def main() -> None:
    bench = Bench("screen", arguments(__doc__))
    large = max(2 * SMALL, bench.size(LARGE))
    for what, make in (("many replies", dialogue), ("one long reply", monologue)):
        few, many = make(SMALL), make(large)

        def run(transcript: Transcript) -> float:
            return asyncio.run(drawn(transcript))

        names = f"{SMALL:,} lines, {what}", f"{large:,} lines, {what}"
        bench.measure(
            "s", {names[0]: lambda few=few: run(few), names[1]: lambda many=many: run(many)}
        )
        bench.compare(names[1], names[0], at_most=1.2)


if __name__ == "__main__":
    main()
