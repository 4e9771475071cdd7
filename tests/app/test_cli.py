"""Bad input from the system ends the program cleanly or with one sentence, and no data is lost."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from heloscope.app.cli.main import cli
from support.terminal import LIMIT, Terminal

GREETING = "220 practice.test"


def run(home: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `heloscope` without a terminal."""
    return subprocess.run(
        [sys.executable, "-m", "heloscope.app", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=Terminal.environment(home, environment),
        timeout=LIMIT,
    )


def journals(home: Path) -> list[Path]:
    return sorted(home.rglob("*.jsonl"))


def test_without_a_terminal_it_says_that_it_needs_one(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "heloscope: a terminal is needed, but standard input or output is redirected; "
        "heloscope --plain needs none.\n"
    )


def test_keys_are_listed_without_a_terminal(tmp_path: Path) -> None:
    done = run(tmp_path, "--keys")
    assert (done.returncode, done.stderr) == (0, "")
    assert "\n  Ctrl+O                  connect to a server\n" in done.stdout
    assert "\n  :connect [TARGET]       connect to a server\n" in done.stdout
    assert done.stdout.endswith("QUIT is an SMTP command; :q leaves heloscope.\n")


def test_help_has_a_short_name(tmp_path: Path) -> None:
    short, long = run(tmp_path, "-h"), run(tmp_path, "--help")
    assert short.stdout == long.stdout
    assert "-h, --help " in short.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["sned", "practice", "--from", "a@b.example"],
            "Unknown command sned. Did you mean send?",
        ),
        (["prob", "127.0.0.1"], "Unknown command prob. Did you mean probe?"),
        (["127.0.0.1", "x"], "Got unexpected extra argument"),
    ],
)
def test_a_misspelled_command_with_arguments_is_recognised(words: list[str], said: str) -> None:
    done = CliRunner().invoke(cli, words)
    assert done.exit_code == 2
    assert said in done.stderr


def test_with_standard_error_in_a_file_it_says_so_instead_of_drawing_there(tmp_path: Path) -> None:
    master, slave = os.openpty()
    with (tmp_path / "errors").open("wb") as errors:
        done = subprocess.run(
            [sys.executable, "-m", "heloscope.app"],
            stdin=slave,
            stdout=slave,
            stderr=errors,
            env=Terminal.environment(tmp_path),
            timeout=LIMIT,
        )
    said = os.read(master, 1000)
    os.close(master)
    os.close(slave)
    assert done.returncode == 2
    assert (
        said
        == b"heloscope: the screen is drawn on standard error, which must not be redirected.\r\n"
    )
    assert (tmp_path / "errors").read_bytes() == b""


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("mail:port", "A port must be a number from 1 to 65535"),
        ("two words", "is not a host name"),
        ("http://mail", "is not the scheme of a mail server"),
        ("me@example.org", "is an email address"),
        ("\x1b[2Jmail", r"\x1b[2Jmail"),
    ],
)
def test_a_wrong_target_is_one_sentence_on_standard_error(
    tmp_path: Path, target: str, words: str
) -> None:
    done = run(tmp_path, target)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("term", ["dumb", ""])
def test_a_terminal_that_cannot_be_drawn_on_is_told(tmp_path: Path, term: str) -> None:
    with Terminal(tmp_path, environment={"TERM": term}) as terminal:
        assert terminal.end() == 2
        assert "TERM=xterm-256color" in terminal.said
        assert "Traceback" not in terminal.said


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_signal_ends_it_in_good_order(tmp_path: Path, number: int, status: int) -> None:
    with Terminal(tmp_path) as terminal:
        terminal.until(GREETING)
        terminal.process.send_signal(number)
        assert terminal.end() == status
        (journal,) = journals(tmp_path)
        assert "Traceback" not in terminal.said
        assert terminal.raw.rfind(b"\x1b[?1049l") > 0  # the terminal is as it was before
        assert str(journal) in terminal.said.replace("\r\n", "")
        assert '"fact":"disconnected"' in journal.read_text()


@pytest.mark.parametrize("controlling", [True, False])
def test_a_terminal_that_is_taken_away_ends_it_and_nothing_is_lost(
    tmp_path: Path, controlling: bool
) -> None:
    with Terminal(tmp_path, controlling=controlling) as terminal:
        terminal.until(GREETING)
        terminal.press("NOOP now\r")
        terminal.until("250 2.0.0")
        terminal.close()
        assert terminal.end() == 129
    (journal,) = journals(tmp_path)
    assert "NOOP now" in journal.read_text()
    (history,) = tmp_path.rglob("history")
    assert history.read_text() == "NOOP now\n"


