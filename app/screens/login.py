"""The dialog that asks who logs in: user, secret, and which mechanism would be taken, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, NamedTuple

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Checkbox, Input, Label, Static

from ...session.sasl_choice import Choice
from ...session.secret import Secret
from ...session.visible import visible_text
from ...widgets.columns import beside

COLUMN = 18  # cells, where the words beside a mechanism begin

_ACCEPTED = (
    "The certificate of this server failed its check, and you accepted it: the password goes to "
    "whoever has its key."
)


class Login(NamedTuple):
    """What was answered. The secret leaves this screen as a `Secret`."""

    user: str
    secret: Secret
    in_clear: bool = False
    """Whether the user insists on sending it over a connection that does not protect it."""


class _UserInput(Input):
    """The user's name. From Enter on, what is typed belongs to the password.

    Many keys may come in one go: those behind Enter would still be this field's, which shows
    what it holds.
    """

    def __init__(self, user: str, secret: Input) -> None:
        super().__init__(user, compact=True, select_on_focus=False, id="user")
        self._secret = secret
        self._over = False

    def on_focus(self) -> None:
        self._over = False

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "enter" and not self._over:
            self._over = True
            self.screen.set_focus(self._secret)
        elif not self._over:
            await super()._on_key(event)
            return
        elif event.character is not None and event.is_printable:
            self._secret.insert_text_at_cursor(event.character)
        elif event.key == "enter":
            await self._secret.action_submit()
        event.stop()
        event.prevent_default()


class LoginScreen(ModalScreen[Login | None]):
    """Returns who logs in, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c", "cancel", "cancel", show=False),
    ]
    DEFAULT_CSS = """
    LoginScreen { align: center middle; }
    LoginScreen > Vertical {
        width: 72; max-width: 96%; height: auto; max-height: 96%;
        border: round $accent; border-title-color: $text-accent;
        border-subtitle-color: $text-muted; background: $surface; padding: 1 2;
    }
    LoginScreen Input { background: $panel; margin-bottom: 1; }
    LoginScreen Static { height: auto; }
    LoginScreen Checkbox { background: $surface; margin-bottom: 1; padding: 0; }
    LoginScreen Checkbox > .toggle--button { color: $panel; background: $panel; }
    LoginScreen Checkbox.-on > .toggle--button { color: $text-warning; background: $panel; }
    """

    def __init__(
        self,
        choices: Callable[[bool], Sequence[Choice]],
        encrypted: bool,
        accepted: bool = False,
        *,
        user: str = "",
    ) -> None:
        """`choices(in_clear)` are the mechanisms, `accepted` whether TLS stands by a decision of
        the user alone, `user` the name that stands in its field at first.
        """
        super().__init__()
        self._choices = choices
        self._encrypted = encrypted
        self._accepted = accepted
        self._in_clear = False
        self._user = user

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "Log in"
            yield Label("User")
            secret = Input(compact=True, password=True, id="secret")
            yield _UserInput(self._user, secret)
            yield Label("Password, not shown")
            yield secret
            tick = ""
            if self._choices(True) != self._choices(False):
                tick = "Tab, Space ticks  "
                how = "" if self._encrypted else " in clear"
                yield Checkbox(
                    Content(f"Send the password{how} all the same"), compact=True, id="in-clear"
                )
            box.border_subtitle = f"Enter goes on  {tick}Esc cancels"
            yield Static(id="mechanisms")

    def on_mount(self) -> None:
        self.query_one("#secret" if self._user else "#user").focus()

    @on(events.Resize)
    def _draw(self) -> None:
        notes = self.query_one("#mechanisms", Static)
        notes.update(self._mechanisms(max(30, self.query_one(Vertical).content_size.width)))

    def _mechanisms(self, width: int) -> Content:
        rows: list[Content] = []
        if not self._encrypted:
            rows.append(Content.styled("This connection is not encrypted.", "$text-warning"))
        if self._accepted:
            rows.append(Content.styled(_ACCEPTED, "$text-error"))
        choices = self._choices(self._in_clear)
        tried = [choice for choice in choices if choice.tried]
        rows.append(
            Content("The first of these is tried, then the next:")
            if tried
            else Content("None of the mechanisms can be used:")
        )
        for choice in choices:
            style = "bold" if choice.tried else "dim"
            name = f"  {visible_text(choice.mechanism)[:24]}"
            rows += beside(name, choice.why, column=COLUMN, width=width, bold=style, style="dim")
        return Content("\n").join(rows)

    @on(Input.Submitted, "#secret")
    def _secret_given(self) -> None:
        user = self.query_one("#user", Input).value
        field = self.query_one("#secret", Input)
        secret, field.value = Secret(field.value), ""
        self.dismiss(Login(user, secret, self._in_clear))

    @on(Checkbox.Changed, "#in-clear")
    def _insisted(self, event: Checkbox.Changed) -> None:
        self._in_clear = event.value
        self._draw()

    def action_cancel(self) -> None:
        self.dismiss(None)
