"""The practice server's log: what it reports, the recipients of each message, and the order."""

from __future__ import annotations

import asyncio

import pytest
from heloscope.session.practice.diagnosis import Diagnosis
from heloscope.session.practice.event_text import as_lines, as_object
from heloscope.session.practice.events import PracticeEvent
from heloscope.session.practice.scenarios.table import named
from heloscope.session.practice.server import PracticeServer
from support.practice_server import practising, talking, unverified
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
    """Return the events of a conversation with a server that plays a scenario."""
    events: list[PracticeEvent] = []
    async with practising() as server:
        server.use(named(scenario))
        server.subscribe(events.append)
        async with talking(server) as client:
            await converse(client, script)
    return events


def told(events: list[PracticeEvent]) -> list[str]:
    """Return the lines of the log, without times."""
    return [line.partition(" ")[2] for event in events for line in as_lines(event)]


def after(lines: list[str], first: str) -> list[str]:
    """Return the lines after the one that begins with `first`."""
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
async def test_a_message_that_bounces_is_reported_with_its_recipient_and_its_report(
    scenario: str, to: list[str], failed: list[str]
):
    rcpt = "".join(f"C: RCPT TO:<{name}@practice.test>\nS: 250\n" for name in to)
    events = await events_of(GREETED + rcpt + LETTER, scenario)
    paths = ", ".join(f"<{name}@practice.test>" for name in to)
    message, undelivered, report, *_ = after(told(events), "#1 S: 250 2.0.0 Message 1 accepted")
    assert message == f"#1 message 1 from <alice@practice.test> for {paths}, 73 octets"
    assert undelivered == f"#1    not delivered to <{failed[0]}@practice.test>"
    assert report.startswith("#1 report 2 to <alice@practice.test>, ")
    assert report.endswith(" octets, about message 1")
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


async def test_a_report_of_success_that_was_asked_for_is_reported():
    rcpt = "C: RCPT TO:<bob@practice.test> NOTIFY=SUCCESS\nS: 250\n"
    lines = told(await events_of(GREETED + rcpt + LETTER))
    assert [line for line in lines if line.startswith("#1 report 2 to <alice@")]
    assert not [line for line in lines if "not delivered" in line]


# Order


def marks(events: list[PracticeEvent]) -> list[str]:
    """Return each command, reply code, diagnosis and disconnection in a short form."""
    found: list[str] = []
    for event in map(as_object, events):
        if event["event"] == "client":
            found.append(f"C: {event['text']}")
        elif event["event"] == "server":
            found.append(f"S: {str(event['lines'])[2:5]}")
        elif event["event"] == "diagnosis":
            found.append(f"! {event['rule']}")
        elif event["event"] == "gone":
            found.append("closed")
    return found


async def test_what_is_wrong_with_a_line_follows_it():
    events = await events_of("C: EHLO me.example\nS: 250\nC: RCPT TO:bob\nS: 503\nC: QUIT\nS: 221")
    assert marks(events) == [
        "S: 220",
        "C: EHLO me.example",
        "S: 250",
        "C: RCPT TO:bob",
        "! out-of-order",
        "! no-brackets",
        "! no-domain",
        "S: 503",
        "C: QUIT",
        "S: 221",
        "closed",
    ]


async def test_what_is_wrong_with_a_line_of_a_group_follows_that_line():
    script = (
        "C: EHLO me.example\nS: 250\nC- MAIL FROM:alice@practice.test\n"
        "C- RCPT TO:<bob@practice.test>\nC- \nC- NOOPE\nC- RSET\nC: QUIT\n"
        "S: 250\nS: 250\nS: 500\nS: 500\nS: 250\nS: 221"
    )
    assert marks(await events_of(script))[3:] == [
        "C: MAIL FROM:alice@practice.test",
        "! no-brackets",
        "S: 250",
        "C: RCPT TO:<bob@practice.test>",
        "S: 250",
        "C: ",
        "! empty-command",
        "S: 500",
        "C: NOOPE",
        "S: 500",
        "C: RSET",
        "S: 250",
        "C: QUIT",
        "S: 221",
        "closed",
    ]


async def test_what_is_wrong_with_a_message_follows_it():
    rcpt = "C: RCPT TO:<bob@practice.test>\nS: 250\n"
    letter = "C: DATA\nS: 354\nC: hello\\r\\n.\nS: 250\nC: QUIT\nS: 221"
    lines = marks(await events_of(GREETED + rcpt + letter))
    assert lines[lines.index("C: DATA") :] == [
        "C: DATA",
        "S: 354",
        "C: (message, 7 octets)",
        "! no-header",
        "S: 250",
        "C: QUIT",
        "S: 221",
        "closed",
    ]


async def test_another_protocol_is_reported_after_its_first_line():
    events = await events_of("C- GET / HTTP/1.1\nC: Host: x\nS: 500\nS: 500")
    assert marks(events)[1:] == [
        "C: GET / HTTP/1.1", "! http", "S: 500", "C: HOST: x", "S: 500", "closed"
    ]  # fmt: skip


async def test_what_is_not_carried_out_is_reported_at_the_end():
    events = await events_of("C: EHLO me.example\nS: 250\nC- QUIT\nC: NOOPE\nS: 221\nEND")
    assert marks(events)[3:] == [
        "C: QUIT",
        "S: 221",
        "! unknown-command",
        "! pipelined-past",
        "closed",
    ]


async def test_a_line_without_a_reply_yet_is_reported_when_the_client_falls_silent():
    """Message text is checked as it arrives, but appears in the log as one line at its end."""
    events: list[PracticeEvent] = []
    found = asyncio.Event()

    def take(event: PracticeEvent) -> None:
        events.append(event)
        if isinstance(event, Diagnosis) and event.rule == "message-not-ended":
            found.set()

    server = PracticeServer(patience=0.05)
    await server.start()
    try:
        server.subscribe(take)
        async with talking(server) as client:
            await converse(client, f"{GREETED}C: RCPT TO:<bob@practice.test>\nS: 250\n")
            await converse(client, "C: DATA\nS: 354\nC: no field")
            await asyncio.wait_for(found.wait(), 10)
    finally:
        await server.stop()
    said = [mark for mark in marks(events) if mark not in ("! idle", "! your-turn")]
    assert said[-5:] == ["C: DATA", "S: 354", "! no-header", "! message-not-ended", "closed"]


async def test_a_line_that_is_too_long_is_reported():
    events = await events_of(f"C: {'x' * 70_000}\nS: 500\nC: QUIT\nS: 221")
    assert [mark for mark in marks(events) if mark[0] != "!"] == [
        "S: 220", "C: (a line that is too long)", "S: 500", "C: QUIT", "S: 221", "closed"
    ]  # fmt: skip


async def test_within_tls_what_is_wrong_still_follows_its_line():
    events: list[PracticeEvent] = []
    async with practising() as server:
        server.subscribe(events.append)
        async with talking(server, "EHLO me.example") as client:
            await client.say("STARTTLS")
            await client.writer.start_tls(unverified())
            script = (
                "C- EHLO me.example\nC- NOOPE\nC- RSET x\nC: QUIT\nS: 250\nS: 500\nS: 501\nS: 221"
            )
            await converse(client, script)
    assert marks(events)[5:] == [
        "C: EHLO me.example",
        "S: 250",
        "C: NOOPE",
        "! unknown-command",
        "! pipelined",
        "S: 500",
        "C: RSET x",
        "! argument",
        "S: 501",
        "C: QUIT",
        "S: 221",
        "closed",
    ]
