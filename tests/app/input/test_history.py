"""What the history keeps of a line that may contain a password."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from heloscope.app.input.history import KEPT, History
from hypothesis import given
from hypothesis import strategies as st
from support.rows import for_each


@for_each(
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
    ]
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


# The file


def kept(file: Path) -> list[str]:
    return History(file).lines


def test_lines_are_kept_for_the_next_run_for_the_user_alone(tmp_path: Path):
    file = tmp_path / "state" / "history"
    History(file).add("NOOP")
    assert kept(file) == ["NOOP"]
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700


def test_an_older_file_that_others_could_read_is_mended(tmp_path: Path):
    file = tmp_path / "history"
    file.write_text("NOOP\n")
    file.chmod(0o644)
    assert kept(file) == ["NOOP"]
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (os.mkfifo, "it is a named pipe, not a regular file; remove it"),
        (
            lambda path: path.symlink_to("/dev/zero"),
            "it is a symbolic link, not a regular file; remove it",
        ),
        (lambda path: path.mkdir(), "it is a folder, not a regular file; remove it"),
    ],
)
def test_what_is_in_its_way_is_told_and_lines_are_kept_for_this_run(
    tmp_path: Path, make: Callable[[Path], object], words: str
):
    file = tmp_path / "history"
    make(file)
    history = History(file)
    assert history.trouble == f"Cannot read the history: {words} ({file})."
    history.add("NOOP")
    assert history.lines == ["NOOP"]
    assert history.trouble == f"The history is not being kept: {words} ({file})."


def test_a_history_that_others_may_have_planted_is_not_used(tmp_path: Path):
    file = tmp_path / "history"
    file.write_text("RSET\n")
    tmp_path.chmod(0o777)
    history = History(file)
    assert history.lines == []
    history.add("NOOP")
    assert history.trouble == (
        "The history is not being kept: other users can write to the folder; run chmod go-w on it "
        f"({tmp_path})."
    )
    assert file.read_text() == "RSET\n"


def test_an_endless_file_is_read_at_its_end_alone(tmp_path: Path):
    file = tmp_path / "history"
    with file.open("wb") as out:
        out.truncate(1 << 40)
        out.seek(0, os.SEEK_END)
        out.write(b"\nNOOP\n")
    assert kept(file) == ["NOOP"]


def test_a_line_of_enormous_length_is_recalled_in_this_run_alone(tmp_path: Path):
    history = History(tmp_path / "history")
    history.add("NOOP " + "x" * 20_000)
    history.add("RSET")
    assert history.recall("NOOP", 1) == "NOOP " + "x" * 20_000
    assert kept(tmp_path / "history") == ["RSET"]
    (tmp_path / "history").write_text("x" * 20_000 + "\nNOOP\n")
    assert kept(tmp_path / "history") == ["NOOP"]


@given(piece=st.binary(max_size=300), times=st.integers(1, 9000))
def test_nothing_in_the_file_raises(
    tmp_path_factory: pytest.TempPathFactory, piece: bytes, times: int
):
    file = tmp_path_factory.mktemp("state") / "history"
    file.write_bytes(piece * times + b"\n")
    history = History(file)
    history.addresses()
    history.arguments("MAIL")
    history.recall("M", 1)
    history.add("NOOP")
    assert history.trouble == ""
    assert kept(file)[-1] == "NOOP"
