"""The forms in which a transcript is shown: repr, text, JSON Lines, and a row's time of day."""

from __future__ import annotations

import datetime
import json
import time

import pytest
from heloscope.session import SMTP, Transcript
from heloscope.session.events import (
    CLIENT,
    SERVER,
    Cause,
    Connected,
    Disconnected,
    Note,
    TlsStarted,
)
from heloscope.session.protocol.conversation import Conversation
from support.smtplib_oracle import Says, TableServer

LOGIN = b"\0alice\0wonderland"


@pytest.fixture
def transcript() -> Transcript:
    """Return a conversation with TLS, a login, an unprintable byte and an end."""
    talk = Conversation()
    talk.transcript.anchor = (1_790_000_000.0, 100.0)
    talk.note(Connected(100.0, "mail.example.org:25", "192.0.2.1:25"))
    talk.feed(SERVER, b"220 mail.example.org \x1b[31m\r\n", 100.25)
    talk.feed(CLIENT, b"EHLO me.example\n", 100.5)
    talk.feed(SERVER, b"250-hi\r\n250 AUTH PLAIN\r\n", 100.5)
    talk.feed(CLIENT, b"AUTH PLAIN AGFsaWNlAHdvbmRlcmxhbmQ=\r\n", 100.75)
    talk.feed(SERVER, b"235 hello wonderland\r\n", 100.75)
    talk.note(Note(101.0, "deliberate", "on purpose"))
    talk.feed(CLIENT, b"\xff", 101.0)
    talk.flush(CLIENT, 101.0)
    talk.note(Disconnected(101.5, Cause.RESET, "the server reset the connection"))
    return talk.transcript


def test_its_text_is_the_conversation_line_by_line(transcript: Transcript):
    text = transcript.to_text().splitlines()
    rows = [line for line in text if not line.startswith("-- violation")]
    assert rows == [
        "-- connected to mail.example.org:25 (192.0.2.1:25)",
        r"S: 220 mail.example.org \x1b[31m",
        r"C: EHLO me.example\n",
        "S: 250-hi",
        "S: 250 AUTH PLAIN",
        "C: AUTH PLAIN ********************************",
        "S: 235 hello ********",
        "-- on purpose",
        r"C: \xff",
        "-- disconnected: the server reset the connection",
    ]
    assert any(line.startswith("-- violation: bare-lf") for line in text)


def test_its_text_begins_with_times_if_asked_for(transcript: Transcript):
    lines = transcript.to_text(times=True).splitlines()
    assert transcript[0].when.isoformat() == "2026-09-21T14:13:20.250000+00:00"
    assert lines[0].startswith("2026-09-21T14:13:20.000Z -- connected to")
    assert lines[1].startswith("2026-09-21T14:13:20.250Z S: 220 ")


def test_secrets_are_shown_only_if_asked_for(transcript: Transcript):
    for masked in (transcript.to_text(), transcript.to_jsonl()):
        assert "wonderland" not in masked
        assert "AGFsaWNl" not in masked
    assert "C: AUTH PLAIN AGFsaWNlAHdvbmRlcmxhbmQ=" in transcript.to_text(masked=False)
    assert "235 hello wonderland" in transcript.to_jsonl(masked=False)


def test_its_json_lines_are_a_recording(transcript: Transcript):
    header, *records = [json.loads(line) for line in transcript.to_jsonl().splitlines()]
    assert (header["heloscope"], header["target"]) == (1, "mail.example.org:25")
    assert header["began"] == 1_790_000_000.0
    assert records[0] == {
        "at": 0.0, "fact": "connected", "peer": "mail.example.org:25",
        "address": "192.0.2.1:25", "local": "",
    }  # fmt: skip
    assert records[2] == {"at": 0.5, "from": "C", "text": "EHLO me.example\n"}
    assert records[-2] == {"at": 1.0, "from": "C", "base64": "/w==", "piece": True}
    assert records[-1]["fact"] == "disconnected"
    assert all("fact" in record or "from" in record for record in records)


def test_its_repr_shows_the_server_the_rows_and_the_end(transcript: Transcript):
    assert repr(Transcript()) == "<Transcript: 0 rows>"
    assert repr(transcript) == "<Transcript: mail.example.org:25, 7 rows, reset>"
    talk = Conversation()
    talk.note(Connected(1.0, "mail.example.org:25", ""))
    talk.feed(SERVER, b"220 hi\r\n", 1.0)
    talk.note(TlsStarted(1.0, "TLSv1.3", "x"))
    assert repr(talk.transcript) == "<Transcript: mail.example.org:25, 1 row, TLSv1.3>"


def test_a_row_knows_the_time_of_day():
    server = TableServer()
    rows = []
    before = datetime.datetime.now(datetime.UTC)
    with server.playing(Says()), SMTP("127.0.0.1", server.port) as smtp:
        smtp.subscribe(rows.append)
        time.sleep(0.01)
        smtp.noop()
    server.close()
    for row in (smtp.transcript[0], smtp.transcript[-1], *rows):
        if hasattr(row, "when"):
            assert row.when.tzinfo is datetime.UTC
            assert abs((row.when - before).total_seconds()) < 10
    assert smtp.transcript[0].when < smtp.transcript[-1].when
    wall = smtp.transcript.wall(smtp.transcript[0].at)
    assert smtp.transcript[0].when.timestamp() == pytest.approx(wall, abs=0.001)


def test_a_message_is_text_line_by_line():
    talk = Conversation()
    talk.feed(SERVER, b"220 hi\r\n", 1.0)
    talk.feed(CLIENT, b"DATA\r\n", 1.0)
    talk.feed(SERVER, b"354 go\r\n", 1.0)
    talk.feed(CLIENT, b"line\r\n" * 100_000 + b".\r\n", 1.0)
    text = talk.transcript.to_text()
    assert text.count("C: line\n") == 100_000
    assert text.endswith("C: .\n")