def test_ctrl_c_before_the_screen_is_there_ends_it_with_130_and_no_word(tmp_path: Path) -> None:
    # Whatever is imported last before the screen interrupts itself, as a quick finger would.
    early = tmp_path / "early"
    early.mkdir()
    (early / "platformdirs.py").write_text(
        "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n"
    )
    with Terminal(tmp_path, environment={"PYTHONPATH": str(early)}) as terminal:
        assert terminal.end() == 130
        assert terminal.said == ""


def test_a_kill_loses_nothing_that_was_on_the_screen(tmp_path: Path) -> None:
    with Terminal(tmp_path) as terminal:
        terminal.until(GREETING)
        terminal.press("NOOP now\r")
        terminal.until("250 2.0.0")
        terminal.process.kill()
        terminal.end()
    (journal,) = journals(tmp_path)
    text = journal.read_text()
    assert text.endswith("\n")
    assert "NOOP now" in text and "250 2.0.0" in text


def test_no_record_writes_no_journal(tmp_path: Path) -> None:
    with Terminal(tmp_path, ["--no-record"]) as terminal:
        terminal.until(GREETING)
        terminal.press("\x11")
        assert terminal.end() == 0
        assert "Recorded" not in terminal.said
    assert journals(tmp_path) == []


def test_where_nothing_can_be_kept_it_says_so_and_works(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where a folder should be")
    (tmp_path / "config").write_text("the same")
    kept = {"XDG_STATE_HOME": str(tmp_path / "state"), "XDG_CONFIG_HOME": str(tmp_path / "config")}
    with Terminal(tmp_path, environment=kept, size=(140, 40)) as terminal:
        terminal.until("not being recorded")
        terminal.until(GREETING)
        terminal.press("NOOP\r")
        terminal.until("history is not being kept")
        terminal.press(":theme textual-light\r")
        terminal.until("could not be saved")
        terminal.press("\x11")
        assert terminal.end() == 0
        assert "Traceback" not in terminal.said


def test_without_a_home_it_works_and_says_what_variable_is_mistyped(tmp_path: Path) -> None:
    state = {"XDG_STATE_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    environment = {"HOME": "", "HELOSCOPE_TIMEOT": "3", **state}
    with Terminal(tmp_path, environment=environment) as terminal:
        terminal.until("HELOSCOPE_TIMEOT: heloscope has")
        terminal.until(GREETING)
        terminal.press("\x11")
        assert terminal.end() == 0


@pytest.mark.parametrize("size", [(20, 24), (12, 6)], ids=str)
def test_a_very_small_terminal_is_no_trouble(tmp_path: Path, size: tuple[int, int]) -> None:
    with Terminal(tmp_path, size=size) as terminal:
        terminal.until("╭─ C")
        terminal.press("EHLO me\r")
        terminal.press("\x11")
        assert terminal.end() == 0
        assert "Traceback" not in terminal.said


def test_a_closed_output_at_the_end_is_no_trouble(tmp_path: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m heloscope.app --help >&-; echo $?"],
        capture_output=True,
        text=True,
        env=Terminal.environment(tmp_path),
        timeout=LIMIT,
    )
    assert "Traceback" not in done.stderr
    assert os.linesep in done.stdout


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="limits of another process: Linux")
def test_a_full_disk_is_told_and_the_conversation_goes_on(tmp_path: Path) -> None:
    # The limit holds for all files: Python would leave half a .pyc behind, and import it later.
    given = {"PYTHONDONTWRITEBYTECODE": "1"}
    with Terminal(tmp_path, environment=given, size=(140, 40)) as terminal:
        terminal.until(GREETING)
        (journal,) = journals(tmp_path)
        limit = journal.stat().st_size
        resource.prlimit(terminal.process.pid, resource.RLIMIT_FSIZE, (limit, limit))
        terminal.press("NOOP\r")
        terminal.until("not being recorded")
        terminal.press("EHLO me\r")
        terminal.until("250 HELP")
        terminal.press("\x11")
        assert terminal.end() == 0
        assert "The end of this conversation was not recorded" in terminal.said
        assert "Traceback" not in terminal.said
    assert journal.stat().st_size == limit
