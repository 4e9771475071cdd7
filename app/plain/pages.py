"""The contents of the screen's panels as lines: an explanation, TLS, the plan, the state."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ...session.plural import plural
from ...session.protocol.state_graph import circumstances_of, ways
from ..advice import ADVICE
from ..explain.states import USUAL_VERBS, in_words, meaning_of

if TYPE_CHECKING:
    from ...session.aio.session import Session
    from ...session.events import Event
    from ...widgets.panels.line_explanation import LineExplanation
    from ...widgets.panels.tls_view import TlsView
    from ..plan.status import PlanStatus

MOST_STEPS = 200  # steps of a plan listed


def explanation_lines(meaning: LineExplanation) -> Iterator[str]:
    """Yield the explanation of a line, heading first."""
    yield f"{meaning.head} {meaning.title}".strip() or "Nothing to explain"
    for title, why in meaning.warnings:
        yield f"Problem: {title}. {why}"
    for word, text in meaning.sections:
        if text:
            yield f"{word}: {text}" if word else text
    yield from meaning.notes
    if meaning.whole:
        yield f"The whole line: {meaning.whole}"


def tls_lines(session: Session | None, *, accepted: bool, own: str) -> Iterator[str]:
    """Yield lines about TLS and the server's certificates."""
    from ..explain.certificates import empty_view, matters, view_of

    if session is None:
        yield "not connected"
        return
    events: Sequence[Event] = session.transcript.marks_after(0)
    marks = [event for event in events if matters(event)]
    view = view_of(session.transcript, marks, accepted=accepted, own=own) if marks else None
    if view is None:
        talk = session.conversation
        view = empty_view(
            connected=session.connected,
            stage=session.stage,
            keywords=talk.keywords,
            offered=talk.has_extn("STARTTLS"),
            over=session.transcript.sequence > 0 and len(session.transcript) > 0,
        )
    yield from _view_lines(view)


def _view_lines(view: TlsView) -> Iterator[str]:
    if not view.head:
        yield from (line for line in view.empty.split("\n") if line)
        return
    yield view.head
    for fault in view.faults:
        yield f"Problem: {fault.title}. {fault.text} {fault.try_next}".strip()
    for fact in view.facts:
        yield f"{fact.word}: {fact.text}"
    for number, one in enumerate(view.chain, 1):
        yield f"Certificate {number}: {one.name} {one.note}".rstrip()
        for fault in one.faults:
            yield f"  Problem: {fault.title}. {fault.text} {fault.try_next}".rstrip()
        for fact in one.facts:
            yield f"  {fact.word}: {fact.text}"
    if view.advice:
        yield view.advice


def plan_lines(plan: PlanStatus) -> Iterator[str]:
    """Yield the steps of the plan, each with a word for its outcome, and the breakpoints."""
    from ..plan.text import Rows

    rows = Rows(plan.done, plan.foreseen, plan.breakpoints, cut=plan.cut)
    for number in range(min(len(rows), MOST_STEPS)):
        row = rows[number]
        stop = "; a breakpoint is set here" if row.stop else ""
        note = f"; {row.note}" if row.note else ""
        said = f": {' '.join(row.said.split())}" if row.said else ""
        yield f"{number + 1}. {row.when.replace('-', ' ')}: {row.line}{said}{note}{stop}"
    if len(rows) > MOST_STEPS:
        yield f"and {plural(len(rows) - MOST_STEPS, '{} more step')}"
    for number, point in enumerate(plan.breakpoints, 1):
        yield f"breakpoint {number}: {point}"


def state_lines(session: Session | None) -> Iterator[str]:
    """Yield lines about the state of the conversation, and where each command leads from it."""
    if session is None:
        yield "not connected"
        return
    talk = session.conversation
    meaning = meaning_of(talk.state, lmtp=session.lmtp)
    yield in_words(talk.state, lmtp=session.lmtp, closing=talk.closing).replace("*", "")
    yield f"{meaning.text} ({meaning.source})"
    if not session.connected:
        return
    known = circumstances_of(talk, lmtp=session.lmtp, rejected={})
    refused: list[str] = []
    for found in ways(talk.state, USUAL_VERBS, known):
        if found.refusal:
            refused.append(f"{found.verb} ({found.refusal})")
            continue
        leads = "; ".join(
            f"{reply.replace('yz', 'xx') or 'then'}: {in_words(to, lmtp=session.lmtp)}"
            for reply, to in found.leads
        ).replace("*", "")
        yield f"{found.verb}: {leads or 'changes nothing'}"
    if refused:
        yield f"would be refused: {', '.join(refused)}"


def extension_lines(session: Session | None) -> Iterator[str]:
    """Yield the extensions that the server offers, each with its meaning."""
    from ...session.facts.extensions import describe

    keywords = session.conversation.keywords if session is not None else None
    if keywords is None:
        yield ADVICE["no extensions yet"]
        return
    for keyword, parameters in keywords.items():
        found = describe(keyword, parameters)
        yield f"{' '.join((keyword, *parameters))}: {found.short}"
