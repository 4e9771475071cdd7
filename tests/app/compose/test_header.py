"""The header of a message suggests an envelope, whatever the header holds."""

from heloscope.app.compose.header import Envelope, envelope_in
from heloscope.app.input.history import _ADDRESS  # pyright: ignore[reportPrivateUsage]


def test_comments_nested_too_deep_name_no_address():
    header = b"From: a@example.org\r\nTo: " + b"(" * 5000 + b"\r\n\r\n"
    assert envelope_in(header) == Envelope("a@example.org", [])


def test_the_address_of_a_line_may_have_more_than_one_at_sign():
    assert _ADDRESS.findall("RCPT TO:<@a@b> <c@d>") == ["@a@b", "c@d"]
