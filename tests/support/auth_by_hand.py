"""Helpers for testing a typed AUTH: the user's password, and the prompt above the command line."""

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
    """Type EHLO, STARTTLS, EHLO again within TLS, and then these lines."""
    await stage.type("EHLO me", "STARTTLS")
    await stage.until(lambda: stage.session.tls)
    await stage.type("EHLO me", *lines)


def asked(stage: Stage) -> str:
    """Return the text in and above the command line as one line, without the border."""
    return " ".join(stage.seen("#composer").replace("│", " ").split())
