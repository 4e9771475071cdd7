"""The requests to the user as values; each user interface shows its own dialog for them.

The application opens a dialog (screens.py); `heloscope --plain` asks line by line (app/plain). No
widget is needed here, so that commands can ask without a screen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from ..config.model import Configuration
from ..confinement import Confinement
from ..connect.profile import Profile
from ..connect.servers import KnownServers
from ..ui import Request

if TYPE_CHECKING:
    from pathlib import Path

    from ...session.comparison.differences import ComparedRow
    from ...session.facts.glossary import Term
    from ...session.findings.server import Finding
    from ...session.practice.client_summary import ClientSummary
    from ...session.practice.mailboxes import Mailboxes
    from ...session.record.masking import KnownSecrets
    from ...session.record.masks import Masking
    from ...session.sasl.selection import MechanismChoice
    from ...session.secret import Secret
    from ...widgets.bars.notice import Notice
    from ..compose.form import MessageForm, SendRequest
    from ..compose.options import Keywords
    from ..lessons.fast_track import FastTrack
    from ..lessons.grade import Grade
    from ..lessons.progress import Progress

    _SendBase = Request[SendRequest]
else:
    _SendBase = Request  # whose module takes long to import

# Answers


class Answer(NamedTuple):
    """An answer: the `key` that chooses it, and the `name` that the question returns."""

    key: str
    name: str
    label: str


class Login(NamedTuple):
    """The login that was entered."""

    user: str
    secret: Secret
    in_clear: bool = False
    """Whether to send the secret even over a connection that does not protect it."""
    mechanism: str = ""
    """The only mechanism to try; empty to try all that can be used, the strongest first."""


class ConnectRequest(NamedTuple):
    """The requested connection; the key's password is a `Secret`."""

    profile: Profile
    key_password: Secret | None = None
    stepping: bool = False


class ExportRequest(NamedTuple):
    """The requested export: a format, the masking, and a file, "" for the clipboard.

    `everything` includes all connections, not only the current one.
    """

    form: str
    masking: Masking
    file: str = ""
    everything: bool = False


# Requests


@dataclass(frozen=True)
class Question(Request[str]):
    """A question with a few answers; the result is the name of one, or of the last on Esc."""

    title: str
    text: str
    answers: Sequence[Answer]


@dataclass(frozen=True)
class LoginForm(Request[Login]):
    """User and secret. `choices(in_clear, named)` returns the mechanisms.

    `encrypted` is whether TLS is on, `accepted` whether its certificate failed verification and
    the user accepted it. `learn` is called with text typed unseen, even if it is not used.
    `stored(user)` returns the source of the secret if none is typed; "" for none.
    """

    choices: Callable[[bool, str], Sequence[MechanismChoice]]
    encrypted: bool
    accepted: bool
    user: str
    mechanism: str
    learn: Callable[[Secret], object]
    stored: Callable[[str], str] = lambda user: ""


@dataclass(frozen=True)
class ConnectForm(Request[ConnectRequest]):
    """Where to connect, and how. `recent` are the latest profiles, `forget` forgets one, or all.

    `servers` are those of the configuration.
    """

    recent: Sequence[Profile]
    forget: Callable[[Profile | None], object]
    stepping: bool
    learn: Callable[[Secret], object]
    servers: KnownServers


@dataclass(frozen=True)
class SettingsForm(Request[bool]):
    """The settings `saved` in the file; the result is whether the file was changed.

    `overruled` maps a key to the environment variable that overrides it; `themes` are the names of
    all themes. `page` is "servers" or "keys" for the list of those alone. `learn` is called with a
    password typed in a field that cannot hold one.
    """

    saved: Configuration
    overruled: Mapping[str, str]
    themes: Sequence[str]
    page: str = ""
    learn: Callable[[Secret], object] = lambda secret: None


