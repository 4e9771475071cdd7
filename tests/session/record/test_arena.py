"""Where bytes lie: what was appended is read again, whatever else has come since."""

from __future__ import annotations

from heloscope.session.record.arena import Arena
from hypothesis import given
from hypothesis import strategies as st

PIECES = st.lists(st.binary(min_size=1, max_size=24), max_size=40)


@given(PIECES)
def test_each_piece_is_read_where_it_was_appended(pieces: list[bytes]):
    arena = Arena(segment=32)
    ends = [arena.append(piece) for piece in pieces]
    starts = [0, *ends][: len(ends)]
    assert [arena.read(a, b) for a, b in zip(starts, ends, strict=True)] == pieces
    assert len(arena) == sum(map(len, pieces))


@given(PIECES, st.integers(0, 500))
def test_segments_joined_are_everything_from_an_offset_on(pieces: list[bytes], offset: int):
    arena = Arena(segment=32)
    for piece in pieces:
        arena.append(piece)
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
    arena = Arena(segment=10)
    for piece in (b"123456", b"78901", b"x" * 30, b"y"):
        arena.append(piece)
    assert [data for _, data in arena.segments()] == [b"123456", b"78901", b"x" * 30, b"y"]


def test_what_was_handed_out_does_not_grow():
    arena = Arena()
    arena.append(b"one")
    [(_, data)] = arena.segments()
    read = arena.read(0, 3)
    arena.append(b"two")
    assert (data, read) == (b"one", b"one")


def test_a_segment_can_be_ended_and_an_empty_one_is_none():
    arena = Arena()
    arena.seal()
    arena.append(b"one")
    arena.seal()
    arena.seal()
    arena.append(b"two")
    assert list(arena.segments()) == [(0, b"one"), (3, b"two")]
