"""The policy on the servers and files that a run of heloscope may reach.

The policy is one object. The registry of commands asks it before it runs an order, the connection
manager before it connects, and code that offers orders or files asks it which to offer. `FREE`
refuses nothing; `PRACTICE_ONLY` is for a visitor of `heloscope serve`, who sits at another machine
and may reach neither the network nor the files of this one. Every order is listed here: an unlisted
one is refused to a visitor, and a test names it.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable
from string import Formatter

from ..session.target import TargetError
from .advice import do

WITHIN = frozenset((
    "help", "disconnect", "reconnect", "switch", "more", "raw", "message", "begin", "hello",
    "starttls", "tls", "trust", "fingerprint", "login", "auth", "verify", "expn", "check", "probe",
    "step", "run", "pause", "skip", "edit", "again", "restart", "abandon", "break", "plan", "peek",
    "way", "mailbox", "explain", "panel", "states", "glossary", "clients", "notices", "find",
    "findings", "timeout", "history", "theme", "present", "mask", "q", "next", "hint", "jump",
    "back", "repeat", "predict", "details", "fold", "leave", "grade", "fasttrack",
))  # fmt: skip
"""The orders that reach nothing but the current server, the screen and the clipboard."""

_SERVER = (
    "Only the practice server can be reached from here: {connect} alone connects to it, {switch} "
    "does so with TLS from the first byte, or without."
)
_WRITES = "Files cannot be written from here. "
SERVERS = {"connect": _SERVER, "dial": _SERVER}
"""The orders whose argument is a server: order -> why any but the practice server is refused."""
FILES = {
    "send": "Files cannot be read from here. {send} alone opens the form, where a message is typed "
    "or a sample chosen.",
    "copy": _WRITES + "Without FILE, {copy} copies to the clipboard.",
    "export": _WRITES + "{export} alone shows the formats, to be copied.",
    "practice": "Files cannot be read from here. {practice} alone lists the scenarios.",
    "lesson": "Files cannot be read from here. {lesson} alone lists the lessons.",
    "ladder": _WRITES + "{ladder} alone draws the ladder on the screen.",
}
"""The orders that work without a file: order -> why an argument that names one is refused."""
NEVER = {
    "save": _WRITES + "To copy lines, select them in the transcript and press Ctrl+C.",
    "pem": _WRITES + "{fingerprint} copies the SHA-256 of a certificate.",
    **dict.fromkeys(
        ("open", "recordings", "compare", "play", "rewind", "rerun", "live"),
        "Files cannot be read from here.",
    ),
    **dict.fromkeys(("note", "handout"), _WRITES.strip()),
    "swaks": _SERVER,
    "settings": _WRITES + "{theme} chooses colours until the page is closed.",
    "journal": "Nothing is recorded here: the session is gone when its page is closed.",
}
"""The orders that need a file, and so are not offered: order -> why they are refused."""
_UNKNOWN = "This order is not available here."


class Confinement:
    """A policy: `confined` is whether only the practice server may be reached, and no file.

    `practices` are the TARGETs of the practice server.
    """

    def __init__(self, *, confined: bool, practices: Iterable[str] = ()) -> None:
        self.confined = confined
        self._practices = frozenset(practices)

    @property
    def files(self) -> bool:
        """Whether the user may name files, to be read or written."""
        return not self.confined

    def offers(self, order: str) -> bool:
        """Whether an order is useful here; the others are left out of the palette and footer."""
        return not self.confined or order in WITHIN or order in SERVERS or order in FILES

    def refusal(self, order: str, argument: str = "") -> str:
        """Why an order with this argument is refused, as a sentence; empty if it is not."""
        if not self.confined or order in WITHIN:
            return ""
        if order in SERVERS:
            words = SERVERS[order] if argument and argument not in self._practices else ""
        elif order in FILES:
            words = FILES[order] if _NAMES_A_FILE.get(order, bool)(argument) else ""
        else:
            words = NEVER.get(order, _UNKNOWN)
        return _named(words)

    def check_server(self, target: str, given: Iterable[str] = ()) -> None:
        """Raise TargetError unless a connection to `target` is allowed.

        `given` are the file names and the source address that the connection would use.
        """
        if self.confined and (target not in self._practices or any(given)):
            raise TargetError(_named(_SERVER))


def _copies_to_file(argument: str) -> bool:
    """Whether the argument of :copy contains more than a format and the word plan."""
    try:
        words = shlex.split(argument)
    except ValueError:  # an unbalanced quote
        words = argument.split()
    return len(words) > (2 if words[1:2] == ["plan"] else 1)


def _exports_to_file(argument: str) -> bool:
    """Whether the argument of :export contains more than a format and the masking."""
    words = argument.split()
    if "--mask" in words:
        at = words.index("--mask")
        del words[at : at + 2]
    return len(words) > 1 or "." in argument or "/" in argument


def _is_path(argument: str) -> bool:
    """Whether an argument is the path of a scenario or lesson rather than a name."""
    return "/" in argument or "." in argument or "~" in argument


# Whether an argument names a file; of the other orders, any argument does.
_NAMES_A_FILE: dict[str, Callable[[str], bool]] = {
    "copy": _copies_to_file,
    "export": _exports_to_file,
    "practice": _is_path,
    "lesson": _is_path,
}


def _named(words: str) -> str:
    """A text with the names of its orders filled in, as in ":reconnect (F9)"."""
    return "".join(
        said + (do(name) if name else "") for said, name, _, _ in Formatter().parse(words)
    )


FREE = Confinement(confined=False)
PRACTICES = ("practice", "practice-tls", "practice-two", "practice-lmtp")
PRACTICE_ONLY = Confinement(confined=True, practices=PRACTICES)
