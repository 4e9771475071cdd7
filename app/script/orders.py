"""The orders that a script can use, as values: those that make sense without a screen.

All other orders of the app are refused, each with the reason. A test makes sure that no order of
the app is forgotten.
"""

from __future__ import annotations

import math
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import msgspec

from ...session.private_file import open_regular, reason
from ...session.script.concealment import after_first
from ...session.script.grammar import GrammarError
from ...session.stepping.breakpoints import Breakpoint, BreakpointError, parse_breakpoint
from ...session.target import TargetError, parse_target
from ...session.timeouts import Timeouts
from ...session.visible import visible_text
from ..actions import ACTIONS, ALIASES, nearest_action
from ..connect.profile import PRACTICE, PRACTICES

LONGEST_TIMEOUT = 24 * 60 * 60  # seconds
LARGEST_MESSAGE = 1024**3  # octets


class Connect(msgspec.Struct, frozen=True):
    """The order to connect to a TARGET, or to the practice server in a scenario."""

    where: str
    scenario: str = ""


class Disconnect(msgspec.Struct, frozen=True):
    """The order to close the connection without QUIT."""


class Reconnect(msgspec.Struct, frozen=True):
    """The order to reconnect to the last server."""


class SetTimeouts(msgspec.Struct, frozen=True):
    """The order to set the time to wait for each reply."""

    timeouts: Timeouts


class Break(msgspec.Struct, frozen=True):
    """The order to stop the run at `breakpoint`, or to remove all breakpoints if that is None."""

    breakpoint: Breakpoint | None


class Login(msgspec.Struct, frozen=True):
    """The order to log in. If `mechanism` is empty, the strongest mechanism offered is used.

    If `user` is empty, an `:answer` must follow. If `of_profile` is true, the user name and secret
    are those of the profile, @name, used for the current connection.
    """

    mechanism: str = ""
    user: str = ""
    of_profile: bool = False


class Procedure(msgspec.Struct, frozen=True):
    """The order to run a procedure of the session, by name (see session/procedures/registry.py)."""

    name: str
    arguments: tuple[object, ...] = ()


class SendFile(msgspec.Struct, frozen=True):
    """The order to deliver a message. Addresses not given come from the message's header."""

    file: str
    as_is: bool = False
    sender: str | None = None
    recipients: tuple[str, ...] = ()


class MessageFile(msgspec.Struct, frozen=True):
    """The order to send DATA and a file. If `as_is` is true, the file's line endings are kept."""

    file: str
    as_is: bool = False


class End(msgspec.Struct, frozen=True):
    """The order to end the run."""


ORDERS = {
    "connect": "TARGET",
    "practice": "SCENARIO",
    "disconnect": "",
    "reconnect": "",
    "hello": "[NAME]",
    "starttls": "",
    "login": "[USER, then :secret NAME]",
    "auth": "MECHANISM, then :answer USER and :secret NAME",
    "send": "[--as-is] FILE [FROM TO ...]",
    "check": "FROM TO ...",
    "message": "[--as-is] FILE",
    "verify": "ADDRESS",
    "expn": "LIST",
    "probe": "",
    "break": "WHERE | clear",
    "timeout": "SECONDS | standard",
    "q": "",
}
"""The orders defined in this module, with the syntax of their arguments in a script."""

