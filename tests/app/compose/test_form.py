"""The message form: the request that its fields describe, and the problems that it reports."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from heloscope.app.compose.form import (
    AS_IN_FILE,
    FILE,
    SAMPLE,
    TYPED,
    FormError,
    MessageForm,
    addresses,
    checked_address,
    message_note,
    send_request,
)
from heloscope.app.compose.options import not_offered, options_for
from heloscope.session.procedures.samples import SAMPLES
from support.rows import for_each

EVERYTHING = {
    "SIZE": ("1000",),
    "8BITMIME": (),
    "SMTPUTF8": (),
    "DSN": (),
    "REQUIRETLS": (),
    "CHUNKING": (),
    "PIPELINING": (),
    "MT-PRIORITY": (),
}


def form(**fields: object) -> MessageForm:
    usual = {"sender": "a@example.org", "recipients": "b@example.org"}
    return MessageForm(**{**usual, **fields})  # type: ignore[arg-type]


def problems(of: MessageForm, keywords: dict[str, tuple[str, ...]] | None = None) -> dict[str, str]:
    with pytest.raises(FormError) as error:
        send_request(of, keywords)
    return dict(error.value.problems)


def content(of: MessageForm) -> bytes:
    return b"".join(send_request(of, None).content.parts())


# Addresses


@for_each(
    [
        ("a@b c@d", ["a@b", "c@d"]),
        ("a@b, c@d;e@f", ["a@b", "c@d", "e@f"]),
        ("  <a@b>,<c@d>  ", ["<a@b>", "<c@d>"]),
        ('"a b"@example.org c@d', ['"a b"@example.org', "c@d"]),
        ('"a\\" b,"@example.org', ['"a\\" b,"@example.org']),
        ("", []),
    ]
)
def test_several_addresses_stand_in_one_field(typed: str, found: list[str]):
    assert addresses(typed) == found


def test_brackets_are_taken_off_and_nobody_is_written_as_two_of_them():
    made = send_request(form(sender="<>", recipients="<b@example.org> Postmaster <raw>"), None)
    assert made.sender == ""
    assert made.recipients == ["b@example.org", "Postmaster", "raw"]


def test_what_is_missing_is_asked_for_at_its_field():
    found = problems(MessageForm(source=SAMPLE))
    assert found["from"].startswith("Enter a sender address, or <> for none, as in a bounce.")
    assert found["to"].startswith("Enter recipients, separated by spaces or commas.")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Alice", "Alice has no @"),
        ("a<b@c", "angle brackets belong around an address"),
        ("a@b\x1b[2J", "a@b\\x1b[2J contains a control or invisible character"),
    ],
)
def test_what_is_no_address_is_said_of_sender_and_recipient(typed: str, words: str):
    assert words in problems(form(sender=typed))["from"]
    assert words in problems(form(recipients=f"b@example.org {typed}"))["to"]


def test_a_name_that_needs_utf8_is_said_where_the_server_has_none():
    assert "needs SMTPUTF8" in problems(form(recipients="jürgen@example.org"), {})["to"]
    for keywords in (EVERYTHING, None):  # not known yet is not the same as not offered
        send_request(form(recipients="jürgen@example.org"), keywords)
    send_request(form(recipients="b@bücher.example"), {})  # a domain can be written in ASCII


def test_a_message_is_from_one_address():
    assert "one sender address" in problems(form(sender="a@b c@d"))["from"]


# The message


def test_what_is_typed_goes_out_with_crlf_and_nothing_else_changed():
    assert content(form(text="Subject: ü\n\n.\n..a\nlast")) == (
        b"Subject: \xc3\xbc\r\n\r\n.\r\n..a\r\nlast\r\n"
    )


def test_a_file_goes_out_as_it_is(tmp_path: Path):
    octets = b"Subject: \xff\r\n\r\n.x\r\n\0\r\n"
    (tmp_path / "a letter.eml").write_bytes(octets)
    made = send_request(form(source=FILE, file=str(tmp_path / "a letter.eml")), None)
    assert b"".join(made.content.parts()) == octets
    assert made.title == "Send a letter.eml to b@example.org"


def test_empty_fields_are_filled_from_the_header(tmp_path: Path):
    file = tmp_path / "x.eml"
    file.write_bytes(b"From: Me <me@example.org>\r\nTo: b@x, C <c@x>\r\nCc: b@x\r\n\r\nhi\r\n")
    made = send_request(MessageForm(source=FILE, file=str(file)), None)
    assert (made.sender, made.recipients) == ("me@example.org", ["b@x", "c@x"])
    typed = MessageForm(source=TYPED, text=file.read_text(), sender="<>")
    made = send_request(typed, None)
    assert (made.sender, made.recipients) == ("", ["b@x", "c@x"])


WITH_BCC = b"From: a@x.test\r\nBcc: c@x.test,\r\n d@x.test\r\nTo: b@x.test\r\n\r\nBcc: text\r\n"
WITHOUT_BCC = b"From: a@x.test\r\nTo: b@x.test\r\n\r\nBcc: text\r\n"


@pytest.mark.parametrize("source", [FILE, TYPED], ids=["a file", "typed"])
def test_bcc_is_left_out_where_it_gave_a_recipient(tmp_path: Path, source: str):
    file = tmp_path / "m.eml"
    file.write_bytes(WITH_BCC)
    text = WITH_BCC.decode().replace("\r", "")
    message: dict[str, Any] = {"source": source, "file": str(file), "text": text}
    made = send_request(MessageForm(**message), None)
    assert made.recipients == ["b@x.test", "c@x.test", "d@x.test"]
    assert content(MessageForm(**message)) == WITHOUT_BCC
    assert made.content.size == len(WITHOUT_BCC)
    assert content(form(**message)) == WITH_BCC  # whose recipients were given


def test_why_a_file_cannot_be_read_is_said_in_a_sentence(tmp_path: Path):
    (tmp_path / "secret.eml").write_bytes(b"x")
    (tmp_path / "pipe").mkdir()
    os.mkfifo(tmp_path / "fifo")
    for name, words in (
        ("", "Enter the path of a file"),
        (str(tmp_path / "no.eml"), f"File not found: {tmp_path}/no.eml."),
        (str(tmp_path), f"{tmp_path} is a folder; choose a file."),
        (str(tmp_path / "fifo"), f"{tmp_path}/fifo is not a regular file."),
        (str(tmp_path / "secret.eml" / "x"), "Not a directory."),
        ("a\0b", "Cannot read a\\x00b: "),
        ("x" * 5000, "File name too long."),
    ):
        assert words in problems(form(source=FILE, file=name))["message"]


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_carries_the_addresses_of_the_form(name: str):
    octets = content(form(source=SAMPLE, sample=name, recipients="b@example.org c@example.org"))
    assert octets.startswith(b"From: <a@example.org>\r\nTo: b@example.org, c@example.org\r\n")
    head = octets.partition(b"\r\n\r\n")[0]
    assert b"\r\nDate: " in head and b"@example.org>" in head.partition(b"Message-ID: ")[2]


def test_a_sample_is_as_long_each_time_it_is_made():
    sample = form(source=SAMPLE, sample="plain")
    assert len({content(sample) for _ in range(50)}) == 50
    assert len({len(content(sample)) for _ in range(50)}) == 1


def note(message: bytes, tmp_path: Path, *offered: str, **fields: object) -> str:
    (tmp_path / "m.eml").write_bytes(message)
    keywords = dict.fromkeys(offered, ())
    return message_note(form(source=FILE, file=str(tmp_path / "m.eml"), **fields), keywords)


def test_what_there_is_to_know_of_a_message(tmp_path: Path):
    assert note(b"A: b\r\n\r\n.x\r\n..\r\n", tmp_path) == ("16 bytes, 2 lines beginning with a dot")
    assert note(b".A: b\r\n", tmp_path) == "7 bytes, 1 line beginning with a dot"


def test_the_note_says_what_the_message_needs_and_the_server_lacks(tmp_path: Path):
    header, content = "A: ü\r\n\r\nx\r\n".encode(), "A: u\r\n\r\nü\r\n".encode()
    assert note(header, tmp_path) == (
        "12 bytes, UTF-8 in the header; UTF-8 in the header: SMTPUTF8 is not offered"
    )
    assert note(content, tmp_path).endswith(
        "8-bit characters in the message: 8BITMIME is not offered"
    )
    offered = ("SMTPUTF8", "8BITMIME")
    assert note(header, tmp_path, *offered) == "12 bytes, UTF-8 in the header"
    assert note(content, tmp_path, *offered) == "12 bytes, 8-bit content"
    assert note(content, tmp_path, *offered, options={"BODY": "omit"}).endswith(
        "MAIL lacks BODY=8BITMIME"
    )
    assert note(b"A: b\r\n\r\n" + b"x" * 999 + b"\r\n", tmp_path).endswith(
        "; 1 line longer than 1,000 octets"
    )


# The line ends of a file

LINES = b"Subject: x\n\nline one\nline two"  # 29 octets, the last line without an end


def test_the_note_says_that_line_ends_become_crlf(tmp_path: Path):
    assert note(LINES, tmp_path) == (
        "34 bytes; 3 line endings become CRLF, the last line gets a CRLF: 29 octets become 34"
    )
    assert note(b"A: b\r\n", tmp_path) == "6 bytes"


def test_a_file_can_go_out_with_its_own_line_ends(tmp_path: Path):
    assert note(LINES, tmp_path, line_ends=AS_IN_FILE) == (
        "29 bytes; Line ended by LF alone (3 times)"
    )
    (tmp_path / "m.eml").write_bytes(LINES)
    made = send_request(form(source=FILE, file=str(tmp_path / "m.eml"), line_ends=AS_IN_FILE), {})
    assert b"".join(made.content.parts()) == LINES


# Options


def test_only_what_is_offered_is_asked_for():
    assert options_for(None) == options_for({}) == []
    assert [option.name for option in options_for({"DSN": ()})] == [
        "NOTIFY",
        "ORCPT",
        "RET",
        "ENVID",
    ]
    assert [option.name for option in options_for({"SIZE": (), "PRDR": ()})] == ["SIZE", "PRDR"]
    assert not_offered({"SIZE": (), "DSN": ()}) == [
        "8BITMIME", "SMTPUTF8", "REQUIRETLS", "CHUNKING", "PIPELINING",
    ]  # fmt: skip
    assert not_offered(None) == []


def test_as_usual_nothing_is_said_beyond_what_the_message_needs():
    made = send_request(form(), EVERYTHING)
    assert (made.mail_options, made.rcpt_options) == ([], {"b@example.org": []})
    assert made.how == {"pipelining": False, "chunking": False, "says_size": True}


def test_eight_bits_and_utf8_are_announced_as_needed():
    assert send_request(form(source=SAMPLE, sample="8-bit"), EVERYTHING).mail_options == [
        "BODY=8BITMIME"
    ]
    assert send_request(form(source=SAMPLE, sample="utf-8"), EVERYTHING).mail_options == [
        "BODY=8BITMIME", "SMTPUTF8",
    ]  # fmt: skip
    assert send_request(form(source=SAMPLE, sample="utf-8"), {}).mail_options == []


def test_what_is_chosen_is_said():
    chosen = {
        "SIZE": "omit",
        "BODY": "7BIT",
        "SMTPUTF8": "send",
        "RET": "HDRS",
        "ENVID": "a b+c",
        "NOTIFY": "SUCCESS,DELAY",
        "ORCPT": "send",
        "REQUIRETLS": "send",
        "MT-PRIORITY": "3",
        "CHUNKING": "BDAT",
        "PIPELINING": "send without waiting",
    }
    made = send_request(form(options=chosen, recipients="b@example.org c@example.org"), EVERYTHING)
    assert set(made.mail_options) == {
        "BODY=7BIT", "SMTPUTF8", "RET=HDRS", "ENVID=a+20b+2Bc", "REQUIRETLS", "MT-PRIORITY=3",
    }  # fmt: skip
    assert made.rcpt_options == {
        to: ["NOTIFY=SUCCESS,DELAY", f"ORCPT=rfc822;{to}"]
        for to in ("b@example.org", "c@example.org")
    }
    assert made.how == {"pipelining": True, "chunking": True, "says_size": False}


def test_what_was_chosen_for_another_server_is_not_said_to_this_one():
    made = send_request(form(options={"RET": "HDRS", "CHUNKING": "BDAT"}), {"SIZE": ()})
    assert made.mail_options == []
    assert made.how == {"pipelining": False, "says_size": True}


def test_a_value_that_would_be_two_is_not_taken():
    found = problems(form(options={"MT-PRIORITY": "3 RET=FULL"}), EVERYTHING)
    assert found == {"MT-PRIORITY": "The value must not contain spaces."}
    found = problems(form(options={"ENVID": "x" * 101}), EVERYTHING)
    assert found == {"ENVID": "ENVID is limited to 100 characters (RFC 3461 4.4)."}


@for_each(["[", '"', '\\"', "[a", "(", "@", ",", "<", '"\\', "é", "a@b,"])
def test_64_kib_of_anything_are_split_in_one_pass(piece: str):
    typed = piece * (65536 // len(piece))
    words = addresses(typed)
    assert sum(map(len, words)) <= len(typed)
    for word in words[:20]:
        checked_address(word, {})
