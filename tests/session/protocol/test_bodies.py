"""Sending a message: DATA alone, chunks (RFC 3030), and the replies in LMTP (RFC 2033)."""

from __future__ import annotations

import io
from smtplib import SMTPDataError, SMTPNotSupportedError, SMTPServerDisconnected
from typing import Any

import pytest
from heloscope.session.events import CLIENT, ReplyReceived
from heloscope.session.procedures.content import PART, Content
from heloscope.session.procedures.execution import Execution
from heloscope.session.procedures.steps import Ask, Call, Expect, Known, Send
from heloscope.session.reply import Reply
from support.procedure_scripts import ProcedureScript, offers, play
from support.rows import for_each

A, B, C, D = "a@example.org", "b@example.org", "c@example.org", "d@example.org"
CHUNKING = offers("CHUNKING")
ENVELOPE = """
    C: MAIL FROM:<a@example.org>
    S: 250 ok
    C: RCPT TO:<b@example.org>
    S: 250 ok
"""
RESET = """
    C: RSET
    S: 250 ok
"""


# DATA alone


def test_data_sends_the_message_and_returns_the_final_reply():
    script = "S: 220 ready\nC: DATA\nS: 354 go on\nC: ..\nC: .\nS: 554 spam"
    assert play("data", b".", script=script) == (554, b"spam")


def test_data_that_is_not_asked_for_is_an_error():
    with pytest.raises(SMTPDataError) as error:
        play("data", b"text", script="S: 220 ready\nC: DATA\nS: 503 no")
    assert error.value.smtp_code == 503


class Interrupting:
    """Runs `data` with a server that replies 552 after part number `at` of the message."""

    def __init__(self, message: bytes, at: int) -> None:
        self.sent: list[bytes] = []
        self.closed = False
        with pytest.raises(SMTPDataError) as error:
            self.run(Execution(lambda: Known(), "data", (Content(message),)), at)
        self.error = error.value

    def run(self, run: Execution, at: int) -> None:
        while run.step is not None:
            match run.step:
                case Send(data=data, verb="."):
                    self.sent.append(data)
                    run.answer(reply(552) if len(self.sent) == at else None)
                case Expect():
                    run.answer(reply(354))
                case Call(name="close"):
                    self.closed = True
                    run.answer(None)
                case Ask(of=of) if of is not None:
                    run.answer(of())
                case _:
                    run.answer(None)


def reply(code: int) -> Reply:
    return Reply(code, b"", ReplyReceived(0.0, 0, 0, code))


@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_refusal_in_the_middle_ends_it_and_the_connection(at: int):
    """This applies even if only the dot is missing: a reply sent before it does not answer it."""
    message = b"x" * 76 + b"\r\n"
    message *= 2 * PART // len(message) - 1
    talk = Interrupting(message, at)
    assert talk.error.smtp_code == 552
    assert talk.closed
    assert len(talk.sent) == at


# BDAT (RFC 3030)


def test_a_chunk_is_sent_as_it_is():
    talk = ProcedureScript("S: 220 ready")
    sent: list[bytes] = []

    def send(data: bytes) -> None:
        sent.append(data)
        talk.feed("C", data)
        talk.feed("S", b"250 ok\r\n")
        talk.hear()

    talk.send = send  # type: ignore[method-assign]
    assert talk.run("bdat", b".\r\n\0\xff.") == (250, b"ok")
    assert talk.run("bdat", b"", True) == (250, b"ok")
    assert sent == [b"BDAT 6\r\n.\r\n\0\xff.", b"BDAT 0 LAST\r\n"]


def test_a_short_message_is_one_chunk_in_which_no_dot_is_doubled():
    refused = play(
        "sendmail",
        A,
        B,
        b".dot\n.",
        script=CHUNKING + ENVELOPE + "C: BDAT 9 LAST\nC: .dot\nC: .\nS: 250 queued",
        chunking=True,
    )
    assert refused == {}


def test_an_empty_message_is_an_empty_chunk():
    script = CHUNKING + ENVELOPE + "C: BDAT 0 LAST\nS: 250 queued"
    assert play("sendmail", A, B, b"", script=script, chunking=True) == {}


def test_chunks_need_to_be_offered():
    with pytest.raises(SMTPNotSupportedError, match="CHUNKING"):
        play("sendmail", A, B, b"text", script=offers(), chunking=True)


def test_a_group_ends_with_the_recipients_and_the_chunk_follows():
    script = (
        offers("PIPELINING", "CHUNKING")
        + """
        C: MAIL FROM:<a@example.org>
        C: RCPT TO:<b@example.org>
        S: 250 ok
        S: 250 ok
        C: BDAT 6 LAST
        C: text
        S: 250 queued
    """
    )
    assert play("sendmail", A, B, b"text", script=script, chunking=True) == {}


