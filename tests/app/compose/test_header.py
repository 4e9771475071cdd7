"""The header of a message suggests an envelope, whatever the header contains."""

import re

import pytest
from heloscope.app.compose.form import checked_address
from heloscope.app.compose.header import Envelope, HeaderError, envelope_in
from heloscope.app.input.history import _ADDRESS  # pyright: ignore[reportPrivateUsage]


def test_comments_nested_too_deep_are_refused_with_the_name_of_the_field():
    header = b"From: a@example.org\r\nTo: " + b"(" * 5000 + b"\r\n\r\n"
    with pytest.raises(HeaderError, match=r"^The message's To field .* nested too deeply\.$"):
        envelope_in(header)


def test_what_is_no_address_is_not_left_out():
    header = b'From: <>\r\nTo: bob, undisclosed-recipients:;\r\nCc: "a, b"@x.test\r\n\r\n'
    assert envelope_in(header) == Envelope(None, ["bob", '"a, b"@x.test'])


RESENT = b"""\
Resent-Date: Mon, 30 Nov 2026 12:00:00 +0000
Resent-From: now@x.test
Resent-To: new@x.test
From: old@x.test
To: first@x.test

"""


def test_a_message_that_was_resent_goes_where_it_was_resent_to():
    assert envelope_in(RESENT) == Envelope("now@x.test", ["new@x.test"])
    with pytest.raises(HeaderError, match="the header has several Resent blocks"):
        envelope_in(RESENT[:45] + RESENT)


def test_a_line_end_within_quotes_makes_no_envelope_of_its_own():
    header = b'From: "x\r\n RCPT TO:<z>"@z\r\nTo: a@b.test\r\n\r\n'
    sender = envelope_in(header).sender
    assert sender is not None
    assert checked_address(sender, None)[1]  # refused, with the reason


def test_the_address_of_a_line_may_have_more_than_one_at_sign():
    assert re.findall(_ADDRESS, "RCPT TO:<@a@b> <c@d>") == ["@a@b", "c@d"]
