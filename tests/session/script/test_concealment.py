"""The parts of a typed line that must not be shown, and what the history keeps of it."""

from __future__ import annotations

from heloscope.session.script.concealment import concealed_spans, kept_form, reads_as_command
from hypothesis import given
from hypothesis import strategies as st
from support.rows import for_each

PLAIN = "AGFsaWNlAHdvbmRlcmxhbmQ="


def dotted(typed: str) -> str:
    for start, end in concealed_spans(typed):
        typed = typed[:start] + "•" * (end - start) + typed[end:]
    return typed


@for_each([
        ("AUTH PLAIN abc", "AUTH PLAIN •••"),
        ("AUTH pla", "AUTH pla"),
        (":login alice", ":login alice"),
        (":login alice abc", ":login alice •••"),
        (":login alice:abc", ":login alice••••"),
        (":login alice: abc", ":login alice•••••"),
        (":login alice@example.org:a:b c", ":login alice@example.org••••••"),
        (":login alice:", ":login alice:"),
        (":auth plain:abc", ":auth plain••••"),
        (":lgoin alice abc", ":lgoin alice •••"),
        (":auth plain abc", ":auth plain •••"),
        (":auth abc", ":auth •••"),
        (":answer abc", ":answer •••"),
        (":set secret abc", ":set secret •••"),
        (":config mail.password = abc d", ":config mail.password = •••••"),
        (":set theme nord", ":set theme nord"),
        (":find password expired", ":find password expired"),
        (":raw AUTH PLAIN abc", ":raw AUTH PLAIN •••"),
        (r":raw \x41UTH PLAIN abc", ":raw " + "•" * 17),
        (r":raw NOOP\r\nAUTH PLAIN abc", r":raw NOOP\r\nAUTH PLAIN •••"),
        (r":raw d29uZGVybGFuZA==\r\n", ":raw " + "•" * 20),
        (":raw d29uZGVybGFuZA==", ":raw " + "•" * 16),
        (r":raw STARTTLS\r\n", r":raw STARTTLS\r\n"),
        (r":raw \q", r":raw \q"),
        (":edit AUTH PLAIN abc", ":edit AUTH PLAIN •••"),
        (f":find {PLAIN}", ":find " + "•" * 24),
        (":find wonderland", ":find wonderland"),
        (":connect smtp://joe:abc@host:25", ":connect smtp://joe:•••@host:25"),
        (":connect joe:abc@host", ":connect joe:•••@host"),
        (":connect joe@mail.example.org:a@b@host", ":connect joe@mail.example.org:•••@host"),
        (":connect mail.example.org:25", ":connect mail.example.org:25"),
        ("", ""),
        (":", ":"),
    ])  # fmt: skip
def test_the_visible_part_of_a_line_being_typed(typed: str, seen: str):
    assert dotted(typed) == seen


@for_each(
    [
        (":login alice abc", ":login alice"),
        (":login alice:abc", ":login alice"),
        ("AUHT PLAIN abc", "AUHT PLAIN"),
        (f"NOOP {PLAIN}", "NOOP"),
        (r":raw \x41UTH PLAIN abc", ""),
        (PLAIN, ""),
        (":connect smtp://joe:abc@host:25", ":connect smtp://joe:********@host:25"),
        ("  NOOP ", "  NOOP "),
    ]
)
def test_the_stored_part_of_a_line(typed: str, kept: str):
    assert kept_form(typed) == kept


@for_each(["", "N", "NO", "noop", "NOOP x", ":q", "ehlo me", " QUIT", "DATA"])
def test_what_reads_as_a_command(typed: str):
    assert reads_as_command(typed)


@for_each(["wonderland", "wo", "NOOPX", "N x", "no ", "ehl me", "N0"])
def test_what_does_not_open_a_sasl_exchange(typed: str):
    assert not reads_as_command(typed)


@given(st.text() | st.text().map(":raw {}".format) | st.text().map(":login {}".format))
def test_any_line_can_be_checked(typed: str):
    kept_form(typed)
    dotted(typed)
    reads_as_command(typed)
