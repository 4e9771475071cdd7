"""Every request is asked by lines, and answered with what a dialog would give."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest
from heloscope.app.dialogs import requests
from heloscope.app.plain.dialogs import NAMES
from heloscope.app.ui import Request
from support.plain import spoken


def test_every_request_can_be_asked_by_lines():
    wanted = {
        found
        for _, found in inspect.getmembers(requests, inspect.isclass)
        if issubclass(found, Request) and found is not Request
    }
    assert set(NAMES) == wanted


async def test_a_server_is_asked_for_with_its_policy():
    said = await spoken(":connect", "practice", "required", "client.example", "QUIT")
    assert "C: EHLO client.example" in said.lines
    assert "C: STARTTLS" in said.lines
    assert said.status == 0


async def test_a_target_that_is_none_is_said_to_be():
    said = await spoken(":connect", "host:99999", "QUIT")
    assert any("port" in line for line in said.begun("error: "))


async def test_a_message_is_asked_for_field_by_field():
    said = await spoken(
        "EHLO me", ":send", "me@example.org", "bob@practice.test alice@practice.test", "t",
        "Subject: by lines", "", "Hello.", ".", ":run", ":mailbox bob", "QUIT",
    )  # fmt: skip
    assert said.begun("C: MAIL", "C: RCPT") == [
        "C: MAIL FROM:<me@example.org> SIZE=29", "C: RCPT TO:<bob@practice.test>",
        "C: RCPT TO:<alice@practice.test>",
    ]  # fmt: skip
    assert "  | Subject: by lines" in said.lines


async def test_a_mistake_in_a_form_is_told_with_its_field():
    said = await spoken("EHLO me", ":check", "me@example.org", "nobody", "QUIT")
    assert any(line.startswith("error: to: nobody has no @") for line in said.lines)
    assert not said.begun("next: ")


async def test_a_scenario_is_chosen_by_its_name():
    said = await spoken(":practice", "busy", "QUIT")
    assert any(line.startswith("  strict: ") for line in said.lines)
    assert said.begun("S: 421")


async def test_a_message_is_read_by_its_number_and_as_delivered():
    mail = ("MAIL FROM:<a@example.org>", "RCPT TO:<bob@practice.test>", "DATA")
    said = await spoken("EHLO me", *mail, "Subject: one", "", ".", *mail, "Subject: two", "", ".",
                        ":mailbox bob 1", ":mailbox 7", "QUIT")  # fmt: skip
    shown = said.after("Message 1 as received:")
    assert "  | Subject: one" in shown
    assert "  | Subject: two" not in shown
    assert shown[shown.index("What delivery has put in front:") + 1].startswith("  | Return-Path:")
    assert "error: There is no message 7 here." in said.lines


@pytest.mark.parametrize(
    ("order", "wanted"),
    [
        (":help", "  :starttls: switch to TLS"),
        (":glossary envelope", "envelope, term:"),
        (":notices", "Notices:"),
        (":clients", "note: No other program has connected."),
        (":panel", "Extensions:"),
        (":states", "  MAIL: 2xx: after MAIL, no recipient yet"),
        (":tls", "TLS:"),
        (":plan", "Plan:"),
        (":lesson", "Lessons:"),
        (":begin", "  s: :send, send a message: typed, from a file, or a sample"),
        (":mailbox", "Mailbox alice, 0 messages:"),
    ],
)
async def test_a_page_is_written(order: str, wanted: str):
    said = await spoken("EHLO me", order, "", "QUIT")
    assert any(line.startswith(wanted) for line in said.lines), said.lines
    assert said.status == 0


async def test_the_fast_track_asks_question_by_question_and_says_where_to_begin():
    said = await spoken(":fasttrack 18", "1", "7", "", "", "QUIT")
    assert "lesson: question 1 of 2, lesson 18" in said.lines
    assert any(line.startswith(("right: ", "wrong: ")) for line in said.lines)
    assert any(line.startswith("error: There is no such answer.") for line in said.lines)
    assert any(line.startswith("lesson: Begin with lesson 18, ") for line in said.lines)


async def test_a_grade_is_a_page():
    said = await spoken(":lesson 1", "", ":grade", "QUIT")
    assert any(line.strip().startswith("not done  1. ") for line in said.lines)
    assert any(line.endswith(" steps done.") for line in said.lines)


async def test_certificates_and_the_source_address_are_asked_for_where_they_are_wanted(
    tmp_path: Path,
):
    more = (":connect", "127.0.0.1:9", "none", "more", "me.example")
    none = tmp_path / "none.pem"
    said = await spoken(*more, str(none), "", "", "QUIT")
    assert any("client certificate, a PEM file" in line for line in said.begun("asked: "))
    assert any("none.pem" in line for line in said.begun("error: "))
    said = await spoken(*more, "", "", "192.0.2.300", "QUIT")
    assert any("The source is an IP address" in line for line in said.begun("error: "))
