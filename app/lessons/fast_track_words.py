"""The text at the end of the fast track."""

from __future__ import annotations

from ...session.plural import plural
from .fast_track import FastTrack


def result_of(track: FastTrack) -> list[str]:
    """Return the score and the lesson to start with, as sentences on separate lines."""
    lines = [f"{track.right} of {plural(track.answered, '{} question')} answered correctly."]
    if track.answered < track.total:
        lines[0] = f"{lines[0][:-1]} ({track.total} in all)."
    known = track.known
    if known:
        lines.append(f"You know {plural(len(known), '{} lesson')}: {', '.join(known)}.")
    start = track.start
    if start is None:
        lines.append("You know all lessons. Lesson 18 has five broken servers to diagnose.")
    else:
        lines.append(f"Start with lesson {start.number}, {start.title}.")
    return lines
