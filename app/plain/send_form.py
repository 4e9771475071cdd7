"""The message form, line by line: envelope, message, and options."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from ...session.visible import visible_text
from ..compose.form import (
    FILE,
    LINE_ENDS,
    SAMPLE,
    STEPS,
    TYPED,
    FormError,
    MessageForm,
    SendRequest,
    message_note,
    send_request,
)
from ..compose.options import Option, offered, options_for
from ..dialogs.requests import Answer, SendForm
from .cancelled import Cancelled
from .output import ERROR, NOTE, Output

OPTIONS = "options"
"""The word typed instead of the sender in order to be asked for the options."""
_PLAN, _LINE_ENDS = "PLAN", "LINE-ENDS"
_SHOWN = 40  # characters of an invalid answer in an error

Choose = Callable[[str, str, Sequence[Answer]], Awaitable[str]]
Line = Callable[[str], Awaitable[str]]


class SendQuestions:
    """The questions about a message, asked one at a time.

    `choose` and `line` ask single questions, as in the dialogs; `text` reads the message itself.
    """

    def __init__(
        self, output: Output, choose: Choose, line: Line, text: Callable[[], Awaitable[str]]
    ) -> None:
        self._output = output
        self._choose = choose
        self._line = line
        self._text = text

    async def ask(self, asked: SendForm) -> SendRequest:
        """Ask for everything, and return the message to send.

        Raises Cancelled if the answers are not valid or if the input ends.
        """
        form = asked.form
        sender = await self._line(
            f"the sender; <> for none; {OPTIONS} to be asked for the options, too"
        )
        with_options = sender.casefold() == OPTIONS
        if with_options:
            await self._options(asked)
            sender = await self._line("the sender; <> for none")
        form.sender = sender or form.sender
        form.recipients = await self._line("the recipients, separated by spaces") or form.recipients
        if not asked.check:
            await self._message(form, files=asked.files)
            if with_options and form.source == FILE:
                await self._pick([_line_ends(form)])
            if note := message_note(form, asked.keywords):
                self._output.say(NOTE, note)
        try:
            return send_request(form, asked.keywords, asked.when, check=asked.check)
        except FormError as error:
            for problem in error.problems:
                self._output.say(ERROR, f"{problem.where}: {problem.words}")
            raise Cancelled from None

    # The message

    async def _message(self, form: MessageForm, *, files: bool) -> None:
        answers = [Answer("t", TYPED, "typed here"), Answer("s", SAMPLE, "a sample")]
        if files:
            answers.append(Answer("f", FILE, "from a file"))
        answers.append(Answer("", form.source, f"as last time: {form.source}"))
        form.source = await self._choose("The message", "Which source?", answers)
        if form.source == FILE:
            form.file = await self._line("the file name") or form.file
        elif form.source == SAMPLE:
            form.sample = await self._sample(form.sample)
        else:
            form.text = await self._text() or form.text

    async def _sample(self, present: str) -> str:
        from ...session.procedures.samples import SAMPLES

        self._output.page("Samples", (f"{name}: {each.words}" for name, each in SAMPLES.items()))
        name = await self._line("which sample")
        if name and name not in SAMPLES:
            self._output.say(ERROR, "No sample has that name.")
            raise Cancelled
        return name or present

    # The options

    async def _options(self, asked: SendForm) -> None:
        form = asked.form
        options = [each for each in options_for(asked.keywords) if each.on or not asked.check]
        ehlo = "LHLO" if asked.lmtp else "EHLO"
        if words := offered(options, asked.keywords, asked.greeted_with, ehlo):
            self._output.say(NOTE, words)
        picks = [_of_option(form, option) for option in options]
        await self._pick([*picks, _of_plan(form)])

    async def _pick(self, picks: Sequence[_Pick]) -> None:
        """Ask for options, as names and values, until an empty line is typed."""
        self._output.page("Options", (pick.line for pick in picks))
        by_name = {pick.name: pick for pick in picks}
        while True:
            line = await self._line("an option as NAME VALUE; an empty line ends the options")
            if not line:
                return
            name, _, value = line.partition(" ")
            pick = by_name.get(name.upper())
            if pick is None:
                shown = visible_text(name)[:_SHOWN]
                self._output.say(ERROR, f"Unknown option {shown}. Options: {', '.join(by_name)}.")
            elif problem := pick.take(value.strip()):
                self._output.say(ERROR, problem)
            else:
                self._output.page_line(pick.line)


class _Pick:
    """An option to set.

    `labels` maps the possible values to labels. It is empty if any value may be typed.
    """

    def __init__(
        self,
        name: str,
        words: str,
        labels: Mapping[str, str],
        value: str,
        put: Callable[[str], object],
    ) -> None:
        self.name = name
        self._words = words
        self._labels = labels
        self._value = value
        self._put = put

    @property
    def line(self) -> str:
        """The option as listed, with its current value and the other possible values."""
        now = self._labels.get(self._value, self._value) or "nothing"
        others = ", ".join(label for value, label in self._labels.items() if value != self._value)
        return f"{self.name}: {self._words}; currently {now}{f'; or {others}' if others else ''}"

    def take(self, typed: str) -> str:
        """Choose the value that starts with `typed`, or whose label starts with `typed`.

        If the option has no labels, `typed` itself is the value. Return what is wrong with `typed`,
        or "".
        """
        if not self._labels:
            self._value = typed
        else:
            low = typed.casefold()
            found = [
                value
                for value, label in self._labels.items()
                if low in (value.casefold(), label.casefold())
            ] or [
                value
                for value, label in self._labels.items()
                if value.casefold().startswith(low) or label.casefold().startswith(low)
            ]
            if not typed or len(found) != 1:
                shown = visible_text(typed)[:_SHOWN] or "empty"
                return f"{self.name} must be {' or '.join(self._labels.values())}, not {shown}."
            self._value = found[0]
        self._put(self._value)
        return ""


def _of_option(form: MessageForm, option: Option) -> _Pick:
    def put(value: str) -> None:
        form.options[option.name] = value

    return _Pick(option.name, option.words, option.labels, form.value(option), put)


def _of_plan(form: MessageForm) -> _Pick:
    def put(value: str) -> None:
        form.steps = value

    labels = {name: f"{name} ({words})" for name, words in STEPS.items()}
    return _Pick(_PLAN, "how it is sent", labels, form.steps, put)


def _line_ends(form: MessageForm) -> _Pick:
    def put(value: str) -> None:
        form.line_ends = value

    labels = {value: value for value in LINE_ENDS}
    return _Pick(_LINE_ENDS, "the file's line endings; CRLF is the standard", labels,
                 form.line_ends, put)  # fmt: skip
