"""The extensions panel: what the server says it can do, in words, and what changed.

It is given what is known (keywords and how they were learnt) and a function that puts a keyword
into words; it knows no table and no connection. Keywords come from the wire: all that is drawn
of them goes through `visible_text`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from textwrap import wrap
from typing import Protocol

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from ..session.events import ExtensionsChanged
from ..session.visible import visible_text

_AFTER_HELO = (
    "HELO is the greeting from before 1995; only EHLO asks for the list. After HELO no parameter "
    "of an extension may be used.\n\n"
)
MOST_SHOWN = 500  # keywords; the rest is counted


class Description(Protocol):
    """A keyword in words."""

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


class ExtensionsPanel(VerticalScroll, can_focus=True):
    """What the last EHLO listed, each with what it is good for."""

    DEFAULT_CSS = """
    ExtensionsPanel { padding: 0 1; scrollbar-size-vertical: 1; }
    ExtensionsPanel > Static { width: 100%; }
    """
    HELP = "Up and Down scroll the list of what the server offers."

    def __init__(self, describe: Describe, remark: Remark, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._describe = describe
        self._remark = remark
        self._shown: object = None

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
    ) -> None:
        """Show what is known now. Costs nothing when it is what is shown already."""
        width = self.content_size.width
        key = (id(change), keywords is None, greeted_with, connected, used, width)
        if key == self._shown:
            return
        self._shown = key
        text = (
            self._empty(greeted_with, connected) if keywords is None else self._list(keywords, used)
        )
        if change is not None:
            text = Content("\n").join([text, *self._changes(change)])
        self.query_one("#extensions-text", Static).update(text)

    def _empty(self, greeted_with: str, connected: bool) -> Content:
        if greeted_with == "HELO":
            return Content.assemble(
                "Greeted with ", ("HELO", "bold"), ": no extensions.\n\n",
                (_AFTER_HELO, "dim"),
                ("Type ", "dim"), ("EHLO", "bold $accent"), (" and your name to ask. ", "dim"),
                ("RFC 5321 3.2", "dim"),
            )  # fmt: skip
        if connected:
            return Content.assemble(
                ("Nothing is known yet.\n\n", "dim"),
                ("Type ", "dim"), ("EHLO me", "bold $accent"),
                (": the server answers with what it can do, and each line is put into words here.",
                 "dim"),
            )  # fmt: skip
        return Content.assemble(
            ("Not connected.\n\n", "dim"), ("Ctrl+O", "bold $accent"), (" connects.", "dim")
        )

    def _list(self, keywords: Mapping[str, tuple[str, ...]], used: frozenset[str]) -> Content:
        if not keywords:
            return Content.assemble(
                "The server offers no extensions.\n\n",
                ("It knows EHLO and listed nothing.", "dim"),
            )
        width = max(20, self.content_size.width - 3)  # indented, beside a scrollbar
        names = list(keywords)[:MOST_SHOWN]
        rows: list[Content] = []
        for name in names:
            described = self._describe(name, keywords[name])
            head = Content.styled(_padded(visible_text(name)), "bold" if described.known else "dim")
            short = Content.styled(visible_text(described.short), "" if described.known else "dim")
            parts = [head, short]
            if name in used:
                parts.append(Content.styled("  used", "$text-success"))
            rows.append(Content("").join(parts))
            more = "  ".join(filter(None, (described.what, described.rfc)))
            rows += [
                Content.styled(f"  {line}", "dim")
                for line in wrap(visible_text(more).replace("RFC ", "RFC\u00a0"), width)
            ]
        if len(keywords) > len(names):
            rows.append(Content.styled(f"and {len(keywords) - len(names):,} more", "dim"))
        return Content("\n").join(rows)

    def _changes(self, change: ExtensionsChanged) -> list[Content]:
        """What the last greeting, or TLS, added and took away."""
        if change.reason == "TLS":
            rows = [Content.styled("forgotten when TLS began: EHLO asks again", "dim")]
            return [Content(""), *rows]
        if not (change.removed or change.changed) and len(change.added) == len(
            change.keywords or ()
        ):
            return []  # the first EHLO: all of it is new
        if not (change.added or change.removed or change.changed):
            return [Content(""), Content.styled("the same as after the last EHLO", "dim")]
        rows = [Content(""), Content.styled("since the last EHLO", "dim")]
        for sign, style, names in (
            ("+", "$text-success", change.added),
            ("-", "$text-error", change.removed),
            ("~", "$text-warning", change.changed),
        ):
            for name in names[:MOST_SHOWN]:
                note = self._remark(name, sign == "+") if sign != "~" else "other parameters"
                row = Content.styled(f"{sign} {visible_text(name)}", style)
                if note:
                    row = row.append(Content.styled(f"   {note}", "dim"))
                rows.append(row)
        return rows


def _padded(name: str) -> str:
    return name.ljust(11) + ("" if len(name) < 11 else " ")
