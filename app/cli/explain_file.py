"""`heloscope explain FILE`: the errors in a recording or another tool's log, and their causes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ...session.plural import plural
from ...session.private_file import reason
from ...session.visible import visible_text
from .progress import Progress, progress
from .sentence import leave
from .streams import read_input

if TYPE_CHECKING:
    from ...session.foreign.log import ForeignLog
    from ..explain.failures import Failure
    from ..explain.reported import Reported

MOST = 20  # conversations that are explained


class Told(NamedTuple):
    """A conversation in a file, with its errors.

    The file contains `of` conversations, of which this is number `place`. `quoted` is set instead
    for what a text reports without a conversation, such as a mail log, a bounce or an exception;
    `of` is then 0 if the file also contains conversations. `unread` explains that the rest of the
    conversation is unknown, or is "".
    """

    place: int
    of: int
    target: str
    lines: int
    failures: list[Failure]
    quoted: Reported | None = None
    unread: str = ""


class _Read(NamedTuple):
    sort: str
    remarks: str
    talks: list[Told]


def of_file(word: str, *, mask_names: bool) -> tuple[dict[str, object], str]:
    """Return the explained errors of the file that `word` names, as a JSON object and as text.

    Ends the program if the file cannot be read.
    """
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
        parts.append(f"{plural(more, '{} more conversation')}; FILE#{MOST + 1} is the next.")
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
        yield f"{name}: nothing was refused in its {plural(talk.lines, '{} line')}{talk.unread}."
        return
    from ..explain.as_text import alike_in, failures_text, text_of

    count = len(talk.failures)
    if talk.quoted is not None:
        yield talk.quoted.begins if talk.of else _besides(talk.quoted)
        yield from text_of(talk.failures)
        return
    yield f"{name}: {plural(count, '{} thing')} went wrong" + (". First:" if count > 1 else ":")
    for number, alike in enumerate(alike_in(talk.failures)):
        yield ""
        if number == 1:
            yield "Then:"
            yield ""
        yield from failures_text(alike, " of the conversation")


def _besides(quoted: Reported) -> str:
    count = len(quoted.failures)
    if all(failure.reply for failure in quoted.failures) and quoted.sort == "quoted replies":
        return f"The text also quotes {plural(count, '{} reply', '{} replies')}:"
    return f"The text also reports {plural(count, '{} more failure')}:"


def _read(word: str, *, mask_names: bool) -> _Read:
    from ...session.foreign.log import LARGEST, ForeignError, content, open_log, read_log
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
                    return read  # quoted replies may belong to another conversation
                return _completed(read, content(path), mask_names)
    except (RecordingError, ForeignError) as error:
        if isinstance(error, ForeignError):
            data = content(path) if data is None else data
            if (found := _reported(data, mask_names)) is not None:
                return found
        leave(f"explain: {shown} cannot be read: {error}", 2)
    except OSError as error:
        leave(f"explain: cannot read the file: {reason(error, path)}.", 2)


def _completed(read: _Read, data: bytes, mask_names: bool) -> _Read:
    """Return what was read from a log, together with anything else that its text reports."""
    found = _reported(data, mask_names)
    if found is None or (_without_lines(read) and found.sort == "errors"):
        return read  # which says the same, and which server it was
    if _without_lines(read):
        return found
    told = [failure for talk in read.talks for failure in talk.failures]
    (talk,) = found.talks
    quoted = talk.quoted.besides(told) if talk.quoted is not None else None
    if quoted is None or not quoted.failures or (told and quoted.sort != "mail log"):
        return read
    more = Told(1, 0, "", 0, quoted.failures, quoted)
    return read._replace(talks=[*read.talks, more])


def _without_lines(read: _Read) -> bool:
    """Return whether a log contains only errors, without any lines of a conversation."""
    return not any(talk.lines for talk in read.talks)


def _reported(data: bytes, mask_names: bool) -> _Read | None:
    """Return what a text without a conversation reports: a mail log, a bounce or an exception.

    Return None if it reports nothing.
    """
    from ..explain.reported import reported

    found = reported(data, mask_names=mask_names)
    if found is None:
        return None
    told = Told(1, 1, "", len(found.failures), found.failures, found)
    return _Read(found.sort, found.remarks, [told])


def _of_log(log: ForeignLog, number: int, shown: str, mask_names: bool, far: Progress) -> _Read:
    """Explain conversation `number` of a log, or its first MOST conversations if `number` is 0."""
    count = len(log.conversations)
    if number > count:
        there = plural(count, "{} conversation")
        far.end()
        leave(f"explain: {shown} has only {there}, so there is no #{number}.", 2)
    chosen = [number] if number else range(1, min(count, MOST) + 1)
    talks: list[Told] = []
    for place in chosen:
        far.what = f"explaining {shown}, conversation {place} of {count}"
        talk = log.conversations[place - 1]
        talks.append(_told(talk, talk.peer, place, count, mask_names))
    return _Read(log.format, visible_text(log.unknown(number)), talks)


def _told(recorded: object, target: str, place: int, count: int, mask_names: bool) -> Told:
    from typing import cast

    from ...session.protocol.conversation import Conversation
    from ...session.protocol.replay import Recorded, replay
    from ...session.record.masks import Masking
    from ...session.record.transcript import Transcript
    from ..explain.failures import failures, is_unreadable
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
    unread = "; what followed inside TLS is unknown" if is_unreadable(talk.transcript) else ""
    return Told(place, count, server, len(talk.transcript), found, unread=unread)
