"""Scripted conversations as replays, from which exports are made."""

from __future__ import annotations

from heloscope.app.export.replay import Replay, replay_of
from heloscope.session.aio.session import Session
from heloscope.session.events import CLIENT, SERVER
from heloscope.session.protocol.conversation import Conversation
from heloscope.session.protocol.transparency import stuff
from heloscope.session.target import parse_target

from support.scripts import OPENED, READY_FOR_DATA, observe

PLACE = "mail.example.org:587"
LOGIN = """
    C: AUTH LOGIN
    S: 334 VXNlcm5hbWU6
    C: YWxpY2U=
    S: 334 UGFzc3dvcmQ6
    C: d29uZGVybGFuZA==
    S: 235 ok
"""


def replay(script: str | Conversation, where: str = PLACE) -> Replay:
    """Return the replay of a scripted conversation with the server at `where`."""
    talk = observe(script) if isinstance(script, str) else script
    return replay_of(talk.transcript, parse_target(where), where)


def sending(message: bytes, *, envelope: str = READY_FOR_DATA) -> Conversation:
    """Return a conversation in which this message was sent with DATA, and accepted."""
    talk = observe(envelope)
    talk.feed(CLIENT, b"DATA\r\n", 90.0)
    talk.feed(SERVER, b"354 go on\r\n", 91.0)
    talk.feed(CLIENT, stuff(message) + b".\r\n", 92.0)
    talk.feed(SERVER, b"250 taken\r\n", 93.0)
    return talk


def replay_of_session(session: Session) -> Replay:
    """Return the replay of a session."""
    assert session.target is not None
    return replay_of(session.transcript, session.target)


__all__ = ["LOGIN", "OPENED", "PLACE", "READY_FOR_DATA", "replay", "replay_of_session", "sending"]
