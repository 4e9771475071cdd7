"""A finished conversation, played forwards and backwards, shows what was known at each moment."""

from __future__ import annotations

import pytest
from heloscope.session.events import (
    CLIENT,
    SERVER,
    Cause,
    Connected,
    Disconnected,
    Event,
    TlsStarted,
)
from heloscope.session.protocol.conversation import Conversation
from heloscope.session.protocol.playback import LONGEST_PAUSE, Playback
from heloscope.session.protocol.states import State

TALK = (
    (0.1, SERVER, b"220 mail.example ready\r\n"),
    (1.0, CLIENT, b"EHLO me.example\r\n"),
    (1.1, SERVER, b"250-mail.example\r\n250 STARTTLS\r\n"),
    (2.0, CLIENT, b"STARTTLS\r\n"),
    (2.1, SERVER, b"220 go\r\n"),
    (2.3, None, TlsStarted(2.3, "TLSv1.3", "TLS_AES_128_GCM_SHA256")),
    (3.0, CLIENT, b"EHLO me.example\r\n"),
    (3.1, SERVER, b"250-mail.example\r\n250 SIZE 1000\r\n"),
    (4.0, CLIENT, b"MAIL FROM:<a@me.example>\r\n"),
    (4.1, SERVER, b"250 ok\r\n"),
    (5.0, CLIENT, b"RCPT TO:<b@mail.example>\r\n"),
    (5.1, SERVER, b"250 ok\r\n"),
    (6.0, CLIENT, b"DATA\r\n"),
    (6.1, SERVER, b"354 go ahead\r\n"),
    (7.0, CLIENT, b"Subject: x\r\n\r\nbare\nend\r\n.\r\n"),
    (40.0, SERVER, b"250 queued\r\n"),
    (41.0, CLIENT, b"QU"),
)


def conversation() -> Conversation:
    talk = Conversation()
    talk.transcript.anchor = (1790000000.0, 0.0)
    talk.note(Connected(0.0, "mail.example", "192.0.2.1"))
    for at, direction, what in TALK:
        if isinstance(what, Event):
            talk.note(what)
        elif direction is not None:
            talk.feed(direction, what, at)
    talk.note(Disconnected(42.0, Cause.CLOSED_BY_SERVER))
    return talk


@pytest.fixture
def playback() -> Playback:
    return Playback(conversation())


def said(playback: Playback) -> list[bytes]:
    return [row.data for row in playback.conversation.transcript]


def test_it_begins_at_the_end_with_the_conversation_itself(playback: Playback):
    assert playback.position == len(playback) == 22
    assert playback.conversation is playback.whole
    assert playback.pause() is None
    assert not playback.forward()


def test_each_moment_is_what_it_was(playback: Playback):
    playback.go_to(0)
    assert said(playback) == []
    assert not playback.back()
    playback.go_to(4)  # connected, greeting, EHLO and the first line of its reply
    assert said(playback)[-1] == b"250-mail.example\r\n"
    assert playback.conversation.keywords is None
    playback.forward()
    assert playback.conversation.keywords == {"STARTTLS": ()}
    playback.go_to(8)
    assert playback.conversation.tls
    assert playback.conversation.keywords is None
    playback.go_to(15)
    assert playback.conversation.state is State.RCPT
    playback.back()
    assert playback.conversation.state is State.MAIL


def test_every_position_is_the_same_forwards_and_backwards(playback: Playback):
    playback.go_to(0)
    forwards: list[tuple[list[bytes], State, int]] = []

    def seen() -> tuple[list[bytes], State, int]:
        talk = playback.conversation
        return said(playback), talk.state, talk.transcript.mark_count

    forwards.append(seen())
    while playback.forward():
        forwards.append(seen())
    whole = playback.whole.transcript
    assert forwards[-1][0] == [row.data for row in whole]
    assert list(playback.conversation.transcript.events()) == list(whole.events())
    for wanted in reversed(forwards[:-1]):
        assert playback.back()
        assert seen() == wanted


def test_a_message_is_one_step(playback: Playback):
    body = playback.whole.transcript.bodies[0]
    assert (body.first, body.last) == (15, 18)
    step = next(n for n in range(len(playback)) if playback.rows_of(n) == (15, 18))
    playback.go_to(step)
    assert said(playback)[-1] == b"354 go ahead\r\n"
    playback.forward()
    assert playback.rows == 19
    assert len(playback.conversation.transcript.bodies) == 1


