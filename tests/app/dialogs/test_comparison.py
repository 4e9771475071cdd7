"""`:compare` and `:findings` in the application: what they show, and how to move in them."""

from __future__ import annotations

from pathlib import Path

import pytest
from heloscope.app.dialogs.comparison import ComparisonScreen
from heloscope.app.dialogs.findings import FindingsScreen
from heloscope.app.dialogs.recordings import RecordingsScreen
from heloscope.app.main.session_screen import SessionScreen
from heloscope.app.recordings.screen import RecordingScreen
from support.foreign_samples import SAMPLES
from support.recorded import recorded
from support.stage import Stage
from textual.widgets import OptionList

THEN = """S: 220 practice.test ESMTP heloscope practice server
C: EHLO me
S: 250-practice.test
S: 250-SIZE 1000
S: 250 PIPELINING
C: NOOP
S: 250 2.0.0 Ok
C: VRFY alice
S: 550 5.1.1 Unknown \x1b[2J
C: QUIT
S: 221 2.0.0 Bye
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "then.log"
    path.write_text(THEN)
    return path


async def put(stage: Stage, order: str) -> None:
    """Type an order on the command line of the current screen."""
    shown = stage.app.screen
    assert isinstance(shown, SessionScreen)
    shown.composer.text = order
    shown.composer.focus_line()
    await stage.press("enter")


async def opened(stage: Stage, log: Path) -> ComparisonScreen:
    await put(stage, f":compare {log}")
    await stage.until(lambda: isinstance(stage.app.screen, ComparisonScreen))
    screen = stage.app.screen
    assert isinstance(screen, ComparisonScreen)
    await stage.settle()
    return screen


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_a_log_stands_beside_the_session(log: Path, size: tuple[int, int]):
    async with Stage().run(size) as stage:
        await stage.type("EHLO me")
        await stage.type("VRFY alice")
        await opened(stage, log)
        seen = stage.screen
        assert "then.log" in seen
        assert ", now" in seen
        assert "~ 250 SIZE 1000" in seen
        assert "250 SIZE 52428800" in seen
        assert "- NOOP" in seen
        columns = {line.index("│", 4) for line in seen.splitlines() if "250 " in line}
        assert len(columns) == 1, columns
        assert "\x1b" not in seen
        assert "n and p: next and previous difference" in seen


async def test_n_and_p_go_from_difference_to_difference(log: Path):
    async with Stage().run((140, 40)) as stage:
        await stage.type("EHLO me")
        await stage.type("VRFY alice")
        screen = await opened(stage, log)
        options = screen.query_one(OptionList)
        assert options.highlighted == 1  # EHLO, the first that differs
        await stage.press("n")
        assert options.highlighted == 2  # NOOP, which only the log has
        await stage.press("n")
        assert options.highlighted == 3
        await stage.press("p", "p")
        assert options.highlighted == 1
        await stage.press("p")
        assert options.highlighted == 1
        await stage.press("escape")
        assert stage.app.screen is stage.main
        assert stage.sent == b"EHLO me\r\nVRFY alice\r\n"


async def test_a_recording_is_compared_with_another_one(log: Path, tmp_path: Path):
    other = tmp_path / "other.log"
    other.write_text(THEN.replace("SIZE 1000", "SIZE 2000"))
    async with Stage().run() as stage:
        await stage.put(f":open {log}")
        await stage.until(lambda: isinstance(stage.app.screen, RecordingScreen))
        await opened(stage, other)
        assert "1 difference in " in stage.screen
        assert "other.log" in stage.screen
        assert "then.log" in stage.screen


async def test_what_cannot_be_opened_is_told(tmp_path: Path):
    async with Stage().run() as stage:
        await stage.put(f":compare {tmp_path}/none")
        await stage.until(lambda: bool(stage.notices))
        assert stage.notices[-1].startswith("Cannot read the recording:")


async def test_without_a_file_one_is_chosen_from_the_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    async with Stage().run() as stage:
        await stage.put(":compare")
        assert isinstance(stage.app.screen, RecordingsScreen)
        assert "Enter compare" in stage.screen


async def test_findings_on_the_session_and_on_a_recording(log: Path):
    async with Stage().run((140, 40)) as stage:
        await stage.type("EHLO me")
        await stage.put(":findings")
        assert isinstance(stage.app.screen, FindingsScreen)
        assert "The server greets with 220 and its name, practice.test. (RFC 5321 4.3.1)" in (
            stage.screen
        )
        assert "notice   TLS" in stage.screen
        await stage.press("escape")
        await stage.put(f":open {log}")
        await stage.until(lambda: isinstance(stage.app.screen, RecordingScreen))
        await put(stage, ":findings")
        assert "VRFY is refused (550 5.1.1 Unknown)" in stage.screen


async def test_findings_name_no_server_while_names_are_masked():
    async with Stage().run((140, 40)) as stage:
        await stage.type("EHLO me", ":mask addresses on")
        await stage.put(":findings")
        assert isinstance(stage.app.screen, FindingsScreen)
        assert "The server greets with 220 and its name, host" in stage.screen
        assert "The EHLO reply lists 11 extensions." in stage.screen
        assert "practice.test" not in stage.screen
        await stage.press("escape")
        await stage.put(f":open {SAMPLES / 'swaks.txt'}")
        await stage.until(lambda: isinstance(stage.app.screen, RecordingScreen))
        await put(stage, ":findings")
        assert "Findings about host" in stage.screen and "mx.example.org" not in stage.screen


async def test_c_in_the_list_compares_the_recording(
    log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    folder = tmp_path / "heloscope" / "journal"
    folder.mkdir(parents=True)
    for each in (folder, folder.parent):
        each.chmod(0o700)
    recorded(folder)
    async with Stage().run() as stage:
        await stage.put(":recordings")
        screen = stage.app.screen
        assert isinstance(screen, RecordingsScreen)
        await stage.until(lambda: not screen.searching)
        await stage.press("c")
        await stage.until(lambda: isinstance(stage.app.screen, ComparisonScreen))


def test_the_pages_of_the_plain_program():
    from heloscope.app.dialogs.requests import Comparison, FindingList
    from heloscope.app.plain.compared import page_of
    from heloscope.session.comparison.differences import compare
    from heloscope.session.findings.server import findings
    from heloscope.session.protocol.dialogue import dialogue
    from support.scripts import observe

    one = observe("S: 220 x.example\nC: EHLO me\nS: 250 x.example")
    other = observe("S: 220 x.example\nC: EHLO me\nS: 502 no")
    heading, lines = page_of(FindingList("x", findings([one.transcript])))
    assert heading == "Findings on x"
    assert lines[0] == (
        "good: The server greets with 220 and its name, x.example. (RFC 5321 4.3.1)"
    )
    rows = compare(dialogue(one.transcript), dialogue(other.transcript))
    assert page_of(Comparison("a", "b", rows)) == (
        "- a, + b",
        ["  (1 the same)", "~ EHLO me", "-   code: 250", "+   code: 502", "-   text: x.example",
         "+   text: no", "2 differences in 2 turns: code 1, text 1."],
    )  # fmt: skip
