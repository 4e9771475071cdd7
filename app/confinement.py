"""The policy that limits which servers and files a run of heloscope may use.

The policy is one object. The registry of commands consults it before running an order, the
connection manager before connecting, and code that offers orders or files before offering them.
`FREE` refuses nothing. `PRACTICE_ONLY` is for visitors of `heloscope serve`, who sit at another
machine and must not reach this machine's network or files. Every order is listed here. An order
that is not listed is refused to a visitor, and a test reports it.
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
"""The orders that affect only the current server, the screen and the clipboard."""

_SERVER = (
    "Only the practice server can be reached from here. Without a TARGET, {connect} connects to "
    "it; {switch} switches TLS from the first byte on or off."
)
_WRITES = "Files cannot be written from here. "
SERVERS = {"connect": _SERVER, "dial": _SERVER}
"""The orders whose argument is a server, each with the reason for refusing most servers.

Only the practice server is allowed.
"""
FILES = {
    "send": "Files cannot be read from here. Without FILE, {send} opens a form where you can type "
    "a message or choose a sample.",
    "copy": _WRITES + "Without FILE, {copy} copies to the clipboard.",
    "export": _WRITES + "Without arguments, {export} shows the formats, which you can copy.",
    "practice": "Files cannot be read from here. Without arguments, {practice} lists the "
    "scenarios.",
    "lesson": "Files cannot be read from here. Without arguments, {lesson} lists the lessons.",
    "ladder": _WRITES + "Without FILE, {ladder} draws the ladder on the screen.",
}
"""The orders that work without a file, each with the reason for refusing to use a file."""
NEVER = {
    "save": _WRITES + "To copy lines, select them in the transcript and press Ctrl+C.",
    "pem": _WRITES + "{fingerprint} copies the SHA-256 of a certificate.",
    **dict.fromkeys(
        ("open", "recordings", "compare", "play", "rewind", "rerun", "live"),
        "Files cannot be read from here.",
    ),
    **dict.fromkeys(("note", "handout"), _WRITES.strip()),
    "swaks": _SERVER,
    "settings": _WRITES + "{theme} chooses the colours until the page is closed.",
    "journal": "Nothing is recorded here: the session is lost when its page is closed.",
}
"""The orders that are never offered to a confined user, each with the reason for refusing it."""
_UNKNOWN = "This order is not available here."


class Confinement:
    """A policy. If `confined` is true, only the practice server and no files may be used.

    `practices` are the TARGETs of the practice server.
    """

    def __init__(self, *, confined: bool, practices: Iterable[str] = ()) -> None:
        self.confined = confined
        self._practices = frozenset(practices)

    @property
    def files(self) -> bool:
        """Whether the user may name files to be read or written."""
        return not self.confined

    def offers(self, order: str) -> bool:
        """Return whether an order is useful here. The palette and the footer omit all others."""
        return not self.confined or order in WITHIN or order in SERVERS or order in FILES

    def refusal(self, order: str, argument: str = "") -> str:
        """Return a sentence that explains why an order with this argument is refused, or ""."""
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
    """Return whether the argument of :copy contains more than a format and the word "plan"."""
    try:
        words = shlex.split(argument)
    except ValueError:  # an unbalanced quote
        words = argument.split()
    return len(words) > (2 if words[1:2] == ["plan"] else 1)


def _exports_to_file(argument: str) -> bool:
    """Return whether the argument of :export names more than a format and the masking."""
    words = argument.split()
    if "--mask" in words:
        at = words.index("--mask")
        del words[at : at + 2]
    return len(words) > 1 or "." in argument or "/" in argument


def _is_path(argument: str) -> bool:
    """Return whether an argument is the path of a scenario or lesson rather than its name."""
    return "/" in argument or "." in argument or "~" in argument


# Whether an argument names a file. For all other orders, any argument does.
_NAMES_A_FILE: dict[str, Callable[[str], bool]] = {
    "copy": _copies_to_file,
    "export": _exports_to_file,
    "practice": _is_path,
    "lesson": _is_path,
}


def _named(words: str) -> str:
    """Return `words` with each name in braces replaced by its order, as in ":reconnect (F9)"."""
    return "".join(
        said + (do(name) if name else "") for said, name, _, _ in Formatter().parse(words)
    )


FREE = Confinement(confined=False)
PRACTICES = ("practice", "practice-tls", "practice-two", "practice-lmtp")
PRACTICE_ONLY = Confinement(confined=True, practices=PRACTICES)
