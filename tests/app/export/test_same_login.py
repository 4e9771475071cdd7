"""The program made by `:copy` performs the same login, with each mechanism."""

from __future__ import annotations

import base64
from smtplib import SMTPAuthenticationError

import pytest
from heloscope.app.export.login import planned_login
from heloscope.app.export.script import script
from heloscope.app.export.smtplib_helpers import HELPERS
from heloscope.session.aio.session import Session
from support.copied_program import (
    SECRETS,
    again,
    of_its_kind,
    replay_of_session,
)
from support.witness_server import offer_all, witnessing

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
    assert asked == ([f"{kind.capitalize()} for alice: "] if kind else [])


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


async def test_a_script_says_that_it_does_not_act_as_another_user_with_scram(
    monkeypatch: pytest.MonkeyPatch,
):
    offer_all(monkeypatch)
    async with witnessing() as server:
        session = Session("127.0.0.1", server.port, timeout=10)
        await session.connect()
        await session.ehlo("me.example")
        with pytest.raises(SMTPAuthenticationError):  # this server lets nobody act as another
            await session.login(
                "alice", "wonderland", mechanism="SCRAM-SHA-256", in_clear=True, authzid="bob"
            )
        await session.quit()
        said = script(replay_of_session(session))
    assert (
        "# The login with SCRAM-SHA-256 asked to act as bob. A script\n"
        "# cannot do that with SCRAM, so this one acts as the user who logs in.\n"
    ) in said
    assert "AUTH SCRAM-SHA-256\n:answer alice\n" in said


@pytest.mark.parametrize(
    ("first", "ends"),
    [
        ("r=abc,s=eA==,i=4096", "the server's nonce does not begin with the client's"),
        ("r={nonce}abc,s=eA==,i=4096", "the server did not prove that it knows the password"),
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
            assert prompt == "Response 1 for PLAIN, in base64: "
            return response

        program = await again(server, session, answer)
        assert response not in program
