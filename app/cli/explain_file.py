"""`heloscope explain FILE`: what went wrong in a recording or another tool's log, and why."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ...session.plural import plural
from ...session.private_file import open_regular, reason
from ...session.visible import visible_text
from .progress import Progress, progress
from .sentence import leave
from .streams import read_input

if TYPE_CHECKING:
    from ...session.foreign.log import ForeignLog
    from ..explain.failures import Failure

MOST = 20  # conversations that are explained
_RECIPIENTS = 20  # that are named, of those that were refused alike
_ERROR_LINES = 200  # of a text without a conversation, searched for error messages


class Told(NamedTuple):
    """A conversation and what went wrong in it: number `place` of `of` in the file.

    `quoted` is whether there is no conversation, but replies that a mail log or a bounce quotes, or
    error messages; `of` is 0 where they are quoted besides conversations.
    """

    place: int
    of: int
    target: str
    lines: int
    failures: list[Failure]
    quoted: bool = False


class _Read(NamedTuple):
    sort: str
    remarks: str
    talks: list[Told]


def of_file(word: str, *, mask_names: bool) -> tuple[dict[str, object], str]:
    """(the findings in a file, as JSON; all of them as text). Ends the program if none."""
    read = _read(word, mask_names=mask_names)
    found: dict[str, object] = {
        "format": read.sort,
        "remarks": read.remarks,
        "conversations": [
            {
                "number": talk.place,
                "server": talk.target,
                "lines": talk.lines,
                "failures": [failure.as_json() for failure in talk.failures],
            }
            for talk in read.talks
        ],
    }
    parts = ["\n".join(_text(talk)) for talk in read.talks]
    more = read.talks[0].of - len(read.talks) if len(read.talks) > 1 else 0
    if more > 0:
        parts.append(f"{plural(more, '{} more conversation')}: FILE#{MOST + 1} names the next.")
    if read.remarks:
        parts.append(read.remarks)
    return found, "\n\n".join(parts)


def _text(talk: Told) -> Iterator[str]:
    name = f"The conversation with {talk.target}" if talk.target else "The conversation"
    if talk.of > 1:
        name = f"Conversation {talk.place} of {talk.of}"
        name += f", with {talk.target}" if talk.target else ""
    elif not talk.lines and not talk.quoted:
        name = f"The connection to {talk.target}" if talk.target else "The connection"
    if not talk.failures:
        yield f"{name}: nothing was refused in its {plural(talk.lines, '{} line')}."
        return
    count = len(talk.failures)
    if talk.quoted:
        if not talk.of:
            yield f"The text quotes {plural(count, '{} reply', '{} replies')} besides:"
        elif talk.failures[0].reply:
            yield f"{plural(count, '{} reply is', '{} replies are')} quoted, but no conversation."
        else:
            yield f"There is no conversation, but {plural(count, '{} error')}."
        for alike in _alike(talk.failures):
            yield ""
            yield from _failures(alike, "")
        return
    yield f"{name}: {plural(count, '{} thing')} went wrong" + (", the first:" if count > 1 else ":")
    for number, alike in enumerate(_alike(talk.failures)):
        yield ""
        if number == 1:
            yield "Then:"
            yield ""
        yield from _failures(alike, " of the conversation")


def _alike(failures: list[Failure]) -> list[list[Failure]]:
    """The failures in their order, recipients that were refused alike together with the first."""
    found: list[list[Failure]] = []
    refused: dict[object, list[Failure]] = {}
    for failure in failures:
        if not failure.said.upper().startswith("RCPT") or failure.log:
            found.append([failure])
            continue
        codes = tuple(line[:3] for line in failure.reply)
        alike = refused.setdefault((codes, *failure.explanation), [])
        if not alike:
            found.append(alike)
        alike.append(failure)
    return found


def _failures(alike: list[Failure], of: str) -> Iterator[str]:
    """The output for similar failures: one explanation, and where else it applies."""
    first, *others = alike
    yield from _failure(first, of)
    if others:
        more = plural(len(others), "{} more recipient was", "{} more recipients were")
        yield f"  {more} refused alike:"
    for other in others[:_RECIPIENTS]:
        reply = "" if _but_for_address(other) == _but_for_address(first) else other.reply[0]
        yield f"    line {other.line}, after {other.said}{f': {reply}' if reply else ''}"
    if len(others) > _RECIPIENTS:
        yield f"    and {len(others) - _RECIPIENTS:,} more"


def _but_for_address(failure: Failure) -> str:
    address = failure.said.partition("<")[2].partition(">")[0]
    text = "\n".join(failure.reply)
    return text.replace(address, "") if address else text


def _failure(failure: Failure, of: str) -> Iterator[str]:
    """The output for a failure; `of` says what its line number refers to."""
    place = f"line {failure.line}{of}" if failure.line else "the first line"
    if failure.reply and not any(failure.reply[-1] in line for line in failure.log):
        place += f", after {failure.said}" if failure.said else ""
    elif of and not failure.said:  # it stands between two lines
        place = f"after {place}" if failure.line else f"before {place}"
    yield f"{place[:1].upper()}{place[1:]}"
    if failure.said and not failure.reply:
        yield f"  C: {failure.said}"
    for line in failure.reply:
        yield f"  S: {line}"
    for line in failure.log:
        yield f"  The log: {line}"
    if failure.log_more:
        yield f"  The log: {plural(failure.log_more, '{} more line')}"
    from ...session.facts.explain.explanation import labelled

    title = f"{failure.title[:1].upper()}{failure.title[1:]}"
    yield f"  {title}." if not title.endswith(".") else f"  {title}"
    if failure.means:
        yield f"  {failure.means}"
    if failure.causes:
        yield f"  Usual causes: {failure.causes}"
    if failure.try_next:
        yield f"  {labelled('Try', failure.try_next)}"
    if failure.family:
        yield f"  These are the words of {failure.family}."
    if failure.sources:
        yield f"  ({'; '.join(failure.sources)})"


def _read(word: str, *, mask_names: bool) -> _Read:
    from ...session.foreign.log import LARGEST, ForeignError, open_log, read_log
    from ...session.record.reader import NoHeader, Recording, RecordingError
    from ..recordings.opened import split_number

    data = read_input("explain", LARGEST + 1) if word == "-" else None
    name, number = split_number(word)
    path = Path(name).expanduser()
    shown = "the text" if word == "-" else visible_text(name)
    try:
        with progress("explain", f"reading {shown}") as far:
            if data is not None:
                read = _of_log(read_log(data), 0, shown, mask_names, far)
                return _completed(read, data, mask_names)
            try:
                with Recording(path) as recording:
                    size = max(1, path.stat().st_size)
                    far.percent = lambda: min(99, recording.read_to * 100 // size)
                    talk = _told(recording, recording.header.target, 1, 1, mask_names)
                    return _Read("recording", " ".join(recording.problems), [talk])
            except NoHeader:
                numbered = number if name != word else 0
                read = _of_log(open_log(path), numbered, shown, mask_names, far)
                if numbered and not _without_lines(read):
                    return read  # what the text quotes may belong to another conversation
                return _completed(read, _content(path), mask_names)
    except (RecordingError, ForeignError) as error:
        if isinstance(error, ForeignError):
            data = _content(path) if data is None else data
            if (found := _quoted(data, mask_names) or _errors(data, mask_names)) is not None:
                return found
        leave(f"explain: {shown} cannot be read: {error}", 2)
    except OSError as error:
        leave(f"explain: the file cannot be read: {reason(error, path)}.", 2)


def _content(path: Path) -> bytes:
    from ...session.foreign.log import LARGEST

    with os.fdopen(open_regular(path), "rb") as file:
        return file.read(LARGEST)


def _completed(read: _Read, data: bytes, mask_names: bool) -> _Read:
    """What was read of a log, with the replies that it quotes where no line was refused."""
    if not _without_lines(read) and any(talk.failures for talk in read.talks):
        return read
    quoted = _quoted(data, mask_names)
    if quoted is None or _without_lines(read):
        return quoted or read
    return read._replace(talks=[*read.talks, quoted.talks[0]._replace(of=0)])


def _without_lines(read: _Read) -> bool:
    """Whether a log holds only errors: they may quote a reply."""
    return not any(talk.lines for talk in read.talks)


def _quoted(data: bytes, mask_names: bool) -> _Read | None:
    """The replies that a text without a conversation quotes: a mail log, a bounce, an exception."""
    from ...session.foreign.quoted_replies import quoted_replies
    from ...session.record.masking import KnownSecrets
    from ..explain.failures import quoted_failure

    found = quoted_replies(data)
    if not found:
        return None
    secrets = KnownSecrets()
    secrets.hide_names(mask_names)
    told = [quoted_failure(each, secrets) for each in found]
    return _Read("quoted replies", "", [Told(1, 1, "", len(told), told, quoted=True)])


def _errors(data: bytes, mask_names: bool) -> _Read | None:
    """The error messages in a text that holds neither a conversation nor a reply."""
    from ...session.foreign.pasted import decoded, text_lines
    from ...session.record.masking import KnownSecrets
    from ..explain.failures import logged_errors

    secrets = KnownSecrets()
    secrets.hide_names(mask_names)
    found = logged_errors(text_lines(decoded(data))[:_ERROR_LINES], secrets)
    return _Read("errors", "", [Told(1, 1, "", 0, found, quoted=True)]) if found else None


def _of_log(log: ForeignLog, number: int, shown: str, mask_names: bool, far: Progress) -> _Read:
    """The explanation of a log: of all its conversations, or of the one with that number."""
    count = len(log.conversations)
    if number > count:
        there = plural(count, "is {}", "are {}")
        far.end()
        leave(f"explain: {shown} has no conversation {number}: there {there} in it.", 2)
    chosen = [number] if number else range(1, min(count, MOST) + 1)
    talks: list[Told] = []
    for place in chosen:
        far.what = f"explaining {shown}, conversation {place} of {count}"
        talk = log.conversations[place - 1]
        talks.append(_told(talk, talk.peer, place, count, mask_names))
    return _Read(log.format, visible_text(log.unknown(number or 1)), talks)


def _told(recorded: object, target: str, place: int, count: int, mask_names: bool) -> Told:
    from typing import cast

    from ...session.protocol.conversation import Conversation
    from ...session.protocol.replay import Recorded, replay
    from ...session.record.masks import Masking
    from ...session.record.transcript import Transcript
    from ..explain.failures import failures
    from ..export.source import masked_events

    talk = Conversation(Transcript())
    secrets = talk.transcript.secrets
    secrets.hide_names(mask_names)
    replay(cast("Recorded", recorded), talk)
    if mask_names:
        masking = Masking(addresses=True)
        masked_events(talk.transcript, masking, target, secrets.stand_ins).learn()
    found = failures(talk.transcript)
    server = visible_text(secrets.mask_target(target))
    return Told(place, count, server, len(talk.transcript), found)
