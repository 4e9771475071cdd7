"""A plan's forecast comes true for each procedure, each skip and each refusal."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from email.message import EmailMessage
from typing import Any, NamedTuple

import pytest
from heloscope.session import Session
from heloscope.session.errors import CannotSkip
from heloscope.session.procedures.registry import PROCEDURES
from heloscope.session.procedures.rerun import RerunReply, RerunStep
from heloscope.session.stepping.stepper import Planned, Stepper
from heloscope.session.target import Target
from heloscope.session.tls.settings import TlsSettings
from support.fixed_certificates import context
from support.servers import serving

A, B, C = "a@example.org", "b@example.org", "c@example.org"
OFFERS = ("CHUNKING", "SIZE", "STARTTLS", "AUTH PLAIN LOGIN CRAM-MD5")
ROUNDS = {"LOGIN": 2, "CRAM-MD5": 1}  # answers after AUTH


def letter() -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = A, f"{B}, {C}"
    message.set_content("hello")
    return message


def mechanisms(offered: list[str], tls: bool) -> list[tuple[str, Any]]:
    """Return PLAIN, LOGIN and CRAM-MD5, each with a fixed answer."""

    def initial(challenge: bytes | None = None) -> str | None:
        return "initial" if challenge is None else "answer"

    def asked(challenge: bytes | None = None) -> str | None:
        return None if challenge is None else "answer"

    return [("PLAIN", initial), ("LOGIN", asked), ("CRAM-MD5", asked)]


class Case(NamedTuple):
    """A procedure with its arguments, and what the server offers."""

    name: str
    arguments: tuple[Any, ...] = ()
    keywords: dict[str, Any] = {}
    offers: tuple[str, ...] = OFFERS
    lmtp: bool = False
    before: tuple[str, ...] = ()
    """The commands typed before the procedure starts."""


OK = (RerunReply(250),)
AGAIN = (
    RerunStep(1, "EHLO", b"EHLO me\r\n", OK),
    RerunStep(3, "MAIL", f"MAIL FROM:<{A}>\r\n".encode(), OK, together=True),
    RerunStep(4, "RCPT", f"RCPT TO:<{B}>\r\n".encode(), OK),
    RerunStep(7, "DATA", b"DATA\r\n", (RerunReply(354),)),
    RerunStep(9, ".", b"text\r\n.\r\n", OK),
    RerunStep(12, "QUIT", b"QUIT\r\n", OK),
)
LOGIN_AGAIN = (
    RerunStep(1, "AUTH", b"AUTH LOGIN\r\n", (RerunReply(334),), mechanism="LOGIN"),
    RerunStep(3, "(auth)", b"", (RerunReply(334),), mechanism="LOGIN", responds=True),
    RerunStep(5, "(auth)", b"", (RerunReply(235),), mechanism="LOGIN", responds=True),
    RerunStep(7, "RSET", b"RSET\r\n", OK),
)
MESSAGE = (A, [B, C], b"text\r\n")
CASES = {
    "ehlo": Case("ehlo"),
    "helo": Case("helo"),
    "hello": Case("hello"),
    "ehlo_or_helo_if_needed": Case("ehlo_or_helo_if_needed"),
    "ehlo_or_helo_if_needed, LMTP": Case("ehlo_or_helo_if_needed", lmtp=True),
    "docmd": Case("docmd", ("FROB", "x")),
    "help": Case("help"),
    "rset": Case("rset"),
    "noop": Case("noop"),
    "quit": Case("quit"),
    "xclient": Case("xclient", ("ADDR=192.0.2.1",), offers=(*OFFERS, "XCLIENT ADDR")),
    "verify": Case("verify", (B,)),
    "vrfy": Case("vrfy", (B,)),
    "expn": Case("expn", (B,)),
    "mail": Case("mail", (A,), before=("EHLO me",)),
    "mail, in a transaction": Case("mail", (A,), before=("EHLO me", f"MAIL FROM:<{C}>")),
    "rcpt": Case("rcpt", (B,), before=("EHLO me", f"MAIL FROM:<{A}>")),
    "data": Case("data", (b"x\r\n",), before=("EHLO me", f"MAIL FROM:<{A}>", f"RCPT TO:<{B}>")),
    "bdat": Case(
        "bdat", (b"x\r\n", True), before=("EHLO me", f"MAIL FROM:<{A}>", f"RCPT TO:<{B}>")
    ),
    "sendmail": Case("sendmail", MESSAGE),
    "sendmail, in a transaction": Case("sendmail", MESSAGE, before=("EHLO me", "MAIL FROM:<>")),
    "sendmail, pipelined": Case("sendmail", MESSAGE, offers=(*OFFERS, "PIPELINING")),
    "sendmail, in chunks": Case("sendmail", MESSAGE, {"chunking": True}, before=("EHLO me",)),
    "sendmail, in pipelined chunks": Case(
        "sendmail",
        MESSAGE,
        {"chunking": True},
        offers=(*OFFERS, "PIPELINING"),
        before=("EHLO me",),
    ),
    "sendmail, LMTP": Case("sendmail", MESSAGE, lmtp=True),
    "send_message": Case("send_message", (letter(),)),
    "check": Case("check", (A, [B, C])),
    "starttls": Case("starttls", before=("EHLO me",)),
    "secure": Case("secure"),
    "secure, required": Case("secure", keywords={"required": True}),
    "auth": Case("auth", ("LOGIN", mechanisms([], False)[1][1]), before=("EHLO me",)),
    "login": Case("login", (mechanisms,), before=("EHLO me",)),
    "probe": Case("probe"),
    "rerun": Case("rerun", (AGAIN,)),
    "rerun, AUTH": Case(
        "rerun", (LOGIN_AGAIN,), {"answer": lambda mechanism, tls: lambda challenge: b"answer"}
    ),
}
WHOLE = {  # from_the_start, with the procedures that the app lets it run
    "connect": Case("connect"),
    "from_the_start": Case("from_the_start"),
    "from_the_start, sendmail": Case("from_the_start", ("sendmail", MESSAGE), {"leave": True}),
    "from_the_start, all": Case(
        "from_the_start",
        ("sendmail", MESSAGE),
        {"secured": True, "before": [("login", (mechanisms,))], "leave": True},
    ),
    "from_the_start, check": Case("from_the_start", ("check", (A, [B, C])), {"leave": True}),
}


def test_every_procedure_has_a_case():
    assert {case.name for case in (CASES | WHOLE).values()} == set(PROCEDURES)


class Answering:
    """A server that accepts every command. If `odd` is set, it is the code of the next reply."""

    def __init__(self, case: Case) -> None:
        self.offers = case.offers
        self.lmtp = case.lmtp
        self.odd = 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        recipients = due = 0
        in_message = tls = False
        while line := await reader.readline():
            words = line.decode().upper().split() or [""]
            verb = words[0]
            if in_message and verb != ".":
                continue
            if verb == "BDAT":
                await reader.readexactly(int(words[1]))
            in_message = False
            code, self.odd = self.odd or 250, 0
            said = f"{code} so"
            if code != 250:
                due = 0
            elif due:
                due -= 1
                said = "334 YQ==" if due else "235 ok"
            elif verb in ("EHLO", "LHLO"):
                listed = [word for word in self.offers if not (tls and word == "STARTTLS")]
                said = "\r\n".join([f"250-{word}" for word in ("server", *listed)] + ["250 HELP"])
            elif verb == "XCLIENT":
                said = "220 you are another one"
            elif verb == "STARTTLS":
                writer.write(b"220 go\r\n")
                await writer.start_tls(context("good"))
                tls = True
                continue
            elif verb == "AUTH":
                due = max(0, ROUNDS.get(words[1], 0) - (len(words) > 2))
                said = "334 YQ==" if due else "235 ok"
            elif verb == "DATA":
                in_message, said = True, "354 go"
            elif verb == "RCPT":
                recipients += 1
            elif verb in ("MAIL", "RSET"):
                recipients = 0
            end = verb == "." or words[-1] == "LAST"
            count = max(1, recipients) if self.lmtp and end else 1
            writer.write(f"{said}\r\n".encode() * count)
            if code == 421 or verb == "QUIT":
                return


@contextlib.asynccontextmanager
async def stepping(case: Case) -> AsyncIterator[tuple[Stepper, Answering]]:
    """Yield a stepper at the first step of the case's procedure, and the server it talks to."""
    server = Answering(case)
    async with serving(server) as port:
        target = Target("127.0.0.1", port, lmtp=case.lmtp)
        tls = TlsSettings(verify=False)
        session = Session(target, local_hostname="me.example", timeout=20, tls=tls)
        arguments = case.arguments
        if case.name in ("connect", "from_the_start"):
            arguments = (target, *arguments)
        else:
            await session.connect()
        for line in case.before:
            await session.docmd(line)
        try:
            stepper = Stepper(session, case.name, *arguments, **case.keywords)
            listed = {word.split()[0].lower(): " ".join(word.split()[1:]) for word in case.offers}
            inside = {word: rest for word, rest in listed.items() if word != "starttls"}
            stepper.likely = {False: listed, True: inside}
            await stepper.begin()
            yield stepper, server
        finally:
            await session.close()


