"""Messages of AUTH, and objects that answer its challenges."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

from heloscope.session.sasl.mechanisms import Credentials, authobject
from heloscope.session.secret import Secret

from support.procedure_scripts import offers

USER, PASSWORD = "alice", "wonderland"
GREETED = offers("AUTH PLAIN LOGIN CRAM-MD5", "STARTTLS")


def b64(text: str | bytes) -> str:
    octets = text.encode() if isinstance(text, str) else text
    return base64.b64encode(octets).decode()


def answers(mechanism: str, password: str = PASSWORD) -> Callable[..., Any]:
    return authobject(mechanism, Credentials(USER, Secret(password)), "nonce")
