"""Undoes the effects of pasting on a log: encodings, colours, quoting, and loggers' prefixes."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise

from .bare import VERB
from .holders import of_document, of_logfmt, of_objects, of_quoted_printable
from .listed import of_literals, of_quoted_lines, of_records, of_table
from .sampled import SAMPLE, most
from .shared_prefix import REPLY, without_shared_prefix

LONGEST_LINE = 1 << 20  # characters of a line that are read
QUOTING = "quoting"
WRAPPING = "wrapping"
_WIDTH = (60, 80)  # columns to which mail programs wrap
_WIDEST = 400  # columns of a terminal
_USUAL_WIDTHS = (78, 79, 80, 100, 120, 132, 160)
_HEAD = 5  # characters that the lines of a log have in common
_MOST = 32  # readings of a text
_DEEPEST = 3  # changes that are undone one after another
_LARGE = 1 << 20  # characters of a text in which only one change is undone

_COLOUR = re.compile(r"(?:\x1b|\^\[|\u241b)\[[0-9;?]{0,40}[A-Za-z]")  # `cat -v` shows ^[ for ESC
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
    re.compile(r"(?:remote: | *\| ?|\*\*|\+ )"),
)
_TIME = re.compile(r"(?:\d{4}-\d\d-\d\d[T ])?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?")
_LINE_END_SHOWN = re.compile(r"CR|LF|\\[rn]|\\x0|\\01")
_FIELD = re.compile(r"[,;|] ?[a-z_]{2,30}[:=] ?\S")
_LONGEST_FIELD = 400  # characters of a field that all lines end with
_SHOWN_END = re.compile(
    r"(?:\\r\\n|\\[rn]|\^M\$?|<CR><LF>|<CRLF>|<LF>|\u240d\u240a|[\u240d\u240a\u21b5])\s{0,9}\Z"
)
_FEW = 4  # lines that show how all of them end
_SHARE = 0.9  # share of the lines that end alike
_BEFORE = 80  # characters of a line that are searched for its time
_BACKWARDS = (  # the commands of a delivery, the last one first
    re.compile(r"\bQUIT\b"),
    re.compile(r"\bRCPT TO:", re.IGNORECASE),
    re.compile(r"\bMAIL FROM:", re.IGNORECASE),
    re.compile(r"\b(?:EHLO|HELO|LHLO) ", re.IGNORECASE),
)
_MARKED = re.compile(r"[^\w<(\[\"']")  # a character that no broken-off part of a line begins with
_INDENTED = re.compile(r"[ \t]+(?=\S)")
_NUMBERED = re.compile(r"\s{0,8}(\d{1,7})(?:[:.)|\t]|(?=\s|\Z))")
_TAG = re.compile(
    r"</?(?:html|head|body|meta|link|title|pre|code|samp|kbd|tt|p|div|span|br|hr|li|ul|ol|dl|dt|dd|"
    r"table|thead|tbody|tr|td|th|b|i|u|em|strong|font|a|img|blockquote|h[1-6]|o:p|section|details|"
    r"summary)(?=[\s/>])[^<>]{0,400}>",
    re.IGNORECASE,
)
_LINE_END = re.compile(
    r"<br ?/?>|</(?:p|div|li|tr|h[1-6]|pre|blockquote|style|head)>", re.IGNORECASE
)
_CELL_END = re.compile(r"</t[dh]>\s{0,9}(?=<t[dh])", re.IGNORECASE)
_TYPOGRAPHY = str.maketrans({
    "\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2192": "->", "\u2190": "<-",
    "\u2013": "--", "\u2014": "--", "\u200b": None, "\u200c": None, "\u2060": None, "\ufeff": None,
})  # fmt: skip


def decoded(data: bytes) -> str:
    """Decode the text of a file as UTF-8 or UTF-16.

    Octets that are not valid UTF-8 become surrogates.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    if data[:3] == b"\xef\xbb\xbf":
        data = data[3:]
    head = data[:400]
    if len(head) > 8 and head[1::2].count(0) > len(head) // 4:
        return data.decode("utf-16-le", "replace")
    return data.decode("utf-8", "surrogateescape")


def text_lines(text: str) -> list[str]:
    """Split a text into lines, without line endings and colour codes.

    If nearly all lines end in CR, remove the CR from each; do the same with trailing spaces.
    """
    text = _COLOUR.sub("", text.removeprefix("\ufeff"))
    if "\n" not in text:
        text = text.replace("\r", "\n")
    lines = text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    if sum(line.endswith("\r") for line in lines) * 20 >= len(lines) * 19:
        lines = [line.removesuffix("\r") for line in lines]  # the line end of the file itself
    if sum(line.endswith(" ") for line in lines) * 20 >= len(lines) * 19:
        lines = [line.rstrip(" ") for line in lines]  # a terminal fills its lines
    return [line[:LONGEST_LINE].replace("\u00a0", " ") for line in lines]


