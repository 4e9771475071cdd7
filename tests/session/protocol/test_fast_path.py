"""The fast and the slow path of `Conversation.feed` give the same result for the same bytes."""

from __future__ import annotations

import re

import pytest
from heloscope.session.events import CLIENT, SERVER, Direction, Event, Line, ReplyReceived
from heloscope.session.protocol import fast_path
from heloscope.session.protocol.command_syntax import faults
from heloscope.session.protocol.conversation import Conversation, Fed
from heloscope.session.protocol.states import State
from heloscope.session.record import marks
from heloscope.session.record.credentials import secret_spans_of
from hypothesis import given
from hypothesis import strategies as st
from support.rows import for_each

BEGINNING = (
    (SERVER, b"220 server.example\r\n"),
    (CLIENT, b"EHLO me.example\r\n"),
    (SERVER, b"250 server.example\r\n"),
)
COMMANDS = (
    b"NOOP\r\n", b"noop\r\n", b"VRFY user\r\n", b"HELP\r\n", b"RSET\r\n", b"NOOP \r\n",
    b"MAIL FROM:<a@b.example>\r\n", b"RCPT TO:<a@b.example>\r\n", b"RCPT TO:<c@b.example>\r\n",
    b"DATA\r\n", b"QUIT\r\n", b"FROB\r\n", b"NOOP\r\nNOOP\r\n",
)  # fmt: skip
REPLIES = (
    b"250 2.0.0 Ok\r\n", b"250 Ok\r\n", b"250 \r\n", b"250 Ok \r\n", b"250  Ok\r\n",
    b"550 5.1.1 no\r\n", b"451 4.0.0 later\r\n", b"250 5.0.0 odd\r\n", b"354 go on\r\n",
    b"252 2.1.5 perhaps\r\n", b"421 4.3.2 bye\r\n", b"221 2.0.0 bye\r\n", b"250 Ok\n",
    b"250-two\r\n250 lines\r\n", b"250\r\n", b"250 2.0.0 Ok\r\n250 2.0.0 Ok\r\n",
    b"250 8-bit \xe4\r\n", b"nonsense\r\n",
)  # fmt: skip
Talk = list[tuple[bytes, bytes]]
TALKS = st.lists(st.tuples(st.sampled_from(COMMANDS), st.sampled_from(REPLIES)), max_size=12)


class Observed:
    """A conversation after the greetings, its events, and every result of `feed`."""

    def __init__(self, *, in_full: bool) -> None:
        self.conversation = Conversation()
        self.told: list[Event] = []
        self.returned: list[Fed] = []
        self._in_full = in_full
        self._at = 0.0
        self.conversation.transcript.subscribe(self.told.append)
        for direction, data in BEGINNING:
            self.feed(direction, data)

    def feed(self, direction: Direction, data: bytes) -> None:
        """Feed bytes in one piece, or in two parts, which never take the fast path."""
        self._at += 1.0
        for part in (data[:1], data[1:]) if self._in_full else (data,):
            self.returned.append(self.conversation.feed(direction, part, self._at))

    def say(self, talk: Talk) -> None:
        for command, reply in talk:
            self.feed(CLIENT, command)
            self.feed(SERVER, reply)

    @property
    def known(self) -> tuple[object, ...]:
        """What the conversation knows at the end."""
        talk, rows = self.conversation, range(len(self.conversation.transcript))
        return (
            talk.state, talk.foreseen, talk.unanswered, talk.recipients, talk.mode, talk.closing,
            talk.at_rest, list(talk.transcript.events()),
            [list(talk.transcript.marks.answers_to(row, talk.transcript.time)) for row in rows],
        )  # fmt: skip


@given(TALKS)
def test_both_ways_give_the_same_events(talk: Talk):
    short, full = Observed(in_full=False), Observed(in_full=True)
    for each in (short, full):
        each.say(talk)
    assert short.told == full.told
    assert short.known == full.known
    assert not any(full.returned)


