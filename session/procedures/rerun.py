"""Repeats a recorded conversation's client side until the server responds differently.

The comparison covers the code and the enhanced status code (RFC 3463) of each reply, the keywords
of EHLO with their parameters (RFC 5321 section 4.1.1.1), whether a handshake succeeds, and whether
the server closes the connection. Reply texts are ignored, as they contain times and queue IDs.
rerun_steps.py reads the steps from a transcript.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from smtplib import SMTPException
from typing import Any, NamedTuple

from ..errors import ConnectionLost
from ..events import ReplyReceived
from ..protocol.ehlo_keywords import difference, parse_keywords
from ..reply import Reply
from ..target import Target
from ..verbs import AUTH_RESPONSE, AUTH_VERBS, END_OF_DATA, GREETINGS
from ..visible import visible, visible_text
from .steps import Ask, Call, Dial, Expect, Peer, Procedure, Send, Skipped, StartTls

CONNECT = "connect"
EXTENSIONS, ENHANCED = "extensions", "enhanced"
IGNORABLE = (EXTENSIONS, ENHANCED)
"""The parts of a reply that a rerun can exclude from the comparison."""
_CLOSING = 221

Answer = Callable[[str, bool], Callable[..., bytes | None]]
"""answer(mechanism, whether TLS is active) -> an authobject; raises SMTPException if there is none.

Without an argument, the authobject returns the initial response; with a challenge, the response.
"""


class RerunReply(NamedTuple):
    """A recorded reply: its code, and the first line of its text.

    `enhanced` is the enhanced code or None, `keywords` the extensions with their parameters, in
    upper case, or None if it lists none.
    """

    code: int
    enhanced: str | None = None
    keywords: Mapping[str, tuple[str, ...]] | None = None
    text: bytes = b""

    @property
    def words(self) -> str:
        """The reply as shown to a person."""
        return visible(self.text.rstrip(b"\r\n")[:200]) or f"{self.code:03}"


class RerunStep(NamedTuple):
    """One thing that the client sent, and the replies to it.

    `data` are the exact octets; of an AUTH line only the part that is not secret, as the response
    is computed again if `responds`. `row` is its row in the recording; the first step is CONNECT,
    with the row of the greeting. `verb` is that of the command ("." for the end of a message,
    "(auth)" for a response to a challenge), `mechanism` that of AUTH, in upper case. `wanted` are
    the replies, in order. `together` means that the next step was sent before the first of them
    arrived (RFC 2920), `closed` that the server closed the connection instead. `handshake` is
    whether the TLS handshake that followed succeeded, None if there was none. `untold` is why the
    step cannot be repeated.
    """

    row: int
    verb: str
    data: bytes = b""
    wanted: tuple[RerunReply, ...] = ()
    together: bool = False
    handshake: bool | None = None
    mechanism: str = ""
    responds: bool = False
    closed: bool = False
    untold: str = ""

    @property
    def line(self) -> str:
        """The line's number in the recording, from 1, and its text, as shown to a person."""
        if self.verb == CONNECT:
            return "the greeting"
        said = visible(self.data.split(b"\n", 1)[0].rstrip(b"\r")[:100])
        if self.verb == END_OF_DATA:
            said = "the end of the message"
        elif self.verb == AUTH_RESPONSE:
            said = "an AUTH response"
        return f"line {self.row + 1} ({said})"


class RerunStopped(SMTPException):
    """The rerun cannot continue at `step`, its step number `place`; the message is one sentence."""

    def __init__(self, words: str, place: int, step: RerunStep) -> None:
        super().__init__(words)
        self.place = place
        self.step = step

    def __reduce__(self) -> tuple[Any, ...]:  # for pickling
        return RerunStopped._of, (type(self), str(self), self.__dict__)

    @staticmethod
    def _of(kind: type[RerunStopped], words: str, state: dict[str, Any]) -> RerunStopped:
        made = kind.__new__(kind)
        made.args = (words,)
        made.__dict__.update(state)
        return made


