"""Makes a plan from a swaks command line, with its connection, login and message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from ...session.plural import plural
from ...session.target import TargetError
from ...session.visible import visible_text
from ..connect.manager import ConnectionManager
from ..connect.profile import IMPLICIT, NONE, OFFERED, REQUIRED, Profile
from ..plan.controller import PlanController
from ..plan.status import Plan
from ..ui import Ui
from .confirmation import ConfirmClose
from .registry import CommandTable

if TYPE_CHECKING:
    from ...session.aio.session import Session
    from ..connect.known_server import Make
    from ..swaks.request import SwaksRequest

_POLICIES = {
    "none": NONE, "try": OFFERED, "offered": OFFERED, "required": REQUIRED, "implicit": IMPLICIT,
}  # fmt: skip
_IN_A_SHELL = "Use heloscope swaks in a shell for that."
_BEFORE_MAIL = ("connect", "ehlo", "starttls", "secured", "login")


class SwaksCommand:
    """The command `:swaks ARGUMENTS`, which also handles pasted command lines that run swaks.

    `confirm_close` calls its argument, either at once or when the user has agreed to end the
    current connection.
    """

    def __init__(
        self, ui: Ui, connections: ConnectionManager, plan: PlanController,
        confirm_close: ConfirmClose,
    ) -> None:  # fmt: skip
        self._ui = ui
        self._connections = connections
        self._plan = plan
        self._confirm_close = confirm_close

    @property
    def table(self) -> CommandTable:
        """The command of this group, keyed by action name."""
        return {"swaks": self.begin}

    def begin(self, argument: str = "") -> None:
        """Begin a plan that does what swaks would do, or tell the user why that is impossible."""
        from ..swaks.reading import request_of
        from ..swaks.words import SwaksError, from_environment, is_swaks, pasted, read_words

        try:
            words, variables = pasted(argument if is_swaks(argument) else f"swaks {argument}")
            request = request_of(read_words(words, read_words(from_environment(variables))))
        except SwaksError as error:
            self._ui.tell(f"swaks: {error}", trouble=True)
            return
        except OSError as error:
            self._ui.tell(f"swaks: cannot read {_named(error)}: {error.strerror}.", trouble=True)
            return
        if request.secret is not None:
            self._connections.secrets.add(request.secret.reveal())
        if trouble := _beyond_a_plan(request):
            self._ui.tell(f"{trouble} {_IN_A_SHELL}", trouble=True)
            return
        for note in request.notes:
            self._ui.tell(visible_text(note))
        if not all(address.isascii() for address in (request.sender, *request.recipients)):
            self._ui.tell("swaks sends non-ASCII addresses without SMTPUTF8.")
        self._confirm_close(lambda: self._begin(request))

    def _begin(self, request: SwaksRequest) -> None:
        connections = self._connections
        profile = Profile(
            request.target, _POLICIES[request.tls], request.ca, request.cert, request.key,
            request.ehlo, request.source, request.server_name, verify=request.verify,
            user=request.user, timeout=request.timeout,
        )  # fmt: skip
        connections.give_up()
        try:
            connections.choose(profile)
        except TargetError as error:
            self._ui.tell(str(error), trouble=True)
            return
        login = _login(request)
        if login is not None:
            self._plan.known.logged_in(profile, login)
        self._plan.begin(msgspec.structs.replace(_plan(request), connects=True, leaves=True))
        self._ui.refresh()


def _named(error: OSError) -> str:
    return visible_text(str(error.filename)) if error.filename else "a file"


def _beyond_a_plan(request: SwaksRequest) -> str:
    """Return a sentence about what a plan cannot do in this request; "" if it can do everything."""
    if request.pipe:
        return "A program cannot be started from here."
    if request.shows:
        return "Printing without a conversation is not possible here."
    if request.peer_cert is not None or request.peer_chain is not None:
        return "A plan does not write certificates to files; :pem does."
    if request.proxy_header:
        return "A PROXY header cannot be sent from here."
    if request.xclient:
        return "A plan has no step for XCLIENT."
    if request.hello == "HELO":
        return "A plan greets with EHLO, not with HELO."
    if request.drops or request.until == "data":
        return "A plan cannot drop the connection in the middle."
    return ""


def _login(request: SwaksRequest) -> Make | None:
    if not request.user or request.secret is None:
        return None
    secret = request.secret

    def made(session: Session) -> tuple[str, tuple[Any, ...]]:
        return session.login_procedure(
            request.user, secret, mechanism=request.mechanisms, in_clear=True,
            aliases=dict(request.aliases), in_turn=request.mechanisms_named,
        )  # fmt: skip

    return made


def _plan(request: SwaksRequest) -> Plan:
    from ...session.procedures.content import Content

    if request.until in _BEFORE_MAIL:
        return Plan(
            f"As swaks: greet {visible_text(request.target)}",
            "" if request.until == "connect" else "ehlo_or_helo_if_needed",
        )
    to = [visible_text(each) for each in request.recipients]
    whom = to[0] if len(to) == 1 else plural(len(to), "{} recipient")
    return Plan(
        f"As swaks: send to {whom}",
        "sendmail",
        (
            request.sender,
            list(request.recipients),
            Content(request.message, as_is=True),
            ["PRDR"] if request.prdr else [],
        ),
        {
            "pipelining": request.pipelining,
            "says_size": False,
            "until": {"mail": "MAIL", "rcpt": "RCPT"}.get(request.until, ""),
        },
    )
