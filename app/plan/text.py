"""What the plan shows: a row for each step, and words about the one under the cursor.

Reads the stepper and the facts; keeps nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

from ...session.events import ReplyReceived, TlsStarted, Violation
from ...session.visible import beginning, visible, visible_text
from ...widgets.plan.list import DONE, NEXT, REFUSED, SKIPPED, TO_COME, PlanRow
from ...widgets.plan.panel import Words

if TYPE_CHECKING:
    from ...session.reply import Reply
    from ...session.stepping.breakpoints import Breakpoint, Stop
    from ...session.stepping.plan import Done, Planned
    from .controller import PlanController

LINES = 6  # of a message, or of a reply, that are shown
LONGEST = 2000  # octets of a line that are shown
STYLES = {2: "$text-success", 3: "$text-primary", 4: "$text-warning", 5: "$text-error"}

# What a command that was typed in between means for a plan whose transaction it ended.
BETWEEN: dict[str, str] = {
    "RSET": "the server has forgotten sender and recipients",
    "EHLO": "a greeting gives the transaction up",
    "HELO": "a greeting gives the transaction up",
    "LHLO": "a greeting gives the transaction up",
    "MAIL": "another transaction is open than that of the plan",
    "DATA": "the message is being written by hand",
    ".": "its transaction is over",
    "BDAT": "the message is being sent by hand",
    "BDAT LAST": "its transaction is over",
    "AUTH": "somebody is logged in since",
    "(auth)": "somebody is logged in since",
    "STARTTLS": "with TLS all begins anew, and EHLO comes next",
    "XCLIENT": "the server takes you for another client, and EHLO comes next",
    "QUIT": "the connection ends",
}
# What a step is for that sends no line of its own.
_NO_LINE = {
    "TLS": "What comes behind it goes out inside TLS. The certificate is checked first.",
    "connect": "The server speaks first: it greets.",
}
# The server may have taken what it did not answer (RFC 1047).
_OUT = " Whether the message was taken is not known: sent again, it may arrive twice."
_TYPED = {".": "A message", "BDAT LAST": "A message", "(auth)": "AUTH"}


def line_of(planned: Planned) -> str:
    """A step in one line: what goes out, secrets masked, else what is done."""
    if planned.verb == ".":
        return "the message, and the dot that ends it"
    if planned.shown == b"\r\n":  # the last answer of some mechanisms
        return f"{planned.words or planned.verb}: an empty line"
    if planned.shown:
        return visible(beginning(planned.shown, LONGEST).split(b"\r\n", 1)[0])
    return planned.words or planned.verb


# Rows


class Rows(Sequence[PlanRow]):
    """The steps that were taken, and those to come. Each row is made when it is drawn."""

    def __init__(
        self, done: list[Done], ahead: Sequence[Planned], stops: list[Breakpoint], *, cut: bool
    ) -> None:
        self._done, self._ahead, self._stops, self._cut = done, ahead, stops, cut

    def __len__(self) -> int:
        return len(self._done) + len(self._ahead) + self._cut

    @overload
    def __getitem__(self, number: int) -> PlanRow: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[PlanRow]: ...
    def __getitem__(self, number: int | slice) -> PlanRow | Sequence[PlanRow]:
        if isinstance(number, slice):
            return [self[n] for n in range(*number.indices(len(self)))]
        if number < len(self._done):
            return _done(self._done[number])
        number -= len(self._done)
        if number >= len(self._ahead):
            if number >= len(self._ahead) + self._cut:
                raise IndexError(number)
            return PlanRow(TO_COME, "and more, which are foreseen when it comes nearer")
        return self._to_come(self._ahead[number], number)

    def _to_come(self, planned: Planned, number: int) -> PlanRow:
        stop = any(found.before(planned.verb, planned.data) for found in self._stops)
        note = "edited" if planned.edited else ""
        return PlanRow(TO_COME if number else NEXT, line_of(planned), note=note, stop=stop)


def _done(done: Done) -> PlanRow:
    line = line_of(done.planned)
    note = "edited" if done.edited else ""
    if done.skipped:
        return PlanRow(SKIPPED, line, "skipped", note=note)
    reply = done.reply
    if reply is None:
        if done.error:
            return PlanRow(REFUSED, line, "failed", 5, note)
        took = _milliseconds(done.seconds) if done.planned.verb == "TLS" else ""
        return PlanRow(DONE, line, took, 2 if took else 0, note)
    worst = max((reply, *done.further), key=lambda each: each.code)
    said = f"{worst.code} {_milliseconds(done.seconds):>8}"
    return PlanRow(REFUSED if done.refused else DONE, line, said, max(1, worst.code // 100), note)


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:,.0f} ms" if seconds < 10 else f"{seconds:,.1f} s"


# Words


def words_of(stepping: PlanController, place: int, *, brief: bool = False) -> list[Words]:
    """What is to be said now, and of the step in that row of the plan.

    `brief` leaves out what the panel beside it says of a reply.
    """
    if not stepping.title:
        again = stepping.renewable
        found = [Words("", ""), Words("r", f"begins again: {again}", dim=True)] if again else []
        return [*found, *_stops(stepping)]
    found = notices(stepping)
    done, ahead = stepping.done, stepping.foreseen
    if place < len(done):
        found += _of_done(stepping, done[place], stepping.why_not_again(place), brief)
    elif place < len(done) + len(ahead):
        number = place - len(done)
        first = number == 0 and stepping.next is not None
        found += _of_planned(ahead[number], first, brief)
    return [*found, *_stops(stepping)]


def _stops(stepping: PlanController) -> list[Words]:
    """The breakpoints, with the numbers that :break clear takes."""
    if not stepping.breakpoints:
        return []
    listed = "  ".join(f"{n} {each}" for n, each in enumerate(stepping.breakpoints, 1))
    return [Words("● Stops", listed, "$text-error", dim=True)]


def notices(stepping: PlanController) -> list[Words]:
    """Why it stands where it stands; empty where that goes without saying."""
    if stepping.busy:
        return [Words("", stepping.under_way, "$text-accent")]
    typed = stepping.typed
    if typed:
        return [Words("!", between(typed, stepping.from_where), "$text-warning")]
    if stepping.stop is not None:
        text = stopped(stepping.stop, stepping.breakpoints)
        return [Words("Stopped", text, "$text-accent")]
    end = stepping.end()
    if end and stepping.lost:
        end += f"{_OUT if stepping.unknown else ''} r connects again and begins from the start."
    return [Words("", end)] if end else []


def between(verb: str, where: str) -> str:
    """What was typed in between, why it matters, and what the keys of the plan can do."""
    if verb == "closed":
        return "The connection is over. r connects again and begins from the start."
    said = f"{_TYPED.get(verb, verb)} was typed in between: {BETWEEN.get(verb, '')}."
    return f"{said} r begins again from {where}; n goes on all the same."


def between_hint(verb: str, where: str) -> str:
    """The same in one line, with what can be typed."""
    if verb == "closed":
        return "The connection is over: :restart connects again and begins from the start"
    name = _TYPED.get(verb, verb)
    return f"{name} was typed in between: :restart begins again from {where}, Enter goes on"


def stopped(stop: Stop, points: Sequence[Breakpoint]) -> str:
    """Which breakpoint stopped a run, and what met it."""
    number = points.index(stop.breakpoint) + 1 if stop.breakpoint in points else 0
    which = f"by breakpoint {number}, {stop.breakpoint}" if number else f"by {stop.breakpoint}"
    match stop.event:
        case ReplyReceived(code=code, enhanced=enhanced, verb=verb):
            name = {".": "the message", "(auth)": "the answer"}.get(verb, verb or "nothing")
            return f"{which}: {code}{f' {enhanced}' if enhanced else ''} to {visible_text(name)}."
        case TlsStarted(version=version):
            return f"{which}: {version.replace('v', ' ')} has begun."
        case Violation(rule=rule):
            from ...session.protocol.violations import RULES

            return f"{which}: {RULES[rule].title}."
        case _:
            return f"{which}."


def _of_done(stepping: PlanController, done: Done, why_not: str, brief: bool) -> list[Words]:
    planned = done.planned
    found: list[Words] = []
    if done.skipped:
        return [Words("Skipped", planned.skipping, dim=True)]
    if done.reply is None:
        if done.error:
            found.append(Words("Failed", done.error, "$text-error"))
        elif planned.verb == "TLS":
            found.append(Words("TLS is on", "The rest goes out inside it.", "$text-success"))
        return found
    for reply in (done.reply, *done.further)[:LINES]:
        if reply.event.recipient is not None:  # LMTP, PRDR: a reply for each of them
            path = stepping.said(reply.event.recipient).partition(b":")[2].split(b" ")[0].strip()
            found.append(Words("", f"For {visible(path)}", dim=True))
        found += _of_reply(reply, stepping.masked(reply.text), planned.verb, brief)
    if done.refused:
        if why_not:
            more = " F9 connects again." if planned.verb == "connect" else ""
            found.append(Words("", f"Not again from here: {why_not}.{more}", dim=True))
        else:
            found.append(Words("", "e changes it and a sends it again; n goes on.", dim=True))
    return found


def _of_reply(reply: Reply, text: bytes, verb: str, brief: bool) -> list[Words]:
    from ...session.facts.explain import explain

    style = STYLES.get(reply.code // 100, "$text-error")
    code = f"{reply.code}{f' {reply.enhanced}' if reply.enhanced else ''}"
    good = reply.code // 100 in (2, 3)
    lines = text.split(b"\n")
    most = 1 if good else LINES
    shown = (visible(beginning(line, LONGEST)) for line in lines[:most])
    said = " ".join(line.removeprefix(reply.enhanced or "").strip() for line in shown)
    if len(lines) > most:
        more = len(lines) - most
        said += f" … and {more:,} {'line' if more == 1 else 'lines'} more"
    found = [Words(code, said, style)]
    if good:
        return found
    why = explain(reply.code, reply.enhanced, verb or None)
    title = why.title[:1].upper() + why.title[1:]
    found.append(Words(title, "" if brief else why.means))
    if why.causes and not brief:
        found.append(Words("Causes", why.causes))
    if why.try_next and not brief:
        found.append(Words("Try", why.try_next))
    return found


def _of_planned(planned: Planned, first: bool, brief: bool) -> list[Words]:
    found: list[Words] = []
    if planned.verb in (".", "BDAT", "BDAT LAST"):
        found += _of_message(planned, LINES // 2 if brief else LINES)
    elif planned.shown:
        size = f"{len(planned.data):,} bytes" if first else "Foreseen"
        found.append(Words(size, visible(beginning(planned.shown, LONGEST))))
    about = _NO_LINE.get(planned.verb, "")
    if planned.words and not about and planned.verb != ".":
        about = f"{planned.words[:1].upper()}{planned.words[1:]}."
    if about:
        found.append(Words("", about, dim=True))
    if planned.edited:
        found.append(Words("Edited", "This goes out in place of what was planned.", dim=True))
    if first and planned.skipping:
        found.append(Words("", f"k skips it: {planned.skipping}.", dim=True))
    return found


def _of_message(planned: Planned, most: int) -> list[Words]:
    size = planned.size
    if size is None and planned.edited:
        size = len(planned.data)
    found = [Words("The message", f"{size:,} bytes" if size is not None else "")]
    data = planned.shown
    if planned.verb != ".":
        head, _, data = data.partition(b"\r\n")
        found = [Words(visible(head), found[0].text)]
    lines = data[:LONGEST].split(b"\r\n")
    for line in lines[:most]:
        if line or data != b".\r\n":
            found.append(Words("", f"  {visible(line)}"))
    if len(lines) > most:
        found.append(Words("", "  …"))
    return found
