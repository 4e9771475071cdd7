"""Classifies typed lines as commands, lines of a message, or answers to AUTH challenges."""

from __future__ import annotations

from ...session.protocol.transparency import normalise_line_ends
from ...session.script.concealment import answers_login, reads_as_command, resembles_verb
from ...session.script.grammar import WireLine, parse_typed
from ...session.verbs import opens_auth
from ..input.hints import hint_for
from .controllers import Controllers
from .outcome import Outcome
from .output import WARNING, Output

LARGEST_MESSAGE = 64 * 1024 * 1024  # characters of a typed message


class LineEntry:
    """Handles typed lines. `terminal` is true if the lines come from a terminal."""

    def __init__(
        self, made: Controllers, output: Output, outcome: Outcome, *, terminal: bool
    ) -> None:
        self._made = made
        self._output = output
        self._outcome = outcome
        self._terminal = terminal
        self._taking = False
        self._data_sent = False  # whether DATA was the last line, from a pipe
        self._had_connection = False  # whether it could be sent
        self._refused_message = False  # whether the lines of an unwanted message follow
        made.ui.troubled = lambda _: self._troubled()

    def take(self, line: str, *, hidden: bool) -> None:
        kept, self._made.line.text = self._made.line.text, ""
        if self._refused_message:
            self._refused_message = line != "."
            return
        if line and opens_auth(kept):  # it was not sent: the next line may be its response
            self._made.line.be_wary()
        self._taking = True
        try:
            if self._made.line.editing:
                self._take_edit(line)
            elif self._made.line.writing:
                self._take_message_line(line)
            elif hidden or self._made.auth.active:
                self._take_answer(line or kept)
            elif self._wary_of(line):
                self._made.auth.doubted(line)
            else:
                self._take_command(line or (kept if self._terminal else ""))
            self._made.reactions.follow_auth()
        finally:
            self._taking = False

    def _take_command(self, line: str) -> None:
        self._warn(line)
        self._had_connection = self._made.connections.connected
        self._data_sent = (
            not self._terminal
            and line.strip().upper() == "DATA"
            and not (self._made.sender.in_message or self._made.sender.chunk_left)
        )
        if self._data_sent:
            self._made.sender.draft = ""
        self._made.router.take(line)

    def message_refused(self) -> None:
        """If DATA from a pipe was not accepted, report this, and skip the message that follows."""
        sent, self._data_sent = self._data_sent, False
        if sent and not (self._made.line.writing or self._made.sender.in_message):
            self._refused_message = True
            what = "DATA was refused" if self._had_connection else "DATA was not sent"
            words = f"{what}, so the lines that follow, up to one with only a dot, are not sent."
            self._made.ui.tell(words, trouble=True)

    def _wary_of(self, line: str) -> bool:
        """Return whether the line may be a secret whose exchange is over."""
        typed = self._made.line
        if not (typed.wary and line):
            return False
        if answers_login(line):
            return False  # an order without effect here; the password may follow
        if reads_as_command(line) or (typed.doubted and resembles_verb(line)):
            typed.wary = False
        else:
            typed.doubted = True
        return typed.wary

    def _take_answer(self, line: str) -> None:
        if line == ":way":
            self._made.run("way", "")
        else:
            self._made.router.take(line, secret=True)
            answers = self._made.auth.answers
            if answers is not None and answers.trouble:
                self._made.ui.tell(answers.trouble, trouble=True)

    def _take_message_line(self, line: str) -> None:
        if line != ".":
            if len(self._made.line.draft) + len(line) > LARGEST_MESSAGE:
                self._made.ui.tell("The message is too long to type. Use :send to send a file.",
                             trouble=True)  # fmt: skip
                self._outcome.bad_input()
                return
            self._made.line.add(line)
            return
        if not self._terminal:  # a draft is not continued: the next message has its own text
            content = self._typed_message()
            self._made.line.clear_draft()
            self._made.router.send_message(content)
            return
        self._made.router.keep_draft()
        self._made.router.send_message(self._typed_message())

    def _typed_message(self) -> bytes:
        return normalise_line_ends(self._made.line.draft.encode("utf-8", "surrogateescape"))

    def _take_edit(self, line: str) -> None:
        if not self._made.line.writing:
            if self._made.line.hidden and line:
                self._made.auth.learn(line)
            self._made.line.end_edit()
            self._made.groups.plan.edited(line)
        elif line != ".":
            self._made.line.add(line)
        else:
            content = self._typed_message()
            self._made.line.end_edit()
            self._made.groups.plan.message_edited(content)

    def _warn(self, line: str) -> None:
        """Write the warning about a command, if there is one, before the command is sent."""
        self._made.speaker.warned = False
        found = parse_typed(line)
        session = self._made.connections.session
        if not isinstance(found, WireLine) or session is None or not session.connected:
            return
        talk = session.conversation
        if self._made.sender.in_message or self._made.sender.chunk_left:
            return
        if self._made.groups.lesson.is_answer(line):  # which is not sent
            return
        warning = hint_for(
            line,
            state=talk.foreseen,
            connected=True,
            keywords=talk.keywords,
            lmtp=session.lmtp,
            practice=self._made.connections.practising,
        ).warning
        if warning:
            self._made.speaker.warned = True
            self._output.say(WARNING, f"{warning}; sent anyway")

    def _troubled(self) -> None:
        """If an error was caused directly by a typed line, record it for the exit status."""
        if not self._taking:
            return
        if not self._made.connections.connected:
            self._outcome.no_connection()
        elif self._made.ordering:
            self._outcome.bad_input()
        else:
            self._outcome.not_as_expected()
