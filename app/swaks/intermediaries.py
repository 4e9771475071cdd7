"""The origin that a swaks command claims: its PROXY header and XCLIENT commands."""

from __future__ import annotations

from ...session.procedures.commands import xtext
from .steps import OFFERED, REQUIRED, TRY
from .values import Values
from .words import SwaksError


def proxy_header_of(values: Values) -> bytes:
    """Return the PROXY protocol header, or b"" if none is requested. Raises SwaksError."""
    raw = values.value("proxy")
    parts = {
        name: (values.value(f"proxy-{name}") or "").upper()
        for name in ("family", "source", "source-port", "dest", "dest-port")
    }
    version = 2 if values.plain("proxy-version") == "2" else 1
    if raw is not None:
        if version == 2:
            raise SwaksError(
                "heloscope builds a version 2 PROXY header itself; use --proxy-family and the "
                "related options."
            )
        text = raw.removeprefix("PROXY ")
    elif any(parts.values()):
        local = values.plain("proxy-command").upper() == "LOCAL"
        missing = next((name for name, value in parts.items() if not value), "")
        if missing:
            raise SwaksError(f"the PROXY header needs --proxy-{missing}.")
        family = {"AF_INET": "TCP4", "AF_INET6": "TCP6"}.get(parts["family"], parts["family"])
        text = (
            f"{family} {parts['source']} {parts['dest']} {parts['source-port']} "
            f"{parts['dest-port']}"
        )
        text = "LOCAL" if local and version == 2 else text
    else:
        return b""
    from ...session.net.proxy_header import ProxyHeaderError, proxy_header

    try:
        return proxy_header(text, version)
    except ProxyHeaderError as error:
        raise SwaksError(str(error)) from None


def xclient_of(values: Values) -> tuple[str, ...]:
    """Return the arguments of each XCLIENT command, in order."""
    commands: list[str] = []
    pieces: dict[str, str] = {}
    for each in values.given:
        name = each.option.name
        if name in ("xclient", "xclient-delim"):
            commands.append(" ".join(pieces.values()))
            pieces = {}
            commands += [each.value or ""] if name == "xclient" else []
        elif name.startswith("xclient-") and each.option.value:
            attribute = name.removeprefix("xclient-").replace("-", "_").upper()
            pieces.pop(attribute, None)  # given twice, the last value counts, at the last place
            pieces[attribute] = f"{attribute}={xtext(each.value or '')}"
    commands.append(" ".join(pieces.values()))
    return tuple(each for each in commands if each)


def xclient_attributes(values: Values) -> tuple[str, ...]:
    """Return the attributes that the server must list before XCLIENT is sent, if any."""
    if values.has("xclient-no-verify"):
        return ()
    names = (each.option.name for each in values.given if each.option.value)
    found = (name for name in names if name.startswith("xclient-"))
    return tuple(
        dict.fromkeys(name.removeprefix("xclient-").replace("-", "_").upper() for name in found)
    )


def xclient_policy(values: Values) -> str:
    """Return the XCLIENT policy: try, offered or required."""
    if values.has("xclient-optional-strict"):
        return OFFERED
    return TRY if values.has("xclient-optional") else REQUIRED
