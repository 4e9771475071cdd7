"""The tour in the README works exactly as written, at both screen sizes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from heloscope.app.dialogs.connect import ConnectScreen
from heloscope.app.dialogs.mailbox import MailboxScreen
from support.stage import NARROW, WIDE, Stage

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
TOUR = README.partition("## A tour in five minutes")[2].partition("\n## ")[0]
STEPS = re.split(r"^\d+\. ", TOUR, flags=re.MULTILINE)[1:]


def said(step: int) -> list[str]:
    """Return what a step of the tour asks the user to type, in order."""
    return re.findall(r"`([^`]+)`", STEPS[step - 1])


def keys(step: int) -> str:
    """Return the text of a step of the tour on one line."""
    return " ".join(STEPS[step - 1].split())


async def settled(stage: Stage) -> None:
    await stage.until(lambda: not stage.main.plan.status.busy)
    await stage.settle()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
async def test_the_tour_is_as_it_is_told(size: tuple[int, int]):
    narrow = size == NARROW
    async with Stage().run(size) as stage:
        # 1. Greet the server.
        assert said(1) == ["EHLO me"]
        await stage.type(*said(1))
        if narrow:
            assert "F2 switches" in keys(1)
            await stage.press("f2")
        assert "PIPELINING" in stage.screen and "8-bit bodies" in stage.screen
        if narrow:
            await stage.press("f2")

        # 2. Read the replies.
        await stage.type(*said(2))
        assert "Ctrl+Up goes back one reply at a time" in keys(2)
        await stage.press("ctrl+up")
        if narrow:
            assert "F3 shows it below the transcript; F3 again or Esc hides it" in keys(2)
            await stage.press("f3")
        assert "550 5.1.1" in stage.screen and "Refused permanently" in stage.screen.replace(
            "refused permanently", "Refused permanently"
        )
        await stage.press("escape")

        # 3. Break a rule.
        assert said(3) == ["DATA"]
        await stage.press(*"DATA")
        assert "out of order" in stage.hint
        await stage.press("enter")
        assert stage.sent.endswith(b"DATA\r\n")

        # 4. Send a message.
        await stage.type(*said(4)[:2])
        await stage.put(said(4)[2])
        await stage.until(lambda: stage.main.composer.writing)
        await stage.press(*".dot", "enter", *".", "enter")
        await stage.until(lambda: stage.main.sender.delivered)
        await stage.settle()
        assert b"\r\n..dot\r\n.\r\n" in stage.sent

        # 5. See what crossed the wire.
        assert "F6 moves to the transcript; Up twice and Enter unfold the message" in keys(5)
        await stage.press("f6", "up", "up", "enter")
        assert "..dot" in stage.screen
        await stage.press("f4")
        await stage.until(lambda: isinstance(stage.app.screen, MailboxScreen))
        await stage.settle()
        assert ".dot" in stage.screen and "..dot" not in stage.screen
        await stage.press("escape", "escape")

        # 6. Step through a delivery.
        break_on, send, nobody, edit = said(6)
        await stage.type(break_on)
        await stage.put(send)
        await stage.until(lambda: stage.app.screen.query("#from:focus"))
        await stage.press(*"you@example.org", "tab", *f"alice@practice.test {nobody}", "ctrl+d")
        await stage.until(lambda: stage.main.plan.status.next)
        before = stage.sent
        await stage.press("enter")
        await settled(stage)
        assert stage.sent.removeprefix(before).startswith(b"MAIL FROM:<you@example.org>")
        await stage.press("f5")
        await settled(stage)
        assert stage.main.plan.status.stop is not None
        await stage.press("f11", "escape")
        await stage.put(edit)
        await stage.press("f5")
        await settled(stage)
        assert stage.practice.mailboxes.of["bob"]

        # 7. Switch to TLS and log in.
        starttls, ehlo, login, password = said(7)
        await stage.put(starttls)
        await stage.until(lambda: stage.session.tls)
        await stage.press("f8")
        assert "TLSv1.3" in stage.screen or "TLS 1.3" in stage.screen
        await stage.press("escape")
        await stage.type(ehlo)
        await stage.put(login)
        await stage.until(lambda: stage.app.screen.query("#secret:focus"))
        await stage.press(*password, "enter")
        await stage.until(lambda: stage.main.plan.status.next)
        await stage.press("f5")
        await settled(stage)
        assert stage.session.conversation.authenticated
        assert password not in stage.screen

        # 8. Connect to your own server.
        await stage.press("escape", "ctrl+o")
        assert isinstance(stage.app.screen, ConnectScreen)
        await stage.press("escape")
        await stage.put(said(8)[0])
        assert "swaks" in stage.app.clipboard
        await stage.press("ctrl+q")
        assert stage.app.return_code in (0, None)
