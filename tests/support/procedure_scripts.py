r"""Runs a procedure against a scripted conversation, so that an exchange is one assertion.

    play("sendmail", "a@example.org", "b@example.org", b"hi\r\n", script='''
        S: 220 ready
        C: EHLO me.example
        S: 250 server
        ...
    ''')

Each `C:` line is what the procedure must send next, and each `S:` line is the server's response.
The greeting comes before the procedure begins. The test fails if anything in the script does not
happen, or if anything else happens. If the script has no more lines while a reply is awaited, the
server has disconnected.
"""

from __future__ import annotations

from collections import deque
from typing import Any

from heloscope.session.aio.session import Session
from heloscope.session.errors import ConnectionLost
from heloscope.session.events import CLIENT, SERVER, Cause, ReplyReceived
from heloscope.session.procedures.execution import Execution
from heloscope.session.procedures.steps import LOCAL_HOSTNAME, Ask, Call, Expect, Send, StartTls
from heloscope.session.protocol.conversation import Conversation
from heloscope.session.reply import Reply

from support.scripts import lines

NAME = "me.example"


def offers(*keywords: str, verb: str = "EHLO") -> str:
    """Return a script with the greeting, and with an EHLO whose reply lists these keywords."""
    lines = ["server", *keywords]
    said = [f"S: 250{'-' if line is not lines[-1] else ' '}{line}" for line in lines]
    return "\n".join(["S: 220 ready", f"C: {verb} {NAME}", *said, ""])


class ProcedureScript:
    """A script that is being played. `closed` is true if either side has disconnected."""

    def __init__(self, script: str, *, lmtp: bool = False) -> None:
        from heloscope.session.target import Target

        self.script = lines(script)
        self.at = 0
        self.now = 0.0
        self.session = Session(Target("server.example", 25, lmtp=lmtp))
        self.replies: deque[ReplyReceived] = deque()
        self.seen = 0
        self.said: list[str] = []
        self.closed = False
        self.hear()

    @property
    def talk(self) -> Conversation:
        return self.session.conversation

    def hear(self) -> None:
        """Process what the server sends at this point of the script."""
        while self.at < len(self.script) and self.script[self.at][0] == "S":
            self.feed("S", self.script[self.at][1])
            self.at += 1
        for event in self.talk.transcript.marks_after(self.seen):
            if isinstance(event, ReplyReceived) and event.unasked is None:
                self.replies.append(event)
        self.seen = self.talk.transcript.mark_count

    def feed(self, side: str, data: bytes) -> None:
        self.now += 1
        self.said.append(f"{side}: {data!r}")
        self.talk.feed(CLIENT if side == "C" else SERVER, data, self.now)

    def send(self, data: bytes) -> None:
        """Check, line by line, that the procedure sends what the script requires."""
        if self.closed:
            raise ConnectionLost(Cause.CLOSED_BY_SERVER, "closed")
        for line in data.splitlines(keepends=True):
            self.feed("C", line)
            wanted = self.script[self.at] if self.at < len(self.script) else ("", b"the end")
            assert wanted == ("C", line), self.difference(wanted[1])
            self.at += 1
        self.hear()

    def difference(self, wanted: bytes) -> str:
        so_far = "\n".join(self.said)
        return f"it went:\n{so_far}\nbut the last line should have been:\n   {wanted!r}"

    def reply(self) -> Reply:
        if not self.replies:
            self.closed = True
            raise ConnectionLost(Cause.CLOSED_BY_SERVER, "the script has no more replies")
        event = self.replies.popleft()
        return Reply(event.code, self.talk.transcript.reply_text(event.row, event.last), event)

    def run(self, name: str, *arguments: Any, **keywords: Any) -> Any:
        """Run a procedure to its end, and check that the script has ended as well."""
        try:
            result = self._run(name, arguments, keywords)
        except AssertionError:
            raise
        except Exception:
            self.finished()
            raise
        self.finished()
        return result

    def greet(self) -> ProcedureScript:
        """Send EHLO, or HELO if that is refused. Another `run` can play the rest of the script."""
        self._run("ehlo_or_helo_if_needed", (), {})
        return self

    def _run(self, name: str, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        run = Execution(lambda: self.session, name, arguments, keywords)
        while run.step is not None:
            try:
                answer = self.answer(run.step)
            except AssertionError:
                raise
            except Exception as error:
                run.throw(error)
            else:
                run.answer(answer)
        return run.result

    def answer(self, step: Any) -> Any:
        match step:
            case Send(data=data):
                self.send(data)
            case Expect():
                return self.reply()
            case Ask(what=what, of=None):
                return NAME if what == LOCAL_HOSTNAME else "nonce"
            case Ask(of=of):
                assert of is not None
                return of()
            case Call(name="close"):
                self.closed = True
            case StartTls():
                from heloscope.session.events import TlsStarted

                self.talk.note(TlsStarted(self.now, "TLSv1.3", "TEST"))
            case _:
                raise AssertionError(f"nobody can do {step!r}")
        return None

    def finished(self) -> None:
        left = [f"{side}: {data!r}" for side, data in self.script[self.at :]]
        assert not left, "it ended before the script did; left are:\n" + "\n".join(left)


def play(name: str, *arguments: Any, script: str, lmtp: bool = False, **keywords: Any) -> Any:
    """Run one procedure against a script. Returns its result, or raises its exception."""
    return ProcedureScript(script, lmtp=lmtp).run(name, *arguments, **keywords)
