"""`ProcedureRunner`: runs procedures on a blocking connection, with the methods of `SMTP`.

If a procedure is interrupted by anything other than a reply, such as an exception raised by a
signal (Ctrl+C, a worker's time limit), the connection is closed. smtplib leaves it open, so that
later commands may become the text of a message and reach its recipients.
"""

from __future__ import annotations

from smtplib import SMTPException, SMTPServerDisconnected
from typing import Any

from ..events import Cause
from ..net.hostname import said_as
from ..procedures.steps import (
    LOCAL_HOSTNAME,
    NONCE,
    Ask,
    Call,
    Expect,
    Procedure,
    Send,
    StartTls,
    Step,
)
from ..protocol.states import State
from .connection import Answer, BlockingConnection

LONG = 256 * 1024  # octets of a message
# Errors that arguments may raise; any other comes from outside, at any moment.
_OF_ARGUMENTS = (ValueError, TypeError, AttributeError, LookupError, OSError)
_WITHIN_MESSAGE = (
    "the server is waiting for the text of a message, so the connection was closed: anything sent "
    "now would become part of that text"
)


class ProcedureRunner(BlockingConnection):
    """A blocking connection that runs procedures, and single commands."""

    def _run(self, procedure: Procedure) -> Any:
        if self._conversation.state is State.DATA:
            self._over(Cause.CLOSED_BY_CLIENT, _WITHIN_MESSAGE)
            self.close()
            raise SMTPServerDisconnected(_WITHIN_MESSAGE)
        try:
            return self._all_steps(procedure)
        except BaseException as error:
            self._broken_off(error)
            raise

    def _all_steps(self, procedure: Procedure) -> Any:
        value: Any = None
        error: BaseException | None = None
        held = b""
        while True:
            try:
                step = procedure.send(value) if error is None else procedure.throw(error)
            except StopIteration as over:
                return over.value
            value = error = None
            try:
                if type(step) is Send:
                    if step.verb == "." and step.more and self._sees_each_send(step.data):
                        held = step.data
                    elif step.verb == ".":
                        self.send(held + step.data if held else step.data)
                    else:
                        line = step.data[:-2].decode(self.command_encoding)
                        command, _, argument = line.partition(" ")
                        self.putcmd(command, argument)
                elif type(step) is Expect:
                    value = self.getreply()
                else:
                    value = self._do(step)
            except BaseException as raised:
                error = raised

    def _sees_each_send(self, message: bytes) -> bool:
        """Return whether `send` must receive a message and its end in one call, as in smtplib.

        A long message is sent in parts, because it would be joined only to be split again.
        """
        return (
            len(message) < LONG
            or not message.endswith(b"\n")
            or self.debuglevel > 0
            or getattr(self.send, "__func__", None) is not BlockingConnection.send
        )

    def _do(self, step: Step) -> Any:
        match step:
            case Call(name=name, arguments=arguments, keywords=keywords):
                return getattr(self, name)(*arguments, **keywords)
            case Ask(what=what, of=None):
                return self._of_ours(what)
            case Ask(of=of):
                assert of is not None
                return of()
            case StartTls(tls=tls):
                self._handshake(*tls)
            case _:  # Remark
                if self.debuglevel > 0:
                    self._print_debug(*step.words)  # type: ignore[attr-defined]
        return None

    def _of_ours(self, what: str) -> str:
        if what == LOCAL_HOSTNAME:
            return said_as(self.local_hostname, self.transcript)
        assert what == NONCE
        import secrets

        return secrets.token_urlsafe(24)

    def docmd(self, cmd: str, args: str = "") -> Answer:
        """Send a command, wait for its reply, and return it as (code, text).

        Raises ValueError if the command contains CR or LF. Like every method that waits for a
        reply, it raises SMTPServerDisconnected if the connection ends.
        """
        try:
            self.putcmd(cmd, args)
            return self.getreply()
        except BaseException as error:
            self._broken_off(error)
            raise

    def _broken_off(self, error: BaseException) -> None:
        """Close the connection after an `error` from outside the dialogue, such as an interruption.

        An error about arguments, such as those of an authobject, leaves the connection open, as in
        smtplib, unless a reply is due.
        """
        if isinstance(error, SMTPException) or self.sock is None:
            return
        if not isinstance(error, _OF_ARGUMENTS) or self._conversation.oldest is not None:
            words = f"interrupted by {type(error).__name__}, so the connection was closed"
            self._over(Cause.CLOSED_BY_CLIENT, words)
            self.close()

    def _handshake(self, keyfile: Any, certfile: Any, context: Any) -> None:
        from .ssl_context import context_of

        context, self._tls = context_of(keyfile, certfile, context, 5)
        if self._wire is not None:
            self._wire.discard()
        self.sock = self._in_tls(context)
        self.file = None
        self._wired()
