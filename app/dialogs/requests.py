"""The requests to the user, as values for which each user interface has its own dialog.

The application opens a dialog (screens.py); `heloscope --plain` asks line by line (app/plain). No
widget is imported here, so that commands can ask without a screen.
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
    """An answer to a question: `key` chooses it, and `name` is what the question returns."""

    key: str
    name: str
    label: str


class Login(NamedTuple):
    """The login that the user entered."""

    user: str
    secret: Secret
    in_clear: bool = False
    """Whether to send the secret even over a connection that does not protect it."""
    mechanism: str = ""
    """The only mechanism to try, or "" to try all usable ones, strongest first."""


class ConnectRequest(NamedTuple):
    """The connection that the user asked for, and whether to connect step by step."""

    profile: Profile
    key_password: Secret | None = None
    stepping: bool = False


class ExportRequest(NamedTuple):
    """The export that the user asked for: format, masking and file ("" for the clipboard).

    `everything` is true if all connections are exported, not just the current one.
    """

    form: str
    masking: Masking
    file: str = ""
    everything: bool = False


# Requests


@dataclass(frozen=True)
class Question(Request[str]):
    """A question with a few answers. The result is the name of the chosen answer.

    Esc chooses the last of the answers.
    """

    title: str
    text: str
    answers: Sequence[Answer]


@dataclass(frozen=True)
class LoginForm(Request[Login]):
    """Asks for a user name and a secret.

    `choices(in_clear, named)` returns the mechanisms to list. `in_clear` is true if the secret may
    be sent unencrypted, and `named` is the only mechanism to try, or "". `encrypted` is true if the
    connection uses TLS, and `accepted` if its certificate failed verification and the user accepted
    it. `learn` is called with the text of the hidden field, even if it is not used. `stored(user)`
    returns where the secret comes from if none is typed, or "".
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
    """Asks where to connect, and how.

    `recent` contains the profiles used last; `forget` removes one of them, or all for None.
    `servers` contains the configured servers.
    """

    recent: Sequence[Profile]
    forget: Callable[[Profile | None], object]
    stepping: bool
    learn: Callable[[Secret], object]
    servers: KnownServers


@dataclass(frozen=True)
class SettingsForm(Request[bool]):
    """Asks for changes to the `saved` settings. The result is whether the file was changed.

    `overruled` maps a setting to the environment variable that overrides it; `themes` contains the
    names of all themes. `page` is "servers" or "keys" to show only that list. `learn` is called
    with a password typed in a field that must not contain one.
    """

    saved: Configuration
    overruled: Mapping[str, str]
    themes: Sequence[str]
    page: str = ""
    learn: Callable[[Secret], object] = lambda secret: None


@dataclass(frozen=True)
class SendForm(_SendBase):
    """Asks for a message and its envelope; with `check`, only for the envelope.

    `form` keeps the input, even if the request is cancelled. `keywords` are the extensions that the
    server offers, `when` returns the time for a Date field, and `files` is true if a file may be
    named.
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
    """Asks how to export the conversation.

    `masking` is the initial masking, and `files` is true if a file may be named. `connections` is
    the number of connections that can be exported, and `everything` is true if all are initially
    chosen. `preview(form, masking, everything, stopped)` returns a description and the beginning of
    the export. It is called in a thread, as it may take a long time, and raises Stopped once
    `stopped` returns true.
    """

    preview: Callable[[str, Masking, bool, Callable[[], bool]], tuple[str, str]]
    masking: Masking
    files: bool
    connections: int = 1
    everything: bool = False

    @property
    def all_of_them(self) -> str:
        """A phrase for all connections, such as "all 3 connections"."""
        return (
            "both connections" if self.connections == 2 else f"all {self.connections} connections"
        )


@dataclass(frozen=True)
class ProcedureList(Request[str]):
    """Asks for a procedure to step through. The result is the name of an action.

    `recordings` is true if the list of recordings is offered as well.
    """

    recordings: bool = True


@dataclass(frozen=True)
class ScenarioList(Request[str]):
    """Asks for a scenario of the practice server; `present` is the one in use."""

    present: str


@dataclass(frozen=True)
class Help(Request[None]):
    """Shows all keys and orders that `confinement` allows."""

    confinement: Confinement


@dataclass(frozen=True)
class NoticeList(Request[None]):
    """Shows the notices of this run. `notices` contains them, newest last."""

    notices: Sequence[Notice]


@dataclass(frozen=True)
class FindingList(Request[None]):
    """Shows the findings about the named server from a conversation with it."""

    server: str
    findings: Sequence[Finding]


@dataclass(frozen=True)
class Comparison(Request[None]):
    """Shows two conversations side by side, given their names and their aligned turns."""

    left: str
    right: str
    rows: Sequence[ComparedRow]


@dataclass(frozen=True)
class Glossary(Request[None]):
    """Shows a word in the glossary or, if it is "", all terms, starting with those in `here`."""

    word: str
    here: Sequence[Term]


@dataclass(frozen=True)
class MailboxList(Request[None]):
    """Shows the practice server's mailboxes, beginning with a message in the mailbox `wanted`.

    `saves` is true if a message may be saved to a file. `saw` is called with "mailbox" and the form
    in which a message is shown.
    """

    mailboxes: Mailboxes
    wanted: str
    saves: bool
    saw: Callable[[str, str], object]


@dataclass(frozen=True)
class LessonList(Request[str]):
    """Asks for a lesson, and shows the user's progress; `present` names the one in progress."""

    progress: Progress
    present: str


class ChosenRecording(NamedTuple):
    """A recording chosen from the list, given by its file, and what to do with it.

    It is opened, and repeated if `again` is true. If `compare` is true, it is compared with the
    recording `other` or, if that is "", with the conversation shown.
    """

    file: str
    again: bool = False
    compare: bool = False
    other: str = ""


@dataclass(frozen=True)
class FastTrackForm(Request[str]):
    """Asks the questions of `track`. The result is the number of the lesson to begin."""

    track: FastTrack


@dataclass(frozen=True)
class GradePage(Request[None]):
    """Shows the outcome of each step of a lesson in progress."""

    grade: Grade


@dataclass(frozen=True)
class RecordingList(Request[ChosenRecording]):
    """Asks for a stored recording.

    `wanted` is the initial search. `folder` contains the recordings; None stands for the folder of
    the journals. `chosen_to` names the action for the chosen recording, such as "open". `secrets`
    masks the names in the list. The recording `omitted` is not listed.
    """

    wanted: str = ""
    folder: Path | None = None
    chosen_to: str = "open"
    secrets: KnownSecrets | None = None
    omitted: Path | None = None


@dataclass(frozen=True)
class ClientList(Request[None]):
    """Shows the other programs connected to the practice server.

    `where` is a sentence about the ports that programs can connect to.
    """

    clients: Callable[[], Sequence[ClientSummary]]
    where: str
