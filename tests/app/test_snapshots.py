"""What the application looks like: each state of it as a picture that somebody has looked at.

When a picture is meant to change: `.venv/bin/pytest tests/app/test_snapshots.py -n 0
--snapshot-update`, then look at what has changed, and run screenshots/make.py too.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from heloscope.app.connect.profile import REQUIRED, Profile
from heloscope.app.runtime.settings import Settings
from heloscope.session.events import SERVER
from support.pictures import words
from support.recorded import orders, recorded
from support.stage import NARROW, TO_ALICE, WIDE, Stage, in_tls, played
from support.stage_plan import done, order
from support.visitors import student, visit
from textual.widgets import Static

MESSAGE = (
    "From: You <you@example.org>",
    "Subject: A first message",
    "",
    "Hello Alice,",
    ".profile begins with a dot.",
)
ODD = """
    S: 220 mail.example.org ready
    C: EHLO
    S: 250-mail.example.org
    S: 250-SIZE
    S: 250-AUTH LOGIN PLAIN
    S: 250-X-FROB frob [/b]=1
    S: 250-PIPELINING
    S: 250 XCLIENT NAME ADDR
    C: NOOP
    S: 250-first
    S: 450 second
    C: NOOP
    S: 299 5.1.1 odd
    C: NOOP
    S: hello
    C: NOOP
    S: 250 \\x1b]0;title\\x07 [b]no markup[/b] \\xff caf\\xc3\\xa9
    C: EHLO
    S: 250-mail.example.org
    S: 250-AUTH LOGIN
    S: 250 SMTPUTF8
    C: QUIT
"""
MANY = """
    S: 220 mail.example.org ready
    C: EHLO
    S: 250-mail.example.org
    S: 250 AUTH PLAIN LOGIN CRAM-MD5 DIGEST-MD5 SCRAM-SHA-1 SCRAM-SHA-256 OAUTHBEARER XOAUTH2
    C: QUIT
"""  # as Postfix with Dovecot lists them
HALF = """
    S: 220 mail.example.org ready
    C: EHLO
    S: 250 mail.example.org
    C: NOOP
    S: 250 not yet a l\\
    C: NOOP
"""
REFUSED = """
    S: 220 mx.example.com ESMTP
    C: MAIL
    S: 550-5.7.26 Your email has been blocked because the sender is unauthenticated.
    S: 550-5.7.26 Gmail requires all senders to authenticate with either SPF or DKIM.
    S: 550 5.7.26 For instructions, see the help pages. - gsmtp
    C: NOOP
