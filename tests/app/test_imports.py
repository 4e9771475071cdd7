"""What is imported when: a start costs what it imports, and a person waits for it."""

from __future__ import annotations

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
socket.getfqdn = getfqdn
app = Stopped(history=History())
app.run(headless=True, size=(140, 40))
assert app.return_code == 0, app.return_code
{ASK}
"""


def imported_by(code: str) -> set[str]:
    """The modules that a fresh interpreter has imported after `code`."""
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
        f"from heloscope.app.__main__ import main; main()\n{ASK}"
    )
    roots = {name.partition(".")[0] for name in modules}
    assert not roots & {"click", "textual", "rich", "msgspec", "asyncio", "typing"}


@pytest.mark.parametrize(
    "name",
    ["aiosmtpd", "cryptography", "dns", "smtplib", "heloscope.session.practice"],
)
def test_the_first_frame_does_not_need(name: str, at_first_frame: set[str]):
    assert name not in at_first_frame


def test_the_first_frame_does_not_need_the_engine(at_first_frame: set[str]):
    engine = {f"heloscope.session.{name}" for name in ("conversation", "session", "dial")}
    assert not engine & at_first_frame


def test_the_first_frame_does_not_need_the_tables_of_facts(at_first_frame: set[str]):
    assert not [name for name in at_first_frame if name.startswith("heloscope.session.facts.")]


def test_the_first_frame_does_not_need_the_editor(at_first_frame: set[str]):
    assert "heloscope.widgets.input.message_editor" not in at_first_frame
