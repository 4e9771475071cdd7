"""A program used as a server is ended together with all the processes that it started."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from heloscope.app.cli import server_program
from heloscope.app.cli.server_program import ServerProgram


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def first_line(program: ServerProgram) -> bytes:
    said = b""
    while not said.endswith(b"\n"):
        said += program.socket.recv(100)
    return said


@pytest.mark.parametrize("then", ["exit", "exec cat", "wait"])
def test_what_the_program_has_started_is_ended_with_it(then: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(server_program, "GRACE", 0.2)
    program = ServerProgram(f"sleep 60 <&- >&- & echo $!; {then}")
    grandchild = int(first_line(program))
    assert alive(grandchild)
    program.close()
    until = time.monotonic() + 10
    while alive(grandchild):
        assert time.monotonic() < until
        os.sched_yield()


def test_a_program_that_ends_by_itself_is_not_hurried(tmp_path: Path):
    done = tmp_path / "done"
    program = ServerProgram(f"cat; echo done > {done}")
    program.close()
    assert done.read_text() == "done\n"