_PLAN = "a script has no plan; an order such as :send runs to its end"
_SCREEN = "it needs a screen, which a script does not have"
_LESSON = "lessons work only in the app"
_RECORDING = "recordings are for the app, heloscope open and heloscope history"
REFUSED = {
    **dict.fromkeys(
        ("begin", "step", "run", "pause", "skip", "edit", "again", "restart", "abandon", "plan"),
        _PLAN,
    ),
    **dict.fromkeys(
        ("help", "tls", "fingerprint", "peek", "mailbox", "clients", "explain", "panel", "notices",
         "states", "glossary", "find", "ladder", "theme"),
        _SCREEN,
    ),
    **dict.fromkeys(
        ("lesson", "next", "hint", "predict", "jump", "back", "repeat", "details", "fold",
         "leave", "fasttrack", "grade"),
        _LESSON,
    ),
    **dict.fromkeys(
        ("open", "recordings", "play", "rewind", "live", "present", "note", "handout", "mask"),
        _RECORDING,
    ),
    "dial": "it shows the steps of connecting; :connect carries them out",
    "findings": "heloscope probe prints and explains what a server offers",
    "compare": "heloscope compare does that, and its exit status shows whether the two differ",
    "switch": "use :connect smtps://HOST:PORT instead",
    "more": "the connection is closed if a server sends without end",
    "trust": "nobody can examine a certificate in a script; --ca FILE or --no-verify accepts one",
    "pem": "a script writes no files except those of --record and --junit",
    "way": ":raw sends an answer in another form",
    "save": "--record FILE keeps the session",
    "copy": "--record FILE keeps the session",
    "export": "--record FILE keeps the session, and heloscope export converts it",
    "rerun": "heloscope history again does that",
    "swaks": "heloscope swaks does that, with the same arguments",
    "history": "nothing is typed, so there is no history",
    "settings": "a script reads the configuration file but never writes to it",
    "journal": "heloscope history lists the recordings",
}  # fmt: skip
"""The orders of the app that a script cannot use, each with the reason."""


def make_order(name: str, argument: str, folder: Path) -> object:
    """Return the order `name` with this argument as a value. Raises GrammarError.

    Files named in the argument are relative to `folder`.
    """
    name = ALIASES.get(name, name)
    make = _MAKE.get(name)
    if make is not None:
        return make(argument, folder)
    shown = visible_text(name[:30])
    why = REFUSED.get(name)
    if why is not None:
        raise GrammarError(f":{shown} cannot be used in a script: {why}.")
    if name in ACTIONS:
        raise GrammarError(f":{shown} cannot be used in a script: it needs the app.")
    if not name:
        raise GrammarError("no order after the colon; :: sends a line that begins with one.")
    near = _nearest(name)
    raise GrammarError(f"unknown order :{shown}.{f' Did you mean :{near}?' if near else ''}")


def _nearest(name: str) -> str:
    from difflib import get_close_matches

    known = [*ORDERS, "expect", "set", "env", "wait", "include", "raw", "answer", "secret"]
    found = get_close_matches(name, known, 1)
    return found[0] if found else nearest_action(name) or ""


def _connect(argument: str, _: Path) -> object:
    if not argument:
        raise _syntax("connect")
    check_target(argument)
    return Connect(argument)


def check_target(text: str) -> None:
    """Raise GrammarError if `text` does not name a server."""
    if text in PRACTICES:
        return
    try:
        if text.startswith("@"):
            from ..config.reader import load
            from ..config.servers import server_of

            server_of(load(), text)
        else:
            parse_target(text)
    except TargetError as error:
        raise GrammarError(f"{error}") from None


def _practice(argument: str, folder: Path) -> object:
    if not argument:
        raise _syntax("practice")
    from ...session.practice.scenarios import table

    try:
        if argument.endswith(".toml") or "/" in argument:
            file = str(folder / Path(argument).expanduser())
            table.read_scenario(file)
            return Connect(PRACTICE, file)
        table.named(argument)
    except LookupError as error:
        raise GrammarError(str(error.args[0])) from None
    except table.ScenarioError as error:
        raise GrammarError(error.told()[0]) from None
    except OSError as error:
        raise GrammarError(f"cannot read the scenario: {reason(error, argument)}.") from None
    return Connect(PRACTICE, argument)


def _hello(argument: str, _: Path) -> object:
    return Procedure("hello", (argument,))


def _login(argument: str, _: Path) -> object:
    if after_first(argument) is not None:
        raise _syntax("login")
    return Login(user=argument, of_profile=not argument)


def _auth(argument: str, _: Path) -> object:
    from ...session.sasl.selection import SPOKEN

    name = argument.upper()
    if len(argument.split()) != 1:
        raise _syntax("auth")
    if name not in SPOKEN:
        raise GrammarError(
            f"{visible_text(argument[:24])} is not supported here. Use AUTH "
            f"{visible_text(argument[:24])}, followed by an answer to each 334."
        )
    return Login(mechanism=name)


