"""What waits, and what Ctrl+C says, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...session.visible import visible_text
from ..advice import do, key_of
from ..connect.profile import PRACTICES

if TYPE_CHECKING:
    from ...session.aio.session import Session


def peer_name(target: str) -> str:
    """A target as it is named in a sentence."""
    return "the practice server" if target in PRACTICES else visible_text(target)


def nothing_to_stop(session: Session | None) -> str:
    """What Ctrl+C says when nothing runs that it could stop."""
    waiting = session.waiting if session is not None else None
    leave = f"{key_of('q')} leaves heloscope."
    if waiting is None:
        return f"Nothing runs that could be stopped. {leave}"
    hang_up = f"{do('disconnect')} hangs up, {leave}"
    if waiting[0] == "greeting":
        return f"The greeting is still to come. {hang_up}"
    return (
        f"The reply to {command_name(waiting[0])} is still to come, and nothing here waits for "
        f"it: go on typing. {hang_up}"
    )


def command_name(verb: str) -> str:
    """A command that waits for its reply, in words."""
    words = {".": "the end of the message", "(auth)": "AUTH", "(answer)": "the answer to AUTH"}
    return words.get(verb, visible_text(verb))