@dataclass(frozen=True)
class SendForm(_SendBase):
    """A message and its envelope; with `check`, only the envelope.

    `form` keeps the input, even if the request is cancelled. `keywords` are those of the
    server, `when` gives the time for a Date field, `files` is whether a file may be named.
    """

    form: MessageForm
    keywords: Keywords | None
    check: bool
    greeted_with: str
    lmtp: bool
    addresses: Sequence[str]
    when: Callable[[], float]
    files: bool


@dataclass(frozen=True)
class ExportForm(Request[ExportRequest]):
    """How to export the conversation. `masking` is chosen at first, `files` is whether a file may
    be named, `connections` how many there are to export, `everything` whether all are chosen at
    first.

    `preview(form, masking, everything, stopped)` returns (a description, the beginning); it may
    take long, is called in a thread, and raises Stopped once `stopped` returns true.
    """

    preview: Callable[[str, Masking, bool, Callable[[], bool]], tuple[str, str]]
    masking: Masking
    files: bool
    connections: int = 1
    everything: bool = False

    @property
    def all_of_them(self) -> str:
        """All connections, in words."""
        return (
            "both connections" if self.connections == 2 else f"all {self.connections} connections"
        )


@dataclass(frozen=True)
class ProcedureList(Request[str]):
    """The list of procedures to step through; the result is the name of an action.

    `recordings` is whether it includes the list of recordings.
    """

    recordings: bool = True


@dataclass(frozen=True)
class ScenarioList(Request[str]):
    """The scenarios of the practice server, of which `present` is in use."""

    present: str


@dataclass(frozen=True)
class Help(Request[None]):
    """All keys and orders that `confinement` allows."""

    confinement: Confinement


@dataclass(frozen=True)
class NoticeList(Request[None]):
    """The notices of this run, the latest at the end."""

    notices: Sequence[Notice]


@dataclass(frozen=True)
class FindingList(Request[None]):
    """The findings on the named server from a conversation with it."""

    server: str
    findings: Sequence[Finding]


@dataclass(frozen=True)
class Comparison(Request[None]):
    """Two conversations side by side: their names and their aligned turns."""

    left: str
    right: str
    rows: Sequence[ComparedRow]


@dataclass(frozen=True)
class Glossary(Request[None]):
    """A word of the glossary; without one, all terms, those `here` first."""

    word: str
    here: Sequence[Term]


@dataclass(frozen=True)
class MailboxList(Request[None]):
    """The mailboxes of the practice server, that of `wanted` first.

    `saves` is whether a message may be saved to a file; `saw` is called with the form of the
    message shown.
    """

    mailboxes: Mailboxes
    wanted: str
    saves: bool
    saw: Callable[[str, str], object]


@dataclass(frozen=True)
class LessonList(Request[str]):
    """The lessons, with the user's progress; `present` is the name of the one in progress."""

    progress: Progress
    present: str


class ChosenRecording(NamedTuple):
    """A recording chosen from the list, by its file: to open, to repeat, or to compare.

    It is compared with `other`, another recording or, if that is empty, the conversation shown.
    """

    file: str
    again: bool = False
    compare: bool = False
    other: str = ""


@dataclass(frozen=True)
class FastTrackForm(Request[str]):
    """The questions of `track`; the result is the number of the lesson to begin."""

    track: FastTrack


@dataclass(frozen=True)
class GradePage(Request[None]):
    """The outcome of each step of a lesson in progress."""

    grade: Grade


@dataclass(frozen=True)
class RecordingList(Request[ChosenRecording]):
    """The stored recordings; the answer is the chosen one.

    `wanted` is the first search. `folder` is that of the recordings, None for that of the journals.
    `chosen_to` names the use of the chosen one. `secrets` masks the names in the list. `omitted` is
    not listed.
    """

    wanted: str = ""
    folder: Path | None = None
    chosen_to: str = "open"
    secrets: KnownSecrets | None = None
    omitted: Path | None = None


@dataclass(frozen=True)
class ClientList(Request[None]):
    """The other programs at the practice server; `where` says how to connect to it."""

    clients: Callable[[], Sequence[ClientSummary]]
    where: str