class RerunDiffers(RerunStopped):
    """The server responds differently than in the recording.

    `wanted` and `got` are the expected and the actual response, as shown to a person; `reply` is
    the server's reply, None if it sent none. `keywords` are the extensions that differ.
    """

    def __init__(
        self,
        what: str,
        wanted: str,
        got: str,
        place: int,
        step: RerunStep,
        reply: Reply | None,
        keywords: Sequence[str] = (),
    ) -> None:
        super().__init__(
            f"{what} at {step.line}: wanted {wanted}; got {got}".rstrip(".") + ".", place, step
        )
        self.what = what
        self.wanted = wanted
        self.got = got
        self.reply = reply
        self.keywords = tuple(keywords)


class _Due(NamedTuple):
    place: int
    step: RerunStep
    early: Reply | None = None  # a reply in the middle of a message


def rerun(
    peer: Peer,
    steps: Sequence[RerunStep],
    target: Target | None = None,
    *,
    answer: Answer | None = None,
    ignored: Collection[str] = (),
) -> Procedure:
    """Repeat `steps`; the result is their number. With `target`, the first one connects to it.

    `answer` makes the responses of AUTH. `ignored` (from IGNORABLE) is not compared. Raises
    RerunDiffers at the first reply that differs, RerunStopped if a step cannot be repeated,
    DialError if no connection can be made, and the errors of `answer`.
    """
    due: list[_Due] = []
    login = _Login(answer)
    skipped = ""  # the verb of the previous step, if a person skipped it
    for place, step in enumerate(steps):
        if skipped in AUTH_VERBS and step.verb == AUTH_RESPONSE:
            continue
        skipped = ""
        if step.untold:
            raise RerunStopped(f"Stopped at {step.line}: {step.untold}.", place, step)
        if step.verb == CONNECT:
            if target is None:
                continue
            yield Dial(target)
            due.append(_Due(place, step))
        else:
            data = (yield from login.line(peer, place, step)) if step.mechanism else step.data
            try:
                early = yield Send(data, step.verb)
            except Skipped:
                skipped = step.verb
                continue
            due.append(_Due(place, step, early))
        if step.together:
            continue
        last = yield from _heard(due, ignored)
        login.challenge = last.text if last is not None else b""
        if step.handshake is not None:
            yield from _handshake(place, step)
        if step.verb == "QUIT" and last is not None and last.code == _CLOSING:
            yield Call("close")
    yield from _heard(due, ignored)
    return len(steps)


class _Login:
    """Makes the lines of AUTH, whose secrets are not recorded."""

    def __init__(self, answer: Answer | None) -> None:
        self._answer = answer
        self._says: Callable[..., bytes | None] | None = None
        self._responses = 0
        self.challenge = b""

    def line(self, peer: Peer, place: int, step: RerunStep) -> Generator[Any, Any, bytes]:
        """The octets of a line of AUTH, with its response computed again."""
        from ..sasl.mechanisms import challenge_in

        if step.verb != AUTH_RESPONSE:
            self._says, self._responses = None, 0
        if not step.responds:
            return step.data
        if self._answer is None:
            words = "it is made from a secret, and secrets are not recorded"
            raise RerunStopped(f"Stopped at {step.line}: {words}.", place, step)
        if self._says is None:
            self._says = self._answer(step.mechanism, peer.tls)
        says = self._says
        if step.verb == AUTH_RESPONSE:
            try:
                asked = challenge_in(self.challenge, step.mechanism, self._responses)
                response = yield Ask(
                    "the answer to the challenge", lambda: says(asked), secret=True, assumed=b""
                )
            except Exception:  # the server waits for a response
                yield Send(b"*\r\n", AUTH_RESPONSE)
                yield Expect()
                raise
            line = base64.b64encode(response or b"")
        else:
            response = yield Ask("the initial response", says, secret=True, assumed=b"")
            line = step.data.rstrip() + b" " + (base64.b64encode(response or b"") or b"=")
        self._responses += 1
        return line + b"\r\n"


def _handshake(place: int, step: RerunStep) -> Procedure:
    """The handshake that follows a step; the recording may have a failed one, too."""
    try:
        yield StartTls()
    except OSError as error:
        if step.handshake:
            said = visible_text(str(error))[:300]
            raise RerunDiffers("TLS failed", "TLS", said, place, step, None) from error
        return
    if not step.handshake:
        raise RerunDiffers("TLS began", "a handshake that fails", "TLS", place, step, None)


