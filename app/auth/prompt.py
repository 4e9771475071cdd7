"""Handles the command line between AUTH and its final reply, while typed text is a response."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from ...session.script.concealment import reads_as_command, resembles_verb
from ...session.script.escapes import raw_bytes
from ...session.script.grammar import GrammarError
from ...session.secret import Secret
from ...session.verbs import auth_parts
from ..advice import do
from ..connect.manager import ConnectionManager
from ..input.sender import Sender
from ..ui import CommandLine, Ui

if TYPE_CHECKING:
    from .answers import AuthAnswers

PEEK = 3.0  # seconds for which a secret is shown when it is asked for


class AuthPrompt:
    """Handles the lines that answer AUTH, including those typed before their challenge has arrived.

    `automatic` returns whether a step of the plan answers the challenge.
    """

    def __init__(
        self,
        ui: Ui,
        line: CommandLine,
        connections: ConnectionManager,
        sender: Sender,
        automatic: Callable[[], bool],
    ) -> None:
        self._ui = ui
        self._line = line
        self._connections = connections
        self._sender = sender
        self._automatic = automatic
        self.answers: AuthAnswers | None = None
        """The answers; None until AUTH is first used."""
        self._peek: asyncio.TimerHandle | None = None
        # The question as of the last look at the conversation.
        self._was_active = self._was_secret = self._was_waiting = False

    def _answers(self) -> AuthAnswers:
        if self.answers is None:
            from .answers import AuthAnswers  # the mechanisms are not needed earlier

            self.answers = AuthAnswers(self._connections, self._automatic)
        return self.answers

    @property
    def active(self) -> bool:
        """Whether a typed line is currently an answer."""
        return self.answers is not None and self.answers.active

    def follow(self) -> None:
        """Catch up with the conversation, and find the challenge to answer, if any."""
        if self.answers is None and not self._sender.in_auth:
            return
        answers = self._answers()
        for told in answers.look(self._line.text):
            self._ui.tell(told)
        if self._was_active and not answers.active:
            self._exchange_over()
        self._note_state()

    def _note_state(self) -> None:
        answers = self.answers
        self._was_active = self.active
        self._was_secret = answers is not None and (answers.hidden or answers.peeking)
        self._was_waiting = answers is not None and answers.question is None

    # When the exchange is over

    def _exchange_over(self) -> None:
        """Erase an answer that can no longer be sent, so that it is not sent as a command."""
        text = self._line.text
        session = self._connections.session
        if text:
            self._line.erase_secret()
            if self._was_secret and not (self._was_waiting and reads_as_command(text)):
                self.learn(text, begun=True)
            self._tell_erased("password" if self._was_secret else "answer")
        elif session is None or not session.conversation.authenticated:
            self._line.be_wary()

    def _tell_erased(self, what: str) -> None:
        connected = self._connections.connected
        why = "its AUTH exchange has ended" if connected else "the connection has ended"
        self._ui.tell(f"The {what} was erased, because {why}. None of it was sent.")

    def erased(self, text: str) -> None:
        """Mask a hidden text that the command line has erased, and tell the user about it."""
        self.learn(text, begun=True)
        self._tell_erased("password")

    def doubted(self, text: str) -> None:
        """Tell the user why a line was not sent: it may be the password of an ended exchange."""
        told = "Not sent, and not kept: this may be a password, but none is expected now. "
        if resembles_verb(text) and self._connections.secrets.mask_text(text) == text:
            told += "Type it again to send it as a command."
        else:
            self.learn(text)
            told += f"{do('raw')} sends any line."
        self._ui.tell(told, trouble=True)

    def learn(self, text: str, *, begun: bool = False) -> None:
        """From now on, mask a text typed unseen. `begun` is true if the text is unfinished."""
        from ...session.record.responses import learnt_from

        data = text.encode("utf-8", "surrogateescape")
        secrets = self._connections.secrets
        secrets.add(data, begun=begun)
        for value in learnt_from(data, ""):
            secrets.add(value, begun=begun and value == data)
        try:
            said = raw_bytes(text)
        except GrammarError:
            return
        for part in re.split(rb"[\0\x01]", said)[1:]:  # of PLAIN, or of a token's message
            secrets.add(part.rpartition(b"Bearer ")[2], begun=begun)

    def respond(self, challenge: bytes, typed: deque[Secret]) -> bytes | None:
        """Build the response to a challenge from lines typed before it arrived.

        The lines that the response needs are removed from `typed`. Return None if there are too
        few, or if the answer must be confirmed first; the user then continues manually.
        """
        self.follow()
        answers = self._answers()
        while typed and answers.question is not None and not answers.insist:
            line = self._line_of(typed.popleft().reveal().decode("utf-8", "surrogateescape"))
            if line is not None:
                answers.sent()
                return line
        return None

    def take(self, text: str) -> None:
        """Handle a line that was typed as an answer, sending the response that it completes."""
        from ...session.errors import ConnectionLost

        self.follow()  # the exchange may have ended since Enter was pressed, with its connection
        if not self.active:
            self.learn(text)
        line = self._line_of(text)
        session = self._connections.session
        if line is not None and session is not None:
            try:
                session.send_line(line)
            except ConnectionLost as error:
                self._ui.tell(f"Nothing was sent: {error}.", trouble=True)
                return
            self._answers().sent()
        self._ui.show_newest()

    def _line_of(self, text: str) -> bytes | None:
        """Return the answer that a typed line completes, or None if there is nothing to send."""
        answers = self._answers()
        if answers.takes_secret_text:
            self.learn(text)
        taken = answers.take(text)
        if taken.keep:
            self._line.text = text
        if taken.told:
            self._ui.tell(taken.told)
        return taken.line

    def keeps(self, line: str) -> bool:
        """Keep back a command line that begins AUTH, unless it must be sent unchanged.

        An AUTH without its initial response is kept back so that the response can be asked for; one
        with a secret is kept back if anyone on the network path could read it. Return whether the
        line was kept back.
        """
        if auth_parts(line) is None:
            return False
        answers = self._answers()
        if answers.begin(line, self._line.text):
            self._note_state()
            self._sender.history.add(line)
            return True
        if answers.holds(line):
            self._line.text = line
            held = (
                f"{answers.unprotected} can read this line. Not sent "
                "yet; press Enter again to send it anyway."
            )
            self._ui.tell(held, trouble=True, holds=lambda: self._line.text == line)
            return True
        return False

    def give_up(self) -> bool:
        """Drop an AUTH that has not been sent. Return whether there was one."""
        if self.answers is None or not self.answers.building:
            return False
        self._ui.tell(self.answers.give_up())
        self._line.be_wary()
        self._note_state()
        self._ui.refresh()
        return True

    def peek(self) -> bool:
        """Show typed text for a moment, or hide it again. Return False if there is none to show."""
        answers = self.answers
        if answers is None or not (answers.hidden or answers.peeking):
            return False
        answers.peeking = not answers.peeking
        if self._peek is not None:
            self._peek.cancel()
            self._peek = None
        if answers.peeking:
            self._peek = asyncio.get_running_loop().call_later(PEEK, self._unpeek)
        self._ui.refresh()
        return True

    def _unpeek(self) -> None:
        self._peek = None
        if self.answers is not None:
            self.answers.peeking = False
            self._ui.refresh()

    def next_mode(self) -> bool:
        """Switch to the next mode of answering. Return False if there is nothing to answer."""
        answers = self.answers
        if answers is None or not answers.active:
            return False
        answers.next_mode()
        self._line.text = ""
        self._note_state()
        self._ui.refresh()
        return True
