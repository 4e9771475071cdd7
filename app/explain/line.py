"""Explanations of transcript rows, and of events shown as rules, for the explanation panel.

The facts come from `session.facts`, and the row index knows which reply answers which command. The
sentences are heloscope's own, so only what they quote is masked, by the index.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from rich.cells import cell_len

from ...session.events import (
    MESSAGE_KINDS,
    TRIED,
    Cause,
    Connected,
    Disconnected,
    Event,
    Kind,
    Line,
    Note,
    ReplyReceived,
    TlsFailed,
    TlsStarted,
    Unasked,
    Violation,
)
from ...session.facts.commands import COMMANDS, Command
from ...session.facts.disconnect_causes import CAUSES
from ...session.facts.explain.explanation import Explanation
from ...session.facts.explain.reading import explain
from ...session.facts.other_protocols import first_octets
from ...session.facts.other_protocols import recognise as recognise_protocol
from ...session.foreign.entries import ERROR
from ...session.plural import plural
from ...session.protocol.situations import reply_text, situation_at
from ...session.protocol.violations import RULES
from ...session.record.row_index import RowIndex
from ...session.sasl.decode import USERS, Part
from ...session.sasl.in_transcript import parts_at
from ...session.verbs import AUTH_VERBS, opens_auth
from ...session.visible import beginning, visible, visible_text
from ...widgets.panels.line_explanation import NO_EXPLANATION, LineExplanation
from .advice import SAVE_ALL, after_disconnect
from .ending import MARKS, ending

STYLES = {2: "$text-success", 3: "$text-primary", 4: "$text-warning", 5: "$text-error"}
WHOLE = 8000  # octets of a long line, shown in full at most
_DOT = (
    "The server removes the first dot and keeps the rest of the line. A client doubles a dot at "
    "the start of a line, because a line with only a dot ends the message."
)
NAMED = 200  # octets of a line quoted in the explanation of another line
LINES = 20  # octets of a reply searched for known texts
PIECES = 100  # octets of a line searched for its beginning


def meaning_of(
    index: RowIndex, row: int | None, event: Event | None = None, *, room: int = 0
) -> LineExplanation:
    """Explain row `row`, or `event` if `row` is None.

    A row wider than `room` cells is also quoted in full, up to WHOLE octets.
    """
    if row is None:
        return NO_EXPLANATION if event is None else _of_event(index, event)
    if not 0 <= row < len(index.transcript):
        return NO_EXPLANATION
    line = index.transcript[row]
    meaning = _of_sent(index, line) if line.sent else _of_received(index, line)
    warnings = _warnings(index, index.violations_at(row))
    if not line.data.isascii() and not line.secret:
        guessed = _by_guess(index.mask(line))
        meaning = msgspec.structs.replace(meaning, sections=(*guessed, *meaning.sections))
    shown = _whole(index.mask(line).rstrip(b"\r\n"))
    whole = shown if cell_len(shown) > room or line.kind in MESSAGE_KINDS else ""
    return msgspec.structs.replace(meaning, warnings=warnings, whole=whole)


def _whole(data: bytes) -> str:
    """Return a line in full, or its first WHOLE octets and how many more there are."""
    shown = visible(beginning(data, WHOLE))
    if len(data) <= WHOLE:
        return shown
    return f"{shown} … and {len(data) - WHOLE:,} more octets; {SAVE_ALL}"


def _by_guess(data: bytes) -> tuple[tuple[str, str], ...]:
    """Decode an 8-bit line with the character set that it is probably in.

    Return a tuple of one (label, text), or an empty tuple if no character set is guessed.
    """
    from ...session.facts.reply_charset import decoded_by_guess

    found = decoded_by_guess(data.rstrip(b"\r\n"))
    return () if found is None else ((f"Perhaps {found[0]}", visible_text(found[1])),)


def _warnings(index: RowIndex, found: Iterable[Violation]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (
            RULES[each.rule].title + (f" ({each.count:,} times)" if each.count > 1 else ""),
            _why(each.rule, index.text(each.words)),
        )
        for each in found
    )


def meaning_of_message(
    first: int, last: int, size: int, index: RowIndex | None = None
) -> LineExplanation:
    """Explain a message that can be folded into one line. If `index` is given, list its faults."""
    lines = last - first + 1
    return LineExplanation(
        "",
        f"the message: {plural(lines, '{} line')}, {plural(size, '{} byte')}",
        "$accent",
        (("", "Press Enter on this line, or click it, to unfold the message or fold it again."),),
        ("RFC 5321 4.5.2, RFC 5322",),
        warnings=() if index is None else _warnings(index, index.violations_within(first, last)),
    )


def _said(index: RowIndex, row: int) -> str:
    """Return the start of a line to quote in another explanation. The line ends with row `row`."""
    first = row
    line = index.transcript[row]
    while first and row - first < PIECES:
        before = index.transcript[first - 1]
        if not (before.piece and before.sent and before.kind is line.kind):
            break
        first -= 1
    text = b""
    for number in range(first, row + 1):
        text += index.masked(number)
        if len(text) > NAMED:
            break
    text = text.rstrip(b"\r\n")
    if not text:  # as the last answer of SCRAM
        return "an empty line"
    return visible(text[:NAMED]) + ("…" if len(text) > NAMED else "")


def _why(rule: str, detail: str) -> str:
    found = RULES[rule]
    parts = [found.why, f"Here: {detail}." if detail else "", found.rfc]
    return " ".join(part for part in parts if part)


def _of_received(index: RowIndex, line: Line) -> LineExplanation:
    if line.injected:
        return LineExplanation("", "plaintext where TLS should have started", "$text-error")
    reply = index.reply_at(line.row)
    if reply is None:
        return LineExplanation("", "part of an incomplete reply", "")
    greeting = reply.unasked is Unasked.GREETING
    said_in = reply_text(index, reply)
    said = explain(said_in, situation_at(index, reply))
    # RFC 2034 allows none before EHLO, but a greeting that refuses usually has one.
    enhanced = said_in.fitting if greeting and reply.code >= 400 else reply.enhanced
    head = f"{reply.code:03}" if reply.code >= 0 else "no code"
    if enhanced:
        head += f" {enhanced}"
    notes: list[str] = []
    if reply.answers is not None:
        asked = index.transcript[reply.answers]
        took = (index.transcript.time(reply.last) - asked.at) * 1000
        time = f"  {_milliseconds(took)}" if took > 0 else ""  # many logs have no finer times
        notes.append(f"answers {_said(index, reply.answers)}{time}")
    elif greeting:
        notes.append("the greeting")
    elif reply.unasked is not None:
        unseen = reply.unasked is Unasked.UNSEEN
        words = "the command that it answers is not in the log"
        notes.append(words if unseen else f"does not answer a command: {reply.unasked.value}")
    if reply.recipient is not None:
        notes.append(f"for {_said(index, reply.recipient)}")
    notes.append("; ".join(said.sources))
    means = said.means or (said.title if said.own_words else "")
    if said.family:
        means += f"  ({said.family[:1].upper()}{said.family[1:]})"
    return LineExplanation(
        head,
        said.title,
        STYLES.get(reply.code // 100, "$text-error"),
        (
            *(_decoded(index, line.row) if reply.code == 334 else ()),
            *(_other_protocol(index) if reply.code < 0 else ()),
            (_meaning_is(said), means),
            ("Usual causes", said.causes),
            ("Try", said.try_next),
        ),
        tuple(note for note in notes if note),
    )


def _meaning_is(said: Explanation) -> str:
    """Return the label for the meaning of a reply, which shows how certain the meaning is."""
    if not said.own_words:
        return "It means"
    return f"This server's reply {'usually means' if said.sure else 'may mean'}"


def _decoded(index: RowIndex, row: int) -> list[tuple[str, str]]:
    """Return the decoded parts of an AUTH line, with secrets masked."""
    return [
        (part.label.capitalize(), f"{_name_of(index, part)}  {part.means}".rstrip())
        for part in parts_at(index.transcript, row)
    ]


def _name_of(index: RowIndex, part: Part) -> str:
    """Return the masked text of a part of an AUTH line. A user name is masked as a whole."""
    names = index.names
    if names is not None and part.text and part.label in USERS and not part.secret:
        return names.mask_user(part.text)
    return index.text(part.text)


def _of_sent(index: RowIndex, line: Line) -> LineExplanation:
    replies = index.replies_to(line.row)
    notes = [f"answered {_short(reply)}" for reply in replies[:20]]
    if line.kind is Kind.BODY and line.data.startswith(b".."):
        return LineExplanation(
            "",
            "a line of the message that starts with a dot",
            "",
            (("It means", _DOT),),
            ("RFC 5321 4.5.2",),
        )
    if line.kind in MESSAGE_KINDS:
        return LineExplanation("", "a line of the message", "", (), tuple(notes))
    if line.kind is Kind.AUTH:
        return LineExplanation(
            "",
            "an AUTH response, not shown",
            "",
            (
                ("", "Everything the client sends between AUTH and the final reply is masked."),
                *_decoded(index, line.row),
            ),
            (*notes, "RFC 4954 4"),
        )
    if line.kind is Kind.DOUBT:
        return LineExplanation(
            "", "sent ahead: its meaning depends on a reply that is still due", ""
        )
    if line.secret and not opens_auth(line.data):
        return LineExplanation(
            "",
            "probably an AUTH response, not shown",
            "",
            (("", "AUTH had ended when this was sent, so the server treats it as a command."),),
            (*notes, "RFC 4954 4"),
        )
    if line.piece:
        return LineExplanation("", "part of a line, without its line ending", "", (), tuple(notes))
    words = _said(index, line.row).split(None, 1)
    verb = words[0].upper() if words else ""
    command = COMMANDS.get(verb)
    if command is None:
        return LineExplanation(
            "", "not a command defined by any standard", "$text-warning", (), tuple(notes)
        )
    return LineExplanation(
        command.verb,
        command.summary,
        "$accent",
        (
            *(_decoded(index, line.row) if command.verb in AUTH_VERBS else ()),
            ("Syntax", command.syntax),
            ("When", command.when),
            ("Effect", command.effect),
            ("Replies", _codes(command)),
            ("Note", command.traps),
        ),
        (*notes, command.source),
    )


def _codes(command: Command) -> str:
    codes = (*command.success, *command.intermediate, *command.errors)
    return " ".join(map(str, codes))


def _short(reply: ReplyReceived) -> str:
    if reply.code < 0:
        return "by a line without a code"
    return f"with {reply.code} {reply.enhanced}" if reply.enhanced else f"with {reply.code}"


def _milliseconds(took: float) -> str:
    return f"{took:,.0f} ms" if took >= 1 else "under 1 ms"


def _failed(index: RowIndex) -> TlsFailed | None:
    """Return the last failed handshake among the last events, or None."""
    marks = index.transcript.marks_after(max(0, index.transcript.mark_count - MARKS))
    return next((mark for mark in reversed(marks) if isinstance(mark, TlsFailed)), None)


def _other_protocol(index: RowIndex) -> tuple[tuple[str, str], ...]:
    """Describe the server if the first octets from it belong to another protocol.

    Return a tuple of one (label, text), or an empty tuple if they do not.
    """
    first = next((row for row in range(min(LINES, len(index.transcript)))
                  if not index.transcript[row].sent), None)  # fmt: skip
    if first is None:
        return ()
    found = recognise_protocol(index.transcript[first].data)
    return () if found is None else (("Detected", f"{found.what}. {found.hint}"),)


def _evidence(index: RowIndex, event: Disconnected) -> str:
    """Return the known facts about a connection that failed or has ended."""
    transcript = index.transcript
    tried: list[str] = []
    began: float | None = None
    for number in range(min(transcript.mark_count, MARKS)):
        mark = transcript.mark(number)[1]
        if isinstance(mark, Note) and mark.kind == TRIED:
            tried.append(index.text(mark.text))
        elif isinstance(mark, Connected):
            began = mark.at
    if began is None:
        return "; ".join(tried)
    rows = len(transcript)
    heard = next((row for row in range(min(LINES, rows)) if not transcript[row].sent), None)
    said = f"the connection lasted {max(0.0, event.at - began):,.1f} s"
    if heard is None and rows < LINES:
        return f"{said}, and nothing was received"
    if heard is not None and _other_protocol(index):
        return f"{said}; first received: {first_octets(index.masked(heard))}"
    return said


def _of_event(index: RowIndex, event: Event) -> LineExplanation:
    match event:
        case Connected():
            notes = (f"from {index.text(event.local)}",) if event.local else ()
            to = f" to {index.text(event.peer)}" if event.peer else ""
            return LineExplanation("", f"connected{to}", "$text-success",
                           (("Address", index.text(event.address)),), notes)  # fmt: skip
        case TlsStarted() | TlsFailed():
            from .handshake import of_failed, of_started  # certificates take a while to import

            if isinstance(event, TlsFailed):
                return of_failed(event, shown=index.text)
            first = index.transcript[0] if len(index.transcript) else None
            return of_started(event, implicit=first is None or first.tls, shown=index.text)
        case Disconnected(cause=Cause.TLS_FAILED) if (failure := _failed(index)) is not None:
            return _of_event(index, failure)
        case Disconnected(cause=Cause.NOT_TOLD):
            told = CAUSES[event.cause].means
            detail = index.text(event.detail)
            return LineExplanation("", detail, "$text-warning", (("It means", told),))
        case Disconnected():
            cause = ending(index, event)
            return LineExplanation(
                "",
                index.text(event.detail) or event.cause.value,
                "$text-warning",
                (
                    *_other_protocol(index),
                    ("It means", cause.means),
                    ("Try", after_disconnect(event.cause, cause.try_next)),
                    ("Evidence", _evidence(index, event)),
                ),
            )
        case Note():
            return _of_note(index, event)
        case _:
            return NO_EXPLANATION


def _of_note(index: RowIndex, note: Note) -> LineExplanation:
    text = index.text(note.text)
    if note.kind == ERROR:
        from ...session.facts.client_errors import client_error  # most sessions need none of it

        if (error := client_error(note.text)) is not None:
            told = (
                ("The log says", text),
                ("It means", error.means),
                ("Try", error.try_next),
            )
            return LineExplanation("", error.title, "$text-error", told)
    return LineExplanation("", text, "")
