"""A transcript that forgets: rows are numbered as usual, but only the last ones are kept."""

from __future__ import annotations

from heloscope.session.events import CLIENT, SECRET, SENT, SERVER, Block, Kind, Line
from heloscope.session.protocol.conversation import Conversation
from heloscope.session.protocol.recent_transcript import (
    KEPT,
    KEPT_OCTETS,
    SECRETS,
    FewSecrets,
    RecentTranscript,
)
from heloscope.session.record.transcript import Transcript

SCRIPT = (
    (SERVER, b"220 hi\r\n"),
    (CLIENT, b"EHLO x.example\r\n"),
    (SERVER, b"250-hi\r\n250-SIZE 1000\r\n250 PIPELINING\r\n"),
    (CLIENT, b"MAIL FROM: <a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\n"),
    (SERVER, b"250 ok\r\n250 ok\r\n354 go\r\n"),
    (CLIENT, b"Subject: x\r\n\r\n" + b"a line of text\n" * 300 + b"\r\n.\r\n"),
    (SERVER, b"250 ok\r\n"),
    (CLIENT, b"DATA\r\nnot a body\r\n"),
    (SERVER, b"503 no\r\n500 ?\r\n"),
)


def test_a_conversation_is_the_same_with_a_transcript_that_keeps_all():
    kept, recent = Transcript(), RecentTranscript()
    taken: list[object] = []
    for transcript in (kept, recent):
        conversation = Conversation(transcript)
        for direction, data in SCRIPT:
            conversation.feed(direction, data, 1.0)
            if transcript is recent:
                taken += recent.take()
    marks = [event for event in taken if not isinstance(event, Line | Block)]
    assert marks == kept.marks_after(0)
    assert len(recent) == len(kept)
    rows = sum(event.count if isinstance(event, Block) else 1 for event in taken
               if isinstance(event, Line | Block))  # fmt: skip
    assert rows == len(kept)


def test_old_rows_are_forgotten_and_count_as_secret():
    transcript = RecentTranscript()
    for number in range(KEPT + 10):
        assert transcript.append(b"%d\r\n" % number, SENT, 1.0) == number
    assert transcript.kept(9) is None
    assert transcript[9].data == b"" and transcript.flags(9) == SECRET
    assert transcript[10].data == b"10\r\n" and transcript.flags(10) == SENT
    assert transcript[-1].data == b"%d\r\n" % (KEPT + 9)


def test_events_are_handed_out_once_and_a_row_whole():
    transcript = RecentTranscript()
    transcript.append(b"x" * 9000, SENT, 1.0)
    [line] = transcript.take()
    assert isinstance(line, Line) and len(line.data) == 9000
    assert transcript.take() == []
    assert len(transcript[0].data) == KEPT_OCTETS


def test_the_kind_of_a_row_changes_as_long_as_it_is_kept():
    transcript = RecentTranscript()
    for number in range(KEPT + 1):
        transcript.append(b"%d\r\n" % number, SENT, 1.0)
    transcript.set_kind(0, Kind.BODY)
    transcript.set_kind(5, Kind.BODY)
    assert transcript[5].kind is Kind.BODY
    assert transcript[5].data == b"5\r\n"
    assert transcript[4].kind is Kind.OTHER


def test_rows_of_a_block_are_counted_and_not_kept():
    transcript = RecentTranscript()
    assert transcript.append_block(b"a\r\nb\r\n", 2, SENT, 1.0) == 0
    assert transcript.append(b"c\r\n", SENT, 1.0) == 2
    assert len(transcript) == 3 and transcript.kept(1) is None


def test_the_secrets_of_the_first_logins_only_are_learnt():
    secrets = FewSecrets()
    for number in range(200):
        secrets.add(b"a long password %d" % number)
    assert SECRETS <= secrets.known < 2 * SECRETS
    assert b"password 0" not in secrets.mask(b"a long password 0")
