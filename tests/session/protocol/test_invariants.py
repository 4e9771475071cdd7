"""Whatever the bytes, and however they are split, nothing is lost, raised or changed."""

from __future__ import annotations

import msgspec
from heloscope.session.events import CLIENT, SERVER, Direction, Event
from heloscope.session.protocol.conversation import Conversation
from hypothesis import given, settings
from hypothesis import strategies as st

WORDS = [
    b"EHLO me\r\n", b"MAIL FROM:<a>\r\n", b"RCPT TO:<b>\r\n", b"DATA\r\n", b"BDAT 5\r\n",
    b"BDAT 3 LAST\r\n", b"AUTH PLAIN\r\n", b"AUTH LOGIN eHh4eHh4\r\n", b"LHLO x\r\n", b"*\r\n",
    b"STARTTLS\r\n", b"QUIT\r\n", b".\r\n", b".\n", b"\r", b"\n", b"\0", b"x", b"QVVUSA==\r\n",
    b"220 hi\r\n", b"250 ok\r\n", b"250-a\r\n", b"354 go\r\n", b"334 \r\n", b"235 in\r\n",
    b"421 off\r\n", b"550 5.1.1 no\r\n", b"nonsense\r\n", b"RSET\r\n", b"\xff\xfe",
]  # fmt: skip
SPEECH = st.lists(
    st.tuples(
        st.sampled_from([CLIENT, SERVER]),
        st.lists(st.sampled_from(WORDS) | st.binary(max_size=8), max_size=6).map(b"".join),
    ),
    max_size=20,
)


def events(talk: Conversation) -> list[Event]:
    return [
        msgspec.structs.replace(
            event, at=0.0, **({"began": 0.0} if hasattr(event, "began") else {})
        )
        for event in talk.transcript.events()
    ]


@given(SPEECH)
def test_the_rows_joined_are_what_crossed_the_wire(speech: list[tuple[Direction, bytes]]):
    talk = Conversation()
    for direction, data in speech:
        talk.feed(direction, data, 0.0)
    for direction in Direction:
        said = b"".join(data for side, data in speech if side is direction)
        rows = b"".join(row.data for row in talk.transcript if row.direction is direction)
        assert rows + talk.pending(direction) == said
        assert talk.transcript.joined(direction) == rows
        talk.flush(direction, 0.0)
        assert talk.transcript.joined(direction) == said


@given(SPEECH, st.data())
@settings(max_examples=200)
def test_how_the_bytes_are_cut_changes_nothing(
    speech: list[tuple[Direction, bytes]], data: st.DataObject
):
    whole, pieces = Conversation(), Conversation()
    for direction, said in speech:
        whole.feed(direction, said, 0.0)
        while said:
            cut = data.draw(st.integers(1, len(said)))
            pieces.feed(direction, said[:cut], 0.0)
            said = said[cut:]
    assert events(whole) == events(pieces)


@given(SPEECH)
def test_subscribers_receive_what_the_transcript_contains(speech: list[tuple[Direction, bytes]]):
    talk = Conversation()
    heard: list[Event] = []
    talk.transcript.subscribe(heard.append)
    for direction, data in speech:
        talk.feed(direction, data, 0.0)
    told = list(talk.transcript.events())
    assert [type(event) for event in heard] == [type(event) for event in told]
    assert list(talk.transcript.events(after=3)) == told[3:]
