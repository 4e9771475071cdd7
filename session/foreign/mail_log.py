"""Reads mail logs, which contain no conversation, to find what failed, for whom and how often."""

from __future__ import annotations

import json
import re
from typing import cast

from .exim_main_log import of_exim
from .incidents import LONGEST, Incident, counted
from .other_mail_logs import of_others
from .pasted import cut_at_width
from .postfix_mail_log import of_postfix

MOST = 200  # different incidents that are found
_BEGINS = re.compile(
    r"(?:> ?){0,9}(?:<\d{1,3}>\d? ?)?(?:\w{3} +\d{1,2} [\d:]{8}|"
    r"\d{4}-\d\d-\d\d[T ]\d\d:|\d{10}\.\d|\{\")"
)
_COMPARED = 500  # deliveries that may repeat another line
_UNFINISHED = 60  # characters of a line that may have been wrapped
_JSON_TEXT = ("MESSAGE", "message", "log", "msg", "line", "text", "_raw", "event")


def mail_log(lines: list[str]) -> list[Incident]:
    """Return the incidents that the mail logs in a text report, each once, in order."""
    found: list[Incident] = []
    for number, line in _whole(lines):
        text = _of_json(line) if line.startswith("{") else line
        each = of_exim(text, number) or of_postfix(text, number) or of_others(text, number)
        if each is not None:
            found.append(each)
    return _settled(counted(found))[: MOST + 1]


def _settled(found: list[Incident]) -> list[Incident]:
    """Remove incidents that a delivery report repeats, such as another server's refusal."""
    quoted = [each for each in found if each.about.startswith(("deferred", "failed", "bounced"))]
    texts = {each.text for each in quoted if each.text}
    replies = {each.reply for each in quoted if each.reply}
    ends = [each.text for each in quoted if each.text][:_COMPARED]

    def again(each: Incident) -> bool:
        if each.about.startswith(("deferred", "failed", "bounced")):
            return False
        if each.reply:
            return each.reply in replies and each.about.startswith("relay ")
        if each.text in texts:
            return True
        return each.text.startswith("connect to ") and any(each.text in end for end in ends)

    return [each for each in found if not again(each)]


def _whole(lines: list[str]) -> list[tuple[int, str]]:
    """Return the number and text of each line, with wrapped lines rejoined."""
    if (uncut := cut_at_width(lines)) is not None and _times(uncut) == len(uncut):
        lines = uncut  # the numbers of lines are then those of the log
    if _times(lines) < 2:
        return [(number, line[:LONGEST]) for number, line in enumerate(lines, 1)]
    found: list[tuple[int, str]] = []
    before = ""
    for number, line in enumerate(lines, 1):
        text = line.lstrip("> ")
        if found and text and len(before) >= _UNFINISHED and _BEGINS.match(line) is None:
            first, begun = found[-1]
            if len(begun) < LONGEST:
                found[-1] = first, f"{begun} {text}"[:LONGEST]
        else:
            found.append((number, line[:LONGEST]))
        before = line
    return found


def _times(lines: list[str]) -> int:
    return sum(_BEGINS.match(line) is not None for line in lines)


def _of_json(line: str) -> str:
    """Return the log line in a JSON object, as written by journald and log collectors.

    Return `line` itself if it is not a JSON object that contains a log line.
    """
    try:
        read: object = json.loads(line)
    except (ValueError, RecursionError):
        return line
    if not isinstance(read, dict):
        return line
    fields = cast("dict[str, object]", read)
    text = next((t for name in _JSON_TEXT if isinstance(t := fields.get(name), str)), "")
    program = fields.get("SYSLOG_IDENTIFIER")
    if isinstance(program, str) and text:
        return f"{program}[0]: {text}"[:LONGEST]
    return text.rstrip("\n")[:LONGEST] or line
