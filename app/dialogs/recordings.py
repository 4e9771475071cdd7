"""The list of stored recordings, in which they can be searched, previewed, compared and managed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from ...session.archive.query import Query, words_of
from ...session.archive.recordings import Kept, NotDone, delete, pin, rename
from ...session.private_file import reason
from ...session.record.masking import KnownSecrets
from ...widgets.base.app_of import app_of
from ..runtime.key_queue import GIVES_UP
from ..ui import Ui
from .question import QuestionScreen
from .recording_details import details, row, when
from .requests import Answer, ChosenRecording

if TYPE_CHECKING:
    from ...session.archive.index import Index

LISTED = 1000  # the most recordings listed, the newest
_KEYS = "Enter {}  a again  Space mark  c compare  / find  p pin  n name  d delete  Esc"
_KEYS_NARROW = "Enter {}  Space mark  c compare  a again  / find  p n d  Esc"
_SEARCH = "search in names, servers and everything sent or received"
_AT_ONCE = (*GIVES_UP, "slash")  # keys that need no list
_EMPTY = (
    "No recordings yet. Each session is recorded while it runs, with secrets masked: "
    "connect to a server, and the session will be listed here."
)
_NONE = "No recording contains all these words. Esc in the search line shows the whole list again."


class RecordingsScreen(ModalScreen[ChosenRecording]):
    """Lists the recordings, newest first. The result is a recording and what to do with it.

    A search for `wanted` starts at once. The index is read and updated in a thread. `secrets` masks
    the names if they are masked on the screen. The recording `omitted` is not listed.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c", "close", "close", show=False),
        Binding("slash", "search", "search in names, servers and lines", show=False),
        Binding("space", "mark", "mark or unmark the recording, to compare two", show=False),
        Binding(
            "c",
            "compare",
            "compare the marked ones, or this one with the session shown",
            show=False,
        ),
        Binding("a", "again", "repeat the recording's client lines", show=False),
        Binding(
            "p",
            "pin",
            "pin the recording, so that it is never deleted to make room, or unpin it",
            show=False,
        ),
        Binding("n", "name", "name the recording", show=False),
        Binding("d,delete", "delete", "delete the recording, after asking", show=False),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    DEFAULT_CSS = """
    RecordingsScreen { align: center middle; }
    RecordingsScreen > Vertical {
        width: 94%; height: 90%; border: round $accent; border-title-color: $text-accent;
        border-subtitle-color: $text-muted; background: $surface;
    }
    RecordingsScreen Input, RecordingsScreen Input:focus { border: none; height: 1; padding: 0 1; }
    RecordingsScreen OptionList { width: 46; height: 1fr; border: none;
        border-right: vkey $panel; background: $surface;
        text-wrap: nowrap; text-overflow: ellipsis; }
    RecordingsScreen OptionList:focus { border: none; border-right: vkey $panel; }
    RecordingsScreen VerticalScroll { width: 1fr; height: 1fr; padding: 0 1; scrollbar-size: 1 1; }
    RecordingsScreen #recording { width: 100%; }
    RecordingsScreen.-narrow OptionList { width: 34; }
    """

    def __init__(
        self,
        ui: Ui,
        wanted: str = "",
        folder: Path | None = None,
        chosen_to: str = "open",
        secrets: KnownSecrets | None = None,
        omitted: Path | None = None,
    ) -> None:
        super().__init__()
        self._omitted = omitted
        self._secrets = secrets or KnownSecrets()
        self._marked: list[Kept] = []  # at most two, to be compared
        self._chosen_to = chosen_to
        self._ui = ui
        self._wanted = wanted
        self._folder = folder
        self._index: Index | None = None
        self._work: asyncio.Task[None] | None = None
        self._again = False  # the text has changed during a search
        self._update = True  # the files are checked again before the next search
        self._closed = False
        self._read = (0, 0)
        self._shown: list[Kept] = []
        self._chosen: Path | None = None
        self._naming: Kept | None = None

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "Recordings"
            yield Input(self._wanted, placeholder=_SEARCH, id="search", max_length=200)
            with Horizontal():
                yield OptionList(id="recordings", markup=False)
                with VerticalScroll(id="recording-pane"):
                    yield Static("", id="recording")

    def on_mount(self) -> None:
        self.query_one(OptionList).focus()
        self.set_interval(0.2, self._show_progress)
        self._seek()

    def on_unmount(self) -> None:
        self._closed = True
        index, self._index = self._index, None
        if index is not None:
            asyncio.get_running_loop().run_in_executor(None, index.close)

    # Searching, in a thread

    def _seek(self) -> None:
        """Search for the typed text, after any search that is already running."""
        self._again = True
        if not self.searching:
            self._work = asyncio.get_running_loop().create_task(self._searches())

    @property
    def searching(self) -> bool:
        """Whether the index is being searched or updated."""
        return self._work is not None and not self._work.done()

    async def _searches(self) -> None:
        while self._again and not self._closed:
            self._again = False
            words = words_of("" if self._naming else self.query_one(Input).value)
            query = Query(words, typing=True) if words else None
            try:
                found = await asyncio.to_thread(self._look, query)
            except OSError as error:
                self._ui.tell(f"Cannot read the recordings: {reason(error)}.", trouble=True)
                found = []
            if not self._closed and not self._again:
                self._list(found, searched=query is not None)

    def _look(self, query: Query | None) -> list[Kept]:
        """Return the recordings that match a query. Runs in a thread."""
        if self._index is None:
            from ...session.archive.index import Index

            self._index = Index(self._folder)
            if self._index.trouble:
                app_of(self).call_later(self._ui.tell, self._index.trouble, trouble=True)
        index = self._index
        if self._update:
            self._update = False
            index.update(self._progress, lambda: self._closed)
        return [each for each in index.recordings(query) if each.path != self._omitted]

    def _progress(self, done: int, of: int) -> None:
        self._read = (done, of)

    def _show_progress(self) -> None:
        done, of = self._read
        words = f"Recordings: {100 * done // of} % read" if done < of else "Recordings"
        if self._marked:
            next_step = "c compares them" if len(self._marked) == 2 else "Space marks another"
            words = f"{words}, {len(self._marked)} marked: {next_step}"
        self.query_one(Vertical).border_title = words

    # The list

    def _list(self, found: list[Kept], *, searched: bool) -> None:
        options = self.query_one(OptionList)
        self._shown = found[:LISTED]
        options.clear_options()
        options.add_options([Option(self._row(each)) for each in self._shown])
        if len(found) > LISTED:
            older = f" and {len(found) - LISTED:,} older recordings: search for them"
            options.add_option(Option(Content.styled(older, "dim"), disabled=True))
        paths = [each.path for each in self._shown]
        if paths:
            options.highlighted = paths.index(self._chosen) if self._chosen in paths else 0
        else:
            self._chosen = None
            words = _NONE if searched else _EMPTY
            self.query_one("#recording", Static).update(Content.styled(words, "dim"))

    def _row(self, each: Kept) -> Content:
        marked = any(each.path == other.path for other in self._marked)
        return row(each, self._secrets, marked=marked)

    def waits(self, key: str) -> bool:
        """Return whether the key queue must delay a key until the list has been searched."""
        in_list = not self.query_one(Input).has_focus
        return self.searching and in_list and key not in _AT_ONCE

    @property
    def _present(self) -> Kept | None:
        at = self.query_one(OptionList).highlighted
        return self._shown[at] if at is not None and at < len(self._shown) else None

    @property
    def _meant(self) -> Kept | None:
        """The recording that a key applies to, or None while a search is running."""
        return None if self.searching else self._present

    @on(OptionList.OptionHighlighted)
    def _highlighted(self) -> None:
        self.query_one("#recording-pane").scroll_home(animate=False)
        self._draw()

    @on(events.Resize)
    def _resized(self) -> None:
        narrow = self.size.width < 100
        keys = (_KEYS_NARROW if narrow else _KEYS).format(self._chosen_to)
        self.query_one(Vertical).border_subtitle = keys
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        each = self._present
        if each is not None:
            self._chosen = each.path
            width = max(24, self.query_one("#recording-pane").content_size.width - 1)
            self.query_one("#recording", Static).update(details(each, self._secrets, width))

    @on(OptionList.OptionSelected)
    def _selected(self) -> None:
        each = self._meant
        if each is not None:
            self.dismiss(ChosenRecording(str(each.path), compare=self._chosen_to == "compare"))

    # The line above the list: a search, or a name

    @on(Input.Changed)
    def _typed(self) -> None:
        if self._naming is None:
            self._seek()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        each = self._naming
        if each is not None and not self._done(lambda: rename(self._shown, each, event.value)):
            return  # the name stays in the line, to be corrected
        self._end_name()
        self.query_one(OptionList).focus()

    @on(events.Key)
    def _down(self, event: events.Key) -> None:
        if event.key == "down" and self.query_one(Input).has_focus and self._naming is None:
            event.stop()
            self.query_one(OptionList).focus()

    def action_search(self) -> None:
        self.query_one(Input).focus()

    def action_name(self) -> None:
        """Let the user type a name for the recording in the line above the list."""
        each = self._meant
        if each is not None:
            self._naming = each
            line = self.query_one(Input)
            self._wanted = line.value
            title = self._secrets.mask_names(each.title)
            line.placeholder = f"a name for {title}; Enter saves it, an empty line removes it"
            line.value = each.label.name
            line.focus()

    def _end_name(self) -> None:
        if self._naming is not None:
            self._naming = None
            line = self.query_one(Input)
            line.placeholder = _SEARCH
            line.value = self._wanted
            self._seek()

    def action_pin(self) -> None:
        each = self._meant
        if each is not None:
            self._done(lambda: pin(each, pinned=not each.label.pinned))

    def action_mark(self) -> None:
        """Mark the recording for comparison, or unmark it. A third mark replaces the oldest."""
        each = self._meant
        if each is None:
            return
        others = [other for other in self._marked if other.path != each.path]
        changed = [each, *self._marked]
        self._marked = others if len(others) < len(self._marked) else [*others, each][-2:]
        options = self.query_one(OptionList)
        for number, shown in enumerate(self._shown):
            if any(shown.path == other.path for other in changed):
                options.replace_option_prompt_at_index(number, self._row(shown))
        if options.highlighted != len(self._shown) - 1:
            options.action_cursor_down()
        self._show_progress()

    def action_compare(self) -> None:
        """Compare the two marked recordings.

        If none is marked, compare the highlighted one with the session. If only one is marked, tell
        the user how to mark another.
        """
        each = self._meant
        if len(self._marked) == 2:
            left, right = sorted(self._marked, key=lambda kept: kept.summary.began)
            self.dismiss(ChosenRecording(str(left.path), compare=True, other=str(right.path)))
        elif self._marked:
            self._ui.tell(
                "One recording is marked: Space marks another to compare it with, or unmarks it."
            )
        elif each is not None:
            self.dismiss(ChosenRecording(str(each.path), compare=True))

    def action_again(self) -> None:
        """Open the recording, and repeat its client lines."""
        each = self._meant
        if each is not None:
            self.dismiss(ChosenRecording(str(each.path), again=True))

    def action_delete(self) -> None:
        """Delete the recording after asking the user."""
        each = self._meant
        if each is None:
            return

        def answered(answer: str | None) -> None:
            if answer == "yes" and self._done(lambda: delete(each)):
                self._marked = [other for other in self._marked if other.path != each.path]
                self._show_progress()

        app_of(self).push_screen(
            QuestionScreen(
                self._secrets.mask_names(f"Delete {each.title}?"),
                f"{self._secrets.mask_target(each.summary.target)}, {when(each)}. Its notes "
                "will be deleted, too.",
                (Answer("y", "yes", "yes, delete it"), Answer("Esc", "no", "no, keep it")),
            ),
            answered,
        )

    def _done(self, what: Callable[[], object]) -> bool:
        """Call `what`, which changes a file, and update the list. Return False if that failed."""
        try:
            what()
        except NotDone as error:
            self._ui.tell(str(error), trouble=True)
            return False
        except OSError as error:
            self._ui.tell(f"The recording was not changed: {reason(error)}.", trouble=True)
            return False
        self._update = True
        self._seek()
        return True

    def action_close(self) -> None:
        """Close the dialog, or return to the list from the line above it."""
        line = self.query_one(Input)
        if self._naming is not None:
            self._end_name()
        elif line.has_focus:
            line.value = ""
        else:
            self.dismiss(None)
            return
        self.query_one(OptionList).focus()