def _heard(due: list[_Due], ignored: Collection[str]) -> Generator[Any, Any, Reply | None]:
    """Wait for the replies that are due, and compare them. Returns the last one.

    If the recording has no greeting, for example because it began later, one is still awaited.
    """
    last: Reply | None = None
    while due:
        place, step, early = due.pop(0)
        if step.verb == CONNECT and not step.wanted:
            last = yield Expect()
        for number, wanted in enumerate(step.wanted):
            assumed = _assumed(wanted)
            if early is not None and number == 0:
                got = early
            else:
                try:
                    got = yield Expect(again=number > 0, assumed=assumed)
                except ConnectionLost as error:
                    said = visible_text(str(error))
                    raise RerunDiffers(
                        "The connection ended", wanted.words, said, place, step, None
                    ) from error
            if got is not assumed:
                _compare(place, step, wanted, got, ignored)
            last = got
        if step.closed:
            yield from _hangs_up(place, step)
    return last


def _hangs_up(place: int, step: RerunStep) -> Procedure:
    """The server closes the connection instead of replying, as in the recording."""
    try:
        got = yield Expect(assumed=_GONE)
    except ConnectionLost:
        return
    if got is not _GONE:
        wanted = "the end of the connection"
        raise RerunDiffers("A reply came", wanted, _words(got), place, step, got)


_GONE = Reply(-1, b"", ReplyReceived(0.0, 0, 0, -1))


def _assumed(wanted: RerunReply) -> Reply:
    """The reply predicted for a step: the recorded one."""
    event = ReplyReceived(0.0, 0, 0, wanted.code, wanted.enhanced)
    return Reply(wanted.code, wanted.text[4:], event)


def _words(reply: Reply) -> str:
    """A reply as shown to a person: its first line."""
    text = reply.text.split(b"\n", 1)[0][:200]
    return f"{reply.code:03} {visible(text)}" if reply.code >= 0 else visible(text)


def _compare(
    place: int, step: RerunStep, wanted: RerunReply, got: Reply, ignored: Collection[str]
) -> None:
    """Raise RerunDiffers if a reply differs from the recorded one."""
    what = ""
    if got.code != wanted.code:
        what = "Another reply"
    elif got.enhanced != wanted.enhanced and ENHANCED not in ignored:
        what = "Another enhanced code"
    if what:
        raise RerunDiffers(what, wanted.words, _words(got), place, step, got)
    before = wanted.keywords
    if before is None or EXTENSIONS in ignored:
        return
    now = parse_keywords(got.text.split(b"\n")[1:])
    added, removed, changed = difference(before, now)
    if added or removed or changed:
        lacking, other = _keywords(before, now)
        all_of = (*removed, *changed, *added)
        raise RerunDiffers("Other extensions", lacking, other, place, step, got, all_of)


def _keywords(
    before: Mapping[str, tuple[str, ...]], now: Mapping[str, tuple[str, ...]]
) -> tuple[str, str]:
    """The expected and the actual extensions that differ."""
    added, removed, changed = difference(before, now)
    wanted = [_keyword(word, before) for word in (*removed, *changed)]
    wanted += [f"no {visible_text(word[:40])}" for word in added]
    got = [f"no {visible_text(word[:40])}" for word in removed]
    got += [_keyword(word, now) for word in (*changed, *added)]
    return ", ".join(wanted[:20]), ", ".join(got[:20])


def _keyword(word: str, of: Mapping[str, tuple[str, ...]]) -> str:
    return visible_text(" ".join((word, *of[word]))[:100])


def logs_in(steps: Sequence[RerunStep]) -> RerunStep | None:
    """The first step made from a secret; None if there is none."""
    return next((step for step in steps if step.responds), None)


def greeting_as(steps: Sequence[RerunStep], name: str) -> list[RerunStep]:
    """The steps with `name` as the argument of EHLO, HELO and LHLO."""
    return [
        step._replace(data=step.data.split(None, 1)[0] + b" " + name.encode() + b"\r\n")
        if step.verb in GREETINGS and step.data.endswith(b"\r\n")
        else step
        for step in steps
    ]
