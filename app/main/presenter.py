"""What the panels, the status line and the hint say about the present conversation.

Reads the conversation and the facts, and puts the result into widgets; keeps nothing but which
session it is about. The tables of facts are imported when there is something to say about, after
the first frame.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from ...session.events import (
    Event,
    ExtensionsChanged,
    ReplyReceived,
    TlsFailed,
    TlsStarted,
    Violation,
)
from ...session.plural import plural
from ...session.protocol.ehlo import difference
from ...session.protocol.states import State
from ...session.protocol.transparency import count_stuffed
from ...session.visible import visible_text
from ...widgets.bars.status import StatusLine, clock
from ...widgets.base.columns import beside
from ...widgets.input.composer import Composer
from ...widgets.panels.explanation import NO_EXPLANATION, ExplanationPanel
from ...widgets.panels.extensions import AFTER_TLS, ExtensionsPanel
from ...widgets.panels.state import StatePanel
from ...widgets.panels.tls import TlsPanel
from ...widgets.plan.list import PlanRow
from ...widgets.plan.panel import Paragraph, PlanPanel
from ...widgets.transcript.layout import FOLD, ROW, RULE
from ..connect.manager import ConnectionManager
from ..connect.profile import PRACTICES, Profile
from ..explain.states import STATIONS, allowed_in, in_words
from ..input.hints import Hint, chunk_hint, empty_hint, hint_for
from ..input.sender import Sender

if TYPE_CHECKING:
    from ...session.aio.session import Session
    from ...session.facts.extensions import Described
    from ..auth.answers import AuthAnswers
    from ..plan.controller import PlanController
    from .screen import MainScreen

RECENT = 12  # ways that are remembered
MOST_ADDRESSES = 200  # that are remembered
WAIT_SHOWN_AFTER = 2.0  # seconds of waiting from which on it is shown
_PRACTICE_ADDRESSES = (
    "alice@practice.test",
    "bob@practice.test",
    "carol@practice.test",
    "friends@practice.test",
    "you@example.org",
)


class Presenter:
    """Puts what is known into the widgets of a screen."""

    def __init__(self, connecting: ConnectionManager, leading: Sender) -> None:
        self._connecting = connecting
        self._leading = leading
        self._session: Session | None = None
        self._change: ExtensionsChanged | None = None
        self._in_clear: dict[str, tuple[str, ...]] | None = None  # what was listed before TLS
        self._seen = 0  # events of the transcript that were looked at
        self.handshakes: list[Event] = []
        """The handshakes of the present session, and what was injected before one."""
        self._tls_shown: object = None
        self._known: tuple[tuple[bool, bool], tuple[str, str]] = ((False, False), ("", ""))
        self.delivered = False
        """Whether the server has just taken a message."""
        self.targets: list[str] = []
        self.recent: list[Profile] = []
        """The ways that were taken last, the last one first."""
        self._used: list[str] = []  # addresses, the latest first
        self.themes: list[str] = []

    def session_began(self, session: Session) -> None:
        self._session = session
        self._change = self._in_clear = None
        self._seen = 0
        self.handshakes = []
        self._known = ((False, False), ("", ""))
        self.delivered = False

    @property
    def practising(self) -> bool:
        return self._connecting.practising

    @property
    def _state(self) -> State:
        return self._session.conversation.foreseen if self._session else State.CLOSED

    @property
    def _connected(self) -> bool:
        return self._session is not None and self._session.connected

    def note_recent(self, way: Profile) -> None:
        """It was taken: it comes first from now on."""
        self.recent[:] = [way, *(one for one in self.recent if one != way)][:RECENT]

    # For the composer

    def complete(self, text: str) -> list[str]:
        from ..input.completion import complete

        talk = self._session.conversation if self._session else None
        return complete(
            text,
            state=self._state,
            keywords=talk.keywords if talk else None,
            lmtp=self._lmtp,
            history=self._leading.history,
            addresses=self.addresses(),
            targets=[*PRACTICES, *self.targets],
            themes=self.themes,
        )

    def addresses(self) -> list[str]:
        """Addresses that may be meant: those used before, the latest first, and the server's."""
        practice = _PRACTICE_ADDRESSES if self.practising else ()
        used = [*self._used, *self._leading.history.addresses()]
        return list(dict.fromkeys([*used, *practice]))

    def remember(self, addresses: Sequence[str]) -> None:
        """These were used: offer them again."""
        fresh = [address for address in addresses if address and address.isprintable()]
        self._used = list(dict.fromkeys([*fresh, *self._used]))[:MOST_ADDRESSES]

    @property
    def _lmtp(self) -> bool:
        session = self._session
        return session is not None and session.target is not None and session.target.lmtp

    def hint(self, screen: MainScreen) -> Content:
        composer = screen.composer
        width = composer.content_size.width
        if composer.writing:
            hint = "Ctrl+D sends it, or a typed . on a line of its own; Esc keeps it"
            if composer.chunk:
                hint = "Ctrl+D sends it as one chunk, its octets counted; Esc keeps it"
            return _drawn(Hint(summary=hint), width)
        answering = screen.auth.answering
        if answering is not None and answering.active and not composer.editing:
            from ..auth.text import hint as asked

            return _drawn(asked(answering), width)
        if screen.stepping.editing is None and screen.stepping.active and not composer.text:
            hint = _of_the_plan(screen.stepping)
            if hint is not None:
                return _drawn(hint, width)
        choices, chosen = composer.choices
        if len(choices) > 1 and chosen >= 0:
            return _choices(choices, chosen)
        talk = self._session.conversation if self._session else None
        if self._leading.chunk_left and not composer.text.startswith(":"):
            return _drawn(chunk_hint(self._leading.chunk_left, composer.text), width)
        if not composer.text:
            return _drawn(self._empty_hint(), width)
        hint = hint_for(
            composer.text,
            state=self._state,
            connected=self._connected,
            keywords=talk.keywords if talk else None,
            lmtp=self._lmtp,
            practice=self.practising,
        )
        return _drawn(hint, width)

    def answer(self, screen: MainScreen, answering: AuthAnswers) -> None:
        """What is answered within AUTH: the challenge, and both forms of the answer."""
        from ..auth.text import keys, rows, title

        composer = screen.composer
        asked, said = (
            [
                line
                for row in part
                for line in beside(row.head, row.text, column=11, width=width, style=row.style)
            ]
            for width in (composer.content_size.width,)
            for part in rows(answering, composer.text, brief=width < 100)
        )
        most = max(1, (6 if screen.has_class("-low") else 12) - len(said))
        if len(asked) > most:
            asked = [*asked[: most - 1], Content.styled(" " * 11 + "…", "dim")]
        lines = [*asked, *said]
        above = Content("\n").join(lines) if lines else None
        composer.answer(title(answering), keys(answering), above, hidden=answering.hidden)

    def _empty_hint(self) -> Hint:
        connecting = self._connecting
        trying = connecting.connecting if not self._connected else None
        return empty_hint(
            self._state,
            connected=self._connected,
            practice=self.practising,
            lmtp=self._lmtp,
            connecting=self._named(trying[0]) if trying else "",
            failed=connecting.failed,
            silent=connecting.silent,
            draft=bool(self._leading.draft),
            delivered=self.delivered,
            refused=not self._connected and connecting.refused is not None,
        )

    def _named(self, target: str) -> str:
        return "the practice server" if target in PRACTICES else visible_text(target)

    def editor_note(self, composer: Composer) -> str:
        """What will become of the message: size, dots that are doubled."""
        content = composer.editor.content
        note = plural(len(content), "{} byte")
        if composer.chunk:  # no dot is doubled, and none ends it
            return note
        dots = count_stuffed(content)
        if dots:
            note += f", {plural(dots, '{} line begins', '{} lines begin')} with a dot: "
            note += "sent with a second one"
        return note

    # For the panels

    def panels(self, screen: MainScreen) -> None:
        self.status(screen)
        self.plan(screen)
        session = self._session
        talk = session.conversation if session else None
        if session is not None:
            for event in session.transcript.marks_after(self._seen):
                if type(event) is ExtensionsChanged:
                    self._change = self._compared(event)
                elif isinstance(event, TlsStarted | TlsFailed | Violation):
                    self._note_tls(event)
            self._seen = session.transcript.mark_count
        used = {"STARTTLS"} if talk and talk.tls else set()
        if talk and talk.authenticated:
            used.add("AUTH")
        screen.query_one(ExtensionsPanel).show(
            talk.keywords if talk else None,
            self._change,
            greeted_with=talk.greeted_with if talk else "",
            connected=self._connected,
            used=frozenset(used),
            ask="LHLO" if self._lmtp else "EHLO",
        )
        state = talk.state if talk else State.CLOSED
        stations = [
            ("LHLO" if self._lmtp and name == "EHLO" else name, words, state in states)
            for name, words, states in STATIONS
        ]
        notes: list[str] = []
        if talk and talk.recipients:
            notes.append(f"{plural(len(talk.recipients), '{} recipient')} accepted so far")
        if talk and talk.unanswered:
            waiting = ", ".join(visible_text(verb) for _, verb in talk.unanswered[:5])
            notes.append(f"no reply yet to {waiting}")
        allowed = allowed_in(state, lmtp=self._lmtp)
        screen.query_one(StatePanel).show(stations, allowed, notes)
        self.tls(screen)

    def _note_tls(self, event: Event) -> None:
        if not isinstance(event, Violation) or event.rule == "injected":
            self.handshakes.append(event)

    def tls(self, screen: MainScreen) -> None:
        """The TLS panel: put together anew only when something of it has changed."""
        session = self._session
        if session is None:
            return
        connecting = self._connecting
        talk = session.conversation
        stage = session.stage
        offered = talk.has_extn("STARTTLS")
        key = (id(session), len(self.handshakes), connecting.accepted, stage, self._connected,
               talk.keywords is None, offered)  # fmt: skip
        if key == self._tls_shown:
            return
        self._tls_shown = key
        from ..explain.certificates import empty_view, view_of

        view = None
        if self.handshakes:
            own = connecting.way.certfile
            view = view_of(
                session.transcript, self.handshakes, accepted=connecting.accepted, own=own
            )
        if view is None:
            over = session.transcript.sequence > 0 and len(session.transcript) > 0
            view = empty_view(
                connected=self._connected, stage=stage, keywords=talk.keywords, offered=offered,
                over=over,
            )  # fmt: skip
        screen.query_one(TlsPanel).show(view)

    def plan(self, screen: MainScreen) -> None:
        """The plan, and what is to be said of the step under its cursor."""
        stepping = screen.stepping
        panel = screen.query_one(PlanPanel)
        rows: Sequence[PlanRow] = ()
        words: list[Paragraph] = []
        at = 0
        if stepping.title or stepping.renewable or stepping.breakpoints:
            from ..plan.text import Rows, words_of

            at = stepping.at
            rows = Rows(stepping.done, stepping.foreseen, stepping.breakpoints, cut=stepping.cut)
            brief = not screen.has_class("-narrow")  # there the meaning of replies stands below
            words = words_of(stepping, panel.list.going_to(at), brief=brief)
        panel.show(stepping.heading, rows, at, words, stepping.key())

    def _compared(self, event: ExtensionsChanged) -> ExtensionsChanged:
        """A change as it is told: the first list inside TLS against the last one in clear."""
        if event.reason == "TLS":
            self._in_clear = self._change.keywords if self._change is not None else None
            return event
        before, self._in_clear = self._in_clear, None
        if before is None:
            return event
        added, removed, changed = difference(before, event.keywords)
        return ExtensionsChanged(event.at, event.keywords, added, removed, changed, AFTER_TLS)

    def status(self, screen: MainScreen) -> None:
        """The status line: cheap enough for every frame."""
        line = screen.query_one(StatusLine)
        session = self._session
        connecting = self._connecting.connecting
        line.waiting = self._waiting()
        if connecting is not None and not self._connected:
            target, left = connecting
            line.peer = target if target not in PRACTICES else "practice server"
            stage = self._connecting.stage
            line.tls, line.unverified = "", False
            line.state = f"{stage}, {max(0, left):.0f} s left, Esc gives up"
            screen.view.say_when_empty(
                f"Connecting to {self._named(target)}: {stage} …\nEsc gives up."
            )
            return
        screen.view.say_when_empty("Not connected yet.\nCtrl+O connects.")
        if session is None:
            line.peer, line.state = "", "not connected"
            return
        talk = session.conversation
        shown = session.target.shown if session.target else ""
        line.peer = shown
        if self.practising:
            line.peer = "practice server" if screen.size.width < 80 else f"practice server {shown}"
        line.tls, line.user = self._tls_and_user(session)
        line.unverified = self._connecting.accepted
        line.state = "*closed*"
        if self._connected:
            line.state = in_words(talk.state, lmtp=self._lmtp)
        elif self._connecting.failed:
            line.state = "*no connection*"
        line.lines = len(session.transcript)
        line.elapsed = int(session.elapsed)

    def _tls_and_user(self, session: Session) -> tuple[str, str]:
        """The version of TLS, and who is logged in: looked up when either has changed."""
        talk = session.conversation
        if self._known[0] != (talk.tls, talk.authenticated):
            version = user = ""
            if talk.tls or talk.authenticated:
                from ...session.sasl.in_transcript import user_at

                for event in session.transcript.marks_after(0):
                    if isinstance(event, TlsStarted):
                        version = event.version.replace("v", " ") or "TLS"
                    elif isinstance(event, ReplyReceived) and event.code == 235:
                        user = user_at(session.transcript, event.row) or "somebody"
            self._known = (
                (talk.tls, talk.authenticated),
                (version if talk.tls else "", user if talk.authenticated else ""),
            )
        return self._known[1]

    def _waiting(self) -> str:
        progress = self._leading.progress
        if progress is not None:
            done, of = progress
            return f"sending {done * 100 // max(1, of)}%, Ctrl+C gives up"
        session = self._session
        if session is None or not session.connected:
            return ""
        handshake = session.handshake_left
        if handshake is not None:
            return f"TLS handshake, {max(0, handshake):.0f} s left, Esc gives up"
        waiting = session.waiting
        if waiting is None:
            return ""
        verb, left = waiting
        limit = session.timeouts.reply_to(verb)
        if limit - left < WAIT_SHOWN_AFTER:
            return ""
        if verb == "greeting":
            due = f"{clock(int(left))} left" if left > 0 else "overdue"
            return f"{due}, Esc gives up"
        shown = _named(verb)
        if left <= 0:
            return f"no reply to {shown} for {clock(int(limit - left))}"
        return f"no reply to {shown} yet, {clock(int(left))} left"

    def nothing_to_stop(self) -> str:
        """What Ctrl+C says when nothing of ours runs."""
        session = self._session
        waiting = session.waiting if session is not None else None
        if waiting is None:
            return "Nothing runs that could be stopped. Ctrl+Q leaves heloscope."
        verb = _named(waiting[0])
        return (
            f"The reply to {verb} is still to come, and nothing here waits for it: go on typing. "
            ":disconnect hangs up, Ctrl+Q leaves heloscope."
            if waiting[0] != "greeting"
            else "The greeting is still to come. :disconnect hangs up, Ctrl+Q leaves heloscope."
        )

    def meaning(self, screen: MainScreen) -> None:
        """What the present line means."""
        panel = screen.query_one(ExplanationPanel)
        present = screen.view.present
        if present is None:
            panel.show(NO_EXPLANATION)
            return
        from ..explain.line import meaning_of, meaning_of_message

        section, spot = present
        if spot.kind == ROW:
            panel.show(meaning_of(section.index, spot.number, room=screen.view.room))
        elif spot.kind == RULE:
            panel.show(meaning_of(section.index, None, section.transcript.mark(spot.number)[1]))
        elif spot.kind == FOLD:
            body = section.transcript.bodies[spot.number]
            panel.show(meaning_of_message(body.first, body.last, body.size))

    # For the extensions panel

    def describe(self, keyword: str, parameters: tuple[str, ...]) -> Described:
        from ...session.facts.extensions import describe

        return describe(keyword, parameters)

    def remark(self, keyword: str, added: bool) -> str:
        from ...session.facts.extensions import change_note

        talk = self._session.conversation if self._session else None
        return change_note(
            keyword,
            added,
            tls=talk.tls if talk else False,
            logged_in=talk.authenticated if talk else False,
        )


