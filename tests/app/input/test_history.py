"""What the history keeps of a line that may hold a password."""

from __future__ import annotations

from pathlib import Path

import pytest
from heloscope.app.input.history import KEPT, History


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("NOOP", ["NOOP"]),
        ("AUTH PLAIN AGFsaWNlAHNlY3JldA==", ["AUTH PLAIN"]),
        ("auth plain AGFsaWNlAHNlY3JldA==", ["auth plain"]),
        ("X-EXPS NTLM TlRMTVNTUAABAAAA", ["X-EXPS NTLM"]),
        ("AUTH LOGIN", ["AUTH LOGIN"]),
        ("AUTH EXTERNAL =", ["AUTH EXTERNAL ="]),
        (":raw AUTH PLAIN AGFsaWNlAHNlY3JldA==", []),
        (":raw X-EXPS NTLM TlRMTVNTUAABAAAA", []),
        (r":raw NOOP\r\nAUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n", []),
        (r":raw NOOP\r\n", [r":raw NOOP\r\n"]),
        ("", []),
        ("AUHT PLAIN AGFsaWNlAHNlY3JldA==", ["AUHT PLAIN"]),
        ("AUTH AGFsaWNlAHNlY3JldA==", ["AUTH"]),
        ("AGFsaWNlAHNlY3JldA==", []),
        (":login alice secret-1", [":login alice"]),
        (r":raw \x41UTH PLAIN AGFsaWNlAHNlY3JldA==", []),
        (":connect smtp://joe:secret-1@host", [":connect smtp://joe:********@host"]),
        ("VRFY wonderland", ["VRFY ********"]),
        (":find Wonderland", [":find ********"]),
        ("WONDERLAND", []),
    ],
)
def test_what_is_kept_of_a_line(typed: str, kept: list[str]):
    history = History()
    history.secrets.add(b"wonderland")
    history.add(typed)
    assert history.lines == kept


def test_what_an_older_version_kept_is_masked_as_it_is_loaded(tmp_path: Path):
    file = tmp_path / "history"
    file.write_text("NOOP\nAUHT PLAIN AGFsaWNlAHNlY3JldA==\n:login alice secret-1\n" * 3000)
    history = History(file)
    assert history.lines[-3:] == ["NOOP", "AUHT PLAIN", ":login alice"]
    assert len(history.lines) == KEPT
    assert "secret" not in file.read_text() and "AGFs" not in file.read_text()


def test_a_file_that_holds_no_secret_is_not_rewritten(tmp_path: Path):
    file = tmp_path / "history"
    file.write_text("NOOP\nEHLO me\n")
    before = file.stat()
    assert History(file).lines == ["NOOP", "EHLO me"]
    assert file.stat().st_ino == before.st_ino


def test_a_secret_that_becomes_known_later_is_masked_in_what_is_kept(tmp_path: Path):
    file = tmp_path / "history"
    history = History(file)
    for line in ("VRFY wonderland", "NOOP", "wonderland", "EHLO me"):
        history.add(line)
    history.secrets.add(b"wonderland")
    assert history.lines == ["VRFY ********", "NOOP", "EHLO me"]
    assert file.read_text() == "VRFY ********\nNOOP\nEHLO me\n"
    history.add("QUIT")
    assert file.read_text().endswith("EHLO me\nQUIT\n")
