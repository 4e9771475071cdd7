"""Masks messages, so that others may see them: replaces names, or hides the content.

Names are found in the header and in text, even in quoted-printable or base64 (RFC 2045 sections 6.7
and 6.8) or in an encoded word (RFC 2047). Encoded text is decoded, masked and encoded again. In
base64 that does not encode text, the octets of an address become x. If the content is hidden, every
octet except line endings and the names of header fields (RFC 5322 section 2.2) becomes an x, so
that sizes and lines remain the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from ..events import Kind, Line
from ..verbs import GREETINGS
from .body import Body
from .crossed_out import is_binary, mask_binary, without_cut_words
from .masks import Masking
from .stand_ins import StandIns, names_people
from .transcript import Transcript

MOST_HELD = 4000  # lines of one encoded part that are decoded together
_BASE64_LINE = re.compile(rb"(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?\r?\n")
_BASE64_END = re.compile(rb"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)\r?\n")
_FIELD = re.compile(rb"[!-9;-~]{1,76}: ?")
_WORD_B = re.compile(rb"(=\?[^?\s]{1,40}\?[Bb]\?)([A-Za-z0-9+/=]+)(\?=)")
_WORD_Q = re.compile(rb"(=\?[^?\s]{1,40}\?[Qq]\?)([^?\s]+)(\?=)")
_QUOTED = re.compile(rb"=([0-9A-Fa-f]{2})")
_TO_QUOTE = re.compile(rb"[^A-Za-z0-9@.]")
_OCTET = re.compile(rb"[^\r\n]")
_WIDTH = 76  # of a line that is encoded again (RFC 2045 section 6.7)


class Part(NamedTuple):
    """Masked octets of a message, and a row that they come from."""

    line: Line
    data: bytes


def continues(transcript: Transcript, before: Body, body: Body) -> bool:
    """Return whether `body`, the next one after `before`, is part of the same message as `before`.

    This is so if `body` is the next chunk of BDAT, or if a reply arrived in the middle of the
    message.
    """
    command = transcript[before.first - 1] if before.first else None
    if command is not None and _LAST.match(command.data) and command.kind is Kind.COMMAND:
        return False
    for row in range(before.last + 1, body.first):
        line = transcript[row]
        if not line.sent:
            continue
        verb = line.data.split(None, 1)[:1]
        if (
            line.data.strip() == b"."
            or _LAST_EMPTY.match(line.data)
            or (verb and verb[0].upper().decode("ascii", "replace") in _BEFORE_A_MESSAGE)
        ):
            return False
    return True


_LAST = re.compile(rb"(?i)\s*BDAT\s+\d+\s+LAST\s*\Z")
_LAST_EMPTY = re.compile(rb"(?i)\s*BDAT\s+0+\s+LAST\s*\Z")
_BEFORE_A_MESSAGE = ("MAIL", "RSET", "DATA", *GREETINGS)


class MessageMask:
    """Masks the rows of one message, in order. `shown` returns a row without its secrets.

    If `header` is false, the header has ended already, and the rows are the rest of the message.
    """

    def __init__(
        self,
        masking: Masking,
        names: StandIns | None,
        shown: Callable[[Line], bytes],
        *,
        header: bool = True,
    ) -> None:
        self._masking = masking
        self._names = names
        self._shown = shown
        self._header = header
        self._received = False
        self._people = False  # whether the current field names people
        self._within = False  # within a line that was cut, by its length or at the end of a chunk
        self._base64: list[Part] = []
        self._soft: list[Part] = []  # lines that continue on the next one, by a = at their end

    def copy(self) -> MessageMask:
        """Return a copy of the mask for the rows that follow, leaving this one unchanged."""
        other = MessageMask(self._masking, self._names, self._shown, header=self._header)
        other._received, other._people, other._within = self._received, self._people, self._within
        return other

    def rows(self, lines: Iterable[Line]) -> Iterator[Part]:
        """Yield these rows, masked, as parts. There may be more or fewer parts than rows."""
        for line in lines:
            yield from self._row(line)
        yield from self._end()

    def _row(self, line: Line) -> Iterator[Part]:
        data = self._shown(line)
        begins, self._within = not self._within, line.piece or not line.data.endswith(b"\n")
        binary = line.kind is Kind.CHUNK and not self._header
        if self._masking.content:
            data = self._without_content(data, begins=begins)
        elif self._names is not None:
            if not self._header and begins and not self._within:
                if _BASE64_LINE.fullmatch(data) or (self._base64 and _BASE64_END.fullmatch(data)):
                    self._base64.append(Part(line, data))
                    if len(self._base64) < MOST_HELD:
                        return
                    yield from self._end()
                    return
                yield from self._decoded()
                if data.endswith(b"=\r\n") and len(self._soft) < MOST_HELD:
                    self._soft.append(Part(line, data))
                    return
                if self._soft:
                    self._soft.append(Part(line, data))
                    yield from self._joined()
                    return
            yield from self._end()
            data = self._named(data, binary=binary)
            if not (binary and is_binary(data)):
                data = without_cut_words(data, before=not begins, after=self._within)
        if self._header and begins and data in (b"\r\n", b"\n"):
            self._header = False
        yield Part(line, data)

    def _without_content(self, data: bytes, *, begins: bool) -> bytes:
        field = _FIELD.match(data) if self._header and begins else None
        start = field.end() if field is not None else 0
        return data[:start] + _OCTET.sub(b"x", data[start:])

    def _named(self, data: bytes, *, binary: bool) -> bytes:
        assert self._names is not None
        if binary and is_binary(data):
            return mask_binary(data)
        if not self._header:
            return self._names.mask(data, learn=False)
        field = _FIELD.match(data)
        if field is not None:
            self._received = field[0].lower().rstrip() == b"received:"
            self._people = names_people(data)
        if self._received:
            self._names.learn_trace(data)
        data = _WORD_Q.sub(self._quoted_word, _WORD_B.sub(self._encoded_word, data))
        data = self._names.mask(data, learn=False)
        return self._names.mask_persons(data, field=True) if self._people else data

    def _encoded_word(self, found: re.Match[bytes]) -> bytes:
        assert self._names is not None
        masked = self._names.mask_base64(found[2])
        return found[1] + masked + found[3]

    def _quoted_word(self, found: re.Match[bytes]) -> bytes:
        assert self._names is not None
        text = _QUOTED.sub(lambda one: bytes([int(one[1], 16)]), found[2].replace(b"_", b" "))
        masked = self._names.mask(text, learn=False)
        if masked == text:
            return found[0]
        return found[1] + _TO_QUOTE.sub(lambda one: b"=%02X" % one[0][0], masked) + found[3]

    # Encoded parts

    def _end(self) -> Iterator[Part]:
        yield from self._decoded()
        yield from self._joined()

    def _decoded(self) -> Iterator[Part]:
        """Yield the collected base64 lines with the names in the decoded octets masked."""
        held, self._base64 = self._base64, []
        if not held:
            return
        assert self._names is not None
        whole = b"".join(part.data.rstrip(b"\r\n") for part in held)
        masked = self._names.mask_base64(whole)
        if masked == whole:
            yield from held
            return
        first = held[0].data
        bare = first.rstrip(b"\r\n")
        end = first[len(bare) :]
        yield from _cut(held, masked, len(bare), end, end)

    def _joined(self) -> Iterator[Part]:
        """Join the collected quoted-printable lines, mask the names, and yield lines again."""
        held, self._soft = self._soft, []
        if not held:
            return
        assert self._names is not None
        whole = b"".join(part.data.removesuffix(b"=\r\n") for part in held)
        masked = self._names.mask(whole, learn=False)
        if masked == whole:
            yield from held
            return
        text = masked.rstrip(b"\r\n")
        last = masked[len(text) :] or b"=\r\n"
        yield from _cut(held, text, _WIDTH - 1, b"=\r\n", last)


def _cut(held: list[Part], text: bytes, width: int, end: bytes, last: bytes) -> Iterator[Part]:
    """Yield encoded text in lines of up to `width` octets plus `end`, the last one with `last`.

    The new lines take the place of the collected lines in `held`.
    """
    at, number = 0, 0
    while at < len(text):
        stop = at + width
        if end.startswith(b"=") and b"=" in text[stop - 2 : stop]:  # never cut within an escape
            stop = at + text.rindex(b"=", at, stop) - at
        line = held[min(number, len(held) - 1)].line
        yield Part(line, text[at:stop] + (end if stop < len(text) else last))
        at, number = stop, number + 1
