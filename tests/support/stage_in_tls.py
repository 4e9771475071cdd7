"""A stage whose server has a certificate that is always the same, good or bad."""

from __future__ import annotations

from heloscope.app.runtime.settings import Settings

from support import fixed_certificates as fixed
from support.servers import script_in_tls
from support.stage import Stage

CLEAR = """
    S: 220 mail.example.org ESMTP
    C: EHLO
    S: 250-mail.example.org
    S: 250-SIZE 52428800
    S: 250 STARTTLS
    C: STARTTLS
    S: 220 2.0.0 go ahead
"""
INSIDE = """
    C: EHLO
    S: 250-mail.example.org
    S: 250 AUTH PLAIN LOGIN
    C: QUIT
"""


def in_tls(kind: str, settings: Settings) -> Stage:
    """mail.example.org with a certificate that is always the same, looked at at one moment."""
    clear = CLEAR
    if kind == "injected":
        kind, clear = "good", clear.rstrip() + r"\r\n250-mail.example.org\r\n250 AUTH PLAIN"
    serve = script_in_tls(clear, fixed.context(kind), INSIDE)
    return Stage("mail.example.org:587", serve, settings=settings, now=fixed.NOW, trusted=fixed.CA)
