"""Breakpoints for a delivery that is run step by step.

    before RCPT         before a command; "." or "message" is the message, TLS the handshake
    on 550, on 5xx      on a reply with this code or class of codes
    on 5.7.1, on 5.7.x  on an enhanced status code, or any with this subject
    to bob@             before a RCPT whose address contains this
    tls                 when TLS has started
    violation           when either side has broken a rule

None of the forms is case-sensitive.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import cast

import msgspec

from ..events import Event, ReplyReceived, TlsStarted, Violation
from ..visible import visible_text

_CODE = r"(?i)[1-5](\d\d|xx)\Z"
_ENHANCED = r"(?i)[245]\.\d{1,3}\.(\d{1,3}|x)\Z"
_VERB = r"(?ai)[A-Za-z0-9-]{1,32}\Z|\.\Z|\(auth\)\Z"
_NAMED = {"MESSAGE": ".", "ANSWER": "(AUTH)"}  # for steps whose verb users would not type
_NAMES = {verb: name.lower() for name, verb in _NAMED.items()}
_WHAT: dict[str, Callable[[str], object]] = {
    "before": lambda what: re.match(_VERB, what),
    "reply": lambda what: re.match(_CODE, what),
    "enhanced": lambda what: re.match(_ENHANCED, what),
    "recipient": bool,
    "tls": lambda what: not what,
    "violation": lambda what: not what,
}
_CASES = {"before": str.upper, "reply": str.lower, "enhanced": str.lower}
FORMS = "before RCPT, on 550, on 5xx, on 5.7.1, to bob@example.org, tls or violation"


class BreakpointError(ValueError):
    """Raised when a text is not a breakpoint; the message lists the possible forms."""


class Breakpoint(msgspec.Struct, frozen=True):
    """A place to stop: `kind` is before, reply, enhanced, recipient, tls or violation.

    `what` is a verb, a code or class of codes ("5xx"), an enhanced code or subject ("5.7.x"), or
    part of an address. It is empty if `kind` is tls or violation. Raises BreakpointError for any
    other values. Use `parse_breakpoint` to parse a string.
    """

    kind: str
    what: str = ""

    def __post_init__(self) -> None:
        fits = _WHAT.get(self.kind)
        if fits is None:
            known = ", ".join(_WHAT)
            raise BreakpointError(f"Unknown kind of breakpoint {self.kind!r}. Use: {known}.")
        if not isinstance(cast(object, self.what), str) or not fits(self.what):
            raise BreakpointError(
                f"{self.what!r} is not valid for a breakpoint of kind {self.kind}."
            )
        if self.kind in _CASES:
            msgspec.structs.force_setattr(self, "what", _CASES[self.kind](self.what))

    def __str__(self) -> str:
        match self.kind:
            case "before":
                return f"before {_NAMES.get(self.what, self.what)}"
            case "recipient":
                return f"to {self.what}"
            case "reply" | "enhanced":
                return f"on {self.what}"
            case _:
                return self.kind

    def before(self, verb: str, data: bytes) -> bool:
        """Return whether to stop before this command is sent.

        `verb` and `data` are the verb and the line of the command; a recipient is looked for in the
        line.
        """
        if self.kind == "before":
            return verb.split(" ")[0].upper() == self.what
        if self.kind == "recipient":
            return verb == "RCPT" and self.what.lower() in data.decode("utf-8", "replace").lower()
        return False

    def met_by(self, events: Iterable[Event]) -> Event | None:
        """Return the first of these events at which to stop, or None."""
        return next((event for event in events if self._met(event)), None)

    def _met(self, event: Event) -> bool:
        match event:
            case ReplyReceived() if self.kind == "reply":
                code = str(event.code)
                return code == self.what or (self.what[1:] == "xx" and code[:1] == self.what[0])
            case ReplyReceived() if self.kind == "enhanced":
                enhanced = event.enhanced or ""
                if self.what.endswith("x"):
                    return enhanced.rpartition(".")[0] == self.what.rpartition(".")[0]
                return enhanced == self.what
            case TlsStarted():
                return self.kind == "tls"
            case Violation():
                return self.kind == "violation"
            case _:
                return False


class Stop(msgspec.Struct, frozen=True):
    """Why a run has stopped: the `breakpoint`, and the `event` that matched it.

    `event` is None if the run stopped before a command.
    """

    breakpoint: Breakpoint
    event: Event | None = None


def parse_breakpoint(text: str) -> Breakpoint:
    """Return the breakpoint that `text` names, such as "on 5xx".

    Raises BreakpointError, or TypeError if `text` is not a string.
    """
    if not isinstance(cast(object, text), str):
        raise TypeError(f"a breakpoint must be a string, not {type(text).__name__}")
    words = text.split()
    kind = words[0].lower() if words else ""
    if kind == "on" and len(words) == 2 and words[1].lower() in ("tls", "violation"):
        del words[0]
        kind = words[0].lower()
    if kind in ("tls", "violation") and len(words) == 1:
        return Breakpoint(kind)
    if len(words) == 2:
        what = words[1]
        if kind == "before" and re.match(_VERB, what):
            what = what.upper()
            return Breakpoint("before", _NAMED.get(what, what))
        if kind in ("to", "recipient"):
            return Breakpoint("recipient", what)
        if kind == "on" and re.match(_CODE, what):
            return Breakpoint("reply", what)
        if kind == "on" and re.match(_ENHANCED, what):
            return Breakpoint("enhanced", what)
    shown = visible_text(text.strip()[:40])
    wrong = f'Unknown breakpoint "{shown}"' if shown else "The breakpoint is missing"
    raise BreakpointError(f"{wrong}. Use: {FORMS}.")
