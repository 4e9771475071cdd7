"""`heloscope config`: the configuration file with its settings, server profiles and keys."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from ...session.visible import visible_text
from ..exit_status import BAD_INPUT
from .ending import leave
from .mistakes import told
from .sentence import SentenceCommand

if TYPE_CHECKING:
    from ..config.model import Configuration, Server


@click.command(cls=SentenceCommand)
@click.argument("what", metavar="[WHAT]", default="show")
@click.argument("name", metavar="[NAME]", required=False)
@click.help_option("-h", "--help", help="Show this help and exit.")
def command(what: str, name: str | None) -> None:
    """Show and check the configuration: settings, server profiles and keys.

    \b
    heloscope config            print the settings and where each comes from
    heloscope config check      report each mistake as FILE:LINE; exit with 2 if there are any
    heloscope config path       print the path of the file, and create its folder
    heloscope config default    print a commented file with every key and its default
    heloscope config show NAME  show a profile, with values added by file and environment

    \b
    heloscope config default > "$(heloscope config path)"

    The file is config.toml in the configuration folder, or the one named by HELOSCOPE_CONFIG. A
    profile is a table; its name with @, as in @mail, is a TARGET for every command:

    \b
    theme = "nord"
    [servers.mail]
    target = "mail.example.org:587"
    tls = "required"
    user = "alice"
    secret = {command = ["pass", "mail"]}

    The file never contains a secret, only where to find it: {env = "NAME"} is an environment
    variable; {command = ["pass", "mail"]} is a program, run without a shell, that prints the secret
    on its first line; {keyring = "SERVICE"} is the system keyring (which needs the extra keyring).

    The order of precedence is: a command-line option; an environment variable (HELOSCOPE_ and the
    key in upper case, such as HELOSCOPE_TIMEOUT=30); the profile; the table [connect] of the file;
    the default.
    """
    commands: dict[str, Callable[[], int]] = {
        "show": lambda: _show(name),
        "check": _check,
        "path": _path,
        "default": _default,
    }
    if what not in commands:
        from difflib import get_close_matches

        near = get_close_matches(what, commands, 1)
        *others, last = commands
        expected = f"expected {', '.join(others)} or {last}."
        meant = f"did you mean {near[0]}?" if near else expected
        leave(f"config: no such subcommand: {visible_text(what)[:40]}; {meant}", BAD_INPUT)
    if name is not None and what != "show":
        leave(f"config: {what} takes no argument.", BAD_INPUT)
    sys.exit(commands[what]())


def _path() -> int:
    from ...session.private_file import make_folder
    from ..config.location import config_file

    file = config_file()
    with suppress(OSError):  # writing the file will report the error
        make_folder(file.parent)
    print(visible_text(str(file)))
    return 0


def _default() -> int:
    from ..config.default_file import default_file

    print(default_file(), end="")
    return 0


def _check() -> int:
    from ..config.check import everything

    found, problems = everything()
    for sentence in told([problem.sentence for problem in problems]):
        print(sentence, file=sys.stderr)
    if problems:
        return BAD_INPUT
    if found.file.exists():
        print(f"{visible_text(str(found.file))}: no mistakes found.")
    else:
        print(f"{visible_text(str(found.file))} does not exist; every setting has its default.")
    return 0


def _show(name: str | None) -> int:
    from ..config.check import everything

    found, problems = everything()
    for sentence in told([problem.sentence for problem in problems]):
        print(sentence, file=sys.stderr)
    if name is None:
        _show_all(found)
    else:
        server = found.servers.get(name.removeprefix("@"))
        if server is None:
            leave(f"config: {no_server(found, name)}", BAD_INPUT)
        _show_server(name.removeprefix("@"), server)
    return BAD_INPUT if problems else 0


def _show_all(found: Configuration) -> None:
    import os

    from ..config.fields import CONNECTING, SETTINGS

    there = "" if found.file.exists() else " (does not exist)"
    print(f"file: {visible_text(str(found.file))}{there}")
    for field in SETTINGS:
        value: object = getattr(found, field.name)
        origin = f"  from {field.variable}" if os.environ.get(field.variable) else ""
        print(f"{field.name}: {_word(value)}{origin}")
    for field in CONNECTING:
        above: object = getattr(found.environment, field.name)
        below: object = getattr(found.connect, field.name)
        if above is not None:
            print(f"connect {field.name}: {_word(above)}  from {field.variable}")
        elif below is not None:
            print(f"connect {field.name}: {_word(below)}")
    for name, server in found.servers.items():
        print(f"@{name}: {visible_text(server.target)}")
    for action, keys in found.keys.items():
        print(f"key of {action}: {keys or 'none'}")


def _show_server(name: str, server: Server) -> None:
    from ..config.fields import SERVER

    print(f"@{name}")
    for field in SERVER:
        value: object = getattr(server, field.name)
        if value is not None:
            print(f"{field.name}: {_word(value)}")
    if server.secret is not None:
        print(f"secret: from {visible_text(server.secret.shown)}")


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:g}"
    return visible_text(str(value)) or "the default"


def no_server(found: Configuration, name: str) -> str:
    """Return a sentence that reports a profile that does not exist."""
    from ..config.servers import unknown_server

    return unknown_server(found, name)
