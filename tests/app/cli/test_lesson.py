"""`heloscope lesson` serves learners, authors and teachers."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result
from heloscope.app.cli.main import cli
from heloscope.app.lessons import library, progress
from heloscope.app.lessons.facts import Began
from heloscope.app.lessons.library import BUILT_IN
from heloscope.app.lessons.marks import note_of
from heloscope.session.events import CLIENT, SERVER
from heloscope.session.protocol.conversation import Conversation
from heloscope.session.record import journal

GOOD = Path(__file__).parents[1] / "lessons" / "good.md"
FIRST = BUILT_IN / "01-greeting.md"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["lesson", *arguments])


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Use temporary folders for the user's own lessons and progress: one lesson, no steps done."""
    monkeypatch.setattr(library, "own_folder", lambda: tmp_path / "lessons")
    monkeypatch.setattr(progress, "state_folder", lambda: tmp_path / "state")
    (tmp_path / "lessons").mkdir()
    (tmp_path / "lessons" / "sender.md").write_text(GOOD.read_text())
    return tmp_path


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """A learner's recording of the lesson good.md, in which the question is not answered."""
    conversation = Conversation()
    conversation.feed(SERVER, b"220 x.example\r\n", 1)
    conversation.note(note_of(Began(2, "sender/mail")))
    conversation.feed(CLIENT, b"MAIL FROM:<you@client.example>\r\n", 3)
    conversation.feed(SERVER, b"250 ok\r\n", 4)
    path = tmp_path / "learner.jsonl"
    path.write_text(conversation.transcript.to_jsonl())
    return path


# The list


def test_lessons_are_listed_with_their_numbers_minutes_and_what_was_done(mine: Path) -> None:
    done = progress.Progress()
    done.note("sender", "mail")
    done.note("greeting", "busy")
    progress.save(done)
    lines = run().output.splitlines()
    assert lines[0] == (
        "1. What a mail server says first (greeting), 10 minutes, also in de, 1 of 6 steps"
    )
    assert any(line.endswith("The sender (sender), 5 minutes, 1 of 2 steps") for line in lines)
    assert str(mine / "lessons") in lines[-1]


def test_a_lesson_that_is_done_and_one_that_is_known_are_marked(mine: Path) -> None:
    done = progress.Progress(
        {"sender": progress.Done(["mail", "who"]), "greeting": progress.Done(known=True)}
    )
    progress.save(done)
    lines = run().output.splitlines()
    assert lines[0].endswith(", known")
    assert any(line.endswith("(sender), 5 minutes, done") for line in lines)


def test_the_list_is_one_object_a_line_with_json(mine: Path) -> None:
    first = json.loads(run("--json").output.splitlines()[0])
    assert (first["number"], first["name"], first["steps"], first["done"]) == (1, "greeting", 6, 0)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("sendr",), 'unknown lesson "sendr"; did you mean "sender"?'),
        (("nothing.md",), "file not found: nothing.md."),
        (("1", "--step", "last"), 'this lesson has no step "last". Its steps: read-greeting,'),
        (("1", "--step", "2"), "a terminal is needed"),
        (("1", "--language", "de"), "a terminal is needed"),
        (
            ("1", "--language", "fr"),
            'the lesson greeting does not exist in "fr". Languages: en, de.',
        ),
        (("check",), "Missing argument 'FILE...'"),
        (("check", "nothing.md"), "cannot read nothing.md: No such file"),
        (("grade", "nothing.jsonl"), "cannot read nothing.jsonl: No such file"),
        (("grade", str(GOOD)), "it is not a heloscope recording"),
        (("exam", "June!"), "SEED must be lower-case letters, digits and hyphens"),
        (("exam", "june", "--puzzle", "nothing.md"), "cannot read nothing.md"),
        (("exam", "june", "--puzzle", str(GOOD)), "a terminal is needed"),
    ],
)
def test_bad_input_gets_one_sentence(mine: Path, arguments: tuple[str, ...], says: str) -> None:
    done = run(*arguments)
    assert done.exit_code == 2
    assert says in done.stderr and done.stderr.count("\n") == 1


