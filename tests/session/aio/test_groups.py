"""PIPELINING (RFC 2920): MAIL, the RCPTs and DATA are sent without waiting for each reply."""

from __future__ import annotations

from smtplib import (
    SMTPDataError,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)
from typing import Any

import pytest
from heloscope.session.errors import ConnectionLost
from heloscope.session.events import ReplyReceived
from heloscope.session.procedures import envelope
from heloscope.session.procedures.execution import Execution
from heloscope.session.procedures.steps import Call, Expect, Known, Send, Skipped
from heloscope.session.reply import Reply
from support.procedure_scripts import ProcedureScript, offers, play
from support.rows import for_each

A, B, C = "a@example.org", "b@example.org", "c@example.org"
OFFERED = offers("PIPELINING")
GROUP = (
    OFFERED
    + """
    C: MAIL FROM:<a@example.org>
    C: RCPT TO:<b@example.org>
    C: RCPT TO:<c@example.org>
    C: DATA
"""
)
RESET = """
    C: RSET
    S: 250 ok
"""


def sendmail(script: str, **how: Any) -> Any:
    return play("sendmail", A, [B, C], b"text", script=script, **how)


def test_the_group_is_sent_before_the_first_reply():
    refused = sendmail(
        GROUP
        + """
        S: 250 ok
        S: 250 ok
        S: 550 unknown
        S: 354 go on
        C: text
        C: .
        S: 250 queued
        """
    )
    assert refused == {C: (550, b"unknown")}


def test_commands_go_one_by_one_where_it_is_not_offered_or_not_wanted():
    lines = [line for line in GROUP.removeprefix(OFFERED).splitlines() if line.strip()]
    one_by_one = "".join(
        f"{line}\nS: {reply}\n"
        for line, reply in zip(lines, ["250 a", "250 b", "250 c", "354 d"], strict=True)
    )
    end = "C: text\nC: .\nS: 250 queued"
    assert sendmail(offers() + one_by_one + end) == {}
    assert sendmail(OFFERED + one_by_one + end, pipelining=False) == {}


def test_a_message_requested_without_a_recipient_is_ended_with_a_dot():
    with pytest.raises(SMTPRecipientsRefused) as error:
        sendmail(
            GROUP
            + """
            S: 250 ok
            S: 550 unknown
            S: 450 later
            S: 354 go on
            C: .
            S: 554 no valid recipients
            """
            + RESET
        )
    assert error.value.recipients == {B: (550, b"unknown"), C: (450, b"later")}


def test_data_is_refused_if_there_is_no_recipient():
    with pytest.raises(SMTPRecipientsRefused):
        sendmail(
            GROUP
            + """
            S: 250 ok
            S: 550 unknown
            S: 550 unknown
            S: 554 no valid recipients
            """
            + RESET
        )


def test_a_refused_sender():
    with pytest.raises(SMTPSenderRefused) as error:
        sendmail(
            GROUP
            + """
            S: 550 5.7.1 not you
            S: 503 need MAIL
            S: 503 need MAIL
            S: 503 need MAIL
            """
            + RESET
        )
    refused = error.value
    assert (refused.smtp_code, refused.smtp_error, refused.sender) == (550, b"5.7.1 not you", A)


def test_a_refused_sender_and_a_message_that_is_asked_for_anyway():
    """The server has a different envelope, so no dot is sent: a dot would deliver an empty mail."""
    with pytest.raises(SMTPSenderRefused) as error:
        sendmail(
            GROUP
            + """
            S: 550 5.7.1 not you
            S: 503 need MAIL
            S: 503 need MAIL
            S: 354 go on
            """
        )
    refused = error.value
    assert (refused.smtp_code, refused.smtp_error, refused.sender) == (550, b"5.7.1 not you", A)
    assert str(refused) == (
        "MAIL was refused (550 5.7.1 not you), but the reply to DATA was 354; the connection "
        "was closed so that no message would be sent to a different envelope"
    )


def test_refused_data():
    with pytest.raises(SMTPDataError) as error:
        sendmail(
            GROUP
            + """
            S: 250 ok
            S: 250 ok
            S: 550 unknown
            S: 451 4.3.0 later
            """
            + RESET
        )
    assert (error.value.smtp_code, error.value.smtp_error) == (451, b"4.3.0 later")


def test_an_empty_list_of_recipients():
    script = OFFERED + "C: MAIL FROM:<a@example.org>\nS: 250 ok" + RESET
    with pytest.raises(SMTPRecipientsRefused) as error:
        play("sendmail", A, [], b"text", script=script)
    assert error.value.recipients == {}


# 421 and the end of the connection: what the same replies would come to one at a time


@for_each(
    [
        (["421 bye"], SMTPSenderRefused),
        (["550 no", "421 bye"], SMTPSenderRefused),
        (["250 ok", "421 bye"], SMTPRecipientsRefused),
        (["250 ok", "250 ok", "421 bye"], SMTPRecipientsRefused),
        (["250 ok", "250 ok", "250 ok", "421 bye"], SMTPDataError),
    ]
)
def test_421_closes_the_connection_and_nothing_more_is_waited_for_or_sent(
    replies: list[str], expected: type[Exception]
):
    talk = ProcedureScript(GROUP + "".join(f"S: {reply}\n" for reply in replies))
    with pytest.raises(expected) as error:
        talk.run("sendmail", A, [B, C], b"text")
    assert talk.closed
    if expected is SMTPRecipientsRefused:
        assert error.value.recipients == {  # type: ignore[attr-defined]
            B if len(replies) == 2 else C: (421, b"bye")
        }


