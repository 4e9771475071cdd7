"""The command that copies the session as a script, a swaks command or a Python program.

The copy goes to a file or to the clipboard. heloscope writes to the clipboard with OSC 52, and no
terminal reports whether that succeeded.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ...session.plural import plural
from ...session.private_file import create_with
from ..actions import ACTIONS
from ..advice import ADVICE, do
from ..connect.manager import ConnectionManager
from ..connect.profile import Profile
from ..export.formats import FORMATS, Format
from ..export.text_file import why_not_saved
from ..plan.status import PlanStatus
from ..ui import Ui
from .registry import CommandTable

if TYPE_CHECKING:
    from ...session.aio.session import Session
    from ...session.record.transcript import Transcript
    from ...session.target import Target
    from ..export.replay import Replay
    from ..export.source import ExportSource

MOST_COPIED = 60_000  # characters: many terminals accept no more
_SYNTAX = f"The syntax is {do('copy')} {ACTIONS['copy'].argument[1:-1]}."


class CopyCommand:
    """Copies the conversation in one of the formats in export.formats.

    `user` returns the user logged in by a plan.
    """

    def __init__(
        self, ui: Ui, connections: ConnectionManager, plan: PlanStatus, user: Callable[[], str]
    ) -> None:
        self._ui = ui
        self._connections = connections
        self._plan = plan
        self._user = user

    @property
    def table(self) -> CommandTable:
        """The command of this group, keyed by action name."""
        return {"copy": self.copy}

    def copy(self, argument: str = "") -> None:
        """Copy the session in the given format; without an argument, ask which."""
        words = words_of(argument)
        if not words:
            self._ask()
            return
        chosen = FORMATS.get(words.pop(0).lower())
        if chosen is None:
            self._ui.tell(_SYNTAX, trouble=True)
            return
        with_plan = words[:1] == ["plan"]
        if with_plan:
            words.pop(0)
        if len(words) > 1:
            self._ui.tell(_SYNTAX, trouble=True)
            return
        self._copy(chosen, with_plan, words[0] if words else "")

    def _ask(self) -> None:
        from ..dialogs.requests import Answer, Question

        names = list(FORMATS)
        answers = [
            Answer(str(number), name, f"the conversation, as {FORMATS[name].what}")
            for number, name in enumerate(names, 1)
        ]
        if self._plan.next is not None:
            answers += [
                Answer(str(number), f"{name} plan", f"with the plan, as {FORMATS[name].what}")
                for number, name in enumerate(names, len(names) + 1)
            ]

        def answered(answer: str | None) -> None:
            if answer:
                self.copy(answer)

        self._ui.ask(
            Question(
                "Copy the session",
                "The copy goes to the clipboard. Secrets are replaced by names.",
                (*answers, Answer("Esc", "", "cancel")),
            ),
            answered,
        )

    def _copy(self, chosen: Format, with_plan: bool, name: str) -> None:
        replay = self._replay(with_plan)
        if replay is None:
            return
        text = chosen.render(self._masked(replay))
        what = f"{chosen.what[:1].upper()}{chosen.what[1:]}"
        if name:
            file = Path(name).expanduser().absolute()
            try:
                _write(file, text)
            except (OSError, ValueError) as error:
                reason = error if isinstance(error, OSError) else OSError(str(error))
                self._ui.tell(why_not_saved(reason, file, "copy"), trouble=True)
            else:
                self._ui.tell(f"{what} without secrets: {file}")
        elif len(text) > MOST_COPIED:
            self._ui.tell(
                f"As {chosen.what}, this is too long for a clipboard ({len(text):,} characters). "
                f"Add a FILE to {do('copy')} to save it instead.",
                trouble=True,
            )
        else:
            self._ui.copy(text)
            lines = text.count("\n")
            self._ui.tell(f"Copied without secrets: {chosen.what}, {plural(lines, '{} line')}.")

    def _masked(self, replay: Replay) -> Replay:
        """Return the replay with the pseudonyms of the screen, if names are masked there."""
        names = self._connections.secrets.stand_ins
        transcript = self._transcript()
        if names is None or transcript is None:
            return replay
        from ...session.record.masked_events import MaskedEvents
        from ...session.record.masks import Masking
        from ..export.replay_mask import masked_replay

        return masked_replay(replay, MaskedEvents(transcript, Masking(addresses=True), names=names))

    def _transcript(self) -> Transcript | None:
        session = self._connections.session
        return None if session is None else session.transcript

    def source(self) -> ExportSource | None:
        """Return the session for export, or None if nothing has been sent or received yet."""
        session = self._connections.session
        if session is None or not session.transcript.sequence:
            return None
        return self._source_of(session, self._connections.profile)

    def sources(self) -> list[ExportSource]:
        """Return all connections of this run on which anything has been sent or received."""
        made = self._connections.made
        return [self._source_of(*each) for each in made if each[0].transcript.sequence]

    def _source_of(self, session: Session, profile: Profile) -> ExportSource:
        from ..explain.line import meaning_of
        from ..explain.other_failures import other_failures
        from ..export.replay import replay_of
        from ..export.source import ExportSource

        target = typed_target(profile, session.target)
        user = self._user() if session is self._connections.session else ""
        source = session.connection.source_address

        def replay() -> Replay:
            found = replay_of(
                session.transcript,
                session.target,
                target,
                user=user,
                source=source[0] if source is not None else "",
            )
            return found.with_tls(session.tls_settings) if found.encrypted else found

        lmtp = session.target is not None and session.target.lmtp
        return ExportSource(
            session.conversation, target, meaning_of, replay, lmtp=lmtp, others=other_failures
        )

    def _replay(self, with_plan: bool) -> Replay | None:
        session = self._connections.session
        if session is None or not len(session.transcript):
            self._ui.tell("Nothing to copy yet.", trouble=True)
            return None
        plan = self._plan
        if with_plan and plan.next is None:
            self._ui.tell(f"No plan to copy. {ADVICE['no plan']}", trouble=True)
            return None
        from ...session.procedures.content import Content
        from ..export.replay import replay_of

        arguments = plan.arguments if with_plan else ()
        source = session.connection.source_address
        replay = replay_of(
            session.transcript,
            session.target,
            typed_target(self._connections.profile, session.target),
            planned=plan.foreseen if with_plan else (),
            content=next((each for each in arguments if isinstance(each, Content)), None),
            user=self._user(),
            source=source[0] if source is not None else "",
        )
        if replay.encrypted:  # until then, the practice server need not make its certificate
            replay = replay.with_tls(session.tls_settings)
        return replay


def typed_target(profile: Profile, target: Target | None) -> str:
    """Return the TARGET to type for a connection. It includes implicit TLS if that was used."""
    if profile.practising:
        return profile.practice
    if target is not None and target.implicit:
        return target.text
    return profile.target


def _write(file: Path, text: str) -> None:
    """Write a new file that only the user can read. Raises OSError if it already exists."""
    create_with(file, text.encode("utf-8", "surrogateescape"))


def words_of(argument: str) -> list[str]:
    """Split an argument into words as a shell does, or at spaces if a quote is unbalanced."""
    try:
        return shlex.split(argument)
    except ValueError:  # an unbalanced quote is an ordinary character
        return argument.split()
