"""The secret of an AUTH typed manually is in no frame, in no file and on no clipboard."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

import pytest
from heloscope.app.input.history import History
from heloscope.widgets.input.command_line import CommandInput
from support.auth_by_hand import LISTED, PLAIN, SECRET, asked, base64_of, inside_tls
from support.stage import NARROW, WIDE, Stage, played

ENCODED = "d29uZGVybGFuZA"


async def test_a_key_shows_what_is_typed_for_a_moment():
    async with Stage().run() as stage:
        await inside_tls(stage, "AUTH LOGIN", "alice")
        await stage.press(*SECRET)
        assert SECRET not in stage.screen
        await stage.press("ctrl+g")
        assert f"You say password {SECRET}" in asked(stage)
        assert f"Sends {base64_of(SECRET)}" in asked(stage)
        await stage.press("ctrl+g")
        assert SECRET not in stage.screen
        answering = stage.main.auth.answers
        assert answering is not None
        with mock.patch("heloscope.app.auth.prompt.PEEK", 0.01):
            await stage.press("ctrl+g")
        await stage.until(lambda: not answering.peeking)
        await stage.settle()
        assert SECRET not in stage.screen
        assert base64_of(SECRET) not in stage.screen


async def test_a_secret_is_not_copied_to_the_clipboard():
    async with Stage().run() as stage:
        await inside_tls(stage, "AUTH LOGIN", "alice")
        await stage.press(*SECRET, "shift+home", "ctrl+c", "ctrl+x")
        assert stage.app.clipboard == ""


async def test_what_is_typed_ahead_is_unseen_and_waits_for_its_challenge(frames: list[str]):
    async with Stage().run() as stage:
        await inside_tls(stage)
        command = stage.main.query_one(CommandInput)
        command.value = "AUTH LOGIN"
        await command.action_submit()
        assert command.password  # at once, whatever else is still to be done
        for line in ("alice", SECRET):
            command.value = line
            await command.action_submit()
        await stage.quiet()
        await stage.quiet()
        assert stage.wire[-5:] == [
            "S: 334 VXNlcm5hbWU6", "C: YWxpY2U=", "S: 334 UGFzc3dvcmQ6",
            f"C: {base64_of(SECRET)}", "S: 235 2.7.0 Welcome, Alice Smith",
        ]  # fmt: skip
        assert not [frame for frame in frames if SECRET in frame or ENCODED in frame]


async def test_what_was_typed_ahead_of_a_refusal_is_not_sent():
    talk = LISTED + "C: AUTH\nS: 504 not that one\nC: QUIT"
    async with played(talk).run() as stage:
        await stage.type("EHLO me")
        command = stage.main.query_one(CommandInput)
        for line in ("AUTH LOGIN", SECRET):
            command.value = line
            await command.action_submit()
        await stage.quiet()
        assert stage.wire[-1] == "S: 504 not that one"
        assert SECRET not in "".join(stage.wire)
        assert "AUTH ended before" in stage.notices[-1]


async def test_an_answer_typed_behind_auth_is_hidden_as_it_is_typed(frames: list[str]):
    answer = base64_of(PLAIN)
    async with Stage().run() as stage:
        await inside_tls(stage)
        for line in (f"AUTH PLAIN {answer}", f":raw AUTH PLAIN {answer}"):
            await stage.press(*line)
            assert "AUTH PLAIN ••••" in stage.seen("#command")
            await stage.press("escape")
        await stage.type(f"AUTH PLAIN {answer}")
        assert stage.wire[-1] == "S: 235 2.7.0 Welcome, Alice Smith"
        assert not [frame for frame in frames if "AGFsaWNl" in frame]


@pytest.mark.parametrize(
    ("verb", "shown"),
    [("AUTH PLAIN", "AUTH PLAIN"), (" auth plain", "auth plain"), ("X-EXPS PLAIN", "X-EXPS PLAIN"),
     ("AUTHX PLAIN", "***"), ("AUTH\xa0PLAIN", "***")],
)  # fmt: skip
async def test_a_pasted_answer_is_not_shown_in_the_question_about_it(verb: str, shown: str):
    async with Stage().run() as stage:
        await stage.paste(f"{verb} {base64_of(PLAIN)}\nNOOP\n")
        assert "2 lines; the first is:" in stage.screen
        assert shown in stage.screen
        assert "AGFsaWNl" not in stage.screen


@pytest.mark.parametrize(
    ("mechanism", "size"),
    [("LOGIN", NARROW), ("LOGIN", WIDE), ("PLAIN", WIDE), ("CRAM-MD5", NARROW),
     ("SCRAM-SHA-256", WIDE)],
)  # fmt: skip
async def test_the_secret_is_on_no_frame_and_in_no_file(
    mechanism: str, size: tuple[int, int], frames: list[str], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    history = History(tmp_path / "history")
    async with Stage(keep_history=history, record=True).run(size) as stage:
        await inside_tls(stage, f"AUTH {mechanism}")
        parts = {"PLAIN": ["alice", SECRET, ""]}.get(mechanism, ["alice", SECRET])
        for part in parts:
            if part == SECRET:  # a frame for each key
                await stage.press(*part, "enter")
            else:
                await stage.burst(*part, "enter")
            await stage.quiet()
        if mechanism.startswith("SCRAM"):
            await stage.type("")
        assert stage.wire[-1] == "S: 235 2.7.0 Welcome, Alice Smith"
        for _ in range(4):  # what each line means
            await stage.burst("f6", "up", "up", "f3")
            await stage.press("escape")
        saved = tmp_path / "saved.txt"
        await stage.put(f":save {saved}")
        await stage.until(saved.exists)
        await stage.settle()
        notices = stage.notices
        journals = stage.app.journals
    plain = base64_of(PLAIN)
    secrets = (SECRET, ENCODED, plain, stage.sent.split()[-1].decode())
    kept = [path.read_text() for path in (*journals, saved, tmp_path / "history")]
    assert len(frames) > 40
    for text in (*frames, *notices, *kept):
        assert not [secret for secret in secrets if secret in text and secret != "="]
