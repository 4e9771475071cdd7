"""The lesson pane: the task of a step, the answers given, and the next thing to do.

It draws the page that it is given (by app/main/lesson.py), as a column or as a strip of a few rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from ...session.visible import visible_text
from .prose import phrase, prose

_NONE, _TASK = -1, -2
"""Special values for the number of the newest part: none is new; the task of the first is due."""


class Choice(NamedTuple):
    """An answer that can be chosen, by its key."""

    key: str
    text: str
    chosen: bool = False


class LessonPart(NamedTuple):
    """A part of a page: a head in a style, and Markdown. `row` is the line that it is about."""

    head: str = ""
    text: str = ""
    style: str = ""
    quote: str = ""
    """A line of the transcript, shown as it is."""
    row: int | None = None
    choices: tuple[Choice, ...] = ()
    aside: bool = False
    """Whether it is an aside: dim, and not scrolled to."""
    echo: bool = False
    """Whether it repeats what the learner answered: not scrolled to."""
    belongs: bool = False
    """Whether it belongs to the part before it, which is scrolled to in its place."""


class LessonPage(NamedTuple):
    """The content of the pane. `step` changes with each step that begins.

    `foot` says what to do next, `keys` are those that choose an answer now, `offers` the actions
    that are useful now.
    """

    title: str = ""
    foot: str = ""
    step: object = None
    parts: tuple[LessonPart, ...] = ()
    keys: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    reads: str = ""
    """How to scroll to hidden lines, for the foot of a pane without the focus."""
    here: str = ""
    """What to do next while the pane has the focus, if that is not `foot`."""
    act: str = ""
    """The task that is due: "step", the one in the first part, because a question about it was
    answered; "message", to write the message that it shows; "" for neither.
    """
    types: str = ""
    """The line in the first part that is typed first, if it shows one."""
    follows: str = ""
    """The line in the first part that is typed next, once one of its lines was typed."""
    late: bool = False
    """Whether the question follows the event that it asks about: the prompt has been read by
    then.
    """


class LessonPane(VerticalScroll, can_focus=True):
    """Shows a step of a lesson. While it has the focus, a key chooses an answer.

    While a question is open, a digit that is not an answer is posted as chosen, too.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "ask('next')", "continue", show=True),
        Binding("h", "ask('hint')", "hint", show=True),
        Binding("m", "ask('details')", "more", show=True),
        Binding("r", "ask('repeat')", "repeat", show=True),
        Binding("s", "ask('jump')", "skip", show=True),
        Binding("b", "ask('back')", "back", show=True),
        Binding("f", "ask('fold')", "fold", show=True),
        Binding("x", "ask('leave')", "leave", show=True),
        Binding("space", "page_down", "read on", show=False),
    ]
    DEFAULT_CSS = """
    LessonPane {
        border: round $foreground 25%;
        border-title-color: $foreground; border-subtitle-color: $text-muted;
        padding: 0 1; scrollbar-size-vertical: 1;
        &:focus { border: round $accent; border-title-color: $text-accent; }
        & > Static { width: 100%; height: auto; }
    }
    """
    HELP = "A lesson. The keys beside an answer choose it while the pane has the focus."

    @dataclass
    class ActionRequested(Message):
        """Posted when a key asks for an action of the lesson; `order` names it."""

        pane: LessonPane
        order: str

        @property
        def control(self) -> LessonPane:
            return self.pane

    @dataclass
    class Chosen(Message):
        """Posted when an answer is chosen, by its key."""

        pane: LessonPane
        key: str

        @property
        def control(self) -> LessonPane:
            return self.pane

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._page = LessonPage()
        self._drawn: object = None
        self._newest = _NONE
        self._text = Static(id="lesson-text")
        self.starts: list[int] = []
        """The line on which each part begins."""
        self._first: Sequence[Content] = ()
        """The lines of the first part."""
        self._to_do = 0  # the line of the first part that says what to type

    def compose(self) -> ComposeResult:
        yield self._text

    def show(self, page: LessonPage) -> None:
        """Show a page: a new step from its top, a new part of a step so that it is in view."""
        if page == self._page:
            return
        before, self._page = self._page, page
        if page.offers != before.offers and self.has_focus:
            self.screen.refresh_bindings()  # its keys have changed
        self.border_title = Content(visible_text(page.title)).markup
        self._draw()
        if page.step != before.step:
            self._newest = _NONE
            self.call_after_refresh(self.scroll_home, animate=False)
        elif page.act and page.act != before.act != "message":
            self._newest = _TASK
            self.call_after_refresh(self._show_newest)
        elif page.parts != before.parts:
            opening = self._newest == _NONE and not page.late
            self._newest = _newest(page.parts, before.parts, opening=opening)
            if self._newest == _NONE and len(page.parts) < len(before.parts):
                self.call_after_refresh(self.scroll_home, animate=False)
            else:
                self.call_after_refresh(self._show_newest)
        elif page.follows and page.follows != before.follows and not self.has_focus:
            self._newest = _NONE  # a learner who is reading in the pane is not moved away
            self.call_after_refresh(self._show_following)
        self.call_after_refresh(self._show_foot)

    @property
    def plain(self) -> str:
        """The text that is shown."""
        return "\n".join(line.plain for line in self._lines(1000))

    def offers(self, action: str) -> bool:
        """Whether a key of the pane is of use now."""
        return any(action == f"ask('{name}')" for name in self._page.offers)

    def show_question(self) -> None:
        """Scroll to the open question."""
        for start, part in zip(self.starts, self._page.parts, strict=False):
            if part.choices:
                self.scroll_to(y=min(start, self.max_scroll_y), animate=False)

    def _show_newest(self) -> None:
        """Scroll to new lines: to their end, but not beyond their beginning.

        If the task of the first part is due, scroll to the line to type first.
        """
        if self._newest == _TASK:
            self.scroll_to(y=min(self._to_do, self.max_scroll_y), animate=False)
        elif 0 <= self._newest < len(self.starts):
            newest = self.starts[self._newest]
            self.scroll_to(y=min(newest, self.max_scroll_y), animate=False)

    def _show_following(self) -> None:
        """Scroll the next line of the prompt into view."""
        place = _line_of(self._first, self._page.follows)
        top, height = self.scroll_offset.y, self.scrollable_content_region.height
        if place is not None and not top <= place < top + height:
            self.scroll_to(y=min(max(0, place - 1), self.max_scroll_y), animate=False)

    def _show_foot(self) -> None:
        """Show what to do next, and how to scroll if part of the text is out of view."""
        page = self._page
        reads = "Space: read on" if self.has_focus else page.reads
        more = self.scroll_offset.y < self.max_scroll_y
        foot = page.here if self.has_focus and page.here else page.foot
        foot = "  ".join(filter(None, (foot, reads if more else "")))
        self.border_subtitle = Content(visible_text(foot)).markup

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._show_foot()

    def watch_virtual_size(self) -> None:
        # The text has been laid out, which takes until a dialog above the screen is closed.
        self.call_after_refresh(self._show_newest)
        self._show_foot()

    def watch_has_focus(self, has_focus: bool) -> None:
        super().watch_has_focus(has_focus)
        self._show_foot()

    def on_resize(self, _: events.Resize) -> None:
        self._draw()
        self.call_after_refresh(self._show_newest)  # it changed while it was folded
        self.call_after_refresh(self._show_foot)

    def _draw(self) -> None:
        width = max(20, self.scrollable_content_region.width - 1)
        drawn = (self._page, width)
        if drawn != self._drawn and self.is_mounted:
            self._drawn = drawn
            self._text.update(Content("\n").join(self._lines(width)))

    def _lines(self, width: int) -> list[Content]:
        lines: list[Content] = []
        self.starts = []
        for part in self._page.parts:
            if lines:
                lines.append(Content(""))
            self.starts.append(len(lines))
            lines += _part(part, width)
            if len(self.starts) == 1:
                self._first = tuple(lines)
                fits = len(lines) <= self.scrollable_content_region.height
                self._to_do = 0 if fits else _to_do(lines, self._page.types)
        return lines

    @property
    def answer_keys(self) -> tuple[str, ...]:
        """The keys that choose an answer now."""
        return self._page.keys

    def on_key(self, event: events.Key) -> None:
        asks = bool(self.answer_keys)
        for key in (event.character, event.key):
            # no command begins with a digit: one that is not an answer is reported, not typed
            if key in self.answer_keys or (asks and key and len(key) == 1 and key.isdecimal()):
                event.stop()
                event.prevent_default()
                self.post_message(self.Chosen(self, key))
                return

    def action_ask(self, order: str) -> None:
        self.post_message(self.ActionRequested(self, order))


