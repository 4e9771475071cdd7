"""A follower of a transcript reads in portions what a subscriber receives row by row."""

from __future__ import annotations

import pytest
from heloscope.session.events import (
    CLIENT,
    KIND_BITS,
    MORE,
    SECRET,
    SENT,
    SERVER,
    Block,
    Cause,
    Connected,
    Disconnected,
    Event,
    Kind,
    Line,
    ReplyReceived,
)
from heloscope.session.protocol.conversation import Conversation
from heloscope.session.record import follower as followers
from heloscope.session.record.follower import EventFollower, Follower
from heloscope.session.record.rows import Stretch
from heloscope.session.record.transcript import Transcript
from support.scripts import READY_FOR_DATA, observe

OPENED = "S: 220 ready\nC: EHLO me\nS: 250-server\nS: 250 SIZE"

REPLY = KIND_BITS[Kind.REPLY]

Told = list[tuple[object, ...]]


def taken(follower: Follower, transcript: Transcript) -> Told:
    """Return what a follower reads, row by row."""
    told: Told = []
    for news in follower.news(transcript):
        if isinstance(news, Stretch):
            told += [(at, flags, data, at) for at, flags, data in news.each()]
        else:
            told += as_told(news)
    return told


def as_told(event: Event) -> Told:
    if isinstance(event, Line):
        return [(event.at, event.flags, event.data, event.began)]
    if isinstance(event, Block):
        return [(event.at, event.flags, event.data, event.count)]
    return [(event,)] if type(event) in followers.STORED else []


@pytest.mark.parametrize("at_once", [1, 3, 500])
@pytest.mark.parametrize("often", [True, False])
def test_all_is_read_in_its_order_however_often(
    at_once: int, often: bool, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(followers, "AT_ONCE", at_once)
    talk = Conversation()
    heard: Told = []
    read: Told = []
    talk.transcript.subscribe(lambda event: heard.extend(as_told(event)), blocks=True)
    follower = Follower()

    def more() -> None:
        if often:
            read.extend(taken(follower, talk.transcript))

    talk.note(Connected(0.5, "mail.example", "192.0.2.1"))
    more()
    observe(f"{OPENED}\n{READY_FOR_DATA}", talk)
    more()
    talk.feed(CLIENT, b"one\r\n" + b"a line of it\r\n" * 1000, 8.0)
    more()
    talk.feed(CLIENT, b"the last one\r\n.\r\n", 8.1)
    talk.feed(SERVER, b"250 o", 8.5)
    more()
    talk.feed(SERVER, b"k\r\n", 9.0)
    talk.feed(CLIENT, b"NOOP\r\n", 9.1)
    more()
    talk.note(Disconnected(9.5, Cause.CLOSED_BY_SERVER))
    read += taken(follower, talk.transcript)
    assert read == heard
    assert taken(follower, talk.transcript) == []


@pytest.mark.parametrize("flags", [0, SECRET, SENT | SECRET | MORE | KIND_BITS[Kind.AUTH]])
def test_rows_say_whether_one_of_them_is_secret(flags: int):
    transcript = Transcript()
    for each in (SENT, REPLY, flags, REPLY | MORE):
        transcript.append(b"x\r\n", each, 1.0)
    found = transcript._stretch(0, 4)
    assert found is not None
    assert found.has_secret() is (flags & SECRET != 0)


def test_a_follower_is_notified_once_until_it_has_read():
    talk = Conversation()
    told: list[Transcript] = []
    end = talk.transcript.follow(told.append)
    observe(OPENED, talk)
    assert told == [talk.transcript]
    follower = Follower()
    taken(follower, talk.transcript)
    talk.feed(CLIENT, b"NOOP\r\n", 9.0)
    talk.feed(SERVER, b"250 ok\r\n", 9.0)
    assert len(told) == 2
    talk.feed(SERVER, b"250 " + b"x" * 60_000 + b"\r\n", 9.0)
    talk.feed(SERVER, b"250 " + b"x" * 60_000 + b"\r\n", 9.0)
    assert len(told) == 3  # so much that it should not wait
    taken(follower, talk.transcript)
    end()
    talk.feed(CLIENT, b"NOOP\r\n", 9.0)
    assert len(told) == 3


def test_a_follower_learns_of_later_transcripts_and_what_it_raises_is_reported(
    caplog: pytest.LogCaptureFixture,
):
    first = Conversation()
    told: list[Transcript] = []

    def growth(transcript: Transcript) -> None:
        told.append(transcript)
        raise RuntimeError("mistake")

    first.transcript.follow(growth)
    observe(OPENED, first)
    second = Conversation(Transcript(heard_by=first.transcript))
    observe(OPENED, second)
    assert told == [first.transcript, second.transcript]
    assert len(caplog.records) == 2


def test_derived_events_are_read_where_they_are_wanted_and_asked_for_once():
    asked: list[int] = []

    def refusal(event: Event) -> bool:
        if not isinstance(event, ReplyReceived):
            return False
        asked.append(event.code)
        return event.code >= 400

    talk = observe(f"{OPENED}\n" + "C: NOOP\nS: 250 ok\nC: NOOP\nS: 550 no\n" * 3)
    follower = EventFollower(refusal)
    read = [
        [row[2] for row in news.each()] if isinstance(news, Stretch) else type(news).__name__
        for news in follower.news(talk.transcript)
    ]
    assert read[-4:] == [
        [b"NOOP\r\n", b"250 ok\r\n", b"NOOP\r\n", b"550 no\r\n"], "ReplyReceived",
        [b"NOOP\r\n", b"250 ok\r\n", b"NOOP\r\n", b"550 no\r\n"], "ReplyReceived",
    ]  # fmt: skip
    assert asked == [220, 250, 250, 550, 550, 550]  # to EHLO and to NOOP: two shapes of 250
    assert list(follower.news(talk.transcript)) == []
