"""Every procedure is stepped through from its first step to its last, and sends the same bytes."""

from __future__ import annotations

from typing import Any

import pytest
from heloscope.app.plan.status import Plan
from heloscope.session.procedures.registry import PROCEDURES
from heloscope.session.stepping.plan import TLS
from support.stage import Stage
from support.stage_plan import done, order

A, B, C = "a@example.org", "alice@practice.test", "bob@practice.test"


def _login(stage: Stage) -> tuple[Any, ...]:
    return stage.session.login_procedure("alice", "wonderland")[1]


# Name, arguments, and the verbs of the steps, after an EHLO that was typed.
LED: list[tuple[str, Any, list[str]]] = [
    ("docmd", ("NOOP", "x"), ["NOOP"]),
    ("ehlo", ("me",), ["EHLO"]),
    ("helo", ("me",), ["HELO"]),
    ("ehlo_or_helo_if_needed", (), []),
    ("hello", ("me",), ["EHLO"]),
    ("help", (), ["HELP"]),
    ("rset", (), ["RSET"]),
    ("noop", (), ["NOOP"]),
    ("quit", (), ["QUIT"]),
    ("verify", ("alice",), ["VRFY"]),
    ("vrfy", ("alice",), ["VRFY"]),
    ("expn", ("friends",), ["EXPN"]),
    ("mail", (A,), ["MAIL"]),
    ("rcpt", (B,), ["RCPT"]),
    ("data", (b"x",), ["DATA", "."]),
    ("bdat", (b"x\r\n", True), ["BDAT LAST"]),
    ("sendmail", (A, [B, C], b".x\r\n"), ["MAIL", "RCPT", "RCPT", "DATA", "."]),
    ("check", (A, [B, C]), ["MAIL", "RCPT", "RCPT", "RSET"]),
    ("starttls", (), ["STARTTLS", TLS]),
    ("secure", ("me",), ["EHLO", "STARTTLS", TLS, "EHLO"]),
    ("probe", ("me",), ["EHLO", "STARTTLS", TLS, "EHLO"]),
    ("auth", ("CRAM-MD5", lambda challenge=None: None if challenge is None else b"x"),
     ["AUTH", "(auth)"]),
    ("login", _login, ["AUTH", "(auth)", "(auth)"]),
]  # fmt: skip
ENDS = {
    "check": "All 2 recipients would be accepted.",
    "probe": "Different with TLS: AUTH.",
    "auth": "The plan failed",
}
ALONE = ("quit", "starttls", "secure", "probe", "auth", "login")
BEFORE = {
    "rcpt": ["MAIL FROM:<a@example.org>"],
    "data": ["MAIL FROM:<a@example.org>", "RCPT TO:<alice@practice.test>"],
    "bdat": ["MAIL FROM:<a@example.org>", "RCPT TO:<alice@practice.test>"],
}


def test_none_is_left_out():
    led = {name for name, _, _ in LED}
    # the first two make a connection; send_message is sendmail after the making of the message
    # rerun is led in tests/app/recordings/test_again.py; xclient is an option of heloscope send
    others = {"connect", "from_the_start", "send_message", "rerun", "xclient"}
    assert set(PROCEDURES) - led == others


@pytest.mark.parametrize("alone", [*ALONE, ""], ids=[*ALONE, "the others"])
async def test_it_is_led_step_by_step(alone: str):
    """Procedures that end the connection, or change it permanently, are tested alone."""
    async with Stage().run() as stage:
        for name, arguments, verbs in LED:
            if name == alone or (not alone and name not in ALONE):
                await led(stage, name, arguments, verbs)


async def led(stage: Stage, name: str, arguments: Any, verbs: list[str]) -> None:
    await stage.type("EHLO me", *BEFORE.get(name, ()))
    given: tuple[Any, ...] = _login(stage) if arguments is _login else arguments
    stage.main.plan.begin(Plan(f"The procedure {name}", name, tuple(given)))
    await done(stage)
    stepping = stage.main.plan
    taken: list[str] = []
    while stepping.status.next is not None:
        plan = stage.seen("#facts")
        assert "▶" in plan
        assert "wonderland" not in stage.screen
        taken.append(stepping.status.next.verb)
        sent = len(stage.sent)
        data = stepping.status.next.data
        await order(stage, "")
        assert len(stepping.status.done) == len(taken)
        went = stage.sent[sent:]
        assert went == (data + b".\r\n" if taken[-1] == "." else data)
    assert taken == verbs
    assert not stepping.status.active
    assert all(each.reply or each.planned.verb == TLS for each in stepping.status.done)
    seen = " ".join(stage.seen("#facts").replace("│", " ").split())
    assert ENDS.get(name, "Done.") in seen
