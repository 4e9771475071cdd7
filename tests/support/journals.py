"""Recordings in progress, and their contents."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from heloscope.session.protocol.conversation import Conversation
from heloscope.session.record.journal import Journal


class Told(list[str]):
    """A list of the messages that the journal reported."""

    def __call__(self, sentence: str) -> None:
        self.append(sentence)


def begin(talk: Conversation, where: Path, told: Told | None = None, **more: Any) -> Journal:
    told = Told() if told is None else told
    return Journal.begin(talk.transcript, "mail.example:25", told, where=where, **more)


def lines_of(path: Path | None) -> list[dict[str, Any]]:
    assert path is not None
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def text_of(line: dict[str, Any]) -> bytes:
    return line["text"].encode() if "text" in line else base64.b64decode(line["base64"])
