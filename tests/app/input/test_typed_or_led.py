"""A delivery sends the same bytes whether it is typed or run by procedures; neither keeps a secret.

In both, the letter is sent over TLS after a login. The lines of the two clients are compared.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from heloscope.app.plan.status import Plan
from support.stage import Stage

LETTER = b"Subject: hello\r\n\r\nHello Alice,\r\n.dot\r\n"
FROM, TO = "you@example.org", "alice@practice.test"
SECRET = "wonderland"


async def typed(stage: Stage, mechanism: str, parts: list[str]) -> bytes:
    """Type a whole session, from EHLO and STARTTLS to QUIT, and return what was sent."""
    await stage.type("EHLO me.example", "STARTTLS")
    await stage.until(lambda: stage.session.tls)
    await stage.type("EHLO me.example", f"AUTH {mechanism}", *parts)
    await stage.type(f"MAIL FROM:<{FROM}> SIZE={len(LETTER)}", f"RCPT TO:<{TO}>", "DATA")
    await stage.paste(LETTER.decode().replace("\r\n", "\n").removesuffix("\n"))
    await stage.press("ctrl+d")
    await stage.until(lambda: stage.main.router.sending is None or stage.main.router.sending.done())
    await stage.quiet()
    await stage.put("QUIT")
    await stage.until(lambda: not stage.session.connected)
    return stage.sent


async def led(stage: Stage, mechanism: str, letter: Path) -> bytes:
    """Do the same with :hello, :starttls, :hello, the login, :send and QUIT."""

    async def run(*orders: str) -> None:
        for order in orders:
            await stage.put(order)
            await stage.until(lambda: not stage.main.plan.status.busy)
            await stage.put(":run")
            await stage.until(lambda: not stage.main.plan.status.busy)
            await stage.quiet()
            assert stage.main.plan.status.end().startswith("Done")

    await run(":hello me.example", ":starttls", ":hello me.example")
    name, arguments = stage.session.login_procedure("alice", SECRET, mechanism=mechanism)
    stage.main.plan.begin(Plan("Log in", name, arguments))
    await stage.until(lambda: not stage.main.plan.status.busy)
    await stage.put(":run")
    await stage.until(lambda: not stage.main.plan.status.busy)
    await run(f":send {letter} {FROM} {TO}")
    await stage.put("QUIT")
    await stage.until(lambda: not stage.session.connected)
    return stage.sent


@pytest.mark.parametrize(
    ("mechanism", "parts"),
    [("LOGIN", ["alice", SECRET]), ("PLAIN", ["alice", SECRET, ""])],
)
async def test_what_is_typed_and_what_the_procedures_send_are_the_same_bytes(
    mechanism: str, parts: list[str], tmp_path: Path
) -> None:
    letter = tmp_path / "letter.eml"
    letter.write_bytes(LETTER)
    async with Stage().run() as stage:
        by_hand = await typed(stage, mechanism, parts)
        [received] = stage.practice.mailboxes.of["alice"]
        assert received.content == LETTER
    async with Stage().run() as stage:
        by_procedure = await led(stage, mechanism, letter)
        [received] = stage.practice.mailboxes.of["alice"]
        assert received.content == LETTER
    assert by_hand.split(b"\r\n") == by_procedure.split(b"\r\n")
