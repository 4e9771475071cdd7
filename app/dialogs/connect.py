"""The dialog that asks which server to connect to, and how."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

import msgspec
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.suggester import SuggestFromList
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from ...session.private_file import reason
from ...session.secret import Secret
from ...session.target import passwords_in
from ...session.visible import visible_text
from ...widgets.input.password_field import PasswordField
from ...widgets.input.radio_row import RadioRow
from ...widgets.input.target_field import TargetField
from ..actions import DEFAULT_KEYS, key_name, keys_with
from ..connect.profile import (
    IMPLICIT,
    POLICIES,
    PORT_USES,
    PRACTICE,
    Profile,
    hello_problem,
    port_words,
    source_problem,
    tls_problems,
)
from ..connect.servers import KnownServers
from .form import FormFields, FormScreen
from .requests import ConnectRequest

_FORMS = (
    ("host, host:587", "a server; the default port is 25"),
    ("smtps://host", "TLS from the first byte, port 465"),
    ("lmtp://host", "LMTP, port 24"),
    ("[::1]:2525", "an IPv6 address and port"),
    ("unix:/run/lmtp", "LMTP over a Unix socket; smtp+unix:/path for SMTP"),
    (PRACTICE, "the practice server"),
    ("@name", "a server in the configuration, with its settings"),
)
_LISTED = "The accepted forms and the usual ports are listed below."
# Field of Profile -> (label, placeholder).
_FIELDS = {
    "ca_file": ("Trusted CAs", "the system's, or a PEM file"),
    "certfile": ("Client cert", "none, or a PEM file if the server requests one"),
    "keyfile": ("Client key", "in the certificate's file, or another PEM file"),
    "key_password": ("Key password", "none; it is never stored"),
    "hello": ("HELO name", "this machine's name"),
    "source": ("Source IP", "the system's choice, or an address of this machine"),
    "save_as": ("Save as", "not saved, or a name for connecting as @name"),
}
_OWN = ("key_password", "save_as")  # which are not fields of a profile
_STEP_KEYS = keys_with("", "step") or DEFAULT_KEYS["step"]
_FORM = 16  # cells of the column that lists the forms of a target


class RecentServers(OptionList):
    """The list of recent servers. Up on the first entry and Down on the last leave the list."""

    def on_focus(self) -> None:
        if self.highlighted is None and self.option_count:
            self.highlighted = 0

    def action_cursor_down(self) -> None:
        if self.highlighted == self.option_count - 1:
            self.screen.focus_next()
        else:
            super().action_cursor_down()

    def action_cursor_up(self) -> None:
        if not self.highlighted:
            self.screen.focus_previous()
        else:
            super().action_cursor_up()


class ConnectScreen(FormScreen[ConnectRequest | None]):
    """Asks where to connect, and how. The result is a valid ConnectRequest, or None on Esc.

    `recent` contains the servers to offer; `forget(profile)` is called when one of them is removed.
    `learn(secret)` is called with a password typed for the key or in the target, even if it is not
    used. `servers` contains the configured servers, to which a profile can be added.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go", "connect", show=False),
        Binding(_STEP_KEYS, "step", "connect step by step", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    ConnectScreen > FormFields {
        & OptionList { height: auto; max-height: 5; border: none; background: $surface;
            padding: 0; width: 1fr; }
        & OptionList:focus { border: none; }
        & OptionList:blur > .option-list--option-highlighted {
            background: $surface; color: $foreground; text-style: none;
        }
        & #help { height: auto; margin-top: 1; color: $text-muted; }
    }
    """

    def __init__(
        self,
        recent: Sequence[Profile],
        forget: Callable[[Profile | None], object] = lambda profile: None,
        *,
        stepping: bool = False,
        learn: Callable[[Secret], object] = lambda secret: None,
        servers: KnownServers | None = None,
    ) -> None:
        super().__init__()
        self._servers = servers or KnownServers()
        self._base = self._servers.common()  # settings without a field here
        self._learn = learn
        self._stepping = stepping
        self._recent = list(recent)
        self._forget = forget
        self._policy_chosen = False  # by the user: the target no longer sets it

    def compose(self) -> ComposeResult:
        with FormFields() as box:
            box.border_title = "Connect, step by step" if self._stepping else "Connect"
            first = key_name(_STEP_KEYS.split(",")[0])
            go = "Enter creates the plan" if self._stepping else f"Enter connects  {first} steps"
            box.border_subtitle = f"{go}  Up Down fields  PgDn more  Esc cancels"
            yield from self.row(
                "Server",
                TargetField(
                    placeholder="host, or host:port",
                    compact=True,
                    id="target",
                    suggester=SuggestFromList(self._servers.names),
                ),
                about="",
            )
            if self._recent:
                yield from self.row("Recent", RecentServers(id="recent"), about="")
            labels = {key: policy.label for key, policy in POLICIES.items()}
            yield from self.row("TLS", RadioRow(labels, id="policy"), about="")
            for field, (label, empty) in _FIELDS.items():
                if field == "key_password":
                    entry: Input = PasswordField(placeholder=empty, id=field)
                else:
                    entry = Input(placeholder=empty, compact=True, id=field)
                yield from self.row(label, entry)
            yield Static(self._help(), id="help")

    def _help(self) -> Content:
        ports = [(f"port {number}", words) for number, words in PORT_USES.items()]
        rows = [
            Content.assemble((f"{form:<{_FORM}}", "$text"), words) for form, words in _FORMS
        ] + [Content.assemble((f"{port:<{_FORM}}", "$text"), words) for port, words in ports]
        return Content("\n").join(rows)

    def on_mount(self) -> None:
        self._list()
        common = self._base
        for entry in self.query(Input):
            entry.value = getattr(common, str(entry.id), "")
        if common.policy != next(iter(POLICIES)):
            self._policy_chosen = True
            self.query_one("#policy", RadioRow).value = common.policy
        self._about()

    # Fields

    def _list(self) -> None:
        if not self.query("#recent"):
            return
        recent = self.query_one("#recent", OptionList)
        recent.clear_options()
        recent.add_options(Option(Content(_shown(profile))) for profile in self._recent)
        recent.highlighted = None
        note = "Enter connects, Right edits, Del removes." if self._recent else "None."
        self.query_one("#recent-about", Static).update(note)

    def _about(self) -> None:
        text = self.query_one("#target", Input).value.strip()
        policy = self.query_one("#policy", RadioRow)
        self.query_one("#target-about", Static).update(
            (self._servers.about(text) or port_words(text, policy.value)) if text else _LISTED
        )
        self.query_one("#policy-about", Static).update(POLICIES[policy.value].words)

    @on(Input.Changed, "#target")
    def _target_changed(self, event: Input.Changed) -> None:
        if not self._policy_chosen:
            text = event.value.strip()
            implicit = text.startswith("smtps://") or text.endswith(":465")
            policy = IMPLICIT if implicit else next(iter(POLICIES))
            self.query_one("#policy", RadioRow).value = policy
        self._about()

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        self.say(str(event.input.id), "")

    @on(RadioRow.Changed)
    def _chosen(self) -> None:
        self._policy_chosen = True
        self._about()

    def _fill(self, profile: Profile) -> None:
        """Fill the fields from a recent server or one in the configuration."""
        if not self._servers.problem(profile.target):
            profile = self._servers.resolved(profile)
        self._base = profile
        self._policy_chosen = True
        for entry in self.query(Input):
            entry.value = getattr(profile, str(entry.id), "")
        self.query_one("#policy", RadioRow).value = profile.policy
        self._about()
        self.query_one("#target").focus()

    # Answering

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.action_go()

    def action_go(self) -> None:
        """Connect with the values of the fields, unless one of them is invalid."""
        typed = {str(entry.id): entry.value.strip() for entry in self.query(Input)}
        password = self.query_one("#key_password", Input).value
        save_as = typed["save_as"]
        for field in _OWN:
            del typed[field]
        if password:
            self._learn(Secret(password))
        self._learn_target()
        policy = self.query_one("#policy", RadioRow).value
        profile = msgspec.structs.replace(self._base, policy=policy, **typed)
        if profile.target != self._base.target:  # settings of one server are not used for another
            profile = msgspec.structs.replace(profile, server="", user="", mechanism="")
        if profile.target.startswith("@"):
            profile = Profile(profile.target)
        self._take(profile, Secret(password) if password else None, save_as)

    def action_step(self) -> None:
        """Connect step by step to the typed address, or to the highlighted recent server."""
        self._stepping = True
        recent = self.query("#recent").first(OptionList) if self.query("#recent") else None
        if recent is not None and recent.has_focus:
            recent.action_select()
        else:
            self.action_go()

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        profile = self._recent[event.option_index]
        if self._problems(profile, None):
            self._fill(profile)
        self._take(profile, None)

    def _take(self, profile: Profile, password: Secret | None, save_as: str = "") -> None:
        problems = self._problems(profile, password)
        if save_as and not problems:
            problem = self._save(profile, save_as)
            problems = {"save_as": problem} if problem else {}
        for field in ("target", *_FIELDS):
            self.say(field, problems.get(field, ""))
        if problems:
            self.query_one(f"#{next(iter(problems))}").focus()
        else:
            self.dismiss(ConnectRequest(profile, password, self._stepping))

    def _save(self, profile: Profile, name: str) -> str:
        """Save a profile under a name. Return what prevented that, or "" if it was saved."""
        if profile.target.startswith("@") or profile.practising:
            return f"{visible_text(profile.target)} does not need a profile."
        if problem := self._servers.name_problem(name):
            return problem
        try:
            self._servers.save(name, profile)
        except OSError as error:
            return f"The profile could not be saved: {reason(error)}."
        return ""

    def _problems(self, profile: Profile, password: Secret | None) -> dict[str, str]:
        """Return the problems with a profile, keyed by field, in the order of the fields."""
        problem = self._servers.problem(profile.target)
        if not problem:
            profile = self._servers.resolved(profile)
        found = {
            "target": problem if profile.target else "Enter a server, or press Esc to cancel.",
            **tls_problems(profile, password),
            "hello": hello_problem(profile.hello),
            "source": source_problem(profile.source, profile.target),
        }
        order = ("target", *_FIELDS)
        return {field: found[field] for field in order if found.get(field)}

    # Keys of the list

    def on_key(self, event: events.Key) -> None:
        recent = self.query("#recent").first(OptionList) if self.query("#recent") else None
        if recent is None or not recent.has_focus or recent.highlighted is None:
            return
        number = recent.highlighted
        if event.key == "right":
            self._fill(self._recent[number])
        elif event.key == "delete":
            self._forget(self._recent.pop(number))
            self._list()
            if self._recent:
                recent.highlighted = min(number, len(self._recent) - 1)
        else:
            return
        event.stop()

    def action_cancel(self) -> None:
        self._learn(self.query_one("#key_password", PasswordField).take())
        self._learn_target()
        self.dismiss(None)

    def _learn_target(self) -> None:
        """From now on, mask a password typed in the target, even though it will be refused."""
        for password in passwords_in(self.query_one("#target", TargetField).value):
            self._learn(Secret(password))


def _shown(profile: Profile) -> str:
    """Return a recent server on one line: its target, and the settings that are not defaults."""
    parts = [profile.target]
    if POLICIES[profile.policy].named:
        parts.append(POLICIES[profile.policy].named)
    parts += [
        f"{label.lower()} {value}"
        for field, (label, _) in _FIELDS.items()
        if (value := getattr(profile, field, ""))
    ]
    return visible_text("  ".join(parts))
