"""Why a procedure of a script that came to its end did not do what was asked for."""

from __future__ import annotations

from typing import Any

from ...session.reply import Reply


def refused(name: str, result: Any) -> str:
    """Why a procedure that came to its end did not do what was asked for; "" if it did."""
    if name == "sendmail" and result:
        count = len(result)
        return f"{count} of {count + len(result.accepted)} recipients refused"
    if name == "check":
        bad = [code for code, _ in result.values() if not 200 <= code <= 299]
        return f"{len(bad)} of {len(result)} recipients refused" if bad else ""
    if isinstance(result, Reply) and not 200 <= result.code <= 299:
        return said(result)
    return ""


def said(reply: Reply) -> str:
    """A reply in a sentence."""
    from ...session.visible import visible

    return f"{reply.code} {visible(reply.text)[:200]}".rstrip(".")
