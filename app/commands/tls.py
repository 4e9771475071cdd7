"""What the orders about connecting and TLS do: `Doing` has them from here."""

from __future__ import annotations

import asyncio
import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.message import Message

from ...session.events import TlsFailed, TlsStarted
from ...session.plural import plural
from ...session.target import TargetError
from ...session.visible import visible_text
from ...widgets.panels.tabbed import TabbedPanel
from ...widgets.panels.tls import TlsPanel
from ..connect.profile import PRACTICES, Profile
from ..export.text_file import save_lines, why_not_saved
from ..main.presenter import RECENT
from ..plan.status import Plan

if TYPE_CHECKING:
    from ..main.screen import MainScreen


_IN_SPITE = (
    "Go on in spite of it? heloscope connects again, accepts exactly this certificate and no "
    "other, and says what was said up to here. Whoever made it can read what you send, passwords "
    "too: compare the SHA-256 with the server's own."
)


class RecentChanged(Message):
    """Posted when the recent targets have changed: to be remembered."""


class DoingTls:
    """The orders about connecting and TLS, for one screen."""

    _screen: MainScreen
    _tell: Callable[..., None]
    _sure: Callable[[str, str, object], None]
    _spawn: Callable[[asyncio.Task[None]], asyncio.Task[None]]
    _lead: Callable[..., None]

    # Connecting

    def order_connect(self, target: str) -> None:
        self._connect_to(target, stepping=False)

    def order_dial(self, target: str) -> None:
        self._connect_to(target, stepping=True)

    def _connect_to(self, target: str, *, stepping: bool) -> None:
        if target:
            self._connect(Profile(target), stepping=stepping)
            return
        from ..dialogs.connect import ConnectRequest, ConnectScreen

        def answered(asked: ConnectRequest | None) -> None:
            if asked is not None:
                self._connect(asked.profile, asked.key_password, stepping=asked.stepping)

        screen = self._screen
        recent = list(screen.showing.recent)
        known = {*PRACTICES, *(way.target for way in recent)}
        typed = (*screen.showing.targets, *screen.leading.history.arguments(":connect"))
        recent += [Profile(target) for target in dict.fromkeys(typed) if target not in known]
        recent = [*recent[:RECENT], *map(Profile, PRACTICES)]
        screen.app.push_screen(ConnectScreen(recent, self._forget, stepping=stepping), answered)

    def _forget(self, way: Profile | None) -> None:
        """Take a way out of the recent ones; None: all of them."""
        recent = self._screen.showing.recent
        recent[:] = [] if way is None else [one for one in recent if one != way]
        targets = self._screen.showing.targets
        targets[:] = [] if way is None else [one for one in targets if one != way.target]
        self._screen.post_message(RecentChanged())

    def _connect(self, way: Profile, key_password: Any = None, *, stepping: bool) -> None:
        screen = self._screen

        def go() -> None:
            connecting = screen.connecting
            try:
                if stepping:
                    connecting.give_up()
                    connecting.choose(way, key_password)
                else:
                    connecting.connect(way, key_password)
            except TargetError as error:
                self._tell(str(error), trouble=True)
                return
            if stepping:
                self._lead(Plan(f"Connect to {visible_text(way.target)}", connects=True))
            if not way.practising:
                targets = screen.showing.targets
                targets[:] = [way.target, *(one for one in targets if one != way.target)]
                screen.showing.note_recent(way)
                screen.post_message(RecentChanged())
            screen.schedule()

        self._sure("Connect elsewhere?", "connect", go)

    def order_disconnect(self, _: str) -> None:
        loop = asyncio.get_running_loop()
        self._sure(
            "Disconnect?",
            "disconnect",
            lambda: self._spawn(loop.create_task(self._screen.connecting.disconnect())),
        )

    def order_reconnect(self, _: str) -> None:
        def go() -> None:
            self._screen.connecting.reconnect()
            self._screen.schedule()

        self._sure("Connect again?", "connect", go)

    def give_up_waiting(self) -> bool:
        """Esc, while a server is slow: wait no longer. Returns whether anything was waited for."""
        connecting = self._screen.connecting
        if connecting.give_up():
            self._tell("Connecting was given up.")
        elif connecting.greeting_due:
            self._spawn(asyncio.get_running_loop().create_task(connecting.disconnect()))
            self._tell("Given up: the server has not greeted.")
        else:
            return False
        return True

    # TLS

    def order_tls(self, _: str) -> None:
        screen = self._screen
        screen.clear_told()
        panel = screen.query_one("#facts", TabbedPanel)
        number = panel.number("tls")
        shown = panel.page == number and panel.has_focus_within
        panel.page = number
        if screen.has_class("-narrow"):
            screen.remove_class("-explain")
            screen.set_class(not shown, "-panel")
        else:
            screen.remove_class("-no-panel")
        if shown:
            screen.composer.focus_line()
        else:
            panel.focus_page()

    def order_trust(self, _: str) -> None:
        from ...session.facts.tls_failures import REASONS
        from ...session.tls.certificates import parse_chain
        from ...session.tls.diagnosis import problems
        from ..dialogs.question import Answer, QuestionScreen

        screen = self._screen
        failure = screen.connecting.refused
        if failure is None:
            self._tell("No certificate has failed here, so there is none to accept.")
            return
        chain = parse_chain(failure.chain)
        own = chain[0]
        found = problems(
            chain, failure.server_name, time.time(), verify_code=failure.verify_code,
            reason=failure.reason,
        )[0]  # fmt: skip
        titles = [REASONS[failure.reason].title, *(problem.title for problem in found)]

        def answered(answer: str | None) -> None:
            if answer == "yes":
                screen.connecting.accept(failure)
                if not screen.stepping.repeat():
                    screen.connecting.say_again()
                screen.schedule()

        text = "\n".join(
            (
                f"Server   {visible_text(failure.server_name)[:200]}",
                f"Name     {visible_text(own.name)[:200]}",
                f"Problem  {', '.join(dict.fromkeys(titles))}",
                f"SHA-256  {own.sha256[:48]}",
                f"         {own.sha256[48:]}",
                "",
                visible_text(failure.detail),
                "",
                _IN_SPITE,
            )
        )
        screen.app.push_screen(
            QuestionScreen(
                "The certificate was not accepted",
                text,
                (Answer("y", "yes", "yes, accept this one"), Answer("Esc", "no", "no")),
            ),
            answered,
        )

    def order_fingerprint(self, _: str) -> None:
        chain = self.chain
        if not chain:
            self._tell("There is no certificate to copy from: no handshake has shown one.")
            return
        self.copy_fingerprint(self._screen.query_one(TlsPanel).cursor)

    def copy_fingerprint(self, number: int) -> None:
        """Copy the SHA-256 of certificate `number` of the chain."""
        from ...session.tls.certificates import parse

        chain = self.chain
        if chain:
            own = parse(chain[min(number, len(chain) - 1)])
            self._screen.app.copy_to_clipboard(own.sha256)
            self._tell(f"Copied the SHA-256 of {visible_text(own.name)[:80]}.")

    @property
    def chain(self) -> tuple[bytes, ...]:
        """The certificates that the last handshake showed (DER)."""
        for event in reversed(self._screen.showing.handshakes):
            if isinstance(event, TlsStarted | TlsFailed) and event.chain:
                return event.chain
        return ()

    def order_pem(self, argument: str) -> None:
        from ..explain.certificates import pem_of

        chain = self.chain
        if not chain:
            self._tell("There is no certificate to save: no handshake has shown one.")
            return
        host = re.sub(r"[^A-Za-z0-9.-]", "_", self._host())[:100].lstrip(".") or "server"
        file = Path(argument).expanduser() if argument else Path(f"{host}.pem")
        lines = pem_of(chain).split("\n")[:-1]
        work = self._save_pem(file.absolute(), lines, len(chain))
        self._spawn(asyncio.get_running_loop().create_task(work))

    async def _save_pem(self, file: Path, lines: list[str], count: int) -> None:
        try:
            await save_lines(iter(lines), file, lambda _: None)
        except OSError as error:
            self._tell(why_not_saved(error, file, "pem"), trouble=True)
        else:
            what = plural(count, "the certificate", "the {} certificates")
            self._tell(f"Saved {what} as PEM: {file}")

    def _host(self) -> str:
        session = self._screen.connecting.session
        target = session.target if session is not None else None
        return target.host or os.path.basename(target.path) if target is not None else ""
