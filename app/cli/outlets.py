"""The outputs for a command's conversations: standard output, a recording and the journal."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from ...session import raised
from ...session.events import TlsFailed
from ...session.plural import plural
from ...session.visible import beginning, visible, visible_text
from ..exit_status import DONE, NO_TLS, REFUSED
from .options import REMEDIES, ClientOptions, Remedies
from .reporting import Lines, Report, Soon
from .streams import same_file

if TYPE_CHECKING:
    from ...session.record.journal import Journal
    from ...session.record.transcript import Transcript

_UNTRUSTED = ("self-signed", "unknown-ca", "incomplete-chain")
MOST_OF_REPLY = 4096  # octets of a reply that an error quotes
_MOST_REFUSED = 10  # replies that are reported if the conversation is not printed


class Outlets:
    """Prints and records the conversations of a command, one at a time.

    Raises OSError if the recording cannot be created.
    """

    def __init__(self, options: ClientOptions) -> None:
        self._options = options
        self._broken: OSError | None = None
        self._report: Report | None = None
        self._recording: Lines | Journal | None = None  # of the present conversation
        self._output: Lines | None = None  # of `json`
        self._first: Transcript | None = None
        self._fd = -1
        self._cut_short = False  # the file of `record`
        if options.record:
            from pathlib import Path

            from ...session.private_file import create

            self._fd = create(Path(options.record).expanduser())

    @property
    def broken(self) -> OSError | None:
        """The error after which nothing more can be written to standard output, or None."""
        return self._broken or (self._report.broken if self._report is not None else None)

    def status(self, status: int) -> int:
        """Return `status`, or REFUSED if `status` is DONE but the recording is incomplete."""
        return REFUSED if status == DONE and self._cut_short else status

    def attach(self, transcript: Transcript, target: str, soon: Soon | None = None) -> None:
        """Print and record the events of a conversation with `target` from now on.

        A recording file, and the output of `--json`, contain all conversations as one recording,
        whereas each conversation has its own journal. `soon(callback)` delays writing until many
        rows can be written together, as `Paced` does; `close` must then be called. Without `soon`,
        everything is written as it happens.
        """
        self._end_recording()
        options, first = self._options, self._first is None
        if self._first is None:
            self._first = transcript
        else:
            transcript.anchor = self._first.anchor  # their times count from one moment
        if self._fd >= 0:
            self._recording = Lines(transcript, target, self._to_file, header=first, soon=soon)
        elif not options.no_record and not options.record:
            from ...session.record.journal import Journal

            # Nobody asked for this recording, so --quiet does not report that there is none.
            tell = _say_nothing if options.quiet else say
            self._recording = Journal.begin(transcript, target, tell, soon=soon)
        if options.quiet:
            return
        # Rows are recorded before they are shown, so that a kill loses none of them.
        record = None if soon is None else self._record
        if options.json:
            self._output = Lines(
                transcript, target, self._to_output, header=first, soon=soon, first=record
            )
        else:
            before = self._report
            self._report = Report(transcript, sys.stdout, soon=soon, first=record)
            self._report.broken = before.broken if before is not None else None

    def flush(self) -> None:
        """Record and print everything that has happened so far."""
        self._record()
        for each in (self._output, self._report):
            if each is not None:
                each.read()

    def _record(self) -> None:
        if isinstance(self._recording, Lines):
            self._recording.read()
        elif self._recording is not None:
            self._recording.flush()

    def _end_recording(self) -> None:
        """Record and print the rest of the current conversation, and close its journal."""
        self.flush()
        recording, self._recording = self._recording, None
        if recording is not None and not isinstance(recording, Lines):
            recording.close()

    def say_why(self, error: BaseException, status: int, transcript: Transcript) -> None:
        """Print on standard error why a conversation ended.

        A reason that the printed conversation already shows in the same place is not repeated.
        """
        what, advice = _why(error, status, transcript, self._options.remedies)
        told = self._report.told if self._report is not None else ""
        if not (told and told.endswith(what) and same_file(sys.stdout, sys.stderr)):
            say(_masked(what + advice, transcript))
        elif advice:
            say(advice.strip())
        if isinstance(error, raised.SMTPResponseException):
            self.say_meanings(transcript, alone=True)

    def say_meanings(self, transcript: Transcript, *, alone: bool = False) -> None:
        """Print refusals and their meanings on standard error, unless the conversation is printed.

        If `alone` is true, print only the meaning of the last refusal.
        """
        if self._report is not None:
            return
        from ..explain.failures import failures

        found = [each for each in failures(transcript) if each.reply]
        told, before = found[-1:] if alone else found[:_MOST_REFUSED], ""
        for each in told:
            if not alone:
                say(f"{' / '.join(each.reply)}" + (f" (after {each.said})" if each.said else ""))
            if each.running != before:
                say(f"it means: {each.running}")
            before = each.running
        if len(found) > len(told) and not alone:
            say(f"... and {plural(len(found) - len(told), '{} more')}")

    def say_injected(self, transcript: Transcript) -> None:
        """Report cleartext received where TLS had to start, unless the conversation is printed."""
        if self._report is not None:
            return
        from ...session.protocol.violations import broken

        if (rule := broken(transcript, "injected")) is not None:
            say(f"the server sent {rule.title}. {rule.why} ({rule.rfc})")

    def close(self) -> None:
        """Record and print the rest of the conversation, and close the recording."""
        self._end_recording()
        self._close_file()

    def _close_file(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def _to_file(self, line: bytes) -> None:
        if self._fd < 0:
            return
        try:
            rest = memoryview(line)
            while rest:
                rest = rest[os.write(self._fd, rest) :]
        except OSError as error:
            say(f"the recording {self._options.record} ends here: {error.strerror}.")
            self._cut_short = True
            self._close_file()

    def _to_output(self, line: bytes) -> None:
        if self._broken is None:
            try:
                sys.stdout.write(line.decode())
                sys.stdout.flush()
            except OSError as error:
                self._broken = error


def say(sentence: str) -> None:
    """Print a sentence on standard error."""
    print(f"heloscope: {visible_text(sentence)}", file=sys.stderr)


def _say_nothing(_: str) -> None:
    """Discard a message (used with --quiet)."""


def sentence_of(error: BaseException, status: int, transcript: Transcript) -> str:
    """Return a sentence about the error that ended a conversation, with known secrets masked."""
    return _masked("".join(_why(error, status, transcript, REMEDIES)), transcript)


def _masked(text: str, transcript: Transcript) -> str:
    octets = transcript.secrets.mask(text.encode("utf-8", "surrogateescape"))
    return octets.decode("utf-8", "surrogateescape")


def _why(
    error: BaseException, status: int, transcript: Transcript, remedies: Remedies
) -> tuple[str, str]:
    """Return why a conversation ended, and a sentence about the options that help, or ""."""
    marks = transcript.marks_after(0)
    failed = next((each for each in reversed(marks) if isinstance(each, TlsFailed)), None)
    if failed is not None and status == NO_TLS:
        from ...session.facts.tls_failures import REASONS

        if not REASONS[failed.reason].certificate:
            return failed.detail, ""
        other = {"name-mismatch": remedies.name}.get(failed.reason, "")
        other = remedies.issuer if failed.reason in _UNTRUSTED else other
        return failed.detail, f" {'; '.join(filter(None, (other, remedies.unverified)))}."
    if isinstance(error, raised.SMTPNotSupportedError) and status == NO_TLS:
        return str(error), f" {remedies.starttls}."
    if isinstance(error, raised.AuthGivenUp):
        return str(error), "."
    if isinstance(error, raised.SMTPResponseException):
        text = error.smtp_error
        octets = text if isinstance(text, bytes) else str(text).encode("utf-8", "replace")
        said = visible(beginning(octets, MOST_OF_REPLY))
        said += "..." if len(octets) > MOST_OF_REPLY else ""
        return f"the server answered {error.smtp_code} {said}", ""
    return str(error), ""
