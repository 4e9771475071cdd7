"""The login dialog: user name, password or token, and the mechanisms to try, each with a reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Checkbox, Input, Label, Static

from ...session.sasl.selection import SPOKEN, TOKEN_MECHANISMS, MechanismChoice
from ...session.secret import Secret
from ...session.visible import visible_text
from ...widgets.base.columns import beside
from ...widgets.input.cycle import Cycle
from ...widgets.input.password_field import PasswordField
from .requests import Login

MECHANISM_COLUMN = 18  # cells, where the words beside a mechanism begin

_ACCEPTED = (
    "This server's certificate failed verification, and you accepted it: anyone who has its "
    "key can read the {}."
)


class LoginScreen(ModalScreen[Login | None]):
    """Asks for a user name and a secret. The result is a Login, or None on Esc."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pagedown", "page(1)", "scroll down", show=False),
        Binding("pageup", "page(-1)", "scroll up", show=False),
        Binding("escape,ctrl+c", "cancel", "cancel", show=False),
    ]
    DEFAULT_CSS = """
    LoginScreen { align: center middle; }
    LoginScreen > Vertical {
        width: 72; max-width: 96%; height: auto; max-height: 96%;
        border: round $accent; border-title-color: $text-accent;
        border-subtitle-color: $text-muted; background: $surface; padding: 1 0;
    }
    LoginScreen VerticalScroll { height: auto; max-height: 100%; padding: 0 2;
        scrollbar-size-vertical: 1; }
    LoginScreen Input { background: $panel; margin-bottom: 1; }
    LoginScreen Static { height: auto; }
    LoginScreen #which { height: 1; margin-bottom: 1; }
    LoginScreen #how { color: $text-muted; }
    LoginScreen Checkbox { background: $surface; margin-bottom: 1; padding: 0; }
    LoginScreen Checkbox > .toggle--button { color: $panel; background: $panel; }
    LoginScreen Checkbox.-on > .toggle--button { color: $text-warning; background: $panel; }
    """

    def __init__(
        self,
        choices: Callable[[bool, str], Sequence[MechanismChoice]],
        encrypted: bool,
        accepted: bool = False,
        *,
        user: str = "",
        mechanism: str = "",
        stored: Callable[[str], str] = lambda user: "",
        learn: Callable[[Secret], object] = lambda secret: None,
    ) -> None:
        """Create the dialog, with `user` and `mechanism` filled in.

        `choices(in_clear, named)` returns the mechanisms to list. `in_clear` is true if the secret
        may be sent unencrypted, and `named` is the only mechanism to try, or "". `accepted` is true
        if the certificate failed verification and the user accepted it. `learn` is called with the
        text of the hidden field, even if it is not used. `stored(user)` returns where the secret
        comes from if none is typed, or "".
        """
        super().__init__()
        self._choices = choices
        self._encrypted = encrypted
        self._accepted = accepted
        self._in_clear = False
        self._user = user
        offered = [choice.mechanism for choice in choices(True, "")]
        self._spoken = [name for name in offered if name in SPOKEN]
        self._mechanism = mechanism if mechanism in self._spoken else ""
        self._learn = learn
        self._stored = stored

    @property
    def _secret_kind(self) -> str:
        """The kind of secret: "token" if every mechanism to be tried needs one, else "password"."""
        tried = {
            choice.mechanism for choice in self._choices(True, self._mechanism) if choice.tried
        }
        named = {self._mechanism} if self._mechanism else tried or set(self._spoken)
        return "token" if named and named <= {*TOKEN_MECHANISMS} else "password"

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "Log in"
            with VerticalScroll(can_focus=False):
                yield Label("User name")
                yield Input(self._user, compact=True, select_on_focus=False, id="user")
                yield Label(f"{self._secret_kind.capitalize()}, not shown", id="secret-label")
                yield PasswordField(id="secret", placeholder=self._placeholder(self._user))
                tick = ""
                if self._choices(True, "") != self._choices(False, ""):
                    tick = "Space ticks  "
                    how = "" if self._encrypted else " unencrypted"
                    yield Checkbox(
                        Content(f"Send the {self._secret_kind}{how} anyway"),
                        compact=True,
                        id="in-clear",
                    )
                with Horizontal(id="which"):
                    yield Label("Mechanism  ")
                    yield Cycle(
                        {"": "strongest first", **{name: name for name in self._spoken}},
                        self._mechanism,
                        id="mechanism",
                    )
                    yield Label("  Left and Right choose", id="how")
                box.border_subtitle = f"Enter logs in  {tick}PgDn more  Esc cancels"
                yield Static(id="mechanisms")

    def on_mount(self) -> None:
        self.query_one("#secret" if self._user else "#user").focus()

    @on(Cycle.Changed)
    @on(events.Resize)
    def _draw(self) -> None:
        self._mechanism = self.query_one("#mechanism", Cycle).value
        self.query_one("#secret-label", Label).update(
            f"{self._secret_kind.capitalize()}, not shown"
        )
        notes = self.query_one("#mechanisms", Static)
        notes.update(self._mechanisms(max(30, self.query_one("#mechanisms").size.width - 1)))

    def _mechanisms(self, width: int) -> Content:
        rows: list[Content] = []
        if not self._encrypted:
            rows.append(Content.styled("This connection is not encrypted.", "$text-warning"))
        if self._accepted:
            rows.append(Content.styled(_ACCEPTED.format(self._secret_kind), "$text-error"))
        choices = self._choices(self._in_clear, self._mechanism)
        tried = [choice for choice in choices if choice.tried]
        rows.append(
            Content("Mechanisms, tried in this order:")
            if tried
            else Content("No mechanism can be used:")
        )
        for choice in choices:
            style = "bold" if choice.tried else "dim"
            name = f"  {visible_text(choice.mechanism)[:24]}"
            rows += beside(
                name, choice.why, column=MECHANISM_COLUMN, width=width, bold=style, style="dim"
            )
        return Content("\n").join(rows)

    def _placeholder(self, user: str) -> str:
        place = self._stored(user)
        return f"leave empty to use {visible_text(place)}" if place else ""

    @on(Input.Changed, "#user")
    def _user_changed(self, event: Input.Changed) -> None:
        self.query_one("#secret", PasswordField).placeholder = self._placeholder(event.value)

    @on(Input.Submitted, "#user")
    def _user_given(self) -> None:
        self.query_one("#secret").focus()

    @on(Input.Submitted, "#secret")
    def _secret_given(self) -> None:
        user = self.query_one("#user", Input).value
        secret = self.query_one("#secret", PasswordField).take()
        self._learn(secret)
        self.dismiss(Login(user, secret, self._in_clear, self._mechanism))

    @on(Checkbox.Changed, "#in-clear")
    def _in_clear_changed(self, event: Checkbox.Changed) -> None:
        self._in_clear = event.value
        self._draw()

    def action_page(self, by: int) -> None:
        scroll = self.query_one(VerticalScroll)
        scroll.scroll_relative(y=by * max(1, scroll.size.height - 1), animate=False)

    def action_cancel(self) -> None:
        self._learn(self.query_one("#secret", PasswordField).take())
        self.dismiss(None)
