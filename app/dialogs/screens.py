"""Maps each request to its dialog, whose module is imported when the dialog is opened."""

from __future__ import annotations

from typing import Any, TypeVar, cast

from textual.screen import Screen

from ..ui import Request, Ui
from .requests import (
    ClientList,
    Comparison,
    ConnectForm,
    ExportForm,
    FastTrackForm,
    FindingList,
    Glossary,
    GradePage,
    Help,
    LessonList,
    LoginForm,
    MailboxList,
    NoticeList,
    ProcedureList,
    Question,
    RecordingList,
    ScenarioList,
    SendForm,
    SettingsForm,
)

Result = TypeVar("Result")


def screen_of(asked: Screen[Result] | Request[Result], ui: Ui) -> Screen[Result]:
    """Return the dialog for a request; a dialog is returned unchanged.

    Raises TypeError if a request has no dialog.
    """
    return asked if isinstance(asked, Screen) else cast(Screen[Result], _dialog(asked, ui))


def _dialog(asked: Request[Any], ui: Ui) -> Screen[Any]:
    match asked:
        case Question():
            from .question import QuestionScreen

            return QuestionScreen(asked.title, asked.text, asked.answers)
        case LoginForm() | ConnectForm() | SendForm():
            return _form(asked)
        case ExportForm():
            from .export import ExportScreen

            return ExportScreen(asked)
        case ProcedureList():
            from .procedures import ProceduresScreen

            return ProceduresScreen(recordings=asked.recordings)
        case SettingsForm():
            return _settings(asked)
        case ScenarioList():
            from .scenarios import ScenariosScreen

            return ScenariosScreen(asked.present)
        case LessonList():
            from .lessons import LessonsScreen

            return LessonsScreen(asked.progress, asked.present)
        case FastTrackForm():
            from .fast_track import FastTrackScreen

            return FastTrackScreen(asked.track)
        case RecordingList():
            from .recordings import RecordingsScreen

            return RecordingsScreen(
                ui, asked.wanted, asked.folder, asked.chosen_to, asked.secrets, asked.omitted
            )
        case _:
            return _page(asked, ui)


def _form(asked: LoginForm | ConnectForm | SendForm) -> Screen[Any]:
    match asked:
        case LoginForm():
            from .login import LoginScreen

            return LoginScreen(
                asked.choices,
                asked.encrypted,
                asked.accepted,
                user=asked.user,
                mechanism=asked.mechanism,
                stored=asked.stored,
                learn=asked.learn,
            )
        case ConnectForm():
            from .connect import ConnectScreen

            return ConnectScreen(
                asked.recent,
                asked.forget,
                stepping=asked.stepping,
                learn=asked.learn,
                servers=asked.servers,
            )
        case SendForm():
            from .send import SendScreen

            return SendScreen(
                asked.form,
                asked.keywords,
                check=asked.check,
                greeted_with=asked.greeted_with,
                lmtp=asked.lmtp,
                addresses=asked.addresses,
                when=asked.when,
                files=asked.files,
            )


def _settings(asked: SettingsForm) -> Screen[Any]:
    if asked.page == "servers":
        from .servers import ServersScreen

        return ServersScreen(asked.saved.file, asked.learn)
    if asked.page == "keys":
        from .keys import KeysScreen

        return KeysScreen(asked.saved.file)
    from .settings import SettingsScreen

    return SettingsScreen(asked.saved, asked.overruled, asked.themes, asked.learn)


def _page(asked: Request[Any], ui: Ui) -> Screen[Any]:
    match asked:
        case Help():
            from .help import HelpScreen

            return HelpScreen(asked.confinement)
        case NoticeList():
            from .notices import NoticesScreen

            return NoticesScreen(asked.notices)
        case FindingList():
            from .findings import FindingsScreen

            return FindingsScreen(asked.server, asked.findings)
        case Comparison():
            from .comparison import ComparisonScreen

            return ComparisonScreen(asked.left, asked.right, asked.rows)
        case Glossary():
            from .glossary import GlossaryScreen

            return GlossaryScreen(asked.word, asked.here)
        case MailboxList():
            from .mailbox import MailboxScreen

            return MailboxScreen(
                ui, asked.mailboxes, asked.wanted, saves=asked.saves, saw=asked.saw
            )
        case GradePage():
            from .grade import GradeScreen

            return GradeScreen(asked.grade)
        case ClientList():
            from .clients import ClientsScreen

            return ClientsScreen(asked.clients, asked.where)
        case _:
            raise TypeError(f"no dialog for {type(asked).__name__}")
