r"""The format of a recording: JSON Lines, with a header and then one row or fact per line.

Only *stored* facts are written (rows, Connected, TlsStarted, TlsFailed, Disconnected, Note);
derived events are computed from them again. Bytes are written as text if they are UTF-8, otherwise
as base64, so that every byte survives. Secrets are masked before they reach this module.

    {"heloscope": 1, "version": "0.1.0", "began": 1790000000.0, "target": "mail.example.org:25"}
    {"at": 0.0012, "from": "S", "text": "220 ready\r\n"}
    {"at": 2.1, "first": 1.9, "from": "C", "base64": "/w0K", "tls": true}
    {"at": 2.5, "from": "C", "rows": 3300, "text": "...", "kind": "body"}
    {"at": 9.0, "from": "C", "rows": 3300, "octets": 262144, "sha256": "...", "kind": "body"}
    {"at": 0.2, "fact": "tls", "version": "TLSv1.3", "cipher": "...", "chain": [], "verified": true}
    {"at": 0.2, "fact": "tls failed", "reason": "expired", "detail": "...", "chain": ["MII..."]}
    {"at": 0.2, "fact": "tls failed", "reason": "plain-smtp", "chain": [], "received": "MjIwIHg="}
    {"at": 9.5, "fact": "disconnected", "cause": "closed by the server", "detail": "..."}

`at` is in seconds after `began`, which is in seconds since the epoch. `first` is the time of a
row's first byte, if that did not arrive together with its last byte. A missing field is empty, 0 or
false.
"""

from __future__ import annotations

from binascii import b2a_base64
from collections.abc import Callable, Iterable
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from ..events import (
    INJECTED,
    KIND_MASK,
    MESSAGE_KINDS,
    PIECE,
    SECRET,
    SENT,
    TLS,
    Connected,
    Disconnected,
    Event,
    Line,
    Note,
    TlsFailed,
    TlsStarted,
)
from ..version import VERSION

if TYPE_CHECKING:
    from .rows import Stretch

FORMAT = 1
_encode = msgspec.json.Encoder().encode
_encode_lines = msgspec.json.Encoder().encode_lines
_FLAGS = {TLS: "tls", PIECE: "piece", INJECTED: "injected", SECRET: "secret"}
_TLS_FIELDS = (
    *("alpn", "server_name", "resumed", "verified", "pinned", "problem"),
    *("verify_code", "said"),
)


class _Row(msgspec.Struct, omit_defaults=True, gc=False):
    """The JSON line for a row. A struct is encoded in half the time of a dict."""

    at: float
    sender: str = msgspec.field(name="from")
    tls: bool = False
    piece: bool = False
    injected: bool = False
    secret: bool = False
    kind: str = ""
    rows: int = 1
    first: float | None = None
    text: str | None = None
    base64: str | None = None


# The fields of a row that follow from its flags, by the flags: there are few different ones.
_PLACES: dict[int, tuple[str, bool, bool, bool, bool, str]] = {}


class Anchored(Protocol):
    """The clock of a transcript, as needed for a recording."""

    @property
    def anchor(self) -> tuple[float, float]: ...


def header(transcript: Anchored, target: str) -> bytes:
    """Return the first line of a recording."""
    return _line(
        {"heloscope": FORMAT, "version": VERSION, "began": transcript.anchor[0], "target": target}
    )


_WHOLE = 1.5 * 2**52  # a number added to it is rounded to a whole one


def _rounded(seconds: float) -> float:
    """Return seconds rounded to the microsecond; `round` would take four times as long."""
    return (seconds * 1e6 + _WHOLE - _WHOLE) / 1e6


def is_body(flags: int) -> bool:
    """Return whether a row with these flags is part of a message."""
    return (flags & KIND_MASK) >> 8 in MESSAGE_KINDS


def rows(
    transcript: Anchored,
    data: bytes,
    flags: int,
    at: float,
    count: int = 1,
    first: float | None = None,
) -> bytes:
    """Return the line for one row, or for `count` rows of a message. `data` must be masked."""
    return _encode(_row(transcript.anchor[1], data, flags, at, count, first)) + b"\n"


def _row(
    zero: float, data: bytes, flags: int, at: float, count: int = 1, first: float | None = None
) -> _Row:
    place = _PLACES.get(flags)
    if place is None:
        place = _PLACES[flags] = _said(flags)
    begun = None if first is None or first == at else _rounded(first - zero)
    try:
        text, octets = data.decode(), None
    except UnicodeDecodeError:
        text, octets = None, b2a_base64(data, newline=False).decode()
    return _Row(_rounded(at - zero), *place, max(1, count), begun, text, octets)


