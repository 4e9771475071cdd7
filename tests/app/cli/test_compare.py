"""`heloscope compare` prints a diff of two conversations and exits with 1 if they differ."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from support.commands import heloscope
from support.servers import VerbServer, script, serving

ONE = """S: 220 mx.example.org ESMTP
C: EHLO me
S: 250-mx.example.org
S: 250-SIZE 1000
S: 250 PIPELINING
C: MAIL FROM:<a@example.org>
S: 250 2.1.0 Ok
C: RCPT TO:<b@example.org>
S: 250 2.1.5 Ok
C: QUIT
S: 221 2.0.0 Bye
"""
OTHER = (
    ONE.replace("SIZE 1000", "SIZE 2000")
    .replace("250 PIPELINING", "250 AUTH PLAIN")
    .replace("250 2.1.5 Ok", "550 5.1.1 No such user")
    .replace("mx.example.org", "mx2.example.org")
)
DIFF = """  (1 the same)
  EHLO me
-   PIPELINING
-   SIZE 1000
+   SIZE 2000
+   AUTH PLAIN
  (1 the same)
  RCPT TO:<b@example.org>
-   code: 250
+   code: 550
-   enhanced code: 2.1.5
+   enhanced code: 5.1.1
-   text: Ok
+   text: No such user
  (1 the same)
