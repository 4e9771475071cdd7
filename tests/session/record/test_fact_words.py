"""Facts have the same wording everywhere: on the screen, in exports, and in commands."""

from __future__ import annotations

import io

from heloscope.app.cli.reporting import Report
from heloscope.session.events import (
    Cause,
    Connected,
    Disconnected,
    Event,
    Note,
    TlsFailed,
    TlsStarted,
)
from heloscope.session.record.fact_words import fact_words, is_trouble
from heloscope.session.record.transcript import Transcript
from heloscope.widgets.transcript.lines import rule_text
from support.rows import for_each

FACTS: list[tuple[Event, str, bool]] = [
    (Connected(0.0, "mx.example:25", "192.0.2.1:25"), "connected to mx.example:25  192.0.2.1:25",
     False),
    (Connected(0.0, "mx.example:25", "mx.example:25"), "connected to mx.example:25", False),
    (TlsStarted(0.0, "TLSv1.3", "TLS_AES_256_GCM_SHA384", chain=(b"x",), verified=True),
     "TLS 1.3  AES_256_GCM_SHA384  certificate valid", False),
    (TlsFailed(0.0, "expired", "The certificate has expired"),
     "no TLS: The certificate has expired", True),
    (Disconnected(0.0, Cause.RESET, "reset by the server"), "reset by the server", True),
    (Disconnected(0.0, Cause.CLOSED_BY_SERVER, ""), "closed by the server", False),
    (Note(0.0, "stopped", "stopped before RCPT"), "stopped before RCPT", False),
    (Note(0.0, "timeout", "no reply in time"), "no reply in time", True),
]  # fmt: skip


@for_each(FACTS)
def test_a_fact_is_worded_the_same_everywhere(event: Event, words: str, trouble: bool):
    assert (fact_words(event), is_trouble(event)) == (words, trouble)
    assert rule_text(event).text.strip("─ ") == words
    assert rule_text(event).style.endswith("trouble") is trouble
    output = io.StringIO()
    transcript = Transcript()
    Report(transcript, output)
    transcript.add(event)
    transcript.deliver()
    first, *_ = output.getvalue().splitlines()  # what it means may follow
    assert first.partition(": ")[2] == words


def test_the_days_that_a_certificate_is_valid_are_shown_if_known():
    begun = TlsStarted(0.0, "TLSv1.2", "ECDHE-RSA-AES128-SHA", chain=(b"x",), pinned=True)
    assert fact_words(begun, lambda _: 1).endswith("certificate accepted, 1 day left")
    assert fact_words(begun, lambda _: -2).endswith("certificate accepted, expired")
    assert fact_words(begun, lambda _: None).endswith("certificate accepted")
