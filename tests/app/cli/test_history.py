"""`heloscope history` lists, finds, shows, names, pins and deletes recordings."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from heloscope.app.cli import start
from heloscope.app.cli.history import command
from heloscope.app.recorded import Recorded
from support.recorded import recorded


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    where = tmp_path / "heloscope" / "journal"
    where.mkdir(parents=True)
    for each in (where, where.parent):
        each.chmod(0o700)
    return where


def run(*words: str, status: int = 0, typed: str = "") -> Result:
    result = CliRunner().invoke(command, words, typed)
    assert result.exit_code == status, result.output
    return result


def refused(*words: str, status: int = 2) -> str:
    result = run(*words, status=status)
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    return result.stderr.strip()


def test_an_empty_list_says_where_recordings_come_from(folder: Path):
    assert run().stdout == (
        f"No recordings yet. heloscope TARGET records each session in {folder}.\n"
    )
    assert run("--json").stdout == ""


def test_the_list_tells_when_which_server_and_the_outcome(folder: Path):
    recorded(folder)
    (line,) = run().stdout.splitlines()
    assert line.split()[0] == "1"
    assert "mail.example.org  1 message accepted; 550 5.1.1 <nobody@example.org>" in line


def test_json_has_a_recording_a_line(folder: Path):
    path = recorded(folder)
    told = json.loads(run("--json").stdout)
    assert (told["number"], told["path"], told["codes"]) == (
        1, str(path), [220, 221, 250, 354, 550],
    )  # fmt: skip
    assert (told["from"], told["to"]) == (
        "alice@example.net", ["nobody@example.org", "bob@example.org"],
    )  # fmt: skip


def test_a_search_tells_the_line_that_was_found(folder: Path):
    recorded(folder)
    first, line = run("search", "unknown", "--code", "55x").stdout.splitlines()
    assert "mail.example.org" in first
    assert line.strip() == "550 5.1.1 <nobody@example.org>: User unknown in local recipient table"
    assert json.loads(run("search", "queued", "--json").stdout)["excerpt"].startswith("250 2.0.0")


def test_a_search_lists_as_many_as_wanted(folder: Path):
    path = recorded(folder)
    copy = path.with_name("2026-09-23-copy.jsonl")
    copy.write_bytes(path.read_bytes())
    assert len(run("search", "queued", "--json").stdout.splitlines()) == 2
    assert len(run("search", "queued", "-n", "1", "--json").stdout.splitlines()) == 1


def test_a_search_without_a_find_is_status_1(folder: Path):
    recorded(folder)
    assert "no recording matches" in refused("search", "greylisted", status=1)
    assert "no recording matches" in refused("search", "--since", "1h", status=1)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["frob"], "history: unknown command frob. The commands are search, show,"),
        (["search"], "search: nothing to search for: use WORDS"),
        (["search", "!?"], "search: nothing to search for: the words contain no letter"),
        (["search", "--code", "abc"], "search: abc is not a reply code: use 550, 55x or 5xx."),
        (["search", "--since", "soon"], "search: soon is not a date: use 2026-11-29,"),
        (["show", "2"], "show: Recording 2 not found: the last number is 1."),
        (["show", "x"], "show: No recording is called x; heloscope history lists all recordings."),
        (["name", "1", "7"], "name: A name of digits only would be taken for a number"),
        (["name", "1", "a/b"], "name: A name must not contain /"),
        (["delete", "1"], "delete: cannot ask without a terminal; --yes deletes without asking."),
    ],
)
def test_bad_input_gets_one_sentence(folder: Path, words: list[str], said: str):
    recorded(folder)
    assert said in refused(*words)


def test_a_recording_is_printed_as_text_or_by_its_path(folder: Path):
    path = recorded(folder)
    assert "C: MAIL FROM:<alice@example.net>" in run("show", "1").stdout
    assert run("show", "1", "--path").stdout == f"{path}\n"


def test_a_recording_is_named_by_its_file_from_any_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    path = recorded(folder)
    monkeypatch.chdir(path.parent.parent)
    assert run("show", f"{path.parent.name}/{path.name}", "--path").stdout == f"{path}\n"


def test_a_file_that_is_not_of_the_history_is_told(folder: Path, tmp_path: Path):
    path = recorded(folder)
    other = tmp_path / "other.jsonl"
    other.write_bytes(path.read_bytes())
    assert "heloscope export FILE --to text" in refused("show", str(other))


def test_a_server_of_the_configuration_is_searched_by_its_name(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    recorded(folder)
    file = tmp_path / "config.toml"
    file.write_text(
        '[servers.mx]\ntarget = "smtp://mail.example.org"\n[servers.b]\ntarget = "b.test"\n'
    )
    monkeypatch.setenv("HELOSCOPE_CONFIG", str(file))
    assert run("search", "--server", "@mx").stdout
    assert "no recording matches" in refused("search", "--server", "@b", status=1)
    assert "@nix" in refused("search", "--server", "@nix")


def test_a_torn_recording_is_printed_as_far_as_it_goes(folder: Path):
    path = recorded(folder)
    path.write_bytes(path.read_bytes()[:700])
    shown = run("show", "1")
    assert shown.stdout.endswith("S: 250 2.1.0 Ok\n")
    assert "is incomplete." in shown.stderr


def test_a_name_stands_for_the_recording_until_it_is_taken_away(folder: Path):
    path = recorded(folder)
    run("name", "1", "user unknown")
    assert '"user unknown"' in run().stdout
    assert run("show", "user unknown", "--path").stdout == f"{path}\n"
    assert "user unknown" in run("search", "user unknown").stdout
    run("name", "user unknown")
    assert list(folder.iterdir()) == [path]


def test_a_pinned_recording_is_not_deleted(folder: Path):
    path = recorded(folder)
    run("pin", "1")
    assert run().stdout.split()[0] == "1*"
    assert "recording 1 is pinned" in refused("delete", "1", "--yes").lower()
    run("unpin", "1")
    path.with_name(f"{path.name}.notes.jsonl").write_bytes(b"")
    run("delete", "1", "--yes")
    assert list(folder.iterdir()) == []
    assert run("--json").stdout == ""


def test_open_starts_the_application_with_it(folder: Path, monkeypatch: pytest.MonkeyPatch):
    path = recorded(folder)
    started: list[object] = []
    monkeypatch.setattr(start, "start_app", lambda *_, **named: started.append(named["recording"]))
    run("open", "1")
    assert started == [Recorded(str(path))]


def test_an_index_that_cannot_be_used_is_told_and_the_list_is_printed(folder: Path):
    recorded(folder)
    (folder.parent / "recordings.db").mkdir()
    result = run()
    assert "mail.example.org" in result.stdout
    assert "The index of the recordings cannot be saved: it is a folder, not" in result.stderr


def test_it_imports_no_textual(folder: Path):
    recorded(folder)
    code = (
        "import sys\nfrom heloscope.app.cli.main import cli\n"
        "try: cli(['history', 'search', 'unknown'])\nexcept SystemExit: pass\n"
        "sys.exit('textual' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0
