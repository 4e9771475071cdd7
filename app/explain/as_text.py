"""Failures as text, as printed by `heloscope explain FILE` and exported from a mail log."""

from __future__ import annotations

from collections.abc import Iterator

from ...session.facts.explain.explanation import labelled
from ...session.plural import plural
from .failures import Failure

_OTHERS = 20  # that are named, of those that failed alike


def text_of(failures: list[Failure], of: str = "") -> Iterator[str]:
    """Yield the lines for all failures. Failures that mean the same share one explanation.

    An empty line precedes each explanation. `of` is added after each line number to say which text
    the number refers to.
    """
    for alike in alike_in(failures):
        yield ""
        yield from failures_text(alike, of)


def alike_in(failures: list[Failure]) -> list[list[Failure]]:
    """Group the failures that mean the same, in the order of their first members.

    In a conversation, a group contains recipients refused in the same way. In a mail log, a group
    contains failures with the same known meaning. Any other failure forms a group of its own.
    """
    found: list[list[Failure]] = []
    refused: dict[object, list[Failure]] = {}
    for failure in failures:
        recipient = failure.said.upper().startswith("RCPT") and not failure.log
        if not recipient and not (failure.about and failure.means):
            found.append([failure])
            continue
        codes = tuple(line[:3] for line in failure.reply)
        alike = refused.setdefault((codes, bool(failure.about), *failure.explanation), [])
        if not alike:
            found.append(alike)
        alike.append(failure)
    return found


def failures_text(alike: list[Failure], of: str) -> Iterator[str]:
    """Yield the lines for similar failures: one explanation, and where else it applies.

    `of` is added after each line number to say which text the number refers to.
    """
    first, *others = alike
    yield from _failure(first, of)
    if not others:
        return
    if first.about:
        yield f"  {plural(len(others), '{} more like it', '{} more like it')}:"
    else:
        more = plural(len(others), "{} more recipient was", "{} more recipients were")
        yield f"  {more} refused in the same way:"
    for other in others[:_OTHERS]:
        yield f"    {_other(other, first)}"
    if len(others) > _OTHERS:
        yield f"    and {len(others) - _OTHERS:,} more"


def _other(other: Failure, first: Failure) -> str:
    same = _but_for_address(other) == _but_for_address(first)
    if not first.about:
        reply = "" if same else f": {other.reply[0]}"
        return f"line {other.line}, after {other.said}{reply}"
    said = "" if same else " ".join((*other.reply, *other.log))
    return f"line {other.line}: {about_of(other)}{f': {said}' if said else ''}"


def _but_for_address(failure: Failure) -> str:
    address = failure.said.partition("<")[2].partition(">")[0]
    text = "\n".join((*failure.reply, *failure.log))
    return text.replace(address, "") if address else text


def about_of(failure: Failure) -> str:
    """Return which mail or client a failure concerns, and how often it was reported."""
    if failure.times == 1:
        return failure.about
    often = f"{failure.times:,} times, last in line {failure.last}"
    return f"{failure.about}; {often}" if failure.about else often


def place_of(failure: Failure, of: str = "") -> str:
    """Return where a failure is and, if its reply is not quoted in a log, which command it follows.

    `of` is added after the line number to say which text the number refers to.
    """
    place = f"line {failure.line}{of}" if failure.line else "the first line"
    if failure.reply and not any(failure.reply[-1] in line for line in failure.log):
        place += f", after {failure.said}" if failure.said else ""
    elif of and not failure.said:  # it is between two lines
        place = f"after {place}" if failure.line else f"before {place}"
    return f"{place[:1].upper()}{place[1:]}"


def _failure(failure: Failure, of: str) -> Iterator[str]:
    """Yield the lines for a failure. `of` is added after its line number (see `place_of`)."""
    yield place_of(failure, of)
    if about := about_of(failure):
        yield f"  {about[:1].upper()}{about[1:]}"
    if failure.said and not failure.reply:
        yield f"  C: {failure.said}"
    for line in failure.reply:
        yield f"  S: {line}"
    for line in failure.log:
        yield f"  Log: {line}"
    if failure.log_more:
        yield f"  Log: {plural(failure.log_more, '{} more line')}"
    title = f"{failure.title[:1].upper()}{failure.title[1:]}"
    yield f"  {title}." if not title.endswith(".") else f"  {title}"
    if failure.means:
        yield f"  {failure.means}"
    if failure.causes:
        yield f"  Usual causes: {failure.causes}"
    if failure.try_next:
        yield f"  {labelled('Try', failure.try_next)}"
    if failure.family:
        yield f"  This is the wording of {failure.family}."
    if failure.sources:
        yield f"  ({'; '.join(failure.sources)})"
