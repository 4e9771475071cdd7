"""The protocols through which commands and controllers use the screen.

They are given a `Ui` and, if needed, a `CommandLine` or `Themes`, never the screen itself.
The main screen implements these protocols, the tests have an implementation of their own
(tests/support/ui.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from textual.screen import Screen

    from ..widgets.bars.notice import Notice
    from ..widgets.transcript.layout import LineSource
    from ..widgets.transcript.section import TranscriptSection

Result = TypeVar("Result")


class Request(Generic[Result]):
    """A request to the user: a value of one of the classes in dialogs/requests.py.

    The result is None if the user cancels.
    """


class SidePanel(Protocol):
    """The tabs beside the transcript, and the explanation below them. Pages have names."""

    @property
    def shown(self) -> bool:
        """Whether the tabs are visible."""
        ...

    def shows(self, page: str) -> bool:
        """Whether this page is selected and visible."""
        ...

    def turn_to(self, page: str) -> None:
        """Select a page. A hidden panel stays hidden."""
        ...

    def open(self, page: str) -> None:
        """Show the panel with this page, and focus it."""
        ...

    def toggle(self) -> None:
        """Show or hide the panel."""
        ...

    def toggle_page(self, page: str) -> None:
        """Show this page and focus it; if it has the focus already, leave it."""
        ...

    def toggle_explanation(self) -> bool:
        """Show the explanation, or more of it; on a narrow screen, show or hide it.

        Returns False if all of it has been shown already.
        """
        ...

    def fold(self) -> None:
        """Show the transcript; on a narrow screen, alone."""
        ...


class Ui(Protocol):
    """The interface of the screen for commands and controllers."""

    @property
    def panel(self) -> SidePanel:
        """The side panel."""
        ...

    @property
    def dialog(self) -> Screen[object] | None:
        """The open dialog, if any."""
        ...

    def tell(
        self,
        text: str,
        *,
        title: str = "",
        trouble: bool = False,
        holds: Callable[[], bool] = lambda: True,
    ) -> None:
        """Show a notice; `trouble` marks it as an error, which stays until it is dismissed.

        A notice about a state is removed from the screen once `holds` returns false.
        """
        ...

    @property
    def notices(self) -> Sequence[Notice]:
        """The notices of this run, the newest last."""
        ...

    def clear_told(self) -> None:
        """Remove the notices from the screen; `notices` keeps them."""
        ...

    def withdraw(self, text: str) -> None:
        """Remove a notice that no longer applies from the screen; `notices` keeps it."""
        ...

    def ask(
        self,
        asked: Screen[Result] | Request[Result],
        answered: Callable[[Result | None], None] | None = None,
    ) -> None:
        """Open a dialog. `answered` is called with its result; None if it was cancelled."""
        ...

    def confirm_again(self, title: str) -> bool:
        """Answer yes to the question with this title, if it is open. Returns whether it was."""
        ...

    def copy(self, text: str) -> None:
        """Copy text to the clipboard."""
        ...

    def leave(self) -> None:
        """End the program."""
        ...

    def refresh(self) -> None:
        """Update the screen with the next frame."""
        ...

    def show_newest(self) -> None:
        """Scroll the transcript to its end and follow it."""
        ...


class CommandLine(Protocol):
    """The line in which commands are typed, and the message editor that takes its place."""

    @property
    def text(self) -> str:
        """The text in the line."""
        ...

    @text.setter
    def text(self, text: str, /) -> None: ...

    def erase_secret(self) -> None:
        """Erase text typed for an exchange that is over, and drop the keys that belong to it."""
        ...

    def be_wary(self) -> None:
        """Submit the next line only if it reads as a command: it may be a secret."""
        ...

    @property
    def writing(self) -> bool:
        """Whether the message editor is open."""
        ...

    @property
    def draft(self) -> str:
        """The text in the message editor."""
        ...

    @property
    def chunk(self) -> bool:
        """Whether the message in the editor will be sent as a chunk, with BDAT."""
        ...

    @property
    def editing(self) -> bool:
        """Whether a step of the plan is being edited."""
        ...

    def focus_line(self) -> None:
        """Focus the line, or the editor in its place."""
        ...

    def open_editor(self, draft: str | None = None, *, chunk: bool = False) -> None:
        """Open the message editor; `draft` replaces its text."""
        ...

    def move_to_editor(self) -> None:
        """Move text typed into the line before the editor opened to the end of the editor's text.

        An order stays in the line.
        """
        ...

    def close_editor(self) -> None:
        """Return to the line; the editor keeps its text."""
        ...

    def clear_draft(self) -> None:
        """Empty the message editor."""
        ...

    def edit_line(self, text: str, title: str, *, hidden: bool = False) -> None:
        """Edit a step of the plan in the line; `hidden` shows dots."""
        ...

    def edit_message(self, text: str, title: str) -> None:
        """Edit the message of the plan in the editor."""
        ...

    def end_edit(self) -> None:
        """End the edit of a step, and restore the previous text of the line."""
        ...


class TranscriptLines(Protocol):
    """The interface of the shown conversations for commands."""

    @property
    def needle(self) -> str:
        """The text searched for last."""
        ...

    @property
    def height(self) -> int:
        """The number of lines."""
        ...

    @property
    def sections(self) -> Sequence[TranscriptSection]:
        """The conversations, the newest last."""
        ...

    @property
    def present(self) -> tuple[TranscriptSection, LineSource] | None:
        """The explained line: its section and its source."""
        ...

    def text_lines(self) -> Iterator[str]:
        """The lines in the form in which they are saved: secrets masked, messages in full."""
        ...

    def toggle_ladder(self) -> None:
        """Draw a ladder, or the list again."""
        ...

    def show_saving(self, count: int | None, unit: str = "lines") -> None:
        """Show how much has been saved; None when saving has ended."""
        ...


class Finder(Protocol):
    """The interface for finding text in the transcript."""

    def open(self, text: str) -> None:
        """Find `text`; ask for it if it is empty."""
        ...


class CertificateList(Protocol):
    """The interface of the shown certificates."""

    @property
    def cursor(self) -> int:
        """The index of the chosen certificate, from 0."""
        ...


class StateDrawing(Protocol):
    """The interface of the state diagram, which takes the place of the transcript."""

    def toggle(self) -> None:
        """Show the diagram and focus it, or show the transcript again."""
        ...


class Presenting(Protocol):
    """The interface of the presentation, which takes the place of the panes."""

    def toggle(self, *, follow: bool = False) -> None:
        """Begin or end it. With `follow`, replies of a live session do not wait for a key."""
        ...


class Themes(Protocol):
    """The colour themes. The application implements it."""

    @property
    def theme_names(self) -> Iterable[str]:
        """The names of all themes."""
        ...

    def choose_theme(self, name: str) -> None:
        """Use a theme from now on."""
        ...

    def search_themes(self) -> None:
        """Open the list of themes."""
        ...


class Application(Themes, Protocol):
    """The interface of the application for commands: themes, and recordings on their own screen."""

    def open_recording(self, name: str, *, again: bool = False) -> None:
        """Open a recording and show it, or report why not; `again` repeats its client's lines."""
        ...

    def compare_recording(self, name: str, other: str = "") -> None:
        """Compare a recording with the conversation shown, or with another one.

        Reports why a recording cannot be opened.
        """
        ...
