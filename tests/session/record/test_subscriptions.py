"""What the subscribers of a transcript receive, and in which order."""

from __future__ import annotations

import logging
import time

import pytest
from heloscope.session.events import CLIENT, KIND_BITS, SENT, SERVER, Block, Event, Kind, Line
from heloscope.session.protocol.conversation import Conversation
from heloscope.session.record.transcript import Transcript

BODY = SENT | KIND_BITS[Kind.BODY]


def fill(transcript: Transcript, rows: int = 1) -> None:
    for _ in range(rows):
        transcript.append(b"250 ok\r\n", 0, 1.0)
    transcript.deliver()


def test_a_subscriber_receives_lines_or_blocks_on_request():
    transcript = Transcript()
    lines: list[Event] = []
    blocks: list[Event] = []
    transcript.subscribe(lines.append)
    transcript.subscribe(blocks.append, blocks=True)
    transcript.append(b"DATA\r\n", SENT, 0.0)
    transcript.append_block(b"one\r\ntwo\r\n", 2, BODY, 1.0)
    transcript.deliver()
    assert [e.data for e in lines if isinstance(e, Line)] == [b"DATA\r\n", b"one\r\n", b"two\r\n"]
    assert [type(event) for event in blocks] == [Line, Block]
    assert blocks[1] == Block(1.0, 1, 2, b"one\r\ntwo\r\n", BODY)


def test_one_that_raises_is_reported_once_and_continues_being_called(
    caplog: pytest.LogCaptureFixture,
):
    transcript = Transcript()
    calls: list[Event] = []
    heard: list[Event] = []

    def raises(event: Event) -> None:
        calls.append(event)
        raise ZeroDivisionError("from a subscriber")

    transcript.subscribe(raises)
    transcript.subscribe(heard.append)
    fill(transcript, 2)
    fill(transcript)
    assert len(calls) == len(heard) == 3
    [record] = [r for r in caplog.records if r.levelno == logging.ERROR]
    assert "raises" in record.getMessage()
    assert record.exc_info is not None


def test_one_that_is_slow_is_named_once(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    now = [0.0]
    monkeypatch.setattr(time, "perf_counter", lambda: now[0])

    def slow(event: Event) -> None:
        now[0] += 0.06

    def quick(event: Event) -> None:
        now[0] += 0.04

    transcript = Transcript()
    transcript.subscribe(quick)
    transcript.subscribe(slow)
    fill(transcript)
    fill(transcript)
    [record] = caplog.records
    assert "more than 50 ms" in record.getMessage()
    assert "slow" in record.getMessage()


def test_one_slow_event_among_many_quick_ones_is_named_when_it_happens_again(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    now = [0.0]
    monkeypatch.setattr(time, "perf_counter", lambda: now[0])
    transcript = Transcript()
    transcript.subscribe(lambda event: now.__setitem__(0, now[0] + (event.at == 9.0) * 0.2))
    for _ in range(2):
        transcript.append(b"250 ok\r\n", 0, 9.0)
        fill(transcript, 100)
    assert len(caplog.records) == 1


def test_the_lines_of_a_block_may_take_longer_than_one_line(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    now = [0.0]
    monkeypatch.setattr(time, "perf_counter", lambda: now[0])
    transcript = Transcript()
    transcript.subscribe(lambda event: now.__setitem__(0, now[0] + 0.04))
    transcript.append_block(b"one\r\ntwo\r\n", 2, BODY, 1.0)
    transcript.deliver()
    assert caplog.records == []


def test_a_subscription_ends_at_once_also_in_the_middle_of_a_batch():
    transcript = Transcript()
    heard: list[Event] = []

    def once(event: Event) -> None:
        heard.append(event)
        stop()

    stop = transcript.subscribe(once)
    fill(transcript, 3)
    fill(transcript)
    assert len(heard) == 1
    stop()


def test_a_subscription_ends_at_once_also_within_a_block():
    transcript = Transcript()
    heard: list[Event] = []

    def once(event: Event) -> None:
        heard.append(event)
        stop()

    stop = transcript.subscribe(once)
    transcript.append_block(b"one\r\ntwo\r\n", 2, BODY, 1.0)
    transcript.deliver()
    assert len(heard) == 1


def test_one_that_has_another_end_in_the_middle_of_a_batch_is_obeyed():
    transcript = Transcript()
    heard: list[Event] = []
    transcript.subscribe(lambda event: stop())
    stop = transcript.subscribe(heard.append)
    fill(transcript, 2)
    assert heard == []


def test_what_a_subscriber_adds_follows_what_it_receives():
    transcript = Transcript()
    heard: list[bytes] = []

    def answers(event: Event) -> None:
        assert isinstance(event, Line)
        if event.data == b"first\r\n":
            transcript.append(b"added\r\n", SENT, 2.0)
            transcript.deliver()

    transcript.subscribe(answers)
    transcript.subscribe(lambda event: heard.append(event.data if isinstance(event, Line) else b""))
    for data in (b"first\r\n", b"second\r\n"):
        transcript.append(data, 0, 1.0)
    transcript.deliver()
    assert heard == [b"first\r\n", b"second\r\n", b"added\r\n"]


def test_a_late_subscriber_receives_what_comes_from_now_on():
    transcript = Transcript()
    fill(transcript)
    heard: list[Event] = []
    transcript.subscribe(heard.append)
    fill(transcript)
    assert [event.row for event in heard if isinstance(event, Line)] == [1]


def test_a_collector_receives_a_batch_at_once_and_what_it_raises_is_reported_once(
    caplog: pytest.LogCaptureFixture,
):
    talk = Conversation()
    batches: list[int] = []

    def collect(events: list[Event]) -> None:
        batches.append(len(events))
        raise RuntimeError("mistake")

    end = talk.transcript.collect(collect)
    talk.feed(SERVER, b"220-one\r\n220 two\r\n", 1.0)
    talk.feed(CLIENT, b"NOOP\r\n", 2.0)
    assert len(batches) == 2
    assert sum(batches) == talk.transcript.sequence
    assert len(caplog.records) == 1
    end()
    talk.feed(SERVER, b"250 ok\r\n", 3.0)
    assert len(batches) == 2
