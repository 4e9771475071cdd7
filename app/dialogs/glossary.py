"""The glossary dialog: the terms, with those of the explained line first, and their meanings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from ...session.facts.glossary import GLOSSARY, Term, find_term, terms_in
from ...session.visible import visible_text
from ..actions import keys_with
from ..explain.words import entries_of, entry_of

LONGEST_SEARCH = 60  # characters
_HERE, _ALL = "In this line", "All terms"


class GlossaryScreen(ModalScreen[None]):
    """Shows the term `wanted` or, if that is "", the first of the terms in `here`.

    `here` contains the terms in the explained line. Typed text is searched for in names and
    meanings. `wanted` may be any word in the tables of facts, such as a reply code.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(keys_with("escape,ctrl+c", "help"), "close", "close", show=False),
        Binding("up", "move(-1)", "term above", show=False),
        Binding("down", "move(1)", "term below", show=False),
        Binding("pageup", "scroll(-1)", "scroll the meaning up", show=False),
        Binding("pagedown", "scroll(1)", "scroll the meaning down", show=False),
        Binding("enter", "follow", "go to the first related term", show=False),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    DEFAULT_CSS = """
    GlossaryScreen { align: center middle; }
    GlossaryScreen > Vertical {
        width: 94%; max-width: 110; height: 90%; border: round $accent;
        border-title-color: $text-accent; border-subtitle-color: $text-muted; background: $surface;
    }
    GlossaryScreen Input { border: none; height: 1; margin: 0 1; padding: 0; }
    GlossaryScreen Input:focus { border: none; }
    GlossaryScreen OptionList { width: 34; height: 1fr; border: none; border-right: vkey $panel;
        background: $surface; scrollbar-size-vertical: 1; }
    GlossaryScreen VerticalScroll { width: 1fr; height: 1fr; padding: 0 1;
        scrollbar-size-vertical: 1; }
    GlossaryScreen #meaning { width: 100%; }
    GlossaryScreen.-narrow OptionList { width: 28; }
    """

    def __init__(self, wanted: str = "", here: Sequence[Term] = ()) -> None:
        super().__init__()
        self._wanted = wanted
        self._here = here
        self._terms: list[str] = []  # the term of each option; "" for a heading

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "Glossary"
            box.border_subtitle = "type: search  Up, Down: choose  Enter: related  Esc: close"
            yield Input(placeholder="search", max_length=LONGEST_SEARCH, id="search")
            with Horizontal():
                words = OptionList(id="terms", markup=False)
                words.can_focus = False
                yield words
                with VerticalScroll(can_focus=False):
                    yield Static("", id="meaning")

    def on_mount(self) -> None:
        self.query_one(Input).focus()
        self._list("")

    @on(Input.Changed)
    def _searched(self, event: Input.Changed) -> None:
        self._list(event.value)

    def _list(self, sought: str) -> None:
        """List the terms that match a search, and highlight the wanted term or else the first."""
        options = self.query_one(OptionList)
        options.clear_options()
        self._terms.clear()
        wanted = find_term(self._wanted) if self._wanted else None
        chosen: int | None = None
        for heading, names in self._groups(sought, wanted):
            if not names:
                continue
            if heading:
                self._add(Option(Content.styled(heading, "bold"), disabled=True), "")
            for name in names:
                if chosen is None or (wanted is not None and name == wanted.name and not sought):
                    chosen = len(self._terms)
                self._add(Option(Content(f" {visible_text(name)}")), name)
        if chosen is None:
            self._say(Content.styled("No term contains this text.", "dim"))
        options.highlighted = chosen

    def _groups(self, sought: str, wanted: Term | None) -> list[tuple[str, list[str]]]:
        terms = [term.name for term in GLOSSARY]
        if sought:
            return [("", _matching(sought))]
        if wanted is None and self._wanted:
            return [("", [self._wanted]), (_ALL, terms)]
        if self._here and not self._wanted:
            return [(_HERE, [term.name for term in self._here]), (_ALL, terms)]
        return [("", terms)]

    def _add(self, option: Option, name: str) -> None:
        self.query_one(OptionList).add_option(option)
        self._terms.append(name)

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        if event.option_index < len(self._terms):
            self._show(self._terms[event.option_index])

    def _show(self, name: str) -> None:
        term = find_term(name)
        entries = [entry_of(term)] if term is not None else []
        entries += [entry for entry in entries_of(name) if entry["kind"] != "term"]
        parts: list[Content] = []
        for entry in entries:
            head = Content.assemble((entry["word"], "bold $text-accent"), f"  {entry['kind']}")
            parts += [head, Content(""), Content(entry["text"])]
            parts += [Content.styled(entry["source"], "dim"), Content("")]
        related = _related(name)
        if related:
            parts.append(Content.assemble(("Related", "bold"), f"  {', '.join(related)}"))
        self._say(Content("\n").join(parts))
        self.query_one(VerticalScroll).scroll_home(animate=False)

    def _say(self, text: Content) -> None:
        self.query_one("#meaning", Static).update(text)

    # Keys

    def action_close(self) -> None:
        self.dismiss(None)

    def action_move(self, by: int) -> None:
        options = self.query_one(OptionList)
        if by < 0:
            options.action_cursor_up()
        else:
            options.action_cursor_down()

    def action_scroll(self, by: int) -> None:
        pane = self.query_one(VerticalScroll)
        pane.scroll_relative(y=by * max(1, pane.size.height - 1), animate=False)

    @on(Input.Submitted)
    def action_follow(self) -> None:
        """Go to the first related term."""
        number = self.query_one(OptionList).highlighted
        related = _related(self._terms[number]) if number is not None else []
        if related:
            self._wanted = related[0]
            self.query_one(Input).value = ""
            self._list("")

    @on(events.Click, "#meaning")
    def _clicked(self) -> None:
        self.query_one(Input).focus()


def _matching(sought: str) -> list[str]:
    """Return the terms that contain a text, with matches in names first, then in synonyms."""
    low = sought.lower().strip()
    places: list[tuple[int, str]] = []
    for term in GLOSSARY:
        names = " ".join(term.aliases).lower()
        for rank, text in enumerate((term.name.lower(), names, term.means.lower())):
            if low in text:
                places.append((rank, term.name))
                break
    return [name for _, name in sorted(places, key=lambda place: place[0])]


def _related(name: str) -> list[str]:
    """Return the terms that occur in the meaning of a term."""
    term = find_term(name)
    if term is None:
        return []
    return [other.name for other in terms_in(term.means) if other is not term]
