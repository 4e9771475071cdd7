"""Where to stop: breakpoints of a delivery that is run step by step.

before RCPT         before a command
on 550, on 5xx      on a reply: a code, or a class of codes
on 5.7.1            on an enhanced status code
recipient bob       before the RCPT whose address holds that
on tls              when TLS has begun
on violation        when either side broke a rule
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from .events import Event, ReplyReceived, TlsStarted, Violation
from .visible import visible_text

_CODE = re.compile(r"[1-5](\d\d|xx)\Z", re.IGNORECASE)
_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\Z")
FORMS = "before RCPT, on 550, on 5xx, on 5.7.1, recipient bob, on tls or on violation"


class BreakpointError(ValueError):
    """Not a breakpoint; the message says which there are."""


class Breakpoint(msgspec.Struct, frozen=True):
    """One place to stop. `kind` is before, reply, enhanced, recipient, tls or violation."""

    kind: str
    what: str = ""

    def __str__(self) -> str:
        match self.kind:
            case "before" | "recipient":
                return f"{self.kind} {self.what}"
            case "reply" | "enhanced":
                return f"on {self.what}"
            case _:
                return f"on {self.kind}"

    def before(self, verb: str, data: bytes) -> bool:
        """Whether to stop before this command is sent."""
        if self.kind == "before":
            return verb.split(" ")[0] == self.what
        if self.kind == "recipient":
            return verb == "RCPT" and self.what.lower() in data.decode("utf-8", "replace").lower()
        return False

    def after(self, events: Iterable[Event]) -> bool:
        """Whether to stop after what has happened since the last step."""
        return any(self._met(event) for event in events)

    def _met(self, event: Event) -> bool:
        match event:
            case ReplyReceived() if self.kind == "reply":
                code = str(event.code)
                return code == self.what or (self.what[1:] == "xx" and code[:1] == self.what[0])
            case ReplyReceived() if self.kind == "enhanced":
                return event.enhanced == self.what
            case TlsStarted():
                return self.kind == "tls"
            case Violation():
                return self.kind == "violation"
            case _:
                return False


def parse_breakpoint(text: str) -> Breakpoint:
    """What `:break` is given. Raises BreakpointError."""
    words = text.split()
    if len(words) == 2:
        kind, what = words[0].lower(), words[1]
        if kind == "before" and what.isascii() and (what.isalnum() or what == "."):
            return Breakpoint("before", what.upper())
        if kind == "recipient":
            return Breakpoint("recipient", what)
        if kind == "on":
            if _CODE.match(what):
                return Breakpoint("reply", what.lower())
            if _ENHANCED.match(what):
                return Breakpoint("enhanced", what)
            if what.lower() in ("tls", "violation"):
                return Breakpoint(what.lower())
    shown = visible_text(text.strip()[:40])
    raise BreakpointError(f"{shown or 'Nothing'} is no breakpoint. There are {FORMS}.")
