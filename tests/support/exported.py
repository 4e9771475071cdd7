"""A conversation to export, with TLS, a login, a refusal and a message full of odd octets."""

from __future__ import annotations

from heloscope.app.explain.line import meaning_of
from heloscope.app.explain.other_failures import other_failures
from heloscope.app.export.formats import EXPORTS
from heloscope.app.export.replay import replay_of
from heloscope.app.export.source import ExportSource
from heloscope.session.events import CLIENT, SERVER, Cause, Connected, Disconnected, TlsStarted
from heloscope.session.protocol.conversation import Conversation
from heloscope.session.record.masks import NOTHING_MORE, Masking
from heloscope.session.target import TargetError, parse_target

BEGAN = 1_790_000_000.0
SECRET = "wonderland"
MESSAGE = (
    b"From: Alice <alice@example.net>\r\n"
    b'Subject: 1 < 2 & "3"\r\n'
    b"\r\n"
    b"..dot\r\n"
    b"```\r\n"
    b"<script>alert(1)</script> \x1b[31m \xff \xe2\x80\xae\r\n"
)
OPENING = (
    (0.1, SERVER, b"220 mail.example.org ESMTP Postfix\r\n"),
    (1.0, CLIENT, b"EHLO laptop\r\n"),
    (1.1, SERVER, b"250-mail.example.org\r\n250 STARTTLS\r\n"),
    (2.0, CLIENT, b"STARTTLS\r\n"),
    (2.1, SERVER, b"220 2.0.0 go ahead\r\n"),
)
INSIDE = (
    (3.0, CLIENT, b"EHLO laptop\r\n"),
    (3.1, SERVER, b"250-mail.example.org\r\n250 AUTH PLAIN LOGIN\r\n"),
    (4.0, CLIENT, b"AUTH PLAIN AGFsaWNlAHdvbmRlcmxhbmQ=\r\n"),
    (4.1, SERVER, b"235 2.7.0 welcome\r\n"),
    (5.0, CLIENT, b"MAIL FROM:<alice@example.net>\r\n"),
    (5.1, SERVER, b"250 2.1.0 Ok\r\n"),
    (6.0, CLIENT, b"RCPT TO:<nobody@example.org>\r\n"),
    (6.1, SERVER, b"550 5.1.1 <nobody@example.org>: User unknown\r\n"),
    (7.0, CLIENT, b"RCPT TO:<bob@example.org>\r\n"),
    (7.1, SERVER, b"250 2.1.5 Ok\r\n"),
    (8.0, CLIENT, b"DATA\r\n"),
    (8.1, SERVER, b"354 go on\r\n"),
    (9.0, CLIENT, MESSAGE),
    (9.0, CLIENT, b".\r\n"),
    (9.5, SERVER, b"250 2.0.0 queued as 4F2A11\r\n"),
    (10.0, CLIENT, b"QUIT\r\n"),
    (10.1, SERVER, b"221 2.0.0 Bye\r\n"),
)


def a_delivery() -> Conversation:
    """Return the conversation, in which 198.51.100.7 talks to port 587 of 203.0.113.9."""
    talk = Conversation()
    talk.transcript.anchor = (BEGAN, 0.0)
    talk.note(Connected(0.0, "mail.example.org:587", "203.0.113.9:587", "198.51.100.7:40000"))
    for at, direction, data in OPENING:
        talk.feed(direction, data, at)
    talk.note(TlsStarted(2.5, "TLSv1.3", "TLS_AES_256_GCM_SHA384", verified=True))
    for at, direction, data in INSIDE:
        talk.feed(direction, data, at)
    talk.note(Disconnected(10.2, Cause.CLOSED_BY_SERVER))
    return talk


def source(
    talk: Conversation, target: str = "mail.example.org:587", masking: Masking = NOTHING_MORE
) -> ExportSource:
    """Return a conversation as the source of an export."""
    try:
        place = parse_target(target)
    except TargetError:
        place = None
    return ExportSource(
        talk, target, meaning_of, lambda: replay_of(talk.transcript, place, target), masking,
        others=other_failures,
    )  # fmt: skip


def exported(
    talk: Conversation,
    form: str,
    masking: Masking = NOTHING_MORE,
    target: str = "mail.example.org:587",
) -> bytes:
    """Return the conversation exported in one format, as a whole file."""
    return b"".join(EXPORTS[form].render(source(talk, target, masking)))
