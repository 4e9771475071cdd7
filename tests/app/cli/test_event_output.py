"""Printing never blocks a server, however slowly its output is read."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
from heloscope.app.cli import event_output
from heloscope.app.cli.event_output import EventOutput


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    reader, writer = os.pipe()
    yield reader, writer
    for end in (reader, writer):
        try:
            os.close(end)
        except OSError:
            pass


def unwanted(error: OSError) -> None:
    pytest.fail(str(error))


def read_all(reader: int) -> list[str]:
    with open(reader, encoding="utf-8", closefd=False) as file:
        return file.read().splitlines()


def test_lines_come_in_their_order(pipe: tuple[int, int]):
    output = EventOutput(pipe[1], unwanted, str)
    for number in range(1000):
        output.tell(f"a {number}", f"b {number}")
    output.close(30)
    os.close(pipe[1])
    assert read_all(pipe[0]) == [f"{side} {number}" for number in range(1000) for side in "ab"]


def test_what_nobody_reads_is_left_out_and_counted(
    pipe: tuple[int, int], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(event_output, "ROOM", 300_000)
    output = EventOutput(pipe[1], unwanted, lambda lines: f"left out: {lines}")
    for _ in range(1000):
        output.tell("x" * 999)
    output.close(0)  # nobody reads
    got: list[str] = []
    reading = threading.Thread(target=lambda: got.extend(read_all(pipe[0])))
    reading.start()
    output.close(30)
    os.close(pipe[1])
    reading.join(30)
    missing = int(got[-1].partition(": ")[2])
    assert 600 <= missing <= 700
    assert len(got) - 1 + missing == 1000


def test_a_reader_that_has_left_is_told(pipe: tuple[int, int]):
    failures: list[OSError] = []
    os.close(pipe[0])
    output = EventOutput(pipe[1], failures.append, str)
    output.tell("x")
    output.close(30)
    assert [type(error) for error in failures] == [BrokenPipeError]


def test_the_practice_server_answers_whose_output_is_not_read():
    server = subprocess.Popen(
        [sys.executable, "-m", "heloscope.app", "practice", "--json"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
    )  # fmt: skip
    with server:
        assert server.stdout is not None
        host, _, port = json.loads(server.stdout.readline())["smtp"].rpartition(":")
        with (
            socket.create_connection((host, int(port)), 30) as client,
            client.makefile("rb") as replies,
        ):
            replies.readline()
            for _ in range(200):  # each is told with 2,000 octets: the pipe holds 65,536
                client.sendall(b"VRFY " + b"x" * 900 + b"\r\n")
                assert replies.readline()
        server.send_signal(signal.SIGTERM)
        assert server.wait(30) == 128 + signal.SIGTERM
