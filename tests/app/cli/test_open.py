"""If `heloscope open FILE` cannot open a file, it prints one sentence and exits with 2."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from heloscope.app.cli import start
from heloscope.app.cli.open import command
from heloscope.app.recorded import Recorded
from heloscope.app.recordings.opened import read_recording
from heloscope.session.record.masking import KnownSecrets
from support.foreign_samples import SAMPLES
from support.recorded import recorded


def test_it_starts_the_application_with_the_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    started: list[Any] = []
    monkeypatch.setattr(start, "start_app", lambda *_, **named: started.append(named["recording"]))
    path = recorded(tmp_path)
    runner = CliRunner()
    runner.invoke(command, [str(path)])
    runner.invoke(command, [str(path), "--present", "--mask", "addresses"])
    assert started == [Recorded(str(path)), Recorded(str(path), presented=True, masked=True)]


def test_a_kept_recording_is_named_by_its_number_or_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    started: list[Any] = []
    monkeypatch.setattr(start, "start_app", lambda *_, **named: started.append(named["recording"]))
    folder = tmp_path / "heloscope" / "journal"
    folder.mkdir(mode=0o700, parents=True)
    folder.parent.chmod(0o700)
    path = recorded(folder)
    assert CliRunner().invoke(command, ["1"]).exit_code == 0
    assert started == [Recorded(str(path))]
    result = CliRunner().invoke(command, ["no such name"])
    said = "heloscope: open: no file or recording is called no such name;"
    assert (result.exit_code, result.stderr.startswith(said)) == (2, True)


def test_a_log_is_read_once(monkeypatch: pytest.MonkeyPatch):
    started: list[Any] = []
    monkeypatch.setattr(start, "start_app", lambda *_, **named: started.append(named["recording"]))
    path = str(SAMPLES / "aiosmtpd.txt")
    CliRunner().invoke(command, [f"{path}#2"])
    (found,) = started
    monkeypatch.setattr("heloscope.app.recordings.opened.open_log", None)
    opened = asyncio.run(read_recording(found.file, KnownSecrets(), log=found.log))
    assert (opened.target, opened.format) == ("127.0.0.1:48636", "aiosmtpd")


def test_a_conversation_that_a_log_does_not_have_gets_one_sentence():
    path = str(SAMPLES / "aiosmtpd.txt")
    result = CliRunner().invoke(command, [f"{path}#9"])
    assert result.exit_code == 2
    assert result.stderr == (
        f"heloscope: open: {path} has only 2 conversations, so there is no #9.\n"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hello\n", "cannot be opened: it is not a heloscope recording, a capture"),
        ('{"heloscope": 99}\n', "cannot be opened: it is a recording in format 99;"),
        (None, "; heloscope history lists the recordings."),
    ],
)
def test_what_cannot_be_opened_gets_one_sentence(tmp_path: Path, text: str | None, said: str):
    path = tmp_path / "log"
    if text is not None:
        path.write_text(text)
    result = CliRunner().invoke(command, [str(path)])
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.split())
    assert result.stderr.count("\n") == 1
