"""The --junit report file. It is opened before anything is sent, and always written at the end."""

from __future__ import annotations

import time

from ...session.private_file import open_output, overwrite, reason
from ..exit_status import BAD_INPUT, REFUSED
from .ending import Left, leave


class JUnitFile:
    """The report file, which may already exist.

    Ends the program with a sentence if the file cannot be written.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._written = False
        try:
            self._fd = open_output(name)
        except OSError as error:
            leave(f"run: the report cannot be written: {reason(error, name)}.", BAD_INPUT)

    def write(self, report: str) -> None:
        """Write the report, replacing the contents of the file."""
        self._written = True
        try:
            overwrite(self._name, self._fd, report.encode("utf-8", "backslashreplace"))
        except OSError as error:
            leave(f"run: the report could not be written: {reason(error, self._name)}.", REFUSED)

    def not_run(self, script: str, left: Left) -> None:
        """Write a report with a single error, for a run that never started.

        Does nothing if a report has already been written.
        """
        from ...session.script.statements import Place
        from ..script.junit import as_junit
        from ..script.verdicts import Failure, Verdicts

        if not self._written:
            verdicts = Verdicts()
            told = "\n".join(left.sentences)
            verdicts.ended = Failure(Place(script, 1), " ".join(left.sentences), left.status, told)
            self.write(as_junit(verdicts, script, 0.0, time.time()))
