"""Restarting a plan does what the screen says it will do."""

from __future__ import annotations

import msgspec
import pytest
from heloscope.app.plan.status import Plan
from support.servers import VerbServer
from support.ui import Desk, served

NOT_YET = "Not yet: the server is waiting for the message. :message (F7) opens the editor."

TO_BOB = ("a@example.org", ["bob@example.org"], b"hi\r\n")
DELIVERY = Plan("A delivery", "sendmail", TO_BOB, {"pipelining": False})
WHOLE = msgspec.structs.replace(DELIVERY, connects=True, leaves=True)
VERIFY = Plan("A question", "verify", ("bob@example.org",))
AGAIN = "reconnects and starts from the beginning"


async def begun(desk: Desk, plan: Plan, steps: int) -> None:
    desk.plan.begin(plan)
    await desk.stepped()
    for _ in range(steps):
        desk.plan.step()
        await desk.stepped()


@pytest.mark.parametrize(
    ("plan", "steps", "typed", "words", "first"),
    [
        (DELIVERY, 2, (), "starts again from RSET", "RSET"),
        (DELIVERY, 2, ("RSET",), "starts again from MAIL", "MAIL"),
        (DELIVERY, 2, ("EHLO me",), "starts again from MAIL", "MAIL"),
        (DELIVERY, 2, ("RSET", "MAIL FROM:<x@example.org>"), "starts again from RSET", "RSET"),
        (DELIVERY, 0, (), "starts again from EHLO", "EHLO"),
        (DELIVERY, 2, ("RSET", "AUTH PLAIN AGEAYg=="), "starts again from MAIL", "MAIL"),
        (DELIVERY, 2, ("QUIT",), AGAIN, "connect"),
        (VERIFY, 0, ("RSET",), "starts again from the start", "VRFY"),
        (VERIFY, 0, ("QUIT",), AGAIN, "connect"),
        (WHOLE, 3, ("RSET",), AGAIN, "connect"),
        (WHOLE, 3, ("QUIT",), AGAIN, "connect"),
        (WHOLE, 0, (), AGAIN, "connect"),
    ],
)
async def test_a_restart_does_what_is_said(
    plan: Plan, steps: int, typed: tuple[str, ...], words: str, first: str
):
    server = VerbServer("AUTH PLAIN", AUTH="535 no", QUIT="221 bye")
    async with served(server) as desk:
        await desk.greeted()
        await begun(desk, plan, steps)
        await desk.type(*typed)
        before = desk.session
        assert desk.plan.status.restart == words
        assert desk.plan.restart()
        await desk.stepped()
        assert desk.plan.status.next is not None
        assert desk.plan.status.next.verb == first
        assert (desk.session is before) is (first != "connect")


async def test_a_connection_that_is_gone_is_made_again():
    async with served(VerbServer()) as desk:
        await desk.greeted()
        await begun(desk, DELIVERY, 2)
        await desk.connections.disconnect()
        assert desk.plan.status.typed == "closed"
        assert desk.plan.status.restart == AGAIN
        desk.plan.restart()
        await desk.stepped()
        assert desk.plan.status.next is not None
        assert desk.plan.status.next.verb == "connect"


async def test_while_a_message_is_written_by_hand_a_restart_has_to_wait():
    async with served(VerbServer()) as desk:
        await desk.greeted()
        await begun(desk, DELIVERY, 3)
        await desk.type("DATA")
        words = "starts again later: first, the server is waiting for the message"
        assert desk.plan.status.restart == words
        desk.plan.restart()
        assert desk.ui.troubles[-1] == NOT_YET
        assert desk.session.connected


# A refusal that was dealt with


async def test_a_refusal_is_settled_once_its_step_is_to_be_sent_again():
    async with served(VerbServer(RCPT=["550 5.1.1 no", "250 ok"])) as desk:
        await desk.greeted()
        await begun(desk, DELIVERY, 3)
        status = desk.plan.status
        refused = status.at
        assert status.done[refused].refused
        desk.plan.again(refused)
        await desk.stepped()
        assert status.at == len(status.done)
        assert status.next is not None
        assert status.next.verb == "RCPT"


async def test_a_refusal_is_settled_by_a_command_that_is_typed_after_it():
    plan = msgspec.structs.replace(
        DELIVERY, arguments=("a@x.example", ["b@x.example", "c@x.example"], b"hi\r\n")
    )
    async with served(VerbServer(RCPT=["550 5.1.1 no", "250 ok"])) as desk:
        await desk.greeted()
        await begun(desk, plan, 3)
        assert desk.plan.status.done[desk.plan.status.at].refused
        await desk.type("RCPT TO:<d@x.example>")
        assert desk.plan.status.at == len(desk.plan.status.done)


async def test_a_refusal_stays_explained_when_the_plan_has_reset_the_transaction():
    async with served(VerbServer(MAIL="550 5.7.1 not you")) as desk:
        await desk.greeted()
        await begun(desk, DELIVERY, 2)
        status = desk.plan.status
        assert status.refusal_before_reset is None
        desk.plan.step()
        await desk.stepped()
        row = status.refusal_before_reset
        assert row is not None
        assert desk.session.transcript[row].data == b"550 5.7.1 not you\r\n"
        await desk.type("NOOP")
        assert status.refusal_before_reset is None
