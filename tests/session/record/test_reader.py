"""Recordings are read as they were written; truncated or damaged ones, as far as possible."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from heloscope.session.events import (
    CLIENT,
    SERVER,
    Cause,
    Connected,
    Disconnected,
    Note,
    TlsFailed,
    TlsStarted,
)
from heloscope.session.protocol.conversation import Conversation
from heloscope.session.protocol.replay import replay
from heloscope.session.record.reader import RecordedRow, Recording, RecordingError

Recorded = Callable[..., Recording]
HEADER = '{"heloscope":1,"version":"0.1.0","began":1790000000.0,"target":"mail.example:25"}\n'


@pytest.fixture
def recorded(tmp_path: Path) -> Iterator[Recorded]:
    """Return a function that writes lines after a header, and opens the recording."""
    opened: list[Recording] = []

    def write(*lines: str, header: str = HEADER) -> Recording:
        path = tmp_path / "session.jsonl"
        path.write_text(header + "".join(lines))
        opened.append(Recording(path))
        return opened[-1]

    yield write
    for recording in opened:
        recording.close()


def a_conversation() -> Conversation:
    conversation = Conversation()
    conversation.transcript.anchor = (1790000000.0, 0.0)
    conversation.note(Connected(0.0, "mail.example", "192.0.2.1"))
    for at, direction, data in (
        (0.1, SERVER, b"220 mail.example ready\r\n"),
        (0.2, CLIENT, b"EHLO client.example\r\n"),
        (0.3, SERVER, b"250-mail.example\r\n250 SIZE 1000\r\n"),
        (0.4, CLIENT, b"MAIL FROM:<a@client.example>\r\n"),
        (0.5, SERVER, b"250 ok\r\n"),
        (0.6, CLIENT, b"RCPT TO:<b@mail.example>\r\n"),
        (0.7, SERVER, b"250 ok\r\n"),
        (0.8, CLIENT, b"DATA\r\n"),
        (0.9, SERVER, b"354 go ahead\r\n"),
        (1.0, CLIENT, b"Subject: caf\xe9\r\n\r\nbare\nend\r\n.\r\n"),
        (1.1, SERVER, b"250 queued\r\n"),
        (1.2, CLIENT, b"QU"),
    ):
        conversation.feed(direction, data, at)
    conversation.note(Note(1.3, "edited", "a step"))
    conversation.note(Disconnected(1.4, Cause.RESET, "gone"))
    return conversation


def test_what_a_transcript_writes_is_read_back_row_by_row_and_fact_by_fact(tmp_path: Path) -> None:
    written = a_conversation()
    path = tmp_path / "session.jsonl"
    path.write_text(written.transcript.to_jsonl())
    with Recording(path) as recording:
        read = replay(recording)
        assert recording.problems == []
        assert recording.header.target == "mail.example"
    assert [row.data for row in read.transcript] == [row.data for row in written.transcript]
    assert list(read.transcript.events()) == list(written.transcript.events())
    assert read.state == written.state == "closed"


def test_the_transcript_of_a_recording_has_the_time_of_day_of_the_original(
    recorded: Recorded,
) -> None:
    recording = recorded('{"at":2.5,"from":"S","text":"220 x\\r\\n"}\n')
    (row,) = replay(recording).transcript
    assert row.when.isoformat() == "2026-09-21T14:13:22.500000+00:00"


def test_bytes_that_are_not_text_are_restored_from_base64(recorded: Recorded) -> None:
    recording = recorded('{"at":2,"first":1,"from":"C","base64":"/w0K"}\n')
    assert list(recording.entries()) == [RecordedRow(2.0, 1.0, CLIENT, b"\xff\r\n")]


def test_the_time_of_the_first_octet_of_a_row_is_kept(recorded: Recorded) -> None:
    recording = recorded('{"at":2,"first":1,"from":"S","text":"220 x\\r\\n"}\n')
    (row,) = replay(recording).transcript
    assert (row.began, row.at) == (1.0, 2.0)


def test_a_last_line_that_was_not_written_whole_is_reported_and_omitted(recorded: Recorded) -> None:
    recording = recorded('{"at":0,"from":"S","text":"220 x\\r\\n"}\n', '{"at":1,"fro')
    assert len(list(recording.entries())) == 1
    assert recording.problems == ["The last line, 3, is incomplete."]


@pytest.mark.parametrize(
    "line",
    [
        "nonsense",
        '{"from":"S","text":"no time"}',
        '{"at":"soon","from":"S","text":"a time that is none"}',
        '{"at":1,"from":"X","text":"an unknown side"}',
        '{"at":1,"from":"C"}',
        '{"at":1,"from":"C","base64":"%%%"}',
        '{"at":1,"fact":"eclipse"}',
        '{"at":1,"fact":"tls","chain":["%"]}',
        "[" * 100_000,
    ],
)
def test_a_line_that_cannot_be_read_is_reported_and_the_next_one_is_read(
    recorded: Recorded, line: str
) -> None:
    recording = recorded(line + "\n", '{"at":1,"from":"S","text":"220 x\\r\\n"}\n')
    assert len(list(recording.entries())) == 1
    assert recording.problems == ["Line 2 cannot be read and was skipped."]


def test_problems_are_counted_up_to_a_limit(recorded: Recorded) -> None:
    recording = recorded("nonsense\n" * 500)
    assert list(recording.entries()) == []
    assert len(recording.problems) == 101
    assert recording.problems[-1] == "More lines cannot be read."


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("", "no header"),
        ("not JSON\n", "no header"),
        ("{}\n", "no header"),
        ('{"heloscope":2}\n', "format 2; this version of heloscope reads only format 1"),
    ],
)
def test_a_file_that_is_not_a_recording_is_refused_in_a_sentence(
    recorded: Recorded, header: str, says: str
) -> None:
    with pytest.raises(RecordingError, match=says):
        recorded(header=header)


def test_bytes_that_were_omitted_are_noted_with_their_length(recorded: Recorded) -> None:
    recording = recorded(
        '{"at":9,"from":"C","rows":3,"octets":262144,"sha256":"ab","kind":"body"}\n'
    )
    assert list(replay(recording).transcript.events()) == [
        Note(9.0, "left out", "262144 octets, SHA-256 ab")
    ]


def test_facts_of_tls_are_read_with_their_chains(recorded: Recorded) -> None:
    recording = recorded(
        '{"at":1,"fact":"tls","version":"TLSv1.3","cipher":"c","chain":["AQ=="],"verified":true}\n',
        '{"at":2,"fact":"tls failed","reason":"expired","detail":"d","received":"Ag=="}\n',
    )
    assert list(recording.entries()) == [
        TlsStarted(1.0, "TLSv1.3", "c", (b"\x01",), verified=True),
        TlsFailed(2.0, "expired", "d", received=b"\x02"),
    ]


def test_a_reason_of_a_later_version_is_read_as_another_one(recorded: Recorded) -> None:
    recording = recorded('{"at":2,"fact":"tls failed","reason":"quantum","detail":"d"}\n')
    assert list(recording.entries()) == [TlsFailed(2.0, "other", "d")]


def test_octets_before_a_place_are_those_of_the_file_that_was_opened(tmp_path: Path) -> None:
    path = tmp_path / "talk.jsonl"
    path.write_bytes(b'{"heloscope":1}\n{"at":0,"from":"S","text":"220 x\\r\\n"}\n')
    with Recording(path) as recording:
        path.unlink()
        os.mkfifo(path)
        assert recording.before(16, 4) == b":1}\n"
        assert recording.before(2, 64) == b'{"'
        assert recording.before(-5, 64) == b""
        assert len(list(recording.entries())) == 1
