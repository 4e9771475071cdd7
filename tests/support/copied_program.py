"""Runs the program that `:copy` makes from a session, against a witness in this process."""

from __future__ import annotations

import asyncio
import base64
import gc
import getpass
import warnings
from collections.abc import Callable

from heloscope.app.export.replay import Replay, replay_of
from heloscope.app.export.smtplib_program import smtplib_program
from heloscope.session.aio.session import Session

from support.witness_server import TOKEN, WitnessServer

MESSAGE = b"Subject: x\r\n\r\n.\r\n..dots\r\nbare\n.LF\r\n\xff\x00\xe4\tno line end"
SECRETS = {"password": "wonderland", "token": TOKEN, "key": "sesame"}


def replay_of_session(session: Session) -> Replay:
    """Return the replay from which `:copy` makes its program."""
    source = session.connection.source_address
    replay = replay_of(session.transcript, session.target, source=source[0] if source else "")
    return replay.with_tls(session.tls_settings)


def run(program: str, answers: Callable[[str], str]) -> str:
    """Run a program, and return the message with which it failed, or "" if it succeeded."""
    asked, getpass.getpass = getpass.getpass, answers
    try:
        exec(compile(program, "program", "exec"), {"__name__": "__main__"})
    except SystemExit as over:
        return str(over)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    finally:
        getpass.getpass = asked
    return ""


def of_its_kind(prompt: str) -> str:
    """Return the secret that a prompt asks for, judging by the words of the prompt."""
    if "pem" in prompt:
        return SECRETS["key"]
    return SECRETS["token" if "token" in prompt.lower() else "password"]


async def end_of(session: Session, replay: Replay | None = None, port: int = 0) -> str:
    """Run a session's program, and return the message with which it failed, or "".

    The program connects to `port` instead of the session's port, unless `port` is 0.
    """
    target = session.target
    assert target is not None
    await session.close()
    program = smtplib_program(replay or replay_of_session(session))
    program = program.replace(f"{target.port}, timeout", f"{port or target.port}, timeout")
    ended = await asyncio.to_thread(run, program, of_its_kind)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # the end of a process would close it
        gc.collect(0)
    return ended


async def again(
    server: WitnessServer, session: Session, answers: Callable[[str], str] = of_its_kind
) -> str:
    """Run a session's program, and check that the server receives the same lines.

    Return the text of the program.
    """
    await session.close()
    program = smtplib_program(replay_of_session(session))
    for secret in SECRETS.values():
        assert secret not in program
        assert base64.b64encode(secret.encode()).rstrip(b"=").decode() not in program
    ended = await asyncio.wait_for(asyncio.to_thread(run, program, answers), 30)
    assert ended == "", f"{ended}\n{program}"
    await server.all_gone()
    first, second = server.conversations()
    assert second == first
    return program


async def one_message(session: Session) -> None:
    """Deliver one message, from EHLO to QUIT, with one refused recipient among three."""
    await session.ehlo("me.example")
    to = ["alice@practice.test", "nobody@practice.test", "bob@practice.test"]
    await session.sendmail("a@example.org", to, MESSAGE, pipelining=False)
    await session.quit()
