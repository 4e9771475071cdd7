"""The order that copies what was done: as a script, a swaks command, a Python program.

It goes to the clipboard as other copies do (OSC 52: whether the terminal takes it is not told),
or to a file.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ...session.plural import plural
from ...session.private_file import create
from ..export.text_file import why_not_saved
from .procedures import words_of

if TYPE_CHECKING:
    from ..export.replay import Course
    from ..main.screen import MainScreen

MOST_COPIED = 60_000  # characters: many terminals take no more at once


class Form(NamedTuple):
    """`what` names it in a sentence; `render` makes it of a course."""

    what: str
    render: Callable[[Course], str]


def _script(course: Course) -> str:
    from ..export.script import script

    return script(course)


def _swaks(course: Course) -> str:
    from ..export.swaks import swaks

    return swaks(course)


def _smtplib(course: Course) -> str:
    from ..export.smtplib_program import smtplib_program

    return smtplib_program(course)


COPY_FORMS = {
    "script": Form("a script for heloscope run", _script),
    "swaks": Form("a swaks command", _swaks),
    "smtplib": Form("a Python program", _smtplib),
}
_SYNTAX = "The syntax is :copy script, :copy swaks or :copy smtplib; plan and a FILE may follow."


class Copying:
    """The part of Doing that copies."""

    _screen: MainScreen
    user: str

    def _tell(self, text: str, *, title: str = "", trouble: bool = False) -> None:
        raise NotImplementedError

    def order_copy(self, argument: str) -> None:
        words = words_of(argument)
        if not words:
            self._ask()
            return
        form = COPY_FORMS.get(words.pop(0).lower())
        if form is None:
            self._tell(_SYNTAX, trouble=True)
            return
        with_plan = words[:1] == ["plan"]
        if with_plan:
            words.pop(0)
        if len(words) > 1:
            self._tell(_SYNTAX, trouble=True)
            return
        self._copy(form, with_plan, words[0] if words else "")

    def _ask(self) -> None:
        from ..dialogs.question import Answer, QuestionScreen

        names = list(COPY_FORMS)
        answers = [
            Answer(str(number), name, f"what was said, as {COPY_FORMS[name].what}")
            for number, name in enumerate(names, 1)
        ]
        if self._screen.stepping.next is not None:
            answers += [
                Answer(str(number), f"{name} plan", f"with the plan, as {COPY_FORMS[name].what}")
                for number, name in enumerate(names, len(names) + 1)
            ]

        def answered(answer: str | None) -> None:
            if answer:
                self.order_copy(answer)

        self._screen.app.push_screen(
            QuestionScreen(
                "Copy what was done",
                "To the clipboard. Secrets are left out, by name.",
                (*answers, Answer("Esc", "", "nothing")),
            ),
            answered,
        )

    def _copy(self, form: Form, with_plan: bool, name: str) -> None:
        course = self._course(with_plan)
        if course is None:
            return
        text = form.render(course)
        what = f"{form.what[:1].upper()}{form.what[1:]}"
        if name:
            file = Path(name).expanduser().absolute()
            try:
                _write(file, text)
            except (OSError, ValueError) as error:
                reason = error if isinstance(error, OSError) else OSError(str(error))
                self._tell(why_not_saved(reason, file, "copy"), trouble=True)
            else:
                self._tell(f"{what}, secrets left out: {file}")
        elif len(text) > MOST_COPIED:
            self._tell(
                f"{what} of this has {len(text):,} characters, too many for a clipboard. "
                "With a FILE behind it, :copy writes it there.",
                trouble=True,
            )
        else:
            self._screen.app.copy_to_clipboard(text)
            lines = text.count("\n")
            self._tell(f"Copied, secrets left out: {form.what}, {plural(lines, '{} line')}.")

    def _course(self, with_plan: bool) -> Course | None:
        screen = self._screen
        session = screen.connecting.session
        if session is None or not len(session.transcript):
            self._tell("Nothing was said yet that could be copied.", trouble=True)
            return None
        stepping = screen.stepping
        if with_plan and stepping.next is None:
            self._tell("There is no plan: F12 lists what can be done step by step.", trouble=True)
            return None
        from ...session.procedures.content import Content
        from ..export.replay import course_of

        arguments = stepping.arguments if with_plan else ()
        return course_of(
            session.transcript,
            session.target,
            screen.connecting.wanted,
            planned=stepping.foreseen if with_plan else (),
            content=next((each for each in arguments if isinstance(each, Content)), None),
            user=self.user,
            own_authority=screen.connecting.practising or bool(screen.connecting.way.ca_file),
        )


def _write(file: Path, text: str) -> None:
    """A new file, for the user alone. Raises OSError, also when it is there already."""
    with os.fdopen(create(file), "wb") as out:
        out.write(text.encode("utf-8", "surrogateescape"))