def test_no_dot_after_421_as_some_recipients_may_have_been_accepted():
    talk = ProcedureScript(
        GROUP
        + """
        S: 250 ok
        S: 250 ok
        S: 421 bye
        S: 354 go on
        """
    )
    with pytest.raises(SMTPRecipientsRefused):
        talk.run("sendmail", A, [B, C], b"text")
    assert b"".join(row.data for row in talk.talk.transcript if row.sent).endswith(b"DATA\r\n")


@for_each(
    [
        ([], ConnectionLost),
        (["550 no"], SMTPSenderRefused),
        (["250 ok", "550 no"], ConnectionLost),
        (["250 ok", "550 no", "550 no"], SMTPRecipientsRefused),
        (["250 ok", "250 ok", "550 no"], ConnectionLost),
        (["250 ok", "250 ok", "250 ok"], ConnectionLost),
        (["250 ok", "250 ok", "250 ok", "354 go on"], ConnectionLost),
    ]
)
def test_a_server_that_disconnects_in_the_middle(replies: list[str], expected: type[Exception]):
    script = GROUP + "".join(f"S: {reply}\n" for reply in replies)
    if len(replies) == 4:
        script += "C: text\nC: .\n"
    with pytest.raises(SMTPServerDisconnected if expected is ConnectionLost else expected):
        sendmail(script)


def test_a_server_that_disconnects_at_a_lone_dot():
    replies = "S: 250 ok\nS: 550 no\nS: 550 no\nS: 354 go on\nC: .\n"
    with pytest.raises(SMTPRecipientsRefused):
        sendmail(GROUP + replies)


def test_lmtp_without_a_recipient_has_no_reply_to_the_dot_so_none_is_waited_for():
    """Each accepted recipient gets one reply (RFC 2033 section 4.2), so DATA must be refused."""
    replies = "S: 250 ok\nS: 550 no\nS: 550 no\nS: 354 go on\n"
    with pytest.raises(SMTPRecipientsRefused):
        sendmail(GROUP.replace("EHLO", "LHLO") + replies, lmtp=True)


# The window: 100 commands, 16 KiB


class Window:
    """Runs `sendmail` against a server that replies only when a reply is awaited, never earlier."""

    def __init__(self, recipients: list[str], refuse: str = "", skip: str = "") -> None:
        offered = Known(
            ehlo_resp=b"", does_esmtp=True, esmtp_features={"pipelining": ""},
            command_encoding="utf-8",
        )  # fmt: skip
        self.most = self.most_octets = 0
        self.sent: list[bytes] = []
        due: list[tuple[str, int]] = []
        run = Execution(lambda: offered, "sendmail", (A, recipients, b"text"))
        while run.step is not None:
            match run.step:
                case Send(data=data, verb=verb) if skip and skip.encode() in data:
                    run.throw(Skipped())
                    continue
                case Send(data=data, verb=verb):
                    self.sent.append(data)
                    if verb != "." or data == b".\r\n":
                        due.append((verb, len(data)))
                    self.most = max(self.most, len(due))
                    if len(due) > 1:
                        self.most_octets = max(self.most_octets, sum(size for _, size in due))
                    run.answer(None)
                case Expect():
                    verb, _ = due.pop(0)
                    code = 354 if verb == "DATA" else 250
                    run.answer(reply(550 if verb == refuse else code))
                case Call():
                    run.answer(None)
                case step:
                    run.answer(step.of())  # type: ignore[attr-defined]
        self.result = run.result


def reply(code: int) -> Reply:
    return Reply(code, b"", ReplyReceived(0.0, 0, 0, code))


def test_no_more_than_100_commands_are_ahead_of_their_replies():
    window = Window([f"{number}@example.org" for number in range(1000)])
    assert window.most == envelope.AHEAD == 100
    assert window.result == {}
    assert len(window.sent) == 1004


def test_no_more_than_16_kib_are_ahead_of_their_replies():
    window = Window([f"{'x' * 900}{number}@example.org" for number in range(100)])
    assert 8 * 1024 < window.most_octets <= envelope.AHEAD_OCTETS == 16 * 1024


def test_a_command_that_is_longer_than_the_window_is_sent_alone():
    recipients = [B, "x" * 12_000, C, "y" * 40_000, "z" * 40_000, B]
    window = Window(recipients)
    assert window.most_octets <= envelope.AHEAD_OCTETS
    assert window.sent[1:-3] == [f"RCPT TO:<{each}>\r\n".encode() for each in recipients]


def test_a_refused_sender_ends_a_group_that_is_longer_than_the_window():
    with pytest.raises(SMTPSenderRefused):
        Window([f"{number}@example.org" for number in range(20_000)], refuse="MAIL")


def test_a_recipient_that_is_omitted_leaves_the_replies_in_their_places():
    refused = Window([B, C, "d@example.org"], skip="c@").result
    assert refused == {}
    with pytest.raises(SMTPRecipientsRefused) as error:
        Window([B, C], skip="b@", refuse="RCPT")
    assert error.value.recipients == {C: (550, b"")}