@given(TALKS)
def test_what_is_returned_is_the_last_event_and_changed_nothing(talk: Talk):
    observed = Observed(in_full=False)
    for command, reply in talk:
        observed.feed(CLIENT, command)
        state = observed.conversation.state
        observed.feed(SERVER, reply)
        returned = observed.returned[-1]
        if returned is not None:
            assert observed.told[-1] == returned
            assert observed.conversation.state is state
            line = observed.told[-2]
            assert isinstance(line, Line) and line.data == reply
            # A driver takes the text of the reply from the line.
            assert reply[4:].strip() == reply[4:-2]


def test_a_usual_command_and_its_reply_take_the_fast_path():
    observed = Observed(in_full=False)
    observed.say([(b"NOOP\r\n", b"250 2.0.0 Ok\r\n")])
    assert observed.conversation.due is True
    reply = ReplyReceived(5.0, 4, 4, 250, "2.0.0", answers=3, verb="NOOP")
    assert observed.returned == [None, None, None, True, reply]


def test_a_command_after_one_with_two_replies_waits_for_one():
    observed = Observed(in_full=False)
    observed.say([(b"NOOP\r\n", b"250-two\r\n250 lines\r\n")])
    observed.feed(CLIENT, b"VRFY a\r\n")
    assert observed.conversation.unanswered == ((6, "VRFY"),)
    observed.feed(SERVER, b"252-two\r\n252 lines\r\n")
    reply = observed.told[-1]
    assert isinstance(reply, ReplyReceived)
    assert (reply.answers, reply.verb, reply.left) == (6, "VRFY", 0)


def test_a_copy_keeps_shapes_of_its_own():
    first = Observed(in_full=False)
    first.say([(b"VRFY a\r\n", b"252 2.1.5 a\r\n"), (b"NOOP\r\n", b"250 2.0.0 Ok\r\n")])
    other = Observed(in_full=False)  # whose first shape is another
    copy = first.conversation.copy(other.conversation.transcript)
    copy.feed(CLIENT, b"NOOP\r\n", 9.0)
    copy.feed(SERVER, b"250 2.0.0 Ok\r\n", 9.0)
    reply = other.conversation.transcript.marks_after(-1)[0]
    assert isinstance(reply, ReplyReceived)
    assert (reply.code, reply.enhanced, reply.verb) == (250, "2.0.0", "NOOP")


@pytest.mark.parametrize("shapes", [0, 4])
def test_without_shapes_the_slow_path_is_taken(shapes: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(marks, "SHAPES", shapes)
    short, full = Observed(in_full=False), Observed(in_full=True)
    for each in (short, full):
        each.say([(b"NOOP\r\n", b"250 %d\r\n" % n) for n in range(9)])
    assert short.known == full.known


def test_no_more_lines_are_remembered_than_are_worth_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fast_path, "REMEMBERED", 3)
    for number in range(9):
        assert fast_path.learn_command(b"VRFY user%d\r\n" % number, State.READY)
    assert len(fast_path.USUAL_LINES[State.READY]) <= 3
    assert not fast_path.learn_command(b"VRFY %s\r\n" % (b"x" * 200), State.READY)
    assert not fast_path.learn_command(b"AUTH PLAIN AGEAYg==\r\n", State.READY)
    assert not fast_path.learn_command(b"RCPT TO:<a@b.example>\r\n", State.READY)


@given(st.from_regex(fast_path._PLAIN_RCPT, fullmatch=True))
def test_a_plain_recipient_has_no_fault(line: bytes):
    assert fast_path._whole(line)
    assert faults(line, "RCPT") == []
    assert secret_spans_of(line) == ()


@for_each([b"<a@192.0.2.1>", b"<a@b>", b"<a@-b.example>", b"<>", b"<a b@c.d>"])
def test_a_recipient_that_is_not_plain_is_checked(path: bytes):
    assert re.match(fast_path._PLAIN_RCPT, b"RCPT TO:" + path + b"\r\n") is None
