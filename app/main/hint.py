"""Fills the hint above the command line: what the typed command or Enter does, or what to do next.

During AUTH, it also shows the challenge and both forms of the answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec
from rich.cells import cell_len, set_cell_size
from textual.content import Content

from ...session.plural import plural
from ...session.protocol.states import State
from ...session.protocol.transparency import count_stuffed
from ...session.record.row_index import RowIndex
from ...widgets.base.columns import beside
from ...widgets.input.composer import Composer
from ..auth.prompt import AuthPrompt
from ..connect.manager import ConnectionManager
from ..input.hints import Hint, Said, chunk_hint, empty_hint, hint_for
from ..input.refusal_hint import Refusal
from ..input.sender import Sender
from ..plan.status import PlanStatus
from .words import peer_name

ANSWER_COLUMN = 11  # cells of the heads beside challenge and answer
MOST_CHECKED = 1 << 20  # octets of a message being written that are checked at each key
WIDE = 100  # from this width on, the parts of a challenge are explained
_GAP = Content("   ")
_ERASED = Hint(warning="Line erased", summary="keys are ignored until Enter, Esc or a pause")
_UNSEEN = Hint(warning="Not a known command", summary="not shown: it may be a password")
_BUT_THE_LAST = "(.*)[,;]"
_CLAUSE = "(.*)[;:.] "  # all but the last one
LEAST_WARNING = 20  # cells of a warning that are always visible
_HELD = Content.styled("Enter shows the next line; PageDown, all lines from one side", "dim")


class HintPresenter:
    """Fills the hint above the command line, and shows an AUTH challenge and its answer there."""

    def __init__(
        self,
        composer: Composer,
        connections: ConnectionManager,
        sender: Sender,
        plan: PlanStatus,
        auth: AuthPrompt,
        in_lesson: Callable[[str], Hint | None] = lambda _: None,
    ) -> None:
        """Create the presenter.

        `in_lesson` returns a hint about what Enter does in a lesson with the typed text, or None.
        """
        self._in_lesson = in_lesson
        self._composer = composer
        self._connections = connections
        self._sender = sender
        self._plan = plan
        self._auth = auth
        self._read: tuple[object, Refusal] | None = None  # a reply and its meaning
        self._index: RowIndex | None = None  # of its transcript
        self._checked: tuple[object, str] = (None, "")  # a message and its faults

    def show(self, *, low: bool, hold: bool = False) -> None:
        """Update the hint.

        `low` is true if the screen has few rows, and `hold` if a presentation is holding back a
        line that the hint must not reveal.
        """
        composer = self._composer
        if not composer.editing:
            self._show_answer(low)
        composer.show_hint(_HELD if hold else self._hint())
        if composer.writing:
            composer.border_subtitle = self._editor_note()

    # Within AUTH

    def _show_answer(self, low: bool) -> None:
        composer = self._composer
        answers = self._auth.answers
        if answers is None:
            return
        if not answers.active:
            if not composer.ahead:
                composer.end_answer()
            return
        from ..auth.text import keys, rows, title

        width = composer.content_size.width
        asked, said = (
            [
                line
                for row in part
                for line in beside(
                    row.head, row.text, column=ANSWER_COLUMN, width=width, style=row.style
                )
            ]
            for part in rows(answers, composer.text, brief=width < WIDE)
        )
        most = max(1, (6 if low else 12) - len(said))
        if len(asked) > most:
            asked = [*asked[: most - 1], Content.styled(" " * ANSWER_COLUMN + "…", "dim")]
        lines = [*asked, *said]
        above = Content("\n").join(lines) if lines else None
        composer.answer(
            title(answers), keys(answers), above, hidden=answers.hidden, peeked=answers.peeking
        )

    # The hint

    def _hint(self) -> Content:
        composer = self._composer
        width = composer.content_size.width
        if composer.writing:
            hint = "Ctrl+D or a line with only a dot sends it; Esc keeps the draft"
            if composer.chunk:
                hint = "Ctrl+D sends it as one chunk (BDAT n LAST); Esc keeps the draft"
            return _drawn(Hint(summary=hint), width)
        answers = self._auth.answers
        if answers is not None and answers.active and not composer.editing:
            from ..auth.text import hint as answer_hint

            return _drawn(answer_hint(answers), width)
        if composer.discarding:
            return _drawn(_ERASED, width)
        if composer.doubtful:
            return _drawn(_UNSEEN, width)
        plan = self._plan
        if plan.editing is None and plan.active and not composer.text:
            from ..plan.hint import plan_hint

            found = plan_hint(plan)
            if found is not None:
                return _drawn(found, width)
        choices, chosen = composer.choices
        if len(choices) > 1 and chosen >= 0:
            return _choices(choices, chosen)
        if self._sender.chunk_left and not composer.text.startswith(":"):
            return _drawn(chunk_hint(self._sender.chunk_left, composer.text), width)
        if not composer.text:
            return _drawn(self._in_lesson("") or self._empty_hint(), width)
        if (in_lesson := self._in_lesson(composer.text)) is not None:
            return _drawn(in_lesson, width)
        session = self._connections.session
        return _drawn(
            hint_for(
                composer.text,
                state=self._state,
                connected=self._connections.connected,
                keywords=session.conversation.keywords if session else None,
                lmtp=self._lmtp,
                practice=self._connections.practising,
            ),
            width,
        )

    @property
    def _state(self) -> State:
        session = self._connections.session
        return session.conversation.foreseen if session else State.CLOSED

    @property
    def _lmtp(self) -> bool:
        session = self._connections.session
        return session is not None and session.lmtp

    def _empty_hint(self) -> Hint:
        connections = self._connections
        connected = connections.connected
        attempt = connections.attempt if not connected else None
        return empty_hint(
            self._state,
            connected=connected,
            practice=connections.practising,
            lmtp=self._lmtp,
            connecting=peer_name(attempt[0]) if attempt else "",
            failed=connections.failed,
            silent=connections.silent,
            draft=bool(self._sender.draft),
            delivered=self._sender.delivered,
            refused=not connected and connections.refused is not None,
            closing=connections.session.conversation.closing if connections.session else 0,
            said=self._said,
        )

    @property
    def _said(self) -> Said:
        session = self._connections.session
        if session is None:
            return Said()
        talk = session.conversation
        return Said(
            self._sender.answered,
            talk.keywords or (),
            talk.tls,
            talk.authenticated,
            self._sender.login_refused,
            self._refusal,
        )

    @property
    def _refusal(self) -> Refusal | None:
        """The meaning of the last reply if it was a refusal, or None."""
        session, reply = self._connections.session, self._sender.refused
        if session is None or reply is None:
            return None
        about = session, reply.row
        if self._read is None or self._read[0] != about:
            from ...session.facts.explain.reading import explain
            from ...session.protocol.situations import reply_text, situation_at

            index = self._index
            if index is None or index.transcript is not session.transcript:
                index = self._index = RowIndex(session.transcript)
            said = explain(reply_text(index, reply), situation_at(index, reply))
            self._read = about, Refusal(reply.code, reply.verb, said.title, said.try_next)
        return self._read[1]

    def _editor_note(self) -> str:
        """Describe the message being written: its size, its faults, and any dots to be doubled."""
        composer = self._composer
        content = composer.editor.content
        note = plural(len(content), "{} byte") + self._faults(content)
        if composer.chunk:  # no dot is doubled, and none ends it
            return note
        dots = count_stuffed(content)
        if dots:
            note += f", {plural(dots, '{} line begins', '{} lines begin')} with a dot, "
            note += "which is doubled"
        return note

    def _faults(self, content: bytes) -> str:
        """Return the faults of the message being written, each preceded by "; ".

        What MAIL declared is taken into account. Return "" if no fault is found, if there is
        no session, or if the message is too large to be checked.
        """
        session = self._connections.session
        if session is None or len(content) > MOST_CHECKED:
            return ""
        declared, keywords = session.conversation.declared, session.conversation.offered
        if self._composer.editing and self._plan.editing is not None:
            declared, keywords = self._plan.declared_before(self._plan.editing.place)
        listed = None if keywords is None else tuple(keywords)
        about = content, frozenset(declared), listed
        if about != self._checked[0]:
            from ...session.protocol.message_syntax import message_faults, traits_of
            from ..compose.faults import fault_lines

            found = message_faults(traits_of([content]).faults, declared, keywords)
            self._checked = about, "".join(f"; {each}" for each in fault_lines(found))
        return self._checked[1]


def _drawn(hint: Hint, width: int) -> Content:
    """Return a hint as styled content, with as many of its further details as fit."""
    hint = _fitting(hint, width)
    parts: list[Content] = []
    if hint.warning:
        parts.append(Content.styled(hint.warning, "$text-warning"))
    if hint.syntax:
        parts.append(Content.styled(hint.syntax, "$foreground"))
    if hint.summary:
        parts.append(Content.styled(hint.summary, "dim"))
    more = hint.more
    while more:
        line = _GAP.join([*parts, Content.styled(more, "dim")])
        if line.cell_length <= width:
            return line
        found = re.match(_BUT_THE_LAST, more)
        more = found[1] if found else ""
    return _GAP.join(parts)


def _fitting(hint: Hint, width: int) -> Hint:
    """Return the hint with its warning and summary shortened so that both fit in `width` cells."""
    if not (hint.warning and hint.summary) or hint.syntax:
        return hint
    summary = hint.summary
    while cell_len(hint.warning) + len(_GAP) + cell_len(summary) > width:
        found = re.match(_CLAUSE, summary)
        if found is None:
            break
        summary = found[1]
    room = max(LEAST_WARNING, width - len(_GAP) - cell_len(summary))
    warning = hint.warning
    if cell_len(warning) > room:
        warning = set_cell_size(warning, room - 1).rstrip() + "…"
    return msgspec.structs.replace(hint, summary=summary, warning=warning)


def _choices(choices: list[str], chosen: int) -> Content:
    """Return the completions as styled text, with the chosen one highlighted.

    At most two completions before the chosen one are shown. Words that all of them share are
    omitted.
    """
    shared = _shared_words(choices)
    parts = [
        Content.styled(choice[shared:].strip() or choice, "reverse" if n == chosen else "dim")
        for n, choice in enumerate(choices)
    ]
    return Content("  ").join(parts[max(0, chosen - 2) :])


def _shared_words(choices: list[str]) -> int:
    """Return the length of the prefix that all choices share, up to its last space."""
    first = choices[0]
    at = 0
    for end in (n for n, char in enumerate(first) if char == " "):
        if all(choice[: end + 1] == first[: end + 1] for choice in choices):
            at = end + 1
    return at
