"""A password whose exchange ends while it is typed is erased, and neither shown, sent nor kept.

Eight kinds of login are interrupted by everything that may happen in between: first without an app,
at every answer, and then with keys on the screen, as a user types them.
"""

from __future__ import annotations

import asyncio
import base64
import itertools
from itertools import product
from pathlib import Path
from urllib.parse import quote

import pytest
from heloscope.app.input.history import History
from heloscope.session.events import CLIENT, Kind
from heloscope.widgets.input.command_line import CommandInput
from support.driving import key
from support.interrupted_logins import (
    INTERRUPTIONS,
    LOGINS,
    SECRET,
    InterruptingServer,
    base64_of,
)
from support.long_round import LONG_ROUND
from support.rows import for_each
from support.stage import Stage
from support.ui import Desk, served

TYPED = 8  # characters of the secret that are typed when the interruption comes


def given_away(text: str) -> list[str]:
    """Return the forms of the secret, or of its beginning, that occur in a text."""
    forms = [SECRET, SECRET[:TYPED], SECRET[TYPED:], quote(SECRET)]
    for charset in ("utf-8", "latin-1"):
        for before in range(3):
            octets = b"\0" * before + SECRET[:TYPED].encode(charset)
            forms.append(base64.b64encode(octets).decode()[2 * before : -4])
    low = text.lower()
    return [form for form in forms if form.lower() in low]


def shown(desk: Desk) -> str:
    """Return everything that is shown, reported or kept."""
    rows = [
        session.transcript.masked(row).decode("utf-8", "replace")
        for session in desk.sessions
        for row in range(len(session.transcript))
    ]
    events = [str(session.transcript.marks_after(0)) for session in desk.sessions]
    return "\n".join([*rows, *events, *desk.ui.told, *desk.sender.history.lines])


async def begun(desk: Desk, kind: str) -> None:
    """Log in, up to the answer that is the secret."""
    login = LOGINS[kind]
    await desk.greeted()
    await desk.type("EHLO me", login.line, *login.answers[: login.at])
    assert desk.auth.answers is not None
    assert desk.auth.answers.hidden


@for_each(product(LOGINS, [*INTERRUPTIONS, "reconnect"]))
async def test_an_unfinished_secret_is_erased_with_a_word(kind: str, how: str):
    server = InterruptingServer(LOGINS[kind])
    async with served(server.serve) as desk:
        await begun(desk, kind)
        building = desk.auth.answers is not None and desk.auth.answers.building
        if how == "535" and building:
            return  # AUTH has not been sent: nothing ends it
        desk.line.text = SECRET[:TYPED]
        if how == "reconnect":
            desk.connections.reconnect()
        else:
            server.interrupt(how)
        await desk.until(lambda: desk.line.erased)
        assert desk.line.text == ""
        assert desk.line.wary
        assert not desk.auth.active
        [told] = [told for told in desk.ui.told if "erased" in told]
        over = ["its AUTH exchange has ended"] if how in ("421", "535") else []
        over += ["the connection has ended"] if how != "535" else []
        assert told in [
            f"The password was erased, because {why}. None of it was sent." for why in over
        ]
        assert not given_away(shown(desk))
        desk.sender.history.add(f"VRFY {SECRET}")
        assert desk.sender.history.lines[-1] == "VRFY ********"


@for_each(product(LOGINS, [*INTERRUPTIONS, "reconnect"]))
async def test_a_secret_whose_enter_comes_too_late_is_not_sent(kind: str, how: str):
    """The line was submitted as an answer, but is handled when there is nothing left to answer."""
    server = InterruptingServer(LOGINS[kind])
    async with served(server.serve) as desk:
        await begun(desk, kind)
        building = desk.auth.answers is not None and desk.auth.answers.building
        if how == "535" and building:
            return
        if how == "reconnect":
            desk.connections.reconnect()
            await desk.greeted(2)
        else:
            server.interrupt(how)
            await desk.until(lambda: not desk.sender.in_auth and not desk.auth.active)
        heard = len(server.heard)
        desk.router.take(SECRET, True)
        await desk.quiet()
        assert server.heard[heard:] == []
        assert not given_away(shown(desk))
        if desk.connections.connected:
            desk.enter(f"VRFY {SECRET}")
            await desk.quiet()
        assert not given_away(shown(desk))


@for_each(LOGINS)
async def test_a_secret_given_and_never_sent_is_known_all_the_same(kind: str):
    """Without TLS, only the second Enter sends the secret, and the exchange ends before that."""
    server = InterruptingServer(LOGINS[kind])
    async with served(server.serve) as desk:
        await begun(desk, kind)
        desk.enter(LOGINS[kind].answers[-1])
        server.interrupt("reset")
        await desk.until(lambda: not desk.connections.connected)
        desk.sender.history.add(f":find {SECRET.upper()}")
        assert not given_away(shown(desk))


