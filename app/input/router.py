"""Taking what a person types: a command, an order, an answer, a message, several pasted lines."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from ...session.script.grammar import Nothing, Order, WireLine, parse_typed
from .sender import NotSent

if TYPE_CHECKING:
    from ..main.screen import MainScreen


class InputRouter:
    """Does what is typed into the composer of one screen."""

    def __init__(self, screen: MainScreen) -> None:
        self._screen = screen
        self.pasted: asyncio.Task[None] | None = None
        """Sends pasted lines, while there are any."""
        self.sending: asyncio.Task[None] | None = None
        """Sends the message that was written last."""

    def take(self, text: str, secret: bool = False) -> None:
        """Do what a typed line says; `secret` when it was typed as an answer to AUTH."""
        screen = self._screen
        if secret:
            screen.auth.take(text)
            return
        if not text and screen.stepping.step():
            screen.view.action_last()
            return
        match parse_typed(text):
            case Nothing():
                screen.view.action_last()
            case Order(name=name, argument=argument):
                screen.leading.history.add(text)
                screen.doing.run(name, argument)
            case WireLine(text=line):
                screen.showing.delivered = False
                self._command(line, text)
        trouble = screen.leading.history.trouble
        if trouble:
            screen.leading.history.trouble = ""
            screen.tell(trouble, trouble=True)

    def _command(self, line: str, typed: str) -> None:
        screen = self._screen
        leading = screen.leading
        if self.pasted is None:
            if screen.auth.keeps(line):
                return
            if leading.chunk_begins(line):
                leading.history.add(line)
                screen.composer.open_editor(leading.draft, chunk=True)
                screen.hint()
                return
        try:
            leading.send_line(line)
        except NotSent as reason:
            screen.composer.text = typed
            screen.tell(str(reason), trouble=True)
        else:
            screen.view.action_last()

    # A message

    def send_message(self, content: bytes) -> None:
        """Send the message; the editor closes when it is out."""
        if self.sending is None or self.sending.done():
            loop = asyncio.get_running_loop()
            self.sending = loop.create_task(self._send_message(content))

    async def _send_message(self, content: bytes) -> None:
        screen = self._screen
        chunk = screen.composer.chunk
        screen.composer.close_editor()
        screen.view.action_last()
        try:
            await (screen.leading.send_chunk if chunk else screen.leading.send_message)(content)
        except NotSent as reason:
            screen.tell(str(reason), trouble=True)
        screen.schedule()

    def keep_draft(self) -> None:
        """What is in the editor is there again when it opens."""
        screen = self._screen
        screen.leading.draft = screen.composer.draft or screen.leading.draft

    # Several lines

    def type_lines(self, lines: list[str]) -> None:
        """Send pasted lines one after the other, each when the reply to the last has come."""
        self.stop()
        self.pasted = asyncio.get_running_loop().create_task(self._type_lines(lines))

    async def _type_lines(self, lines: list[str]) -> None:
        leading = self._screen.leading
        try:
            for line in lines:
                await leading.quiet()
                if leading.in_message:  # in there, nothing is an order, and nothing empty
                    leading.send_line(line)
                else:
                    self.take(line)
        except NotSent as reason:
            self._screen.tell(str(reason), trouble=True)
        finally:
            self.pasted = None

    def stop(self) -> bool:
        """Stop sending pasted lines. Returns whether any were left."""
        if self.pasted is None or self.pasted.done():
            return False
        self.pasted.cancel()
        return True
