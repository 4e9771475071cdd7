"""The dialog that lists and searches the actions' keys, and changes them in the configuration."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, cast

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from ...session.private_file import reason
from ...session.toml_lines import TomlMistake, read_toml
from ...widgets.base.app_of import app_of
from ..actions import ACTIONS, DEFAULT_KEYS, find_action, key_name
from ..browser_keys import DOUBTFUL, TAKEN
from ..config.editor import write
from ..config.keys import FIXED, REACHABLE, checked_keys, normalised
from ..config.location import UnreadableText, read_text
from ..config.model import Configuration
from ..config.reader import load_file
from .question import QuestionScreen
from .requests import Answer

_NAME, _KEYS = 13, 20  # cells of the columns
_LATER = "Changes are saved immediately, and take effect at the next start."
_HOW = "Press the keys, or type names: F9, Ctrl+E. Empty: no key. Enter saves, Esc cancels."
_NONE = "No action with this text in its name, keys or summary. Esc shows the whole list again."


class KeyField(Input):
    """A field for keys, in which pressing a key adds its name to the text.

    Keys that no action can have edit the text as usual.
    """

    async def _on_key(self, event: events.Key) -> None:
        if event.key not in REACHABLE or event.key in FIXED:
            await super()._on_key(event)
            return
        event.stop()
        event.prevent_default()
        name = key_name(event.key)
        kept = "" if self.selected_text == self.value else self.value.strip().rstrip(",")
        self.value = f"{kept}, {name}" if kept else name
        self.cursor_position = len(self.value)


class KeysScreen(ModalScreen[bool]):
    """Lists all actions with their keys in a file. The result is whether the file was changed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c", "close", "close", show=False),
        Binding("slash", "search", "search in names, keys and summaries", show=False),
        Binding("d,delete", "reset", "restore the default keys of the action", show=False),
    ]
    DEFAULT_CSS = """
    KeysScreen { align: center middle; }
    KeysScreen > Vertical {
        width: 92; max-width: 96%; height: 36; max-height: 96%;
        border: round $accent; border-title-color: $text-accent;
        border-subtitle-color: $text-muted; background: $surface; padding: 0 1;
        & Input { background: $panel; }
        & OptionList { height: 1fr; border: none; padding: 0; background: $surface;
            text-wrap: nowrap; text-overflow: ellipsis; scrollbar-size-vertical: 1; }
        & OptionList:focus { border: none; }
        & .about { height: auto; color: $text-muted; }
        & #problem { height: auto; color: $text-error; display: none; }
        & #keys { display: none; }
    }
    """

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file
        self._found = Configuration(place=str(file))
        self._written: dict[str, str] = {}  # action -> its name in the file
        self._shown: list[str] = []
        self._changing = ""  # the action whose keys are being typed
        self._wrote = False

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "Keys"
            box.border_subtitle = "Enter changes  d resets  / find  Esc closes"
            yield Static(_LATER, classes="about")
            yield Input(placeholder="search in names, keys and summaries", compact=True,
                        id="search", max_length=80)  # fmt: skip
            yield OptionList(id="actions", markup=False)
            yield KeyField(compact=True, id="keys")
            yield Static("", id="problem", markup=False)
            yield Static("", classes="about", id="about", markup=False)

    def on_mount(self) -> None:
        self._read()
        self._list()
        self.query_one(OptionList).focus()

    def _read(self) -> None:
        self._found = load_file(self._file)
        self._written = {}
        try:
            table: object = read_toml(read_text(self._file)).get("keys")
        except (OSError, UnreadableText, TomlMistake):
            table = None
        for name in map(str, cast("dict[str, object]", table) if isinstance(table, dict) else ()):
            action = find_action(name)
            if action is not None:
                self._written[action.name] = name
        wrong = [problem.sentence for problem in self._found.problems]
        self._say(f"Ignored until corrected in the file: {wrong[0]}" if wrong else "")

    def keys_of(self, name: str) -> str:
        """Return the keys of an action according to the file, or else its default keys."""
        return self._found.keys.get(name, DEFAULT_KEYS[name])

    # The list

    def _list(self, chosen: str = "", *, first: bool = False) -> None:
        """List the actions that match the search, with the cursor on `chosen`.

        Without `chosen`, the cursor stays on its action. If `first` is true or the action is not
        listed, the cursor goes to the first one.
        """
        wanted = self.query_one("#search", Input).value.strip().lower()
        chosen = chosen or self._chosen
        rows = {name: _row(name, self.keys_of(name)) for name in ACTIONS}
        self._shown = [name for name, row in rows.items() if wanted in row.plain.lower()]
        self._shown.sort(key=lambda name: bool(wanted) and not name.startswith(wanted))
        actions = self.query_one("#actions", OptionList)
        actions.clear_options()
        actions.add_options([Option(rows[name]) for name in self._shown])
        if self._shown:
            kept = chosen in self._shown and not first
            actions.highlighted = self._shown.index(chosen) if kept else 0
        self._about("" if self._shown else _NONE)

    @property
    def _chosen(self) -> str:
        """The name of the action under the cursor; "" if no action is listed."""
        at = self.query_one("#actions", OptionList).highlighted
        return self._shown[at] if at is not None and at < len(self._shown) else ""

    @on(Input.Changed, "#search")
    def _sought(self) -> None:
        self._list(first=True)

    @on(Input.Submitted, "#search")
    def _found_it(self) -> None:
        self.query_one(OptionList).focus()

    @on(events.Key)
    def _down(self, event: events.Key) -> None:
        if event.key == "down" and self.query_one("#search").has_focus:
            event.stop()
            self.query_one(OptionList).focus()

    def action_search(self) -> None:
        """Focus the search line."""
        self.query_one("#search").focus()

    def _about(self, words: str) -> None:
        self.query_one("#about", Static).update(words)

    def _say(self, problem: str) -> None:
        said = self.query_one("#problem", Static)
        said.update(problem)
        said.display = bool(problem)

    # Changing keys

    @on(OptionList.OptionSelected)
    def _selected(self) -> None:
        name = self._chosen
        if not name:
            return
        self._changing = name
        field = self.query_one(KeyField)
        field.value = ", ".join(key_name(key) for key in self.keys_of(name).split(",") if key)
        field.display = True
        field.border_title = name
        field.focus()
        self._about(f"Keys for {name}. {_HOW}")

    @on(Input.Changed, "#keys")
    def _typed(self) -> None:
        if self._changing:
            self._say(self._problem({self._changing: self._typed_keys}))
            self._about(_in_browsers(self._typed_keys) or f"Keys for {self._changing}. {_HOW}")

    @property
    def _typed_keys(self) -> list[str]:
        typed = self.query_one(KeyField).value
        return [normalised(word) for word in typed.split(",") if word.strip()]

    def _problem(self, changes: Mapping[str, list[str]]) -> str:
        """Return the first problem that a check of the file would report with these keys, or ""."""
        wrong: list[str] = []
        others = {each: keys for each, keys in self._found.keys.items() if each not in changes}
        checked_keys({**others, **changes}, lambda action, words: wrong.append(words))
        return wrong[0] if wrong else ""

    def _owners(self, name: str, keys: list[str]) -> dict[str, list[str]]:
        """Return the other actions that have any of `keys`, each with its remaining keys."""
        found: dict[str, list[str]] = {}
        for other in ACTIONS:
            theirs = _listed(self.keys_of(other))
            if other != name and not set(theirs).isdisjoint(keys):
                found[other] = [key for key in theirs if key not in keys]
        return found

    @on(Input.Submitted, "#keys")
    def _entered(self) -> None:
        self._give(self._changing, list(dict.fromkeys(self._typed_keys)))

    def action_reset(self) -> None:
        """Restore the default keys of the action under the cursor."""
        name = self._chosen
        if name and name in self._found.keys:
            self._give(name, _listed(DEFAULT_KEYS[name]))

    def _give(self, name: str, keys: list[str]) -> None:
        """Assign keys to an action. If other actions have them, ask whether to take them away."""
        problem = self._problem({name: keys})
        if not problem:
            self._write(name, {name: keys})
            return
        owners = self._owners(name, keys)
        if not owners or self._problem({**owners, name: keys}):
            self._say(problem)
            return

        def answered(answer: str | None) -> None:
            if answer == "yes":
                self._write(name, {**owners, name: keys})
            else:
                self._say(problem)

        taken = [key for key in keys for other in owners if key in _listed(self.keys_of(other))]
        left = [f"{other} will have {key_name(','.join(rest)) if rest else 'no key'}; "
                f":{other} still works." for other, rest in owners.items()]  # fmt: skip
        app_of(self).push_screen(
            QuestionScreen(
                f"Take {key_name(','.join(taken))} from {' and '.join(owners)}?",
                "\n".join(left),
                (Answer("y", "yes", f"yes, for {name}"), Answer("Esc", "no", "no")),
            ),
            answered,
        )

    def _write(self, name: str, changes: Mapping[str, list[str]]) -> None:
        """Write the keys in `changes`, and return to the list with the cursor on `name`."""
        texts = {each: ",".join(keys) for each, keys in changes.items()}
        entries = {
            ("keys", self._written.get(each, each)): None if text == DEFAULT_KEYS[each] else text
            for each, text in texts.items()
            if text != self.keys_of(each)
        }
        try:
            if entries:
                write(self._file, entries)
        except OSError as error:
            self._say(f"Nothing was saved: {reason(error)}.")
            return
        self._leave_field()
        if entries:
            self._wrote = True
            self._read()
            self._list(name)
            self._about(f"{name}: {key_name(texts[name]) or 'no key'}, from the next start.")

    def _leave_field(self) -> None:
        self._changing = ""
        field = self.query_one(KeyField)
        field.display = False
        self.query_one(OptionList).focus()

    def action_close(self) -> None:
        """Close the list, or return to it from a field."""
        search = self.query_one("#search", Input)
        if self._changing:
            self._say("")
            self._about("")
            self._leave_field()
        elif search.value or search.has_focus:
            search.value = ""
            self.query_one(OptionList).focus()
        else:
            self.dismiss(self._wrote)


def _listed(keys: str) -> list[str]:
    return [key for key in keys.split(",") if key]


def _row(name: str, keys: str) -> Content:
    """Return the list entry of an action, given its keys in the file.

    A * marks keys that are not the defaults. Keys that differ from those now in use are said to
    take effect at the next start.
    """
    later = keys != ACTIONS[name].key
    mark = "*" if keys != DEFAULT_KEYS[name] else " "
    shown = key_name(keys) if keys else "none"
    return Content.assemble(
        (f"{mark}{name:<{_NAME}}", "bold"),
        (f"{shown:<{_KEYS}}", "$text-accent" if keys else "dim"),
        ("(at the next start) " if later else "", "$text-warning"),
        ACTIONS[name].summary,
    )


def _in_browsers(keys: list[str]) -> str:
    """Return a sentence about keys that a browser intercepts, or ""."""
    taken = [key_name(key) for key in keys if key in TAKEN]
    if taken:
        return f"In a browser (heloscope serve), {taken[0]} does not reach heloscope."
    doubtful = [key_name(key) for key in keys if key in DOUBTFUL]
    return f"Some browsers use {doubtful[0]} themselves (heloscope serve)." if doubtful else ""
