"""Logs of other tools yield the conversation in their `expected.jsonl`.

The comparison covers the text of both sides' lines and the facts connected, tls and disconnected,
in order. Where something was omitted, there must be a note.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from heloscope.session.events import Event, Note, Violation
from heloscope.session.foreign.log import ForeignLog, open_log
from heloscope.session.protocol.replay import replay
from heloscope.session.record.transcript import Transcript
from support.foreign_samples import NAMES, SAMPLES
from support.rows import for_each

LINE_MARKS = {"masked", "wrapped", "decoded", "joined"}


def expected(name: str) -> list[dict[str, Any]]:
    file = SAMPLES / f"{Path(name).stem}.expected.jsonl"
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def compared(objects: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [
        (o.get("conn", 1), o["from"], o["text"], *sorted(LINE_MARKS & o.keys()))
        if "from" in o
        else (o.get("conn", 1), o["fact"])
        for o in objects
        if o.get("fact") != "note"
    ]


def found(log: ForeignLog) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    for number, conversation in enumerate(log.conversations, 1):
        for entry in conversation.talk:
            if entry.said:
                marks = sorted(LINE_MARKS & entry.marks)
                rows.append((number, entry.what, entry.text, *marks))
            elif entry.what != "note":
                rows.append((number, entry.what))
    return rows


@for_each(NAMES)
def test_a_sample_is_read_as_wanted(name: str):
    wanted = expected(name)
    log = open_log(SAMPLES / name)
    assert found(log) == compared(wanted)
    if any(o.get("kind") == "omitted" for o in wanted):
        talks = [entry for talk in log.conversations for entry in talk.talk]
        assert any(entry.kind == "omitted" for entry in talks)


def test_the_peer_is_named_as_the_log_names_it():
    assert open_log(SAMPLES / "swaks.txt").conversations[0].peer == "mx.example.org:25"
    assert open_log(SAMPLES / "msmtp-tls-auth.txt").conversations[0].peer == "mx.example.org:587"
    first, second = open_log(SAMPLES / "aiosmtpd.txt").conversations
    assert (first.peer, second.peer) == ("127.0.0.1:48634", "127.0.0.1:48636")


@for_each(
    [
        ("pasted-docker-colours.txt", "nodemailer", True),
        ("pasted-mail-quoted.txt", "swaks", True),
        ("pasted-utf16.txt", "swaks", True),
        ("pasted-journald.txt", "smtplib", True),
        ("phpmailer-html.txt", "PHPMailer", True),
        ("telnet.txt", "terminal", False),
        ("capture-plain.pcap", "capture", True),
    ]
)
def test_the_format_is_recognised(name: str, form: str, sure: bool):
    log = open_log(SAMPLES / name)
    assert (log.format, log.sure) == (form, sure)


def said(name: str, number: int = 1) -> tuple[list[str], list[tuple[int, str]], list[str]]:
    """Return a log's client lines as shown, its notes with the row before each, and its faults."""
    talk = replay(open_log(SAMPLES / name).conversations[number - 1]).transcript
    lines = [talk.mask(row).decode().rstrip() for row in talk if row.sent]
    notes = [(row - 1, event.kind) for row, event in marks(talk) if isinstance(event, Note)]
    return lines, notes, [event.rule for _, event in marks(talk) if isinstance(event, Violation)]


def marks(talk: Transcript) -> list[tuple[int, Event]]:
    return [talk.mark(number) for number in range(talk.mark_count)]


@for_each([
     "curl-v.txt", "exim-server-d.txt", "hmailserver.txt", "mailpit.txt", "postfix-smtpd-v.txt",
     "ruby-net-smtp.txt", "smtp-server.txt", "curl-trace-ascii.txt"])  # fmt: skip
def test_a_message_that_the_log_leaves_out_is_not_a_fault_of_the_server(name: str):
    lines, notes, rules = said(name)
    assert "." in lines
    assert "omitted" in [kind for _, kind in notes]
    assert "reply-during-body" not in rules


def test_responses_of_auth_that_the_log_leaves_out_are_completed_and_masked():
    lines, notes, rules = said("exchange-receive.txt")
    assert lines[1:4] == ["AUTH LOGIN", "********", "********"]
    assert (5, "inferred") in notes
    assert rules == ["secret-in-clear"]


def test_each_line_that_the_log_shows_otherwise_has_a_note():
    _, notes, _ = said("pasted-browser.txt")
    assert notes == [(11, "masked"), (13, "cut"), (15, "cut"), (18, "cut")]
    assert (12, "decoded") in said("swaks-auth-decoded.txt")[1]
    assert (2, "joined") in said("exchange-receive.txt")[1]


def test_it_says_what_is_not_known():
    swaks = open_log(SAMPLES / "swaks.txt")
    assert swaks.unknown() == (
        "Read as a log from swaks. It does not show line endings and times. "
        "Each line is shown as if it ended with CR LF."
    )
    assert "inferred from its content." in open_log(SAMPLES / "telnet.txt").unknown()
    two = open_log(SAMPLES / "capture-any-two.pcap")
    assert "This is conversation 2 of 2 (1 127.0.0.25:587, 2 127.0.0.25:25)" in two.unknown(2)