6 differences in 5 turns: code 1, enhanced code 1, text 1, extension 3.
"""


async def compared(*arguments: str, given: bytes = b"", **environment: str) -> tuple[int, str, str]:
    """Run `heloscope compare`. Return the exit status, standard output and standard error."""
    return await heloscope("compare", *arguments, given=given, environment=environment)


@pytest.fixture
def logs(tmp_path: Path) -> tuple[str, str]:
    one, other = tmp_path / "one.log", tmp_path / "other.log"
    one.write_text(ONE)
    other.write_text(OTHER)
    return str(one), str(other)


async def test_a_diff_tells_what_differs_under_its_command(logs: tuple[str, str]):
    status, out, _ = await compared(*logs)
    assert status == 1
    head, _, rest = out.partition("  (1 the same)")
    assert head == f"--- {logs[0]}\n+++ {logs[1]}\n"
    assert "  (1 the same)" + rest == DIFF
    assert "\x1b" not in out


async def test_the_same_has_status_0(logs: tuple[str, str]):
    status, out, _ = await compared(logs[0], logs[0])
    assert status == 0
    assert out.splitlines()[-1] == "No differences in 5 turns."


async def test_all_tells_what_is_the_same_too(logs: tuple[str, str]):
    _, out, _ = await compared(*logs, "--all")
    assert "  MAIL FROM:<a@example.org>: 250 2.1.0 Ok\n" in out
    assert "the same" not in out


async def test_exact_counts_names_too(logs: tuple[str, str]):
    _, out, _ = await compared(*logs, "--exact")
    assert "-   text: mx.example.org ESMTP\n+   text: mx2.example.org ESMTP\n" in out


async def test_quiet_has_the_status_alone(logs: tuple[str, str]):
    assert (await compared(*logs, "--quiet"))[:2] == (1, "")


async def test_json_is_one_object(logs: tuple[str, str]):
    status, out, _ = await compared(*logs, "--json")
    got = json.loads(out)
    assert status == 1
    assert (got["equal"], got["turns"]) == (False, 5)
    assert got["counts"] == {"code": 1, "enhanced": 1, "text": 1, "extension": 3}
    assert got["differences"][0] == {
        "kind": "extension", "name": "PIPELINING", "verb": "EHLO", "command": "EHLO me",
        "left": "PIPELINING", "right": "",
    }  # fmt: skip


async def test_standard_input_is_one_of_the_two(logs: tuple[str, str]):
    status, out, _ = await compared("-", logs[1], given=ONE.encode())
    assert (status, out.splitlines()[0]) == (1, "--- -")


async def test_a_recording_and_the_server_as_it_is_now(tmp_path: Path):
    def server(*keywords: str) -> VerbServer:
        return VerbServer(*keywords, greeting="220 mx.example.org ESMTP")

    (tmp_path / "then.log").write_text(ONE)
    then = str(tmp_path / "then.log")
    async with serving(server("SIZE 1000", "PIPELINING")) as port:
        assert (await compared(then, f"127.0.0.1:{port}", "--no-record"))[0] == 0
    async with serving(server("SIZE 2000", "PIPELINING")) as port:
        status, out, _ = await compared(then, f"127.0.0.1:{port}", "--no-record")
    assert status == 1
    assert "-   SIZE 1000\n+   SIZE 2000\n" in out
    assert "VRFY" not in out
    assert "MAIL" not in out


LOGIN = """S: 220 mx.example.org ESMTP
C: EHLO me
S: 250-mx.example.org
S: 250 AUTH CRAM-MD5 PLAIN
C: AUTH CRAM-MD5
S: 334 PDEyMzRAbXguZXhhbXBsZS5vcmc+
C: YWxpY2UgOWY4ZTc=
S: 235 2.7.0 Welcome
C: QUIT
S: 221 2.0.0 Bye
"""


def with_login(verdict: str) -> VerbServer:
    return VerbServer("AUTH PLAIN", greeting="220 mx.example.org ESMTP", AUTH=verdict)


async def test_a_login_is_compared_by_its_result_whatever_the_mechanism(tmp_path: Path):
    (tmp_path / "then.log").write_text(LOGIN)
    then = str(tmp_path / "then.log")
    how = ("--login", "alice", "--secret", "PW", "--in-clear", "--no-record")
    server = with_login("235 2.7.0 Welcome")
    async with serving(server) as port:
        where = f"127.0.0.1:{port}"
        status, out, err = await compared(then, where, *how, PW="wonderland")
        assert status == 1
        assert err.count("\n") == 1  # that it is read as a log
        assert "-   AUTH CRAM-MD5 PLAIN\n+   AUTH PLAIN\n" in out
        assert out.endswith("1 difference in 3 turns: extension 1.\n")
        assert b"AUTH PLAIN AGFsaWNlAHdvbmRlcmxhbmQ=\r\n" in server.heard
        asked = len(server.heard)
        status, out, _ = await compared(then, where, "--no-record")
        assert not any(line.startswith(b"AUTH") for line in server.heard[asked:])
        assert out.endswith("1 difference in 2 turns: extension 1.\n")
    async with serving(with_login("535 5.7.8 Wrong")) as port:
        status, out, _ = await compared(then, f"127.0.0.1:{port}", *how, PW="wonderland")
    assert status == 1
    assert "  AUTH\n-   code: 235\n+   code: 535\n" in out
    assert "wonderland" not in out and "AGFsaWNl" not in out


async def test_a_profile_logs_in_where_the_recording_holds_a_login(tmp_path: Path):
    (tmp_path / "then.log").write_text(LOGIN)
    (tmp_path / "without.log").write_text(ONE)
    config = tmp_path / "config.toml"
    server = VerbServer("AUTH CRAM-MD5", AUTH="535 5.7.8 Wrong")

    async def logs_in(log: str, *more: str) -> bool:
        asked = len(server.heard)
        await compared(
            str(tmp_path / log), "@mail", "--no-record", *more,
            HELOSCOPE_CONFIG=str(config), PW="wonderland",
        )  # fmt: skip
        assert len(server.heard) > asked
        return b"AUTH CRAM-MD5\r\n" in server.heard[asked:]

    async with serving(server) as port:
        config.write_text(
            f'[servers.mail]\ntarget = "127.0.0.1:{port}"\nuser = "alice"\n'
            'secret = {env = "PW"}\n'
        )
        assert await logs_in("then.log")
        assert not await logs_in("without.log")
        assert not await logs_in("then.log", "--login", "")


async def test_a_login_needs_a_server(logs: tuple[str, str]):
    found = await compared(*logs, "--login", "alice", "--secret", "PW", PW="x")
    assert found[:2] == (2, "")
    assert found[2] == "heloscope: compare: --login needs a TARGET, but neither A nor B is one.\n"


async def test_two_servers_are_compared_with_all_that_a_probe_asks():
    one, other = VerbServer("SIZE 1", VRFY="252 no"), VerbServer("SIZE 1", VRFY="502 no")
    async with serving(one) as first, serving(other) as second:
        status, out, _ = await compared(f"127.0.0.1:{first}", f"127.0.0.1:{second}", "--no-record")
    assert status == 1
    assert "  VRFY postmaster\n-   code: 252\n+   code: 502\n" in out


async def test_a_recording_of_history_by_its_number_and_name(logs: tuple[str, str], tmp_path: Path):
    state = str(tmp_path / "state")
    async with serving(VerbServer("SIZE 1")) as port:
        for arguments in (("probe",), ("probe", "--ehlo", "other")):
            await heloscope(*arguments, f"127.0.0.1:{port}", environment={"XDG_STATE_HOME": state})
    status, out, err = await compared("2", "1", XDG_STATE_HOME=state)
    assert (status, err) == (0, "")
    date = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC"
    which = rf"\(127\.0\.0\.1:{port}, {date}\)"
    assert re.match(rf"--- 2 {which}\n\+\+\+ 1 {which}\n", out)
    status, _, err = await compared("2", "9", XDG_STATE_HOME=state)
    assert (status, err) == (
        2,
        "heloscope: compare: Recording 9 not found: the last number is 2.\n",
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("a",), "compare: Missing argument 'B'."),
        (("-", "-"), "compare: A and B cannot both be standard input."),
        (("/nowhere/x", "b@example.org"), "/nowhere/x is not a file, a recording or a TARGET:"),
        (("a", "b", "--record", "x"), "compare: --record FILE records one conversation"),
    ],
)
async def test_bad_input_is_one_sentence(arguments: Any, sentence: str, tmp_path: Path):
    status, out, err = await compared(*arguments, XDG_STATE_HOME=str(tmp_path))
    assert (status, out) == (2, "")
    assert sentence in err
    assert err.count("\n") == 1


async def test_what_is_no_log_is_told(tmp_path: Path):
    (tmp_path / "x").write_text("nothing of the kind\n")
    status, _, err = await compared(str(tmp_path / "x"), str(tmp_path / "x"))
    assert status == 2
    assert err.startswith("heloscope: compare: ")
    assert err.count("\n") == 1


async def test_a_server_that_cannot_be_asked_has_status_3(logs: tuple[str, str]):
    status, out, err = await compared(logs[0], "127.0.0.1:1", "--no-record")
    assert (status, out) == (3, "")
    assert err == "heloscope: compare: 127.0.0.1:1 refused the connection.\n"
    async with serving(script("S: 220 x.example")) as port:
        status, out, err = await compared(logs[0], f"127.0.0.1:{port}", "--no-record")
    assert (status, out) == (3, "")


async def test_control_characters_are_shown_and_secrets_masked(tmp_path: Path):
    one = tmp_path / "one.log"
    one.write_bytes(b"S: 220 x\nC: AUTH PLAIN AGFsaWNlAHdvbmRlcmxhbmQ=\nS: 535 5.7.8 no \x1b[2J\n")
    other = tmp_path / "other.log"
    other.write_bytes(b"S: 220 x\nC: AUTH PLAIN AGJvYgBzZWNyZXQ=\nS: 235 2.7.0 yes\n")
    for how in ((), ("--json",), ("--exact", "--all")):
        status, out, err = await compared(str(one), str(other), *how)
        assert status == 1
        assert "AGFsaWNlAHdvbmRlcmxhbmQ" not in out + err
        assert "AGJvYgBzZWNyZXQ" not in out + err
        assert out.replace("\n", "").isprintable()
