"""Decides whether a typed line is a command, an order, an answer to AUTH, or a step of the plan.

It also handles messages from the editor, and several pasted lines, which are sent one at a time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

from ...session.script.concealment import reads_as_command
from ...session.script.grammar import Nothing, Order, WireLine, parse_typed
from ..ui import CommandLine, Ui
from .sender import NotSent, Sender


class LineTaker(Protocol):
    """The part of the AUTH prompt (auth/prompt.py) that the router uses."""

    def take(self, text: str) -> None:
        """Handle a line typed as an answer."""
        ...

    def keeps(self, line: str) -> bool:
        """Keep back a command line that begins AUTH, unless it must be sent unchanged.

        Return whether the line was kept back.
        """
        ...

    def doubted(self, text: str) -> None:
        """Tell the user why a line was not sent: it may be the password of an ended exchange."""
        ...


class InputRouter:
    """Routes typed lines to the sender, the orders, AUTH or the plan.

    `step` takes the next step of the plan, and returns whether there was one; `order` runs an order
    given its name and argument.
    """

    def __init__(
        self,
        ui: Ui,
        line: CommandLine,
        sender: Sender,
        auth: LineTaker,
        *,
        step: Callable[[], bool],
        order: Callable[[str, str], object],
    ) -> None:
        self._ui = ui
        self._line = line
        self._sender = sender
        self._auth = auth
        self._step = step
        self._order = order
        self.replied: Callable[[str], bool] = lambda _: False
        """Handles a line that answers a question in the lesson, and returns whether it did."""
        self.pasted: asyncio.Task[None] | None = None
        """The task that is sending pasted lines, or None."""
        self.sending: asyncio.Task[None] | None = None
        """The task that sends, or has sent, the last message from the editor."""

    def take(self, text: str, secret: bool = False) -> None:
        """Route a typed line. `secret` is true if it was typed as a response during AUTH."""
        if secret:
            self._auth.take(text)
            return
        if not text and self._step():
            self._ui.show_newest()
            return
        if not (self._sender.in_message or self._sender.chunk_left):
            if self.replied(text):
                return
            if not self._sender.in_auth and _is_swaks(text):
                self._sender.history.add(text)
                self._order("swaks", text.strip())
                return
        match parse_typed(text):
            case Nothing():
                self._ui.show_newest()
            case Order(name=name, argument=argument):
                self._sender.history.add(text)
                self._order(name, argument)
            case WireLine(text=line):
                self._sender.delivered = False
                self._command(line, text)
        history = self._sender.history
        if history.trouble:
            self._ui.tell(history.trouble, trouble=True)
            history.trouble = ""

    def _command(self, line: str, typed: str) -> None:
        sender = self._sender
        if self.pasted is None:
            if self._auth.keeps(line):
                return
            if sender.chunk_begins(line):
                sender.history.add(line)
                self._line.open_editor(sender.draft, chunk=True)
                self._ui.refresh()
                return
        try:
            sender.send_line(line)
        except NotSent as reason:
            self._line.text = typed
            self._ui.tell(str(reason), trouble=True, holds=reason.holds)
        else:
            self._ui.show_newest()

    # A message

    def send_message(self, content: bytes) -> None:
        """Close the editor, and send the message or chunk."""
        if self.sending is None or self.sending.done():
            loop = asyncio.get_running_loop()
            self.sending = loop.create_task(self._send_message(content))

    async def _send_message(self, content: bytes) -> None:
        chunk = self._line.chunk
        self._line.close_editor()
        self._ui.show_newest()
        try:
            await (self._sender.send_chunk if chunk else self._sender.send_message)(content)
        except NotSent as reason:
            self._ui.tell(str(reason), trouble=True, holds=reason.holds)
        self._ui.refresh()

    def keep_draft(self) -> None:
        """Keep the text in the editor as the draft, for the next time the editor opens."""
        self._sender.draft = self._line.draft or self._sender.draft

    def drop_draft(self) -> None:
        """Discard the text in the editor and the stored draft."""
        self._sender.draft = ""
        self._line.clear_draft()

    # Several lines

    def type_lines(self, lines: list[str], *, hidden: bool = False) -> None:
        """Send pasted lines one at a time, waiting for each reply before sending the next.

        `hidden` is true if they were pasted as answers to AUTH. If AUTH has failed, sending stops
        at the first line that may be another answer.
        """
        self.stop()
        if lines and not hidden and not self._sender.in_message and _is_swaks(lines[0]):
            lines = _continued(lines)
        self.pasted = asyncio.get_running_loop().create_task(self._type_lines(lines, hidden))

    async def _type_lines(self, lines: list[str], in_auth: bool) -> None:
        try:
            for line in lines:
                await self._sender.quiet()
                if in_auth and not self._sender.in_auth and not reads_as_command(line):
                    self._auth.doubted(line)
                    return
                in_auth = self._sender.in_auth or (in_auth and not self._sender.authenticated)
                if self._sender.in_message:  # within AUTH there are no orders and no empty lines
                    self._sender.send_line(line)
                else:
                    self.take(line)
                    in_auth = in_auth or self._sender.in_auth
        except NotSent as reason:
            self._ui.tell(str(reason), trouble=True, holds=reason.holds)
        finally:
            self.pasted = None

    def stop(self) -> bool:
        """Stop sending pasted lines. Return False if none were being sent."""
        if self.pasted is None or self.pasted.done():
            return False
        self.pasted.cancel()
        return True


def _is_swaks(line: str) -> bool:
    """Return whether the line is a shell command that runs swaks."""
    if "swaks" not in line:
        return False
    from ..swaks.words import is_swaks

    return is_swaks(line)


def _continued(lines: list[str]) -> list[str]:
    """Join each line of a shell command that ends in a backslash to the next line."""
    found: list[str] = []
    open_ = False
    for line in lines:
        if open_:
            found[-1] = found[-1][:-1] + line
        else:
            found.append(line)
        open_ = line.endswith("\\")
    return found