def _newest(parts: Sequence[LessonPart], before: Sequence[LessonPart], *, opening: bool) -> int:
    """The first new part, else a question whose answer was just marked; _NONE if there is none.

    A question does not count while the step is `opening`: the prompt has not been read yet.
    """
    asked = {part.head for part in before if part.choices}
    opening = opening and not asked
    fresh = [
        n
        for n, part in enumerate(parts)
        if part not in before and not (part.aside or part.echo) and not (part.choices and opening)
    ]
    said = (n for n in fresh if not (parts[n].choices and parts[n].head in asked))
    newest = next(said, fresh[0] if fresh else _NONE)
    return newest - 1 if newest > 0 and parts[newest].belongs else newest


def _line_of(lines: Sequence[Content], text: str) -> int | None:
    """The first line that equals `text`, else the first that contains its start: long ones wrap."""
    whole = (n for n, line in enumerate(lines) if line.plain.strip() == text)
    start = text[:20].rstrip()
    begun = (n for n, line in enumerate(lines) if start in line.plain)
    return next(whole, next(begun, None))


def _to_do(lines: Sequence[Content], typed: str) -> int:
    """The line that shows the typed text; else where the last code, list or paragraph begins."""
    if typed and (place := _line_of(lines, typed)) is not None:
        return place
    begins = [n for n, line in enumerate(lines) if line.plain and (not n or not lines[n - 1].plain)]
    special = [n for n in begins if lines[n].plain.startswith(("  ", "1. ", "• "))]
    return (special or begins or [0])[-1]


def _part(part: LessonPart, width: int) -> Sequence[Content]:
    lines: list[Content] = []
    if part.head:
        style = f"bold {part.style}".strip()
        if part.choices:
            lines += phrase(part.head).stylize_before(style).wrap(width)
        else:
            lines += Content.styled(visible_text(part.head), style).wrap(width)
    if part.quote:
        quoted = Content.styled(f"  {visible_text(part.quote)}", "dim")
        lines.append(quoted.truncate(width, ellipsis=True))
    for line in prose(part.text, width) if part.text else ():
        lines.append(line.stylize("dim") if part.aside else line)
    for choice in part.choices:
        mark = ("▸" if choice.chosen else " ") + f"{choice.key}  "
        words = phrase(choice.text).wrap(width - len(mark))
        style = "bold $text-accent"
        for row, line in enumerate(words):
            head = mark if not row else " " * len(mark)
            lines.append(
                Content.styled(head, style) + (line.stylize("bold") if choice.chosen else line)
            )
    return lines
