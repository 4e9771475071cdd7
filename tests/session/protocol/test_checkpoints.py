"""Playback that continues from checkpoints shows the same as playback from the start."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from heloscope.session.events import CLIENT, SERVER, Cause, Connected, Disconnected, TlsStarted
from heloscope.session.protocol import checkpoints, playback
from heloscope.session.protocol.checkpoints import Checkpoints
from heloscope.session.protocol.conversation import Conversation
from heloscope.session.protocol.playback import Playback
from heloscope.session.protocol.replay import replaying
from heloscope.session.record.reader import Recording
from heloscope.session.record.transcript import Transcript

BODY = b"".join(b"line %d of a message that is long\r\n" % number for number in range(100))
TALK = (
    (0.1, SERVER, b"220 mail.example ready\r\n"),
    (1.0, CLIENT, b"EHLO me.example\r\n"),
    (1.1, SERVER, b"250-mail.example\r\n250-STARTTLS\r\n250 VRFY\r\n"),
    (2.0, CLIENT, b"STARTTLS\r\n"),
    (2.1, SERVER, b"220 go\r\n"),
    (2.3, None, TlsStarted(2.3, "TLSv1.3", "TLS_AES_128_GCM_SHA256")),
    (3.0, CLIENT, b"EHLO me.example\r\n"),
    (3.1, SERVER, b"250-mail.example\r\n250 SIZE 100000\r\n"),
    (4.0, CLIENT, b"AUTH LOGIN\r\n"),
    (4.1, SERVER, b"334 VXNlcm5hbWU6\r\n"),
    (4.2, CLIENT, b"YQ==\r\n"),
    (4.3, SERVER, b"334 UGFzc3dvcmQ6\r\n"),
    (4.4, CLIENT, b"Yg==\r\n"),
    (4.5, SERVER, b"235 welcome\r\n"),
    (5.0, CLIENT, b"MAIL FROM:<a@me.example>\r\nRCPT TO:<b@mail.example>\r\nDATA\r\n"),
    (5.1, SERVER, b"250 2.1.0 ok\r\n250 2.1.5 ok\r\n354 go ahead\r\n"),
    (6.0, CLIENT, b"Subject: x\r\n\r\n" + BODY + b"bare\nend\r\n"),
    (6.1, CLIENT, b".\r\n"),
    (7.0, SERVER, b"250 2.0.0 queued\r\n"),
    (8.0, CLIENT, b"FROB\r\n"),
    (8.1, SERVER, b"500 what\r\n"),
    (8.2, SERVER, b"451 unasked\r\n"),
    (9.0, CLIENT, b"NOOP\r\n"),
    (9.1, SERVER, b"250 ok\r\n"),
)


@pytest.fixture
def opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Conversation, Checkpoints]]:
    """Yield a recording that was read with a checkpoint wherever one is possible."""
    monkeypatch.setattr(checkpoints, "EVERY", 1)
    talk = Conversation()
    talk.note(Connected(0.0, "mail.example", "192.0.2.1"))
    for at, direction, what in TALK:
        if isinstance(what, TlsStarted):
            talk.note(what)
        else:
            assert direction is not None
            talk.feed(direction, what, at)
    talk.note(Disconnected(42.0, Cause.CLOSED_BY_SERVER))
    path = tmp_path / "talk.jsonl"
    path.write_text(talk.transcript.to_jsonl())
    read, found = Conversation(Transcript()), Checkpoints()
    with Recording(path) as recording:
        for _ in replaying(recording, read, found):
            pass
    yield read, found


def seen(at: Playback) -> tuple[object, ...]:
    """Return what is known at the position."""
    talk = at.conversation
    transcript = talk.transcript
    bodies = [(body.first, body.last, body.size) for body in transcript.bodies]
    known = (talk.state, talk.keywords, talk.tls, talk.authenticated, talk.recipients, talk.mode)
    return list(transcript.events()), bodies, known, talk.unanswered, transcript.anchor


def test_each_position_is_that_of_a_playback_from_the_start(
    opened: tuple[Conversation, Checkpoints],
):
    talk, found = opened
    whole = list(talk.transcript.events())
    plain, quick = Playback(talk), Playback(talk, found)
    for position in range(len(plain) - 1, -1, -1):
        plain.go_to(position)
        quick.go_to(position)
        assert seen(quick) == seen(plain), position
    assert list(talk.transcript.events()) == whole


@pytest.mark.parametrize("start", range(0, 40, 3))
def test_from_each_position_it_continues_to_the_same_end(
    opened: tuple[Conversation, Checkpoints], start: int
):
    talk, found = opened
    playing = Playback(talk, found)
    playing.go_to(min(start, len(playing) - 1))
    while playing.forward():
        pass
    assert playing.conversation is not talk
    assert seen(playing) == seen(Playback(talk))


def test_few_steps_are_fed_again(
    opened: tuple[Conversation, Checkpoints], monkeypatch: pytest.MonkeyPatch
):
    talk, found = opened
    monkeypatch.setattr(playback, "FAR", 5)
    fed: list[int] = []
    feed = Playback._feed

    def counted(self: Playback, step: int, shown: Conversation) -> None:
        fed.append(step)
        feed(self, step, shown)

    monkeypatch.setattr(Playback, "_feed", counted)
    playing = Playback(talk, found)
    steps = len(playing)
    playing.back()
    assert len(fed) <= 2
    playing.go_to(3)
    fed.clear()
    playing.go_to(steps - 2)
    assert len(fed) <= 3
    fed.clear()
    playing.go_to(1)
    playing.go_to(steps)
    assert playing.conversation is talk
    assert len(fed) == 1


def test_what_was_shown_is_free_at_once(opened: tuple[Conversation, Checkpoints]):
    import gc
    import weakref

    talk, found = opened
    playing = Playback(talk, found)
    gc.disable()
    try:
        playing.back()
        shown = weakref.ref(playing.conversation._known)
        playing.back()
        assert shown() is None
    finally:
        gc.enable()
