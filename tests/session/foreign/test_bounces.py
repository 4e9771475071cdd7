"""Bounces: the outcome for each recipient is reported once, even if several parts mention it."""

from __future__ import annotations

from heloscope.session.foreign.bounces import MOST, bounces
from heloscope.session.foreign.incidents import Incident

POSTFIX = """\
This is the mail system at host mx1.firma.example.

<otto@kunde.example>: host mx.kunde.example[192.0.2.5] said: 554 5.7.1 Service
    unavailable; Client host [198.51.100.4] blocked (in reply to RCPT TO
    command)

<lisa@weg.example>: Host or domain name not found. Name service error for
    name=weg.example type=AAAA: Host not found

Final-Recipient: rfc822; otto@kunde.example
Action: failed
Diagnostic-Code: smtp; 554 5.7.1 Service unavailable; Client host [198.51.100.4] blocked

Final-Recipient: rfc822; lisa@weg.example
Action: failed
Diagnostic-Code: X-Postfix; Host or domain name not found. Name service error
    for name=weg.example type=AAAA: Host not found
"""
EXIM = """\
A message that you sent could not be delivered to one or more of its
recipients. The following address(es) failed:

  otto@kunde.example
    host mx.kunde.example [192.0.2.5]
    SMTP error from remote mail server after RCPT TO:<otto@kunde.example>:
    550 5.1.1 No such user
  lisa@weg.example
    all relevant MX records point to non-existent hosts
"""
EXCHANGE = """\
Your message couldn't be delivered.

otto@kunde.example
Remote Server returned '550 5.4.317 Message expired, 'Failed due to certificate
validation' -> 550 5.7.323 tlsa-invalid'
"""
OUTLOOK = """\
Folgende Empfänger konnten nicht erreicht werden:

      otto@kunde.example am 30.11.2026 09:00
            Für diese E-Mail-Adresse ist kein Postfach vorhanden.
            \u2039mx.kunde.example #5.1.10 SMTP; 550 5.1.10 RESOLVER.ADR.NotFound\u203a
"""


def of(text: str) -> list[Incident]:
    return bounces(text.splitlines())


def test_a_bounce_from_postfix_reports_each_recipient_once():
    assert of(POSTFIX) == [
        Incident(
            3,
            "554 5.7.1 Service unavailable; Client host [198.51.100.4] blocked",
            "RCPT TO:<otto@kunde.example>",
            about="failed: <otto@kunde.example>",
        ),
        Incident(
            7,
            text=(
                "Host or domain name not found. Name service error for name=weg.example "
                "type=AAAA: Host not found"
            ),
            about="failed: <lisa@weg.example>",
        ),
    ]


def test_a_bounce_of_exim_has_the_recipient_on_a_line_of_its_own():
    assert of(EXIM) == [
        Incident(
            4,
            "550 5.1.1 No such user",
            "RCPT TO:<otto@kunde.example>",
            about="failed: <otto@kunde.example>",
        ),
        Incident(
            8,
            text="all relevant MX records point to non-existent hosts",
            about="failed: <lisa@weg.example>",
        ),
    ]


def test_a_report_of_exchange_may_have_quotes_within_the_reply():
    (found,) = of(EXCHANGE)
    assert found.reply == (
        "550 5.4.317 Message expired, 'Failed due to certificate validation' -> 550 5.7.323 "
        "tlsa-invalid"
    )
    assert (found.line, found.about) == (4, "failed: <otto@kunde.example>")


def test_what_outlook_shows_names_the_server():
    (found,) = of(OUTLOOK)
    assert found.reply == "550 5.1.10 RESOLVER.ADR.NotFound"
    assert found.about == "failed: <otto@kunde.example>, relay mx.kunde.example"


def test_the_number_of_recipients_is_limited():
    line = "<{}@kunde.example>: host mx.kunde.example[192.0.2.5] said: 550 No {}"
    lines = ["This is the mail system at host x.", *(line.format(n, n) for n in range(MOST + 9))]
    assert len(bounces(lines)) == MOST


def test_an_ordinary_message_is_not_a_bounce():
    assert bounces(["Dear Bob,", "<bob@b.example>: 550 of them.", "  x@y.example"]) == []
