"""A comparison and findings look as in their pictures, on a narrow and on a wide screen.

When a picture is meant to change: pytest tests/app/test_comparison_snapshots.py -n 0
--snapshot-update, then look at it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from heloscope.app.dialogs.comparison import ComparisonScreen
from heloscope.app.dialogs.findings import FindingsScreen
from heloscope.app.recordings.screen import RecordingScreen
from support.stage import NARROW, WIDE, Stage

THEN = """S: 220 practice.test ESMTP heloscope practice server
C: EHLO me
S: 250-practice.test
S: 250-SIZE 1000
S: 250-PIPELINING
S: 250 XCLIENT NAME
C: MAIL FROM:<a@example.org>
S: 250 2.1.0 Ok
C: RCPT TO:<nobody@practice.test>
S: 250 2.1.5 Ok
C: NOOP
S: 250 2.0.0 Ok
C: QUIT
S: 221 2.0.0 Bye
"""
NOW = (
    THEN.replace("SIZE 1000", "SIZE 52428800")
    .replace("250 XCLIENT NAME", "250 AUTH PLAIN LOGIN")
    .replace("C: NOOP\nS: 250 2.0.0 Ok\n", "")
    .replace("250 2.1.5 Ok", "550 5.1.1 <nobody@practice.test>: no such user here")
)


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
@pytest.mark.parametrize("order", ["compare", "findings"])
def test_it_looks_as_it_did(
    tmp_path: Path, size: tuple[int, int], order: str, snap_compare: Callable[..., bool]
) -> None:
    then, now = tmp_path / "then.log", tmp_path / "now.log"
    then.write_text(THEN)
    now.write_text(NOW)

    async def steps(stage: Stage) -> None:
        await stage.put(f":open {now}")
        await stage.until(lambda: isinstance(stage.app.screen, RecordingScreen))
        shown = stage.app.screen
        assert isinstance(shown, RecordingScreen)
        shown.composer.text = f":compare {then}" if order == "compare" else ":findings"
        shown.composer.focus_line()
        await stage.press("enter")
        wanted = ComparisonScreen if order == "compare" else FindingsScreen
        await stage.until(lambda: isinstance(stage.app.screen, wanted))
        await stage.handled()

    stage = Stage()
    with stage.set_up():
        assert snap_compare(stage.app, terminal_size=size, run_before=stage.directed(steps))
