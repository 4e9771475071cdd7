"""An internal error produces one sentence and a report without values; the conversation is kept."""

from __future__ import annotations

import asyncio
import logging
import stat
from pathlib import Path

import pytest
from heloscope.app.app import HeloscopeApp
from heloscope.app.input.router import InputRouter
from heloscope.app.runtime.crash_report import (
    LEFT_OUT,
    MaskedFormatter,
    described,
    masker,
    place,
    stopped,
)
from heloscope.session.events import CLIENT, SERVER
from heloscope.session.protocol.conversation import Conversation
from support.servers import script, serving

PASSWORD = "correct-horse-battery"


def as_is(text: str) -> str:
    return text


def failure() -> ValueError:
    hidden = PASSWORD
    try:
        raise KeyError(len(hidden))
    except KeyError as error:
        try:
            raise ValueError(f"said \x1b[31m{hidden}") from error
        except ValueError as outer:
            return outer


def test_a_report_names_errors_and_places_and_no_value_of_a_variable() -> None:
    lines = described(failure(), lambda text: text.replace(PASSWORD, "***"))
    text = "\n".join(lines)
    assert lines[0] == r"ValueError: said \x1b[31m***"
    assert "caused by:" in lines
    assert "KeyError: 21" in lines
    assert "test_crash_report.py, line" in text and "in failure" in text
    assert PASSWORD not in text


def test_a_report_tells_every_error_of_a_group() -> None:
    group = ExceptionGroup("several", [ValueError("one"), TypeError("two")])
    lines = described(group, as_is)
    assert "ValueError: one" in lines
    assert "TypeError: two" in lines


def test_a_report_of_an_endless_recursion_is_short() -> None:
    def endless() -> None:
        endless()

    with pytest.raises(RecursionError) as caught:
        endless()
    lines = described(caught.value, as_is)
    assert len(lines) < 60
    assert any(line.endswith(" more") for line in lines)


def test_an_error_whose_message_fails_is_reported_all_the_same() -> None:
    class Broken(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    assert described(Broken(), as_is)[0].endswith("Broken: (no message)")


def test_a_message_is_left_out_once_a_secret_was_said() -> None:
    talk = Conversation()
    talk.feed(SERVER, b"220 hi\r\n", 0)
    mask = masker([talk.transcript])
    assert mask("about pw") == "about pw"
    talk.feed(CLIENT, b"AUTH LOGIN\r\n", 0)
    talk.feed(SERVER, b"334 UGFzc3dvcmQ6\r\n", 0)
    talk.feed(CLIENT, b"cHc=\r\n", 0)  # too short to be found by its value
    assert masker([talk.transcript])("about pw") == LEFT_OUT
    assert masker([], secret=True)("about pw") == LEFT_OUT


def test_the_report_is_a_file_of_the_users_alone(tmp_path: Path) -> None:
    sentence = stopped(failure(), tmp_path / "state", as_is)
    (file,) = (tmp_path / "state").iterdir()
    assert str(file) in sentence
    assert sentence.startswith("heloscope stopped because of an internal error (ValueError in ")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "caused by:" in file.read_text()


def test_where_no_report_can_be_written_the_sentence_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    sentence = stopped(failure(), tmp_path / "file" / "state", as_is)
    assert "no report could be written" in sentence
    assert "Not a directory" in sentence


def test_a_place_is_named_in_our_own_code_where_there_is_any() -> None:
    with pytest.raises(TypeError) as caught:
        Conversation().feed(SERVER, None, 0)  # type: ignore[arg-type]
    assert place(caught.value).startswith("session/")


def test_the_log_masks_messages_of_errors_and_shows_what_cannot_be_seen() -> None:
    formatter = MaskedFormatter(lambda: lambda text: text.replace(PASSWORD, "***"))
    error = failure()
    record = logging.LogRecord(
        "x", logging.ERROR, "x.py", 1, "a \x07 bell", (), (type(error), error, None)
    )
    text = formatter.format(record)
    assert r"a \x07 bell" in text
    assert "***" in text
    assert PASSWORD not in text


def report(folder: Path) -> str:
    (file,) = folder.iterdir()
    return file.read_text()


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the screen fail in one of two ways when FAIL or LATER is typed."""
    take = InputRouter.take

    def failing_take(self: InputRouter, text: str, secret: bool = False) -> None:
        hidden = PASSWORD
        if text == "FAIL":
            raise ValueError(hidden)
        if text == "LATER":
            asyncio.get_running_loop().call_soon(lambda: [][1])
        take(self, text, secret)

    monkeypatch.setattr(InputRouter, "take", failing_take)


async def test_a_crash_leaves_a_sentence_and_shows_no_traceback(
    failing: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with serving(script("S: 220 hi\nC: NOOP\nS: 250 ok\nC: QUIT")) as port:
        app = HeloscopeApp(f"127.0.0.1:{port}", reports=tmp_path)
        with pytest.raises(ValueError):
            async with app.run_test() as pilot:
                await pilot.press(*"FAIL", "enter")
                await pilot.pause()
    assert app.return_code == 1
    assert "ValueError in" in app.crashed
    assert app.connections.session is not None and not app.connections.session.connected
    assert "ValueError: " in report(tmp_path)
    said = capsys.readouterr()
    assert "Traceback" not in said.out + said.err
    assert PASSWORD not in said.out + said.err


async def test_a_mistake_in_the_background_is_told_once_and_the_app_goes_on(
    failing: None, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(
        script("S: 220 hi\nC: LATER\nS: 250 ok\nC: LATER\nS: 250 ok\nC: QUIT")
    ) as port:
        app = HeloscopeApp(f"127.0.0.1:{port}")
        async with app.run_test(notifications=True) as pilot:
            for _ in range(2):
                await pilot.press(*"LATER", "enter")
                await pilot.pause()
            told = [notice.text for notice in app.main.ui.standing]
            assert len([text for text in told if "IndexError" in text]) == 1
            assert app.is_running
    assert "IndexError" in caplog.text
