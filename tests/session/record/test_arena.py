"""Bytes appended to an arena are read back unchanged, whatever has been appended since."""

from __future__ import annotations

from itertools import accumulate

from heloscope.session.record.arena import Arena
from heloscope.session.record.transcript import Transcript
from hypothesis import given
from hypothesis import strategies as st


def append(transcript: Transcript, *pieces: bytes) -> Arena:
    """Append these rows to a transcript, and return its arena."""
    for piece in pieces:
        transcript.append(piece, 0, 0.0)
    return transcript._arena


def small(segment: int) -> Transcript:
    transcript = Transcript()
    transcript._arena = Arena(segment=segment)
    return transcript


PIECES = st.lists(st.binary(min_size=1, max_size=24), max_size=40)


@given(PIECES)
def test_each_piece_is_read_where_it_was_appended(pieces: list[bytes]):
    arena = append(small(segment=32), *pieces)
    ends = list(accumulate(map(len, pieces)))
    starts = [0, *ends][: len(ends)]
    assert [arena.read(a, b) for a, b in zip(starts, ends, strict=True)] == pieces
    assert len(arena) == sum(map(len, pieces))


@given(PIECES, st.integers(0, 500))
def test_segments_joined_are_everything_from_an_offset_on(pieces: list[bytes], offset: int):
    arena = append(small(segment=32), *pieces)
    whole = b"".join(pieces)
    forwards = list(arena.segments(offset))
    for base, data in forwards:
        assert whole[base : base + len(data)] == data
    if offset < len(whole):
        assert forwards[0][0] <= offset
        assert b"".join(data for _, data in forwards) == whole[forwards[0][0] :]
    backwards = list(arena.segments_before(offset))
    assert all(base < offset for base, _ in backwards)
    assert b"".join(data for _, data in reversed(backwards))[:offset] == whole[:offset]


def test_no_piece_lies_across_a_joint_and_a_long_one_has_a_segment_of_its_own():
    arena = append(small(segment=10), b"123456", b"78901", b"x" * 30, b"y")
    assert [data for _, data in arena.segments()] == [b"123456", b"78901", b"x" * 30, b"y"]


def test_what_was_handed_out_does_not_grow():
    transcript = Transcript()
    arena = append(transcript, b"one")
    [(_, data)] = arena.segments()
    read = arena.read(0, 3)
    append(transcript, b"two")
    assert (data, read) == (b"one", b"one")


def test_a_segment_can_be_ended_and_an_empty_one_is_none():
    transcript = Transcript()
    arena = append(transcript)
    arena.seal()
    append(transcript, b"one")
    arena.seal()
    arena.seal()
    append(transcript, b"two")
    assert list(arena.segments()) == [(0, b"one"), (3, b"two")]
