"""The mistakes that a program can make with a stepper, and how each is reported."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from heloscope.session import (
    SMTP,
    BlockingStepper,
    PracticeServer,
    Session,
    SMTPRecipientsRefused,
    Stepper,
    parse_breakpoint,
)

MAIL = ("you@example.org", ["alice@practice.test"], b"Subject: hello\r\n")


def mistakes(stepper: Stepper | BlockingStepper) -> list[tuple[Callable[[], Any], str]]:
    text: Any = "NOOP"
    return [
        (lambda: stepper.edit(text), "TypeError: the data of a step must be bytes, not str"),
        (
            lambda: stepper.edit_later(1, text),
            "TypeError: the data of a step must be bytes, not str",
        ),
        (
            lambda: stepper.edit_later(9, b"NOOP\r\n"),
            "IndexError: no step 9: foreseen has 3 steps",
        ),
        (
            lambda: stepper.edit_later(-1, b"NOOP\r\n"),
            "IndexError: no step -1: foreseen has 3 steps",
        ),
        (lambda: stepper.why_not_again(3), "IndexError: no step 3: done has only 1 step"),
        (lambda: stepper.again(3), "IndexError: no step 3: done has only 1 step"),
    ]


async def test_a_mistake_is_reported_and_changes_nothing():
    async with PracticeServer() as server, Session(server.host, server.port) as session:
        await session.ehlo("me.example")
        stepper = Stepper(session, "sendmail", *MAIL)
        await stepper.send()
        seen = stepper.foreseen()
        for call, told in mistakes(stepper):
            with pytest.raises((TypeError, IndexError)) as raised:
                done = call()
                if isinstance(done, Awaitable):
                    await done
            assert f"{type(raised.value).__name__}: {raised.value}" == told
        assert stepper.foreseen() == seen
        await stepper.run_to()
        assert stepper.result is not None
        assert stepper.result.accepted == ("alice@practice.test",)
        with pytest.raises(ValueError, match="no step is left"):
            await stepper.send()


def test_the_blocking_stepper_reports_the_same():
    with PracticeServer() as server, SMTP(server.host, server.port) as smtp:
        smtp.ehlo("me.example")
        stepper = BlockingStepper(smtp, "sendmail", *MAIL)
        stepper.send()
        for call, told in mistakes(stepper):
            with pytest.raises((TypeError, IndexError)) as raised:
                call()
            assert f"{type(raised.value).__name__}: {raised.value}" == told
        stepper.run_to()
        assert stepper.result is not None
        assert stepper.result.accepted == ("alice@practice.test",)


async def test_a_breakpoint_does_not_apply_to_the_current_step():
    async with PracticeServer() as server, Session(server.host, server.port) as session:
        await session.ehlo("me.example")
        stepper = Stepper(session, "sendmail", *MAIL)
        at = parse_breakpoint("before DATA")
        assert await stepper.run_to(at) == at
        assert await stepper.run_to(at) is None
        assert stepper.over


async def test_the_repr_shows_the_position():
    async with PracticeServer() as server, Session(server.host, server.port) as session:
        stepper = Stepper(session, "sendmail", MAIL[0], "nobody@practice.test", MAIL[2])
        assert repr(stepper) == "<Stepper: sendmail, not begun>"
        await stepper.begin()
        assert repr(stepper) == "<Stepper: sendmail, EHLO comes next>"
        await stepper.run_to()
        assert isinstance(stepper.error, SMTPRecipientsRefused)
        assert repr(stepper) == "<Stepper: sendmail, over, SMTPRecipientsRefused>"
        quiet = Stepper(session, "noop")
        await quiet.run_to()
        assert repr(quiet) == "<Stepper: noop, over>"
        left = Stepper(session, "noop")
        await left.begin()
        await left.abandon()
        assert repr(left) == "<Stepper: noop, abandoned>"


def test_the_repr_of_the_blocking_stepper_shows_the_position():
    with PracticeServer() as server, SMTP(server.host, server.port) as smtp:
        stepper = BlockingStepper(smtp, "noop")
        assert repr(stepper) == "<BlockingStepper: noop, not begun>"
        stepper.begin()
        assert repr(stepper) == "<BlockingStepper: noop, NOOP comes next>"
