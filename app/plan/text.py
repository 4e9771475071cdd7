"""The plan in words: a row for each step, and an explanation of the step under the cursor.

The functions read the status of the plan and the facts, and keep no state.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, overload

import msgspec

from ...session.events import ReplyReceived, TlsStarted, Violation
from ...session.facts.disconnect_reasons import MESSAGE_IN_DOUBT
from ...session.plural import plural
from ...session.verbs import AUTH_EXCHANGE, GREETINGS, TLS_VERBS
from ...session.visible import beginning, visible, visible_text
from ...widgets.plan.rows import DONE, NEXT, REFUSED, SKIPPED, TO_COME, Paragraph, PlanRow
from ..advice import do
from ..compose.faults import fault_lines, rewritten_words
from ..explain.line import STYLES
from .step_faults import step_faults

if TYPE_CHECKING:
    from ...session.reply import Reply
    from ...session.stepping.breakpoints import Breakpoint, Stop
    from ...session.stepping.plan import Done, Planned
    from .status import PlanStatus

SHOWN_LINES = 6  # lines of a message or a reply that are shown
SHOWN_OCTETS = 2000  # octets shown of a line

# The consequences of a command typed in between for a plan whose transaction it ended.
BETWEEN: dict[str, str] = {
    "RSET": "the server has discarded the sender and recipients",
    **dict.fromkeys(GREETINGS, "a greeting ends the transaction"),
    "MAIL": "the open transaction is not the plan's",
    "DATA": "the message is being typed manually",
    ".": "its transaction is over",
    "BDAT": "the message is being sent manually",
    "BDAT LAST": "its transaction is over",
    **dict.fromkeys(AUTH_EXCHANGE, "it started a login"),
    **dict.fromkeys(TLS_VERBS, "TLS resets the session, and EHLO must be sent again"),
    "XCLIENT": "the server treats you as another client, and EHLO must be sent again",
    "QUIT": "the connection ends",
}
# The purpose of steps that send no line of their own.
_NO_LINE = {
    "TLS": "Everything after it is sent over TLS. The certificate is checked first.",
    "connect": "The server speaks first: it sends the greeting.",
}
_TYPED = {".": "A message", "BDAT LAST": "A message", "(auth)": "AUTH"}


def line_of(planned: Planned) -> str:
    """Return a step on one line: the command with secrets masked, or a description."""
    if planned.verb == ".":
        return "the message, and the dot that ends it"
    if planned.shown == b"\r\n":  # the last answer of some mechanisms, once its turn has come
        return f"{planned.words or planned.verb}: an empty line"
    if planned.shown:
        return visible(beginning(planned.shown, SHOWN_OCTETS).split(b"\r\n", 1)[0])
    return planned.words or planned.verb


# Rows


class Rows(Sequence[PlanRow]):
    """The rows of the plan: steps taken, then steps to come. A row is created when it is drawn."""

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
            return PlanRow(TO_COME, "more steps, listed when the plan gets closer")
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


# Paragraphs


def words_of(
    plan: PlanStatus, place: int, *, brief: bool = False, mask: Callable[[str], str] = str
) -> list[Paragraph]:
    """Describe the status of the plan, and explain the step in a row.

    `brief` omits the meaning of a reply because another panel explains it. `mask` replaces names in
    quoted text with pseudonyms; the explanation of a reply is made from text that is already
    masked.
    """
    if not plan.title:
        found: list[Paragraph] = []
        if plan.renewable:
            does = "reconnects" if plan.reconnects else "starts again"
            found = [Paragraph("", ""), Paragraph("r", f"{does}: {mask(plan.renewable)}", dim=True)]
        return [*found, *_masked(_stops(plan), mask)]
    found = _masked(notices(plan), mask)
    done, ahead = plan.done, plan.foreseen
    if place < len(done):
        found += _of_done(plan, done[place], plan.why_not_again(place), brief, mask)
    elif place < len(done) + len(ahead):
        number = place - len(done)
        first = number == 0 and plan.next is not None
        faults = fault_lines(step_faults(plan, place))
        found += _masked(_of_planned(ahead[number], first, brief, faults), mask)
    return [*found, *_masked(_stops(plan), mask)]


def _masked(found: list[Paragraph], mask: Callable[[str], str]) -> list[Paragraph]:
    return [msgspec.structs.replace(each, text=mask(each.text)) for each in found]


def _stops(plan: PlanStatus) -> list[Paragraph]:
    """Return the breakpoints, with the numbers that :break clear uses."""
    if not plan.breakpoints:
        return []
    listed = "  ".join(f"{n} {each}" for n, each in enumerate(plan.breakpoints, 1))
    return [Paragraph("● Stops", listed, "$text-error", dim=True)]


def notices(plan: PlanStatus) -> list[Paragraph]:
    """Return paragraphs about the status of the plan, or an empty list if the status is obvious."""
    if plan.busy:
        return [Paragraph("", plan.under_way, "$text-accent")]
    typed = plan.typed
    if typed:
        return [Paragraph("!", between(typed, plan.restart), "$text-warning")]
    if plan.stop is not None:
        text = stopped(plan.stop, plan.breakpoints)
        return [Paragraph("Stopped", text, "$text-accent")]
    end = plan.end()
    if end and plan.lost:
        end += f" {MESSAGE_IN_DOUBT}" if plan.unknown else ""
        end += f" r {plan.restart}."
    return [Paragraph("", end)] if end else []


def between(verb: str, restart: str) -> str:
    """Return a notice about a command typed between steps, with the keys of the plan that help.

    `restart` is what restarting the plan would do.
    """
    if verb == "closed":
        return f"The connection has ended. r {restart}."
    said = f"{_TYPED.get(verb, verb)} was typed in between: {BETWEEN.get(verb, '')}."
    return f"{said} r {restart}; n continues anyway."


def between_hint(verb: str, restart: str) -> str:
    """Return a one-line notice about a command typed between steps, with what to type now."""
    if verb == "closed":
        return f"The connection has ended: {do('restart')} {restart}"
    name = _TYPED.get(verb, verb)
    return f"{name} was typed in between: {do('restart')} {restart}, Enter continues"


def stopped(stop: Stop, points: Sequence[Breakpoint]) -> str:
    """Describe the breakpoint that stopped a run, and the event that triggered it."""
    number = points.index(stop.breakpoint) + 1 if stop.breakpoint in points else 0
    which = f"by breakpoint {number}, {stop.breakpoint}" if number else f"by {stop.breakpoint}"
    match stop.event:
        case ReplyReceived(code=code, enhanced=enhanced, verb=verb):
            name = {".": "the message", "(auth)": "the AUTH response"}.get(verb, verb or "nothing")
            return f"{which}: {code}{f' {enhanced}' if enhanced else ''} to {visible_text(name)}."
        case TlsStarted(version=version):
            return f"{which}: {version.replace('v', ' ')} has started."
        case Violation(rule=rule):
            from ...session.protocol.violations import RULES

            return f"{which}: {RULES[rule].title}."
        case _:
            return f"{which}."


def _of_done(
    plan: PlanStatus, done: Done, why_not: str, brief: bool, mask: Callable[[str], str]
) -> list[Paragraph]:
    planned = done.planned
    found: list[Paragraph] = []
    if done.skipped:
        return [Paragraph("Skipped", planned.skipping, dim=True)]
    if done.reply is None:
        if done.error:
            found.append(Paragraph("Failed", mask(done.error), "$text-error"))
        elif planned.verb == "TLS":
            found.append(Paragraph("TLS is on", "The rest is sent over TLS.", "$text-success"))
        return found
    for reply in (done.reply, *done.further)[:SHOWN_LINES]:
        if reply.event.recipient is not None:  # LMTP, PRDR: a reply for each of them
            path = plan.said(reply.event.recipient).partition(b":")[2].split(b" ")[0].strip()
            found.append(Paragraph("", f"For {mask(visible(path))}", dim=True))
        found += _of_reply(plan, reply, brief, mask)
    if done.refused:
        if why_not:
            more = f" {do('reconnect')} reconnects." if planned.verb == "connect" else ""
            found.append(Paragraph("", f"Cannot be sent again: {why_not}.{more}", dim=True))
        else:
            goes_on = "; n continues" if plan.next is not None else ""
            keys = f"e changes it and a sends it again{goes_on}."
            found.append(Paragraph("", keys, dim=True))
    return found


def _of_reply(
    plan: PlanStatus, reply: Reply, brief: bool, mask: Callable[[str], str]
) -> list[Paragraph]:
    text = plan.masked(reply.text)
    style = STYLES.get(reply.code // 100, "$text-error")
    code = f"{reply.code}{f' {reply.enhanced}' if reply.enhanced else ''}"
    good = reply.code // 100 in (2, 3)
    lines = text.split(b"\n")
    most = 1 if good else SHOWN_LINES
    shown = (visible(beginning(line, SHOWN_OCTETS)) for line in lines[:most])
    said = " ".join(line.removeprefix(reply.enhanced or "").strip() for line in shown)
    if len(lines) > most:
        more = len(lines) - most
        said += f" … and {plural(more, '{} more line')}"
    found = [Paragraph(code, mask(said), style)]
    if good:
        return found
    why = plan.explanation(reply.event)
    title = why.title[:1].upper() + why.title[1:]
    found.append(Paragraph(title, "" if brief else why.means))
    if why.causes and not brief:
        found.append(Paragraph("Causes", why.causes))
    if why.try_next and not brief:
        found.append(Paragraph("Try", why.try_next))
    return found


def _of_planned(
    planned: Planned, first: bool, brief: bool, faults: Sequence[str]
) -> list[Paragraph]:
    found: list[Paragraph] = []
    told = [Paragraph("!", f"{each}.", "$text-warning") for each in faults]
    if planned.unknown:
        found.append(Paragraph("Foreseen", "It depends on the server's challenge."))
    elif planned.verb in (".", "BDAT", "BDAT LAST"):
        message = _of_message(planned, SHOWN_LINES // 2 if brief else SHOWN_LINES)
        rewritten = rewritten_words(planned.traits) if planned.traits is not None else ""
        if rewritten:
            rewritten += f" {do('send')} --as-is sends a file unchanged."
            told.append(Paragraph("Line endings", rewritten))
        found += [message[0], *told, *message[1:]]
    elif planned.shown:
        size = plural(len(planned.data), "{} byte") if first else "Foreseen"
        found.append(Paragraph(size, visible(beginning(planned.shown, SHOWN_OCTETS))))
        found += told
    about = _NO_LINE.get(planned.verb, "")
    if planned.words and not about and planned.verb != ".":
        about = f"{planned.words[:1].upper()}{planned.words[1:]}."
    if about:
        found.append(Paragraph("", about, dim=True))
    if planned.edited:
        found.append(Paragraph("Edited", "Sent instead of the planned command.", dim=True))
    if first and planned.skipping:
        found.append(Paragraph("", f"k skips it: {planned.skipping}.", dim=True))
    return found


def _of_message(planned: Planned, most: int) -> list[Paragraph]:
    size = planned.size
    if size is None and planned.edited:
        size = len(planned.data)
    found = [Paragraph("The message", plural(size, "{} byte") if size is not None else "")]
    data = planned.shown
    if planned.verb != ".":
        head, _, data = data.partition(b"\r\n")
        found = [Paragraph(visible(head), found[0].text)]
    lines = data[:SHOWN_OCTETS].split(b"\r\n")
    for line in lines[:most]:
        if line or data != b".\r\n":
            found.append(Paragraph("", f"  {visible(line)}"))
    if len(lines) > most:
        found.append(Paragraph("", "  …"))
    return found
