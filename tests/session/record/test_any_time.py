"""A recording or log may claim any time: it is read, and its times are kept within the calendar."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from heloscope.session.protocol.replay import replay
from heloscope.session.record.reader import Recording
from heloscope.session.record.text import lines
from heloscope.session.record.transcript import Transcript
from heloscope.session.wall_time import EARLIEST, LATEST

ROW = '{"at":1.5,"from":"S","text":"220 mail.example.org\\r\\n"}\n'
LAST = datetime.datetime(9999, 12, 31, 23, 59, 59, tzinfo=datetime.UTC)


def of(path: Path, began: str, *more: str) -> tuple[Recording, Transcript]:
    file = path / "talk.jsonl"
    file.write_text(f'{{"heloscope":1,"began":{began}}}\n{ROW}{"".join(more)}', encoding="utf-8")
    with Recording(file) as recording:
        return recording, replay(recording).transcript


@pytest.mark.parametrize("began", ["1e308", "253402300798.9", "99999999999999999999"])
def test_a_recording_from_beyond_the_last_year_is_shown_as_at_its_end(began: str, tmp_path: Path):
    recording, transcript = of(tmp_path, began)
    assert recording.header.began <= LATEST
    assert transcript[0].when == LAST
    assert list(lines(transcript.events(), transcript.mask, transcript.wall)) == [
        "9999-12-31T23:59:59.000Z S: 220 mail.example.org"
    ]


def test_a_recording_from_before_the_first_year_is_shown_as_at_its_start(tmp_path: Path):
    recording, transcript = of(tmp_path, "-1e308")
    assert recording.header.began == EARLIEST
    assert transcript[0].when == datetime.datetime(1, 1, 1, 0, 0, 1, 500000, tzinfo=datetime.UTC)


@pytest.mark.parametrize("field", ["at", "first"])
@pytest.mark.parametrize("value", ["1e308", "-1e308", "1e12"])
def test_a_line_at_a_time_that_no_clock_shows_is_omitted(field: str, value: str, tmp_path: Path):
    fields = {"at": "2", "first": "2"} | {field: value}
    said = ",".join(f'"{name}":{at}' for name, at in fields.items())
    recording, transcript = of(tmp_path, "0", f'{{{said},"from":"S","text":"250 ok\\r\\n"}}\n')
    assert [row.data for row in transcript] == [b"220 mail.example.org\r\n"]
    assert recording.problems == ["Line 3 cannot be read and was skipped."]


def test_a_time_of_day_from_infinite_seconds_is_within_the_calendar():
    transcript = Transcript()
    assert transcript.wall(float("inf")) == LATEST
    assert transcript.wall(float("-inf")) == EARLIEST
    transcript.anchor = (float("nan"), 0.0)
    assert transcript.wall(0.0) == EARLIEST
