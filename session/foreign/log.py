"""Opens a log or capture from another tool, recognising its format and its conversations."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from ..plural import plural
from ..private_file import open_regular
from . import formats
from .base64_blocks import octets_in
from .conversation import ForeignConversation
from .entries import CUT, DECODED, JOINED, LOST, MASKED, OMITTED, SERVER, TEXTLESS, WRAPPED, Entry
from .formats import HEX_DUMP, LINE_ENDS, MESSAGE, TEXTS, TIMES, Format, no_conversation, recognised
from .hex_dumps import CAPTURES, ENCRYPTED, TLS_BEGINS, refusal
from .holders import of_mail, of_ticket
from .listed import of_dialogue, of_quoted_table
from .marked_clients import read_swaks
from .pasted import LONGEST_LINE, QUOTING, WRAPPING, decoded, newest_first, readings, text_lines
from .prefix_times import have_times, with_times
from .sampled import SAMPLE
from .settled import conversations
from .watched import Watched

_NONE: tuple[None, list[ForeignConversation]] = (None, [])
_SEVERAL = 1 << 20  # characters of a text that is searched for logs of several programs
_LISTED = 8  # conversations that are listed one by one
LARGEST = 16 << 20  # octets of a file that are read; reading takes up to 17 times as much memory
_REST = re.compile(
    r"</\w+>?\s*\Z|<br ?/?>|&(?:lt|gt|quot|amp|#39|nbsp);|\\r\\n|\\[rn]\W{0,4}\Z|\^M\$?\Z|=3D|"
    r"(?<!\.<CR>)<LF>\Z|(?<!\.)<CRLF>\Z|"
    r"\"\s?[}\]],?\s*\Z|\", ?\"[\w@.]+\":|\A[^\"]*\",?\s*\Z|\A[^']*',?\s*\Z|"
    r"[|\u2502\u2503\u2551`\u240d\u240a\u21b5]\s*\Z"
)  # fmt: skip
_DOT_SHOWN = re.compile(  # a CR that is shown as a dot
    r"(?:(?:QUIT|DATA|RSET)|(?:EHLO|HELO|MAIL|RCPT) .*)\.\Z", re.IGNORECASE
)
_SAID_BY_BOTH = re.compile(
    r"(?:EHLO|HELO|LHLO|MAIL|RCPT|DATA|QUIT|STARTTLS)\b|2\d\d |4\d\d |5\d\d ", re.IGNORECASE
)
CAPTURE = "capture"  # the format of a file that contains packets
_AROUND = {QUOTING, "indentation", "line numbers"}  # what leaves the rows of a dump whole
_SORTS = {  # formats that are not the log of a program
    CAPTURE: "a capture",
    HEX_DUMP: "a hex dump",
    "terminal": "terminal output",
    "C: and S: listing": "a listing with lines that begin with C: and S:",
    "heloscope (text)": "a heloscope export (text)",
    "heloscope (lines as shown)": "a heloscope export (lines as shown)",
    "heloscope (HTML)": "a heloscope export (HTML)",
    "Postfix notice": "a notice from Postfix",
    "tshark follow": "tshark's output for a stream",
    "curl or Symfony Mailer": "a log from curl or Symfony Mailer",
}
_MARK_TEXTS = {
    MASKED: "{} shown with a placeholder instead of a secret",
    CUT: "{} incomplete",
    JOINED: "{} joined from several, without their codes",
    WRAPPED: "{} rejoined",
    DECODED: "{} shown decoded, but sent as base64",
}


class ForeignError(ValueError):
    """Raised when a file cannot be read as a log or capture. The message gives the reason."""


class ForeignLog(NamedTuple):
    """A log or capture that has been read.

    `format` is the name of its format for display. `sure` is False if the sides were inferred only
    from the content. `undone` lists the effects of pasting that were undone, and `problems` has
    sentences about missing parts. Each conversation has its own format, because a ticket may
    contain the logs of two programs.
    """

    format: str
    sure: bool
    undone: tuple[str, ...]
    conversations: list[ForeignConversation]
    problems: tuple[str, ...] = ()

    def unknown(self, number: int = 1) -> str:
        """Describe how conversation `number` was read, and what the log does not show about it.

        If `number` is 0, describe all conversations together.
        """
        talks = [self.conversations[number - 1]] if number else self.conversations
        silent = list(dict.fromkeys(word for talk in talks for word in _silent(talk)))
        names = list(dict.fromkeys(talk.format for talk in talks))
        sort = _listed([_SORTS.get(name, f"a log from {name}") for name in names])
        marks = sum((Counter(talk.marks) for talk in talks), Counter[str]())
        words = [
            f"Read as {sort}"
            + ("." if self.sure else "; which side sent each line is inferred from its content.")
        ]
        if silent:
            words.append(f"It does not show {_listed(silent)}.")
        if LINE_ENDS in silent:
            words.append("Each line is shown as if it ended with CR LF.")
        for mark, count in marks.items():
            if mark in _MARK_TEXTS:
                words.append(
                    _MARK_TEXTS[mark].format(plural(count, "{} line is", "{} lines are")) + "."
                )
        if WRAPPING in self.undone:
            words.append("Wrapped lines have been rejoined.")
        if lost := marks[LOST]:
            places = plural(lost, "{} place, marked", "{} places, each marked")
            words.append(f"Packets are missing from the capture in {places} by a note.")
        if number and len(self.conversations) > 1:
            listed = ", ".join(
                f"{place} {talk.peer or 'with an unnamed peer'}"
                for place, talk in enumerate(self.conversations[:_LISTED], 1)
            )
            more = ", ..." if len(self.conversations) > _LISTED else ""
            other = 2 if number == 1 else 1
            words.append(
                f"This is conversation {number} of {len(self.conversations)} ({listed}{more}); "
                f"add # and a number to the file name to open another, such as #{other}."
            )
        return " ".join((*words, *self.problems))


def _silent(talk: ForeignConversation) -> list[str]:
    """Return the things that the log does not show about a conversation."""
    silent = [word for word in formats.silent(talk.format) if word != TIMES or not talk.timed]
    if not talk.timed and TIMES not in silent:
        silent.append(TIMES)
    if MESSAGE in silent and not any(entry.kind == OMITTED for entry in talk.talk):
        silent.remove(MESSAGE)
    if talk.marks.get(TEXTLESS):
        silent.append(TEXTS)
    return silent


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]


def open_log(path: str | Path, look: Callable[[], object] | None = None) -> ForeignLog:
    """Read a log or capture from a file, calling `look` as `read_log` does.

    Raises ForeignError if its format is unknown, OSError if it cannot be read.
    """
    return read_log(content(path), look)


def content(path: str | Path) -> bytes:
    """Read and return at most `LARGEST` + 1 octets of a file. Raises OSError."""
    with os.fdopen(open_regular(path), "rb") as file:
        return file.read(LARGEST + 1)


def read_log(data: bytes, look: Callable[[], object] | None = None) -> ForeignLog:
    """Read a log or capture from its octets. Raises ForeignError if it has no known format.

    `look()` is called periodically, and may raise an exception to stop the reading.
    """
    problems: tuple[str, ...] = ()
    if len(data) > LARGEST:
        data = data[:LARGEST]
        problems = (f"Only the first {LARGEST >> 20} MB were read.",)
    if data[:4] in CAPTURES:
        from .capture import CaptureError, read_capture

        try:
            captured = read_capture(data)
        except CaptureError as error:
            raise ForeignError(str(error)) from None
        talks = [ForeignConversation(talk, "capture") for talk in captured.talks]
        if not talks:
            raise ForeignError("the capture contains no unencrypted SMTP conversation.")
        problems = (*problems, *captured.problems)
        return ForeignLog(CAPTURE, True, (), talks, problems)
    lines = text_lines(decoded(data))
    del data  # a quarter of the memory that reading takes
    octets = octets_in(lines)
    if octets is not None and (log := _encoded(octets, look)) is not None:
        return log
    lines = (
        of_mail(lines) or of_dialogue(lines) or of_ticket(lines) or of_quoted_table(lines) or lines
    )
    if any(len(line) >= LONGEST_LINE for line in lines):
        problems = (*problems, "Lines of 1 MB or more were truncated.")
    if newest_first(lines):
        lines = lines[::-1]
        problems = (*problems, "The newest line came first, so the order has been reversed.")
    if look is not None:
        lines = Watched(lines, look)
    try:
        return _read_text(lines, problems)
    except ForeignError:
        if octets is None:
            raise
        raise ForeignError(
            "it is base64, but does not encode an SMTP conversation. Open the log or capture "
            "(pcap, pcapng) from which it was made."
        ) from None


def _encoded(octets: bytes, look: Callable[[], object] | None) -> ForeignLog | None:
    """Read the octets encoded by a base64 block, or return None if they are not a log.

    Raises ForeignError if they are TLS.
    """
    if re.match(TLS_BEGINS, octets):
        raise ForeignError(f"it is TLS in base64{ENCRYPTED}")
    try:
        return read_log(octets, look)
    except ForeignError:
        return None


def _read_text(lines: list[str], problems: tuple[str, ...]) -> ForeignLog:
    best, best_worth = None, (0, 0, 0, 0)
    for resort in (False, True):
        for found, undone in readings(lines):
            forms = recognised(found, resort=resort)
            if best is not None and best.format == HEX_DUMP:
                break  # what would be undone next is its offsets
            read = ((form, _read(form, found, undone)) for form in forms)
            form, talks = next(
                ((form, talks) for form, talks in read if talks or not resort), _NONE
            )
            if form is None:
                continue
            if not resort and sum(map(len, found)) < _SEVERAL:
                for other in forms:
                    more = _unread(talks, _read(other, found, undone))
                    earlier = other.place_in(found) < form.place_in(found)
                    talks = [*more, *talks] if earlier else [*talks, *more]
            if (worth := _worth(talks)) > best_worth:
                best_worth = worth
                names = list(dict.fromkeys(talk.format for talk in talks))
                best = ForeignLog(_listed(names), not resort, undone, talks, problems)
        if best is not None and any(_sides(talk) == 2 for talk in best.conversations):
            return _timed(best, lines)
    if best is not None:
        return _timed(best, lines)
    if told := no_conversation(lines):
        raise ForeignError(
            f"{told} Export the recording as text, Markdown, HTML, jsonl or pcapng to open it here."
        )
    for found, undone in readings(lines[:SAMPLE]):
        if _AROUND.issuperset(undone) and (told := refusal(found)):
            raise ForeignError(told)
    raise ForeignError(
        "it is not a heloscope recording, a capture (pcap, pcapng) or a log with SMTP in it. It "
        "contains no greeting (220), and no line looks like the log of swaks, smtplib, curl, "
        "Postfix, Exim or another program whose logs heloscope reads."
    )


def _timed(log: ForeignLog, lines: list[str]) -> ForeignLog:
    """Restore the times from prefixes that were removed, if each line can be found in the text.

    Add a problem if the text has times, but they cannot be restored.
    """
    if not log.undone and any(talk.timed for talk in log.conversations):
        return log
    talks = with_times(log.conversations, lines)
    untimed = not any(talk.timed for talk in talks) and have_times(lines)
    problems = (*log.problems, "The times could not be read.") if untimed else log.problems
    return log._replace(conversations=talks, problems=problems)


def _worth(talks: list[ForeignConversation]) -> tuple[int, int, int, int]:
    """Rate a reading by its number of lines, entries, entries with a time, and letters.

    The letters favour a reading with rejoined lines, which are longer than wrapped ones. A line
    with a remnant of pasting, such as a tag or an escape, does not count as a line, and lost
    packets do not count at all.
    """
    entries = [entry for talk in talks for entry in talk.talk if LOST not in entry.marks]
    spoilt = sum(entry.said and _is_damaged(entry) for entry in entries)
    said = sum(entry.said or entry.kind == OMITTED for entry in entries) - spoilt
    letters = sum(len(entry.text.strip()) for entry in entries)
    return said, len(entries), sum(bool(entry.at) for entry in entries), letters


def _is_damaged(entry: Entry) -> bool:
    if entry.what == SERVER:
        return _REST.search(entry.text) is not None
    return entry.text.startswith(('"', "'")) or _DOT_SHOWN.match(entry.text[:600]) is not None


def _unread(
    talks: list[ForeignConversation], more: list[ForeignConversation]
) -> list[ForeignConversation]:
    """Return the conversations in `more` that `talks` does not contain.

    `more` are the conversations read in another format. Those returned have lines from both sides,
    and at least one line that is not in `talks`, because a program and its server may both log the
    same conversation.
    """
    known = {line for talk in talks for line in _said(talk)}
    return [talk for talk in more if _sides(talk) == 2 and not known.issuperset(_said(talk))]


def _sides(talk: ForeignConversation) -> int:
    """Return how many sides of a conversation have lines."""
    return len({entry.what for entry in talk.talk if entry.said})


def _said(talk: ForeignConversation) -> Iterator[str]:
    """Yield the commands and replies that every log format shows, in upper case."""
    for entry in talk.talk:
        if entry.said and _SAID_BY_BOTH.match(entry.text):
            yield entry.text.strip().upper()


def _read(form: Format, lines: list[str], undone: tuple[str, ...]) -> list[ForeignConversation]:
    if form.reader is read_swaks:
        talks = conversations(read_swaks(lines, wrapped=QUOTING in undone))
    else:
        talks = conversations(form.reader(lines))
    return [ForeignConversation(talk, form.name) for talk in talks]
