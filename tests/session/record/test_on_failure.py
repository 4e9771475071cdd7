"""`shown_on_failure` prints the conversation if its block fails, and not otherwise."""

from __future__ import annotations

import io

import pytest
from heloscope.session import SMTP, Transcript, shown_on_failure
from heloscope.session.events import CLIENT, SERVER
from heloscope.session.protocol.conversation import Conversation
from support.servers import VerbServer, connected
from support.smtplib_oracle import Says, TableServer


def test_a_block_that_fails_prints_the_conversation(capsys: pytest.CaptureFixture[str]):
    server = TableServer()
    with (
        server.playing(Says(NOOP=b"250 \x1b[31m\r\n")),
        SMTP("127.0.0.1", server.port) as smtp,
        pytest.raises(AssertionError),
        shown_on_failure(smtp),
    ):
        assert smtp.noop() == (250, b"quiet")
    server.close()
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.splitlines() == [
        f"<Transcript: 127.0.0.1:{server.port}, 3 rows>",
        f"-- connected to 127.0.0.1:{server.port}",
        "S: 220 ready",
        "C: noop",
        r"S: 250 \x1b[31m",
        *[line for line in printed.err.splitlines() if "violation" in line],
    ]


def test_a_block_that_ends_well_prints_nothing(capsys: pytest.CaptureFixture[str]):
    with shown_on_failure(Transcript()):
        pass
    with pytest.raises(SystemExit), shown_on_failure(Transcript()):
        raise SystemExit(0)
    assert capsys.readouterr() == ("", "")


async def test_a_session_in_an_async_block(capsys: pytest.CaptureFixture[str]):
    async with connected(VerbServer()) as session:
        with pytest.raises(ValueError, match="at all"):
            async with shown_on_failure(session):
                await session.noop()
                raise ValueError("anything at all")
    assert "C: NOOP\nS: 250 ok\n" in capsys.readouterr().err


def test_what_is_made_within_the_block_can_be_watched():
    out = io.StringIO()
    with pytest.raises(KeyError), shown_on_failure(file=out) as shown:
        transcript = shown.watch(Transcript())
        assert isinstance(transcript, Transcript)
        raise KeyError
    assert out.getvalue() == "<Transcript: 0 rows>\n"


def talk() -> Conversation:
    made = Conversation()
    made.feed(SERVER, b"220 hi\r\n", 1.0)
    return made


def test_secrets_are_masked():
    made, out = talk(), io.StringIO()
    made.feed(CLIENT, b"AUTH PLAIN AGFsaWNlAHdvbmRlcmxhbmQ=\r\n", 1.0)
    with pytest.raises(KeyError), shown_on_failure(made.transcript, file=out):
        raise KeyError
    assert "C: AUTH PLAIN ********" in out.getvalue()
    assert "AGFsaWNl" not in out.getvalue()


def test_of_a_long_conversation_the_beginning_and_the_end_are_printed():
    made, out = talk(), io.StringIO()
    made.feed(CLIENT, b"".join(b"NOOP %d\r\n" % number for number in range(100_000)), 1.0)
    with pytest.raises(KeyError), shown_on_failure(made.transcript, file=out):
        raise KeyError
    lines = out.getvalue().splitlines()
    assert lines[:3] == ["<Transcript: 100,001 rows>", "S: 220 hi", "C: NOOP 0"]
    assert lines[-1].startswith(("C: NOOP 99999", "-- violation"))
    assert len(lines) == 1 + 100 + 1 + 400
    assert lines[101].startswith("... ")
    assert lines[101].endswith(" lines omitted ...")


class Broken(io.StringIO):
    def write(self, _: str, /) -> int:
        raise OSError("no space left")


@pytest.mark.parametrize("file", [Broken(), io.TextIOWrapper(io.BytesIO(), encoding="ascii")])
def test_the_failure_is_never_hidden_by_another(file: io.StringIO):
    made = talk()
    made.feed(CLIENT, "RCPT TO:<жук@example.org>\r\n".encode(), 1.0)
    with pytest.raises(KeyError, match="the one"), shown_on_failure(made.transcript, file=file):
        raise KeyError("the one")
    if isinstance(file, io.TextIOWrapper):
        assert rb"\u0436" in file.buffer.getvalue()
