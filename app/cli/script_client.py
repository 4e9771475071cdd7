"""The connections that a script makes to a TARGET or to the practice server.

Each connection has its own session, as in the app; all sessions share the secrets to mask.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from ...session.aio.session import Session
from ...session.errors import CredentialsRefused
from ...session.record.masking import KnownSecrets
from ...session.record.pace import Paced
from ...session.reply import Reply
from ...session.secret import Secret
from ...session.target import Target, parse_target
from ..script.connector import NoProfileLogin, ProfileLogin
from .options import NONE, REQUIRED, ClientOptions
from .outlets import Outlets, say, sentence_of
from .status import Stage, status_of

if TYPE_CHECKING:
    from ...session.practice.server import PracticeServer
    from ...session.tls.settings import TlsSettings
    from .reporting import Soon


class ScriptClient:
    """Connects for a script, implementing `Connector` from app/script/connector.py.

    Raises OptionError, TlsSettingsError, or OSError if the recording cannot be created.
    """

    def __init__(self, options: ClientOptions) -> None:
        from ...session.tls.handshake import HandshakeRecord, make_context

        # The engine's log, such as a slow reader of the output, does not belong on a terminal.
        logging.getLogger().addHandler(logging.NullHandler())
        self._options = options
        self._secret: Secret | None = options.read_secret(say) if options.logs_in else None
        self._tls = options.tls_settings()
        if options.ca or options.cert:
            make_context(self._tls, HandshakeRecord())  # mistakes are reported before connecting
        self.secrets = KnownSecrets()
        """The secrets that are masked in all output and recordings."""
        if self._secret is not None and self._secret:
            self.secrets.add(self._secret.reveal())
        from .configured import configuration

        recorded = configuration().record  # and a mistake in the file is reported before connecting
        if not (options.record or options.no_record):
            options = msgspec.structs.replace(options, no_record=not recorded)
        self.outlets = Outlets(options)
        self.session: Session | None = None
        self._practice: PracticeServer | None = None
        self._stage = Stage.CONNECT
        self._where = ""

    async def connect(self, where: str, scenario: str, began: Callable[[Session], object]) -> Reply:
        """Connect to `where` and return the greeting; see `Connector.connect`."""
        from ..connect.profile import PRACTICES

        if self.session is not None:
            await self.session.close()
        self._stage = Stage.CONNECT
        self._where = where
        target, tls, options = await self._resolved(where, scenario)
        session = self.session = Session(
            target,
            timeout=options.timeout,
            local_hostname=options.ehlo or None,
            source_address=options.source_address,
            tls=tls,
        )
        session.transcript.secrets = self.secrets
        asked = where if where in PRACTICES else options.practice or target.text
        self.outlets.attach(session.transcript, asked, _soon())
        began(session)
        await session.open()
        greeting = await session.greeting()
        if greeting.code == 220:
            await self._prepare(session)
        return greeting

    async def _prepare(self, session: Session) -> None:
        options = self._options
        if options.tls not in ("", NONE) and not session.tls:
            self._stage = Stage.TLS
            await session.run("secure", required=options.tls == REQUIRED)
        if self._secret is not None:
            self._stage = Stage.LOGIN
            await session.login(
                options.login, self._secret, mechanism=options.mechanisms,
                authzid=options.authzid, in_clear=options.in_clear,
            )  # fmt: skip
        self._stage = Stage.REST

    async def _resolved(
        self, where: str, scenario: str
    ) -> tuple[Target, TlsSettings | Callable[[], TlsSettings], ClientOptions]:
        from ..connect.profile import PRACTICE_LMTP, PRACTICE_TLS, PRACTICE_TWO, PRACTICES

        if where not in PRACTICES:
            from .configured import configured

            # TLS after connecting and the login are up to the script, whatever a profile says.
            given = msgspec.structs.replace(self._options, in_clear=False)
            target, options = configured(given, where, login=False)
            return target, options.tls_settings(), options
        server = await self._practising()
        if scenario:
            from ...session.practice.scenarios import table

            file = scenario.endswith(".toml") or "/" in scenario
            server.use(table.read_scenario(scenario) if file else scenario)
        host = server.host
        match where:
            case _ if where == PRACTICE_TLS:
                text = f"smtps://{host}:{server.tls_port}"
            case _ if where == PRACTICE_TWO:
                text = f"{host}:{server.second_port}"
            case _ if where == PRACTICE_LMTP:
                text = f"lmtp://{host}:{server.lmtp_port}"
            case _ if server.scenario.lmtp:
                text = f"lmtp://{host}:{server.port}"
            case _:
                text = f"{host}:{server.port}"
        own = self._tls

        def trusted() -> TlsSettings:
            settings = server.trusted()
            return msgspec.structs.replace(settings, certfile=own.certfile, keyfile=own.keyfile)

        return parse_target(text), trusted, self._options

    async def _practising(self) -> PracticeServer:
        if self._practice is None:
            from ...session.practice.server import PracticeServer

            logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # aiosmtpd's holds secrets
            server = PracticeServer()
            await server.start()
            self._practice = server
        return self._practice

    def profile_login(self) -> ProfileLogin:
        """Return the login of the profile used to connect; see `Connector.profile_login`."""
        return self.login_of(self._where)

    def login_of(self, where: str) -> ProfileLogin:
        """Return the login of a profile, @NAME. Raises NoProfileLogin if it has none."""
        from ..config.servers import is_name
        from .configured import configured

        if not is_name(where):
            raise NoProfileLogin(
                "the server is not a profile, @NAME, so there is no user to log in as"
            )
        try:
            _, options = configured(self._options, where)
            if not options.logs_in:
                raise NoProfileLogin(f"{where} has no user to log in as")
            secret = options.read_secret(say)
        except ValueError as error:  # an error of the configuration or of the secret
            raise NoProfileLogin(str(error)) from None
        if secret:
            self.secrets.add(secret.reveal())
        return ProfileLogin(options.login, secret, tuple(options.mechanisms))

    def judged(self, error: BaseException) -> tuple[int, str]:
        """Return the exit status and a sentence for an error of the current connection."""
        status = status_of(error, self._stage)
        if self.session is None:
            return status, str(error)
        told = sentence_of(error, status, self.session.transcript)
        if self.session.target is not None:
            from .configured import profile_meant

            if words := profile_meant(error, self.session.target.host):
                told = f"{told.rstrip('.')} ({words[0].lower()}{words[1:]})"
        if isinstance(error, CredentialsRefused):
            from ..advice import not_tried

            how = "--mechanism" if self._stage is Stage.LOGIN else ":auth"
            told = f"{told.rstrip('.')}. {not_tried(error, how)}"
        return status, told

    async def leave(self, *, quit_said: bool = False) -> None:
        """Close the connection, after QUIT if the server would still read it.

        `quit_said` is true if QUIT has already been sent.
        """
        session = self.session
        if session is not None and session.connected:
            if quit_said or session.conversation.closing:
                await session.close()
            else:
                await session.leave()

    async def close(self) -> None:
        """Close the session, the practice server and the recordings."""
        try:
            if self.session is not None:
                await self.session.close()
            if self._practice is not None:
                await self._practice.stop()
        finally:
            self.outlets.close()


def _soon() -> Soon:
    """Return a function that schedules printing: at once on a terminal, otherwise in batches."""
    loop = asyncio.get_running_loop()
    return loop.call_soon if sys.stdout.isatty() else Paced(loop)
