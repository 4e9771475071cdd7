"""If a server fails at any step of a delivery, the plan reports the truth, and can be restarted."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.long_round import LONG_ROUND
from support.servers import VerbServer
from support.stage import Stage
from support.stage_plan import done, letter, order
from textual.widgets import Input

__all__ = ["letter"]  # a fixture

FAULTS = {
    "hangs up": "",
    "421": "421 4.3.2 going down",
    "451": "451 4.3.0 not now",
    "550": "550 5.7.1 no",
    "garbage": "\x1b]0;x\x07 hello?",
    "another class": "354 go on",
    "two at once": "250 one\r\n250 two",
}
STEPS = ("greeting", "EHLO", "AUTH", "answer", "MAIL", "RCPT", "DATA", ".", "QUIT")
# Each fault at some of the steps, each step with some of the faults; in a long round all of them.
TRIED = [
    (step, fault)
    for number, step in enumerate(STEPS)
    for place, fault in enumerate(FAULTS)
    if LONG_ROUND or (number + place) % 6 == 0
]
MESSAGES = b"Subject: hello\r\n"  # once for each message that the server was given


async def log_in(stage: Stage) -> None:
    await order(stage, ":login alice")
    await stage.until(lambda: stage.app.screen.query("#secret:focus"))
    await stage.write("wonderland")
    await stage.press("enter")
    await done(stage)
    await stage.press("f5")
    await done(stage)
    assert stage.session.conversation.authenticated


async def whole(stage: Stage, letter: Path) -> None:
    """Run a delivery from connecting to QUIT, until it ends or waits."""
    stage.main.commands.run("send")
    await stage.until(lambda: stage.app.screen.query("#from:focus"))
    await stage.press("tab", "tab", "right")
    stage.app.screen.query_one("#file", Input).value = str(letter)
    stage.app.screen.query_one("#steps").focus()
    await stage.press("right", "ctrl+d", "y")  # the present connection may be closed
    await done(stage)
    await stage.press("f5")
    await done(stage)


@pytest.mark.parametrize(("step", "fault"), TRIED)
async def test_it_is_told_and_begun_again(step: str, fault: str, letter: Path):
    good = {"greeting": "220 hi", "AUTH": "334 PGFAYj4=", "answer": "235 welcome", ".": "250 taken",
            "QUIT": "221 bye"}  # fmt: skip
    server = VerbServer("AUTH CRAM-MD5", **good)
    usual = server.says.get(step, "250 ok")
    async with Stage("mail.example.org", server).run() as stage:
        await stage.type("EHLO me")
        await log_in(stage)
        server.says[step] = [FAULTS[fault], *[usual] * 40]
        server.heard.clear()
        await whole(stage, letter)
        stepping = stage.main.plan
        first = server.heard.count(MESSAGES)
        assert stepping.status.end() or stepping.status.next is not None or stepping.status.typed
        assert first <= 1
        if stepping.status.end().startswith("Done"):
            assert first == 1
        assert "wonderland" not in stage.screen
        assert "\x1b]0;" not in stage.screen
        for key in ("a", "k", "e"):  # whatever can be done with it may be tried
            await stage.burst("f11", key)
            await done(stage)
            await stage.burst("escape", "escape")
        if stepping.status.active:
            await stage.press("ctrl+c")
            await done(stage)
        server.says[step] = usual
        server.heard.clear()
        await stage.session.close()
        await order(stage, ":restart")
        await stage.press("f5")
        await done(stage)
        assert stepping.status.end().startswith("Done"), stepping.status.end()
        assert server.heard.count(MESSAGES) == 1
        assert server.heard[-1] == b"QUIT\r\n"
