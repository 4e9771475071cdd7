"""A Ui and a command line without a screen, and the controllers on them.

    async with connected('''
        S: 220 ready
        C: EHLO me
        S: 250 hello
    ''') as desk:
        desk.router.take("EHLO me")
        await desk.quiet()
        assert desk.sent == b"EHLO me\\r\\n"

The server is a real one, on loopback.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

from heloscope.app.auth.prompt import AuthPrompt
from heloscope.app.connect.manager import ConnectionManager
from heloscope.app.connect.profile import Profile
from heloscope.app.dialogs.question import QuestionScreen
from heloscope.app.dialogs.screens import screen_of
from heloscope.app.input.history import History
from heloscope.app.input.router import InputRouter
from heloscope.app.input.sender import NotSent, Sender
from heloscope.app.main.reactions import Reactions
from heloscope.app.plan.controller import PlanController
from heloscope.app.ui import Request
from heloscope.session.aio.session import Session
from heloscope.session.timeouts import Timeouts
from heloscope.widgets.bars.notice import Notice
from textual.screen import Screen

from support.servers import Serve, script, serving

PATIENCE = 30  # seconds, after which a test that waits has failed


class FakePanel:
    """A side panel that remembers which page is in front."""

    def __init__(self) -> None:
        self.page = ""
        self.shown = True
        self.did: list[str] = []
        """The names of the other calls, in order."""

    def shows(self, page: str) -> bool:
        return self.shown and self.page == page

    def turn_to(self, page: str) -> None:
        self.page = page

    def open(self, page: str) -> None:
        self.page, self.shown = page, True
        self.did.append("open")

    def toggle(self) -> None:
        self.did.append("toggle")

    def toggle_page(self, page: str) -> None:
        self.page = page
        self.did.append("toggle_page")

    def toggle_explanation(self) -> bool:
        self.did.append("toggle_explanation")
        return True

    def fold(self) -> None:
        self.did.append("fold")


class FakeUi:
    """A Ui that records what it is asked to show, ask and copy."""

    def __init__(self) -> None:
        self.panel = FakePanel()
        self.dialog: Screen[Any] | None = None
        self.answered: Callable[[Any], None] | None = None
        self.told: list[str] = []
        self.troubles: list[str] = []
        """The entries in `told` that are errors."""
        self._holds: dict[str, Callable[[], bool]] = {}
        self.copied: list[str] = []
        self.left = False

    @property
    def notices(self) -> list[Notice]:
        return [Notice(text) for text in self.told]

    def tell(
        self,
        text: str,
        *,
        title: str = "",
        trouble: bool = False,
        holds: Callable[[], bool] = lambda: True,
    ) -> None:
        self.told.append(text)
        self._holds[text] = holds
        if trouble:
            self.troubles.append(text)

    @property
    def standing(self) -> list[str]:
        """The notices that are still valid."""
        return [text for text in self.told if self._holds[text]()]

    def clear_notices(self) -> None:
        self.told.clear()

    def withdraw(self, text: str) -> None:
        self.told = [told for told in self.told if told != text]

    def ask(
        self,
        asked: Screen[Any] | Request[Any],
        answered: Callable[[Any], None] | None = None,
    ) -> None:
        self.dialog, self.answered = screen_of(asked, self), answered

    def confirm_again(self, title: str) -> bool:
        asked = self.dialog
        if not isinstance(asked, QuestionScreen) or asked.question != title:
            return False
        self.answer("yes")
        return True

    def answer(self, result: object) -> None:
        """Answer the open dialog."""
        answered, self.dialog = self.answered, None
        assert answered is not None
        answered(result)

    def copy(self, text: str) -> None:
        self.copied.append(text)

    def leave(self) -> None:
        self.left = True

    def refresh(self) -> None:
        pass

    def show_newest(self) -> None:
        pass


class FakeLine:
    """A command line, and the editor that replaces it."""

    def __init__(self) -> None:
        self.text = ""
        self.draft = ""
        self.writing = False
        self.chunk = False
        self.editing = False
        self.hidden = False
        self.title = ""
        self.erased = 0
        """How often a secret has been erased."""
        self.wary = False

    def erase_secret(self) -> None:
        self.text = ""
        self.erased += 1
        self.wary = True

    def be_wary(self) -> None:
        self.wary = True

    def focus_line(self) -> None:
        pass

    def open_editor(self, draft: str | None = None, *, chunk: bool = False) -> None:
        self.writing, self.chunk = True, chunk
        if draft is not None:
            self.draft = draft

    def move_to_editor(self) -> None:
        if not self.text.startswith(":"):
            self.draft, self.text = self.draft + self.text, ""

    def close_editor(self) -> None:
        self.writing = False

    def clear_draft(self) -> None:
        self.draft = ""

    def edit_line(self, text: str, title: str, *, hidden: bool = False) -> None:
        self.editing, self.text, self.title, self.hidden = True, text, title, hidden

    def edit_message(self, text: str, title: str) -> None:
        self.editing, self.title = True, title
        self.open_editor(text)

    def end_edit(self) -> None:
        self.editing = False


class Desk:
    """The application's controllers, on a Ui without a screen."""

    def __init__(self, timeouts: Timeouts | None = None) -> None:
        self.ui = FakeUi()
        self.line = FakeLine()
        self.sessions: list[Session] = []
        """All sessions that were started, the current one last."""
        self.orders: list[tuple[str, str]] = []
        """The orders that were typed: name and argument."""
        history = History()
        self.connections = ConnectionManager(
            self.ui, self._began, record=False, timeouts=timeouts, secrets=history.secrets
        )
        self.sender = Sender(self.connections, history)
        self.plan = PlanController(self.ui, self.connections, lambda: self.reactions.follow_auth())
        self.auth = AuthPrompt(
            self.ui,
            self.line,
            self.connections,
            self.sender,
            lambda: self.plan.status.handles("(auth)"),
        )
        self.connections.respond = self.auth.respond
        self.router = InputRouter(
            self.ui,
            self.line,
            self.sender,
            self.auth,
            step=self.plan.step,
            order=lambda name, argument: self.orders.append((name, argument)),
        )
        self.reactions = Reactions(
            self.ui,
            self.line,
            self.connections,
            self.sender,
            self.router,
            self.plan.status,
            self.auth,
            self.line.end_edit,
        )

    def _began(self, session: Session) -> None:
        self.sessions.append(session)
        self.plan.session_began(session)
        self.reactions.session_began(session)

    @property
    def session(self) -> Session:
        session = self.connections.session
        assert session is not None
        return session

    @property
    def sent(self) -> bytes:
        """The bytes that the client has sent over the current connection."""
        return b"".join(row.data for row in self.session.transcript if row.sent)

    @property
    def received(self) -> list[str]:
        """The server's lines, without their line endings."""
        return [row.data.decode().rstrip() for row in self.session.transcript if not row.sent]

    def enter(self, text: str) -> None:
        """Type a line and press Enter, as the command line passes it on."""
        secret = self.auth.active
        self.line.text = ""
        self.router.take(text, secret)
        self.reactions.follow_auth()

    async def type(self, *lines: str) -> None:
        """Type lines, each after the replies to the previous one."""
        for line in lines:
            self.enter(line)
            await self.quiet()

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until `condition()` is true."""
        async with asyncio.timeout(PATIENCE):
            while True:
                if condition():
                    return
                await asyncio.sleep(0.001)

    async def quiet(self) -> None:
        """Wait until every reply that is due has arrived and has been processed."""
        if self.connections.connected:
            with contextlib.suppress(NotSent):  # the connection has ended
                async with asyncio.timeout(PATIENCE):
                    await self.sender.quiet()
        await asyncio.sleep(0)

    async def greeted(self, times: int = 1) -> None:
        """Wait until this many sessions have started, and the last one has received a greeting."""
        await self.until(
            lambda: (
                len(self.sessions) == times
                and self.connections.attempt is None
                and not self.connections.greeting_due
            )
        )
        await self.quiet()

    async def stepped(self) -> None:
        """Wait until no step of the plan is in progress."""
        await self.until(lambda: not self.plan.status.busy)


@contextlib.asynccontextmanager
async def served(
    serve: Serve, profile: Profile | None = None, **options: Any
) -> AsyncIterator[Desk]:
    """Start a desk whose connection is served by `serve`, and yield it without waiting for a reply.

    The target of `profile` is a scheme, such as "smtps://", to which the server's address is added.
    """
    profile = profile or Profile("")
    async with serving(serve) as port:
        desk = Desk(**options)
        target = f"{profile.target}127.0.0.1:{port}"
        desk.connections.connect(Profile(target, policy=profile.policy))
        try:
            yield desk
        finally:
            await desk.connections.close()


@contextlib.asynccontextmanager
async def connected(conversation: str, **options: Any) -> AsyncIterator[Desk]:
    """Start a desk connected to a server that plays a conversation, and wait for its greeting."""
    async with served(script(conversation), **options) as desk:
        await desk.greeted()
        yield desk
