"""The header section of a message, read line by line."""

from __future__ import annotations

from heloscope.session.practice.header_section import HeaderFault, HeaderSection
from support.rows import for_each

GOOD = b"Received: here\r\n\tand there\r\nFROM: a@b\r\ndate:\r\n now\r\n"


def test_a_good_header_section_has_no_fault_in_whatever_parts_it_comes():
    lines = (GOOD + b"\r\ntext\r\nno field\r\n").splitlines(keepends=True)
    for size in range(1, len(lines) + 1):
        header = HeaderSection()
        for at in range(0, len(lines), size):
            assert header.add(b"".join(lines[at : at + size])) == []
        assert not header.open and header.end() == []


def test_a_message_may_have_no_text():
    header = HeaderSection()
    assert header.add(GOOD) == [] and header.end() == []


@for_each(
    [
        (b"", [HeaderFault("no-header", 0)]),
        (b"\r\ntext\r\n", [HeaderFault("no-header", 1, b"")]),
        (b" folded: x\r\n", [HeaderFault("no-header", 1, b" folded: x")]),
        (b"Dear Bob,\r\n", [HeaderFault("no-header", 1, b"Dear Bob,")]),
        (GOOD + b"text\r\n", [HeaderFault("no-empty-line", 6, b"text")]),
        (b"From: a\r\n\r\n", [HeaderFault("field-missing", 2, b"", "Date")]),
        (b"Date: a\r\n", [HeaderFault("field-missing", 1, b"", "From")]),
    ]
)
def test_what_is_wrong_is_reported_with_its_line(message: bytes, faults: list[HeaderFault]):
    header = HeaderSection()
    assert header.add(message) + header.end() == faults
