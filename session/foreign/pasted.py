"""Undoes what pasting did to a log: encodings, colours, quoting, and prefixes of other loggers."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

LONGEST_LINE = 1 << 20  # characters of a line that are read

_COLOUR = re.compile(r"\x1b\[[0-9;?]{0,40}[A-Za-z]")
_QUOTE = re.compile(r"(?:> ?)")
_PREFIXES = (
    re.compile(r"[\w.-]{1,60} +\| ?"),  # docker compose
    re.compile(r"\w{3} +\d+ [\d:]{8} \S{1,80} \S{1,80}?: "),  # syslog, journald
    re.compile(
        r"\d{4}-\d\d-\d\d[T ][\d:.,]{8,16}(?:Z|[+-]\d\d:?\d\d)? (?:\S{1,60} \S{1,60}\[\d+\]: )?"
    ),
    re.compile(r"\[[^\]]{1,60}\] ?(?:INFO|DEBUG)?:? ?"),
    re.compile(r"(?:remote: | *\| ?|\*\*|\t| {4})"),
)


def decoded(data: bytes) -> str:
    """The text of a file: UTF-8 or UTF-16; octets that are neither stay as surrogates."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    if data[:3] == b"\xef\xbb\xbf":
        data = data[3:]
    head = data[:400]
    if len(head) > 8 and head[1::2].count(0) > len(head) // 4:
        return data.decode("utf-16-le", "replace")
    return data.decode("utf-8", "surrogateescape")


def text_lines(text: str) -> list[str]:
    """Lines without LF and colours; a file whose lines all end in CR has them taken for ends."""
    text = _COLOUR.sub("", text.removeprefix("\ufeff"))
    if "\n" not in text:
        text = text.replace("\r", "\n")
    lines = text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    if sum(line.endswith("\r") for line in lines) * 20 >= len(lines) * 19:
        lines = [line.removesuffix("\r") for line in lines]  # the line end of the file itself
    return [line[:LONGEST_LINE].replace("\u00a0", " ") for line in lines]


def readings(lines: list[str]) -> Iterator[tuple[list[str], str]]:
    """(lines, what was undone) of each way to read them, as they are first."""
    yield lines, ""
    for how, found in _plain_readings(lines):
        yield found, how
    entities = [html.unescape(line) for line in lines]
    if entities != lines:
        yield entities, "HTML"
        for how, found in _plain_readings(entities):
            yield found, how


def _plain_readings(lines: list[str]) -> Iterator[tuple[str, list[str]]]:
    quoted = lines
    for _ in range(3):
        hits = sum(line.startswith(">") for line in quoted)
        if hits < 2 or hits * 4 < sum(bool(line.strip()) for line in quoted):
            break
        quoted = [_QUOTE.sub("", x, count=1) if x.startswith(">") else "" for x in quoted]
        yield "quoting", quoted
    for prefix in _PREFIXES:
        hits = sum(prefix.match(line) is not None for line in lines)
        if hits >= 2 and hits * 2 >= sum(bool(line.strip()) for line in lines):
            yield "a prefix", [prefix.sub("", line, count=1) for line in lines]
