"""The texts of the diagnoses: a single, complete table, and the two forms in which they appear."""

from __future__ import annotations

import json
import re

from heloscope.session.practice import diagnosis
from heloscope.session.practice.diagnosis import ADVICE, SEEN_BY_SERVER, WORDS, Diagnosis
from heloscope.session.practice.event_text import as_lines, as_object
from heloscope.session.protocol.violations import RULES
from msgspec.structs import replace
from support.rows import for_each

FOUND = Diagnosis(
    3, "127.0.0.1:4711", 7, 1_790_000_000.5, "no-line-end",
    '4 octets and no line ending for 5 seconds: CRLF must follow "NOOP"', "A command ends in CRLF.",
    "RFC 5321 4.1.1", "Send CRLF.",
)  # fmt: skip


def test_a_rule_has_its_words_in_one_table_only():
    assert set(ADVICE) <= set(RULES)
    assert not set(SEEN_BY_SERVER) & set(RULES)
    assert set(WORDS) == set(ADVICE) | set(SEEN_BY_SERVER)


@for_each(WORDS)
def test_each_rule_has_a_reason_a_section_and_something_to_try(rule: str):
    words = WORDS[rule]
    assert words.why.endswith(".")
    assert re.fullmatch(r"RFC \d{4}( [\d.]+)?([,;] (RFC \d{4}|[\d.]+)( [\d.]+)?)*", words.rfc)
    assert words.advice.endswith((".", "?", '"'))


def test_advice_without_the_right_form_gives_the_reason():
    assert diagnosis.advice_for("no-path", "MAIL FROM:<...>") == 'Send "MAIL FROM:<...>".'
    assert diagnosis.advice_for("no-path", "") == RULES["no-path"].why
    assert diagnosis.advice_for("bare-lf", "") == ADVICE["bare-lf"]


def test_in_a_log_it_says_what_was_seen_why_and_what_to_try():
    assert [line.split(" ", 1)[1] for line in as_lines(FOUND)] == [
        '#3 !  4 octets and no line ending for 5 seconds: CRLF must follow "NOOP".',
        "#3    A command ends in CRLF. (RFC 5321 4.1.1)",
        "#3    Try: Send CRLF.",
    ]


def test_a_log_says_how_often():
    assert as_lines(replace(FOUND, times=10))[0].endswith("(seen 10 times)")


def test_as_an_object_it_is_plain_json():
    found = json.loads(json.dumps(as_object(FOUND)))
    assert found == {
        "event": "diagnosis",
        "at": 1_790_000_000.5,
        "connection": 3,
        "peer": "127.0.0.1:4711",
        "row": 7,
        "rule": "no-line-end",
        "seen": '4 octets and no line ending for 5 seconds: CRLF must follow "NOOP"',
        "why": "A command ends in CRLF.",
        "rfc": "RFC 5321 4.1.1",
        "advice": "Send CRLF.",
        "times": 1,
    }
