"""The engine of heloscope: watch and lead SMTP and LMTP conversations, without a screen.

    from heloscope.session import Session, Transcript, events

Nothing in here prints, knows a screen, or keeps global state. What is named below is imported
when it is first used, so that a program pays only for what it needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from . import events
    from .conversation import Conversation
    from .secret import Secret
    from .session import Session
    from .transcript import Transcript

__all__ = ["Conversation", "Secret", "Session", "Transcript", "events"]

_HOME = {
    "Conversation": "conversation",
    "Secret": "secret",
    "Session": "session",
    "Transcript": "transcript",
}


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name == "events":
        return import_module(".events", __name__)
    if name in _HOME:
        return getattr(import_module("." + _HOME[name], __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
