"""`heloscope run SCRIPT [TARGET]`: what one would type into the composer, without a screen."""

from __future__ import annotations

import asyncio
import os
import signal
import stat
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import TYPE_CHECKING, NoReturn

import click

from ...session.private_file import reason
from ...session.script.grammar import GrammarError
from ...session.script.parser import Parser, parsed
from ...session.script.sources import Sources
from ...session.script.statements import STANDARD_INPUT, Statement
from ...session.script.variables import Variables
from ...session.visible import visible_text
from .ending import leave
from .grouped import GroupedCommand
from .options import ClientOptions, script_options
from .status import BAD_INPUT, INTERRUPTED, status_of
from .streams import NO_INPUT, input_closed

if TYPE_CHECKING:
    from ..script.program import Checked
    from ..script.runner import Manners
    from ..script.verdicts import Failure

TERMINATED = 128 + signal.SIGTERM
HEADINGS = {"The script": ("values", "keep_going", "strict", "only_check", "junit")}


@click.command(cls=GroupedCommand, headings=HEADINGS)
@click.argument("script", metavar="SCRIPT")
@click.argument("target", metavar="[TARGET]", required=False)
@click.option(
    "--set",
    "values",
    metavar="NAME=VALUE",
    multiple=True,
    help="Give $NAME this value, whatever the script says; may be repeated.",
)
@click.option("--keep-going", is_flag=True, help="Go on after an :expect that is not met.")
@click.option(
    "--strict", is_flag=True, help="A reply of 4xx or 5xx fails where no :expect follows it."
)
@click.option(
    "--check", "only_check", is_flag=True, help="Tell the mistakes of the script, and send nothing."
)
@click.option("--junit", metavar="FILE", help="Write a JUnit report to FILE.")
@script_options
def command(
    script: str, target: str | None, values: tuple[str, ...], keep_going: bool, strict: bool,
    only_check: bool, junit: str | None, options: ClientOptions,
) -> None:  # fmt: skip
    """Run a script, and print what both sides say.

    SCRIPT holds what one would type into the command line of heloscope, a line each; - is standard
    input, whose lines are run as they come. It connects to TARGET, in place of its first :connect.
    The practice server is a TARGET too: practice, practice-tls, practice-lmtp.

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
    :expect WHAT        of the last reply: 250, 2xx, 5.7.1, /regex/ (or /regex/i), closed;
                        words hold together, | separates alternatives. Without :expect,
                        any reply goes on; but see --strict and :break on 5xx
    DATA                begins a message, up to a line with only a dot; it is sent after 354
    :message FILE       DATA, and the message from a file
    :send FILE [FROM TO...]   a whole delivery, which has to succeed
    :set NAME VALUE     $NAME, or ${NAME}, is VALUE from here on; $$ is a dollar sign
    :env NAME [VALUE]   $NAME is the environment variable NAME, VALUE without one
    :login USER, :auth MECHANISM and :answer USER, each followed by
    :secret NAME        the password: never itself, but the environment variable with it
    :answer TEXT        an answer to AUTH that is no secret
    :raw BYTES          exactly these bytes, with the escapes of Python: :raw NOOP\\n
    :hello  :starttls  :check FROM TO...  :verify ADDRESS  :expn LIST  :probe
    :break WHERE        stop before RCPT, on 5xx, on 5.7.1, to bob@, tls, violation
    :connect TARGET  :disconnect  :reconnect  :practice SCENARIO  :timeout SECONDS
    :include FILE  :wait SECONDS  :q

    \b
    heloscope run nightly.smtp mail.example.org --junit report.xml
    heloscope run try.smtp practice
    printf 'EHLO me\\nVRFY alice\\n:expect 25x\\n' | heloscope run - practice

    All mistakes of a file are told, as FILE:LINE, before anything is sent. An :expect that is not
    met ends the run, by QUIT. A password is not sent in clear without --in-clear.

    The exit status is 0 if all is as the script says; 1 if an :expect, an order or a breakpoint on
    a reply says otherwise; 2 for a mistake in the script; 3 without a connection, or if it was
    lost; 4 without TLS, 5 without a login; 130 after Ctrl+C.
    """
    from ..script.runner import Manners

    variables = _variables(values)
    report = _writable(junit) if not only_check else None
    manners = Manners(keep_going, strict, options.in_clear, options.no_verify)
    try:
        run = _Run(script, target, variables, options, manners)
    except OSError as error:
        why = f"run: the recording cannot be made: {reason(error, options.record)}."
        _end([why], BAD_INPUT, script, report, junit)
    except NotRunnable as error:
        _end(error.sentences, BAD_INPUT, script, report, junit)
    except ValueError as error:
        _end([f"run: {error}"], status_of(error), script, report, junit)
    if only_check:
        sys.exit(0)
    began, start = time.time(), time.monotonic()
    try:
        status = asyncio.run(run.main())
    except asyncio.CancelledError:  # a signal, as the run ended
        status = run.signalled
    if report is not None and junit is not None:
        _write(report, junit, run.junit(time.monotonic() - start, began))
    if run.client.outlets.broken is not None:
        raise run.client.outlets.broken
    sys.exit(status)