LATER = ("EHLO", "LHLO", "HELO", "AUTH", "(auth)", ".")  # verbs whose line is made when it is due


def known(steps: list[Planned]) -> list[tuple[str, bytes]]:
    """Return the verb and bytes of each step; bytes that are made only when due become b""."""
    return [(step.verb, b"" if step.verb in LATER else step.data) for step in steps]


def unheard(stepper: Stepper) -> bool:
    """Return whether a reply is still due. In a pipelined group, refusals are noticed later."""
    return any(
        not (done.reply or done.skipped or done.error or done.planned.verb == "TLS")
        for done in stepper.done
    )


SKIP = "skip"
Course = dict[int, int | str]


async def follow(case: Case, course: Course) -> list[str | None]:
    """Step through a procedure, skipping or refusing the steps that `course` names.

    Assert that everything after the last of these happens as forecast. Return, for each step, what
    skipping it would mean, or None if it cannot be skipped.
    """
    skippable: list[str | None] = []
    async with stepping(case) as (stepper, server):
        foreseen = known(stepper.foreseen())
        went: list[tuple[str, bytes]] = []
        number = 0
        while stepper.next is not None:
            if number > 40:
                raise AssertionError("it never ends")
            skippable.append(stepper.next.skipping or None)
            what, odd = course.get(number), 0
            went += known([stepper.next])
            number += 1
            if what == SKIP:
                await stepper.skip()
            else:
                server.odd = what if isinstance(what, int) and stepper.next.data else 0
                odd = server.odd
                await stepper.send()
            if odd == 421:
                async with asyncio.timeout(5):
                    while stepper.session.connected:
                        await stepper.session.news()
                if not stepper.over:
                    assert stepper.typed() == "closed"
                    return skippable
            if what is not None or unheard(stepper):
                foreseen, went = known(stepper.foreseen()), []
            else:
                left = known(stepper.foreseen())
                assert left == foreseen[len(went) :], (course, number)
        assert went == foreseen, course
    return skippable


