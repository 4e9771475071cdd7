"""Repeats the client side of a recorded conversation until the server responds differently.

The comparison covers the code and the enhanced status code (RFC 3463) of each reply, the EHLO
keywords with their parameters (RFC 5321 section 4.1.1.1), whether a handshake succeeds, and whether
the server closes the connection. Reply texts are ignored, because they contain times and queue IDs.
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
"""A function that takes a mechanism, and whether TLS is active, and returns an authobject.

The function raises SMTPException if it has no authobject for them. Called without an argument, the
authobject returns the initial response; called with a challenge, it returns the response.
"""


class RerunReply(NamedTuple):
    """A recorded reply: its code, and its first line as recorded (`text`).

    `enhanced` is the enhanced status code or None. `keywords` holds the extensions with their
    parameters, in upper case, or is None if the reply does not list any.
    """

    code: int
    enhanced: str | None = None
    keywords: Mapping[str, tuple[str, ...]] | None = None
    text: bytes = b""

    @property
    def words(self) -> str:
        """The first 200 octets of `text` as shown to the user, or the code if `text` is empty."""
        return visible(self.text.rstrip(b"\r\n")[:200]) or f"{self.code:03}"


class RerunStep(NamedTuple):
    """One thing that the client sent, and the replies to it.

    `data` holds the exact octets. Of an AUTH line, it holds only the part that is not secret, and
    the response is computed again if `responds` is true. `row` is the row in the recording; the
    first step is CONNECT, with the row of the greeting. `verb` is the command's verb ("." for the
    end of a message, "(auth)" for an AUTH response), and `mechanism` is the mechanism of AUTH, in
    upper case. `wanted` holds the recorded replies, in order. `together` is true if the next step
    was sent before the first of these replies arrived (RFC 2920), and `closed` if the server closed
    the connection instead of replying. `handshake` is true or false if a TLS handshake followed and
    succeeded or failed, and None if there was none. `untold` is the reason why the step cannot be
    repeated, or "".
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
        """The line's number in the recording (from 1) and its text, as shown to the user."""
        if self.verb == CONNECT:
            return "the greeting"
        said = visible(self.data.split(b"\n", 1)[0].rstrip(b"\r")[:100])
        if self.verb == END_OF_DATA:
            said = "the end of the message"
        elif self.verb == AUTH_RESPONSE:
            said = "an AUTH response"
        return f"line {self.row + 1} ({said})"


class RerunStopped(SMTPException):
    """Raised when the rerun cannot continue at `step`, whose number is `place`.

    The message is one sentence.
    """

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
    """Raised when the server responds differently from the recording.

    `wanted` and `got` are the expected and the actual response, as shown to the user. `reply` is
    the server's reply, or None if it sent none. `keywords` holds the extensions that differ.
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
            f"{what} at {step.line}: expected {wanted}; got {got}".rstrip(".") + ".", place, step
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
    """Repeat `steps`. The result is their number. The first step connects to `target`, if given.

    `answer` provides the authobjects that compute AUTH responses. The parts named in `ignored`
    (from IGNORABLE) are not compared. Raises RerunDiffers at the first reply that differs,
    RerunStopped if a step cannot be repeated, DialError if no connection can be made, and the
    errors of `answer`.
    """
    due: list[_Due] = []
    login = _Login(answer)
    skipped = ""  # the verb of the previous step, if the user skipped it
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
    """Computes the AUTH lines of a rerun, because the recording does not contain their secrets."""

    def __init__(self, answer: Answer | None) -> None:
        self._answer = answer
        self._says: Callable[..., bytes | None] | None = None
        self._responses = 0
        self.challenge = b""

    def line(self, peer: Peer, place: int, step: RerunStep) -> Generator[Any, Any, bytes]:
        """Return the octets of an AUTH line, with its response computed again."""
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
    """Repeat the handshake after a step. It must succeed or fail as in the recording."""
    try:
        yield StartTls()
    except OSError as error:
        if step.handshake:
            said = visible_text(str(error))[:300]
            raise RerunDiffers("TLS failed", "TLS", said, place, step, None) from error
        return
    if not step.handshake:
        raise RerunDiffers("TLS started", "a failed handshake", "TLS", place, step, None)


def _heard(due: list[_Due], ignored: Collection[str]) -> Generator[Any, Any, Reply | None]:
    """Wait for the replies that are due, and compare them. Return the last reply, or None.

    If the recording has no greeting, for example because it began later, a greeting is awaited all
    the same, but not compared.
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
    """Check that the server closes the connection instead of replying, as in the recording."""
    try:
        got = yield Expect(assumed=_GONE)
    except ConnectionLost:
        return
    if got is not _GONE:
        wanted = "the end of the connection"
        raise RerunDiffers("The server replied", wanted, _words(got), place, step, got)


_GONE = Reply(-1, b"", ReplyReceived(0.0, 0, 0, -1))


def _assumed(wanted: RerunReply) -> Reply:
    """Convert a recorded reply to a `Reply`, for use in predictions."""
    event = ReplyReceived(0.0, 0, 0, wanted.code, wanted.enhanced)
    return Reply(wanted.code, wanted.text[4:], event)


def _words(reply: Reply) -> str:
    """Return the first line of a reply as shown to the user."""
    text = reply.text.split(b"\n", 1)[0][:200]
    return f"{reply.code:03} {visible(text)}" if reply.code >= 0 else visible(text)


def _compare(
    place: int, step: RerunStep, wanted: RerunReply, got: Reply, ignored: Collection[str]
) -> None:
    """Raise RerunDiffers if a reply differs from the recorded one."""
    what = ""
    if got.code != wanted.code:
        what = "Different reply"
    elif got.enhanced != wanted.enhanced and ENHANCED not in ignored:
        what = "Different enhanced code"
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
        raise RerunDiffers("Different extensions", lacking, other, place, step, got, all_of)


def _keywords(
    before: Mapping[str, tuple[str, ...]], now: Mapping[str, tuple[str, ...]]
) -> tuple[str, str]:
    """Return the expected and the actual extensions, each limited to those that differ."""
    added, removed, changed = difference(before, now)
    wanted = [_keyword(word, before) for word in (*removed, *changed)]
    wanted += [f"no {visible_text(word[:40])}" for word in added]
    got = [f"no {visible_text(word[:40])}" for word in removed]
    got += [_keyword(word, now) for word in (*changed, *added)]
    return ", ".join(wanted[:20]), ", ".join(got[:20])


def _keyword(word: str, of: Mapping[str, tuple[str, ...]]) -> str:
    return visible_text(" ".join((word, *of[word]))[:100])


def logs_in(steps: Sequence[RerunStep]) -> RerunStep | None:
    """Return the first step whose AUTH response has to be computed from a secret, or None."""
    return next((step for step in steps if step.responds), None)


def greeting_as(steps: Sequence[RerunStep], name: str) -> list[RerunStep]:
    """Return the steps with `name` as the argument of EHLO, HELO and LHLO."""
    return [
        step._replace(data=step.data.split(None, 1)[0] + b" " + name.encode() + b"\r\n")
        if step.verb in GREETINGS and step.data.endswith(b"\r\n")
        else step
        for step in steps
    ]
