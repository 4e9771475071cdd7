"""README and CONTRIBUTING are correct: examples run, files exist, the command line is as shown."""

from __future__ import annotations

import contextlib
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import click
from heloscope.app.cli.main import cli
from heloscope.session.events import (
    INJECTED,
    KIND_BITS,
    PIECE,
    SECRET,
    TLS,
    Cause,
    Connected,
    Disconnected,
    Kind,
    Note,
    TlsFailed,
    TlsStarted,
)
from heloscope.session.practice.server import PracticeServer
from heloscope.session.record import format as recording
from heloscope.session.record.transcript import Transcript

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
FOLDERS = "app|session|widgets|tests|screenshots"


def block(name: str) -> str:
    """Return the code block after <!-- name -->."""
    found = re.search(rf"<!-- {name} -->\n```\w+\n(.*?)```", README, re.DOTALL)
    assert found is not None, name
    return found[1]


def test_the_command_line_is_that_of_the_program():
    context = click.Context(cli, info_name="heloscope", max_content_width=80)
    assert block("help") == cli.get_help(context) + "\n"


def linked(page: str) -> set[str]:
    """Return the files to which a page links."""
    return set(re.findall(r"\]\(([^)#:]+)\)", page))


def named(page: str) -> set[str]:
    """Return the files and folders of this repository that a page names as code."""
    return set(re.findall(rf"`((?:{FOLDERS})/[\w/.]+)`", page))


def missing(names: set[str]) -> list[str]:
    return sorted(name for name in names if not (ROOT / name).exists())


def test_readme_links_only_to_files_that_exist():
    assert {"screenshots/error.svg", "CONTRIBUTING.md", "CHANGELOG.md"} <= linked(README)
    assert missing(linked(README) | named(README)) == []


def test_contributing_names_only_files_that_exist():
    assert {"session/events.py", "app/actions.py", "widgets/plan/list.py"} <= named(CONTRIBUTING)
    assert missing(linked(CONTRIBUTING) | named(CONTRIBUTING)) == []


def test_contributing_names_ten_files_to_read():
    section = CONTRIBUTING.partition("## Ten files to read")[2].partition("\n## ")[0]
    assert len(re.findall(r"^\d+\. `", section, re.MULTILINE)) == len(named(section)) == 10


def test_contributing_shows_every_room():
    section = CONTRIBUTING.partition("## The packages")[2].partition("\n## ")[0]
    shown = set(re.findall(r"(\w+)/", section))
    rooms = {
        folder.name
        for package in ("app", "session", "widgets")
        for folder in (ROOT / package).iterdir()
        if (folder / "__init__.py").exists()
    }
    assert "procedures" in rooms
    assert rooms - shown == set()


def test_contributing_answers_ten_questions_and_more():
    section = CONTRIBUTING.partition("## Where is it?")[2]
    rows = [row for row in section.splitlines() if row.startswith("| ")][2:]
    assert len(rows) >= 10
    assert [row for row in rows if not named(row)] == []


def test_contributing_names_functions_that_their_files_have():
    for name, file in (
        ("def _unasked", "session/protocol/reply_reader.py"),
        ("def parse_breakpoint", "session/stepping/breakpoints.py"),
        ("def fold_text", "widgets/transcript/lines.py"),
        ("def mask", "session/record/transcript.py"),
        ("def action_stop", "app/main/screen.py"),
    ):
        assert f"{name.split()[1]}" in CONTRIBUTING and f"`{file}`" in CONTRIBUTING
        assert name + "(" in (ROOT / file).read_text(encoding="utf-8"), file


def test_examples_import_only_from_heloscope_session():
    imports = re.findall(r"^ *(?:from|import) (heloscope\S*)", README, re.MULTILINE)
    assert imports == ["heloscope.session"] * 5


def test_the_changelog_keeps_its_form():
    assert re.findall(r"^## (.+)$", CHANGELOG, re.MULTILINE)[0] == "[Unreleased]"
    kinds = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    assert set(re.findall(r"^### (.+)$", CHANGELOG, re.MULTILINE)) <= kinds


def test_the_commands_are_found_where_ci_looks_for_them():
    assert block("tests").rstrip().endswith("&& .venv/bin/pytest")
    assert block("run").rstrip().endswith("&& .venv/bin/heloscope")


def test_every_field_of_a_recording_is_described():
    transcript = Transcript()
    body = KIND_BITS[Kind.BODY]
    told = [
        recording.header(transcript, "host"),
        recording.rows(transcript, b"x", TLS | PIECE | INJECTED | SECRET, 2.0, 1, 1.0),
        recording.rows(transcript, b"\xff", body, 1.0, 2),
        recording.left_out(transcript, body, 1.0, 2, 3, "digest"),
        recording.fact(transcript, Connected(1.0, "peer", "address", "local")),
        recording.fact(transcript, Disconnected(1.0, Cause.RESET, "detail")),
        recording.fact(transcript, Note(1.0, "timeout", "text")),
        recording.fact(transcript, _full(TlsStarted)),
        recording.fact(transcript, _full(TlsFailed)),
    ]
    fields = {field for line in told for field in json.loads(line)}
    section = README.partition("<summary>The format of a recording")[2].partition("</details>")[0]
    columns = [row.split("|")[1] for row in section.splitlines() if row.startswith("| `")]
    described = {name for column in columns for name in re.findall(r"`(\w+)`", column)}
    assert described == fields


def _full(kind: type[TlsStarted] | type[TlsFailed]) -> TlsStarted | TlsFailed:
    """Return an event in which every field has a value."""
    values = {"chain": (b"certificate",), "received": b"octets", "at": 1.0, "verify_code": 10}
    fields = {field: values.get(field, "x") for field in kind.__struct_fields__}
    return kind(**fields)  # pyright: ignore[reportArgumentType]


def run(example: str) -> tuple[str, PracticeServer]:
    """Run an example, and return its output and the server on which it was run."""
    with PracticeServer() as server, contextlib.redirect_stdout(io.StringIO()) as said:
        exec(block(example).replace("2525", str(server.port)), {"__name__": "__main__"})
    return said.getvalue(), server


def test_the_example_of_session_runs():
    said, _ = run("session")
    assert "250 b'2.1.5 Alice Smith <alice@practice.test>' True" in said
    assert "C b'VRFY alice\\r\\n'" in said
    assert "StateChanged(" in said


def test_the_example_of_send_runs():
    said, server = run("send")
    assert said.startswith("('alice@practice.test',) Reply(code=250, text=b'2.0.0 Message 1 deliv")
    [message] = server.mailboxes.of["alice"]
    assert message.content.endswith(b"\r\n\r\nHello Alice.\r\n")


def test_the_example_of_smtp_runs():
    said, server = run("smtp")
    [message] = server.mailboxes.of["alice"]
    assert message.content == b"Subject: hello\r\n\r\nHello Alice.\r\n"
    assert "S b'354 " in said


def test_the_fixture_of_pytest_serves_its_test(tmp_path: Path):
    file = tmp_path / "test_example.py"
    file.write_text(block("fixture"), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-W", "error", file],
        cwd=tmp_path, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert "1 passed" in done.stdout, done.stdout
    assert done.returncode == 0


def test_the_example_of_the_stepper_runs():
    said, server = run("stepper")
    assert "stopped on 5xx 550 b'5.1.1 " in said
    assert "{'nobody@practice.test': (550, b'5.1.1 " in said
    [message] = server.mailboxes.of["alice"]
    assert message.sender == "me@example.org"
