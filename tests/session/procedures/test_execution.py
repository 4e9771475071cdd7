"""A procedure in progress: what it requests, what is kept of it, and which steps are predicted."""

from __future__ import annotations

import io
from itertools import product
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from heloscope.session.events import ReplyReceived
from heloscope.session.procedures.content import PART, Content
from heloscope.session.procedures.execution import MOST_FORESEEN, Execution, snapshot
from heloscope.session.procedures.steps import (
    Ask,
    Call,
    Dial,
    Expect,
    Known,
    Send,
    Skipped,
    StartTls,
    Step,
)
from heloscope.session.reply import Reply
from heloscope.session.target import Target
from support.rows import for_each

A, B, C = "a@example.org", "b@example.org", "c@example.org"
LONG = Content(io.BytesIO(b"x" * 70 + b"\n" * (3 * PART)))
ALL: dict[str, str] = dict.fromkeys(
    ("pipelining", "chunking", "size", "smtputf8", "starttls", "auth"), "PLAIN"
)
BEFORE = Known()
AFTER = Known(ehlo_resp=b"", does_esmtp=True, esmtp_features=ALL)
PLAIN = Known(ehlo_resp=b"", does_esmtp=True)


def reply(code: int) -> Reply:
    return Reply(code, b"", ReplyReceived(0.0, 0, 0, code))


class Good:
    """Answers like a server that accepts everything."""

    def __init__(self) -> None:
        self.due: list[int] = []

    def __call__(self, step: Step) -> Any:
        match step:
            case Send(verb=".", data=data) if data != b".\r\n":
                return None
            case Send(verb=verb):
                self.due.append({"DATA": 354, "STARTTLS": 220, "AUTH": 235}.get(verb, 250))
                return None
            case Expect(again=False):
                return reply(self.due.pop(0) if self.due else 220)
            case Expect():
                return reply(250)
            case Ask(of=None):
                return "me.example"
            case Ask(of=of):
                assert of is not None
                return of()
            case _:
                return None


def shown(steps: list[Step]) -> list[Any]:
    """Return steps in a form for comparison: a message as one step, chunks without their sizes."""
    found: list[Any] = []
    for step in steps:
        if isinstance(step, Send):
            message = step.verb == "."
            if not (message and found and found[-1] == "."):
                found.append("." if message else step.data.partition(b"\r\n")[0])
        elif isinstance(step, Dial | StartTls):
            found.append(type(step).__name__)
    return found


PROCEDURES: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
    ("connect", (Target("server.example", 25),), {}),
    ("from_the_start", (Target("server.example", 25), "sendmail", (A, [B], b"text")), {}),
    ("ehlo", ("me",), {}),
    ("helo", ("me",), {}),
    ("noop", (), {}),
    ("quit", (), {}),
    ("verify", ("a",), {}),
    ("sendmail", (A, [B, C], b"text"), {}),
    ("sendmail", (A, [B, C], b""), {}),
    ("sendmail", (A, [B, C], LONG), {}),
    ("check", (A, [B, C]), {}),
    ("starttls", (), {}),
    ("secure", ("me",), {"required": True}),
    ("auth", ("PLAIN", lambda *challenge: b"secret"), {}),
    ("login", (lambda offered, tls: [("PLAIN", lambda *challenge: b"secret")],), {}),
]


@for_each(product(PROCEDURES, [AFTER, PLAIN]))
def test_at_every_step_the_forecast_comes_true_if_all_replies_are_positive(procedure, known: Known):
    name, arguments, keywords = procedure
    if known is PLAIN and name in ("starttls", "secure", "login"):
        return
    foreseen: list[tuple[int, list[Any]]] = []
    steps: list[Step] = []
    good = Good()
    run = Execution(lambda: known, name, arguments, keywords, keep=True)
    while run.step is not None:
        if not (isinstance(run.step, Send) and run.step.verb == "." and steps and
                isinstance(steps[-1], Ask)) or run.step.data != b".\r\n":  # fmt: skip
            foreseen.append((len(steps), shown(list(run.foreseen()))))
        steps.append(run.step)
        run.answer(good(run.step))
    secrets = b"AUTH PLAIN ="
    for at, plan in foreseen:
        came = [secrets if each == b"AUTH PLAIN c2VjcmV0" else each for each in shown(steps[at:])]
        now = [secrets if each == b"AUTH PLAIN c2VjcmV0" else each for each in plan]
        assert now == came


def test_chunks_are_foreseen_exactly_where_there_is_one():
    run = Execution(lambda: AFTER, "sendmail", (A, B, b"text"), {"chunking": True}, keep=True)
    assert shown(list(run.foreseen()))[-1] == b"BDAT 6 LAST"


def test_a_procedure_that_is_foreseen_to_fail_is_foreseen_up_to_there():
    run = Execution(lambda: BEFORE, "starttls", keep=True)
    run.answer("me.example")
    assert shown(list(run.foreseen())) == [b"EHLO me.example"]


def test_what_was_thrown_is_thrown_again():
    run = Execution(lambda: PLAIN, "sendmail", (A, [B, C], b"text"), keep=True)
    good = Good()
    while not (isinstance(run.step, Send) and run.step.verb == "RCPT"):
        assert run.step is not None
        run.answer(good(run.step))
    run.throw(Skipped())
    assert shown(list(run.foreseen()))[0] == b"RCPT TO:<c@example.org>"
    with pytest.raises(SMTPRecipientsRefused):
        run.throw(Skipped())
        while run.step is not None:
            run.answer(good(run.step))


def test_what_is_known_is_that_of_the_moment_in_which_a_step_was_made():
    known = PLAIN
    run = Execution(lambda: known, "sendmail", (A, [B], b"text"), keep=True)
    assert shown(list(run.foreseen())) == [
        b"MAIL FROM:<a@example.org>", b"RCPT TO:<b@example.org>", b"DATA", ".",
    ]  # fmt: skip
    known = AFTER  # somebody typed EHLO in between
    assert shown(list(run.foreseen()))[0] == b"MAIL FROM:<a@example.org>"
    run.answer(None)
    run.answer(reply(250))
    assert shown(list(run.foreseen())) == [b"RCPT TO:<b@example.org>", b"DATA", "."]
    run.answer(None)
    assert len({id(before) for before, _ in run.kept}) == 2 < len(run.kept), "each kept once"


def test_no_octets_of_a_long_message_are_kept():
    run = Execution(lambda: PLAIN, "sendmail", (A, B, LONG), keep=True)
    good = Good()
    while run.step is not None:
        run.answer(good(run.step))
    kept = [answer for _, answer in run.kept if isinstance(answer, bytes)]
    assert len(kept) == 5
    assert max(map(len, kept)) == 2


def test_the_plan_of_many_recipients_ends_somewhere():
    many = [f"{number}@example.org" for number in range(MOST_FORESEEN)]
    run = Execution(lambda: PLAIN, "sendmail", (A, many, b"text"), keep=True)
    assert 1000 < len(list(run.foreseen())) < MOST_FORESEEN


def test_a_snapshot_is_a_value():
    features = {"size": "10"}
    known = snapshot(Known(esmtp_features=features, tls=True))
    features["size"] = "20"
    assert known.esmtp_features == {"size": "10"}
    assert known == snapshot(known)
    assert known.has_extn("SIZE")


def test_a_call_of_something_else_is_the_drivers():
    run = Execution(lambda: PLAIN, "quit")
    run.answer(None)
    run.answer(reply(221))
    assert isinstance(run.step, Call)
    assert run.step.name == "close"
