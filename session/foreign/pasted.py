"""Undoes what pasting did to a log: encodings, colours, quoting, and prefixes of other loggers."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import cast

LONGEST_LINE = 1 << 20  # characters of a line that are read
QUOTING = "quoting"
WRAPPING = "wrapping"
_WIDTH = (60, 80)  # a wrapped line is this long at least with the next word, at most without it
_HEAD = 5  # characters by which the lines of a log are alike
_MOST = 16  # readings of a text
_DEEPEST = 3  # things that are undone one after another
_LARGE = 1 << 20  # characters of a text of which only one thing is undone
_SAMPLE = 2_000  # lines that show whether there is something to undo

_COLOUR = re.compile(r"\x1b\[[0-9;?]{0,40}[A-Za-z]")
_QUOTE = re.compile(r"(?:> ?)")
_PREFIXES = (
    re.compile(r"(?:\d{1,3}\|)?[\w.-]{1,60} +\| ?"),  # docker compose, pm2
    re.compile(r"\w{3} +\d+ [\d:.]{8,15} \S{1,80} \S{1,80}?: "),  # syslog, journald
    re.compile(
        r"\d{4}-\d\d-\d\d[T ][\d:.,]{8,18}(?:Z|[+-]\d\d:?\d\d)?[ \t]"
        r"(?:\S{1,60} \S{1,60}\[\d+\]: |std(?:out|err) [FP] )?"  # journald, Kubernetes
    ),
    re.compile(r"(?:\w{3} +\d+ )?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?[ \t]+"),  # ts, Travis
    re.compile(r"\d{1,2}[/.]\d{1,2}[/.]\d{2,4},? [\d:.]{7,15}(?: [AP]M)?[:,]?[ \t]"),  # Windows
    re.compile(r"[\w.-]{1,60}\[[\w.-]{1,20}\]: "),
    re.compile(r"\[[^\]]{1,60}\] ?(?:INFO|DEBUG)?:? ?"),
    re.compile(r"(?:remote: | *\| ?|\*\*)"),
)
_REPLY = re.compile(r"[2-5]\d\d[ -]")
_INDENTED = re.compile(r"[ \t]+(?=\S)")
_NUMBERED = re.compile(r"\s{0,8}(\d{1,7})(?:[:.)|\t]|(?=\s|\Z))")
_TAG = re.compile(r"</?(?:pre|code|samp|tt|p|div|span|br|li|td|tr|b|strong)\b[^<>]{0,200}>")
_TYPOGRAPHY = str.maketrans({
    "\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2192": "->", "\u2190": "<-",
    "\u2013": "--", "\u2014": "--",
})  # fmt: skip


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


def readings(lines: list[str]) -> Iterator[tuple[list[str], tuple[str, ...]]]:
    """(lines, what was undone) of each way to read them, first as they are.

    Prefixes stand behind each other: a container's name, then a time, all of it quoted in a mail.
    """
    found: list[tuple[list[str], tuple[str, ...]]] = [(lines, ())]
    deepest = _DEEPEST if sum(map(len, lines)) < _LARGE else 1
    for place in range(_MOST):
        if place == len(found):
            return
        current, undone = found[place]
        yield current, undone
        if len(undone) >= deepest:
            continue
        for how, undo in _WAYS:
            if how == WRAPPING and undone[-1:] != (QUOTING,):
                continue  # it is quoting that wraps
            if (plain := undo(current)) is not None and all(plain != each for each, _ in found):
                found.append((plain, (*undone, how)))


def _most(lines: list[str], marked: Callable[[str], object]) -> bool:
    """Whether at least two lines, and half of those that are not empty, are marked."""
    sample = [line for line in lines[:_SAMPLE] if line.strip()]
    hits = sum(bool(marked(line)) for line in sample)
    return hits >= 2 and hits * 2 >= len(sample)


def _unquoted(lines: list[str]) -> list[str] | None:
    hits = sum(line.startswith(">") for line in lines)
    if hits < 2 or hits * 4 < sum(bool(line.strip()) for line in lines):
        return None
    return [_QUOTE.sub("", line, count=1) if line.startswith(">") else "" for line in lines]


def _without(prefix: re.Pattern[str]) -> Callable[[list[str]], list[str] | None]:
    def undo(lines: list[str]) -> list[str] | None:
        if not _most(lines, prefix.match):
            return None
        return [prefix.sub("", line, count=1) for line in lines]

    return undo


def _unindented(lines: list[str]) -> list[str] | None:
    """The lines without what indents them, by as much as the least indented one."""
    if not _most(lines, _INDENTED.match):
        return None
    heads = [found[0] for line in lines if (found := _INDENTED.match(line)) is not None]
    least = min(heads, key=len)
    return [line.removeprefix(least) for line in lines]


def _unnumbered(lines: list[str]) -> list[str] | None:
    """The lines without the numbers before them, as `cat -n`, `grep -n` and editors show them."""
    plain: list[str] = []
    last: int | None = None
    hits = 0
    for line in lines:
        found = _NUMBERED.match(line)
        if found is not None and last in (None, int(found[1]) - 1):
            last = int(found[1])
            hits += 1
            plain.append(line[found.end() :])
        else:
            plain.append("")
    if hits < 3 or hits * 2 < sum(bool(line.strip()) for line in lines):
        return None
    least = min((len(x) - len(x.lstrip(" ")) for x in plain if x.strip()), default=0)
    return [line[least:] for line in plain]


def _unescaped(lines: list[str]) -> list[str] | None:
    """The text of the source of a web page."""
    if not any("&" in line or _TAG.search(line) for line in lines):
        return None
    return [html.unescape(_TAG.sub("", line)) for line in lines]


def _plainly_typed(lines: list[str]) -> list[str] | None:
    """The lines with the quotes and arrows that a word processor has changed as they were."""
    plain = [line.translate(_TYPOGRAPHY) for line in lines]
    return plain if plain != lines else None


def _unwrapped(lines: list[str]) -> list[str] | None:
    """The lines with what a mail program broke off put after them again.

    That is a line which did not fit after the one before, is no reply, and begins as hardly any
    other one does.
    """
    few = max(2, len(lines) // 20)
    heads = Counter(line[:_HEAD] for line in lines)
    found: list[str] = []
    before = ""
    for line in lines:
        word, _, _ = line.partition(" ")
        broken = len(before) <= _WIDTH[1] and len(f"{before} {word}") >= _WIDTH[0]
        alike = heads[line[:_HEAD]] > few or _REPLY.match(line)
        if before.strip() and broken and line.strip() and not alike:
            found[-1] += line if found[-1].endswith(" ") else f" {line}"
        else:
            found.append(line)
        before = line
    return found if len(found) < len(lines) else None


def _of_docker(lines: list[str]) -> list[str] | None:
    """What a container wrote, of the file in which Docker keeps it: an object a line."""
    if not _most(lines, lambda line: line.startswith('{"log":')):
        return None
    return [_logged(line) for line in lines]


def _logged(line: str) -> str:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(fields, dict):
        return ""
    text = cast("dict[str, object]", fields).get("log")
    return text.rstrip("\r\n") if isinstance(text, str) else ""


_Undo = Callable[[list[str]], list[str] | None]
_WAYS: tuple[tuple[str, _Undo], ...] = (
    (QUOTING, _unquoted),
    *(("a prefix", _without(prefix)) for prefix in _PREFIXES),
    ("indentation", _unindented),
    ("line numbers", _unnumbered),
    ("HTML", _unescaped),
    ("typography", _plainly_typed),
    ("JSON", _of_docker),
    (WRAPPING, _unwrapped),
)