def newest_first(lines: list[str]) -> bool:
    """Return whether a log has its newest line first.

    If most lines have a time, this is the case if no line is later than the line before it, and the
    last time is earlier than the first. Without times, the order of the commands decides.
    """
    times = [found[0] for line in lines[:SAMPLE] if (found := _TIME.search(line[:_BEFORE]))]
    if len(times) < 3 or len(times) * 2 < sum(bool(line.strip()) for line in lines[:SAMPLE]):
        return _said_backwards(lines)
    return times[0] > times[-1] and all(before >= after for before, after in pairwise(times))


def _said_backwards(lines: list[str]) -> bool:
    """Return whether at least three of QUIT, RCPT, MAIL and EHLO appear, in this order."""
    places: list[list[int]] = [[] for _ in _BACKWARDS]
    for number, line in enumerate(lines[:SAMPLE]):
        for command, found in zip(_BACKWARDS, places, strict=True):
            if command.search(line[:_BEFORE]):
                found.append(number)
    said = [found for found in places if found]
    return len(said) >= 3 and all(
        one[0] < other[0] and one[-1] < other[-1] for one, other in pairwise(said)
    )


def readings(lines: list[str]) -> Iterator[tuple[list[str], tuple[str, ...]]]:
    """Yield each way to read the lines, with the names of the changes that it undoes.

    The first way undoes none. Several prefixes may be undone, such as a container's name and then a
    time, all quoted in an email.
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
            if undo is _unwrapped and cut_at_width(current):
                continue  # which would add spaces
            if undo is _unwrapped and not _may_be_wrapped(current, undone):
                continue
            if (plain := undo(current)) is not None and all(plain != each for each, _ in found):
                found.append((plain, (*undone, how)))


def _may_be_wrapped(lines: list[str], undone: tuple[str, ...]) -> bool:
    """Return whether a mail program may have wrapped the lines.

    This is possible if they were quoted, or if no line longer than the usual width contains a
    space.
    """
    if undone[-1:] == (QUOTING,):
        return True
    return not undone and not any(" " in line.strip() for line in lines if len(line) > _WIDTH[1])


def _unquoted(lines: list[str]) -> list[str] | None:
    hits = sum(line.startswith(">") for line in lines)
    if hits < 2 or hits * 4 < sum(bool(line.strip()) for line in lines):
        return None
    return [_QUOTE.sub("", line, count=1) if line.startswith(">") else "" for line in lines]


def _without(prefix: re.Pattern[str]) -> Callable[[list[str]], list[str] | None]:
    def undo(lines: list[str]) -> list[str] | None:
        if not most(lines, prefix.match):
            return None
        return [prefix.sub("", line, count=1) for line in lines]

    return undo


def _without_suffix(lines: list[str]) -> list[str] | None:
    """Remove the suffix that the lines share, such as a quote, a bar or XML tags.

    Return None if there is no such suffix.
    """
    sample = [line.rstrip() for line in lines[:SAMPLE] if line.strip()]
    (last, count), *_ = Counter(line[-1] for line in sample).most_common(1) or [("", 0)]
    if count < 3 or count < len(sample) * _SHARE:
        return None
    if last.isalnum():
        return _without_field(lines, [line for line in sample if line[-1] == last])
    if of_quoted_lines(lines) is not None:
        return None  # which undoes the escapes between the quotes, too
    ends = [line[::-1][:_BEFORE] for line in sample if line[-1] == last]
    suffix = _begun_alike(ends)[::-1]
    if _LINE_END_SHOWN.search(suffix):
        return None  # which shows that a line is complete
    for place, letter in enumerate(suffix):
        if not letter.isalnum():  # a word at the end of all lines belongs to them
            suffix = suffix[place:].lstrip()
            break
    return [line.rstrip().removesuffix(suffix).rstrip() for line in lines]


def _without_field(lines: list[str], sample: list[str]) -> list[str] | None:
    """Remove a field that a server adds to each line, such as `, referer: https://a/b`.

    Return None if there is no such field.
    """
    suffix = _begun_alike([line[::-1][:_LONGEST_FIELD] for line in sample])[::-1]
    field = _FIELD.search(suffix)
    if field is None:
        return None
    return [line.rstrip().removesuffix(suffix[field.start() :]) for line in lines]


def _begun_alike(texts: list[str]) -> str:
    """Return the beginning that all texts have in common."""
    first, last = min(texts), max(texts)
    same = next((n for n, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), None)
    return first[:same] if same is not None else min(first, last, key=len)


def _unindented(lines: list[str]) -> list[str] | None:
    """Remove the indentation that the lines have in common, or return None if there is none."""
    if not most(lines, _INDENTED.match):
        return None
    heads = [found[0] for line in lines if (found := _INDENTED.match(line)) is not None]
    least = min(heads, key=len)
    return [line.removeprefix(least) for line in lines]


def _unnumbered(lines: list[str]) -> list[str] | None:
    """Remove the line numbers that `cat -n`, `grep -n` and editors show.

    Return None if the lines are not numbered.
    """
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
    """Extract the text from the HTML source of a web page or an email.

    Return None if the lines contain no HTML.
    """
    if not any("&" in line or _TAG.search(line) for line in lines):
        return None
    page = _CELL_END.sub("\t", _LINE_END.sub("\n", "\n".join(lines)))
    page = _TAG.sub("", page)
    return [html.unescape(line).replace("\u00a0", " ") for line in page.split("\n")]


def _plainly_typed(lines: list[str]) -> list[str] | None:
    """Replace the quotes, dashes and arrows of a word processor with plain ones.

    Return None if there are none.
    """
    if all(map(str.isascii, lines)):
        return None
    plain = [line.translate(_TYPOGRAPHY) for line in lines]
    return plain if plain != lines else None


def _unwrapped(lines: list[str]) -> list[str] | None:
    """Rejoin lines that a mail program wrapped, or return None if none were.

    A line continues the preceding one if its first word would not have fitted there, if it is not a
    reply, and if hardly any other line begins like it. The wrapping width is taken from the longest
    line with several words.
    """
    several = (len(line) for line in lines if " " in line.strip())
    width = max((size for size in several if size <= _WIDTH[1]), default=0)
    if width < _WIDTH[0]:
        return None
    few = max(2, len(lines) // 20)
    heads = Counter(line[:_HEAD] for line in lines)
    found: list[str] = []
    before = ""
    for line in lines:
        word, _, _ = line.partition(" ")
        broken = len(before) <= width < len(f"{before} {word}")
        alike = heads[line[:_HEAD]] > few or REPLY.match(line) or _MARKED.match(line)
        if before.strip() and broken and line.strip() and not (alike or before.endswith("=")):
            found[-1] += line if found[-1].endswith(" ") else f" {line}"
        else:
            found.append(line)
        before = line
    return found if len(found) < len(lines) else None


def cut_at_width(lines: list[str]) -> list[str] | None:
    """Rejoin the lines of a text that was cut at a column, even within words.

    Terminals cut lines like this. It is recognised by lines of the maximum length, followed by
    lines that begin unlike most others. Return None for any other text.
    """
    width = max(map(len, lines), default=0)
    if width < _WIDTH[0] or width > _WIDEST:
        return None
    few = max(2, len(lines) // 20)
    heads = Counter(line[:_HEAD] for line in lines)
    found: list[str] = []
    cut = words = 0
    before = ""
    for line in lines:
        goes_on = len(before) == width and line.strip() and not REPLY.match(line)
        if goes_on and heads[line[:_HEAD]] <= few:
            words += before[-1] != " " != line[0]
            cut += 1
            found[-1] += line
        else:
            found.append(line)
        before = line
    return found if words and (cut > 1 or width in _USUAL_WIDTHS) else None


_Undo = Callable[[list[str]], list[str] | None]


def _without_shown_ends(lines: list[str]) -> list[str] | None:
    """Remove line endings that are shown as text, as by `cat -v` and programs that escape them.

    ngrep and others show CR as a dot. The dot is removed if every reply and every command ends with
    one. Return None if no line endings are shown.
    """
    if most(lines, _SHOWN_END.search):
        return [_SHOWN_END.sub("", line) for line in lines]
    said = [line.rstrip() for line in lines[:SAMPLE] if REPLY.match(line) or VERB.match(line)]
    if len(said) < _FEW or not all(line.endswith(".") for line in said):
        return None
    if not any(map(VERB.match, said)):
        return None  # replies may end with one
    return [line.rstrip().removesuffix(".") for line in lines]


_WAYS: tuple[tuple[str, _Undo], ...] = (
    (QUOTING, _unquoted),
    *(("a prefix", _without(prefix)) for prefix in _PREFIXES),
    ("indentation", _unindented),
    ("line numbers", _unnumbered),
    ("HTML", _unescaped),
    ("typography", _plainly_typed),
    ("a prefix", without_shared_prefix),
    ("JSON", of_objects),
    ("logfmt", of_logfmt),
    ("JSON", of_document),
    ("quoted-printable", of_quoted_printable),
    ("a list", of_literals),
    ("quotes", of_quoted_lines),
    ("JSON", of_records),
    ("a table", of_table),
    ("a suffix", _without_suffix),
    ("line endings", _without_shown_ends),
    (WRAPPING, cut_at_width),
    (WRAPPING, _unwrapped),
)
