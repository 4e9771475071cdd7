"""`heloscope send` sends the right commands, prints the conversation, and returns the status."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support.commands import heloscope
from support.made_certificates import HOST, authority, good
from support.sending import ENVELOPE, send, sent_to
from support.servers import VerbServer, script, serving
from support.tls_servers import server_context

LETTER = b"From: a@client.example\nTo: b@example.org\nBcc: c@example.org\n\n.dot\n"


async def test_a_message_from_standard_input_has_its_envelope_from_the_header():
    server = VerbServer()
    status, out, err = await sent_to(server, "-", "--ehlo", "client.example", given=LETTER)
    assert (status, err) == (0, "")
    assert server.heard == [
        b"EHLO client.example\r\n", b"MAIL FROM:<a@client.example>\r\n",
        b"RCPT TO:<b@example.org>\r\n", b"RCPT TO:<c@example.org>\r\n", b"DATA\r\n",
        b"From: a@client.example\r\n", b"To: b@example.org\r\n", b"\r\n", b"..dot\r\n", b".\r\n",
        b"QUIT\r\n",
    ]  # fmt: skip
    assert out.splitlines()[1:4] == ["S: 220 ready", "C: EHLO client.example", "S: 250 server"]
    assert "\x1b" not in out


async def test_a_letter_keeps_its_mode_and_may_lie_in_a_shared_folder(tmp_path: Path):
    letter = tmp_path / "letter.eml"
    letter.write_bytes(LETTER)
    letter.chmod(0o644)
    tmp_path.chmod(0o777)
    status, _, err = await sent_to(VerbServer(), str(letter))
    assert (status, err) == (0, "")
    assert letter.stat().st_mode & 0o777 == 0o644


async def test_options_of_mail_and_rcpt_and_bdat():
    server = VerbServer("CHUNKING", "DSN", BDAT="250 ok")

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server(reader, writer)

    async with serving(serve) as port:
        await send(
            f"127.0.0.1:{port}", *ENVELOPE, "--mail-option", "RET=HDRS", "--rcpt-option",
            "NOTIFY=NEVER", "--bdat", "--subject", "Hi", "--body", "text", "--no-record",
        )  # fmt: skip
    assert server.heard[1:3] == [
        b"MAIL FROM:<a@client.example> RET=HDRS\r\n",
        b"RCPT TO:<b@example.org> NOTIFY=NEVER\r\n",
    ]
    assert server.heard[3].startswith(b"BDAT ")
    assert server.heard[3].endswith(b" LAST\r\n")
    assert b"Subject: Hi\r\n" in server.heard


async def test_without_the_conversation_each_refusal_is_told_with_its_meaning():
    server = VerbServer(RCPT="550 5.1.1 No such user")
    status, out, err = await sent_to(server, *ENVELOPE, "--to", "x@example.org", "--quiet")
    assert (status, out) == (1, "")
    first, replied, meaning, *others = err.splitlines()
    assert first == "heloscope: 0 of 2 recipients accepted."
    assert replied == "heloscope: 550 5.1.1 No such user (after RCPT TO:<b@example.org>)"
    assert meaning.startswith("heloscope: it means: Refused permanently: no such user. The server ")
    assert others == ["heloscope: 550 5.1.1 No such user (after RCPT TO:<x@example.org>)"]


async def test_without_the_conversation_a_refused_message_is_told_with_its_meaning():
    server = VerbServer(MAIL="550 5.7.1 Blocked")
    _, _, err = await sent_to(server, *ENVELOPE, "--json")
    first, meaning = err.splitlines()
    assert first == "heloscope: the server answered 550 5.7.1 Blocked"
    assert meaning.startswith("heloscope: it means: Refused permanently: ")


@pytest.mark.parametrize(("more", "status"), [((), 1), (("--any",), 0)])
async def test_a_refused_recipient_is_explained_and_one_may_be_enough(more: Any, status: int):
    server = VerbServer(**{"RCPT TO:<x@example.org>": "550 5.1.1 No such user"})
    got, out, err = await sent_to(server, *ENVELOPE, "--to", "x@example.org", *more)
    assert got == status
    said = out.splitlines()
    at = said.index("S: 550 5.1.1 No such user")
    assert said[at + 1].startswith("means: refused permanently: no such user.")
    assert err == ("heloscope: 1 of 2 recipients accepted.\n" if status else "")


async def test_when_all_recipients_are_refused_any_does_not_help():
    server = VerbServer(RCPT="550 5.1.1 No such user")
    status, _, err = await sent_to(server, *ENVELOPE, "--any")
    assert (status, err) == (1, "heloscope: 0 of 1 recipients accepted.\n")
    assert b"DATA\r\n" not in server.heard


async def test_json_is_the_lines_of_a_recording_and_a_file_gets_the_same(tmp_path: Path):
    path = tmp_path / "made.jsonl"
    async with serving(VerbServer()) as port:
        status, out, _ = await send(f"127.0.0.1:{port}", *ENVELOPE, "--json", "--record", str(path))
    assert status == 0
    lines = [json.loads(line) for line in out.splitlines()]
    assert lines[0]["heloscope"] == 1
    assert {"from": "C", "text": "RCPT TO:<b@example.org>\r\n"}.items() <= lines[7].items()
    assert path.read_text() == out
    assert path.stat().st_mode & 0o777 == 0o600


async def test_an_existing_file_is_not_recorded_into(tmp_path: Path):
    path = tmp_path / "there"
    path.write_text("mine")
    status, _, err = await send("127.0.0.1:1", *ENVELOPE, "--record", str(path))
    assert (status, err) == (
        2,
        f"heloscope: send: the recording cannot be created: File exists ({path}).\n",
    )
    assert path.read_text() == "mine"


async def test_a_password_that_the_server_repeats_is_masked():
    server = VerbServer("AUTH CRAM-MD5 LOGIN", AUTH="535 5.7.8 wrong: Tr0ub4dor")
    status, out, err = await sent_to(
        server, *ENVELOPE, "--login", "alice", "--secret", "MAIL_PASSWORD",
        MAIL_PASSWORD="Tr0ub4dor",
    )  # fmt: skip
    assert status == 5
    assert "AUTH CRAM-MD5" in out
    assert "Tr0ub4dor" not in out + err


@pytest.mark.parametrize("json", [(), ("--json",)])
async def test_a_password_is_not_sent_in_clear(json: Any):
    server = VerbServer("AUTH PLAIN")
    status, _, err = await sent_to(
        server, *ENVELOPE, "--login", "a", "--secret", "P", *json, P="secret"
    )
    assert status == 5
    assert err.startswith("heloscope: No suitable authentication method found: PLAIN: ")
    assert [line for line in server.heard if line.startswith(b"AUTH")] == []


async def test_without_starttls_required_is_status_4_and_nothing_is_sent():
    server = VerbServer()
    status, _, err = await sent_to(server, *ENVELOPE, "--tls", "required")
    assert status == 4
    assert err == (
        "heloscope: STARTTLS extension not supported by server. --tls offered continues without "
        "TLS; smtps://HOST connects with TLS from the first byte, which many servers support on "
        "port 465.\n"
    )
    assert [line[:4] for line in server.heard] == [b"EHLO", b"QUIT"]


async def test_clear_text_where_tls_had_to_begin_is_reported_where_nothing_else_is_printed():
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 x\r\n")
        while line := await reader.readline():
            if line.startswith(b"EHLO"):
                writer.write(b"250-x\r\n250 STARTTLS\r\n")
            elif line == b"STARTTLS\r\n":
                writer.write(b"220 go\r\n250 injected\r\n")
                await writer.start_tls(server_context(good()))
            elif line == b"DATA\r\n":
                writer.write(b"354 go\r\n")
                await reader.readuntil(b"\r\n.\r\n")
                writer.write(b"250 ok\r\n")
            else:
                writer.write(b"250 ok\r\n")

    async with serving(serve) as port:
        how = ("--tls", "required", "--no-verify", "--no-record", "--quiet")
        status, out, err = await send(f"127.0.0.1:{port}", *ENVELOPE, *how)
    assert (status, out) == (0, "")
    assert err.startswith(
        "heloscope: the server sent unencrypted data after the 220 to STARTTLS. TLS"
    )


async def test_a_connection_that_is_lost_is_status_3():
    async with serving(script("S: 220 ready\nC: EHLO x\nS: 250 ok\nC: MAIL")) as port:
        status, _, _ = await send(f"127.0.0.1:{port}", *ENVELOPE, "--no-record", "--quiet")
    assert status == 3


REFUSED = (
    "error: 127.0.0.1:1 refused the connection.\n"
    "means: The host is up, but nothing listens on that port, or a firewall rejects the "
    "connection. Check the port: 25 between servers, 587 or 465 for clients that log in, 24 for "
    "LMTP. On the host itself, check whether the mail server is running.\n"
)


async def test_why_there_is_no_connection_is_told_with_what_to_try():
    status, out, err = await send("127.0.0.1:1", *ENVELOPE, "--no-record")
    assert (status, err) == (3, "heloscope: 127.0.0.1:1 refused the connection.\n")
    first, *rest = out.splitlines(keepends=True)
    assert re.fullmatch(r"note: tried 127\.0\.0\.1:1: refused after \d+ ms\n", first)
    assert "".join(rest) == REFUSED


def test_what_the_conversation_has_told_is_not_told_again_in_the_same_place():
    done = subprocess.run(
        [sys.executable, "-m", "heloscope.app", "send", "127.0.0.1:1", *ENVELOPE, "--no-record"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout.partition("\n")[2]) == (3, REFUSED)


async def test_a_server_that_hangs_up_in_the_message_is_explained():
    text = "S: 220 ready\nC: EHLO x\nS: 250 ok\nC: M\nS: 250 ok\nC: R\nS: 250 ok\nC: D\nS: 354 go"
    async with serving(script(text)) as port:
        status, out, _ = await send(f"127.0.0.1:{port}", *ENVELOPE, "--no-record")
    assert status == 3
    assert "It is not known whether the server accepted the message" in out or (
        "The server closed the connection in the middle of the message" in out
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("h",), "without FILE, --from and --to are needed."),
        (
            ("h", "/nonexistent"),
            "cannot read the message: No such file or directory (/nonexistent).",
        ),
        (("h", *ENVELOPE, "--login", "a"), "--login needs --secret NAME"),
        (("h", *ENVELOPE, "--login", "a", "--secret", "NOT_SET"), "no secret in the"),
        (("h", *ENVELOPE, "--tls", "none", "--no-verify"), "--tls none disables TLS, but"),
        (("h", *ENVELOPE, "--key", "k"), "--key needs the certificate that it belongs to"),
        (("h", *ENVELOPE, "--ca", "/nonexistent"), "Cannot read the CA file /nonexistent"),
        (("h", *ENVELOPE, "--source", "here"), "--source must be an IP address"),
        (("h:99999", *ENVELOPE), "A port must be a number from 1 to 65535"),
        (("h", *ENVELOPE, "--frob"), "No such option"),
        (
            ("h", "-", "--subject", "x"),
            "--subject and --body make a message, but FILE is already one.",
        ),
    ],
)
async def test_bad_input_is_one_sentence_and_status_2(arguments: Any, said: str):
    status, out, err = await send(*arguments, "--no-record")
    assert (status, out) == (2, "")
    assert err.startswith(f"heloscope: send: {said}")
    assert err.count("\n") == 1


async def test_when_the_reader_of_the_output_leaves_the_message_is_sent_all_the_same():
    server = VerbServer()
    async with serving(server) as port:
        process = await asyncio.create_subprocess_shell(
            f"{sys.executable} -m heloscope.app send 127.0.0.1:{port} {' '.join(ENVELOPE)} "
            "--no-record | true",
            stderr=asyncio.subprocess.PIPE,
        )
        _, err = await asyncio.wait_for(process.communicate(), 60)
    assert err == b""
    assert b"QUIT\r\n" in server.heard


USED = """
import gc, json, sys
sys.argv = ["heloscope", *sys.argv[1:]]
from heloscope.app.__main__ import main
try:
    main()