def test_a_turn_is_what_one_side_sends(playback: Playback):
    playback.go_to(2)
    playback.go_to(playback.beside(1, turn=True))
    assert said(playback)[-1] == b"EHLO me.example\r\n"
    playback.go_to(playback.beside(1, turn=True))
    assert said(playback)[-1] == b"250 STARTTLS\r\n"
    playback.go_to(playback.beside(-1, turn=True))
    assert said(playback)[-1] == b"EHLO me.example\r\n"


def test_pauses_are_as_recorded_and_long_ones_are_cut(playback: Playback):
    playback.go_to(2)
    assert playback.pause() == pytest.approx(0.9)
    playback.go_to(playback.position_of(19))  # the dot
    assert playback.elapsed == pytest.approx(7.0)
    assert playback.pause() == LONGEST_PAUSE
    assert playback.duration == pytest.approx(42.0)


def test_a_position_is_found_by_time_and_by_row(playback: Playback):
    assert playback.position_at(0.0) == 1
    assert playback.position_at(1.05) == 3
    assert playback.position_at(100.0) == len(playback)
    for row in range(len(playback.whole.transcript)):
        playback.go_to(playback.position_of(row))
        assert playback.rows > row
        playback.back()
        assert playback.rows <= row


def test_a_conversation_without_a_line_can_be_played():
    playback = Playback(Conversation())
    assert len(playback) == 0
    assert not playback.forward()
    assert not playback.go_to(playback.beside(1, turn=True))
    assert not playback.go_to(playback.beside(-1, turn=True))
    assert (playback.elapsed, playback.duration, playback.rows) == (0.0, 0.0, 0)


MORE = (  # a chunk, a message in a pipeline, and one that a reply breaks into
    (SERVER, b"220 mail.example ready\r\n"),
    (CLIENT, b"EHLO me.example\r\n"),
    (SERVER, b"250-mail.example\r\n250-PIPELINING\r\n250 CHUNKING\r\n"),
    (CLIENT, b"MAIL FROM:<a@me.example>\r\n"),
    (CLIENT, b"RCPT TO:<b@mail.example>\r\n"),
    (CLIENT, b"BDAT 12\r\n"),
    (CLIENT, b"hello\r\n"),
    (CLIENT, b"you\r\n"),
    (CLIENT, b"NOOP\r\n"),
    (SERVER, b"250 ok\r\n250 ok\r\n"),
    (SERVER, b"250 ok\r\n250 ok\r\n"),
    (CLIENT, b"MAIL FROM:<a@me.example>\r\n"),
    (CLIENT, b"RCPT TO:<b@mail.example>\r\nDATA\r\n"),
    (CLIENT, b"one\r\n"),
    (CLIENT, b"two\r\n"),
    (SERVER, b"250 ok\r\n250 ok\r\n"),
    (SERVER, b"354 go ahead\r\n"),
    (CLIENT, b"three\r\n"),
    (SERVER, b"451 busy\r\n"),
    (CLIENT, b"four\r\n"),
    (CLIENT, b".\r\n"),
    (SERVER, b"250 queued\r\n"),
    (CLIENT, b"NOOP\r\n"),
)


def steps(playback: Playback) -> list[tuple[float, object, object]]:
    found = range(len(playback))
    return [(playback.time(at), playback.side(at), playback.rows_of(at)) for at in found]


def test_one_that_grows_has_the_steps_of_one_that_is_over():
    talk = Conversation()
    growing = Playback(talk, growing=True)
    lengths: list[int] = []
    for number, (direction, data) in enumerate(MORE):
        talk.feed(direction, data, float(number))
        growing.grow()
        assert growing.position == len(growing)
        lengths.append(len(growing))
    talk.note(Disconnected(42.0, Cause.CLOSED_BY_SERVER))
    growing.grow(ended=True)
    assert not growing.growing
    assert steps(growing) == steps(Playback(talk))
    assert lengths == sorted(lengths)
    assert len(set(lengths)) > 5


def test_one_that_grows_stays_where_it_is_played():
    talk = Conversation()
    growing = Playback(talk, growing=True)
    for number, (direction, data) in enumerate(MORE[:3]):
        talk.feed(direction, data, float(number))
    growing.grow()
    assert growing.back()
    position = growing.position
    for number, (direction, data) in enumerate(MORE[3:], 3):
        talk.feed(direction, data, float(number))
    growing.grow(ended=True)
    assert growing.position == position
    growing.go_to(len(growing))
    assert said(growing) == [row.data for row in talk.transcript]
