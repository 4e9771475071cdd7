"""A login that is masked in a recording can be repeated from an export.

The user name and the password come from the environment, or else the export says what it omits.
"""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
import warnings
from pathlib import Path

import pytest
from heloscope.app.export.replay import Replay, replay_of
from heloscope.app.export.script import script
from heloscope.app.export.smtplib_program import smtplib_program
from heloscope.app.export.swaks import swaks
from heloscope.session.aio.session import Session
from heloscope.session.protocol.replay import replay as fed
from heloscope.session.record.reader import Recording
from support.copied_program import SECRETS, of_its_kind, run
from support.witness_server import WitnessServer, offer_all, witnessing

MECHANISMS = {
    "PLAIN": "password",
    "LOGIN": "password",
    "CRAM-MD5": "password",
    "SCRAM-SHA-1": "password",
    "SCRAM-SHA-256": "password",
    "XOAUTH2": "token",
    "OAUTHBEARER": "token",
    "ANONYMOUS": "",
}


async def recorded(server: WitnessServer, folder: Path, mechanism: str, initial: bool) -> Replay:
    """Log in with this mechanism and record it. Return the replay read from the recording."""
    session = Session("127.0.0.1", server.port, timeout=10)
    await session.connect()
    await session.ehlo("me.example")
    secret = SECRETS.get(MECHANISMS[mechanism], "")
    await session.login(
        "alice", secret, mechanism=mechanism, in_clear=True, initial_response_ok=initial
    )
    await session.quit()
    path = folder / "talk.jsonl"
    path.write_text(session.transcript.to_jsonl())
    await session.close()
    with Recording(path) as recording:
        talk = fed(recording)
    return replay_of(talk.transcript, session.target)


@pytest.mark.parametrize("initial", [True, False], ids=["initial response", "without"])
@pytest.mark.parametrize("mechanism", MECHANISMS)
async def test_the_program_logs_in_as_it_was_recorded(
    mechanism: str, initial: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    offer_all(monkeypatch)
    monkeypatch.setenv("USER_NAME", "alice")
    async with witnessing() as server:
        replay = await recorded(server, tmp_path, mechanism, initial)
        program = smtplib_program(replay)
        assert "alice" not in program
        ended = await asyncio.wait_for(asyncio.to_thread(run, program, of_its_kind), 30)
        assert ended == "", f"{ended}\n{program}"
        await server.all_gone()
        first, second = server.conversations()
        assert second == first, program
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # the end of a process would close it
        gc.collect(0)


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN", "CRAM-MD5"])
@pytest.mark.skipif(shutil.which("swaks") is None, reason="swaks is not installed")
async def test_swaks_logs_in_as_it_was_recorded(
    mechanism: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    offer_all(monkeypatch)
    async with witnessing() as server:
        replay = await recorded(server, tmp_path, mechanism, True)
        command = swaks(replay)
        assert "# The credentials are omitted; set USER_NAME and PASSWORD first." in command
        process = await asyncio.create_subprocess_exec(
            "sh", "-c", command,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            env={**os.environ, "USER_NAME": "alice", "PASSWORD": "wonderland"},
        )  # fmt: skip
        await asyncio.wait_for(process.wait(), 30)
        await server.all_gone()
        first, second = server.conversations()
        assert second == first, command


@pytest.mark.parametrize(
    ("mechanism", "lines"),
    [
        ("PLAIN", ":auth PLAIN\n:answer $USER_NAME\n:secret PASSWORD\n:expect 235\n"),
        (
            "SCRAM-SHA-256",
            ":auth SCRAM-SHA-256\n:answer $USER_NAME\n:secret PASSWORD\n:expect 235\n",
        ),
        ("XOAUTH2", ":auth XOAUTH2\n:answer $USER_NAME\n:secret TOKEN\n:expect 235\n"),
    ],
)
async def test_the_script_names_what_is_to_be_supplied(
    mechanism: str, lines: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    offer_all(monkeypatch)
    async with witnessing() as server:
        text = script(await recorded(server, tmp_path, mechanism, True))
    assert lines in text
    assert f"# The recorded login is masked; the usual {mechanism} login is assumed." in text
