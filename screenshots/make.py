"""Takes the pictures in this folder: `.venv/bin/python screenshots/make.py [FOLDER]`.

Each shows the real application with its practice server, driven through a scene by the input that a
user would type, and exported as SVG by Textual. The clock stands still between two lines, so that
the same program produces the same files, byte for byte.
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

from heloscope.app.runtime.settings import Settings  # noqa: E402
from support.recorded import orders, recorded  # noqa: E402
from support.stage import (  # noqa: E402
    NARROW,
    WIDE,
    Stage,
    in_tls,
)

LETTER = (HERE / "letter.eml").read_text()


class Scene(NamedTuple):
    """What is done before a picture is taken, and how the screen is set up for it."""

    steps: Callable[[Stage], Awaitable[None]]
    size: tuple[int, int] = WIDE
    theme: str = ""
    tls: str = ""
    """The kind of TLS server that replaces the practice server (see `support.stage.in_tls`), or "".
    """


async def start(stage: Stage) -> None:
    """Do nothing, so that the picture shows the screen right after the start."""


async def after_ehlo(stage: Stage) -> None:
    await stage.type("EHLO me")


async def message(stage: Stage) -> None:
    """Paste a message with a line that starts with a dot into the editor after the 354."""
    await stage.type("EHLO me", "MAIL FROM:<you@example.org>", "RCPT TO:<alice@practice.test>")
    await stage.type("DATA")
    await stage.paste(LETTER)


async def present(stage: Stage) -> None:
    """Present a recording as for a projector, with a teacher's note on the latest line."""
    with tempfile.TemporaryDirectory() as folder:
        await orders(stage, recorded(Path(folder)), ":play 0:06", ":present")


async def error(stage: Stage) -> None:
    """Let the server refuse a recipient, and start typing the next one."""
    await stage.type("EHLO me", "MAIL FROM:<you@example.org> SIZE=1311")
    await stage.type("RCPT TO:<bob@example.net>")
    await stage.press(*"RCPT TO:<")


async def plan(stage: Stage) -> None:
    """Run a plan up to a refused recipient, so that later steps are shown as forecast."""
    await stage.type("EHLO me", ":break on 5xx")
    to = "alice@practice.test nobody@practice.test bob@practice.test"
    await stage.put(f":send {HERE / 'letter.eml'} you@example.org {to}")
    await stage.until(lambda: stage.main.plan.status.next)
    await stage.press("f5")
    await stage.until(lambda: not stage.main.plan.status.busy)


async def send(stage: Stage) -> None:
    """Open the message form, which shows what this server offers, and start filling it in."""
    await stage.type("EHLO me")
    await stage.put(":send")
    await stage.until(lambda: stage.app.screen.query("#from:focus"))
    await stage.press(*"you@example.org", "enter", *"alice@practice.test, bo", "right")


async def challenge(stage: Stage) -> None:
    """Log in up to the challenge for the password, and type the password."""
    await stage.type("EHLO me", "STARTTLS")
    await stage.until(lambda: stage.session.tls)
    await stage.type("EHLO me", "AUTH LOGIN", "alice")
    await stage.press(*"wonderland")


async def bad_certificate(stage: Stage) -> None:
    """Let a TLS handshake fail, so that the picture shows why."""
    await stage.type("EHLO me")
    await stage.put("STARTTLS")
    await stage.until(lambda: not stage.session.connected)
    await stage.press("escape")


async def mailbox(stage: Stage) -> None:
    await stage.deliver(*LETTER.splitlines())
    await stage.press("f4")


async def states(stage: Stage) -> None:
    """Open the states of the conversation, and move the cursor to the previous state."""
    await stage.type("EHLO me", "MAIL FROM:<you@example.org>", "RCPT TO:<alice@practice.test>")
    await stage.put(":states")
    await stage.press("left")


async def ladder(stage: Stage) -> None:
    """Show a delivery and a refusal as arrows from one side to the other."""
    await stage.deliver(*LETTER.splitlines())
    await stage.type("VRFY nobody", "STARTTLS")
    await stage.until(lambda: stage.session.tls)
    await stage.type("NOOP", ":ladder")


async def lesson(stage: Stage) -> None:
    """Start the first lesson and send a wrong command in its first step."""
    await stage.put(":lesson 1")
    await stage.until(lambda: stage.main.guide.active and not stage.main.guide.preparing)
    await stage.quiet()
    await stage.press("enter")
    await stage.type("EHLO client.example")


async def delivered(stage: Stage) -> None:
    """Show a whole conversation with its message unfolded."""
    await stage.type("VRFY smith")
    await stage.deliver(*LETTER.splitlines())
    await stage.press("f6", *["up"] * 2, "enter")


SCENES = {
    "start": Scene(start),
    "ehlo": Scene(after_ehlo),
    "message": Scene(message),
    "error": Scene(error),
    "narrow": Scene(error, NARROW),
    "mailbox": Scene(mailbox),
    "plan": Scene(plan),
    "send": Scene(send),
    "auth": Scene(challenge),
    "states": Scene(states),
    "present": Scene(present),
    "ladder": Scene(ladder),
    "lesson": Scene(lesson),
    "tls": Scene(bad_certificate, tls="expired"),
    "light": Scene(delivered, theme="textual-light"),
}


async def take(scene: Scene) -> str:
    """Return the picture of a scene, as SVG."""
    settings = Settings(theme=scene.theme)
    stage = in_tls(scene.tls, settings) if scene.tls else Stage(settings=settings)
    async with stage.run(scene.size):
        await scene.steps(stage)
        await stage.settle()
        svg = stage.picture()
    # A picture asks no other server for a font.
    return re.sub(r"\s*@font-face \{.*?\}", "", svg, flags=re.DOTALL)


def main(folder: Path) -> None:
    """Take every picture."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, scene in SCENES.items():
        (folder / f"{name}.svg").write_text(asyncio.run(take(scene)), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
