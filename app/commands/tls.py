"""The TLS commands: show details, accept a certificate, and save or copy certificates."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from ...session.events import Event, TlsFailed, TlsStarted
from ...session.plural import plural
from ...session.visible import visible_text
from ..connect.manager import ConnectionManager
from ..export.text_file import save_lines, why_not_saved
from ..plan.controller import PlanController
from ..ui import CertificateList, Ui
from .registry import CommandTable
from .tasks import TaskSet

_CONSEQUENCES = (
    "Accept it anyway? heloscope reconnects, accepts exactly this certificate and no "
    "other, and repeats the commands that led to TLS, or the plan up to here. Anyone who has its "
    "key can read what you send, including passwords, so first compare the SHA-256 with the "
    "server's own."
)


class TlsCommands:
    """The commands for the TLS panel and for the certificates of the last handshake.

    `handshakes` returns the TLS events of the current session.
    """

    def __init__(
        self,
        ui: Ui,
        connections: ConnectionManager,
        plan: PlanController,
        panel: CertificateList,
        handshakes: Callable[[], Sequence[Event]],
        tasks: TaskSet,
    ) -> None:
        self._ui = ui
        self._connections = connections
        self._plan = plan
        self._panel = panel
        self._handshakes = handshakes
        self._tasks = tasks

    @property
    def table(self) -> CommandTable:
        """The commands of this group, keyed by action name."""
        return {
            "tls": self.show,
            "trust": self.trust,
            "pem": self.save_pem,
            "fingerprint": self.copy_chosen,
        }

    def show(self, _: str = "") -> None:
        """Open the TLS tab, or leave it if it already has the focus."""
        self._ui.panel.toggle_page("tls")

    def trust(self, _: str = "") -> None:
        """Ask whether to accept the certificate that failed verification. If so, reconnect."""
        from ...session.facts.tls_failures import REASONS
        from ...session.tls.certificates import parse_chain
        from ...session.tls.diagnosis import problems
        from ..dialogs.requests import Answer, Question

        failure = self._connections.refused
        if failure is None:
            self._ui.tell("No certificate has failed verification, so there is none to accept.")
            return
        chain = parse_chain(failure.chain)
        own = chain[0]
        found = problems(
            chain, failure.server_name, time.time(), verify_code=failure.verify_code,
            reason=failure.reason,
        )[0]  # fmt: skip
        titles = [REASONS[failure.reason].title, *(problem.title for problem in found)]

        def answered(answer: str | None) -> None:
            if answer == "yes":
                self._connections.accept(failure)
                if not self._plan.repeat():
                    self._connections.repeat_handshake()
                self._ui.refresh()

        text = "\n".join(
            (
                f"Server   {visible_text(failure.server_name)[:200]}",
                f"Name     {visible_text(own.name)[:200]}",
                f"Problem  {', '.join(dict.fromkeys(titles))}",
                f"SHA-256  {own.sha256[:48]}",
                f"         {own.sha256[48:]}",
                "",
                visible_text(failure.detail),
                "",
                _CONSEQUENCES,
            )
        )
        self._ui.ask(
            Question(
                "The certificate was not accepted",
                text,
                (Answer("y", "yes", "yes, accept this one"), Answer("Esc", "no", "no")),
            ),
            answered,
        )

    # Certificates

    @property
    def chain(self) -> tuple[bytes, ...]:
        """The certificates presented in the last handshake (DER), or an empty tuple."""
        for event in reversed(self._handshakes()):
            if isinstance(event, TlsStarted | TlsFailed) and event.chain:
                return event.chain
        return ()

    def copy_chosen(self, _: str = "") -> None:
        """Copy the SHA-256 fingerprint of the certificate chosen in the TLS tab."""
        if not self.chain:
            self._ui.tell("No certificate to copy from: the server has not presented one.")
            return
        self.copy_fingerprint(self._panel.cursor)

    def copy_fingerprint(self, number: int) -> None:
        """Copy the SHA-256 fingerprint of certificate `number` of the chain, counted from 0."""
        from ...session.tls.certificates import parse

        chain = self.chain
        if chain:
            own = parse(chain[min(number, len(chain) - 1)])
            self._ui.copy(own.sha256)
            self._ui.tell(f"Copied the SHA-256 of {visible_text(own.name)[:80]}.")

    def save_pem(self, name: str = "") -> None:
        """Save the server's certificates as PEM."""
        from ..explain.certificates import pem_of

        chain = self.chain
        if not chain:
            self._ui.tell("No certificate to save: the server has not presented one.")
            return
        host = re.sub(r"[^A-Za-z0-9.-]", "_", self._host())[:100].lstrip(".") or "server"
        file = Path(name).expanduser() if name else Path(f"{host}.pem")
        lines = pem_of(chain).split("\n")[:-1]
        self._tasks.start(self._save_pem(file.absolute(), lines, len(chain)))

    async def _save_pem(self, file: Path, lines: list[str], count: int) -> None:
        try:
            await save_lines(iter(lines), file, lambda _: None)
        except OSError as error:
            self._ui.tell(why_not_saved(error, file, "pem"), trouble=True)
        else:
            what = plural(count, "the certificate", "the {} certificates")
            self._ui.tell(f"Saved {what} as PEM: {file}")

    def _host(self) -> str:
        session = self._connections.session
        target = session.target if session is not None else None
        return target.host or os.path.basename(target.path) if target is not None else ""
