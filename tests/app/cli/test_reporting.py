"""A command prints its conversation in batches, and never more than it should show."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from heloscope.app.cli.reporting import Lines, Report
from heloscope.session.events import CLIENT, SERVER
from heloscope.session.protocol.conversation import Conversation
from heloscope.session.record.transcript import Transcript


def said(talk: Conversation, *lines: str) -> None:
    for line in lines:
        direction = CLIENT if line.startswith("C: ") else SERVER
        talk.feed(direction, f"{line[3:]}\r\n".encode(), 0.0)


def test_without_soon_each_line_is_printed_as_it_comes():
    talk, output = Conversation(), io.StringIO()
    Report(talk.transcript, output)
    said(talk, "S: 220 ready", "C: NOOP")
    assert output.getvalue() == "S: 220 ready\nC: NOOP\n"


def test_with_soon_what_has_come_is_recorded_and_then_printed_at_once():
    talk, output = Conversation(), io.StringIO()
    due: list[Callable[[], object]] = []
    recorded: list[str] = []
    Report(talk.transcript, output, soon=due.append, first=lambda: recorded.append("first"))
    said(talk, "S: 220 ready", "C: NOOP", "S: 250 ok", "C: NOOP", "S: 250 ok")
    assert (output.getvalue(), recorded, len(due)) == ("", [], 1)
    due.pop()()
    assert output.getvalue() == "S: 220 ready\n" + "C: NOOP\nS: 250 ok\n" * 2
    assert recorded == ["first"]
    said(talk, "C: NOOP")
    assert len(due) == 1


def test_a_line_that_was_printed_before_is_masked_once_it_is_known_as_a_secret():
    talk, output = Conversation(), io.StringIO()
    Report(talk.transcript, output)
    said(talk, "S: 220 ready", "C: NOOP wonderland", "S: 250 ok", "C: NOOP wonderland", "S: 250 ok")
    talk.transcript.secrets.add(b"wonderland")
    said(talk, "C: NOOP wonderland")
    shown = output.getvalue().splitlines()
    assert shown[1] == shown[3] == "C: NOOP wonderland"
    assert shown[5] == "C: NOOP ********"


def test_a_refusal_is_explained_behind_its_reply():
    talk, output = Conversation(), io.StringIO()
    due: list[Callable[[], object]] = []
    Report(talk.transcript, output, soon=due.append)
    said(talk, "S: 220 ready", "C: VRFY x", "S: 550 5.1.1 no", "C: NOOP", "S: 250 ok")
    due.pop()()
    words = [line.partition(":")[0] for line in output.getvalue().splitlines()]
    assert words == ["S", "C", "S", "means", "C", "S"]


def flooded(line: str, end: str, *, later: bool) -> list[str]:
    """Return the output for a HELP reply of 10,000 lines and `end`, and for the NOOPs after it."""
    talk, output = Conversation(), io.StringIO()
    due: list[Callable[[], object]] = []
    Report(talk.transcript, output, soon=due.append if later else None)
    said(talk, "S: 220 ready", "C: HELP", *[f"S: {line}"] * 10_000, f"S: {end}")
    said(talk, "C: NOOP", "S: 250 ok", "C: NOOP", "S: 250 ok")
    for call in due:
        call()
    return output.getvalue().splitlines()


@pytest.mark.parametrize("later", [False, True])
def test_of_a_reply_without_end_the_first_256_kib_are_printed_and_its_last_line(later: bool):
    line = f"214-{'y' * 94}"  # of 100 octets
    shown = flooded(line, "214 end", later=later)
    printed = 2622  # lines begin within 256 KiB
    assert shown[:3] == ["S: 220 ready", "C: HELP", f"S: {line}"]
    assert shown.count(f"S: {line}") == printed
    assert shown[printed + 2 :] == [
        "S: (7,378 more lines from the server)",
        "S: 214 end",
        *["C: NOOP", "S: 250 ok"] * 2,
    ]


def test_what_is_wrong_with_lines_that_are_not_printed_is_not_printed_either():
    shown = flooded(f"214-{'y' * 600}", "550 5.0.0 enough", later=True)
    assert [line[:37] for line in shown[-7:-4]] == [
        "S: (9,567 more lines from the server)",
        "S: 550 5.0.0 enough",
        "means: refused permanently: mailbox u",
    ]
    assert sum(line.startswith("note: line too long") for line in shown) < 450


def test_of_many_replies_to_nothing_the_first_are_explained_and_what_comes_next_is_again():
    talk, output = Conversation(), io.StringIO()
    Report(talk.transcript, output)
    said(talk, "S: 220 ready", "C: VRFY x", "S: 550 5.1.1 no", *["S: hello"] * 3_000)
    said(talk, "C: VRFY y", "S: 550 5.1.1 no")
    shown = output.getvalue().splitlines()
    assert shown.count("S: hello") == 3_000
    assert sum(line.startswith("means: ") for line in shown) == 1 + 20 + 1
    assert shown[-1].startswith("means: ")


def test_a_recording_in_portions_is_that_of_each_line():
    def recorded(*, later: bool) -> bytes:
        talk, written, due = Conversation(), list[bytes](), list[Callable[[], object]]()
        talk.transcript.anchor = (1_800_000_000.0, 0.0)
        soon = due.append if later else None
        Lines(talk.transcript, "x", written.append, header=False, soon=soon)
        said(talk, "S: 220 ready", "C: NOOP", "S: 250 ok", "C: VRFY caf\xe9", "S: 250 ok")
        for call in due:
            call()
        return b"".join(written)

    assert recorded(later=True) == recorded(later=False)
    assert recorded(later=True).startswith(
        b'{"at":0.0,"from":"S","text":"220 ready\\r\\n"}\n{"at":0.0,"from":"C","text":"NOOP'
    )


def test_the_next_connection_of_a_session_is_printed_too():
    talk, output = Conversation(), io.StringIO()
    due: list[Callable[[], object]] = []
    Report(talk.transcript, output, soon=due.append)
    said(talk, "S: 220 one", "C: VRFY x", "S: 550 5.1.1 no")
    said(Conversation(Transcript(heard_by=talk.transcript)), "S: 554 two")
    for call in due:
        call()
    shown = output.getvalue().splitlines()
    assert [line[:6] for line in shown] == [
        "S: 220", "C: VRF", "S: 550", "means:", "S: 554", "means:",
    ]  # fmt: skip
