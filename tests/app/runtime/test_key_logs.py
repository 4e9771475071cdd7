"""Textual's own logs, which would contain every key of a password."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from unittest import mock

import pytest
from heloscope.app.__main__ import without_key_logs

LOGS = {"TEXTUAL_LOG": "keys.log", "TEXTUAL_DEBUG": "1", "TEXTUAL": "devtools,debug"}


def test_they_are_off_by_themselves():
    with mock.patch.dict(os.environ, {**LOGS, "TEXTUAL_THEME": "nord"}):
        without_key_logs()
        assert not os.environ.keys() & LOGS.keys()
        assert os.environ["TEXTUAL_THEME"] == "nord"


def test_they_are_on_for_whom_allows_them():
    with mock.patch.dict(os.environ, {**LOGS, "HELOSCOPE_LOG_KEYS": "1"}):
        without_key_logs()
        assert LOGS.items() <= os.environ.items()


@pytest.mark.parametrize(("allowed", "log"), [("", "None"), ("1", "keys.log")])
def test_textual_reads_them_after_that(allowed: str, log: str, tmp_path: Path):
    code = (
        "import sys; sys.argv = ['heloscope', '--keys']\n"
        "from heloscope.app.__main__ import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "from textual import constants; print(constants.LOG_FILE)"
    )
    environment = {**os.environ, **LOGS, "HELOSCOPE_LOG_KEYS": allowed}
    said = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=tmp_path, capture_output=True, text=True,
        check=True, timeout=60,
    )  # fmt: skip
    assert said.stdout.splitlines()[-1] == log
