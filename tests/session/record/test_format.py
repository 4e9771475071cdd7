"""The format of a recording: everything derived from the rows can be derived again."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from heloscope.session.events import (
    CLIENT,
    INJECTED,
    KIND_BITS,
    PIECE,
    SECRET,
    SENT,
    SERVER,
    TLS,
    Cause,
    Connected,
    Direction,
    Disconnected,
    Event,
    Kind,
    Line,
    Note,
    TlsStarted,
    Violation,
)
from heloscope.session.protocol.conversation import Conversation
from heloscope.session.protocol.lines import LIMIT
from heloscope.session.record import format as recording
from heloscope.session.record.journal import Journal
from heloscope.session.record.rows import Stretch
from heloscope.session.record.transcript import Transcript
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from support.scripts import READY_FOR_DATA, observe


def recorded(talk: Conversation, where: Path) -> list[dict[str, Any]]:
    """Return the lines of a recording of `talk`, made by the journal."""
    journal = Journal.begin(talk.transcript, "t", lambda _: None, where=where)
    journal.close()
    assert journal.path is not None
    lines = [json.loads(line) for line in journal.path.read_bytes().splitlines()]
    journal.path.unlink()
    return lines


def fed_again(lines: list[dict[str, Any]]) -> Conversation:
    """Return a conversation that is fed the content of a recording, as a reader would feed it."""
    talk = Conversation()
    facts = {
        "connected": lambda a, f: Connected(a, f["peer"], f["address"], f["local"]),
        "tls": lambda a, f: TlsStarted(
            a, f["version"], f["cipher"], tuple(map(base64.b64decode, f["chain"]))
        ),
        "disconnected": lambda a, f: Disconnected(a, Cause(f["cause"]), f["detail"]),
        "note": lambda a, f: Note(a, f["kind"], f["text"]),
    }
    for line in lines[1:]:
        at = line["at"]
        if "fact" in line:
            talk.note(facts[line["fact"]](at, line))
            continue
        direction = CLIENT if line["from"] == "C" else SERVER
        text = line.get("text")
        data = base64.b64decode(line["base64"]) if text is None else text.encode()
        talk.feed(direction, data, at)
        if line.get("piece"):
            talk.flush(direction, at)
    return talk


def events(talk: Conversation) -> list[Event]:
    """Return all events with secrets masked, and without times, which a recording rounds."""
    found: list[Event] = []
    for event in talk.transcript.events():
        changed: dict[str, Any] = {"at": 0.0}
        if isinstance(event, Line):
            changed |= {"began": 0.0, "data": talk.transcript.mask(event)}
        elif isinstance(event, Violation) and event.rule == "line-too-long":
            changed |= {"detail": ""}  # a mask does not tell how long exactly
        found.append(msgspec.structs.replace(event, **changed))
    return found


CONVERSATIONS = {
    "a delivery": READY_FOR_DATA
    + """
        C: DATA
        S: 354 go
        C: Subject: x
        C: ..dot
        C: bare\\n\\
        C: .
        S: 250 2.0.0 ok
        C: QUIT
        S: 221 bye
    """,
    "pipelined": """
        S: 220-one
        S: 220 two
        C: EHLO me
        S: 250-x
        S: 250-SIZE 10
        S: 250 PIPELINING
        C: MAIL FROM:<a>
        C: RCPT TO:<b>
        C: DATA
        C: in doubt
        S: 250 ok
        S: 550 5.1.1 no
        S: 554 no
        S: 500 what
    """,
    "a login": """
        S: 220 hi
        C: EHLO me
        S: 250 AUTH PLAIN LOGIN
        C: AUTH LOGIN
        S: 334 VXNlcm5hbWU6
        C: YWxpY2U=
        S: 334 UGFzc3dvcmQ6
        C: d29uZGVybGFuZA==
        S: 535 5.7.8 not wonderland
        C: AUTH PLAIN AGFsaWNlAHdvbmRlcmxhbmQ=
        S: 235 2.7.0 in
        C: X-EXPS NTLM TlRMTVNTUAABAAAA
        S: 504 no
        C: AUTH PLAIN
        S: 334 \\x20
        C: *
        S: 501 cancelled
        C: MAIL FROM:<a>
        S: 250 ok
    """,
    "chunks": """
        S: 220 hi
        C: EHLO me
        S: 250 CHUNKING
        C: MAIL FROM:<a>
        S: 250 ok
        C: RCPT TO:<b>
        S: 250 ok
        C: BDAT 7
        C: 12\\r\\n345\\
        S: 250 ok
        C: BDAT 3 LAST
        C: 1\\n3\\
        S: 250 ok
    """,
    "lmtp": """
        S: 220 lmtp
        C: LHLO me
        S: 250 ok
        C: MAIL FROM:<a>
        S: 250 ok
        C: RCPT TO:<b>
        S: 250 ok
        C: RCPT TO:<c>
        S: 250 ok
        C: DATA
        S: 354 go
        C: x
        C: .
        S: 250 ok
        S: 450 4.2.2 full
    """,
    "a broken server": """
        S: hello
        S: 999 code
        C: EHLO \\xff\\xfe\\x00
        S: 250-a
        S: 251 b
        S: 250 too much
        S: 421 4.3.2 off
    """,
}


@pytest.mark.parametrize("script", CONVERSATIONS.values(), ids=list(CONVERSATIONS))
def test_a_recording_fed_again_gives_the_same_rows_and_events(script: str, tmp_path: Path):
    talk = observe(script)
    again = fed_again(recorded(talk, tmp_path))
    assert events(again) == events(talk)
    assert again.state == talk.state
    assert again.keywords == talk.keywords


def test_facts_and_what_came_in_cleartext_before_tls_survive(tmp_path: Path):
    talk = Conversation()
    talk.note(Connected(0.5, "h\u00f6st:25", "[::1]:25", "[::1]:4000"))
    observe("S: 220 hi\nC: EHLO me\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 go\nS: injected\\", talk)
    talk.note(TlsStarted(7.0, "TLSv1.3", "TLS_AES_256_GCM_SHA384", (b"\x30\x82", b"\xff")))
    observe("C: EHLO me\nS: 250 ok\nC: half a li\\", talk)
    talk.note(Note(20.0, "timeout", "no reply"))
    talk.note(Disconnected(21.0, Cause.TLS_FAILED, "d\u00e9tail"))
    lines = recorded(talk, tmp_path)
    assert events(fed_again(lines)) == events(talk)
    [injected] = [line for line in lines if line.get("injected")]
    assert (injected["text"], injected["piece"]) == ("injected", True)
    assert [line["tls"] for line in lines if "tls" in line] == [True] * 3


def test_lines_that_are_too_long_are_read_back_as_the_same_pieces(tmp_path: Path):
    talk = observe("S: 220 hi\nC: EHLO me\nS: 250 AUTH PLAIN")
    talk.feed(SERVER, b"250 " + b"x" * (2 * LIMIT) + b"\r\n", 3.0)
    talk.feed(CLIENT, b"AUTH PLAIN " + b"QUFB" * (LIMIT // 4) + b"\r\n", 4.0)
    talk.feed(SERVER, b"500 too long\r\n", 5.0)
    assert events(fed_again(recorded(talk, tmp_path))) == events(talk)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(speech=st.lists(st.tuples(st.sampled_from(list(Direction)), st.binary(min_size=1))))
def test_all_bytes_but_secrets_survive_whatever_they_are(
    speech: list[tuple[Direction, bytes]], tmp_path: Path
):
    talk = Conversation()
    for direction, data in speech:
        talk.feed(direction, data, 1.0)
    talk.note(Disconnected(2.0, Cause.RESET))
    # Any octets may look like credentials, as those of `a:b@` do.
    assume(not any(talk.transcript.flags(row) & SECRET for row in range(len(talk.transcript))))
    again = fed_again(recorded(talk, tmp_path))
    for direction in Direction:
        assert again.transcript.joined(direction) == talk.transcript.joined(direction)
    assert events(again) == events(talk)


def test_names_that_are_not_unicode_are_written_as_escapes():
    transcript = Transcript()
    line = json.loads(recording.header(transcript, "unix:/run/\udcff"))
    assert line["target"] == "unix:/run/\\udcff"
    note = Note(transcript.anchor[1], "edited", "\udc80")
    assert json.loads(recording.fact(transcript, note))["text"] == "\\udc80"


def test_what_is_derived_is_not_written(tmp_path: Path):
    lines = recorded(observe(CONVERSATIONS["a broken server"]), tmp_path)
    assert {line.get("fact", "row") for line in lines[1:]} == {"row"}


def test_times_are_seconds_after_the_beginning(tmp_path: Path):
    talk = Conversation()
    began = talk.transcript.anchor[1]
    talk.feed(SERVER, b"220 hi\r\n", began + 1.5)
    talk.feed(SERVER, b"221 ", began + 2.0)
    talk.feed(SERVER, b"bye\r\n", began + 2.125)
    talk.note(Disconnected(began + 2.25, Cause.RESET))
    rows = recorded(talk, tmp_path)[1:]
    assert [line["at"] for line in rows] == [1.5, 2.125, 2.25]
    assert [line.get("first") for line in rows] == [None, 2.0, None]


def columns(rows: list[tuple[float, int, bytes]]) -> Stretch:
    """Return rows column by column, as a transcript provides them."""
    transcript = Transcript()
    for at, flags, data in rows:
        transcript.append(data, flags, at)
    found = transcript._stretch(0, len(rows))
    assert found is not None
    return found


TEXTS = (
    b"250 ok\r\n", "é \U0001f4e7 \u2028\r\n".encode(), b'"\\ \x00\x1f\x7f,/<>\r\n', b"\r\n",
    b"a back\\\r\n", b"bare \r CR\r\r\n", b"\\r\\n\r\n",
)  # fmt: skip
OTHERS = (b"\xff\r\n", b"bare LF\n", b"\\r\n", b"no end", b"\xc3", b"\r")
ALL_FLAGS = [
    side | tls | more | KIND_BITS[kind]
    for side in (0, SENT)
    for tls in (0, TLS)
    for more in (0, PIECE, INJECTED, SECRET)
    for kind in Kind
]


@pytest.mark.parametrize("texts", [TEXTS, (*TEXTS, *OTHERS), OTHERS])
def test_many_rows_at_once_are_the_lines_of_each(texts: tuple[bytes, ...]):
    transcript = Transcript()
    transcript.anchor = (1_790_000_000.0, zero := 100.0)
    rows = [
        (zero + at, flags, data)
        for at in (0.0, 1.2345678, -0.5, 0.0000005, 86_400.1234565)
        for flags in ALL_FLAGS
        for data in texts
    ]
    lines = [recording.rows(transcript, data, flags, at) for at, flags, data in rows]
    written = recording.plain_rows(transcript, columns(rows))
    assert written.splitlines(keepends=True) == lines
    if texts is not OTHERS:
        assert b'{"at":1.234568,"from":"C","tls":true,"text":"250 ok\\r\\n"}\n' in lines


WITHOUT_LF = st.binary(max_size=9).map(lambda data: data.replace(b"\n", b""))


@given(st.lists(st.tuples(st.floats(0, 1e6), st.sampled_from(ALL_FLAGS), WITHOUT_LF)))
def test_any_rows_at_once_are_the_lines_of_each(rows: list[tuple[float, int, bytes]]):
    assume(rows)
    for ending in (b"", b"\n", b"\r\n"):
        ended = [(at, flags, data + ending) for at, flags, data in rows]
        transcript = Transcript()
        transcript.anchor = (0.0, 0.0)
        lines = [recording.rows(transcript, data, flags, at) for at, flags, data in ended]
        assert recording.plain_rows(transcript, columns(ended)) == b"".join(lines)
