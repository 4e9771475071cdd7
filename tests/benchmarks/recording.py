"""What a recording costs while it is written, and how soon and in how much memory a long one opens.

Written: 20,000 NOOPs by a `Session` with a journal and without, each in a fresh process, in seconds
of the processor. Wanted: at most 1.1 times as many.

Opened: `heloscope open` of 1,000,000 lines and of 1,000, from the start of the process to the first
screen, less the time that reading the file takes by itself (`Recording.entries`). Wanted: at most
1.5 times. Memory that the conversation takes, beside the size of the file; wanted: at most 1.5
times.
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
from heloscope.session import Recording, Session, replay
from heloscope.session.record.journal import Journal
from heloscope.session.record.pace import Paced

OPEN = [sys.executable, "-m", "heloscope.app", "open"]
PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


def made(path: Path, lines: int) -> Path:
    """A recording of so many lines: commands, and their replies."""
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
    """Seconds of the processor for so many NOOPs, recorded in `folder` unless that is ""."""
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


def reading(file: str) -> float:
    """Seconds that reading a recording takes."""
    began = time.perf_counter()
    with Recording(file) as recording:
        for _ in recording.entries():
            pass
    return time.perf_counter() - began


def memory(file: str) -> float:
    """Octets that the conversation of a recording takes, for each octet of the file."""
    before = _resident()
    with Recording(file) as recording:
        talk = replay(recording)
    took = _resident() - before
    assert len(talk.transcript)
    return took / Path(file).stat().st_size


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE


CASES: dict[str, Callable[..., float]] = {
    "noops": lambda port, count, folder="": asyncio.run(noops(int(port), int(count), folder)),
    "reading": reading,
    "memory": memory,
}


def alone(name: str, *words: str) -> float:
    """The figure of a case that runs in a process of its own."""
    command = [sys.executable, __file__, "case", name, *words]
    return float(subprocess.run(command, check=True, capture_output=True).stdout)


def first_screen(file: Path) -> float:
    """Seconds until a recording is on the screen."""
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
            "1,000,000 lines, first screen less reading": lambda: (
                max(0.001, first_screen(long) - alone("reading", str(long)))
            ),
        })  # fmt: skip
        bench.compare(
            "1,000,000 lines, first screen less reading", "1,000 lines, first screen", at_most=1.5
        )
        bench.measure("", {"memory : file": lambda: max(0.001, alone("memory", str(long)))})
        bench.judge("memory : file", at_most=1.5)


if __name__ == "__main__":
    if sys.argv[1:2] == ["case"]:
        print(CASES[sys.argv[2]](*sys.argv[3:]))
    else:
        main()
