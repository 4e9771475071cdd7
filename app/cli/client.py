"""A conversation of a command: connecting as the options say, TLS, login, recording, QUIT.

status = asyncio.run(Client(target, options).run(task))    # task(session) -> status
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from ...session.errors import ConnectionLost, ReplyTimedOut
from ...session.target import Target
from .options import NONE, REQUIRED, ClientOptions
from .outlets import Outlets, say, sentence_of
from .status import DONE, Stage, status_of
from .steps import Steps

if TYPE_CHECKING:
    from ...session.aio.session import Session
    from ...session.secret import Secret

Task = Callable[["Session"], Awaitable[int]]
_ALL = Steps()


class Client:
    """Runs one task in a conversation with `target`, and prints and records it.

    `steps` says where it ends, and what is special about it. Raises OptionError, TlsSettingsError,
    and OSError where the file of `record` cannot be made.
    """

    def __init__(self, target: Target, options: ClientOptions, steps: Steps = _ALL) -> None:
        from ...session.aio.session import Session
        from ...session.tls.handshake import HandshakeRecord, make_context

        # What the engine logs, such as a slow reader of the output, is nothing for a terminal.
        logging.getLogger().addHandler(logging.NullHandler())
        self._options = options
        self._steps = steps
        self._secret: Secret | None = options.read_secret() if options.logs_in else None
        settings = options.tls_settings()
        if options.tls != NONE or target.implicit:
            make_context(settings, HandshakeRecord())  # what is wrong is said before connecting
        self.session = Session(
            target,
            timeout=options.timeout,
            local_hostname=options.ehlo or None,
            source_address=options.source_address,
            proxy=options.outgoing_proxy(),
            proxy_header=options.header_for_proxy(),
            tls=settings,
        )
        self.stage = Stage.CONNECT
        self._outlets = Outlets(options)
        self._outlets.attach(self.session.transcript, target.text)

    async def run(self, task: Task) -> int:
        """Connect, begin TLS, log in, carry out `task`, and QUIT. Returns the exit status.

        What fails is one sentence on standard error. Raises OSError where the output was lost.
        """
        session = self.session
        try:
            status = await self._prepared(task)
            try:
                if session.connected and self._steps.drops:
                    session.connection.drop(f"closed after {self._steps.until}, as asked for")
                elif session.connected:
                    await session.quit()
            except (ConnectionLost, ReplyTimedOut):
                pass  # what was asked for is done
        except Exception as error:
            status = status_of(error, self.stage)
            say(sentence_of(error, status, session.transcript))
            if session.connected:
                await session.leave()
        finally:
            await session.close()
            self._outlets.close()
        if self._outlets.broken is not None:
            raise self._outlets.broken
        return status

    async def _prepared(self, task: Task) -> int:
        """Connect, TLS, XCLIENT, login, and the task, as far as the steps go."""
        session, options, steps = self.session, self._options, self._steps
        await session.connect()
        if steps.ends("connect"):
            return DONE
        if not await self._greeted():
            return DONE
        for attributes in steps.xclient:
            await session.run("xclient", attributes)
        if steps.ends("xclient"):
            return DONE
        if self._secret is not None:
            self.stage = Stage.LOGIN
            await session.login(
                options.login, self._secret, mechanism=options.mechanisms,
                authzid=options.authzid, in_clear=options.in_clear,
            )  # fmt: skip
        if steps.ends("login"):
            return DONE
        self.stage = Stage.REST
        return await task(session)

    async def _greeted(self) -> bool:
        """Say EHLO, and begin TLS; returns whether the conversation goes on."""
        session, options, steps = self.session, self._options, self._steps
        if steps.hello == "HELO":
            await session.helo()
            return not (steps.ends("ehlo") or steps.ends("starttls"))
        if steps.ends("ehlo"):
            await session.ehlo_or_helo_if_needed()
            return False
        if options.tls == NONE or session.tls:
            return not steps.ends("starttls")
        self.stage = Stage.TLS
        if steps.ends("starttls"):
            await session.starttls()
            return False
        await session.run("secure", required=options.tls == REQUIRED)
        self.stage = Stage.REST
        return True
