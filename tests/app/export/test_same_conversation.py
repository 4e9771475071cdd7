"""The program of `:copy` says to the same server what was said: for each TLS policy and login."""

from __future__ import annotations

import asyncio
import base64
import gc
import getpass
import ssl
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from heloscope.app.export.login import planned_login
from heloscope.app.export.replay import Replay, replay_of
from heloscope.app.export.smtplib_helpers import HELPERS
from heloscope.app.export.smtplib_program import smtplib_program
from heloscope.session.aio.session import Session
from heloscope.session.secret import Secret
from heloscope.session.target import Target, parse_target
from heloscope.session.tls.settings import TlsSettings
from support import made_certificates as made
from support.servers import VerbServer, serving
from support.tls_servers import server_context
from support.witness_server import TOKEN, WitnessServer, normal, offer_all, witnessing

MESSAGE = b"Subject: x\r\n\r\n.\r\n..dots\r\nbare\n.LF\r\n\xff\x00\xe4\tno line end"
SECRETS = {"password": "wonderland", "token": TOKEN, "key": "sesame"}


def replay_of_session(session: Session) -> Replay:
    """What `:copy` is made from."""
    source = session.connection.source_address
    replay = replay_of(session.transcript, session.target, source=source[0] if source else "")
    return replay.with_tls(session.tls_settings)


def run(program: str, answers: Callable[[str], str]) -> str:
    """Run a program; returns what it ended with, empty if it came to its end."""
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
    """The secret that a prompt asks for by what it is."""
    if "pem" in prompt:
        return SECRETS["key"]
    return SECRETS["token" if "token" in prompt else "password"]


async def end_of(session: Session, replay: Replay | None = None, port: int = 0) -> str:
    """What the program for a session ends with, when its server listens on another port."""
    target = session.target
    assert target is not None
    await session.close()
    program = smtplib_program(replay or replay_of_session(session))
    program = program.replace(f"{target.port}, timeout", f"{port or target.port}, timeout")
    ended = await asyncio.to_thread(run, program, of_its_kind)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # the end of a process would close it
        gc.collect()
    return ended


async def again(
    server: WitnessServer, session: Session, answers: Callable[[str], str] = of_its_kind
) -> str:
    """Run the program for a session; what the server heard is the same. Returns the program."""
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
    """A whole session, with a refused recipient."""
    await session.ehlo("me.example")
    to = ["alice@practice.test", "nobody@practice.test", "bob@practice.test"]
    await session.sendmail("a@example.org", to, MESSAGE, pipelining=False)
    await session.quit()


