"""heloscope sends the same as swaks for command lines that users have posted.

The expected conversations are written out. If swaks is installed, it is also run against the same
server, and the messages are compared octet by octet. RFC 5321.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from support.servers import VerbServer, serving
from support.swaks_lines import OURS, SWAKS, comparable, divided, run

T = "--to bob@example.org --from ann@example.net --helo me.example --server 127.0.0.1:PORT"
ENVELOPE = ["MAIL FROM:<ann@example.net>", "RCPT TO:<bob@example.org>"]
START = ["EHLO me.example", *ENVELOPE]
WHOLE = [*START, "DATA", "QUIT"]
LOGIN = "--auth-user ann --auth-password s3cret-word"
PLAIN = "AUTH PLAIN AGFubgBzM2NyZXQtd29yZA=="
# line -> what the client says, without the message
LINES: list[tuple[str, list[str]]] = [
    (f"swaks {T}", WHOLE),
    ("swaks -t bob@example.org -f ann@example.net -s 127.0.0.1 -p PORT -h me.example", WHOLE),
    (f"swaks {T} --header 'Subject: Test mail' --body 'This is a test.'", WHOLE),
    (f"swaks {T} --h-Subject 'Hello there' --body 'one\\ntwo'", WHOLE),
    (f"swaks {T} --header-X-Test 'test email'", WHOLE),
    (f"swaks {T} --add-header 'X-One: 1' --add-header 'X-Two: 2\\nX-Three: 3'", WHOLE),
    (f"swaks {T} --data 'Subject: Hi\\n\\nHello %TO_ADDRESS% from %FROM_ADDRESS%.'", WHOLE),
    (f"swaks {T} --data 'Subject: Hi\\n\\n.dot\\n..two\\n.\\nlast'", WHOLE),
    (f"swaks {T} --body @BODY", WHOLE),
    (f"swaks {T} --body BODY", WHOLE),
    (f"swaks {T} --data @LETTER", WHOLE),
    (f"swaks {T} --data @LETTER --header 'Subject: another' --header 'X-New: 1'", WHOLE),
    (f"swaks {T} --data LETTER --no-strip-from", WHOLE),
    (f"swaks {T} -g < LETTER", WHOLE),
    (f"swaks {T} --data - < LETTER", WHOLE),
    (f"swaks {T} --data @- < LETTER", WHOLE),
    (f"swaks {T} --body @- < BODY", WHOLE),
    (f"swaks {T} --to no@example.org --drop-after DATA",
     [*START[:2], "RCPT TO:<no@example.org>", "QUIT"]),
    (f"swaks {T} --to no@example.org --drop-after RCPT",
     [*START[:2], "RCPT TO:<no@example.org>", "QUIT"]),
    (f"swaks {T} -tlso --drop-after-send HELO", START[:1]),
    (f"swaks {T} --h-From: '\"Ann\" <ann@example.net>' --h-X-Mailer ''", WHOLE),
    (f"swaks {T} --header 'Subject:nospace' --header 'subject: lower' --add-header 'X: 1'", WHOLE),
    (f"swaks {T} --attach @BODY --body 'see attached'", WHOLE),
    (f"swaks {T} --attach - --suppress-data < BODY", WHOLE),
    (f"swaks {T} --attach-type text/plain --attach-name my.txt --attach @BODY", WHOLE),
    (f"swaks {T} --attach-type text/html --attach-body '<b>hi</b>'", WHOLE),
    ((f"swaks {T} --attach-body plain --attach-type text/html --attach-body '<b>x</b>' "
      "--attach @BODY"), WHOLE),
    (f"swaks {T} --quit-after RCPT", [*START, "QUIT"]),
    (f"swaks {T} -q TO --hide-all", [*START, "QUIT"]),
    (f"swaks {T} --quit-after MAIL", [*START[:2], "QUIT"]),
    (f"swaks {T} --quit-after EHLO", [START[0], "QUIT"]),
    (f"swaks {T} --quit-after CONNECT", ["QUIT"]),
    (f"swaks {T} --drop-after RCPT", START),
    (f"swaks {T} --drop-after DATA", [*START, "DATA"]),
    (f"swaks {T} --drop-after DOT", [*START, "DATA"]),
    (f"swaks {T} --protocol SMTP", ["HELO me.example", *ENVELOPE, "DATA", "QUIT"]),
    (f"swaks {T} --from '<>'", [START[0], "MAIL FROM:<>", START[2], "DATA", "QUIT"]),
    (f"swaks {T} -t carol@example.org,dan@example.org",
     [*START[:2], "RCPT TO:<carol@example.org>", "RCPT TO:<dan@example.org>", "DATA", "QUIT"]),
    (f"swaks {T} -t carol@example.org -t dan@example.org",
     [*START[:2], "RCPT TO:<dan@example.org>", "DATA", "QUIT"]),
    (f"swaks {T} --to bob@example.org,no@example.org",
     [*START, "RCPT TO:<no@example.org>", "DATA", "QUIT"]),
    (f"swaks {T} --to no@example.org", [*START[:2], "RCPT TO:<no@example.org>", "QUIT"]),
    (f"swaks {T} --from bad@example.net", [START[0], "MAIL FROM:<bad@example.net>", "QUIT"]),
    (f"swaks {T} --pipeline", WHOLE),
    (f"swaks {T} --auth PLAIN {LOGIN}", [START[0], PLAIN, *ENVELOPE, "DATA", "QUIT"]),
    (f"swaks {T} -a LOGIN -au ann -ap s3cret-word",
     [START[0], "AUTH LOGIN", "YW5u", "czNjcmV0LXdvcmQ=", *ENVELOPE, "DATA", "QUIT"]),
    (f"swaks {T} -a -au ann -ap s3cret-word --quit-after AUTH",
     [START[0], "AUTH LOGIN", "YW5u", "czNjcmV0LXdvcmQ=", "QUIT"]),
    (f"swaks {T} --auth-optional CRAM-MD5 {LOGIN}", WHOLE),
    (f"swaks {T} --auth CRAM-MD5 {LOGIN}", [START[0], "QUIT"]),
    (f"SWAKS_OPT_auth_password=s3cret-word swaks {T} --auth PLAIN --auth-user=ann",
     [START[0], PLAIN, *ENVELOPE, "DATA", "QUIT"]),
    (f"swaks {T} --tls", [START[0], "QUIT"]),
    (f"swaks {T} -tlso", WHOLE),
    (f"swaks {T} --tls-optional-strict -n", WHOLE),
    (f"swaks {T} --xclient-name mail.example --xclient-addr 192.0.2.1",
     [START[0], "XCLIENT NAME=mail.example ADDR=192.0.2.1", *WHOLE]),
    (f"swaks {T} --xclient 'NAME=a' --xclient-helo 'x y'",
     [START[0], "XCLIENT NAME=a", "XCLIENT HELO=x+20y", *WHOLE]),
    (f"swaks {T} --xclient-name a --quit-after XCLIENT", [START[0], "XCLIENT NAME=a", "QUIT"]),
    (f"swaks {T} --xclient-port 1 --xclient-optional", WHOLE),
    (f"swaks {T} --xclient-port 1", [START[0], "QUIT"]),
    (f"swaks {T} --xclient BAD=1 --xclient-optional", [START[0], "XCLIENT BAD=1", *WHOLE[1:]]),
    (f"swaks {T} --xclient BAD=1 --xclient-optional-strict", [START[0], "XCLIENT BAD=1", "QUIT"]),
    (f"swaks {T} --xclient-name a --drop-after-send XCLIENT", [START[0], "XCLIENT NAME=a"]),
    (f"swaks {T} --drop-after-send FIRST-HELO", START[:1]),
    (f"swaks {T} --auth LOGIN {LOGIN} -das AUTH", [START[0], "AUTH LOGIN"]),
    (f"swaks {T} -t bob@example.org,no@example.org --drop-after-send RCPT", START),
    (f"swaks {T} --drop-after-send DATA", [*START, "DATA"]),
    (f"swaks {T} --drop-after-send DOT", [*START, "DATA"]),
    (f"swaks {T} --prdr", [START[0], f"{ENVELOPE[0]} PRDR", *WHOLE[2:]]),
    (f"swaks {T} --auth-map MINE=LOGIN,XX=PLAIN --auth XX,MINE {LOGIN}",
     [START[0], "AUTH MINE", "YW5u", "czNjcmV0LXdvcmQ=", *ENVELOPE, "DATA", "QUIT"]),
    (f"swaks {T} --to 'bób@exámple.org' --from 'änn@example.net'",
     [START[0], "MAIL FROM:<änn@example.net>", "RCPT TO:<bób@exámple.org>", "DATA", "QUIT"]),
    (f"swaks {T} --header 'X: a' --body 'X: b\\n\\nc' --no-header-Subject", WHOLE),
    (f"swaks {T} --to '\"a b\"@example.org'", [*START[:2], 'RCPT TO:<"a b"@example.org>',
                                             "DATA", "QUIT"]),
    (f"swaks {T} --timeout 10s --show-time-lapse -nth --silent 2", WHOLE),
]  # fmt: skip
BODY = "first line\n.second\n\nlast\n"
LETTER = "From ann Mon\nSubject: letter\nTo: bob@example.org\n\nHello.\n.dot\n"


def server() -> VerbServer:
    return VerbServer(
        "PIPELINING", "AUTH PLAIN LOGIN MINE", "XCLIENT NAME ADDR HELO", "PRDR",
        XCLIENT="220 ready",
        AUTH="235 ok", answer="235 ok",
        **{
            "XCLIENT BAD=1": "501 no", "AUTH MINE": "334 VXNlcm5hbWU6",
            "AUTH LOGIN": "334 VXNlcm5hbWU6", "YW5u": "334 UGFzc3dvcmQ6",
            "RCPT TO:<no@example.org>": "550 no", "MAIL FROM:<bad@example.net>": "550 no",
        },
    )  # fmt: skip


async def said(program: str, line: str, folder: Path) -> list[bytes]:
    """Return the lines that the server receives if `program` is run instead of swaks."""
    witness, over = server(), asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await witness(reader, writer)
        finally:
            over.set()

    async with serving(serve) as port:
        await run(program, line, port, folder)
        await asyncio.wait_for(over.wait(), 10)
    return witness.heard


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "BODY").write_text(BODY)
    (tmp_path / "LETTER").write_text(LETTER)
    return tmp_path


@pytest.mark.parametrize(("line", "wanted"), LINES, ids=range(len(LINES)))
async def test_heloscope_says_what_swaks_says(line: str, wanted: list[str], folder: Path):
    commands, message = divided(await said(OURS, line, folder))
    assert commands == wanted
    if SWAKS is None:
        pytest.skip("swaks is not installed: only the conversation that is written out is compared")
    theirs, their_message = divided(await said(SWAKS, line, folder))
    assert theirs == wanted
    assert comparable(message) == comparable(their_message)