def _of_the_plan(stepping: PlanController) -> Hint | None:
    """What Enter does, and what else there is to do, while nothing is typed."""
    from ..plan.text import between_hint, line_of

    planned = stepping.next
    if planned is None:
        return None
    if stepping.typed:
        return Hint(warning=between_hint(stepping.typed, stepping.from_where))
    done = stepping.done
    if stepping.at < len(done) and not stepping.why_not_again(stepping.at):
        verb = done[stepping.at].planned.verb
        code = done[stepping.at].reply
        said = f"{verb} refused: {code.code if code is not None else ''}"
        on = f":edit changes it; Enter goes on: {line_of(planned)}"
        return Hint(warning=said, summary=on, more="F11 says why")
    does = "sends it" if planned.data else "does it"
    return Hint(
        line_of(planned), f"Enter {does}, F5 all that is left", "F11 the plan, :edit, :skip"
    )


def _named(verb: str) -> str:
    """What is waited for, in words."""
    words = {".": "the end of the message", "(auth)": "AUTH", "(answer)": "the answer to AUTH"}
    return words.get(verb, visible_text(verb))


def _drawn(hint: Hint, width: int) -> Content:
    """The parts of a hint; of what there is more to tell, as much as there is room for."""
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
        found = _BUT_THE_LAST.match(more)
        more = found[1] if found else ""
    return _GAP.join(parts)


_GAP = Content("   ")
_BUT_THE_LAST = re.compile("(.*)[,;]")


def _choices(choices: list[str], chosen: int) -> Content:
    """The completions, the one that is taken marked; those before it are left out in turn."""
    shared = _shared_words(choices)
    parts = [
        Content.styled(choice[shared:].strip() or choice, "reverse" if n == chosen else "dim")
        for n, choice in enumerate(choices)
    ]
    return Content("  ").join(parts[max(0, chosen - 2) :])


def _shared_words(choices: list[str]) -> int:
    """Characters up to the last blank that all have in common."""
    first = choices[0]
    at = 0
    for end in (n for n, char in enumerate(first) if char == " "):
        if all(choice[: end + 1] == first[: end + 1] for choice in choices):
            at = end + 1
    return at
