"""Queue IDs are found if a text proves that they are queue IDs, and nowhere else."""

from __future__ import annotations

from heloscope.session.facts.queue_ids import LONGEST, RULES, queue_id
from support.rows import for_each

FOUND = [
    ("2.0.0 Ok: queued as 1120157643B", "1120157643B"),
    ("2.0.0 Ok: queued as 4Xyz123AbCz5Rq8", "4Xyz123AbCz5Rq8"),
    ("2.0.0 from MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as 4B3C2D1E0F", "4B3C2D1E0F"),
    ("Ok: queued as oX1yZ_3fQ2-SGabc.", "oX1yZ_3fQ2-SGabc"),
    ("OK id=1xW17P-0007s1-37", "1xW17P-0007s1-37"),
    ("OK id=1rXyzA-000000001Ab-2CdE", "1rXyzA-000000001Ab-2CdE"),
    ("id=1xW17P-0007s1-37 message accepted for some recipients", "1xW17P-0007s1-37"),
    ("2.0.0 6AP0mY33002274 Message accepted for delivery", "6AP0mY33002274"),
    ("2.0.0 a1b2c3d4 Message accepted for delivery", "a1b2c3d4"),
    ("2.6.0 <x@example.org> [InternalId=81604378624, Hostname=EX1] 15 bytes", "81604378624"),
    ("2.6.0 <x@example.org> [InternalId=274498] Queued mail for delivery", "274498"),
    (
        "Message Queued (0CF8DC4C-0B6F-4F6A-9E2D-6B7C8D9E0F1A.1)",
        "0CF8DC4C-0B6F-4F6A-9E2D-6B7C8D9E0F1A.1",
    ),
    ("2.0.0 Message queued with id 217700302698266624.", "217700302698266624"),
    ("2.0.0 OK  1376056636 i3si9508927obz.16 - gsmtp", "i3si9508927obz.16"),
    (
        "Ok 0102018f3c5d7e9a-1b2c3d4e-5f60-4718-92a3-b4c5d6e7f809-000000",
        "0102018f3c5d7e9a-1b2c3d4e-5f60-4718-92a3-b4c5d6e7f809-000000",
    ),
    ("ok 1700000000 qp 12345", "12345"),
    ("Ok. 0000000A0B0C.000000005F000000.00001234", "0000000A0B0C.000000005F000000.00001234"),
    ("2.5.0 Ok, envelope id 0ABC12345678XYZ@mta.example.org", "0ABC12345678XYZ@mta.example.org"),
    ("2.0.0 Ok: queued on mxfront1.mail.example as 1700000000-AbCdEf", "1700000000-AbCdEf"),
    ("first line\n2.0.0 Ok: queued as 4ABC", "4ABC"),
]  # fmt: skip
NONE = [
    "2.0.0 OK",
    "OK",
    "queued",
    "2.0.0 OK: queued",
    "Queued (0.123 seconds)",
    "Message queued",
    "2.0.0 Message accepted for delivery",
    "OK: Message accepted for delivery",
    "2.6.0 <GUID> Queued mail for delivery",
    "2.6.0 <20111025103822.7F94E1C0299@example.org> Queued mail for delivery",
    "ok dirdel",
    "2.0.0 <alice@example.org> OfRdLsZNbGXrCwAAIFTO4w Saved",
    "2.1.5 Ok SESSIONID=<imap-1-1700000000-1-123>",
    "Great success",
    "queued as \x1b[31m",
    "",
]


@for_each(FOUND)
def test_the_queue_id_in_the_reply_of(text: str, wanted: str):
    assert queue_id(250, text.encode()) == wanted


@for_each(NONE)
def test_a_reply_without_a_queue_id(text: str):
    assert queue_id(250, text.encode()) is None


def test_a_refusal_has_no_queue_id():
    assert queue_id(451, b"4.3.0 queued as 4ABC") is None


def test_every_rule_has_its_example():
    import re

    for rule in RULES:
        assert any(re.search(rule.text, re.sub(r"^\d\.\d\.\d +", "", text), re.IGNORECASE)
                   for text, _ in FOUND), rule  # fmt: skip


def test_no_more_than_the_beginning_of_a_long_reply_is_read():
    assert queue_id(250, b"x" * LONGEST + b" queued as 4ABC") is None
    assert queue_id(250, b"ok " * 1_000_000) is None
