"""The plan controller, without an app: steps, runs, edits and repetition."""

from __future__ import annotations

from heloscope.app.plan.edit import data_of
from heloscope.app.plan.status import Plan
from heloscope.session.stepping.breakpoints import parse_breakpoint
from support.ui import Desk, connected

HELLO = """
    S: 220 ready
    C: EHLO
    S: 250 hello
"""
DELIVERY = (
    HELLO
    + """
    C: MAIL
    S: 250 sender ok
    C: RCPT
    S: 550 5.1.1 no such user
    C: RCPT
    S: 250 recipient ok
    C: DATA
    S: 354 go on
    C: hi
    C: .
    S: 250 queued
    C: more
"""
)
TO_TWO = Plan(
    "A delivery",
    "sendmail",
    ("a@example.org", ["no@example.org", "yes@example.org"], b"hi\r\n"),
    {"pipelining": False},
)


def verbs(desk: Desk) -> list[str]:
    """Return the first word of each command that was sent."""
    return [line.split(b" ")[0].decode() for line in desk.sent.split(b"\r\n")[:-1]]


async def begun(desk: Desk, plan: Plan) -> None:
    desk.plan.begin(plan)
    await desk.stepped()


async def step(desk: Desk) -> bool:
    there = desk.plan.step()
    await desk.stepped()
    return there


async def test_nothing_is_sent_before_the_first_step():
    async with connected(HELLO + "C: more") as desk:
        await begun(desk, Plan("Greeting", "hello", ("me.example",)))
        assert desk.ui.panel.page == "plan"
        assert desk.plan.status.heading == "Greeting  0 of 1"
        assert desk.plan.status.next is not None
        assert desk.plan.status.next.data == b"EHLO me.example\r\n"
        assert desk.sent == b""


async def test_steps_are_taken_one_by_one_up_to_the_end():
    async with connected(HELLO + "C: more") as desk:
        await begun(desk, Plan("Greeting", "hello", ("me.example",)))
        assert await step(desk)
        assert desk.sent == b"EHLO me.example\r\n"
        assert desk.plan.status.end() == "Done."
        assert not desk.plan.status.active
        assert not await step(desk)


async def test_a_run_stops_at_a_breakpoint_and_goes_on():
    async with connected(DELIVERY) as desk:
        desk.plan.toggle_breakpoint(parse_breakpoint("before DATA"))
        await begun(desk, TO_TWO)
        assert desk.plan.run()
        await desk.stepped()
        assert verbs(desk) == ["EHLO", "MAIL", "RCPT", "RCPT"]
        assert desk.plan.status.stop is not None
        assert desk.plan.status.next is not None
        assert desk.plan.status.next.verb == "DATA"
        assert desk.plan.run()
        await desk.stepped()
        assert desk.received[-1] == "250 queued"
        assert desk.plan.status.end().startswith(
            "Done, but 1 recipient was refused: no@example.org: 550"
        )


async def test_a_run_asked_for_while_the_plan_opens_begins_as_soon_as_it_is_open():
    async with connected(HELLO + "C: more") as desk:
        desk.plan.begin(Plan("Greeting", "hello", ("me.example",)))
        assert desk.plan.run()
        assert desk.plan.run()  # a second time changes nothing
        await desk.stepped()
        assert desk.sent == b"EHLO me.example\r\n"
        assert desk.plan.status.end() == "Done."


async def test_what_was_asked_for_while_the_plan_opens_is_given_up_with_it():
    async with connected(HELLO + "C: more") as desk:
        await begun(desk, Plan("Greeting", "hello", ("me.example",)))
        assert desk.plan.restart()
        assert desk.plan.step()
        assert desk.plan.give_up()
        await desk.stepped()
        assert desk.sent == b""


async def test_a_step_given_up_before_it_began_sends_nothing():
    async with connected(HELLO + "C: more") as desk:
        await begun(desk, Plan("Greeting", "hello", ("me.example",)))
        assert desk.plan.step()
        assert desk.plan.give_up()
        await desk.stepped()
        assert desk.sent == b""


async def test_a_breakpoint_is_taken_away_by_setting_it_again():
    desk = Desk()
    point = parse_breakpoint("on 5xx")
    assert desk.plan.toggle_breakpoint(point)
    assert not desk.plan.toggle_breakpoint(point)
    assert desk.plan.status.breakpoints == []


