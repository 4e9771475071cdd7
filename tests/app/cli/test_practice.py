"""Another program can start `heloscope practice`, read its first line, and end it."""

from __future__ import annotations

import asyncio
import errno
import gc
import json
import os
import signal
import smtplib
import socket
import ssl
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from heloscope.app.cli.main import cli
from heloscope.session.practice.scenarios.table import SCENARIOS
from support.rows import for_each


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["practice", *arguments])


async def started(*arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "heloscope.app", "practice", *arguments,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip


async def first_line(server: asyncio.subprocess.Process) -> str:
    assert server.stdout is not None
    return (await asyncio.wait_for(server.stdout.readline(), 30)).decode()


async def test_it_serves_what_the_first_line_tells_and_tells_each_event():
    def deliver(told: dict[str, Any]) -> None:
        host, _, port = told["smtp"].rpartition(":")
        with smtplib.SMTP(host, int(port), timeout=10) as client:
            client.starttls(context=ssl.create_default_context(cafile=told["ca"]))
            client.login("alice", "wonderland")
            client.sendmail("a@client.example", ["bob@practice.test"], "Subject: hi\n\nhello\n")
        for name, greeting in (("lmtp", b"220 practice.test LMTP"), ("second", b"220 ")):
            host, _, port = told[name].rpartition(":")
            with socket.create_connection((host, int(port)), 10) as other:
                assert other.recv(100).startswith(greeting)
        host, _, port = told["smtps"].rpartition(":")
        trusting = ssl.create_default_context(cafile=told["ca"])
        smtplib.SMTP_SSL(host, int(port), timeout=10, context=trusting).quit()

    server = await started("--scenario", "private", "--json")
    told = json.loads(await first_line(server))
    assert told["scenario"] == "private"
    await asyncio.to_thread(deliver, told)
    server.send_signal(signal.SIGTERM)
    out, err = await asyncio.wait_for(server.communicate(), 30)
    assert server.returncode == 128 + signal.SIGTERM
    assert err == b""
    assert not Path(told["ca"]).exists()
    events = [json.loads(line) for line in out.splitlines()]
    first = [event for event in events if event["connection"] == 1]
    assert first[0]["event"] == "connected" and first[0]["scenario"] == "private"
    assert first[-1]["event"] == "gone"
    said = [event["text"] for event in first if event["event"] == "client"]
    assert "MAIL FROM:<a@client.example>" in [text.partition(" size=")[0] for text in said]
    assert not any("wonderland" in text or "AGFsaWNl" in text for text in said)
    [message] = [event for event in events if event["event"] == "message"]
    assert message["recipients"] == ["bob@practice.test"] and message["octets"] == 22
    assert ["221 2.0.0 Goodbye"] in [e["lines"] for e in events if e["event"] == "server"]


async def test_the_log_for_people_and_the_end_by_ctrl_c():
    server = await started()
    line = await first_line(server)
    assert line.startswith("Scenario friendly. smtp 127.0.0.1:")
    port = int(line.split()[3].rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await reader.readline()
    for line in (b"VRFY \x1b[2J\r\n", b"RCPT TO:bob\r\n"):
        writer.write(line)
        await reader.readline()
    writer.close()
    server.send_signal(signal.SIGINT)
    out, _ = await asyncio.wait_for(server.communicate(), 30)
    assert server.returncode == 130
    lines = out.decode().splitlines()
    assert lines[0] == "Ctrl+C ends the server."
    assert any(line.endswith("#1 C: VRFY \\x1b[2J") for line in lines)
    assert any(" #1 S: 220 practice.test ESMTP" in line for line in lines)
    told = [line.partition(" #1 ")[2] for line in lines]
    at = told.index('!  Address without angle brackets: "RCPT TO:bob".')
    assert told[at + 2] == '   Try: Send "RCPT TO:<bob>".'


def test_a_command_that_may_run_for_days_has_its_garbage_collected():
    """If collection stayed disabled after the start, ended connections would remain in memory."""
    gc.disable()
    try:
        run("--list")
        assert gc.isenabled()
    finally:
        gc.enable()


def test_the_list_has_every_scenario_with_its_sentence():
    listed = run("--list").output.splitlines()
    assert [line.split()[0] for line in listed] == list(SCENARIOS)
    objects = [json.loads(line) for line in run("--list", "--json").output.splitlines()]
    assert {each["name"]: each["about"] for each in objects} == {
        name: scenario.about for name, scenario in SCENARIOS.items()
    }


def test_the_fields_of_a_file_are_listed_with_their_values():
    lines = run("--fields").output.splitlines()
    assert "  greeting-delay     seconds from 0 to 3600" in lines
    assert (
        "  certificate        one of good, expired, other-name, self-signed, no-intermediate"
        in lines
    )
    rule = lines.index("The fields of a rule, below [[rule]]:")
    assert lines[rule + 1].startswith("  on                 command verbs")


@for_each(
    [
        (("--scenario", "strikt"), "Unknown scenario strikt. Did you mean strict? --list"),
        (("--scenario", "./none.toml"), "practice: cannot read ./none.toml: No such file"),
        (("--scenario", "/"), "practice: cannot read /: "),
        (("--host", "localhost"), "practice: --host must be an IP address, not localhost."),
        (("--host", ""), "practice: --host must be an IP address, not empty."),
        (("--port", "70000"), "practice: Invalid value for '--port'"),
        (("--prot", "1"), "practice: No such option"),
        (("--port", "x"), "practice: Invalid value for '--port': 'x' is not a whole number."),
        (("now",), "practice: Got unexpected extra argument"),
    ]
)
def test_bad_input_is_one_sentence_and_status_2(arguments: tuple[str, ...], told: str):
    done = run(*arguments)
    assert done.exit_code == 2
    [line] = done.stderr.splitlines()
    assert line.startswith("heloscope: ") and told in line


def test_every_mistake_of_a_file_is_told(tmp_path: Path):
    file = tmp_path / "mine.toml"
    file.write_text("delay = -1\nsize = 0\n")
    done = run("--scenario", str(file))
    assert done.exit_code == 2
    assert [line.partition(f"{file}:")[2][:1] for line in done.stderr.splitlines()] == ["1", "2"]


def test_of_many_mistakes_the_first_are_told_and_how_many_there_are_besides(tmp_path: Path):
    file = tmp_path / "mine.toml"
    file.write_text("".join(f"key{n} = 1\n" for n in range(5000)))
    done = run("--scenario", str(file))
    assert done.exit_code == 2
    lines = done.stderr.splitlines()
    assert len(lines) == 21
    assert lines[0].endswith(":1: A scenario has no field key0.")
    assert lines[-1] == "heloscope: 4,980 more mistakes are not shown."


def test_a_port_that_is_taken_is_told():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run("--port", str(port))
    assert done.exit_code == 1
    assert done.stderr == (
        f"heloscope: practice: port {port} is in use; choose another with --port, or omit it.\n"
    )


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.EACCES, "port 25 needs root; choose 1024 or higher, such as 2525."),
        (
            errno.EADDRNOTAVAIL,
            "127.0.0.1 is not an address of this machine; choose one with --host.",
        ),
        (errno.EMFILE, "port 25 of 127.0.0.1 cannot be used: Too many open files."),
    ],
)
def test_why_it_cannot_listen_is_told(monkeypatch: pytest.MonkeyPatch, number: int, told: str):
    async def refused(*_: object, **__: object) -> None:
        raise OSError(number, "error while attempting to bind on address ('127.0.0.1', 25)")

    monkeypatch.setattr(asyncio.BaseEventLoop, "create_server", refused)
    done = run("--port", "25")
    assert (done.exit_code, done.stderr) == (1, f"heloscope: practice: {told}\n")


async def test_it_ends_without_a_word_when_nobody_reads_any_more():
    output, its_output = os.pipe()
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "heloscope.app", "practice", "--host", "::1",
        stdout=its_output, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    os.close(its_output)
    first = await asyncio.to_thread(os.read, output, 1000)
    assert first.startswith(b"Scenario friendly. smtp [::1]:")
    os.close(output)
    _, err = await asyncio.wait_for(server.communicate(), 30)
    assert (server.returncode, err) == (128 + signal.SIGPIPE, b"")


def test_a_list_that_nobody_reads_to_its_end_ends_without_a_word():
    reader, output = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "heloscope.app", "practice", "--fields"],
        stdout=output, stderr=subprocess.PIPE, timeout=30, check=False,
    )  # fmt: skip
    os.close(output)
    assert (done.returncode, done.stderr) == (141, b"")