# TLS


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the CA of the server, and a client certificate with its encrypted key."""
    from cryptography.hazmat.primitives import serialization

    folder = tmp_path_factory.mktemp("certificates")
    made.authority().cert_pem.write_to_path(str(folder / "ca.pem"))
    own = made.by(made.authority(), "client.example")
    key = serialization.load_pem_private_key(own.key, None)
    locked = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(SECRETS["key"].encode()),
    )
    (folder / "client.pem").write_bytes(b"".join(own.certificates) + own.key)
    (folder / "locked.pem").write_bytes(locked)
    return folder


def by_ca() -> ssl.SSLContext:
    """The TLS context of a server that the CA vouches for."""
    return server_context(made.by(made.authority(), "localhost"))


def asks_for_a_certificate() -> ssl.SSLContext:
    context = by_ca()
    context.verify_mode = ssl.CERT_REQUIRED
    made.authority().configure_trust(context)
    return context


POLICIES = ["none", "offered", "required", "implicit"]


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("how", ["ca", "any", "pinned"])
async def test_each_tls_policy(policy: str, how: str, files: Path):
    if policy == "none" and how != "any":
        return
    async with witnessing(by_ca() if how == "ca" else None) as server:
        tls = {
            "ca": lambda: TlsSettings(ca_file=str(files / "ca.pem")),
            "any": lambda: TlsSettings(verify=False),
            "pinned": server.trusted,
        }[how]
        session = Session(_target(server, policy), timeout=10, tls=tls())
        await session.connect()
        if policy in ("offered", "required"):
            await session.run("secure", "me.example", required=policy == "required")
        assert session.tls is (policy != "none")
        await one_message(session)
        program = await again(server, session)
        assert ("wrap" in program or "context=CONTEXT" in program) is (policy != "none")
        assert [len(server.mailboxes.of[name]) for name in ("alice", "bob")] == [2, 2]


def _target(server: WitnessServer, policy: str) -> str:
    implicit = policy == "implicit"
    port = server.tls_port if implicit else server.port
    return f"{'smtps' if implicit else 'smtp'}://localhost:{port}"


@pytest.mark.parametrize("policy", ["required", "implicit"])
@pytest.mark.parametrize("locked", [False, True], ids=["", "with a password"])
async def test_a_client_certificate(policy: str, locked: bool, files: Path):
    async with witnessing(asks_for_a_certificate()) as server:
        tls = TlsSettings(
            ca_file=str(files / "ca.pem"),
            certfile=str(files / "client.pem"),
            keyfile=str(files / "locked.pem") if locked else "",
            key_password=Secret(SECRETS["key"]) if locked else None,
        )
        session = Session(_target(server, policy), timeout=10, tls=tls)
        await session.connect()
        if policy == "required":
            await session.run("secure", "me.example", required=True)
        await session.ehlo("me.example")
        await session.quit()
        program = await again(server, session)
        assert ("KEY_PASSWORD" in program) is locked
        assert b"(TLS, with a certificate, for localhost)\r\n" in server.conversations()[1]


@pytest.mark.parametrize("policy", ["required", "implicit"])
async def test_a_certificate_that_is_not_the_accepted_one_ends_it(policy: str, files: Path):
    async with witnessing() as server, witnessing() as other:
        session = Session(_target(server, policy), timeout=10, tls=server.trusted())
        await session.connect()
        if policy == "required":
            await session.run("secure", "me.example", required=True)
        await session.ehlo("me.example")
        await session.quit()
        port = other.tls_port if policy == "implicit" else other.port
        ended = await end_of(session, port=port)
        assert ended.startswith("the server has another certificate, SHA-256 ")


async def test_a_certificate_of_a_ca_that_is_not_known_ends_it(files: Path):
    async with witnessing(by_ca()) as server:
        tls = TlsSettings(ca_file=str(files / "ca.pem"))
        session = Session(_target(server, "implicit"), timeout=10, tls=tls)
        await session.connect()
        await session.quit()
        ended = await end_of(session, replay_of_session(session).with_tls(TlsSettings()))
        assert ended.startswith("SSLCertVerificationError: ")


async def test_a_handshake_that_failed_fails_again():
    async with witnessing() as server:
        session = Session(_target(server, "none"), timeout=10)
        await session.connect()
        await session.ehlo("me.example")
        with pytest.raises(ssl.SSLCertVerificationError):
            await session.starttls()
        ended = await end_of(session)
        assert ended.startswith("SSLCertVerificationError: ")


async def test_a_server_name_of_its_own_is_sent_and_verified(files: Path):
    async with witnessing(server_context(made.good())) as server:
        tls = TlsSettings(ca_file=str(files / "ca.pem"), server_name=made.HOST)
        session = Session(_target(server, "implicit"), timeout=10, tls=tls)
        await session.connect()
        await session.ehlo("me.example")
        await session.quit()
        await again(server, session)
        assert f"(TLS, without one, for {made.HOST})\r\n".encode() in server.conversations()[1]


# AUTH

MECHANISMS = {
    "PLAIN": "password",
    "LOGIN": "password",
    "CRAM-MD5": "password",
    "SCRAM-SHA-1": "password",
    "SCRAM-SHA-256": "password",
    "XOAUTH2": "token",
    "OAUTHBEARER": "token",
    "EXTERNAL": "",
    "ANONYMOUS": "",
}


@pytest.mark.parametrize("initial", [True, False], ids=["initial response", "without"])
@pytest.mark.parametrize("mechanism", MECHANISMS)
async def test_each_mechanism(mechanism: str, initial: bool, monkeypatch: pytest.MonkeyPatch):
    offer_all(monkeypatch)
    asked: list[str] = []

    def answer(prompt: str) -> str:
        asked.append(prompt)
        return of_its_kind(prompt)

    kind = MECHANISMS[mechanism]
    async with witnessing() as server:
        session = Session("127.0.0.1", server.port, timeout=10)
        await session.connect()
        await session.ehlo("me.example")
        reply = await session.login(
            "alice",
            SECRETS.get(kind, ""),
            mechanism=mechanism,
            in_clear=True,
            initial_response_ok=initial,
        )
        assert reply.code == 235
        await session.quit()
        [said] = [step.lines for step in replay_of_session(session).steps if step.lines]
        planned = planned_login(mechanism, "alice", "127.0.0.1", server.port)
        assert (said == planned) is (initial or mechanism in ("LOGIN", "CRAM-MD5"))
        await again(server, session, answer)
    assert asked == ([f"The {kind} of alice: "] if kind else [])


@pytest.mark.parametrize("mechanism", [name for name, kind in MECHANISMS.items() if kind])
async def test_a_login_that_was_refused_is_refused_again(
    mechanism: str, monkeypatch: pytest.MonkeyPatch
):
    offer_all(monkeypatch)
    kind = MECHANISMS[mechanism]

    def answer(prompt: str) -> str:
        return "looking-glass" if "refused" in prompt else of_its_kind(prompt)

    async with witnessing() as server:
        session = Session("127.0.0.1", server.port, timeout=10)
        await session.connect()
        await session.ehlo("me.example")
        for secret in ("looking-glass", SECRETS[kind]):
            try:
                await session.login("alice", secret, mechanism=mechanism, in_clear=True)
            except OSError:
                assert secret == "looking-glass"
        await session.quit()
        program = await again(server, session, answer)
        name = kind.upper()
        assert f'os.environ.get("{name}")' in program and f'os.environ.get("{name}_2")' in program


@pytest.mark.parametrize(
    ("first", "ends"),
    [
        ("r=abc,s=eA==,i=4096", "the nonce of the server does not begin with that of the client"),
        ("r={nonce}abc,s=eA==,i=4096", "the server does not know the password"),
    ],
)
def test_the_program_ends_where_a_server_does_not_know_the_password(first: str, ends: str):
    names: dict[str, type] = {}
    exec("import base64, hashlib, hmac, secrets, unicodedata\n" + HELPERS["Scram"].text, names)
    scram = names["Scram"]("alice", "wonderland", "sha256")
    with pytest.raises(SystemExit) as over:
        scram.final(_b64(first.format(nonce=scram.first.rpartition("=")[2])).encode())
        scram.check(_b64("v=eA==").encode())
    assert str(over.value) == ends


def _b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "lines",
    [
        ["auth plain", _b64("\0alice\0wonderland")],
        [f"AUTH PLAIN {_b64(chr(0) + 'alice' + chr(0) + 'wonderland')}"],
        [f"AUTH PLAIN {_b64('bob' + chr(0) + 'alice' + chr(0) + 'wonderland')}"],
        ["AUTH LOGIN", _b64("alice"), "*"],
        ["AUTH LOGIN", "*"],
        [f"AUTH LOGIN {_b64('alice')}", _b64("wonderland")],
        ["AUTH EXTERNAL ="],
        ["AUTH EXTERNAL", ""],
        [f"AUTH EXTERNAL {_b64('alice@example.org')}"],
        ["AUTH FROB", "NOOP"],
        [f"X-EXPS PLAIN {_b64(chr(0) + 'alice' + chr(0) + 'wonderland')}"],
        ["AUTH", "AUTH  CRAM-MD5 ="],
    ],
)  # fmt: skip
async def test_an_auth_typed_by_hand(lines: list[str], monkeypatch: pytest.MonkeyPatch):
    offer_all(monkeypatch)
    async with witnessing() as server:
        session = Session("127.0.0.1", server.port, timeout=10)
        await session.connect()
        for line in ("EHLO me.example", *lines, "NOOP", "QUIT"):
            await session.docmd(line)
        await again(server, session)


@pytest.mark.parametrize("response", ["d29uZGVybGFuZA", "wonderland!", "x y", _b64("wonderland")])
async def test_a_response_of_no_known_form_is_asked_for_as_a_whole(
    response: str, monkeypatch: pytest.MonkeyPatch
):
    offer_all(monkeypatch)
    async with witnessing() as server:
        session = Session("127.0.0.1", server.port, timeout=10)
        await session.connect()
        for line in ("EHLO me.example", "AUTH PLAIN", response, "QUIT"):
            await session.docmd(line)

        def answer(prompt: str) -> str:
            assert prompt == "Response 1 of PLAIN, in base64: "
            return response

        program = await again(server, session, answer)
        assert response not in program


# Everything else that a client may say


async def said_again(*lines: str | bytes, where: str = "127.0.0.1:{}") -> str:
    """Say lines to a witness, wait for each reply, and run the program. Returns it."""
    async with witnessing() as server:
        session = Session(where.format(server.port), timeout=10)
        await session.connect()
        for line in lines:
            await session.docmd(line)
        return await again(server, session)


async def test_parameters_addresses_and_other_commands():
    program = await said_again(
        "ehlo me.example",
        "VRFY alice",
        "NOOP with words",
        "FROB",
        "",
        " EHLO x",
        "MAIL FROM:<jürgen@example.org> SMTPUTF8 BODY=8BITMIME SIZE=100",
        "RSET",
        "mail from: <a@example.org>",
        "RSET",
        "MAIL FROM:<a@example.org> RET=HDRS ENVID=x+2By BODY=8BITMIME",
        "RCPT TO:<alice@practice.test> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;alice@practice.test",
        "RCPT TO:<nobody@practice.test>",
        b"RCPT TO:<\xff@practice.test>",
        "RCPT TO:<bob@practice.test>  NOTIFY=NEVER",
        "DATA x",
        "HELP",
        "HELO [127.0.0.1]",
        "MAIL FROM:<>",
        "QUIT",
    )
    assert 'smtp.docmd("FROB")' in program
    assert "smtp.mail(\"a@example.org\", ['RET=HDRS', 'ENVID=x+2By', 'BODY=8BITMIME'])" in program


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"\r\n",
        b".\r\n",
        MESSAGE,
        b"bare\n.\nCR \r. \r\n.\r\n",
        b"\xe4\xf6\xfc 8 bits\r\n" * 3,
        b"no line end",
    ],
)
@pytest.mark.parametrize("way", ["DATA", "BDAT", "pipelining"])
async def test_messages_arrive_as_they_did(message: bytes, way: str):
    async with witnessing() as server:
        session = Session("127.0.0.1", server.port, timeout=10)
        await session.connect()
        await session.ehlo("me.example")
        to = ["alice@practice.test", "nobody@practice.test"]
        for _ in range(2):
            await session.sendmail(
                "a@example.org", to, message, pipelining=way == "pipelining", chunking=way == "BDAT"
            )
        await session.mail("a@example.org")
        await session.rcpt("bob@practice.test")
        if way == "BDAT" and message:
            await session.bdat(message[:3])
            await session.bdat(message[3:], last=True)
        await session.quit()
        program = await again(server, session)
        assert ("smtp.send(" in program) or way == "DATA" or not message
        one, two, three, four = server.mailboxes.of["alice"]
        assert one.content == two.content == three.content == four.content


async def test_commands_sent_without_waiting_are_sent_so_again():
    async with witnessing() as server:
        session = Session("127.0.0.1", server.port, timeout=10)
        await session.connect()
        await session.send_raw(
            b"EHLO me\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<alice@practice.test>\r\nDATA\r\n"
        )
        while session.waiting is not None:
            await session.news()
        await session.send_raw(b"x\r\n.\r\nNOOP\r\nQUIT\r\n")
        while session.connected:
            await session.news()
        program = await again(server, session)
        assert (
            """\
