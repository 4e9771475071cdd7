"""Names for targets and for commands awaiting a reply, and the notice shown by Ctrl+C."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...session.visible import visible_text
from ..advice import do, key_of
from ..connect.profile import PRACTICES

if TYPE_CHECKING:
    from ...session.aio.session import Session


def peer_name(target: str) -> str:
    """Return the name of a target as used in a sentence."""
    return "the practice server" if target in PRACTICES else visible_text(target)


def nothing_to_stop(session: Session | None) -> str:
    """Return the notice that Ctrl+C shows when there is nothing to stop."""
    waiting = session.waiting if session is not None else None
    leave = f"{key_of('q')} leaves heloscope."
    if waiting is None:
        return f"Nothing to stop. {leave}"
    hang_up = f"{do('disconnect')} closes the connection, {leave}"
    if waiting[0] == "greeting":
        return f"The greeting has not arrived yet. {hang_up}"
    return (
        f"The reply to {command_name(waiting[0])} has not arrived yet, but you can keep typing. "
        f"{hang_up}"
    )


def command_name(verb: str) -> str:
    """Return how messages name a command; for example, "." is "the end of the message"."""
    words = {".": "the end of the message", "(auth)": "AUTH", "(answer)": "the AUTH response"}
    return words.get(verb, visible_text(verb))
