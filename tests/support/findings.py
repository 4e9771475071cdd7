"""Returns the findings about a conversation that is written as a script."""

from __future__ import annotations

from typing import Any

from heloscope.session.findings.server import Finding, findings
from heloscope.session.target import Target

from support.scripts import observe


def ehlo(*keywords: str, verb: str = "EHLO") -> str:
    lines = ["mail.example.org", *keywords]
    said = [f"S: 250{' ' if line is lines[-1] else '-'}{line}" for line in lines]
    return "\n".join([f"C: {verb} me.example", *said, ""])


def found(script: str, target: Target | None = None, **how: Any) -> dict[str, Finding]:
    """Return the findings about a scripted conversation without TLS, keyed by their `key`."""
    greeting = "" if script.lstrip().startswith("S:") else "S: 220 mail.example.org ESMTP\n"
    talk = observe(greeting + script)
    return {each.key: each for each in findings([talk.transcript], target, **how)}
