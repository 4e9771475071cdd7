"""Begins a plan that sends the client's lines of a recording to a server again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...session.target import TargetError
from ...session.visible import visible_text
from ..config.servers import is_name
from ..connect.manager import ConnectionManager
from ..connect.profile import PRACTICES, Profile, target_of
from ..connect.recent import RecentProfiles
from ..plan.controller import PlanController
from ..plan.status import Plan
from ..ui import Ui
from .confirmation import ConfirmClose
from .stored_secret import StoredSecrets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...session.procedures.rerun import RerunStep
    from ...session.sasl.selection import MechanismChoice


class RerunCommand:
    """Asks for the login if a recording contains one, and begins the plan.

    `confirm_close` calls its argument, either at once or when the user has agreed to end the
    current connection.
    """

    def __init__(
        self,
        ui: Ui,
        connections: ConnectionManager,
        plan: PlanController,
        recent: RecentProfiles,
        confirm_close: ConfirmClose,
    ) -> None:
        self._ui = ui
        self._connections = connections
        self._plan = plan
        self._recent = recent
        self._confirm_close = confirm_close
        self._stored = StoredSecrets(ui, connections)

    def begin(self, steps: list[RerunStep], target: str) -> None:
        """Begin a plan that sends these steps to `target`. Ask for a secret if they log in."""
        from ...session.procedures.rerun import logs_in

        try:
            profile = self._profile(target)
            where = None if profile.practising else target_of(profile)
        except TargetError as error:
            self._ui.tell(str(error), trouble=True)
            return
        login = logs_in(steps)
        if login is None:
            self._begin(steps, profile, {})
            return
        implicit = where is not None and where.implicit
        place = steps.index(login)
        encrypted = implicit or any(step.handshake for step in steps[:place])
        self._ask(steps, profile, login.mechanism, encrypted=encrypted)

    def _profile(self, target: str) -> Profile:
        """Return the profile for `target`. If the current profile has the same TARGET, it is used.

        @NAME stands for a configured profile, including its login. Raises TargetError if the name
        is unknown.
        """
        if is_name(target):
            return self._connections.servers.profile(target)
        present = self._connections.profile
        return present if present.target == target else Profile(target)

    def _ask(
        self, steps: list[RerunStep], profile: Profile, mechanism: str, *, encrypted: bool
    ) -> None:
        from ..dialogs.requests import Login, LoginForm

        secrets = self._connections.secrets

        def choices(in_clear: bool, _: str) -> Sequence[MechanismChoice]:
            from ...session.sasl.selection import choose

            return choose(
                [mechanism], encrypted=encrypted, in_clear_allowed=in_clear, named=(mechanism,)
            )

        def answered(login: Login | None) -> None:
            if login is not None:
                self._stored.complete(login, profile, begin)

        def begin(login: Login) -> None:
            from ...session.driver.login import answers_with
            from ...session.sasl.exchange import Credentials

            target = None if profile.practising else target_of(profile)
            host, port = (target.host, target.port) if target is not None else ("", 0)
            credentials = Credentials(login.user, login.secret, "", host, port)
            answer = answers_with(credentials, in_clear=login.in_clear)
            self._begin(steps, profile, {"answer": answer})

        self._ui.ask(
            LoginForm(
                choices, encrypted, accepted=False, user=profile.user, mechanism=mechanism,
                learn=lambda secret: secrets.add(secret.reveal()),
                stored=lambda user: self._stored.shown(profile, user),
            ),
            answered,
        )  # fmt: skip

    def _begin(self, steps: list[RerunStep], profile: Profile, keywords: dict[str, Any]) -> None:
        connections = self._connections

        def go() -> None:
            connections.give_up()
            try:
                connections.choose(profile)
            except TargetError as error:
                self._ui.tell(str(error), trouble=True)
                return
            title = f"Send again to {visible_text(profile.target)}"
            title = connections.secrets.mask_text(title)
            self._plan.begin(Plan(title, "rerun", (steps,), keywords, connects=True))
            if profile.target not in PRACTICES:
                self._recent.note(profile)
            self._ui.refresh()

        self._confirm_close(go)