smtp.send(
    b"EHLO me\\r\\n"
    + b"MAIL FROM:<a@example.org>\\r\\n"
    + b"RCPT TO:<alice@practice.test>\\r\\n"
    + b"DATA\\r\\n"
)
said(smtp.getreply(), 250)
"""
            in program
        )


async def test_what_was_sent_in_clear_behind_starttls_is_sent_so_again():
    async with witnessing() as server:
        session = Session("127.0.0.1", server.port, timeout=10, tls=server.trusted())
        await session.connect()
        await session.docmd("EHLO me")
        await session.send_raw(b"STARTTLS\r\nRSET\r\n")
        while session.state.name != "TLS":
            await session.news()
        await session.handshake()
        for line in ("STARTTLS", "EHLO me", "STARTTLS", "QUIT"):
            await session.docmd(line)
        await again(server, session)
        assert server.conversations()[1][1:4] == [
            b"STARTTLS\r\n", b"RSET\r\n", b"(TLS, without one, for )\r\n",
        ]  # fmt: skip


@pytest.mark.parametrize("part", [b"", b"Subject: x\r\n\r\nhalf a line", b"x\r\n..\r\n"])
async def test_a_message_that_was_broken_off(part: bytes):
    async with witnessing() as server:
        session = Session("127.0.0.1", server.port, timeout=10)
        await session.connect()
        for line in (
            "EHLO me", "MAIL FROM:<a@b>", "RCPT TO:<alice@practice.test>", "RCPT TO:<c@d>", "DATA",
        ):  # fmt: skip
            await session.docmd(line)
        await session.send_raw(part)
        await again(server, session)
        assert not server.mailboxes.of["alice"]


async def test_bytes_that_are_no_lines():
    async with witnessing() as server:
        session = Session("127.0.0.1", server.port, timeout=10)
        await session.connect()
        await session.docmd("EHLO me")
        await session.send_raw(b"NOOP\n")
        while session.waiting is not None:
            await session.news()
        await session.send_raw(b"VRFY a\rb\r\n")
        while session.waiting is not None:
            await session.news()
        await session.send_raw(b"half a li")
        await again(server, session)


async def test_a_socket_an_address_and_lmtp(tmp_path: Path):
    async with witnessing() as server:
        await server.listen_at(tmp_path / "socket")
        session = Session(
            parse_target(f"smtp+unix:{tmp_path}/socket"), timeout=10, tls=server.trusted()
        )
        await session.connect()
        await session.ehlo("me.example")
        await session.starttls()
        await one_message(session)
        await again(server, session)
    async with witnessing() as server:
        session = Session("127.0.0.1", server.port, timeout=10, source_address=("127.0.0.2", 0))
        await session.connect()
        await one_message(session)
        program = await again(server, session)
        assert 'source_address=("127.0.0.2", 0)' in program


async def heard_twice(
    server: VerbServer, session: Session, lines: Sequence[str]
) -> tuple[list[bytes], str]:
    """Say lines, then run the program; what the server heard, which is the same, and that."""
    await session.open()
    while session.waiting is not None:  # for the greeting
        await session.news()
    for line in lines:
        await session.docmd(line)
    heard, server.heard = server.heard, []
    await session.close()
    program = smtplib_program(replay_of_session(session))
    ended = await asyncio.wait_for(asyncio.to_thread(run, program, of_its_kind), 30)
    assert ended == "", f"{ended}\n{program}"
    again = [line for heard in server.heard for line in normal(heard)]
    assert again == heard
    return heard, program


@pytest.mark.parametrize("greeting", ["554 go away", "220 ready", "250 odd"])
async def test_every_greeting_is_waited_for(greeting: str):
    server = VerbServer(greeting=greeting)
    async with serving(server) as port:
        session = Session("127.0.0.1", port, timeout=10)
        _, program = await heard_twice(server, session, ["NOOP", "QUIT"])
        assert ('smtplib.SMTP("127' in program) is (greeting == "220 ready")


@pytest.mark.parametrize("way", ["tcp", "tls", "unix"])
async def test_lmtp(way: str, files: Path, tmp_path: Path):
    server = VerbServer(LHLO="250 server")
    path = tmp_path / "lmtp" if way == "unix" else None
    async with serving(server, by_ca() if way == "tls" else None, path) as port:
        target = Target(path=str(path), lmtp=True)
        if path is None:
            target = Target("localhost", port, lmtp=True, implicit=way == "tls")
        session = Session(target, timeout=10, tls=TlsSettings(ca_file=str(files / "ca.pem")))
        lines = ["LHLO me.example", "MAIL FROM:<a@b>", "RCPT TO:<c@d>", "NOOP", "QUIT"]
        heard, program = await heard_twice(server, session, lines)
        assert heard == [line.encode() + b"\r\n" for line in lines]
        assert "smtplib.LMTP(" in program
