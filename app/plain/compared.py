"""Findings and comparisons as pages of `heloscope --plain`, and its order `:compare`."""

from __future__ import annotations

import asyncio

from ...session.comparison.diff import counted, diff_lines
from ...session.visible import visible_text
from ..commands.tasks import TaskSet
from ..connect.manager import ConnectionManager
from ..dialogs.requests import Comparison, FindingList
from ..ui import Ui

AFTER = 1.0  # seconds of reading before anything is reported


def page_of(asked: FindingList | Comparison) -> tuple[str, list[str]]:
    """Return the heading and the lines of a page of findings or differences.

    Lines only on the left start with -, and lines only on the right with +.
    """
    if isinstance(asked, FindingList):
        return f"Findings on {asked.server}", [
            f"{each.grade}: {each.text} ({each.source})" for each in asked.findings
        ]
    return f"- {asked.left}, + {asked.right}", [
        *(f"{mark} {text}" for mark, text in diff_lines(asked.rows)),
        counted(asked.rows),
    ]


class PlainComparison:
    """The order `:compare`, which compares a recording or log with the session or another file."""

    def __init__(self, ui: Ui, connections: ConnectionManager) -> None:
        self._ui = ui
        self._connections = connections
        self._tasks = TaskSet()
        self._task: asyncio.Task[None] | None = None

    @property
    def busy(self) -> bool:
        """Whether a file is being read."""
        return self._tasks.busy

    def compare(self, name: str, other: str) -> None:
        """Start comparing the file `name` with the file `other`, or with the session if "".

        The result is a page of the differences, or an error.
        """
        self._task = self._tasks.start(self._patiently(name, other))

    def give_up(self) -> bool:
        """Stop reading. Return whether a file was being read."""
        return self._task is not None and not self._task.done() and self._task.cancel()

    async def _patiently(self, name: str, other: str) -> None:
        """Compare the two conversations. If reading takes a long time, report how to cancel."""
        words = f"Reading {visible_text(f'{name} {other}'.strip())}; Ctrl+C cancels."
        loop = asyncio.get_running_loop()
        told = loop.call_later(AFTER, lambda: self._ui.tell(words))
        try:
            await self._compare(name, other)
        except asyncio.CancelledError:
            self._ui.tell("Nothing was compared because reading was cancelled.")
            raise
        finally:
            told.cancel()

    async def _compare(self, name: str, other: str) -> None:
        from ..recordings.compared import compared, recording_of, session_of
        from ..recordings.in_thread import in_thread
        from ..recordings.opened import OpenError

        secrets = self._connections.secrets
        try:
            left = await recording_of(name, secrets)
            if other:
                right = await recording_of(other, secrets)
            else:
                right = session_of(self._connections.session, secrets)
        except OpenError as error:
            self._ui.tell(str(error), trouble=True)
            return
        for side in (left, right):
            if side.missing:
                self._ui.tell(side.missing)
        self._ui.ask(await in_thread(lambda _: compared(left, right)))