def _send(argument: str, folder: Path) -> object:
    words = _words("send", argument)
    as_is = words[:1] == ["--as-is"]
    if as_is:
        del words[0]
    if not words or len(words) == 2:
        raise _syntax("send")
    file = _file(words[0], folder)
    if len(words) == 1:
        return SendFile(file, as_is)
    return SendFile(file, as_is, _address(words[1]), tuple(map(_address, words[2:])))


def _check(argument: str, _: Path) -> object:
    words = argument.split()
    if len(words) < 2:
        raise _syntax("check")
    sender, *recipients = map(_address, words)
    return Procedure("check", (sender, recipients))


def _message(argument: str, folder: Path) -> object:
    words = _words("message", argument)
    as_is = words[:1] == ["--as-is"]
    if len(words) != 1 + as_is:
        raise _syntax("message")
    return MessageFile(_file(words[-1], folder), as_is)


def _question(name: str) -> Callable[[str, Path], object]:
    def make(argument: str, _: Path) -> object:
        if not argument:
            raise _syntax(name)
        return Procedure(name, (argument,))

    return make


def _break(argument: str, _: Path) -> object:
    if argument.lower() == "clear":
        return Break(None)
    try:
        return Break(parse_breakpoint(argument))
    except BreakpointError as error:
        raise GrammarError(f"{error}") from None


def _timeout(argument: str, _: Path) -> object:
    if argument.lower() == "standard":
        return SetTimeouts(Timeouts())
    seconds = float(argument) if re.fullmatch(r"\d{1,6}(\.\d+)?", argument, re.ASCII) else 0.0
    if not 0 < seconds <= LONGEST_TIMEOUT or not math.isfinite(seconds):
        raise GrammarError(
            f"The timeout must be a number of seconds, at most {LONGEST_TIMEOUT:,}, or the word "
            "standard."
        )
    return SetTimeouts(Timeouts.all(seconds))


def _alone(name: str, action: object) -> Callable[[str, Path], object]:
    def make(argument: str, _: Path) -> object:
        if argument:
            raise GrammarError(f":{name} takes no argument.")
        return action

    return make


_MAKE: dict[str, Callable[[str, Path], object]] = {
    "connect": _connect,
    "practice": _practice,
    "disconnect": _alone("disconnect", Disconnect()),
    "reconnect": _alone("reconnect", Reconnect()),
    "hello": _hello,
    "starttls": _alone("starttls", Procedure("starttls")),
    "login": _login,
    "auth": _auth,
    "send": _send,
    "check": _check,
    "message": _message,
    "verify": _question("verify"),
    "expn": _question("expn"),
    "probe": _alone("probe", Procedure("probe")),
    "break": _break,
    "timeout": _timeout,
    "q": _alone("q", End()),
}


def _syntax(name: str) -> GrammarError:
    return GrammarError(f"the syntax is :{name} {ORDERS[name]}.")


def _words(name: str, argument: str) -> list[str]:
    """Split an argument into words, which must be quoted if they contain spaces.

    Raises GrammarError.
    """
    try:
        return shlex.split(argument)
    except ValueError:
        raise GrammarError(
            f"a quotation mark is not closed; the syntax is :{name} {ORDERS[name]}."
        ) from None


def _address(word: str) -> str:
    """Return an address without <>. Raises GrammarError if it is invalid."""
    address = word[1:-1] if word.startswith("<") and word.endswith(">") else word
    if any(char in " <>" or not char.isprintable() for char in address) or (
        not address and word != "<>"
    ):
        raise GrammarError(f"{visible_text(word[:60])} is not an address.")
    return address


def _file(name: str, folder: Path) -> str:
    """Return the path of a message file that can be read. Raises GrammarError."""
    import os

    path = folder / Path(name).expanduser()
    try:
        fd = open_regular(path)
        size = os.fstat(fd).st_size
        os.close(fd)
    except (OSError, ValueError) as error:
        why = reason(error, path) if isinstance(error, OSError) else str(error)
        raise GrammarError(f"cannot read the message: {why}.") from None
    if size > LARGEST_MESSAGE:
        raise GrammarError(f"the message is larger than {LARGEST_MESSAGE >> 20} MiB.")
    return str(path)
