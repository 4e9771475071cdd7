"""An activity that takes longer than a second shows its progress on a terminal; Ctrl+C ends it."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from heloscope.app.cli import progress as module
from heloscope.app.cli.progress import Progress, progress


@contextmanager
def a_terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Make standard error a terminal. Yield the descriptor that reads from it."""
    monkeypatch.setenv("TERM", "xterm")
    ours, theirs = pty.openpty()
    before = os.dup(2)
    os.dup2(theirs, 2)
    try:
        with open(os.dup(theirs), "w", encoding="utf-8") as stream:
            monkeypatch.setattr(sys, "stderr", stream)
            yield ours
    finally:
        os.dup2(before, 2)
        for fd in (ours, theirs, before):
            os.close(fd)


def read_until(fd: int, wanted: str) -> str:
    said, began = "", time.monotonic()
    while wanted not in said:
        assert time.monotonic() - began < 60 and select.select([fd], [], [], 20)[0], said
        said += os.read(fd, 1024).decode()
    return said


def test_what_is_done_and_how_far_is_shown_and_then_removed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "AFTER", 0.0)
    monkeypatch.setattr(module, "EVERY", 0.01)
    with a_terminal(monkeypatch) as terminal:
        with progress("explain", "reading a.log\x1b[2J") as far:
            shown = read_until(terminal, "(Ctrl+C cancels)")
            far.of(1, 3)
            read_until(terminal, "reading a.log\\x1b[2J: 33 % in 0 s (Ctrl+C cancels)")
        removed = read_until(terminal, " \r")
    assert shown == "\rheloscope: reading a.log\\x1b[2J: 0 s (Ctrl+C cancels)"
    assert removed.strip("\r ") == ""


def test_nothing_is_shown_of_what_takes_no_second(monkeypatch: pytest.MonkeyPatch):
    with a_terminal(monkeypatch) as terminal:
        with progress("explain", "reading a.log"):
            pass
        os.write(2, b"end\n")
        assert read_until(terminal, "end") == "end\r\n"


def test_nothing_is_shown_where_standard_error_is_no_terminal(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(module, "AFTER", 0.0)
    with progress("explain", "reading a.log") as far:
        assert not far.shown
        time.sleep(0.02)
    assert capfd.readouterr().err == ""


def test_a_line_has_no_percentage_while_that_is_not_known():
    far = Progress("reading a.log")
    assert far.line() == "heloscope: reading a.log: 0 s (Ctrl+C cancels)"
    far.at(7)
    assert far.line() == "heloscope: reading a.log: 7 % in 0 s (Ctrl+C cancels)"


SLOW = """
import sys, time
from heloscope.session.foreign import log
from heloscope.app.cli.main import cli
def look(data, look=None):
    while True:
        sum(range(10_000))
        time.sleep(0.01)  # for others who need the processor
log.read_log = look
cli()
"""


@pytest.mark.parametrize("command", ["explain", "open", "export", "compare"])
def test_ctrl_c_ends_a_command_that_reads_with_a_sentence(command: str, tmp_path: Path):
    (tmp_path / "a.log").write_text("S: 220 ready\n")
    more = {"export": ("--to", "text"), "compare": ("a.log",)}.get(command, ())
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", SLOW, command, "a.log", *more], cwd=tmp_path,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=theirs,
        env={**os.environ, "TERM": "xterm", "XDG_STATE_HOME": str(tmp_path)},
    ) as process:  # fmt: skip
        try:
            read_until(ours, "a.log: 1 s (Ctrl+C cancels)")
            process.send_signal(signal.SIGINT)
            said = read_until(ours, f"heloscope: {command}: interrupted by Ctrl+C.\r\n")
            assert f" \rheloscope: {command}: interrupted by Ctrl+C." in said
            assert process.wait(30) == 130
        finally:
            process.kill()
    os.close(ours)
    os.close(theirs)
