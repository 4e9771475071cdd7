"""Steps converted to text and back: what is not changed comes out as it went in."""

from __future__ import annotations

import pytest
from heloscope.app.plan.edit import LONGEST_MESSAGE, CannotEdit, data_of, edit_of, message_of
from heloscope.session.stepping.plan import Planned
from hypothesis import given
from hypothesis import strategies as st
from support.rows import for_each


def command(data: bytes, shown: bytes | None = None) -> Planned:
    return Planned("MAIL", "the sender", data, data if shown is None else shown)


def message(data: bytes, size: int | None, *, verb: str = ".", edited: bool = False) -> Planned:
    return Planned(verb, "the message", data, data, edited=edited, size=size)


@given(st.binary(min_size=1, max_size=60) | st.text(min_size=1, max_size=30).map(str.encode))
def test_any_bytes_come_out_of_the_line_as_they_went_in(data: bytes):
    for whole in (data, data + b"\r\n"):
        edit = edit_of(command(whole), 0)
        assert edit.text.isprintable()
        assert data_of(edit, edit.text) == whole


@for_each(
    [
        (b"MAIL FROM:<a@b>\r\n", "MAIL FROM:<a@b>"),
        ("MAIL FROM:<grüße@b>\r\n".encode(), "MAIL FROM:<grüße@b>"),
        (b'MAIL FROM:<"a\\ b"@c>\r\n', 'MAIL FROM:<"a\\ b"@c>'),
        (b"MAIL FROM:<a@b>\n", "MAIL FROM:<a@b>\\n"),
        (b"MAIL FROM:<a@b>", "MAIL FROM:<a@b>"),
        (b"NOOP\r\nRCPT TO:<\\>\r\n", "NOOP\\r\\nRCPT TO:<\\\\>\\r\\n"),
        (b"MAIL FROM:<\xff>\r\n", "MAIL FROM:<\\xff>\\r\\n"),
    ]
)
def test_escapes_stand_only_where_something_could_not_be_seen(data: bytes, text: str):
    edit = edit_of(command(data), 0)
    assert edit.text == text
    assert edit.escaped is (text.encode() + b"\r\n" != data)
    assert "Enter accepts it, Esc leaves it unchanged" in edit.title


def test_a_secret_is_typed_anew_and_not_shown():
    edit = edit_of(command(b"AUTH PLAIN AGEAYg==\r\n", b"AUTH PLAIN ****\r\n"), 0)
    assert edit.text == ""
    assert edit.hidden
    assert data_of(edit, "AUTH PLAIN =") == b"AUTH PLAIN =\r\n"


@pytest.mark.parametrize("again", [False, True])
def test_a_message_is_edited_without_its_doubled_dots_and_its_end(again: bool):
    edit = edit_of(message(b"Subject: x\r\n\r\n..dot\r\n", 20), 0, again=again)
    assert edit.message
    assert edit.again is again
    assert edit.text == "Subject: x\r\n\r\n.dot\r\n"
    assert message_of(edit, b".a\r\nb") == b"..a\r\nb\r\n.\r\n"
    assert message_of(edit, b"") == b".\r\n"
    once_more = edit_of(message(message_of(edit, b".a\r\n"), None, edited=True), 0)
    assert once_more.text == ".a\r\n"


def test_an_empty_message_can_become_one():
    assert edit_of(message(b".\r\n", 0), 0).text == ""


def test_a_last_chunk_is_edited_and_its_size_follows():
    edit = edit_of(message(b"bdat 6 LAST\r\n.dot\r\n", 6, verb="BDAT LAST"), 0)
    assert edit.text == ".dot\r\n"
    assert message_of(edit, b".longer\r\n") == b"bdat 9 LAST\r\n.longer\r\n"


@for_each(
    [
        message(b"caf\xe9\r\n", 6),
        message(b"x\r\n" * 10, 60),
        message(b".\r\n", 700_000),
        message(b"x" * (LONGEST_MESSAGE + 1) + b"\r\n", LONGEST_MESSAGE + 3),
        message(b"BDAT 3\r\nx\r\n", 3, verb="BDAT"),
    ]
)
def test_what_the_editor_cannot_hold_is_not_edited(planned: Planned):
    with pytest.raises(CannotEdit, match=r"not UTF-8\. Edit its file"):
        edit_of(planned, 0)


def test_what_sends_no_line_is_not_edited():
    with pytest.raises(CannotEdit, match=r"^The TLS handshake does not send a line\.$"):
        edit_of(Planned("TLS", "the TLS handshake"), 0)