@pytest.mark.parametrize("code", [250, 421, 550])
def test_a_refused_chunk_resets_the_transaction(code: int):
    script = CHUNKING + ENVELOPE + f"C: BDAT 6 LAST\nC: text\nS: {code} said\n"
    if code == 250:
        assert play("sendmail", A, B, b"text", script=script, chunking=True) == {}
        return
    talk = ProcedureScript(script + (RESET if code == 550 else ""))
    with pytest.raises(SMTPDataError) as error:
        talk.run("sendmail", A, B, b"text", chunking=True)
    assert error.value.smtp_code == code
    assert talk.closed is (code == 421)


def test_a_server_that_reads_no_chunk_after_all_is_left_before_it_reads_the_message():
    talk = ProcedureScript(CHUNKING + ENVELOPE + "C: BDAT 6 LAST\nC: text\nS: 502 no\n")
    with pytest.raises(SMTPDataError) as error:
        talk.run("sendmail", A, B, b"text", chunking=True)
    assert error.value.smtp_code == 502
    assert talk.closed


class Chunked:
    """Runs `sendmail` in chunks, answering some chunks (numbered from 1) with the given codes.

    `said` holds the lines that were sent and the codes that were received; of a chunk, it has only
    the first line. `hangs_up` says before which reply the server closes the connection.
    """

    def __init__(
        self, parts: int, codes: dict[int, int], *keywords: str, lmtp: bool = False,
        hangs_up: int = -1,
    ) -> None:  # fmt: skip
        known = Known(
            ehlo_resp=b"", does_esmtp=True, lmtp=lmtp,
            esmtp_features=dict.fromkeys(("chunking", *keywords), ""),
        )  # fmt: skip
        line = b"x" * 76 + b"\r\n"
        message = Content(io.BytesIO(line * (parts * PART // len(line) - parts)))
        self.said: list[str] = []
        self.error: Any = None
        due: list[int] = []
        chunk = 0
        run = Execution(lambda: known, "sendmail", (A, [B, C], message), {"chunking": True})
        try:
            while run.step is not None:
                match run.step:
                    case Send(data=data, verb=verb):
                        if verb.startswith("BDAT"):
                            chunk += 1
                            due.append(codes.get(chunk, 250))
                            self.said.append(data.partition(b"\r\n")[0].decode())
                        else:
                            due.append(250)
                            self.said.append(verb)
                        run.answer(None)
                    case Expect(again=again):
                        if len(self.said) == hangs_up:
                            run.throw(SMTPServerDisconnected("hung up"))
                            continue
                        code = 250 if again else due.pop(0)
                        if code != 250 or again:
                            self.said.append(str(code))
                        run.answer(reply(code))
                    case Call(name=name):
                        self.said.append(name)
                        run.answer(None)
                    case step:
                        run.answer(step.of())  # type: ignore[attr-defined]
        except Exception as error:
            self.error = error
        self.verbs = [said.split(" ")[0] for said in self.said]


def test_a_long_message_is_sent_in_chunks_of_whole_lines_without_waiting_for_each_reply():
    talk = Chunked(3, {})
    assert talk.verbs == ["MAIL", "RCPT", "RCPT", "BDAT", "BDAT", "BDAT"]
    sizes = [int(said.split()[1]) for said in talk.said[3:]]
    assert all(size % 78 == 0 for size in sizes)
    assert [said.endswith("LAST") for said in talk.said[3:]] == [False, False, True]
    assert talk.error is None


@for_each(
    [
        ((), {1: 552}, ["BDAT", "552", "RSET"]),
        ((), {2: 552}, ["BDAT", "BDAT", "552", "RSET"]),
        ((), {3: 552}, ["BDAT", "BDAT", "BDAT", "552", "RSET"]),
        ((), {1: 421}, ["BDAT", "421", "close"]),
        (("pipelining",), {1: 552, 2: 503}, ["BDAT", "BDAT", "552", "503", "RSET"]),
        (("pipelining",), {2: 552, 3: 503}, ["BDAT", "BDAT", "BDAT", "552", "503", "RSET"]),
        (("pipelining",), {3: 552}, ["BDAT", "BDAT", "BDAT", "552", "RSET"]),
        (("pipelining",), {1: 421}, ["BDAT", "BDAT", "421", "close"]),
    ]
)
def test_a_chunk_that_is_refused_is_the_last_and_its_reply_is_reported(
    keywords: tuple[str, ...], refused: dict[int, int], verbs: list[str]
):
    talk = Chunked(3, refused, *keywords)
    assert talk.verbs[3:] == verbs
    assert isinstance(talk.error, SMTPDataError)
    assert talk.error.smtp_code == next(iter(refused.values()))


def test_a_server_that_disconnects_after_a_refused_chunk_leaves_the_refusal():
    talk = Chunked(3, {1: 552}, "pipelining", hangs_up=6)
    assert isinstance(talk.error, SMTPDataError)
    assert talk.error.smtp_code == 552


def test_in_lmtp_a_refused_chunk_has_one_reply_and_no_other_is_sent_before_it():
    talk = Chunked(3, {1: 552}, "pipelining", lmtp=True)
    assert talk.verbs[3:] == ["BDAT", "552", "RSET"]
    talk = Chunked(2, {}, "pipelining", lmtp=True)
    assert talk.verbs[3:] == ["BDAT", "BDAT", "250"]
    assert talk.error is None


# LMTP (RFC 2033 section 4.2)

LMTP = offers(verb="LHLO")
THREE = (
    LMTP
    + """
    C: MAIL FROM:<a@example.org>
    S: 250 ok
    C: RCPT TO:<b@example.org>
    S: 250 ok
    C: RCPT TO:<c@example.org>
    S: 550 unknown
    C: RCPT TO:<d@example.org>
    S: 250 ok
    C: DATA
    S: 354 go on
    C: text
    C: .
"""
)


def deliver(script: str, **how: Any) -> tuple[Any, ProcedureScript]:
    talk = ProcedureScript(script, lmtp=True)
    return talk.run("sendmail", A, [B, C, D], b"text", **how), talk


def test_each_accepted_recipient_has_its_own_reply_after_the_message():
    refused, talk = deliver(THREE + "S: 250 2.1.5 delivered\nS: 452 4.2.2 full")
    assert refused == {C: (550, b"unknown"), D: (452, b"4.2.2 full")}
    assert talk.talk.unanswered == ()


def test_it_is_an_error_if_no_recipient_got_the_message():
    with pytest.raises(SMTPDataError) as error:
        deliver(THREE + "S: 452 4.2.2 full\nS: 550 no")
    assert (error.value.smtp_code, error.value.smtp_error) == (452, b"4.2.2 full")


def test_replies_are_kept_when_the_server_disconnects_before_the_rest():
    refused, _ = deliver(THREE + "S: 250 delivered")
    assert refused[D] == (-1, b"the server closed the connection before this reply")
    refused, talk = deliver(THREE + "S: 250 delivered\nS: 421 closing")
    assert refused[D] == (421, b"closing")
    assert talk.closed
    with pytest.raises(SMTPDataError) as error:
        deliver(THREE + "S: 421 closing")
    assert error.value.smtp_code == 421
    with pytest.raises(SMTPServerDisconnected):
        deliver(THREE)


def test_a_pipelined_group_in_lmtp():
    script = (
        offers("PIPELINING", verb="LHLO")
        + """
        C: MAIL FROM:<a@example.org>
        C: RCPT TO:<b@example.org>
        C: RCPT TO:<c@example.org>
        C: RCPT TO:<d@example.org>
        C: DATA
        S: 250 ok
        S: 550 unknown
        S: 250 ok
        S: 250 ok
        S: 354 go on
        C: text
        C: .
        S: 250 delivered
        S: 550 no
    """
    )
    refused, _ = deliver(script)
    assert refused == {B: (550, b"unknown"), D: (550, b"no")}


def test_the_last_chunk_has_a_reply_for_each_recipient_too():
    script = THREE.replace("250 server", "250-server\nS: 250 CHUNKING")
    script = script.partition("C: DATA")[0] + "C: BDAT 6 LAST\nC: text\n"
    refused, talk = deliver(script + "S: 250 ok\nS: 550 no", chunking=True)
    assert refused == {C: (550, b"unknown"), D: (550, b"no")}
    assert talk.talk.unanswered == ()


def test_data_that_is_not_asked_for_in_lmtp_has_one_reply():
    script = THREE.partition("S: 354")[0] + "S: 451 later" + RESET
    with pytest.raises(SMTPDataError) as error:
        deliver(script)
    assert error.value.smtp_code == 451


def test_the_octets_of_a_message_in_parts_are_those_of_the_message():
    message = b".\r\n" * 200_000 + b"end"
    talk = ProcedureScript(THREE, lmtp=True)
    sent: list[bytes] = []

    def send(data: bytes) -> None:
        sent.append(data)
        talk.feed("C", data)
        if talk.talk.mode.name != "BODY" and data != b".\r\n":
            verb = data[:4]
            said = {b"DATA": b"354 go\r\n", b"LHLO": b"250 server\r\n"}.get(verb, b"250 ok\r\n")
            talk.feed("S", said)
        if data == b".\r\n":
            talk.feed("S", b"250 a\r\n250 b\r\n250 c\r\n")
        talk.hear()

    talk.send = send  # type: ignore[method-assign]
    talk.script = talk.script[:1]
    assert talk.run("sendmail", A, [B, C, D], message) == {}
    assert talk.talk.transcript.joined(CLIENT).endswith(b"..\r\n" * 200_000 + b"end\r\n.\r\n")
    assert len(sent) == 6 + 3 + 1
