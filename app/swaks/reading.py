"""Interprets the options of a swaks command: `request_of` makes a `SwaksRequest` from them.

Every option is examined. An unsupported option is an error that gives the reason, and a difference
in behaviour is a note. Each topic has a module of its own in this package.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ...session.visible import visible_text
from .content import message_from
from .envelope import recipients_of, sender_of
from .intermediaries import proxy_header_of, xclient_attributes, xclient_of, xclient_policy
from .listing import check_sections, listing_of
from .request import SwaksRequest
from .security import credentials, login_policy, tls_details, tls_policy
from .server import pipe_of, source_of, target_of, timeout_of
from .steps import BEFORE_MESSAGE, NONE, end_of, protocol_of
from .values import Ask, ReadInput, Values
from .words import Given, SwaksError


def request_of(
    given: Sequence[Given],
    *,
    ask: Ask | None = None,
    read_input: ReadInput | None = None,
    now: float | None = None,
) -> SwaksRequest:
    """Return the conversation that these options describe. Raises SwaksError.

    `ask` asks the user for a missing value, and `read_input` reads standard input; without these
    functions, an option that needs them is an error. `now` is the time for the header, in seconds
    since the epoch.
    """
    values = Values(given, ask, read_input)
    _refuse(values)
    protocol = protocol_of(values)
    tls = tls_policy(values, protocol)
    end = end_of(values, tls)
    login = login_policy(values, protocol)
    recipients = recipients_of(values, end.until)
    sender = sender_of(values)
    request = SwaksRequest(
        target=target_of(values, protocol.greeting, tls, recipients),
        pipe=pipe_of(values),
        source=source_of(values),
        hello=protocol.greeting,
        ehlo=_name(values),
        timeout=timeout_of(values),
        tls=tls,
        proxy_header=proxy_header_of(values),
        xclient=xclient_of(values),
        xclient_needs=xclient_attributes(values),
        xclient_policy=xclient_policy(values),
        xclient_first=values.has("xclient-before-starttls"),
        login=login,
        sender=sender,
        recipients=recipients,
        pipelining=values.has("pipeline"),
        prdr=values.has("prdr"),
        until=end.until,
        drops=end.drops,
        unanswered=end.unanswered,
        quiet=values.has("hide-all") or values.plain("silent") == "3",
        sections=values.plain("dump"),
        shows="settings" if values.has("dump") else "message" if values.has("dump-mail") else "",
    )
    request = msgspec.structs.replace(request, **tls_details(values, tls))
    if login != NONE:
        request = msgspec.structs.replace(request, **credentials(values))
    check_sections(values.plain("dump"))
    if end.until not in BEFORE_MESSAGE:
        listing = ""
        if values.has("dump-as-body"):
            listing = listing_of(request, values.plain("dump-as-body"))
        message = message_from(values, sender, recipients, now=now, listing=listing)
        request = msgspec.structs.replace(request, message=message)
    return msgspec.structs.replace(request, notes=tuple(values.notes))


def _refuse(values: Values) -> None:
    """Raise SwaksError for an unsupported option, and add a note for each difference in output."""
    for option in dict.fromkeys(each.option for each in values.given):
        if not option.is_done:
            raise SwaksError(f"heloscope does not support --{option.name}: {option.why}.")
        if option.why == "output":
            values.notes.append(f"--{option.name}: {option.ours}.")


def _name(values: Values) -> str:
    """Return the name to send with EHLO, or "" for this machine's name. Raises SwaksError."""
    name = values.value("helo") or ""
    if " " in name or not name.isprintable():
        raise SwaksError(
            f"swaks would send EHLO {visible_text(name[:60])}, because -h sets the name in EHLO. "
            "For a header field, use --header 'NAME: VALUE'."
        )
    return name
