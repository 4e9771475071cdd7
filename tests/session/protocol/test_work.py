"""Whatever the bytes, the work is proportional to their number, never quadratic.

Work is counted rather than timed: in executed lines of Python and, where C does the work, in a time
so generous that only quadratic work exceeds it.
"""

from __future__ import annotations

import base64
import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from heloscope.session.events import CLIENT, SERVER, ReplyReceived
from heloscope.session.protocol.conversation import Conversation
from heloscope.session.record import format as recording
from heloscope.session.record.masking import KnownSecrets
from heloscope.widgets.transcript.layout import Layout
from heloscope.widgets.transcript.lines import row_text
from support.scripts import observe

SECRET = b"wonderland-42"
HOSTILE: dict[str, bytes] = {
    "CR": b"\r",
    "LF": b"\n",
    "CRLF": b"\r\n",
    "LF CR": b"\n\r",
    "dots": b".",
    "lines of dots": b".\r\n",
    "blanks": b" ",
    "NULs": b"\0",
    "8-bit": b"\xff",
    "marks": "\u0301".encode(),
    "250-": b"250-",
    "lines of 250-": b"250-\r\n",
    "replies": b"250 ok\r\n",
    "challenges": b"334 VXNlcm5hbWU6\r\n",
    "commands": b"NOOP\r\n",
    "AUTH": b"AUTH PLAIN eHh4eHh4eHh4\r\n",
    "DATA": b"DATA\r\n",
    "BDAT": b"BDAT 1\r\n",
    "base64": base64.b64encode(bytes(range(256))),
    "the secret": SECRET,
    "the secret in base64": base64.b64encode(SECRET * 3),
    "half of the secret": SECRET[:8],
}
WHERE = {
    "client": (CLIENT, b""),
    "client, in AUTH": (CLIENT, b"AUTH PLAIN "),
    "server": (SERVER, b""),
    "server, in a reply": (SERVER, b"250-"),
}


def path(said: bytes, direction: Any, before: bytes) -> None:
    """Pass bytes through the conversation, the transcript, masking, the recording and the pane."""
    talk = observe("S: 220 hi\nC: EHLO me\nS: 250-x\nS: 250 AUTH PLAIN LOGIN")
    talk.transcript.secrets.add(SECRET)
    data = before + said
    for start in range(0, len(data), 4096):
        talk.feed(direction, data[start : start + 4096], 1.0)
    talk.pending_masked(direction)
    other = SERVER if direction is CLIENT else CLIENT
    talk.feed(other, b"535 no\r\n" * 20 if other is SERVER else b"NOOP\r\n", 2.0)
    talk.flush(direction, 3.0)
    transcript = talk.transcript
    layout = Layout(transcript)
    layout.sync()
    for line in transcript:
        masked = transcript.mask(line)
        recording.rows(transcript, masked, line.flags, line.at)
    for row in range(0, len(transcript), max(1, len(transcript) // 40)):
        row_text(transcript, row, 1000)


def lines_run(work: Callable[[], object]) -> int:
    """Return the number of lines of Python that `work` executes."""
    count = 0

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("kind", HOSTILE)
def test_four_times_the_bytes_are_four_times_the_work(kind: str, where: str):
    piece, (direction, head) = HOSTILE[kind], WHERE[where]
    few = piece * (500 // len(piece))
    once = lines_run(lambda: path(few, direction, head))
    more = lines_run(lambda: path(few * 4, direction, head))
    assert more < 5 * once + 1_250


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_line_of_64_kib_is_processed_quickly(kind: str, where: str):
    piece, (direction, head) = HOSTILE[kind], WHERE[where]
    size = 8_000 if b"\n" in piece else 65_000  # rows are counted above
    said = piece * (size // len(piece))
    began = time.process_time()
    path(said, direction, head)
    assert time.process_time() - began < 10  # was 38 s for CRs after AUTH; now about 0.5


@pytest.mark.parametrize(
    ("secret", "data"),
    [
        (b"a" * 60_000 + b"b", b"a" * 64_000),
        (b"a" * 30_000 + b"b" + b"a" * 30_000, b"a" * 64_000),
        (b"ab" * 30_000 + b"c", b"ab" * 32_000),
        (b"a" * 60_000, b"a" * 64_000),
    ],
    ids=["aaab", "aba", "ababc", "aaa"],
)
def test_a_secret_as_long_as_a_line_is_looked_for_quickly(secret: bytes, data: bytes):
    known = KnownSecrets()
    known.add(secret)
    began = time.process_time()
    known.mask(data)
    known.mask_part(data, cut_before=True, cut_after=True)
    assert time.process_time() - began < 5


def test_answers_sent_ahead_are_a_few():
    talk = observe("S: 220 hi\nC: EHLO me\nS: 250-x\nS: 250 AUTH PLAIN")
    talk.feed(CLIENT, b"AUTH PLAIN\r\n" + b"".join(b"answer-%d\r\n" % n for n in range(500)), 1.0)
    assert 0 < talk.transcript.secrets.known < 400
    assert all(b"answer" not in talk.transcript.masked(row) for row in range(5, 500))


def test_what_is_after_many_logins_is_understood_login_by_login():
    talk = Conversation()
    talk.feed(SERVER, b"220 hi\r\n", 0.0)
    talk.feed(CLIENT, b"AUTH PLAIN AAAA\r\n" * 300 + b"NOOP\r\n", 1.0)
    talk.feed(SERVER, b"535 no\r\n" * 300 + b"250 ok\r\n", 2.0)
    assert talk.unanswered == ()
    assert [e.verb for e in talk.transcript.marks_after(0) if isinstance(e, ReplyReceived)] == [
        "", *["AUTH"] * 300, "NOOP",
    ]  # fmt: skip
