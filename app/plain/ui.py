"""Implements the protocols of app/ui.py by writing lines instead of drawing a screen."""

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
LONGEST = 2000  # characters kept of a notice
Result = TypeVar("Result")
Page = Callable[[], Iterable[str]]
"""A function that returns the lines of a page."""


def _ignored(_: object) -> None:
    """Ignore the result of a request."""


class Asked(NamedTuple):
    """A request waiting to be asked, and the function to call with its result."""

    request: Request[Any]
    answered: Callable[[Any], object]


class PlainPanel:
    """The side panel. A page is written when it is requested, but never stays on a screen.

    `pages` holds the heading and the lines of each page, keyed by the page's name.
    """

    shown = False

    def __init__(self, output: Output) -> None:
        self._output = output
        self.pages: dict[str, tuple[str, Page]] = {}
        self.explain: Callable[[], bool] = lambda: False
        """A function that writes an explanation. It returns False if there is nothing to explain.
        """

    def shows(self, page: str) -> bool:
        """Return False, since a page has to be written as lines whenever it is requested."""
        return False

    def turn_to(self, page: str) -> None:
        """Do nothing, since a page that nobody requested is not written."""

    def open(self, page: str) -> None:
        """Write the page with this name."""
        heading, lines = self.pages[page]
        self._output.page(heading, lines())

    def toggle(self) -> None:
        """Write the pages for which there is no separate order: the extensions and the state."""
        self.open("extensions")
        self.open("state")

    def toggle_page(self, page: str) -> None:
        """Write a page, as `open` does."""
        self.open(page)

    def toggle_explanation(self) -> bool:
        """Write an explanation, or report that there is nothing more to explain. Return True."""
        if not self.explain():
            self._output.say(NOTE, "There is nothing more to explain.")
        return True

    def fold(self) -> None:
        """Do nothing, since there are no panels to fold."""


class PlainUi:
    """A user interface that writes lines instead of drawing a screen. Implements ui.Ui.

    Questions wait in `asked`. `stir` is called when anything may have changed.
    """

    def __init__(self, output: Output, stir: Callable[[], object]) -> None:
        self._output = output
        self._stir = stir
        self._notices: deque[Notice] = deque(maxlen=KEPT)
        self.panel = PlainPanel(output)
        self.asked: deque[Asked] = deque()
        self.left = False
        """Whether the program has to end."""
        self.troubled: Callable[[str], object] = lambda text: None
        """A function called with the text of each error notice."""

    dialog: Screen[object] | None = None

    @property
    def notices(self) -> Sequence[Notice]:
        """The notices of this run, newest last."""
        return self._notices

    def tell(
        self,
        text: str,
        *,
        title: str = "",
        trouble: bool = False,
        holds: Callable[[], bool] = lambda: True,
    ) -> None:
        """Write a notice. It cannot be withdrawn."""
        self._notices.append(Notice(text[:LONGEST], title, trouble, time.time()))
        word = ERROR if trouble else NOTE
        self._output.say(word, f"{title}: {text}" if title else text)
        if trouble:
            self.troubled(text)
        self._stir()

    def clear_notices(self) -> None:
        """Do nothing, since written lines stay."""

    def withdraw(self, text: str) -> None:
        """Do nothing, since written lines stay."""

    def ask(
        self,
        asked: Screen[Result] | Request[Result],
        answered: Callable[[Result | None], None] | None = None,
    ) -> None:
        """Queue a request, which is asked once nothing is in progress.

        If `asked` is a screen, report an error instead.
        """
        if isinstance(asked, Request):
            self.asked.append(Asked(asked, answered or _ignored))
            self._stir()
        else:
            self.tell("This needs a screen. Run heloscope without --plain to use it.", trouble=True)

    def confirm_again(self, title: str) -> bool:
        """Return False, since a question is answered before anything else is typed."""
        return False

    def copy(self, text: str) -> None:
        """Write a text that would otherwise go to the clipboard."""
        self._output.page("To copy", text.removesuffix("\n").split("\n"))

    def leave(self) -> None:
        """End the program."""
        self.left = True
        self._stir()

    def refresh(self) -> None:
        """Check for changes."""
        self._stir()

    def show_newest(self) -> None:
        """Do nothing, since the newest line is always the last one."""


