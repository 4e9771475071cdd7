"""The lesson pane: the task of a step, the answers given, and what to do next.

The pane draws the page that it is given by app/main/lesson.py, as a column or as a strip of a few
rows.
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
"""Special values of `LessonPane._newest`: no part is new, or the task in the first part is due."""


class Choice(NamedTuple):
    """An answer that can be chosen by pressing its key."""

    key: str
    text: str
    chosen: bool = False


class LessonPart(NamedTuple):
    """A part of a page: a `head` in `style`, followed by `text` in Markdown.

    `row` is the row of the transcript that the part is about. `choices` are the answers
    if the part is a question.
    """

    head: str = ""
    text: str = ""
    style: str = ""
    quote: str = ""
    """A line of the transcript, shown verbatim."""
    row: int | None = None
    choices: tuple[Choice, ...] = ()
    aside: bool = False
    """Whether the part is an aside, which is dimmed and not scrolled to."""
    echo: bool = False
    """Whether the part repeats the learner's answer. If so, the pane does not scroll to it."""
    belongs: bool = False
    """Whether the part belongs to the preceding part, to which the pane then scrolls."""


class LessonPage(NamedTuple):
    """The content of the lesson pane. `step` identifies the step shown, or the introduction or end.

    `foot` says what to do next, `keys` are the keys that choose an answer, and `offers` are the
    actions that are currently useful.
    """

    title: str = ""
    foot: str = ""
    step: object = None
    parts: tuple[LessonPart, ...] = ()
    keys: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    reads: str = ""
    """How to scroll to hidden lines. This is shown while the pane does not have the focus."""
    here: str = ""
    """What to do next while the pane has the focus, if that differs from `foot`."""
    act: str = ""
    """The task that is due, or "".

    "step" is the task in the first part, which is due once a question about it has been answered.
    "message" is the task of writing the message that the first part shows.
    """
    types: str = ""
    """The first line that the learner has to type, as shown in the first part, or ""."""
    follows: str = ""
    """The next line that the learner has to type, as shown in the first part.

    Empty if the learner has not typed any line of the first part, or if no further line follows.
    """
    late: bool = False
    """Whether the question is asked after the event that it is about.

    The learner has then already read the prompt.
    """


class LessonPane(VerticalScroll, can_focus=True):
    """A pane with a step of a lesson. While it has the focus, a key chooses an answer.

    While a question is open, a digit that is not an answer is also posted as Chosen.
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
    HELP = "A lesson. While the pane has the focus, the key shown next to an answer chooses it."

    @dataclass
    class ActionRequested(Message):
        """Posted when a key asks for the lesson action named `order`."""

        pane: LessonPane
        order: str

        @property
        def control(self) -> LessonPane:
            return self.pane

    @dataclass
    class Chosen(Message):
        """Posted when an answer is chosen by its key."""

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
        """The number of the line on which each part begins."""
        self._first: Sequence[Content] = ()
        """The lines of the first part."""
        self._to_do = 0  # the line of the first part that says what to type

    def compose(self) -> ComposeResult:
        yield self._text

    def show(self, page: LessonPage) -> None:
        """Show a page, scrolling to the top of a new step or to a new part of the same step."""
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
        """The text of the page, without styles."""
        return "\n".join(line.plain for line in self._lines(1000))

    def offers(self, action: str) -> bool:
        """Return whether the key for `action` is useful now."""
        return any(action == f"ask('{name}')" for name in self._page.offers)

    def show_question(self) -> None:
        """Scroll to the open question."""
        for start, part in zip(self.starts, self._page.parts, strict=False):
            if part.choices:
                self.scroll_to(y=min(start, self.max_scroll_y), animate=False)

    def _show_newest(self) -> None:
        """Scroll to the newest part so that it begins at the top, or as far as the text allows.

        If the task in the first part is due, scroll to the line that the learner types first.
        """
        if self._newest == _TASK:
            self.scroll_to(y=min(self._to_do, self.max_scroll_y), animate=False)
        elif 0 <= self._newest < len(self.starts):
            newest = self.starts[self._newest]
            self.scroll_to(y=min(newest, self.max_scroll_y), animate=False)

    def _show_following(self) -> None:
        """Scroll until the line that the learner types next is in view."""
        place = _line_of(self._first, self._page.follows)
        top, height = self.scroll_offset.y, self.scrollable_content_region.height
        if place is not None and not top <= place < top + height:
            self.scroll_to(y=min(max(0, place - 1), self.max_scroll_y), animate=False)

    def _show_foot(self) -> None:
        """Show what to do next, and how to scroll if there is more text below."""
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
        """The keys that currently choose an answer."""
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
    """Return the index of the part to scroll to, or _NONE.

    This is the first new part or, if there is no other, a question that was asked before and has
    changed. While the step is `opening`, questions do not count, because the learner has not read
    the prompt yet. If the part belongs to the preceding part, return the index of that part.
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
    """Return the number of the line that shows `text`, or None.

    A line that equals `text` is preferred. Otherwise, a line that contains the start of `text` is
    enough, because long lines wrap.
    """
    whole = (n for n, line in enumerate(lines) if line.plain.strip() == text)
    start = text[:20].rstrip()
    begun = (n for n, line in enumerate(lines) if start in line.plain)
    return next(whole, next(begun, None))


def _to_do(lines: Sequence[Content], typed: str) -> int:
    """Return the number of the line that shows what to do.

    This is the line that shows the text `typed` or, if there is none, the start of the last code
    block, list or paragraph.
    """
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
