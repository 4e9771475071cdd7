"""Every request can be answered line by line, with the same result as in a dialog."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest
from heloscope.app.config.reader import load
from heloscope.app.connect.servers import KnownServers
from heloscope.app.dialogs import requests
from heloscope.app.plain.dialogs import NAMES
from heloscope.app.ui import Request
from support.plain import Run, spoken
from support.recorded import recorded


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
    assert shown[shown.index("Added on delivery:") + 1].startswith("  | Return-Path:")
    assert "error: Message 7 was not found." in said.lines


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
    assert any(line.startswith("error: That is not an answer.") for line in said.lines)
    assert any(line.startswith("lesson: Start with lesson 18, ") for line in said.lines)


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
    assert any("client certificate (PEM file)" in line for line in said.begun("asked: "))
    assert any("none.pem" in line for line in said.begun("error: "))
    said = await spoken(*more, "", "", "192.0.2.300", "QUIT")
    assert any("The source must be an IP address" in line for line in said.begun("error: "))


# What the dialog of a message offers besides


async def test_options_are_asked_for_by_name_and_value_and_used():
    said = await spoken(
        "EHLO me", ":send", "options", "notify never", "BODY 8bit", "ENVID abc", "SIZE omit", "",
        "me@example.org", "bob@practice.test", "s", "", ":run", "QUIT",
    )  # fmt: skip
    assert said.begun("C: MAIL", "C: RCPT") == [
        "C: MAIL FROM:<me@example.org> BODY=8BITMIME ENVID=abc",
        "C: RCPT TO:<bob@practice.test> NOTIFY=NEVER",
    ]


async def test_the_plan_can_be_that_of_a_whole_delivery():
    said = await spoken(
        "EHLO me", ":send", "options", "PLAN over a new connection", "", "me@example.org",
        "bob@practice.test", "s", "", "y", ":run", "QUIT",
    )  # fmt: skip
    assert len(said.begun("S: 220")) == 2 and said.begun("C: MAIL")


async def test_the_line_ends_of_a_file_are_asked_for_with_the_options(tmp_path: Path):
    file = tmp_path / "a.eml"
    file.write_bytes(b"Subject: x\n\nHello\n")
    for chosen, lines in ("as in the file", "18"), ("crlf", "21"):
        said = await spoken(
            "EHLO me", ":send", "options", "", "me@example.org", "bob@practice.test", "f",
            str(file), f"LINE-ENDS {chosen}", "", "", "QUIT",
        )  # fmt: skip
        assert any(f"SIZE={lines}" in line for line in said.begun("C: MAIL", "next: ")), said.lines


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("COLOUR red", "error: Unknown option COLOUR. Options: SIZE, BODY,"),
        ("BODY 9BIT", "error: BODY must be as needed or omit BODY or 7BIT or 8BITMIME, not 9BIT."),
        ("BODY", "error: BODY must be as needed or omit BODY or 7BIT or 8BITMIME, not empty."),
    ],
)
async def test_an_option_that_cannot_be_is_told_with_those_that_can(typed: str, told: str):
    said = await spoken("EHLO me", ":send", "options", typed, "", "", "", "s", "", "QUIT")
    assert said.begun(told)


async def test_before_ehlo_it_is_told_why_there_are_no_options():
    said = await spoken(":send", "options", "", "", "", "s", "", "QUIT")
    assert said.begun("note: What this server offers is unknown until EHLO is sent")
    assert any(line.startswith("  PLAN: ") for line in said.lines)


async def test_what_is_wrong_with_a_message_is_told_before_it_is_sent():
    said = await spoken("EHLO me", ":send", "me@example.org", "bob@practice.test", "t",
                        "Subject: x", "", "h\u00e4", ".", "QUIT")  # fmt: skip
    assert said.begun("note: 19 bytes, 8-bit content")


# Comparing, and the settings


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    folder = tmp_path / "heloscope" / "journal"
    folder.mkdir(mode=0o700, parents=True)
    folder.parent.chmod(0o700)
    recorded(folder)
    (folder / "other.jsonl").write_text(
        '{"heloscope": 1, "began": 1790000500.0, "target": "mx.example.net"}\n'
        '{"at": 0.1, "from": "S", "text": "421 4.3.2 greylisted\\r\\n"}\n'
    )
    return folder


async def test_a_recording_is_compared_line_by_line(kept: Path):
    said = await spoken(f":compare {kept}/talk.jsonl", "QUIT")
    shown = said.after("- talk.jsonl (mail.example.org, 2026-")
    assert any(line.startswith("  - ") and "nobody@example.org" in line for line in shown)
    assert any(" differences in " in line for line in shown)


async def test_without_a_file_it_is_chosen_from_the_list_or_two_of_it(kept: Path):
    said = await spoken(":compare", "2", ":compare", "2 1", "QUIT")
    assert said.begun("- talk.jsonl (mail.example.org, 2026-")
    (both,) = said.begun("- talk.jsonl (mail.example.org, 2026-")[1:]
    assert "UTC), + other.jsonl (mx.example.net, 2026-" in both
    said = await spoken(":compare", "7", "QUIT")
    assert "error: Recording 7 not found: the last number is 2." in said.lines


async def test_a_file_that_is_not_there_is_told(tmp_path: Path):
    said = await spoken(f":compare {tmp_path}/none.jsonl", "QUIT")
    assert any("none.jsonl" in line for line in said.begun("error: "))


async def test_the_settings_list_servers_and_keys_and_what_is_refused(tmp_path: Path):
    file = tmp_path / "config.toml"
    file.write_text(
        '[servers.mail]\ntarget = "h"\nuser = "joe"\n[keys]\nraw = "f13"\nhelp = "f5"\n'
    )
    file.chmod(0o600)
    run = Run([":settings", ":settings keys", "QUIT"])
    run.console.made.connections.servers = KnownServers(load(file))
    said = await run.at("practice")
    assert "  @mail: h, user joe" in said.lines and said.lines.count("  raw: f13") == 2
    assert said.begun(
        f"error: Ignored in the configuration: {file}:6: help: F5 is already the key of run"
    )
