"""The failures in a conversation, in order and each with its explanation, for recordings and logs.

Failures are refusals (RFC 5321 section 4.2.1), failed handshakes, lost connections, errors in
another tool's log, and a last command without a reply.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ...session.events import (
    CLIENT,
    CLOSED_BY_A_SIDE,
    MESSAGE_KINDS,
    Cause,
    Disconnected,
    Event,
    Kind,
    Note,
    ReplyReceived,
    TlsFailed,
    Unasked,
)
from ...session.facts.client_errors import ClientError, client_error
from ...session.facts.explain.reading import explain
from ...session.facts.explain.reply_text import read_replies
from ...session.facts.explain.situation import Situation, answering
from ...session.facts.mail_log_messages import log_message
from ...session.foreign.entries import ENCRYPTED_FROM_HERE, ERROR
from ...session.foreign.logged_errors import masked
from ...session.foreign.quoted_replies import QuotedReply, quoted_replies
from ...session.plural import plural
from ...session.protocol.situations import reply_text, situation_at
from ...session.record.row_index import RowIndex
from ...session.verbs import AUTH_RESPONSE, END_OF_DATA
from ...session.visible import visible, visible_text

if TYPE_CHECKING:
    from ...session.facts.explain.reading import Explanation
    from ...session.foreign.incidents import Incident
    from ...session.record.masking import KnownSecrets
    from ...session.record.transcript import Transcript

MOST = 200  # failures explained
MOST_LOG = 20  # lines of a log quoted for one failure
_SHOWN = 300  # characters of a line
_AFTER = {".": "the end of the message", "(auth)": "AUTH", "(greeting)": "", "MAIL FROM:<>": "MAIL",
          "RCPT TO:<>": "RCPT"}  # fmt: skip
_UNKNOWN = "an error, according to the log"
_CODES = re.compile(r"\d{3}[ -](?:\d\.\d{1,3}\.\d{1,3} )?")
_ENHANCED = re.compile(r"[45]\.\d{1,3}\.\d{1,3}(?=\s)")
_LAST = 20  # facts at the end of a conversation
_TOO_SHORT = 6  # letters: text that may occur by chance
_OF_ADDRESSES = (".1", ".2")  # RFC 3463 sections 3.2, 3.3: not about a connection
_ENDED_WELL = (*CLOSED_BY_A_SIDE, Cause.NOT_TOLD)


class Failure(NamedTuple):
    """Something that went wrong. All texts are masked and safe to show.

    `line` is the number of the line, counted from 1. `said` is the client's line that `reply`
    answers, or "" if there is none; `reply` holds the lines of the reply. The explanation consists
    of `title`, `means`, `causes` and `try_next`; `sources` name the sections of standards.

    `log` holds the first lines of the log about the failure, and `log_more` is the number of
    further lines. `about` says which mail or client the failure concerns. A mail log may report the
    failure several `times`, the last time in line `last`.
    """

    line: int
    said: str
    reply: tuple[str, ...]
    title: str
    means: str = ""
    causes: str = ""
    try_next: str = ""
    family: str = ""
    sources: tuple[str, ...] = ()
    log: tuple[str, ...] = ()
    log_more: int = 0
    about: str = ""
    times: int = 1
    last: int = 0

    def also_in_log(self, text: str) -> Failure:
        """Return the failure with `text` added to its log, or only counted if the log is full."""
        if len(self.log) >= MOST_LOG:
            return self._replace(log_more=self.log_more + 1)
        return self._replace(log=(*self.log, text))

    @property
    def explanation(self) -> tuple[object, ...]:
        """The parts of the explanation, which are equal for failures that mean the same."""
        return self.title, self.means, self.causes, self.try_next, self.family, self.sources

    @property
    def running(self) -> str:
        """The title and explanation of the failure as running text."""
        title = f"{self.title[:1].upper()}{self.title[1:]}"
        title = title if title.endswith(".") else f"{title}."
        return " ".join(filter(None, (title, self.means, self.causes, self.try_next)))

    def as_json(self) -> dict[str, object]:
        """Return the fields that `heloscope explain FILE --json` prints."""
        return {
            "line": self.line,
            "after": self.said,
            "reply": list(self.reply),
            "title": self.title,
            "means": self.means,
            "causes": self.causes,
            "try": self.try_next,
            "family": self.family,
            "sources": list(self.sources),
            "log": list(self.log),
            "log_more": self.log_more,
            "about": self.about,
            "times": self.times,
            "last_line": self.last or self.line,
        }


def failures(transcript: Transcript) -> list[Failure]:
    """Return the failures of a conversation in order.

    If there are more than MOST, a last entry says how many are not explained.
    """
    return _Finder(transcript).found()


def quoted_failure(quoted: QuotedReply, secrets: KnownSecrets, usual: str = "") -> Failure:
    """Return the failure for a reply quoted without its conversation.

    The reply is explained as one to the command that the quotation names, or else to `usual`.
    """
    after = secrets.mask_names(quoted.after)
    reply = [secrets.mask_names(line) for line in quoted.reply.split("\n")]
    said = "\n".join(reply)
    if _ENHANCED.match(said):  # programs leave the reply code out, which has the same first digit
        said = f"{said[0]}50 {said}"
    answered = after or usual
    data = said.encode("utf-8", "surrogateescape")
    means = explain(read_replies(data), answering(answered) if answered else Situation())
    lines = tuple(map(visible_text, reply[:20]))
    return _explained(quoted.line, _AFTER.get(quoted.after, visible_text(after)), lines, means)


def _explained(line: int, said: str, reply: tuple[str, ...], means: Explanation) -> Failure:
    """Return the failure for a refusal, given the explanation made from its masked text."""
    text = visible_text
    return Failure(
        line, said, reply[:20], text(means.title), text(means.means), text(means.causes),
        text(means.try_next), means.family, means.sources,
    )  # fmt: skip


def incident_failure(incident: Incident, secrets: KnownSecrets) -> Failure:
    """Return the failure for an incident in a mail log or a bounce.

    The explanation is based on the reply or, if there is none, on the text of the incident.
    """
    about = secrets.mask_names(visible_text(incident.about))
    if incident.reply:
        quoted = QuotedReply(incident.line, incident.reply, incident.after)
        usual = "RCPT TO:<>" if ": <" in incident.about else ""
        found = quoted_failure(quoted, secrets, usual)
    else:
        known = log_message(incident.text) or ClientError(_UNKNOWN, "", "")
        log = (secrets.mask_names(visible_text(masked(incident.text.strip()[:_SHOWN]))),)
        found = Failure(incident.line, "", (), *known[:2], try_next=known.try_next, log=log)
    return found._replace(about=about, times=incident.times, last=incident.last)


def logged_errors(lines: list[str], secrets: KnownSecrets) -> list[Failure]:
    """Return a failure for each known error message in the lines, but only one for each meaning."""
    found: dict[str, Failure] = {}
    for number, line in enumerate(lines, 1):
        if (known := client_error(line)) is not None and len(found) < MOST:
            log = (secrets.mask_names(visible_text(masked(line.strip()[:_SHOWN]))),)
            failure = Failure(number, "", (), *known[:2], try_next=known.try_next, log=log)
            found.setdefault(known.title, failure)
    return [*found.values()]


def _quotes(text: str, reply: tuple[str, ...]) -> bool:
    """Return whether an error message repeats the text of a reply."""
    said = (_CODES.sub("", line, count=1) for line in reply)
    return any(len(words) >= _TOO_SHORT and words in text for words in said)


def _said_in(failure: Failure, text: str) -> bool:
    """Return whether an error of unknown meaning is contained in `text`, another error message."""
    return failure.title == _UNKNOWN and all(each.rstrip(". ") in text for each in failure.log)


def is_unreadable(transcript: Transcript) -> bool:
    """Return whether the rest of a capture is encrypted, so that its content is unknown."""
    marks = transcript.marks_after(max(0, transcript.mark_count - _LAST))
    return any(isinstance(mark, Note) and mark.text == ENCRYPTED_FROM_HERE for mark in marks)


class _Finder:
    def __init__(self, transcript: Transcript) -> None:
        self._transcript = transcript
        self._index = RowIndex(transcript)
        self._answered: set[int] = set()
        self._tls_failed = False
        self._told_at = -1  # how many rows there were when the last failure was found
        self._left_out = 0  # failures beyond MOST
        self._dark = is_unreadable(transcript)  # QUIT may be in it
        self._over = False  # whether the last reply says that the connection ends

    def found(self) -> list[Failure]:
        found: list[Failure] = []
        for number in range(self._transcript.mark_count):
            row, event = self._transcript.mark(number)
            if isinstance(event, Note) and event.kind == ERROR:
                self._add_error(found, row, self._text(event.text))
                continue
            failure = self._failure(row, event, full=len(found) >= MOST)
            if failure is not None:
                found.append(failure)
                self._told_at = row
        if self._left_out:
            more = plural(self._left_out, "{} more is", "{} more are")
            found.append(Failure(found[-1].line, "", (), f"{more} not explained"))
            return found
        unanswered = self._unanswered()
        if unanswered is None:
            return found
        if found and found[-1].line >= unanswered.line - 1 and not found[-1].reply:
            found[-1] = found[-1]._replace(said=unanswered.said)  # it explains why no reply came
        else:
            found.append(unanswered)
        return found

    def _add_error(self, found: list[Failure], row: int, text: str) -> None:
        """Add an error from a log as a failure, or add its text to the preceding failure.

        Programs report one failure several times: with the server's reply, in their own words, and
        again when they give up. These reports count as one failure.
        """
        known = client_error(text)
        for each in found:
            again = known is not None and each.title == known.title
            if again or text in each.log or _quotes(text, each.reply):
                return
        if known is not None:  # which also says what was reported before without a cause
            found[:] = [each for each in found if not _said_in(each, text)]
        last = found[-1] if found and self._told_at == row else None
        if last is not None and known is None:
            found[-1] = last.also_in_log(text)
            return
        failure = self._of_error(row, text, known)
        if last is not None and last.title == _UNKNOWN:
            failure = failure._replace(log=last.log, log_more=last.log_more)
            found.pop()
        if len(found) < MOST:
            found.append(failure.also_in_log(text))
            self._told_at = row
        else:
            self._left_out += 1

    def _of_error(self, row: int, text: str, known: ClientError | None) -> Failure:
        if known is not None:
            return Failure(row, "", (), known.title, known.means, try_next=known.try_next)
        if quoted := quoted_replies(text.encode("utf-8", "replace")):
            return quoted_failure(quoted[0], self._transcript.secrets)._replace(line=row)
        return Failure(row, "", (), _UNKNOWN)

    def _failure(self, row: int, event: Event, *, full: bool) -> Failure | None:
        """Return the failure in an event, or None if there is none or `full` is true."""
        match event:
            case ReplyReceived():
                if event.answers is not None:
                    self._answered.add(event.answers)
                greeting = event.unasked is Unasked.GREETING and event.code >= 400
                self._over = event.code in (221, 421) or greeting
                refuses = event.code >= 400 or event.code < 0
                self._left_out += refuses and full
                return self._refusal(event) if refuses and not full else None
            case _ if full:
                return None
            case TlsFailed():
                self._tls_failed = True
                return self._handshake(row, event)
            case Disconnected(cause=Cause.TLS_FAILED) if self._tls_failed:
                return None  # the failure itself has been reported
            case Disconnected(cause=cause) if cause not in _ENDED_WELL:
                return Failure(row, "", (), cause.value, self._text(event.detail))
            case Disconnected(cause=Cause.CLOSED_BY_SERVER) if not self._over and not self._dark:
                words = "The client had not sent QUIT, and the server had not sent 421."
                return Failure(row, "", (), "the server closed the connection", words)
            case _:
                return None

    def _handshake(self, row: int, event: TlsFailed) -> Failure:
        from .handshake import of_failed  # certificates take a while to import

        told = dict(of_failed(event, shown=self._index.text).sections)
        means, try_next = (visible_text(told[word]) for word in ("It means", "Try"))
        return Failure(row, "", (), "TLS failed", means, try_next=try_next)

    def _refusal(self, reply: ReplyReceived) -> Failure:
        means = explain(reply_text(self._index, reply), situation_at(self._index, reply))
        if reply.unasked is Unasked.GREETING:
            said = b"".join(self._index.masked(row) for row in range(reply.row, reply.last + 1))
            alone = read_replies(said)
            if (alone[0].enhanced or "")[1:3] in _OF_ADDRESSES:  # no greeting: the log began later
                means = explain(alone)
        lines = range(reply.row, reply.last + 1)
        said = self._line(reply.answers) if reply.answers is not None else ""
        if reply.verb == END_OF_DATA:
            said = "the end of the message"
        elif reply.verb == AUTH_RESPONSE:
            said = "an AUTH response"
        return _explained(reply.row + 1, said, tuple(map(self._line, lines)), means)

    def _unanswered(self) -> Failure | None:
        """Return the failure for the client's last command if it has no reply, or None."""
        transcript = self._transcript
        for row in reversed(range(len(transcript))):
            line = transcript[row]
            if line.kind in MESSAGE_KINDS:
                continue
            if line.direction is not CLIENT or line.kind is not Kind.COMMAND:
                return None
            if row in self._answered or line.piece:
                return None
            words = (
                "The conversation ends there. Either the server did not answer in time, or the "
                "rest was not recorded."
            )
            return Failure(row + 1, self._line(row), (), "no reply", words)
        return None

    def _line(self, row: int) -> str:
        return visible(self._index.masked(row).rstrip(b"\r\n")[:_SHOWN])

    def _text(self, text: str) -> str:
        """Return a text that may come from the wire, with its secrets masked."""
        return visible_text(self._index.text(text))