def plain_rows(transcript: Anchored, stretch: Stretch) -> bytes:
    """Return the lines for single rows, as `rows` makes them.

    No row may contain an LF except at its end. Usual rows, which are text and end in CRLF, are
    encoded as one text that is then cut into rows. This takes a fifth of the time of encoding them
    one by one.
    """
    zero, data = transcript.anchor[1], stretch.data
    if data.count(b"\r\n") == data.count(b"\n") == len(stretch.at):
        try:
            texts = _encode(data.decode())[1:-1].split(_CRLF)
        except UnicodeDecodeError:
            pass
        else:
            rounded = [((at - zero) * 1e6 + _WHOLE - _WHOLE) / 1e6 for at in stretch.at]
            moments = _encode(rounded)[1:-1].split(b",")
            heads = map(_HEADS.__getitem__, stretch.flags)
            lines = b"".join(chain.from_iterable(zip(moments, heads, texts, repeat(_NEXT))))
            return _BEGIN + lines[: -len(_BEGIN)]
    return _encode_lines([_row(zero, data, flags, at) for at, flags, data in stretch.each()])


class _Heads(dict[int, bytes]):
    """Maps the flags of a row to the part of its line between the time and the text."""

    def __missing__(self, flags: int) -> bytes:
        line = _encode(_Row(0.0, *_said(flags), text=""))
        head = self[flags] = line.removeprefix(_BEGIN + b"0.0").removesuffix(b'"}')
        return head


_HEADS = _Heads()
_BEGIN = b'{"at":'
_CRLF = b"\\r\\n"  # as JSON has it
_NEXT = _CRLF + b'"}\n' + _BEGIN  # between the texts of two lines


def whole(
    transcript: Anchored, target: str, events: Iterable[Event], shown: Callable[[Line], bytes]
) -> str:
    """Return a whole recording. `shown` returns the recorded form of a row."""
    lines = [header(transcript, target)]
    for event in events:
        if isinstance(event, Line):
            lines.append(rows(transcript, shown(event), event.flags, event.at, first=event.began))
        else:
            lines.append(fact(transcript, event))
    return b"".join(lines).decode()


def _said(flags: int) -> tuple[str, bool, bool, bool, bool, str]:
    """Return the row fields derived from the flags: the sender, four Booleans and the kind."""
    sender = "C" if flags & SENT else "S"
    tls, piece, injected, secret = (bool(flags & bit) for bit in _FLAGS)
    return sender, tls, piece, injected, secret, "body" if is_body(flags) else ""


def left_out(
    transcript: Anchored, flags: int, at: float, count: int, octets: int, sha256: str
) -> bytes:
    """Return the line that represents rows whose bytes are not recorded."""
    fields = _place(transcript, flags, at, count)
    return _line({**fields, "rows": count, "octets": octets, "sha256": sha256})


def fact(transcript: Anchored, event: Event) -> bytes:
    """Return the line for a fact that is not a row, or b"" for a derived event."""
    at = _rounded(event.at - transcript.anchor[1])
    match event:
        case Connected():
            said = {"peer": event.peer, "address": event.address, "local": event.local}
            return _line({"at": at, "fact": "connected", **said})
        case TlsStarted():
            said = {"version": event.version, "cipher": event.cipher, "chain": _chain(event)}
            return _line({"at": at, "fact": "tls", **said, **_more(event)})
        case TlsFailed():
            said = {"reason": event.reason, "detail": event.detail, "chain": _chain(event)}
            if event.received:
                said["received"] = b2a_base64(event.received, newline=False).decode()
            return _line({"at": at, "fact": "tls failed", **said, **_more(event)})
        case Disconnected():
            said = {"cause": event.cause.value, "detail": event.detail}
            return _line({"at": at, "fact": "disconnected", **said})
        case Note():
            return _line({"at": at, "fact": "note", "kind": event.kind, "text": event.text})
        case _:
            return b""


def _chain(event: TlsStarted | TlsFailed) -> list[str]:
    return [b2a_base64(found, newline=False).decode() for found in event.chain]


def _more(event: TlsStarted | TlsFailed) -> dict[str, Any]:
    """Return the optional fields that are not empty."""
    fields = msgspec.structs.asdict(event)
    return {name: value for name in _TLS_FIELDS if (value := fields.get(name))}


def _place(transcript: Anchored, flags: int, at: float, count: int) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "at": _rounded(at - transcript.anchor[1]),
        "from": "C" if flags & SENT else "S",
    }
    if count > 1:
        fields["rows"] = count
    for bit, name in _FLAGS.items():
        if flags & bit:
            fields[name] = True
    if is_body(flags):
        fields["kind"] = "body"
    return fields


def _line(fields: dict[str, Any]) -> bytes:
    try:
        return _encode(fields) + b"\n"
    except UnicodeEncodeError:  # a name that was not UTF-8, kept as surrogates
        plain = {
            key: value.encode("utf-8", "backslashreplace").decode()
            if isinstance(value, str)
            else value
            for key, value in fields.items()
        }
        return _encode(plain) + b"\n"
