"""The explanation panel: the meaning of the line under the cursor, in plain words.

The panel draws the sections of text that it is given by app/explain.
"""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from ...session.visible import visible_text
from .line_explanation import NO_EXPLANATION, LineExplanation


class ExplanationPanel(VerticalScroll, can_focus=True):
    """A panel with the explanation of one line."""

    DEFAULT_CSS = """
    ExplanationPanel { padding-left: 1; scrollbar-size-vertical: 1; }
    ExplanationPanel > Static { width: 100%; padding-right: 1; }
    """
    HELP = "Up and Down scroll the explanation."

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._meaning = NO_EXPLANATION

    def compose(self) -> ComposeResult:
        yield Static(self._text(NO_EXPLANATION), id="reply-text")

    def show(self, meaning: LineExplanation) -> None:
        """Show an explanation, scrolled to its top."""
        if meaning != self._meaning:
            self._meaning = meaning
            self.query_one("#reply-text", Static).update(self._text(meaning))
            self.scroll_home(animate=False)

    @property
    def text(self) -> str:
        """The explanation shown, without the line itself."""
        meaning = self._meaning
        parts = [meaning.head, meaning.title, *(text for _, text in meaning.sections)]
        parts += [words for warning in meaning.warnings for words in warning]
        return "\n".join([*parts, *meaning.notes])

    def turn_page(self) -> bool:
        """Scroll down a page, or back to the top if the end is in view.

        Return False if everything is in view.
        """
        if not self.max_scroll_y:
            return False
        if self.scroll_offset.y >= self.max_scroll_y:
            self.scroll_home(animate=False)
        else:
            self.scroll_page_down(animate=False)
        return True

    def _text(self, meaning: LineExplanation) -> Content:
        parts: list[Content] = []
        if meaning.head or meaning.title:
            parts.append(
                Content.assemble(
                    (visible_text(meaning.head), f"bold {meaning.style}".strip()),
                    "  " if meaning.head and meaning.title else "",
                    visible_text(meaning.title),
                )
            )
            parts.append(Content(""))
        for title, why in meaning.warnings:
            line = Content.assemble(("! ", "bold $text-warning"), (title, "$text-warning"))
            parts += [line, Content.styled(visible_text(why), "dim"), Content("")]
        for word, text in meaning.sections:
            if text:
                parts.append(
                    Content.assemble((word, "bold"), "  " if word else "", visible_text(text))
                )
        if meaning.notes:
            parts.append(Content(""))
            parts += [Content.styled(visible_text(note), "dim") for note in meaning.notes]
        if meaning.whole:
            parts += [Content(""), Content.styled("The whole line", "bold")]
            parts.append(Content(visible_text(meaning.whole)))
        return Content("\n").join(parts)
