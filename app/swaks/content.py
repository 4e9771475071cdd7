"""Builds the message of a swaks command from its options."""

from __future__ import annotations

import os
from collections.abc import Sequence

from ...session.procedures.date_and_id import local_date
from .message import Part, Tokens, body_of, default_data, message_of, without_fixup
from .values import Values
from .words import SwaksError


def message_from(
    values: Values, sender: str, recipients: Sequence[str], *, now: float | None, listing: str = ""
) -> bytes:
    """Return the complete message, before its dots are doubled. Raises SwaksError.

    `now` is the time for the header, in seconds since the epoch. `listing` is the body if no body
    is given.
    """
    parts = _parts(values)
    text = os.fsencode(listing) or b"This is a test mailing"
    if values.has("body"):
        text = values.octets("body", values.plain("body") or None)
    data = default_data(parts, os.fsencode(values.plain("cc")))
    if values.has("data"):
        data = values.octets("data", values.plain("data") or None)
    if values.has("no-data-fixup"):
        message = without_fixup(data)
        if message is None:
            raise SwaksError(
                "--no-data-fixup sends the data unchanged, but the data does not end with a dot on "
                "a line of its own, so the server would wait for it."
            )
        return message
    to = values.plain("to") or ",".join(recipients)
    tokens = Tokens(
        os.fsencode(sender), os.fsencode(to), local_date(now).encode(),
        f"{os.urandom(8).hex()}@heloscope.invalid".encode(),
    )  # fmt: skip
    return message_of(
        data, body_of(text, parts), tokens,
        replaced=values.lines("header"), added=values.lines("add-header"),
        strips_from=not values.has("no-strip-from"),
    )  # fmt: skip


def _parts(values: Values) -> list[Part]:
    parts: list[Part] = []
    kind, named = b"", None
    for each in values.given:
        name, value = each.option.name, each.value
        if name == "attach-type":
            kind = os.fsencode(value or "")
        elif name == "attach-name":
            named = os.fsencode(value or "")
        elif name == "attach-body":
            parts.append(Part(values.octets(name, value), kind or b"text/plain", b"", True))
            kind, named = b"", None
        elif name == "attach":
            data = values.octets(name, value)
            path = (value or "").removeprefix("@")
            own = b"" if value == "-" or os.fsencode(value or "") == data else os.fsencode(
                os.path.basename(path.rstrip("/"))
            )  # fmt: skip
            kinds = (kind,) if kind else ()
            parts.append(Part(data, *kinds, name=own if named is None else named))
            named = None
    return parts
