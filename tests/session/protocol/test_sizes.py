"""The engine keeps everything that a server sends, however much, with little additional memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator

import pytest
from heloscope.session.events import SERVER, ReplyReceived, Violation
from heloscope.session.protocol.conversation import Conversation
from heloscope.session.protocol.lines import LIMIT
from support.scripts import observe, violations

CHUNK = 64 * 1024


@pytest.fixture
def memory() -> Iterator[None]:
    """Measure memory allocations from now on."""
    tracemalloc.start()
    yield
    tracemalloc.stop()


def feed(talk: Conversation, data: bytes) -> None:
    for start in range(0, len(data), CHUNK):
        talk.feed(SERVER, data[start : start + CHUNK], 0.0)


def test_a_reply_of_a_million_lines_is_one_reply():
    said = b"250-and one more line of it\r\n" * 1_000_000 + b"250 end\r\n"
    talk = observe("S: 220 ready\n C: NOOP")
    feed(talk, said)
    reply = talk.transcript.marks_after(0)[-1]
    assert isinstance(reply, ReplyReceived)
    assert (reply.row, reply.last, reply.code) == (2, 1_000_002, 250)
    assert not [mark for mark in talk.transcript.marks_after(0) if isinstance(mark, Violation)]
    assert talk.transcript.joined(SERVER) == b"220 ready\r\n" + said
    text = talk.transcript.reply_text(reply.row, reply.last)
    assert text == b"and one more line of it\n" * 1_000_000 + b"end"


@pytest.mark.usefixtures("memory")
def test_a_line_of_fifty_megabytes_is_kept_in_pieces_and_once():
    size = 50_000_000
    talk = Conversation()
    at_first = tracemalloc.get_traced_memory()[0]
    chunk = b"x" * CHUNK
    for _ in range(size // CHUNK):
        talk.feed(SERVER, chunk, 0.0)
    used, most = (figure - at_first for figure in tracemalloc.get_traced_memory())
    assert len(talk.transcript) == size // LIMIT
    assert len(talk.pending(SERVER)) < LIMIT
    assert used < 1.1 * size
    assert most < 1.1 * size + 10_000_000


@pytest.mark.usefixtures("memory")
@pytest.mark.parametrize(
    ("line", "most"),
    [(b"250-\r\n", 30), (b"250 \r\n", 300), (b"\n", 400), (b"\r\n", 300), (b"250-\0\r\r\n", 120)],
    ids=repr,
)
def test_the_shortest_lines_cost_some_bytes_each(line: bytes, most: int):
    count = 20_000
    talk = observe("S: 220 ready")
    before = tracemalloc.get_traced_memory()[0]
    feed(talk, line * count)
    assert len(talk.transcript) == count + 1
    assert (tracemalloc.get_traced_memory()[0] - before) / count < most


def test_of_many_long_keywords_the_first_are_kept_and_that_is_reported():
    talk = observe("S: 220 hi\nC: EHLO me")
    said = b"".join(b"250-K%d%s\r\n" % (n, b"x" * 8000) for n in range(1000)) + b"250 END\r\n"
    talk.feed(SERVER, b"250-hi\r\n" + said, 1.0)
    assert talk.keywords is not None
    assert 100 < len(talk.keywords) < 200
    assert sum(map(len, talk.keywords)) <= 1 << 20
    assert "too-many-keywords" in violations(talk)


def test_one_keyword_in_two_pieces_is_not_too_many():
    talk = observe("S: 220 hi\nC: EHLO me")
    talk.feed(SERVER, b"250-hi\r\n250 SIZE " + b"9" * 100_000 + b"\r\n", 1.0)
    assert list(talk.keywords or ()) == ["SIZE"]
    assert "too-many-keywords" not in violations(talk)
