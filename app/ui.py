"""The protocols through which commands and controllers use the screen.

Commands and controllers are given a `Ui` and, if needed, a `CommandLine` or `Themes`, but never the
screen itself. The main screen implements these protocols; the tests have their own implementation
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
    """The tabs next to the transcript, and the explanation below them. Each tab is a named page."""

    @property
    def shown(self) -> bool:
        """Whether the tabs are visible."""
        ...

    def shows(self, page: str) -> bool:
        """Return whether this page is selected and visible."""
        ...

    def turn_to(self, page: str) -> None:
        """Select a page. A hidden panel stays hidden."""
        ...

    def open(self, page: str) -> None:
        """Show the panel with this page and focus it."""
        ...

    def toggle(self) -> None:
        """Show or hide the panel."""
        ...

    def toggle_page(self, page: str) -> None:
        """Show this page and focus it, or leave it if it already has the focus."""
        ...

    def toggle_explanation(self) -> bool:
        """Show the explanation, or more of it if it is already open.

        On a narrow screen, show or hide the explanation. Return False if nothing
        more can be shown.
        """
        ...

    def fold(self) -> None:
        """Show the transcript. On a narrow screen, show nothing else."""
        ...


class Ui(Protocol):
    """The interface through which commands and controllers use the screen."""

    @property
    def panel(self) -> SidePanel:
        """The side panel."""
        ...

    @property
    def dialog(self) -> Screen[object] | None:
        """The open dialog, or None."""
        ...

    def tell(
        self,
        text: str,
        *,
        title: str = "",
        trouble: bool = False,
        holds: Callable[[], bool] = lambda: True,
    ) -> None:
        """Show a notice. `trouble` marks it as an error, which stays until it is dismissed.

        A notice about a state is removed from the screen once `holds` returns false.
        """
        ...

    @property
    def notices(self) -> Sequence[Notice]:
        """The notices of this run, newest last."""
        ...

    def clear_notices(self) -> None:
        """Remove all notices from the screen. They remain in `notices`."""
        ...

    def withdraw(self, text: str) -> None:
        """Remove the notice `text` from the screen because it no longer applies.

        The notice remains in `notices`.
        """
        ...

    def ask(
        self,
        asked: Screen[Result] | Request[Result],
        answered: Callable[[Result | None], None] | None = None,
    ) -> None:
        """Open a dialog, and call `answered` with its result, or with None if it was cancelled."""
        ...

    def confirm_again(self, title: str) -> bool:
        """If the question with this title is open, answer yes to it. Return whether it was open."""
        ...

    def copy(self, text: str) -> None:
        """Copy `text` to the clipboard."""
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
    """The line in which commands are typed, and the message editor that replaces it."""

    @property
    def text(self) -> str:
        """The text in the line."""
        ...

    @text.setter
    def text(self, text: str, /) -> None: ...

    def erase_secret(self) -> None:
        """Erase what was typed for an exchange that is over, and drop pending keys meant for it."""
        ...

    def be_wary(self) -> None:
        """Submit the next line only if it looks like a command, since it may be a secret."""
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
        """Whether the message in the editor will be sent as a chunk with BDAT."""
        ...

    @property
    def editing(self) -> bool:
        """Whether a step of the plan is being edited."""
        ...

    def focus_line(self) -> None:
        """Focus the line, or the editor if it replaces the line."""
        ...

    def open_editor(self, draft: str | None = None, *, chunk: bool = False) -> None:
        """Open the message editor, replacing its text with `draft` unless that is None.

        `chunk` is true if the message will be sent as a chunk with BDAT.
        """
        ...

    def move_to_editor(self) -> None:
        """Move text typed before the editor opened from the line to the end of the editor's text.

        An order stays in the line.
        """
        ...

    def close_editor(self) -> None:
        """Return to the line. The editor keeps its text."""
        ...

    def clear_draft(self) -> None:
        """Clear the text of the message editor."""
        ...

    def edit_line(self, text: str, title: str, *, hidden: bool = False) -> None:
        """Edit a step of the plan in the line. If `hidden` is true, the line shows dots."""
        ...

    def edit_message(self, text: str, title: str) -> None:
        """Edit the plan's message in the editor."""
        ...

    def end_edit(self) -> None:
        """Stop editing a step and restore the previous text of the line."""
        ...


class TranscriptLines(Protocol):
    """The interface through which commands use the conversations on the screen."""

    @property
    def needle(self) -> str:
        """The text last searched for."""
        ...

    @property
    def height(self) -> int:
        """The number of lines."""
        ...

    @property
    def sections(self) -> Sequence[TranscriptSection]:
        """The conversations, newest last."""
        ...

    @property
    def present(self) -> tuple[TranscriptSection, LineSource] | None:
        """The section and the source of the line being explained, or None."""
        ...

    def text_lines(self) -> Iterator[str]:
        """Yield the lines as they are saved, with secrets masked and messages in full."""
        ...

    def toggle_ladder(self) -> None:
        """Switch between the ladder and the list."""
        ...

    def show_saving(self, count: int | None, unit: str = "lines") -> None:
        """Show how many lines (or other units) have been saved. `count` is None at the end."""
        ...


class Finder(Protocol):
    """The interface for searching the transcript."""

    def open(self, text: str) -> None:
        """Find `text`, or ask for the text to find if it is ""."""
        ...


class CertificateList(Protocol):
    """The interface of the list of certificates on the screen."""

    @property
    def cursor(self) -> int:
        """The index of the selected certificate, starting at 0."""
        ...


class StateDrawing(Protocol):
    """The interface of the state diagram, which replaces the transcript."""

    def toggle(self) -> None:
        """Show the diagram and focus it, or show the transcript again."""
        ...


class Presenting(Protocol):
    """The interface of the presentation, which replaces the panes."""

    def toggle(self, *, follow: bool = False) -> None:
        """Start or end the presentation.

        If `follow` is true, replies of a live session appear without waiting for a key.
        """
        ...


class Themes(Protocol):
    """The colour themes, implemented by the application."""

    @property
    def theme_names(self) -> Iterable[str]:
        """The names of all themes."""
        ...

    def choose_theme(self, name: str) -> None:
        """Switch to the colour theme `name`."""
        ...

    def search_themes(self) -> None:
        """Open the list of themes."""
        ...


class Application(Themes, Protocol):
    """The interface through which commands use the application: its themes and recordings.

    A recording is shown on a screen of its own.
    """

    def open_recording(self, name: str, *, again: bool = False) -> None:
        """Open a recording and show it, or report why it cannot be opened.

        If `again` is true, also make a plan that repeats the client's lines of the recording.
        """
        ...

    def compare_recording(self, name: str, other: str = "") -> None:
        """Compare a recording with the conversation on the screen, or with the recording `other`.

        If a recording cannot be opened, report the reason.
        """
        ...
