"""A question with a few answers, each chosen by a key."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from .requests import Answer


class QuestionScreen(ModalScreen[str]):
    """Asks a question. The result is the name of the chosen answer; Esc chooses the last answer.

    If y is an answer, n acts like Esc, unless n is itself an answer.
    """

    DEFAULT_CSS = """
    QuestionScreen { align: center middle; }
    QuestionScreen > Vertical {
        width: 64; max-width: 96%; height: auto; max-height: 90%;
        border: round $accent; border-title-color: $text-accent;
        background: $surface; padding: 1 2;
    }
    QuestionScreen #answers { margin-top: 1; }
    """

    def __init__(self, title: str, text: str, answers: Sequence[Answer]) -> None:
        super().__init__()
        self.question = title
        self._text = text
        self._answers = answers
        self._named = {each.key.lower(): each.name for each in answers if each.key != "Esc"}
        if "y" in self._named:
            self._named.setdefault("n", answers[-1].name)
        self.answer_keys = frozenset(self._named)
        """The keys that choose an answer.

        Such a key is dropped if it was typed after the answer (runtime/typed_ahead.py).
        """
        self.answer_words = [name for key, name in self._named.items() if name.startswith(key)]
        """The answers that can be typed in full, such as "yes"."""

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = self.question
            yield Static(Content(self._text))
            rows = [
                Content.assemble((f"{answer.key:>6}", "bold $text-accent"), f"  {answer.label}")
                for answer in self._answers
            ]
            yield Static(Content("\n").join(rows), id="answers")

    def on_key(self, event: events.Key) -> None:
        event.stop()
        if event.key in self._named:
            self.dismiss(self._named[event.key])
        elif event.key in ("escape", "ctrl+c"):
            self.dismiss(self._answers[-1].name)