@for_each([
        "AUTH PLAIN {plain}", "auth plain {plain}", "  AUTH\tPLAIN {plain}", "AUTH {plain}",
        "AUHT PLAIN {plain}", "AUTHX {plain}", "AUTH PLAIN alice {secret}", "{plain}",
        "NOOP {plain}", "AUTH LOGIN {alone}", "LOGIN alice {secret}", "PASS {secret}",
        "AUTH XOAUTH2 {token}", "X-EXPS PLAIN {plain}", "AUTH PLAIN {safe}",
        "AUTH EXTERNAL {alone}", "AUTH CRAM-MD5 {plain}", "HELP {plain}", "EXPN smtp://alice:{quoted}@host",
    ])  # fmt: skip
async def test_however_a_person_types_it_it_is_neither_shown_nor_kept(typed: str):
    plain = base64_of(f"\0alice\0{SECRET}")
    line = typed.format(
        plain=plain,
        secret=SECRET,
        alone=base64_of(SECRET),
        token=base64_of(f"user=joe\x01auth=Bearer {SECRET}\x01\x01"),
        safe=plain.replace("+", "-").replace("/", "_"),
        quoted=quote(SECRET, safe=""),
    )
    server = InterruptingServer(LOGINS["PLAIN"])
    async with served(server.serve) as desk:
        await desk.greeted()
        await desk.type("EHLO me", line, line)
        assert server.heard[-1].decode().strip() == line.strip()
        assert not given_away(shown(desk))


async def test_of_lines_pasted_as_answers_none_is_a_command_once_auth_is_over():
    server = InterruptingServer(LOGINS["LOGIN"])
    async with served(server.serve) as desk:
        await desk.greeted()
        await desk.type("EHLO me")
        lines = ["AUTH LOGIN", base64_of("alice"), base64_of("wrong"), SECRET, "NOOP"]
        desk.router.type_lines(lines)
        await desk.until(lambda: desk.router.pasted is None)
        assert server.heard[-1] == f"{base64_of('wrong')}\r\n".encode()
        assert desk.ui.troubles[-1].startswith("Not sent, and not kept: this may be a password")
        assert not given_away(shown(desk))


# With keys


def press_at_once(stage: Stage, *keys: str) -> None:
    """Press keys that all arrive before the first of them is handled."""
    for name in keys:
        stage.app.post_message(key(name))


async def reached(stage: Stage, kind: str) -> None:
    """Log in, up to the answer that is the secret, and type a part of it."""
    login = LOGINS[kind]
    await stage.type("EHLO me", login.line, *login.answers[: login.at])
    await stage.press(*login.answers[login.at][:TYPED])
    assert stage.composer.secret


