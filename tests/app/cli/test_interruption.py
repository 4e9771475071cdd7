"""A signal ends a command, and its recording gives the signal as the reason."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest
from heloscope.app.cli.interruption import Interrupted, interruptible
from heloscope.session.events import Cause, Disconnected
from heloscope.session.sync.session import BlockingSession, at_once
from heloscope.session.target import parse_target
from support.servers import serving

SEND = ("send", "--from", "a@b.example", "--to", "c@d.example")


@pytest.mark.parametrize(
    ("words", "number", "status", "told"),
    [
        (SEND, signal.SIGINT, 130, "interrupted by Ctrl+C"),
        (SEND, signal.SIGTERM, 143, "interrupted by SIGTERM"),
        (("probe",), signal.SIGINT, 130, "interrupted by Ctrl+C"),
        (("probe", "TARGET"), signal.SIGTERM, 143, "interrupted by SIGTERM"),
    ],
    ids=["send-SIGINT", "send-SIGTERM", "probe", "probe-two"],
)
async def test_a_conversation_that_a_signal_ends_is_recorded_to_its_end(
    tmp_path: Path, words: tuple[str, ...], number: signal.Signals, status: int, told: str
):
    heard = asyncio.Semaphore(0)

    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        await reader.readline()
        heard.release()
        await reader.read()

    async with serving(mute) as port:
        target = f"127.0.0.1:{port}"
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "heloscope.app",
            *(target if word == "TARGET" else word for word in (*words, target)),
            env={**os.environ, "XDG_STATE_HOME": str(tmp_path)},
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        async with asyncio.timeout(60):
            for _ in range(words.count("TARGET") + 1):
                await heard.acquire()
            process.send_signal(number)
            out, err = await process.communicate()
    assert (process.returncode, err) == (status, b"")
    assert words[0] == "probe" or out.decode().endswith(f"error: {told}\n")
    kept = sorted((tmp_path / "heloscope" / "journal").glob("*.jsonl"))
    assert len(kept) == words.count("TARGET") + 1
    for each in kept:
        last = each.read_text().splitlines()[-1]
        assert f'"fact":"disconnected","cause":"cancelled","detail":"{told}"' in last


def test_what_interrupts_connecting_is_recorded_in_its_words(monkeypatch: pytest.MonkeyPatch):
    def interrupted(*_: object, **__: object) -> None:
        raise Interrupted(signal.SIGTERM)

    monkeypatch.setattr("heloscope.session.sync.link.dial", interrupted)
    session = BlockingSession(parse_target("mail.example.org"))
    with pytest.raises(Interrupted):
        at_once(session.connect())
    event = next(each for _, each in session.transcript.facts())
    assert isinstance(event, Disconnected)
    assert (event.cause, event.detail) == (Cause.CANCELLED, "interrupted by SIGTERM")


def test_a_signal_that_is_ignored_stays_so():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with interruptible():
            assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
            assert signal.getsignal(signal.SIGTERM) != signal.SIG_DFL
        assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
    finally:
        signal.signal(signal.SIGHUP, before)
