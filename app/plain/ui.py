"""Replaces the screen: implements the protocols of app/ui.py by writing lines."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from ...widgets.bars.notice import Notice
from ..ui import Request
from .output import ERROR, NOTE, Output, no_screen

if TYPE_CHECKING:
    from textual.screen import Screen

KEPT = 200  # notices in the list
LONGEST = 2000  # characters that are kept of one
Result = TypeVar("Result")
Page = Callable[[], Iterable[str]]
"""Returns the lines of a page."""


def _unheard(_: object) -> None:
    """For a request whose result nobody wants."""


class Asked(NamedTuple):
    """A request that waits to be asked, and what is called with the result."""

    request: Request[Any]
    answered: Callable[[Any], object]


class PlainPanel:
    """The side panel: a page is written when it is asked for, and never shown meanwhile.

    `pages` are the pages by name: heading and lines.
    """

    shown = False

    def __init__(self, output: Output) -> None:
        self._output = output
        self.pages: dict[str, tuple[str, Page]] = {}
        self.explain: Callable[[], bool] = lambda: False
        """Writes an explanation. Returns whether there was anything to explain."""

    def shows(self, page: str) -> bool:
        """False: what a page would show has to be written as a line."""
        return False

    def turn_to(self, page: str) -> None:
        """Nothing: a page that nobody asked for is not written."""

    def open(self, page: str) -> None:
        """Write a page."""
        heading, lines = self.pages[page]
        self._output.page(heading, lines())

    def toggle(self) -> None:
        """Write the pages that have no order of their own: what is offered, and the state."""
        self.open("extensions")
        self.open("state")

    def toggle_page(self, page: str) -> None:
        """Write a page."""
        self.open(page)

    def toggle_explanation(self) -> bool:
        """Write an explanation."""
        if not self.explain():
            self._output.say(NOTE, "There is nothing to explain, or nothing more.")
        return True

    def fold(self) -> None:
        """Nothing: nothing is shown."""


class PlainUi:
    """Notices and questions by lines; implements ui.Ui.

    Questions wait in `asked`. `stir` is called when anything may have changed.
    """

    def __init__(self, output: Output, stir: Callable[[], object]) -> None:
        self._output = output
        self._stir = stir
        self._notices: deque[Notice] = deque(maxlen=KEPT)
        self.panel = PlainPanel(output)
        self.asked: deque[Asked] = deque()
        self.left = False
        """Whether the program is to end."""
        self.troubled: Callable[[str], object] = lambda text: None
        """Called with each notice of an error."""

    dialog: Screen[object] | None = None

    @property
    def notices(self) -> Sequence[Notice]:
        """The notices of this run, the newest last."""
        return self._notices

    def tell(
        self,
        text: str,
        *,
        title: str = "",
        trouble: bool = False,
        holds: Callable[[], bool] = lambda: True,
    ) -> None:
        """Write a notice, which stays."""
        self._notices.append(Notice(text[:LONGEST], title, trouble, time.time()))
        word = ERROR if trouble else NOTE
        self._output.say(word, f"{title}: {text}" if title else text)
        if trouble:
            self.troubled(text)
        self._stir()

    def clear_told(self) -> None:
        """Nothing: written lines stay."""

    def withdraw(self, text: str) -> None:
        """Nothing: written lines stay."""

    def ask(
        self,
        asked: Screen[Result] | Request[Result],
        answered: Callable[[Result | None], None] | None = None,
    ) -> None:
        """Ask by lines, once nothing is in progress; a request that needs a screen is refused."""
        if isinstance(asked, Request):
            self.asked.append(Asked(asked, answered or _unheard))
            self._stir()
        else:
            self.tell("This needs a screen: leave out --plain for it.", trouble=True)

    def confirm_again(self, title: str) -> bool:
        """False: a question is answered before anything else is typed."""
        return False

    def copy(self, text: str) -> None:
        """Write text that would go to the clipboard."""
        self._output.page("To copy", text.removesuffix("\n").split("\n"))

    def leave(self) -> None:
        """End the program."""
        self.left = True
        self._stir()

    def refresh(self) -> None:
        """Look what has changed."""
        self._stir()

    def show_newest(self) -> None:
        """Nothing: the newest line is the last one."""


class PlainLine:
    """The line that is being typed; implements ui.CommandLine."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self.text = ""
        """A line that was refused: an empty line enters it again."""
        self.writing = False
        self.chunk = False
        self.editing = False
        self.hidden = False
        """Whether the line that replaces a step is a secret."""
        self.wary = False
        """Whether the next line may be a secret that nothing asks for any more."""
        self.doubted = False
        """Whether such a line was typed already."""
        self._lines: list[str] = []  # of the message

    def erase_secret(self) -> None:
        """Forget what was kept to be entered again."""
        self.text = ""

    def be_wary(self) -> None:
        """Take the lines from here on for secrets, up to one that reads as a command."""
        self.wary, self.doubted = True, False

    def focus_line(self) -> None:
        """Nothing: there is one line."""

    # The message

    @property
    def draft(self) -> str:
        """The message that is being written."""
        return "".join(f"{line}\n" for line in self._lines)

    def open_editor(self, draft: str | None = None, *, chunk: bool = False) -> None:
        """Take the lines that follow for the message."""
        self.writing, self.chunk = True, chunk
        if draft is not None:
            self._lines = draft.removesuffix("\n").split("\n") if draft else []
        ends = "a line with only a dot ends it"
        self._output.say(NOTE, f"type the {'chunk' if chunk else 'message'}; {ends}")
        for line in self._lines:
            self._output.page_line(line)

    def add(self, line: str) -> None:
        """Add a line to the message."""
        self._lines.append(line)

    def move_to_editor(self) -> None:
        """Nothing: a line is typed before the next one is read."""

    def close_editor(self) -> None:
        """Take lines for commands again; the message is kept."""
        self.writing = False

    def clear_draft(self) -> None:
        """Forget the message."""
        self._lines.clear()

    # A step of the plan

    def edit_line(self, text: str, title: str, *, hidden: bool = False) -> None:
        """Take the next line in place of a step; an empty one leaves it as it is."""
        self.editing, self.hidden = True, hidden
        self._output.say(NOTE, f"{_what(title)}; an empty line leaves it as it is")
        self._output.page_line("(not shown)" if hidden else text)

    def edit_message(self, text: str, title: str) -> None:
        """Take the lines that follow for the message of the plan."""
        self.editing = True
        self._output.say(NOTE, _what(title))
        self.open_editor("")
        self._output.say(NOTE, "the message as it is, which this one replaces:")
        for line in text.removesuffix("\n").split("\n"):
            self._output.page_line(line)

    def end_edit(self) -> None:
        """Take lines for commands again."""
        if self.editing and self.writing:
            self.writing = False
            self._lines.clear()
        self.editing = self.hidden = False