def test_an_examination_is_taken_by_lines_and_its_first_answer_counts(mine: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "heloscope.app", "lesson", "exam", "--plain", "--puzzle",
         str(GOOD), "june"],
        input=":hint\nMAIL FROM:<you@client.example>\n\n:predict 2\n:predict 1\n:jump\n:q\ny\n",
        env={**os.environ, "XDG_STATE_HOME": str(mine), "XDG_CONFIG_HOME": str(mine)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    assert "lesson: Examination june" in lines
    assert "lesson: step 1 of 2: Puzzle 1, step 1" in lines
    assert "note: No hint available." in lines
    assert lines.index("done: this step is done") < lines.index(
        "lesson: step 2 of 2: Puzzle 1, step 2"
    )
    at = lines.index("note: the first answer counts; :jump continues")
    assert lines[at + 1] == "note: No question is open."
    assert lines[at + 2 : at + 4] == [
        "lesson: the end of the examination",
        "note: Step 2 is not done. The first answer counts, so it stays as it is.",
    ]
    assert f"lesson grade --last --exam june --puzzle {shlex.quote(str(GOOD))}" in done.stdout
    assert done.returncode == 1
    (recorded,) = (mine / "heloscope" / "journal").glob("*.jsonl")
    graded = run("grade", "--exam", "june", "--puzzle", str(GOOD), str(recorded)).output
    assert graded.splitlines()[-1] == "1 of 2 steps done."


# check


def test_a_good_file_is_said_to_be_good() -> None:
    done = run("check", "--play", str(GOOD))
    assert (done.exit_code, done.output) == (0, f"{GOOD}: no mistakes. The sender, 2 steps.\n")


def test_mistakes_are_told_with_file_and_line(tmp_path: Path) -> None:
    bad = tmp_path / "bad.md"
    bad.write_text(GOOD.read_text().replace("minutes = 5", "minute = 5").replace("goal", "gaol"))
    done = run("check", str(GOOD), str(bad))
    assert done.exit_code == 1
    assert done.output.splitlines()[1].startswith(f'{bad}:7: Unknown key "minute"')
    assert done.output.splitlines()[-1] == "3 mistakes"


def test_a_lesson_that_builds_on_one_that_does_not_exist_is_told(mine: Path) -> None:
    path = mine / "lessons" / "next.md"
    text = GOOD.read_text().replace('name = "sender"', 'name = "next"')
    path.write_text(text.replace("minutes = 5", 'minutes = 5\nafter = ["sender", "greting"]'))
    done = run("check", str(path))
    assert done.output == f'{path}:8: Unknown lesson "greting"; did you mean "greeting"?\n'


def test_mistakes_are_one_object_a_line_with_json(tmp_path: Path) -> None:
    bad = tmp_path / "bad.md"
    bad.write_text(GOOD.read_text().replace("minutes = 5", "minute = 5"))
    (line,) = run("check", "--json", str(bad)).output.splitlines()
    found = json.loads(line)
    assert (found["file"], found["line"]) == (str(bad), 7)


def test_a_play_tells_where_the_practice_server_does_otherwise(tmp_path: Path) -> None:
    other = tmp_path / "other.md"
    text = GOOD.read_text().replace('scenario = "friendly"', 'scenario = "spf"')
    other.write_text(text.replace("MAIL FROM:<you@client.example>", "MAIL FROM:<x@bank.example>"))
    done = run("check", "--play", str(other))
    assert done.exit_code == 1
    assert "The example expects 250 here, but the server replies 550 5.7.23" in done.output


def test_a_translation_is_compared_with_its_original(tmp_path: Path) -> None:
    (tmp_path / "sender.md").write_text(GOOD.read_text())
    (tmp_path / "sender.de.md").write_text("# Der Absender\n")
    done = run("check", str(tmp_path / "sender.de.md"))
    assert done.exit_code == 1
    assert 'The step "mail" is not translated' in done.output


# grade


def test_a_grade_names_each_step(mine: Path, recording: Path) -> None:
    done = run("grade", str(recording))
    assert done.exit_code == 1
    assert done.output.splitlines() == [
        "The sender",
        "done       Name the sender (mail)",
        "not done   A question (who)",
        "1 of 2 steps done.",
    ]


def test_a_grade_is_one_object_with_json(mine: Path, recording: Path) -> None:
    found = json.loads(run("grade", "--json", "--lesson", "sender", str(recording)).output)
    assert (found["lesson"], found["done"], found["of"], found["marked"]) == ("sender", 1, 2, True)
    assert [step["state"] for step in found["steps"]] == ["done", "not done"]


def test_a_grade_is_a_junit_report(mine: Path, recording: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    run("grade", "--junit", str(report), str(recording))
    suite = ElementTree.fromstring(report.read_text())
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("2", "1", "0")
    first, second = suite.findall("testcase")
    assert list(first) == []
    assert [child.tag for child in second] == ["failure"]
    assert run("grade", "--junit", "-", str(recording)).output == report.read_text()


def test_a_report_into_a_named_pipe_that_no_program_reads_is_refused(
    mine: Path, recording: Path, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "pipe")
    done = run("grade", "--junit", str(tmp_path / "pipe"), str(recording))
    assert done.exit_code == 1
    assert done.output == (
        f"heloscope: lesson grade: {tmp_path}/pipe cannot be written: no program is reading from "
        "this named pipe or socket.\n"
    )


def test_what_bytes_cannot_show_is_skipped_in_a_junit_report(
    mine: Path, recording: Path, tmp_path: Path
) -> None:
    recording.write_text(
        "".join(
            line for line in recording.read_text().splitlines(True) if '"fact":"note"' not in line
        )
    )
    done = run("grade", str(recording))
    assert done.exit_code == 2
    assert "the recordings name no lesson; use --lesson NAME." in done.stderr
    suite = ElementTree.fromstring(run("grade", "--lesson", "sender", "--junit", "-",
                                       str(recording)).output)  # fmt: skip
    assert (suite.get("failures"), suite.get("skipped")) == ("0", "1")


def test_an_examination_is_graded_by_its_seed(mine: Path, recording: Path) -> None:
    recording.write_text(recording.read_text().replace("sender/mail", "exam-june/puzzle-1-1"))
    arguments = ("grade", "--exam", "june", "--puzzle", str(GOOD), str(recording))
    assert run(*arguments).output.splitlines() == [
        "Examination june",
        "done       Puzzle 1, step 1 (puzzle-1-1)",
        "not done   Puzzle 1, step 2 (puzzle-1-2)",
        "1 of 2 steps done.",
    ]


@pytest.fixture
def kept(tmp_path: Path, recording: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an older recording made in the lesson, and a newer one made outside lessons."""
    folder = tmp_path / "journal"
    folder.mkdir()
    monkeypatch.setattr(journal, "folder_name", lambda: str(folder))
    text = recording.read_text()
    plain = "".join(line for line in text.splitlines(True) if '"fact":"note"' not in line)
    for at, (name, what) in enumerate([("a", text), ("b", plain), ("c", "no recording")]):
        path = folder / f"{name}.jsonl"
        path.write_text(what)
        os.utime(path, (1_790_000_000 + at, 1_790_000_000 + at))
    return folder


def test_last_grades_the_newest_recording_of_the_lesson(mine: Path, kept: Path) -> None:
    for arguments in ((), ("--lesson", "sender")):
        done = run("grade", "--last", "--json", *arguments)
        assert done.exit_code == 1
        found = json.loads(done.output)
        assert (found["lesson"], found["done"], found["of"]) == ("sender", 1, 2)
        assert found["files"] == [str(kept / "a.jsonl")]


def test_last_takes_the_newer_of_two(mine: Path, kept: Path) -> None:
    text = (kept / "a.jsonl").read_text().replace("250 ok", "550 no")
    (kept / "d.jsonl").write_text(text)
    done = run("grade", "--last", "--junit", "-")
    assert 'failures="2"' in done.output


def test_last_without_a_recording_of_the_lesson_says_so(mine: Path, kept: Path) -> None:
    done = run("grade", "--last", "--lesson", "greeting")
    assert done.exit_code == 2
    assert "lesson grade: no recording of greeting found; heloscope lesson starts" in done.stderr
    (kept / "a.jsonl").unlink()
    assert "no recording of a lesson found" in run("grade", "--last").stderr


def test_either_recordings_or_the_last_one_is_graded(mine: Path, recording: Path) -> None:
    for arguments in ((), ("--last", str(recording))):
        done = run("grade", *arguments)
        assert done.exit_code == 2
        assert "name the recordings, or use --last for your newest sessions." in done.stderr


def test_a_one_shot_command_imports_no_screen() -> None:
    code = (
        "import sys; from heloscope.app.cli.main import cli\n"
        f"try: cli(['lesson', 'check', {str(FIRST)!r}])\n"
        "except SystemExit: pass\n"
        "print([name for name in sys.modules if name.startswith(('textual', 'aiosmtpd'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
