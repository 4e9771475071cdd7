"""A recording in a file, including a teacher's notes."""

from __future__ import annotations

from pathlib import Path

from heloscope.app.recordings.screen import RecordingScreen
from heloscope.session.events import CLIENT, SERVER, Cause, Connected, Disconnected
from heloscope.session.protocol.conversation import Conversation
from heloscope.session.record.notes import Notes, handout

from support.stage import Stage

BEGAN = 1_790_000_000.0
TALK = (
    (0.1, SERVER, "220 mail.example.org ESMTP Postfix"),
    (1.2, CLIENT, "EHLO laptop.example.net"),
    (1.3, SERVER, "250-mail.example.org"),
    (1.3, SERVER, "250-SIZE 10240000"),
    (1.3, SERVER, "250 STARTTLS"),
    (3.0, CLIENT, "MAIL FROM:<alice@example.net>"),
    (3.1, SERVER, "250 2.1.0 Ok"),
    (5.0, CLIENT, "RCPT TO:<nobody@example.org>"),
    (5.2, SERVER, "550 5.1.1 <nobody@example.org>: User unknown in local recipient table"),
    (8.0, CLIENT, "RCPT TO:<bob@example.org>"),
    (8.1, SERVER, "250 2.1.5 Ok"),
    (9.0, CLIENT, "DATA"),
    (9.1, SERVER, "354 End data with <CR><LF>.<CR><LF>"),
    (10.0, CLIENT, "Subject: Hello\r\n\r\nHello Bob\r\n."),
    (12.0, SERVER, "250 2.0.0 Ok: queued as 4F2A11"),
    (13.0, CLIENT, "QUIT"),
    (13.1, SERVER, "221 2.0.0 Bye"),
)
STEPS = 20  # with the connection, its end, and the message as one
REFUSED = 8  # the row of the 550
NOTES = ((4, "Which extensions would you use?"), (REFUSED, "Only this recipient is refused."))


def a_talk() -> Conversation:
    """Return the conversation that `recorded` writes."""
    talk = Conversation()
    talk.transcript.anchor = (BEGAN, 0.0)
    talk.note(Connected(0.0, "mail.example.org:25", "203.0.113.7"))
    for at, direction, text in TALK:
        talk.feed(direction, f"{text}\r\n".encode(), at)
    talk.note(Disconnected(13.2, Cause.CLOSED_BY_SERVER))
    return talk


def recorded(folder: Path, *, notes: tuple[tuple[int, str], ...] = NOTES) -> Path:
    """Write the recording to a file in `folder`, and return the file's path."""
    kept = Notes()
    for row, text in notes:
        kept.put(row, text)
    path = folder / "talk.jsonl"
    path.write_bytes(b"".join(handout(a_talk().transcript, "mail.example.org", kept)))
    return path


async def open_in(stage: Stage, path: Path) -> RecordingScreen:
    """Open a recording on a stage, and wait until it is shown."""
    await stage.put(f":open {path}")
    await stage.until(lambda: isinstance(stage.app.screen, RecordingScreen))
    screen = stage.app.screen
    assert isinstance(screen, RecordingScreen)
    await settled(stage, screen)
    return screen


async def settled(stage: Stage, screen: RecordingScreen) -> None:
    """Wait until the recording is drawn in its current state."""
    await stage.until(lambda: screen.frames.due is None)
    await stage.handled()


async def orders(stage: Stage, path: Path, *lines: str, keys: tuple[str, ...] = ()) -> None:
    """Open a recording, type orders, and press keys."""
    screen = await open_in(stage, path)
    for line in lines:
        screen.composer.text = line
        await stage.press("enter")
        await settled(stage, screen)
    for key in keys:
        await stage.press(key)
        await settled(stage, screen)
