"""`heloscope run SCRIPT [TARGET]`: runs lines as typed into the composer, without a screen."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Sequence
from typing import Any

import click

from ...session.private_file import reason
from ...session.script.grammar import GrammarError
from ...session.script.variables import Variables
from ...session.visible import visible_text
from ..exit_status import BAD_INPUT, DONE
from .ending import Left, leave, leave_with
from .grouped import GroupedCommand
from .interruption import Interrupted, interruptible
from .junit_file import JUnitFile
from .options import ClientOptions, script_options
from .status import status_of

HEADINGS = {"The script": ("values", "keep_going", "strict", "only_check", "within", "junit")}


class RunCommand(GroupedCommand):
    """`heloscope run`, whose --junit report includes errors that keep the script from running."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the script, with `ctx.obj` set to the report file if there is one."""
        name = ctx.params["junit"]
        if name is None or ctx.params["only_check"]:
            return super().invoke(ctx)
        report = ctx.obj = JUnitFile(name)
        try:
            with interruptible():
                return self._invoke(ctx)
        except Left as left:
            report.not_run(ctx.params["script"], left)
            raise

    def _invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Interrupted as error:  # while the script is read; later, the run handles signals
            leave(f"run: {error}.", error.status)

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:  # fmt: skip
        """Create the context by parsing the options. The --junit file also reports mistakes."""
        given = list(args)
        try:
            return super().make_context(info_name, args, parent, **extra)
        except Left as left:
            if (name := _junit_of(given)) and "--check" not in given:
                JUnitFile(name).not_run("the command line", left)
            raise


def _junit_of(words: Sequence[str]) -> str:
    """Return the file that --junit names in arguments that could not be parsed, or ""."""
    for word, following in zip(words, (*words[1:], ""), strict=False):
        if word == "--junit":
            return following
        if word.startswith("--junit="):
            return word.partition("=")[2]
    return ""


@click.command(cls=RunCommand, headings=HEADINGS)
@click.argument("script", metavar="SCRIPT")
@click.argument("target", metavar="[TARGET]", required=False)
@click.option(
    "--set",
    "values",
    metavar="NAME=VALUE",
    multiple=True,
    help="Set $NAME to this value, overriding the script; may be repeated.",
)
@click.option("--keep-going", is_flag=True, help="Continue after a failed :expect.")
@click.option(
    "--strict", is_flag=True, help="Fail on a 4xx or 5xx reply unless an :expect follows it."
)
@click.option(
    "--check",
    "only_check",
    is_flag=True,
    help="Report the mistakes in the script and send nothing.",
)
@click.option(
    "--within", metavar="SECONDS", type=click.FloatRange(0, min_open=True),
    help="Fail the run if it takes longer than this, as if the connection had been lost.",
)  # fmt: skip
@click.option("--junit", metavar="FILE", help="Write a JUnit report to FILE.")
@script_options
def command(
    script: str, target: str | None, values: tuple[str, ...], keep_going: bool, strict: bool,
    only_check: bool, within: float | None, junit: str | None, options: ClientOptions,
) -> None:  # fmt: skip
    """Run a script and print what both sides send.

    SCRIPT contains lines as you would type them on the heloscope command line; - is standard input,
    whose lines are run as they arrive. TARGET replaces the first :connect. It may also be the
    practice server: practice, practice-tls or practice-lmtp.

    \b
    # A comment. A line without a colon is sent as it is.
    :connect mail.example.org:587
    :expect 220
    EHLO me.example.org
    STARTTLS
    :expect 220
    EHLO me.example.org
    :login alice
    :secret MAIL_PASSWORD
    :expect 235
    MAIL FROM:<alice@example.org>
    RCPT TO:<nobody@example.org>
    :expect 550 5.1.1 | 554
    QUIT

    \b
    :expect WHAT        check the last reply: 250, 2xx, 5.7.1, /regex/ (or /regex/i),
                        closed; all words must match, and | separates alternatives.
                        Without :expect, any reply is accepted, unless --strict or
                        :break on 5xx says otherwise
    DATA                starts a message, which ends with a line of only a dot; it is sent
                        after 354, unchanged: $NAME and # have no meaning in it
    :message FILE       DATA, and the message from a file
    :send FILE [FROM TO...]   a complete delivery, which must succeed
    :set NAME VALUE     $NAME or ${NAME} is VALUE from here on; $$ is a dollar sign
    :env NAME [VALUE]   $NAME is the environment variable NAME, or VALUE if that is not set
    :login USER, :auth MECHANISM and :answer USER, each followed by
    :secret NAME        NAME is the environment variable that contains the password
    :login              the user and secret of the profile, if TARGET is @NAME
    :answer TEXT        an answer to AUTH that is not secret
    :raw BYTES          exactly these bytes, with Python escapes: :raw NOOP\\n
    :hello  :starttls  :check FROM TO...  :verify ADDRESS  :expn LIST  :probe
    :break WHERE        stop before RCPT, on 5xx, on 5.7.1, to bob@, tls, violation
    :connect TARGET  :disconnect  :reconnect  :practice SCENARIO  :timeout SECONDS
    :include FILE  :wait SECONDS  :q

    \b
    heloscope run nightly.smtp mail.example.org --junit report.xml
    heloscope run try.smtp practice
    printf 'EHLO me\\nVRFY alice\\n:expect 25x\\n' | heloscope run - practice

    All mistakes in a file are reported as FILE:LINE before anything is sent. If an :expect fails,
    the run ends with QUIT. A password is not sent unencrypted without --in-clear.

    The exit status is 0 if everything is as the script expects; otherwise it is that of the first
    failure, even with --keep-going: 1 if an :expect, an order or a breakpoint on a reply failed; 2
    for a mistake in the script; 3 if there was no connection or it was lost; 4 if TLS failed; 5 if
    the login failed; 130 after Ctrl+C. A failed :expect always counts as 1: omit it after :login if
    a refused login should end with 5.
    """
    from ..script.connector import Manners
    from .script_run import NotRunnable, ScriptRun

    report: JUnitFile | None = click.get_current_context().obj
    variables = _variables(values)
    manners = Manners(keep_going, strict, options.in_clear, options.no_verify)
    try:
        run = ScriptRun(script, target, variables, options, manners, within)
        if only_check:
            run.check_logins()
    except OSError as error:
        why = f"run: the recording cannot be created: {reason(error, options.record)}."
        leave(why, BAD_INPUT)
    except NotRunnable as error:
        leave_with(error.sentences, BAD_INPUT)
    except ValueError as error:
        leave(f"run: {error}", status_of(error))
    if only_check:
        sys.exit(DONE)
    began, start = time.time(), time.monotonic()
    try:
        status = asyncio.run(run.main())
    except asyncio.CancelledError:  # a signal, as the run ended
        status = run.signalled
    if report is not None:
        report.write(run.junit(time.monotonic() - start, began))
    if run.client.outlets.broken is not None:
        raise run.client.outlets.broken
    sys.exit(run.client.outlets.status(status))


def _variables(given: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in given:
        name, sign, value = each.partition("=")
        if not sign:
            leave(f"run: --set must be NAME=VALUE, not {visible_text(each)[:60]}.", BAD_INPUT)
        found[name] = value
    try:
        Variables(found)
    except GrammarError as error:
        leave(f"run: --set: {error}", BAD_INPUT)
    return found
