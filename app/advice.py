"""Advice for the screen: the orders and keys of actions, named as in prose.

Every sentence on the screen that names an order or a key takes it from here, so that both are
defined only in the table of actions. Nothing here knows a screen or a connection.
"""

from __future__ import annotations

import re

from ..session.visible import visible_text
from .actions import ACTIONS, DEFAULT_KEYS, key_name


def do(action: str) -> str:
    """The order of an action and its first key, as in ":reconnect (F9)".

    Raises KeyError for a name that is not in ACTIONS.
    """
    order, key = f":{ACTIONS[action].name}", key_of(action)
    return f"{order} ({key})" if key else order


def key_of(action: str) -> str:
    """The first key of an action as prose names it ("F9"); empty for an action without a key."""
    return key_name(ACTIONS[action].key.split(",")[0]) if ACTIONS[action].key else ""


def not_tried(error: BaseException, how: str) -> str:
    """The mechanisms not tried after a login was refused, and `how` to try one; else empty."""
    from ..session.errors import CredentialsRefused

    if not isinstance(error, CredentialsRefused):
        return ""
    untried = [visible_text(name) for name in error.untried]
    why = (
        "Not tried, because the server refuses logins for now"
        if error.smtp_code < 500
        else "Not tried with the same password, because servers lock accounts"
    )
    return f"{why}: {', '.join(untried)}. {how} {untried[0]} tries it."


def in_present_keys(text: str) -> str:
    """Return a text written for the default keys with the current keys of the actions.

    If an action no longer has a key, its order is named instead.
    """
    found: dict[str, str] = {}
    for name, keys in DEFAULT_KEYS.items():
        if keys != ACTIONS[name].key:
            now = ACTIONS[name].key.split(",")
            for key in filter(None, keys.split(",")):
                if key not in now:
                    found[key_name(key)] = key_of(name) or f":{name}"
    if not found:
        return text
    names = "|".join(map(re.escape, sorted(found, key=len, reverse=True)))
    return re.sub(rf"(?<![\w+])(?:{names})(?![\w])", lambda word: found[word[0]], text)


ADVICE: dict[str, str] = {
    "not connected": f"{do('connect')} connects; {do('reconnect')} connects again.",
    "connection refused": f"{do('reconnect')} tries again; {do('connect')} connects elsewhere.",
    "certificate refused": f"{do('tls')} shows why; {do('trust')} accepts the certificate.",
    "no extensions yet": f"{do('hello')} asks for the list of extensions.",
    "no plan": f"{do('begin')} lists the procedures.",
    "busy": "Ctrl+C stops the present activity.",
}
"""Cause -> advice, as sentences."""

NOT_CONNECTED = f"Not connected. {ADVICE['not connected']}"
NOTHING_SENT = f"Not connected, so nothing was sent. {ADVICE['not connected']}"
STILL_CONNECTING = "Still connecting, so nothing was sent. Try again once there is a connection."
