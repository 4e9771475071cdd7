"""`heloscope --plain` on a terminal and in a pipe, started by another program."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest
from support.servers import serving
from support.terminal import LIMIT, Terminal

NO_TEXTUAL = """
import sys
from heloscope.app.cli.main import cli
try:
    cli(["--plain", "--no-record"])
except SystemExit as end:
    print(end.code)
print([name for name in sys.modules if name.partition(".")[0] == "textual"])
"""


def test_a_pipe_needs_no_terminal_and_no_textual(tmp_path: Path):
    config = tmp_path / "config.toml"
    config.write_text('theme = "nord"\n')
    config.chmod(0o666)
    done = subprocess.run(
        [sys.executable, "-c", NO_TEXTUAL],
        input="EHLO me\n:starttls\n\n\n:tls\n:explain\n:help\nEHLO me\n:login alice\n",
        env=Terminal.environment(tmp_path, {"HELOSCOPE_CONFIG": str(config)}),
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    *lines, status, textual = done.stdout.splitlines()
    assert "C: EHLO me" in lines
    assert "TLS:" in lines
    assert lines[0] == (
        f"error: Ignored in the configuration: {config}: other users can write to it; "
        "chmod go-w prevents that."
    )
    assert (status, textual) == ("0", "[]")
    assert done.stderr == ""


@pytest.mark.parametrize("term", ["dumb", "xterm-256color"])
def test_on_a_terminal_nothing_moves_the_cursor_and_a_password_is_not_seen(
    tmp_path: Path, term: str
):
    with Terminal(tmp_path, ["--plain", "--no-record"], {"TERM": term}) as terminal:
        terminal.until("S: 220 ")
        terminal.press("EHLO me\r")
        terminal.until("S: 250 HELP")
        terminal.press("AUTH CRAM-MD5\r")
        terminal.until("asked: user")
        terminal.press("alice\r")
        terminal.until("not shown")
        terminal.press("wonderland\r")
        terminal.until("S: 235 ")
        terminal.press("\x03")
        terminal.until(":q leaves heloscope.")
        terminal.press("\x04" if term == "dumb" else ":q\r")  # the end of input leaves, too
        assert terminal.end() == 0
    assert b"\x1b" not in terminal.raw
    assert b"wonderland" not in terminal.raw


def test_ctrl_c_drops_a_password_that_is_being_typed(tmp_path: Path):
    with Terminal(tmp_path, ["--plain", "--no-record"]) as terminal:
        terminal.until("S: 220 ")
        terminal.press("EHLO me\r")
        terminal.until("S: 250 HELP")
        terminal.press(":login alice\r")
        terminal.until("the password, not shown")
        terminal.press("wonder\x03")
        terminal.until("Press Enter to continue")
        terminal.press("\rNOOP\r")
        terminal.until("C: NOOP")
        terminal.press(":q\r")
        assert terminal.end() == 0
    assert "C: AUTH" not in terminal.said


def test_ctrl_c_ends_a_pipe_with_130(tmp_path: Path):
    with subprocess.Popen(
        [sys.executable, "-m", "heloscope.app", "--plain", "--no-record"],
        env=Terminal.environment(tmp_path),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as program:  # fmt: skip
        assert program.stdout is not None
        while not program.stdout.readline().startswith("S: 220"):
            pass
        program.send_signal(signal.SIGINT)
        assert program.wait(60) == 130


def test_tab_completes_a_command_and_an_order_and_is_a_character_in_a_message(tmp_path: Path):
    with Terminal(tmp_path, ["--plain", "--no-record"]) as terminal:
        terminal.until("S: 220 ")
        terminal.press("ehl\tme\r")
        terminal.until("S: 250 HELP")
        terminal.press(":gloss\t\r")
        terminal.until("All terms:")
        terminal.press("MAIL FROM:<a@x.example>\r")
        terminal.until("S: 250 2.1.0")
        terminal.press("RCPT TO:<bob@practice.test>\r")
        terminal.until("S: 250 2.1.5")
        terminal.press("DATA\r")
        terminal.until("a line with only a dot ends it")
        terminal.press("\tquit\r.\r")
        terminal.until("S: 250 2.0.0")
        terminal.press(":mailbox bob\r")
        terminal.until("quit")
        terminal.press(":q\r")
        assert terminal.end() == 0
    assert b"C: EHLO me" in terminal.raw
    assert b"\x1b" not in terminal.raw


@pytest.mark.parametrize("term", ["dumb", "xterm-256color"])
async def test_typed_ahead_of_its_challenge_a_password_is_unseen_and_erased_with_its_exchange(
    tmp_path: Path, term: str
):
    over = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        await reader.readline()
        writer.write(b"334 VXNlcm5hbWU6\r\n")
        await reader.readline()
        await over.wait()
        writer.close()

    def type_ahead(terminal: Terminal) -> None:
        terminal.until("S: 220 ")
        terminal.press("AUTH LOGIN\r")
        terminal.until("asked: user")
        terminal.press("alice\r")
        terminal.until("C: ********")
        until = time.monotonic() + LIMIT
        while termios.tcgetattr(terminal.master)[3] & termios.ECHO:
            assert time.monotonic() < until
        terminal.press("looking-gl")

    def leave(terminal: Terminal) -> None:
        terminal.until("The typed text was erased because its AUTH exchange is over.")
        terminal.press(":q\r")
        assert terminal.end() == 0

    async with serving(serve) as port:
        with Terminal(tmp_path, ["--plain", f"127.0.0.1:{port}"], {"TERM": term}) as terminal:
            await asyncio.to_thread(type_ahead, terminal)
            over.set()
            await asyncio.to_thread(leave, terminal)
    assert "looking-gl" not in terminal.said
    for file in tmp_path.rglob("*"):
        assert file.is_dir() or b"looking-gl" not in file.read_bytes()
