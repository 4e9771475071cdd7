"""The scenes for pictures of the application: conversations, and the text and keys typed."""

from __future__ import annotations

import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import NamedTuple

from heloscope.app.connect.profile import REQUIRED, Profile
from heloscope.session.events import SERVER
from textual.widgets import Static

from support.recorded import orders, recorded
from support.stage import NARROW, TO_ALICE, Stage
from support.stage_plan import done, order
from support.visitors import student, visit

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
    """A picture, and what is done before it is taken."""

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
    """Return steps that type lines, then press keys."""

    async def steps(stage: Stage) -> None:
        await stage.type(*lines)
        await stage.press(*then)

    return steps


def delivered(*keys: str) -> Steps:
    """Return steps that deliver a message, then press keys."""

    async def steps(stage: Stage) -> None:
        await stage.deliver(*MESSAGE)
        await stage.press(*keys)

    return steps


def recording(*lines: str, then: tuple[str, ...] = ()) -> Steps:
    """Return steps that open a recording, then type orders and press keys."""

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
    """Open the settings of a file that does not exist."""
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
    """Return steps that perform STARTTLS and the handshake, however it ends, then press keys.

    If `accepted` is true, the certificate is accepted and the handshake repeated before the keys
    are pressed.
    """

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
    """Start a delivery, and type lines at its first step."""
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
