"""Advice shown on the screen, and how it names the orders and keys of actions.

Every sentence on the screen that names an order or a key takes it from here, so that both are
defined only in the table of actions. Nothing here depends on a screen or a connection.
"""

from __future__ import annotations

import re

from ..session.visible import visible_text
from .actions import ACTIONS, DEFAULT_KEYS, key_name


def do(action: str) -> str:
    """Return the order of an action with its first key, as in ":reconnect (F9)".

    Raises KeyError if ACTIONS contains no action with this name.
    """
    order, key = f":{ACTIONS[action].name}", key_of(action)
    return f"{order} ({key})" if key else order


def key_of(action: str) -> str:
    """Return the first key of an action as written in prose ("F9"), or "" if it has no key."""
    return key_name(ACTIONS[action].key.split(",")[0]) if ACTIONS[action].key else ""


def not_tried(error: BaseException, how: str) -> str:
    """Return a sentence that lists the login mechanisms not tried after a refusal.

    `how` is the order or option that tries one of them. Return "" if `error` is not a refused
    login.
    """
    from ..session.errors import CredentialsRefused

    if not isinstance(error, CredentialsRefused):
        return ""
    untried = [visible_text(name) for name in error.untried]
    why = (
        "Not tried, because the server currently refuses logins"
        if error.smtp_code < 500
        else "Not tried with the same password, because servers lock accounts"
    )
    return f"{why}: {', '.join(untried)}. {how} {untried[0]} tries it."


def in_present_keys(text: str) -> str:
    """Replace the default keys named in `text` with the current keys of the same actions.

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
    "not connected": f"{do('connect')} connects; {do('reconnect')} reconnects.",
    "connection refused": f"{do('reconnect')} tries again; {do('connect')} connects elsewhere.",
    "certificate refused": f"{do('tls')} shows why; {do('trust')} accepts the certificate.",
    "no extensions yet": f"{do('hello')} asks for the list of extensions.",
    "no plan": f"{do('begin')} lists the procedures.",
    "busy": "Ctrl+C stops the current activity.",
}
"""Sentences of advice, keyed by the situation in which they help."""

NOT_CONNECTED = f"Not connected. {ADVICE['not connected']}"
NOTHING_SENT = f"Not connected, so nothing was sent. {ADVICE['not connected']}"
STILL_CONNECTING = "Still connecting, so nothing was sent. Try again once there is a connection."
