"""One run of a script by `heloscope run`: its lines, from a file or as they arrive, and its end."""

from __future__ import annotations

import asyncio
import os
import signal
import stat
import sys
from collections.abc import AsyncIterator, Iterator
from itertools import chain
from typing import TYPE_CHECKING

from ...session.plural import in_seconds
from ...session.script.grammar import GrammarError
from ...session.script.parser import Parser, parsed
from ...session.script.sources import Sources
from ...session.script.statements import STANDARD_INPUT, Statement
from ...session.script.variables import Variables
from ...session.visible import visible_text
from ..exit_status import INTERRUPTED, NO_CONNECTION, TERMINATED
from .options import ClientOptions
from .streams import NO_INPUT, input_closed

if TYPE_CHECKING:
    from ..script.connector import Manners
    from ..script.program import Checked
    from ..script.verdicts import Failure


class NotRunnable(Exception):
    """Raised for a script that cannot be run at all; `sentences` give the reasons."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(*sentences)
        self.sentences = sentences


class ScriptRun:
    """One run of a script, for at most `within` seconds, or without a limit if `within` is None.

    `given` maps the names of variables to the values that --set gives them. Raises NotRunnable, and
    the errors of `ScriptClient`.
    """

    def __init__(
        self,
        script: str,
        target: str | None,
        given: dict[str, str],
        options: ClientOptions,
        manners: Manners,
        within: float | None = None,
    ) -> None:
        from ..script.orders import check_target
        from ..script.runner import Runner
        from ..script.verdicts import Verdicts

        self._script = script
        self._within = within
        self._timed_out = False
        self._variables = Variables(given)
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
        self._statements = [] if self.streams else self._parsed()
        self._found = found = None if self.streams else self._checked()
        from .script_client import ScriptClient

        self.client = ScriptClient(options)
        self.verdicts = Verdicts(found.wanted if found is not None else ())
        for secret in found.secrets if found is not None else ():
            if secret:
                self.client.secrets.add(secret.reveal())
        self._runner = Runner(self.client, self.verdicts, manners, self._tell)
        self.signalled = 0
        """The exit status for the signal received, or 0."""

    def _parsed(self) -> list[Statement]:
        """Return the statements of the script, which is read only once. Raises NotRunnable."""
        from ..script.program import assembled

        try:
            path = "/dev/stdin" if self._script == STANDARD_INPUT else self._script
            data = self._sources.script(path)
        except GrammarError as error:
            unread = str(error).startswith(("the script", "cannot read the script"))
            where = "run" if unread else f"{self._script}:1"
            raise NotRunnable(f"{where}: {error}") from None
        return list(assembled(parsed(self._parser(), data)))

    def _parser(self) -> Parser:
        from ..script.orders import make_order

        return Parser(self._script, make_order, self._variables, self._sources)

    def _checked(self) -> Checked:
        """Check the statements and return the result. Raises NotRunnable if there is a mistake."""
        from ..script.program import check, told

        if not self._statements:
            raise NotRunnable(f"{visible_text(self._script)}: the script contains nothing to run.")
        found = check(self._statements, self._target)
        if found.mistakes:
            raise NotRunnable(*told(found.mistakes))
        if names := self._variables.misspelled():
            given, meant = names
            raise NotRunnable(
                f"run: --set {given}: the script does not use ${given}. Did you mean {meant}?"
            )
        if self._target is None and found.needs is not None and found.connects_to is None:
            raise NotRunnable(
                f"{found.needs.place}: no connection yet: add a TARGET after SCRIPT, or start the "
                "script with :connect TARGET; practice is the practice server."
            )
        return found

    def check_logins(self) -> None:
        """Look up the secrets of the profiles that the script uses. Raises NotRunnable."""
        from ..script.connector import NoProfileLogin

        missing: dict[str, str] = {}
        for place, server in self._found.profile_logins if self._found is not None else ():
            if server not in missing:
                try:
                    self.client.login_of(server)
                except NoProfileLogin as error:
                    missing[server] = f"{place}: {str(error).rstrip('.')}."
        if missing:
            raise NotRunnable(*missing.values())

    # Running

    async def main(self) -> int:
        """Run the script and return the exit status."""
        loop = asyncio.get_running_loop()
        task = asyncio.current_task()
        assert task is not None
        for number, status in ((signal.SIGINT, INTERRUPTED), (signal.SIGTERM, TERMINATED)):
            loop.add_signal_handler(number, self._signalled, task, status)
        try:
            try:
                await self._run_in_time()
                # A server that took too long is not waited for again.
                await self.client.leave(quit_said=self._runner.said_quit or self._timed_out)
            except asyncio.CancelledError:
                if not self.signalled:
                    raise
                task.uncancel()
                await self._interrupted()
        finally:
            await self.client.close()
        return self.signalled or self.verdicts.status

    def _signalled(self, task: asyncio.Task[int], status: int) -> None:
        if self.signalled:  # the second signal
            self.client.outlets.flush()
            os._exit(status)
        self.signalled = status
        task.cancel()

    async def _interrupted(self) -> None:
        from ..script.verdicts import Failure

        place = self._runner.place
        failure = Failure(place, f"{place}: interrupted.", self.signalled, lost=True)
        self.verdicts.ended = failure
        self._runner.tell(failure)
        await self.client.leave()

    async def _run_in_time(self) -> None:
        """Run the script, which fails if it takes more than `within` seconds."""
        from ..script.verdicts import Failure

        limit = asyncio.timeout(self._within)
        try:
            async with limit:
                await self._run()
        except TimeoutError:
            if not limit.expired():
                raise
            assert self._within is not None
            self._timed_out = True
            place = self._runner.place
            text = f"{place}: the run did not end within {in_seconds(self._within)}."
            failure = Failure(place, text, NO_CONNECTION, lost=True)
            self.verdicts.ended = failure
            self._runner.tell(failure)

    async def _run(self) -> None:
        from ..script.connector import Ended

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

        left: Iterator[Statement] = iter(self._statements)
        for statement in left:
            if needs_connection(statement):
                if not await self._connected_first(statement):
                    left = chain((statement,), left)
                break
            await self._runner.run((statement,))
        await self._runner.run(left)

    async def _connected_first(self, statement: Statement) -> bool:
        """Connect to TARGET if one is given. Return whether TARGET replaces `statement`.

        TARGET replaces only a `:connect`.
        """
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
            await self._runner.run((statement,))

    async def _typed(self) -> AsyncIterator[Statement]:
        """Yield the statements on standard input, each as soon as its line has arrived."""
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

    # Reports

    def _tell(self, failure: Failure) -> None:
        self.client.outlets.flush()  # the events that it refers to are printed first
        print(f"heloscope: {visible_text(failure.text)}", file=sys.stderr)
        if failure.means:
            print(f"heloscope: it means: {visible_text(failure.means)}", file=sys.stderr)

    def junit(self, seconds: float, began: float) -> str:
        """Return the JUnit report of the run, which took `seconds`.

        `began` is the start of the run in seconds since the epoch.
        """
        from ..script.junit import as_junit

        session = self.client.session
        said = session.transcript.to_text() if session is not None else ""
        return as_junit(
            self.verdicts, self._script, seconds, began, said,
            target=self._target or "", masks=self.client.secrets,
        )  # fmt: skip


def _is_file(fd: int) -> bool:
    return stat.S_ISREG(os.fstat(fd).st_mode)
