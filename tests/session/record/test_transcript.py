"""A transcript behaves like a plain list of rows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from heloscope.session.events import (
    CLIENT,
    KIND_BITS,
    SENT,
    SERVER,
    Event,
    Kind,
    Line,
    Note,
)
from heloscope.session.record.arena import Arena
from heloscope.session.record.transcript import Transcript
from hypothesis import given
from hypothesis import strategies as st
from support.scripts import observe

BODY = SENT | KIND_BITS[Kind.BODY]

LINES = st.lists(st.sampled_from([b"a", b"b", b"A", b"ab", b""]), max_size=4).map(
    lambda words: b"".join(words) + b"\n"
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("row"), LINES, st.booleans()),
        st.tuples(st.just("piece"), st.sampled_from([b"a", b"ab", b"aa"]), st.booleans()),
        st.tuples(st.just("block"), st.lists(LINES, min_size=1, max_size=12), st.just(True)),
        st.tuples(st.just("mark"), st.just(b""), st.just(True)),
    ),
    max_size=40,
)


class Model:
    """The expected rows and events, in plain lists."""

    def __init__(self) -> None:
        self.rows: list[tuple[bytes, bool]] = []
        self.events: list[tuple[str, object]] = []


def built(steps: list[tuple[str, bytes | list[bytes], bool]]) -> tuple[Transcript, Model]:
    transcript, model = Transcript(), Model()
    transcript._arena = Arena(segment=64)
    for number, (what, data, sent) in enumerate(steps):
        at = float(number)
        if isinstance(data, list):
            first = transcript.append_block(b"".join(data), len(data), BODY, at)
            assert first == len(model.rows)
            model.rows += [(line, True) for line in data]
            model.events += [("row", line) for line in data]
        elif what == "mark":
            transcript.add(Note(at, "note", str(number)))
            model.events.append(("mark", str(number)))
        else:
            assert transcript.append(data, SENT if sent else 0, at) == len(model.rows)
            model.rows.append((data, sent))
            model.events.append(("row", data))
    return transcript, model


def told(events: Iterator[Event]) -> list[tuple[str, object]]:
    return [
        ("row", event.data) if isinstance(event, Line) else ("mark", event.text)
        for event in events
        if isinstance(event, Line | Note)
    ]


@given(STEPS)
def test_rows_come_back_as_they_were_added(steps: list):
    transcript, model = built(steps)
    assert len(transcript) == len(model.rows)
    assert [(row.data, row.sent) for row in transcript] == model.rows
    assert [transcript[n].row for n in range(len(transcript))] == list(range(len(model.rows)))
    assert transcript.joined(CLIENT) == b"".join(data for data, sent in model.rows if sent)
    assert transcript.joined(SERVER) == b"".join(data for data, sent in model.rows if not sent)
    for n, (_, sent) in enumerate(model.rows):
        assert bool(transcript.flags(n) & SENT) is sent
        assert transcript.time(n) == transcript[n].at


@given(STEPS, st.integers(-60, 60), st.integers(-60, 60), st.sampled_from([1, 2, -1]))
def test_windows_are_those_of_a_list(steps: list, start: int, stop: int, step: int):
    transcript, model = built(steps)
    window = transcript[start:stop:step]
    assert [(row.data, row.sent) for row in window] == model.rows[start:stop:step]
    if -len(model.rows) <= start < len(model.rows):
        assert transcript[start].data == model.rows[start][0]
    else:
        with pytest.raises(IndexError):
            transcript[start]


@given(STEPS, st.integers(0, 80))
def test_a_cursor_loses_nothing_wherever_it_starts(steps: list, after: int):
    transcript, model = built(steps)
    assert transcript.sequence == len(model.events)
    assert told(transcript.events(after)) == model.events[after:]
    marks = [text for what, text in model.events if what == "mark"]
    assert [note.text for note in transcript.marks_after(0) if isinstance(note, Note)] == marks
    for number in range(transcript.mark_count):
        rows, note = transcript.mark(number)
        place = model.events.index(("mark", note.text)) if isinstance(note, Note) else -1
        assert rows == sum(what == "row" for what, _ in model.events[:place])


@given(
    STEPS,
    st.sampled_from([b"a", b"aa", b"ab", b"BA", b"abab", b"\n", b"b\n", b"c"]),
    st.integers(-2, 60),
    st.booleans(),
)
def test_find_finds_what_a_search_of_every_row_finds(
    steps: list, needle: bytes, start: int, ignore_case: bool
):
    transcript, model = built(steps)

    def holds(data: bytes) -> bool:
        return needle.lower() in data.lower() if ignore_case else needle in data

    hits = [n for n, (data, _) in enumerate(model.rows) if holds(data)]
    forwards = next((n for n in hits if n >= start), None)
    backwards = next((n for n in reversed(hits) if n <= start), None)
    assert transcript.find(needle, start, ignore_case=ignore_case) == forwards
    assert transcript.find(needle, start, backwards=True, ignore_case=ignore_case) == backwards


def test_find_looks_at_what_is_shown_and_not_at_secrets():
    talk = observe(
        "S: 220 hi\nC: EHLO me\nS: 250 AUTH PLAIN\nC: AUTH PLAIN AGFsaWNlAHdvbmRlcmxhbmQ=\n"
        "S: 535 AGFsaWNlAHdvbmRlcmxhbmQ= is wrong"
    )
    transcript = talk.transcript
    assert transcript.find(b"wonderland") is None
    assert transcript.find(b"AGFsaWNl") is None
    assert transcript.find(b"auth plain", 3) == 3
    assert transcript.find(b"is wrong") == 4
    assert transcript.find(b"") is None
    assert Transcript().find(b"a") is None


def test_a_block_can_be_read_while_it_is_the_last_and_after_more_has_come():
    transcript = Transcript()
    transcript.append(b"DATA\r\n", SENT, 0.0)
    block = b"".join(b"%d\r\n" % n for n in range(3000))
    transcript.append_block(block, 3000, BODY, 1.0)
    assert transcript[2999 + 1].data == b"2999\r\n"
    transcript.append(b".\r\n", SENT, 2.0)
    assert [transcript[n].data for n in (1, 1500, 3000, 3001)] == [
        b"0\r\n", b"1499\r\n", b"2999\r\n", b".\r\n",
    ]  # fmt: skip
    assert transcript.find(b"2999") == 3000


def test_wall_time_has_one_anchor():
    transcript = Transcript()
    wall, monotonic = transcript.anchor
    assert transcript.wall(monotonic + 5.0) == wall + 5.0


def test_a_row_keeps_the_time_of_its_first_byte():
    transcript = Transcript()
    transcript.append(b"220 hi\r\n", 0, 2.0, 1.0)
    transcript.append(b"250 ok\r\n", 0, 3.0)
    assert [(row.began, row.at) for row in transcript] == [(1.0, 2.0), (3.0, 3.0)]


# Subscribers
