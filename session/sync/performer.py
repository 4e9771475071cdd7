"""`BlockingPerformer`: performs single steps of procedures on an `SMTP`, for a stepper.

`SMTP` runs whole procedures through its own methods. This class sees only steps, so it also sets
the attributes that those methods set from replies, such as `esmtp_features` and `ehlo_resp`.
"""

from __future__ import annotations

import ssl
import time
from typing import Any, Protocol

from ..events import ReplyReceived
from ..procedures.steps import Ask, Call, Dial, Expect, Send, StartTls, Step
from ..reply import Reply
from .lmtp import LMTP
from .smtp import SMTP
from .smtp_ssl import SMTP_SSL


class LastRow(Protocol):
    """An object whose `last` is set to the row of the last command sent."""

    last: int | None


class BlockingPerformer:
    """Performs the steps of a procedure on `smtp`; each step is complete when `perform` returns."""

    def __init__(self, smtp: SMTP) -> None:
        self._smtp = smtp
        self._verb = ""  # of the command sent last
        self._held = b""  # a message without a final line ending, which waits for its dot
        self._greeting: Reply | None = None
        self._heard = smtp.transcript.mark_count  # marks of the replies handed out

    async def perform(self, step: Step, in_flight: LastRow) -> Any:
        """Carry out one step. Return its answer, or raise the error to throw into the procedure.

        This never suspends; it is a coroutine only because `Performer.perform` is one. An
        interrupted step leaves the connection closed, as in `SMTP`.
        """
        try:
            return self._perform(step, in_flight)
        except BaseException as error:
            self._smtp._broken_off(error)  # pyright: ignore[reportPrivateUsage]: as for its own procedures
            raise

    def _perform(self, step: Step, in_flight: LastRow) -> Any:
        smtp = self._smtp
        match step:
            case Send():
                self._send(step)
                in_flight.last = smtp.conversation.newest
            case Expect():
                self._release()
                greeting, self._greeting = self._greeting, None
                return greeting or self._reply()
            case Dial(target=target):
                if target.implicit and not isinstance(smtp, SMTP_SSL):
                    raise ValueError("TLS from the first byte requires an SMTP_SSL")
                code, text = smtp.connect(target.path or target.host, target.port)
                self._heard = 0
                self._greeting = self._with_event(code, text)
            case StartTls(tls=tls):
                context = tls if isinstance(tls, ssl.SSLContext) else None
                smtp._handshake(None, None, context)  # pyright: ignore[reportPrivateUsage]: its own half of starttls
                smtp._forget()  # pyright: ignore[reportPrivateUsage]: the same
            case Ask(what=what, of=None):
                return smtp._of_ours(what)  # pyright: ignore[reportPrivateUsage]: as for its own procedures
            case Ask(of=of):
                assert of is not None
                return of()
            case Call(name="close"):
                smtp.close()
            case _:
                raise TypeError(f"a blocking connection cannot perform {step!r}")
        return None

    def forget(self, in_flight: LastRow) -> None:
        """Do nothing, because a blocking connection has no waiters."""

    def _send(self, step: Send) -> None:
        smtp, verb = self._smtp, step.verb
        if verb == ".":
            held, self._held = self._held, b""
            data = held + step.data
            if not data.endswith(b"\n"):  # its line ending comes with the dot
                self._held = data
                return
            smtp.send(data)
        else:
            if isinstance(smtp, LMTP):
                smtp._read_rest()  # pyright: ignore[reportPrivateUsage]: as its own putcmd does
            if verb in ("EHLO", "LHLO"):
                smtp.esmtp_features = {}
            elif verb == "MAIL" and b"SMTPUTF8" in step.data.upper().split():
                smtp.command_encoding = "utf-8"
            elif verb == "RSET":
                smtp.command_encoding = "ascii"
            smtp.send(step.data)
        self._verb = verb

    def _release(self) -> None:
        """Send any data held back, before a reply is awaited.

        There is such data if the user has edited the message so that it ends in another way.
        """
        held, self._held = self._held, b""
        if held:
            self._smtp.send(held)

    def _reply(self) -> Reply:
        smtp = self._smtp
        code, text = smtp.getreply()
        match self._verb:
            case "EHLO" | "LHLO":
                smtp._learn(code, text)  # pyright: ignore[reportPrivateUsage]: as its own ehlo does
            case "HELO":
                smtp.helo_resp = text
            case "QUIT":
                smtp._forget()  # pyright: ignore[reportPrivateUsage]: as its own quit does
            case _:
                pass
        return self._with_event(code, text)

    def _with_event(self, code: int, text: bytes) -> Reply:
        """Return the reply together with its event, the next matching reply in the transcript.

        If no reply matches, a new event is created.
        """
        transcript = self._smtp.transcript
        marks = transcript.marks_after(self._heard)
        for number, event in enumerate(marks):
            if (
                isinstance(event, ReplyReceived)
                and event.code == code
                and transcript.reply_text(event.row, event.last) == text
            ):
                self._heard += number + 1
                return Reply(code, text, event)
        row = max(len(transcript) - 1, 0)
        return Reply(code, text, ReplyReceived(time.monotonic(), row, row, code))
