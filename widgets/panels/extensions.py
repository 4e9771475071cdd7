"""The extensions panel, which explains the server's extensions and shows how they have changed.

The panel is given the keywords and a function that describes a keyword. It uses neither the tables
nor the connection itself. Keywords come from the wire, so all text drawn from them goes through
`visible_text`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from textwrap import wrap
from typing import Protocol

import msgspec
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from ...session.events import ExtensionsChanged
from ...session.visible import visible_text
from ..base.columns import beside

_AFTER_HELO = (
    "HELO is the older greeting; only EHLO requests the list of extensions. After HELO, no "
    "extension may be used.\n\n"
)
MOST_SHOWN = 500  # keywords shown; the others are counted
LONGEST_TEXT = 300  # characters of one keyword's line; the transcript has all of it
_KEPT = "RFC\u00a0"  # not broken at the end of a line
KEYWORD_COLUMN = 12  # cells, where the words beside a keyword begin


class Description(Protocol):
    """The description of a keyword."""

    @property
    def short(self) -> str: ...
    @property
    def what(self) -> str: ...
    @property
    def rfc(self) -> str: ...
    @property
    def known(self) -> bool: ...


Describe = Callable[[str, tuple[str, ...]], Description]
Remark = Callable[[str, bool], str]


class _Listing(msgspec.Struct, frozen=True):
    """The values of the last call of `show`."""

    keywords: Mapping[str, tuple[str, ...]] | None = None
    change: ExtensionsChanged | None = None
    greeted_with: str = ""
    connected: bool = False
    used: frozenset[str] = frozenset()
    ask: str = "EHLO"


AFTER_TLS = "EHLO after TLS"
"""The `reason` of a change that compares the list after TLS with the list before TLS."""


class ExtensionsPanel(VerticalScroll, can_focus=True):
    """A list of the extensions in the last EHLO reply, each with its purpose."""

    DEFAULT_CSS = """
    ExtensionsPanel { padding-left: 1; scrollbar-size-vertical: 1; }
    ExtensionsPanel > Static { width: 100%; padding-right: 1; }
    """
    HELP = "Up and Down scroll the list of extensions."

    def __init__(
        self, describe: Describe, remark: Remark, connects: str, *, id: str | None = None
    ) -> None:
        """Create an empty panel. `connects` is the key or order that opens a connection.

        `describe` returns the description of a keyword with its parameters. `remark` returns a note
        about a keyword; its second argument is true if the keyword was added and false if it was
        removed.
        """
        super().__init__(id=id)
        self._connects = connects
        self._describe = describe
        self._remark = remark
        self._shown: object = None
        self._known = _Listing()
        self._width = 0

    def compose(self) -> ComposeResult:
        yield Static(self._empty("", False), id="extensions-text")

    def show(
        self,
        keywords: Mapping[str, tuple[str, ...]] | None,
        change: ExtensionsChanged | None,
        *,
        greeted_with: str = "",
        connected: bool = False,
        used: frozenset[str] = frozenset(),
        ask: str = "EHLO",
    ) -> None:
        """Show the extensions and their last change. This is cheap if nothing has changed.

        `greeted_with` is the verb of the greeting that the server accepted, and `used` are the
        keywords that the conversation has made use of. `ask` is the command that requests the list:
        EHLO, or LHLO in LMTP.
        """
        key = (id(change), keywords is None, greeted_with, connected, used, ask)
        if key == self._shown:
            return
        self._shown = key
        self._known = _Listing(keywords, change, greeted_with, connected, used, ask)
        self._draw()

    def on_resize(self) -> None:
        if self.content_size.width != self._width:
            self._draw()

    def _draw(self) -> None:
        self._width = self.content_size.width
        known = self._known
        if known.keywords is None:
            text = self._empty(known.greeted_with, known.connected, known.ask)
        else:
            text = self._list(known.keywords, known.used, known.ask)
            if not known.connected:
                over = Content.styled("as listed before the connection ended", "dim")
                text = Content("\n").join([over, Content(""), text])
        changes = self._changes(known.change) if known.change is not None else []
        if known.keywords is None:
            text = Content("\n").join([text, *([Content("")] if changes else []), *changes])
        elif changes:  # changes come first
            text = Content("\n").join([*changes, Content(""), text])
        self.query_one("#extensions-text", Static).update(text)

    def _empty(self, greeted_with: str, connected: bool, ask: str = "EHLO") -> Content:
        if greeted_with == "HELO":
            return Content.assemble(
                "Greeted with ", ("HELO", "bold"), ": no extensions.\n\n",
                (_AFTER_HELO, "dim"),
                ("Type ", "dim"), ("EHLO", "bold $accent"),
                (" and your host name to request the list. ", "dim"), ("RFC 5321 3.2", "dim"),
            )  # fmt: skip
        if connected:
            return Content.assemble(
                ("The extensions are not known yet.\n\n", "dim"),
                ("Type ", "dim"), (f"{ask} me", "bold $accent"),
                (". The server lists its extensions, and each is explained here.",
                 "dim"),
            )  # fmt: skip
        return Content.assemble(
            ("Not connected.\n\n", "dim"), (self._connects, "bold $accent"), (" connects.", "dim")
        )

    def _list(
        self, keywords: Mapping[str, tuple[str, ...]], used: frozenset[str], ask: str
    ) -> Content:
        if not keywords:
            return Content.assemble(
                "The server offers no extensions.\n\n",
                (f"It accepted {ask} but listed nothing.", "dim"),
            )
        # While hidden it has no width: assume that of a narrow screen, which it then fills.
        width = max(24, (self._width or self.screen.size.width - 3) - 2)  # beside a scrollbar
        names = list(keywords)[:MOST_SHOWN]
        rows: list[Content] = []
        for name in names:
            described = self._describe(name, keywords[name])
            rows += _rows(_cut(name, width), described, name in used, width)
        if len(keywords) > len(names):
            rows.append(Content.styled(f"and {len(keywords) - len(names):,} more", "dim"))
        return Content("\n").join(rows)

    def _changes(self, change: ExtensionsChanged) -> list[Content]:
        """Return lines about the keywords that the last EHLO reply added, removed or changed."""
        if change.reason == "TLS":
            return [Content.styled("discarded when TLS started; send EHLO again", "dim")]
        inside = change.reason == AFTER_TLS
        new = len(change.added) == len(change.keywords or ())
        if new and not (inside or change.removed or change.changed):
            return []  # the first EHLO: everything is new
        if not (change.added or change.removed or change.changed):
            same = "unchanged by TLS" if inside else "unchanged since the last EHLO"
            return [Content.styled(same, "dim")]
        head = "changed by TLS" if inside else "changed since the last EHLO"
        rows = [Content.styled(head, "dim")]
        for sign, style, names in (
            ("+", "$text-success", change.added),
            ("-", "$text-error", change.removed),
            ("~", "$text-warning", change.changed),
        ):
            for name in names[:MOST_SHOWN]:
                note = self._remark(name, sign == "+") if sign != "~" else "parameters changed"
                row = Content.styled(f"{sign} {_cut(name, LONGEST_TEXT)}", style)
                if note:
                    row = row.append(Content.styled(f"   {note}", "dim"))
                rows.append(row)
        return rows


def _cut(text: str, longest: int) -> str:
    """Make text from the wire safe to show, and cut it to `longest` characters."""
    shown = visible_text(text[: longest + 1])
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


def _rows(name: str, described: Description, used: bool, width: int) -> list[Content]:
    """Return the rows for a keyword: its name and short description, and its purpose below.

    The RFC is at the right of the first row, or after the purpose if there is no room.
    """
    dim = "" if described.known else "dim"
    rows = beside(
        name, _cut(described.short, LONGEST_TEXT), column=KEYWORD_COLUMN, width=width,
        bold=f"bold {dim}".strip(), style=dim,
    )  # fmt: skip
    if used:
        rows[-1] = rows[-1].append(Content.styled("  used", "$text-success"))
    rfc = _cut(described.rfc, LONGEST_TEXT)
    room = width - rows[0].cell_length - len(rfc)
    more = _cut(described.what, LONGEST_TEXT)
    if room >= 2:
        rows[0] = Content.assemble(rows[0], " " * room, (rfc, "dim"))
    elif rfc:
        more = f"{more}  {rfc.replace('RFC ', _KEPT)}".strip()
    lines = wrap(more, width - 2)
    return rows + [Content.styled(f"  {line.replace(_KEPT, 'RFC ')}", "dim") for line in lines]
