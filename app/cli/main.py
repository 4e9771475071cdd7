"""`heloscope` and its arguments: options with a TARGET, or a command with its arguments.

Bad input is reported in one sentence on standard error, with exit status 2 and no traceback.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from ...session.version import VERSION
from ...session.visible import visible_text
from ..exit_status import MEANINGS
from . import COMPLETE
from .ending import leave, printing, warn_of_variables

_STARTERS = ("history", "lesson", "open")  # commands that may start the app
# Commands that report a mistyped variable themselves, or run from a shell's start-up file.
_REPORTING = ("config", "completion", "open")
# The commands: each is `command` in the module of that name, imported when it is run.
COMMANDS = {
    "compare": "Compare two recordings or logs, or a server then and now.",
    "completion": "Print the script that completes commands in your shell.",
    "config": "Show and check the configuration: settings, servers, keys.",
    "explain": "Explain a reply, an SMTP word, or what went wrong in a log.",
    "export": "Write a recording as HTML, Markdown, pcapng and more.",
    "history": "List, search, show and repeat recordings; name, pin, delete.",
    "lesson": "List, start, check or grade lessons.",
    "open": "Open a recording or another tool's log, read-only.",
    "practice": "Run the practice server on its own, in one of its scenarios.",
    "probe": "Ask servers what they offer, and explain the answers.",
    "run": "Run a script and check whether the replies are as expected.",
    "send": "Send a message and print the conversation.",
    "serve": "Serve heloscope to browsers, for a class without installation.",
    "swaks": "Do what swaks would do, or say why an option is unsupported.",
}


class Program(click.Command):
    """The program. Its first argument is either one of its commands or a TARGET."""

    def main(
        self, args: Sequence[str] | None = None, prog_name: str | None = None, *rest: Any,
        **extra: Any,
    ) -> Any:  # fmt: skip
        """Run the command that the first word names, or else the program itself."""
        words = list(sys.argv[1:] if args is None else args)
        if not words and (instruction := os.environ.get(COMPLETE)):
            from .completing import answer

            sys.exit(answer(instruction, self, COMMANDS))
        if words and words[0] in COMMANDS:
            from importlib import import_module

            if words[0] in _STARTERS:
                from .start import configured_keys

                configured_keys()
            found: click.Command = import_module(f".{words[0]}", __package__).command
            if words[0] not in _REPORTING:
                warn_of_variables()
            gc.freeze()  # imported modules stay: the collector need not scan them again
            gc.enable()  # a command may run for days; the app, started by one, does this itself
            name = f"{prog_name or 'heloscope'} {words[0]}"
            return found.main(words[1:], name, *rest, **extra)
        return super().main(words, prog_name, *rest, **extra)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments. Raises UsageError, which suggests a command if one was mistyped."""
        first = args[0] if args else ""
        try:
            return super().parse_args(ctx, args)
        except click.ClickException as error:
            said = error.format_message()
            if not first.startswith("-") and (near := _nearest_command(first)):
                said = f"Unknown command {first}. Did you mean {near}?"
            raise click.UsageError(visible_text(said), ctx) from None

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:  # fmt: skip
        """Create the context of one invocation by parsing its options.

        Options such as --help print their output here.
        """
        with printing():
            return super().make_context(info_name, args, parent, **extra)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands and the exit statuses below the options."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))
        with formatter.section("Exit status"):
            formatter.write_dl([(str(status), words) for status, words in MEANINGS.items()])


def _nearest_command(word: str) -> str:
    """Return the command that `word` is probably a misspelling of, or ""."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(word, COMMANDS, 1, 0.7)), "")


def _print_keys(context: click.Context, _: click.Parameter, asked: bool) -> None:
    """Print the table of keys and orders and exit if --keys is given.

    Only this function imports the widgets whose keys are listed.
    """
    if asked:
        from shutil import get_terminal_size

        from .start import configured_keys

        configured_keys()
        from ..dialogs.key_table import as_text

        click.echo(as_text(min(100, get_terminal_size().columns)), nl=False)
        context.exit()


@click.command(cls=Program)
@click.argument("target", required=False)
@click.option("--no-record", is_flag=True, help="Do not record the session.")
@click.option(
    "--plain",
    is_flag=True,
    help="One line per event, no screen: for screen readers, pipes and dumb terminals.",
)
@click.option(
    "--keys",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_keys,
    help="List all keys and orders, then exit.",
)
@click.version_option(
    VERSION,
    prog_name="heloscope",
    message="%(prog)s %(version)s",
    help="Show the version and exit.",
)
@click.help_option("-h", "--help", help="Show this help and exit.")
def cli(target: str | None, no_record: bool, plain: bool) -> None:
    """Debug SMTP: see every line both sides send, and type the next one yourself.

    TARGET is host, host:port, [::1]:port, smtp://host, smtps://host, lmtp://host, unix:/path
    (LMTP), smtp+unix:/path, mx:domain, or @name for a server in the configuration. Without TARGET,
    heloscope connects to its own practice server; practice-tls is the practice server with TLS from
    the first byte.

    TEXTUAL_LOG, TEXTUAL_DEBUG and the console of TEXTUAL=devtools are ignored, because they record
    every key, including those of passwords; HELOSCOPE_LOG_KEYS=1 allows them.
    """
    from ...session.target import TargetError, parse_target
    from .start import configured_keys, start_app, start_plain

    if plain:
        warn_of_variables()
    found = configured_keys()
    from ..config.servers import is_name, server_of
    from ..connect.profile import PRACTICES

    try:
        if target is not None and is_name(target):
            server_of(found, target)
        elif target not in (None, "", *PRACTICES):
            parse_target(target)
    except TargetError as error:
        leave(str(error), 2)
    start = start_plain if plain else start_app
    sys.exit(start(target or "practice", record=not no_record))
