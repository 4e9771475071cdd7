"""Marks of a lesson in a recording: notes about events that no byte shows.

A program feeds a run the events of a session, and other events that no byte shows. For each of
the latter, the program records the note that `note_of` returns. A recording thus contains
everything needed to grade it, in order.
"""

from __future__ import annotations

from ...session.events import LESSON_MARK, Note
from .facts import Began, Did, Said, Saw

LESSON = LESSON_MARK
"""The kind of a Note that is a mark."""
LONGEST = 200  # characters of a word


def note_of(event: Began | Did | Said | Saw) -> Note:
    """Return the mark for an event, in which a step is written as `LESSON/STEP`."""
    match event:
        case Began():
            text = f"step {event.step}{' anew' if event.anew else ''}"
        case Did():
            text = f"done {event.step} {event.misses}"
        case Said():
            text = f"said {event.question} {event.key}"
        case Saw(row=None):
            text = f"saw {event.what} {event.name}".rstrip()
        case Saw():
            text = f"saw {event.what} #{event.row}"
    return Note(event.at, LESSON, text[:LONGEST])


def event_of(note: Note) -> Began | Did | Said | Saw | None:
    """Return the event that a note marks, or None for any other note."""
    if note.kind != LESSON:
        return None
    sort, _, rest = note.text.partition(" ")
    first, _, second = rest.partition(" ")
    match sort:
        case "step" if first:
            return Began(note.at, first, second == "anew")
        case "done" if first and second.isdecimal() and len(second) < 8:
            return Did(note.at, first, int(second))
        case "said" if first and second:
            return Said(note.at, first, second)
        case "saw" if second.startswith("#") and second[1:].isdecimal():
            return Saw(note.at, first, row=int(second[1:]))
        case "saw" if first:
            return Saw(note.at, first, second)
        case _:
            return None
