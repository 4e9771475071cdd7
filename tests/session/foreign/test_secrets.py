"""Passwords in a log are masked as ours are: by their place after AUTH, and by their shape."""

from __future__ import annotations

import base64

import pytest
from heloscope.session.events import Note
from heloscope.session.foreign.log import open_log
from heloscope.session.protocol.replay import replay
from support.foreign_samples import NAMES, SAMPLES

SECRETS = ("wonderland", "looking-glass")
HIDDEN = [
    *(word.encode() for word in SECRETS),
    *(base64.b64encode(word.encode()) for word in SECRETS),
    base64.b64encode(b"\0alice@example.org\0wonderland"),
    base64.b64encode(b"alice@example.org\0alice@example.org\0wonderland"),
]


@pytest.mark.parametrize("name", NAMES)
def test_no_secret_is_shown(name: str):
    for talk in open_log(SAMPLES / name).conversations:
        transcript = replay(talk).transcript
        shown = b"".join(transcript.mask(line) for line in transcript)
        told = [e.text.encode() for e in transcript.marks_after(0) if isinstance(e, Note)]
        for secret in HIDDEN:
            assert secret not in shown + b"\n".join(told)