async def test_a_recipient_can_be_skipped_and_data_cannot():
    async with connected(DELIVERY.replace("S: 550 5.1.1 no such user", "S: 250 ok")) as desk:
        await begun(desk, TO_TWO)
        for _ in ("EHLO", "MAIL"):
            await step(desk)
        desk.plan.skip()
        await desk.stepped()
        assert desk.plan.status.done[-1].skipped
        await step(desk)
        desk.plan.skip()
        await desk.stepped()
        assert desk.ui.troubles[-1].startswith("DATA cannot be skipped")
        assert desk.sent.count(b"RCPT") == 1
        assert b"RCPT TO:<yes@example.org>" in desk.sent


async def test_an_edited_step_goes_out_as_it_was_edited():
    async with connected(HELLO + "C: more") as desk:
        await begun(desk, Plan("Greeting", "hello", ("me.example",)))
        edit = desk.plan.edit()
        assert edit is not None
        assert edit.text == "EHLO me.example"
        desk.plan.edited(data_of(edit, "ehlo  other.example"))
        await step(desk)
        assert desk.sent == b"ehlo  other.example\r\n"
        assert desk.plan.status.done[0].edited


async def test_what_was_refused_is_sent_again():
    async with connected(DELIVERY) as desk:
        await begun(desk, TO_TWO)
        for _ in ("EHLO", "MAIL", "RCPT"):
            await step(desk)
        assert desk.plan.status.done[desk.plan.status.at].refused
        assert desk.plan.again()
        await desk.stepped()
        assert desk.plan.status.next is not None
        assert desk.plan.status.next.data == b"RCPT TO:<no@example.org>\r\n"
        await step(desk)
        assert desk.received[-1] == "250 recipient ok"


async def test_without_a_connection_nothing_is_taken_again():
    desk = Desk()
    assert not desk.plan.again()
    assert not desk.plan.step()
    assert not desk.plan.restart()


async def test_a_plan_begins_again_with_its_edits():
    async with connected(HELLO + "C: EHLO\nS: 250 hello\nC: more") as desk:
        await begun(desk, Plan("Greeting", "hello", ("me.example",)))
        edit = desk.plan.edit()
        assert edit is not None
        desk.plan.edited(data_of(edit, "EHLO other"))
        await step(desk)
        assert desk.plan.restart()
        await desk.stepped()
        await step(desk)
        assert desk.sent == b"EHLO other\r\n" * 2


async def test_a_lost_plan_begins_again_with_a_connection_of_its_own():
    async with connected(HELLO) as desk:
        await begun(desk, TO_TWO)
        await step(desk)
        await desk.until(lambda: not desk.connections.connected)
        await step(desk)
        assert desk.plan.status.typed or desk.plan.status.lost
        assert desk.plan.restart()
        await desk.stepped()
        assert len(desk.sessions) == 2
        assert desk.plan.status.next is not None
        assert desk.plan.status.next.verb == "connect"
        await step(desk)
        assert desk.connections.connected


async def test_a_plan_that_is_given_up_sends_nothing_more():
    async with connected(DELIVERY) as desk:
        await begun(desk, TO_TWO)
        await step(desk)
        assert desk.plan.give_up()
        await desk.stepped()
        assert not desk.plan.give_up()
        assert desk.plan.status.next is None
        assert desk.plan.status.renewable == "A delivery"
        assert verbs(desk) == ["EHLO"]


async def test_what_was_typed_in_between_is_known():
    async with connected(DELIVERY) as desk:
        await begun(desk, TO_TWO)
        for _ in ("EHLO", "MAIL"):
            await step(desk)
        desk.enter("RSET")
        await desk.until(lambda: len(desk.received) == 4)  # 550, whatever it says
        assert desk.plan.status.handles("RCPT")
        assert not desk.plan.status.handles(".")


async def test_a_reply_that_is_due_is_waited_for_first():
    async with connected("S: 220 ready\nC: NOOP\nC: more") as desk:
        desk.enter("NOOP")
        desk.plan.begin(Plan("Greeting", "hello", ("me.example",)))
        assert desk.ui.troubles == ["The reply to NOOP has not arrived yet: try again when it has."]
        assert desk.plan.status.next is None


async def test_where_the_plan_is_not_seen_its_error_is_told():
    async with connected("S: 220 ready\nC: EHLO\nS: 421 going down") as desk:
        await begun(desk, TO_TWO)
        desk.ui.panel.shown = False
        await step(desk)
        await desk.until(lambda: desk.ui.troubles)
        assert desk.ui.troubles[-1].startswith("The plan ended here: 421 going down")