def _variables(given: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in given:
        name, sign, value = each.partition("=")
        if not sign:
            leave(f"run: --set takes NAME=VALUE, not {visible_text(each)[:60]}.", BAD_INPUT)
        found[name] = value
    try:
        Variables(found)
    except GrammarError as error:
        leave(f"run: --set: {error}", BAD_INPUT)
    return found


def _writable(junit: str | None) -> int | None:
    """A descriptor of the file of the report, which may exist."""
    if junit is None:
        return None
    try:
        return os.open(junit, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK, 0o666)
    except OSError as error:
        leave(f"run: the report cannot be written: {reason(error, junit)}.", BAD_INPUT)


def _write(fd: int, name: str, text: str) -> None:
    try:
        with os.fdopen(fd, "wb") as file:
            if stat.S_ISREG(os.fstat(fd).st_mode):
                file.truncate(0)
            file.write(text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        leave(f"run: the report cannot be written: {reason(error, name)}.", 1)


class NotRunnable(Exception):
    """A script that is not run at all; `sentences` say what is wrong with it."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(*sentences)
        self.sentences = sentences


def _end(
    sentences: Sequence[str], status: int, script: str, report: int | None, junit: str | None
) -> NoReturn:
    """End the program before anything is sent: the report of such a run has one error."""
    from ...session.script.statements import Place
    from ..script.junit import as_junit
    from ..script.verdicts import Failure, Verdicts

    for sentence in sentences:
        print(f"heloscope: {visible_text(sentence)}", file=sys.stderr)
    if report is not None and junit is not None:
        verdicts = Verdicts()
        verdicts.ended = Failure(Place(script, 1), " ".join(sentences), status)
        _write(report, junit, as_junit(verdicts, script, 0.0, time.time()))
    sys.exit(status)


class _Run:
    """One run of a script. Raises what `ScriptClient` does, and NotRunnable."""

    def __init__(
        self,
        script: str,
        target: str | None,
        given: dict[str, str],
        options: ClientOptions,
        manners: Manners,
    ) -> None:
        from ..script.orders import check_target
        from ..script.runner import Runner
        from ..script.verdicts import Verdicts

        self._script = script
        self._given = given
        self._sources = Sources()
        self._target = target
        if target is not None:
            try:
                check_target(target)
            except GrammarError as error:
                raise NotRunnable(str(error)) from None
        if script == STANDARD_INPUT and input_closed():
            raise NotRunnable(f"run: {NO_INPUT}")
        self.streams = script == STANDARD_INPUT and not _is_file(sys.stdin.fileno())
        self._data = b"" if self.streams else self._read()
        found = None if self.streams else self._checked()
        from .script_client import ScriptClient

        self.client = ScriptClient(options)
        self.verdicts = Verdicts(found.wanted if found is not None else ())
        for secret in found.secrets if found is not None else ():
            if secret:
                self.client.secrets.add(secret.reveal())
        self._runner = Runner(self.client, self.verdicts, manners, self._tell)
        self.signalled = 0
        """The exit status that a signal asked for."""

    def _read(self) -> bytes:
        try:
            path = "/dev/stdin" if self._script == STANDARD_INPUT else self._script
            return self._sources.script(path)
        except GrammarError as error:
            unread = str(error).startswith("the script")
            where = "run" if unread else f"{self._script}:1"
            raise NotRunnable(f"{where}: {error}") from None

    def _statements(self) -> Iterator[Statement]:
        from ..script.program import assembled

        return assembled(parsed(self._parser(), self._data))

    def _parser(self) -> Parser:
        from ..script.orders import make_order

        return Parser(self._script, make_order, Variables(self._given), self._sources)

    def _checked(self) -> Checked:
        """What is known of the script. Raises NotRunnable if there is a mistake in it."""
        from ..script.program import check, told

        found = check(self._statements())
        if found.mistakes:
            raise NotRunnable(*told(found.mistakes))
        if self._target is None and found.needs is not None and found.connects_to is None:
            raise NotRunnable(
                f"{found.needs.place}: there is no connection yet: name a TARGET behind SCRIPT, or "
                "begin the script with :connect TARGET; practice is the practice server."
            )
        return found

    # Running

    async def main(self) -> int:
        """Run the script. Returns the exit status."""
        loop = asyncio.get_running_loop()
        task = asyncio.current_task()
        assert task is not None
        for number, status in ((signal.SIGINT, INTERRUPTED), (signal.SIGTERM, TERMINATED)):
            loop.add_signal_handler(number, self._signalled, task, status)
        try:
            try:
                await self._run()
                await self.client.leave(quit_said=self._runner.said_quit)
            except asyncio.CancelledError:
                if not self.signalled:
                    raise
                task.uncancel()
                await self._interrupted()
        finally:
            await self.client.close()
        return self.signalled or self.verdicts.status

    def _signalled(self, task: asyncio.Task[int], status: int) -> None:
        if self.signalled:
            os._exit(status)  # the second time
        self.signalled = status
        task.cancel()

    async def _interrupted(self) -> None:
        from ..script.verdicts import Failure

        place = self._runner.place
        failure = Failure(place, f"{place}: interrupted.", self.signalled, lost=True)
        self.verdicts.ended = failure
        self._runner.tell(failure)
        await self.client.leave()

    async def _run(self) -> None:
        from ..script.runner import Ended

        try:
            if self.streams:
                await self._run_lines()
            else:
                await self._run_file()
            self._runner.finish()
        except Ended as end:
            if end.failure is not None:
                self.verdicts.ended = end.failure
                self._runner.tell(end.failure)

    async def _run_file(self) -> None:
        from ..script.program import needs_connection

        first = True
        for statement in self._statements():
            if first and needs_connection(statement):
                first = False
                if await self._connected_first(statement):
                    continue
            await self._runner.take(statement)

    async def _connected_first(self, statement: Statement) -> bool:
        """Connect to TARGET; returns whether that was in place of the statement, a `:connect`."""
        from ...session.script.statements import OrderStatement
        from ..script.orders import Connect

        if self._target is None:
            return False
        await self._runner.connect(Connect(self._target), statement.place)
        return isinstance(statement, OrderStatement) and isinstance(statement.action, Connect)

    async def _run_lines(self) -> None:
        from ...session.script.statements import Place
        from ..script.orders import Connect

        if self._target is not None:
            await self._runner.connect(Connect(self._target), Place(STANDARD_INPUT, 1))
        async for statement in self._typed():
            await self._runner.take(statement)

    async def _typed(self) -> AsyncIterator[Statement]:
        """The statements of standard input, each as soon as its line has come."""
        from ..plain.reader import LineTooLong, StandardInput
        from ..script.program import Assembler

        reader = StandardInput()
        parser, assembler = self._parser(), Assembler()
        try:
            while self.client.outlets.broken is None:
                try:
                    text = await reader.read()
                except LineTooLong:
                    text = "x" * (1 << 21)  # which the parser refuses, with its place
                found = parser.end() if text is None else parser.line(
                    text.encode("utf-8", "surrogateescape")
                )  # fmt: skip
                for each in found:
                    for statement in assembler.take(each):
                        yield statement
                if text is None:
                    for statement in assembler.end():
                        yield statement
                    return
        finally:
            reader.close()

    # What is told

    def _tell(self, failure: Failure) -> None:
        print(f"heloscope: {visible_text(failure.text)}", file=sys.stderr)
        if failure.means:
            print(f"heloscope: it means: {visible_text(failure.means)}", file=sys.stderr)

    def junit(self, seconds: float, began: float) -> str:
        """The JUnit report."""
        from ..script.junit import as_junit

        session = self.client.session
        said = session.transcript.to_text() if session is not None else ""
        return as_junit(self.verdicts, self._script, seconds, began, said)


def _is_file(fd: int) -> bool:
    return stat.S_ISREG(os.fstat(fd).st_mode)
