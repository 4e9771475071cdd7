"""The table of all keys and orders, in the sections shown by F1 and `heloscope --keys`.

It repeats nothing from other tables: orders and their keys come from `app/actions.py`, and the keys
of a pane come from the BINDINGS of its widget. Only Textual's own keys are listed here.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import zip_longest
from textwrap import wrap
from typing import NamedTuple

from textual.binding import Binding, BindingType

from ...widgets.bars.find import FindBar
from ...widgets.input.command_line import CommandInput
from ...widgets.input.message_editor import MessageEditor
from ...widgets.lesson.pane import LessonPane
from ...widgets.panels.state_diagram import StateDiagram
from ...widgets.panels.tabbed import TabbedPanel
from ...widgets.panels.tls import TlsPanel
from ...widgets.plan.list import PlanList
from ...widgets.transcript.turns import TurnsView
from ...widgets.transcript.view import TranscriptView
from ..actions import ACTIONS, key_name
from ..browser_keys import rows
from ..confinement import FREE, Confinement
from .clients import ClientsScreen
from .glossary import GlossaryScreen
from .mailbox import MailboxScreen
from .recordings import RecordingsScreen

COLUMN = 26
"""The column in which the meaning of a key or order starts."""

INTRODUCTION = """\
Type a command and press Enter to send it as typed, followed by CRLF. The server's replies appear \
above, with their meaning next to them. A line that begins with a colon is an order to heloscope; \
use two colons to send the server a line that begins with one."""

_ANYWHERE = (
    ("PageUp PageDown", "scroll the transcript, even from the command line"),
    ("Ctrl+Up Ctrl+Down", "go to the previous or next reply"),
    ("F6 Shift+Tab", "go to the next or previous pane"),
    ("?", "on an empty line: look up the terms in the line under the cursor"),
    ("Esc", "return to the command line"),
    ("any text", "type it on the command line; a single letter may be a key of the pane"),
    ("Ctrl+C", "copy the selection, or else stop the current activity"),
    ("Ctrl+P", "open the command palette"),
    ("mouse", "drag to select text; click to move the cursor or unfold a row"),
)
_COMMAND_LINE = (
    ("Right", "accept the suggested completion"),
    ("Enter", "send the line"),
)
_LESSON = (
    ("Shift+Tab", "from anywhere: go to the lesson"),
    ("a digit or letter", "shown next to an answer: choose it"),
)
_MESSAGE_EDITOR = ((".", "on a line of its own: send the message"),)


class Entry(NamedTuple):
    """One line of the table: the keys, or an order with its syntax, and what they do."""

    name: str
    meaning: str
    details: str = ""


def sections(confinement: Confinement = FREE) -> list[tuple[str, list[Entry]]]:
    """Return the table as (heading, entries) pairs; the last lists the orders that are allowed."""
    offered = [action for action in ACTIONS.values() if confinement.offers(action.name)]
    keyed = [action for action in offered if action.key]
    anywhere = [Entry(key_name(action.key), action.summary) for action in keyed]
    in_browser = [("In a browser", [Entry(*row) for row in rows()])] if confinement.confined else []
    return [
        *in_browser,
        ("Anywhere", [*anywhere, *(Entry(*row) for row in _ANYWHERE)]),
        ("Command line", _bound(CommandInput.BINDINGS, _COMMAND_LINE)),
        ("Transcript", _bound(TranscriptView.BINDINGS)),
        ("Message editor", _bound(MessageEditor.BINDINGS, _MESSAGE_EDITOR)),
        ("Find", _bound(FindBar.BINDINGS)),
        ("Side panel", _bound(TabbedPanel.BINDINGS)),
        ("TLS tab", _bound(TlsPanel.BINDINGS)),
        ("Presentation", _bound(TurnsView.BINDINGS)),
        ("States", _bound(StateDiagram.BINDINGS)),
        ("Glossary", _bound(GlossaryScreen.BINDINGS)),
        ("Plan", _bound(PlanList.BINDINGS)),
        ("Lesson", _bound(LessonPane.BINDINGS, _LESSON)),
        ("Mailboxes", _bound(MailboxScreen.BINDINGS)),
        ("Clients", _bound(ClientsScreen.BINDINGS)),
        ("Recordings", _bound(RecordingsScreen.BINDINGS)),
        ("Orders", [
            Entry(f":{action.name} {action.argument}".strip(), action.summary, action.details)
            for action in offered
        ]),
    ]  # fmt: skip


def as_text(width: int) -> str:
    """Return the table as plain text, wrapped to `width` cells wherever words allow."""
    lines = wrap(INTRODUCTION, width)
    for heading, entries in sections():
        lines += ["", heading]
        for entry in entries:
            name = "  " + entry.name
            meaning = _wrapped(entry.meaning, width)
            if len(name) >= COLUMN:
                meaning.insert(0, "")
            if entry.details:
                meaning += _wrapped(entry.details, width)
            lines += [
                (left.ljust(COLUMN) + right).rstrip()
                for left, right in zip_longest([name], meaning, fillvalue="")
            ]
    return "\n".join(lines) + "\n"


def _wrapped(words: str, width: int) -> list[str]:
    return wrap(words, max(20, width - COLUMN), break_on_hyphens=False)


def _bound(bindings: Iterable[BindingType], more: Iterable[tuple[str, str]] = ()) -> list[Entry]:
    """Return the entries in `more`, followed by the keys of a widget.

    A key that runs an order is described like the order.
    """
    entries = [Entry(*row) for row in more]
    for binding in bindings:
        if isinstance(binding, Binding):
            asked = ACTIONS.get(binding.action.partition("ask('")[2].removesuffix("')"))
            meaning = asked.summary if asked is not None else binding.description
            entries.append(Entry(key_name(binding.key), meaning))
    return entries
