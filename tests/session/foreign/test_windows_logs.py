"""The logs of IIS and Exchange: what they omit counts as unknown, not as missing."""

from __future__ import annotations

from heloscope.app.explain.failures import failures
from heloscope.session.comparison.differences import compare
from heloscope.session.events import Note, TlsStarted, Violation
from heloscope.session.foreign.log import ForeignLog, read_log
from heloscope.session.protocol.dialogue import dialogue
from heloscope.session.protocol.replay import replay
from heloscope.session.record.transcript import Transcript

ROW = "2026-11-28 08:14:41 203.0.113.7 app01 SMTPSVC1 APP01 192.0.2.10 25 {} - {} {} 0 21 0 16 SMTP"
IIS = "\n".join(
    ROW.format(*row)
    for row in (
        ("EHLO", "+app01.client.example", 250),
        ("MAIL", "+FROM:<anna@client.example>+SIZE=100", 250),
        ("RCPT", "+TO:<bob@mx.example.org>", 550),
        ("QUIT", "app01", 240),
    )
)
TOLD = "\n".join((
    "S: 220 mx ready", "C: EHLO app01.client.example", "S: 250-mx", "S: 250 SIZE 9000",
    "C: MAIL FROM:<anna@client.example> SIZE=100", "S: 250 2.1.0 Ok",
    "C: RCPT TO:<bob@mx.example.org>", "S: 550 5.1.1 Unknown", "C: QUIT", "S: 221 Bye",
))  # fmt: skip


def read(text: str) -> tuple[ForeignLog, Transcript]:
    log = read_log(text.encode())
    return log, replay(log.conversations[0]).transcript


def violations(transcript: Transcript) -> list[str]:
    return [event.rule for event in transcript.events() if isinstance(event, Violation)]


def test_the_texts_of_replies_that_iis_does_not_log_are_not_known():
    log, transcript = read(IIS)
    notes = [event.text for event in transcript.events() if isinstance(event, Note)]
    assert notes[1] == "the log has the reply codes but not the reply texts"
    assert notes.count("the reply's text is not in the log") == 4
    assert "It does not show line endings and reply texts." in log.unknown()
    assert "incomplete" not in log.unknown()


def test_a_parameter_is_not_blamed_where_the_offers_are_not_known():
    assert violations(read(IIS)[1]) == []


def test_a_refusal_without_text_is_explained_as_missing_from_the_log():
    [failure] = failures(read(IIS)[1])
    assert failure.means.endswith("The log does not contain the reply's text.")
    assert "no text" not in failure.running


def test_texts_that_are_not_known_do_not_differ_from_others():
    one, other = (dialogue(read(text)[1]) for text in (IIS, TOLD))
    found = compare(one, other)
    kinds = {each.kind for row in found for each in row.differences}
    assert kinds <= {"command"}


EXCHANGE = """\
2026-11-28T10:00:00.010Z,Outbound,08DB9D2C4C5E1A2C,2,192.0.2.25:51234,192.0.2.30:25,+,,
2026-11-28T10:00:00.020Z,Outbound,08DB9D2C4C5E1A2C,3,192.0.2.25:51234,192.0.2.30:25,<,"220 mx, at service",
2026-11-28T10:00:00.021Z,Outbound,08DB9D2C4C5E1A2C,4,192.0.2.25:51234,192.0.2.30:25,>,EHLO mx1.example.org,
2026-11-28T10:00:00.030Z,Outbound,08DB9D2C4C5E1A2C,5,192.0.2.25:51234,192.0.2.30:25,<,250  mx PIPELINING SIZE 99 STARTTLS,
2026-11-28T10:00:00.031Z,Outbound,08DB9D2C4C5E1A2C,6,192.0.2.25:51234,192.0.2.30:25,>,STARTTLS,
2026-11-28T10:00:00.040Z,Outbound,08DB9D2C4C5E1A2C,7,192.0.2.25:51234,192.0.2.30:25,<,220 2.0.0 Ready,
2026-11-28T10:00:00.060Z,Outbound,08DB9D2C4C5E1A2C,8,192.0.2.25:51234,192.0.2.30:25,*,,"TLS protocol SP_PROT_TLS1_2_CLIENT negotiation succeeded using bulk encryption"
2026-11-28T10:00:00.061Z,Outbound,08DB9D2C4C5E1A2C,9,192.0.2.25:51234,192.0.2.30:25,>,EHLO mx1.example.org,
2026-11-28T10:00:00.070Z,Outbound,08DB9D2C4C5E1A2C,10,192.0.2.25:51234,192.0.2.30:25,<,250  mx PIPELINING SIZE 99 CHUNKING,
2026-11-28T10:00:00.072Z,Outbound,08DB9D2C4C5E1A2C,11,192.0.2.25:51234,192.0.2.30:25,>,MAIL FROM:<a@example.org> SIZE=11,
2026-11-28T10:00:00.072Z,Outbound,08DB9D2C4C5E1A2C,12,192.0.2.25:51234,192.0.2.30:25,>,RCPT TO:<bob@example.net>,
2026-11-28T10:00:00.080Z,Outbound,08DB9D2C4C5E1A2C,13,192.0.2.25:51234,192.0.2.30:25,<,250 2.1.0 Ok,
2026-11-28T10:00:00.081Z,Outbound,08DB9D2C4C5E1A2C,14,192.0.2.25:51234,192.0.2.30:25,<,250 2.1.5 Ok,
2026-11-28T10:00:00.082Z,Outbound,08DB9D2C4C5E1A2C,15,192.0.2.25:51234,192.0.2.30:25,>,BDAT 11 LAST,
2026-11-28T10:00:00.090Z,Outbound,08DB9D2C4C5E1A2C,16,192.0.2.25:51234,192.0.2.30:25,<,550 5.7.1 Message rejected,
2026-11-28T10:00:00.096Z,Outbound,08DB9D2C4C5E1A2C,17,192.0.2.25:51234,192.0.2.30:25,-,,Remote
"""  # noqa: E501


def test_rows_of_exchange_are_read_without_the_head_of_the_file():
    log, transcript = read(EXCHANGE)
    assert log.format == "Exchange"
    said = [(e.what, e.text) for e in log.conversations[0].talk if e.said]
    assert said[:3] == [("S", "220 mx, at service"), ("C", "EHLO mx1.example.org"),
                        ("S", "250  mx PIPELINING SIZE 99 STARTTLS")]  # fmt: skip
    assert violations(transcript) == []
    [tls] = [event for event in transcript.events() if isinstance(event, TlsStarted)]
    assert tls.version == "TLSv1.2"
    assert log.conversations[0].talk[-1][:3] == ("disconnected", "", "S")


def test_rows_of_a_receive_connector_are_read_without_the_head_of_the_file():
    turned = EXCHANGE.replace(",<,", ",?,").replace(",>,", ",<,").replace(",?,", ",>,")
    said = [(e.what, e.text) for e in read(turned)[0].conversations[0].talk if e.said]
    assert said[:2] == [("S", "220 mx, at service"), ("C", "EHLO mx1.example.org")]


def test_the_chunks_that_a_log_does_not_hold_are_said_to_be_omitted():
    talk = read(EXCHANGE)[0].conversations[0].talk
    place = next(n for n, entry in enumerate(talk) if entry.text.startswith("BDAT"))
    assert talk[place + 1][:3] == ("note", "the message is not in the log", "omitted")
