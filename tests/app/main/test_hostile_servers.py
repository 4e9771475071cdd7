"""Faced with hostile servers, the application stays up, handles keys, and shows text as text.

Each application connects to a batch of servers in turn, as a user would.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from heloscope.app.app import HeloscopeApp
from heloscope.app.auth.answers import AuthAnswers
from heloscope.app.auth.question import ALONE, RAW
from heloscope.app.dialogs.help import HelpScreen
from heloscope.app.input.completion import complete
from heloscope.app.input.history import History
from heloscope.app.main.panels import show_explanation
from heloscope.session.protocol.states import State
from heloscope.session.timeouts import Timeouts
from heloscope.widgets.panels.explanation import ExplanationPanel
from heloscope.widgets.transcript.lines import exported
from support.driving import handled, press, unpainted
from support.hostile_play import Answer, Hear, Play, Say, Watch, playing
from support.hostile_servers import ASKING, GREETING, OK, SECRETS, SERVERS, HostileServer, Raw
from support.hostile_text import TEXT
from support.long_round import LONG_ROUND
from textual.pilot import Pilot
from textual.widgets import Static

BATCH = 25
SIZES = ((140, 40), (80, 24))
LINES = 40  # lines of a transcript on which the cursor is put


_HIDDEN = [secret.decode() for secret in SECRETS]


def is_safe(text: str) -> bool:
    """Return whether a text contains only printable characters, and no secret."""
    plain = text.replace("\u3000", "").replace("\u00a0", "").replace("\n", "")
    return plain.isprintable() and not any(secret in plain for secret in _HIDDEN)


class Person:
    """A user of the application, who looks at the whole screen."""

    def __init__(self, app: HeloscopeApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    async def meet(self, server: HostileServer) -> None:
        """Talk to one hostile server, and look around afterwards."""
        async with playing(server.steps) as (play, port):
            with self.app.batch_update():  # nothing is painted until somebody looks
                watch = await self.connect(server, play, port)
                for said in server.client:
                    if watch.over:
                        break
                    await self.say(said)
                    await watch.settle()
                self.app.main.sync()
                self.read_every_line()
                self.find_and_save()
                await self.type_noop(watch)
            await self.look()
            await self.app.connections.disconnect()
            watch.close()

    async def connect(self, server: HostileServer, play: Play, port: int) -> Watch:
        connections = self.app.connections
        connections.timeouts = Timeouts(tls=0.2)  # for who says 220 to STARTTLS, and does nothing
        connections.connect(f"{'lmtp' if server.lmtp else 'smtp'}://127.0.0.1:{port}")
        assert connections._task is not None
        await asyncio.wait([connections._task])
        assert connections.session is not None
        watch = Watch(connections.session, play)
        await watch.settle()
        return watch

    async def say(self, said: bytes) -> None:
        main = self.app.main
        main.reactions.follow_auth()
        answers = main.auth.answers
        if answers is not None and answers.active:
            self.answer(answers, said.decode())
        elif not isinstance(said, Raw):
            main.router.take(said.decode())
        elif main.sender.in_message:
            main.router.send_message(said.removesuffix(b".\r\n"))
        else:
            main.commands.run("raw", "".join(f"\\x{octet:02x}" for octet in said[:2000]))
        await asyncio.sleep(0)

    def answer(self, answers: AuthAnswers, said: str) -> None:
        """Answer AUTH with `said`, already encoded, and insist if the connection is unencrypted."""
        main = self.app.main
        if answers.building:
            for _ in answers.modes:
                if answers.mode != ALONE:
                    main.auth.next_mode()
            main.router.take("", True)
        for _ in answers.modes:
            if answers.mode != RAW:
                main.auth.next_mode()
        main.router.take(said, True)
        if answers.insist:
            main.router.take(said, True)

    async def look(self) -> None:
        """Check that the screen contains only text, and that each line fills its width."""
        self.app.main.sync()
        await handled(self.app)
        for strip in self.app.screen._compositor.render_strips():
            assert strip.cell_length == self.app.size.width
            assert is_safe(strip.text), strip.text
            for segment in strip:
                assert not segment.control
                if segment.style is not None:
                    assert segment.style.link is None
                    assert "@click" not in segment.style.meta

    def read_every_line(self) -> None:
        """Move the cursor over all lines, and check that the panel explains each of them."""
        main = self.app.main
        view = main.view
        first = view.height - view.sections[-1].layout.height - len(view._pending)
        text = main.query_one("#reply-text", Static)
        lines = (*range(first, first + LINES), *range(view.height - LINES, view.height))
        for line in sorted({line for line in lines if first <= line < view.height}):
            view.move_to(line)
            show_explanation(main.query_one(ExplanationPanel), view, None)
            said = str(text.content)
            assert said.strip()
            assert is_safe(said), said

    def find_and_save(self) -> None:
        view = self.app.main.view
        view.find("2")
        view.find("\\x", backwards=True, again=True)
        layout = view.sections[-1].layout
        for number in range(max(0, layout.height - LINES), layout.height):
            for line in exported(layout, number)[:LINES]:
                assert is_safe(line), line
        view.action_last()
        assert is_safe("\n".join(self.app.main.sender.history.lines))

    async def type_noop(self, watch: Watch) -> None:
        """Check that a typed line is sent, or that the user is told why not and the line is kept.

        During AUTH, the line is an answer, and may wait for its challenge.
        """
        composer = self.app.main.composer
        if composer.writing:
            await press(self.app, "escape")
        composer.text = "NOOP"
        composer.focus_line()
        rows = len(watch.session.transcript)
        await press(self.app, "enter")
        await watch.settle()
        fresh = [row.data for row in watch.session.transcript[rows:] if row.sent]
        answers = self.app.main.auth.answers
        if answers is not None and answers.active:
            assert answers.ahead == 1 or answers.insist or fresh
            return
        assert composer.text == ("" if b"NOOP\r\n" in fresh else "NOOP")
        busy = self.app.main.sender.progress or self.app.connections.attempt
        assert fresh or not watch.session.connected or busy
        composer.text = ""

    async def press_keys(self) -> None:
        """Open and close the help, scroll panes, and use the find bar."""
        app, pilot, view = self.app, self.pilot, self.app.main.view
        await pilot.press("f1")
        assert isinstance(app.screen, HelpScreen)
        await pilot.press("escape", "pageup", "ctrl+f", "2", "enter", "escape")
        view.focus()
        await pilot.press("g", "right", "a", "y")
        await self.look()
        await pilot.press("escape", "ctrl+up", "enter")
        assert app.screen is app.main
        assert view.following


@asynccontextmanager
async def at_the_application(size: tuple[int, int]) -> AsyncIterator[Person]:
    troubles: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, trouble: troubles.append(trouble))
    app = HeloscopeApp("unix:/no/such/socket")
    with unpainted():  # `look` renders what it looks at
        async with app.run_test(size=size, notifications=True) as pilot:
            while app.connections._task is None or not app.connections._task.done():
                await pilot.pause()
            yield Person(app, pilot)
            assert app.is_running
    assert app.return_code in (0, None)
    assert not troubles


def looks_like_another(server: HostileServer) -> bool:
    """Return whether this server shows a user nothing that no other server shows.

    For example, another server lists what it says, or its reset looks like a closed connection.
    """
    name = server.name
    return name.startswith(("greets with ", "says ", "resets at ")) or "silently" in name


def is_met(number: int, server: HostileServer) -> bool:
    """Return whether the user meets this server.

    Of the servers that send no readable text, the user meets every third.
    tests/session/protocol/test_hostile_input.py talks to all of them.
    """
    return LONG_ROUND or server.group in ("listed", "echo") or number % 3 == 0


DIFFERENT = [server for server in SERVERS if not looks_like_another(server)]
SEEN = [server for number, server in enumerate(DIFFERENT) if is_met(number, server)]
BATCHES = [SEEN[at : at + BATCH] for at in range(0, len(SEEN), BATCH)]


@pytest.mark.parametrize("number", range(len(BATCHES)), ids=lambda n: BATCHES[n][0].name)
async def test_it_stays_up_and_shows_text_as_text(number: int):
    async with at_the_application(SIZES[number % 2]) as person:
        for server in BATCHES[number]:
            try:
                await person.meet(server)
            except BaseException as error:
                error.add_note(f"at the server {server.name!r}")
                raise
        if number % 2 == 0:
            await person.press_keys()


def test_a_mechanism_that_nobody_could_type_is_not_offered():
    names = ("PLAIN", "\x1b]0;owned\x07", "L" * 100, "\udcff", "\u202eNIALP", "CRAM-MD5")
    offered = complete(
        "AUTH ", state=State.READY, keywords={"AUTH": names}, lmtp=False, history=History()
    )
    assert offered == ["AUTH PLAIN", "AUTH CRAM-MD5"]


@pytest.mark.parametrize(
    "name", ["markup", "markup actions", "unbalanced markup", "format strings"]
)
async def test_markup_is_shown_as_it_stands(name: str):
    (server,) = (server for server in SERVERS if server.name == f"lists {name}")
    text = TEXT[name].decode()
    async with at_the_application((200, 60)) as person, playing(server.steps) as (play, port):
        watch = await person.connect(server, play, port)
        await person.say(server.client[0])
        await watch.settle()
        person.app.main.sync()
        await person.pilot.pause()
        lines = [strip.text for strip in person.app.screen._compositor.render_strips()]
        assert sum(f"250-{text}" in line for line in lines) == 1
        assert sum(f"250-SIZE {text}" in line for line in lines) == 1
        panel = str(person.app.main.query_one("#extensions-text", Static).content)
        assert text.split()[0].upper() in panel
        watch.close()


async def test_hundreds_of_thousands_of_lines_in_one_reply_are_seen_and_the_first_copied():
    # More than a reply's text is kept of; test_sizes.py has the million.
    steps = (GREETING, Hear(), Say(b"250-more of it\r\n", 300_000), Say(b"250 end\r\n"))
    async with at_the_application((80, 24)) as person:
        await person.meet(
            HostileServer("300,000 lines", "lines", (*steps, Answer(OK.data)), ASKING)
        )
        app, view = person.app, person.app.main.view
        assert view.sections[-1].layout.height > 300_000
        view.focus()
        await press(app, "a", "y")
        assert app.clipboard.count("\n") == 9_999
        told = app.main.ui.notices[-1]
        assert "Copied the first 10,000 of 300,0" in told.text


async def test_fifty_megabytes_without_a_line_end_are_seen():
    steps = (Say(b"220 "), Say(b"x", 50_000_000), Say(b"\r\n"), Answer(OK.data))
    async with at_the_application((140, 40)) as person:
        await person.meet(HostileServer("fifty megabytes", "lines", steps, ASKING))
        await person.press_keys()
