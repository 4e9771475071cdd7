"""`heloscope history again` repeats a recording, and stops with a reason if a reply differs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from heloscope.session.record.notes import Notes, handout
from support.commands import heloscope
from support.fixed_certificates import context
from support.foreign_samples import SAMPLES
from support.scripts import observe
from support.servers import VerbServer, script_in_tls, serving

TALK = """
    S: 220 mx.example.org
    C: EHLO me.example
    S: 250-mx.example.org
    S: 250 SIZE 1000
    C: MAIL FROM:<a@example.org>
    S: 250 2.1.0 ok
    C: RCPT TO:<b@example.org>
    S: 550 5.1.1 no such user
    C: QUIT
    S: 221 2.0.0 bye
"""
SAYS = {"MAIL": "250 2.1.0 ok", "RCPT": "550 5.1.1 unknown", "QUIT": "221 2.0.0 bye"}


async def again(folder: Path, *words: str, **environment: str) -> tuple[int, str, str]:
    """Run `heloscope history again`. Return the exit status, standard output and standard error."""
    environment = {"XDG_STATE_HOME": str(folder), **environment}
    return await heloscope("history", "again", *words, environment=environment)


def kept(folder: Path, talk: str = TALK, target: str = "mx.example.org") -> Path:
    """Store a recording in the folder of recordings, and return its path."""
    where = folder / "heloscope" / "journal"
    where.mkdir(parents=True, mode=0o700)
    where.parent.chmod(0o700)
    path = where / "20261129-100000-1-1.jsonl"
    path.write_bytes(b"".join(handout(observe(talk).transcript, target, Notes())))
    return path


async def test_the_same_answers_are_status_0_and_are_recorded(tmp_path: Path):
    path = kept(tmp_path)
    async with serving(VerbServer("SIZE 1000", **SAYS)) as port:
        status, out, err = await again(tmp_path, str(path), f"127.0.0.1:{port}")
    assert (status, err) == (0, "")
    assert "C: RCPT TO:<b@example.org>\nS: 550 5.1.1 unknown\n" in out
    assert out.endswith("All replies are as recorded.\n")
    assert len(list(path.parent.glob("*.jsonl"))) == 2


async def test_another_answer_is_told_with_its_line_and_its_meaning(tmp_path: Path):
    kept(tmp_path)
    server = VerbServer("SIZE 1000", **SAYS | {"RCPT": "250 2.1.5 ok"})
    async with serving(server) as port:
        status, out, err = await again(tmp_path, "1", f"127.0.0.1:{port}", "--no-record")
    assert status == 1
    assert err == (
        "heloscope: Different reply at line 7 (RCPT TO:<b@example.org>): expected 550 5.1.1 no "
        "such user; got 250 2.1.5 ok.\n"
    )
    assert "means: " in out
    assert server.heard[-1] == b"QUIT\r\n"


async def test_other_extensions_are_told_with_their_meaning(tmp_path: Path):
    kept(tmp_path)
    async with serving(VerbServer("STARTTLS", **SAYS)) as port:
        status, out, err = await again(tmp_path, "1", f"127.0.0.1:{port}", "--no-record")
    assert status == 1
    assert (
        "Different extensions at line 2 (EHLO me.example): expected SIZE 1000, no STARTTLS;" in err
    )
    assert "means: STARTTLS: " in out
    async with serving(VerbServer("STARTTLS", **SAYS)) as port:
        words = ("1", f"127.0.0.1:{port}", "--no-record", "--ignore", "extensions", "--json")
        status, out, err = await again(tmp_path, *words)
    assert (status, err) == (0, "")
    assert all(json.loads(line) for line in out.splitlines())


async def test_a_log_of_another_tool_with_a_login(tmp_path: Path):
    talk = "S: 220 x\nC: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: Ym9i\nS: 334 UGFzc3dvcmQ6\n"
    path = tmp_path / "pasted.log"
    path.write_text(talk + "C: c2VjcmV0\nS: 235 2.7.0 ok\nC: QUIT\nS: 221 bye\n")
    status, out, err = await again(tmp_path, str(path), "127.0.0.1:9")
    assert (status, out) == (2, "")
    assert err.endswith(
        "line 4 logs in with AUTH LOGIN, but secrets are not recorded; add --login USER "
        "and --secret NAME.\n"
    )
    async with serving(VerbServer(AUTH="334 VXNlcm5hbWU6")) as port:
        login = ("--login", "bob", "--secret", "PW")
        status, out, err = await again(
            tmp_path, str(path), f"127.0.0.1:{port}", *login, "--no-record", PW="wonderland"
        )
    assert status == 1
    assert "AUTH LOGIN was not sent: would expose the password" in err
    assert "wonderland" not in out + err
    async with serving(VerbServer(AUTH="334 VXNlcm5hbWU6", answer="535 5.7.8 wrong")) as port:
        status, out, err = await again(
            tmp_path,
            str(path),
            f"127.0.0.1:{port}",
            *login,
            "--no-record",
            "--in-clear",
            PW="x" * 9,
        )
    assert (status, err.count("Different reply at line 4 (an AUTH response)")) == (1, 1)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["7"], "again: Recording 7 not found: the last number is 1."),
        (["nothing"], "again: No recording is called nothing;"),
        (["1", "--tls", "required"], "again: --tls required, but the recording contains no"),
        (["1", "--ignore", "texts"], "again: Invalid value for '--ignore'"),
        (
            [str(SAMPLES / "rfc-style.txt")],
            "again: the recording does not name its server; add a TARGET.",
        ),
    ],
)
async def test_bad_input_gets_one_sentence(tmp_path: Path, words: list[str], said: str):
    kept(tmp_path)
    status, out, err = await again(tmp_path, *words)
    assert (status, out) == (2, "")
    assert said in err.splitlines()[-1]


async def test_a_recording_in_which_the_client_says_nothing_is_named(tmp_path: Path):
    kept(tmp_path, "S: 220 mx.example.org ESMTP\n")
    status, out, err = await again(tmp_path, "1")
    assert (status, out) == (2, "")
    assert err.splitlines()[-1] == (
        "heloscope: again: the client sends nothing in 1; heloscope history lists all recordings."
    )


async def test_tls_that_fails_is_told_with_its_reason(tmp_path: Path):
    path = str(SAMPLES / "swaks-2024-tls.txt")
    in_clear = "S: 220 x\nC: EHLO\nS: 250 x\nC: STARTTLS\nS: 220 2.0.0 go"
    server = script_in_tls(in_clear, context("good"), "C: EHLO")
    async with serving(server) as port:
        options = ("--ignore", "extensions", "--quiet", "--login", "bob", "--secret", "PW")
        status, _, err = await again(
            tmp_path, path, f"127.0.0.1:{port}", *options, "--no-record", PW="wonderland"
        )
    assert status == 1
    reason, differs = err.splitlines()[-2:]
    assert reason.endswith("--ca FILE trusts its issuer; --no-verify accepts any certificate.")
    assert "TLS failed at line" in differs
