"""The practice server's mailboxes: each message as received or delivered, and its envelope."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from ...session import private_file
from ...session.plural import plural
from ...session.practice.mailboxes import PEOPLE, Mailboxes, Message
from ...session.visible import visible, visible_text
from ...widgets.base.app_of import app_of
from ...widgets.base.columns import beside
from ...widgets.base.message_text import MessageText
from ..actions import keys_with
from ..export.text_file import why_not_saved
from ..ui import Ui
from .question import QuestionScreen
from .requests import Answer

SHOWN = 200_000  # octets of a message that are shown; the whole message can be saved
WIDE = 100  # columns
LISTED = 1000  # the most messages listed for a mailbox, the newest
_SUBJECT = re.compile(rb"(?:\A|\r\n)subject:([^\r\n]{0,1000})", re.IGNORECASE)


class MailboxScreen(ModalScreen[None]):
    """Lists the messages in the mailboxes, and shows the highlighted one next to the list.

    `saves` is true if a message may be saved to a file. `saw` is called with "mailbox" and the form
    in which a message is shown ("received" or "delivered").
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(keys_with("escape,q,ctrl+c", "mailbox"), "close", "close", show=False),
        Binding("space", "read_on", "scroll the message", show=False),
        Binding("v", "view", "show the message as received, or as delivered", show=False),
        Binding("s", "save", "save the message to a file, byte for byte", show=False),
        Binding("delete", "clear", "empty all mailboxes", show=False),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]
    DEFAULT_CSS = """
    MailboxScreen { align: center middle; }
    MailboxScreen > Vertical {
        width: 94%; height: 90%; border: round $accent; border-title-color: $text-accent;
        border-subtitle-color: $text-muted; background: $surface;
    }
    MailboxScreen OptionList { width: 34; height: 1fr; border: none; border-right: vkey $panel;
        background: $surface; }
    MailboxScreen OptionList:focus { border: none; border-right: vkey $panel; }
    MailboxScreen VerticalScroll { width: 1fr; height: 1fr; padding: 0 1; }
    MailboxScreen VerticalScroll { overflow-x: auto; scrollbar-size: 1 1; }
    MailboxScreen #envelope { width: 100%; }
    MailboxScreen.-narrow OptionList { width: 24; }
    """

    def __init__(
        self,
        ui: Ui,
        mailboxes: Mailboxes,
        wanted: str = "",
        clock: Callable[[], float] = time.time,
        *,
        saves: bool = True,
        saw: Callable[[str, str], object] = lambda what, name: None,
    ) -> None:
        super().__init__()
        self._ui = ui
        self._saves = saves
        self._saw = saw
        self._mailboxes = mailboxes
        self._wanted = wanted
        self._clock = clock
        self._shown: list[tuple[str, Message]] = []
        self._message = _NONE
        self._as_delivered = False

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "Mailboxes of the practice server"
            box.border_subtitle = self._keys
            with Horizontal():
                yield OptionList(id="messages", markup=False)
                with VerticalScroll(id="message-pane"):
                    yield Static("", id="envelope")
                    yield MessageText(id="message-text")
                    yield Static("", id="message-rest")

    def on_mount(self) -> None:
        self._list()

    def _list(self) -> None:
        options = self.query_one("#messages", OptionList)
        options.clear_options()
        self._shown.clear()
        rows: list[Option] = []
        first = None
        for name in PEOPLE:
            messages = self._mailboxes.of[name]
            rows.append(Option(Content.styled(f"{name} ({len(messages)})", "bold"), disabled=True))
            self._shown.append((name, _NONE))
            for message in reversed(messages[-LISTED:]):
                subject = _subject(message) or "(no subject)"
                row = Content.assemble((f" {message.number:>3} ", "dim"), subject[:40])
                rows.append(Option(row))
                if first is None or (name == self._wanted and first[0] != self._wanted):
                    first = (name, len(self._shown))
                self._shown.append((name, message))
            if len(messages) > LISTED:
                older = f" and {len(messages) - LISTED:,} older messages"
                rows.append(Option(Content.styled(older, "dim"), disabled=True))
                self._shown.append((name, _NONE))
        options.add_options(rows)
        if first is not None:
            options.highlighted = first[1]
        else:
            empty = Content.assemble("No messages yet.\n\n", (_EMPTY, "dim"))
            self.query_one("#envelope", Static).update(empty)
            self._message = _NONE
            self._show()
        options.focus()

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        _, message = self._shown[event.option_index]
        if message is not _NONE:
            self._message = message
            self._show()
            self.query_one("#message-pane").scroll_home(animate=False)
            self._draw_envelope()

    def _show(self) -> None:
        """Show the current message."""
        if self._message is not _NONE:
            self._saw("mailbox", "delivered" if self._as_delivered else "received")
        text = self._text(self._message)
        size = len(text)
        self.query_one(MessageText).show(text[:SHOWN])
        rest = Content.styled(f"… and {size - SHOWN:,} more bytes", "$text-warning")
        self.query_one("#message-rest", Static).update(rest if size > SHOWN else "")
        self.query_one("#message-rest").display = size > SHOWN

    @on(events.Resize)
    def _draw_envelope(self) -> None:
        self.query_one(Vertical).border_subtitle = self._keys
        if self._message is not _NONE:
            width = max(30, self.query_one("#message-pane").content_size.width - 1)
            envelope = _envelope(self._message, width, as_delivered=self._as_delivered)
            self.query_one("#envelope", Static).update(envelope)

    def _text(self, message: Message) -> bytes:
        """Return a message in the form in which it is shown and saved."""
        return message.delivered if self._as_delivered else message.content

    def action_view(self) -> None:
        """Switch between messages as delivered, with their trace fields, and as received."""
        self._as_delivered = not self._as_delivered
        self.query_one(Vertical).border_subtitle = self._keys
        if self._message is not _NONE:
            self._show()
            self._draw_envelope()

    def action_read_on(self) -> None:
        """Scroll the message down, regardless of the focus."""
        self.query_one("#message-pane").scroll_page_down(animate=False)

    @property
    def _keys(self) -> str:
        """The line of keys, including the form to which v switches."""
        chooses = "Up, Down: choose  " if self.size.width >= WIDE else ""
        other = "received" if self._as_delivered else "delivered"
        return chooses + _KEYS.format(other, "s: save  " if self._saves else "")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether a key is active. The key that saves is active if files may be written."""
        return self._saves or action != "save"

    def action_save(self) -> None:
        at = self.query_one("#messages", OptionList).highlighted
        if at is None or self._shown[at][1] is _NONE:
            return
        message = self._shown[at][1]
        file = Path(f"message-{message.number}.eml")
        try:
            private_file.create_with(file, self._text(message))
        except OSError as error:
            self._ui.tell(why_not_saved(error, file), trouble=True)
        else:
            self._ui.tell(f"Saved {file.absolute()}, byte for byte.")

    def action_clear(self) -> None:
        """Empty all mailboxes after asking the user."""
        count = len({message.number for messages in self._mailboxes.of.values()
                     for message in messages})  # fmt: skip
        if not count:
            return

        def answered(answer: str | None) -> None:
            if answer == "yes":
                self._mailboxes.clear()
                self._list()

        app_of(self).push_screen(
            QuestionScreen(
                "Empty all mailboxes?",
                plural(count, "1 message will be deleted.", "{} messages will be deleted."),
                (Answer("y", "yes", "yes, empty them"), Answer("Esc", "no", "no, keep them")),
            ),
            answered,
        )

    def action_close(self) -> None:
        self.dismiss(None)


_KEYS = "Space: read on  v: as {}  {}Del: empty  Esc: close"
_EMPTY = (
    "Send one: MAIL FROM:<you@example.org>, RCPT TO:<alice@practice.test>, DATA, the message, and "
    "a dot on a line of its own."
)
_NONE = Message(0, 0.0, "", "", (), (), b"")


def _subject(message: Message) -> str:
    head = message.content[:20_000].partition(b"\r\n\r\n")[0]
    found = _SUBJECT.search(head)
    return visible(found[1].strip()) if found is not None else ""


def _envelope(message: Message, width: int, *, as_delivered: bool) -> Content:
    """Return the envelope of a message as content, followed by the heading of the message."""
    content = message.content
    when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(message.at))
    envelope = [
        ("reverse-path", f"<{visible_text(message.sender)}>"),
        ("recipients", ", ".join(f"<{visible_text(to)}>" for to in message.recipients)),
        ("greeted as", visible_text(message.helo)),
        ("parameters", visible_text(" ".join(message.parameters)) or "none"),
        ("received", f"{when}, {plural(len(content), '{} byte')}"),
        ("SHA-256", hashlib.sha256(content).hexdigest()),
    ]
    parts = [Content.styled("Envelope", "bold $text-accent")]
    for name, said in envelope:
        parts += beside(name, said, column=13, width=width, bold="dim")
    how = "Message as delivered" if as_delivered else "Message as received"
    title = Content.styled(how, "bold $text-accent")
    return Content("\n").join([*parts, Content(""), title])