except SystemExit as left:
    print(json.dumps([left.code, sorted(sys.modules), gc.isenabled()]))
"""
UNUSED = (
    "textual", "rich", "aiosmtpd", "cryptography", "idna", "pysasl", "scramp", "markdown_it",
    "platformdirs", "tomllib", "heloscope.widgets", "heloscope.session.practice",
    "heloscope.session.aio", "heloscope.session.sync.connection", "heloscope.session.stepping",
    "heloscope.session.facts.explain", "heloscope.app.actions", "heloscope.app.plain",
    "heloscope.session.tls.handshake", "heloscope.session.facts.other_protocols",
    "heloscope.session.facts.tls_failures", "dataclasses", "difflib", "sqlite3",
    "dns", "tempfile", "shutil", "click", "gettext", "heloscope.session.archive",
    "heloscope.app.connect", "heloscope.app.lessons", "heloscope.session.record.journal",
    "heloscope.session.procedures.rerun", "heloscope.session.procedures.probe", "asyncio", "email",
    "smtplib", "ssl", "logging", "inspect", "typing_extensions", "pathlib", "threading", "urllib",
    "base64", "ipaddress", "subprocess", "heloscope.session.errors", "heloscope.session.sasl",
)  # fmt: skip


COMMANDS = {
    "send": ("send", *ENVELOPE, "--no-record"),
    "swaks": ("swaks", *ENVELOPE, "--server"),
    "probe": ("probe", "--no-record"),
}
OF_PROBE = ("heloscope.session.procedures.probe",)
OF_MESSAGES = (  # which a probe that succeeds does without
    "heloscope.session.protocol.message_syntax", "heloscope.session.procedures.content",
    "heloscope.session.procedures.transaction", "msgspec.inspect", "msgspec.toml", "weakref",
    "heloscope.session.facts.disconnect_causes",
)  # fmt: skip


@pytest.mark.parametrize("name", COMMANDS)
async def test_nothing_is_imported_that_is_not_used(name: str):
    async with serving(VerbServer("PIPELINING", "SIZE 1000000")) as port:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", USED, *COMMANDS[name], f"127.0.0.1:{port}",
            stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, _ = await asyncio.wait_for(process.communicate(), 60)
    code, modules, collects = json.loads(out.splitlines()[-1])
    assert code == 0
    assert collects, "a message may be sent a million times"
    assert "heloscope.session.sync.session" in modules
    unused = UNUSED
    if name == "probe":
        unused = (*(each for each in UNUSED if each not in OF_PROBE), *OF_MESSAGES)
    found = [each for each in modules for name in unused if f"{each}.".startswith(f"{name}.")]
    assert found == []


@pytest.mark.parametrize("command", [("send", *ENVELOPE), ("probe",)], ids=lambda words: words[0])
async def test_tls_needs_no_event_loop_either(tmp_path: Path, command: tuple[str, ...]):
    authority().cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    how = ("--server-name", HOST, "--ca", str(tmp_path / "ca.pem"), "--no-record")
    async with serving(VerbServer(), tls=server_context(good())) as port:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", USED, *command, f"smtps://127.0.0.1:{port}", *how,
            stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, _ = await asyncio.wait_for(process.communicate(), 60)
    code, modules, _ = json.loads(out.splitlines()[-1])
    assert code == 0
    unwanted = {"asyncio", "smtplib"}
    if command[0] == "send":  # probe shows the certificate
        unwanted |= {"cryptography", "email"}
    assert {"ssl", *unwanted} & set(modules) == {"ssl"}


async def test_what_needs_an_event_loop_runs_in_one():
    server = VerbServer()
    async with serving(server) as port:
        status, out, _ = await heloscope(
            "swaks", "--server", f"127.0.0.1:{port}", *ENVELOPE, "--drop-after-send", "MAIL"
        )
    assert status == 0
    assert "C: MAIL FROM:<a@client.example>" in out
    assert "C: RCPT" not in out
