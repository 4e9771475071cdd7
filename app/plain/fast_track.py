"""The fast track, line by line: each question with its answers, then the result."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from ..lessons.fast_track import FastTrack
from ..lessons.fast_track_words import result_of
from .lesson import ASKED, LESSON, choice_line, paragraphs
from .output import ERROR, Output


async def take_fast_track(
    track: FastTrack, output: Output, line: Callable[[str], Awaitable[str]]
) -> str | None:
    """Ask the questions until there are no more, or an empty line is typed.

    `line` asks for a line. Return the number of the lesson that the learner decides to start, or
    None.
    """
    while (question := track.question) is not None and track.lesson is not None:
        number = track.answered + 1
        place = f"question {number} of {track.total}, lesson {track.lesson.number}"
        output.say(LESSON, place)
        prompt = track.step.prompt if track.step is not None else ""
        for text in (*paragraphs(prompt), *paragraphs(question.ask)):
            output.say(ASKED, text)
        for choice in question.choices:
            output.say(ASKED, choice_line(choice))
        key = await line("the key of an answer; an empty line ends the questions")
        if not key:
            break
        chosen = track.answer(key)
        if chosen is None:
            keys = ", ".join(choice.key for choice in question.choices)
            output.say(ERROR, f"That is not an answer. Answers: {keys}.")
            continue
        for text in paragraphs(chosen.says or chosen.text):
            output.say("right" if chosen.right else "wrong", text)
    for text in result_of(track):
        output.say(LESSON, text)
    start = track.start
    if start is None:
        return None
    answer = await line(f"y starts lesson {start.number}; an empty line does not")
    return str(start.number) if answer.casefold() in ("y", "yes") else None
