"""Measures what a recording costs while it is made, and how quickly a long one opens.

Written: 20,000 NOOPs by a `Session` with a journal and without one, each in a fresh process, in
seconds of processor time. Target: at most 1.1 times as many.

Opened: `heloscope open` of 1,000,000 lines and of 1,000, from the start of the process to the first
screen, which shows the beginning; the rest is read while it is shown. Target: at most 1.5 times.
The memory of the opened recording (conversation, playback, and the lines of the pane), once all is
read and one step was taken back, compared with the size of the file. Target: at most 1.5 times.

Stepped: a step back near the end of 1,000,000 lines, in milliseconds of processor time. Target: at
most 100.

Floods: the memory of 500,000 lines that a server sends without end, as one reply and as unsolicited
replies, in MiB. Target: at most 150.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from console import running
from harness import Bench, arguments, serving
from heloscope.session import Conversation, Session
from heloscope.session.events import CLIENT, SERVER
from heloscope.session.record.journal import Journal
from heloscope.session.record.pace import Paced
from heloscope.session.record.row_index import RowIndex

OPEN = [sys.executable, "-m", "heloscope.app", "open"]
FLOODS = {
    "a flood, one reply": "250-and one more line of it, of 60 octets with its line end..\r\n",
    "a flood, replies to nothing": "250 2.0.0 Ok: and one more that nobody has asked for now..\r\n",
}
PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


def made(path: Path, lines: int) -> Path:
    """Write a recording of this many lines, which are commands and their replies."""
    with path.open("w") as file:
        file.write('{"heloscope": 1, "began": 1790000000.0, "target": "mx.example"}\n')
        file.write('{"at": 0.1, "from": "S", "text": "220 mx.example ready\\r\\n"}\n')
        for number in range(max(1, lines // 2)):
            at = number / 100
            file.write(f'{{"at": {at}, "from": "C", "text": "NOOP\\r\\n"}}\n')
            reply = f"250 2.0.0 Ok, nothing was done {number}"
            file.write(f'{{"at": {at + 0.001}, "from": "S", "text": "{reply}\\r\\n"}}\n')
    return path


async def noops(port: int, count: int, folder: str) -> float:
    """Return the processor time of this many NOOPs, recorded in `folder` unless it is ""."""
    session = Session("127.0.0.1", port)
    loop = asyncio.get_running_loop()
    if folder:
        os.environ["XDG_STATE_HOME"] = folder
        Journal.begin(session.transcript, "127.0.0.1", print, soon=Paced(loop))
    async with session:
        began = time.process_time()
        for _ in range(count):
            await session.noop()
        return time.process_time() - began


def opened(file: str, measured: Callable[[], float]) -> tuple[float, float]:
    """Return how much opening a recording and a step back add to a figure, and the step's part.

    `measured` returns the figure. The recording is opened as by the application, with its
    conversation, its playback, and its lines in the pane.
    """
    from heloscope.app.recordings.opened import read_recording
    from heloscope.session.protocol.playback import Playback
    from heloscope.session.record.masking import KnownSecrets
    from heloscope.widgets.transcript.section import TranscriptSection

    before = measured()
    found = asyncio.run(read_recording(file, KnownSecrets()))
    playback = Playback(found.conversation, found.checkpoints)
    playback.back()
    middle = measured()
    assert playback.back()
    section = TranscriptSection(playback.conversation.transcript, lambda direction: b"")
    section.layout.sync()
    assert section.index.reply_at(0) is not None
    after = measured()
    return after - before, after - middle


def memory(file: str) -> float:
    """Return the octets of memory that an opened recording occupies per octet of its file."""
    return opened(file, _resident)[0] / Path(file).stat().st_size


def back(file: str) -> float:
    """Return the milliseconds of processor time for a step back from a recording's end."""
    return 1000 * opened(file, time.process_time)[1]


def flood(line: str, count: str) -> float:
    """Return the MiB that this many lines take when kept by a session that is being watched."""
    talk = Conversation()
    talk.feed(SERVER, b"220 ready\r\n", 0.0)
    talk.feed(CLIENT, b"HELP\r\n", 0.0)
    talk.transcript.subscribe(lambda event: None, blocks=True)
    index = RowIndex(talk.transcript)
    before = _resident()
    data = line.encode() * 1000
    for number in range(max(1, int(count) // 1000)):
        talk.feed(SERVER, data, float(number))
        index.violations_at(number)
    return (_resident() - before) / (1 << 20)


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE


CASES: dict[str, Callable[..., float]] = {
    "noops": lambda port, count, folder="": asyncio.run(noops(int(port), int(count), folder)),
    "memory": memory,
    "back": back,
    "flood": flood,
}


def alone(name: str, *words: str) -> float:
    """Return the figure of a case that runs in its own process."""
    command = [sys.executable, __file__, "case", name, *words]
    return float(subprocess.run(command, check=True, capture_output=True).stdout)


def first_screen(file: Path) -> float:
    """Return the seconds until a recording is on the screen."""
    with running([*OPEN, str(file)]) as terminal:
        return terminal.wait_for(b"Transcript", b"paused", patience=300) - terminal.began


def main() -> None:
    bench = Bench("recording", arguments(__doc__))
    count = str(bench.size(20_000))
    with tempfile.TemporaryDirectory() as folder:
        with serving("replies") as port:
            bench.measure("s", {
                "NOOPs, not recorded": lambda: alone("noops", str(port), count),
                "NOOPs, recorded": lambda: alone("noops", str(port), count, folder),
            })  # fmt: skip
        bench.compare("NOOPs, recorded", "NOOPs, not recorded", at_most=1.1)
        long = made(Path(folder) / "long.jsonl", bench.size(1_000_000))
        short = made(Path(folder) / "short.jsonl", 1_000)
        bench.measure("s", {
            "1,000 lines, first screen": lambda: first_screen(short),
            "1,000,000 lines, first screen": lambda: first_screen(long),
        })  # fmt: skip
        bench.compare("1,000,000 lines, first screen", "1,000 lines, first screen", at_most=1.5)
        bench.measure("", {"memory : file": lambda: alone("memory", str(long))})
        bench.judge("memory : file", at_most=1.5)
        bench.measure(" ms", {
            "a step back": lambda: max(0.1, alone("back", str(long))),
        })  # fmt: skip
        bench.judge("a step back", at_most=100)
    lines = str(bench.size(500_000))
    bench.measure(" MiB", {
        name: lambda line=line: max(0.1, alone("flood", line, lines))
        for name, line in FLOODS.items()
    })  # fmt: skip
    for name in FLOODS:
        bench.judge(name, at_most=150)


if __name__ == "__main__":
    if sys.argv[1:2] == ["case"]:
        print(CASES[sys.argv[2]](*sys.argv[3:]))
    else:
        main()