"""
Steps = Callable[[Stage], Awaitable[object]]


class Scene(NamedTuple):
    """What leads to the picture."""

    steps: Steps
    size: tuple[int, int] = NARROW
    theme: str = ""
    script: str = ""
    tls: str = ""  # which of fixed_certificates the server shows
    recent: bool = False  # whether there were servers before


RECENT = [
    Profile("mail.example.org:587", policy=REQUIRED, hello="me.example"),
    Profile("smtps://mx.example.net"),
]


def typed(*lines: str, then: tuple[str, ...] = ()) -> Steps:
    """Lines that are typed, then keys that are pressed."""

    async def steps(stage: Stage) -> None:
        await stage.type(*lines)
        await stage.press(*then)

    return steps


def delivered(*keys: str) -> Steps:
    """A message is delivered, then keys are pressed."""

    async def steps(stage: Stage) -> None:
        await stage.deliver(*MESSAGE)
        await stage.press(*keys)

    return steps


def recording(*lines: str, then: tuple[str, ...] = ()) -> Steps:
    """A recording is opened, then orders are given and keys are pressed."""

    async def steps(stage: Stage) -> None:
        with tempfile.TemporaryDirectory() as folder:
            await orders(stage, recorded(Path(folder)), *lines, keys=then)

    return steps


async def clients(stage: Stage) -> None:
    visit(stage.practice, 6, b"EHLO other.example\r\n").closed(None)
    student(stage.practice, 7)
    stage.app.clear_notifications()
    await stage.type(":clients")


async def message(stage: Stage) -> None:
    await stage.type("EHLO me", *TO_ALICE)
    await stage.paste("\n".join(MESSAGE))


async def paste(stage: Stage) -> None:
    await stage.paste("EHLO me\nMAIL FROM:<you@example.org>\nRCPT TO:<alice@practice.test>\n")


async def refused_target(stage: Stage) -> None:
    await stage.press("ctrl+o")
    await stage.write("http://example.org")
    await stage.press("enter")


async def new_lines(stage: Stage) -> None:
    await stage.type("EHLO me", "HELP", "EXPN friends", "HELP")
    await stage.press("pageup")
    for row in range(3):
        stage.session.send_line(b"NOOP %d" % row)
        await stage.quiet()


async def settings(stage: Stage) -> None:
    """The settings of a file that is not there."""
    stage.app.configuration.place = "/home/me/.config/heloscope/config.toml"
    await stage.put(":settings")
    await stage.press("down")


async def pending(stage: Stage) -> None:
    await stage.type("EHLO me")
    await stage.put("NOOP")
    await stage.until(lambda: stage.session.conversation.pending(SERVER))


async def no_connection(stage: Stage) -> None:
    await stage.type("EHLO me")
    await stage.put(":connect mail.example.org")
    await stage.until(lambda: stage.notices)


LONG = "VRFY " + "a very long name, " * 8 + "and its end"


async def ladder_in_tls(stage: Stage) -> None:
    await inside_tls(stage)
    await stage.press("L", "end", "up", "up")


async def inside_tls(stage: Stage) -> None:
    await stage.type("EHLO me", "STARTTLS")
    await stage.until(lambda: stage.session.tls)
    await stage.type("EHLO me", "AUTH PLAIN AGFsaWNlAHdvbmRlcmxhbmQ=")
    await stage.press("f6", "up")


async def challenge(stage: Stage) -> None:
    await stage.type("EHLO me", "STARTTLS")
    await stage.until(lambda: stage.session.tls)
    await stage.type("EHLO me", "AUTH LOGIN", "alice")
    await stage.write("wonderland")


async def initial_response(stage: Stage) -> None:
    await stage.type("EHLO me", "AUTH PLAIN", "joe@example.org", "a secret", "")


async def plan(stage: Stage) -> None:
    await stage.type("EHLO me")
    await stage.put(":starttls")
    await stage.until(lambda: stage.main.plan.status.next)
    await stage.press("f10")
    await stage.until(lambda: not stage.main.plan.status.busy)


def shaken(*keys: str, accepted: bool = False) -> Steps:
    """STARTTLS and the handshake, however it ends; then keys."""

    async def steps(stage: Stage) -> None:
        await stage.type("EHLO me")
        await stage.put("STARTTLS")
        await stage.until(lambda: stage.session.tls or not stage.session.connected)
        await stage.press("escape")
        if accepted:
            await stage.put(":trust")
            await stage.press("y")
            await stage.until(lambda: stage.session.tls)
            await stage.type("EHLO me")
        await stage.press(*keys)

    return steps


async def connect_filled(stage: Stage) -> None:
    await stage.press("ctrl+o")
    await stage.write("mail.example.org:587")
    await stage.press("tab", "tab", "right", "right")
    await stage.press("tab")
    await stage.write("/no/such/ca.pem")
    await stage.press("tab", "tab", "tab", "tab")
    await stage.write("me.example")
    await stage.press("enter")


async def connect_below(stage: Stage) -> None:
    await stage.press("ctrl+o", "pagedown", "pagedown")


async def trust(stage: Stage) -> None:
    await shaken()(stage)
    await stage.put(":trust")


async def login_accepted(stage: Stage) -> None:
    await shaken(accepted=True)(stage)
    await stage.put(":login")
    await stage.until(lambda: stage.app.screen.query("#user:focus"))


SENDER_REFUSED = """
    S: 220 mail.example.org ready
    C: EHLO
    S: 250-mail.example.org
    S: 250 SIZE
    C: MAIL
    S: 550-5.7.1 You may not send as you@example.org: this host does not
    S: 550 5.7.1 send mail for example.org
    C: RSET
    S: 250 2.0.0 ok
    C: QUIT
