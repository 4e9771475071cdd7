"""Breakpoints on the screen: set with orders and keys, listed, shown in the plan, and removed."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.servers import VerbServer
from support.stage import NARROW, Stage
from support.stage_plan import by_hand, done, letter, order, row

__all__ = ["letter"]  # a fixture


def plan(stage: Stage) -> str:
    return stage.seen("#facts")


def told(stage: Stage) -> str:
    """Return the text of the plan, on one line."""
    return " ".join(part.strip(" │") for part in plan(stage).split("\n"))


async def begun(stage: Stage, letter: Path) -> None:
    await stage.type("EHLO me")
    await order(stage, f":send {letter}")


async def test_they_are_listed_in_the_plan_and_by_the_order_and_are_taken_away():
    async with Stage().run() as stage:
        await order(stage, ":break")
        assert stage.notices[-1] == "No breakpoints are set."
        await order(stage, ":break before rcpt", ":break on 5XX", ":break to Bob@", ":break tls")
        stage.main.ui.clear_notices()
        await stage.settle()
        assert "● Stops  1 before RCPT  2 on 5xx  3 to Bob@  4 tls" in told(stage)
        await order(stage, ":break on 5xx")
        assert stage.notices[-1] == "This is already breakpoint 2."
        await order(stage, ":break clear 2 4", ":break clear 3")
        assert stage.notices[-1] == "Breakpoint not found: 3. :break lists them."
        for other in ("0", "-1", "²", "٢", "2.0", "9" * 5000):
            await order(stage, f":break clear {other}")
            assert stage.notices[-1] == f"Breakpoint not found: {other[:20]}. :break lists them."
        stage.main.ui.clear_notices()
        await stage.settle()
        assert "● Stops  1 before RCPT  2 to Bob@  " in told(stage)
        await order(stage, ":break clear")
        assert "Stops" not in plan(stage)
        await order(stage, ":break somewhere")
        assert stage.notices[-1].startswith('Unknown breakpoint "somewhere". Use: before RCPT,')


async def test_where_the_plan_is_not_seen_they_are_told():
    async with Stage().run(NARROW) as stage:
        await order(stage, ":break before rcpt", ":break on 5xx")
        assert stage.notices[-1] == "Breakpoint 2: on 5xx."
        await order(stage, ":break")
        assert stage.notices[-1] == "Breakpoints: 1 before RCPT; 2 on 5xx."
        await order(stage, ":break clear 1")
        assert stage.notices[-1] == "1 breakpoint is left."
        await order(stage, ":break clear")
        assert stage.notices[-1] == "No breakpoints are set."


async def test_b_sets_one_before_the_step_under_the_cursor_and_takes_it_away(letter: Path):
    async with Stage().run() as stage:
        await begun(stage, letter)
        await stage.press("f11", "down", "down", "b", "down", "b")
        assert row(stage, "RCPT TO:<x@practice.test>").startswith("●")
        assert not row(stage, "RCPT TO:<alice@").startswith("●")
        assert row(stage, "DATA").startswith("●")
        assert "1 to x@practice.test  2 before DATA" in told(stage)
        await stage.press("b")
        assert not row(stage, "DATA").startswith("●")
        await stage.press("c")
        await done(stage)
        assert row(stage, "●▶ RCPT TO:<x@practice.test>")
        assert "Stopped  by breakpoint 1, to x@practice.test." in told(stage)
        assert stage.wire[-2] == "C: RCPT TO:<alice@practice.test>"
        await stage.press("c")
        await done(stage)
        assert not stage.main.plan.status.active
        assert stage.wire[-1].startswith("S: 250")


@pytest.mark.parametrize(
    ("point", "said", "sent"),
    [
        ("before DATA", "before DATA.", b"RCPT TO:<x@practice.test>\r\n"),
        ("before message", "before message.", b"DATA\r\n"),
        ("on 550", "on 550: 550 5.1.1 to RCPT.", b"RCPT TO:<x@practice.test>\r\n"),
        ("on 5xx", "on 5xx: 550 5.1.1 to RCPT.", b"RCPT TO:<x@practice.test>\r\n"),
        ("on 5.1.1", "on 5.1.1: 550 5.1.1 to RCPT.", b"RCPT TO:<x@practice.test>\r\n"),
        ("on 5.1.x", "on 5.1.x: 550 5.1.1 to RCPT.", b"RCPT TO:<x@practice.test>\r\n"),
        ("to x@", "to x@.", b"<alice@practice.test>\r\n"),
    ],
)
async def test_a_run_says_which_one_stopped_it_and_why(
    letter: Path, point: str, said: str, sent: bytes
):
    async with Stage().run() as stage:
        await order(stage, f":break {point}")
        await begun(stage, letter)
        await stage.press("f5")
        await done(stage)
        assert f"Stopped  by breakpoint 1, {said}" in told(stage)
        assert stage.sent.endswith(sent)
        await stage.press("f5")
        await done(stage)
        assert "Stopped" not in told(stage)


async def test_a_run_stops_when_tls_has_begun_and_before_the_handshake():
    async with Stage().run() as stage:
        await order(stage, ":break tls", ":break before TLS")
        await stage.type("EHLO me")
        await order(stage, ":starttls")
        assert row(stage, "the TLS handshake").startswith("●")
        await stage.press("f5")
        await done(stage)
        assert "by breakpoint 2, before TLS." in told(stage)
        assert not stage.session.tls
        await stage.press("f5")
        await done(stage)
        assert "by breakpoint 1, tls: TLS 1.3 has started." in told(stage)


async def test_a_run_stops_where_a_rule_was_broken(letter: Path):
    server = VerbServer(EHLO="250 me", MAIL="250-ok\r\n251 ok")
    async with Stage("mail.example.org", server).run() as stage:
        await order(stage, ":break violation")
        await begun(stage, letter)
        await stage.press("f5")
        await done(stage)
        assert "Stopped  by breakpoint 1, violation: " in told(stage)
        assert server.heard[-1].startswith(b"MAIL")


async def test_they_outlive_the_plan_and_the_connection(letter: Path):
    async with Stage().run() as stage:
        await order(stage, ":break before RCPT")
        await begun(stage, letter)
        await order(stage, ":abandon")
        await stage.press("f9")
        await stage.greeted(2)
        assert "1 before RCPT" in told(stage)
        await begun(stage, letter)
        await stage.press("f5")
        await done(stage)
        assert "Stopped  by breakpoint 1" in told(stage)


async def test_what_breakpoints_there_are_is_completed():
    async with Stage().run() as stage:
        await stage.press(*":break on", "tab")
        assert stage.composer.text == ":break on 5xx"


async def test_a_colon_in_the_plan_begins_an_order(letter: Path):
    async with Stage().run() as stage:
        await begun(stage, letter)
        await stage.press("f11", ":", *"break tls", "enter")
        assert "1 tls" in told(stage)
        await by_hand(stage, "NOOP")
        assert stage.wire[-2] == "C: NOOP"
