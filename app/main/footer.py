"""The key bar: the keys that are useful in the current situation, most useful first."""

from __future__ import annotations

from ...widgets.bars.keys import KeyBar
from ..auth.prompt import AuthPrompt
from ..connect.manager import ConnectionManager
from ..input.sender import Sender
from ..lessons.guide import Guide
from ..plan.status import PlanStatus

_ALWAYS = ("find", "save", "panel", "q", "settings")


class FooterPresenter:
    """Fills the key bar with the actions that are useful in the current situation."""

    def __init__(
        self,
        bar: KeyBar,
        connections: ConnectionManager,
        sender: Sender,
        plan: PlanStatus,
        auth: AuthPrompt,
        guide: Guide,
    ) -> None:
        self._bar = bar
        self._connections = connections
        self._sender = sender
        self._plan = plan
        self._auth = auth
        self._guide = guide

    def show(self) -> None:
        """Update the key bar. This is cheap enough to do in every frame."""
        session = self._connections.session
        found = useful(
            connected=self._connections.connected,
            connected_before=session is not None,
            practising=self._connections.practising,
            in_message=self._sender.in_message,
            planned=self._plan.next is not None,
            stepping=self._plan.active,
            answering=self._auth.active,
            tls=(session is not None and session.tls) or self._connections.refused is not None,
        )
        if self._guide.active:
            found = ("lesson", *found)
        self._bar.useful = tuple(filter(self._connections.confinement.offers, found))


def useful(
    *,
    connected: bool,
    connected_before: bool,
    practising: bool,
    in_message: bool,
    planned: bool,
    stepping: bool,
    answering: bool,
    tls: bool,
) -> tuple[str, ...]:
    """Return the names of the actions that are useful in a situation, most useful first.

    `planned` is true if the plan has a next step, `stepping` if the plan has begun but not ended,
    and `tls` if the TLS tab has any content.
    """
    found = ["help"]
    if answering:
        found += ["peek", "way"]
    if in_message:
        found += ["message"]
    if planned:
        found += ["step", "run"]
    if stepping:
        found += ["plan"]
    if not connected:
        found += ["connect", *(["reconnect"] if connected_before else [])]
    if connected_before:
        found += ["explain"]
    if not stepping:
        found += ["begin"]
    if practising:
        found += ["mailbox"]
    if connected:
        found += ["connect"]
    if tls:
        found += ["tls"]
    found += _ALWAYS
    return tuple(found)