@pytest.mark.parametrize(
    ("kind", "how"),
    [
        (kind, how)
        for kind, how in zip(LOGINS, itertools.cycle(("421", "535", "reset", "f9")), strict=False)
        if LONG_ROUND or kind in ("PLAIN", "LOGIN", "CRAM-MD5", "NTLM")  # each end, once
    ],
)
async def test_the_secret_is_on_no_frame_and_in_no_file_and_is_no_command(
    kind: str, how: str, frames: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr("heloscope.widgets.input.command_line.BREATH", 60.0)  # a busy machine
    server = InterruptingServer(LOGINS[kind])
    history = History(tmp_path / "history")
    typed = LOGINS[kind].answers[LOGINS[kind].at]
    stage = Stage("mail.example.org", server.serve, keep_history=history, record=True)
    async with stage.run():
        await reached(stage, kind)
        if (how == "535" and kind == "LOGIN") or how in ("421", "reset"):
            server.interrupt(how)
        elif how == "535":
            server.interrupt("close")
        else:
            await stage.press("f9")
            await stage.greeted(2)
        await stage.until(lambda: not stage.composer.answering)
        heard = len(server.heard)
        await stage.press(*typed[TYPED:], "enter")  # the rest, which goes on where it was begun
        assert any(told.startswith("The password was erased, because ") for told in stage.notices)
        assert stage.notices[-1].startswith("The text typed after erasing the password was")
        await stage.burst(*typed, "enter")  # and all of it once more
        assert stage.notices[-1].startswith("Not sent, and not kept: this may be a password")
        if not stage.session.connected:
            await stage.press("f9")
            await stage.greeted(2)
        await stage.press(*typed, "enter")
        await stage.put(f":find {typed}")
        await stage.put(f":login alice {typed}")
        await stage.type("EHLO me")
        saved = tmp_path / "saved.txt"
        await stage.put(f":save {saved}")
        await stage.until(saved.exists)
        await stage.settle()
        notices, journals = stage.notices, stage.app.journals
        copied = stage.app.clipboard
    assert server.heard[heard:] == [b"EHLO me\r\n"]
    kept = [path.read_text() for path in (*journals, saved, tmp_path / "history")]
    assert len(frames) > 30
    for text in (*frames, *notices, *kept, copied):
        assert not given_away(text)


async def test_a_password_typed_in_one_breath_with_the_refusal_is_dropped(frames: list[str]):
    server = InterruptingServer(LOGINS["LOGIN"])
    async with Stage("mail.example.org", server.serve).run() as stage:
        await reached(stage, "LOGIN")
        server.interrupt("535")
        ended = stage.session.conversation
        while ended.mode is Kind.AUTH:  # noqa: ASYNC110 - nothing comes before the keys
            await asyncio.sleep(0)
        press_at_once(stage, *SECRET[TYPED:], "enter", *"NOOP", "enter")
        await stage.until(lambda: server.heard[-1] == b"NOOP\r\n")
        assert b"LOGIN\r\n" in server.heard[-3]  # and the user between them
        assert not [frame for frame in frames if given_away(frame)]


async def test_after_a_pause_a_command_is_typed_as_ever(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("heloscope.widgets.input.command_line.BREATH", 0.001)
    server = InterruptingServer(LOGINS["LOGIN"])
    async with Stage("mail.example.org", server.serve).run() as stage:
        await reached(stage, "LOGIN")
        server.interrupt("535")
        await stage.until(lambda: not stage.composer.answering)
        assert stage.composer.text == ""
        await stage.press(*"NOOP")
        assert "NOOP" in stage.seen("#command")
        await stage.press("enter")
        await stage.until(lambda: server.heard[-1] == b"NOOP\r\n")


async def test_a_password_that_comes_behind_the_refusal_is_unseen_and_not_sent(frames: list[str]):
    server = InterruptingServer(LOGINS["LOGIN"])
    async with Stage("mail.example.org", server.serve).run() as stage:
        await stage.type("EHLO me", "AUTH LOGIN", "alice")
        server.interrupt("535")
        await stage.until(lambda: not stage.composer.answering)
        await stage.press(*SECRET)
        assert "•" * len(SECRET) in stage.seen("#command")
        assert "Not a known command" in stage.hint
        await stage.press("enter")
        assert stage.composer.text == ""
        assert stage.notices[-1].startswith("Not sent, and not kept: this may be a password")
        assert server.heard[-1] == f"{base64_of('alice')}\r\n".encode()
        await stage.press(*"XFOO", "enter")  # once more a line like any other
        await stage.until(lambda: server.heard[-1] == b"XFOO\r\n")
        assert not [frame for frame in frames if given_away(frame)]


async def test_user_and_password_typed_behind_a_refusal_are_both_unseen_and_not_sent(
    frames: list[str],
):
    server = InterruptingServer(LOGINS["LOGIN"])
    async with Stage("mail.example.org", server.serve).run() as stage:
        await stage.type("EHLO me", "AUTH LOGIN")
        server.interrupt("535")
        await stage.until(lambda: not stage.composer.answering)
        heard = len(server.heard)
        for line in ("alice", SECRET, SECRET):
            await stage.press(*line, "enter")
            assert stage.notices[-1].startswith("Not sent, and not kept: this may be a password")
        assert stage.app.history.lines[-1] == "AUTH LOGIN"
        await stage.press(*"NOOP", "enter")
        await stage.until(lambda: server.heard[heard:] == [b"NOOP\r\n"])
        await stage.press(*"xfoo", "enter")  # a command has been said: once more like any other
        await stage.until(lambda: server.heard[-1] == b"xfoo\r\n")
        assert not [frame for frame in frames if given_away(frame)]


async def test_a_secret_shown_for_a_moment_is_erased_all_the_same():
    server = InterruptingServer(LOGINS["LOGIN"])
    async with Stage("mail.example.org", server.serve).run() as stage:
        await reached(stage, "LOGIN")
        await stage.press("ctrl+g")
        assert SECRET[:TYPED] in stage.screen
        server.interrupt("421")
        await stage.until(lambda: not stage.composer.answering)
        assert SECRET[:TYPED] not in stage.screen
        assert stage.composer.text == ""


async def test_pasted_behind_the_refusal_it_is_dropped():
    server = InterruptingServer(LOGINS["LOGIN"])
    async with Stage("mail.example.org", server.serve).run() as stage:
        await reached(stage, "LOGIN")
        server.interrupt("535")
        await stage.until(lambda: not stage.composer.answering)
        await stage.paste(SECRET)
        await stage.paste(f"{SECRET}\nNOOP\n")
        assert stage.composer.text == ""
        assert stage.main.ui.dialog is None


@pytest.mark.parametrize(
    "keys", [("escape",), ("ctrl+u",), ("ctrl+w",), ("home", "ctrl+k"), ("backspace",) * TYPED],
    ids=lambda keys: keys[-1],
)  # fmt: skip
async def test_cleared_by_a_key_it_is_known_all_the_same(keys: tuple[str, ...], frames: list[str]):
    server = InterruptingServer(LOGINS["LOGIN"])
    async with Stage("mail.example.org", server.serve).run() as stage:
        await reached(stage, "LOGIN")
        await stage.press(*keys)
        assert stage.composer.text == ""
        server.interrupt("535")
        await stage.until(lambda: not stage.composer.answering)
        heard = len(server.heard)
        await stage.press(*"other", "enter", *SECRET, "enter", *SECRET, "enter")
        assert server.heard[heard:] == []
        assert stage.app.history.lines[-1] == "AUTH LOGIN"
        assert not [frame for frame in frames if given_away(frame)]


async def test_several_lines_pasted_as_an_answer_are_not_shown():
    server = InterruptingServer(LOGINS["LOGIN"])
    async with Stage("mail.example.org", server.serve).run() as stage:
        await stage.type("EHLO me", "AUTH LOGIN", "alice")
        await stage.paste(f"{SECRET}\nNOOP\n")
        assert "2 lines; the first is: not shown" in stage.screen


async def test_a_password_typed_again_where_enter_alone_is_due_is_unseen(frames: list[str]):
    server = InterruptingServer(LOGINS["LOGIN"])
    async with Stage("mail.example.org", server.serve).run() as stage:
        await stage.type("EHLO me", "AUTH LOGIN", "alice", SECRET)
        assert "Not sent yet" in stage.hint
        await stage.press(*SECRET)
        assert not given_away(stage.screen)
        await stage.press("enter")
        assert not [frame for frame in frames if given_away(frame)]


async def test_what_is_typed_in_place_of_a_secret_step_is_erased_with_its_connection():
    server = InterruptingServer(LOGINS["LOGIN"])
    async with Stage("mail.example.org", server.serve).run() as stage:
        await stage.type("EHLO me")
        line = stage.main.query_one(CommandInput)
        stage.composer.edit_line("", "Another line in place of the secret", hidden=True)
        await stage.press(*SECRET[:TYPED], "up", "tab", "shift+home", "ctrl+c", "ctrl+x")
        assert stage.app.clipboard == ""
        await stage.press(*SECRET[:TYPED])
        assert line.password
        server.interrupt("421")
        await stage.until(lambda: not stage.composer.editing)
        assert (stage.composer.text, line.password) == ("", False)
        assert stage.notices[-1].startswith("The password was erased")
        assert b"w0nder" not in stage.session.transcript.joined(CLIENT)


async def test_what_is_typed_for_the_login_form_in_one_breath_with_its_order_goes_there(
    frames: list[str],
):
    server = InterruptingServer(LOGINS["CRAM-MD5"])
    async with Stage("mail.example.org", server.serve).run() as stage:
        await stage.type("EHLO me")
        heard = len(server.heard)
        press_at_once(stage, *":login", "enter", *"alice", "enter", *SECRET, "enter")
        await stage.until(lambda: stage.main.plan.status.active)
        assert stage.main.plan.status.title == "Log in as alice"
        assert server.heard[heard:] == []
        assert not [frame for frame in frames if given_away(frame)]
        assert not given_away("\n".join(stage.main.sender.history.lines))


@pytest.mark.parametrize(
    ("line", "order"),
    [("NOOP", ":login"), ("NOOP", ":login alice wonder"), ("EHLO me", ":auth CRAM-MD6")],
    ids=["before EHLO", "more words", "not listed"],
)
async def test_what_is_typed_for_a_login_form_that_does_not_open_is_unseen_and_not_sent(
    line: str, order: str, frames: list[str]
):
    server = InterruptingServer(LOGINS["CRAM-MD5"])
    async with Stage("mail.example.org", server.serve).run() as stage:
        await stage.type(line)
        heard = len(server.heard)
        press_at_once(stage, *order, "enter", *"alice", "enter", *SECRET, "enter")
        await stage.settle()
        assert server.heard[heard:] == []
        assert stage.notices[-1].startswith("Not sent, and not kept: this may be a password")
        assert not [frame for frame in frames if given_away(frame)]
        assert not given_away("\n".join(stage.main.sender.history.lines))
        await stage.type("NOOP")  # a command is one as ever
        assert server.heard[heard:] == [b"NOOP\r\n"]