class PlainApplication:
    """What needs a screen: themes, recordings. Implements ui.Application and ui.Presenting.

    `compare` compares a recording with the session, or with another one.
    """

    theme_names: Sequence[str] = ()

    def __init__(self, output: Output, compare: Callable[[str, str], object]) -> None:
        self._output = output
        self._compare = compare

    def choose_theme(self, name: str) -> None:
        """Never called: there is no theme of any name."""

    def search_themes(self) -> None:
        """Say that there are no colours."""
        self._output.say(ERROR, no_screen("theme"))

    def open_recording(self, name: str, *, again: bool = False) -> None:
        """Say that a recording is shown on a screen."""
        self._output.say(ERROR, no_screen("open"))

    def compare_recording(self, name: str, other: str = "") -> None:
        """Compare a recording with the session, or with another one."""
        self._compare(name, other)

    def toggle(self, *, follow: bool = False) -> None:
        """Say that a presentation needs a screen."""
        self._output.say(ERROR, no_screen("present"))


class PlainStates:
    """Where the conversation is, as a page; implements ui.StateDrawing."""

    def __init__(self, output: Output, lines: Page) -> None:
        self._output = output
        self._lines = lines

    def toggle(self) -> None:
        """Write the page."""
        self._output.page("State", self._lines())


def _what(title: str) -> str:
    """What is being edited, without the keys of the screen's editor."""
    return title.partition(":")[0]
