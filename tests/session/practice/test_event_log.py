"""The log of the practice server: what is told, to whom a message goes, and in which order."""

from __future__ import annotations

import pytest
from heloscope.session.practice.event_text import as_lines, as_object
from heloscope.session.practice.events import PracticeEvent
from heloscope.session.practice.scenarios.table import named
from support.practice_server import practising, talking
from support.practice_talk import converse

GREETED = """
    C: EHLO me.example
    S: 250
    C: MAIL FROM:<alice@practice.test>
    S: 250
"""
LETTER = """
    C: DATA
    S: 354
    C: From: <alice@practice.test>\\r\\nDate: Mon, 5 Jan 2026 10:00:00 +0000\\r\\n\\r\\nhi\\r\\n.
    S: 250
    C: QUIT
    S: 221
"""


async def events_of(script: str, scenario: str = "friendly") -> list[PracticeEvent]:
    """What is told of a conversation with a server that behaves by a scenario."""
    events: list[PracticeEvent] = []
    async with practising() as server:
        server.use(named(scenario))
        server.subscribe(events.append)
        async with talking(server) as client:
            await converse(client, script)
    return events


def told(events: list[PracticeEvent]) -> list[str]:
    """The lines of the log, without the time."""
    return [line.partition(" ")[2] for event in events for line in as_lines(event)]


def after(lines: list[str], first: str) -> list[str]:
    """The lines behind the one that begins so."""
    at = next(number for number, line in enumerate(lines) if line.startswith(first))
    return lines[at + 1 :]


# Messages


@pytest.mark.parametrize(
    ("scenario", "to", "failed"),
    [
        ("bouncer", ["late"], ["late"]),
        ("partial", ["bob", "carol"], ["carol"]),
        ("yes-man", ["zzz9"], ["zzz9"]),
    ],
)
async def test_a_message_that_bounces_is_told_with_whom_it_was_for_and_its_report(
    scenario: str, to: list[str], failed: list[str]
):
    rcpt = "".join(f"C: RCPT TO:<{name}@practice.test>\nS: 250\n" for name in to)
    events = await events_of(GREETED + rcpt + LETTER, scenario)
    paths = ", ".join(f"<{name}@practice.test>" for name in to)
    message, undelivered, report, *_ = after(told(events), "#1 S: 250 2.0.0 Message 1 delivered")
    assert message == f"#1 message 1 from <alice@practice.test> for {paths}, 73 octets"
    assert undelivered == f"#1    not delivered to <{failed[0]}@practice.test>"
    assert report.startswith("#1 report 2 to <alice@practice.test>, ")
    assert report.endswith(" octets, on message 1")
    found = {str(told["event"]): told for told in map(as_object, events)}
    assert found["message"]["recipients"] == [f"{name}@practice.test" for name in to]
    assert found["message"]["failed"] == [f"{name}@practice.test" for name in failed]
    assert found["report"]["recipient"] == "alice@practice.test"
    assert (found["report"]["number"], found["report"]["about"]) == (2, 1)


async def test_a_message_that_is_delivered_has_no_report():
    rcpt = "C: RCPT TO:<bob@practice.test>\nS: 250\n"
    events = await events_of(GREETED + rcpt + LETTER)
    lines = after(told(events), "#1 S: 250 2.0.0 Message 1 delivered")
    assert lines == [
        "#1 message 1 from <alice@practice.test> for <bob@practice.test>, 73 octets",
        "#1 C: QUIT",
        "#1 S: 221 2.0.0 Goodbye",
        "#1 closed",
    ]
    [message] = [each for each in map(as_object, events) if each["event"] == "message"]
    assert message["failed"] == []


async def test_a_report_of_success_that_was_asked_for_is_told():
    rcpt = "C: RCPT TO:<bob@practice.test> NOTIFY=SUCCESS\nS: 250\n"
    lines = told(await events_of(GREETED + rcpt + LETTER))
    assert [line for line in lines if line.startswith("#1 report 2 to <alice@")]
    assert not [line for line in lines if "not delivered" in line]