@pytest.mark.parametrize("name", [*CASES, *WHOLE])
async def test_what_is_foreseen_after_any_skip_and_any_reply_is_what_happens(name: str):
    case = (CASES | WHOLE)[name]
    steps = await follow(case, {})
    first: list[Course] = [{n: SKIP} for n, skippable in enumerate(steps) if skippable]
    first.extend({n: code} for n in range(len(steps)) for code in (450, 550, 421))
    for course in first:
        others = await follow(case, course)
        (done, what), *_ = course.items()
        if what == SKIP or case.name != "from_the_start":
            for n in range(done + 1, len(others)):
                for then in (SKIP, 450, 550) if others[n] else (450, 550):
                    await follow(case, {**course, n: then})


@pytest.mark.parametrize("mechanism", ["LOGIN", "CRAM-MD5", "SCRAM-SHA-256"])
async def test_the_answer_to_a_challenge_is_foreseen_without_its_text(mechanism: str):
    case = Case("ehlo", offers=(f"AUTH {mechanism}",))
    async with stepping(case) as (greeting, _):
        session = greeting.session
        await session.ehlo()
        name, arguments = session.login_procedure(
            "alice", "wonderland", mechanism=mechanism, in_clear=True
        )
        stepper = Stepper(session, name, *arguments)
        await stepper.begin()
        later = stepper.foreseen()[1:]
        assert later
        for number, step in enumerate(later, 1):
            assert (step.verb, step.data, step.words) == (
                "(auth)",
                b"",
                "the answer to the challenge",
            )
            with pytest.raises(ValueError, match="can be edited yet"):
                stepper.edit_later(number, b"x\r\n")


async def test_the_greeting_of_lmtp_cannot_be_skipped():
    async with stepping(CASES["sendmail, LMTP"]) as (stepper, _):
        with pytest.raises(CannotSkip, match="LHLO cannot be skipped: LMTP has no other greeting"):
            await stepper.skip()
