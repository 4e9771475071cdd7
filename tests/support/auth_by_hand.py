"""Helpers for tests of a typed AUTH: the user's password, and the prompt of the command line."""

from __future__ import annotations

import base64

from support.stage import Stage

SECRET = "wonderland"
PLAIN = f"\0alice\0{SECRET}"
LISTED = """
    S: 220 ready
    C: EHLO
    S: 250-mail.example.org
    S: 250 AUTH PLAIN LOGIN EXTERNAL XOAUTH2 OAUTHBEARER NTLM ANONYMOUS
"""


def base64_of(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


async def inside_tls(stage: Stage, *lines: str) -> None:
    """EHLO, STARTTLS and the handshake, EHLO once more, and what else is typed."""
    await stage.type("EHLO me", "STARTTLS")
    await stage.until(lambda: stage.session.tls)
    await stage.type("EHLO me", *lines)


def asked(stage: Stage) -> str:
    """What stands in and above the command line, without the border and its line ends."""
    return " ".join(stage.seen("#composer").replace("│", " ").split())
