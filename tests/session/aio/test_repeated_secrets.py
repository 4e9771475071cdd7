"""A secret that the server repeats from AUTH is not printed in an error, an event or a row."""

from __future__ import annotations

import asyncio
import base64
import pickle
import traceback
from smtplib import SMTPAuthenticationError

import pytest
from heloscope.session import Session, Stepper
from heloscope.session.events import Block, Event, Line
from support.servers import VerbServer, connected

PASSWORD = "wonderland"
BLOB = base64.b64encode(b"\0alice\0" + PASSWORD.encode()).decode()
# As sendmail does where it was built without AUTH, and as no server should.
REPEATS = [
    f'500 5.5.1 Command unrecognized: "AUTH PLAIN {BLOB}"',
    "535-5.7.8 no such user alice\r\n535 5.7.8 with the password WONDERLAND",
    f"535 {base64.b64encode(PASSWORD.encode()).decode()}",
]


def shows(text: str) -> bool:
    return any(word in text for word in (PASSWORD, "WONDERLAND", BLOB[12:-2], "d29uZGVybGFuZA"))


@pytest.mark.parametrize("answer", REPEATS)
async def test_what_a_server_repeats_of_a_login_is_printed_nowhere(answer: str):
    server = VerbServer("AUTH PLAIN", AUTH=answer)
    async with connected(server) as session:
        events: list[Event] = []
        session.subscribe(events.append)
        with pytest.raises(SMTPAuthenticationError) as error:
            await session.login("alice", PASSWORD, mechanism="PLAIN", in_clear=True)
        assert error.value.smtp_code == int(answer[:3])
        told = [
            str(error.value), repr(error.value), "".join(traceback.format_exception(error.value)),
            repr(events), repr(list(session.transcript)), session.transcript.to_text(),
        ]  # fmt: skip
        assert not any(map(shows, told))
        assert "**" in str(error.value.smtp_error)
        assert any(shows(row.data.decode()) for row in session.transcript)  # data is exact


@pytest.mark.parametrize("answer", REPEATS)
async def test_a_stepper_keeps_no_error_that_repeats_it(answer: str):
    async with connected(VerbServer("AUTH PLAIN", AUTH=answer)) as session:
        login = session.login_procedure("alice", PASSWORD, mechanism="PLAIN", in_clear=True)
        stepper = Stepper(session, login[0], *login[1])
        await stepper.run_to()
        assert isinstance(stepper.error, SMTPAuthenticationError)
        assert not shows(repr(stepper.error))
        auth = stepper.done[-1]
        assert repr(auth.planned) == f"Planned('AUTH', b'AUTH PLAIN {'*' * 32}\\r\\n')"
        assert auth.error == str(stepper.error)


def test_the_call_of_login_contains_no_text_of_the_password():
    """Some tools show the local variables of a traceback."""

    async def log_in() -> None:
        await Session("127.0.0.1", 1).login("alice", PASSWORD)

    with pytest.raises(Exception) as error:
        asyncio.run(log_in())
    trace = traceback.TracebackException.from_exception(error.value, capture_locals=True)
    of_calls = [frame.locals or {} for frame in trace.stack]
    assert [each["password"] for each in of_calls if "password" in each] == ["Secret(********)"]


async def test_a_pickled_row_contains_no_secret():
    async with connected(VerbServer()) as session:
        session.transcript.secrets.add(PASSWORD.encode())
        await session.noop()
        row = session.transcript[-1]
        again = pickle.loads(pickle.dumps(row))
        assert isinstance(again, Line)
        assert (again, again.secrets) == (row, None)


def test_the_repr_of_a_block_shows_its_size_and_not_its_content():
    assert repr(Block(1.0, 7, 2, b"Subject: wonderland\r\n\r\n", 0)) == (
        "Block(row=7, count=2, 23 octets, at=1.000)"
    )
