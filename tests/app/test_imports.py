"""Modules are imported only when needed, since imports take most of the start-up time."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys

import pytest

ASK = "import json, sys; print(json.dumps(sorted(sys.modules)))"
FIRST_FRAME = f"""
from heloscope.app.app import HeloscopeApp
from heloscope.app.input.history import History

class Stopped(HeloscopeApp):
    def _connect(self):
        self.exit()

import socket
def getfqdn(name=""):
    raise AssertionError("the full name of the host was asked for")
socket.getfqdn = socket.gethostbyaddr = getfqdn
app = Stopped(history=History())
app.run(headless=True, size=(140, 40))
assert app.return_code == 0, app.return_code
{ASK}
"""


def imported_by(code: str) -> set[str]:
    """Return the modules that a fresh interpreter has imported after running `code`."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.fixture(scope="module")
def at_first_frame() -> set[str]:
    return imported_by(FIRST_FRAME)


def test_version_is_told_before_anything_is_imported():
    modules = imported_by(
        f"import sys; sys.argv = ['heloscope', '--version']\n"
        f"from heloscope.app.cli.streams import settle_streams; settle_streams()\n"
        f"from heloscope.app.__main__ import main; main()\n{ASK}"
    )
    ours = {name for name in modules if name.startswith("heloscope.")}
    assert ours == {
        "heloscope.app", "heloscope.app.__main__", "heloscope.app.cli", "heloscope.app.cli.streams",
        "heloscope.session", "heloscope.session.version",
    }  # fmt: skip
    roots = {name.partition(".")[0] for name in modules}
    assert not roots & {"click", "textual", "rich", "msgspec", "asyncio", "typing"}


def test_without_an_argument_there_is_nothing_to_parse():
    modules = imported_by(
        "import sys; sys.argv = ['heloscope']\n"
        "from heloscope.app.__main__ import main\n"
        "try: main()\nexcept SystemExit as left: assert left.code == 2, left.code\n" + ASK
    )
    assert "heloscope.app.cli.start" in modules
    assert "click" not in modules


# Packages and modules, each with all that it holds.
AFTER_THE_FIRST_FRAME = (
    "aiosmtpd", "cryptography", "idna", "pysasl", "scramp", "smtplib",
    "heloscope.session.aio", "heloscope.session.facts", "heloscope.session.net",
    "heloscope.session.practice", "heloscope.session.procedures", "heloscope.session.sasl",
    "heloscope.session.sync", "heloscope.session.tls",
    "heloscope.session.protocol.command_reader", "heloscope.session.protocol.conversation",
    "heloscope.session.protocol.reply_reader", "heloscope.session.record.format",
    "heloscope.session.record.journal", "heloscope.session.stepping.stepper",
    "heloscope.app.compose", "heloscope.app.dialogs", "heloscope.app.explain.line",
    "heloscope.app.export.replay", "heloscope.widgets.input.message_editor",
    "heloscope.app.main.presentation_pane", "heloscope.session.record.stand_ins",
    "heloscope.widgets.transcript.turns", "textual.widgets._text_area",
)  # fmt: skip


@pytest.mark.parametrize("name", AFTER_THE_FIRST_FRAME)
def test_the_first_frame_does_not_need(name: str, at_first_frame: set[str]):
    assert importlib.util.find_spec(name) is not None, "it has another name now"
    assert [found for found in at_first_frame if f"{found}.".startswith(f"{name}.")] == []


def test_what_the_first_frame_shows_is_imported(at_first_frame: set[str]):
    """Check that the first frame was drawn, so that the list of modules is meaningful."""
    assert {"heloscope.app.main.screen", "heloscope.widgets.transcript.view"} <= at_first_frame