class PlainLine:
    """The line being typed. Implements ui.CommandLine."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self.text = ""
        """A line that was refused. Typing an empty line enters the refused line again."""
        self.writing = False
        self.chunk = False
        self.editing = False
        self.hidden = False
        """Whether the line that replaces a step of the plan is a secret."""
        self.wary = False
        """Whether the next line may be a secret whose exchange is over."""
        self.doubted = False
        """Whether a line that may be a secret has been typed since `wary` was set."""
        self._lines: list[str] = []  # of the message

    def erase_secret(self) -> None:
        """Forget the refused line, so that an empty line does not enter it again."""
        self.text = ""

    def be_wary(self) -> None:
        """Treat the next lines as secrets, until one of them reads as a command."""
        self.wary, self.doubted = True, False

    def focus_line(self) -> None:
        """Do nothing, since there is only one line."""

    # The message

    @property
    def draft(self) -> str:
        """The message being written."""
        return "".join(f"{line}\n" for line in self._lines)

    def open_editor(self, draft: str | None = None, *, chunk: bool = False) -> None:
        """Read the lines that follow as the message, starting with `draft` if it is given."""
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
        """Do nothing, since a line is complete before the next one is read."""

    def close_editor(self) -> None:
        """Read lines as commands again, keeping the message."""
        self.writing = False

    def clear_draft(self) -> None:
        """Forget the message."""
        self._lines.clear()

    # A step of the plan

    def edit_line(self, text: str, title: str, *, hidden: bool = False) -> None:
        """Let the next line replace a step of the plan. An empty line leaves the step unchanged."""
        self.editing, self.hidden = True, hidden
        self._output.say(NOTE, f"{_edited_object(title)}; an empty line leaves it unchanged")
        self._output.page_line("(not shown)" if hidden else text)

    def edit_message(self, text: str, title: str) -> None:
        """Read the lines that follow as the new message of the plan."""
        self.editing = True
        self._output.say(NOTE, _edited_object(title))
        self.open_editor("")
        self._output.say(NOTE, "the current message, which the new one replaces:")
        for line in text.removesuffix("\n").split("\n"):
            self._output.page_line(line)

    def end_edit(self) -> None:
        """Read lines as commands again, discarding an unfinished message."""
        if self.editing and self.writing:
            self.writing = False
            self._lines.clear()
        self.editing = self.hidden = False


class PlainApplication:
    """The application's functions. Functions that need a screen are refused with an error.

    Implements ui.Application and ui.Presenting. `compare` compares a recording with the session, or
    with another recording.
    """

    theme_names: Sequence[str] = ()

    def __init__(self, output: Output, compare: Callable[[str, str], object]) -> None:
        self._output = output
        self._compare = compare

    def choose_theme(self, name: str) -> None:
        """Do nothing. This is never called, because there are no themes."""

    def search_themes(self) -> None:
        """Report that themes need a screen."""
        self._output.say(ERROR, no_screen("theme"))

    def open_recording(self, name: str, *, again: bool = False) -> None:
        """Report that showing a recording needs a screen."""
        self._output.say(ERROR, no_screen("open"))

    def compare_recording(self, name: str, other: str = "") -> None:
        """Compare a recording with the session, or with the recording `other`."""
        self._compare(name, other)

    def toggle(self, *, follow: bool = False) -> None:
        """Report that a presentation needs a screen."""
        self._output.say(ERROR, no_screen("present"))


class PlainStates:
    """The state of the conversation as a page. Implements ui.StateDrawing."""

    def __init__(self, output: Output, lines: Page) -> None:
        self._output = output
        self._lines = lines

    def toggle(self) -> None:
        """Write the page."""
        self._output.page("State", self._lines())


def _edited_object(title: str) -> str:
    """Return what is being edited, without the keys of the screen's editor."""
    return title.partition(":")[0]
