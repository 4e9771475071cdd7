"""The Date and Message-ID of a message, as `email.utils` would write them."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from email.utils import formatdate

import pytest
from heloscope.session.procedures.date_and_id import local_date, message_id

SUMMER, NEW_YEAR = 1782907384.7, 1798761600.0
ZONES = ["UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kolkata", "XYZ-0:30", "ABC+12"]


@pytest.fixture(params=ZONES)
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("at", [0.0, SUMMER, NEW_YEAR])
def test_a_date_has_the_local_time_zone(zone: str, at: float):
    assert local_date(at) == formatdate(at, localtime=True), zone


def test_the_form_of_a_date(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TZ", "NST+3:30")
    time.tzset()
    try:
        assert local_date(SUMMER) == "Wed, 01 Jul 2026 08:33:04 -0330"
    finally:
        monkeypatch.undo()
        time.tzset()


def test_no_message_id_is_used_twice():
    found = {message_id("host.example") for _ in range(1000)}
    assert len(found) == 1000
    assert all(re.fullmatch(r"<[0-9.]+@host\.example>", each) for each in found)
