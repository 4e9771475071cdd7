"""Lists the settings of a swaks command for --dump and --dump-as-body, without any password."""

from __future__ import annotations

import os

from ...session.visible import visible_text
from .request import SwaksRequest
from .steps import NONE
from .words import SwaksError

SECTIONS = ("TRANSPORT", "PROTOCOL", "XCLIENT", "PROXY", "TLS", "AUTH", "DATA")
_SWAKS_TOO = ("ALL", "APP", "OUTPUT")  # sections for which heloscope has no data


def listing_of(request: SwaksRequest, asked: str = "", *, data: bool = False) -> str:
    """Return the settings, one per line, in the sections named in `asked`; "" means all of them.

    If `data` is true, the size of the message is included. Raises SwaksError for a section that
    swaks does not have.
    """
    words = check_sections(asked)
    names = (
        SECTIONS if not words or "ALL" in words else [each for each in SECTIONS if each in words]
    )
    return "\n".join(
        f"{name}\n" + "".join(f"  {key}: {visible_text(value)}\n" for key, value in found)
        for name in names
        if (found := _section(name, request, data=data))
    )


def check_sections(asked: str) -> list[str]:
    """Return the requested sections in upper case. Raises SwaksError if one is unknown."""
    words = [word.strip().upper() for word in asked.split(",") if word.strip()]
    unknown = next((word for word in words if word not in (*SECTIONS, *_SWAKS_TOO)), "")
    if unknown:
        raise SwaksError(f"swaks has no section {visible_text(unknown[:30])} to dump.")
    return words


def _section(name: str, asked: SwaksRequest, *, data: bool) -> list[tuple[str, str]]:
    """Return the settings of one section as pairs of name and value, omitting empty values."""
    found: dict[str, str] = {}
    match name:
        case "TRANSPORT":
            found = {"target": asked.target, "program": asked.pipe, "source": asked.source}
        case "PROTOCOL":
            found = {
                "greeting": f"{asked.hello} {asked.ehlo}".strip(),
                "from": asked.sender or "<>",
                "to": ", ".join(asked.recipients),
                "ends after": _end(asked),
                "timeout": f"{asked.timeout:g} s",
                "pipelining": _yes(asked.pipelining),
                "prdr": _yes(asked.prdr),
            }
        case "XCLIENT" if asked.xclient:
            found = {
                "policy": asked.xclient_policy,
                "before STARTTLS": _yes(asked.xclient_first),
                "commands": "; ".join(asked.xclient),
            }
        case "PROXY":
            found = {"header": os.fsdecode(asked.proxy_header)}
        case "TLS":
            limits = f"{asked.minimum} to {asked.maximum}" if asked.minimum else ""
            found = {
                "policy": asked.tls, "verified": _yes(asked.verify), "name": asked.server_name,
                "ca": asked.ca, "cert": asked.cert, "key": asked.key, "ciphers": asked.ciphers,
                "versions": limits,
            }  # fmt: skip
        case "AUTH":
            found = {"policy": asked.login}
            if asked.login != NONE:
                found |= {"user": asked.user, "mechanisms": ", ".join(asked.mechanisms)}
        case "DATA" if data:
            found = {"message": f"{len(asked.message):,} octets, which --dump-mail prints"}
        case _:
            pass
    return [(key, value) for key, value in found.items() if value]


def _end(asked: SwaksRequest) -> str:
    if not asked.until:
        return ""
    how = "QUIT" if not asked.drops else "closed" if not asked.unanswered else "closed unanswered"
    return f"{asked.until}, {how}"


def _yes(value: bool) -> str:
    return "yes" if value else "no"
