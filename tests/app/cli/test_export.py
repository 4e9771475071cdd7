"""`heloscope export` converts a recording or a log, and reports bad input in one sentence."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from heloscope.app.actions import EXPORT_FORMATS
from heloscope.app.cli.export import command
from support.recorded import recorded

SWAKS_LOG = """\
=== Connected to mail.example.org.
<-  220 mail.example.org ESMTP
 -> EHLO laptop
<-  250 mail.example.org
 -> QUIT
<-  221 bye
=== Connection closed with remote host.
"""


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


def test_the_newest_recording_is_number_1_and_goes_to_standard_output(folder: Path):
    recorded(folder)
    assert run("1", "--to", "text").stdout.splitlines()[1] == (
        "2026-09-21T14:13:20.100Z S: 220 mail.example.org ESMTP Postfix"
    )


def test_the_name_of_the_output_tells_the_format_and_the_file_is_the_users_alone(
    folder: Path, tmp_path: Path
):
    path, page = recorded(folder), tmp_path / "talk.html"
    assert run(str(path), "-o", str(page)).output == ""
    assert page.read_bytes().startswith(b"<!DOCTYPE html>")
    assert stat.S_IMODE(page.stat().st_mode) == 0o600


def test_an_exported_recording_is_read_again(folder: Path, tmp_path: Path):
    path, again = recorded(folder), tmp_path / "again.jsonl"
    run(str(path), "-o", str(again))
    first, second = (run(str(each), "--to", "text").stdout for each in (path, again))
    assert first == second


def test_the_log_of_another_tool_is_exported_and_what_it_does_not_tell_is_said(tmp_path: Path):
    log = tmp_path / "swaks.log"
    log.write_text(SWAKS_LOG)
    result = run(f"{log}#1", "--to", "script")
    assert "EHLO laptop\n:expect 250\nQUIT\n:expect 221\n" in result.stdout
    assert "swaks" in result.stderr
    assert run("-", "--to", "script", typed=SWAKS_LOG).stdout == result.stdout


def test_addresses_and_content_are_masked_when_asked_for(folder: Path):
    path = recorded(folder)
    text = run(str(path), "--to", "text", "--mask", "addresses,content").stdout
    assert "RCPT TO:<user2@host4.example>" in text
    assert "message, 3 lines, 29 bytes, not shown" in text
    assert "example.org" not in text


def test_each_of_several_messages_has_a_file_of_its_own(tmp_path: Path):
    path = tmp_path / "two.jsonl"
    said = ["S: 220 hi", "C: EHLO me", "S: 250 hi"]
    for number in (1, 2):
        said += [
            *("C: MAIL FROM:<>", "S: 250 ok", "C: RCPT TO:<a@b.c>", "S: 250 ok", "C: DATA"),
            *("S: 354 go", f"C: Subject: {number}", "C: ", "C: ..", "C: .", "S: 250 ok"),
        ]
    rows = [{"at": 0.0, "from": line[0], "text": f"{line[3:]}\r\n"} for line in said]
    lines = [{"heloscope": 1, "began": 0.0, "target": "x"}, *rows]
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    assert refused(str(path), "--to", "eml") == (
        "heloscope: export: FILE has 2 messages. --message N writes one of them; -o FILE writes "
        "each to a file of its own."
    )
    found = run(str(path), "-o", str(tmp_path / "m.eml")).stdout.split()
    assert found == [str(tmp_path / "m-1.eml"), str(tmp_path / "m-2.eml")]
    assert [Path(each).read_bytes() for each in found] == [
        b"Subject: 1\r\n\r\n.\r\n", b"Subject: 2\r\n\r\n.\r\n",
    ]  # fmt: skip
    assert run(str(path), "--to", "eml", "--message", "2").stdout_bytes == (
        b"Subject: 2\r\n\r\n.\r\n"
    )
    assert "no message 3: FILE has only 2 messages" in refused(
        str(path), "--to", "eml", "--message", "3"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nothing", "--to", "text"), "no file or recording is called nothing"),
        (("1", "--to", "pdf"), "'pdf' is not one of 'text', 'markdown', 'html'"),
        (("1",), "no format: use --to FORMAT, one of text, markdown, html"),
        (("1", "--to", "text", "--mask", "names"), "unknown --mask names; use addresses"),
        (("1", "-o", "/nowhere/x.txt"), "the file cannot be written: No such file or directory"),
        ((), "Missing argument 'FILE'."),
    ],
)
def test_bad_input_is_one_sentence(folder: Path, words: tuple[str, ...], said: str):
    recorded(folder)
    assert said in refused(*words)


def test_a_file_that_exists_is_not_overwritten(folder: Path, tmp_path: Path):
    recorded(folder)
    (tmp_path / "x.txt").write_text("mine")
    assert "exists and will not be overwritten. Choose another name." in refused(
        "1", "-o", str(tmp_path / "x.txt")
    )
    assert (tmp_path / "x.txt").read_text() == "mine"


def test_help_lists_every_format():
    text = run("--help").stdout
    assert all(f"  {name} " in text for name in EXPORT_FORMATS)


def test_neither_textual_nor_the_screens_are_imported(folder: Path):
    path = recorded(folder)
    code = (
        "import sys; sys.argv = ['heloscope', 'export', sys.argv[1], '--to', 'html']\n"
        "from heloscope.app.__main__ import main\n"
        "try:\n    main()\n"
        "except SystemExit:\n    pass\n"
        "print([name for name in sys.modules if name.partition('.')[0] in ('textual', 'dpkt')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "[]"
