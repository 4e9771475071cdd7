"""The protocol of a swaks conversation, and the step after which it ends."""

from __future__ import annotations

from typing import NamedTuple

from ...session.visible import visible_text
from .values import Values
from .words import SwaksError

NONE, TRY, OFFERED, REQUIRED, IMPLICIT = "none", "try", "offered", "required", "implicit"
"""The policies for TLS, login and XCLIENT."""
BEFORE_RECIPIENTS = ("connect", "ehlo", "starttls", "secured", "xclient", "login", "mail")
BEFORE_MESSAGE = (*BEFORE_RECIPIENTS, "rcpt", "data")
_STEPS = {
    "connect": "connect", "banner": "connect", "first-helo": "ehlo", "first-ehlo": "ehlo",
    "first-lhlo": "ehlo", "tls": "starttls", "starttls": "starttls", "helo": "secured",
    "ehlo": "secured", "lhlo": "secured", "xclient": "xclient", "auth": "login", "mail": "mail",
    "from": "mail", "rcpt": "rcpt", "to": "rcpt", "data": "data", "dot": "message",
}  # fmt: skip
_ENDS = ("quit-after", "drop-after", "drop-after-send")


class Protocol(NamedTuple):
    """The meaning of a value of --protocol. `greeting` is HELO, EHLO or LHLO.

    `starttls` is true if the protocol uses STARTTLS, `at_once` if TLS starts with the first byte,
    and `logs_in` if there is a login.
    """

    greeting: str
    starttls: bool = False
    at_once: bool = False
    logs_in: bool = False


_PROTOCOLS = {
    "smtp": Protocol("HELO"),
    "ssmtp": Protocol("EHLO", at_once=True),
    "ssmtpa": Protocol("EHLO", at_once=True, logs_in=True),
    "smtps": Protocol("HELO", at_once=True),
    "esmtp": Protocol("EHLO"),
    "esmtpa": Protocol("EHLO", logs_in=True),
    "esmtps": Protocol("EHLO", starttls=True),
    "esmtpsa": Protocol("EHLO", starttls=True, logs_in=True),
    "lmtp": Protocol("LHLO"),
    "lmtpa": Protocol("LHLO", logs_in=True),
    "lmtps": Protocol("LHLO", starttls=True),
    "lmtpsa": Protocol("LHLO", starttls=True, logs_in=True),
}


class End(NamedTuple):
    """How a conversation ends. `until` is the last step, or "" to run to the end.

    After that step, the connection is closed if `drops` is true, and otherwise QUIT is sent. If
    `unanswered` is true, the connection is closed as soon as the step's command has been sent.
    """

    until: str = ""
    drops: bool = False
    unanswered: bool = False


def protocol_of(values: Values) -> Protocol:
    """Return the protocol that --protocol names. Raises SwaksError."""
    word = (values.plain("protocol") or "esmtp").lower()
    if word not in _PROTOCOLS:
        raise SwaksError(f"swaks has no protocol {visible_text(word[:30])}.")
    return _PROTOCOLS[word]


def end_of(values: Values, tls: str) -> End:
    """Return how the conversation ends. `tls` is the TLS policy. Raises SwaksError."""
    given = [name for name in _ENDS if values.plain(name)]
    if len(given) > 1:
        names = " and ".join(f"--{name}" for name in given)
        raise SwaksError(f"{names} cannot be combined here; use only one.")
    if not given:
        return End()
    name = given[0]
    word = values.plain(name).lower()
    step = _STEPS.get(word)
    if step is None or (name == "quit-after" and step in ("data", "message")):
        raise SwaksError(f"--{name} has no step {visible_text(word[:30])}.")
    unanswered = name == "drop-after-send"
    starts_tls = tls in (OFFERED, REQUIRED, TRY)
    if step == "starttls" and not starts_tls:
        step, unanswered = "ehlo", False
    if step == "secured" and not starts_tls:
        unanswered = False  # swaks waits for the reply here, which its manual does not mention
    if step == "xclient" and not any(values.has(each) for each in XCLIENT):
        step, unanswered = "secured", False
    return End(step, name != "quit-after", unanswered)


XCLIENT = (
    "xclient", "xclient-name", "xclient-addr", "xclient-port", "xclient-proto", "xclient-destaddr",
    "xclient-destport", "xclient-helo", "xclient-login", "xclient-reverse-name",
)  # fmt: skip
"""The options that request XCLIENT under any policy."""
