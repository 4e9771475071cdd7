"""Handles the requests of app/dialogs/requests.py by asking line by line, without dialogs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ...session.plural import plural
from ...session.record.masks import Masking
from ...session.secret import Secret
from ...session.target import passwords_in
from ...session.visible import visible_text
from ..actions import ACTIONS, BY_LETTER, EXPORT_FORMATS
from ..connect.profile import POLICIES, Profile
from ..dialogs.requests import (
    Answer,
    ChosenRecording,
    ClientList,
    Comparison,
    ConnectForm,
    ConnectRequest,
    ExportForm,
    ExportRequest,
    FastTrackForm,
    FindingList,
    Glossary,
    GradePage,
    Help,
    LessonList,
    Login,
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
from ..ui import Request
from .cancelled import Cancelled
from .connect_form import ask_rest, problems_of
from .fast_track import take_fast_track
from .listings import Listings
from .output import ERROR, NOTE, Output
from .reader import Reader

ASK = "asked"
"""The word before a question."""


NAMES: dict[type[Request[Any]], str] = {
    Question: "question",
    LoginForm: "login",
    ConnectForm: "connect",
    ExportForm: "export",
    SendForm: "send",
    SettingsForm: "settings",
    ProcedureList: "procedures",
    ScenarioList: "scenarios",
    LessonList: "lessons",
    FastTrackForm: "fasttrack",
    GradePage: "grade",
    Help: "help",
    NoticeList: "notices",
    FindingList: "findings",
    Comparison: "compare",
    Glossary: "glossary",
    MailboxList: "mailbox",
    ClientList: "clients",
    RecordingList: "recordings",
}
"""The names by which lessons refer to dialogs, keyed by the type of the request."""


class LineDialogs:
    """A replacement for the dialogs, with a question for each field."""

    def __init__(self, output: Output, reader: Reader) -> None:
        self._output = output
        self._reader = reader
        self._listings = Listings(output)

    async def ask(self, asked: Request[Any]) -> Any:
        """Handle a request and return its result, or None if it has no result or was cancelled."""
        try:
            match asked:
                case Question():
                    return await self._choose(asked.title, asked.text, asked.answers)
                case LoginForm():
                    return await self._login(asked)
                case ConnectForm():
                    return await self._connect(asked)
                case SendForm():
                    from .send_form import SendQuestions

                    send = SendQuestions(self._output, self._choose, self._line, self._text)
                    return await send.ask(asked)
                case SettingsForm():
                    return self._settings(asked)
                case ExportForm():
                    return await self._export(asked)
                case ProcedureList():
                    return await self._procedure()
                case ScenarioList():
                    return await self._scenario(asked)
                case LessonList():
                    return await self._lesson(asked)
                case RecordingList() if asked.chosen_to == "compare":
                    return await self._recording(asked)
                case FastTrackForm():
                    return await take_fast_track(asked.track, self._output, self._line)
                case _:
                    self._listings.show(asked)
                    return None
        except Cancelled:
            self._output.say(NOTE, "Nothing was done.")
            return None

    def _settings(self, asked: SettingsForm) -> None:
        found = asked.saved
        file = visible_text(str(found.file))
        for problem in found.problems:
            # Unchanged, because the sentence is about keys.
            self._output.line(ERROR, f"Ignored in the configuration: {problem.sentence}")
        if asked.page != "keys":
            self._output.page("Servers", (
                f"@{name}: {server.target}{f', user {server.user}' if server.user else ''}"
                for name, server in found.servers.items()
            ) if found.servers else ("no server has a name yet",))  # fmt: skip
        if asked.page != "servers":
            keys = (f"{name}: {keys or 'no key'}" for name, keys in found.keys.items())
            self._output.page("Keys", keys if found.keys else ("no key has been changed",))
        self._output.page_line(f"The file is {file}. heloscope config shows and checks it.")
        self._output.page_line("heloscope config default prints a file with every key.")

    # Asking

    async def _line(self, what: str, *, hidden: bool = False) -> str:
        """Ask for a line and return it. Raises Cancelled at the end of input."""
        if not (hidden and self._reader.terminal):  # the prompt is enough there
            self._output.say(ASK, what)
        line = await self._reader.read(hidden=hidden, prompt=f"{ASK}: {what}")
        if line is None:
            raise Cancelled
        return line.strip() if not hidden else line

    async def _valid(self, what: str, problem: Callable[[str], str]) -> str:
        """Ask until the line is valid, and return it. Raises Cancelled for an empty line.

        `problem` returns what is wrong with a line, or "". If an invalid line comes from a pipe,
        Cancelled is raised, too.
        """
        while True:
            line = await self._line(what)
            if not line:
                raise Cancelled
            wrong = problem(line)
            if not wrong:
                return line
            self._output.say(ERROR, wrong)
            if not self._reader.terminal:
                raise Cancelled

    async def _choose(self, title: str, text: str, answers: Iterable[Answer]) -> str:
        """Ask a question, and return the name of the chosen answer.

        An empty line chooses the last answer. Raises Cancelled at the end of input.
        """
        listed = list(answers)
        last = listed[-1]
        self._output.page(title, text.split("\n"))
        for answer in listed:
            key = "an empty line" if answer is last else answer.key
            self._output.page_line(f"{key}: {answer.label}")
        while True:
            line = (await self._line("your answer")).casefold()
            if not line:
                return last.name
            for answer in listed:
                if line == answer.key.casefold() or answer.name.casefold().startswith(line):
                    return answer.name
            self._output.say(ERROR, "That is not one of the answers.")
            if not self._reader.terminal:
                return last.name

    # Forms

    async def _login(self, asked: LoginForm) -> Login:
        in_clear, mechanism = False, asked.mechanism
        tried = [each for each in asked.choices(False, mechanism) if each.tried]
        if not tried:
            for each in asked.choices(False, mechanism):
                self._output.say(NOTE, f"{each.mechanism}: {each.why}")
            answers = (
                Answer("y", "yes", "yes, send it anyway"),
                Answer("n", "no", "no, do not log in"),
            )
            title = "Log in even though the password can be read?"
            if await self._choose(title, "", answers) != "yes":
                raise Cancelled
            in_clear = True
            tried = [each for each in asked.choices(True, mechanism) if each.tried]
        if not tried:
            raise Cancelled
        order = ", ".join(each.mechanism for each in tried)
        self._output.say(NOTE, f"mechanisms, in the order in which they are tried: {order}")
        user = asked.user or await self._line("the user name")
        place = asked.stored(user)
        empty = f"; an empty line for the one from {visible_text(place)}" if place else ""
        secret = Secret((await self._line(f"the password, not shown{empty}", hidden=True)).encode(
            "utf-8", "surrogateescape"
        ))  # fmt: skip
        asked.learn(secret)
        return Login(user, secret, in_clear, mechanism)

    async def _connect(self, asked: ConnectForm) -> ConnectRequest:
        recent = list(asked.recent)
        for number, profile in enumerate(recent, 1):
            policy = POLICIES[profile.policy].named
            self._output.page_line(f"{number}. {profile.target} {policy}".rstrip())

        def chosen(line: str) -> Profile | None:
            place = int(line) if line.isascii() and line.isdecimal() else 0
            return recent[place - 1] if 0 < place <= len(recent) else None

        def problem(line: str) -> str:
            for password in passwords_in(line):
                asked.learn(Secret(password))
            return "" if chosen(line) else asked.servers.problem(line)

        line = await self._valid("where to connect: a TARGET, or a number from the list", problem)
        known = chosen(line)
        if known is not None:
            return ConnectRequest(known, None, asked.stepping)
        profile = asked.servers.profile(line)
        if profile.server:
            return ConnectRequest(profile, None, asked.stepping)
        profile, password = await ask_rest(profile, self._choose, self._line, asked.learn)
        for wrong in problems_of(profile, password):
            self._output.say(ERROR, wrong)
            raise Cancelled
        return ConnectRequest(profile, password, asked.stepping)

    async def _text(self) -> str:
        self._output.say(ASK, "the message, header fields first; a line with only a dot ends it")
        lines: list[str] = []
        while True:
            line = await self._reader.read()
            if line is None:
                raise Cancelled
            if line == ".":
                return "".join(f"{each}\n" for each in lines)
            lines.append(line)

    # Lists to choose from

    async def _procedure(self) -> str:
        lines = (f"{key}: :{each.name}, {each.summary}" for key, each in BY_LETTER.items())
        self._output.page("Procedures", lines)
        letter = (await self._line("a letter")).casefold()
        name = letter.removeprefix(":")
        found = BY_LETTER.get(letter) or (
            ACTIONS[name] if name in {each.name for each in BY_LETTER.values()} else None
        )
        if found is None:
            raise Cancelled
        if found.argument and "[" not in found.argument:  # it would need typing
            self._output.say(NOTE, f"type :{found.name} {found.argument}")
            raise Cancelled
        return found.name

    async def _export(self, asked: ExportForm) -> ExportRequest:
        lines = (f"{name}: {what}" for name, what in EXPORT_FORMATS.items())
        self._output.page("Formats", lines)

        def unknown(name: str) -> str:
            return "" if name in EXPORT_FORMATS else f"Unknown format {visible_text(name)[:40]}."

        form = await self._valid("the format; an empty line cancels", unknown)

        chosen = {"addresses": asked.masking.addresses, "content": asked.masking.content}
        preset = ",".join(name for name, masked in chosen.items() if masked)
        words = await self._line(
            "what to mask besides secrets: addresses, content or addresses,content; an empty "
            f"line for {preset or 'nothing'}"
        )
        words = words or preset
        if words and not set(words.split(",")) <= {"addresses", "content"}:
            self._output.say(
                ERROR, "Besides secrets, only addresses, content or both can be masked."
            )
            raise Cancelled
        masking = Masking("addresses" in words, "content" in words)
        everything = asked.everything
        if asked.connections > 1 and not everything:
            answers = (
                Answer("a", "all", asked.all_of_them),
                Answer("", "one", "this connection"),
            )
            everything = await self._choose("What", "Which connections?", answers) == "all"
        about, text = asked.preview(form, masking, everything, lambda: False)
        self._output.page(about or "It starts with:", text.split("\n")[:20])
        file = ""
        if asked.files:
            file = await self._line("a new file; an empty line for the clipboard")
        return ExportRequest(form, masking, file, everything)

    async def _scenario(self, asked: ScenarioList) -> str:
        from ...session.practice.scenarios.table import SCENARIOS

        lines = (
            f"{each.name}: {each.about}" + (" (in use)" if each.name == asked.present else "")
            for each in SCENARIOS.values()
        )
        self._output.page("Scenarios of the practice server", lines)
        name = await self._line("the name of a scenario; an empty line for none")
        if not name:
            raise Cancelled
        return name

    async def _recording(self, asked: RecordingList) -> ChosenRecording | None:
        """Ask for a recording to compare with the session, or two to compare with each other."""
        from ...session.archive.recordings import NotFound, find

        found = self._listings.recordings(asked)
        if not found:
            return None
        line = await self._line(
            "the number of the recording to compare with this conversation, or the numbers of two "
            "to compare with each other; an empty line for none"
        )
        files: list[str] = []
        for word in line.split():
            try:
                files.append(str(find(found, word).path))
            except NotFound as error:
                self._output.say(ERROR, str(error))
                raise Cancelled from None
        if not 0 < len(files) < 3:
            raise Cancelled
        return ChosenRecording(files[0], compare=True, other=files[1] if len(files) > 1 else "")

    async def _lesson(self, asked: LessonList) -> str:
        from ..lessons.library import entries

        lines: list[str] = []
        for each in entries():
            count = len([step for step in asked.progress.of(each.name).steps if step in each.steps])
            of = plural(len(each.steps), "{} step")
            done = f", {count} of {of} done" if count else f", {of}"
            now = ", in progress" if each.name == asked.present else ""
            also = f", also in {', '.join(each.languages)}" if each.languages else ""
            lines.append(f"{each.number}. {each.title}{also}{done}{now}")
        self._output.page("Lessons", lines)
        what = "the number of a lesson, and its language if it has several; an empty line for none"
        number = await self._line(what)
        if not number:
            raise Cancelled
        return number
