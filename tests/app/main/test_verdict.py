"""What happens to the draft if there are several replies to one message (LMTP, PRDR)."""

from __future__ import annotations

import pytest
from heloscope.app.app import HeloscopeApp
from support.servers import script, serving

TO_TWO = """
    C: MAIL
    S: 250 ok
    C: RCPT
    S: 250 ok
    C: RCPT
    S: 250 ok
    C: DATA
    S: 354 go on
    C: Subject: to two
    C: .
"""
LMTP = "S: 220 mail.test\nC: LHLO\nS: 250 mail.test" + TO_TWO
SMTP = "S: 220 mail.test\nC: EHLO\nS: 250-mail.test\nS: 250 PRDR" + TO_TWO
END = "C: QUIT\nS: 221 bye"


async def send_to_two(conversation: str, *, lmtp: bool) -> tuple[list[str], str]:
    """Send a message to two recipients. Return what the user was told, and the draft left."""
    told: list[str] = []
    async with serving(script(conversation + END)) as port:
        app = HeloscopeApp(f"{'lmtp' if lmtp else 'smtp'}://127.0.0.1:{port}")
        async with app.run_test() as pilot:
            while (session := app.connections.session) is None or not session.connected:
                await pilot.pause()
            app.main.ui.tell = lambda text, **_: told.append(text)
            for line in (
                "LHLO me" if lmtp else "EHLO me",
                "MAIL FROM:<me@me.test>",
                "RCPT TO:<alice@mail.test>",
                "RCPT TO:<bob@mail.test>",
                "DATA",
            ):
                await app.main.sender.quiet()
                app.main.router.take(line)
            await app.main.sender.quiet()
            app.main.sender.draft = "Subject: to two"
            await app.main.sender.send_message(b"Subject: to two\r\n")
            await app.main.sender.quiet()
            app.main.sync()
            return told, app.main.sender.draft


@pytest.mark.parametrize("verdicts", ["550 no\nS: 250 ok", "250 ok\nS: 550 no"])
async def test_a_message_that_one_recipient_takes_is_taken(verdicts: str) -> None:
    assert await send_to_two(LMTP + f"S: {verdicts}\n", lmtp=True) == ([], "")


async def test_a_message_that_no_recipient_takes_is_kept_and_told_once() -> None:
    told, draft = await send_to_two(LMTP + "S: 550 no\nS: 452 full\n", lmtp=True)
    assert draft == "Subject: to two"
    assert len(told) == 1
    assert "not accepted" in told[0]


async def test_the_353_of_prdr_is_no_verdict_on_the_message() -> None:
    replies = "S: 353 here they come\nS: 550 no\nS: 250 ok\nS: 250 for some\n"
    assert await send_to_two(SMTP + replies, lmtp=False) == ([], "")
