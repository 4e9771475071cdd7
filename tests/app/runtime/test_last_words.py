"""What is printed outside the screen contains nothing that a terminal would obey."""

from __future__ import annotations

import io
import sys

import pytest
from click.testing import CliRunner
from heloscope.app.cli.main import cli
from heloscope.app.runtime.signals import say
from support.rows import for_each

HOSTILE = "a\x1b]0;title\x07\x1b[2J\x9b2J\u202eb"
SHOWN = r"a\x1b]0;title\x07\x1b[2J\u009b2J\u202eb"


def test_a_last_line_is_shown_as_escapes(capsys: pytest.CaptureFixture[str]):
    say(f"Recorded: /home/{HOSTILE}")
    assert capsys.readouterr().out == f"Recorded: /home/{SHOWN}\n"


def test_a_last_line_fits_the_encoding_of_the_terminal(monkeypatch: pytest.MonkeyPatch):
    out = io.TextIOWrapper(io.BytesIO(), encoding="latin-1")
    monkeypatch.setattr(sys, "stdout", out)
    say("Recorded: /home/ü/Дом")
    assert out.buffer.getvalue() == b"Recorded: /home/\xfc/\\u0414\\u043e\\u043c\n"  # type: ignore[attr-defined]  # a BytesIO


@for_each(
    [
        [f"--{HOSTILE}"],
        [f"-{HOSTILE}"],
        ["mx.example.org", HOSTILE],
        [HOSTILE],
        [f"smtp://{HOSTILE}"],
        [f"unix:{HOSTILE}"],
        [f"--no-record={HOSTILE}"],
        [f"alice:{HOSTILE}@mx.example.org"],
    ]
)
def test_what_is_wrong_with_the_arguments_is_told_in_visible_characters(arguments: list[str]):
    said = CliRunner().invoke(cli, arguments)
    assert said.exit_code == 2
    assert said.output.replace("\n", "").isprintable()
