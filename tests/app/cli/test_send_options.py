"""Each option of `heloscope send` has the right effect on the conversation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from heloscope.app.cli.message import header_field, with_fields
from heloscope.app.cli.send_options import SAMPLE_NAMES
from heloscope.session.procedures.samples import SAMPLES
from support.rows import for_each
from support.sending import ENVELOPE, send, sent_to
from support.servers import VerbServer, serving

HELO = ("--ehlo", "me.example")


def commands(server: VerbServer) -> list[str]:
    """Return what the server received, without the message and the final dot."""
    heard = [line.decode().rstrip("\r\n") for line in server.heard]
    if "DATA" in heard:
        at = heard.index("DATA")
        return heard[: at + 1] + (heard[heard.index(".") + 1 :] if "." in heard else [])
    return heard


def message(server: VerbServer) -> list[bytes]:
    at = server.heard.index(b"DATA\r\n")
    return server.heard[at + 1 : server.heard.index(b".\r\n")]


# Envelope and message


async def test_cc_is_named_in_the_header_and_bcc_is_not():
    server = VerbServer()
    status, _, _ = await sent_to(
        server, "--from", "a@x.example", "--to", "b@y.example", "--cc", "c@y.example",
        "--bcc", "d@y.example,e@y.example", *HELO,
    )  # fmt: skip
    assert status == 0
    assert commands(server) == [
        "EHLO me.example", "MAIL FROM:<a@x.example>", "RCPT TO:<b@y.example>",
        "RCPT TO:<c@y.example>", "RCPT TO:<d@y.example>", "RCPT TO:<e@y.example>", "DATA", "QUIT",
    ]  # fmt: skip
    header = [line for line in message(server) if line.startswith((b"To:", b"Cc:", b"Bcc:"))]
    assert header == [b"To: b@y.example\r\n", b"Cc: c@y.example\r\n"]


async def test_a_header_field_is_replaced_and_another_is_added(tmp_path: Path):
    letter = tmp_path / "letter.eml"
    letter.write_bytes(b"Subject: old\n folded\nTo: b@y.example\n\nSubject: text\n")
    server = VerbServer()
    await sent_to(
        server, str(letter), *ENVELOPE, "--header", "Subject: new", "--header", "X-One: 1",
        "--add-header", "To: c@y.example",
    )  # fmt: skip
    assert message(server) == [
        b"Subject: new\r\n", b"To: b@y.example\r\n", b"X-One: 1\r\n", b"To: c@y.example\r\n",
        b"\r\n", b"Subject: text\r\n",
    ]  # fmt: skip


@for_each(
    [
        (b"A: 1\r\n\r\ntext", b"A: 1\r\nX: y\r\n\r\ntext"),
        (b"A: 1\n\ntext", b"A: 1\nX: y\r\n\ntext"),
        (b"\r\ntext", b"X: y\r\n\r\ntext"),
        (b"A: 1", b"A: 1\r\nX: y\r\n"),
        (b"x: 1\r\n 2\r\nB: 1\r\nX: 3\r\n\r\nX: 4", b"X: y\r\nB: 1\r\n\r\nX: 4"),
    ]
)
def test_where_a_field_is_put(before: bytes, after: bytes):
    assert with_fields(before, [header_field("X: y")], []) == after


async def test_attachments_have_their_name_and_type(tmp_path: Path):
    (tmp_path / "a.txt").write_text("hello\n")
    (tmp_path / "b").write_bytes(b"\x00\xff")
    server = VerbServer()
    status, _, err = await sent_to(
        server, *ENVELOPE, "--attach", str(tmp_path / "a.txt"),
        "--attach", f"{tmp_path}/b;type=image/png;name=c.png",
    )  # fmt: skip
    assert (status, err) == (0, "")
    text = b"".join(message(server)).decode()
    assert "Content-Type: multipart/mixed" in text
    assert 'Content-Disposition: attachment; filename="a.txt"' in text
    assert "Content-Type: image/png" in text
    assert 'Content-Disposition: attachment; filename="c.png"' in text
    assert "AP8=" in text


async def test_a_text_of_ascii_needs_no_mime_and_another_has_it():
    server = VerbServer()
    await sent_to(server, *ENVELOPE, "--body", "one\n\n.two", "--subject", "Hi")
    sent = message(server)
    names = [line.partition(b":")[0] for line in sent[: sent.index(b"\r\n")]]
    assert names == [b"Date", b"From", b"To", b"Subject", b"Message-ID"]
    assert sent[sent.index(b"\r\n") :] == [b"\r\n", b"one\r\n", b"\r\n", b"..two\r\n"]
    other = VerbServer()
    await sent_to(other, *ENVELOPE, "--subject", "Grüße")
    assert b"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n" in message(other)


async def test_a_sample_is_sent_as_it_is_meant():
    server = VerbServer()
    status, out, _ = await sent_to(server, *ENVELOPE, "--sample", "too-long")
    assert status == 0
    assert b"0123456789" * 99 + b"012345678\r\n" in message(server)
    assert "note: line too long" in out


def test_the_samples_are_those_of_the_engine():
    assert tuple(SAMPLES) == SAMPLE_NAMES


async def test_line_ends_are_left_as_they_are_on_request(tmp_path: Path):
    letter = tmp_path / "letter.eml"
    letter.write_bytes(b"Subject: x\r\n\r\none\ntwo\r\n")
    server = VerbServer()
    _, out, _ = await sent_to(server, str(letter), *ENVELOPE, "--as-is")
    assert message(server) == [b"Subject: x\r\n", b"\r\n", b"one\n", b"two\r\n"]
    assert "note: line ended by LF alone" in out
    other = VerbServer()
    await sent_to(other, str(letter), *ENVELOPE)
    assert message(other) == [b"Subject: x\r\n", b"\r\n", b"one\r\n", b"two\r\n"]


# Parameters


async def test_the_parameters_of_dsn():
    server = VerbServer("DSN")
    await sent_to(
        server, *ENVELOPE, "--notify", "success,failure", "--ret", "hdrs", "--envid", "a b+c",
        "--orcpt", *HELO,
    )  # fmt: skip
    assert commands(server)[1:3] == [
        "MAIL FROM:<a@client.example> RET=HDRS ENVID=a+20b+2Bc",
        "RCPT TO:<b@example.org> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;b@example.org",
    ]


@pytest.mark.parametrize(
    ("given", "mail"),
    [
        ((), " BODY=8BITMIME SMTPUTF8"),
        (("--body-type", "none"), ""),
        (("--body-type", "7bit"), " BODY=7BIT"),
        (("--body-type", "8bitmime", "--smtputf8"), " BODY=8BITMIME SMTPUTF8"),
    ],
)
async def test_what_is_declared_of_a_message_with_utf8_in_its_header(given: Any, mail: str):
    server = VerbServer("8BITMIME", "SMTPUTF8")
    await sent_to(server, *ENVELOPE, "--sample", "utf-8", *given, *HELO)
    assert commands(server)[1] == f"MAIL FROM:<a@client.example>{mail}"


async def test_a_binary_message_goes_by_bdat_untouched(tmp_path: Path):
    letter = tmp_path / "letter"
    letter.write_bytes(b"A: 1\r\n\r\na\nb\x00")
    server = VerbServer("CHUNKING", "BINARYMIME")
    await sent_to(server, str(letter), *ENVELOPE, "--bdat", "--body-type", "binarymime", *HELO)
    assert server.heard[1] == b"MAIL FROM:<a@client.example> BODY=BINARYMIME\r\n"
    assert server.heard[3] == b"BDAT 12 LAST\r\n"
    assert server.heard[4:7] == [b"A: 1\r\n", b"\r\n", b"a\n"]


async def test_smtputf8_that_is_not_offered_is_said_before_mail():
    server = VerbServer()
    status, _, err = await sent_to(server, *ENVELOPE, "--smtputf8")
    assert (status, err) == (1, "heloscope: SMTPUTF8 not supported by server\n")
    assert [line[:4] for line in server.heard] == [b"EHLO", b"QUIT"]


# How it goes


@for_each([
        ("connect", ["QUIT"]),
        ("ehlo", ["EHLO me.example", "QUIT"]),
        ("secured", ["EHLO me.example", "QUIT"]),
        ("xclient", ["EHLO me.example", "XCLIENT NAME=a ADDR=192.0.2.1", "QUIT"]),
        ("mail", ["EHLO me.example", "XCLIENT NAME=a ADDR=192.0.2.1", "EHLO me.example",
                  "MAIL FROM:<a@client.example>", "QUIT"]),
        ("rcpt", ["EHLO me.example", "XCLIENT NAME=a ADDR=192.0.2.1", "EHLO me.example",
                  "MAIL FROM:<a@client.example>", "RCPT TO:<b@example.org>", "QUIT"]),
    ])  # fmt: skip
async def test_the_conversation_ends_after_a_step(step: str, said: list[str]):
    server = VerbServer("XCLIENT NAME ADDR", XCLIENT="220 ready")
    status, out, err = await sent_to(
        server, *ENVELOPE, *HELO, "--xclient", "NAME=a ADDR=192.0.2.1", "--stop-after", step
    )
    assert (status, err) == (0, "")
    assert commands(server) == said
    assert out.splitlines()[-2] == "S: 250 ok"  # of QUIT


@pytest.mark.parametrize(
    ("step", "last"),
    [("connect", None), ("mail", b"MAIL FROM:<a@client.example>\r\n"), ("data", b"DATA\r\n"),
     ("message", b".\r\n")],
)  # fmt: skip
@pytest.mark.parametrize("keyword", ["PIPELINING", "SIZE 0"])
async def test_the_connection_is_closed_after_a_step(step: str, last: Any, keyword: str):
    server = VerbServer(*(["PIPELINING"] if keyword == "PIPELINING" else []))
    status, out, err = await sent_to(server, *ENVELOPE, "--drop-after", step)
    assert (status, err) == (0, "")
    assert (server.heard[-1] if server.heard else None) == last
    assert out.splitlines()[-1] == f"note: closed after {step}, as requested"


async def test_a_refused_step_is_told_all_the_same():
    server = VerbServer(RCPT="550 5.1.1 No such user")
    status, _, err = await sent_to(server, *ENVELOPE, "--stop-after", "rcpt")
    assert (status, err) == (1, "heloscope: 0 of 1 recipients accepted.\n")


async def test_several_messages_go_through_one_connection():
    server = VerbServer()
    status, _, _ = await sent_to(server, *ENVELOPE, "--times", "3")
    assert status == 0
    assert [line for line in server.heard if line.startswith(b"EHLO")] == server.heard[:1]
    assert server.heard.count(b"DATA\r\n") == 3
    ids = [line for line in server.heard if line.startswith(b"Message-ID")]
    assert len(set(ids)) == 3


async def test_a_connection_that_ends_between_messages_is_told():
    server = VerbServer(**{".": ["250 ok", "421 too many"]})
    status, _, err = await sent_to(server, *ENVELOPE, "--times", "3")
    assert status == 1
    assert err == "heloscope: the server answered 421 too many\n"


async def test_helo_does_without_extensions():
    server = VerbServer("SIZE 100")
    await sent_to(server, *ENVELOPE, *HELO, "--helo")
    assert commands(server)[:2] == ["HELO me.example", "MAIL FROM:<a@client.example>"]


async def test_xclient_that_is_not_offered_is_refused():
    server = VerbServer()
    status, _, err = await sent_to(server, *ENVELOPE, "--xclient", "NAME=a")
    assert (status, err) == (1, "heloscope: XCLIENT is not offered by the server\n")


# Login


async def test_a_login_in_clear_has_to_be_asked_for():
    server = VerbServer("AUTH PLAIN LOGIN", AUTH="235 ok")
    status, out, _ = await sent_to(
        server, *ENVELOPE, "--login", "alice", "--secret", "P", "--in-clear", P="Tr0ub4dor"
    )
    assert status == 0
    assert b"AUTH PLAIN AGFsaWNlAFRyMHViNGRvcg==\r\n" in server.heard
    assert "Tr0ub4dor" not in out and "AGFsaWNlAFRyMHViNGRvcg" not in out


async def test_mechanisms_are_tried_in_the_order_given():
    server = VerbServer("AUTH PLAIN LOGIN CRAM-MD5", AUTH=["504 no", "235 ok"])
    status, _, _ = await sent_to(
        server, *ENVELOPE, "--login", "a", "--secret", "P", "--in-clear",
        "--mechanism", "login,plain", P="secret-word",
    )  # fmt: skip
    assert status == 0
    said = [line.split()[1] for line in server.heard if line.startswith(b"AUTH")]
    assert said == [b"LOGIN", b"PLAIN"]


async def test_mechanisms_without_a_secret():
    server = VerbServer("AUTH EXTERNAL ANONYMOUS", AUTH="235 ok")
    status, _, err = await sent_to(
        server, *ENVELOPE, "--mechanism", "external", "--authzid", "bob@example.org"
    )
    assert (status, err) == (0, "")
    assert b"AUTH EXTERNAL Ym9iQGV4YW1wbGUub3Jn\r\n" in server.heard
    other = VerbServer("AUTH EXTERNAL ANONYMOUS", AUTH="235 ok")
    await sent_to(other, *ENVELOPE, "--mechanism", "ANONYMOUS", "--login", "guest")
    assert b"AUTH ANONYMOUS Z3Vlc3Q=\r\n" in other.heard


# LMTP


async def test_in_lmtp_each_recipient_has_its_own_reply():
    server = VerbServer(LHLO="250 server", **{".": "250 ok\r\n550 5.2.2 full"})
    async with serving(server) as port:
        status, out, err = await send(
            f"lmtp://127.0.0.1:{port}", "--from", "a@x.example", "--to", "b@y.example,c@y.example",
            "--no-record",
        )  # fmt: skip
    assert (status, err) == (1, "heloscope: 1 of 2 recipients accepted.\n")
    assert "S: 550 5.2.2 full" in out


async def test_the_connection_comes_from_the_address_that_is_given():
    peers: list[Any] = []

    async def serve(reader: Any, writer: Any) -> None:
        peers.append(writer.get_extra_info("peername")[0])
        await VerbServer()(reader, writer)

    async with serving(serve) as port:
        status, _, _ = await send(
            f"127.0.0.1:{port}", *ENVELOPE, "--source", "127.0.0.2", "--no-record"
        )
    assert (status, peers) == (0, ["127.0.0.2"])


@pytest.mark.parametrize("version", ["1", "2"])
async def test_a_proxy_header_goes_before_anything_else(version: str):
    server = VerbServer()

    async def serve(reader: Any, writer: Any) -> None:
        header.append(await reader.readexactly(28 if version == "2" else 35))
        await server(reader, writer)

    header: list[bytes] = []
    async with serving(serve) as port:
        status, _, err = await send(
            f"127.0.0.1:{port}", *ENVELOPE, "--proxy-header", "TCP4 10.0.0.1 10.0.0.2 9 25",
            "--proxy-version", version, "--no-record",
        )  # fmt: skip
    assert (status, err) == (0, "")
    binary = bytes.fromhex("0d0a0d0a000d0a515549540a2111000c0a0000010a00000200090019")
    assert header == [binary if version == "2" else b"PROXY TCP4 10.0.0.1 10.0.0.2 9 25\r\n"]


async def test_a_proxy_that_cannot_be_reached_is_status_3():
    status, _, err = await send("h.invalid", *ENVELOPE, "--proxy", "socks5://127.0.0.1:1")
    assert status == 3
    assert err.startswith("heloscope: The proxy socks5://127.0.0.1:1 cannot be reached")


@for_each(
    [
        (("--proxy", "ftp://x"), "ftp://x is not a proxy. Use socks5://HOST:PORT"),
        (("--proxy-header", "TCP9"), "a PROXY header must be 'TCP4 SOURCE"),
        (("--proxy-secret", "X"), "--proxy-secret needs a proxy"),
        (("f", "--sample", "dots"), "--sample makes a message, but FILE is already one."),
        (("f", "--attach", "x"), "--attach makes a message, but FILE is already one."),
        (("--sample", "dots", "--body", "x"), "a --sample has its own subject, text and files"),
        (("--as-is",), "--as-is applies to the line endings of FILE, but there is no FILE."),
        (("--notify", "SOMETIMES"), "--notify must be NEVER, or one or more of SUCCESS"),
        (("--notify", "NEVER,DELAY"), "--notify NEVER cannot be combined with other values"),
        (("--envid", ""), "--envid must have 1 to 100 characters"),
        (("--body-type", "BINARYMIME"), "--body-type BINARYMIME needs --bdat"),
        (("--mail-option", "A B"), "a MAIL or RCPT parameter must not contain spaces"),
        (
            ("--stop-after", "mail", "--drop-after", "mail"),
            "--stop-after and --drop-after cannot be",
        ),
        (("--stop-after", "starttls", "--tls", "none"), "--stop-after starttls, but STARTTLS is"),
        (("--drop-after", "login"), "--drop-after login needs --login."),
        (("--stop-after", "xclient"), "--stop-after xclient needs --xclient."),
        (("--drop-after", "data", "--bdat"), "--drop-after data, but --bdat sends"),
        (("--stop-after", "mail", "--times", "2"), "--times sends several messages, but"),
        (("--helo", "--bdat"), "--helo excludes extensions"),
        (("--xclient", "NAME"), "--xclient must be 'NAME=VALUE NAME=VALUE'"),
        (("--header", "no colon"), "a header field must be 'NAME: VALUE', not 'no colon'"),
        (("--attach", "/nonexistent"), "cannot read the attachment: No such file or directory"),
        (("--mechanism", "PLAIN"), "--mechanism needs --login USER."),
        (("--in-clear",), "--in-clear applies only to a login"),
        (
            ("--login", "a", "--secret-file", "w0nderland"),
            "no --secret-file has that name (not shown, as it may be the secret itself).",
        ),
        (("--source", "127.0.0.1:x"), "--source must be an IP address of this machine"),
    ]
)
async def test_options_that_do_not_go_together_are_one_sentence(arguments: Any, said: str):
    status, out, err = await send("host", *arguments, *ENVELOPE, "--no-record")
    assert (status, out) == (2, "")
    assert err.startswith(f"heloscope: send: {said}")
    assert err.count("\n") == 1
