"""`heloscope run` reports its results, reads standard input, uses profiles, and handles signals."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import resource
import signal
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from support.runs import NO_RECORD, run, run_on, started
from support.servers import VerbServer, script, serving

ENVELOPE = "MAIL FROM:<a@client.example>\nRCPT TO:<b@example.org>\n"


async def test_json_is_one_recording_of_all_connections(written: Any, tmp_path: Path):
    path, record = written("NOOP\n:expect 550\n:reconnect\nNOOP\n"), tmp_path / "r.jsonl"
    async with serving(VerbServer()) as port:
        status, out, _ = await run(
            path, f"127.0.0.1:{port}", "--json", "--keep-going", "--record", str(record)
        )
    lines = [json.loads(line) for line in out.splitlines()]
    assert (status, record.read_text()) == (1, out)
    assert [line.get("heloscope") for line in lines].count(1) == 1
    assert [line["fact"] for line in lines if "fact" in line] == [
        "connected", "note", "disconnected", "connected", "disconnected",
    ]  # fmt: skip
    note = next(line for line in lines if line.get("kind") == "unexpected")
    assert note["text"].endswith(
        f"a.smtp:2: expected 550, got 250 ok from 127.0.0.1:{port} (after NOOP)."
    )
    times = [line["at"] for line in lines[1:]]
    assert times == sorted(times)


async def test_a_timeout_that_is_not_a_number_of_seconds_is_reported(written: Any):
    path = written(":timeout soon\nNOOP\n")
    status, _, err = await run(path, "127.0.0.1:1", NO_RECORD)
    assert status == 2
    assert err == (
        f"heloscope: {path}:1: The timeout must be a number of seconds, at most 86,400, or the "
        "word standard.\n"
    )


async def test_junit_has_a_case_for_each_expectation(written: Any, tmp_path: Path):
    junit = tmp_path / "j.xml"
    path = written("VRFY a\n:expect 250\nVRFY b\n:expect 250\nNOOP\n:expect 250\n")
    server = VerbServer(VRFY=["250 ok", "550 \x1b[31m<&\x00\x0c\xff no"])
    status, _, _ = await run_on(server, path, "--junit", str(junit), "--quiet")
    assert status == 1
    suite = ElementTree.fromstring(junit.read_bytes())[0]
    assert [suite.get(key) for key in ("tests", "failures", "errors", "skipped")] == [
        "4", "1", "0", "2",
    ]  # fmt: skip
    cases = suite.findall("testcase")
    assert [(case.get("name"), [child.tag for child in case]) for case in cases] == [
        ("line 2: expect 250 after VRFY a", []),
        ("line 4: expect 250 after VRFY b", ["failure"]),
        ("line 6: expect 250 after NOOP", ["skipped"]),
        ("runs to its end", ["skipped"]),
    ]
    assert r"550 \x1b[31m<&\x00\x0c" in (cases[1][0].get("message") or "")


async def test_junit_tells_a_connection_that_is_lost_as_an_error(written: Any, tmp_path: Path):
    junit = tmp_path / "j.xml"
    path = written("NOOP\nNOOP\n:expect 250\n")
    status, _, _ = await run_on(script("S: 220 a\nC: NOOP"), path, "--junit", str(junit))
    assert status == 3
    suite = ElementTree.fromstring(junit.read_bytes())[0]
    assert [(case.get("name"), [child.tag for child in case]) for case in suite][:2] == [
        ("line 3: expect 250 after NOOP", ["skipped"]),
        ("runs to its end", ["error"]),
    ]


@pytest.mark.parametrize(
    ("text", "arguments", "said"),
    [
        (
            ":login alice\n:secret NO_SUCH\n",
            (),
            ":2: the environment variable",
        ),
        ("NOOP\n", ("--ca", "/nowhere"), "run: Cannot read the CA file /nowhere"),
        ("NOOP\n", ("--record", "/nowhere/x"), "run: the recording cannot be created"),
        ("NOOP\n", ("--set", "A"), "run: --set must be NAME=VALUE, not A."),
        ("NOOP\n", ("--frob",), "run: No such option"),
    ],
)
async def test_junit_tells_what_kept_a_script_from_being_run(
    text: str, arguments: tuple[str, ...], said: str, written: Any, tmp_path: Path
):
    junit = tmp_path / "j.xml"
    junit.write_text("the report of yesterday")
    status, _, err = await run(written(text), "127.0.0.1:1", "--junit", str(junit), *arguments)
    assert status == 2
    assert said in err
    suite = ElementTree.fromstring(junit.read_bytes())[0]
    assert [(case.get("name"), [child.tag for child in case]) for case in suite] == [
        ("runs to its end", ["error"]),
    ]
    assert said in (suite[0][0].get("message") or "")


async def test_a_check_writes_no_report(written: Any, tmp_path: Path):
    junit = tmp_path / "j.xml"
    arguments = ("127.0.0.1:1", "--check", "--junit", str(junit))
    assert await run(written("NOOP\n"), *arguments) == (0, "", "")
    assert not junit.exists()


async def test_standard_input_is_run_line_by_line():
    async with serving(VerbServer()) as port:
        process = await started("-", f"127.0.0.1:{port}", NO_RECORD)
        assert process.stdin is not None and process.stdout is not None

        async def until(wanted: str) -> None:
            assert process.stdout is not None
            while (line := (await process.stdout.readline()).decode()) != wanted:
                assert line

        async with asyncio.timeout(60):
            await until("S: 220 ready\n")
            for typed, answer in ((b"NOOP\n", "250 ok"), (b"DATA\n", "354 go on"),
                                  (b"x\n.\n", "250 ok")):  # fmt: skip
                process.stdin.write(typed)
                await until(f"S: {answer}\n")
            process.stdin.write(b":expect 550\nNOOP\n")
            _, err = await process.communicate()
    assert process.returncode == 1
    wanted = f"expected 550, got 250 ok from 127.0.0.1:{port} (after the message)"
    assert err.decode().startswith(f"heloscope: standard input:5: {wanted}")


async def test_a_mistake_on_standard_input_ends_the_run():
    server = VerbServer()
    status, _, err = await run_on(server, "-", given=b"NOOP\n:xyzzy\nNOOP\n")
    assert (status, err) == (2, "heloscope: standard input:2: unknown order :xyzzy.\n")
    assert server.heard == [b"NOOP\r\n", b"QUIT\r\n"]


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
async def test_a_signal_ends_the_run_and_the_report_is_written(
    written: Any, tmp_path: Path, number: signal.Signals, status: int
):
    junit = tmp_path / "j.xml"
    path = written("NOOP\n:wait 1000\n:expect 250\n")
    async with serving(server := VerbServer()) as port:
        process = await started(path, f"127.0.0.1:{port}", "--junit", str(junit), NO_RECORD)
        assert process.stdout is not None
        async with asyncio.timeout(60):
            while await process.stdout.readline() != b"S: 250 ok\n":
                pass
            process.send_signal(number)
            _, err = await process.communicate()
    assert process.returncode == status
    assert err == f"heloscope: {path}:2: interrupted.\n".encode()
    assert server.heard[-1] == b"QUIT\r\n"
    assert b"<error" in junit.read_bytes()


async def test_a_signal_before_the_first_line_is_in_the_report(tmp_path: Path):
    script, junit = tmp_path / "never-written.smtp", tmp_path / "j.xml"
    os.mkfifo(script)
    process = await started(str(script), "127.0.0.1:1", "--junit", str(junit), NO_RECORD)
    async with asyncio.timeout(60):
        never = await asyncio.to_thread(os.open, script, os.O_WRONLY)  # as soon as it is read
        process.send_signal(signal.SIGTERM)
        _, err = await process.communicate()
        os.close(never)
    assert (process.returncode, err) == (143, b"heloscope: run: interrupted by SIGTERM.\n")
    assert b'message="run: interrupted by SIGTERM."' in junit.read_bytes()


@pytest.mark.parametrize(
    ("script", "status", "last"),
    [
        ("NOOP\n" * 50 + ":expect 550\n", 1, "heloscope: a.smtp:51: expected 550"),
        ("NOOP\n" * 50 + ":wait 1000\n", 143, "heloscope: a.smtp:51: interrupted."),
    ],
    ids=["failure", "SIGTERM"],
)
async def test_all_that_was_said_is_printed_before_what_is_told_of_it(
    tmp_path: Path, script: str, status: int, last: str
):
    (tmp_path / "a.smtp").write_text(script)
    async with serving(VerbServer()) as port:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "heloscope.app", "run", "a.smtp", f"127.0.0.1:{port}",
            cwd=tmp_path, env={**os.environ, "XDG_STATE_HOME": str(tmp_path)},
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        assert process.stdout is not None
        async with asyncio.timeout(60):
            shown = [(await process.stdout.readline()).decode() for _ in range(102)]
            if status == 143:
                process.terminate()
            shown += (await process.stdout.read()).decode().splitlines(keepends=True)
            assert await process.wait() == status
    assert shown[2:102] == ["C: NOOP\n", "S: 250 ok\n"] * 50
    assert shown[102].startswith(last)
    (kept,) = (tmp_path / "heloscope" / "journal").glob("*.jsonl")
    assert kept.read_text().count('"text":"NOOP') == 50
    assert kept.read_text().count('"disconnected"') == 1


async def test_when_the_reader_of_the_output_leaves_the_script_is_run_all_the_same(written: Any):
    server = VerbServer()
    path = written("NOOP\n" * 20)
    async with serving(server) as port:
        process = await asyncio.create_subprocess_shell(
            f"{sys.executable} -m heloscope.app run {path} 127.0.0.1:{port} {NO_RECORD} | true",
            stderr=asyncio.subprocess.PIPE,
        )
        _, err = await asyncio.wait_for(process.communicate(), 60)
    assert err == b""
    assert server.heard == [b"NOOP\r\n"] * 20 + [b"QUIT\r\n"]


async def test_a_report_that_cannot_be_written_whole_is_one_sentence_and_leaves_no_file(
    written: Any, tmp_path: Path
):
    folder = tmp_path / "reports"
    folder.mkdir()
    path = written("NOOP\n:expect 250\n" * 60)
    async with serving(VerbServer()) as port:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "heloscope.app", "run", path, f"127.0.0.1:{port}", "--quiet",
            "--junit", str(folder / "j.xml"), NO_RECORD, stderr=asyncio.subprocess.PIPE,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000)),
        )  # fmt: skip
        _, err = await process.communicate()
    told = f"run: the report could not be written: File too large ({folder / 'j.xml'})."
    assert (process.returncode, err.decode()) == (1, f"heloscope: {told}\n")
    assert os.listdir(folder) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("/nonexistent",), "run: cannot read the script: No such file or directory (/nonexist"),
        (("/",), "run: cannot read the script: Is a directory (/)."),
        (("-", "h:99999"), "A port must be a number from 1 to 65535"),
        (("-", "h", "--set", "A"), "run: --set must be NAME=VALUE, not A."),
        (("-", "h", "--set", "1=2"), 'run: --set: "1" is not a valid variable name'),
        (("-", "h", "--junit", "/nonexistent/x"), "run: the report cannot be written: No such"),
        (("-", "h", "--record", "/nonexistent/x"), "run: the recording cannot be created: No such"),
        (("-", "h", "--ca", "/nonexistent"), "run: Cannot read the CA file /nonexistent"),
        (("-", "h", "--login", "a"), "run: --login needs --secret NAME"),
        (("-", "h", "--frob"), "run: No such option"),
        (("-", "h", "--junit"), "run: Option '--junit' requires an argument."),
        ((), "run: Missing argument 'SCRIPT'."),
    ],
)
async def test_bad_input_is_one_sentence_and_status_2(arguments: Any, said: str):
    status, out, err = await run(*arguments)
    assert (status, out) == (2, "")
    assert err.startswith(f"heloscope: {said}")
    assert err.count("\n") == 1


async def test_a_profile_says_where_and_the_script_when_tls_begins(written: Any):
    server = VerbServer("STARTTLS")
    async with serving(server) as port:
        config = written(
            f'[servers.mail]\ntarget = "127.0.0.1:{port}"\ntls = "required"\nehlo = "me.example"\n',
            "config.toml",
        )
        path = written(":connect @mail\n:hello\n:expect 250\n")
        status, _, err = await run(path, NO_RECORD, HELOSCOPE_CONFIG=config)
        assert (status, err) == (0, "")
        assert server.heard == [b"EHLO me.example\r\n", b"QUIT\r\n"]
        status, _, err = await run(written(":connect @male\n"), HELOSCOPE_CONFIG=config)
    assert (status, err.partition("1: ")[2]) == (
        2, f"Unknown server @male: {config} has no such profile. Did you mean @mail?\n",
    )  # fmt: skip


SECRETS = '[servers.mail]\ntarget = "{}"\nuser = "alice"\nsecret = {{env = "PASSWORD"}}\n'


async def test_login_without_a_user_takes_that_of_the_profile(written: Any):
    plain = base64.b64encode(b"\0alice\0wonderland")
    server = VerbServer("AUTH PLAIN", AUTH="235 2.7.0 ok")
    async with serving(server) as port:
        config = written(SECRETS.format(f"127.0.0.1:{port}"), "config.toml")
        environment = {"HELOSCOPE_CONFIG": config, "PASSWORD": "wonderland"}
        path = written("EHLO me\n:login\n:expect 235\n")
        arguments = ("@mail", "--in-clear", NO_RECORD)
        status, out, err = await run(path, *arguments, **environment)
        assert (status, err) == (0, "")
        assert server.heard[1] == b"AUTH PLAIN " + plain + b"\r\n"
        assert plain.decode() not in out
        status, _, err = await run(path, *arguments, HELOSCOPE_CONFIG=config)
    assert status == 2
    assert f"{path}:2: no secret in the environment variable PASSWORD" in err


async def test_a_check_looks_up_the_secret_of_a_profile_and_shows_nothing_of_it(written: Any):
    config = written(SECRETS.format("127.0.0.1:1"), "config.toml")
    path = written(":connect @mail\nEHLO me\n:login\n:login\n")
    missing = await run(path, "--check", HELOSCOPE_CONFIG=config)
    assert missing == (
        2, "",
        f"heloscope: {path}:3: no secret in the environment variable PASSWORD.\n",
    )  # fmt: skip
    found = await run(path, "--check", HELOSCOPE_CONFIG=config, PASSWORD="wonderland")
    assert found == (0, "", "")


async def test_login_without_a_user_needs_a_profile(written: Any):
    path = written("EHLO me\n:login\n:expect 235\n")
    status, _, err = await run(path, "127.0.0.1:1", NO_RECORD)
    assert status == 2
    assert err.startswith(
        f"heloscope: {path}:2: :login without a user name uses that of the profile"
    )