"""
LETTER = Path(__file__).with_name("letter.eml")


async def delivery(stage: Stage, *lines: str) -> None:
    """A delivery at its first step, then lines that are typed."""
    await stage.type("EHLO me")
    await order(stage, f":send {LETTER}", *lines)


async def plan_refused(stage: Stage) -> None:
    await delivery(stage, ":break on 5xx", ":run")
    await stage.press("f11")


async def plan_edited(stage: Stage) -> None:
    await delivery(stage, ":run", ":edit")


async def plan_message(stage: Stage) -> None:
    await delivery(stage, ":break before message")
    await stage.press("f11", "down", "down", "b", "c")
    await done(stage)
    await stage.press("c")
    await done(stage)


async def plan_typed(stage: Stage) -> None:
    await delivery(stage, "", "RSET")


async def command_explained(stage: Stage) -> None:
    await stage.type("EHLO me", TO_ALICE[0])
    await stage.press("f6", "up")
    text = stage.main.query_one("#reply-text", Static)
    await stage.until(lambda: str(text.content).startswith("MAIL"))
    await stage.press("f3")


async def login(stage: Stage) -> None:
    await stage.type("EHLO me")
    await stage.put(":login")
    await stage.until(lambda: stage.app.screen.query("#user:focus"))


async def send_form(stage: Stage) -> None:
    await stage.type("EHLO me")
    await stage.put(":send")
    await stage.until(lambda: stage.app.screen.query("#from:focus"))
    await stage.write("you@example.org")
    await stage.press("enter")
    await stage.write("al")


async def send_sample(stage: Stage) -> None:
    await send_form(stage)
    await stage.press(
        "right", *" x", "enter", "left", "enter", "right", "right", "right", "enter", "enter"
    )
    await stage.press("ctrl+d")


async def send_unknown(stage: Stage) -> None:
    await stage.put(":send")
    await stage.until(lambda: stage.app.screen.query("#from:focus"))
    await stage.press("pagedown")


SCENES = {
    "send": Scene(send_form),
    "send-wide-light": Scene(send_form, WIDE, "textual-light"),
    "send-sample-refused": Scene(send_sample),
    "send-sample-refused-wide": Scene(send_sample, WIDE),
    "send-unknown": Scene(send_unknown),
    "procedures": Scene(typed(then=("f12",))),
    "procedures-wide": Scene(typed(then=("f12",)), WIDE),
    "auth-challenge": Scene(challenge),
    "auth-challenge-wide": Scene(challenge, WIDE),
    "auth-in-clear": Scene(initial_response, script=ODD),
    "server-words-wide": Scene(typed("MAIL FROM:<me@example.org>"), WIDE, script=REFUSED),
    "server-words": Scene(typed("MAIL FROM:<me@example.org>", then=("f3",)), script=REFUSED),
    "inside-tls-wide": Scene(inside_tls, WIDE),
    "plan-wide": Scene(plan, WIDE),
    "plan-empty": Scene(typed(then=("f11",))),
    "plan-refused": Scene(plan_refused, script=SENDER_REFUSED),
    "plan-refused-wide": Scene(plan_refused, WIDE, script=SENDER_REFUSED),
    "plan-edited": Scene(plan_edited, script=SENDER_REFUSED),
    "plan-message": Scene(plan_message),
    "plan-message-wide-light": Scene(plan_message, WIDE, "textual-light"),
    "plan-typed-wide": Scene(plan_typed, WIDE),
    "login": Scene(login),
    "login-many-light": Scene(login, theme="textual-light", script=MANY),
    "start": Scene(typed()),
    "start-light": Scene(typed(), theme="textual-light"),
    "start-40x12": Scene(typed("EHLO me"), size=(40, 12)),
    "ehlo": Scene(typed("EHLO me")),
    "ehlo-wide-light": Scene(typed("EHLO me"), WIDE, "textual-light"),
    "ehlo-panel": Scene(typed("EHLO me", then=("f2",))),
    "helo-wide": Scene(typed("HELO me"), WIDE),
    "unknown-keywords-wide": Scene(typed("EHLO me"), WIDE, script=ODD),
    "violations-wide": Scene(
        typed("EHLO me", *["NOOP"] * 4, then=("f6", *["up"] * 6)), WIDE, script=ODD
    ),
    "second-ehlo-wide": Scene(typed("EHLO me", *["NOOP"] * 4, "EHLO me"), WIDE, script=ODD),
    "state-wide": Scene(
        typed("EHLO me", *TO_ALICE[:2], then=("f6", "f6", "right")), WIDE
    ),
    "states": Scene(typed("EHLO me", *TO_ALICE[:2], ":states")),
    "states-wide": Scene(typed("EHLO me", *TO_ALICE[:2], ":states", then=("left", "left")), WIDE),
    "states-wide-light": Scene(typed("EHLO me", ":states"), WIDE, "textual-light"),
    "ladder": Scene(delivered(*":ladder", "enter")),
    "ladder-wide": Scene(ladder_in_tls, WIDE),
    "glossary": Scene(typed("EHLO me", *TO_ALICE[:2], ":glossary")),
    "glossary-wide": Scene(typed(":glossary envelope"), WIDE),
    "error-explained": Scene(typed("VRFY nobody", then=("f3",))),
    "command-explained": Scene(command_explained),
    "out-of-order": Scene(typed(then=(*"DATA",))),
    "unknown-command": Scene(typed(then=(*"FROB it",))),
    "choices": Scene(typed("EHLO me", then=(*"MAIL FROM:<", "tab", "tab"))),
    "message": Scene(message),
    "folded": Scene(delivered()),
    "unfolded": Scene(delivered("f6", "up", "up", "enter", "down", "down", "down")),
    "dot-explained-wide": Scene(delivered("f6", "up", "up", "enter", *["down"] * 5), WIDE),
    "mailbox": Scene(delivered("f4")),
    "mailbox-delivered": Scene(delivered("f4", "v")),
    "scenarios": Scene(typed(":practice")),
    "scenarios-wide": Scene(typed(":practice"), WIDE),
    "mailbox-empty": Scene(typed(then=("f4",))),
    "clients": Scene(clients),
    "clients-wide": Scene(clients, WIDE),
    "help": Scene(typed(then=("f1",))),
    "help-wide": Scene(typed(then=("f1",)), WIDE),
    "tls": Scene(shaken("f8"), tls="good"),
    "tls-wide": Scene(shaken("f8", "down"), WIDE, tls="good"),
    "tls-expired": Scene(shaken("f8"), tls="expired"),
    "tls-expired-light": Scene(shaken("f8"), theme="textual-light", tls="expired"),
    "tls-expired-wide": Scene(shaken(), WIDE, tls="expired"),
    "tls-told": Scene(shaken(), tls="expired"),
    "tls-injected": Scene(shaken("f8"), tls="injected"),
    "tls-empty": Scene(typed("EHLO me", then=("f8",))),
    "trust": Scene(trust, tls="expired"),
    "trusted": Scene(shaken(accepted=True), tls="expired"),
    "trusted-wide": Scene(shaken("f8", accepted=True), WIDE, tls="expired"),
    "login-trusted": Scene(login_accepted, tls="expired"),
    "connect-filled": Scene(connect_filled, recent=True),
    "connect-filled-wide": Scene(connect_filled, WIDE, recent=True),
    "connect-below": Scene(connect_below),
    "connect": Scene(typed(then=("ctrl+o",))),
    "connect-wide-light": Scene(typed(then=("ctrl+o",)), WIDE, "textual-light"),
    "connect-refused-target": Scene(refused_target),
    "no-connection": Scene(no_connection),
    "closed": Scene(typed("EHLO me", "QUIT")),
    "palette-wide": Scene(typed(then=("ctrl+p", *"mail")), WIDE),
    "find-wide": Scene(typed("EHLO me", "HELP", then=("ctrl+f", *"help")), WIDE),
    "find-nothing": Scene(typed("EHLO me", then=("ctrl+f", *"xyz"))),
    "question-paste": Scene(paste),
    "question-leave": Scene(typed("EHLO me", TO_ALICE[0], then=("ctrl+q",))),
    "long-line": Scene(typed(LONG)),
    "long-line-sideways": Scene(typed(LONG, then=("f6", "right", "right"))),
    "long-line-whole-wide": Scene(typed(LONG, then=("f6", "up")), WIDE),
    "new-lines": Scene(new_lines),
    "recording": Scene(recording(":play 0:06")),
    "recording-wide": Scene(recording(":play 0:06", then=("ctrl+up",)), WIDE),
    "presented": Scene(recording(":play 0:06", ":present")),
    "presented-wide-light": Scene(
        recording(":play 0:04", ":present", then=("space", "t")), WIDE
    ),
    "presented-live": Scene(typed("EHLO me", ":present", "MAIL FROM:<you@example.org>")),
    "settings": Scene(settings),
    "settings-wide-light": Scene(settings, WIDE, "textual-light"),
    "pending": Scene(pending, script=HALF),
    "selected": Scene(typed("EHLO me", then=("f6", "up", "shift+up", "shift+up"))),
}  # fmt: skip


@pytest.mark.parametrize("name", SCENES)
def test_it_looks_as_it_did(name: str, snap_compare: Callable[..., bool]) -> None:
    scene = SCENES[name]
    kept = Settings(theme=scene.theme, recent=RECENT if scene.recent else [])
    stage = played(scene.script, settings=kept) if scene.script else Stage(settings=kept)
    if scene.tls:
        stage = in_tls(scene.tls, kept)
    with stage.set_up():
        assert snap_compare(
            stage.app, terminal_size=scene.size, run_before=stage.directed(scene.steps)
        )


# A line of the transcript: its side, the rail of TLS or none, and a verb or a code.
ROW = re.compile(r"\b[CS] [ │] ([A-Z]{4}\b|[2-5]\d\d[ -])")
# What stands in the place of the transcript, by the title of what covers it.
COVERED = {
    "Meaning": ("command-explained", "error-explained", "server-words"),
    "Extensions": ("ehlo-panel", "plan-empty", "plan-message", "plan-refused", "tls", "tls-empty",
                   "tls-expired", "tls-expired-light", "tls-injected"),
    "Connect": ("connect", "connect-below", "connect-filled", "connect-refused-target"),
    "Help": ("help",),
    "Log in": ("login", "login-many-light", "login-trusted"),
    "States": ("states", "states-wide", "states-wide-light"),
    "What will the server answer?": ("presented-live", "presented-wide-light"),
    "What does the client send next?": ("presented",),
    "▶│": ("ladder",),
    "─ AUTH PLAIN **": ("ladder-wide",),
    "Glossary": ("glossary", "glossary-wide"),
    "Other programs": ("clients", "clients-wide"),
    "Mailboxes": ("mailbox", "mailbox-delivered", "mailbox-empty"),
    "Settings": ("settings",),
    "Scenarios": ("scenarios", "scenarios-wide"),
    "Send a message": ("send", "send-sample-refused", "send-unknown"),
    "mail": ("palette-wide",),
    "mail.example.org": ("trust",),
}  # fmt: skip
TITLES = {name: title for title, names in COVERED.items() for name in names}


@pytest.mark.parametrize("name", SCENES)
def test_the_picture_shows_the_transcript_or_what_covers_it(name: str) -> None:
    file = Path(__file__).parent / "__snapshots__" / "test_snapshots"
    seen = words((file / f"test_it_looks_as_it_did[{name}].svg").read_text(encoding="utf-8"))
    assert len(seen.split()) > 40, seen
    if name in TITLES:
        assert TITLES[name] in seen
    else:
        assert ROW.search(seen), seen


def test_what_covers_the_transcript_does_so_in_a_scene_that_there_is() -> None:
    assert set(TITLES) <= set(SCENES)
