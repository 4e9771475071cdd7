"""Extracts the lines of a log from a container: JSON, logfmt, or a saved email."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import cast

from .sampled import SAMPLE, most

_NAMES = ("log", "message", "msg", "MESSAGE", "text", "line")  # fields that contain the line
_DEEPEST = 8  # levels of a JSON document
_LOGFMT = re.compile(r'.*?\b(?:msg|message)=("(?:[^"\\]|\\.)*")')
_FIELD = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,40}: ?\S")
_MIME = re.compile(r"(?i)(?:mime-version|content-transfer-encoding|content-type):")
_SOFT_BREAK = re.compile(r"=\s*\Z")
_QUOTED_OCTET = re.compile(r"=(?:3D|20|0D|09|C2=A0)")
LARGEST = 4 << 20  # characters of a document that is parsed


def of_objects(lines: list[str]) -> list[str] | None:
    """Return the program's lines from a log with one JSON object per line, such as Docker's.

    Return None for any other text.
    """
    if not most(lines, lambda line: line.startswith("{") and _logged(line) is not None):
        return None
    return [piece for line in lines for piece in (_logged(line) or "").split("\n")]


def _logged(line: str) -> str | None:
    fields = _decoded(line)
    if not isinstance(fields, dict):
        return None
    found = cast("dict[str, object]", fields)
    text = next((found[name] for name in _NAMES if isinstance(found.get(name), str)), None)
    return text.rstrip("\r\n") if isinstance(text, str) else None


def of_logfmt(lines: list[str]) -> list[str] | None:
    """Return the program's lines from a logfmt log, whose lines resemble `level=debug msg="..."`.

    Return None for any other text.
    """
    if not most(lines, _LOGFMT.match):
        return None
    found = ((line, _LOGFMT.match(line)) for line in lines)
    return [str(_decoded(match[1])) if match is not None else line for line, match in found]


def of_ticket(lines: list[str]) -> list[str] | None:
    """Return the lines of a JSON document with multi-line texts, such as an exported ticket.

    Return None for any other text.
    """
    found = of_document(lines)
    return found if found and len(lines) < len(found) else None


def of_document(lines: list[str]) -> list[str] | None:
    """Return the lines of all texts in a JSON document, or None for any other text."""
    if not lines or lines[0][:1] not in ("{", "[") or sum(map(len, lines)) > LARGEST:
        return None
    document = _decoded("\n".join(lines))
    if document is None:
        return None
    return [line for text in _texts(document, 0) for line in text.split("\n")]


def _texts(value: object, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif depth < _DEEPEST and isinstance(value, list):
        for each in cast("list[object]", value):
            yield from _texts(each, depth + 1)
    elif depth < _DEEPEST and isinstance(value, dict):
        for each in cast("dict[str, object]", value).values():
            yield from _texts(each, depth + 1)


def of_mail(lines: list[str]) -> list[str] | None:
    """Return the decoded lines of an email that was saved with its header (RFC 2045).

    Return None for any other text.
    """
    head: list[str] = []
    for line in lines[:200]:
        if not line.strip():
            break
        if not (_FIELD.match(line) or line[:1] in (" ", "\t")):
            return None
        head.append(line)
    if not any(map(_MIME.match, head)) or sum(map(len, lines)) > LARGEST:
        return None
    return [line for text in _parts("\n".join(lines)) for line in text.split("\n")]


def _parts(mail: str) -> list[str]:
    """Return each text of an email once. HTML is used only if there is no plain text."""
    from email import message_from_bytes
    from email.errors import MessageError

    found: dict[str, list[str]] = {"plain": [], "html": []}
    try:
        for part in message_from_bytes(mail.encode("utf-8", "surrogateescape")).walk():
            sort = found.get(part.get_content_subtype())
            data = part.get_payload(decode=True)
            if sort is not None and isinstance(data, bytes):
                sort.append(data.decode("utf-8", "surrogateescape").replace("\r\n", "\n"))
    except (MessageError, ValueError, LookupError, RecursionError):
        return []
    texts = found["plain"] or found["html"]
    return [text for at, text in enumerate(texts) if not any(text.strip() in x for x in texts[:at])]


def of_quoted_printable(lines: list[str]) -> list[str] | None:
    """Decode the lines of a quoted-printable text (RFC 2045 section 6.7).

    Return None for any other text.
    """
    sample = lines[:SAMPLE]
    if sum(len(_QUOTED_OCTET.findall(line)) for line in sample) < 2:
        return None
    if not any(map(_SOFT_BREAK.search, sample)):
        return None
    import quopri

    data = quopri.decodestring("\n".join(lines).encode("utf-8", "surrogateescape"))
    return data.decode("utf-8", "surrogateescape").split("\n")


def _decoded(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
