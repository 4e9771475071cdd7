"""Events that are not rows are stored as numbers, and are recreated unchanged."""

from __future__ import annotations

import tracemalloc

import pytest
from heloscope.session.events import (
    CLIENT,
    SERVER,
    Cause,
    Connected,
    Disconnected,
    Event,
    Note,
    ReplyReceived,
    StateChanged,
    Violation,
)
from heloscope.session.protocol.conversation import Conversation
from heloscope.session.record import marks
from heloscope.session.record.transcript import Transcript

TALK = (
    (SERVER, b"220-lmtp\r\n"),
    (SERVER, b"220 ready\r\n"),
    (CLIENT, b"LHLO me\r\n"),
    (SERVER, b"250-server\r\n250-PIPELINING\r\n250 SIZE\r\n"),
    (CLIENT, b"MAIL FROM:<a@x.example>\r\nRCPT TO:<b@x.example>\r\nRCPT TO:<c@x.example>\r\n"),
    (CLIENT, b"DATA\r\n"),
    (SERVER, b"250 2.1.0 ok\r\n250 2.1.5 ok\r\n550 2.1.1 no\r\n354 go\r\n"),
    (CLIENT, b"Subject: x\n\r\none\r\n.\r\n"),
    (SERVER, b"250 2.0.0 ok\r\n"),
    (SERVER, b"451-later\r\n452 later\r\n"),
    (SERVER, b"foo\n"),
    (CLIENT, b" NOOP\r\nFROB\r\n"),
    (SERVER, b"250 ok\r\n500 what\0\r\n"),
    *(((CLIENT, b"NOOP\r\n"), (SERVER, b"250 2.0.0 ok\r\n")) * 2),
    (CLIENT, b"QUIT\r\n"),
    (SERVER, b"221 2.0.0 bye\r\n"),
)


def told() -> tuple[Conversation, list[Event]]:
    """Return a conversation, and its events as a subscriber received them."""
    talk = Conversation()
    heard: list[Event] = []
    talk.transcript.subscribe(heard.append)
    talk.note(Connected(0.0, "x.example", "192.0.2.1"))
    for at, (direction, data) in enumerate(TALK, 1):
        talk.feed(direction, data, float(at))
    talk.note(Disconnected(99.0, Cause.CLOSED_BY_SERVER))
    return talk, heard


@pytest.mark.parametrize("shapes", [marks.SHAPES, 3, 0])
def test_what_is_kept_is_what_was_told(shapes: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(marks, "SHAPES", shapes)
    talk, heard = told()
    transcript = talk.transcript
    assert list(transcript.events()) == heard
    derived = list(transcript.marks_after(0))
    assert {ReplyReceived, StateChanged, Violation, Connected, Disconnected} <= set(
        map(type, derived)
    )
    assert derived == [transcript.mark(number)[1] for number in range(transcript.mark_count)]
    for number in range(transcript.mark_count + 1):
        assert transcript.marks_after(number) == derived[number:]
        facts = [event for _, event in transcript.facts(number)]
        assert facts == [
            event
            for event in derived[number:]
            if not isinstance(event, ReplyReceived | StateChanged)
        ]
    assert transcript.marks_after(-2) == derived[-2:]


def test_a_repeated_reply_needs_only_a_few_octets():
    transcript = Transcript()

    def answered(count: int) -> None:
        for _ in range(count):
            row = transcript.append(b"", 0, float(len(transcript)))
            last = transcript.append(b"", 0, float(len(transcript)))
            transcript.add(ReplyReceived(float(last), last, last, 250, "2.0.0", row, "NOOP"))

    answered(1)
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        answered(10_000)
        took = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert took / 10_000 < 75  # two rows and the reply


def test_what_arrives_while_facts_are_read_is_read_next_time():
    talk, _ = told()
    transcript = talk.transcript
    count = transcript.mark_count
    seen: list[int] = []
    for number, _ in transcript.facts():
        seen.append(number)
        transcript.add(Note(100.0, "note", "more"))
    assert max(seen) < count
    assert [number for number, _ in transcript.facts(count)] == list(
        range(count, transcript.mark_count)
    )
