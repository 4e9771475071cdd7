"""A standard stream that is closed, full or no longer read ends a command with a sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

RECORDING = '{"heloscope":1,"began":0.0}\n{"at":0.0,"from":"S","text":"220 hi\\r\\n"}\n'
CLOSED = "heloscope: the output could not be written: standard output is closed.\n"
FULL = "heloscope: the output could not be written: No space left on device.\n"
needs_full = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has it")


def shell(how: str, *words: str, home: Path) -> tuple[int, str, str]:
    """Run heloscope in a shell that redirects its streams. Return the status, output and errors."""
    script = f'"$@" {how}'
    result = subprocess.run(
        ["sh", "-c", script, "sh", sys.executable, "-m", "heloscope.app", *words],
        capture_output=True, timeout=60, check=False, text=True,
        env={**os.environ, "XDG_STATE_HOME": str(home), "XDG_CONFIG_HOME": str(home)},
    )  # fmt: skip
    return result.returncode, result.stdout, result.stderr


@pytest.mark.parametrize(
    "words",
    [("explain", "550"), ("config",), ("--version",), ("run", "--help"), ("export", "a.jsonl"),
     ("compare", "a.jsonl", "a.jsonl"), ("run", "try.smtp", "practice")],
    ids=lambda words: words[0],
)  # fmt: skip
def test_a_closed_output_is_told_and_is_status_1(words: tuple[str, ...], tmp_path: Path):
    (tmp_path / "a.jsonl").write_text(RECORDING)
    (tmp_path / "try.smtp").write_text("NOOP\n")
    if words[0] == "export":
        words = (*words, "--to", "text")
    paths = [str(tmp_path / word) if "." in word else word for word in words]
    assert shell(">&-", *paths, home=tmp_path) == (1, "", CLOSED)


def test_a_command_that_prints_nothing_needs_no_output(tmp_path: Path):
    (tmp_path / "try.smtp").write_text("NOOP\n:expect 250\n")
    words = ("run", "--quiet", str(tmp_path / "try.smtp"), "practice")
    assert shell(">&- 2>&- <&-", *words, home=tmp_path) == (0, "", "")


@needs_full
@pytest.mark.parametrize("words", [("config",), ("--version",)], ids=lambda words: words[0])
def test_a_full_disk_is_told_and_is_status_1(words: tuple[str, ...], tmp_path: Path):
    assert shell(">/dev/full", *words, home=tmp_path) == (1, "", FULL)


@pytest.mark.parametrize("how", ["2>&-", pytest.param("2>/dev/full", marks=needs_full)])
def test_errors_that_cannot_be_told_leave_the_status_as_it_is(how: str, tmp_path: Path):
    assert shell(how, "run", str(tmp_path / "none.smtp"), home=tmp_path)[0] == 2


@pytest.mark.parametrize(
    "words", [("open", "-"), ("export", "-", "--to", "text"), ("explain", "-"), ("run", "-")]
)
def test_a_closed_input_is_told(words: tuple[str, ...], tmp_path: Path):
    told = f"heloscope: {words[0]}: standard input is closed, so nothing can be read from it.\n"
    assert shell("<&-", *words, home=tmp_path) == (2, "", told)


def test_a_reader_that_leaves_ends_it_without_a_word(tmp_path: Path):
    words = ("practice", "--list")
    assert shell("| true; exit", *words, home=tmp_path)[2] == ""


@pytest.mark.parametrize(
    "words",
    [("run", "try.smtp", "practice"),
     ("send", "practice", "--from", "a@b.example", "--to", "alice@practice.test",
      "--body", "x" * 5000)],
    ids=lambda words: words[0],
)  # fmt: skip
def test_a_recording_that_was_asked_for_and_is_not_whole_is_status_1(
    words: tuple[str, ...], tmp_path: Path
):
    (tmp_path / "try.smtp").write_text(f"EHLO me\nNOOP {'x' * 5000}\nQUIT\n")
    words = (*words, "--quiet", "--record", "made.jsonl")
    result = subprocess.run(
        ["sh", "-c", 'ulimit -f 8; exec "$@"', "sh", sys.executable, "-m", "heloscope.app", *words],
        capture_output=True, timeout=60, check=False, text=True, cwd=tmp_path,
        env={**os.environ, "XDG_STATE_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path),
             "PYTHONDONTWRITEBYTECODE": "1"},  # Python would leave half a .pyc behind
    )  # fmt: skip
    assert result.returncode == 1
    assert result.stderr == "heloscope: the recording made.jsonl ends here: File too large.\n"
    assert (tmp_path / "made.jsonl").read_text().startswith('{"heloscope":1,')
